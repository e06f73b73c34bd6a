"""A sheet as a file gives it: header texts, columns as the reader returned them, and what the reader hid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anqing_subsidy.finding import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

UNCACHED = "="
"""Stands in `Sheet.faults` for a formula without a stored value; anything else is the error that the cell shows."""


def _no_numbers(letter: str) -> frozenset[int]:  # noqa: ARG001
    return frozenset()


@dataclass
class Sheet:
    """One table of cells: `columns[i]` stands under `headers[i]` in the column `letters[i]`.

    `rows` holds the row number of each value, as a person sees it. `faults` are the cells that a fast
    reader returns as empty although they are not: errors and formulas without a value, by letter and row;
    `booleans` those that it returns as 1 and 0 where the column holds numbers.
    `number_rows(letter)` are the rows in which the cell is a number and not a text; `percents` the rows, by letter,
    whose number is shown as a percentage. `unit` is the unit that stands above the table for its money columns.
    """

    file: str
    name: str | None
    headers: tuple[str, ...]
    letters: tuple[str, ...]
    columns: tuple[pl.Series, ...]
    rows: pl.Series
    header_row: int = 1
    alone: bool = False
    date1904: bool = False
    faults: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    booleans: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    number_rows: Callable[[str], frozenset[int]] = _no_numbers
    percents: Mapping[str, frozenset[int]] = field(default_factory=dict)
    unit: str | None = None

    def place(self, row: int | None = None, letter: str | None = None) -> Place:
        """The place of a cell, a row or the whole sheet."""
        return Place(self.file, self.name, row, letter)


def column_letter(index: int) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A -> 0, AA -> 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
