"""Comments of a sheet and the boxes that show them: ours added to those of the file, and taken out again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from anqing_subsidy.report.annotate.sheet import Cell, cell_of, reference
from anqing_subsidy.report.annotate.xml import Edits, Node, text_of, tree

MARKS: Final = ("【检查】", "[check] ")
AUTHOR: Final = "anqing-subsidy"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EMPTY_COMMENTS: Final = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{_MAIN}"><authors></authors>'
    "<commentList></commentList></comments>"
).encode()
EMPTY_BOXES: Final = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)


def with_comments(data: bytes, texts: Mapping[Cell, str]) -> tuple[bytes, list[Cell]]:
    """Comments with ours added, and the cells that had none before.

    A cell that has a comment keeps it, ours follows; one that belongs to a conversation is left alone.
    """
    root = tree(data)
    edits = Edits(data)
    authors, listing = root.child("authors"), root.child("commentList")
    if authors is None or listing is None:
        raise ValueError("comments without a list")
    p = root.prefix
    names = [_text(data, node) for node in authors.children]
    if AUTHOR in names:
        author = names.index(AUTHOR)
    else:
        author = len(names)
        edits.append_in(authors, f"<{p}author>{AUTHOR}</{p}author>".encode())
    known = {cell_of(node.get("ref") or "A1"): node for node in listing.children}
    new: list[Cell] = []
    late: list[bytes] = []
    order = sorted(known)
    for cell, said in sorted(texts.items()):
        node = known.get(cell)
        if node is None:
            new.append(cell)
            text = (
                f'<{p}comment ref="{reference(cell)}" authorId="{author}"><{p}text><{p}r>'
                f'<{p}t xml:space="preserve">{text_of(said)}</{p}t></{p}r></{p}text></{p}comment>'
            ).encode()
            after = next((other for other in order if other > cell), None)
            if after is None:
                late.append(text)
            else:
                edits.insert(known[after].start, text)
        elif not _conversation(names, node) and (body := node.child("text")) is not None:
            for plain in body.children:
                if plain.name == "t":
                    edits.insert(plain.start, f"<{p}r>".encode())
                    edits.insert(plain.end, f"</{p}r>".encode())
            edits.append_in(body, f'<{p}r><{p}t xml:space="preserve">\n{text_of(said)}</{p}t></{p}r>'.encode())
    if late:
        edits.append_in(listing, b"".join(late))
    return edits.apply(), new


def _conversation(authors: list[str], node: Node) -> bool:
    at = int(node.get("authorId") or 0)
    return at < len(authors) and authors[at].startswith("tc=")


def _text(data: bytes, node: Node) -> str:
    from html import unescape

    return unescape(re.sub(r"<[^>]*>", "", data[node.open_end : node.close].decode()))


def without_ours(data: bytes) -> tuple[bytes, set[Cell], bool]:
    """Comments without ours, the cells that have none any more, and whether any are left."""
    root = tree(data)
    listing = root.child("commentList")
    if listing is None:
        return data, set(), False
    edits = Edits(data)
    gone: set[Cell] = set()
    for node in listing.children:
        body = node.child("text")
        whole = _text(data, body).lstrip() if body else ""
        if body is None or not any(mark in whole for mark in MARKS):
            continue
        if whole.startswith(MARKS):
            edits.remove(node)
            gone.add(cell_of(node.get("ref") or "A1"))
        else:
            _cut(data, body, edits)
    authors = root.child("authors")
    used = {int(node.get("authorId") or 0) for node in listing.children if cell_of(node.get("ref") or "A1") not in gone}
    last = authors.children[-1] if authors is not None and authors.children else None
    if (
        authors is not None
        and last is not None
        and _text(data, last) == AUTHOR
        and len(authors.children) - 1 not in used
    ):
        edits.remove(last)
    return edits.apply(), gone, len(gone) < len(listing.children)


def _cut(data: bytes, body: Node, edits: Edits) -> None:
    """Take our words off the end of somebody's comment."""
    ours = False
    for node in body.children:
        said = _text(data, node)
        if ours:
            edits.remove(node)
            continue
        at = min((said.find(mark) for mark in MARKS if mark in said), default=-1)
        if at < 0:
            continue
        ours = True
        kept = said[:at].rstrip("\n")
        holder = node if node.name == "t" else node.child("t")
        if not kept or holder is None:
            edits.remove(node)
        else:
            edits.replace(holder.open_end, holder.close, text_of(kept).encode())


# ---- the boxes --------------------------------------------------------------------------------


def with_boxes(data: bytes, texts: Mapping[Cell, str], cells: list[Cell]) -> bytes:
    """A drawing with a box for each cell."""
    root = tree(data)
    spaces = {value: key.partition(":")[2] + ":" for key, value in root.attributes.items() if key.startswith("xmlns:")}
    v = spaces.get("urn:schemas-microsoft-com:vml", "v:")
    x = spaces.get("urn:schemas-microsoft-com:office:excel", "x:")
    o = spaces.get("urn:schemas-microsoft-com:office:office", "o:")
    numbers = [int(number) for number in re.findall(rb'id="_x0000_s(\d{1,9})"', data)]
    first = max([1024, *numbers]) + 1
    shapes = []
    for number, cell in enumerate(cells, first):
        row, column = cell[0] - 1, cell[1] - 1
        lines = sum(1 + len(line) // 18 for line in texts[cell].split("\n"))
        anchor = f"{column + 1},15,{max(row - 1, 0)},8,{column + 4},20,{max(row - 1, 0) + min(max(lines + 1, 4), 16)},4"
        shapes.append(
            f'<{v}shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;'
            f'margin-top:2pt;width:190pt;height:80pt;z-index:{number - first + 1};visibility:hidden" '
            f'fillcolor="#ffffe1" {o}insetmode="auto"><{v}fill color2="#ffffe1"/><{v}shadow on="t" color="black" '
            f'obscured="t"/><{v}path {o}connecttype="none"/><{v}textbox style="mso-direction-alt:auto"/>'
            f'<{x}ClientData ObjectType="Note"><{x}MoveWithCells/><{x}SizeWithCells/><{x}Anchor>{anchor}</{x}Anchor>'
            f"<{x}AutoFill>False</{x}AutoFill><{x}Row>{row}</{x}Row><{x}Column>{column}</{x}Column></{x}ClientData></{v}shape>"
        )
    edits = Edits(data)
    edits.append_in(root, "".join(shapes).encode())
    return edits.apply()


def without_boxes(data: bytes, cells: set[Cell]) -> tuple[bytes, bool]:
    """A drawing without the boxes of some cells, and whether any shape is left."""
    root = tree(data)
    edits = Edits(data)
    left = False
    for shape in root.children:
        if shape.name in ("shapelayout", "shapetype"):
            continue
        numbers = [next(shape.all(name), None) for name in ("Row", "Column")]
        at = tuple(int(_text(data, node)) + 1 for node in numbers if node is not None)
        note = any(node.get("ObjectType") == "Note" for node in shape.all("ClientData"))
        if note and len(at) == 2 and (at[0], at[1]) in cells:
            edits.remove(shape)
        else:
            left = True
    return edits.apply(), left
