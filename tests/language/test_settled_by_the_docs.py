"""What the second evaluator found: single policies on which the engine once said something else than the documentation."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from anqing_subsidy.report.detail import Describer
from tests.language.town import clause, kiln, lines, paid, run, town

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACE = (
    "    firsts: {zh: 先后, en: rank, rank_by: [sales], among: [guild], ties: share}\n"
    "    kept: {zh: 保持, en: kept, ratio: [done, planned]}\n"
    "    more: {zh: 增长, en: more, growth: [sales, sales_before], zero: met}\n"
    "    fall: {zh: 净额, en: net, minus: [sales, sales_before]}\n"
    "    dear: {zh: 成本合计, en: all costs, sum: works, of: cost}\n"
    "    fine: {zh: 精品数, en: fine ones, count: works, where: [grade == fine]}\n"
)
DAY = datetime.date(2020, 5, 1)


def of_one(award: str, *more: str, works: Sequence[Any] = (), **facts: Any) -> tuple[str, str]:  # noqa: ANN401  # values of cells
    """Status and amount of the one line of one kiln."""
    found = run(town(clause(award, *more), facts=PLACE), kiln(1, **facts), works=works)
    status, amount, _ = lines(found)["K1", "k_one", None]
    return status, amount


def work(name: str, **facts: Any) -> dict[str, Any]:  # noqa: ANN401  # values of cells
    return {"kiln_no": "K1", "work_no": name, **facts}


# ---- places ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("condition", ["firsts >= 2", "firsts > 0", "firsts is given"])
def test_of_a_row_that_takes_no_part_no_condition_on_its_place_holds(condition: str) -> None:
    policy = town(clause("{pay: 1元}", f"when: [{condition}]"), facts=PLACE)
    found = run(policy, kiln(1, guild=True, sales=5), kiln(2, guild=True, sales=3), kiln(3, guild=False, sales=9))
    assert lines(found)["K3", "k_one", None][:2] == ("ineligible", "0.00")
    assert paid(found)["K2"] == "1.00"


@pytest.mark.parametrize("rest", ["2..: 3元", "2: 3元, else: 2元"])
def test_no_key_fits_a_row_that_takes_no_part_in_a_ranking(rest: str) -> None:
    policy = town(clause(f"{{pay: {{by: firsts, 1: 5元, {rest}}}}}"), facts=PLACE)
    found = run(policy, kiln(1, guild=True, sales=5), kiln(2, guild=True, sales=3), kiln(3, guild=False, sales=9))
    assert paid(found) == {"K1": "5.00", "K2": "3.00", "K3": "0.00"}


def test_whose_figure_is_blank_comes_at_the_worst_after_all_who_take_part() -> None:
    assert of_one("{pay: 1元}", "when: [firsts <= 1]", guild=True) == ("eligible", "1.00")


# ---- blanks ----------------------------------------------------------------------------------------------------------
def test_a_row_of_highest_of_whose_base_is_blank_waits() -> None:
    assert of_one("{highest_of: [{rate: 1%, of: sales}]}") == ("pending", "0.00")


@pytest.mark.parametrize("facts", [{"done": 5}, {"planned": 5}, {"done": 5, "planned": 0}])
def test_a_ratio_over_a_blank_or_over_nothing_is_not_given(facts: dict[str, Any]) -> None:
    assert of_one("{pay: 1元}", "when: [kept is given]", **facts) == ("ineligible", "0.00")
    assert of_one("{pay: 1元}", "when: [kept is blank]", **facts) == ("eligible", "1.00")


def test_growth_from_nothing_to_a_blank_is_not_known() -> None:
    assert of_one("{pay: 1元}", "when: [more <= 10%]", sales_before=0) == ("pending", "0.00")


def test_a_fact_compared_with_a_sum_of_rows_waits_while_the_sum_may_be_more() -> None:
    works = [work("a", cost=100), work("b")]
    assert of_one("{pay: 1元}", "when: [sales >= dear]", sales=500, works=works) == ("pending", "0.00")
    assert of_one("{pay: 1元}", "when: [sales >= dear]", sales=99, works=works) == ("ineligible", "0.00")


def test_a_number_counted_with_and_without_chooses_a_key_where_both_have_the_same() -> None:
    works = [work("a", grade="fine"), work("b")]
    assert of_one("{pay: {by: fine, 0: 1元, 1..2: 3元}}", works=works) == ("eligible", "3.00")
    assert of_one("{pay: {by: fine, 5..: 1元}}", works=works) == ("ineligible", "0.00")
    assert of_one("{pay: {by: fine, 1: 1元, 2: 3元}}", works=works) == ("pending", "0.00")


def test_a_line_put_together_waits_for_rows_below_that_leave_its_sum_open() -> None:
    policy = town(
        clause("{rate: 10%, of: dear}", "one_line_per: applicant", "rows: highest", table="works"), facts=PLACE
    )
    found = run(policy, kiln(1), kiln(2), works=[work("a", cost=1000), work("b"), {**work("c"), "kiln_no": "K2"}])
    assert lines(found)["K1", "k_one", None][:2] == ("eligible_with_held", "1.00")
    assert lines(found)["K2", "k_one", None][:2] == ("pending", "0.00")


def test_of_a_cap_that_is_counted_over_rows_only_the_lower_end_is_certain() -> None:
    works = [work("a", cost=100), work("b")]
    assert of_one("{pay: 9元}", "cap: dear", works=works) == ("eligible_with_held", "1.00")
    assert of_one("{pay: 9元}", "cap: dear", works=works[1:]) == ("pending", "0.00")


def test_rows_of_an_award_that_rest_on_open_rows_below_stay_open_under_a_factor_of_rows() -> None:
    award = "{sum_of: [{pay: 1元, per_full: 1元, of: dear}], multiply_by: fine}"
    assert of_one(award, works=[work("a", grade="fine")]) == ("pending", "0.00")
    assert of_one(award, works=[work("a", grade="fine", cost=100), work("b", grade="rare")])[0] == "eligible_with_held"


# ---- nothing ---------------------------------------------------------------------------------------------------------
def test_rows_that_hold_and_come_to_nothing_are_eligible_as_a_single_line_is() -> None:
    policy = town(clause("{rate: 10%, of: cost}", "one_line_per: applicant", "rows: add_up", table="works"))
    assert lines(run(policy, kiln(1), works=[work("a", cost=0)]))["K1", "k_one", None][:2] == ("eligible", "0.00")
    assert of_one("{rate: 10%, of: sales}", sales=0) == ("eligible", "0.00")


def test_a_blank_cap_takes_nothing_off_nothing() -> None:
    assert of_one("{rate: 10%, of: sales}", "cap: taxes", sales=0) == ("eligible", "0.00")
    assert of_one("{rate: 10%, of: sales}", "cap: taxes", sales=10) == ("pending", "0.00")


def test_where_no_key_of_the_cap_of_a_clause_fits_nothing_is_due() -> None:
    assert of_one("{pay: 9元}", "cap: {by: masters, 1: 5元}", masters=1) == ("eligible", "5.00")
    assert of_one("{pay: 9元}", "cap: {by: masters, 1: 5元}", masters=2) == ("ineligible", "0.00")


def test_a_deduction_below_zero_adds_nothing() -> None:
    assert of_one("{pay: 9元, deduct: fall}", sales=0, sales_before=500) == ("eligible", "9.00")


# ---- funds and pools -------------------------------------------------------------------------------------------------
def test_funds_that_share_a_line_get_the_fen_left_over_by_largest_remainder() -> None:
    fund = "fund: {shares: {clay: 40%, fire: 30%, town: 30%}}"
    found = run(town(clause("{pay: 0.02元}", fund)), kiln(1))
    assert found.applicants.select("fund:clay", "fund:fire", "fund:town").row(0) == (1, 1, 0)


def test_only_what_a_line_put_together_gains_moves_to_the_other_fund() -> None:
    fund = "fund: {fund: clay, or: fire, due_to: guild, part: increment}"
    award = "{pay: 10元, multiply_by: {by: guild, true: 3, false: 1}}"
    policy = town(clause(award, fund, "one_line_per: applicant", "rows: add_up", table="works"))
    found = run(policy, kiln(1, guild=True), works=[work("a"), work("b")])
    assert found.applicants.select("fund:clay", "fund:fire").row(0) == (2000, 4000)


def test_what_would_not_be_due_without_the_fact_that_moves_it_is_all_gain() -> None:
    fund = "fund: {fund: clay, or: fire, due_to: guild, part: increment}"
    found = run(town(clause("{pay: 10元}", fund, "when: [guild]")), kiln(1, guild=True))
    assert found.applicants.select("fund:clay", "fund:fire").row(0) == (0, 1000)


def test_whose_share_of_a_pool_is_cut_to_nothing_leaves_it_to_nobody() -> None:
    pool = "{pool: 100元, shared_by: score, open_lines: leave_out}"
    found = run(town(clause(pool, "cap: taxes")), kiln(1, score=1, taxes=0), kiln(2, score=1, taxes=10_000))
    assert paid(found) == {"K1": "0.00", "K2": "50.00"}


# ---- runs that stopped -----------------------------------------------------------------------------------------------
def test_clauses_with_small_and_with_very_large_products_stand_in_one_run() -> None:
    both = clause("{pay: sales}") + clause("{pay: 500元, per: [floor, planned_m2]}", id_="k_two")
    policy = town(both, facts="    planned_m2: {zh: 计划面积, en: planned, most: [floor, 1]}\n")
    found = run(policy, kiln(1, sales=1, floor=60_739_125))
    assert lines(found)["K1", "k_two", None][0] == "eligible"


def test_a_day_that_is_exactly_the_one_to_be_passed_can_be_told() -> None:
    found = run(town(clause("{pay: 1元}", "when: [first_fired > 2020-05-01]")), kiln(1, first_fired=DAY))
    told = Describer(found, "en").describe(found.lines).reason_text
    assert list(told) == ["required: first fired > 2020-05-01; found: 2020-05-01"]
