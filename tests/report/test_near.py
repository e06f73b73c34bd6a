"""The nearest way to more: making the change pays more, a unit less does not (tried by assessing again)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.policy import load_policy
from anqing_subsidy.report.detail import Describer
from tests.oracle.generate import random_readings, random_tables
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.report.near_change import Change, NearMiss
    from tests.oracle.common import Tables

APPLICANTS = 100
TRIED = 12
"""Near misses tried of each draw; each is assessed twice more."""


def near_misses(result: Assessment) -> list[tuple[dict[str, Any], NearMiss]]:
    """The lines that could pay more, each with the nearest way."""
    near = Describer(result, "zh").describe(result.lines).near
    return [(result.lines.row(at, named=True), miss) for at, miss in near.items()]


def is_typed_once(change: Change, policy: Policy) -> bool:
    """Whether the figure is a cell of the applicant's own row."""
    return change.ref.table == policy.main and policy.column(change.ref) is not None


def amount_after(policy: Policy, tables: Tables, line: dict[str, Any], miss: NearMiss, short: int) -> tuple[int, int]:
    """What the line and the applicant come to when the figures are changed, each `short` units too little."""
    changed = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for row in changed[policy.main]:
        if row[policy.payee.code] == line["code"]:
            for change in miss.changes:
                row[change.ref.id] = change.needed - (short if change.needed > change.value else -short)
    result = assess(policy, frames(policy, changed))
    mine = result.lines.filter((result.lines["code"] == line["code"]) & (result.lines["clause"] == line["clause"]))
    people = result.applicants.filter(result.applicants["code"] == line["code"])
    return int(mine["amount"].sum()), int(people["total"].sum())


@pytest.mark.parametrize("seed", [0, 3, 7, 10, 14, 24])
def test_the_change_pays_more_and_a_unit_less_does_not(seed: int) -> None:
    rng = random.Random(seed)
    tables = random_tables(rng, APPLICANTS)
    policy = load_policy(settings=random_readings(rng) if seed % 4 else {})
    result = assess(policy, frames(policy, tables))
    totals = dict(result.applicants.select("code", "total").rows())
    found = [
        (line, miss)
        for line, miss in near_misses(result)
        if all(is_typed_once(change, policy) for change in miss.changes)
        and policy.clauses[line["clause"]].table == policy.main
    ]
    assert len(found) > TRIED
    for line, miss in rng.sample(found, TRIED):
        amount, total = amount_after(policy, tables, line, miss, 0)
        assert amount == miss.amount, (line["code"], line["clause"], miss)
        assert total > totals[line["code"]], (line["code"], line["clause"], miss)
        if len(miss.changes) == 1:
            less, _ = amount_after(policy, tables, line, miss, 1)
            assert less <= line["amount"], (line["code"], line["clause"], miss)


def test_one_more_tenant_is_said_where_a_park_lacks_one() -> None:
    rng = random.Random(1)
    policy = load_policy()
    texts = []
    for _ in range(12):
        result = assess(policy, frames(policy, random_tables(rng, APPLICANTS)))
        texts += [near for line, near in near_misses(result) if line["clause"] == "c5_new"]
    counted = [miss for miss in texts if any(change.ref.id == "settled_tenants" for change in miss.changes)]
    assert counted
    for miss in counted:
        change = next(change for change in miss.changes if change.ref.id == "settled_tenants")
        assert change.needed == 30
        assert change.value < 30
