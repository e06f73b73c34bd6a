"""The instruction sheet of a form: rules, clauses, and every column of every sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.utility import xl_col_to_name

from anqing_subsidy.report import form_guide
from anqing_subsidy.report.form_pages import ALLOWED, COLOURS
from anqing_subsidy.report.form_sizes import LINE, height_of, lines_of, packed
from anqing_subsidy.tables import GUIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anqing_subsidy.report.form_pages import Pages

_WIDTHS: Final = (7, 26, 34, 34, 9, 24, 36)
_LAST: Final = len(_WIDTHS) - 1
_GRID: Final = ((0, 1), (2, 2), (3, _LAST))
"""Clause, sheets and documents on the grid of the seven columns below."""
_USE: Final = 5


class _Guide:
    """Writes the sheet from top to bottom."""

    def __init__(self, pages: Pages) -> None:
        self.pages, self.form = pages, pages.form
        self.page = pages.book.add_worksheet(GUIDE.say(self.form.lang))
        self.row = 0
        for at, width in enumerate(_WIDTHS):
            self.page.set_column(at, at, width)

    def across(self, text: str, height: float | None = None, **style: Any) -> None:  # noqa: ANN401  # options of the writer
        """A text over the whole width."""
        self.page.merge_range(self.row, 0, self.row, _LAST, text, self.pages.style(text_wrap=True, **style))
        self.page.set_row(self.row, height or LINE * lines_of(text, sum(_WIDTHS)) + 3)
        self.row += 1

    def section(self, text: str) -> None:
        """The title of a part."""
        self.across(text, 26, bold=True, font_size=12, font_color=COLOURS["title"])

    def cells(self, words: Sequence[str], *, head: bool = False) -> None:
        """A row of the table of columns."""
        for at, text in enumerate(words):
            centred = {"align": "center"} if at in (0, 4) else {}
            cell = self.pages.style(text_wrap=True, border=1, valign="top", **centred)
            self.page.write_string(self.row, at, text, self.pages.head(None) if head else cell)
        self.page.set_row(self.row, height_of(words, _WIDTHS))
        self.row += 1

    def clause(self, words: Sequence[str], *, head: bool = False) -> None:
        """A row of the table of clauses."""
        cell = self.pages.style(text_wrap=True, border=1, valign="top")
        for (first, end), text in zip(_GRID, words, strict=True):
            style = self.pages.head(None) if head else cell
            if first == end:
                self.page.write_string(self.row, first, text, style)
            else:
                self.page.merge_range(self.row, first, self.row, end, text, style)
        self.page.set_row(self.row, height_of(words, [sum(_WIDTHS[first : end + 1]) for first, end in _GRID]))
        self.row += 1


def write_guide(pages: Pages, asked: Sequence[str]) -> None:
    """The instructions, the first sheet of a form."""
    form, lang, guide = pages.form, pages.form.lang, _Guide(pages)
    guide.across(form_guide.title(form), 30, bold=True, font_size=16, align="center", font_color=COLOURS["title"])
    guide.across(form_guide.subtitle(form, asked), align="center", font_color="#595959")
    for text in form_guide.rules(form):
        guide.across(text)
    guide.section(form_guide.CLAUSES.say(lang))
    guide.clause(form_guide.CLAUSE_HEADS.say(lang).split("\t"), head=True)
    for clause in form.clauses:
        guide.clause(form_guide.clause_row(form, clause))
    guide.section(form_guide.COLUMNS.say(lang))
    guide.page.repeat_rows(guide.row)
    guide.cells(form_guide.COLUMN_HEADS.say(lang).split("\t"), head=True)
    for sheet in form.sheets:
        guide.across(form_guide.sheet_row(form, sheet), bold=True, border=1, bg_color="#F2F2F2")
        for at, field in enumerate(sheet.fields, 1):
            words = form_guide.column_row(form, field, xl_col_to_name(at))
            words[_USE] = packed(words[_USE], _WIDTHS[_USE])
            guide.cells(words)
    guide.page.hide_gridlines(2)
    guide.page.protect("", ALLOWED)
    pages.set_up_print(guide.page, GUIDE.say(lang))
    guide.page.fit_to_pages(1, 0)
