"""Rows of a case -> `Tables`, through the conversion that spreadsheets go through: a case means what a sheet would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.intake.convert import convert
from anqing_subsidy.intake.sheet import Sheet, column_letter
from anqing_subsidy.tables import Part, Tables

if TYPE_CHECKING:
    from anqing_subsidy.cases.form import Case, Cell, GivenRow
    from anqing_subsidy.finding import Finding
    from anqing_subsidy.policy.columns import Table
    from anqing_subsidy.policy.model import Policy


@dataclass(frozen=True)
class Given:
    """The tables of a case, and for each of them the line of every row."""

    tables: Tables
    lines: dict[str, tuple[int, ...]]

    def line_of(self, found: Finding) -> int | None:
        """The line of the row that a finding is about."""
        place = found.place
        rows = self.lines.get(place.sheet or "", ()) if place is not None else ()
        return rows[place.row - 1] if place is not None and place.row and place.row <= len(rows) else None


def given(case: Case, policy: Policy) -> Given:
    """The rows of a case as the engine reads them; cells that cannot be read are findings, as in a sheet."""
    frames: dict[str, pl.DataFrame] = {}
    parts: list[Part] = []
    findings: list[Finding] = []
    for table in policy.tables.values():
        if table.id not in case.rows:
            continue
        frame, part, found = convert(_sheet(case.file, table, case.rows[table.id]), table, policy, len(parts))
        frames[table.id] = frame
        parts.append(part)
        findings += found
    lines = {table: tuple(row.line for row in rows) for table, rows in case.rows.items()}
    return Given(Tables(frames, tuple(parts), (), tuple(findings)), lines)


def _sheet(file: str, table: Table, rows: Sequence[GivenRow]) -> Sheet:
    """The rows as a sheet whose headers are column ids; its name is the table's, its rows count from 1."""
    used = [name for name in table.columns if any(name in row.cells for row in rows)]
    columns = [pl.Series(name, [_text(row.cells.get(name)) for row in rows], dtype=pl.String) for name in used]
    letters = tuple(column_letter(at) for at in range(len(used)))
    numbers = pl.Series(range(1, len(rows) + 1), dtype=pl.UInt32)
    return Sheet(file, table.id, tuple(used), letters, tuple(columns), numbers, header_row=0)


def _text(cell: Cell) -> str | None:
    """A cell as a person would have typed it."""
    return str(cell).lower() if isinstance(cell, bool) else None if cell is None else str(cell)
