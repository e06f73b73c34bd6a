"""A sheet as a file gives it: header texts, columns as the reader returned them, and what the reader hid."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from anqing_subsidy.finding import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

UNCACHED = "="
"""Stands in `Sheet.faults` for a formula without a stored value; anything else is the error that the cell shows."""


class Merge(NamedTuple):
    """Cells that are shown as one: rows as a person sees them, columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{column_letter(self.left)}{self.top}:{column_letter(self.right)}{self.bottom}"


@dataclass
class Sheet:
    """One table of cells: `columns[i]` stands under `headers[i]` in the column `letters[i]`. Plain data throughout.

    `rows` holds the row number of each value, as a person sees it, ascending; rows may be left out. `faults` are
    the cells that a fast reader returns as empty although they are not: errors and formulas without a value, by
    letter and row; `booleans` those that it returns as 1 and 0 where the column holds numbers. `numbers` are the
    rows, by letter, in which a column of texts holds a number; `percents` those whose number is shown as a
    percentage. `unit` is the unit that stands above the table for its money columns. `above` are the texts of the
    rows above the header, by row and letter. `amounts_merged` are cells of figures that belong to no single row,
    by letter and row, with the range that is merged.
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
    numbers: Mapping[str, frozenset[int]] = field(default_factory=dict)
    percents: Mapping[str, frozenset[int]] = field(default_factory=dict)
    unit: str | None = None
    above: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[str] = frozenset()
    amounts_merged: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def place(self, row: int | None = None, letter: str | None = None) -> Place:
        """The place of a cell, a row or the whole sheet."""
        return Place(self.file, self.name, row, letter)

    def number_rows(self, letter: str) -> frozenset[int]:
        """The rows in which a column of texts holds a number."""
        return self.numbers.get(letter, frozenset())

    def index(self, row: int) -> int | None:
        """Where the values of a row stand in the columns; None where they do not."""
        at = int(self.rows.search_sorted(row))
        return at if at < len(self.rows) and self.rows[at] == row else None

    def only(self, kept: pl.Series) -> Sheet:
        """The sheet with the marked rows alone."""
        if kept.all():
            return self
        return replace(self, columns=tuple(series.filter(kept) for series in self.columns), rows=self.rows.filter(kept))


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
