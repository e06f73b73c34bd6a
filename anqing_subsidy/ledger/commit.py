"""Adding a run to a ledger: entries with their balance and hash, figures, and what is paid once only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from anqing_subsidy.ledger.chain import ENTRY, RUN, START, figures_of, head_of, last, linked
from anqing_subsidy.ledger.drafts import compact

if TYPE_CHECKING:
    import sqlite3

    from anqing_subsidy.ledger.chain import Value
    from anqing_subsidy.ledger.drafts import Batch, Draft, Signed
    from anqing_subsidy.ledger.store import Ledger


def add(ledger: Ledger, batch: Batch, signed: Signed) -> int:
    """Add a run to an open ledger; its number.

    Raises:
        sqlite3.IntegrityError: the database refuses: it was paid before, or more would be taken back than was paid.
    """
    database = ledger.database
    run = ledger.run + 1
    rows = list(_rows(database, batch.entries, run, ledger.entries))
    before = last(database)[3]
    hashes = list(linked(before, rows))
    marks = ", ".join("?" * (len(ENTRY) + 1))
    database.executemany(
        f"INSERT INTO entry ({', '.join(ENTRY)}, hash) VALUES ({marks})",
        ((*row, hash_) for row, hash_ in zip(rows, hashes, strict=True)),
    )
    _free(database, batch.entries, ledger.entries)
    _hold(database, batch.entries, ledger.entries)
    first = database.execute("SELECT coalesce(max(id), 0) FROM figure").fetchone()[0] + 1
    database.executemany(
        "INSERT INTO figure (id, run, code, year, metric, value) VALUES (?, ?, ?, ?, ?, ?)",
        ((number, run, *figure) for number, figure in enumerate(batch.figures, first)),
    )
    row: tuple[Value, ...] = (
        run, batch.kind, batch.digest, datetime.now(UTC).astimezone().isoformat(timespec="seconds"), signed.who, signed.document,
        batch.reason, signed.source, batch.policy, batch.policy_sha256, batch.year, compact(dict(batch.readings)), compact(batch.inputs),
        batch.seen_run, batch.seen_head, batch.target, batch.applicant, batch.clause, len(rows), len(batch.figures),
        sum(draft.amount for draft in batch.entries),
    )  # fmt: skip
    head = head_of(
        ledger.head if ledger.run else START, hashes[-1] if hashes else before, figures_of(database, run), row
    )
    database.execute(
        f"INSERT INTO run ({', '.join(RUN)}, head) VALUES ({', '.join('?' * (len(RUN) + 1))})", (*row, head)
    )
    return run


def _rows(database: sqlite3.Connection, drafts: Iterable[Draft], run: int, entries: int) -> Iterable[tuple[Value, ...]]:
    """The rows of a run, each with the total of its firm, clause and year after it."""
    balances = {
        (code, clause, year): amount
        for code, clause, year, amount in database.execute(
            "SELECT code, clause, year, sum(amount) FROM entry GROUP BY code, clause, year"
        )
    }
    for number, draft in enumerate(drafts, entries + 1):
        whose = draft.code, draft.clause, draft.year
        balances[whose] = balances.get(whose, 0) + draft.amount
        yield (
            number, run, draft.kind, draft.code, draft.name, draft.year, draft.clause, draft.object, draft.sequence, draft.tier,
            draft.level, draft.amount, compact(dict(draft.funds)), compact(draft.parts) if draft.parts else "[]", compact(draft.once) if draft.once else "[]", draft.target,
            int(draft.frees), balances[whose],
        )  # fmt: skip


def _hold(database: sqlite3.Connection, drafts: Iterable[Draft], entries: int) -> None:
    """Each payment takes hold of what it uses up, unless the same award of the same year holds it already."""
    for number, draft in enumerate(drafts, entries + 1):
        if draft.kind != "paid":
            continue
        for key in draft.once:
            holder = holder_of(database, key)
            if holder is not None and holder[1:] == (draft.code, draft.clause, draft.year):
                continue
            database.execute(
                "INSERT INTO hold (key, turn, entry) VALUES (?, (SELECT count(*) FROM freed WHERE key = ?1), ?2)",
                (key, number),
            )


def _free(database: sqlite3.Connection, drafts: Iterable[Draft], entries: int) -> None:
    """What a voided or freed payment held is free, or goes to another payment of the same award."""
    for number, draft in enumerate(drafts, entries + 1):
        if draft.kind == "paid" or not (draft.kind == "void" or draft.frees):
            continue
        held = database.execute(
            "SELECT key, turn FROM hold WHERE entry = ? AND NOT EXISTS (SELECT 1 FROM freed WHERE freed.key = hold.key"
            " AND freed.turn = hold.turn)",
            (draft.target,),
        ).fetchall()
        for key, turn in held:
            database.execute("INSERT INTO freed (key, turn, entry) VALUES (?, ?, ?)", (key, turn, number))
            heir = _heir(database, draft, key)
            if heir is not None:
                database.execute("INSERT INTO hold (key, turn, entry) VALUES (?, ?, ?)", (key, turn + 1, heir))


def _heir(database: sqlite3.Connection, draft: Draft, key: str) -> int | None:
    """The first payment of the same award that stands and uses up the same."""
    standing = database.execute(
        "SELECT id, once FROM entry AS paid WHERE kind = 'paid' AND code = ? AND clause = ? AND year = ? AND NOT EXISTS"
        " (SELECT 1 FROM entry AS counter WHERE counter.target = paid.id AND (counter.kind = 'void' OR counter.frees = 1))"
        " ORDER BY id",
        (draft.code, draft.clause, draft.year),
    )
    return next((number for number, once in standing if key in json.loads(once)), None)


def holder_of(database: sqlite3.Connection, key: str) -> tuple[int, str, str, int] | None:
    """The payment that holds what is paid once: its number, code, clause and year; None where it is free."""
    found: tuple[int, str, str, int] | None = database.execute(
        "SELECT entry.id, entry.code, entry.clause, entry.year FROM hold JOIN entry ON entry.id = hold.entry"
        " WHERE hold.key = ?1 AND hold.turn = (SELECT count(*) FROM freed WHERE key = ?1)",
        (key,),
    ).fetchone()
    return found
