"""A sheet to a typed frame of its table: every column of the policy, `{id}!bad` where a cell is bad, places."""

from __future__ import annotations

import unicodedata
from pathlib import PurePath
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.finding import Finding, Place, Text, listing
from anqing_subsidy.intake.cells import BLANKS, Cells, spoil_all, spoil_booleans, spoil_hidden, spoil_merged
from anqing_subsidy.intake.codes import read_codes
from anqing_subsidy.intake.dates import read_dates
from anqing_subsidy.intake.headers import QUANTITIES, Field, read_headers
from anqing_subsidy.intake.normal import remarks
from anqing_subsidy.intake.numbers import read_quantities
from anqing_subsidy.intake.ratios import read_ratios
from anqing_subsidy.intake.units import base_unit
from anqing_subsidy.intake.words import read_enum, read_open_list, read_text, read_yesno
from anqing_subsidy.money import plain
from anqing_subsidy.tables import BAD, Part

if TYPE_CHECKING:
    from anqing_subsidy.intake.sheet import Sheet
    from anqing_subsidy.policy.columns import Column, Table
    from anqing_subsidy.policy.model import Policy


def dtype_of(column: Column) -> pl.DataType:
    """The type of a column's values in a frame."""
    if column.type in QUANTITIES:
        return pl.Int64()
    return {"date": pl.Date(), "yesno": pl.Boolean()}.get(column.type, pl.String())


def convert(sheet: Sheet, table: Table, policy: Policy, part: int) -> tuple[pl.DataFrame, Part, list[Finding]]:
    """The rows of a sheet as a frame of its table, the part that they are, and all that was found in them."""
    fields, findings = read_headers(sheet, table)
    count = len(sheet.rows)
    frame: dict[str, pl.Series] = {}
    marks: dict[str, pl.Series] = {}
    letters: dict[str, str] = {}
    for column in table.columns.values():
        default = named_value(sheet, column)
        own = [found for found in fields if found.column.id == column.id]
        bad: set[int] = set()
        values = None
        for found in own:
            cells, values = typed_cells(sheet, found, policy)
            findings += cells.findings
            findings += remarks(cells)
            bad |= cells.bad
            letters.setdefault(column.id, cells.letter)
        if values is None:
            values = pl.Series([None], dtype=dtype_of(column)).new_from_index(0, count)
        if bad:
            marks[column.id] = _marks(bad, count)
        if default is not None:
            values = values.set(values.is_null() & ~_marks(bad, count), default)
        frame[column.id] = values
    keep = _keep_rows(sheet, table, policy, frame, marks, letters, findings)
    findings += _suspect_units(sheet, table, fields, frame)
    places = {"_part": pl.repeat(part, count, dtype=pl.UInt32, eager=True), "_row": sheet.rows}
    result = pl.DataFrame({**frame, **{name + BAD: marked for name, marked in marks.items()}, **places})
    result = result if keep is None else result.filter(keep)
    return result, Part(table.id, sheet.file, sheet.name, letters), findings


def typed_cells(sheet: Sheet, found: Field, policy: Policy) -> tuple[Cells, pl.Series]:
    """The cells of one column with what was found in them, and their values in smallest units."""
    cells = Cells(sheet, found.column, sheet.letters[found.index], sheet.columns[found.index])
    spoil_hidden(cells)
    spoil_merged(cells)
    if found.column.type not in ("yesno", "text", "enum"):
        spoil_booleans(cells)
    if not found.readable:
        spoil_all(cells)
        return cells, pl.Series(values=[None] * len(cells.series), dtype=dtype_of(found.column))
    spoilt = sorted(cells.bad)
    if spoilt and cells.series.dtype != pl.Null:
        cells.series = cells.series.clone().scatter(spoilt, None)
    return cells, _typed(cells, found, policy)


def _typed(cells: Cells, found: Field, policy: Policy) -> pl.Series:
    column = found.column
    if column.type == "ratio":
        return read_ratios(cells, found.unit)
    if column.type in QUANTITIES:
        return read_quantities(cells, found.unit or base_unit(column))
    if column.type == "date":
        return read_dates(cells)
    if column.type == "yesno":
        return read_yesno(cells, policy.yes, policy.no)
    if column.type == "uscc":
        return read_codes(cells)
    if column.values and column.open_values:
        return read_open_list(cells, column.values)
    if column.values:
        return read_enum(cells, column.values)
    return read_text(cells)


def _marks(bad: set[int], count: int) -> pl.Series:
    marks = pl.repeat(value=False, n=count, dtype=pl.Boolean, eager=True)
    return marks.scatter(sorted(bad), True) if bad else marks


def named_value(sheet: Sheet, column: Column) -> str | None:
    """The value of an open list that the name of the sheet or file carries; the longest word wins."""
    if not (column.open_values and column.values):
        return None
    for name in (sheet.name, PurePath(sheet.file).stem):
        folded = unicodedata.normalize("NFKC", name or "").casefold()
        words = {word: listed[0] for key, listed in column.values.items() for word in (key, *listed) if word in folded}
        if words and len({words[word] for word in words}) == 1:
            return next(iter(words.values()))
    return None


