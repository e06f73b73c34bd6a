"""How wide columns, how tall rows and how full pages of a form are: reckoned, for only a program that shows it measures.

A digit is the measure of widths, as spreadsheets have it; a Chinese character takes two.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from anqing_subsidy.report.form_words import width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anqing_subsidy.report.form import Field, FormSheet

LINE: Final = 15.5
PAGE: Final = 1150
"""Pixels of columns that fit on a page at the scale of the tables, also where the fonts of another system are wider."""
_TALLEST: Final = 400
_WIDTHS: Final = {
    "uscc": 22,
    "date": 12.5,
    "money": 18,
    "usd": 18,
    "area": 12,
    "count": 11,
    "year": 8,
    "yesno": 11,
    "ratio": 10,
}
_SPARED: Final = 0.1
_PIECE: Final = re.compile(r"[^\s\u2e80-\uffef]+|\s+|.", re.DOTALL)
"""What stays together at the end of a line: a word, or a Chinese character."""


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a cell that breaks lines between words."""
    return sum(_lines_of_part(part, int(width - 1)) for part in text.split("\n"))


def _lines_of_part(text: str, room: int) -> int:
    count, used = 1, 0.0
    for piece in _PIECE.findall(text):
        wide = _measure(piece)
        if used + wide > room and not piece.isspace():
            # a word that is longer than a line is broken where it must
            count, used = count + (1 if used else 0), 0.0
            while wide > room:
                count, wide = count + 1, wide - room
        used += wide
    return count


def _measure(text: str) -> float:
    """How wide a text is, in digits: most small letters are narrower."""
    return width_of(text) - _SPARED * sum(char.islower() or char == " " for char in text)


def height_of(words: Sequence[str], widths: Sequence[float]) -> float:
    """The height of a row in which these words stand in columns of these widths."""
    lines = max(lines_of(text, width) for text, width in zip(words, widths, strict=True))
    return min(_TALLEST, LINE * lines + 4)


def packed(words: str, width: float, mark: str = "、") -> str:
    """A list with its lines broken behind marks: a program breaks （一）2 in two."""
    lines: list[str] = []
    for word in words.split(mark):
        if lines and width_of(lines[-1] + word + mark * 2) < width:
            lines[-1] += mark + word
        else:
            lines.append(word)
    return f"{mark}\n".join(lines)


def column_width(field: Field) -> float:
    """Wide enough for the example, for the longest option, and for the header on three lines."""
    label, _, unit = field.header.partition("\n")
    least = max(-(-width_of(label) // 3) + 2, width_of(unit) + 1, max(map(len, label.split()), default=0) + 2)
    shown = max((width_of(word) for word in field.options), default=0) + 4 if field.options else 0
    if isinstance(field.example, str):
        shown = max(shown, width_of(field.example) + 2)
    return min(30, max(_WIDTHS.get(field.column.type, 10), least, shown))


def held_columns(sheet: FormSheet) -> int:
    """How many columns stay in sight: the running number and those that say whose row it is."""
    count = 1
    for field in sheet.fields[:2]:
        if not field.column.required:
            break
        count += 1
    return count


def pixels_of(width: float) -> int:
    """The width of a column on a screen."""
    return int(width * 7) + 5


def page_breaks(pixels: Sequence[int], held: int) -> list[int]:
    """The columns before which a page ends: as few pages as can be, about equally full; each shows the held columns."""
    room = PAGE - sum(pixels[:held])
    fewest = len(_ends(pixels, held, room))
    even = range(max(pixels[held:]), room)
    return next(
        (ends for limit in even if len(ends := _ends(pixels, held, limit)) == fewest), _ends(pixels, held, room)
    )


def _ends(pixels: Sequence[int], held: int, room: int) -> list[int]:
    """The columns that no longer fit on a page, each the first of the next one."""
    ends, filled = [], 0
    for at, size in enumerate(pixels[held:], held):
        if filled and filled + size > room:
            ends.append(at)
            filled = 0
        filled += size
    return ends
