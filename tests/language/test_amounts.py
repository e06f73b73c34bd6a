"""What single constructs come to, by hand: funds, dollars, rows of a sheet, what was paid before, caps and their order."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from anqing_subsidy.policy.build_awards import MODIFIERS, SHAPES
from anqing_subsidy.policy.build_facts import OPERATIONS
from tests.language.town import WAN, WHOLE, YUAN, clause, kiln, lines, paid, run, town

NEW: Final = {"first_fired": date(2022, 1, 1)}


# ---- funds --------------------------------------------------------------------------------------------------------------
def by_fund(award: str, fund: str, **facts: Any) -> dict[str, int]:  # noqa: ANN401  # values of cells
    found = run(town(clause(award, f"fund: {fund}")), kiln(1, **facts))
    return {fund: found.lines[f"fund:{fund}"][0] for fund in ("clay", "fire", "town")}


@pytest.mark.parametrize(
    ("amount", "clay", "fire", "town_"),
    [("1元", 34, 33, 33), ("0.01元", 1, 0, 0), ("0.02元", 1, 1, 0), ("0元", 0, 0, 0)],
)
def test_the_shares_of_funds_give_the_fen_left_over_to_the_largest_remainder(
    amount: str, clay: int, fire: int, town_: int
) -> None:
    # 34 % of a fen is 0.34, 33 % is 0.33; of two fen 0.68, 0.66, 0.66
    parts = by_fund(f"{{pay: {amount}}}", "{shares: {clay: 34%, fire: 33%, town: 33%}}")
    assert parts == {"clay": clay, "fire": fire, "town": town_}


@pytest.mark.parametrize(("part", "clay", "fire"), [("whole_line", 0, 20_000), ("increment", 10_000, 10_000)])
def test_a_fund_bears_the_whole_line_or_only_what_it_gains(part: str, clay: int, fire: int) -> None:
    fund = f"{{fund: clay, or: fire, due_to: guild, part: {part}}}"
    award = "{rate: 1%, of: sales, multiply_by: {by: guild, true: 2, false: 1}}"
    assert by_fund(award, fund, sales=WAN, guild=True) == {"clay": clay, "fire": fire, "town": 0}
    assert by_fund(award, fund, sales=WAN, guild=False) == {"clay": 10_000, "fire": 0, "town": 0}


def test_what_the_parts_gain_by_the_guild_comes_from_the_town() -> None:
    facts = {"rent": 10_000 * YUAN, "done": 5, "planned": 5, "wages": 99_999, "pots": 0, "pots_before": 0}
    rest = {"masters": 3, "aid": 250 * YUAN, "guild": True, "first_fired": date(2000, 1, 1)}
    found = run(town(), kiln(1, asks_parts=True, **facts, **rest))
    # with the guild (3000 + 500) × 1.5 − 250 = 5000; without it 3000 × 1.5 − 250 = 4250
    line = found.lines.filter(clause="k_parts")
    assert [line[f"fund:{fund}"][0] for fund in ("clay", "fire", "town")] == [425_000, 0, 75_000]


# ---- dollars ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rate", "cents", "wanted"),
    [
        ("6.5元", 1, "0.07"),  # 6.5 fen: half is rounded up
        ("6.5元", 3, "0.20"),  # 19.5
        ("6.4999元", 1, "0.06"),
        ("6.6174元", 100, "6.62"),
        ("7元", 100, "7.00"),
    ],
)
def test_dollars_are_turned_into_yuan_half_up_to_the_fen(rate: str, cents: int, wanted: str) -> None:
    policy = town(clause("{rate: 100%, of: export_yuan}"), exchange=f" {{usd: {rate}}}\n")
    assert paid(run(policy, kiln(1, export=cents))) == {"K1": wanted}


# ---- rows ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pieces", "cost", "wanted"), [(3, 299, "2.99"), (3, 300, "3.00"), (3, 301, "3.00"), (0, 301, "0.00")]
)
def test_the_lesser_of_a_unit_amount_and_the_actual_cost(pieces: int, cost: int, wanted: str) -> None:
    assert paid(run(town(clause("{pay: 1元, per: masters, cap: wages}")), kiln(1, masters=pieces, wages=cost))) == {
        "K1": wanted
    }


def test_units_above_a_least_count_no_more() -> None:
    facts = "    some: {zh: 计补人数, en: masters that count, least: [masters, 3]}\n"
    policy = town(clause("{pay: 1元, per: some}"), facts=facts)
    for masters, wanted in ((2, "2.00"), (3, "3.00"), (4, "3.00")):
        assert paid(run(policy, kiln(1, masters=masters))) == {"K1": wanted}


WORKS: Final = [
    {"kiln_no": "K1", "work_no": "W1", "cost": 10 * YUAN, "grade": "fine"},
    {"kiln_no": "K1", "work_no": "W2", "cost": 20 * YUAN, "grade": "plain"},
    {"kiln_no": "K1", "work_no": "W3", "cost": 30 * YUAN, "grade": "rare"},
]


def test_rows_are_counted_added_up_and_the_greatest_found_by_a_filter() -> None:
    facts = (
        "    dear: {zh: 贵, en: dear, count: works, where: [cost > 10元]}\n"
        "    sum_fine: {zh: 精, en: fine, sum: works, of: cost, where: [grade is fine or rare]}\n"
        "    most: {zh: 最, en: most, max: works, of: cost, where: [grade != rare]}\n"
    )
    for award, wanted in (
        ("{pay: 1元, per: dear}", "2.00"),
        ("{rate: 1%, of: sum_fine}", "0.40"),
        ("{rate: 1%, of: most}", "0.20"),
    ):
        assert paid(run(town(clause(award), facts=facts), kiln(1), works=WORKS)) == {"K1": wanted}


def test_the_cap_of_an_award_is_that_of_a_row_and_the_cap_of_the_clause_that_of_the_line() -> None:
    rows = ("one_line_per: applicant", "rows: add_up")
    for award, more, wanted in (
        ("{rate: 50%, of: cost, cap: 8元}", (), "21.00"),  # 5 + 8 + 8
        ("{rate: 50%, of: cost}", ("cap: 8元",), "8.00"),
        ("{rate: 50%, of: cost, cap: 8元}", ("cap: 20元",), "20.00"),
    ):
        found = run(town(clause(award, *rows, *more, table="works")), kiln(1), works=WORKS)
        assert paid(found) == {"K1": wanted}


def test_the_highest_row_alone_is_paid() -> None:
    policy = town(clause("{rate: 50%, of: cost}", "one_line_per: applicant", "rows: highest", table="works"))
    assert paid(run(policy, kiln(1), works=WORKS)) == {"K1": "15.00"}


def test_a_work_of_two_kilns_is_held_in_both() -> None:
    policy = town(clause("{pay: 1元}", "each: works").replace("  claimed: [kiln_no is given]\n", ""))
    works = [{"kiln_no": code, "work_no": "W1", "cost": 1} for code in ("K1", "K2")]
    works.append({"kiln_no": "K2", "work_no": "W2", "cost": 1})
    found = lines(run(policy, kiln(1), kiln(2), works=works))
    assert {key: shown[0] for key, shown in found.items()} == {
        ("K1", "k_one", "W1"): "held",
        ("K2", "k_one", "W1"): "held",
        ("K2", "k_one", "W2"): "eligible",
    }


# ---- what was paid before -----------------------------------------------------------------------------------------------
def before(year: int, item: str = "k_one", amount: int = YUAN) -> dict[str, Any]:
    return {"kiln_no": "K1", "year": year, "item": item, "sum": amount}


@pytest.mark.parametrize(
    ("within", "year", "wanted"),
    [(1, 2021, "1.00"), (2, 2021, "0.00"), (2, 2020, "1.00"), (3, 2020, "0.00"), (3, 2019, "1.00")],
)
def test_a_payment_blocks_for_so_many_years_its_own_included(within: int, year: int, wanted: str) -> None:
    policy = town(clause("{pay: 1元}", f"once_for: {{same: applicant, within_years: {within}}}"))
    assert paid(run(policy, kiln(1), old_awards=[before(year)])) == {"K1": wanted}


def test_what_was_paid_this_year_is_taken_off_and_blocks_nothing() -> None:
    policy = town(clause("{pay: 3元}", "once_for: {same: applicant}"))
    assert paid(run(policy, kiln(1), old_awards=[before(2022)])) == {"K1": "2.00"}


@pytest.mark.parametrize(("old", "wanted"), [(200, "1.00"), (299, "0.01"), (300, "0.00"), (301, "0.00")])
def test_a_cap_for_life_is_less_what_the_clause_paid(old: int, wanted: str) -> None:
    policy = town(clause("{pay: 2元}", "cap: 3元", "cap_scope: lifetime"))
    assert paid(run(policy, kiln(1), old_awards=[before(2012, amount=old)])) == {"K1": wanted}


# ---- caps ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cap", "wanted"),
    [
        ("5元", "5.00"),
        ("wages", "4.00"),
        ("{by: kind, folk: 3元, glazed: 9元, crude: 9元}", "3.00"),
        ("{rate: 33%, of: rent}", "3.29"),  # a third of 9.99 is 3.2967, rounded down
        ("[5元, wages, {rate: 50%, of: rent}]", "4.00"),  # 5, 4, 4.99
        ("[5元, 20元]", "5.00"),
        ("more_sales", "0.00"),  # a negative cap is 0
    ],
)
def test_caps_of_every_kind(cap: str, wanted: str) -> None:
    facts = {"wages": 400, "rent": 999, "kind": "folk", "sales": 1000, "sales_before": 1100, **NEW}
    assert paid(run(town(clause(f"{{pay: 10元, cap: {cap}}}")), kiln(1, **facts))) == {"K1": wanted}
    assert paid(run(town(clause("{pay: 10元}", f"cap: {cap}")), kiln(1, **facts))) == {"K1": wanted}


def test_modifiers_apply_in_their_order_however_they_are_written() -> None:
    award = "{cap: 7元, deduct: 1元, prorate_by: done_part, multiply_by: 3, pay: 10元}"
    # 10 × 3 = 30; a third is 10; less 1 is 9; the cap is 7
    assert paid(run(town(clause(award)), kiln(1, done=1, planned=3))) == {"K1": "7.00"}
    assert paid(run(town(clause(award.replace("7元", "9.01元"))), kiln(1, done=1, planned=3))) == {"K1": "9.00"}


def test_the_file_that_the_town_stands_in_uses_every_key_of_awards_and_clauses() -> None:
    wanted = {*MODIFIERS, *SHAPES, *(key for keys in SHAPES.values() for key in keys), *OPERATIONS}
    assert {key for key in wanted if f"{key}:" not in WHOLE} == set()
