"""Pools and budgets with decisions by hand, earlier payments and other support: who shares what is left."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anqing_subsidy.report.detail import detail_frame
from tests.language.town import YUAN, clause, kiln, lines, paid, run, town

POOL = "{pool: 100元, shared_by: score, open_lines: %s}"
THREE = [kiln(at, score=score, sales=score * 10 * YUAN) for at, score in ((1, 1), (2, 1), (3, 2))]


def decided(kiln_no: str, decision: str, yuan: int | None = None) -> dict[str, Any]:
    amount = None if yuan is None else yuan * YUAN
    row = {"kiln_no": kiln_no, "clause": "k_one", "decision": decision, "amount_yuan": amount}
    return {**row, "reason": "会议", "decided_by": "局长"}


def earlier(kiln_no: str, yuan: int, year: int = 2022) -> dict[str, Any]:
    return {"kiln_no": kiln_no, "year": year, "item": "k_one", "sum": yuan * YUAN}


@pytest.mark.parametrize("how", ["leave_out", "hold_all"])
@pytest.mark.parametrize(
    ("decisions", "pays"),
    [
        ([], ("25.00", "25.00", "50.00")),
        ([("K1", "refuse", None)], ("0.00", "33.33", "66.67")),
        ([("K3", "set", 90)], ("5.00", "5.00", "90.00")),
        ([("K3", "set", 90), ("K1", "refuse", None)], ("0.00", "10.00", "90.00")),
        ([("K3", "set", 0)], ("50.00", "50.00", "0.00")),
    ],
)
def test_a_pool_pays_what_is_decided_first_and_the_others_share_what_is_left(
    how: str, decisions: list[tuple[str, str, int | None]], pays: tuple[str, ...]
) -> None:
    found = run(town(clause(POOL % how)), *THREE, decisions=[decided(*one) for one in decisions])
    assert tuple(paid(found).values()) == pays


def test_more_decided_than_there_is_leaves_nothing_and_is_an_error() -> None:
    found = run(town(clause(POOL % "leave_out")), *THREE, decisions=[decided("K3", "set", 120)])
    assert list(paid(found).values()) == ["0.00", "0.00", "120.00"]
    assert [one.code for one in found.findings if one.severity == "error"] == ["DECIDED_OVER_BUDGET"]


def test_a_sum_set_for_whoever_does_not_claim_the_pool_comes_out_of_it_too() -> None:
    policy = town(clause(POOL % "leave_out").replace("[kiln_no is given]", "[guild]"))
    rows = [{**one, "guild": one["kiln_no"] != "K3"} for one in THREE]
    assert list(paid(run(policy, *rows, decisions=[decided("K3", "set", 20)])).values()) == ["40.00", "40.00", "20.00"]


def test_a_refused_line_that_is_open_holds_nobody_and_one_that_decisions_dispute_holds_all() -> None:
    policy = town(clause(POOL % "hold_all"))
    found = run(policy, *THREE, kiln(4), decisions=[decided("K4", "refuse")])
    assert list(paid(found).values()) == ["25.00", "25.00", "50.00", "0.00"]
    both = [decided("K3", "set", 90), decided("K3", "set", 10)]
    assert lines(run(policy, *THREE, decisions=both))["K1", "k_one", None][0] == "pending"
    left_out = run(town(clause(POOL % "leave_out")), *THREE, decisions=both)
    assert list(paid(left_out).values()) == ["50.00", "50.00", "0.00"]


def test_the_formula_of_a_pool_names_what_is_decided_first() -> None:
    found = run(town(clause(POOL % "leave_out")), *THREE, decisions=[decided("K3", "set", 90)])
    told = detail_frame(found, "zh")["formula"].to_list()
    assert told[0] == "(100.00 − 90.00) × 1 ÷ 2（评分；人工核定的先付） = 5.00"
    assert told[2] == "100.00 × 2 ÷ 4（评分） = 50.00 → 人工核定 90.00"


def test_a_share_of_a_pool_falls_due_in_instalments() -> None:
    policy = town(clause(POOL % "leave_out", "instalments: {year: support_year, shares: [50%, 30%, 20%]}"))
    years = [{**one, "first_fired": date(2022 - at, 1, 1)} for at, one in enumerate(THREE)]
    found = run(policy, *years)
    assert list(paid(found).values()) == ["12.50", "7.50", "10.00"]
    assert "第 2 期（2022 年，共 3 期，全额的 30%，前期已计）7.50" in detail_frame(found, "zh")["formula"][1]


def test_what_was_paid_this_year_comes_off_a_share_and_goes_to_nobody() -> None:
    found = run(town(clause(POOL % "leave_out")), *THREE, old_awards=[earlier("K3", 7)])
    assert list(paid(found).values()) == ["25.00", "25.00", "43.00"]


@pytest.mark.parametrize(
    ("decisions", "old", "pays"),
    [
        ([("K3", "refuse", None)], [], ("10.00", "10.00", "0.00")),
        ([("K3", "set", 15)], [], ("7.50", "7.50", "15.00")),
        ([], [("K3", 7)], ("7.50", "7.50", "8.00")),
        ([("K3", "set", 15)], [("K3", 7)], ("7.50", "7.50", "8.00")),
        ([], [("K3", 16)], ("7.50", "7.50", "0.00")),
    ],
)
def test_a_budget_pays_what_is_decided_first_and_then_what_was_paid_comes_off(
    decisions: list[tuple[str, str, int | None]], old: list[tuple[str, int]], pays: tuple[str, ...]
) -> None:
    policy = town(clause("{pay: sales}", "budget: 30元", "fund: {shares: {clay: 60%, town: 40%}}"))
    rows = {"decisions": [decided(*one) for one in decisions], "old_awards": [earlier(*one) for one in old]}
    found = run(policy, *THREE, **rows)
    assert tuple(paid(found).values()) == pays
    lines_ = found.lines
    assert (lines_["fund:clay"] + lines_["fund:town"]).to_list() == lines_["amount"].to_list()
    assert (lines_["fund:clay"] * 4 - lines_["fund:town"] * 6).abs().max() == 0
