"""Texts by the columns that they take in a terminal: a Chinese character takes two."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKENS: Final = re.compile(r"[!-~]+| +|.", re.DOTALL)
"""A word of Latin letters and digits stays whole; a line may break before or after any other character."""
_NOT_FIRST: Final = frozenset("，。；：！？、）”’》】…,.;:!?)%元")
_NOT_LAST: Final = frozenset("（“‘《【(")


def width_of(text: str) -> int:
    """The columns that a text takes."""
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrapped(text: str, width: int) -> Iterator[str]:
    """A text in lines of so many columns; no line begins with a closing mark or ends with an opening one."""
    line: list[str] = []
    used = 0
    for token in _tokens(text, width):
        size = width_of(token)
        if used + size > width and "".join(line).strip():
            moved = _moved(line, token)
            yield "".join(line).rstrip()
            line = moved
            used = sum(map(width_of, line))
        else:
            line.append(token)
            used += size
    if "".join(line).strip() or not text:
        yield "".join(line).rstrip()


def _moved(line: list[str], token: str) -> list[str]:
    """What goes on from a line that is full to the next one, words whole; it is taken off the line."""
    moved = [token]
    while len(line) > 1 and (moved[0][0] in _NOT_FIRST or not moved[0].strip() or line[-1][-1] in _NOT_LAST):
        moved.insert(0, line.pop())
    while len(moved) > 1 and not moved[0].strip():
        moved.pop(0)
    return moved if moved[0].strip() else []


def _tokens(text: str, width: int) -> Iterator[str]:
    for token in _TOKENS.findall(text):
        while width_of(token) > width > 0:
            yield token[:width]
            token = token[width:]  # noqa: PLW2901  # a word longer than a line is cut
        if token:
            yield token


def padded(text: str, width: int) -> str:
    """A text filled up with spaces to so many columns."""
    return text + " " * max(width - width_of(text), 0)
