"""A workbook of texts: the copy of a file that is none, so that it can be marked like any other."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from anqing_subsidy.report.annotate.package import SPREADSHEET, Package
from anqing_subsidy.report.annotate.sheet import reference
from anqing_subsidy.report.annotate.styles import EMPTY
from anqing_subsidy.report.annotate.xml import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def workbook_of_rows(rows: Sequence[Sequence[str]], name: str) -> bytes:
    """A plain workbook with one sheet, all cells texts: the copy of a file that is none."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{reference((number, at))}" s="1" t="inlineStr"><is><t xml:space="preserve">{text_of(text)}</t></is></c>'
            for at, text in enumerate(row, 1)
            if text
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    package = Package(_bare_zip())
    title = text_of(re.sub(r"[\\/*?:\[\]']", "_", name)[:31] or "1").replace('"', "&quot;")
    width = '<cols><col min="1" max="100" width="16" customWidth="1"/></cols>'
    package.put(
        "xl/workbook.xml",
        f'{head}<workbook xmlns="{main}"><sheets><sheet xmlns:sub="http://schemas.openxmlformats.org/officeDocument/2006/relationships" name="{title}" sheetId="1" sub:id="rId1"/></sheets></workbook>'.encode(),
    )
    package.put(
        "xl/worksheets/sheet1.xml",
        f'{head}<worksheet xmlns="{main}">{width}<sheetData>{"".join(lines)}</sheetData></worksheet>'.encode(),
    )
    text = b'<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    grown = EMPTY.replace(b'<cellXfs count="1">', b'<cellXfs count="2">').replace(b"</cellXfs>", text + b"</cellXfs>")
    package.put("xl/styles.xml", grown)
    package.link("", "officeDocument", "xl/workbook.xml", strict=False)
    package.declare("xl/workbook.xml", SPREADSHEET + "sheet.main+xml")
    for kind, part in (("worksheet", "xl/worksheets/sheet1.xml"), ("styles", "xl/styles.xml")):
        package.link("xl/workbook.xml", kind, part, strict=False)
        package.declare(part, SPREADSHEET + f"{kind}+xml")
    return package.bytes()


def _bare_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            zipfile.ZipInfo("[Content_Types].xml"),
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
    return out.getvalue()
