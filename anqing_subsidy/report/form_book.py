"""A form as a workbook. Only it and what it shares its sheets with know XlsxWriter: the writer of results protects no sheet.

Cells that are filled in are unlocked by the style of their columns, so that any number of rows can be typed in; the
first ones have borders, so that a form that is printed empty can be filled in by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from anqing_subsidy.report import form_guide
from anqing_subsidy.report.form_guide_page import write_guide
from anqing_subsidy.report.form_pages import ALLOWED, COLOURS, Pages
from anqing_subsidy.report.form_rules import rule_for
from anqing_subsidy.report.form_sizes import LINE, PAGE, column_width, held_columns, lines_of, page_breaks, pixels_of
from anqing_subsidy.report.form_words import REQUIRED, width_of
from anqing_subsidy.tables import EXAMPLE, OPTIONS, SERIAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anqing_subsidy.report.form import ApplicationForm, Field, FormSheet

_LAST_ROW: Final = 1_048_575
_BLANKS: Final = 24
"""Rows with borders, for those who print the form and write into it."""
_SCALE: Final = 70
_INLINE: Final = 255
"""Characters that a list may have inside a rule; a longer one stands on a sheet of its own."""
_NUMBERS: Final = {
    "money": "#,##0.00",
    "usd": "#,##0.00",
    "count": "#,##0",
    "area": "#,##0.00",
    "year": "0",
    "ratio": "0.00%",
    "date": "yyyy-mm-dd",
    "text": "@",
    "uscc": "@",
}
_ROW: Final = 23.5
_BOLD: Final = 0.92
"""The part of a column that bold letters have, which are wider."""


def write_form(form: ApplicationForm, path: Path, asked: Sequence[str] = ()) -> None:
    """Write a form as a workbook; the same form gives the same bytes.

    Args:
        form: what to write.
        path: the file, written in place.
        asked: the clauses to which the form is confined.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {
            "title": form_guide.title(form),
            "author": "anqing-subsidy",
            "created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None),
        }
    )
    pages = Pages(book, form)
    write_guide(pages, asked)
    writer = _Writer(pages)
    for sheet in form.sheets:
        writer.sheet(sheet)
    writer.options()
    book.close()


@dataclass
class _Long:
    """Lists that are too long to stand inside a rule: each is a column of the sheet of options."""

    lists: dict[tuple[str, ...], tuple[int, str]]

    def source(self, words: tuple[str, ...], header: str, sheet: str) -> str:
        """The cells of a list."""
        at, _ = self.lists.setdefault(words, (len(self.lists), header))
        letter = xl_col_to_name(at)
        return f"='{sheet}'!${letter}$2:${letter}${len(words) + 1}"


