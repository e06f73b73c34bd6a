"""`void` and `clawback`: a payment taken back by a counter-entry; nothing is ever deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anqing_subsidy.finding import LedgerError, Text, UsageError
from anqing_subsidy.ledger.drafts import Batch, Draft, digest_of
from anqing_subsidy.ledger.record import Recorded, added
from anqing_subsidy.money import grouped

if TYPE_CHECKING:
    from anqing_subsidy.ledger.drafts import Signed
    from anqing_subsidy.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Which:
    """The payments of a run that are meant: all, or those of an applicant (code or name), clause, object."""

    run: int
    applicant: str | None = None
    clause: str | None = None
    object: str | None = None


def void(ledger: Ledger, which: Which, reason: str, signed: Signed) -> Recorded:
    """Take back payments as if they had never been made: they count no more and may be made again.

    Without a clause the figures of the run, or of the applicant in it, count no more either.

    Raises:
        UsageError: there is no such run, or nothing in it that is meant.
        LedgerError: it is itself a taking back.
    """
    payments, code = _payments(ledger, which)
    standing = [row for row in payments if not row["voided"]]
    if payments and not standing:
        return Recorded(max(row["voided"] for row in payments), before=True)
    drafts = tuple(_counter(row, "void", row["taken"] - row["amount"], frees=False) for row in standing)
    digest = digest_of("void", which.run, code, which.clause, which.object, [row["id"] for row in standing])
    known = ledger.database.execute("SELECT id FROM run WHERE digest = ?", (digest,)).fetchone()
    if known is not None:  # a run that held figures alone
        return Recorded(known[0], before=True)
    clause = which.clause if which.object is None else f"{which.clause or ''} {which.object}".strip()
    batch = Batch("void", digest, drafts, target=which.run, applicant=code, clause=clause, reason=reason)
    return Recorded(added(ledger, batch, signed), before=False)


def clawback(
    ledger: Ledger, which: Which, reason: str, signed: Signed, *, amount: int | None = None, frees: bool = False
) -> Recorded:
    """Record that money came back: all of what is meant, or `amount` fen of one payment.

    The award stays used up, and goes on counting as paid, unless `frees` says that it may be paid again.

    Raises:
        UsageError: there is no such payment, several for one amount, or a part is to free the award.
        LedgerError: more comes back than was paid, or it was voided.
    """
    payments, code = _payments(ledger, which)
    digest = digest_of("clawback", which.run, code, which.clause, which.object, amount, reason, signed.document, frees)
    known = ledger.database.execute("SELECT id FROM run WHERE digest = ?", (digest,)).fetchone()
    if known is not None:
        return Recorded(known[0], before=True)
    standing = [row for row in payments if not row["voided"] and row["taken"] < row["amount"]]
    if not standing:
        raise LedgerError(
            Text(
                "这些款项已全部冲销或追回，没有可追回的",
                "all of it was voided or recovered before; nothing is left to recover",
            )
        )
    if amount is not None and len(standing) > 1:
        listed = "; ".join(f"{row['clause']} {row['object']} {grouped(row['amount'])}".strip() for row in standing)
        raise UsageError(
            Text(
                f"--amount 只能用于一笔款项，这里有 {len(standing)} 笔，请用 --clause、--object 指明：{listed}",
                f"--amount is for one payment and here are {len(standing)}; say which by --clause, --object: {listed}",
            )
        )
    left = sum(row["amount"] - row["taken"] for row in standing)
    if amount is not None and not 0 < amount <= left:
        raise LedgerError(
            Text(
                f"追回 {grouped(amount)} 元超出尚存的 {grouped(left)} 元，未登记",
                f"{grouped(amount)} yuan is not within the {grouped(left)} yuan that is left; nothing was recorded",
            )
        )
    if frees and amount is not None and amount != left:
        raise UsageError(
            Text(
                "只追回一部分时不能用 --free：一次性奖励仍然算已享受",
                "--free needs the whole sum back: a part leaves the award used up",
            )
        )
    drafts = tuple(
        _counter(row, "clawback", row["taken"] - row["amount"] if amount is None else -amount, frees=frees)
        for row in standing
    )
    batch = Batch("clawback", digest, drafts, target=which.run, applicant=code, clause=which.clause, reason=reason)
    return Recorded(added(ledger, batch, signed), before=False)


def _payments(ledger: Ledger, which: Which) -> tuple[list[dict[str, Any]], str | None]:
    """The payments meant, each with what was taken back and the run that voided it; and the applicant's code."""
    run = ledger.database.execute("SELECT kind FROM run WHERE id = ?", (which.run,)).fetchone()
    if run is None:
        raise UsageError(
            Text(
                f"账本没有第 {which.run} 次登记，共 {ledger.run} 次",
                f"there is no run {which.run}; the ledger has {ledger.run}",
            )
        )
    if run[0] not in ("record", "import"):
        raise LedgerError(
            Text(
                f"第 {which.run} 次登记本身就是冲销或追回，不能再冲销；请重新登记应付的款项",
                f"run {which.run} is itself a taking back and stays; record what is due again",
            )
        )
    columns = ("id", "code", "name", "year", "clause", "object", "sequence", "amount", "taken", "voided")
    rows = ledger.database.execute(
        "SELECT id, code, name, year, clause, object, sequence, amount,"
        " (SELECT coalesce(-sum(amount), 0) FROM entry AS counter WHERE counter.target = paid.id),"
        " (SELECT run FROM entry AS counter WHERE counter.target = paid.id AND (kind = 'void' OR frees = 1))"
        " FROM entry AS paid WHERE run = ? AND kind = 'paid' ORDER BY id",
        (which.run,),
    ).fetchall()
    payments = [dict(zip(columns, row, strict=True)) for row in rows]
    code = None
    if which.applicant is not None:
        wanted = which.applicant
        payments = [row for row in payments if wanted.upper() == row["code"] or wanted == row["name"]]
        codes = sorted({row["code"] for row in payments})
        if len(codes) > 1:
            raise UsageError(
                Text(f"“{wanted}”有多户，请用代码：{'、'.join(codes)}", f"{wanted!r} is several: {', '.join(codes)}")
            )
        code = codes[0] if codes else wanted.upper()
    payments = [
        row for row in payments if which.clause in (None, row["clause"]) and which.object in (None, row["object"])
    ]
    held = ledger.database.execute(
        "SELECT 1 FROM figure WHERE run = ? AND (?2 IS NULL OR code = ?2) LIMIT 1", (which.run, code)
    ).fetchone()
    if not payments and (held is None or which.clause is not None):
        raise UsageError(
            Text(
                f"第 {which.run} 次登记里没有所指的款项；用 ledger show {which.run} 查看",
                f"run {which.run} has nothing of what is meant; look at `ledger show {which.run}`",
            )
        )
    return payments, code


def _counter(row: dict[str, Any], kind: str, amount: int, *, frees: bool) -> Draft:
    return Draft(
        row["code"],
        row["name"],
        row["year"],
        row["clause"],
        row["object"],
        row["sequence"],
        amount,
        kind=kind,
        target=row["id"],
        frees=frees,
    )