def _keep_rows(
    sheet: Sheet,
    table: Table,
    policy: Policy,
    frame: dict[str, pl.Series],
    marks: dict[str, pl.Series],
    letters: dict[str, str],
    findings: list[Finding],
) -> pl.Series | None:
    """Which rows to keep; wholly blank ones are passed over in silence.

    A row without its key is found. It is kept out only where nobody can say whose or what it is; elsewhere the blank
    counts as unreadable, so that the row leaves open what it may change.
    """
    main, needed = table.id == policy.main, _needed(table, policy)
    count = len(sheet.rows)
    none_bad = _marks(set(), count)
    required = [column for column in table.columns.values() if column.required and column.id in letters]
    blank = {
        c.id: frame[c.id].is_null() & ~marks.get(c.id, none_bad) if frame[c.id].null_count() else none_bad
        for c in required
    }
    keys = [column for column in required if column.id in table.key]
    empty = none_bad
    if any(lack.any() for lack in blank.values()):
        candidates = none_bad
        for lack in blank.values():
            candidates = candidates | lack
        empty = candidates & ~_filled(sheet, letters, marks)
    keep = ~empty
    for column in required:
        lacking = blank[column.id] & ~empty
        is_key = column in keys
        for row in sheet.rows.filter(lacking).to_list():
            place = sheet.place(row, letters[column.id])
            findings.append(_blank_required(table, column, place, is_key=is_key, out=column.id in needed and not main))
        if is_key and (main or column.id not in needed):
            if lacking.any():
                marks[column.id] = marks.get(column.id, none_bad) | lacking
        elif is_key:
            lost = frame[column.id].is_null() if column.type in ("uscc", "text") else lacking
            keep = keep & ~lost
    return None if keep.all() else keep


def _needed(table: Table, policy: Policy) -> set[str]:
    """The columns without which a row is nobody's or nothing: its parent's key, and the object of a line of its own."""
    if table.parent is None:
        return set(table.key)
    needed = {key for key in policy.tables[table.parent].key if key in table.columns}
    if table.object is not None and any(c.table == table.id and c.line_per == "row" for c in policy.clauses.values()):
        needed.add(table.object)
    return needed


def _blank_required(table: Table, column: Column, place: Place, *, is_key: bool, out: bool) -> Finding:
    rest = Text("", "")
    if out:
        rest = Text("，该行未采用", "; the row is kept out")
    elif is_key:
        rest = Text("，所涉金额待补齐后再定", "; what the row may change waits")
    message = Text(f"缺少“{column.header}”{rest.zh}", f"{column.header} ({column.en}) is blank{rest.en}")
    fix = Text(f"填写{column.header}，或删除该行", f"fill in {column.header}, or delete the row")
    code = "MISSING_KEY" if is_key else "MISSING_VALUE"
    return Finding("error", code, Text(f"{table.sheet}：{message.zh}", f"{table.en}: {message.en}"), place, fix=fix)


def _filled(sheet: Sheet, letters: dict[str, str], marks: dict[str, pl.Series]) -> pl.Series:
    """The rows in which at least one cell of a known column holds something; a serial number alone is nothing."""
    filled = _marks(set(), len(sheet.rows))
    known = set(letters.values())
    for series in (series for letter, series in zip(sheet.letters, sheet.columns, strict=True) if letter in known):
        if series.dtype == pl.String:
            words = series.str.strip_chars()
            filled = filled | (words.is_not_null() & (words != "") & ~words.is_in(BLANKS)).fill_null(value=False)
        else:
            filled = filled | series.is_not_null()
    for marked in marks.values():
        filled = filled | marked
    return filled


def _suspect_units(sheet: Sheet, table: Table, fields: list[Field], frame: dict[str, pl.Series]) -> list[Finding]:
    """A warning where all figures are so small that they look like figures in a coarser unit."""
    rule = table.unit_suspect
    if rule is None:
        return []
    found = [
        f for f in fields if f.column.id in rule.columns and f.readable and f.unit is not None and f.unit.times == 1
    ]
    values = [frame[field.column.id].filter(frame[field.column.id] != 0) for field in found]
    largest = [series.max() for series in values]
    if sum(map(len, values)) < rule.at_least or any(isinstance(top, int) and top >= rule.below for top in largest):
        return []
    heads = listing(field.column.header for field in found)
    below = plain(rule.below)
    message = Text(
        f"{heads.zh}的数值全部小于 {below} 元，疑似按万元填写",
        f"all figures of {heads.en} are below {below} yuan: typed in 万元?",
    )
    fix = Text("核对单位；若为万元，请在表头写明“(万元)”", "check the unit; write (万元) in the header if it is")
    place = sheet.place(sheet.header_row, sheet.letters[found[0].index])
    return [Finding("warning", "UNIT_SUSPECT", message, place, fix=fix)]
