"""Near misses of awards with modifiers: the change pays what is said to the fen, a unit less pays no more."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.report.detail import Describer
from tests.language.town import WAN, YUAN, clause, kiln, run, town

if TYPE_CHECKING:
    from anqing_subsidy.policy import Policy
    from anqing_subsidy.report.near_change import NearMiss

GRID: Final = "{highest_of: [{pay: 1000元, when: [100 <= pots < 300]}, {pay: 2000元, when: [300 <= pots < 500, masters >= 2]}, {rate: 1%, of: sales, when: [pots >= 500]}]"
AWARDS: Final = (
    f"{GRID}, multiply_by: 2/3}}",
    f"{GRID}, multiply_by: {{by: guild, true: 150%, false: 1/3}}}}",
    f"{GRID}, multiply_by: {{by: masters, 0..2: 1, 3..: 2}}}}",
    f"{GRID}, deduct: aid}}",
    f"{GRID}, prorate_by: done_part}}",
    f"{GRID}, cap: [taxes, 1500元]}}",
    f"{GRID}, multiply_by: 150%, prorate_by: done_part, deduct: aid, cap: {{rate: 50%, of: wages}}}}",
    "{pay: 7元, per: pots, deduct: aid, cap: taxes}",
    "{pay: {by: masters, 0..2: 500元, 3..: 900元}}",
    "{pay: wages}",
    "{rate: 3%, of: sales, prorate_by: done_part}",
    "{rate: 3%, of: sales, only_above: 1万元, multiply_by: 2/3}",
    "{rate: 3%, of: sales, only_above: 1万元, deduct: aid}",
    "{pay: 100元, per_full: '20', of: pots, multiply_by: 1/3, deduct: aid}",
    "{sum_of: [{pay: 100元, when: [pots >= 100]}, {pay: 7元, per: masters, when: [pots >= 200]}, {rate: 1%, of: sales, when: [masters >= 3]}], cap: taxes}",
    "{highest_of: [{pay: 1000元, when: [pots >= 100], deduct: aid}, {pay: 3000元, when: [pots >= 300], prorate_by: done_part}], multiply_by: 1/2}",
)
WHENS: Final = ("pots >= 150", "masters >= 2", "sales >= 2万元", "pots <= 400", "wages >= 1000元")
COLUMNS: Final = {"pots", "masters", "sales", "wages"}


def firm(rng: random.Random) -> dict[str, Any]:
    return kiln(
        1,
        pots=rng.choice((0, 90, 99, 100, 149, 150, 299, 300, 499, 500, rng.randrange(600))),
        masters=rng.randrange(5),
        sales=rng.choice((WAN - 1, WAN, 2 * WAN - 1, rng.randrange(40 * WAN))),
        wages=rng.randrange(3000 * YUAN),
        taxes=rng.randrange(3000 * YUAN),
        aid=rng.choice((0, rng.randrange(1500 * YUAN))),
        done=rng.randrange(1, 200),
        planned=rng.randrange(1, 200),
        guild=rng.random() < 0.5,
    )


def paid(policy: Policy, row: dict[str, Any]) -> int:
    return int(run(policy, row).lines["amount"].sum())


def near(policy: Policy, row: dict[str, Any]) -> NearMiss | None:
    found = run(policy, row)
    return next(iter(Describer(found, "zh").describe(found.lines).near.values()), None)


@pytest.mark.parametrize("award", AWARDS)
def test_the_changes_pay_what_is_said_and_a_unit_less_pays_no_more(award: str) -> None:
    rng = random.Random(award)
    for _ in range(25):
        policy = town(clause(award, f"when: [{rng.choice(WHENS)}]", *(["cap: wages"] if rng.random() < 0.2 else [])))
        row = firm(rng)
        miss = near(policy, row)
        if miss is None or not {change.ref.id for change in miss.changes} <= COLUMNS:
            continue
        before = paid(policy, row)
        changed = {**row, **{change.ref.id: change.needed for change in miss.changes}}
        assert paid(policy, changed) == miss.amount > before, (award, row, miss)
        for change in miss.changes:
            short = {**changed, change.ref.id: change.needed + (-1 if change.needed > change.value else 1)}
            assert paid(policy, short) < miss.amount, (award, row, miss, change)


@pytest.mark.parametrize(
    ("award", "row", "amount"),
    [
        (AWARDS[0], {"pots": 99, "masters": 0, "sales": 0}, 66667),
        (AWARDS[3], {"pots": 99, "masters": 0, "sales": 0, "aid": 300 * YUAN}, 700 * YUAN),
        (AWARDS[4], {"pots": 99, "masters": 0, "sales": 0, "done": 1, "planned": 3}, 33333),
        (AWARDS[5], {"pots": 99, "masters": 0, "sales": 0, "taxes": 40 * YUAN}, 40 * YUAN),
        (AWARDS[3], {"pots": 99, "masters": 0, "sales": 0, "aid": 1000 * YUAN}, 1000 * YUAN),
        (AWARDS[2], {"pots": 350, "masters": 1, "sales": 0}, 1000 * YUAN),
    ],
)
def test_of_a_grid_with_a_modifier_the_nearest_row_is_said_after_it(
    award: str, row: dict[str, Any], amount: int | None
) -> None:
    miss = near(town(clause(award)), kiln(1, **row))
    assert (None if miss is None else miss.amount) == amount


def test_a_clause_beside_one_with_a_budget_still_has_a_near_miss_but_none_that_a_budget_may_cut() -> None:
    two = clause("{pay: 100元}", "when: [pots >= 100]") + clause(
        "{pay: 100元}", "when: [pots >= 100]", "budget: 1万元", id_="k_two"
    )
    found = run(town(two), kiln(1, pots=99))
    near_ = Describer(found, "zh").describe(found.lines).near
    assert [found.lines["clause"][at] for at in near_] == ["k_one"]
