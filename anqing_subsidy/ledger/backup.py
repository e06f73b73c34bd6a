"""A copy of a ledger, taken with SQLite's own backup and verified before it gets its name."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from anqing_subsidy.ledger.files import appear, exists
from anqing_subsidy.ledger.store import reading, worded


def back_up(path: Path, target: Path) -> int:
    """Copy a ledger into a new file; the number of its last run.

    Raises:
        UsageError: there is a file of that name.
        InputError: the ledger is missing or cannot be trusted.
        OutputError: the copy cannot be written.
    """
    if target.exists():
        raise exists(target)
    with reading(path) as ledger:

        def fill(beside: Path) -> None:
            with worded(target):
                copy = sqlite3.connect(beside, isolation_level=None)
                try:
                    ledger.database.backup(copy)
                finally:
                    copy.close()
            with reading(beside):
                pass  # a copy that cannot be trusted gets no name

        appear(target, fill, replace=False)
        return ledger.run
