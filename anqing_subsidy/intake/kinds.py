"""What some bytes are, told by their beginning and never by the name of the file; and how refusals are worded."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

from anqing_subsidy.finding import InputError, Text
from anqing_subsidy.tables import RESULT_MARK

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["book", "parquet", "text", "empty"]
"""`book` is whatever the reader process takes: workbooks of every sort, and tables in HTML or XML."""

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP: Final = b"PK"
BARE_BIFF: Final = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
_MARKUP: Final = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"<head", b"<body", b"<style", b"<!--", b"<div",
                  b"<workbook", b"mime-version:")  # fmt: skip
_SPACE: Final = b"\xef\xbb\xbf \t\r\n"

SAVE_AS: Final = Text("请用 Excel 或 WPS 打开，另存为 .xlsx", "open it in Excel or WPS and save it as .xlsx")
_COPY: Final = Text("请把表格另存为 .xlsx 或 .csv", "save the table as .xlsx or .csv")
_UNPACK: Final = Text("请先解压，再给出其中的表格文件", "unpack it and name the files in it")

PDF: Final = Text("这是 PDF 文档，不是表格", "it is a PDF, not a table")
PICTURE: Final = Text("这是图片，不是表格", "it is a picture, not a table")
PACKED: Final = Text("这是压缩包，不是表格", "it is an archive, not a table")
DOCUMENT: Final = Text("这是文字文档 (Word/WPS 文字)，不是表格", "it is a Word or WPS text document, not a table")
SLIDES: Final = Text("这是演示文稿，不是表格", "it is a presentation, not a table")

_REFUSED: Final[tuple[tuple[bytes, Text, Text], ...]] = (
    (b"%PDF", PDF, _COPY),
    (b"{\\rtf", DOCUMENT, _COPY),
    (b"Rar!", PACKED, _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", PACKED, _UNPACK),
    (b"\x1f\x8b", PACKED, _UNPACK),
    (b"\x89PNG\r\n", PICTURE, _COPY),
    (b"\xff\xd8\xff", PICTURE, _COPY),
    (b"GIF8", PICTURE, _COPY),
    (b"II*\x00", PICTURE, _COPY),
    (b"MM\x00*", PICTURE, _COPY),
    (b"BM", PICTURE, _COPY),
    (b"SQLite format 3\x00", Text("这是数据库，不是表格", "it is a database, not a table"), _COPY),
    (b"MZ", Text("这是程序，不是表格", "it is a program, not a table"), _COPY),
)


def refusal(file: str, why: Text, way: Text = SAVE_AS) -> InputError:
    """A file that cannot be read: why, and the way out."""
    return InputError(Text(f"无法读取 {file}：{why.zh}。{way.zh}", f"cannot read {file}: {why.en}; {way.en}"))


def damaged(file: str, fault: BaseException) -> InputError:
    """A file at which a reader failed."""
    first = str(fault).strip().splitlines()[:1]
    detail = first[0][:200] if first else type(fault).__name__
    return refusal(file, Text(f"文件损坏或不是工作簿（{detail}）", f"damaged, or no workbook ({detail})"))


def unpack_first(file: str) -> InputError:
    """An archive that holds files."""
    return refusal(file, PACKED, _UNPACK)


def no_table(file: str, what: Text) -> InputError:
    """A document of another program."""
    return refusal(file, what, _COPY)


def kind_of(file: str, data: bytes) -> Kind:
    """Who has to read some contents.

    Raises:
        InputError: it is a document, a picture or an archive.
    """
    if not data.strip(b" \t\r\n\x00" if data[:1] == b"\x00" else _SPACE):
        return "empty"
    if data.startswith((OLE, ZIP, *BARE_BIFF)):
        return "book"
    if data.startswith(b"PAR1"):
        return "parquet"
    for start, what, way in _REFUSED:
        if data.startswith(start) and (len(start) > 2 or b"\x00" in data[:64]):
            raise refusal(file, what, way)
    if data[8:12] == b"WEBP" or data[4:12] == b"ftypheic":
        raise refusal(file, PICTURE, _COPY)
    return "book" if data[:2048].lstrip(_SPACE).lower().startswith(_MARKUP) or _is_wide_markup(data) else "text"


def _is_wide_markup(data: bytes) -> bool:
    """Whether it is HTML or XML in UTF-16, as some programs save web pages."""
    return data.startswith((b"\xff\xfe<\x00", b"\xfe\xff\x00<"))


def is_result(source: Path | BinaryIO) -> bool:
    """Whether a file is a result workbook of this program, which holds awards and no applications."""
    try:
        with zipfile.ZipFile(source) as archive:
            return RESULT_MARK.encode() in archive.read("docProps/core.xml")
    except (OSError, KeyError, zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError):
        return False  # whatever it is, who reads it says what is wrong with it
