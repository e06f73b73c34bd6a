"""Workbooks (.xlsx) to sheets: fastexcel reads the cells while a second thread scans the XML for what it hides."""

from __future__ import annotations

import html
import io
import logging
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import fastexcel
import polars as pl

from anqing_subsidy.finding import Finding, InputError, Place, Text
from anqing_subsidy.intake.scan import RepeatedCellError, Scan, number_rows, scan
from anqing_subsidy.intake.sheet import Sheet, column_letter
from anqing_subsidy.tables import FINDINGS_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SMALL: Final = 8 << 20
_SPARSE: Final = 20_000_000
_HEAD: Final = 64 << 10
_TAG = re.compile(r"<(?:\w+:)?(sheet|Relationship|workbookPr)\b([^>]*)>")
_FINDINGS = re.compile(rf"""<(?:\w+:)?definedName\b[^>]*\bname=["']{FINDINGS_NAME}["'][^>]*>([^<]*)<""")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_WAY_OUT = Text(
    "请用 Excel 或 WPS 打开，另存为新的 .xlsx 文件后再试",
    "open it in Excel or WPS, save it as a new .xlsx and try again",
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the workbook lists it."""

    name: str
    state: str
    part: str


def unreadable(file: str, why: Text) -> InputError:
    """A workbook that cannot be read, why, and the way out."""
    return InputError(Text(f"无法读取 {file}：{why.zh}。{_WAY_OUT.zh}", f"cannot read {file}: {why.en}; {_WAY_OUT.en}"))


def is_reader_fault(fault: BaseException) -> bool:
    """Whether a reader failed; the panics of those written in Rust are no `Exception`."""
    return isinstance(fault, Exception) or type(fault).__name__ == "PanicException"


def read_workbook(file: str, data: bytes) -> tuple[list[Sheet], list[Finding]]:
    """The visible sheets of a workbook that have a header; hidden ones are findings.

    Raises:
        InputError: it is damaged, or programs could see different contents in it.
    """
    logging.getLogger("fastexcel").setLevel(logging.ERROR)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(file, archive)
            listed, date1904 = _contents(archive)
            return _read_sheets(file, data, archive, listed, date1904=date1904)
    except InputError:
        raise
    except RepeatedCellError as fault:
        why = Text("同一单元格或同一行出现两次，不同软件会读出不同内容", "a cell or a row is given twice")
        raise unreadable(file, why) from fault
    except BaseException as fault:  # whatever a damaged file makes a reader raise, the way out is the same
        if not is_reader_fault(fault):
            raise
        detail = str(fault).splitlines()[0][:200] if str(fault) else type(fault).__name__
        raise unreadable(
            file, Text(f"文件损坏或不是工作簿（{detail}）", f"damaged, or no workbook ({detail})")
        ) from fault


def _check_parts(file: str, archive: zipfile.ZipFile) -> None:
    names = [name.casefold().replace("\\", "/").lstrip("/") for name in archive.namelist()]
    if len(set(names)) < len(names):
        raise unreadable(file, Text("压缩包内有同名的两个部分", "two parts of it have one name"))
    for info in archive.infolist():
        if info.flag_bits & 1:
            raise unreadable(file, Text("文件已加密", "it is encrypted"))
        if info.filename.casefold().endswith((".xml", ".rels")):
            with archive.open(info) as part:
                head = part.read(_HEAD)
            if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise unreadable(file, Text("内部使用 UTF-16 编码", "its parts are in UTF-16"))
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise unreadable(file, Text("内部含有 DOCTYPE 声明", "its XML has a DOCTYPE"))


def _attributes(text: str) -> dict[str, str]:
    return {key.rpartition(":")[2]: html.unescape(one or two) for key, one, two in _ATTRIBUTE.findall(text)}


def _tags(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag, rest in _TAG.findall(archive.read(part).decode("utf-8-sig")):
        yield tag, _attributes(rest)


def _findings_sheet(book: str) -> str | None:
    """The name of the sheet of findings that `check --annotate` puts in."""
    match = _FINDINGS.search(book)
    if match is None:
        return None
    name = html.unescape(match[1]).rpartition("!")[0].lstrip("$")
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def _contents(archive: zipfile.ZipFile) -> tuple[list[Listed], bool]:
    book = "xl/workbook.xml"
    for _, link in _tags(archive, "_rels/.rels"):
        if link.get("Type", "").endswith("/officeDocument"):
            book = link["Target"].lstrip("/")
    folder, _, name = book.rpartition("/")
    links = {link["Id"]: link["Target"] for _, link in _tags(archive, f"{folder}/_rels/{name}.rels") if "Id" in link}
    listed: list[Listed] = []
    date1904 = False
    for tag, found in _tags(archive, book):
        if tag == "workbookPr":
            date1904 = found.get("date1904") in ("1", "true")
        elif tag == "sheet" and "id" in found:
            target = links.get(found["id"], "")
            part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            listed.append(Listed(found["name"], found.get("state", "visible"), part))
    passed = _findings_sheet(archive.read(book).decode("utf-8-sig"))
    return [sheet for sheet in listed if sheet.name != passed], date1904


def _read_sheets(
    file: str, data: bytes, archive: zipfile.ZipFile, listed: list[Listed], *, date1904: bool
) -> tuple[list[Sheet], list[Finding]]:
    findings: list[Finding] = []
    sheets: list[Sheet] = []
    visible = [sheet for sheet in listed if sheet.state == "visible" and "chartsheet" not in sheet.part]
    reader: fastexcel.ExcelReader | None = None
    for sheet in listed:
        if sheet.state != "visible":
            message = Text(f"隐藏的工作表“{sheet.name}”未读取", f"the hidden sheet {sheet.name!r} is passed over")
            fix = Text("需要读取请取消隐藏", "unhide it to have it read")
            findings.append(Finding("warning", "HIDDEN_SHEET", message, Place(file, sheet.name), fix=fix))
    with ThreadPoolExecutor(1) as thread:
        for sheet in visible:
            small = archive.getinfo(sheet.part).file_size <= _SMALL
            scanning = thread.submit(_scan_part, archive, sheet.part, thorough=small)
            if small:
                _refuse_sparse(file, sheet.name, scanning.result())
            if reader is None:
                reader = fastexcel.read_excel(data)
            frame = reader.load_sheet(sheet.name, schema_sample_rows=None).to_polars()
            found = scanning.result()
            thorough = small or not _accounted(frame, found)
            if thorough and not small:
                found = _scan_part(archive, sheet.part, thorough=True)
            if frame.width and found.first_row:
                numbers = cache(partial(_number_rows, data, sheet.part, thorough))
                alone = len(visible) == 1
                sheets.append(_sheet(file, sheet.name, frame, found, numbers, alone=alone, date1904=date1904))
    return sheets, findings


def _scan_part(archive: zipfile.ZipFile, part: str, *, thorough: bool) -> Scan:
    with archive.open(part) as source:
        return scan(cast("BinaryIO", source), thorough=thorough)


def _accounted(frame: pl.DataFrame, found: Scan) -> bool:
    """Whether every filled cell of the XML is in the frame or among the faults."""
    given = sum(frame.height - series.null_count() for series in frame.get_columns())
    return found.filled == given + sum(1 for text in _header_texts(frame.columns) if text) + sum(
        map(len, found.faults.values())
    )


def _number_rows(data: bytes, part: str, thorough: bool, letter: str) -> frozenset[int]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(part) as source:
        return number_rows(cast("BinaryIO", source), letter, thorough=thorough)


def _refuse_sparse(file: str, name: str, found: Scan) -> None:
    area = (found.last_row - found.first_row + 1) * (found.last_column - found.first_column + 1)
    if area > _SPARSE and area > 50 * found.cells:
        cell = f"{column_letter(found.last_column)}{found.last_row}"
        why = Text(
            f"工作表“{name}”在很远处（约 {cell}）有零散单元格，请先删除",
            f"sheet {name!r} has a stray cell far away, near {cell}: delete it",
        )
        raise unreadable(file, why)


def _sheet(
    file: str,
    name: str,
    frame: pl.DataFrame,
    found: Scan,
    numbers: Callable[[str], frozenset[int]],
    *,
    alone: bool,
    date1904: bool,
) -> Sheet:
    first = found.first_row + 1
    return Sheet(
        file=file,
        name=name,
        headers=_header_texts(frame.columns),
        letters=tuple(column_letter(found.first_column + index) for index in range(frame.width)),
        columns=tuple(frame.get_columns()),
        rows=pl.int_range(first, first + frame.height, dtype=pl.UInt32, eager=True),
        header_row=found.first_row,
        alone=alone,
        date1904=date1904,
        faults=found.faults,
        booleans=found.booleans,
        number_rows=numbers,
    )


def _header_texts(names: list[str]) -> tuple[str, ...]:
    """The headers as typed: fastexcel names blank ones, and numbers a header that occurs again."""
    texts: list[str] = []
    for name in names:
        bare, _, count = name.rpartition("_")
        again = count.isdigit() and bare in texts
        texts.append("" if name.startswith("__UNNAMED__") else bare if again else name)
    return tuple(texts)
