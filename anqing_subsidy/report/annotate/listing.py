"""The sheet of findings: a row a finding with a link to its cell, and, hidden, what undoes the marks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from anqing_subsidy.finding import Lang
from anqing_subsidy.report.annotate.sheet import Cell, reference
from anqing_subsidy.report.annotate.styles import Styles
from anqing_subsidy.report.annotate.xml import text_of, tree

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RECORD_COLUMN: Final = 12
_CHUNK: Final = 30_000
_WIDTHS: Final = (7, 8, 16, 10, 24, 52, 40, 26)
_SHADES: Final = {"head": "FFD9E1F2", "error": "FFFFC7CE", "warning": "FFFFEB9C", "info": "FFDDEBF7"}
HEAD_ROW: Final = 4
Row = tuple[str, str, str, str, str, str, str, str]
"""Number, severity, sheet, cell, value, what is wrong, what to do, applicant."""


class Looks:
    """The formats of the sheet, appended to those of the workbook."""

    def __init__(self, styles: Styles) -> None:
        fonts = styles.lists["fonts"].children
        kept = ""
        if fonts:
            kept = "".join(
                styles.data[node.start : node.end].decode().replace(f"<{styles.p}", "<")
                for node in fonts[0].children
                if node.name in ("sz", "name", "family", "charset")
            )
        p = styles.p
        kept = kept.replace("<", f"<{p}")
        bold = styles.add("fonts", f"<{p}font><{p}b/>{kept}</{p}font>")
        blue = styles.add("fonts", f'<{p}font><{p}u/><{p}color rgb="FF0563C1"/>{kept}</{p}font>')
        edge = "".join(
            f'<{p}{side} style="thin"><{p}color rgb="FFBFBFBF"/></{p}{side}>'
            for side in ("left", "right", "top", "bottom")
        )
        border = styles.add("borders", f"<{p}border>{edge}<{p}diagonal/></{p}border>")
        fills = {name: styles.add("fills", _fill(p, colour)) for name, colour in _SHADES.items()}

        def xf(font: int, fill: int, *, boxed: bool = True) -> int:
            wrap = '<alignment vertical="top" wrapText="1"/>' if boxed else '<alignment vertical="center"/>'
            return styles.xf(
                f'<xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="{border if boxed else 0}" xfId="0" '
                f'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">{wrap}</xf>'
            )

        self.plain, self.link, self.head = xf(0, 0), xf(blue, 0), xf(bold, fills.pop("head"))
        self.note, self.title = xf(0, 0, boxed=False), xf(bold, 0, boxed=False)
        self.severity = {severity: xf(0, fill) for severity, fill in fills.items()}


def _fill(p: str, colour: str) -> str:
    return (
        f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{colour}"/><{p}bgColor indexed="64"/>'
        f"</{p}patternFill></{p}fill>"
    )


def _lines(row: Row) -> int:
    """How many lines a row takes: programs do not widen a row that another program has written."""
    most = 1
    for text, width in zip(row, _WIDTHS, strict=True):
        wide = sum(2 if ord(mark) > 0x2E80 or mark in "“”‘’…" else 1 for mark in text)
        most = max(most, -(-wide // (width - 2)) + text.count("\n"))
    return min(most, 20)


def sheet_xml(
    notes: Sequence[str],
    rows: Sequence[Row],
    severities: Sequence[str],
    targets: Mapping[int, tuple[str, Cell]],
    looks: Looks,
    record: Mapping[str, Any],
    lang: Lang,
) -> bytes:
    """The whole sheet. `targets` are the cells that rows lead to, by the number of the row."""
    heads = (
        ("序号", "级别", "工作表", "单元格", "值", "问题", "怎么办", "申报主体")
        if lang == "zh"
        else ("no.", "severity", "sheet", "cell", "value", "what is wrong", "what to do", "applicant")
    )
    said = json.dumps(record, ensure_ascii=True, separators=(",", ":"))
    chunks = [said[at : at + _CHUNK] for at in range(0, len(said), _CHUNK)]
    lines: dict[int, list[str]] = {}

    def put(row: int, column: int, text: str, style: int) -> None:
        if text or style not in (looks.note, looks.title):
            cell = reference((row, column))
            inner = f'<is><t xml:space="preserve">{text_of(text[:32_000])}</t></is>'
            lines.setdefault(row, []).append(f'<c r="{cell}" s="{style}" t="inlineStr">{inner}</c>')

    for at, note in enumerate(notes[: HEAD_ROW - 1], 1):
        put(at, 1, note, looks.title if at == 1 else looks.note)
    for column, head in enumerate(heads, 1):
        put(HEAD_ROW, column, head, looks.head)
    links = []
    for at, (row, severity) in enumerate(zip(rows, severities, strict=True)):
        number = HEAD_ROW + 1 + at
        target = targets.get(at)
        for column, text in enumerate(row, 1):
            style = looks.severity[severity] if column == 2 else looks.link if column == 4 and target else looks.plain
            put(number, column, text, style)
        if target is not None:
            sheet, cell = target
            place = "'" + sheet.replace("'", "''") + "'!" + reference(cell)
            links.append(f'<hyperlink ref="{reference((number, 4))}" location={quoteattr(place)}/>')
    for at, chunk in enumerate(chunks, 1):
        put(at, _RECORD_COLUMN, chunk, looks.note)
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(_WIDTHS, 1)
    )
    heights = {HEAD_ROW + 1 + at: 15 * _lines(row) + 3 for at, row in enumerate(rows)} | {1: 22, HEAD_ROW: 20}
    body = "".join(
        f'<row r="{row}" ht="{heights.get(row, 16)}" customHeight="1">{"".join(cells)}</row>'
        for row, cells in sorted(lines.items())
    )
    top = f"A{HEAD_ROW + 1}"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_MAIN}"><sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{HEAD_ROW}" topLeftCell="{top}" activePane="bottomLeft" '
        f'state="frozen"/><selection pane="bottomLeft" activeCell="{top}" sqref="{top}"/></sheetView></sheetViews>'
        f'<cols>{columns}<col min="{_RECORD_COLUMN}" max="{_RECORD_COLUMN}" width="2" hidden="1" customWidth="1"/></cols>'
        f"<sheetData>{body}</sheetData>"
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def record_of(data: bytes, shared: Sequence[str]) -> dict[str, Any]:
    """The hidden record of a sheet of findings; empty where it is lost."""
    root = tree(data)
    chunks: dict[int, str] = {}
    for cell in root.all("c"):
        place = cell.get("r") or ""
        row = place.removeprefix(reference((1, _RECORD_COLUMN))[:-1])
        if not row.isdigit():
            continue
        node = next((found for found in (*cell.all("t"), *cell.all("v"))), None)
        text = _plain(data, node.open_end, node.close) if node is not None else ""
        chunks[int(row)] = shared[int(text)] if cell.get("t") == "s" and text.isdigit() else text
    try:
        found = json.loads("".join(chunks[row] for row in sorted(chunks)))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def shared_texts(data: bytes | None) -> list[str]:
    """The texts that the cells of a workbook share."""
    if data is None:
        return []
    return ["".join(_plain(data, t.open_end, t.close) for t in item.all("t")) for item in tree(data).children]


def _plain(data: bytes, start: int, end: int) -> str:
    from html import unescape

    return unescape(data[start:end].decode())
