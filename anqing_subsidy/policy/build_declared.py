"""Rows that stand in for a sheet of details: each value a column of the applicant, or what a cell would say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.money import SCALE, QuantityError, parse_rate
from anqing_subsidy.policy.columns import Column
from anqing_subsidy.policy.faults import HOLE, nearest
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.quantities import day, quantity
from anqing_subsidy.policy.rules import DeclaredRow
from anqing_subsidy.policy.schema import PolicyDoc
from anqing_subsidy.policy.terms import FactType, Ref

_Value = Ref | str | int | bool | date | None
_LIKE: Final[Mapping[FactType, str]] = {
    "money": "5000元",
    "usd": "5000美元",
    "count": "3",
    "area": "100",
    "ratio": "50%",
    "year": "2018",
    "date": "2018-12-31",
    "yesno": "true, false",
}


def build_declared_rows(doc: PolicyDoc, names: Names) -> list[DeclaredRow]:
    """Every stand-in; a value that its column cannot hold is a fault."""
    found = []
    main = doc.applicant.table
    if main not in names.tables:
        return []
    for table, rows in doc.declared_rows.items():
        line = doc.at("declared_rows", table)
        if names.table(table, line) not in names.tables:
            continue
        if not names.below(table, main):
            names.faults.add(
                line,
                f"declared_rows 只用于 {main} 的下级表",
                f"`declared_rows` is for tables below `{main}`",
            )
            continue
        for at, row in enumerate(rows):
            values: dict[str, _Value] = {}
            for name, given in row.items():
                spot = doc.at("declared_rows", table, at, name)
                names.column(table, name, spot)
                column = names.tables[table].columns.get(name)
                if column is not None and given != HOLE:
                    values[name] = _value(column, given, main, names, spot)
            refs = tuple(value for value in values.values() if isinstance(value, Ref))
            found.append(DeclaredRow(table, values, refs))
    return found


def _value(column: Column, given: Any, main: str, names: Names, line: int) -> _Value:  # noqa: ANN401  # a plain value
    """What stands in one cell; None and a fault where the column cannot hold it."""
    kind = column.type
    if kind == HOLE or given is None:
        return None
    if isinstance(given, str) and given in names.tables[main].columns and given not in (column.values or {}):
        return _column_of(column, Ref(main, given), names, line)
    constant = names.constant(given) if isinstance(given, str) else None
    if constant is not None and kind == ("date" if isinstance(constant, date) else "year"):
        return constant
    if column.values is not None:
        return _option(column, str(given), names, line)
    try:
        return _plain(kind, given, column.unit)
    except ValueError as fault:
        like = _LIKE.get(kind, "文字")
        why = Text(f"；{fault.zh}", f"; {fault}") if isinstance(fault, QuantityError) else NOTHING
        names.faults.add(
            line,
            f"列 {column.id}（{kind}）的值 {given!r} 不对: 写申报表的一列，或 {like} 这样的值{why.zh}",
            f"column `{column.id}` ({kind}) cannot hold {given!r}: name a column of the applicant, or write a value as {like}{why.en}",
        )
        return None


def _column_of(column: Column, ref: Ref, names: Names, line: int) -> Ref:
    """A column of the applicant, of the same kind and the same words."""
    textual: tuple[FactType, ...] = ("text", "uscc")
    wanted = textual if column.type in textual else (column.type,)
    found = len(names.faults.found)
    names.expect(ref, wanted, line, column.id)
    words = names.options.get(ref)
    if (
        len(names.faults.found) == found
        and column.values is not None
        and words is not None
        and set(words) - set(column.values)
    ):
        names.faults.add(
            line,
            f"{ref.id} 的取值表与列 {column.id} 的不同: 用同一张取值表",
            f"`{ref.id}` has other words than column `{column.id}`: give both the same list",
        )
    return ref


def _option(column: Column, given: str, names: Names, line: int) -> str | None:
    """The id of a word of a list."""
    values = column.values or {}
    if given in values:
        return given
    option = next((id_ for id_, words in values.items() if given in words), None)
    if option is None and HOLE not in values:
        hint = nearest(given, values)
        names.faults.add(
            line, f"列 {column.id} 没有取值 {given}{hint.zh}", f"column `{column.id}` has no value `{given}`{hint.en}"
        )
    return option


def _plain(kind: FactType, given: Any, unit: str | None) -> _Value:  # noqa: ANN401  # a plain value
    """A value as a sheet would hold it, in smallest units."""
    text = str(given).strip()
    if (kind == "yesno") != isinstance(given, bool):
        raise ValueError(text)
    if isinstance(given, bool):
        return given
    if kind == "date":
        return given if isinstance(given, date) else day(text)
    if kind == "ratio":
        scaled = parse_rate(text) * SCALE["ratio"]
        if scaled.denominator != 1:
            raise ValueError(text)
        return int(scaled)
    if kind in ("text", "uscc", "enum"):
        return text
    if text == "0":
        return 0
    return quantity(text, kind, unit)
