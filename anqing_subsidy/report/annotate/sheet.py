"""The XML of a sheet: formats of single cells set, missing cells put in, everything else left as it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final
from xml.parsers import expat

from anqing_subsidy.report.annotate.styles import Old
from anqing_subsidy.report.annotate.xml import Edits, Node, close_node, tag_end

Cell = tuple[int, int]
"""Row and column, both counted from 1."""

_AFTER_LEGACY: Final = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_AFTER_LINKS: Final = (
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
    "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", *_AFTER_LEGACY,
)  # fmt: skip


def cell_of(reference: str) -> Cell:
    """B7 -> (7, 2)."""
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]), column_number(letters)


def column_number(letters: str) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def reference(cell: Cell) -> str:
    """(7, 2) -> B7."""
    row, column = cell
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


class Layout:
    """What stands where in a sheet: its parts beside the cells, its rows, and the cells of the rows asked for.

    With `styles` the cells that have one of these formats are kept instead.
    """

    def __init__(self, data: bytes, rows: Iterable[int] = (), styles: Collection[int] = ()) -> None:
        self.data = data
        self.root = Node("", {}, 0, 0)
        self.rows: dict[int, Node] = {}
        self.cells: dict[Cell, Node] = {}
        self.first_cells: dict[int, int] = {}
        self.widths: Counter[int] = Counter()
        self._parse(set(rows), {str(style) for style in styles})

    def _parse(self, asked: set[int], styles: set[str]) -> None:
        parser = expat.ParserCreate()
        path: list[Node | None] = []
        state = {"row": 0, "column": 0}

        def begin(tag: str, attributes: dict[str, str]) -> None:
            depth = len(path)
            name = tag.rpartition(":")[2]
            keep = depth < 2
            if depth == 2 and path[1] is not None and path[1].name == "sheetData":
                state["row"] = int(attributes.get("r") or state["row"] + 1)
                state["column"] = 0
                keep = True
            elif depth == 2:
                keep = True
            elif depth == 3 and name == "c":
                given = attributes.get("r")
                state["column"] = cell_of(given)[1] if given else state["column"] + 1
                self.first_cells.setdefault(state["row"], state["column"])
                self.widths[state["row"]] += 1
                keep = state["row"] in asked or attributes.get("s") in styles
            if not keep:
                path.append(None)
                return
            start = parser.CurrentByteIndex
            node = Node(tag, attributes, start, tag_end(self.data, start))
            if depth == 0:
                self.root = node
            elif depth == 1:
                self.root.children.append(node)
            elif depth == 2 and path[1] is not None:
                if path[1].name == "sheetData":
                    self.rows[state["row"]] = node
                else:
                    path[1].children.append(node)
            elif depth == 3:
                self.cells[state["row"], state["column"]] = node
            path.append(node)

        def finish(_tag: str) -> None:
            node = path.pop()
            if node is not None:
                close_node(self.data, node, parser.CurrentByteIndex)

        parser.StartElementHandler, parser.EndElementHandler = begin, finish
        parser.Parse(self.data, True)

    def merged(self) -> Mapping[Cell, Cell]:
        """The first cell of each merge, by the cells that it hides."""
        found: dict[Cell, Cell] = {}
        merges = self.root.child("mergeCells")
        for node in merges.children if merges else []:
            first, _, last = (node.get("ref") or "").partition(":")
            if last:
                (top, left), (bottom, right) = cell_of(first), cell_of(last)
                if (bottom - top + 1) * (right - left + 1) <= 10_000:
                    found.update(
                        {
                            (row, column): (top, left)
                            for row in range(top, bottom + 1)
                            for column in range(left, right + 1)
                        }
                    )
        return found

    def style_around(self, cell: Cell) -> int:
        """The format that a cell which is not there takes from its row or column."""
        row = self.rows.get(cell[0])
        if row is not None and row.get("customFormat") in ("1", "true"):
            return int(row.get("s") or 0)
        columns = self.root.child("cols")
        for node in columns.children if columns else []:
            if int(node.get("min") or 0) <= cell[1] <= int(node.get("max") or 0):
                return int(node.get("style") or 0)
        return 0

    def old(self, cell: Cell) -> Old:
        """What a cell has now."""
        node = self.cells.get(cell)
        if node is None:
            return "absent", self.style_around(cell)
        own = node.get("s")
        return ("none", 0) if own is None else ("own", int(own))


def mark(layout: Layout, edits: Edits, cells: Iterable[Cell], style: Callable[[Cell], int]) -> None:
    """Give cells a format; cells and rows that are not there are put in at their place."""
    missing: dict[int, list[int]] = defaultdict(list)
    for cell in sorted(cells):
        node = layout.cells.get(cell)
        if node is not None:
            edits.attribute(node, "s", str(style(cell)))
        else:
            missing[cell[0]].append(cell[1])
    p = layout.root.prefix
    known = sorted(layout.rows)
    columns_of: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(layout.cells):
        columns_of[row].append(column)
    for row, columns in missing.items():
        node = layout.rows.get(row)
        new = {column: f'<{p}c r="{reference((row, column))}" s="{style((row, column))}"/>' for column in columns}
        if node is not None:
            there = columns_of[row]
            ending = []
            for column, text in new.items():
                at = bisect_left(there, column)
                if at < len(there):
                    edits.insert(layout.cells[row, there[at]].start, text.encode())
                else:
                    ending.append(text)
            if ending:
                edits.append_in(node, "".join(ending).encode())
            continue
        whole = f'<{p}row r="{row}">{"".join(new.values())}</{p}row>'.encode()
        at = bisect_left(known, row)
        if at < len(known):
            edits.insert(layout.rows[known[at]].start, whole)
        elif (body := layout.root.child("sheetData")) is not None:
            edits.append_in(body, whole)


def clear(layout: Layout, edits: Edits, marked: Mapping[int, Old]) -> None:
    """Take marked formats back; cells that were put in and are still empty go."""
    gone: dict[int, int] = defaultdict(int)
    for (row, _), node in layout.cells.items():
        old = marked.get(int(node.get("s") or 0))
        if old is None:
            continue
        kind, style = old
        if kind == "absent" and node.end == node.open_end:
            edits.remove(node)
            gone[row] += 1
        else:
            edits.attribute(node, "s", str(style) if kind != "none" else None)
    for row, number in gone.items():
        node = layout.rows[row]
        if layout.widths[row] == number and re.fullmatch(
            rb"<[\w:]*row r=\"\d+\">", layout.data[node.start : node.open_end]
        ):
            edits.remove(node)


def set_legacy(layout: Layout, edits: Edits, id_: str | None, *, base: str) -> None:
    """Name the drawing that holds the boxes of the comments, or no longer."""
    node = layout.root.child("legacyDrawing")
    if id_ is None:
        if node is not None:
            edits.remove(node)
        return
    _put(layout, edits, f'legacyDrawing xmlns:sub="{base}" sub:id="{id_}"', _AFTER_LEGACY)


def add_link(layout: Layout, edits: Edits, cell: Cell, location: str, tip: str) -> None:
    """A link from a cell to another place of the workbook."""
    from xml.sax.saxutils import quoteattr

    p = layout.root.prefix
    text = f'<{p}hyperlink ref="{reference(cell)}" location={quoteattr(location)} tooltip={quoteattr(tip)}/>'
    node = layout.root.child("hyperlinks")
    if node is None:
        _put(layout, edits, "hyperlinks", _AFTER_LINKS, text)
    elif not any(link.get("ref") == reference(cell) for link in node.children):
        edits.append_in(node, text.encode())


def drop_links(layout: Layout, edits: Edits, sheet: str) -> None:
    """Take away the links to a sheet."""
    node = layout.root.child("hyperlinks")
    if node is None:
        return
    plain = sheet.replace("'", "''")
    ours = [
        link for link in node.children
        if (link.get("location") or "").lstrip("#").rpartition("!")[0] in (sheet, f"'{plain}'")
    ]  # fmt: skip
    if ours and len(ours) == len(node.children):
        edits.remove(node)
    else:
        for link in ours:
            edits.remove(link)


def _put(layout: Layout, edits: Edits, head: str, before: tuple[str, ...], body: str = "") -> None:
    p = layout.root.prefix
    name = head.partition(" ")[0]
    text = f"<{p}{head}>{body}</{p}{name}>" if body else f"<{p}{head}/>"
    after = next((node for node in layout.root.children if node.name in before), None)
    # markup for several editions of the format wraps elements that come late in a sheet
    wrapped = next((node for node in layout.root.children if node.name == "AlternateContent"), None)
    places = [node.start for node in (after, wrapped) if node is not None]
    edits.insert(min(places, default=layout.root.close), text.encode())
