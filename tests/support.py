"""What several test modules share: hand-computed cases, tables from typed rows, workbooks from rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import polars as pl

from anqing_subsidy.money import fen_of_yuan
from anqing_subsidy.policy import Policy, load_policy
from anqing_subsidy.tables import BAD as BAD_MARK
from anqing_subsidy.tables import Part, Tables
from tests.oracle.common import BAD, code_is_good
from tests.oracle.convert import unrolled

if TYPE_CHECKING:
    from anqing_subsidy.policy.columns import Column, Table

CASES: Final = Path(__file__).parent / "cases"
DTYPES: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(("money", "usd", "area", "count", "year", "ratio"), pl.Int64()),
    "date": pl.Date(),
    "yesno": pl.Boolean(),
}
WORKBOOK: Final = "rows.xlsx"

Json = dict[str, Any]
JsonTables = Mapping[str, Sequence[Json]]
"""Tables as the case files write them: amounts as texts in yuan, yes and no, dates as texts, `repeat` rows."""


def edited(text: str, *edits: tuple[str, str]) -> str:
    """A text with each part (that stands in it once) replaced."""
    for before, after in edits:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


# ---- the hand-computed cases ---------------------------------------------------------------------------------------
@cache
def single_cases() -> tuple[Json, ...]:
    """The cases that stand alone, by clause."""
    return tuple(case for path in _case_files() for case in json.loads(path.read_text(encoding="utf-8"))["cases"])


@cache
def case_groups() -> tuple[tuple[Json, ...], ...]:
    """The cases that are one run because they share a tenant or a trainee."""
    files = [json.loads(path.read_text(encoding="utf-8")) for path in _case_files()]
    return tuple(tuple(group) for content in files for group in content.get("together", []))


def _case_files() -> list[Path]:
    return sorted(CASES.glob("*.json"), key=lambda path: (len(path.stem), path.stem))


def case_code(case: Json) -> str:
    """The credit code of a case's applicant."""
    return str(case["tables"]["applicants"][0]["uscc"])


def case_name(*cases: Json) -> str:
    """The name of a test: the numbers of its cases, and the sentence of the first."""
    return f"{'+'.join(case['id'] for case in cases)} {cases[0]['en']}"


def merged(cases: Iterable[Json]) -> dict[str, list[Json]]:
    """The tables of several cases put together."""
    tables: dict[str, list[Json]] = {}
    for case in cases:
        for table, rows in case["tables"].items():
            tables.setdefault(table, []).extend(rows)
    return tables


# ---- typed rows -> Tables ------------------------------------------------------------------------------------------
def frames(policy: Policy, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Tables:
    """Typed rows (`tests.oracle.convert.typed`) as the tables that the engine assesses, with places.

    A value that is BAD is null and marked; a credit code with a wrong check digit keeps its text and is marked.
    """
    made: dict[str, pl.DataFrame] = {}
    parts: list[Part] = []
    for table in policy.tables.values():
        if rows.get(table.id):
            letters = {column: letter(at) for at, column in enumerate(table.columns)}
            made[table.id] = _frame(table, rows[table.id], len(parts))
            parts.append(Part(table.id, WORKBOOK, table.sheet, letters))
    return Tables(made, tuple(parts))


def _frame(table: Table, rows: Sequence[Mapping[str, Any]], part: int) -> pl.DataFrame:
    series: list[pl.Series] = []
    for column in table.columns.values():
        typed = [row.get(column.id) for row in rows]
        bad = [_is_bad(column, value) for value in typed]
        values = [None if value is BAD or value == "" else value for value in typed]
        series.append(pl.Series(column.id, values, dtype=DTYPES.get(column.type, pl.String())))
        if any(bad):
            series.append(pl.Series(column.id + BAD_MARK, bad))
    series.append(pl.Series("_part", [part] * len(rows), dtype=pl.UInt32))
    series.append(pl.Series("_row", range(2, len(rows) + 2), dtype=pl.UInt32))
    return pl.DataFrame(series)


def _is_bad(column: Column, value: object) -> bool:
    wrong_code = column.type == "uscc" and isinstance(value, str) and value != "" and not code_is_good(value)
    return value is BAD or wrong_code


def letter(index: int) -> str:
    """The letter of a column, counted from 0."""
    return (letter(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


# ---- rows -> a workbook as an official would fill it in ------------------------------------------------------------
def write_workbook_of(tables: JsonTables, path: Path, policy: Policy | None = None) -> Path:
    """Write tables into a workbook: Chinese sheet names, headers with units, numbers, dates and words as typed."""
    policy = policy or load_policy()
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for table in policy.tables.values():
        rows = unrolled(list(tables.get(table.id, [])))
        if not rows:
            continue
        used = {name for row in rows for name in row}
        columns = [column for column in table.columns.values() if column.required or column.id in used]
        sheet = book.create_sheet(table.sheet)
        sheet.append([header_of(column) for column in columns])
        for row in rows:
            sheet.append([cell_of(column, row.get(column.id)) for column in columns])
    book.save(path)
    return path


def header_of(column: Column) -> str:
    """The Chinese header, with its unit in brackets where the column has one."""
    return f"{column.header}({column.unit})" if column.unit else column.header


def cell_of(column: Column, value: object) -> str | Decimal | date | None:
    """A value as it stands in a cell."""
    if value is None or value == "":
        return None
    text = str(value)
    if column.type in ("money", "area", "count", "year"):
        return Decimal(text)
    if column.type == "date":
        return date.fromisoformat(text)
    if column.type == "yesno":
        return {"yes": "是", "no": "否"}[text]
    return column.values[text][0] if column.values and text in column.values else text


def fen(yuan: str) -> int:
    """`10000000.00` in fen."""
    return fen_of_yuan(yuan)
