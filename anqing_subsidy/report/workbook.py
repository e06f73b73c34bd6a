"""The result workbook. Of all modules only this one knows the writer (rustpy-xlsxwriter).

What the writer (0.8) does not do is done around it: it stamps the hour into the file (`sheets_stamp`); frames
hold one type a column, so a sheet with text among its amounts goes by rows; a format or height of the last
row makes it write that row twice, so totals stand out by conditional formats and the last row gets its height
afterwards; text rules count bytes, so that they hold for whole cells only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.money import LARGEST, grouped
from anqing_subsidy.report.recordable import record_pieces
from anqing_subsidy.report.sheets_basis import basis
from anqing_subsidy.report.sheets_results import lines, summary, to_do
from anqing_subsidy.report.sheets_stamp import stamp
from anqing_subsidy.report.sheets_totals import payments, statistics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.report.sheets_layout import Chart, Column, Sheet

ROWS: Final = 1_048_576
_LONGEST: Final = 16_383
"""Characters that fit in a cell (32,767 UTF-16 units) whatever they are."""
_LINE: Final = 16.5
_TALLEST: Final = 409
"""Points of one line of text, and of the tallest row that there is."""
_RULE: Final = 200
"""Characters of a text that a rule of colour may hold, with room to spare."""
_A4: Final = 9
_TINTS: Final = {
    "good": "#C6EFCE",
    "part": "#E2F0D9",
    "wait": "#FFEB9C",
    "stop": "#F8CBAD",
    "bad": "#FFC7CE",
    "off": "#EDEDED",
}
_ALIGN: Final = {"text": "left", "long": "left", "code": "left", "money": "right", "count": "center"}
_NUMBER: Final = {"money": "#,##0.00", "count": "#,##0", "code": "@"}
_CHART: Final = 480
"""The height of a chart in pixels."""
_ONE_PAGE: Final = 1300
"""The most points of height that are printed on one page, at about two fifths of their size."""
_WRAPPED: Final = 20_000
"""Rows beyond which words are neither wrapped nor aligned: nobody prints them, and programs measure each one."""


def write_workbook(
    assessment: Assessment, detail: pl.DataFrame, path: Path, lang: Lang, *, version: str, row_limit: int = ROWS
) -> None:
    """Write the result as a workbook of six sheets, more where a sheet has more rows than fit.

    Args:
        assessment: What the run came to.
        detail: The lines in words, from `report.detail.detail_frame`.
        path: The file, written in place.
        lang: The language of headers and words.
        version: The program's, for the sheet of sources.
        row_limit: Rows of a sheet, the header among them.
    """
    sheets = [
        summary(assessment, lang),
        lines(detail, lang),
        to_do(assessment, detail, lang),
        statistics(assessment, detail, lang),
        payments(assessment, lang),
        basis(assessment, detail, lang, version),
    ]
    pages = [page for sheet in sheets for page in sheet.pages(row_limit)]
    write_sheets(pages, path, assessment.policy, lang, record_pieces(assessment, lang))


# ---- the writer -------------------------------------------------------------------------------------


def write_sheets(
    sheets: list[Sheet], path: Path, policy: Policy, lang: Lang, record: Iterator[str] | None = None
) -> None:
    """Write sheets as a workbook, none longer than fits; `record` is what a ledger needs, in a part no sheet shows."""
    from rustpy_xlsxwriter import Format, write_worksheets  # 50 ms that other outputs need not spend

    formats = {kind: _format(Format(), kind) for kind in _ALIGN}
    tints = {tint: Format().set_background_color(colour) for tint, colour in _TINTS.items()}
    bold = Format().set_bold()
    head = Format().set_bold().set_text_wrap().set_align("center").set_align("vertical_center")
    head.set_background_color("#DDEBF7").set_border("thin").set_border_color("#A6A6A6")

    def each(option: Any) -> dict[str, Any]:  # noqa: ANN401  # each option of the writer has its own type
        return {sheet.name: option(sheet) for sheet in sheets}

    write_worksheets(
        [(sheet.name, _content(sheet)) for sheet in sheets],
        str(path),
        header_format=each(lambda _: head),
        column_formats=each(lambda sheet: {column.header: formats[column.kind] for column in _formatted(sheet)}),
        column_widths=each(lambda sheet: {column.header: column.width for column in sheet.columns}),
        row_heights=each(_row_heights),
        freeze_panes=each(lambda sheet: {"row": 1, "col": sheet.frozen}),
        autofilter=each(lambda sheet: sheet.filtered),
        ignore_errors=each(lambda sheet: [column.header for column in sheet.columns if column.kind == "code"]),
        conditional_formats=each(lambda sheet: _marks(sheet, tints, bold)),
        page_setup=each(lambda sheet: _page(sheet, policy, lang)),
        charts={sheet.name: [_chart(sheet, sheet.chart)] for sheet in sheets if sheet.chart is not None},
    )
    stamp(path, policy.title.say(lang), [_last_height(sheet) for sheet in sheets], record)


def _format(made: Any, kind: str) -> Any:  # noqa: ANN401  # the writer's Format
    made.set_align(_ALIGN[kind]).set_align("vertical_center")
    if kind == "long":
        made.set_text_wrap()
    if kind in _NUMBER:
        made.set_num_format(_NUMBER[kind])
    return made


def _formatted(sheet: Sheet) -> list[Column]:
    big = sheet.frame.height > _WRAPPED
    return [column for column in sheet.columns if not big or column.kind in ("money", "count")]


def _row_heights(sheet: Sheet) -> dict[int, float]:
    """The height of each row but the last, which the writer would give twice."""
    return dict(enumerate(_heights(sheet)[: sheet.frame.height]))


def _last_height(sheet: Sheet) -> float | None:
    """The height of the last row; None where it has but one line, or rows have no heights."""
    heights = _heights(sheet)
    given = 0 < sheet.frame.height < len(heights) and heights[-1] > _LINE + 2
    return heights[-1] if given else None


def _heights(sheet: Sheet) -> list[float]:
    """The height of each row by its longest cell: not every program fits rows to wrapped text on opening."""
    lines = pl.DataFrame({column.header: _lines(pl.Series([column.header]), column) for column in sheet.columns})
    if 0 < sheet.frame.height <= _WRAPPED:
        words = [column for column in sheet.columns if column.kind == "long"]
        lines = pl.concat([lines, sheet.frame.select(_lines(sheet.frame[c.header], c) for c in words)], how="diagonal")
    return [min(_LINE * count + 2, _TALLEST) for count in lines.max_horizontal().fill_null(1).to_list()]


def _lines(words: pl.Series, column: Column) -> pl.Series:
    """How many lines a text takes: a Chinese character (3 bytes) is as wide as 2.1 digits; one letter is left free."""
    letters = words.str.len_chars().cast(pl.Float64)
    wide = (words.str.len_bytes() - letters) / 2
    lines = ((0.9 * letters + 1.2 * wide) / (column.width - 1)).ceil().cast(pl.Int64)
    return (lines + words.str.count_matches("\n")).alias(column.header)


def _page(sheet: Sheet, policy: Policy, lang: Lang) -> dict[str, Any]:
    # a header holds 255 characters, and & begins a code
    title = policy.title.say(lang)[:80].replace("&", "&&")
    return {
        "landscape": True,
        "paper_size": _A4,
        # a chart is cut where its page ends
        "fit_to_pages": (1, 1) if _on_one_page(sheet) else (1, 0),
        "repeat_rows": 0,
        "print_gridlines": True,
        "center_horizontally": True,
        "margins": {"left": 0.4, "right": 0.4, "top": 0.7, "bottom": 0.6, "header": 0.3, "footer": 0.3},
        "header": f"&L{title}&C&B{sheet.name}&B&R{policy.year}",
        "footer": "&C第 &P 页，共 &N 页" if lang == "zh" else "&CPage &P of &N",
    }


def _on_one_page(sheet: Sheet) -> bool:
    """Whether a table and its chart can still be read on one page."""
    return sheet.chart is not None and sum(_heights(sheet)) + _CHART * 0.75 <= _ONE_PAGE


def _marks(sheet: Sheet, tints: dict[str, Any], bold: Any) -> dict[str, list[dict[str, Any]]]:  # noqa: ANN401  # the writer's Format
    marks: dict[str, list[dict[str, Any]]] = {}
    for column in sheet.columns:
        # the longest words first: the first rule that fits wins
        for words in sorted((words for words in column.tints if len(words) <= _RULE), key=len, reverse=True):
            marks.setdefault(column.header, []).append(
                {"type": "text", "criteria": "begins_with", "value": words, "format": tints[column.tints[words]]}
            )
    if sheet.totals and sheet.frame.height:
        first = sheet.columns[0].header
        marks.setdefault(first, []).extend(
            {"type": "text", "criteria": "begins_with", "value": label, "format": bold} for label in sheet.totals
        )
        sums = sheet.frame.filter(pl.col(first).is_in(list(sheet.totals)))
        for column in sheet.columns:
            if column.kind == "money":
                values = {fen / 100 for fen in sums[column.header].drop_nulls().to_list() if 0 < fen < LARGEST}
                marks.setdefault(column.header, []).extend(
                    {"type": "cell", "criteria": "==", "value": value, "format": bold} for value in sorted(values)
                )
    return marks


def _chart(sheet: Sheet, chart: Chart) -> dict[str, Any]:
    return {
        "type": chart.kind,
        "title": chart.title,
        "series": [{"values": header} for header in (chart.values, *chart.further)],
        "categories": chart.names,
        "legend": bool(chart.further),
        "row": sheet.frame.height + 2,
        "col": 0,
        "width": sum(int(column.width * 7) + 5 for column in sheet.columns),
        "height": _CHART,
    }


def _content(sheet: Sheet) -> pl.DataFrame | Iterator[dict[str, Any]]:
    """What the writer is given: a frame, or rows where text stands among amounts."""
    frame = sheet.frame.with_columns(
        _fitting(sheet.frame[column.header]) for column in sheet.columns if column.kind in ("text", "long", "code")
    )
    mixed = [column for column in sheet.columns if column.kind == "money" and _has_text(column, frame[column.header])]
    amounts = [column.header for column in sheet.columns if column.kind == "money" and column not in mixed]
    frame = frame.with_columns(
        *(yuan_of(frame[header]) for header in amounts),
        pl.col(column.header for column in sheet.columns if column.kind == "count").cast(pl.Int64),
    )
    return _rows(frame, mixed) if mixed else frame


def yuan_of(fen: pl.Series) -> pl.Series:
    """Fen as the number that a spreadsheet shows with two decimals: the nearest there is.

    The divisor is a column: by a single number polars multiplies with its reciprocal, and 1188.12 comes out a bit off.
    """
    return fen.cast(pl.Float64) / pl.Series([100.0]).new_from_index(0, fen.len())


def _fitting(words: pl.Series) -> pl.Series:
    longest = words.str.len_bytes().max()
    if not isinstance(longest, int) or longest <= _LONGEST:
        return words
    return (
        words.to_frame()
        .select(
            pl.when(pl.col(words.name).str.len_chars() > _LONGEST)
            .then(pl.col(words.name).str.head(_LONGEST - 1) + "…")
            .otherwise(words.name)
            .alias(words.name)
        )
        .to_series()
    )


def _has_text(column: Column, fen: pl.Series) -> bool:
    """Spreadsheets keep 15 digits: from 10 trillion yuan an amount is text, to the last fen."""
    return bool((column.blank and fen.has_nulls()) or (fen.abs() >= LARGEST).any())


def _rows(frame: pl.DataFrame, mixed: list[Column]) -> Iterator[dict[str, Any]]:
    blanks = {column.header: column.blank or None for column in mixed}
    for row in frame.iter_rows(named=True):
        for header, blank in blanks.items():
            fen = row[header]
            row[header] = blank if fen is None else fen / 100 if abs(fen) < LARGEST else grouped(fen)
        yield row
