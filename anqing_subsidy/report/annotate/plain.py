"""A workbook of bare cells: the copy of a file of another format, so that it can be marked like any other."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

from anqing_subsidy.report.annotate.package import SPREADSHEET, Package
from anqing_subsidy.report.annotate.sheet import reference
from anqing_subsidy.report.annotate.styles import EMPTY
from anqing_subsidy.report.annotate.xml import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anqing_subsidy.tables import CellKind, PlainSheet

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS: Final[dict[CellKind, int]] = {"text": 49, "date": 14, "percent": 10}
_STYLE: Final[dict[CellKind, int]] = {kind: at for at, kind in enumerate(_FORMATS, 1)}
_LONGEST: Final = 31


def workbook_of(sheets: Sequence[PlainSheet]) -> bytes:
    """A plain workbook: values and merged cells where they were, without formats and formulas."""
    package = Package(_bare_zip())
    listed, taken = [], set[str]()
    for number, sheet in enumerate(sheets, 1):
        name = _name(sheet.name, taken)
        listed.append(f'<sheet name="{name}" sheetId="{number}" sub:id="rId{number}"/>')
        package.put(f"xl/worksheets/sheet{number}.xml", _sheet_xml(sheet))
    package.put(
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:sub="{_LINKS}"><sheets>{"".join(listed)}</sheets></workbook>'.encode(),
    )
    formats = "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in _FORMATS.values()
    )
    grown = EMPTY.replace(b'<cellXfs count="1">', f'<cellXfs count="{len(_FORMATS) + 1}">'.encode())
    package.put("xl/styles.xml", grown.replace(b"</cellXfs>", formats.encode() + b"</cellXfs>"))
    package.link("", "officeDocument", "xl/workbook.xml", strict=False)
    package.declare("xl/workbook.xml", SPREADSHEET + "sheet.main+xml")
    parts = [("worksheet", f"xl/worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
    for kind, part in (*parts, ("styles", "xl/styles.xml")):
        package.link("xl/workbook.xml", kind, part, strict=False)
        package.declare(part, SPREADSHEET + f"{kind}+xml")
    return package.bytes()


def _name(wanted: str, taken: set[str]) -> str:
    """A name that a sheet may have, and no other one has."""
    plain = re.sub(r"[\\/*?:\[\]']", "_", wanted)[:_LONGEST] or "1"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: _LONGEST - 4]}({number})"
    taken.add(name.casefold())
    return text_of(name).replace('"', "&quot;")


def _sheet_xml(sheet: PlainSheet) -> bytes:
    rows: dict[int, list[str]] = {}
    for (row, column), (kind, value) in sorted(sheet.cells.items()):
        cell = f'<c r="{reference((row, column))}"'
        if kind in _STYLE:
            cell += f' s="{_STYLE[kind]}"'
        if kind == "text":
            cell += f' t="inlineStr"><is><t xml:space="preserve">{text_of(value)}</t></is></c>'
        else:
            cell += {"boolean": ' t="b"', "error": ' t="e"'}.get(kind, "") + f"><v>{text_of(value)}</v></c>"
        rows.setdefault(row, []).append(cell)
    lines = "".join(f'<row r="{row}">{"".join(cells)}</row>' for row, cells in rows.items())
    width = '<cols><col min="1" max="100" width="16" customWidth="1"/></cols>'
    merged = "".join(f'<mergeCell ref="{merge}"/>' for merge in sheet.merges)
    merges = f'<mergeCells count="{len(sheet.merges)}">{merged}</mergeCells>' if merged else ""
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{width}<sheetData>{lines}</sheetData>{merges}</worksheet>'.encode()


def _bare_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            zipfile.ZipInfo("[Content_Types].xml"),
            f"{_HEAD}"
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
    return out.getvalue()
