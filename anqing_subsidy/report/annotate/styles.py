"""Fills for marked cells: formats are cloned with another fill and appended, so that all formats in use stay.

Each colour stands for one fill that it covers (they differ in their last bits), so that the fill can be
restored even after another program has numbered the formats anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from anqing_subsidy.report.annotate.xml import Edits, Node, tree

COLOURS: Final = {"error": ("FFFFC7", 0xC0), "warning": ("FFFFEB", 0x90), "info": ("FFDDEB", 0xE0)}
_SHADES: Final = 30
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EMPTY: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
).encode()

Old = tuple[str, int]
"""What a cell had: ("own", its format), ("none", 0) without one, ("absent", that of its row or column) no cell."""


class Styles:
    """The formats of a workbook, and what is appended to them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.root = tree(data)
        self.p = self.root.prefix
        self.lists: dict[str, Node] = {}
        for name in ("fonts", "fills", "borders", "cellXfs"):
            node = self.root.child(name)
            if node is None:
                raise ValueError(f"styles without {name}")
            self.lists[name] = node
        self.added: dict[str, list[str]] = {name: [] for name in self.lists}
        self.covered: dict[str, str] = {}
        self._fills: dict[tuple[str, str], int] = {}
        self._marks: dict[tuple[str, Old], int] = {}

    def _size(self, name: str) -> int:
        return len(self.lists[name].children) + len(self.added[name])

    def _text(self, node: Node) -> str:
        return self.data[node.start : node.end].decode()

    def add(self, name: str, text: str) -> int:
        """Append an entry to a list; its number."""
        self.added[name].append(text)
        return self._size(name) - 1

    def xf(self, text: str) -> int:
        """Append a format written without prefixes."""
        return self.add("cellXfs", _prefixed(text, self.p))

    def marked(self, severity: str, old: Old) -> int:
        """The format of a marked cell that had an old one."""
        key = (severity, old)
        if key not in self._marks:
            base = self.lists["cellXfs"].children
            node = base[old[1]] if old[1] < len(base) else base[0]
            edits = Edits(self.data[node.start : node.end])
            own = tree(edits.data)
            edits.attribute(own, "applyFill", "1")
            edits.attribute(own, "fillId", str(self._fill(severity, int(node.get("fillId") or 0))))
            self._marks[key] = self.add("cellXfs", edits.apply().decode())
        return self._marks[key]

    def _fill(self, severity: str, covered: int) -> int:
        fills = self.lists["fills"].children
        under = self._text(fills[covered]) if covered < len(fills) else f"<{self.p}fill/>"
        key = (severity, under)
        if key not in self._fills:
            head, base = COLOURS[severity]
            shade = sum(1 for known, _ in self._fills if known == severity)
            colour = f"{head}{base + min(shade, _SHADES):02X}"
            self.covered.setdefault(colour, under.replace(f"<{self.p}", "<").replace(f"</{self.p}", "</"))
            text = f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill></fill>'
            self._fills[key] = self.add("fills", _prefixed(text, self.p))
        return self._fills[key]

    def write(self) -> tuple[bytes, dict[str, Any]]:
        """The styles with all that was appended, and the record from which it can be undone."""
        edits = Edits(self.data)
        for name, texts in self.added.items():
            if texts:
                node = self.lists[name]
                edits.append_in(node, "".join(texts).encode())
                if node.get("count") is not None:
                    edits.attribute(node, "count", str(self._size(name)))
        data = edits.apply()
        record = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "sizes": {name: len(node.children) for name, node in self.lists.items()},
            "cells": {str(new): list(old) for (_, old), new in self._marks.items()},
            "fills": self.covered,
        }
        return data, record


def _prefixed(text: str, prefix: str) -> str:
    return text.replace("</", "\0").replace("<", f"<{prefix}").replace("\0", f"</{prefix}") if prefix else text


def undone(data: bytes, record: Mapping[str, Any]) -> tuple[bytes, dict[int, Old]]:
    """Styles without what a check appended, and for each format of a marked cell what the cell had.

    Where another program has saved the workbook since, the marked formats get back the fills that they cover.
    """
    root = tree(data)
    edits = Edits(data)
    if record.get("sha256") == hashlib.sha256(data).hexdigest():
        for name, size in record["sizes"].items():
            node = root.child(name)
            if node is None or len(node.children) <= size:
                continue
            for extra in node.children[size:]:
                edits.remove(extra)
            if node.get("count") is not None:
                edits.attribute(node, "count", str(size))
        return edits.apply(), {int(new): (str(old[0]), int(old[1])) for new, old in record["cells"].items()}
    fills, xfs = root.child("fills"), root.child("cellXfs")
    if fills is None or xfs is None:
        return data, {}
    known = {data[node.start : node.end].decode(): at for at, node in enumerate(fills.children)}
    back: dict[str, str] = {}
    texts: list[str] = []
    for at, node in enumerate(fills.children):
        colour = next((found.get("rgb") for found in node.all("fgColor")), None)
        under = record.get("fills", {}).get((colour or "").upper())
        if under is None:
            continue
        under = _prefixed(under, root.prefix)
        if under not in known:
            known[under] = len(fills.children) + len(texts)
            texts.append(under)
        back[str(at)] = str(known[under])
    if texts:
        edits.append_in(fills, "".join(texts).encode())
        if fills.get("count") is not None:
            edits.attribute(fills, "count", str(len(fills.children) + len(texts)))
    for xf in xfs.children:
        if (fill := xf.get("fillId")) in back:
            edits.attribute(xf, "fillId", back[str(fill)])
    return edits.apply(), {}
