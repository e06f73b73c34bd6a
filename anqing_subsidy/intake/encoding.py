"""The encoding and the delimiter of a text file: told by its bytes, never by the system that reads it."""

from __future__ import annotations

import re
from typing import Final

from anqing_subsidy.finding import InputError, Text

DELIMITERS: Final = {
    ",": Text("逗号", "commas"),
    "\t": Text("制表符", "tabs"),
    ";": Text("分号", "semicolons"),
    "，": Text("全角逗号", "full-width commas"),
}
"""A full-width comma parts values only where no other mark stands in as many lines: addresses are full of them."""

_WIDE: Final = "，"
_LINE: Final = re.compile(r"[^\r\n]*\S[^\r\n]*")
_LINES: Final = 10
_START: Final = 1 << 20
"""The characters at the beginning in which the first lines are looked for."""
_UTF16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF8: Final = b"\xef\xbb\xbf"
_CHINESE_IN_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
_SAVE_AGAIN = Text("请重新导出，或另存为 .xlsx", "export it again, or save it as .xlsx")


def decode(file: str, data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding: by its byte order mark, else strict UTF-8, else GB18030.

    Raises:
        InputError: it is text in none of them, or damaged text in one; the message names the line.
    """
    codec, name, start = _marked(data)
    if codec:
        try:
            return _without_nul(file, data[start:].decode(codec)), name
        except UnicodeDecodeError as fault:
            raise _broken(file, data[start : start + fault.start].decode(codec, "replace"), name) from fault
    try:
        return _without_nul(file, data.decode("utf-8")), "UTF-8"
    except UnicodeDecodeError as fault:
        # GB18030 gives nearly any bytes some characters, so what is UTF-8 but for a few bytes must not come to it
        if _is_nearly_utf8(data):
            raise _broken(file, data[: fault.start].decode("utf-8"), "UTF-8") from fault
    try:
        return _without_nul(file, data.decode("gb18030")), "GB18030"
    except UnicodeDecodeError as fault:
        if b"\x00" in data[:4096] or fault.start < 4:
            raise _no_text(file) from fault
        raise _broken(file, data[: fault.start].decode("gb18030"), "GB18030") from fault


def _marked(data: bytes) -> tuple[str, str, int]:
    if data.startswith(_UTF8):
        return "utf-8", "UTF-8", 3
    codec = _UTF16.get(data[:2], "")
    return codec, "UTF-16", 2


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether Chinese in UTF-8 stands in some bytes far more often than bytes that cannot be UTF-8."""
    good = len(_CHINESE_IN_UTF8.findall(data))
    bad = data.decode("utf-8", "replace").count("\ufffd")
    return good > 4 * bad


def _without_nul(file: str, text: str) -> str:
    at = text.find("\0")
    if at < 0:
        return text
    if text.count("\0") * 20 > len(text):
        raise _no_text(file)
    line = text.count("\n", 0, at) + 1
    why = Text(f"第 {line} 行含有空字符 (NUL)，文件已损坏", f"line {line} holds a NUL character: the file is damaged")
    raise _refused(file, why)


def _broken(file: str, before: str, name: str) -> InputError:
    line = before.count("\n") + 1
    why = Text(
        f"文字为 {name} 编码，但第 {line} 行有残缺的字节，可能传输或截断时损坏",
        f"it is {name}, but line {line} has broken bytes: cut off or damaged on its way",
    )
    return _refused(file, why)


def _no_text(file: str) -> InputError:
    return InputError(
        Text(
            f"无法读取 {file}：既不是工作簿，也不是 UTF-8 或 GB18030 文本。请另存为 .xlsx 或 UTF-8 的 .csv",
            f"cannot read {file}: neither a workbook nor text in UTF-8 or GB18030; save it as .xlsx or as .csv in UTF-8",
        )
    )


def _refused(file: str, why: Text) -> InputError:
    return InputError(
        Text(
            f"无法读取 {file}：{why.zh}。{_SAVE_AGAIN.zh}",
            f"cannot read {file}: {why.en}; {_SAVE_AGAIN.en}",
        )
    )


def delimiter_of(text: str) -> tuple[bool, str]:
    """Whether the first line says what parts the values (`sep=;`), and what does.

    That is the mark that stands in most of the first lines: titles hold none or another one, and so do addresses.
    """
    lines = [line.strip(" ") for line in _LINE.findall(text[:_START])[:_LINES]]
    told = lines[0].removeprefix("sep=") if lines and lines[0].startswith("sep=") else ""
    if told in DELIMITERS:
        return True, told
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    return False, max(
        DELIMITERS,
        key=lambda mark: (sum(mark in line for line in bare), mark != _WIDE, sum(line.count(mark) for line in bare)),
    )
