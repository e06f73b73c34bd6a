"""The faults of one policy file: collected with their lines, each said once, and only where nothing else caused it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from anqing_subsidy.finding import NOTHING, PolicyFault, Text

HOLE: Final[str] = "\0"
"""Stands where the file says nothing that can be used.

Its fault is noted already, so that whatever looks at it stays silent. No policy file can hold it (`yamltree` refuses
the character). Among known names it means that there are others: any word may be one of them.
"""


NO_LABELS: Final = MappingProxyType[str, Iterable[str]]({})
_IN_A_LIST: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_.]*|\d[\d.]*[百千万亿]*(?:[%‰]|美?元)?")
_SIGNS: Final = str.maketrans({"≥": ">=", "≤": "<=", "≠": "!=", "“": '"', "”": '"', "：": ": ", "，": ", "})


class Faults:
    """The faults of one policy file, each with its line."""

    def __init__(self) -> None:
        self.found: list[PolicyFault] = []

    def add(self, line: int, zh: str, en: str) -> None:
        """Note one fault; the same one is noted once."""
        fault = PolicyFault(max(line, 1), Text(zh, en))
        if fault not in self.found:
            self.found.append(fault)


def half_width(text: str) -> Text:
    """What to write where a text has full-width signs, to append to a message; nothing where it has none."""
    signs = text.translate(_SIGNS)
    plain = "".join(sign if sign == "㎡" else unicodedata.normalize("NFKC", sign) for sign in signs)
    if plain == text:
        return NOTHING
    return Text(f"，用半角符号写: {plain}", f"; with half-width signs: {plain}")


def parted(text: str) -> list[str]:
    """Names and figures that stand between full-width commas; only the text itself where it holds anything else."""
    parts = [part.strip() for part in re.split("[，、；]", text)]
    return parts if len(parts) > 1 and all(map(_IN_A_LIST.fullmatch, parts)) else [text]


def with_commas(parts: Iterable[str]) -> Text:
    """How a list is written whose parts stand between full-width commas."""
    meant = ", ".join(parts)
    return Text(f"用半角逗号分开: {meant}", f"write half-width commas: {meant}")


def unknown(word: str, known: Iterable[str]) -> bool:
    """Whether a word is certainly none of the known ones."""
    words = set(known)
    return word != HOLE and word not in words and HOLE not in words


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that was probably meant."""
    close = difflib.get_close_matches(word, [name for name in known if name != HOLE], n=1, cutoff=cutoff)
    return close[0] if close else None


def nearest(word: str, known: Iterable[str], labels: Mapping[str, Iterable[str]] = NO_LABELS) -> Text:
    """A suggestion to append to a message: the known word that is nearest, or the known words.

    `labels` are what people call the known words: of a label the word is named that stands for it.
    """
    words = [name for name in dict.fromkeys(known) if name != HOLE]
    meant = [name for name in words if word in labels.get(name, ())]
    if meant:
        return Text(f"，{word} 写作 {' 或 '.join(meant)}", f"; {word} is written `{'` or `'.join(meant)}`")
    close = closest(word, words)
    if close is not None:
        return Text(f"，是否应为 {close}？", f"; did you mean `{close}`?")
    if not words:
        return Text("", "")
    listing = ", ".join(words[:12]) + (" …" if len(words) > 12 else "")
    return Text(f"，可用: {listing}", f"; known: {listing}")
