"""Tables in a web page that is named as a workbook, as many government systems export them: every cell is text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.grid import MOST_CELLS, Grid, Pages
from anqing_subsidy.intake.kinds import SAVE_AS, refusal
from anqing_subsidy.intake.sheet import Merge

if TYPE_CHECKING:
    pass

_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_CHINESE: Final = ("gb2312", "gbk", "gb18030", "x-gbk", "cp936", "ms936", "gb_2312-80")
_BREAKS: Final = ("br", "p", "div", "li")
_SILENT: Final = ("script", "style", "comment")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_WIDEST: Final = 16_384


@dataclass
class Table:
    """A table while it is read; `taken` are the cells that a cell further up or left reaches into."""

    grid: Grid = field(default_factory=Grid)
    row: int = 0
    column: int = 0
    taken: set[tuple[int, int]] = field(default_factory=set)
    text: list[str] | None = None
    spans: tuple[int, int] = (1, 1)


class Reader(HTMLParser):
    """Collects the tables of a page; a table inside a cell is a table of its own and no text of the cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[Table] = []
        self.open: list[Table] = []
        self.silent = 0
        self.frames = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        given = {name: value or "" for name, value in attrs}
        table = self.open[-1] if self.open else None
        self.frames = self.frames or tag in ("frame", "frameset")
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self.open.append(Table())
            self.done.append(self.open[-1])
        elif table is None:
            return
        elif tag == "tr":
            self._close_cell(table)
            table.row, table.column = table.row + 1, 0
            if "hidden" in given or _HIDDEN.search(given.get("style", "")):
                table.grid.hidden_rows.add(table.row)
        elif tag in ("td", "th"):
            self._close_cell(table)
            table.row = max(table.row, 1)
            while (table.row, table.column) in table.taken:
                table.column += 1
            table.text = []
            table.spans = (_span(given, "rowspan"), _span(given, "colspan"))
        elif tag in _BREAKS and table.text:
            table.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif self.open and tag in ("td", "th", "tr"):
            self._close_cell(self.open[-1])
        elif self.open and tag == "table":
            self._close_cell(self.open[-1])
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Characters."""
        if self.open and not self.silent and (pieces := self.open[-1].text) is not None:
            pieces.append(re.sub(r"[ \t\r\n]+", " ", data))

    def _close_cell(self, table: Table) -> None:
        if table.text is None:
            return
        lines = "".join(table.text).replace("\xa0", " ").split("\n")
        text = "\n".join(stripped for line in lines if (stripped := line.strip()))
        table.text = None
        down, right = table.spans
        if down * right > 1:
            if len(table.taken) + down * right > MOST_CELLS:
                raise ValueError("merged cells without end")
            table.taken |= {(table.row + i, table.column + j) for i in range(down) for j in range(right)}
            bottom = table.row + down - 1
            table.grid.merges.append(Merge(table.row, table.column, bottom, table.column + right - 1))
        if text:
            table.grid.put(table.row, table.column, text)
        table.column += right


def _span(given: dict[str, str], name: str) -> int:
    digits = given.get(name, "").strip()
    return min(max(1, int(digits)), _WIDEST) if digits.isascii() and digits.isdigit() else 1


def decode_page(data: bytes) -> str:
    """The text of a page: by its byte order mark, by what it says of itself, else UTF-8, else GB18030.

    Raises:
        UnicodeDecodeError, LookupError: it is in none of them.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig")
    said = _CHARSET.search(data[:4096])
    name = said[1].decode("ascii").casefold() if said else "utf-8"
    try:
        return data.decode("gb18030" if name in _CHINESE else name)
    except UnicodeDecodeError:  # what a page says of itself is often wrong; strict decoding tells
        return data.decode("utf-8" if name in _CHINESE else "gb18030")


def pages_of_html(file: str, data: bytes) -> Pages:
    """The tables of a page with at least two rows, each as a sheet without a name.

    Raises:
        InputError: it holds no table.
        UnicodeDecodeError, LookupError, ValueError: it is damaged.
    """
    reader = Reader()
    reader.feed(decode_page(data))
    reader.close()
    for table in reader.open:
        reader._close_cell(table)  # noqa: SLF001  # a page that breaks off inside a cell
    tables = [table for table in reader.done if table.row > 1 and table.grid.cells]
    if not tables:
        why = Text("内容是网页，其中没有表格", "it holds a web page without a table")
        if reader.frames:
            why = Text("内容是多个文件组成的网页，表格在别的文件里", "it is a web page whose tables are in other files")
        raise refusal(file, why, SAVE_AS)
    return Pages([(None, table.grid) for table in tables])
