"""Days between two days, both counted; constants of a ratio are told in the unit of what they stand beside."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.edition.page import page_of
from tests.language.town import clause, kiln, paid, run, town

DAYS = "    span: {zh: 天数, en: days, days: [leased_on, left_on]}\n"
PART = DAYS + "    part: {zh: 年内比例, en: part of the year, ratio: [span, 365]}\n"
A_DAY = date(2022, 3, 1)


def counted(start: Any, end: Any) -> str:  # noqa: ANN401  # days or blanks
    found = run(town(clause("{pay: 1元, per: span}"), facts=DAYS), kiln(1, leased_on=start, left_on=end))
    return paid(found)["K1"]


@pytest.mark.parametrize(
    ("end", "days"),
    [(date(2022, 2, 28), "0.00"), (A_DAY, "1.00"), (date(2022, 3, 2), "2.00"), (date(2023, 2, 28), "365.00")],
)
def test_both_days_are_counted_and_the_wrong_way_round_is_nothing(end: date, days: str) -> None:
    assert counted(A_DAY, end) == days


def test_a_blank_day_waits() -> None:
    found = run(town(clause("{pay: 1元, per: span}"), facts=DAYS), kiln(1, leased_on=A_DAY))
    assert "退租日" in Describer(found, "zh").describe(found.lines).reason_text[0]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 4000), st.integers(1, 4000))
def test_a_span_cut_in_two_has_the_days_of_both_parts(start: date, first: int, second: int) -> None:
    cut, end = (date.fromordinal(start.toordinal() + number) for number in (first, first + second))
    after = date.fromordinal(cut.toordinal() + 1)
    assert float(counted(start, end)) == float(counted(start, cut)) + float(counted(after, end))


def test_a_part_of_a_year_is_exact() -> None:
    policy = town(clause("{pay: 365元, prorate_by: part}"), facts=PART)
    assert paid(run(policy, kiln(1, leased_on=A_DAY, left_on=date(2022, 3, 7))))["K1"] == "7.00"


@pytest.mark.parametrize(
    ("ratio", "told"),
    [
        ("[span, 365]", "天数除以365"),
        ("[12, pots]", "12件除以烧成数"),
        ("[sales, 100万元]", "销售额除以100万元"),
        ("[floor, 1.5]", "除以1.5"),
    ],
)
def test_a_number_in_a_ratio_is_told_as_the_document_writes_it(ratio: str, told: str) -> None:
    facts = DAYS + f"    part: {{zh: 比例, en: part, ratio: {ratio}}}\n"
    assert told in str(page_of(town(clause("{pay: 1元, prorate_by: part}", "when: [span >= 1]"), facts=facts), "zh"))


def test_the_formula_shows_the_days_as_they_are_and_not_in_lowest_terms() -> None:
    policy = town(clause("{pay: 365元, prorate_by: part}"), facts=PART)
    found = run(policy, kiln(1, leased_on=A_DAY, left_on=date(2022, 5, 29)))
    assert Describer(found, "zh").describe(found.lines).formula.to_list() == ["365.00 × 90/365（年内比例） = 90.00"]
