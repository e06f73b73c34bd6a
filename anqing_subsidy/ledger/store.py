"""Opening a ledger: for reading alone or for one addition, verified first, its faults put into words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from anqing_subsidy.finding import InputError, LedgerError, OutputError, SubsidyError, Text
from anqing_subsidy.ledger import schema
from anqing_subsidy.ledger.chain import last
from anqing_subsidy.ledger.files import appear, exists, holder_of
from anqing_subsidy.ledger.verify import faults_in

PATIENCE: Final = 5
"""Seconds that a busy ledger is waited for."""
_OLDEST: Final = (3, 37)
"""The first SQLite with strict tables."""
_CACHE: Final = 131_072
"""Kilobytes of pages that are kept in memory at most."""


@dataclass(frozen=True)
class Ledger:
    """An open ledger in which nothing was found wrong; `run`, `head`, `entries`: where its chain ends."""

    path: Path
    database: sqlite3.Connection
    run: int
    head: str
    entries: int


def create(path: Path) -> None:
    """Make an empty ledger.

    Raises:
        UsageError: there is a file of that name.
        OutputError: it cannot be written.
    """
    if path.exists() or path.is_symlink():
        raise exists(path)

    def fill(beside: Path) -> None:
        with worded(path):
            database = _connect(beside, "rw")
            try:
                schema.create(database)
            finally:
                database.close()

    appear(path, fill, replace=False)


@contextmanager
def reading(path: Path) -> Iterator[Ledger]:
    """A ledger as it stands now, whatever others add to it meanwhile.

    Raises:
        InputError: it is missing, no ledger, or damaged.
        LedgerError: another program holds it.
    """
    look(path)
    with worded(path):
        database = _connect(path, "ro")
        try:
            _begin(path, database)
            yield _verified(path, database)
        finally:
            database.close()


@contextmanager
def writing(path: Path) -> Iterator[Ledger]:
    """A ledger to be added to: everything inside is recorded together at the end, or nothing is.

    Raises:
        InputError: it is missing, no ledger, or damaged.
        LedgerError: another program holds it.
        OutputError: it cannot be written.
    """
    look(path)
    with worded(path):
        database = _connect(path, "rw")
        try:
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("PRAGMA synchronous = EXTRA")
            database.execute("PRAGMA temp_store = MEMORY")
            database.execute("BEGIN IMMEDIATE")
            ledger = _verified(path, database)
            yield ledger
            try:
                database.execute("COMMIT")
            except sqlite3.OperationalError as fault:
                database.close()
                if _went_in(path, ledger.run):
                    raise _doubtful(path, ledger.run + 1, fault) from fault
                raise
        finally:
            # what was not committed is taken back by this, and after a kill by whoever opens the file next
            database.close()


def _went_in(path: Path, run: int) -> bool:
    """Whether a run was added after all, though the disk failed at the last moment."""
    try:
        with reading(path) as ledger:
            return ledger.run > run
    except SubsidyError:
        return False


def _doubtful(path: Path, run: int, fault: sqlite3.Error) -> OutputError:
    return OutputError(
        Text(
            f"已登记为第 {run} 次，但磁盘报错（{fault}），断电可能丢失；请检查磁盘后运行 ledger verify，再登记一次同一结果",
            f"recorded as run {run}, but the disk reports a fault ({fault}) and may lose it; look into the disk,"
            f" verify {path}, and record the same once more",
        )
    )


def look(path: Path) -> None:
    """Whether there is a file where the ledger should be.

    Raises:
        InputError: there is none; nobody but `create` makes one.
    """
    if path.is_dir():
        raise InputError(Text(f"{path} 是文件夹，不是账本", f"{path} is a folder and no ledger"))
    if not path.is_file():
        raise InputError(
            Text(
                f"找不到账本 {path}，请检查路径；新账本用 ledger init {path} 建立",
                f"there is no ledger {path}; check the path (`ledger init {path}` makes a new one)",
            )
        )


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    if sqlite3.sqlite_version_info < _OLDEST:
        needed, here = ".".join(map(str, _OLDEST)), sqlite3.sqlite_version
        raise InputError(
            Text(
                f"账本需要 SQLite {needed} 以上，本机 Python 带的是 {here}",
                f"a ledger needs SQLite {needed}; here is {here}",
            )
        )
    address = f"file:{quote(str(path.resolve()))}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)


def _begin(path: Path, database: sqlite3.Connection) -> None:
    """Begin to read; what a killed writer left half done is taken back first."""
    database.execute("BEGIN")
    try:
        database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        if not path.with_name(path.name + "-journal").exists():
            raise
        database.execute("ROLLBACK")
        healing = _connect(path, "rw")
        try:
            healing.execute("BEGIN IMMEDIATE")
            healing.execute("ROLLBACK")
        finally:
            healing.close()
        database.execute("BEGIN")
        database.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def _verified(path: Path, database: sqlite3.Connection) -> Ledger:
    # SQLite's own check of a large ledger takes ten times as long where its pages do not fit; said only now, because
    # it looks into the file, which nobody could before what a killed writer left was taken back
    database.execute(f"PRAGMA cache_size = -{_CACHE}")
    try:
        found = faults_in(database)
    except ValueError as fault:  # what should be JSON is none
        raise _damaged(path, fault) from fault
    if found:
        raise InputError(
            Text(
                "\n  ".join([f"账本 {path} 不可信，未使用；请改用备份：", *(fault.zh for fault in found)]),
                "\n  ".join(
                    [f"the ledger {path} cannot be trusted and was not used; take a backup:", *(f.en for f in found)]
                ),
            )
        )
    run, head, entries, _ = last(database)
    return Ledger(path, database, run, head, entries)


@contextmanager
def worded(path: Path) -> Iterator[None]:
    """What SQLite finds wrong with a file, as one of the faults that people are told."""
    try:
        yield
    except SubsidyError:
        raise
    except sqlite3.Error as fault:
        raise _fault(path, fault) from fault
    except UnicodeError as fault:  # a damaged text, in the words of the fault itself too
        raise _damaged(path, fault) from fault


def _damaged(path: Path, fault: Exception) -> InputError:
    return InputError(
        Text(f"账本 {path} 已损坏，请改用备份（{fault}）", f"the ledger {path} is damaged; take a backup ({fault})")
    )


def _fault(path: Path, fault: sqlite3.Error) -> SubsidyError:
    name = getattr(fault, "sqlite_errorname", None) or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        who = holder_of(path)
        return LedgerError(
            Text(
                f"账本 {path} 正被{who.zh}占用，等了 {PATIENCE} 秒；什么也没有登记，稍后再试",
                f"the ledger {path} is held by {who.en}; waited {PATIENCE} seconds, recorded nothing; try again later",
            )
        )
    if name.startswith("SQLITE_NOTADB"):
        return InputError(Text(f"{path} 不是账本", f"{path} is no ledger"))
    if name.startswith("SQLITE_CORRUPT") or isinstance(fault, sqlite3.DataError):
        return _damaged(path, fault)
    if name.startswith("SQLITE_CANTOPEN"):
        return InputError(Text(f"无法打开账本 {path}（{fault}）", f"cannot open the ledger {path} ({fault})"))
    if name.startswith("SQLITE_READONLY"):
        return OutputError(
            Text(
                f"账本 {path} 或其文件夹只读，什么也没有登记",
                f"the ledger {path} or its folder is read-only; nothing was recorded",
            )
        )
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return OutputError(
            Text(
                f"账本 {path} 写不下（{fault}），什么也没有登记；腾出空间后重做一次",
                f"the ledger {path} cannot be written ({fault}); nothing was recorded; make room and run again",
            )
        )
    if isinstance(fault, sqlite3.IntegrityError):
        return LedgerError(
            Text(
                f"账本 {path} 拒绝登记：{fault}；什么也没有登记",
                f"the ledger {path} refuses: {fault}; nothing was recorded",
            )
        )
    return InputError(Text(f"账本 {path} 读不了（{fault}）", f"the ledger {path} cannot be used ({fault})"))
