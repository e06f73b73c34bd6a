"""A cell of 历年已兑现 or 其他财政支持 that cannot be read, or is blank, never lets a line be paid as if the row were not there."""

from __future__ import annotations

from typing import Any

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.policy import load_policy
from tests.oracle.common import BAD
from tests.oracle.generate import good_code
from tests.support import frames

CODE = good_code(7)
FEN = 11_000_000
APPLICANT: dict[str, Any] = {
    "uscc": CODE,
    "name": "甲",
    "entity_form": "company",
    "is_introduced": True,
    "is_cross_border": False,
    "invoiced_sales_yuan": 100 * FEN,
}


def line(**tables: list[dict[str, Any]]) -> dict[str, Any]:
    policy = load_policy()
    result = assess(policy, frames(policy, {"applicants": [APPLICANT], **tables}))
    (found,) = result.lines.filter(result.lines["clause"] == "c1").iter_rows(named=True)
    return found


def support(**cells: Any) -> list[dict[str, Any]]:  # noqa: ANN401  # any cell
    row = {"uscc": CODE, "clause": "c1", "source_level": "provincial", "same_matter": True, "state": "decided"}
    return [row | {"amount_yuan": FEN} | cells]


def test_without_such_rows_the_line_is_paid() -> None:
    assert (line()["status"], line()["amount"]) == ("eligible", FEN)


@pytest.mark.parametrize("level", [BAD, None])
def test_support_of_an_unknown_level_leaves_the_line_open(level: object) -> None:
    found = line(other_support=support(source_level=level))
    assert (found["status"], found["amount"], found["potential"]) == ("pending", 0, FEN)


def test_support_of_a_county_does_not_count_and_that_of_the_province_does() -> None:
    assert line(other_support=support(source_level="county"))["amount"] == FEN
    assert line(other_support=support())["status"] == "excluded"


@pytest.mark.parametrize("year", [BAD, None])
def test_an_award_paid_in_an_unknown_year_leaves_the_line_open(year: object) -> None:
    paid = [{"uscc": CODE, "year": year, "clause": "c1", "amount_yuan": FEN}]
    found = line(awards_paid=paid)
    assert (found["status"], found["amount"]) == ("pending", 0)


def test_an_award_paid_for_another_clause_in_an_unknown_year_leaves_the_line() -> None:
    paid = [{"uscc": CODE, "year": BAD, "clause": "c6", "amount_yuan": FEN}]
    assert line(awards_paid=paid)["amount"] == FEN
