"""What a zipped workbook is, and whether it can be unpacked at all: judged by its list of parts, before any is read."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final, Literal

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.kinds import DOCUMENT, SLIDES, damaged, no_table, refusal, unpack_first

if TYPE_CHECKING:
    from anqing_subsidy.finding import InputError

LARGEST_PART: Final = 1 << 30
LARGEST_WHOLE: Final = 2 << 30
STEEPEST: Final = 400
"""Sheets shrink to a tenth or a hundredth; a part that shrinks further and is large is a trap or all but empty."""
STEEP_FROM: Final = 100 << 20
MOST_SHEETS: Final = 2000

Book = Literal["xlsx", "ods"]
_ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"


def book_in(file: str, data: bytes) -> tuple[Book, int]:
    """Which workbook some zipped bytes are, and how large it is when unpacked.

    Raises:
        InputError: it is another document, an archive of files, too large when unpacked, or damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename.replace("\\", "/").lstrip("/").casefold() for part in parts}
            kind = archive.read("mimetype") if "mimetype" in names and _small(archive, "mimetype") else b""
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError) as fault:
        raise damaged(file, fault) from fault
    _check_size(file, parts)
    if kind.startswith(_ODS) and "content.xml" in names:
        return "ods", sum(part.file_size for part in parts)
    if kind.startswith(b"application/vnd.oasis"):
        raise no_table(file, DOCUMENT)
    if "[content_types].xml" not in names:
        if any(name.endswith(".iwa") for name in names):
            raise refusal(file, Text("这是 Numbers 表格", "it is a Numbers file"))
        raise unpack_first(file)
    if any(name.startswith("word/") for name in names):
        raise no_table(file, DOCUMENT)
    if any(name.startswith("ppt/") for name in names):
        raise no_table(file, SLIDES)
    if "xl/workbook.bin" in names:
        raise refusal(file, Text("二进制工作簿 (.xlsb)", "a binary workbook (.xlsb)"))
    return "xlsx", sum(part.file_size for part in parts)


def _small(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.NameToInfo and archive.getinfo(name).file_size < 200


def _check_size(file: str, parts: list[zipfile.ZipInfo]) -> None:
    whole = sum(part.file_size for part in parts)
    largest = max((part.file_size for part in parts), default=0)
    if largest > LARGEST_PART or whole > LARGEST_WHOLE:
        raise _too_large(file, whole)
    if any(part.file_size > STEEP_FROM and part.file_size > STEEPEST * max(part.compress_size, 1) for part in parts):
        raise _too_large(file, whole)
    sheets = sum(1 for part in parts if "/worksheets/" in part.filename and part.filename.endswith(".xml"))
    if sheets > MOST_SHEETS:
        why = Text(f"有 {sheets} 张工作表，超过 {MOST_SHEETS} 张", f"it has {sheets} sheets, more than {MOST_SHEETS}")
        raise refusal(file, why, Text("请只保留要读取的工作表", "keep only the sheets to be read"))


def _too_large(file: str, whole: int) -> InputError:
    size = max(1, whole >> 20)
    why = Text(
        f"解压后有 {size:,} MB，几乎都是空的或重复的内容，未打开",
        f"it unpacks to {size:,} MB, most of it empty or repeated, and was not opened",
    )
    way = Text(
        "请把有数据的行列复制到新工作簿，另存为 .xlsx",
        "copy the rows with data into a new workbook and save it as .xlsx",
    )
    return refusal(file, why, way)
