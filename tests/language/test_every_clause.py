"""What a policy writes once for all its clauses: conditions of the applicant, and the fund of clauses that name none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anqing_subsidy.finding import PolicyError
from anqing_subsidy.policy.lint import lint
from anqing_subsidy.policy.load import source_of
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.edition.compare import changes
from anqing_subsidy.report.edition.page import page_of
from tests.language.town import clause, kiln, lines, run, town_text

if TYPE_CHECKING:
    from anqing_subsidy.policy import Policy
    from anqing_subsidy.policy.load import PolicySource

SHARED = " {when: [guild], fund: town}"
TWO = clause("{pay: 100元}") + clause("{pay: 200元}", "fund: fire", "when: [sales >= 10元]", id_="k_two")


def source(clauses: str = TWO, every: str = SHARED) -> PolicySource:
    """A policy of which the clauses with the usual fund name none."""
    text = town_text(clauses, every_clause=every).replace("  fund: clay\n", "")
    return source_of(text.encode(), "kilns.yaml")


def policy(clauses: str = TWO, every: str = SHARED) -> Policy:
    return source(clauses, every).under({})


def faults(clauses: str = TWO, every: str = SHARED) -> list[str]:
    with pytest.raises(PolicyError) as refused:
        policy(clauses, every)
    return [fault.message.en for fault in refused.value.faults]


def test_each_clause_asks_what_all_ask_and_then_its_own() -> None:
    found = run(
        policy(),
        kiln(1, guild=True, sales=1000),
        kiln(2, guild=True, sales=999),
        kiln(3, guild=False, sales=1000),
        kiln(4, sales=1000),
    )
    amounts = {key[:2]: shown[:2] for key, shown in lines(found).items()}
    assert amounts == {
        ("K1", "k_one"): ("eligible", "100.00"),
        ("K1", "k_two"): ("eligible", "200.00"),
        ("K2", "k_one"): ("eligible", "100.00"),
        ("K2", "k_two"): ("ineligible", "0.00"),
        ("K3", "k_one"): ("ineligible", "0.00"),
        ("K3", "k_two"): ("ineligible", "0.00"),
        ("K4", "k_one"): ("pending", "0.00"),
        ("K4", "k_two"): ("pending", "0.00"),
    }


def test_a_clause_that_names_no_fund_is_paid_by_that_of_all() -> None:
    found = run(policy(), kiln(1, guild=True, sales=1000)).lines
    assert found.select("clause", "fund:town", "fund:fire").rows() == [("k_one", 10_000, 0), ("k_two", 0, 20_000)]


def test_an_award_on_declared_figures_asks_it_too() -> None:
    declared = clause("{pay: cost}", "declared: {pay: 3元, per: pots}", table="works")
    found = run(policy(declared), kiln(1, guild=True, pots=5), kiln(2, guild=False, pots=5), kiln(3, pots=5))
    assert {key[0]: shown[:2] for key, shown in lines(found).items()} == {
        "K1": ("eligible", "15.00"),
        "K2": ("ineligible", "0.00"),
        "K3": ("pending", "0.00"),
    }
    reasons = Describer(found, "zh").describe(found.lines).reason_text.to_list()
    assert ["入会" in reason for reason in reasons] == [False, True, True]


def test_a_name_that_rows_have_too_means_that_of_the_applicant() -> None:
    by_row = clause("{pay: 100元}", table="works")
    text = town_text(by_row, every_clause=" {when: [cost >= 1元], fund: town}").replace("  fund: clay\n", "")
    refused = source_of(text.encode(), "kilns.yaml")
    with pytest.raises(PolicyError, match="cost"):
        refused.under({})


def test_show_tells_it_once_beside_the_clauses_and_beside_a_clause_alone() -> None:
    whole = page_of(policy(), "zh")
    assert str(whole.clauses).count("入会") == 0
    assert [line.text for line in next(part for part in whole.rest if part.id == "rules").entries[0].lines] == ["入会"]
    (alone,) = page_of(policy(), "zh", ["k_two"]).rest
    assert [line.text for line in alone.entries[0].lines] == ["入会"]


def test_diff_tells_it_once() -> None:
    found = changes(policy(), policy(every=" {when: [guild, pots >= 5], fund: town}"), "en")
    assert [(change.kind, change.clause) for change in found] == [("rule", None)]


def test_the_fund_of_all_clauses_is_told_once_and_compared_once() -> None:
    whole = page_of(policy(), "zh")
    told = [[entry.id for entry in section.entries] for section in whole.clauses]
    assert ["fund" in ids for ids in told] == [False, True]
    rules = next(part for part in whole.rest if part.id == "rules").entries
    assert [line.text for one in rules if one.id == "every_fund" for line in one.lines] == ["没有另写的：镇级资金"]
    three = TWO + clause("{pay: 3元}", id_="k_three")
    found = changes(policy(three), policy(three, every=" {when: [guild], fund: clay}"), "en")
    assert [(change.kind, change.clause, change.before, change.after) for change in found] == [
        ("rule", None, "unless a clause says otherwise: town fund", "unless a clause says otherwise: clay fund")
    ]


def test_lint_compares_it_with_the_conditions_of_each_clause() -> None:
    twice = TWO.replace("sales >= 10元", "guild")
    against = TWO.replace("sales >= 10元", "not guild")
    ours = ("SAME_TWICE", "CONTRADICTION")
    assert [one.code for one in lint(source(twice)) if one.code in ours] == ["SAME_TWICE"]
    assert [one.code for one in lint(source(against)) if one.code in ours] == ["CONTRADICTION"]
    own = lint(source(every=" {when: [pots >= 5, pots < 5], fund: town}"))
    assert [one.code for one in own if one.code in ours] == ["CONTRADICTION"]


@pytest.mark.parametrize(
    ("every", "said"),
    [
        ("", ["clause `k_one` names no fund: add `fund:`, or for all clauses `every_clause: {fund: …}`"]),
        (" {when: [guild]}", ["clause `k_one` names no fund: add `fund:`, or for all clauses `every_clause: {fund: …}`"]),
        (" {when: [gild], fund: town}", ["`kilns` has no fact `gild`; did you mean `guild`?"]),
        (" {conditions: [guild], fund: town}", ["unknown key `conditions`; write `when`"]),
        (" {fund: twon}", ["there is no fund `twon`; did you mean `town`?"]),
    ],
)  # fmt: skip
def test_what_is_wrong_in_it_is_said_once(every: str, said: list[str]) -> None:
    assert faults(every=every) == said


def test_a_clause_and_the_file_without_any_fund_say_each_clause() -> None:
    assert len(faults(TWO.replace("  fund: fire\n", ""), "")) == 2
