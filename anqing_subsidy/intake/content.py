"""The cells of a sheet one by one, whatever format they come from, and the sheet of columns that they make."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, TypeAlias

import polars as pl

from anqing_subsidy.intake.scan import guess_header
from anqing_subsidy.intake.sheet import Merge, Sheet, column_index, column_letter

Value: TypeAlias = float | str | bool | datetime
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001  # a cell has no time zone
_FIRST_1904: Final = 1462


@dataclass
class Content:
    """The cells of a sheet by column and row; a fault, `booleans` and `percents` as in `Sheet`."""

    cells: dict[int, dict[int, Value]] = field(default_factory=dict)
    faults: dict[str, dict[int, str]] = field(default_factory=dict)
    booleans: dict[str, dict[int, str]] = field(default_factory=dict)
    percents: dict[str, set[int]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    last_row: int = 0


def moment(number: float, *, date1904: bool) -> datetime:
    """The day and time of a serial number; of 1900 the first sixty days are off by one, as everywhere."""
    serial = number + _FIRST_1904 if date1904 else number + (number < 60)
    return _EPOCH + timedelta(milliseconds=round(serial * 86_400_000))


def serial(when: datetime) -> float:
    """The serial number of a day and time, as workbooks count since 1900."""
    return (when - _EPOCH) / timedelta(days=1)


def texts_of(content: Content, rows: set[int]) -> dict[int, dict[str, str]]:
    """The cells of some rows as texts, by row and letter."""
    found: dict[int, dict[str, str]] = {}
    for column in sorted(content.cells):
        for row in rows & content.cells[column].keys():
            text = shown_text(content.cells[column][row])
            if text.strip():
                found.setdefault(row, {})[column_letter(column)] = text
    return found


def sheet_of(content: Content, file: str, name: str | None, *, alone: bool, date1904: bool) -> Sheet | None:
    """The sheet of some cells, whatever format they come from; None where none of them holds anything."""
    if not content.cells:
        return None
    filled = sorted({row for cells in content.cells.values() for row in cells})
    filled = sorted({*filled, *(row for cells in content.faults.values() for row in cells)})
    header_row = guess_header(_text_counts(content, filled[:60]), 0) or filled[0]
    rows = [row for row in filled if row > header_row]
    headers, letters, columns = [], [], []
    numbers: dict[str, frozenset[int]] = {}
    every = {*content.cells, *map(column_index, content.faults)}
    for column in sorted(every):
        cells = content.cells.get(column, {})
        letter = column_letter(column)
        header = cells.get(header_row)
        headers.append("" if header is None else shown_text(header))
        letters.append(letter)
        series = _series([cells.get(row) for row in rows])
        columns.append(series)
        if series.dtype == pl.String:
            typed = frozenset(row for row in rows if isinstance(cells.get(row), float | datetime))
            if typed:
                numbers[letter] = typed
    return Sheet(
        file=file,
        name=name,
        headers=tuple(headers),
        letters=tuple(letters),
        columns=tuple(columns),
        rows=pl.Series(rows, dtype=pl.UInt32),
        header_row=header_row,
        alone=alone,
        date1904=date1904,
        faults=content.faults,
        booleans=content.booleans,
        numbers=numbers,
        percents={letter: frozenset(found) for letter, found in content.percents.items()},
        above=texts_of(content, {row for row in filled if row < header_row}),
        merges=tuple(content.merges),
        hidden_rows=frozenset(content.hidden_rows),
        hidden_columns=hidden_letters(content.hidden_columns, tuple(letters)),
    )


def hidden_letters(ranges: list[tuple[int, int]], letters: tuple[str, ...]) -> frozenset[str]:
    """Which of some columns lie in ranges that are hidden."""
    return frozenset(
        letter for letter in letters if any(first <= column_index(letter) <= last for first, last in ranges)
    )


def _text_counts(content: Content, rows: list[int]) -> list[tuple[int, int]]:
    wanted = set(rows)
    counts: Counter[int] = Counter(
        row
        for cells in content.cells.values()
        for row in (wanted & cells.keys() if len(cells) > len(wanted) else wanted.intersection(cells))
        if isinstance(cells[row], str)
    )
    return [(row, counts[row]) for row in rows]


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
        return pl.Series(
            values=[None if value is None else float(value) for value in values],  # type: ignore[arg-type]  # no texts
            dtype=pl.Float64,
        )
    return pl.Series(values=[None if value is None else shown_text(value) for value in values], dtype=pl.String)


def shown_text(value: Value) -> str:
    """A value among texts, written as the fast lane does."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return shown_number(value)


def shown_number(number: float) -> str:
    """A fraction with the 15 digits that a person sees, a whole number with all that the cell holds."""
    if number.is_integer():
        return str(int(number))
    return format(Decimal(f"{number:.15g}"), "f")
