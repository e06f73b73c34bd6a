"""An earlier check undone: its sheet of findings, its fills and comments taken out of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anqing_subsidy.report.annotate import comments, sheet
from anqing_subsidy.report.annotate.listing import record_of, shared_texts
from anqing_subsidy.report.annotate.sheet import Layout
from anqing_subsidy.report.annotate.styles import Old, undone
from anqing_subsidy.report.annotate.xml import Edits, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anqing_subsidy.report.annotate.book import Book, Sheet


def clear(book: Book) -> None:
    """Take out everything that an earlier check put in, also after another program has saved the workbook."""
    title = book.findings_sheet()
    if title is None:
        return
    package = book.package
    old: dict[int, Old] = {}
    ours = next((entry for entry in book.sheets() if entry.name == title), None)
    styles = book.linked("styles")
    if ours is not None and styles is not None:
        shared = book.linked("sharedStrings")
        record = record_of(package.parts[ours.part], shared_texts(package.get(shared) if shared else None))
        if record:
            data, old = undone(package.parts[styles], record)
            package.put(styles, data)
    for entry in book.sheets():
        if entry.name != title:
            _clear_sheet(book, entry, title, old)
    book.take_out(title)


def _clear_sheet(book: Book, entry: Sheet, title: str, old: Mapping[int, Old]) -> None:
    package = book.package
    data = package.parts[entry.part]
    links = package.links(entry.part)
    told = next((link for link in links if link.kind == "comments"), None)
    ours = told is not None and any(text_of(mark).encode() in package.parts[told.target] for mark in comments.MARKS)
    if not (ours or old or text_of(title).encode() in data):
        return
    layout = Layout(data, styles=old)
    edits = Edits(data)
    sheet.clear(layout, edits, old)
    sheet.drop_links(layout, edits, title)
    if told is not None and ours:
        left_comments, gone, any_comment = comments.without_ours(package.parts[told.target])
        package.put(told.target, left_comments)
        if not any_comment:
            package.drop(told.target)
            package.unlink(entry.part, told.id)
        legacy = layout.root.child("legacyDrawing")
        drawn = next((link for link in links if legacy is not None and link.id == legacy.get("id")), None)
        if drawn is not None:
            boxes, any_box = comments.without_boxes(package.parts[drawn.target], gone)
            package.put(drawn.target, boxes)
            if not any_box:
                package.drop(drawn.target)
                package.unlink(entry.part, drawn.id)
                sheet.set_legacy(layout, edits, None, base=book.base)
    package.put(entry.part, edits.apply())
