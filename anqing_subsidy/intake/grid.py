"""The cells of a sheet one by one, as the readers of the older formats find them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.intake.content import Content, serial, sheet_of
from anqing_subsidy.intake.sheet import UNCACHED, column_index, column_letter
from anqing_subsidy.tables import CellKind, PlainSheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anqing_subsidy.intake.content import Value
    from anqing_subsidy.intake.sheet import Sheet

ERRORS: Final = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
MOST_CELLS: Final = 20_000_000
"""A sheet that repeats one cell more often than this is no table of applicants."""


class Grid(Content):
    """`Content` with words for what the readers find; rows count from 1, columns from 0."""

    def put(self, row: int, column: int, value: Value, *, percent: bool = False) -> None:
        """A cell with a value; a truth is remembered as such, because columns of numbers hide it."""
        letter = column_letter(column)
        self.cells.setdefault(column, {})[row] = value
        self.last_row = max(self.last_row, row)
        if isinstance(value, bool):
            self.booleans.setdefault(letter, {})[row] = "TRUE" if value else "FALSE"
        elif percent:
            self.percents.setdefault(letter, set()).add(row)

    def fault(self, row: int, column: int, shown: str = UNCACHED) -> None:
        """A cell that shows an error, or a formula without a stored value."""
        self.faults.setdefault(column_letter(column), {})[row] = shown


def hidden_sheet(file: str, name: str) -> Finding:
    """A hidden sheet is passed over, with a word."""
    message = Text(f"隐藏的工作表“{name}”未读取", f"the hidden sheet {name!r} is passed over")
    fix = Text("需要读取请取消隐藏", "unhide it to have it read")
    return Finding("warning", "HIDDEN_SHEET", message, Place(file, name), fix=fix)


@dataclass(frozen=True)
class Pages:
    """The visible sheets of a workbook of an older format, with their names (none in a web page), and the hidden ones."""

    visible: Sequence[tuple[str | None, Grid]]
    hidden: Sequence[str] = ()
    date1904: bool = False

    def sheets(self, file: str) -> tuple[list[Sheet], list[Finding]]:
        """The sheets that hold something; hidden ones are findings."""
        alone = len(self.visible) == 1
        read = [sheet_of(grid, file, name, alone=alone, date1904=self.date1904) for name, grid in self.visible]
        return [sheet for sheet in read if sheet is not None], [hidden_sheet(file, name) for name in self.hidden]

    def plain(self) -> list[PlainSheet]:
        """The bare cells of each sheet."""
        return [_plain(name or str(number), grid) for number, (name, grid) in enumerate(self.visible, 1)]


def _plain(name: str, grid: Grid) -> PlainSheet:
    cells: dict[tuple[int, int], tuple[CellKind, str]] = {}
    for column, values in grid.cells.items():
        shares = grid.percents.get(column_letter(column), set())
        for row, value in values.items():
            cells[row, column + 1] = _kind(value, percent=row in shares)
    for letter, rows in grid.faults.items():
        for row, shown in rows.items():
            # a formula without a value has no error of its own
            cells[row, column_index(letter) + 1] = ("error", shown if shown in ERRORS else "#N/A")
    return PlainSheet(name, cells, tuple(map(str, grid.merges)))


def _kind(value: Value, *, percent: bool) -> tuple[CellKind, str]:
    if isinstance(value, bool):
        return "boolean", str(int(value))
    if isinstance(value, datetime):
        return "date", repr(serial(value))
    if isinstance(value, str):
        return "text", value
    return ("percent" if percent else "number"), repr(value)