class _Writer:
    """Writes the sheets of one form."""

    def __init__(self, pages: Pages) -> None:
        self.pages, self.book, self.form = pages, pages.book, pages.form
        self.style = pages.style
        self.long = _Long({})

    # ---- the sheets of tables -----------------------------------------------------------------------

    def sheet(self, sheet: FormSheet) -> None:
        """A table: header, example, rows to fill in."""
        page = self.book.add_worksheet(sheet.name)
        if sheet.official:
            page.set_tab_color(COLOURS["example"])
        widths = [
            max(width_of(word.say(self.form.lang)) for word in (SERIAL, EXAMPLE)) + 3,
            *(column_width(field) for field in sheet.fields),
        ]
        heads = [SERIAL.say(self.form.lang), *(field.header for field in sheet.fields)]
        input_style = {"locked": False}
        page.set_column(0, 0, widths[0], self.style(**input_style, align="center"))
        page.write_string(0, 0, heads[0], self.pages.head(None))
        page.write_string(1, 0, EXAMPLE.say(self.form.lang), self._example("text", centred=True))
        for at, field in enumerate(sheet.fields, 1):
            kind = field.column.type
            number = {"num_format": _NUMBERS[kind]} if kind in _NUMBERS else {}
            page.set_column(at, at, widths[at], self.style(**input_style, **number, **_align(kind)))
            page.write_string(0, at, field.header, self.pages.head(field))
            self._write(page, 1, at, field.example, self._example(kind))
            for row in range(2, 2 + _BLANKS):
                page.write_blank(row, at, None, self.style(**input_style, **number, **_align(kind), border=1))
            self._rule(page, at, field)
        for row in range(2, 2 + _BLANKS):
            page.write_blank(row, 0, None, self.style(**input_style, align="center", border=1))
        lines = max(lines_of(text, _BOLD * width) for text, width in zip(heads, widths, strict=True))
        page.set_row(0, LINE * lines + 8)
        for row in range(1, 2 + _BLANKS):
            page.set_row(row, _ROW)
        held = held_columns(sheet)
        page.freeze_panes(2, held)
        page.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(sheet.fields))}{_LAST_ROW + 1}"})
        page.protect("", ALLOWED)
        self.pages.set_up_print(page, sheet.name, signed=True)
        page.repeat_rows(0)
        pixels = [pixels_of(width) for width in widths]
        page.repeat_columns(0, held - 1)
        if 0.8 * PAGE < sum(pixels) < 1.2 * PAGE:
            page.fit_to_pages(1, 0)
        else:
            page.set_print_scale(_SCALE)
            page.set_v_pagebreaks(page_breaks(pixels, held) if sum(pixels) > PAGE else [])

    def _example(self, kind: str, *, centred: bool = False) -> Any:  # noqa: ANN401  # the writer's Format
        number = {"num_format": _NUMBERS[kind]} if kind in _NUMBERS else {}
        place = {"align": "center"} if centred else _align(kind)
        return self.style(italic=True, font_color=COLOURS["example"], border=1, bg_color="#F7F7F7", **number, **place)

    @staticmethod
    def _write(page: Any, row: int, at: int, value: object, style: Any) -> None:  # noqa: ANN401  # the writer has no types
        if value is None:
            page.write_blank(row, at, None, style)
        elif isinstance(value, str):
            page.write_string(row, at, value, style)
        elif hasattr(value, "isoformat"):
            page.write_datetime(row, at, value, style)
        else:
            page.write_number(row, at, value, style)

    def _rule(self, page: Any, at: int, field: Field) -> None:  # noqa: ANN401  # the writer has no types
        """What may be typed into a column, and the hint that a selected cell shows."""
        rule = rule_for(field, self.form, xl_col_to_name(at) + "3")
        if field.options:
            inline = len(",".join(field.options)) <= _INLINE and not any("," in word for word in field.options)
            name = OPTIONS.say(self.form.lang)
            label = field.header.replace("\n", "").removeprefix(REQUIRED)
            rule["source"] = list(field.options) if inline else self.long.source(field.options, label, name)
        page.data_validation(2, at, _LAST_ROW, at, rule)

    # ---- the sheets of words ------------------------------------------------------------------------

    def options(self) -> None:
        """The lists that are too long for a rule."""
        if not self.long.lists:
            return
        page = self.book.add_worksheet(OPTIONS.say(self.form.lang))
        for words, (at, header) in self.long.lists.items():
            page.set_column(at, at, min(60, max(width_of(word) for word in (header, *words)) + 2))
            page.write_string(0, at, header, self.pages.head(None))
            for row, word in enumerate(words, 1):
                page.write_string(row, at, word, self.style(border=1))
        page.protect("", ALLOWED)
        self.pages.set_up_print(page, OPTIONS.say(self.form.lang))
        page.fit_to_pages(1, 0)


def _align(kind: str) -> dict[str, Any]:
    if kind in ("text", "enum"):
        return {"align": "left", "indent": 1}
    return {"align": "right", "indent": 1} if kind in ("money", "usd", "count", "area") else {"align": "center"}
