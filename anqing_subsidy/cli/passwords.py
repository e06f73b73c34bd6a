"""The file with the passwords of workbooks; what stands in it is never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import InputError, Text, reason_of

if TYPE_CHECKING:
    from pathlib import Path

LARGEST: Final = 1 << 16


def read_passwords(path: Path | None) -> tuple[str, ...]:
    """The lines of a password file, each once, blank ones left out; spaces belong to a password.

    Raises:
        InputError: it is missing, cannot be read, holds none, or is no list of passwords.
    """
    if path is None:
        return ()
    try:
        data = path.read_bytes()
    except OSError as fault:
        reason = reason_of(fault)
        raise InputError(
            Text(f"无法读取密码文件 {path}：{reason.zh}", f"cannot read the password file {path}: {reason.en}")
        ) from fault
    if len(data) > LARGEST or b"\0" in data:
        raise InputError(
            Text(
                f"{path} 不是密码文件：应为文本文件，每行一个密码",
                f"{path} is no password file: a text file, one password a line",
            )
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    words = tuple(dict.fromkeys(line for line in text.replace("\r", "\n").split("\n") if line.strip()))
    if not words:
        raise InputError(
            Text(f"密码文件 {path} 中没有密码，请每行写一个", f"the password file {path} is empty; write one a line")
        )
    return words
