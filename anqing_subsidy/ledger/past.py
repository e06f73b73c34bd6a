"""What a ledger says of the past, taken out in one go: awards that count as paid, figures of earlier years, where it ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.ledger.store import reading
from anqing_subsidy.tables import LedgerSeen

if TYPE_CHECKING:
    from anqing_subsidy.ledger.store import Ledger
    from anqing_subsidy.policy.model import Policy

_STANDING: Final = """
SELECT id, run, code, year, clause, object, tier, level, amount, parts FROM entry AS paid
WHERE kind = 'paid' AND NOT EXISTS (SELECT 1 FROM entry AS counter WHERE counter.target = paid.id
AND (counter.kind = 'void' OR counter.frees = 1)) ORDER BY id"""
"""Payments that count: neither voided, nor clawed back and freed."""
_FIGURES: Final = """
SELECT max(id), run, code, year, metric, value FROM figure
WHERE year < ? AND NOT EXISTS (SELECT 1 FROM run AS void WHERE void.kind = 'void' AND void.target = figure.run
AND void.clause IS NULL AND (void.applicant IS NULL OR void.applicant = figure.code))
GROUP BY code, year, metric"""
"""The figures before a year that count: the last one recorded by a run that was not voided."""
_SEQUENCES: Final = """
SELECT code, clause, object, max(sequence) FROM entry WHERE kind = 'paid' AND year = ? GROUP BY code, clause, object"""
_ENTRIES: Final[Mapping[str, Any]] = {
    "id": pl.UInt32, "run": pl.UInt32, "code": pl.String, "year": pl.Int64, "clause": pl.String, "object": pl.String,
    "tier": pl.Int64, "level": pl.String, "amount": pl.Int64, "parts": pl.String,
}  # fmt: skip
_VALUES: Final[Mapping[str, Any]] = {
    "id": pl.UInt32, "run": pl.UInt32, "code": pl.String, "year": pl.Int64, "metric": pl.String, "value": pl.Int64,
}  # fmt: skip
_LAST_YEAR: Final = 9999


@dataclass(frozen=True)
class Past:
    """What counts for the year of a policy. `standing`: from `standing_rows`; `figures`: from `figures_before`."""

    seen: LedgerSeen
    standing: pl.DataFrame
    figures: pl.DataFrame

    @property
    def path(self) -> Path:
        """The file of the ledger."""
        return Path(self.seen.file)


def past_of(path: Path, policy: Policy) -> Past:
    """The past as a ledger has it; the file is verified, and closed again.

    Raises:
        InputError: it is missing, no ledger, or damaged.
        LedgerError: another program holds it.
    """
    with reading(path) as ledger:
        sequences = {tuple(of): last for *of, last in ledger.database.execute(_SEQUENCES, (policy.year,))}
        seen = LedgerSeen(str(path), ledger.run, ledger.entries, ledger.head, sequences)
        return Past(seen, standing_rows(ledger, policy), figures_before(ledger, policy.year))


def figures_before(ledger: Ledger, year: int = _LAST_YEAR) -> pl.DataFrame:
    """The figures that count of the years before one: entry, run, code, year, metric, value in smallest units."""
    return pl.DataFrame(ledger.database.execute(_FIGURES, (year,)).fetchall(), schema=_VALUES, orient="row")


def standing_rows(ledger: Ledger, policy: Policy) -> pl.DataFrame:
    """What counts as paid, a row an award: id and run of its last entry, code, year, clause, object, tier, level, amount.

    The payments of one firm, clause, object and year are added up, and then there is a row for each object inside.
    """
    standing = pl.DataFrame(ledger.database.execute(_STANDING).fetchall(), schema=_ENTRIES, orient="row")
    keys = ["code", "year", "clause", "object"]
    plain = pl.col("object").replace("", None)
    alone = ~standing.select(keys).is_duplicated() & (standing["parts"] == "[]")
    single = standing.filter(alone).drop("parts").with_columns(plain)
    made: list[tuple[object, ...]] = []
    for _, some in standing.filter(~alone).group_by(keys, maintain_order=True):
        rows = some.rows(named=True)
        last = rows[-1]
        ranks = {name: rank for rule in _once(policy, last["clause"]) for name, rank in rule.items()}
        levels = sorted({row["level"] for row in rows if row["level"]}, key=lambda name: ranks.get(name, 0))
        tiers = [row["tier"] for row in rows]
        tier = None if None in tiers else max(tiers)
        level = levels[-1] if levels else None
        inside: dict[str, int] = {}
        for row in rows:
            inside |= dict(json.loads(row["parts"]))
        amount = sum(row["amount"] for row in rows)
        whole = (last["id"], last["run"], last["code"], last["year"], last["clause"])
        exact = sum(inside.values()) == amount
        if not inside or not exact:
            made.append((*whole, last["object"] or None, tier, level, amount))
        made.extend((*whole, name, tier, level, adds if exact else 0) for name, adds in inside.items())
    schema = {name: kind for name, kind in _ENTRIES.items() if name != "parts"}
    return pl.concat([single, pl.DataFrame(made, schema=schema, orient="row")])


def _once(policy: Policy, clause: str) -> list[dict[str, int]]:
    rule = policy.clauses.get(clause)
    return [dict(once.ranks) for once in rule.once] if rule is not None else []
