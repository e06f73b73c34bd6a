"""What is worked out over several kilns, by hand: places, pools, budgets."""

from __future__ import annotations

from typing import Final

import pytest

from tests.language.town import YUAN, clause, kiln, lines, paid, run, town


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
