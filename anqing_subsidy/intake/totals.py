"""Rows of totals compared with the sums of the rows that they add up."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.intake.cells import Cells
from anqing_subsidy.intake.headers import read_headers
from anqing_subsidy.intake.merges import FIGURES
from anqing_subsidy.intake.numbers import read_quantities
from anqing_subsidy.intake.units import base_unit
from anqing_subsidy.money import SCALE
from anqing_subsidy.tables import BAD

if TYPE_CHECKING:
    from anqing_subsidy.intake.headers import Field
    from anqing_subsidy.intake.layout import Layout
    from anqing_subsidy.policy.columns import Table


def check_totals(layout: Layout, table: Table, frame: pl.DataFrame) -> list[Finding]:
    """A warning where a total is not the sum of its rows; where one of them cannot be read there is no sum.

    A subtotal adds up the rows since the last total of any kind, a total all rows or those since the last total;
    where the totals stand above their rows, those below.
    """
    if not layout.kinds:
        return []
    fields = [
        field
        for field in read_headers(layout.totals, table)[0]
        if field.readable and field.column.type in FIGURES and field.column.id in frame.columns
    ]
    spans = _spans(layout)
    return [finding for field in fields for finding in _compare(layout, field, frame, spans)]


def _spans(layout: Layout) -> dict[int, list[tuple[int, int]]]:
    """The rows, from and to, of which a row of totals may be the sum."""
    first, last = layout.sheet.header_row, 1 << 30
    rows = sorted(layout.kinds)
    data = layout.sheet.rows
    if len(data) and rows[0] < int(data[0]):
        after = {row: next((other for other in rows if other > row), last) for row in rows}
        return {
            row: [(row, after[row])] if layout.kinds[row] == "subtotal" else [(first, last), (row, after[row])]
            for row in rows
        }
    spans: dict[int, list[tuple[int, int]]] = {}
    since_any = since_total = first
    for row in rows:
        if layout.kinds[row] == "subtotal":
            spans[row] = [(since_any, row)]
        else:
            spans[row] = [(first, row), (since_total, row)]
            since_total = row
        since_any = row
    return spans


def _compare(
    layout: Layout, field: Field, frame: pl.DataFrame, spans: dict[int, list[tuple[int, int]]]
) -> list[Finding]:
    sheet, column = layout.totals, field.column
    letter = sheet.letters[field.index]
    cells = Cells(sheet, column, letter, sheet.columns[field.index])
    given = read_quantities(cells, field.unit or base_unit(column))
    findings = []
    for at, row in enumerate(sheet.rows.to_list()):
        total = given[at]
        if total is None or at in cells.bad:
            continue
        sums = [_sum(layout, frame, column.id, first, last) for first, last in spans[row]]
        if None in sums or total in sums:
            continue
        found = sums[0] or 0
        unit = base_unit(column).text
        shown, added, off = (_shown(value, column.type) for value in (total, found, total - found))
        message = Text(
            f"“{column.header}”合计为 {shown} {unit}，各行之和为 {added} {unit}，相差 {off} {unit}",
            f"{column.header} ({column.en}): the total says {shown}, the rows come to {added}, which differs by {off}",
        )
        fix = Text("核对各行与合计；按各行计算，不用合计", "check both; the rows count, the total is not used")
        findings.append(Finding("warning", "TOTAL_DIFFERS", message, sheet.place(row, letter), shown, fix))
    return findings


def _sum(layout: Layout, frame: pl.DataFrame, column: str, first: int, last: int) -> int | None:
    within = pl.col("_row").is_between(first, last, closed="none")
    rows = frame.filter(within)
    wanted = layout.sheet.rows.is_between(first, last, closed="none").sum()
    if rows.height != wanted or (column + BAD in rows.columns and rows[column + BAD].any()):
        return None
    return int(rows[column].sum())


def _shown(value: int, kind: str) -> str:
    return f"{Decimal(value) / SCALE[kind]:,f}"
