"""A pass over the XML of a sheet for what a fast reader hides, which decides whether that reader may be trusted.

It works in pieces that end with a row, so that it needs little memory, and counts in them with the searches of polars:
they are fast, and they run beside the reader, not in turn with it. What is rare is looked for once in each piece, and
only where there is some of it cell by cell.

It knows the form in which nearly all programs write; where a sheet has another one, or says something that the
fast reader cannot tell, `Scan.odd` is set, and the sheet is read in the careful lane.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

import polars as pl

from anqing_subsidy.intake.parts import attributes
from anqing_subsidy.intake.sheet import UNCACHED, Merge, column_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PIECE: Final = 4 << 20
LONGEST_ROW: Final = 64 << 20
TOP: Final = 30
"""A header stands in the first rows that hold anything; this many of them are looked at."""

_ROW = re.compile(rb'<row r="(\d+)"([^>]*)')
_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\bt="e"[^>]*>(?:(?!</c>).)*?<v[^>]*>([^<]*)</v>', re.DOTALL)
_BOOLEAN = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\bt="b"[^>]*>(?:(?!</c>).)*?<v>([01])</v>', re.DOTALL)
_FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')
_FILLED = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*(?<!/)>\s*<(?:v>|f|is)')
_TEXT = re.compile(rb'<c r="[A-Z]+\d+"[^>]*\bt="(?:s|inlineStr|str)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_MERGE = re.compile(rb'mergeCell\b[^>]*\bref="\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?"')
_COLUMN = re.compile(r"<(?:\w+:)?col\b([^>]*)>")
_RARE: Final = r'<f|\bt="(?:[ebd]|str)"|hidden='
_DIMENSION = re.compile(rb'dimension\b[^>]*\bref="[A-Z]+\d+:([A-Z]+)(\d+)"')


class RepeatedCellError(Exception):
    """A cell or a row is given twice."""


@dataclass
class Scan:
    """What one pass found; `filled` counts the cells with a value, `texts` those with a text."""

    faults: dict[str, dict[int, str]] = field(default_factory=dict)
    booleans: dict[str, dict[int, str]] = field(default_factory=dict)
    percents: dict[str, set[int]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    first_row: int = 0
    last_row: int = 0
    first_column: int = 16_384
    filled: int = 0
    texts: int = 0
    typed_formulas: bool = False
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What the beginning of a sheet tells: the row that looks like a header, hidden columns, how far it reaches."""

    header_row: int
    hidden_columns: tuple[tuple[int, int], ...]
    corner: tuple[int, int] | None
    usual: bool


def look_at_head(start: bytes) -> Head:
    """Look at the first bytes of a sheet."""
    start = start[: start.rfind(b"</row>") + 6] if b"</row>" in start else start
    front, mark, rows = start.partition(b"<sheetData")
    counts: list[tuple[int, int]] = []
    for piece in re.split(rb"(?=<row )", mark + rows):
        row = _ROW.match(piece)
        if row is not None and _FILLED.search(piece):
            counts.append((int(row[1]), len(_TEXT.findall(piece))))
    corner = _DIMENSION.search(front)
    ranges = []
    for rest in _COLUMN.findall(front.decode("utf-8", "replace")):
        given = attributes(rest)
        if given.get("hidden") in ("1", "true"):
            ranges.append((int(given["min"]) - 1, int(given["max"]) - 1))
    return Head(
        guess_header(counts, 0),
        tuple(ranges),
        (int(corner[2]), column_index(corner[1].decode())) if corner else None,
        _is_usual(start),
    )


def _is_usual(piece: bytes) -> bool:
    """Whether each row and cell begins with its reference, and no tag has a prefix."""
    return (
        b":row" not in piece
        and piece.count(b'<c r="') == piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b"<c/>")
        and piece.count(b'<row r="') == piece.count(b"<row ") + piece.count(b"<row>") + piece.count(b"<row/>")
    )


def guess_header(counts: Sequence[tuple[int, int]], otherwise: int) -> int:
    """The first row with at least half as many texts as the row with most, of rows and their numbers of texts.

    Titles and remarks above a table are narrower than its header. The names in the rows decide later; a guess that
    is too high costs only time.
    """
    top = counts[:TOP]
    most = max((count for _, count in top), default=0)
    return next((row for row, count in top if 2 * count >= most), otherwise)


def pieces(source: BinaryIO) -> Iterator[bytes]:
    """A sheet in pieces of some megabytes that end with a row."""
    rest = b""
    while block := source.read(PIECE):
        block = rest + block
        end = max(block.rfind(b"</row>") + 6, block.rfind(b"row>") + 4)
        if end < 6:
            rest = block
            if len(rest) > LONGEST_ROW:
                raise RepeatedCellError("a row of more than 64 MB")
            continue
        yield block[:end]
        rest = block[end:]
    yield rest


