"""The first of some columns that is filled in: what the document says a blank counts as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from anqing_subsidy.finding import PolicyError
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.edition.page import page_of
from tests.language.town import WAN, clause, kiln, lines, run, town
from tests.oracle.common import BAD

if TYPE_CHECKING:
    from anqing_subsidy.policy import Policy

FACT = "    base: {{zh: 基数, en: base, first_given: [{}]}}\n"


def policy(parts: str, award: str = "{pay: base}") -> Policy:
    return town(clause(award), facts=FACT.format(parts))


def shown(parts: str, **facts: Any) -> tuple[str, str, str | None]:  # noqa: ANN401  # values of cells
    return lines(run(policy(parts), kiln(1, **facts)))["K1", "k_one", None]


@pytest.mark.parametrize(
    ("facts", "amount"),
    [
        ({"wages": WAN, "rent": 2 * WAN}, "10000.00"),
        ({"wages": 0, "rent": 2 * WAN}, "0.00"),
        ({"rent": 2 * WAN}, "20000.00"),
        ({}, "5.00"),
    ],
    ids=["the first", "a nought is given", "the next", "the number behind them"],
)
def test_the_first_that_is_filled_in_counts(facts: dict[str, int], amount: str) -> None:
    assert shown("wages, rent, 5元", **facts) == ("eligible", amount, None)


def test_where_all_are_blank_the_line_waits_for_any_of_them() -> None:
    found = run(policy("wages, rent"), kiln(1))
    assert lines(found)["K1", "k_one", None][0] == "pending"
    assert "工资 或 租金" in Describer(found, "zh").describe(found.lines).reason_text[0]
    assert "wages or rent" in Describer(found, "en").describe(found.lines).reason_text[0]


def test_a_cell_that_cannot_be_read_is_filled_in() -> None:
    assert shown("wages, rent", wages=BAD, rent=WAN)[0] == "invalid"
    assert shown("wages, rent", wages=WAN, rent=BAD)[:2] == ("eligible", "10000.00")


def test_the_last_may_be_what_rows_below_come_to() -> None:
    made = policy("wages, works_cost")
    works: list[dict[str, Any]] = [{"kiln_no": "K1", "work_no": "W1", "cost": 300}, {"kiln_no": "K1", "work_no": "W2"}]
    assert lines(run(made, kiln(1, wages=WAN), works=works))["K1", "k_one", None] == ("eligible", "10000.00", None)
    status, amount, _ = lines(run(made, kiln(1), works=works))["K1", "k_one", None]
    assert (status, amount) == ("eligible_with_held", "3.00")


def test_it_is_told_as_an_official_would() -> None:
    assert "基数：工资，空着的按租金，空着的按0元" in str(page_of(policy("wages, rent, 0元"), "zh"))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("wages", "`first_given` takes two or more"),
        ("0元, wages", "`0元` in `first_given` is no column"),
        ("outlay, wages", "`outlay` in `first_given` is no column"),
        ("wages, pots", "it takes money"),
        ("wages, 5", "end it with 元"),
        ("kind, 5元", "it takes"),
    ],
)
def test_what_cannot_be_meant_is_refused(parts: str, said: str) -> None:
    with pytest.raises(PolicyError) as refused:
        policy(parts)
    assert any(said in fault.message.en for fault in refused.value.faults), refused.value.faults
