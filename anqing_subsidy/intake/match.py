"""Which table a sheet is: by the name of the sheet or file, else by its headers."""

from __future__ import annotations

import unicodedata
from pathlib import PurePath
from typing import TYPE_CHECKING

from anqing_subsidy.finding import Finding, Text, listing
from anqing_subsidy.intake.headers import names_of, nearest, read_header
from anqing_subsidy.intake.heading import is_serial

if TYPE_CHECKING:
    from anqing_subsidy.intake.sheet import Sheet
    from anqing_subsidy.policy.columns import Column, Table
    from anqing_subsidy.policy.model import Policy


def match_sheet(sheet: Sheet, policy: Policy) -> tuple[Table | None, list[Finding]]:
    """The table that a sheet holds, and what is to be said where none or several fit."""
    by_name: Table | None = None
    for name in _names(sheet):
        table = table_by_name(name, policy)
        if table is not None and _known(sheet, table):
            by_name = by_name or table
    fitting = _fitting(sheet, policy)
    if by_name is not None and (not _misses(sheet, by_name) or not fitting):
        return _with_required(sheet, by_name)
    if not fitting:
        return None, [_no_fit(sheet, policy)]
    best = max(fitting.values())
    tables = [table for table, known in fitting.items() if known == best]
    if len(tables) == 1:
        return policy.tables[tables[0]], []
    sheets = listing(policy.tables[table].sheet for table in tables)
    message = Text(
        f"表头同时符合{sheets.zh}，无法确定是哪张表，未读取",
        f"the headers fit several tables ({', '.join(tables)}): the sheet is passed over",
    )
    fix = Text(f"将工作表改名为其中之一：{sheets.zh}", f"name the sheet as one of {sheets.en}")
    return None, [Finding("error", "AMBIGUOUS_SHEET", message, sheet.place(), fix=fix)]


def table_by_name(name: str, policy: Policy) -> Table | None:
    """The table whose sheet name or id a name contains; the longest wins, a tie is none."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    lengths: dict[str, int] = {}
    for table in policy.tables.values():
        for word in (table.sheet, table.id):
            if word.casefold() in folded:
                lengths[table.id] = max(lengths.get(table.id, 0), len(word))
    longest = [table for table, length in lengths.items() if length == max(lengths.values())]
    return policy.tables[longest[0]] if len(longest) == 1 else None


def _names(sheet: Sheet) -> list[str]:
    names = [sheet.name] if sheet.name is not None else []
    return [*names, PurePath(sheet.file).stem] if sheet.alone else names


def _known(sheet: Sheet, table: Table) -> set[str]:
    names = names_of(table)
    return {header.column.id for text in sheet.headers if text and (header := read_header(text, names))}


def _misses(sheet: Sheet, table: Table) -> list[Column]:
    known = _known(sheet, table)
    return [column for column in table.columns.values() if column.required and column.id not in known]


def _fitting(sheet: Sheet, policy: Policy) -> dict[str, int]:
    fitting = {}
    filled = sum(1 for text in sheet.headers if text and not is_serial(text))
    for table in policy.tables.values():
        known = _known(sheet, table)
        if not _misses(sheet, table) and 2 * len(known) > filled:
            fitting[table.id] = len(known)
    return fitting


def _with_required(sheet: Sheet, table: Table) -> tuple[Table | None, list[Finding]]:
    missing = _misses(sheet, table)
    if not missing:
        return table, []
    lost = any(column.id in table.key for column in missing)
    heads = listing(column.header for column in missing)
    rest = Text("，未读取", "; the sheet is passed over") if lost else Text("", "")
    message = Text(
        f"{table.sheet}缺少必需的列：{heads.zh}{rest.zh}",
        f"{table.en}: required columns are missing: {heads.en}{rest.en}",
    )
    near = {text: nearest(text, table) for text in sheet.headers if text and not read_header(text, names_of(table))}
    typed = [text for text, header in near.items() if header in {column.header for column in missing}]
    fix = Text("补上该列", "add the column")
    if typed:
        fix = Text(
            f"表头“{typed[0]}”是否应为“{near[typed[0]]}”？", f"should the header {typed[0]!r} be {near[typed[0]]}?"
        )
    finding = Finding("error", "MISSING_COLUMN", message, sheet.place(sheet.header_row), fix=fix)
    return (None if lost else table), [finding]


def _no_fit(sheet: Sheet, policy: Policy) -> Finding:
    sheets = listing(table.sheet for table in policy.tables.values())
    message = Text("工作表不符合任何已知的表，未读取", "the sheet fits no known table and is passed over")
    fix = Text(
        f"需要读取的工作表请命名为：{sheets.zh}",
        f"a sheet to be read is named {sheets.en}, with a header over each column",
    )
    return Finding("warning", "UNKNOWN_SHEET", message, sheet.place(), fix=fix)
