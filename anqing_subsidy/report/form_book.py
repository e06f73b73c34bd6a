"""A form as a workbook. Of all modules only this one knows XlsxWriter: the writer of results protects no sheet.

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
from anqing_subsidy.report.form_rules import rule_for
from anqing_subsidy.report.form_words import REQUIRED, width_of
from anqing_subsidy.tables import EXAMPLE, GUIDE, OPTIONS, SERIAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anqing_subsidy.report.form import ApplicationForm, Field, FormSheet

_LAST_ROW: Final = 1_048_575
_BLANKS: Final = 24
"""Rows with borders, for those who print the form and write into it."""
_FONT: Final = {"zh": "宋体", "en": "Calibri"}
_A4: Final = 9
_MARGINS: Final = {"left": 0.4, "right": 0.4, "top": 0.75, "bottom": 0.7}
_SCALE: Final = 70
_PAGE: Final = 1150
"""Pixels of columns that fit on a page at that scale, also where the fonts of another system are wider."""
_INLINE: Final = 255
"""Characters that a list may have inside a rule; a longer one stands on a sheet of its own."""
_COLOURS: Final = {"head": "#DDEBF7", "required": "#FCE4D6", "sum": "#E7E6E6", "title": "#1F4E78", "example": "#7F7F7F"}
_NUMBERS: Final = {
    "money": "#,##0.00",
    "count": "#,##0",
    "area": "#,##0.00",
    "year": "0",
    "ratio": "0.00%",
    "date": "yyyy-mm-dd",
    "text": "@",
    "uscc": "@",
}
_WIDTHS: Final = {"uscc": 22, "date": 12.5, "money": 18, "area": 12, "count": 11, "year": 8, "yesno": 11, "ratio": 10}
_GUIDE_WIDTHS: Final = (7, 26, 34, 34, 9, 22, 36)
_LINE: Final = 15.5
_ROW: Final = 23.5
_TALLEST: Final = 400
_ALLOWED: Final = {"format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True, "sort": True}


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
    writer = _Writer(book, form)
    writer.guide(asked)
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

    def __init__(self, book: Any, form: ApplicationForm) -> None:  # noqa: ANN401  # the writer has no types
        self.book = book
        self.form = form
        self.zh = form.lang == "zh"
        self.long = _Long({})
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **wanted: Any) -> Any:  # noqa: ANN401  # options of the writer have their own types
        """A format, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            base = {"font_name": _FONT[self.form.lang], "font_size": 11, "valign": "vcenter"}
            self.formats[key] = self.book.add_format(base | wanted)
        return self.formats[key]

    # ---- the sheets of tables -----------------------------------------------------------------------

    def sheet(self, sheet: FormSheet) -> None:
        """A table: header, example, rows to fill in."""
        page = self.book.add_worksheet(sheet.name)
        if sheet.official:
            page.set_tab_color(_COLOURS["example"])
        widths = [
            max(width_of(word.say(self.form.lang)) for word in (SERIAL, EXAMPLE)) + 3,
            *(_width(field) for field in sheet.fields),
        ]
        heads = [SERIAL.say(self.form.lang), *(field.header for field in sheet.fields)]
        input_style = {"locked": False}
        page.set_column(0, 0, widths[0], self.style(**input_style, align="center"))
        page.write_string(0, 0, heads[0], self._head(None))
        page.write_string(1, 0, EXAMPLE.say(self.form.lang), self._example("text", centred=True))
        for at, field in enumerate(sheet.fields, 1):
            kind = field.column.type
            number = {"num_format": _NUMBERS[kind]} if kind in _NUMBERS else {}
            page.set_column(at, at, widths[at], self.style(**input_style, **number, **_align(kind)))
            page.write_string(0, at, field.header, self._head(field))
            self._write(page, 1, at, field.example, self._example(kind))
            for row in range(2, 2 + _BLANKS):
                page.write_blank(row, at, None, self.style(**input_style, **number, **_align(kind), border=1))
            self._rule(page, at, field)
        for row in range(2, 2 + _BLANKS):
            page.write_blank(row, 0, None, self.style(**input_style, align="center", border=1))
        lines = max(_lines(text, width) for text, width in zip(heads, widths, strict=True))
        page.set_row(0, _LINE * lines + 8)
        for row in range(1, 2 + _BLANKS):
            page.set_row(row, _ROW)
        held = _held(sheet)
        page.freeze_panes(2, held)
        page.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(sheet.fields))}{_LAST_ROW + 1}"})
        page.protect("", _ALLOWED)
        self._print(page, sheet.name, signed=True)
        page.repeat_rows(0)
        pixels = [_pixels(width) for width in widths]
        page.repeat_columns(0, held - 1)
        if 0.8 * _PAGE < sum(pixels) < 1.2 * _PAGE:
            page.fit_to_pages(1, 0)
        else:
            page.set_print_scale(_SCALE)
            page.set_v_pagebreaks(_breaks(pixels, held) if sum(pixels) > _PAGE else [])

    def _head(self, field: Field | None) -> Any:  # noqa: ANN401  # the writer's Format
        colour = "head"
        if field is not None:
            colour = (
                "required"
                if field.column.required
                else "sum"
                if field.stands_for is not None and not self.form.simple
                else "head"
            )
        return self.style(bold=True, text_wrap=True, align="center", border=1, bg_color=_COLOURS[colour])

    def _example(self, kind: str, *, centred: bool = False) -> Any:  # noqa: ANN401  # the writer's Format
        number = {"num_format": _NUMBERS[kind]} if kind in _NUMBERS else {}
        place = {"align": "center"} if centred else _align(kind)
        return self.style(italic=True, font_color=_COLOURS["example"], border=1, bg_color="#F7F7F7", **number, **place)

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
            page.write_string(0, at, header, self._head(None))
            for row, word in enumerate(words, 1):
                page.write_string(row, at, word, self.style(border=1))
        page.protect("", _ALLOWED)
        self._print(page, OPTIONS.say(self.form.lang))
        page.fit_to_pages(1, 0)

    def guide(self, asked: Sequence[str]) -> None:
        """The instructions."""
        form, last = self.form, len(_GUIDE_WIDTHS) - 1
        page = self.book.add_worksheet(GUIDE.say(form.lang))
        for at, width in enumerate(_GUIDE_WIDTHS):
            page.set_column(at, at, width)
        whole = sum(_GUIDE_WIDTHS)
        plain, section = self.style(text_wrap=True), self.style(bold=True, font_size=12, font_color=_COLOURS["title"])
        cell = self.style(text_wrap=True, border=1, valign="top")
        row = 0

        def across(text: str, style: Any, height: float | None = None) -> None:  # noqa: ANN401  # the writer's Format
            nonlocal row
            page.merge_range(row, 0, row, last, text, style)
            page.set_row(row, height or _LINE * _lines(text, whole) + 3)
            row += 1

        across(
            form_guide.title(form),
            self.style(bold=True, font_size=16, align="center", font_color=_COLOURS["title"], text_wrap=True),
            30,
        )
        across(form_guide.subtitle(form, asked), self.style(text_wrap=True, align="center", font_color="#595959"))
        for text in form_guide.rules(form):
            across(text, plain)
        across(form_guide.CLAUSES.say(form.lang), section, 26)
        # clause, sheets, documents on the grid of the seven columns below
        grid = ((0, 1), (2, 2), (3, last))
        spans = [sum(_GUIDE_WIDTHS[first : end + 1]) for first, end in grid]
        heads = form_guide.CLAUSE_HEADS.say(form.lang).split("\t")
        for words in [heads, *(form_guide.clause_row(form, clause) for clause in form.clauses)]:
            style = self._head(None) if words is heads else cell
            for (first, end), text in zip(grid, words, strict=True):
                if first == end:
                    page.write_string(row, first, text, style)
                else:
                    page.merge_range(row, first, row, end, text, style)
            page.set_row(row, _height(words, spans))
            row += 1
        across(form_guide.COLUMNS.say(form.lang), section, 26)
        heads = form_guide.COLUMN_HEADS.say(form.lang).split("\t")
        for at, text in enumerate(heads):
            page.write_string(row, at, text, self._head(None))
        page.set_row(row, _height(heads, _GUIDE_WIDTHS))
        page.repeat_rows(row)
        row += 1
        for sheet in form.sheets:
            across(
                form_guide.sheet_row(form, sheet), self.style(bold=True, text_wrap=True, border=1, bg_color="#F2F2F2")
            )
            for at, field in enumerate(sheet.fields, 1):
                words = form_guide.column_row(form, field, xl_col_to_name(at))
                for place, text in enumerate(words):
                    centred = {"align": "center"} if place in (0, 4) else {}
                    style = self.style(text_wrap=True, border=1, valign="top", **centred) if centred else cell
                    page.write_string(row, place, text, style)
                page.set_row(row, _height(words, _GUIDE_WIDTHS))
                row += 1
        page.hide_gridlines(2)
        page.protect("", _ALLOWED)
        self._print(page, GUIDE.say(form.lang))
        page.fit_to_pages(1, 0)

    def _print(self, page: Any, name: str, *, signed: bool = False) -> None:  # noqa: ANN401  # the writer has no types
        policy, lang = self.form.policy, self.form.lang
        page.set_landscape()
        page.set_paper(_A4)
        page.set_margins(**_MARGINS)
        page.center_horizontally()
        # a header holds 255 characters, and & begins a code
        title = policy.title.say(lang)[:80].replace("&", "&&")
        page.set_header(f"&L{title}&C&B{name.replace('&', '&&')}&B&R{policy.year}")
        sign = "&L填报单位（盖章）：&C负责人：　　　　　　填报人：" if self.zh else "&LSubmitted by (seal):&CSigned:"
        number = "第 &P 页，共 &N 页" if self.zh else "Page &P of &N"
        page.set_footer(f"{sign}&R{'填报日期：　　　　　' if self.zh else ''}{number}" if signed else f"&C{number}")


