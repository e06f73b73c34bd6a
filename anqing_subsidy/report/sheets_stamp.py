"""The parts of an xlsx file that carry its date and title, written anew so that equal results are equal files."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from anqing_subsidy.tables import RESULT_MARK

if TYPE_CHECKING:
    from pathlib import Path

_CORE: Final = "docProps/core.xml"
_PROPERTIES: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:creator>anqing-subsidy</dc:creator>"
    f"<cp:category>{RESULT_MARK}</cp:category>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>'
)


def stamp(path: Path, title: str) -> None:
    """Give a workbook its title and a fixed date; the small parts behind the properties are written again."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        start = archive.getinfo(_CORE).header_offset
        behind = [entry for entry in archive.filelist if entry.header_offset >= start]
        parts = {entry.filename: archive.read(entry) for entry in behind}
        parts[_CORE] = _PROPERTIES.format(title=escape(title)).encode()
        for entry in behind:
            archive.filelist.remove(entry)
            del archive.NameToInfo[entry.filename]
        archive.start_dir = start
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
