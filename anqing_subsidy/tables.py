"""Tables: the typed columns that intake reads and the engine assesses, each value with its place.

A frame of a table holds, besides one column per policy column (absent ones are all null):

    money, area, count, year   Int64, smallest units (fen, cm², pieces)
    ratio                      Int64, in units of 1 / `SCALE["ratio"]`
    date                       Date
    yesno                      Boolean
    enum, text, uscc           String (enumerations by id)
    `{id}!bad`                 Boolean, only where a cell of the column cannot be read (its value is null,
                               or for keys the text as typed)
    `_part`, `_row`            UInt32: index into `parts`, and the row that a person sees
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from anqing_subsidy.finding import Finding, Place, Text

if TYPE_CHECKING:
    import polars as pl

BAD = "!bad"
FINDINGS_NAME = "subsidy_check_findings"
"""The defined name by which the sheet of findings in an annotated workbook is known, whatever it is called."""

RESULT_MARK = "subsidy-result"
"""The category in the properties of a result workbook, by which it is told from an application."""

SERIAL: Final = Text("序号", "No.")
EXAMPLE: Final = Text("示例", "example")
GUIDE: Final = Text("填表说明", "instructions")
OPTIONS: Final = Text("选项", "options")
"""What an application form adds to its tables: a running number, the mark of an example row, two sheets of words."""


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet (or file) that gave rows to a table, and the letter of each column in it.

    `run` is the run of a ledger from which the rows come; `sheet` names it then, and rows are numbers of entries.
    """

    table: str
    file: str
    sheet: str | None
    letters: Mapping[str, str]
    run: int | None = None


CellKind = Literal["text", "number", "percent", "date", "boolean", "error"]


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """The bare cells of a sheet, for a copy in another format.

    `cells` by row and column, from 1: the kind, and the value as a workbook in XML writes it. `merges` as A1:B2.
    """

    name: str
    cells: Mapping[tuple[int, int], tuple[CellKind, str]]
    merges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read, and the SHA-256 of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LedgerSeen:
    """The ledger that was read: its file, its last run and entry, and the head of its chain of hashes.

    `sequences`: the number of the last entry of the policy year by code, clause and object ("" without one).
    """

    file: str
    run: int
    entries: int
    head: str
    sequences: Mapping[tuple[str, str, str], int]


@dataclass(frozen=True)
class Tables:
    """Everything that was read: a frame per table, where its rows came from, what was found."""

    frames: Mapping[str, pl.DataFrame]
    parts: tuple[Part, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    ledger: LedgerSeen | None = None

    def from_ledger(self, parts: pl.Series) -> pl.Series:
        """Which rows come from a ledger, by their parts."""
        runs = [at for at, part in enumerate(self.parts) if part.run is not None]
        return parts.is_in(runs)

    def place(self, part: int, row: int, column: str | None = None) -> Place:
        """The place of a row's cell, as a person would look it up."""
        source = self.parts[part]
        letter = source.letters.get(column) if column else None
        return Place(source.file, source.sheet, row, letter, numbered=source.run is not None)
