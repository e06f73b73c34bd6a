"""One workbook annotated: old marks cleared, cells filled and commented, the findings as a first sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from anqing_subsidy.finding import Finding, Lang, Place
from anqing_subsidy.report.annotate import comments, sheet
from anqing_subsidy.report.annotate.book import Book, Sheet
from anqing_subsidy.report.annotate.clearing import clear
from anqing_subsidy.report.annotate.listing import HEAD_ROW, Looks, Row, sheet_xml
from anqing_subsidy.report.annotate.package import SPREADSHEET, Package
from anqing_subsidy.report.annotate.sheet import Cell, Layout, reference
from anqing_subsidy.report.annotate.styles import EMPTY, Styles
from anqing_subsidy.report.annotate.xml import Edits
from anqing_subsidy.report.findings import RANK
from anqing_subsidy.report.words import SEVERITY

COMMENTS_A_SHEET: Final = 5_000
ROWS_LISTED: Final = 20_000
_TOLD_A_CELL: Final = 8
_TITLE: Final = {"zh": "检查结果", "en": "Findings"}

Owned = tuple[Finding, str]
"""A finding and the name of the applicant in whose row it stands, or nothing."""


@dataclass
class Marks:
    """What is to be marked in one sheet: for each cell the gravest finding and what is said."""

    severity: dict[Cell, str] = field(default_factory=dict)
    said: dict[Cell, list[str]] = field(default_factory=dict)

    def add(self, cell: Cell, severity: str, text: str) -> None:
        """Mark a cell."""
        if RANK[severity] < RANK[self.severity.get(cell, "info")] or cell not in self.severity:
            self.severity[cell] = severity
        texts = self.said.setdefault(cell, [])
        if text not in texts:
            texts.append(text)


def annotated(data: bytes, file: str, findings: Sequence[Owned], lang: Lang, remark: str = "") -> bytes:
    """A copy of a workbook with the findings of a file in it; `remark` is what the copy says of itself.

    Raises:
        ValueError: the workbook has no list of sheets, or formats that cannot be told apart.
    """
    package = Package(data)
    book = Book(package)
    clear(book)
    sheets = {entry.name: entry for entry in book.sheets()}
    places: list[tuple[str, Cell] | None] = []
    marks: dict[str, Marks] = {}
    layouts: dict[str, Layout] = {}
    wanted: dict[str, set[int]] = {}
    for found, _ in findings:
        for place in (found.place, *found.others):
            name = _sheet_of(place, file, sheets)
            if place is not None and name is not None and place.row is not None:
                wanted.setdefault(name, set()).add(place.row)
    for name, numbers in wanted.items():
        layouts[name] = Layout(package.parts[sheets[name].part], numbers)
    merges = {name: layout.merged() for name, layout in layouts.items()}
    for found, _ in findings:
        target: tuple[str, Cell] | None = None
        text = _words(found, file, lang)
        for place in (found.place, *found.others):
            name = _sheet_of(place, file, sheets)
            if place is None or name is None or place.row is None:
                continue
            column = sheet.column_number(place.column) if place.column else layouts[name].first_cells.get(place.row, 1)
            cell = merges[name].get((place.row, column), (place.row, column))
            marks.setdefault(name, Marks()).add(cell, found.severity, text)
            target = target or (name, cell)
        if target is None and (name := _sheet_of(found.place, file, sheets)) is not None:
            target = (name, (1, 1))
        places.append(target)
    styles = Styles(_styles_of(book))
    looks = Looks(styles)
    title = book.free_name(_TITLE[lang])
    cut = [
        _mark_sheet(book, sheets[name], layouts[name], marked, styles, title, lang) for name, marked in marks.items()
    ]
    data_styles, record = styles.write()
    package.put(book.linked("styles") or "", data_styles)
    rows = [
        _row(number, entry, target, file, lang)
        for number, (entry, target) in enumerate(zip(findings, places, strict=True), 1)
    ][:ROWS_LISTED]
    targets = {at: place for at, place in enumerate(places[:ROWS_LISTED]) if place is not None}
    severities = [found.severity for found, _ in findings[:ROWS_LISTED]]
    notes = _notes(findings, sum(cut), lang)
    notes[1] = (
        "；".join(filter(None, (remark, notes[1]))) if lang == "zh" else "; ".join(filter(None, (remark, notes[1])))
    )
    book.put_first(title, sheet_xml(notes, rows, severities, targets, looks, record, lang))
    return package.bytes()


def _sheet_of(place: Place | None, file: str, sheets: Mapping[str, Sheet]) -> str | None:
    if place is None or place.file != file:
        return None
    if place.sheet is None:
        return next(iter(sheets)) if len(sheets) == 1 and place.row is not None else None
    return place.sheet if place.sheet in sheets else None


def _words(found: Finding, file: str, lang: Lang) -> str:
    fix = found.fix.say(lang)
    mark = comments.MARKS[0 if lang == "zh" else 1]
    return f"{mark}{SEVERITY[found.severity].say(lang)}：{_bare(found.message.say(lang), file)}" + (
        f"\n→ {fix}" if fix else ""
    )


def _row(number: int, entry: Owned, target: tuple[str, Cell] | None, file: str, lang: Lang) -> Row:
    found, owner = entry
    place = found.place if found.place and found.place.file == file else Place(file)
    name = target[0] if target else place.sheet or ""
    cell = reference(target[1]) if target else f"{place.column or ''}{place.row or ''}"
    message = _bare(found.message.say(lang), file)
    return (
        str(number),
        SEVERITY[found.severity].say(lang),
        name,
        cell,
        found.value or "",
        message,
        found.fix.say(lang),
        owner,
    )


def _bare(text: str, file: str) -> str:
    """A message without the folder of the file: it is of no use to whom the copy goes."""
    return text.replace(file, PurePath(file).name)


def _notes(findings: Sequence[Owned], silent: int, lang: Lang) -> list[str]:
    errors = sum(1 for found, _ in findings if found.severity == "error")
    others = len(findings) - errors
    limits = []
    if silent:
        limits.append(
            f"每张表最多加 {COMMENTS_A_SHEET} 条批注，另有 {silent} 格只着色"
            if lang == "zh"
            else f"at most {COMMENTS_A_SHEET} comments a sheet: {silent} more cells are only filled"
        )
    if len(findings) > ROWS_LISTED:
        more = len(findings) - ROWS_LISTED
        limits.append(f"下表只列前 {ROWS_LISTED} 处，另有 {more} 处" if lang == "zh" else f"{more} more are not listed")
    if not findings:
        head = "检查结果：没有发现问题" if lang == "zh" else "Findings: nothing found"
    elif lang == "zh":
        head = f"检查结果：错误 {errors} 处，警告和提示 {others} 处"
    else:
        head = f"Findings: {errors} errors, {others} warnings and notes"
    way = (
        "着色的单元格有批注说明。点“单元格”一栏可跳到该处，点各表表头第一格可跳回本页。改正后原样送回；再次检查时本页、着色和批注自动更新。"
        if lang == "zh"
        else "Filled cells carry comments. Click a cell's name to go there, the first header of a sheet to come back. "
        "Correct and send the file back; the next check renews this sheet, the fills and the comments."
    )
    return [head, way, "；".join(limits)]


def _styles_of(book: Book) -> bytes:
    part = book.linked("styles")
    if part is None:
        part = f"{book.part.rpartition('/')[0]}/styles.xml"
        book.package.put(part, EMPTY)
        book.package.declare(part, SPREADSHEET + "styles+xml")
        book.package.link(book.part, "styles", part, strict=book.strict)
    return book.package.parts[part]


def _mark_sheet(book: Book, entry: Sheet, layout: Layout, marks: Marks, styles: Styles, title: str, lang: Lang) -> int:
    """Mark the cells of a sheet; how many of them got no comment because there are too many."""
    edits = Edits(layout.data)
    sheet.mark(layout, edits, marks.severity, lambda cell: styles.marked(marks.severity[cell], layout.old(cell)))
    order = sorted(marks.said, key=lambda cell: (RANK[marks.severity[cell]], cell))[:COMMENTS_A_SHEET]
    texts = {cell: _joined(marks.said[cell], lang) for cell in order}
    _add_comments(book, entry.part, layout, edits, texts)
    first = min(layout.first_cells, default=None)
    if first is not None:
        tip = "返回检查结果" if lang == "zh" else "back to the findings"
        quoted = title.replace("'", "''")
        sheet.add_link(layout, edits, (first, layout.first_cells[first]), f"'{quoted}'!A{HEAD_ROW}", tip)
    book.package.put(entry.part, edits.apply())
    return len(marks.said) - len(texts)


def _joined(said: Sequence[str], lang: Lang) -> str:
    more = len(said) - _TOLD_A_CELL
    rest = (
        [f"…… 另有 {more} 条，见检查结果" if lang == "zh" else f"... {more} more: see the findings"] if more > 0 else []
    )
    return "\n".join([*said[:_TOLD_A_CELL], *rest])


def _add_comments(book: Book, part: str, layout: Layout, edits: Edits, texts: Mapping[Cell, str]) -> None:
    package = book.package
    links = package.links(part)
    folder = book.part.rpartition("/")[0]
    told = next((link.target for link in links if link.kind == "comments"), None)
    if told is None:
        told = package.free(f"{folder}/comments{{}}.xml")
        package.put(told, comments.EMPTY_COMMENTS)
        package.declare(told, SPREADSHEET + "comments+xml")
        package.link(part, "comments", told, strict=book.strict)
    data, new = comments.with_comments(package.parts[told], texts)
    package.put(told, data)
    if not new:
        return
    legacy = layout.root.child("legacyDrawing")
    drawn = next((link.target for link in links if legacy is not None and link.id == legacy.get("id")), None)
    if drawn is None:
        drawn = package.free(f"{folder}/drawings/vmlDrawing{{}}.vml")
        package.put(drawn, comments.EMPTY_BOXES)
        package.declare_suffix("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
        id_ = package.link(part, "vmlDrawing", drawn, strict=book.strict)
        sheet.set_legacy(layout, edits, id_, base=book.base)
    package.put(drawn, comments.with_boxes(package.parts[drawn], texts, new))
