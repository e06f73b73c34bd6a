"""Workbooks in the XML of Excel 2003 (SpreadsheetML), mostly named .xls, to sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.grid import MOST_CELLS, Grid, Pages
from anqing_subsidy.intake.kinds import SAVE_AS, refusal
from anqing_subsidy.intake.sheet import Merge

if TYPE_CHECKING:
    from collections.abc import Callable


NAMESPACE: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_EXCEL: Final = "urn:schemas-microsoft-com:office:excel"
_QUOTED = re.compile(r'"[^"]*"|\\.')


@dataclass
class Worksheet:
    """A sheet while it is read."""

    name: str
    hidden: bool = False
    grid: Grid = field(default_factory=Grid)
    row: int = 0
    column: int = 0
    next_column: int = 0


class Reader:
    """Takes the events of one pass."""

    def __init__(self) -> None:
        self.sheets: list[Worksheet] = []
        self.date1904 = self.percent = self.formula = self.filled = False
        self.percents: set[str] = set()
        self.style = self.kind = ""
        self.text: list[str] | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "Style": self._style, "NumberFormat": self._format, "Worksheet": self._worksheet, "Row": self._row,
            "Column": self._column, "Cell": self._cell, "Data": self._data,
        }  # fmt: skip

    @staticmethod
    def doctype(*_: object) -> None:
        """No workbook has one."""
        raise ValueError("a DOCTYPE")

    def start(self, name: str, given: dict[str, str]) -> None:
        """A tag opens."""
        space, _, local = name.rpartition(" ")
        if space == NAMESPACE and local in self.starts:
            self.starts[local]({key.rpartition(" ")[2]: value for key, value in given.items()})
        elif space == _EXCEL and local in ("Visible", "Date1904"):
            self.text = []
            self.date1904 = self.date1904 or local == "Date1904"

    def _style(self, given: dict[str, str]) -> None:
        self.style = given.get("ID", "")

    def _format(self, given: dict[str, str]) -> None:
        form = given.get("Format", "")
        if form == "Percent" or "%" in _QUOTED.sub("", form):
            self.percents.add(self.style)

    def _worksheet(self, given: dict[str, str]) -> None:
        self.sheets.append(Worksheet(given.get("Name", "")))

    def _column(self, given: dict[str, str]) -> None:
        sheet = self.sheets[-1]
        first = int(given["Index"]) - 1 if "Index" in given else sheet.next_column
        sheet.next_column = first + 1 + int(given.get("Span", "0"))
        if given.get("Hidden") == "1":
            sheet.grid.hidden_columns.append((first, sheet.next_column - 1))

    def _row(self, given: dict[str, str]) -> None:
        sheet = self.sheets[-1]
        first = int(given["Index"]) if "Index" in given else sheet.row + 1
        if first <= sheet.row:
            raise ValueError("a row is given twice")
        sheet.row, sheet.column = first + int(given.get("Span", "0")), 0
        if given.get("Hidden") == "1" and sheet.row - first < MOST_CELLS:
            sheet.grid.hidden_rows.update(range(first, sheet.row + 1))

    def _cell(self, given: dict[str, str]) -> None:
        sheet = self.sheets[-1]
        if "Index" in given:
            if int(given["Index"]) <= sheet.column:
                raise ValueError("a cell is given twice")
            sheet.column = int(given["Index"]) - 1
        right, down = int(given.get("MergeAcross", "0")), int(given.get("MergeDown", "0"))
        if right or down:
            sheet.grid.merges.append(Merge(sheet.row, sheet.column, sheet.row + down, sheet.column + right))
        self.percent = given.get("StyleID", "") in self.percents
        self.formula = "Formula" in given
        self.filled = False
        self.right = right

    def _data(self, given: dict[str, str]) -> None:
        self.kind = given.get("Type", "String")
        self.text = []

    def characters(self, text: str) -> None:
        """Characters."""
        if self.text is not None:
            self.text.append(text)

    def end(self, name: str) -> None:
        """A tag closes."""
        space, _, local = name.rpartition(" ")
        text = "".join(self.text or ())
        if space == _EXCEL and local == "Visible":
            self.sheets[-1].hidden = text.strip() != "SheetVisible"
            self.text = None
        elif space == NAMESPACE and local == "Data":
            self._keep(self.sheets[-1], text)
            self.text = None
        elif space == NAMESPACE and local == "Cell":
            sheet = self.sheets[-1]
            if self.formula and not self.filled:
                sheet.grid.fault(sheet.row, sheet.column)
            sheet.column += 1 + self.right

    def _keep(self, sheet: Worksheet, text: str) -> None:
        self.filled = True
        if self.kind == "Error":
            sheet.grid.fault(sheet.row, sheet.column, text or "#ERROR")
        elif self.kind == "Number":
            sheet.grid.put(sheet.row, sheet.column, float(text), percent=self.percent)
        elif self.kind == "Boolean":
            sheet.grid.put(sheet.row, sheet.column, text.strip() == "1")
        elif self.kind == "DateTime":
            sheet.grid.put(sheet.row, sheet.column, datetime.fromisoformat(text.strip()).replace(tzinfo=None))
        elif text:
            sheet.grid.put(sheet.row, sheet.column, text)


def pages_of_xml(file: str, data: bytes) -> Pages:
    """The sheets of a workbook in XML.

    Raises:
        InputError: it is other XML.
        expat.ExpatError, ValueError: it is damaged.
    """
    if NAMESPACE.encode() not in data[:4096]:
        raise refusal(file, Text("内容是 XML，不是工作簿", "it holds XML that is no workbook"), SAVE_AS)
    reader = Reader()
    reader.parser.Parse(_as_utf8(data), True)
    visible = [(sheet.name, sheet.grid) for sheet in reader.sheets if not sheet.hidden]
    hidden = [sheet.name for sheet in reader.sheets if sheet.hidden]
    return Pages(visible, hidden, date1904=reader.date1904)


def _as_utf8(data: bytes) -> bytes:
    """The same XML in an encoding that the parser knows: it has no Chinese ones."""
    said = re.match(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)["'][^>]*\?>""", data[:200])
    if said is None or said[1].lower() in (b"utf-8", b"utf-16"):
        return data
    text = data[said.end() :].decode(said[1].decode("ascii") if said[1].lower()[:2] != b"gb" else "gb18030")
    return text.encode()
