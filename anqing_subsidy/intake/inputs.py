"""Paths on the command line to files: folders opened, other programs' leavings passed over, contents told apart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from anqing_subsidy.finding import Finding, InputError, Place, Text
from anqing_subsidy.intake.delimited import read_csv, read_jsonl, read_parquet
from anqing_subsidy.intake.sheet import Sheet
from anqing_subsidy.intake.workbook import read_workbook

Reader = Callable[[str, bytes], tuple[list[Sheet], list[Finding]]]
SUFFIXES: Final = (".xlsx", ".xlsm", ".xls", ".ods", ".et", ".csv", ".tsv", ".txt", ".parquet")
STDIN_FORMATS: Final[dict[str, Reader]] = {"csv": read_csv, "jsonl": read_jsonl}
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, under the name that places show."""

    shown: str
    data: bytes
    reader: Reader

    @property
    def sha256(self) -> str:
        """The SHA-256 of its bytes."""
        return hashlib.sha256(self.data).hexdigest()


def _remark(severity: str, shown: str, code: str, message: Text, fix: Text) -> Finding:
    return Finding("warning" if severity == "warning" else "info", code, message, Place(shown), fix=fix)


def files(inputs: Iterable[Path | str], findings: list[Finding], seen: set[Path]) -> Iterator[tuple[str, Path]]:
    """Every file that is named or lies in a named folder, in order, each once.

    Raises:
        InputError: a path is missing, or a folder holds no file to read.
    """
    for given in inputs:
        path = Path(given)
        members = list(_members(str(given), path, findings)) if path.is_dir() else [(str(given), path)]
        if not members:
            raise InputError(
                Text(
                    f"文件夹 {given} 中没有可读取的表格",
                    f"the folder {given} holds no table to read; put .xlsx or .csv files in it",
                )
            )
        for shown, file in members:
            resolved = file.resolve()
            if resolved in seen:
                message = Text("同一文件给出两次，只读取一次", "the file is given twice and read once")
                findings.append(_remark("warning", shown, "FILE_TWICE", message, Text("去掉重复", "name it once")))
                continue
            seen.add(resolved)
            yield shown, file


def _members(shown: str, folder: Path, findings: list[Finding]) -> Iterator[tuple[str, Path]]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as fault:
        raise InputError(
            Text(f"无法打开文件夹 {shown}：{fault}", f"cannot open the folder {shown}: {fault}")
        ) from fault
    for entry in entries:
        name = f"{shown.rstrip('/')}/{entry.name}"
        if entry.name.startswith(("~$", ".")):
            message = Text("隐藏文件或锁定文件，未读取", "a hidden or lock file, passed over")
            findings.append(_remark("info", name, "FILE_SKIPPED", message, Text("无需处理", "nothing to do")))
        elif entry.is_dir():
            message = Text("子文件夹未读取", "a folder inside a folder is passed over")
            fix = Text("需要读取请单独列出", "name it on the command line to have it read")
            findings.append(_remark("warning", name, "FOLDER_SKIPPED", message, fix))
        elif entry.suffix.lower() not in SUFFIXES:
            message = Text("不是表格文件，未读取", "not a spreadsheet, passed over")
            findings.append(_remark("warning", name, "FILE_SKIPPED", message, Text("无需处理", "nothing to do")))
        else:
            yield name, entry


def open_source(shown: str, path: Path) -> Source:
    """The bytes of a file and the reader that its contents, not its suffix, ask for.

    Raises:
        InputError: it is missing, empty or of a kind that cannot be read; the message says how to save it.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as fault:
        raise InputError(Text(f"找不到文件 {shown}，请检查路径", f"{shown} does not exist; check the path")) from fault
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise InputError(Text(f"无法打开 {shown}：{reason}", f"cannot open {shown}: {reason}")) from fault
    return Source(shown, data, reader_for(shown, data))


def open_stdin(stream: BinaryIO, input_format: str | None) -> Source:
    """What stands on standard input, in the format that the caller says.

    Raises:
        InputError: no format is said, or an unknown one, or there is nothing.
    """
    reader = STDIN_FORMATS.get(input_format or "")
    if reader is None:
        raise InputError(
            Text("读取标准输入须说明格式：csv 或 jsonl", "say what stdin holds: --input-format csv or jsonl")
        )
    data = stream.read()
    if not data.strip():
        raise InputError(Text("标准输入为空", "stdin is empty"))
    return Source("-", data, reader)


def reader_for(shown: str, data: bytes) -> Reader:
    """The reader for some contents.

    Raises:
        InputError: no reader fits.
    """
    saved = Text("请用 Excel 或 WPS 打开，另存为 .xlsx", "open it in Excel or WPS and save it as .xlsx")

    def refuse(why: Text, way: Text = saved) -> InputError:
        return InputError(Text(f"无法读取 {shown}：{why.zh}。{way.zh}", f"cannot read {shown}: {why.en}; {way.en}"))

    if not data.strip():
        raise refuse(Text("文件为空", "the file is empty"), Text("请检查文件", "check the file"))
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refuse(
                Text("工作簿设有密码", "the workbook has a password"),
                Text("请去掉密码，另存为 .xlsx", "save it without"),
            )
        raise refuse(Text("旧格式 (.xls/.et)", "the old format (.xls, .et)"))
    if data.startswith(b"PAR1"):
        return read_parquet
    if data.startswith(b"PK"):
        if b"mimetypeapplication/vnd.oasis" in data[:200]:
            raise refuse(Text("OpenDocument 格式 (.ods)", "an OpenDocument file (.ods)"))
        return read_workbook
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"<head", b"%pdf", b"{\\rtf")):
        raise refuse(
            Text("内容是网页、XML 或文档，不是工作簿", "it holds a web page, XML or a document, not a workbook")
        )
    if Path(shown).suffix.lower() in (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".parquet"):
        raise refuse(Text("文件损坏，或扩展名与内容不符", "it is damaged, or its suffix belies its contents"))
    return read_csv
