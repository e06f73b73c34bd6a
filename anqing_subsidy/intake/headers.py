"""Header texts to columns of a table: by header, alias or id, with the unit in brackets behind."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Finding, Severity, Text
from anqing_subsidy.intake.units import base_unit, looks_like_unit, unit_of

if TYPE_CHECKING:
    from anqing_subsidy.intake.sheet import Sheet
    from anqing_subsidy.intake.units import Unit
    from anqing_subsidy.policy.columns import Column, Table

QUANTITIES: Final = ("money", "usd", "count", "area", "year", "ratio")
SERIAL: Final = frozenset(("序号", "行号", "no", "no.", "№", "#", "s/n"))
"""Headers of a running number, folded: known, and of no use."""
_BRACKET = re.compile(r"(.+?)[(\[【]([^()\[\]【】]*)[)\]】]")
_MARKS = "*★:"
_TELLING: Final = 4
"""Letters of a header that is told by those of a longer one."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header that was understood: the column, the unit typed in it, and whether it is the column's id."""

    column: Column
    unit: str | None
    by_id: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the table and where its values stand; without a unit none of the values can be read."""

    column: Column
    index: int
    unit: Unit | None
    readable: bool = True


@lru_cache(4096)
def fold_header(text: str) -> str:
    """A header without differences of width, case, spaces, line breaks and required-field marks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(_MARKS)


def names_of(table: Table) -> dict[str, Column]:
    """Every name that a column of the table goes by; a header goes before another column's alias, a label last."""
    names: dict[str, Column] = {}
    for column in table.columns.values():
        for alias in column.aliases:
            names.setdefault(fold_header(alias), column)
    for column in table.columns.values():
        names[fold_header(column.header)] = column
    for column in table.columns.values():
        names.setdefault(fold_header(column.id), column)
    for column in table.columns.values():
        names.setdefault(fold_header(column.en), column)
    return names


def read_header(text: str, names: dict[str, Column]) -> Header | None:
    """What a header means; None where it is not a known one."""
    folded = fold_header(text)
    column = names.get(folded)
    if column is not None:
        return Header(column, None, folded == fold_header(column.id))
    match = _BRACKET.fullmatch(folded)
    if match is None:
        return None
    name, inner = match.group(1).strip(_MARKS), match.group(2)
    inner = inner.removeprefix("单位").lstrip(":")
    column = names.get(name)
    if column is None or not looks_like_unit(inner, names.values()):
        return None
    return Header(column, inner, name == fold_header(column.id))


def read_headers(sheet: Sheet, table: Table) -> tuple[list[Field], list[Finding]]:
    """The table's columns in a sheet; faults of headers are findings at the header's cell."""
    names = names_of(table)
    findings: list[Finding] = []
    fields: list[Field] = []
    seen: dict[str, int] = {}

    def find(index: int, severity: Severity, code: str, message: Text, fix: Text) -> None:
        place = sheet.place(sheet.header_row, sheet.letters[index])
        findings.append(Finding(severity, code, message, place, sheet.headers[index], fix))

    for index, text in enumerate(sheet.headers):
        if not text or fold_header(text) in SERIAL:
            continue
        header = read_header(text, names)
        if header is None:
            near = nearest(text, table)
            find(
                index,
                "warning",
                "UNKNOWN_HEADER",
                Text(f"不认识表头“{text}”，该列未读取", f"unknown header {text!r}: the column is passed over"),
                Text(f"是否应为“{near}”？", f"did you mean {near}?")
                if near
                else Text("不需要的列可以保留", "leave it if not needed"),
            )
            continue
        column = header.column
        if column.id in seen:
            first = sheet.letters[seen[column.id]]
            find(
                index,
                "error",
                "DUP_COLUMN",
                Text(
                    f"“{text}”与 {first} 列是同一项，两列均未采用",
                    f"{text!r} is the same field as column {first}; neither is used",
                ),
                Text("只保留一列", "keep one of the two columns"),
            )
            fields = [
                Field(f.column, f.index, f.unit, readable=False) if f.column.id == column.id else f for f in fields
            ]
            fields.append(Field(column, index, None, readable=False))
            continue
        seen[column.id] = index
        unit, fault = header_unit(header, sheet.unit)
        if fault is not None:
            code, message = fault
            find(index, "error", code, message, _unit_fix(column, named=header.unit is not None))
        fields.append(Field(column, index, unit, readable=fault is None))
    return fields, findings


def _unit_fix(column: Column, *, named: bool) -> Text:
    """What to do about a header's unit: say the one that was meant, or convert what is `named` in another one."""
    if column.type not in QUANTITIES:
        return Text(f"表头写作“{column.header}”", f"write the header as {column.header}")
    own = base_unit(column).text
    header = f"{column.header}({own})"
    if named:
        return Text(f"数值换算为{own}，表头写“{header}”", f"give the figures in {own} and write the header as {header}")
    other = f"{column.header}(万{own})"
    return Text(
        f"按所填数值的单位，表头写“{header}”或“{other}”", f"write {header} or {other}, whichever the figures are in"
    )


def header_unit(header: Header, above: str | None = None) -> tuple[Unit | None, tuple[str, Text] | None]:
    """The unit of a header's figures, or what is wrong with it: code and message.

    `above` is the unit that stands above the table; it is that of the money columns that name none.
    """
    column, typed = header.column, header.unit
    if typed is None:
        if column.type not in QUANTITIES or column.type == "ratio":
            return None, None
        if column.type not in ("money", "usd") or header.by_id:
            return base_unit(column), None
        own = base_unit(column).text
        told = unit_of(above, column) if above else None
        if told is not None:
            return told, None
        return None, (
            "NO_UNIT",
            Text(
                f"金额列“{column.header}”没有写明单位（{own}或万{own}），整列不能采用",
                f"{column.en}: a money column needs its unit",
            ),
        )
    unit = unit_of(typed, column) if column.type in QUANTITIES else None
    if unit is None:
        return None, (
            "WRONG_UNIT",
            Text(f"单位“{typed}”不适用于“{column.header}”，整列不能采用", f"the unit {typed} does not fit {column.en}"),
        )
    return unit, None


def nearest(text: str, table: Table) -> str | None:
    """The header of the table that resembles a text most, if one does."""
    by_name = {fold_header(name): c.header for c in table.columns.values() for name in (c.id, *c.aliases, c.header)}
    bare = re.sub(r"[(\[【].*$", "", fold_header(text))
    close = difflib.get_close_matches(bare, list(by_name), 1, 0.6)
    if close:
        return by_name[close[0]]
    # 是否景区 stands for 是否A级景区经营企业, where no other header has these letters in this order
    longer = {header for name, header in by_name.items() if len(bare) >= _TELLING and _within(bare, name)}
    return longer.pop() if len(longer) == 1 else None


def _within(short: str, long: str) -> bool:
    """Whether the letters of one text stand in another in the same order."""
    letters = iter(long)
    return all(letter in letters for letter in short)
