"""Where the header of a sheet stands: found by the names of the policy's columns, over one to three rows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Finding, Text, listing
from anqing_subsidy.intake.headers import SERIAL, fold_header, names_of, read_header
from anqing_subsidy.intake.scan import TOP
from anqing_subsidy.intake.sheet import column_letter
from anqing_subsidy.intake.units import looks_like_unit, parse_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from anqing_subsidy.intake.sheet import Sheet
    from anqing_subsidy.policy.model import Policy

Rows = dict[int, dict[str, str]]
DEPTH: Final = 3
_LONGEST: Final = 80
_UNIT = re.compile(r"(?<!填表)(?<!填报)(?<!申报)单位:([^:()\[\]]*?)(?=[)\]]|\s{2,}|$|[^\s:]*:)")
_UNIT_ENDS = re.compile(r"(?<!填表)(?<!填报)(?<!申报)单位:$")


class Names:
    """What the columns of all tables are called; every text is looked up once."""

    def __init__(self, policy: Policy) -> None:
        self.tables = {table.id: names_of(table) for table in policy.tables.values()}
        self.every = frozenset(name for names in self.tables.values() for name in names)
        self.starts = frozenset(re.split(r"[(\[【]", name, maxsplit=1)[0] for name in self.every)
        self.found: dict[str, dict[str, str]] = {}

    def columns(self, text: str) -> Mapping[str, str]:
        """The column that a header means, by table."""
        if text not in self.found:
            headers = {}
            if len(text) <= _LONGEST and re.split(r"[(\[【]", fold_header(text), maxsplit=1)[0] in self.starts:
                headers = {table: read_header(text, names) for table, names in self.tables.items()}
            self.found[text] = {table: header.column.id for table, header in headers.items() if header is not None}
        return self.found[text]

    def score(self, texts: Iterable[str]) -> int:
        """How many columns of one table the texts name, of the table of which they name most."""
        known: dict[str, set[str]] = {}
        for text in texts:
            for table, column in self.columns(text).items():
                known.setdefault(table, set()).add(column)
        return max(map(len, known.values()), default=0)


@dataclass(frozen=True, slots=True)
class Heading:
    """A header: its rows, and one text for each column."""

    first: int
    last: int
    texts: dict[str, str]
    score: int


def find_header(sheet: Sheet, names: Names) -> tuple[Sheet | None, list[Finding]]:
    """The sheet with its header where the names say that it is, and its data below; None where that is not certain."""
    rows = _top_rows(sheet)
    scores = {row: names.score(texts.values()) for row, texts in rows.items()}
    best = max(_headings(rows, scores, names), key=lambda found: (found.score, found.first - found.last), default=None)
    if best is None or not best.score:
        return sheet, []
    best = _with_units(_whole(best, rows), rows, sheet, names)
    rivals = [row for row in rows if row < best.first and scores[row] >= 2 and 2 * scores[row] >= best.score]
    if rivals or best.last < sheet.header_row:
        return None, [_unclear(sheet, [*rivals, best.last])]
    unit, findings = _unit_above(sheet, {row: texts for row, texts in rows.items() if row < best.first})
    lower = best.last > sheet.header_row
    if best.last > best.first or any(row < best.first for row in rows):
        findings.insert(0, _said(sheet, best))
    kept = sheet.rows > best.last
    headed = sheet.only(kept) if lower else sheet
    return replace(
        headed,
        headers=tuple(best.texts.get(letter, "") for letter in sheet.letters),
        columns=tuple(map(retyped, headed.columns, [headed] * len(sheet.letters), sheet.letters))
        if lower
        else headed.columns,
        header_row=best.last,
        above={row: texts for row, texts in rows.items() if row < best.first},
        unit=unit or sheet.unit,
    ), findings


def _top_rows(sheet: Sheet) -> Rows:
    """The first rows with the texts of their cells; a merged text stands in all of its cells."""
    rows: Rows = {row: dict(texts) for row, texts in sorted(sheet.above.items())}
    rows[sheet.header_row] = {letter: text for letter, text in zip(sheet.letters, sheet.headers, strict=True) if text}
    for letter, series in zip(sheet.letters, sheet.columns, strict=True):
        if series.dtype == pl.String:
            for row, text in zip(sheet.rows.head(TOP), series.head(TOP), strict=True):
                if text is not None and text.strip() and row > sheet.header_row:
                    rows.setdefault(row, {})[letter] = text
    for merge in sheet.merges:
        text = rows.get(merge.top, {}).get(column_letter(merge.left))
        if text is not None:
            letters = [column_letter(index) for index in range(merge.left, min(merge.right, merge.left + 200) + 1)]
            for row in range(merge.top, min(merge.bottom, merge.top + DEPTH) + 1):
                rows.setdefault(row, {}).update(dict.fromkeys(letters, text))
    return dict(sorted(rows.items()))


def _headings(rows: Rows, scores: dict[int, int], names: Names) -> Iterable[Heading]:
    """Every header that could be meant, the shallower and upper ones first."""
    for depth in range(1, DEPTH + 1):
        for last in rows:
            window = range(last - depth + 1, last + 1)
            if not all(row in rows for row in window) or not any(scores[row] for row in window):
                continue
            letters = dict.fromkeys(letter for row in window for letter in rows[row])
            texts = {
                letter: _title([rows[row][letter] for row in window if letter in rows[row]], names)
                for letter in letters
            }
            yield Heading(window[0], last, texts, names.score(texts.values()))


def _whole(best: Heading, rows: Rows) -> Heading:
    """The header with the rows above it that share a merged cell with it."""
    first = best.first
    while any(rows.get(first - 1, {}).get(letter) == text for letter, text in rows[first].items()):
        first -= 1
    return replace(best, first=first)


def _with_units(best: Heading, rows: Rows, sheet: Sheet, names: Names) -> Heading:
    """The header with the row below it, if that holds nothing but units, and names that are merged down into it."""
    below = best.last + 1
    given = rows.get(below, {})
    index = sheet.index(below)
    units = {letter: text for letter, text in given.items() if text != rows[best.last].get(letter)}
    if index is None or not units or not all(looks_like_unit(_bare(text)) for text in units.values()):
        return best
    if any(
        series[index] is not None and letter not in given and str(series[index]).strip()
        for letter, series in zip(sheet.letters, sheet.columns, strict=True)
    ):
        return best
    titles = {
        letter: _title([best.texts[letter], text], names) for letter, text in units.items() if letter in best.texts
    }
    return replace(best, last=below, texts={**best.texts, **titles})


def _bare(text: str) -> str:
    return re.sub(r"^单位[:：]", "", text.strip("()（）[]【】 \n"))


def _title(texts: list[str], names: Names) -> str:
    """One text for the header cells above each other: whichever of their joined forms the names know."""
    parts = list(dict.fromkeys(text.strip() for text in texts))
    lowest = parts[-1]
    if len(parts) == 1:
        return lowest
    bare = _bare(lowest)
    forms = [
        "".join(parts),
        *([f"{''.join(parts[:-1])}({bare})", f"{parts[-2]}({bare})"] if looks_like_unit(bare) else []),
    ]
    forms += [lowest, "".join(parts[-2:])]
    return next((form for form in forms if names.columns(form)), "/".join(parts))


def retyped(series: pl.Series, sheet: Sheet, letter: str) -> pl.Series:
    """A column whose texts are all gone with the rows above, in the type of the values that are left."""
    if series.dtype != pl.String or not len(series):
        return series
    if not series.len() - series.null_count():
        return series.cast(pl.Null) if series.null_count() == len(series) else series
    numbers = sheet.number_rows(letter)
    if not numbers or not sheet.rows.filter(series.is_not_null()).is_in(list(numbers)).all():
        return series
    for typed in (
        series.cast(pl.Float64, strict=False),
        series.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="ms"),
    ):
        if typed.null_count() == series.null_count():
            return typed
    return series


def _unit_above(sheet: Sheet, rows: Rows) -> tuple[str | None, list[Finding]]:
    """The unit of money that is written above the header; two different ones are none."""
    found: dict[Fraction, tuple[str, int, str]] = {}
    for row, texts in rows.items():
        cells = list(texts.items())
        for at, (letter, typed) in enumerate(cells):
            text = unicodedata.normalize("NFKC", typed).strip()
            spoken = [match[1] for match in _UNIT.finditer(text)]
            if _UNIT_ENDS.search(text):
                spoken += [other for _, other in cells[at + 1 :] if other != typed][:1]
            for word in (word for phrase in spoken for word in re.split(r"[,、;/\s]+", phrase)):
                unit = parse_unit(word) if word else None
                if unit is not None and unit.kind == "money":
                    found.setdefault(unit.times, (unit.text, row, letter))
    if not found:
        return None, []
    unit_text, row, letter = next(iter(found.values()))
    if len(found) > 1:
        listed = listing(text for text, _, _ in found.values())
        message = Text(
            f"表头以上写有不同的金额单位（{listed.zh}），均未采用", f"different units above the header: {listed.en}"
        )
        fix = Text("只留一个，或写入各列表头", "keep one of them, or write the unit in each header")
        return None, [Finding("warning", "AMBIGUOUS_UNIT", message, sheet.place(row, letter), listed.zh, fix)]
    message = Text(
        f"表头以上写明单位 {unit_text}，用于表头未写单位的金额列",
        f"the unit {unit_text} above the header holds for the money columns without one of their own",
    )
    fix = Text("核对单位", "check the unit")
    return unit_text, [Finding("info", "UNIT_ABOVE", message, sheet.place(row, letter), unit_text, fix)]


def _said(sheet: Sheet, best: Heading) -> Finding:
    where = f"{best.first}" if best.first == best.last else f"{best.first}-{best.last}"
    message = Text(
        f"第 {where} 行为表头，以上各行不作数据", f"the header is row {where}; what stands above it is no data"
    )
    return Finding("info", "HEADER_ROW", message, sheet.place(best.last), fix=Text("无需处理", "nothing to do"))


def _unclear(sheet: Sheet, rows: list[int]) -> Finding:
    listed = listing(rows)
    message = Text(
        f"第 {listed.zh} 行都像表头，无法确定哪一行是，工作表未读取",
        f"the header is not certain (rows {listed.en}): the sheet is passed over",
    )
    fix = Text(
        "一张工作表只放一个表，各列均写表头", "keep one table on a sheet, with a header over each of its columns"
    )
    return Finding("error", "AMBIGUOUS_HEADER", message, sheet.place(rows[0]), fix=fix)


def is_serial(header: str) -> bool:
    """Whether a column holds nothing but the running number of its rows."""
    return fold_header(header) in SERIAL
