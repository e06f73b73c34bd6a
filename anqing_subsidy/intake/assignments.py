"""`网上年交易额=12000万`: a cell as it would be typed, for trying out what another figure would give."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.finding import Text, UsageError
from anqing_subsidy.intake.convert import typed_cells
from anqing_subsidy.intake.headers import Field, fold_header, names_of, nearest, read_header
from anqing_subsidy.intake.sheet import Sheet
from anqing_subsidy.intake.units import base_unit, unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anqing_subsidy.intake.headers import Header
    from anqing_subsidy.policy.columns import Column, Table
    from anqing_subsidy.policy.model import Policy

_TARGET: Final = re.compile(r"(?:(?P<table>[^.\[\]]+)(?:\[(?P<object>[^\]]+)\])?\.)?(?P<column>.+)")


@dataclass(frozen=True, slots=True)
class Assignment:
    """A cell and its new value in smallest units (None: blank); `object` says which row, where a table has several."""

    table: str
    object: str | None
    column: Column
    value: Any
    typed: str


def parse_assignments(policy: Policy, given: Sequence[str]) -> list[Assignment]:
    """`NAME=VALUE` words as assignments: a column by id or header, `table.column` or `table[object].column`.

    Raises:
        UsageError: a word that is none, a name that no column has, a value that its column cannot hold.
    """
    found: dict[tuple[str, str | None, str], Assignment] = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not equals or not name.strip():
            raise UsageError(Text(f"--what-if {entry}: 应写成 事实=数值", f"--what-if {entry}: write it as FACT=VALUE"))
        made = _assignment(policy, name.strip(), value.strip())
        key = (made.table, made.object, made.column.id)
        if key in found and found[key].value != made.value:
            raise UsageError(
                Text(
                    f"--what-if 给 {name.strip()} 两个不同的值", f"--what-if gives {name.strip()} two different values"
                )
            )
        found[key] = made
    return list(found.values())


def _assignment(policy: Policy, name: str, value: str) -> Assignment:
    table, thing, header = _target(policy, name)
    column = header.column
    unit = unit_of(header.unit, column) if header.unit is not None else base_unit(column)
    if unit is None:
        raise UsageError(
            Text(f"--what-if {name}: 该列没有单位 {header.unit}", f"--what-if {name}: the column has no unit {header.unit}")
        )  # fmt: skip
    sheet = Sheet("", None, (column.header,), ("A",), (pl.Series([value or None], dtype=pl.String),), pl.Series([1]))
    cells, values = typed_cells(sheet, Field(column, 0, unit), policy)
    if cells.bad:
        fault = next((found for found in cells.findings if found.severity == "error"), cells.findings[0])
        raise UsageError(
            Text(f"--what-if {name}={value}：{fault.message.zh}；{fault.fix.zh}", f"--what-if {name}={value}: {fault.message.en}; {fault.fix.en}")
        )  # fmt: skip
    return Assignment(table.id, thing, column, values[0], value)


def _target(policy: Policy, name: str) -> tuple[Table, str | None, Header]:
    """The table, the object and the column that a name means; without a table, that of the applicants first."""
    main = policy.tables[policy.main]
    if (header := read_header(name, names_of(main))) is not None:
        return main, None, header
    match = _TARGET.fullmatch(name)
    if match is not None and match["table"]:
        table = _table(policy, match["table"])
        header = read_header(match["column"], names_of(table))
        if header is None:
            raise _no_column(name, match["column"], table)
        return table, match["object"], header
    others = [(table, header) for table in policy.tables.values() if (header := read_header(name, names_of(table)))]
    if len(others) == 1:
        return others[0][0], None, others[0][1]
    if others:
        listing = ", ".join(f"{table.id}.{header.column.id}" for table, header in others)
        raise UsageError(
            Text(f"--what-if {name} 在几张表中都有，请写明: {listing}", f"--what-if {name} stands in several tables; write {listing}")
        )  # fmt: skip
    raise _no_column(name, name, main)


def _table(policy: Policy, word: str) -> Table:
    from anqing_subsidy.policy.faults import nearest as nearest_word

    folded = fold_header(word)
    for table in policy.tables.values():
        if folded in (fold_header(table.id), fold_header(table.sheet), fold_header(table.en)):
            return table
    hint = nearest_word(word, [*policy.tables, *(table.sheet for table in policy.tables.values())])
    raise UsageError(Text(f"--what-if: 没有表 {word}{hint.zh}", f"--what-if: there is no table {word}{hint.en}"))


def _no_column(name: str, column: str, table: Table) -> UsageError:
    near = nearest(column, table)
    hint = Text(f"，是否为 {near}？", f"; did you mean {near}?") if near else Text("", "")
    return UsageError(
        Text(f"--what-if {name}: {table.sheet}没有这一列{hint.zh}", f"--what-if {name}: {table.en} has no such column{hint.en}")
    )  # fmt: skip
