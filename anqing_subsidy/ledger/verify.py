"""Whether a ledger can be trusted: file, chain of hashes, totals added up again, balance of what was taken back."""

from __future__ import annotations

import json
import sqlite3
from typing import Final

from anqing_subsidy.finding import Text
from anqing_subsidy.ledger import schema
from anqing_subsidy.ledger.chain import ENTRY, RUN, START, figures_of, head_of, linked

_MOST: Final = 5
"""Faults of one kind that are named."""

_BALANCES: Final = """
SELECT id FROM (SELECT id, balance, sum(amount) OVER (PARTITION BY code, clause, year ORDER BY id) AS added FROM entry)
WHERE balance <> added ORDER BY id LIMIT ?"""
_COUNTERS: Final = """
SELECT paid.id FROM entry AS paid JOIN entry AS counter ON counter.target = paid.id
GROUP BY paid.id HAVING paid.amount + sum(counter.amount) < 0
OR (sum(counter.kind = 'void') > 0 AND paid.amount + sum(counter.amount) <> 0) OR sum(counter.kind = 'void') > 1
ORDER BY paid.id LIMIT ?"""
_SEQUENCES: Final = """
SELECT min(id) FROM entry WHERE kind = 'paid' GROUP BY code, clause, object, year
HAVING max(sequence) <> count(*) OR count(DISTINCT sequence) <> count(*) LIMIT ?"""
_RUNS: Final = """
SELECT run.id FROM run LEFT JOIN (SELECT run, count(*) AS entries, sum(amount) AS amount FROM entry GROUP BY run) AS e
ON e.run = run.id LEFT JOIN (SELECT run, count(*) AS figures FROM figure GROUP BY run) AS f ON f.run = run.id
WHERE run.entries <> coalesce(e.entries, 0) OR run.amount <> coalesce(e.amount, 0)
OR run.figures <> coalesce(f.figures, 0) ORDER BY run.id LIMIT ?"""
_STRAYS: Final = """
SELECT id FROM entry WHERE run NOT IN (SELECT id FROM run) UNION ALL
SELECT id FROM figure WHERE run NOT IN (SELECT id FROM run) LIMIT ?"""


def faults_in(database: sqlite3.Connection) -> list[Text]:
    """Everything that is wrong with a ledger; empty where nothing is.

    Raises:
        sqlite3.DatabaseError: the file is no database, or so damaged that it cannot be read.
    """
    application = database.execute("PRAGMA application_id").fetchone()[0]
    if application != schema.APPLICATION:
        return [Text("文件不是本程序的账本", "the file is no ledger of this program")]
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version != schema.VERSION:
        return [
            Text(f"账本版本 {version}，本程序只懂 {schema.VERSION}", f"its version is {version}, not {schema.VERSION}")
        ]
    broken = [text for (text,) in database.execute(f"PRAGMA integrity_check({_MOST})") if text != "ok"]
    if broken:
        return [Text(f"文件损坏：{text}", f"the file is damaged: {text}") for text in broken]
    if not schema.laid_out(database):
        return [
            Text(
                "账本的表、索引或触发器被改动过",
                "its tables, indexes or triggers were changed",
            )
        ]
    if database.execute("PRAGMA foreign_key_check").fetchone() is not None:
        return [Text("账本各表之间对不上", "its tables do not fit each other")]
    return [*_chain(database), *_sums(database), *_holds(database)]


def _chain(database: sqlite3.Connection) -> list[Text]:
    """Each entry and run against its hash; what comes after the first that is wrong says nothing more."""
    rows = database.execute(f"SELECT {', '.join(ENTRY)}, hash FROM entry ORDER BY id")
    at: dict[int, str] = {}
    before, number = START, 0
    while some := rows.fetchmany(10_000):
        for row, hash_ in zip(some, linked(before, (row[:-1] for row in some)), strict=True):
            number += 1
            if row[-1] != hash_ or row[0] != number:
                return [
                    Text(f"第 {row[0]} 笔与其校验值不符：被改动过", f"entry {row[0]} does not fit its hash: changed")
                ]
            before = at[row[1]] = hash_
    head, last_entry = START, START
    for number, row in enumerate(database.execute(f"SELECT {', '.join(RUN)}, head FROM run ORDER BY id").fetchall(), 1):
        last_entry = at.get(row[0], last_entry)
        head = head_of(head, last_entry, figures_of(database, row[0]), row[:-1])
        if row[-1] != head or row[0] != number:
            return [Text(f"第 {row[0]} 次登记与其校验值不符：被改动过", f"run {row[0]} does not fit its hash: changed")]
    return []


def _sums(database: sqlite3.Connection) -> list[Text]:
    found = []
    for question, zh, en in (
        (_STRAYS, "笔不属于任何一次登记", "belongs to no run"),
        (_RUNS, "次登记的笔数或合计与各笔不符", "is a run whose count or sum does not agree with its entries"),
        (_BALANCES, "笔之后该户、条款、年度的合计不对", "is followed by a wrong total of its firm, clause and year"),
        (_COUNTERS, "笔被冲销或追回的与已兑现的不平", "was taken back by more or less than was paid"),
        (_SEQUENCES, "笔所属事项的序号不连续", "is of an award whose numbers do not follow each other"),
    ):
        for (number,) in database.execute(question, (_MOST,)).fetchall():
            found.append(Text(f"第 {number} {zh}", f"{number} {en}"))
    return found


def _holds(database: sqlite3.Connection) -> list[Text]:
    """What is paid once is held by entries that stand and say so."""
    gone = set(
        database.execute("SELECT DISTINCT target FROM entry WHERE kind = 'void' OR (kind = 'clawback' AND frees = 1)")
    )
    said = {
        number: json.loads(once)
        for number, once in database.execute("SELECT id, once FROM entry WHERE kind = 'paid' AND once <> '[]'")
    }
    found = []
    held: set[str] = set()
    current = database.execute(
        "SELECT key, entry FROM hold WHERE turn = (SELECT count(*) FROM freed WHERE freed.key = hold.key) ORDER BY key"
    )
    for key, entry in current:
        held.add(key)
        if key not in said.get(entry, ()) or (entry,) in gone:
            found.append(
                Text(f"第 {entry} 笔占用的一次性事项不符：{key}", f"entry {entry} holds what is not its own: {key}")
            )
    for entry, keys in said.items():
        if (entry,) not in gone and not held.issuperset(keys):
            found.append(
                Text(f"第 {entry} 笔的一次性事项无人占用", f"what entry {entry} was paid once for is held by none")
            )
    return found[:_MOST]
