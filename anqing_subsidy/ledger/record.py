"""`record`: one run's payments, after approval; the same once, another one that pays again never."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import LedgerError, Text
from anqing_subsidy.ledger.commit import add, holder_of
from anqing_subsidy.ledger.drafts import Batch, digest_of
from anqing_subsidy.ledger.entries import FIGURES
from anqing_subsidy.money import QuantityError, fen_of_yuan, grouped, parse_number

if TYPE_CHECKING:
    from anqing_subsidy.ledger.drafts import Signed
    from anqing_subsidy.ledger.result import Result
    from anqing_subsidy.ledger.store import Ledger
    from anqing_subsidy.policy.model import Policy

_MOST: Final = 5
"""Entries that a refusal names."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The run that holds what was to be recorded; `before`: it did already. `remarks` are warnings."""

    run: int
    before: bool
    remarks: tuple[Text, ...] = ()


def record(ledger: Ledger, result: Result, policy: Policy, signed: Signed) -> Recorded:
    """Add the payments and figures of a result to a ledger that is open for writing.

    Raises:
        LedgerError: something of it was paid already, or the ledger went on since the result was computed.
    """
    batch = recorded_as(result, policy)
    known = again(ledger, batch)
    if known is not None:
        return known
    remarks = _chain(ledger, result)
    refuse_paid(ledger, batch)
    _refuse_unseen(ledger, batch)
    return Recorded(added(ledger, batch, signed), before=False, remarks=tuple(remarks))


def added(ledger: Ledger, batch: Batch, signed: Signed) -> int:
    """Add a batch; what the database itself refuses is a refusal.

    Raises:
        LedgerError: it does.
    """
    try:
        return add(ledger, batch, signed)
    except sqlite3.IntegrityError as fault:
        raise LedgerError(
            Text(f"账本拒绝登记：{fault}；什么也没有登记", f"the ledger refuses: {fault}; nothing was recorded")
        ) from fault


def again(ledger: Ledger, batch: Batch) -> Recorded | None:
    """The run that recorded the same before, if there is one.

    Raises:
        LedgerError: it was voided since.
    """
    known = ledger.database.execute("SELECT id FROM run WHERE digest = ?", (batch.digest,)).fetchone()
    if known is None:
        return None
    voided = ledger.database.execute(
        "SELECT counter.run FROM entry AS counter JOIN entry AS paid ON paid.id = counter.target"
        " WHERE counter.kind = 'void' AND paid.run = ? LIMIT 1",
        known,
    ).fetchone()
    if voided is not None:
        raise LedgerError(
            Text(
                f"同一结果登记过（第 {known[0]} 次），后由第 {voided[0]} 次冲销；请用 run --ledger 重新计算后登记",
                f"the same was recorded as run {known[0]} and voided by run {voided[0]};"
                " compute it again with `run --ledger` and record that",
            )
        )
    return Recorded(known[0], before=True)


def recorded_as(result: Result, policy: Policy) -> Batch:
    """What a result adds to a ledger, by whichever kind of file it came.

    Raises:
        LedgerError: a figure in it makes no sense.
    """
    figures = tuple(
        sorted((code, year, name, _smallest(policy, name, text)) for code, year, name, text in result.figures)
    )
    shown = [
        [*draft.key, draft.sequence, draft.amount, draft.tier, draft.level, draft.parts, draft.once]
        for draft in result.entries
    ]
    digest = digest_of(
        result.policy, result.policy_sha256, result.readings, [sha256 for _, sha256 in result.inputs], result.seen, shown, figures
    )  # fmt: skip
    return Batch(
        "record",
        digest,
        result.entries,
        figures,
        result.policy,
        result.policy_sha256,
        result.year,
        result.readings,
        result.inputs,
        *(result.seen or (None, None)),
    )


def _smallest(policy: Policy, name: str, text: str | int) -> int:
    """A figure in smallest units."""
    if isinstance(text, int):
        return text
    column = policy.tables[policy.history.table].columns.get(name) if policy.history is not None else None
    try:
        if column is not None and column.type in FIGURES:
            return parse_number(text) if column.type == "count" else fen_of_yuan(text)
    except QuantityError:
        pass
    raise LedgerError(
        Text(
            f"结果中的数据读不懂：{name} {text}；请重新 run",
            f"a figure of the result makes no sense: {name} {text}; run again",
        )
    )


