"""The decision sheet as a Word document: plain WordprocessingML in a zip, so that no library joins for one table."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from anqing_subsidy.report.explain.sheet import WIDTHS, sheet_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anqing_subsidy.finding import Lang
    from anqing_subsidy.report.explain.model import Explanation

_WIDE: Final = 10_318
"""Twentieths of a point between the margins of an A4 page."""
_NS: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_FONT: Final = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/>'


def write_sheet(explanation: Explanation, lang: Lang, path: Path) -> None:
    """Write the decision sheet of an applicant; the same explanation gives the same bytes."""
    it = sheet_of(explanation, lang)
    size = it.size
    body = [_paragraph([it.title], 16, "center", bold=True), _paragraph([it.subtitle], size, "center")]
    label = 16
    body.append(
        _table(
            [(16, 42, 12, 30)] * len(it.facts),
            [[_cell(a, size, head=True), _cell(b, size), _cell(c, size, head=True), _cell(d, size)] for a, b, c, d in it.facts],
        )
    )  # fmt: skip
    heads = [_cell(text, size, head=True) for text in it.heads]
    lines = [
        [_cell(what, size), _cell(status, size, "center"), _cell(amount, size, "right"), _cell("\n".join(basis), size)]
        for what, status, amount, basis in it.lines
    ]
    body.append(_table([WIDTHS] * (len(lines) + 1), [heads, *lines]))
    body.append(_table([(70, 30)] * len(it.totals), [[_cell(a, size, head=True), _cell(b, size, "right")] for a, b in it.totals]))  # fmt: skip
    body.append(_table([(label, 100 - label)] * len(it.notes), [[_cell(a, size, head=True), _cell(b, size)] for a, b in it.notes]))  # fmt: skip
    signed = [[_cell(a, size, head=True), _cell(b, size, "right", low=True)] for a, b in it.opinions]
    body.append(_table([(label, 100 - label)] * len(signed), signed, height=737))
    section = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="680" w:right="794" w:bottom="680" w:left="794" w:header="340" w:footer="340" w:gutter="0"/></w:sectPr>'
    )
    document = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document {_NS}><w:body>'
        f"{''.join(body)}{_paragraph([''], 1)}{section}</w:body></w:document>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELS), ("word/document.xml", document)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)


def _paragraph(lines: Sequence[str], size: float, align: str = "left", *, bold: bool = False) -> str:
    """A paragraph; sizes are written in halves of a point."""
    marks = f'{_FONT}{"<w:b/>" if bold else ""}<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(_clean(line))}</w:t>' for line in lines)
    return (
        f'<w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="{align}"/></w:pPr>'
        f"<w:r><w:rPr>{marks}</w:rPr>{runs}</w:r></w:p>"
    )


def _clean(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return "".join(char for char in text if char in "\t\n" or ord(char) >= 32)


def _cell(text: str, size: float, align: str = "left", *, head: bool = False, low: bool = False) -> tuple[str, str]:
    """A cell: its properties, its paragraph."""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if head else ""
    place = f'<w:vAlign w:val="{"bottom" if low else "center"}"/>'
    return shade + place, _paragraph(text.split("\n"), size, "center" if head else align, bold=head)


def _table(widths: Sequence[Sequence[int]], rows: Sequence[Sequence[tuple[str, str]]], height: int = 0) -> str:
    """A table with borders; widths in hundredths of the page. A paragraph of no height keeps tables apart."""
    grid = "".join(f'<w:gridCol w:w="{_WIDE * width // 100}"/>' for width in widths[0])
    tall = f'<w:trPr><w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr>' if height else ""
    made = "".join(
        f"<w:tr>{tall}"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{_WIDE * width // 100}" w:type="dxa"/>{marks}</w:tcPr>{text}</w:tc>'
            for width, (marks, text) in zip(each, row, strict=True)
        )
        + "</w:tr>"
        for each, row in zip(widths, rows, strict=True)
    )
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))  # fmt: skip
    apart = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_WIDE}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{made}</w:tbl>{apart}'
    )
