"""`round_down_to`: a line pays whole multiples of a sum."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anqing_subsidy.finding import PolicyError
from anqing_subsidy.money import LARGEST
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.edition.compare import changes
from tests.language.town import YUAN, clause, kiln, lines, paid, run, town


@pytest.mark.parametrize(("fen", "pays"), [(9999, "0.00"), (10_000, "100.00"), (10_001, "100.00"), (19_999, "100.00")])
def test_what_is_below_a_whole_multiple_is_dropped(fen: int, pays: str) -> None:
    assert paid(run(town(clause("{pay: sales}", "round_down_to: 100元")), kiln(1, sales=fen))) == {"K1": pays}


@given(st.lists(st.integers(0, LARGEST), min_size=1, max_size=4), st.sampled_from([1, 7, 100, 10_000, 1_000_003]))
@settings(max_examples=25, deadline=None)
def test_every_line_is_the_largest_multiple_that_is_no_more_than_what_was_due(sums: list[int], step: int) -> None:
    policy = town(clause("{pay: sales}", f"round_down_to: {step // 100}.{step % 100:02}元"))
    found = run(policy, *(kiln(at, sales=fen) for at, fen in enumerate(sums)))
    assert found.lines["amount"].to_list() == [fen // step * step for fen in sums]


def test_it_comes_after_the_cap_and_before_instalments() -> None:
    body = clause("{pay: sales}", "cap: 250元", "round_down_to: 100元", "instalments: {year: pots, shares: [50%, 50%]}")
    assert paid(run(town(body), kiln(1, sales=900 * YUAN, pots=1))) == {"K1": "100.00"}


def test_rows_are_added_up_before_they_are_rounded_down() -> None:
    body = clause("{pay: cost}", "one_line_per: applicant", "rows: add_up", "round_down_to: 1元", table="works")
    works = [{"kiln_no": "K1", "work_no": f"W{at}", "cost": 60} for at in (1, 2)]
    assert paid(run(town(body), kiln(1), works=works)) == {"K1": "1.00"}


def test_nobody_gets_what_is_dropped_from_a_share() -> None:
    body = clause("{pool: 100元, shared_by: score, open_lines: leave_out}", "round_down_to: 1元")
    assert paid(run(town(body), kiln(1, score=1), kiln(2, score=2))) == {"K1": "33.00", "K2": "66.00"}


def test_what_an_open_line_may_come_to_is_rounded_down_too() -> None:
    found = run(town(clause("{pay: 150元}", "when: [guild]", "round_down_to: 100元")), kiln(1))
    assert lines(found)["K1", "k_one", None] == ("pending", "0.00", "100.00")


def test_the_formula_shows_the_step_and_a_diff_tells_it() -> None:
    plain, rounded = (town(clause("{pay: sales}", *more)) for more in ((), ("round_down_to: 100元",)))
    found = run(rounded, kiln(1, sales=12_345))
    assert Describer(found, "zh").describe(found.lines).formula.to_list() == ["123.45 → 舍去不足 100.00 元的 100.00"]
    (change,) = changes(plain, rounded, "zh")
    assert (change.before, change.after) == (None, "舍去不足100元的部分")


@pytest.mark.parametrize("step", ["0元", "1.005元", "100", "-1元"])
def test_a_multiple_that_is_no_sum_is_refused(step: str) -> None:
    with pytest.raises(PolicyError):
        town(clause("{pay: sales}", f"round_down_to: {step}"))
