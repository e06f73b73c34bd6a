"""The chain of hashes: each entry over the one before it, each run over the run before it and all that it added."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

ENTRY: Final = (
    "id", "run", "kind", "code", "name", "year", "clause", "object", "sequence", "tier", "level", "amount", "funds", "parts", "once",
    "target", "frees", "balance",
)  # fmt: skip
RUN: Final = (
    "id", "kind", "digest", "at", "who", "document", "reason", "source", "policy", "policy_sha256", "year", "readings", "inputs", "seen_run",
    "seen_head", "target", "applicant", "clause", "entries", "figures", "amount",
)  # fmt: skip
START: Final = "0" * 64
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Value = str | int | None


def linked(before: str, rows: Iterable[tuple[Value, ...]]) -> Iterator[str]:
    """The hash of each row in turn, over the hash before it and the values of the row."""
    for row in rows:
        before = hashlib.sha256((before + _ENCODE(row)).encode()).hexdigest()
        yield before


def head_of(before: str, last_entry: str, figures: str, row: tuple[Value, ...]) -> str:
    """The hash of a run: over the run before it, the last entry so far, its figures, and its own values."""
    (found,) = linked(before + last_entry + figures, [row])
    return found


def figures_of(database: sqlite3.Connection, run: int) -> str:
    """The hash over the figures that a run added."""
    whole = hashlib.sha256()
    rows = database.execute(
        "SELECT quote(id) || ',' || quote(code) || ',' || year || ',' || quote(metric) || ',' || value || char(10)"
        " FROM figure WHERE run = ? ORDER BY id",
        (run,),
    )
    while some := rows.fetchmany(10_000):
        whole.update("".join(text for (text,) in some).encode())
    return whole.hexdigest()


def last(database: sqlite3.Connection) -> tuple[int, str, int, str]:
    """The last run and its head, the last entry and its hash."""
    run = database.execute("SELECT id, head FROM run ORDER BY id DESC LIMIT 1").fetchone() or (0, START)
    entry = database.execute("SELECT id, hash FROM entry ORDER BY id DESC LIMIT 1").fetchone() or (0, START)
    return (*run, *entry)
