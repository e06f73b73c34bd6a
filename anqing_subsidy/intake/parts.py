"""The parts of a workbook's archive: which sheets it lists and where, its texts, how its numbers are shown."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

_TAG = re.compile(r"<(?:\w+:)?(sheet|Relationship|workbookPr)\b([^>]*)>")
_STYLE = re.compile(r"<(/?)(?:\w+:)?(cellXfs|xf|numFmt)\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_PERCENTS: Final = {9, 10}
_DATES: Final = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""Numbers of the formats that every workbook has; 27 to 36 and 50 to 58 are those of Chinese programs."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the workbook lists it."""

    name: str
    state: str
    part: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The styles, by their number in a cell, whose numbers are shown as dates, and as percentages."""

    dates: frozenset[int] = frozenset()
    percents: frozenset[int] = frozenset()


@dataclass
class Book:
    """An open workbook: its sheets in order, its date system; texts and styles are read when they are asked for."""

    archive: zipfile.ZipFile
    sheets: list[Listed] = field(default_factory=list)
    date1904: bool = False
    texts_part: str = ""
    styles_part: str = ""
    _texts: list[str] | None = None
    _shown: Shown | None = None

    @property
    def texts(self) -> list[str]:
        """The texts that cells refer to by their number."""
        if self._texts is None:
            self._texts = _shared_texts(self._read(self.texts_part))
        return self._texts

    @property
    def shown(self) -> Shown:
        """Which styles show numbers as dates or percentages."""
        if self._shown is None:
            self._shown = _styles(self._read(self.styles_part).decode("utf-8-sig"))
        return self._shown

    def _read(self, part: str) -> bytes:
        return self.archive.read(part) if part in self.archive.NameToInfo else b""


def open_book(archive: zipfile.ZipFile) -> Book:
    """What a workbook lists."""
    found = Book(archive)
    book = "xl/workbook.xml"
    for _, link in _tags(archive, "_rels/.rels"):
        if link.get("Type", "").endswith("/officeDocument"):
            book = link["Target"].lstrip("/")
    folder, _, name = book.rpartition("/")
    links: dict[str, str] = {}
    for _, link in _tags(archive, f"{folder}/_rels/{name}.rels"):
        target = link.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
        links[link.get("Id", "")] = part
        if link.get("Type", "").endswith("/sharedStrings"):
            found.texts_part = part
        elif link.get("Type", "").endswith("/styles"):
            found.styles_part = part
    for tag, given in _tags(archive, book):
        if tag == "workbookPr":
            found.date1904 = given.get("date1904") in ("1", "true")
        elif tag == "sheet" and "id" in given:
            found.sheets.append(Listed(given["name"], given.get("state", "visible"), links.get(given["id"], "")))
    return found


def attributes(text: str) -> dict[str, str]:
    """The attributes of a tag, by their local name."""
    return {key.rpartition(":")[2]: html.unescape(one or two) for key, one, two in _ATTRIBUTE.findall(text)}


def _tags(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag, rest in _TAG.findall(archive.read(part).decode("utf-8-sig")):
        yield tag, attributes(rest)


def unescaped(text: str) -> str:
    """A text with the characters that XML cannot hold, `_x000D_`, as themselves."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _shared_texts(data: bytes) -> list[str]:
    texts: list[str] = []
    if not data:
        return texts
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    pieces: list[str] = []
    spoken = False  # a phonetic run says how the text is pronounced: it is no part of it

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal spoken
        local = name.rpartition(" ")[2]
        if local == "si":
            pieces.clear()
        elif local == "rPh":
            spoken = True
        elif local == "t" and not spoken:
            parser.CharacterDataHandler = pieces.append

    def end(name: str) -> None:
        nonlocal spoken
        local = name.rpartition(" ")[2]
        if local == "t":
            parser.CharacterDataHandler = None
        elif local == "rPh":
            spoken = False
        elif local == "si":
            texts.append(unescaped("".join(pieces)))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
    return texts


def _styles(text: str) -> Shown:
    formats: dict[int, str] = {}
    dates: set[int] = set()
    percents: set[int] = set()
    inside = False
    number = -1
    for closing, tag, rest in _STYLE.findall(text):
        given = attributes(rest)
        if tag == "cellXfs":
            inside = not closing
        elif tag == "numFmt" and "numFmtId" in given:
            formats[int(given["numFmtId"])] = given.get("formatCode", "")
        elif tag == "xf" and inside and not closing:
            number += 1
            kind = int(given.get("numFmtId", "0"))
            bare = _QUOTED.sub("", formats.get(kind, "")).casefold()
            if kind in _PERCENTS or (kind in formats and "%" in bare):
                percents.add(number)
            elif (kind in formats and set(bare) & set("ymdhs") and "general" not in bare) or (
                kind not in formats and kind in _DATES
            ):
                dates.add(number)
    return Shown(frozenset(dates), frozenset(percents))
