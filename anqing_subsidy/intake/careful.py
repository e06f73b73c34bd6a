"""The careful lane: every cell of a sheet's XML, one by one, with all that a fast reader hides.

It takes a few times as long as the fast lane and its memory follows the cells that hold something, however many
styled empty ones there are and however far away a stray one stands.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias
from xml.parsers import expat

import polars as pl

from anqing_subsidy.intake.parts import Shown, unescaped
from anqing_subsidy.intake.scan import RepeatedCellError, guess_header
from anqing_subsidy.intake.sheet import UNCACHED, Merge, Sheet, column_index, column_letter

if TYPE_CHECKING:
    from collections.abc import Callable

    from anqing_subsidy.intake.parts import Book

Value: TypeAlias = float | str | bool | datetime
_BLOCK: Final = 1 << 20
_YES: Final = ("1", "true")
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


class EnoughError(Exception):
    """The rows that were wanted have been read."""


class Reader:
    """Takes the events of one pass over a sheet's XML."""

    def __init__(self, book: Book, before: int | None) -> None:
        self.book = book
        self.before = before
        self.found = Content()
        self.inside = self.spoken = self.formula = False
        self.row, self.column, self.kind, self.style = 0, -1, "n", 0
        self.rows: set[int] = set()
        self.columns: set[int] = set()
        self.value: list[str] | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._row, "c": self._cell, "v": self._value, "t": self._text, "f": self._formula, "rPh": self._spoken,
        }  # fmt: skip

    def start(self, name: str, given: dict[str, str]) -> None:
        """A tag opens."""
        local = name.rpartition(" ")[2]
        if self.inside:
            handler = self.starts.get(local)
            if handler is not None:
                handler(given)
        elif local == "sheetData":
            self.inside = True
        elif local == "mergeCell":
            first, _, last = given["ref"].partition(":")
            (top, left), (bottom, right) = split(first), split(last or first)
            self.found.merges.append(Merge(top, left, bottom, right))
        elif local == "col" and given.get("hidden") in _YES:
            self.found.hidden_columns.append((int(given["min"]) - 1, int(given["max"]) - 1))

    def end(self, name: str) -> None:
        """A tag closes."""
        local = name.rpartition(" ")[2]
        if local in ("v", "t"):
            self.parser.CharacterDataHandler = None
        elif local == "rPh":
            self.spoken = False
        elif local == "c" and self.inside:
            self._keep()
        elif local == "sheetData":
            self.inside = False

    def _row(self, given: dict[str, str]) -> None:
        self.row = int(given["r"]) if "r" in given else self.row + 1
        if self.before is not None and self.row >= self.before:
            raise EnoughError
        if self.row in self.rows:
            raise RepeatedCellError("a row is given twice")
        self.rows.add(self.row)
        self.columns = set()
        self.column = -1
        if given.get("hidden") in _YES:
            self.found.hidden_rows.add(self.row)

    def _cell(self, given: dict[str, str]) -> None:
        reference = given.get("r")
        self.column = column_index(reference.rstrip("0123456789")) if reference else self.column + 1
        if self.column in self.columns:
            raise RepeatedCellError("a cell is given twice")
        self.columns.add(self.column)
        self.kind = given.get("t", "n")
        self.style = int(given.get("s", "0"))
        self.value = None
        self.formula = False

    def _value(self, _: dict[str, str]) -> None:
        self.value = []
        self.parser.CharacterDataHandler = self.value.append

    def _text(self, _: dict[str, str]) -> None:
        if not self.spoken:
            self.value = [] if self.value is None else self.value
            self.parser.CharacterDataHandler = self.value.append

    def _formula(self, _: dict[str, str]) -> None:
        self.formula = True

    def _spoken(self, _: dict[str, str]) -> None:
        self.spoken = True

    def _keep(self) -> None:
        text = "".join(self.value) if self.value is not None else ""
        letter = column_letter(self.column)
        if self.kind == "e":
            self.found.faults.setdefault(letter, {})[self.row] = text or "#ERROR"
        elif self.kind == "s" and text:
            shared = self.book.texts[int(text)]
            if shared:
                self._put(shared)
        elif self.kind in ("str", "inlineStr"):
            if text:
                self._put(unescaped(text))
        elif not text.strip():
            if self.formula:
                self.found.faults.setdefault(letter, {})[self.row] = UNCACHED
        elif self.kind == "b":
            truth = text.strip() in _YES
            self.found.booleans.setdefault(letter, {})[self.row] = "TRUE" if truth else "FALSE"
            self._put(truth)
        elif self.kind == "d":
            self._put(datetime.fromisoformat(text.strip()).replace(tzinfo=None))
        else:
            self._put(self._number(float(text), letter))
        self.value = None

    def _number(self, number: float, letter: str) -> Value:
        if self.style:
            shown: Shown = self.book.shown
            if self.style in shown.dates and 0 <= number < 2_958_466:
                return moment(number, date1904=self.book.date1904)
            if self.style in shown.percents:
                self.found.percents.setdefault(letter, set()).add(self.row)
        return number

    def _put(self, value: Value) -> None:
        self.found.cells.setdefault(self.column, {})[self.row] = value
        self.found.last_row = max(self.found.last_row, self.row)


def split(reference: str) -> tuple[int, int]:
    """`B7` -> row 7, column 1."""
    plain = reference.replace("$", "")
    letters = plain.rstrip("0123456789")
    return int(plain[len(letters) :]), column_index(letters)


def moment(number: float, *, date1904: bool) -> datetime:
    """The day and time of a serial number; of 1900 the first sixty days are off by one, as everywhere."""
    serial = number + _FIRST_1904 if date1904 else number + (number < 60)
    return _EPOCH + timedelta(milliseconds=round(serial * 86_400_000))


def read_content(source: BinaryIO, book: Book, before: int | None = None) -> Content:
    """Every cell of a sheet that holds something, or those of the rows before one.

    Raises:
        RepeatedCellError: a cell or a row is given twice.
        expat.ExpatError: it is no XML.
    """
    reader = Reader(book, before)
    try:
        while block := source.read(_BLOCK):
            reader.parser.Parse(block, False)
        reader.parser.Parse(b"", True)
    except EnoughError:
        pass
    return reader.found


def texts_of(content: Content, rows: set[int]) -> dict[int, dict[str, str]]:
    """The cells of some rows as texts, by row and letter."""
    found: dict[int, dict[str, str]] = {}
    for column in sorted(content.cells):
        for row in rows & content.cells[column].keys():
            text = shown_text(content.cells[column][row])
            if text.strip():
                found.setdefault(row, {})[column_letter(column)] = text
    return found


def read_sheet(source: BinaryIO, book: Book, file: str, name: str, *, alone: bool) -> Sheet | None:
    """A sheet with everything that its XML says; None where no cell holds anything."""
    return sheet_of(read_content(source, book), file, name, alone=alone, date1904=book.date1904)


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
