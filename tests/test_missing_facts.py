"""A blank beside traces of what it says is missing; without any trace there is nothing to ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anqing_subsidy import Assessment, assess, load_policy
from tests.oracle.common import BAD
from tests.oracle.generate import good_code
from tests.support import frames

CODE = good_code(1)
OPENED = {"shop_open_on": date(2018, 4, 10)}
SOLD = {"consecutive_months": 3, "window_parcels": 500}
HIRED = {"hired_on": date(2018, 4, 1)}
EMPLOYED = {"employer_local_ecom": True, "insurance_months": 6}
NOTHING = {"consecutive_months": 0, "window_parcels": 0, "window_gmv_yuan": 0, "in_park": False, "insurance_months": 0}


def trained(**facts: object) -> tuple[str, int, int | None, str]:
    """The line of a body with this one trainee."""
    firm = {"uscc": CODE, "name": "甲", "entity_form": "company", "established_on": date(2015, 1, 1)}
    trainee = {"uscc": CODE, "trainee_key": "学员", "training_end_on": date(2018, 3, 31), "hrss_paid": False, **facts}
    found = run({"applicants": [firm], "trainees": [trainee]}).lines
    status, amount, potential, reason = found.select("status", "amount", "potential", "reason").row(0)
    return status, amount, potential, reason


def run(rows: dict[str, list[dict[str, Any]]], **readings: str) -> Assessment:
    policy = load_policy(settings=readings)
    return assess(policy, frames(policy, rows))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({**NOTHING, **OPENED, **SOLD}, ("eligible", 100_000, None, "GRANTED")),
        ({**NOTHING, **SOLD}, ("pending", 0, 100_000, "MISSING_FACT")),
        ({**NOTHING, **SOLD, "consecutive_months": 2}, ("ineligible", 0, None, "BELOW_THRESHOLD")),
        ({"shop_id": "店", **NOTHING}, ("ineligible", 0, None, "BELOW_THRESHOLD")),
        ({**NOTHING, **HIRED, **EMPLOYED}, ("eligible", 50_000, None, "GRANTED")),
        ({**HIRED, **EMPLOYED}, ("eligible", 50_000, None, "GRANTED")),
        ({**EMPLOYED}, ("pending", 0, 50_000, "MISSING_FACT")),
        ({**EMPLOYED, "insurance_months": 5}, ("ineligible", 0, None, "BELOW_THRESHOLD")),
        ({"employer_local_ecom": False, "insurance_months": 6}, ("ineligible", 0, None, "WRONG_KIND")),
    ],
)
def test_a_blank_date_beside_figures_of_a_shop_or_a_job_is_missing(
    facts: dict[str, Any], expected: tuple[str, int, int | None, str]
) -> None:
    assert trained(**facts) == expected


@pytest.mark.parametrize(("reading", "most"), [("max", 10_000_000), ("sum", 20_000_000)])
def test_an_unknown_quota_status_leaves_one_of_the_two_turnovers_possible_not_both(reading: str, most: int) -> None:
    firm = {"uscc": CODE, "name": "甲", "entity_form": "company", "established_on": date(2018, 3, 1)}
    firm |= {"is_cross_border": False, "online_gmv_yuan": 3_000_000_000}
    found = run({"applicants": [firm]}, c2_routes=reading)
    assert found.lines.select("clause", "status", "potential").rows() == [
        ("c2_gmv", "pending", 2_000_000),
        ("c2_above", "pending", 10_000_000),
    ]
    assert found.applicants["potential"].to_list() == [10_000_000]
    firm |= {"ecom_invoiced_sales_yuan": 2_000_000_000}
    found = run({"applicants": [firm]}, c2_routes=reading)
    assert found.applicants.select("total", pot="potential").rows() == [(10_000_000, most - 10_000_000)]


FIRM = {
    "uscc": CODE,
    "name": "甲",
    "entity_form": "company",
    "established_on": date(2017, 3, 1),
    "quota_status": "below",
}
GMV = {"is_cross_border": False, "online_gmv_yuan": 6_000_000_000}
LAST_YEAR = {"uscc": CODE, "year": 2017, "online_gmv_yuan": 0, "ecom_invoiced_sales_yuan": 0}


def turnover(rows: dict[str, list[dict[str, Any]]], **readings: str) -> tuple[str, int]:
    status, amount = run({"applicants": [{**FIRM, **GMV}], **rows}, **readings).lines.select("status", "amount").row(0)
    return status, amount


@pytest.mark.parametrize("lacking", ["year", "clause"])
@pytest.mark.parametrize("cell", [None, BAD])
def test_an_award_of_a_year_or_clause_left_blank_leaves_open_what_it_may_block(lacking: str, cell: object) -> None:
    paid = {"uscc": CODE, "year": 2017, "clause": "c2_gmv", "tier": 2, "amount_yuan": 5_000_000}
    assert turnover({"history": [LAST_YEAR]}) == ("eligible", 5_000_000)
    assert turnover({"history": [LAST_YEAR], "awards_paid": [paid]}) == ("ineligible", 0)
    assert turnover({"history": [LAST_YEAR], "awards_paid": [{**paid, lacking: cell}]}) == ("pending", 0)


@pytest.mark.parametrize("cell", [None, BAD])
@pytest.mark.parametrize("lacking", ["source_level", "clause"])
def test_support_of_a_level_or_clause_left_blank_leaves_open_what_it_may_exclude(lacking: str, cell: object) -> None:
    support = {"uscc": CODE, "clause": "c2_gmv", "source_level": "municipal", "same_matter": True, "amount_yuan": 100}
    rows = {"history": [LAST_YEAR], "other_support": [{**support, lacking: cell}]}
    assert turnover(rows) == ("pending", 0)


@pytest.mark.parametrize("reading", ["pending", "assume_none"])
def test_a_figure_of_an_earlier_year_that_cannot_be_read_is_not_assumed_to_be_low(reading: str) -> None:
    bad = {"history": [{**LAST_YEAR, "online_gmv_yuan": BAD}]}
    assert turnover(bad, missing_history=reading) == ("pending", 0)
    blank = {"history": [{**LAST_YEAR, "online_gmv_yuan": None}]}
    assert turnover(blank, missing_history="assume_none") == ("eligible", 5_000_000)


def test_a_trainee_with_a_bad_cell_is_open_though_another_way_to_qualify_holds() -> None:
    facts = {**NOTHING, **OPENED, **SOLD}
    assert trained(**{**facts, "window_parcels": BAD, "window_gmv_yuan": 2_000_000})[:3] == ("pending", 0, 100_000)
    assert trained(**{**facts, "window_parcels": BAD, "consecutive_months": 2})[:2] == ("ineligible", 0)


def test_a_trainee_without_a_key_is_open() -> None:
    assert trained(**{**NOTHING, **OPENED, **SOLD, "trainee_key": BAD})[:3] == ("pending", 0, 100_000)


def test_support_that_names_the_only_trainee_excludes_the_line() -> None:
    firm = {"uscc": CODE, "name": "甲", "entity_form": "company", "established_on": date(2015, 1, 1)}
    trainee = {"uscc": CODE, "trainee_key": "学员", "training_end_on": date(2018, 3, 31), "hrss_paid": False}
    support = {"uscc": CODE, "clause": "c7", "source_level": "municipal", "same_matter": True, "object_id": "学员"}
    rows = {"applicants": [firm], "trainees": [{**trainee, **NOTHING, **OPENED, **SOLD}], "other_support": [support]}
    found = run(rows).lines.select("status", "amount", "potential", "reason").rows()
    assert found == [("excluded", 0, 100_000, "OTHER_SUPPORT")]
    second = {**trainee, **NOTHING, **OPENED, **SOLD, "trainee_key": "另一人"}
    rows["trainees"].append(second)
    assert run(rows).lines.select("status", "amount").rows() == [("eligible", 100_000)]
