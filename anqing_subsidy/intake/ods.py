"""OpenDocument spreadsheets (.ods, and the flat .fods) to sheets: one pass over the XML, with what each cell says of itself."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, Final, cast
from xml.parsers import expat

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.grid import MOST_CELLS, Grid, Pages
from anqing_subsidy.intake.kinds import refusal
from anqing_subsidy.intake.sheet import Merge

if TYPE_CHECKING:
    from anqing_subsidy.intake.content import Value

_BLOCK: Final = 1 << 20
_NUMBERS: Final = ("float", "currency", "percentage")
_ASIDE: Final = ("annotation", "tracked-changes", "shapes", "dde-links", "ruby-text")
"""What stands beside the cells: remarks, older versions, pictures with words in them."""
_DRAWN: Final = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
_ROWS, _COLUMNS = "number-rows-repeated", "number-columns-repeated"


class BrokenError(Exception):
    """The XML is not what the format allows."""


@dataclass
class Table:
    """A sheet while it is read: the row and column come to, the cells so far."""

    name: str
    hidden: bool
    grid: Grid = field(default_factory=Grid)
    row: int = 1
    column: int = 0
    stride: int = 1
    columns: int = 0
    count: int = 0


class Reader:
    """Takes the events of one pass. Names lose their prefix: the format uses none twice where a table stands."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.date1904 = False
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.depth = self.aside = 0
        self.cell: dict[str, str] | None = None
        self.texts: list[str] = []
        self.pieces: list[str] | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.doctype

    @staticmethod
    def doctype(*_: object) -> None:
        """No spreadsheet has one."""
        raise BrokenError("a DOCTYPE")

    def start(self, name: str, given: dict[str, str]) -> None:
        """A tag opens."""
        local = name.rpartition(" ")[2]
        attributes = {key.rpartition(" ")[2]: value for key, value in given.items()}
        if self.aside or local in _ASIDE or name.startswith(_DRAWN):
            self.aside += 1
        elif local == "table":
            self.depth += 1
            if self.depth == 1:
                hidden = attributes.get("style-name", "") in self.hidden_styles
                self.tables.append(Table(attributes.get("name", ""), hidden))
        elif self.depth > 1:
            return
        elif self.depth == 1:
            # two attributes are called value-type: that of the format, and that of LibreOffice, which knows errors
            self.inside(local, attributes, error="error" in (v for k, v in given.items() if k.endswith("value-type")))
        elif local == "style":
            self.style = attributes.get("name", "")
        elif local == "table-properties" and attributes.get("display") == "false":
            self.hidden_styles.add(self.style)
        elif local == "null-date":
            self.date1904 = attributes.get("date-value", "").startswith("1904")

    def inside(self, local: str, given: dict[str, str], *, error: bool) -> None:
        """A tag opens in a table."""
        table = self.tables[-1]
        if local == "table-row":
            table.column, table.stride = 0, _count(given, _ROWS)
            if given.get("visibility", "visible") != "visible" and table.stride <= MOST_CELLS:
                table.grid.hidden_rows.update(range(table.row, min(table.row + table.stride, 1 << 20)))
        elif local == "table-column":
            width = _count(given, _COLUMNS)
            if given.get("visibility", "visible") != "visible":
                table.grid.hidden_columns.append((table.columns, table.columns + width - 1))
            table.columns += width
        elif local in ("table-cell", "covered-table-cell"):
            self.cell = {**given, "error": "1"} if error else given
            self.texts = []
        elif local in ("p", "h") and self.cell is not None:
            self.pieces = []
        elif self.pieces is not None:
            self.pieces.append(
                {"s": " " * min(_count(given, "c"), 1000), "tab": "\t", "line-break": "\n"}.get(local, "")
            )

    def text(self, text: str) -> None:
        """Characters."""
        if self.pieces is not None and not self.aside:
            self.pieces.append(text)

    def end(self, name: str) -> None:
        """A tag closes."""
        local = name.rpartition(" ")[2]
        if self.aside:
            self.aside -= 1
        elif local == "table":
            self.depth -= 1
        elif self.depth != 1:
            return
        elif local in ("p", "h") and self.pieces is not None:
            self.texts.append("".join(self.pieces))
            self.pieces = None
        elif local in ("table-cell", "covered-table-cell") and self.cell is not None:
            self.keep(self.tables[-1], self.cell, covered=local.startswith("covered"))
            self.cell = None
        elif local == "table-row":
            self.tables[-1].row += self.tables[-1].stride

    def keep(self, table: Table, given: dict[str, str], *, covered: bool) -> None:
        """Put a cell, as often as it is repeated, where it holds something; what a merged cell covers holds nothing."""
        width = _count(given, _COLUMNS)
        shown = "\n".join(self.texts)
        value = None if covered else _value(given, shown)
        fault = (
            ""
            if covered
            else shown or "#ERROR"
            if "error" in given
            else "="
            if value is None and "formula" in given
            else ""
        )
        if fault == "=" and "value-type" in given:
            fault = ""  # the stored value is an empty text
        if value is not None or fault:
            table.count += width * table.stride
            if table.count > MOST_CELLS:
                raise BrokenError("one cell is repeated millions of times")
            for row in range(table.row, table.row + table.stride):
                for column in range(table.column, table.column + width):
                    if fault:
                        table.grid.fault(row, column, fault)
                    elif value is not None:
                        table.grid.put(row, column, value, percent=given.get("value-type") == "percentage")
        down, right = _count(given, "number-rows-spanned"), _count(given, "number-columns-spanned")
        if not covered and (down > 1 or right > 1):
            bottom = table.row + down - 1
            table.grid.merges.append(Merge(table.row, table.column, bottom, table.column + right - 1))
        table.column += width


def _count(given: dict[str, str], name: str) -> int:
    return max(1, int(given.get(name, "1")))


def _value(given: dict[str, str], shown: str) -> Value | None:
    kind = given.get("value-type")
    if kind in _NUMBERS and "value" in given:
        return float(given["value"])
    if kind == "boolean" and "boolean-value" in given:
        return given["boolean-value"] == "true"
    if kind == "date" and "date-value" in given:
        return datetime.fromisoformat(given["date-value"]).replace(tzinfo=None)
    text = given.get("string-value", shown) if kind == "string" else shown
    return text or None


def pages_of_ods(file: str, data: bytes) -> Pages:
    """The sheets of an OpenDocument spreadsheet.

    Raises:
        InputError: it has a password.
        BrokenError, expat.ExpatError, zipfile.BadZipFile, KeyError, ValueError: it is damaged.
    """
    reader = Reader()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "META-INF/manifest.xml" in archive.namelist():
                manifest = archive.read("META-INF/manifest.xml")
                if b"encryption-data" in manifest or b"encrypted-package" in manifest:
                    raise refusal(
                        file,
                        Text("OpenDocument 工作簿设有密码，无法打开", "this OpenDocument workbook has a password"),
                        Text("请去掉密码，另存为 .xlsx", "remove the password and save it as .xlsx"),
                    )
            with archive.open("content.xml") as source:
                _feed(reader, cast("BinaryIO", source))
    else:
        _feed(reader, io.BytesIO(data))
    visible = [(table.name, table.grid) for table in reader.tables if not table.hidden]
    hidden = [table.name for table in reader.tables if table.hidden]
    return Pages(visible, hidden, date1904=reader.date1904)


def _feed(reader: Reader, source: BinaryIO) -> None:
    while block := source.read(_BLOCK):
        reader.parser.Parse(block, False)
    reader.parser.Parse(b"", True)
