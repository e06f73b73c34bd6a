"""The rows of a sheet that are data, told from totals, remarks and blank ones; what is left out is said.

Only rows that lack a key are looked at one by one: a row with its key filled in is data, whatever else it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Finding, Text, listing
from anqing_subsidy.intake.headers import names_of, read_header
from anqing_subsidy.intake.heading import is_serial
from anqing_subsidy.intake.lines import NOTE, SUBTOTAL, TOTAL, Kind, header_kind, is_column_numbers, is_note, total_kind
from anqing_subsidy.intake.merges import spread

if TYPE_CHECKING:
    from anqing_subsidy.intake.heading import Names
    from anqing_subsidy.intake.sheet import Sheet
    from anqing_subsidy.policy.columns import Column, Table

EXAMPLE: Final = ("示例", "例", "示例行", "example", "例:", "(示例)", "样例")
_LONGEST_MARK: Final = max(map(len, EXAMPLE))
_CODE: Final = r"^\s*[0-9A-Za-z０-９Ａ-Ｚａ-ｚ](?:[\s_-]*[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]){7,}\s*$"
_SAID: Final[dict[str, tuple[str, Text]]] = {
    "total": ("TOTAL_ROWS", Text("合计或小计行不作数据", "rows of totals are no data")),
    "note": ("NOTE_ROWS", Text("备注、说明或签章行不作数据", "remarks and signatures are no data")),
    "heading": ("HEADING_ROWS", Text("分组标题行不作数据", "headings of groups are no data")),
    "repeated": ("REPEATED_HEADER", Text("重复的表头不作数据", "the header once more is no data")),
    "numbers": ("COLUMN_NUMBERS", Text("栏次行不作数据", "the numbers of the columns are no data")),
    "blank": ("BLANK_ROWS", Text("空白行已跳过", "blank rows are passed over")),
}
_NOTHING_TO_DO = Text("无需处理", "nothing to do")


@dataclass
class Layout:
    """The data of a sheet, the rows of totals (row -> whether it is a subtotal) and all that was found."""

    sheet: Sheet
    totals: Sheet
    kinds: Mapping[int, Kind] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def lay_out(sheet: Sheet, table: Table, names: Names) -> Layout:
    """Tell the rows of data from the others."""
    columns = columns_of(sheet, table)
    own = _own(sheet)
    spreaded, findings = spread(sheet, columns, own)
    example = _examples(spreaded) & own
    keyed = _keyed(spreaded, table, columns, names) & own & ~example
    kinds = _kinds(spreaded, keyed, own, example, columns, names)
    end = min((row for row, kind in kinds.items() if kind == "other_header"), default=None)
    if end is not None:
        findings.append(_other_header(sheet, end))
    left_out = sheet.rows.is_in([row for row in kinds if end is None or row < end]) | example | ~own
    left_out = left_out | (sheet.rows >= end) if end is not None else left_out
    data = spreaded.only(~left_out)
    totals = {row: kind for row, kind in kinds.items() if kind in ("total", "subtotal") and (end is None or row < end)}
    findings += _said(data, {row: kind for row, kind in kinds.items() if end is None or row < end}, sheet, own)
    findings += _hidden(data, columns)
    findings += _headless(spreaded.only(~sheet.rows.is_in([row for row, kind in kinds.items() if kind != "blank"])))
    return Layout(data, spreaded.only(sheet.rows.is_in(list(totals))), totals, findings)


def columns_of(sheet: Sheet, table: Table) -> dict[str, Column]:
    """The columns of a table in a sheet, by letter."""
    names = names_of(table)
    read = {letter: read_header(text, names) for letter, text in zip(sheet.letters, sheet.headers, strict=True) if text}
    return {letter: header.column for letter, header in read.items() if header is not None}


def _filled(series: pl.Series) -> pl.Series:
    if series.dtype == pl.String:
        return (series.str.strip_chars() != "").fill_null(value=False)
    return series.is_not_null()


def _none(sheet: Sheet) -> pl.Series:
    return pl.repeat(value=False, n=len(sheet.rows), dtype=pl.Boolean, eager=True)


def _own(sheet: Sheet) -> pl.Series:
    """The rows that hold anything besides a running number."""
    own = _none(sheet)
    for header, letter, series in zip(sheet.headers, sheet.letters, sheet.columns, strict=True):
        faults = sheet.faults.get(letter)
        if is_serial(header):
            words = _filled(series) if series.dtype == pl.String else own
            own = own | (words & ~_runs(series)) if words is not own else own
            continue
        if not own.all():
            own = own | _filled(series)
            own = own | sheet.rows.is_in(list(faults)) if faults else own
    return own


def _runs(series: pl.Series) -> pl.Series:
    return series.str.contains(r"^\s*[0-9]+(?:\.0+)?\s*$").fill_null(value=False)


def _examples(sheet: Sheet) -> pl.Series:
    """The rows whose running number or first cell says that they are an example."""
    found = _none(sheet)
    for index, header in enumerate(sheet.headers):
        series = sheet.columns[index]
        if series.dtype == pl.String and (index == 0 or is_serial(header)):
            words = series.str.strip_chars()
            words = words.set((words.str.len_chars() > _LONGEST_MARK).fill_null(value=False), None)
            if words.null_count() < len(words):
                words = words.str.normalize("NFKC").str.to_lowercase()
                found = found | words.is_in(EXAMPLE).fill_null(value=False)
    return found


def _keyed(sheet: Sheet, table: Table, columns: Mapping[str, Column], names: Names) -> pl.Series:
    """The rows whose key is filled in with what may be one."""
    keys = [(letter, column) for letter, column in columns.items() if column.id in table.key and column.required]
    keyed = _none(sheet) if not keys else ~_none(sheet)
    for letter, column in keys:
        series = sheet.columns[sheet.letters.index(letter)]
        good = _filled(series)
        if series.dtype == pl.String:
            if column.type == "uscc":
                good = series.str.contains(_CODE).fill_null(value=False)
            else:
                words = series.str.strip_chars()
                marked = words.str.contains(f"^(?:{SUBTOTAL.pattern}|{TOTAL.pattern}|{NOTE.pattern})$")
                good = good & ~(marked | words.is_in(list(names.every))).fill_null(value=False)
        faults = sheet.faults.get(letter)
        keyed = keyed & (good | sheet.rows.is_in(list(faults)) if faults else good)
    return keyed


def _kinds(
    sheet: Sheet, keyed: pl.Series, own: pl.Series, example: pl.Series, columns: Mapping[str, Column], names: Names
) -> dict[int, Kind]:
    """What the rows without a key are; those that are data after all are not named."""
    loose = ~keyed & own & ~example
    if not loose.any():
        return {}
    rows = sheet.rows.filter(loose).to_list()
    cells = [series.filter(loose).to_list() for series in sheet.columns]
    last = sheet.rows.filter(keyed).max()
    headers = dict(zip(sheet.letters, sheet.headers, strict=True))
    wide = {merge.top for merge in sheet.merges if merge.right - merge.left + 1 >= max(3, len(columns) // 2)}
    kinds: dict[int, Kind] = {}
    after_note = False
    for at, row in enumerate(rows):
        given = {letter: column[at] for letter, column in zip(sheet.letters, cells, strict=True)}
        filled = {letter: value for letter, value in given.items() if value is not None and str(value).strip()}
        texts = {letter: value for letter, value in filled.items() if isinstance(value, str)}
        below = not isinstance(last, int) or row > last
        kind = total_kind(list(texts.values())) or header_kind(texts, headers, names)
        if (
            kind is None
            and row == sheet.header_row + 1
            and is_column_numbers([str(value) for value in filled.values()])
        ):
            kind = "numbers"
        if kind is None and below and is_note(list(map(str, filled.values())), after_note=after_note):
            kind, after_note = "note", True
        if kind is None and len(filled) == len(texts) == 1 and row in wide:
            kind = "note" if below else "heading"
        if kind is None and not filled.keys() & columns.keys() and not _is_faulty(sheet, columns, row):
            kind = "blank"
        if kind is not None:
            kinds[row] = kind
    return kinds


def _is_faulty(sheet: Sheet, letters: Iterable[str], row: int) -> bool:
    return any(row in sheet.faults.get(letter, ()) for letter in letters)


def ranges(rows: Iterable[int]) -> Text:
    """`2-5、9`: rows as ranges."""
    parts: list[list[int]] = []
    for row in sorted(rows):
        if parts and row == parts[-1][1] + 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    shown = listing(f"{first}-{last}" if last > first else first for first, last in parts[:20])
    return shown if len(parts) <= 20 else Text(f"{shown.zh} …", f"{shown.en} …")


def _said(data: Sheet, kinds: Mapping[int, Kind], sheet: Sheet, own: pl.Series) -> list[Finding]:
    """One remark for each kind of rows that was left out, with the rows."""
    by_kind: dict[str, list[int]] = {}
    for row, kind in kinds.items():
        if kind != "blank":
            by_kind.setdefault("total" if kind == "subtotal" else kind, []).append(row)
    last = data.rows.max()
    if isinstance(last, int):
        blank = [row for row, kind in kinds.items() if kind == "blank" and row < last]
        blank += sheet.rows.filter(~own & (sheet.rows < last)).to_list()
        if sheet.name is not None and last - sheet.header_row > len(sheet.rows.filter(sheet.rows <= last)):
            blank += sorted(set(range(sheet.header_row + 1, last)) - set(sheet.rows.to_list()))
        if blank:
            by_kind["blank"] = blank
    findings = []
    for name, rows in by_kind.items():
        if name not in _SAID:
            continue
        code, said = _SAID[name]
        listed = ranges(rows)
        message = Text(f"{said.zh}：{len(rows)} 行（第 {listed.zh} 行）", f"{said.en}: {len(rows)} (rows {listed.en})")
        findings.append(Finding("info", code, message, sheet.place(min(rows)), fix=_NOTHING_TO_DO))
    return findings


def _hidden(data: Sheet, columns: Mapping[str, Column]) -> list[Finding]:
    findings = []
    fix = Text("核对；不应读取的请删除", "check them; delete what is not to be read")
    rows = data.rows.filter(data.rows.is_in(list(data.hidden_rows))).to_list() if data.hidden_rows else []
    if rows:
        listed = ranges(rows)
        message = Text(
            f"隐藏或筛选掉的 {len(rows)} 行也已读取：第 {listed.zh} 行",
            f"{len(rows)} hidden or filtered rows are read too: {listed.en}",
        )
        findings.append(Finding("warning", "HIDDEN_ROWS", message, data.place(rows[0]), fix=fix))
    letters = [letter for letter in data.letters if letter in data.hidden_columns and letter in columns]
    if letters:
        listed = listing(letters)
        message = Text(f"隐藏的列也已读取：{listed.zh}", f"hidden columns are read too: {listed.en}")
        place = data.place(data.header_row, letters[0])
        findings.append(Finding("warning", "HIDDEN_COLUMNS", message, place, fix=fix))
    return findings


def _headless(data: Sheet) -> list[Finding]:
    """Columns that hold something under no header."""
    findings = []
    for header, letter, series in zip(data.headers, data.letters, data.columns, strict=True):
        if header.strip() or not (filled := _filled(series)).any():
            continue
        row = int(data.rows.filter(filled)[0])
        message = Text(f"{letter} 列没有表头，未读取", f"column {letter} has no header and is passed over")
        fix = Text("补上表头，或删除该列内容", "write its header, or clear the column")
        findings.append(Finding("warning", "NO_HEADER", message, data.place(row, letter), fix=fix))
    return findings


def _other_header(sheet: Sheet, row: int) -> Finding:
    message = Text(
        f"第 {row} 行像是另一张表的表头，从这一行起未读取",
        f"row {row} looks like the header of another table: it and the rows below are passed over",
    )
    fix = Text("一张工作表只放一个表", "keep one table on a sheet")
    return Finding("error", "AMBIGUOUS_HEADER", message, sheet.place(row), fix=fix)
