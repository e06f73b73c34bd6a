"""An amount decided by hand beyond a cap, of the clause or of a group, is paid as decided and told."""

from __future__ import annotations

import pytest

from tests.language.town import YUAN, clause, kiln, lines, run, town

CAPPED = clause("{pay: sales}", "cap: 100元")
GROUPED = clause("{pay: sales}") + clause("{pay: 60元}", id_="k_two")
GROUP = "- {id: both, members: [k_one, k_two], pays: sum, cap: 100元}\n"


def decided(
    amount: int, clauses: str, groups: str = "", code: str = "K1", item: str = "k_one"
) -> tuple[str, list[str]]:
    """What kiln 1 is paid for the clause, and what is told."""
    row = {
        "kiln_no": code,
        "clause": item,
        "decision": "set",
        "amount_yuan": amount * YUAN,
        "reason": "特批",
        "decided_by": "镇长",
    }
    found = run(town(clauses, groups=groups), kiln(1, sales=10 * YUAN), decisions=[row])
    told = [one.message.en for one in found.findings if one.code == "DECISION_ABOVE_CAP"]
    return lines(found)[code, item, None][1], told


@pytest.mark.parametrize(("amount", "is_told"), [(99, False), (100, False), (101, True)])
def test_an_amount_above_the_cap_of_its_clause_is_told(amount: int, is_told: bool) -> None:  # a column
    paid, told = decided(amount, CAPPED)
    assert paid == f"{amount}.00"
    assert bool(told) == is_told


def test_the_message_names_article_amount_and_cap() -> None:
    _, (told,) = decided(101, CAPPED)
    assert told == "with what was decided 一 comes to 101.00 yuan, above the cap of 100.00 yuan; paid as decided"


@pytest.mark.parametrize(("amount", "is_told"), [(39, False), (40, False), (41, True)])
def test_a_group_that_comes_to_more_than_its_cap_is_told(amount: int, is_told: bool) -> None:  # a column
    paid, told = decided(amount, GROUPED, GROUP)
    assert paid == f"{amount}.00"
    assert bool(told) == is_told


def test_a_group_cut_to_its_cap_without_a_decision_is_not_told() -> None:
    found = run(town(GROUPED, groups=GROUP), kiln(1, sales=90 * YUAN))
    assert [one.code for one in found.findings if one.code == "DECISION_ABOVE_CAP"] == []
