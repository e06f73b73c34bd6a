"""The cells of a sheet one by one, as the readers of the older formats find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.intake.content import Content
from anqing_subsidy.intake.sheet import UNCACHED, column_letter

if TYPE_CHECKING:
    from anqing_subsidy.intake.content import Value

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
