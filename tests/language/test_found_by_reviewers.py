"""What reviewers found: budgets with an order, funds that nobody knows, spans of days, payments without an object, claims."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anqing_subsidy.engine import Assessment
from anqing_subsidy.finding import PolicyError
from anqing_subsidy.report.detail import Describer
from tests.language.test_funds_by_class import CHOICE, borne, both
from tests.language.town import YUAN, clause, kiln, lines, paid, run, town
from tests.oracle.common import BAD

FUNDS = "\n  clay: {zh: 陶土资金, en: clay fund%s}\n  fire: {zh: 窑火资金, en: fire fund}\n  town: {zh: 镇级资金, en: town fund}\n"


def decided(kiln_no: str, clause_id: str, fen: int) -> dict[str, Any]:
    row = {"kiln_no": kiln_no, "clause": clause_id, "decision": "set", "amount_yuan": fen}
    return {**row, "reason": "会议", "decided_by": "镇长"}


def codes(found: Assessment) -> list[str]:
    return [finding.code for finding in found.findings]


# ---- budgets ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("first", ["", ", first: k_one", ", first: [k_one, k_two]", ", first: k_three"])
def test_more_decided_by_hand_than_there_is_is_an_error_whatever_is_paid_first(first: str) -> None:
    found = run(
        both(f"{{sum: 3元{first}}}"), kiln(1, wages=100, rent=0, sales=0), decisions=[decided("K1", "k_one", 500)]
    )
    assert codes(found).count("DECIDED_OVER_BUDGET") == 1


def test_what_is_kept_back_is_not_told_as_paid() -> None:
    body = clause("{pay: rent}", "when: [guild]", id_="k_one") + clause("{pay: wages}", id_="k_two")
    budget = "{sum: 5元, first: k_one, open_lines: keep_back}"
    policy = town(body, groups=f"- {{id: g, members: [k_one, k_two], pays: sum, budget: {budget}}}\n")
    found = run(policy, kiln(1, rent=100, guild=True, wages=300), kiln(2, rent=100, wages=200))
    (cut,) = found.cuts
    assert (cut.ahead, cut.kept, cut.due, cut.left) == (100, 100, 600, 300)
    (said,) = (finding.message.zh for finding in found.findings if finding.code == "OVER_BUDGET")
    assert "先付的条款已用 1.00 元，为未定各条留存 1.00 元" in said


def test_a_fund_keeps_back_its_own_part_of_a_line_that_is_open() -> None:
    funds = FUNDS % ", budget: {sum: 3元, open_lines: keep_back}"
    policy = town(clause("{pay: wages}", CHOICE, "when: [guild]"), funds=funds)
    kilns = (kiln(1, kind="folk", wages=100, guild=True), kiln(2, kind="crude", wages=600))
    found = run(policy, *kilns)
    assert paid(found)["K1"] == "1.00"
    assert "BUDGET_OPEN_LINES" not in codes(found)


# ---- funds -----------------------------------------------------------------------------------------------------------
def test_a_sum_decided_for_a_fund_that_nobody_knows_is_an_error_and_goes_to_the_first_fund() -> None:
    policy = town(clause("{pay: wages}", CHOICE))
    found = run(policy, kiln(1, wages=300), decisions=[decided("K1", "k_one", 300)])
    assert codes(found) == ["FUND_UNKNOWN"]
    assert "“窑型”空白，不知由哪项资金付，暂列陶土资金" in found.findings[0].message.zh
    assert borne(policy, kiln(1, wages=300), decisions=[decided("K1", "k_one", 300)]) == {"K1": (300, 0, 0)}


def test_a_pool_is_borne_by_class() -> None:
    policy = town(clause("{pool: 9元, shared_by: score, open_lines: leave_out}", CHOICE))
    kilns = (kiln(1, kind="folk", score=1), kiln(2, kind="crude", score=2))
    assert borne(policy, *kilns) == {"K1": (300, 0, 0), "K2": (200, 0, 400)}


# ---- days ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("span", ["60 days", "60天", "60日", "2个月", "2月", "2 months"])
def test_spans_are_written_in_either_language(span: str) -> None:
    policy = town(clause("{pay: 1元}", f"when: [first_fired <= 2021-01-01 + {span}]"))
    days = {1: date(2021, 3, 1), 2: date(2021, 3, 3)}
    assert paid(run(policy, *(kiln(at, first_fired=day) for at, day in days.items()))) == {"K1": "1.00", "K2": "0.00"}


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("first_fired <= policy_year_end + 9999 years", "too far apart"),
        ("first_fired >= policy_year_start - 99999 days", "too far apart"),
        ("first_fired - policy_year_start <= 60", "first_fired <= policy_year_start + 60 days"),
    ],
)
def test_spans_that_cannot_be_meant_are_refused(when: str, said: str) -> None:
    with pytest.raises(PolicyError) as refused:
        town(clause("{pay: 1元}", f"when: ['{when}']"))
    assert [said in fault.message.en for fault in refused.value.faults] == [True]


# ---- refusals of policies --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("award", "more", "said"),
    [
        ("{pay: 1元}", "fund: {by: place, 1: clay, else: town}", "the place `place` cannot choose a fund"),
        ("{by_hand: 5元}", "round_down_to: 1元", "drop `round_down_to`"),
        ("{pay: 1元}", "round: down", "`round_down_to: 1元` drops what is below a yuan"),
    ],
)
def test_what_would_say_nothing_is_refused(award: str, more: str, said: str) -> None:
    with pytest.raises(PolicyError) as refused:
        town(clause(award, more))
    assert [said in fault.message.en for fault in refused.value.faults] == [True]


# ---- what was paid before --------------------------------------------------------------------------------------------
ONCE = "once_for: {same: [applicant, object, level], highest_first: [rare, fine, plain]}"


@pytest.mark.parametrize(
    ("more", "award"),
    [(ONCE, "{pay: {by: grade, rare: 200元, fine: 100元, plain: 50元}}"), ("less_paid: [k_one]", "{pay: 100元}")],
)
def test_a_payment_that_names_no_object_keeps_lines_of_named_objects_open(more: str, award: str) -> None:
    policy = town(clause(award, more, table="works"))
    works = [{"kiln_no": "K1", "work_no": "W1", "grade": "fine"}]
    before = [{"kiln_no": "K1", "year": 2020, "item": "k_one", "level": "fine", "sum": 30 * YUAN}]
    assert lines(run(policy, kiln(1), works=works))["K1", "k_one", "W1"] == ("eligible", "100.00", None)
    found = run(policy, kiln(1), works=works, old_awards=before)
    assert lines(found)["K1", "k_one", "W1"][:2] == ("pending", "0.00")
    assert "缺少：" in Describer(found, "zh").describe(found.lines).reason_text.to_list()[0]


# ---- claims ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("cost", [None, BAD])
def test_rows_that_leave_open_who_claims_make_a_line_that_waits(cost: object) -> None:
    facts = "    all_cost: {zh: 成本合计, en: all cost, sum: works, of: cost}\n"
    body = clause("{pay: 1元}").replace("claimed: [kiln_no is given]", "claimed: [all_cost > 0元]")
    works = [{"kiln_no": "K1", "work_no": "W1", "cost": cost}, {"kiln_no": "K2", "work_no": "W2", "cost": 5}]
    found = run(town(body, facts=facts), kiln(1), kiln(2), kiln(3), works=works)
    states = {code: shown[:2] for (code, _, _), shown in lines(found).items()}
    assert states == {"K1": ("pending", "0.00"), "K2": ("eligible", "1.00")}


# ---- what is told ----------------------------------------------------------------------------------------------------
def test_a_reason_says_that_what_is_beyond_whole_multiples_is_dropped() -> None:
    policy = town(clause("{pay: sales}", "cap: 249.45元", "round_down_to: 100元"))
    found = run(policy, kiln(1, sales=750 * YUAN), kiln(2, sales=200 * YUAN), kiln(3, sales=201 * YUAN))
    said = Describer(found, "zh").describe(found.lines).reason_text.to_list()
    assert [text.partition("：")[0] for text in said] == [
        "符合条件，按上限 249.45 元，舍去不足 100.00 元的部分",
        "符合条件",
        "符合条件，舍去不足 100.00 元的部分",
    ]


def test_a_choice_of_funds_within_a_choice_is_one_fault() -> None:
    with pytest.raises(PolicyError) as refused:
        town(clause("{pay: 1元}", "fund: {by: kind, folk: {by: guild, true: clay, false: fire}, else: town}"))
    assert ["a fund that a choice gives is one fund" in fault.message.en for fault in refused.value.faults] == [True]