def scan(source: BinaryIO, percents: Iterable[int] = (), *, shared: bool = True) -> Scan:
    """Pass over a sheet once; `percents` are the styles that show a percentage.

    Where the workbook has no list of `shared` texts no cell can refer to one, and none is looked for.

    A cell that it misses shows, for then `filled` is not the number of the cells that the reader gave and the faults.
    """
    found = Scan()
    shown = _percent_pattern(styles := sorted(percents))
    counts = _counts(styles, shared=shared)
    piece = b""
    for piece in pieces(source):
        text = pl.Series("text", [piece]).cast(pl.String, strict=False)
        if text.null_count():  # not UTF-8: the careful lane says what it is
            found.odd = True
            return found
        counted = text.to_frame().select(counts).row(0, named=True)
        _note_rows(text, found)
        found.filled += counted["values"] + counted["inline"]
        found.texts += counted["shared"] + counted["inline"]
        if counted["rare"]:
            _note_hidden(piece, found)
            _note_kinds(piece, found)
            _note_formulas(piece, found)
        if shown is not None and counted["percents"]:
            for letters, row in shown.findall(piece):
                found.percents.setdefault(letters.decode(), set()).add(int(row))
        _note_corner(piece, found)
    _note_merges(piece, found)
    return found


def _counts(percents: Sequence[int], *, shared: bool) -> list[pl.Expr]:
    """What is counted in every piece: cells with a value, texts of both sorts, and whether there is anything rare."""
    text = pl.col("text").str
    styles = "|".join(map(str, percents))
    return [
        text.count_matches("<v>", literal=True).alias("values"),
        text.count_matches("<is>", literal=True).alias("inline"),
        text.count_matches('t="s"', literal=True).alias("shared") if shared else pl.lit(0).alias("shared"),
        text.contains(_RARE).alias("rare"),
        text.contains(rf' s="(?:{styles})"').alias("percents") if styles else pl.lit(value=False).alias("percents"),
    ]


def _note_rows(text: pl.Series, found: Scan) -> None:
    """Whether the rows ascend."""
    rows = text.str.extract_all(r'<row r="[0-9]+').explode().drop_nulls().str.slice(8).cast(pl.Int64)
    if not len(rows):
        return
    if rows[0] <= found.last_row or not (rows.diff().drop_nulls() > 0).all():
        found.odd = True
    found.last_row = rows[-1]


def _note_hidden(piece: bytes, found: Scan) -> None:
    found.hidden_rows.update(
        int(number) for number, rest in _ROW.findall(piece) if b"hidden=" in rest and _HIDDEN.search(rest)
    )


def _percent_pattern(percents: Sequence[int]) -> re.Pattern[bytes] | None:
    styles = "|".join(map(str, percents))
    if not styles:
        return None
    return re.compile(
        rb'<c r="([A-Z]+)(\d+)"(?=[^>]* s="(?:' + styles.encode() + rb')")(?![^>]* t="(?!n"))[^>]*(?<!/)>\s*<[vf]'
    )


def _note_kinds(piece: bytes, found: Scan) -> None:
    """Errors, truths, and texts that formulas gave."""
    found.typed_formulas = found.typed_formulas or b't="str"' in piece
    found.odd = found.odd or b't="d"' in piece
    if b't="e"' in piece:
        for letters, row, shown in _ERROR.findall(piece):
            column = found.faults.setdefault(letters.decode(), {})
            column[int(row)] = html.unescape(shown.decode("utf-8", "replace")) or "#ERROR"
    if b't="b"' in piece:
        for letters, row, value in _BOOLEAN.findall(piece):
            found.booleans.setdefault(letters.decode(), {})[int(row)] = "TRUE" if value == b"1" else "FALSE"


def _note_formulas(piece: bytes, found: Scan) -> None:
    if b"<f" in piece:
        empty = piece.count(b"<v></v>")
        found.filled -= empty
        found.odd = found.odd or (empty > 0 and b't="str"' in piece)
        for letters, row, given in _FORMULA.findall(piece):
            if b't="str"' not in given:
                found.faults.setdefault(letters.decode(), {})[int(row)] = UNCACHED


def _note_merges(rest: bytes, found: Scan) -> None:
    """The merged cells, which stand behind the last row."""
    for left, top, right, bottom in _MERGE.findall(rest):
        first, last = column_index(left.decode()), column_index((right or left).decode())
        found.merges.append(Merge(int(top), first, int(bottom or top), last))


def _note_corner(piece: bytes, found: Scan) -> None:
    """The first row and the first column that hold anything."""
    if not found.first_row:
        first = _FILLED.search(piece)
        if first is None:
            return
        found.first_row = int(first[2])
    if found.first_column:
        if re.search(rb'<c r="A\d+"[^>]*(?<!/)>\s*<(?:v>|f|is)', piece):
            found.first_column = 0
            return
        letters = {column_index(match.decode()) for match in {match for match, _ in _FILLED.findall(piece)}}
        found.first_column = min(found.first_column, *letters) if letters else found.first_column


def number_rows(source: BinaryIO, letters: Iterable[str]) -> dict[str, frozenset[int]]:
    """The rows, by column, in which the cell of some columns is a number, not a text."""
    wanted = "|".join(letters).encode()
    pattern = re.compile(rb'<c r="(' + wanted + rb')(\d+)"(?![^>]* t="(?!n"))[^>]*(?<!/)>\s*<[vf]')
    found: dict[str, set[int]] = {}
    for piece in pieces(source):
        for letter, row in pattern.findall(piece):
            found.setdefault(letter.decode(), set()).add(int(row))
    return {letter: frozenset(rows) for letter, rows in found.items()}
