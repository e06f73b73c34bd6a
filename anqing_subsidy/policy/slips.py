"""Slips in the text of a condition: signs, blanks and commas that are not as they are written, words such as `in`."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final, NamedTuple

from anqing_subsidy.finding import Text

WORD: Final = r"[^\W\d][\w.]*"
"""A name, in whatever script: whether it is that of a fact is another question."""

_SIGNS: Final = str.maketrans(
    {"≥": ">=", "≤": "<=", "≠": "!=", "，": ",", "；": ",", "、": ","}
    | {chr(ord(sign) + 0xFEE0): sign for sign in "0123456789><=!%.-+"}
)
_SIGN: Final = re.compile(r"\s*(>\s*=|=\s*>|<\s*=|=\s*<|!\s*=|<\s*>|==?|>|<)\s*")
_MEANT: Final = {"=>": ">=", "=<": "<=", "<>": "!=", "=": "=="}
_BETWEEN: Final = r"\s*[,，、；/|]\s*"
"""What people write between values."""
_IN: Final = re.compile(rf"({WORD}) (not )?in ?[\[(（](.+)[\])）]")
_IS_NOT: Final = re.compile(rf"({WORD}) is not (\w+(?: or \w+)*)")
_IS_LISTED: Final = re.compile(rf"({WORD}) is (\w+(?:{_BETWEEN}\w+)+)")
_EMPTY: Final = re.compile(rf"({WORD}) is (empty|null|none)")
_APART: Final = re.compile(rf"({WORD}) - ({WORD}) (<=|>=|<|>) (\d+) ?(?:days?|天|日)?")
_CONTRARY: Final = {"blank": "given", "empty": "given", "null": "given", "none": "given", "given": "blank"}
_BARE: Final = re.compile(rf"(?:not )?{WORD}")
_READABLE: Final = re.compile(
    rf"not {WORD}|{WORD} is \w+(?: or \w+)*|{WORD} (?:==|!=|>=|<=|>|<) [^\s=<>].*|[^\s,]+ <=? {WORD} <=? [^\s=<>].*"
)


class Slip(NamedTuple):
    """How a condition is written that has slips: in one line or in several, and what was wrong."""

    lines: tuple[str, ...]
    what: Text


def slip_in_words(text: str) -> Slip | None:
    """What `in [a, b]`, `is not a`, `is empty` and `a - b <= 60` were meant to be; None where a text has none of these."""
    lines = _worded(text)
    what = Text("没有 in、is not、is empty 的写法", "there is no `in`, `is not` or `is empty`")
    if _IS_LISTED.fullmatch(text):
        what = Text("几个取值之间写 or", "an `or` between the values")
    if _APART.fullmatch(text):
        what = Text(
            "条件里不算差，相隔若干天写在另一边", "a condition reckons no difference; days apart go to the other side"
        )
    return Slip(lines, what) if lines is not None else None


def slip_in_signs(text: str) -> Slip | None:
    """What a text with slips of signs was meant to be; None where it has none, or means nothing that can be told."""
    lines = tuple(spaced(part) for part in text.translate(_SIGNS).split(","))
    # a word alone is a condition too, but behind `==` it may be the rest of a text
    first = tuple(takewhile(lambda line: "==" not in line and "!=" not in line, lines)) if len(lines) > 1 else ()
    others = (line for at, line in enumerate(lines) if at >= len(first) or not _BARE.fullmatch(line))
    if lines == (text,) or not all(map(_READABLE.fullmatch, others)):
        return None
    if len(lines) > 1:
        return Slip(lines, Text("条件之间用半角逗号，各为一项", "a half-width comma between conditions, each an item"))
    if _bare(lines[0]) != _bare(text):
        return Slip(lines, Text("符号写作 >= <= > < == !=", "the signs are >=, <=, >, <, == and !="))
    return Slip(lines, Text("符号前后各空一格，中间不空", "a space before and after the sign, and none within"))


def spaced(text: str) -> str:
    """A condition with its signs as they are written, a space on both sides."""
    return _SIGN.sub(lambda found: f" {_meant(_bare(found[1]))} ", text).strip()


def _meant(sign: str) -> str:
    return _MEANT.get(sign, sign)


def _bare(text: str) -> str:
    return "".join(text.split())


def _worded(text: str) -> tuple[str, ...] | None:
    """Conditions for `in [a, b]`, `is not a`, `is empty` and the days between two."""
    if match := _APART.fullmatch(text):
        return (f"{match[1]} {match[3]} {match[2]} + {match[4]} days",)
    if match := _EMPTY.fullmatch(text):
        return (f"{match[1]} is blank",)
    if match := _IN.fullmatch(text):
        options = re.split(_BETWEEN, match[3].strip())
        return _none_of(match[1], options) if match[2] else (f"{match[1]} is {' or '.join(options)}",)
    if match := _IS_LISTED.fullmatch(text):
        return (f"{match[1]} is {' or '.join(re.split(_BETWEEN, match[2]))}",)
    if match := _IS_NOT.fullmatch(text):
        given = _CONTRARY.get(match[2])
        return (f"{match[1]} is {given}",) if given else _none_of(match[1], match[2].split(" or "))
    return None


def _none_of(word: str, options: list[str]) -> tuple[str, ...]:
    return tuple(f"{word} != {option}" for option in options)
