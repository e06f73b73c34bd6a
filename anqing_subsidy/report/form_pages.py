"""What the sheets of a form share: formats, colours, the page on which they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from anqing_subsidy.report.form import ApplicationForm, Field

COLOURS: Final = {"head": "#DDEBF7", "required": "#FCE4D6", "sum": "#E7E6E6", "title": "#1F4E78", "example": "#7F7F7F"}
ALLOWED: Final = {"format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True, "sort": True}
"""What the protection of a sheet leaves free."""
_FONT: Final = {"zh": "宋体", "en": "Calibri"}
_A4: Final = 9
_MARGINS: Final = {"left": 0.4, "right": 0.4, "top": 0.75, "bottom": 0.7}


class Pages:
    """The workbook of one form, and the manner of its sheets."""

    def __init__(self, book: Any, form: ApplicationForm) -> None:  # noqa: ANN401  # the writer has no types
        self.book = book
        self.form = form
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **wanted: Any) -> Any:  # noqa: ANN401  # options of the writer have their own types
        """A format, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            base = {"font_name": _FONT[self.form.lang], "font_size": 11, "valign": "vcenter"}
            self.formats[key] = self.book.add_format(base | wanted)
        return self.formats[key]

    def head(self, field: Field | None) -> Any:  # noqa: ANN401  # the writer's Format
        """The format of a header: that of a column by whether it is required, or sums up a sheet of details."""
        colour = "head"
        if field is not None:
            colour = (
                "required"
                if field.column.required
                else "sum"
                if field.stands_for is not None and not self.form.simple
                else "head"
            )
        return self.style(bold=True, text_wrap=True, align="center", border=1, bg_color=COLOURS[colour])

    def set_up_print(self, page: Any, name: str, *, signed: bool = False) -> None:  # noqa: ANN401  # the writer has no types
        """A4 across, with the title, the sheet and the number of the page; with `signed` a line for seal and names."""
        policy, lang = self.form.policy, self.form.lang
        page.set_landscape()
        page.set_paper(_A4)
        page.set_margins(**_MARGINS)
        page.center_horizontally()
        # a header holds 255 characters, and & begins a code
        title = policy.title.say(lang)[:80].replace("&", "&&")
        page.set_header(f"&L{title}&C&B{name.replace('&', '&&')}&B&R{policy.year}")
        sign = (
            "&L填报单位（盖章）：&C负责人：　　　　　　填报人：" if lang == "zh" else "&LSubmitted by (seal):&CSigned:"
        )
        number = "第 &P 页，共 &N 页" if lang == "zh" else "Page &P of &N"
        page.set_footer(
            f"{sign}&R{'填报日期：　　　　　' if lang == 'zh' else ''}{number}" if signed else f"&C{number}"
        )
