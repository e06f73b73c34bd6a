"""Merged cells among the data: a word belongs to each row of the merge, a figure to none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.intake.sheet import column_index

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anqing_subsidy.intake.sheet import Merge, Sheet
    from anqing_subsidy.policy.columns import Column

FIGURES: Final = ("money", "usd", "count", "area")


def spread(sheet: Sheet, columns: Mapping[str, Column], own: pl.Series) -> tuple[Sheet, list[Finding]]:
    """The sheet with merged words in each of their rows, and merged figures marked in each of theirs.

    Args:
        sheet: the sheet.
        columns: the columns of the table, by letter.
        own: the rows that hold something themselves; another one stays blank under a merged key.
    """
    merges = [merge for merge in sheet.merges if merge.top > sheet.header_row]
    if not merges:
        return sheet, []
    state = _Spread(sheet, own)
    for merge in merges:
        at = sheet.index(merge.top)
        if at is None:
            continue
        for letter, column in columns.items():
            index = column_index(letter)
            if not merge.left <= index <= merge.right:
                continue
            if column.type in FIGURES:
                state.mark(merge, letter, at)
            elif index == merge.left and merge.bottom > merge.top:
                state.fill(merge, letter, at)
    return state.sheet(), state.findings


class _Spread:
    """Collects what the merges change."""

    def __init__(self, sheet: Sheet, own: pl.Series) -> None:
        self.given = sheet
        self.own = own
        self.at = {letter: index for index, letter in enumerate(sheet.letters)}
        self.columns = list(sheet.columns)
        self.figures: dict[str, dict[int, str]] = {}
        self.faults = {letter: dict(rows) for letter, rows in sheet.faults.items()}
        self.booleans = {letter: dict(rows) for letter, rows in sheet.booleans.items()}
        self.numbers = {letter: set(rows) for letter, rows in sheet.numbers.items()}
        self.findings: list[Finding] = []

    def _rows(self, merge: Merge) -> list[tuple[int, int]]:
        rows = ((row, self.given.index(row)) for row in range(merge.top, merge.bottom + 1))
        return [(row, at) for row, at in rows if at is not None and self.own[at]]

    def _filled(self, letter: str, row: int, at: int) -> bool:
        value = self.columns[self.at[letter]][at]
        blank = value is None or (isinstance(value, str) and not value.strip())
        return not blank or row in self.given.faults.get(letter, {})

    def mark(self, merge: Merge, letter: str, at: int) -> None:
        """A figure in a merge, or a word merged over the cell of a figure."""
        first = self.given.letters[0] if column_index(self.given.letters[0]) > merge.left else None
        left = first or next((name for name in self.given.letters if column_index(name) == merge.left), letter)
        if self._filled(letter, merge.top, at) or self._filled(left, merge.top, at):
            self.figures.setdefault(letter, {}).update({row: str(merge) for row, _ in self._rows(merge)})

    def fill(self, merge: Merge, letter: str, at: int) -> None:
        """A word in each row of its merge; an error cell likewise."""
        rows = [(row, index) for row, index in self._rows(merge) if row != merge.top]
        if not rows or not self._filled(letter, merge.top, at):
            return
        series = self.columns[self.at[letter]]
        if series[at] is not None:
            self.columns[self.at[letter]] = series.clone().scatter([index for _, index in rows], series[at])
        for shown in (self.faults.get(letter, {}), self.booleans.get(letter, {})):
            if merge.top in shown:
                shown.update({row: shown[merge.top] for row, _ in rows})
        if merge.top in self.numbers.get(letter, ()):
            self.numbers[letter].update(row for row, _ in rows)
        message = Text(
            f"合并单元格 {merge} 的值用于其中每一行", f"the value of the merged cells {merge} is that of each row"
        )
        fix = Text("核对；也可取消合并，逐行填写", "check it, or unmerge the cells and fill in each row")
        self.findings.append(Finding("info", "MERGED_CELLS", message, self.given.place(merge.top, letter), fix=fix))

    def sheet(self) -> Sheet:
        """The sheet with all that was collected."""
        return replace(
            self.given,
            columns=tuple(self.columns),
            faults=self.faults,
            booleans=self.booleans,
            numbers={letter: frozenset(rows) for letter, rows in self.numbers.items()},
            amounts_merged=self.figures,
        )
