"""The tables of an applicant with some cells changed: what would be if a figure were another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from anqing_subsidy.engine.focus import owners_of
from anqing_subsidy.finding import Text, UsageError
from anqing_subsidy.tables import BAD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anqing_subsidy.finding import Place
    from anqing_subsidy.policy.columns import Column
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.tables import Tables


@dataclass(frozen=True)
class Cell:
    """A cell of one row: its table, the row of the frame, its column, what it held (None: blank) and is to hold, its place."""

    table: str
    at: int
    column: Column
    before: Any
    after: Any
    was_bad: bool
    place: Place


def cell_of(
    policy: Policy, tables: Tables, rows: pl.Series, table: str, thing: str | None, column: Column, value: Any  # noqa: ANN401  # a cell's value
) -> Cell:  # fmt: skip
    """The cell that an applicant (`rows` of the applicants table) has in a table, in the row of an object.

    Raises:
        UsageError: the applicant has no such row, or several and no object says which.
    """
    rule = policy.tables[table]
    frame = tables.frames.get(table)
    if table == policy.main:
        mine = rows
    elif frame is None:
        mine = pl.Series([], dtype=pl.UInt32)
    else:
        code = owners_of(policy, tables)
        mine = code[table].is_in(code[policy.main][rows].implode()).fill_null(value=False).arg_true()
    if frame is not None and thing is not None:
        key = rule.object or rule.key[-1]
        mine = mine.filter(frame[key][mine] == thing)
    if frame is None or not mine.len():
        which = f" {thing}" if thing is not None else ""
        raise UsageError(
            Text(f"该主体在“{rule.sheet}”中没有这一行{which}", f"the applicant has no row{which} in {rule.en}")
        )
    if mine.len() > 1:
        if table == policy.main:
            said = Text("该代码有多行，请先更正", "the code stands in several rows; correct them first")
        else:
            key = rule.object or rule.key[-1]
            names = ", ".join(str(name) for name in frame[key][mine].head(8))
            said = Text(
                f"该主体在“{rule.sheet}”中有 {mine.len()} 行，写明哪一行：{table}[{key}].{column.id}，可选 {names}",
                f"the applicant has {mine.len()} rows in {rule.en}; say which: {table}[{key}].{column.id}, one of {names}",
            )
        raise UsageError(said)
    at = int(mine[0])
    bad = column.id + BAD in frame.columns and bool(frame[column.id + BAD][at])
    return Cell(
        table,
        at,
        column,
        frame[column.id][at],
        value,
        bad,
        tables.place(int(frame["_part"][at]), int(frame["_row"][at]), column.id),
    )


def supposed(tables: Tables, cells: Iterable[Cell]) -> Tables:
    """The tables with some cells changed; nothing else is."""
    frames = dict(tables.frames)
    for cell in cells:
        frame = frames[cell.table]
        name = cell.column.id
        here = pl.int_range(pl.len()) == cell.at
        changed = [pl.when(here).then(pl.lit(cell.after, dtype=frame.schema[name])).otherwise(pl.col(name)).alias(name)]
        if name + BAD in frame.columns:
            changed.append((pl.col(name + BAD) & ~here).alias(name + BAD))
        frames[cell.table] = frame.with_columns(changed)
    return replace(tables, frames=frames)