# ---- sizes --------------------------------------------------------------------------------------------


def _align(kind: str) -> dict[str, Any]:
    if kind in ("text", "enum"):
        return {"align": "left", "indent": 1}
    return {"align": "right", "indent": 1} if kind in ("money", "count", "area") else {"align": "center"}


def _width(field: Field) -> float:
    """Wide enough for the example, for the longest option, and for the header on three lines."""
    label, _, unit = field.header.partition("\n")
    least = max(-(-width_of(label) // 3) + 2, width_of(unit) + 1, max(map(len, label.split()), default=0) + 2)
    shown = max((width_of(word) for word in field.options), default=0) + 4 if field.options else 0
    if isinstance(field.example, str):
        shown = max(shown, width_of(field.example) + 2)
    return min(30, max(_WIDTHS.get(field.column.type, 10), least, shown))


def _held(sheet: FormSheet) -> int:
    """How many columns stay in sight: the running number and those that say whose row it is."""
    count = 1
    for field in sheet.fields[:2]:
        if not field.column.required:
            break
        count += 1
    return count


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a cell; some room is left free because words break where they must."""
    return sum(max(1, -(-width_of(part) * 11 // int(10 * (width - 1)))) for part in text.split("\n"))


def _height(words: Sequence[str], widths: Sequence[float]) -> float:
    return min(_TALLEST, _LINE * max(_lines(text, width) for text, width in zip(words, widths, strict=True)) + 4)


def _pixels(width: float) -> int:
    return int(width * 7) + 5


def _breaks(pixels: Sequence[int], held: int) -> list[int]:
    """The columns before which a page ends; the held ones stand on every page, and pages are about equally full."""
    room = _PAGE - sum(pixels[:held])
    rest = pixels[held:]
    pages = -(-sum(rest) // room)
    while True:
        even = -(-sum(rest) // pages) + max(rest) // 2
        found, filled = [], 0
        for at, size in enumerate(rest, held):
            if filled and filled + size > min(room, even):
                found.append(at)
                filled = 0
            filled += size
        if len(found) < pages:
            return found
        pages += 1
