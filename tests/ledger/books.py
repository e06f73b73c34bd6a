"""Ledgers of the tests: made, filled and read without a process of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anqing_subsidy.engine import assess
from anqing_subsidy.ledger.drafts import Signed
from anqing_subsidy.ledger.feed import with_past
from anqing_subsidy.ledger.imported import import_into, importable
from anqing_subsidy.ledger.past import past_of
from anqing_subsidy.ledger.query import payments
from anqing_subsidy.ledger.record import Recorded
from anqing_subsidy.ledger.record import record as recorded
from anqing_subsidy.ledger.result import read_result
from anqing_subsidy.ledger.store import create, reading, writing
from anqing_subsidy.policy import Policy, default_policy_path
from anqing_subsidy.policy.load import parse_policy
from anqing_subsidy.report.data import json_pieces
from tests.support import frames

if TYPE_CHECKING:
    import polars as pl

    from anqing_subsidy.engine.assessment import Assessment

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
SIGNED = Signed("张三", "宜商〔2019〕3号", "result.json")


@cache
def policy_of(year: int = 2018, **readings: str) -> Policy:
    """The policy as it would be for another year."""
    text = default_policy_path().read_text(encoding="utf-8")
    assert "\nyear: 2018\n" in text
    return parse_policy(text.replace("\nyear: 2018\n", f"\nyear: {year}\n").encode(), "policy.yaml", readings)


class Book:
    """A ledger in a file, and what is done with it."""

    def __init__(self, folder: Path, name: str = "awards.ledger") -> None:
        self.path = folder / name
        if not self.path.exists():
            create(self.path)

    def run(self, rows: Rows, policy: Policy) -> Assessment:
        """The awards of typed rows, computed with the ledger."""
        return assess(policy, with_past(frames(policy, rows), policy, past_of(self.path, policy)))

    def result(self, assessment: Assessment, name: str = "result.json") -> Path:
        """A result file of some awards."""
        path = self.path.with_name(name)
        path.write_text("".join(json_pieces(assessment, "zh")), encoding="utf-8")
        return path

    def record(self, assessment: Assessment) -> Recorded:
        """Record some awards."""
        result = read_result(self.result(assessment))
        with writing(self.path) as ledger:
            return recorded(ledger, result, assessment.policy, SIGNED)

    def pay(self, rows: Rows, policy: Policy) -> Assessment:
        """Compute and record."""
        done = self.run(rows, policy)
        self.record(done)
        return done

    def load(self, rows: Rows, policy: Policy) -> Recorded:
        """Import awards paid and figures of earlier years."""
        tables = frames(policy, rows)
        batch = importable(replace(tables, inputs=()), policy)
        with writing(self.path) as ledger:
            return import_into(ledger, batch, SIGNED)

    def payments(self) -> pl.DataFrame:
        """All payments."""
        with reading(self.path) as ledger:
            return payments(ledger)


def amounts(assessment: Assessment) -> dict[str, int]:
    """What each clause pays, over all applicants, in fen; clauses that pay nothing left out."""
    found: dict[str, int] = {}
    for clause, amount in assessment.lines.select("clause", "amount").iter_rows():
        if amount:
            found[clause] = found.get(clause, 0) + amount
    return found


def codes(assessment: Assessment) -> list[str]:
    """The codes of all findings."""
    return sorted(finding.code for finding in assessment.findings)
