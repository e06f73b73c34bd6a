"""What a ledger holds, as frames: payments with what became of them, runs, figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

from anqing_subsidy.finding import Text, UsageError
from anqing_subsidy.ledger.past import figures_before

if TYPE_CHECKING:
    from anqing_subsidy.ledger.store import Ledger

_LISTED = """
SELECT paid.code, paid.name, paid.year, paid.clause, nullif(paid.object, ''), paid.sequence, paid.tier, paid.level, paid.amount,
coalesce(back.voided, 0), coalesce(back.recovered, 0), coalesce(back.freed, 0), paid.id, paid.run, run.kind, run.at, run.who,
run.document, paid.funds, paid.parts FROM entry AS paid JOIN run ON run.id = paid.run LEFT JOIN (
SELECT target, max(kind = 'void') AS voided, -sum(iif(kind = 'clawback', amount, 0)) AS recovered, max(frees) AS freed
FROM entry WHERE target IS NOT NULL GROUP BY target) AS back ON back.target = paid.id
WHERE paid.kind = 'paid' ORDER BY paid.id"""
_COLUMNS: dict[str, Any] = {
    "uscc": pl.String, "name": pl.String, "year": pl.Int64, "clause": pl.String, "object_id": pl.String, "sequence": pl.Int64,
    "tier": pl.Int64, "level": pl.String, "amount": pl.Int64, "voided": pl.Boolean, "recovered": pl.Int64, "freed": pl.Boolean,
    "entry": pl.Int64, "run": pl.Int64, "how": pl.String, "at": pl.String, "who": pl.String, "document": pl.String, "funds": pl.String,
    "parts": pl.String,
}  # fmt: skip
_RUNS = (
    "id", "kind", "at", "who", "document", "reason", "source", "policy", "policy_sha256", "year", "readings", "inputs", "seen_run",
    "seen_head", "target", "applicant", "clause", "entries", "figures", "amount", "digest", "head",
)  # fmt: skip


def payments(
    ledger: Ledger, *, applicant: str | None = None, year: int | None = None, clause: str | None = None
) -> pl.DataFrame:
    """The payments of a ledger with their fate, a row a payment; of one applicant (code or part of a name), year, clause.

    `amount` and `recovered` in fen; `voided`: taken back as never made; `freed`: recovered, and may be paid again.
    """
    rows = ledger.database.execute(_LISTED).fetchall()
    found = pl.DataFrame(
        [(*row[:9], bool(row[9]), row[10], bool(row[11]), *row[12:]) for row in rows], schema=_COLUMNS, orient="row"
    )
    if applicant is not None:
        found = found.filter(
            (pl.col("uscc") == applicant.upper()) | pl.col("name").str.contains(applicant, literal=True)
        )
    if year is not None:
        found = found.filter(pl.col("year") == year)
    return found if clause is None else found.filter(pl.col("clause") == clause)


def runs(ledger: Ledger) -> list[dict[str, Any]]:
    """Every run, in order; readings and inputs as they were."""
    rows = ledger.database.execute(f"SELECT {', '.join(_RUNS)} FROM run ORDER BY id").fetchall()
    found = [dict(zip(_RUNS, row, strict=True)) for row in rows]
    return [{**run, "readings": json.loads(run["readings"]), "inputs": json.loads(run["inputs"])} for run in found]


def run_of(ledger: Ledger, number: int) -> dict[str, Any]:
    """One run.

    Raises:
        UsageError: there is none of this number.
    """
    found = [run for run in runs(ledger) if run["id"] == number]
    if not found:
        raise UsageError(
            Text(
                f"账本没有第 {number} 次登记，共 {ledger.run} 次",
                f"there is no run {number}; the ledger has {ledger.run}",
            )
        )
    return found[0]


def counters(ledger: Ledger, run: int) -> list[dict[str, Any]]:
    """The counter-entries of a run: what each takes back, in fen, and of which entry."""
    names = ("entry", "uscc", "name", "year", "clause", "object_id", "amount", "target", "frees")
    rows = ledger.database.execute(
        "SELECT id, code, name, year, clause, nullif(object, ''), amount, target, frees FROM entry"
        " WHERE run = ? AND kind <> 'paid' ORDER BY id",
        (run,),
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def figures(ledger: Ledger, run: int | None = None) -> pl.DataFrame:
    """The figures that count, of all runs or of one, as `figures_before`."""
    found = figures_before(ledger).sort("code", "year", "metric")
    return found if run is None else found.filter(pl.col("run") == run)
