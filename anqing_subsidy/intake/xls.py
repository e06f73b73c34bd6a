"""Binary workbooks (.xls, and .et and .wps tables that are one inside) to sheets, by xlrd with its cell formats."""

from __future__ import annotations

import io
import re
from typing import Final

import xlrd
from xlrd import biffh

from anqing_subsidy.intake.content import moment
from anqing_subsidy.intake.grid import Grid, Pages
from anqing_subsidy.intake.sheet import Merge

_QUOTED = re.compile(r'"[^"]*"|\\.')
_LAST_SERIAL: Final = 2_958_466


def pages_of_xls(data: bytes) -> Pages:
    """The sheets of a binary workbook.

    Raises:
        xlrd.XLRDError: it is damaged or encrypted; damage makes xlrd raise other things too.
    """
    book = _open(data)
    names = book.sheet_names()
    visible: list[tuple[str | None, Grid]] = []
    hidden = []
    for number in range(book.nsheets):
        if book._sheet_visibility[number]:  # noqa: SLF001  # the attribute of the sheet needs the sheet loaded
            hidden.append(names[number])
            continue
        visible.append((names[number], _grid(book, book.sheet_by_index(number))))
        book.unload_sheet(number)
    return Pages(visible, hidden, date1904=bool(book.datemode))


def _open(data: bytes) -> xlrd.book.Book:
    def opened(encoding: str | None) -> xlrd.book.Book:
        return xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, on_demand=True, ragged_rows=True,
            encoding_override=encoding,
        )  # fmt: skip

    book = opened(None)
    # before BIFF8 texts have a code page; what names none, or the one of the west, was written in China all the same
    return book if book.biff_version >= 80 or book.codepage not in (None, 367, 1252) else opened("gb18030")


def _grid(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> Grid:
    grid = Grid()
    styles: dict[int, str] = {}
    for row in range(sheet.nrows):
        types, values = sheet.row_types(row), sheet.row_values(row)
        for column, kind in enumerate(types):
            if kind == biffh.XL_CELL_TEXT:
                if values[column]:
                    grid.put(row + 1, column, values[column])
            elif kind in (biffh.XL_CELL_NUMBER, biffh.XL_CELL_DATE):
                _put_number(book, grid, row, column, values[column], _style(book, sheet, styles, row, column))
            elif kind == biffh.XL_CELL_BOOLEAN:
                grid.put(row + 1, column, bool(values[column]))
            elif kind == biffh.XL_CELL_ERROR:
                grid.fault(row + 1, column, biffh.error_text_from_code.get(values[column], "#ERROR"))
    for top, bottom, left, right in sheet.merged_cells:
        grid.merges.append(Merge(top + 1, left, bottom, right - 1))
    grid.hidden_rows = {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}
    grid.hidden_columns = [(column, column) for column, info in sheet.colinfo_map.items() if info.hidden]
    return grid


def _style(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet, styles: dict[int, str], row: int, column: int) -> str:
    """`date`, `percent` or nothing: how the number of a cell is shown."""
    index = sheet.cell_xf_index(row, column)
    if index not in styles:
        form = book.format_map.get(book.xf_list[index].format_key)
        bare = _QUOTED.sub("", form.format_str or "") if form is not None else ""
        is_date = form is not None and form.type == biffh.FDT
        styles[index] = "date" if is_date else "percent" if "%" in bare else ""
    return styles[index]


def _put_number(book: xlrd.book.Book, grid: Grid, row: int, column: int, number: float, style: str) -> None:
    if style == "date" and 0 <= number < _LAST_SERIAL:
        grid.put(row + 1, column, moment(number, date1904=bool(book.datemode)))
    else:
        grid.put(row + 1, column, float(number), percent=style == "percent")
