"""What is found wrong in files, sheets, cells and policies: collected, not raised.

`SubsidyError` is the root of every exception that this package raises on purpose:

    SubsidyError
    ├── UsageError      a wrong call: unknown reading, unknown applicant ...     exit 2
    ├── InputError      a file that is missing or cannot be read                 exit 3
    │   └── PolicyError the policy's faults, all of them                         exit 3
    ├── OutputError     a result that cannot be written                          exit 3
    └── LedgerError     the ledger says no: paid already, or in use              exit 4
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

Lang = Literal["zh", "en"]
Severity = Literal["error", "warning", "info"]


class Text(NamedTuple):
    """One sentence in both languages."""

    zh: str
    en: str

    def say(self, lang: Lang) -> str:
        """The sentence in the wanted language."""
        return self.zh if lang == "zh" else self.en


NOTHING = Text("", "")


def listing(words: Iterable[object]) -> Text:
    """Some words one after another, parted as each language does it."""
    listed = [str(word) for word in words]
    return Text("、".join(listed), ", ".join(listed))


_REASONS: Final = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘只读",
    errno.ENAMETOOLONG: "文件名太长",
}


def reason_of(fault: OSError) -> Text:
    """Why the system refuses a file; in Chinese where it is one of the usual reasons."""
    said = fault.strerror or str(fault)
    return Text(_REASONS.get(fault.errno or 0, said), said)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: row as Excel shows it (1 = first), column by its letter.

    `numbered`: it stands in a ledger, where `sheet` names the run and `row` is the number of the entry.
    """

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    numbered: bool = False

    def __str__(self) -> str:
        cell = f"{'#' if self.numbered else ''}{self.column or ''}{self.row or ''}"
        return " ".join(part for part in (self.file, self.sheet, cell) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or remark: how grave, which kind, what is wrong, what to do, where.

    `others` are further cells that it is about: the other side of a comparison, the rows that share a value.
    """

    severity: Severity
    code: str
    message: Text
    place: Place | None = None
    value: str | None = None
    fix: Text = field(default=NOTHING)
    others: tuple[Place, ...] = ()


_POLICY_FILE = Text("政策文件", "policy file")


class SubsidyError(Exception):
    """The root of the exceptions of this package; carries a sentence in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class UsageError(SubsidyError):
    """The command or call is wrong."""


class InputError(SubsidyError):
    """A file is missing or cannot be read."""


class OutputError(SubsidyError):
    """A result cannot be written."""


class LedgerError(SubsidyError):
    """The ledger refuses: what is to be recorded was paid already or cannot be vouched for, or it is in use."""


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One fault of a policy file: line, what is wrong, how to mend it."""

    line: int
    message: Text
    path: str = ""


class PolicyError(InputError):
    """A policy file (or what lies beside one) has faults; `faults` lists all of them in the order of their lines."""

    def __init__(self, file: str, faults: Iterable[PolicyFault], what: Text = _POLICY_FILE) -> None:
        self.file = file
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.path)))

        def listing(lang: Lang) -> str:
            head = (
                f"{what.zh} {file} 有 {len(self.faults)} 处错误"
                if lang == "zh"
                else f"{file}: {len(self.faults)} fault(s)"
            )
            return "\n".join([head, *(f"  {file}:{f.line}: {f.message.say(lang)}" for f in self.faults)])

        super().__init__(Text(listing("zh"), listing("en")))
