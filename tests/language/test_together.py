"""What is worked out over several kilns, by hand: places, pools, budgets, funds, joint caps, what was paid before."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from anqing_subsidy.policy.build_awards import MODIFIERS, SHAPES
from anqing_subsidy.policy.build_facts import OPERATIONS
from tests.language.town import WAN, WHOLE, YUAN, clause, kiln, lines, paid, run, town

NEW: Final = {"first_fired": date(2022, 1, 1)}


# ---- places -------------------------------------------------------------------------------------------------------------
def top(*kilns: tuple[int, int], **policy: str) -> dict[str, tuple[str, str]]:
    """Status and amount of the best three among kilns of a score and sales."""
    asked = [kiln(at, asks_top=True, score=score, sales=sales * YUAN) for at, (score, sales) in enumerate(kilns, 1)]
    found = lines(run(town(**policy), *asked))
    return {code: shown[:2] for (code, id_, _), shown in found.items() if id_ == "k_top"}


def test_the_best_three_are_paid_by_their_place_and_the_fourth_is_not() -> None:
    assert top((90, 1), (70, 1), (80, 1), (60, 1)) == {
        "K1": ("eligible", "30000.00"),
        "K2": ("eligible", "10000.00"),
        "K3": ("eligible", "10000.00"),
        "K4": ("ineligible", "0.00"),
    }


def test_a_second_figure_decides_between_equal_scores() -> None:
    assert top((90, 1), (90, 2), (80, 1), (80, 2)) == {
        "K1": ("eligible", "10000.00"),
        "K2": ("eligible", "30000.00"),
        "K3": ("ineligible", "0.00"),
        "K4": ("eligible", "10000.00"),
    }


def test_a_tie_on_the_last_place_leaves_both_open_and_nobody_else() -> None:
    assert top((90, 1), (80, 1), (70, 1), (70, 1), (60, 1)) == {
        "K1": ("eligible", "30000.00"),
        "K2": ("eligible", "10000.00"),
        "K3": ("pending", "0.00"),
        "K4": ("pending", "0.00"),
        "K5": ("ineligible", "0.00"),
    }


def test_a_tie_above_the_last_place_leaves_open_only_what_it_decides() -> None:
    # both are among the first two of three; which of them is first decides between 3万 and 1万
    assert top((90, 1), (90, 1), (80, 1)) == {
        "K1": ("pending", "0.00"),
        "K2": ("pending", "0.00"),
        "K3": ("eligible", "10000.00"),
    }


@pytest.mark.parametrize(
    ("woods", "wanted"),
    [
        ([5, 7, 6], ["2000.00", "0.00", "2000.00"]),
        ([5, 5, 6], ["2000.00", "2000.00", "0.00"]),  # 1, 1, 3: a shared place takes up those behind it
        ([5, 6, 6], ["2000.00", "2000.00", "2000.00"]),  # 1, 2, 2: two on the last place are both paid
        ([0, 1], ["2000.00", "2000.00"]),
    ],
)
def test_the_least_wood_comes_first_and_equal_ones_share_a_place(woods: list[int], wanted: list[str]) -> None:
    found = run(town(), *(kiln(at, asks_thrift=True, wood=wood) for at, wood in enumerate(woods)))
    assert list(paid(found, "k_thrift").values()) == wanted


def test_who_does_not_take_part_takes_up_no_place() -> None:
    rivals = [kiln(at, asks_thrift=False, wood=1) for at in range(2, 5)]
    assert paid(run(town(), kiln(1, asks_thrift=True, wood=9), *rivals), "k_thrift") == {"K1": "2000.00"}


def test_a_blank_figure_may_be_ahead_of_everybody_and_moves_the_last_place_alone() -> None:
    known = [kiln(at, asks_thrift=True, wood=at) for at in (1, 2, 3)]
    found = lines(run(town(), *known, kiln(4, asks_thrift=True)))
    shown = {code: status for (code, id_, _), (status, _, _) in found.items() if id_ == "k_thrift"}
    # K1 is first or second, either is paid; K2 second or third; K3 third or fourth
    assert shown == {"K1": "eligible", "K2": "pending", "K3": "ineligible", "K4": "pending"}


# ---- pools --------------------------------------------------------------------------------------------------------------
def test_the_whole_pool_of_the_policy_and_its_cap() -> None:
    found = run(town(WHOLE_POOL), *(kiln(at, score=score) for at, score in enumerate((7, 2, 1), 1)))
    # 10 points: 70000 cut to 60000, 20000, 10000; what the cap cuts goes to nobody
    assert paid(found) == {"K1": "60000.00", "K2": "20000.00", "K3": "10000.00"}


WHOLE_POOL: Final = clause("{pool: 10万元, shared_by: score, open_lines: leave_out}", "cap: 6万元")


def test_a_pool_of_which_nobody_has_points_pays_nothing() -> None:
    found = run(town(WHOLE_POOL), kiln(1, score=0), kiln(2, score=0))
    assert paid(found) == {"K1": "0.00", "K2": "0.00"}


def test_an_open_line_is_left_out_and_the_others_share_all() -> None:
    found = run(town(clause("{pool: 1元, shared_by: score, open_lines: leave_out}")), kiln(1, score=3), kiln(2))
    assert paid(found) == {"K1": "1.00", "K2": "0.00"}


@pytest.mark.parametrize(
    ("points", "wanted"),
    [
        ([1, 1, 1], ["0.34", "0.33", "0.33"]),  # of equal remainders the row that stands first
        ([1, 2, 4], ["0.14", "0.29", "0.57"]),  # 14.28…, 28.57…, 57.14…: one fen over, to the second
        ([2, 2, 2, 1], ["0.29", "0.29", "0.28", "0.14"]),  # 28.57 three times, 14.28: two fen over
    ],
)
def test_the_fen_left_over_go_to_the_largest_remainders(points: list[int], wanted: list[str]) -> None:
    policy = town(clause("{pool: 1元, shared_by: score, open_lines: leave_out}"))
    found = paid(run(policy, *(kiln(at, score=score) for at, score in enumerate(points))))
    assert list(found.values()) == wanted


# ---- budgets ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("budget", "wanted"),
    [
        ("3元", ["1.00", "2.00"]),  # enough, to the fen
        ("3.01元", ["1.00", "2.00"]),
        ("2.99元", ["1.00", "1.99"]),  # 0.9966…, 1.9933…: 99 and 199, one fen over, to the larger remainder
        ("0.01元", ["0.00", "0.01"]),
    ],
)
def test_a_budget_at_below_and_above_what_is_due(budget: str, wanted: list[str]) -> None:
    found = run(town(clause("{pay: sales}", f"budget: {budget}")), kiln(1, sales=YUAN), kiln(2, sales=2 * YUAN))
    assert list(paid(found).values()) == wanted


def test_what_was_decided_by_hand_is_paid_first() -> None:
    decided = {"kiln_no": "K1", "clause": "k_one", "decision": "set", "amount_yuan": 4 * YUAN, "reason": "火", "decided_by": "镇"}  # fmt: skip
    asked = [kiln(at, sales=3 * YUAN) for at in (1, 2, 3)]
    found = run(town(clause("{pay: sales}", "budget: 6元")), *asked, decisions=[decided])
    # 6 − 4 is left for 3 and 3
    assert paid(found) == {"K1": "4.00", "K2": "1.00", "K3": "1.00"}


@pytest.mark.parametrize(("open_lines", "wanted"), [("leave_out", "6.00"), ("keep_back", "4.50")])
def test_a_part_for_open_lines_is_kept_back_where_the_policy_says_so(open_lines: str, wanted: str) -> None:
    text = clause("{pay: 6元}", "when: [guild]", f"budget: {{sum: 9元, open_lines: {open_lines}}}")
    # 6 is due and 6 may become due: 9 of 12 is three quarters
    found = run(town(text), kiln(1, guild=True), kiln(2))
    assert paid(found) == {"K1": wanted, "K2": "0.00"}


def test_budgets_of_clauses_come_before_those_of_groups_and_these_before_those_of_funds() -> None:
    both = clause("{pay: 8元}", "budget: 4元", id_="k_one") + clause("{pay: 4元}", id_="k_two")
    funds = "\n  clay: {zh: 陶土资金, en: clay fund, budget: 3元}\n  fire: {zh: 火, en: f}\n  town: {zh: 镇, en: t}\n"
    group = "- {id: both, members: [k_one, k_two], pays: sum, budget: 6元}\n"
    found = run(town(both, groups=group, funds=funds), kiln(1))
    # 8 is cut to 4; 4 + 4 to 6: 3 each; 6 to 3: 1.50 each
    assert (paid(found), paid(found, "k_two")) == ({"K1": "1.50"}, {"K1": "1.50"})


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
