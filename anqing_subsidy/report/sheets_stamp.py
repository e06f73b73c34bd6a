"""What the writer of xlsx files leaves undone: a fixed date and the title, the height of each sheet's last row.

And what a ledger records of the result: beside the sheets, with a mark by which a change of them shows.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from anqing_subsidy.ledger.workbook import add_part
from anqing_subsidy.tables import RESULT_MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_CORE: Final = "docProps/core.xml"
_SHEET: Final = "xl/worksheets/sheet{}.xml"
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


def stamp(
    path: Path, title: str, last_heights: Sequence[float | None] = (), record: Iterable[str] | None = None
) -> None:
    """Give a workbook its title and a fixed date, the last rows of its sheets their heights, and what a ledger records.

    The parts from the first that changes are written again: the small ones behind the properties, and where a
    height is given the sheets from that one.

    Args:
        path: The workbook, changed in place.
        title: Its title.
        last_heights: The height of the last row of each sheet in points, None where it stays as it is.
        record: What a ledger takes from the result, from `report.recordable.record_pieces`.
    """
    heights = {_SHEET.format(at): height for at, height in enumerate(last_heights, start=1) if height is not None}
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        start = min(archive.getinfo(name).header_offset for name in (_CORE, *heights))
        behind = [entry for entry in archive.filelist if entry.header_offset >= start]
        parts = {entry.filename: archive.read(entry) for entry in behind}
        parts[_CORE] = _PROPERTIES.format(title=escape(title)).encode()
        for name, height in heights.items():
            parts[name] = _with_height(parts[name], height)
        for entry in behind:
            archive.filelist.remove(entry)
            del archive.NameToInfo[entry.filename]
        archive.start_dir = start
        for name, content in parts.items():
            _add(archive, name, content)
        if record is not None:
            add_part(record, archive)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def _with_height(sheet: bytes, height: float) -> bytes:
    """A sheet whose last row has a height."""
    row = sheet.rfind(b"<row ")
    end = sheet.find(b">", row)
    return b"".join((sheet[:end], f' ht="{height}" customHeight="1"'.encode(), sheet[end:])) if row >= 0 else sheet
