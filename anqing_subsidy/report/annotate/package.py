"""A workbook as the zip of parts that it is: parts replaced, added, taken out; all others written as they were."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from anqing_subsidy.report.annotate.xml import Edits, Node, tree

TYPES = "[Content_Types].xml"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
"""How the types of a workbook's own parts begin."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class Link:
    """A relationship of a part: its id, its kind (the last word of its type), the part that it leads to."""

    id: str
    kind: str
    target: str


class Package:
    """The parts of a workbook, in the order of the file."""

    def __init__(self, data: bytes) -> None:
        self.infos: dict[str, zipfile.ZipInfo] = {}
        self.parts: dict[str, bytes] = {}
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                self.infos[info.filename] = info
                self.parts[info.filename] = archive.read(info)

    def get(self, part: str) -> bytes | None:
        """A part, whatever the case of its name."""
        name = self._name(part)
        return self.parts.get(name) if name else None

    def _name(self, part: str) -> str | None:
        if part in self.parts:
            return part
        return next((name for name in self.parts if name.casefold() == part.casefold()), None)

    def put(self, part: str, data: bytes) -> None:
        """Replace or add a part."""
        self.parts[self._name(part) or part] = data

    def drop(self, part: str) -> None:
        """Take a part out, with the word of its type."""
        name = self._name(part)
        if name is not None:
            del self.parts[name]
            self.infos.pop(name, None)
        types = self.parts[TYPES]
        edits = Edits(types)
        for node in tree(types).children:
            if (node.get("PartName") or "").casefold() == f"/{part}".casefold():
                edits.remove(node)
        self.parts[TYPES] = edits.apply()

    def free(self, pattern: str) -> str:
        """The first name of a pattern such as `xl/comments{}.xml` that no part has."""
        taken = {name.casefold() for name in self.parts}
        number = 1
        while pattern.format(number).casefold() in taken:
            number += 1
        return pattern.format(number)

    def declare(self, part: str, kind: str) -> None:
        """Say the type of a part."""
        self._type("Override", "PartName", f"/{part}", kind)

    def declare_suffix(self, suffix: str, kind: str) -> None:
        """Say the type of all parts with a suffix."""
        self._type("Default", "Extension", suffix, kind)

    def _type(self, element: str, key: str, value: str, kind: str) -> None:
        root = tree(self.parts[TYPES])
        if any((node.get(key) or "").casefold() == value.casefold() for node in root.children):
            return
        edits = Edits(self.parts[TYPES])
        text = f"<{root.prefix}{element} {key}={quoteattr(value)} ContentType={quoteattr(kind)}/>".encode()
        if element == "Default" and root.children:
            edits.insert(root.children[0].start, text)
        else:
            edits.append_in(root, text)
        self.parts[TYPES] = edits.apply()

    # ---- relationships ------------------------------------------------------------------------

    def links(self, part: str) -> list[Link]:
        """Where a part leads to."""
        data = self.get(rels_of(part))
        if data is None:
            return []
        folder = posixpath.dirname(part)
        found = []
        for node in tree(data).children:
            target = node.get("Target") or ""
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append(Link(node.get("Id") or "", (node.get("Type") or "").rpartition("/")[2], whole))
        return found

    def link(self, part: str, kind: str, target: str, *, strict: bool) -> str:
        """Lead a part to another; the id of the new relationship."""
        name = rels_of(part)
        data = self.get(name) or _HEAD + f'<Relationships xmlns="{_RELS}"></Relationships>'.encode()
        numbers = [int(found) for link in self.links(part) if (found := re.sub(r"\D", "", link.id))]
        id_ = f"rId{max(numbers, default=0) + 1}"
        base = relation_base(strict=strict)
        path = posixpath.relpath(target, posixpath.dirname(part) or ".")
        root = tree(data)
        edits = Edits(data)
        text = f"<{root.prefix}Relationship Id={quoteattr(id_)} Type={quoteattr(f'{base}/{kind}')} Target={quoteattr(path)}/>"
        edits.append_in(root, text.encode())
        self.put(name, edits.apply())
        return id_

    def unlink(self, part: str, id_: str) -> None:
        """Take a relationship away; the list of them too, when it is empty."""
        name = rels_of(part)
        data = self.get(name)
        if data is None:
            return
        root = tree(data)
        edits = Edits(data)
        kept: list[Node] = []
        for node in root.children:
            if node.get("Id") == id_:
                edits.remove(node)
            else:
                kept.append(node)
        if kept:
            self.put(name, edits.apply())
        else:
            self.drop(name)

    def bytes(self) -> bytes:
        """The workbook as a file; parts that were there keep their dates and places."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.parts.items():
                old = self.infos.get(name)
                info = zipfile.ZipInfo(name, old.date_time if old else _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED if old is None else old.compress_type
                info.external_attr = old.external_attr if old else 0o600 << 16
                archive.writestr(info, data)
        return out.getvalue()


def rels_of(part: str) -> str:
    """The part that lists the relationships of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def relation_base(*, strict: bool) -> str:
    """The beginning of the type of a relationship, in the two editions of the format."""
    return (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
        if strict
        else "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    )
