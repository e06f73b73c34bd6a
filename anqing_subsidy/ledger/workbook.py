"""What a ledger records of a result workbook: a part of the file beside its sheets, with a mark over them.

Spreadsheet programs drop the part when they save, and a changed sheet no longer fits the mark: only what the
program wrote is recorded.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from anqing_subsidy.finding import InputError, LedgerError, Text

PART: Final = "customXml/ledger.xml"
_SHEETS: Final = "xl/worksheets/"
_MARK: Final = "sheets"


def add_part(pieces: Iterable[str], archive: zipfile.ZipFile) -> None:
    """Add the part to a workbook whose sheets are written: a JSON object in pieces, to which the mark is added."""
    entry = zipfile.ZipInfo(PART, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    mark = mark_of(archive)
    with archive.open(entry, "w") as part:
        part.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<record>{{"{_MARK}":"{mark}",'.encode())
        for piece in pieces:
            part.write(escape(piece).encode())
        part.write(b"</record>")


def mark_of(archive: zipfile.ZipFile) -> str:
    """A mark over the contents of all sheets."""
    sheets = sorted(
        (part.filename, part.CRC, part.file_size) for part in archive.filelist if part.filename.startswith(_SHEETS)
    )
    return hashlib.sha256(json.dumps(sheets).encode()).hexdigest()


def read_record(path: Path) -> dict[str, Any]:
    """What a ledger records of a result workbook.

    Raises:
        InputError: it is no workbook, or no result.
        LedgerError: it was saved by another program, or changed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            content = archive.read(PART) if PART in names else b""
            mark = mark_of(archive) if archive.testzip() is None else ""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as fault:
        raise InputError(Text(f"读不了 {path}：{fault}", f"cannot read {path}: {fault}")) from fault
    if not content or b"<!" in content:  # what the program writes declares nothing
        raise _changed(path)
    try:
        record = json.loads(ElementTree.fromstring(content).text or "")  # noqa: S314  # without declarations there are no entities
    except (ElementTree.ParseError, ValueError) as fault:
        raise _changed(path) from fault
    if not isinstance(record, dict) or record.get(_MARK) != mark:
        raise _changed(path)
    return record


def _changed(path: Path) -> LedgerError:
    return LedgerError(
        Text(
            f"{path} 不是 run 写出的原样（被改动过，或用表格软件另存过），未登记；请登记原文件，或重新 run 后登记",
            f"{path} is not as `run` wrote it (changed, or saved by a spreadsheet program); nothing was recorded:"
            " record the file as written, or run again and record that",
        )
    )
