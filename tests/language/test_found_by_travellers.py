"""What was told wrongly of levels, decisions, clauses and awards in choices: each as it should be."""

from __future__ import annotations

from typing import Any

import pytest

from anqing_subsidy.finding import PolicyError
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.edition.page import page_of
from anqing_subsidy.report.explain.explainer import Explainer
from anqing_subsidy.report.missing_cells import cells_waited_for
from tests.language.town import YUAN, clause, kiln, lines, run, town

LEVELS = "{pay: {by: grade, plain: 100元, fine: 900元, rare: 2000元}}"
TWO = clause("{pay: sales}") + clause("{pay: 60元}", id_="k_two")
CAPPED = "- {id: both, members: [k_one, k_two], pays: sum, cap: 100元}\n"


def decision(kind: str, amount: int | None = None, **more: str) -> dict[str, object]:
    row = {"kiln_no": "K1", "clause": "k_one", "decision": kind, "reason": "会议", "decided_by": "镇长", **more}
    return {**row, "amount_yuan": None if amount is None else amount * YUAN}


@pytest.mark.parametrize("same", ["[object, level]", "[level]", "level"])
def test_a_level_goes_with_the_applicant(same: str) -> None:
    once = f"once_for: {{same: {same}, highest_first: [rare, fine, plain]}}"
    with pytest.raises(PolicyError) as refused:
        town(clause(LEVELS, once, table="works"))
    assert "`level` stands with `applicant`" in refused.value.faults[0].message.en


@pytest.mark.parametrize(
    ("kind", "amount", "left"), [("refuse", None, "60.00"), ("set", 10, "50.00"), ("set", 60, None), ("set", 70, None)]
)
def test_room_that_a_decision_leaves_under_a_joint_cap_is_told(kind: str, amount: int | None, left: str | None) -> None:
    found = run(town(TWO, groups=CAPPED), kiln(1, sales=60 * YUAN), decisions=[decision(kind, amount)])
    assert lines(found)["K1", "k_two", None][1] == "40.00"
    told = [one.message.en for one in found.findings if one.code == "DECISION_LEAVES_ROOM"]
    assert told == (
        [] if left is None else [f"with what was decided {left} yuan of the joint cap are left; 一 stays cut as it was"]
    )


def test_a_release_with_an_amount_is_asked_which_is_meant() -> None:
    found = run(town(clause("{pay: sales}")), kiln(1, sales=100), decisions=[decision("release", 5)])
    assert [one.message.zh for one in found.findings if one.severity == "error"] == [
        "没有可解除的暂扣，填的核定金额未采用"
    ]


def test_a_decision_on_an_object_that_is_not_there_names_it() -> None:
    works = [{"kiln_no": "K1", "work_no": "W1", "cost": 100}]
    row = decision("refuse", object_id="大窑")
    found = run(town(clause("{pay: cost}", table="works")), kiln(1), works=works, decisions=[row])
    assert any("（对象 大窑）" in one.message.zh for one in found.findings)


def test_an_unknown_clause_is_answered_with_titles() -> None:
    past = {"kiln_no": "K1", "year": 2020, "item": "奖励k_on", "sum": 100}
    found = run(town(clause("{pay: sales}")), kiln(1, sales=100), old_awards=[past])
    (said,) = [one for one in found.findings if one.code == "UNKNOWN_CLAUSE"]
    assert "是否应为 奖励k_one？" in said.message.zh


@pytest.mark.parametrize(
    ("certain", "cap", "status", "potential"),
    [
        (299, "3元", "eligible_with_held", None),
        (300, "3元", "eligible", None),
        (301, "3元", "eligible", None),
        (300, "[3元, wages]", "eligible", None),
        (500, "wages", "eligible", None),
        (499, "wages", "eligible_with_held", None),
    ],
)
def test_open_rows_beyond_a_cap_that_certain_rows_reach_add_nothing(
    certain: int, cap: str, status: str, potential: str | None
) -> None:
    award = clause("{pay: cost}", "one_line_per: applicant", "rows: add_up", f"cap: {cap}", table="works")
    works: list[dict[str, Any]] = [
        {"kiln_no": "K1", "work_no": "W1", "cost": certain},
        {"kiln_no": "K1", "work_no": "W2"},
    ]
    found = run(town(award), kiln(1, wages=500), works=works)
    shown = lines(found)["K1", "k_one", None]
    assert (shown[0], shown[2]) == (status, potential)
    assert found.applicants["potential"].to_list() == [0 if status == "eligible" else None]


def test_rows_open_only_below_a_cap_that_is_blank_keep_the_line_waiting() -> None:
    award = clause("{pay: cost}", "one_line_per: applicant", "rows: add_up", "cap: wages", table="works")
    works: list[dict[str, Any]] = [{"kiln_no": "K1", "work_no": "W1", "cost": 300}, {"kiln_no": "K1", "work_no": "W2"}]
    assert run(town(award), kiln(1), works=works).lines["status"].to_list() == ["pending"]


def test_a_choice_that_is_multiplied_stands_in_brackets() -> None:
    policy = town(clause("{pay: {by: guild, true: 40元, false: 20元}, per: [pots, masters]}"))
    shown = [line.text for entry in page_of(policy, "zh").clauses[0].entries for line in entry.lines]
    assert any(text.startswith("（入会：40元；其余：20元） × ") for text in shown)


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (
            "ratio: [leased_on, 365]",
            ["`ratio` cannot use `leased_on` (date); it takes money, usd, count, area, number"],
        ),
        ("when: [sales is filled]", ["a cell that is filled in or not: write `sales is given`"]),
        ("when: [sales is missing]", ["a cell that is filled in or not: write `sales is blank`"]),
    ],
)
def test_a_slip_in_a_fact_is_one_fault(fact: str, said: list[str]) -> None:
    with pytest.raises(PolicyError) as refused:
        town(clause("{pay: 1元}"), facts=f"    odd: {{zh: 怪, en: odd, {fact}}}\n")
    assert [fault.message.en for fault in refused.value.faults] == said


def test_an_operation_in_place_of_a_fact_is_told_to_be_made_one() -> None:
    with pytest.raises(PolicyError) as refused:
        town(clause("{pay: sales, deduct: {first_given: [aid, 0元]}}"))
    assert [fault.message.en for fault in refused.value.faults] == [
        "no `first_given` here: make it a fact under `facts`, and write its name"
    ]


def test_what_a_person_decides_is_named_among_the_conditions() -> None:
    found = run(town(clause("{by_hand: 5元}")), kiln(1))
    (line,) = Explainer(found, "zh", {}).explanation().lines
    assert [check.text for check in line.checks] == ["金额由人工核定"]


def test_the_cells_that_rows_below_lack_are_named() -> None:
    works: list[dict[str, Any]] = [
        {"kiln_no": "K1", "work_no": f"W{at}", "cost": cost} for at, cost in enumerate((5, None))
    ]
    found = run(town(clause("{pay: works_cost}")), kiln(1), works=works)
    describer = Describer(found, "zh")
    describer.describe(found.lines)
    (cell,) = cells_waited_for(describer).to_list()
    assert cell.startswith("rows.xlsx 作品 ")
    assert cell.endswith("3")
