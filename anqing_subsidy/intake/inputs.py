"""Paths on the command line to files: folders opened, other programs' leavings passed over, contents told apart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from anqing_subsidy.finding import Finding, InputError, Place, Text, reason_of
from anqing_subsidy.intake.delimited import read_csv, read_jsonl, read_parquet
from anqing_subsidy.intake.kinds import is_result, kind_of, refusal
from anqing_subsidy.intake.process import BOOK_SUFFIXES

if TYPE_CHECKING:
    from anqing_subsidy.intake.heading import Names
    from anqing_subsidy.intake.process import Books
    from anqing_subsidy.intake.sheet import Sheet

SUFFIXES: Final = frozenset((*BOOK_SUFFIXES, ".csv", ".tsv", ".txt", ".parquet"))
LEAVINGS: Final = ("thumbs.db", "desktop.ini", ".ds_store")
"""What systems leave in folders."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, under the name that places show; `read` gives its sheets, or raises InputError."""

    shown: str
    data: bytes
    read: Callable[[], tuple[list[Sheet], list[Finding]]]

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
        if entry.name.startswith(("~$", ".")) or entry.name.casefold() in LEAVINGS:
            message = Text("隐藏文件或锁定文件，未读取", "a hidden or lock file, passed over")
            findings.append(_remark("info", name, "FILE_SKIPPED", message, Text("无需处理", "nothing to do")))
        elif entry.is_dir():
            message = Text("子文件夹未读取", "a folder inside a folder is passed over")
            fix = Text("需要读取请单独列出", "name it on the command line to have it read")
            findings.append(_remark("warning", name, "FOLDER_SKIPPED", message, fix))
        elif entry.suffix.lower() not in SUFFIXES:
            message = Text("不是表格文件，未读取", "not a spreadsheet, passed over")
            findings.append(_remark("warning", name, "FILE_SKIPPED", message, Text("无需处理", "nothing to do")))
        elif _is_empty(entry):
            message = Text("文件为空，未读取", "the file is empty and passed over")
            fix = Text("请核对是否漏了数据", "see whether its data is missing")
            findings.append(_remark("warning", name, "FILE_EMPTY", message, fix))
        elif entry.suffix.lower() == ".xlsx" and is_result(entry):
            message = Text(
                "本程序写出的结果，不是申报表，未读取", "a result of this program and no application, passed over"
            )
            fix = Text("结果请放在另一个文件夹", "keep results in another folder")
            findings.append(_remark("warning", name, "FILE_SKIPPED", message, fix))
        else:
            yield name, entry


def _is_empty(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size == 0
    except OSError:
        return False


def open_source(shown: str, path: Path, books: Books, names: Names) -> Source:
    """The bytes of a file, and the reader that its contents, not its suffix, ask for; a workbook begins to be read.

    Raises:
        InputError: it is missing, empty or of a kind that cannot be read; the message says how to save it.
    """
    _refuse_leavings(shown, path.name)
    try:
        data = path.read_bytes()
    except FileNotFoundError as fault:
        raise InputError(Text(f"找不到文件 {shown}，请检查路径", f"{shown} does not exist; check the path")) from fault
    except OSError as fault:
        reason = reason_of(fault)
        raise InputError(Text(f"无法打开 {shown}：{reason.zh}", f"cannot open {shown}: {reason.en}")) from fault
    kind = kind_of(shown, data)
    if kind == "empty":
        raise refusal(shown, Text("文件为空", "the file is empty"), Text("请检查文件", "check the file"))
    if kind == "book":
        if is_result(BytesIO(data)):
            why = Text("这是本程序写出的结果，不是申报表", "it is a result of this program and no application")
            raise refusal(shown, why, Text("请给出申报表", "name the applications"))
        return Source(shown, data, books.submit(shown, data))
    if kind == "parquet":
        return Source(shown, data, partial(read_parquet, shown, data))
    if path.suffix.lower() in BOOK_SUFFIXES or path.suffix.lower() == ".parquet":
        raise refusal(shown, Text("文件损坏，或扩展名与内容不符", "it is damaged, or its suffix belies its contents"))
    return Source(shown, data, partial(read_csv, shown, data, names))


def open_stdin(stream: BinaryIO, input_format: str | None, names: Names) -> Source:
    """What stands on standard input, in the format that the caller says.

    Raises:
        InputError: no format is said, or an unknown one, or there is nothing.
    """
    if input_format not in ("csv", "jsonl"):
        raise InputError(
            Text("读取标准输入须说明格式：csv 或 jsonl", "say what stdin holds: --input-format csv or jsonl")
        )
    data = stream.read()
    if not data.strip():
        raise InputError(Text("标准输入为空", "stdin is empty"))
    read = partial(read_csv, "-", data, names) if input_format == "csv" else partial(read_jsonl, "-", data)
    return Source("-", data, read)


def _refuse_leavings(shown: str, name: str) -> None:
    if name.startswith("~$"):
        why = Text("这是 Office 或 WPS 打开表格时留下的锁定文件", "it is the lock file of a workbook that is open")
        raise refusal(shown, why, Text("请给出表格本身", f"name the workbook itself, {name[2:]}"))
    if name.casefold() in LEAVINGS:
        why = Text("这是系统自己的文件，不是表格", "it is a file of the system, not a table")
        raise refusal(shown, why, Text("请给出表格文件", "name a table"))
