"""A blank beside traces of what it says is missing; without any trace there is nothing to ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anqing_subsidy import Assessment, assess, load_policy
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
