"""The careful lane: every cell of a sheet's XML, one by one, with all that a fast reader hides.

It takes a few times as long as the fast lane and its memory follows the cells that hold something, however many
styled empty ones there are and however far away a stray one stands.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, Final
from xml.parsers import expat

from anqing_subsidy.intake.content import Content, moment, sheet_of
from anqing_subsidy.intake.parts import Shown, unescaped
from anqing_subsidy.intake.scan import RepeatedCellError
from anqing_subsidy.intake.sheet import UNCACHED, Merge, column_index, column_letter

if TYPE_CHECKING:
    from collections.abc import Callable

    from anqing_subsidy.intake.content import Value
    from anqing_subsidy.intake.parts import Book
    from anqing_subsidy.intake.sheet import Sheet

_BLOCK: Final = 1 << 20
_YES: Final = ("1", "true")


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


def read_sheet(source: BinaryIO, book: Book, file: str, name: str, *, alone: bool) -> Sheet | None:
    """A sheet with everything that its XML says; None where no cell holds anything."""
    return sheet_of(read_content(source, book), file, name, alone=alone, date1904=book.date1904)
