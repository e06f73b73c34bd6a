"""The cells of a sheet one by one, as the readers of the older formats find them, and the sheet that they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

import polars as pl

from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.intake.sheet import UNCACHED, Sheet, column_letter

Value: TypeAlias = float | str | bool | datetime
MOST_CELLS: Final = 20_000_000
"""A sheet that repeats one cell more often than this is no table of applicants."""
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001  # a cell has no time zone
_FIRST_1904: Final = 1462


class Merge(NamedTuple):
    """Cells that are shown as one: rows as a person sees them, columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Grid:
    """The cells of a sheet by column (from 0) and row (from 1); faults, booleans and percents as in `Sheet`."""

    cells: dict[int, dict[int, Value]] = field(default_factory=dict)
    faults: dict[str, dict[int, str]] = field(default_factory=dict)
    booleans: dict[str, dict[int, str]] = field(default_factory=dict)
    percents: dict[str, set[int]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def put(self, row: int, column: int, value: Value, *, percent: bool = False) -> None:
        """A cell with a value; a truth is remembered as such, because columns of numbers hide it."""
        letter = column_letter(column)
        self.cells.setdefault(column, {})[row] = value
        if isinstance(value, bool):
            self.booleans.setdefault(letter, {})[row] = "TRUE" if value else "FALSE"
        elif percent:
            self.percents.setdefault(letter, set()).add(row)

    def fault(self, row: int, column: int, shown: str = UNCACHED) -> None:
        """A cell that shows an error, or a formula without a stored value."""
        self.faults.setdefault(column_letter(column), {})[row] = shown


def sheet_of(grid: Grid, file: str, name: str | None, *, alone: bool, date1904: bool = False) -> Sheet | None:
    """The sheet of some cells; None where none of them holds anything."""
    if not grid.cells:
        return None
    filled = {row for cells in grid.cells.values() for row in cells}
    header_row = min(filled)
    last = max(filled | {row for cells in grid.faults.values() for row in cells})
    rows = range(header_row + 1, last + 1)
    letters = [column_letter(column) for column in range(max(grid.cells) + 1)]
    columns = [_series([grid.cells.get(at, {}).get(row) for row in rows]) for at in range(len(letters))]
    return Sheet(
        file=file,
        name=name,
        headers=tuple(_header(grid.cells.get(at, {}).get(header_row)) for at in range(len(letters))),
        letters=tuple(letters),
        columns=tuple(columns),
        rows=pl.Series(rows, dtype=pl.UInt32),
        header_row=header_row,
        alone=alone,
        date1904=date1904,
        faults=grid.faults,
        booleans=grid.booleans,
        percents={letter: frozenset(found) for letter, found in grid.percents.items()},
    )


def hidden_sheet(file: str, name: str) -> Finding:
    """A hidden sheet is passed over, with a word."""
    message = Text(f"隐藏的工作表“{name}”未读取", f"the hidden sheet {name!r} is passed over")
    fix = Text("需要读取请取消隐藏", "unhide it to have it read")
    return Finding("warning", "HIDDEN_SHEET", message, Place(file, name), fix=fix)


def moment(number: float, *, date1904: bool) -> datetime:
    """The day and time of a serial number; of 1900 the first sixty days are off by one, as everywhere."""
    serial = number + _FIRST_1904 if date1904 else number + (number < 60)
    return _EPOCH + timedelta(milliseconds=round(serial * 86_400_000))


def _header(value: Value | None) -> str:
    return "" if value is None else shown_text(value)


def _series(values: list[Value | None]) -> pl.Series:
    """A column of the type that all of its cells have, else of texts; what is true counts as 1 among numbers."""
    kinds = {type(value) for value in values} - {type(None)}
    if not kinds:
        return pl.Series(values=values, dtype=pl.Null)
    if kinds == {bool}:
        return pl.Series(values=values, dtype=pl.Boolean)
    if kinds == {datetime}:
        return pl.Series(values=values, dtype=pl.Datetime("ms"))
    if kinds <= {float, bool}:
        numbers = [None if value is None else float(value) for value in values]  # type: ignore[arg-type]  # no texts
        return pl.Series(values=numbers, dtype=pl.Float64)
    return pl.Series(values=[None if value is None else shown_text(value) for value in values], dtype=pl.String)


def shown_text(value: Value) -> str:
    """A value among texts."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
