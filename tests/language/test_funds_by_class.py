"""Which fund pays by the class of the applicant, and budgets of which some clauses are paid first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anqing_subsidy.engine import assess
from anqing_subsidy.finding import PolicyError
from anqing_subsidy.report.detail import Describer, detail_frame
from anqing_subsidy.report.edition.page import page_of
from tests.language.town import WAN, clause, kiln, lines, paid, run, town
from tests.support import frames

CHOICE = "fund: {by: kind, folk: clay, else: {shares: {clay: 1/3, town: 2/3}}}"
FUNDS = ("clay", "fire", "town")


def borne(policy: Any, *kilns: Any, **tables: Any) -> dict[str, tuple[int, ...]]:  # noqa: ANN401  # rows
    found = run(policy, *kilns, **tables)
    return {row["code"]: tuple(row[f"fund:{fund}"] for fund in FUNDS) for row in found.lines.iter_rows(named=True)}


def test_a_class_has_its_fund_and_the_others_share_to_the_fen() -> None:
    policy = town(clause("{pay: 100元}", CHOICE))
    kilns = (kiln(1, kind="folk"), kiln(2, kind="crude"), kiln(3))
    assert borne(policy, *kilns) == {"K1": (10_000, 0, 0), "K2": (3333, 0, 6667), "K3": (0, 0, 0)}
    assert lines(run(policy, *kilns))["K3", "k_one", None] == ("pending", "0.00", "100.00")


def test_missing_names_the_class_that_the_fund_waits_for() -> None:
    policy = town(clause("{pay: 100元}", CHOICE))
    found = run(policy, kiln(1))
    assert Describer(found, "zh").describe(found.lines).reason_text.to_list() == ["缺少：窑型；补齐后最多 100.00 元"]


def test_rows_put_together_are_borne_by_the_fund_of_their_applicant() -> None:
    policy = town(clause("{pay: cost}", CHOICE, "one_line_per: applicant", "rows: add_up", table="works"))
    works = [{"kiln_no": f"K{at}", "work_no": f"W{at}{row}", "cost": 150} for at in (1, 2) for row in (1, 2)]
    kilns = (kiln(1, kind="folk"), kiln(2, kind="glazed"))
    assert borne(policy, *kilns, works=works) == {"K1": (300, 0, 0), "K2": (100, 0, 200)}


def test_a_fund_by_class_is_told_as_an_official_would_write_it() -> None:
    policy = town(clause("{pay: 100元}", CHOICE))
    assert "按窑型，民窑：陶土资金；其余：陶土资金 1/3、镇级资金 2/3" in str(page_of(policy, "zh"))


@pytest.mark.parametrize(
    ("fund", "said"),
    [
        ("{by: kind, folk: clay, glazed: fire}", "nothing is said for `crude` of `kind` (or write `else`)"),
        ("{by: kind, folk: clya, else: town}", "there is no fund `clya`; did you mean `clay`?"),
        ("{by: hamlet, 东村: clay}", "add `else`, the fund that pays otherwise"),
        ("{by: kind, folk: {fund: clay, or: town, due_to: guild}, else: town}", "a fund that a choice gives is one fund"),
        ("{by: cost, folk: clay, else: town}", "cost"),
        ("[clay, town]", "a fund is one fund"),
        ("{by: kind, folk: {shares: {clay: 50%, town: 40%}}, else: town}", "must add up to 100%"),
    ],
)  # fmt: skip
def test_a_choice_of_funds_that_cannot_be_meant_is_refused(fund: str, said: str) -> None:
    with pytest.raises(PolicyError) as refused:
        town(clause("{pay: 100元}", f"fund: {fund}"))
    assert [said in fault.message.en for fault in refused.value.faults] == [True]


# ---- what is paid first out of a budget ------------------------------------------------------------------------------
def both(budget: str) -> Any:  # noqa: ANN401  # a policy
    body = (
        clause("{pay: wages}", id_="k_one") + clause("{pay: rent}", id_="k_two") + clause("{pay: sales}", id_="k_three")
    )
    return town(body, groups=f"- {{id: g, members: [k_one, k_two, k_three], pays: sum, budget: {budget}}}\n")


@pytest.mark.parametrize(
    ("total", "one", "two", "three"),
    [
        ("3元", 100, 100, 100),
        ("2.99元", 100, 100, 99),
        ("2元", 100, 100, 0),
        ("1.50元", 100, 50, 0),
        ("0.40元", 40, 0, 0),
    ],
)
def test_what_is_first_is_paid_in_full_as_long_as_there_is_enough(total: str, one: int, two: int, three: int) -> None:
    policy = both(f"{{sum: {total}, first: [k_one, k_two]}}")
    found = run(policy, kiln(1, wages=100, rent=100, sales=100))
    assert [found.lines.filter(clause=id_)["amount"].item() for id_ in ("k_one", "k_two", "k_three")] == [
        one,
        two,
        three,
    ]


def test_what_is_left_is_shared_in_proportion_by_all_others() -> None:
    found = run(
        both("{sum: 7元, first: k_two}"), kiln(1, wages=400, rent=100, sales=200), kiln(2, wages=300, rent=0, sales=0)
    )
    assert [paid(found, id_) for id_ in ("k_one", "k_two", "k_three")] == [
        {"K1": "2.67", "K2": "2.00"},
        {"K1": "1.00", "K2": "0.00"},
        {"K1": "1.33"} | {"K2": "0.00"},
    ]


def test_a_sum_decided_by_hand_comes_before_what_is_first() -> None:
    policy = both("{sum: 3元, first: k_one}")
    decided = [
        {
            "kiln_no": "K1",
            "clause": "k_three",
            "decision": "set",
            "amount_yuan": 250,
            "reason": "会议",
            "decided_by": "镇长",
        }
    ]
    tables = {"kilns": [kiln(1, wages=100, rent=100, sales=100)], "decisions": decided}
    found = assess(policy, frames(policy, tables))
    assert dict(zip(found.lines["clause"], found.lines["amount"], strict=True)) == {
        "k_one": 50,
        "k_two": 0,
        "k_three": 250,
    }


def test_open_lines_of_what_is_first_keep_back_before_the_others_share() -> None:
    body = clause("{pay: 2元}", "when: [guild]", id_="k_one") + clause("{pay: 1元}", id_="k_two")
    budget = "{sum: 3元, open_lines: keep_back, first: k_one}"
    policy = town(body, groups=f"- {{id: g, members: [k_one, k_two], pays: sum, budget: {budget}}}\n")
    found = run(policy, kiln(1), kiln(2), kiln(3))
    # three open lines of 2 yuan may take all there is
    assert paid(found, "k_two") == {"K1": "0.00", "K2": "0.00", "K3": "0.00"}
    found = run(policy, kiln(1), kiln(2, guild=False), kiln(3, guild=False))
    assert paid(found, "k_two") == {"K1": "0.34", "K2": "0.33", "K3": "0.33"}


def test_what_is_first_is_first_in_a_fund_too() -> None:
    body = clause("{pay: wages}", id_="k_one") + clause("{pay: rent}", id_="k_two", table="")
    funds = "\n  clay: {zh: 陶土资金, en: clay fund, budget: {sum: 1.5元, first: k_two}}\n  fire: {zh: 火, en: fire}\n  town: {zh: 镇, en: town}\n"
    found = run(town(body, funds=funds), kiln(1, wages=100, rent=100))
    assert dict(zip(found.lines["clause"], found.lines["amount"], strict=True)) == {"k_one": 50, "k_two": 100}


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ("{sum: 3元, first: k_tow}", "`k_tow` under `first` is not paid out of this budget; did you mean `k_two`?"),
        ("{sum: 3元, first: [k_two, k_two]}", "`k_two` stands in `first` twice"),
    ],
)
def test_what_cannot_be_first_is_refused(budget: str, said: str) -> None:
    with pytest.raises(PolicyError) as refused:
        both(budget)
    assert [said in fault.message.en for fault in refused.value.faults] == [True]


def test_a_clause_cannot_be_first_in_its_own_budget() -> None:
    with pytest.raises(PolicyError, match="first") as refused:
        town(clause("{pay: 100元}", "budget: {sum: 3元, first: k_one}"))
    assert "pays this clause alone" in refused.value.faults[0].message.en


@given(
    st.lists(st.tuples(st.integers(0, 3 * WAN), st.integers(0, 3 * WAN)), min_size=1, max_size=5),
    st.integers(1, 9 * WAN),
)
@settings(max_examples=25, deadline=None)
def test_a_budget_with_an_order_is_spent_exactly_and_the_first_never_waits_for_the_others(
    rows: list[tuple[int, int]], total: int
) -> None:
    fen = f"{total // 100}.{total % 100:02}元"
    kilns = [kiln(at, wages=one, rent=two) for at, (one, two) in enumerate(rows)]
    found = run(both(f"{{sum: {fen}, first: k_two}}"), *kilns)
    first, rest = (found.lines.filter(clause=id_)["amount"].sum() for id_ in ("k_two", "k_one"))
    assert first == min(total, sum(two for _, two in rows))
    assert rest == min(total - first, sum(one for one, _ in rows))


def test_a_line_of_nothing_names_the_fund_of_its_class_and_not_the_whole_choice() -> None:
    kilns = (kiln(1, kind="folk", wages=0), kiln(2, kind="crude", wages=0), kiln(3, wages=0))
    found = detail_frame(run(town(clause("{pay: wages}", CHOICE)), *kilns), "zh")
    assert found["fund_name"].to_list() == ["陶土资金", "陶土资金 1/3、镇级资金 2/3", "按窑型确定"]
    assert found["fund"].to_list() == ["clay", "clay", None]


def test_a_line_of_nothing_that_funds_share_names_all_of_them() -> None:
    halves = clause("{pay: wages}", "fund: {shares: {clay: 50%, town: 50%}}")
    found = detail_frame(run(town(halves), kiln(1)), "zh")
    assert found["fund_name"].to_list() == ["陶土资金 50%、镇级资金 50%"]
