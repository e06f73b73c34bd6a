"""What is worked out over all applicants: shares of a pool, what a budget leaves."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from anqing_subsidy.money import LARGEST
from anqing_subsidy.policy import parse_policy
from tests.language.town import WAN, WHOLE, YUAN, clause, kiln, lines, paid, run, town

POOL = "{pool: 100元, shared_by: score, open_lines: leave_out}"


def test_the_fictional_policy_of_potters_has_no_fault() -> None:
    assert len(parse_policy(WHOLE.encode(), "kilns.yaml", {}).clauses) == 23


def test_a_pool_is_shared_by_points_and_the_odd_fen_goes_by_largest_remainder() -> None:
    found = run(town(clause(POOL)), kiln(1, score=1), kiln(2, score=2), kiln(3, score=0))
    assert paid(found) == {"K1": "33.33", "K2": "66.67", "K3": "0.00"}


def test_nobody_is_paid_from_a_pool_that_waits_for_all_while_a_point_is_blank() -> None:
    found = run(town(clause(POOL.replace("leave_out", "hold_all"))), kiln(1, score=1), kiln(2, score=2), kiln(3))
    assert lines(found) == {
        ("K1", "k_one", None): ("pending", "0.00", "33.33"),
        ("K2", "k_one", None): ("pending", "0.00", "66.67"),
        ("K3", "k_one", None): ("pending", "0.00", "100.00"),
    }


def test_what_a_cap_cuts_from_a_share_goes_to_nobody() -> None:
    found = run(town(clause(POOL, "cap: 50元")), kiln(1, score=1), kiln(2, score=2))
    assert paid(found) == {"K1": "33.33", "K2": "50.00"}


@given(st.lists(st.integers(0, LARGEST), min_size=1, max_size=6).filter(any))
@settings(max_examples=25, deadline=None)
def test_the_shares_of_a_pool_add_up_to_it_in_any_order_of_the_rows(points: list[int]) -> None:
    policy = town(clause(POOL))
    rows = [kiln(at, score=score) for at, score in enumerate(points)]
    there, back = run(policy, *rows), run(policy, *reversed(rows))
    assert paid(there) == paid(back)
    assert int(there.lines["amount"].sum()) == 100 * YUAN


@given(st.lists(st.integers(1, LARGEST), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_what_a_budget_leaves_adds_up_to_it_in_any_order_of_the_rows(sums: list[int]) -> None:
    policy = town(clause("{pay: sales}", "budget: 1万元"))
    rows = [kiln(at, sales=amount) for at, amount in enumerate(sums)]
    there, back = run(policy, *rows), run(policy, *reversed(rows))
    assert paid(there) == paid(back)
    assert int(there.lines["amount"].sum()) == min(sum(sums), WAN)
