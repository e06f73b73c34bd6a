"""Decisions by hand settle what they name, and never pay what is still unproven."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anqing_subsidy import Assessment, assess, load_policy
from tests.oracle.generate import good_code
from tests.support import frames

A, B = good_code(1), good_code(2)
SHOP = {
    "training_end_on": date(2018, 3, 31),
    "shop_open_on": date(2018, 4, 10),
    "consecutive_months": 3,
    "window_parcels": 500,
    "window_gmv_yuan": 0,
    "in_park": False,
    "shop_year_gmv_yuan": 0,
    "shop_year_parcels": 0,
    "shop_insured_staff": 0,
    "employer_local_ecom": False,
    "insurance_months": 0,
    "hrss_paid": False,
}


def body(code: str, *trainees: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {
        "applicants": [{"uscc": code, "name": code, "entity_form": "company", "established_on": date(2015, 1, 1)}],
        "trainees": [{**SHOP, **trainee, "uscc": code} for trainee in trainees],
    }


def decided(rows: dict[str, list[dict[str, Any]]], kind: str, clause: str, **more: object) -> Assessment:
    row = {"uscc": A, "clause": clause, "decision": kind, "reason": "核实", "decided_by": "审核员", **more}
    policy = load_policy()
    return assess(policy, frames(policy, {**rows, "decisions": [row]}))


def line(result: Assessment, clause: str) -> tuple[str, int]:
    found = result.lines.filter((result.lines["code"] == A) & (result.lines["clause"] == clause))
    return found["status"][0], found["amount"][0]


def shared_with(*others: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    first, second = body(A, {"trainee_key": "共"}, *others), body(B, {"trainee_key": "共"})
    return {table: [*rows, *second[table]] for table, rows in first.items()}


def codes(result: Assessment) -> set[str]:
    return {finding.code for finding in result.findings}


def test_a_line_held_only_by_a_second_claimant_can_be_released() -> None:
    assert line(decided(shared_with(), "release", "c7"), "c7") == ("eligible", 100_000)


def test_what_is_certain_and_what_is_released_are_paid_together() -> None:
    assert line(decided(shared_with({"trainee_key": "乙"}), "release", "c7"), "c7") == ("eligible", 200_000)


def test_a_release_does_not_pay_a_row_of_which_a_fact_is_missing() -> None:
    result = decided(shared_with({"trainee_key": "乙"}, {"trainee_key": "缺", "hrss_paid": None}), "release", "c7")
    assert line(result, "c7") == ("eligible_with_held", 100_000)
    assert "DECISION_NO_LINE" in codes(result)


def test_a_release_does_not_choose_between_rows_that_contradict_each_other() -> None:
    common = {"uscc": A, "name": "甲", "is_village_station": True, "full_coverage": True}
    rows = [{**common, "online_sales_yuan": 60_000_000}, {**common, "online_sales_yuan": 90_000_000}]
    result = decided({"applicants": rows}, "release", "c3")
    assert line(result, "c3") == ("held", 0)
    assert "DECISION_NO_LINE" in codes(result)


@pytest.mark.parametrize(("row", "paid"), [(2, 1_200_000), (3, 1_800_000)])
def test_the_row_that_counts_is_named_instead(row: int, paid: int) -> None:
    common = {"uscc": A, "name": "甲", "is_village_station": True, "full_coverage": True}
    rows = [{**common, "online_sales_yuan": 60_000_000}, {**common, "online_sales_yuan": 90_000_000}]
    result = decided({"applicants": rows}, "use_row", "c3", row_ref=f"申报主体:{row}")
    assert line(result, "c3") == ("eligible", paid)


@pytest.mark.parametrize("lacking", ["reason", "decided_by"])
def test_a_decision_without_its_reason_or_name_changes_nothing(lacking: str) -> None:
    result = decided(shared_with(), "release", "c7", **{lacking: None})
    assert line(result, "c7") == ("held", 0)
    assert "DECISION_UNSIGNED" in codes(result)


def test_an_amount_set_or_refused_stands_beside_the_computed_one() -> None:
    rows = body(A, {"trainee_key": "乙"})
    for kind, amount, expected in (("set", 70_000, ("eligible", 70_000)), ("refuse", None, ("ineligible", 0))):
        result = decided(rows, kind, "c7", amount_yuan=amount)
        assert line(result, "c7") == expected
        assert result.lines["computed"].to_list() == [100_000]
        assert result.lines["decided"].to_list() == [True]
