"""The list of sheets of a workbook: one put in front, one taken out, everything that counts sheets kept right."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from xml.sax.saxutils import quoteattr

from anqing_subsidy.report.annotate.package import Package, relation_base
from anqing_subsidy.report.annotate.xml import Edits, Node, text_of, tree
from anqing_subsidy.tables import FINDINGS_NAME

_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_LONGEST = 31


@dataclass(frozen=True)
class Sheet:
    """A worksheet of a workbook: its name and its part."""

    name: str
    part: str


class Book:
    """The workbook part of a package."""

    def __init__(self, package: Package) -> None:
        self.package = package
        start = next(link for link in package.links("") if link.kind == "officeDocument")
        self.part = start.target
        self.strict = _STRICT in package.parts[self.part][:4096]
        self.base = relation_base(strict=self.strict)

    @property
    def data(self) -> bytes:
        """The list as it stands now."""
        return self.package.parts[self.part]

    def sheets(self) -> list[Sheet]:
        """The worksheets, in order; sheets of other kinds are left out."""
        links = {link.id: link for link in self.package.links(self.part)}
        found = []
        for node in self._listed():
            link = links.get(node.get("id") or "")
            if link is not None and link.kind == "worksheet":
                found.append(Sheet(node.get("name") or "", link.target))
        return found

    def linked(self, kind: str) -> str | None:
        """The part of a kind that the workbook leads to."""
        return next((link.target for link in self.package.links(self.part) if link.kind == kind), None)

    def _listed(self) -> list[Node]:
        sheets = tree(self.data).child("sheets")
        return sheets.children if sheets else []

    def findings_sheet(self) -> str | None:
        """The name of the sheet of findings that an earlier check put in; "" where somebody has deleted it."""
        for node in tree(self.data).all("definedName"):
            if node.get("name") == FINDINGS_NAME:
                text = unescape(self.data[node.open_end : node.close].decode())
                name = text.rpartition("!")[0].lstrip("$")
                return name[1:-1].replace("''", "'") if name.startswith("'") else name
        return None

    def free_name(self, wanted: str) -> str:
        """A name for a sheet that no sheet has."""
        taken = {(node.get("name") or "").casefold() for node in self._listed()}
        name, number = wanted, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted[: _LONGEST - 4]}({number})"
        return name

    def put_first(self, name: str, xml: bytes) -> None:
        """Put a sheet in front; the sheet that was shown stays the one that is shown."""
        folder = self.part.rpartition("/")[0]
        part = self.package.free(f"{folder}/worksheets/sheet{{}}.xml")
        self.package.put(part, xml)
        self.package.declare(part, _SHEET_TYPE)
        id_ = self.package.link(self.part, "worksheet", part, strict=self.strict)
        root = tree(self.data)
        edits = Edits(self.data)
        sheets = root.child("sheets")
        if sheets is None or not sheets.children:
            raise ValueError("a workbook without sheets")
        number = max(int(node.get("sheetId") or 0) for node in sheets.children) + 1
        p = root.prefix
        text = f'<{p}sheet xmlns:sub="{self.base}" name={quoteattr(name)} sheetId="{number}" sub:id="{id_}"/>'
        edits.insert(sheets.children[0].start, text.encode())
        _count(root, edits, 1, sheets)
        place = "'" + name.replace("'", "''") + "'!$A$1"
        entry = f'<{p}definedName name="{FINDINGS_NAME}" hidden="1">{text_of(place)}</{p}definedName>'
        names = root.child("definedNames")
        if names is not None:
            edits.append_in(names, entry.encode())
        else:
            last = [node for node in root.children if node.name in ("sheets", "functionGroups", "externalReferences")]
            edits.insert(last[-1].end, f"<{p}definedNames>{entry}</{p}definedNames>".encode())
        self.package.put(self.part, edits.apply())

    def take_out(self, name: str) -> None:
        """Take a sheet out, with the name by which it was known."""
        root = tree(self.data)
        edits = Edits(self.data)
        sheets, names = root.child("sheets"), root.child("definedNames")
        at = next((at for at, node in enumerate(sheets.children if sheets else []) if node.get("name") == name), None)
        if names is not None:
            ours = [
                node
                for node in names.children
                if node.get("name") == FINDINGS_NAME or (at is not None and _local(node) == at)
            ]
            for node in ours if len(ours) < len(names.children) else [names]:
                edits.remove(node)
        if sheets is not None and at is not None:
            node = sheets.children[at]
            id_ = node.get("id") or ""
            edits.remove(node)
            _count(root, edits, -1, sheets, at)
            link = next((link for link in self.package.links(self.part) if link.id == id_), None)
            if link is not None:
                for beside in self.package.links(link.target):
                    if beside.kind in ("comments", "vmlDrawing"):
                        self.package.drop(beside.target)
                self.package.drop(link.target)
                self.package.drop(f"{link.target.rpartition('/')[0]}/_rels/{link.target.rpartition('/')[2]}.rels")
        self.package.put(self.part, edits.apply())
        if at is not None:
            self.package.unlink(self.part, id_)


def _local(node: Node) -> int | None:
    value = node.get("localSheetId")
    return None if value is None else int(value)


def _count(root: Node, edits: Edits, step: int, sheets: Node, at: int = 0) -> None:
    """Everything that counts sheets from 0, when one comes or goes at a place."""
    names = root.child("definedNames")
    for node in names.children if names else []:
        local = _local(node)
        if local is not None and (local >= at if step > 0 else local > at) and node.get("name") != FINDINGS_NAME:
            edits.attribute(node, "localSheetId", str(local + step))
    views = root.child("bookViews")
    if views is None and step > 0:
        p = root.prefix
        edits.insert(sheets.start, f'<{p}bookViews><{p}workbookView activeTab="1"/></{p}bookViews>'.encode())
    for view in views.children if views else []:
        for name in ("activeTab", "firstSheet"):
            shown = int(view.get(name) or 0)
            if name == "activeTab" or shown:
                moved = shown + step if step > 0 or shown > at else shown
                edits.attribute(view, name, str(moved) if moved or view.get(name) is not None else None)
