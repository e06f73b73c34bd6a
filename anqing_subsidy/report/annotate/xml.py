"""XML as bytes with known places: elements found by a parser, changed by cutting in the text.

A document that is parsed and written again loses its spelling (prefixes, order, spaces); here only what is
replaced changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass
class Node:
    """An element and where it stands: `start:open_end` is its first tag, `close:end` its last (empty if it has none)."""

    tag: str
    attributes: dict[str, str]
    start: int
    open_end: int
    close: int = 0
    end: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name without its prefix."""
        return self.tag.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """The prefix with its colon, or nothing."""
        return self.tag[: -len(self.name)]

    def get(self, name: str) -> str | None:
        """An attribute, whatever its prefix."""
        for key, value in self.attributes.items():
            if key.rpartition(":")[2] == name:
                return value
        return None

    def child(self, name: str) -> Node | None:
        """The first child of a name."""
        return next((node for node in self.children if node.name == name), None)

    def all(self, name: str) -> Iterator[Node]:
        """All descendants of a name, in order."""
        for node in self.children:
            if node.name == name:
                yield node
            yield from node.all(name)


def tag_end(data: bytes, start: int) -> int:
    """Where the tag that begins at `start` ends."""
    match = _TAG.match(data, start)
    if match is None:
        raise ValueError("no tag")
    return match.end()


def close_node(data: bytes, node: Node, index: int) -> None:
    """Note where an element ends, given the parser's place at its end."""
    if data[node.open_end - 2 : node.open_end] == b"/>":
        node.close = node.end = node.open_end
    else:
        node.close, node.end = index, tag_end(data, index)


def tree(data: bytes) -> Node:
    """All elements of a document. For small parts: not for sheets."""
    parser = expat.ParserCreate()
    document = Node("", {}, 0, 0)
    path = [document]

    def begin(tag: str, attributes: dict[str, str]) -> None:
        start = parser.CurrentByteIndex
        node = Node(tag, attributes, start, tag_end(data, start))
        path[-1].children.append(node)
        path.append(node)

    def finish(_tag: str) -> None:
        close_node(data, path.pop(), parser.CurrentByteIndex)

    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    parser.Parse(data, True)
    return document.children[0]


class Edits:
    """Replacements in a text, gathered and made at once."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._cuts: list[tuple[int, int, int, bytes]] = []

    def replace(self, start: int, end: int, text: bytes) -> None:
        """Put a text in place of `start:end`; at one place, in the order of the calls."""
        self._cuts.append((start, end, len(self._cuts), text))

    def insert(self, at: int, text: bytes) -> None:
        """Put a text before the byte `at`."""
        self.replace(at, at, text)

    def remove(self, node: Node) -> None:
        """Take an element out."""
        self.replace(node.start, node.end, b"")

    def append_in(self, node: Node, text: bytes) -> None:
        """Put a text at the end of an element, opening it where it was empty."""
        if node.close == node.open_end == node.end:
            head = self.data[node.start : node.open_end - 2].rstrip()
            self.replace(node.start, node.end, head + b">" + text + f"</{node.tag}>".encode())
        else:
            self.insert(node.close, text)

    def attribute(self, node: Node, name: str, value: str | None) -> None:
        """Set an attribute of an element, or take it away."""
        tag = self.data[node.start : node.open_end]
        found = re.search(rb"""\s(%s)\s*=\s*("[^"]*"|'[^']*')""" % name.encode(), tag)
        if found is not None:
            text = b"" if value is None else f" {name}={quoteattr(value)}".encode()
            self.replace(node.start + found.start(), node.start + found.end(), text)
        elif value is not None:
            self.insert(node.start + 1 + len(node.tag.encode()), f" {name}={quoteattr(value)}".encode())

    def apply(self) -> bytes:
        """The changed text."""
        pieces, at = [], 0
        for start, end, _, text in sorted(self._cuts):
            pieces += [self.data[at:start], text]
            at = max(at, end)
        return b"".join([*pieces, self.data[at:]])


def text_of(value: str) -> str:
    """A text made fit for XML: characters that it cannot hold are left out."""
    return escape(_CONTROL.sub("", value))
