"""What the reader process does with some bytes: opens a password, finds the format by the contents, reads the sheets."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import InputError, Text
from anqing_subsidy.intake.archive import LARGEST_WHOLE, book_in
from anqing_subsidy.intake.kinds import DOCUMENT, OLE, SLIDES, ZIP, damaged, no_table, refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anqing_subsidy.finding import Finding
    from anqing_subsidy.intake.grid import Pages
    from anqing_subsidy.intake.sheet import Sheet
    from anqing_subsidy.tables import PlainSheet

_SPACE: Final = b"\xef\xbb\xbf \t\r\n"
_FLAT_ODS: Final = b"urn:oasis:names:tc:opendocument:xmlns:office"


def read_book(file: str, data: bytes, passwords: Sequence[str] = ()) -> tuple[list[Sheet], list[Finding]]:
    """The sheets of a workbook of any format, and what was found in it.

    Raises:
        InputError: it cannot be read; the message says why and what to do.
    """
    try:
        opened = _opened(file, data, passwords)
        if not isinstance(opened, bytes):
            return opened.sheets(file)
        from anqing_subsidy.intake.workbook import read_workbook

        return read_workbook(file, opened)
    except (InputError, MemoryError):
        raise
    except Exception as fault:  # whatever a damaged file makes a reader raise, the way out is the same
        raise damaged(file, fault) from fault


def plain_book(file: str, data: bytes) -> list[PlainSheet]:
    """The bare cells of a workbook of an older format; nothing of a package, which is copied as it is.

    Raises:
        InputError: it cannot be read, or has a password.
    """
    try:
        opened = _opened(file, data, ())
        return [] if isinstance(opened, bytes) else opened.plain()
    except (InputError, MemoryError):
        raise
    except Exception as fault:
        raise damaged(file, fault) from fault


def unpacked(data: bytes) -> int:
    """About how many bytes some bytes hold when unpacked; what is none of ours counts nothing."""
    if not data.startswith(ZIP):
        return 4 * len(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return min(sum(part.file_size for part in archive.infolist()), LARGEST_WHOLE)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return len(data)


def _opened(file: str, data: bytes, passwords: Sequence[str]) -> Pages | bytes:
    """The sheets of a workbook of an older format, or the package that it is, without its password."""
    if data.startswith(OLE):
        return _opened_ole(file, data, passwords)
    if data.startswith(ZIP):
        kind, _ = book_in(file, data)
        if kind == "ods":
            from anqing_subsidy.intake.ods import pages_of_ods

            return pages_of_ods(file, data)
        return data
    if data.startswith(b"\x09"):
        from anqing_subsidy.intake.xls import pages_of_xls

        return pages_of_xls(data)
    return _opened_markup(file, data)


def _opened_markup(file: str, data: bytes) -> Pages:
    start = data[:4096].lstrip(_SPACE).lower()
    if start.startswith(b"mime-version:"):
        raise refusal(file, Text("内容是单个文件网页 (MHTML)", "it is a web archive (MHTML)"))
    if start.startswith((b"<?xml", b"<workbook")) and b"<html" not in start:
        if _FLAT_ODS in start:
            from anqing_subsidy.intake.ods import pages_of_ods

            return pages_of_ods(file, data)
        from anqing_subsidy.intake.xmltable import pages_of_xml

        return pages_of_xml(file, data)
    from anqing_subsidy.intake.htmltable import pages_of_html

    return pages_of_html(file, data)


def _opened_ole(file: str, data: bytes, passwords: Sequence[str]) -> Pages | bytes:
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as container:
        encrypted = container.exists("EncryptedPackage")
        binary = container.exists("Workbook") or container.exists("Book")
        if container.exists("WordDocument") and not binary:
            raise no_table(file, DOCUMENT)
        if container.exists("PowerPoint Document") and not binary:
            raise no_table(file, SLIDES)
    if not encrypted and not binary:
        raise refusal(file, Text("旧格式文件，其中没有 Excel 工作簿", "an old file without an Excel workbook in it"))
    if encrypted or _has_filepass(data):
        from anqing_subsidy.intake.password import opened

        return _opened(file, opened(file, data, passwords), ())
    from anqing_subsidy.intake.xls import pages_of_xls

    return pages_of_xls(data)


def _has_filepass(data: bytes) -> bool:
    """Whether a binary workbook says, before its first sheet, that what follows is encrypted."""
    import xlrd.compdoc

    document = xlrd.compdoc.CompDoc(data, logfile=io.StringIO())
    stream = next((found for name in ("Workbook", "Book") if (found := document.locate_named_stream(name))[0]), None)
    if stream is None:
        return False
    content, at, size = stream
    end = at + size
    while at + 4 <= end:
        record = int.from_bytes(content[at : at + 2], "little")
        if record == 0x2F:
            return True
        if record in {0x85, 0x0A}:
            return False
        at += 4 + int.from_bytes(content[at + 2 : at + 4], "little")
    return False
