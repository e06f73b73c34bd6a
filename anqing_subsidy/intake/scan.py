"""A pass over the XML of a sheet for what a fast reader hides: errors, formulas without a value, repeated cells.

It works on bytes, in pieces that end with a row, so that it needs little memory and can run beside the reader.
Odd but allowed XML (prefixed names, other order or quotes of attributes, cells without a reference) is first
rewritten into the usual form.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

import polars as pl

from anqing_subsidy.intake.sheet import UNCACHED, column_index, column_letter

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE: Final = 4 << 20
LONGEST_ROW: Final = 64 << 20
_ROW = re.compile(rb'<row r="(\d+)"')
_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\bt="e"[^>]*>(?:(?!</c>).)*?<v[^>]*>([^<]*)</v>', re.DOTALL)
_BOOLEAN = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\bt="b"[^>]*>(?:(?!</c>).)*?<v>([01])</v>', re.DOTALL)
_FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')
_FILLED = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*(?<!/)>\s*<(?:v>|f|is)')
_TAG = re.compile(rb"<(/?)(?:[A-Za-z_][\w.-]*:)?(row|c|v|f|is)(?=[\s/>])([^>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')""")


class RepeatedCellError(Exception):
    """A cell or a row is given twice."""


@dataclass
class Scan:
    """What one pass found."""

    faults: dict[str, dict[int, str]] = field(default_factory=dict)
    booleans: dict[str, dict[int, str]] = field(default_factory=dict)
    first_row: int = 0
    last_row: int = 0
    first_column: int = 16_384
    last_column: int = 0
    cells: int = 0
    filled: int = 0


def pieces(source: BinaryIO, *, thorough: bool = True) -> Iterator[bytes]:
    """The rows of a sheet in pieces of some megabytes, in the usual form of writing.

    Not thorough: a sheet whose first piece has the usual form is taken to have it throughout.
    """
    rest = b""
    usual = Usual()
    look = True
    while block := source.read(PIECE):
        block = rest + block
        end = max(block.rfind(b"</row>") + 6, block.rfind(b"row>") + 4)
        if end < 6:
            rest = block
            if len(rest) > LONGEST_ROW:
                raise RepeatedCellError("a row of more than 64 MB")
            continue
        piece = block[:end]
        form = usual.form(piece) if look else piece
        look = thorough or form is not piece
        yield form
        rest = block[end:]
    yield usual.form(rest)


class Usual:
    """Rewrites pieces of a sheet so that each row and cell begins with its reference."""

    def __init__(self) -> None:
        self.row = 0
        self.column = -1

    def form(self, piece: bytes) -> bytes:
        """The piece as most programs write it; untouched where it is so already."""
        if (
            b":row" not in piece
            and piece.count(b'<c r="') == piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b"<c/>")
            and piece.count(b'<row r="') == piece.count(b"<row ") + piece.count(b"<row>") + piece.count(b"<row/>")
        ):
            return piece
        rewritten: bytes = _TAG.sub(self._tag, piece)
        return rewritten

    def _tag(self, match: re.Match[bytes]) -> bytes:
        closing, name, rest = match.groups()
        if closing or name not in (b"row", b"c"):
            return b"<" + closing + name + rest + b">"
        end = b"/>" if rest.endswith(b"/") else b">"
        attributes = {key: value[1:-1] for key, value in _ATTRIBUTE.findall(rest)}
        reference = attributes.pop(b"r", None)
        if name == b"row":
            self.row = int(reference) if reference else self.row + 1
            self.column = -1
            reference = str(self.row).encode()
        else:
            letters = reference.rstrip(b"0123456789").decode() if reference else column_letter(self.column + 1)
            self.column = column_index(letters)
            reference = reference or f"{letters}{self.row}".encode()
        others = "".join(f' {key.decode()}="{value.decode()}"' for key, value in attributes.items())
        return b'<%b r="%b"%b%b' % (name, reference, others.encode(), end)


def scan(source: BinaryIO, *, thorough: bool) -> Scan:
    """Pass over a sheet once.

    The quick pass takes half the time and finds no repeated cells and no last column; a cell that it misses shows,
    for then `filled` is not the number of the cells that the reader gave and the faults.

    Raises:
        RepeatedCellError: two programs could read two different values from this sheet.
    """
    found = Scan()
    rows: set[int] = set()
    for piece in pieces(source, thorough=thorough):
        numbers = [int(number) for number in _ROW.findall(piece)]
        in_order = not numbers or (_ascending(numbers) and numbers[0] > found.last_row)
        if not in_order and (len(set(numbers)) < len(numbers) or not rows.isdisjoint(numbers)):
            raise RepeatedCellError("a row is given twice")
        rows.update(numbers)
        found.last_row = max(found.last_row, *numbers) if numbers else found.last_row
        if thorough:
            found.cells += _count_distinct(piece)
        else:
            found.filled += piece.count(b"<v>") + piece.count(b"<is>")
        _note_faults(piece, found)
        _note_extent(piece, found, extent=thorough)
    return found


def _count_distinct(piece: bytes) -> int:
    text = pl.Series([piece.decode("utf-8", "replace")])
    references = text.str.extract_all(r'<c r="[A-Z]+[0-9]+"').explode().drop_nulls()
    if references.n_unique() < len(references):
        raise RepeatedCellError("a cell is given twice")
    return len(references)


def _ascending(numbers: list[int]) -> bool:
    return all(map(int.__lt__, numbers, numbers[1:]))


def _note_faults(piece: bytes, found: Scan) -> None:
    if b't="e"' in piece:
        for letters, row, shown in _ERROR.findall(piece):
            column = found.faults.setdefault(letters.decode(), {})
            column[int(row)] = html.unescape(shown.decode("utf-8", "replace")) or "#ERROR"
    if b't="b"' in piece:
        for letters, row, value in _BOOLEAN.findall(piece):
            found.booleans.setdefault(letters.decode(), {})[int(row)] = "TRUE" if value == b"1" else "FALSE"
    if b"<f" in piece:
        for letters, row, attributes in _FORMULA.findall(piece):
            if b't="str"' not in attributes:
                found.faults.setdefault(letters.decode(), {})[int(row)] = UNCACHED


def _note_extent(piece: bytes, found: Scan, *, extent: bool) -> None:
    if not found.first_row:
        first = _FILLED.search(piece)
        if first is None:
            return
        found.first_row = int(first[2])
    if extent or found.first_column:
        if not extent and re.search(rb'<c r="A\d+"[^>]*(?<!/)>\s*<(?:v>|f|is)', piece):
            found.first_column = 0
            return
        letters = {column_index(match.decode()) for match, _ in _FILLED.findall(piece)}
        if letters:
            found.first_column = min(found.first_column, *letters)
            found.last_column = max(found.last_column, *letters)


def number_rows(source: BinaryIO, letter: str, *, thorough: bool = True) -> frozenset[int]:
    """The rows in which the cell of a column is a number, not a text."""
    pattern = re.compile(rb'<c r="' + letter.encode() + rb'(\d+)"(?![^>]* t="(?!n"))[^>]*(?<!/)>')
    return frozenset(int(row) for piece in pieces(source, thorough=thorough) for row in pattern.findall(piece))
