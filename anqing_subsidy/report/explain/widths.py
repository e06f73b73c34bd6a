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
    line, used = "", 0
    for token in _tokens(text, width):
        size = width_of(token)
        if used + size > width and line.strip():
            head, tail = _kept(line, token)
            yield head.rstrip()
            line = (tail + token).lstrip()
            used = width_of(line)
        else:
            line += token
            used += size
    if line.strip() or not text:
        yield line.rstrip()


def _kept(line: str, token: str) -> tuple[str, str]:
    """What stays on a line that is full, and what goes on to the next one with the token."""
    at = len(line)
    if token[0] in _NOT_FIRST and at > 1:
        at -= 1
    while at > 1 and line[at - 1] in _NOT_LAST:
        at -= 1
    return line[:at], line[at:]


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