def _chain(ledger: Ledger, result: Result) -> list[Text]:
    """Whether this is the ledger that the result was computed with, or an older state of it."""
    if result.seen is None:
        return []
    run, head = result.seen
    if run > ledger.run:
        return [
            Text(
                f"警告：计算时账本已有 {run} 次登记，现在只有 {ledger.run} 次——账本可能是旧备份，请核对",
                f"warning: the result was computed with a ledger of {run} runs, this one has {ledger.run}:"
                " it may be an old backup; look into it",
            )
        ]
    here = ledger.database.execute("SELECT head FROM run WHERE id = ?", (run,)).fetchone()
    if run and here != (head,):
        raise LedgerError(
            Text(
                "结果是用另一个账本算的；未登记，请用这个账本重新 run --ledger",
                "the result was computed with another ledger; nothing was recorded: `run --ledger` with this one",
            )
        )
    return []


def refuse_paid(ledger: Ledger, batch: Batch) -> None:
    """Refuse what is paid: the same firm, clause, object, year and number, or once only and held by another."""
    found: dict[int, None] = {}
    for draft in batch.entries:
        paid = ledger.database.execute(
            "SELECT id FROM entry AS paid WHERE code = ? AND clause = ? AND object = ? AND year = ? AND sequence >= ?"
            " AND kind = 'paid' AND NOT EXISTS (SELECT 1 FROM entry WHERE target = paid.id AND kind = 'void')"
            " ORDER BY sequence DESC LIMIT 1",
            (*draft.key, draft.sequence),
        ).fetchone()
        if paid is not None:
            found[paid[0]] = None
        for key in draft.once:
            holder = holder_of(ledger.database, key)
            if holder is not None and holder[1:] != (draft.code, draft.clause, draft.year):
                found[holder[0]] = None
    if found:
        raise _refusal(
            ledger,
            list(found),
            Text("结果再次兑现账本里已兑现的事项", "the result pays again what the ledger has as paid"),
        )


def _refuse_unseen(ledger: Ledger, batch: Batch) -> None:
    """Refuse a result that does not know what the ledger has about those whom it pays."""
    since = batch.seen_run or 0
    found: dict[int, None] = {}
    codes = {draft.code for draft in batch.entries}
    things = {(draft.clause, draft.object) for draft in batch.entries if draft.object}
    for number, code, clause, thing in ledger.database.execute(
        "SELECT id, code, clause, object FROM entry WHERE run > ? ORDER BY id", (since,)
    ):
        if code in codes or (thing and (clause, thing) in things):
            found[number] = None
    if found:
        raise _refusal(
            ledger,
            list(found),
            Text(
                "结果计算时没有看到账本里这些分录，请用 run --ledger 重新计算后登记",
                "the result was computed without these entries of the ledger; compute it again with `run --ledger`",
            ),
        )


def _refusal(ledger: Ledger, numbers: list[int], why: Text) -> LedgerError:
    named = [_told(ledger, number) for number in numbers[:_MOST]]
    more = len(numbers) - len(named)
    zh, en = (
        [why.zh + "；什么也没有登记：", *(name.zh for name in named)],
        [why.en + "; nothing was recorded:", *(n.en for n in named)],
    )
    if more > 0:
        zh.append(f"另有 {more} 笔")
        en.append(f"and {more} more")
    return LedgerError(Text("\n  ".join(zh), "\n  ".join(en)))


def _told(ledger: Ledger, number: int) -> Text:
    """An entry in words."""
    run, at, document, code, name, clause, thing, year, sequence, amount = ledger.database.execute(
        "SELECT run.id, run.at, run.document, code, name, entry.clause, object, entry.year, sequence, entry.amount"
        " FROM entry JOIN run ON run.id = entry.run WHERE entry.id = ?",
        (number,),
    ).fetchone()
    what = f"{code} {name} {clause}{f' [{thing}]' if thing else ''} {year}"
    paper = f" {document}" if document else ""
    return Text(
        f"第 {number} 笔（第 {run} 次登记 {at[:10]}{paper}）：{what} 年第 {sequence} 笔 {grouped(amount)} 元",
        f"entry {number} (run {run}, {at[:10]}{paper}): {what}, number {sequence}, {grouped(amount)} yuan",
    )
