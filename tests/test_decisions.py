"""Decisions by hand settle what they name, and never pay what is still unproven."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anqing_subsidy import Assessment, assess, load_policy
from anqing_subsidy.report.detail import detail_frame
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


def test_a_release_pays_what_was_held_and_leaves_open_what_is_missing() -> None:
    result = decided(shared_with({"trainee_key": "乙"}, {"trainee_key": "缺", "hrss_paid": None}), "release", "c7")
    line = result.lines.filter(code=A, clause="c7")
    assert line.select("status", "amount", "potential", "computed", "decided").rows() == [
        ("eligible_with_held", 200_000, 300_000, 100_000, True)
    ]
    assert "DECISION_NO_LINE" not in codes(result)


def test_a_release_of_a_line_in_which_only_facts_are_missing_is_an_error() -> None:
    result = decided(body(A, {"trainee_key": "乙"}, {"trainee_key": "缺", "hrss_paid": None}), "release", "c7")
    assert line(result, "c7") == ("eligible_with_held", 100_000)
    assert codes(result) == {"DECISION_NO_LINE"}


def test_releasing_both_claimants_of_a_trainee_pays_neither() -> None:
    result = all_decided(
        shared_with(), {"clause": "c7", "decision": "release"}, {"uscc": B, "clause": "c7", "decision": "release"}
    )
    assert result.lines.select("code", "status", "amount", "decided").rows() == [
        (A, "held", 0, False),
        (B, "held", 0, False),
    ]
    assert [finding.code for finding in result.findings if finding.severity == "error"] == ["DECISION_CONFLICT"] * 2


def test_the_other_claimant_of_a_released_trainee_stays_held_until_it_is_refused() -> None:
    release = {"clause": "c7", "decision": "release"}
    result = all_decided(shared_with(), release)
    assert result.lines.select("code", "status", "amount").rows() == [(A, "eligible", 100_000), (B, "held", 0)]
    result = all_decided(shared_with(), release, {"uscc": B, "clause": "c7", "decision": "refuse"})
    assert result.lines.select("code", "status", "amount").rows() == [(A, "eligible", 100_000), (B, "ineligible", 0)]


def test_bodies_that_share_no_trainee_with_each_other_can_both_be_released() -> None:
    c = good_code(3)
    bodies = [
        body(A, {"trainee_key": "甲"}),
        body(B, {"trainee_key": "乙"}),
        body(c, {"trainee_key": "甲"}, {"trainee_key": "乙"}),
    ]
    rows = {table: [row for one in bodies for row in one[table]] for table in bodies[0]}
    released = [{"uscc": code, "clause": "c7", "decision": "release"} for code in (A, B)]
    result = all_decided(rows, *released)
    assert result.lines.select("code", "status", "amount").rows() == [
        (A, "eligible", 100_000),
        (B, "eligible", 100_000),
        (c, "held", 0),
    ]


def paid_now(clause: str, amount: int, **more: object) -> list[dict[str, Any]]:
    return [{"uscc": A, "year": 2018, "clause": clause, "amount_yuan": amount, **more}]


def test_an_amount_set_is_not_paid_again_when_it_was_paid_this_year() -> None:
    for paid, expected in ((0, ("eligible", 100)), (40, ("eligible", 60)), (100, ("ineligible", 0))):
        rows = {"applicants": [village()], "awards_paid": paid_now("c3", paid) if paid else []}
        result = all_decided(rows, SET)
        assert line(result, "c3") == expected
        assert result.lines.select("computed", "netted", "decided").rows() == [(1_200_000, paid, True)]
    assert result.lines["reason"].to_list() == ["ALREADY_PAID"]


def test_more_paid_this_year_than_an_amount_set_is_said_to_be_too_much() -> None:
    result = all_decided({"applicants": [village()], "awards_paid": paid_now("c3", 130)}, SET)
    assert line(result, "c3") == ("ineligible", 0)
    assert codes(result) == {"OVERPAID"}


def test_what_was_paid_this_year_for_a_line_now_refused_is_said_to_be_too_much() -> None:
    result = all_decided({"applicants": [village()], "awards_paid": paid_now("c3", 1_200_000)}, REFUSE)
    assert line(result, "c3") == ("ineligible", 0)
    assert codes(result) == {"OVERPAID"}


def test_a_released_line_is_not_paid_again_either() -> None:
    rows = {**shared_with(), "awards_paid": paid_now("c7", 100_000)}
    result = all_decided(rows, {"clause": "c7", "decision": "release"})
    assert line(result, "c7") == ("ineligible", 0)


def test_a_released_route_competes_with_the_others() -> None:
    sales: dict[str, Any] = {"online_gmv_yuan": 6_000_000_000, "quota_status": "below", "is_cross_border": False}
    rows = {
        "applicants": [village(**sales, ecom_invoiced_sales_yuan=300_000_000)],
        "other_support": [support("c2_gmv", state="applied")],
    }
    assert line(all_decided(rows), "c2_invoiced") == ("eligible", 2_000_000)
    result = all_decided(rows, {"clause": "c2_gmv", "decision": "release"})
    assert line(result, "c2_gmv") == ("eligible", 5_000_000)
    assert line(result, "c2_invoiced") == ("superseded", 0)
    assert not codes(result)


def test_a_refused_route_leaves_the_other_one_unpaid_and_says_so() -> None:
    sales: dict[str, Any] = {"online_gmv_yuan": 6_000_000_000, "quota_status": "below", "is_cross_border": False}
    rows = {"applicants": [village(**sales, ecom_invoiced_sales_yuan=300_000_000)]}
    result = all_decided(rows, {"clause": "c2_gmv", "decision": "refuse"})
    assert line(result, "c2_invoiced") == ("superseded", 0)
    assert codes(result) == {"DECISION_NONE_PAID"}


def support(clause: str, **more: object) -> dict[str, Any]:
    return {"uscc": A, "clause": clause, "source_level": "provincial", "same_matter": True, **more}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, ("eligible", 2_000_000, None, "GRANTED")),
        ({"units": 2_345}, ("eligible", 1_531_000, None, "GRANTED")),
        ({"units": 2_345, "state": "applied"}, ("eligible_with_held", 1_531_000, 2_000_000, "OTHER_SUPPORT")),
        ({"units": 10_000, "state": "applied"}, ("held", 0, 2_000_000, "OTHER_SUPPORT")),
        ({"state": "applied"}, ("held", 0, 2_000_000, "OTHER_SUPPORT")),
        ({"units": 2_345, "same_matter": None}, ("eligible_with_held", 1_531_000, 2_000_000, "MISSING_FACT")),
        ({"same_matter": None}, ("pending", 0, 2_000_000, "MISSING_FACT")),
    ],
)
def test_parcels_for_which_other_support_is_open_wait_and_the_rest_is_paid(
    row: dict[str, Any], expected: tuple[str, int, int | None, str]
) -> None:
    firm = {**village(), "is_village_station": False, "is_cross_border": True}
    firm |= {"cross_border_parcels": 10_000, "trade_value_yuan": 1}
    rows = {"applicants": [firm], "other_support": [support("c4", **row)] if row else []}
    result = all_decided(rows)
    assert result.lines.filter(clause="c4").select("status", "amount", "potential", "reason").rows() == [expected]


def test_parcels_of_which_support_is_applied_for_are_paid_after_a_release() -> None:
    firm = {**village(), "is_village_station": False, "is_cross_border": True}
    firm |= {"cross_border_parcels": 10_000, "trade_value_yuan": 1}
    rows = {"applicants": [firm], "other_support": [support("c4", units=2_345, state="applied")]}
    assert line(all_decided(rows, {"clause": "c4", "decision": "release"}), "c4") == ("eligible", 2_000_000)


def test_a_trainee_of_whom_support_is_applied_for_waits_for_that_reason() -> None:
    rows = {
        **body(A, {"trainee_key": "甲"}, {"trainee_key": "乙"}),
        "other_support": [support("c7", object_id="乙", state="applied")],
    }
    result = all_decided(rows)
    assert result.lines.select("status", "amount", "potential", "reason").rows() == [
        ("eligible_with_held", 100_000, 200_000, "OTHER_SUPPORT")
    ]


def two_operators() -> dict[str, list[dict[str, Any]]]:
    platform = {"platform_id": "平台", "internet_plus": True, "equipment_yuan": 60_000_000, "software_yuan": 0}
    platform["accepted_on"] = date(2018, 6, 1)
    return {
        "applicants": [village(), {**village(), "uscc": B}],
        "platforms": [{**platform, "uscc": A}, {**platform, "uscc": B}],
    }


@pytest.mark.parametrize(("row", "winner", "loser"), [(2, A, B), (3, B, A)])
@pytest.mark.parametrize("by", [A, B])
def test_the_operator_whose_row_does_not_count_is_told_so(row: int, winner: str, loser: str, by: str) -> None:
    result = all_decided(
        two_operators(), {"uscc": by, "clause": "c8", "decision": "use_row", "row_ref": f"应用平台:{row}"}
    )
    lines = {
        code: (status, amount, reason, note)
        for code, status, amount, reason, note in result.lines.filter(clause="c8")
        .select("code", "status", "amount", "reason", "note")
        .rows()
    }
    assert lines[winner][:2] == ("eligible", 6_000_000)
    assert lines[loser] == ("ineligible", 0, "DECIDED", "核实 — 审核员")
    assert not [finding for finding in result.findings if finding.severity == "error"]


def test_an_object_of_two_operators_can_be_released_to_one_of_them() -> None:
    release = {"clause": "c8", "object_id": "平台", "decision": "release"}
    result = all_decided(two_operators(), release)
    found = result.lines.filter(clause="c8").select("code", "status", "amount", "potential")
    assert found.rows() == [(A, "eligible", 6_000_000, None), (B, "held", 0, 6_000_000)]
    result = all_decided(two_operators(), release, {**release, "uscc": B})
    assert result.lines.filter(clause="c8")["status"].to_list() == ["held", "held"]
    assert codes(result) == {"DUP_OBJECT_CONFLICT", "DECISION_CONFLICT"}


def test_rows_of_one_operator_that_differ_are_not_released() -> None:
    rows = two_operators()
    rows["platforms"][1] |= {"uscc": A, "software_yuan": 10_000_000}
    result = all_decided(rows, {"clause": "c8", "object_id": "平台", "decision": "release"})
    assert line(result, "c8") == ("held", 0)
    assert codes(result) == {"DUP_ROW_CONFLICT", "DECISION_NO_LINE"}


def test_a_row_chosen_marks_the_lines_that_read_it_and_no_others() -> None:
    rows = two_operators()
    result = all_decided(rows, {"decision": "use_row", "row_ref": "应用平台:2"})
    assert result.lines.filter("decided").select("code", "clause").rows() == [(A, "c8"), (B, "c8")]


def test_a_decision_of_somebody_else_about_a_row_marks_nothing_of_theirs() -> None:
    c = good_code(3)
    rows = two_operators()
    rows["applicants"].append({**village(), "uscc": c})
    choice = {"clause": None, "decision": "use_row", "row_ref": "应用平台:2"}
    result = all_decided(rows, choice, {**choice, "uscc": c})
    assert result.lines.filter(code=c)["decided"].to_list() == [False]
    assert codes(result) == {"DECISION_NO_LINE"}


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


def village(sales: int = 60_000_000, **facts: object) -> dict[str, Any]:
    own = {"is_village_station": True, "full_coverage": True, "online_sales_yuan": sales}
    return {"uscc": A, "name": "甲", "entity_form": "company", "established_on": date(2018, 3, 1), **own, **facts}


def all_decided(rows: dict[str, list[dict[str, Any]]], *decisions: dict[str, Any], **readings: str) -> Assessment:
    policy = load_policy(settings=readings)
    signed = [{"uscc": A, "reason": "核实", "decided_by": "审核员", **row} for row in decisions]
    return assess(policy, frames(policy, {**rows, "decisions": signed}))


SET = {"clause": "c3", "decision": "set", "amount_yuan": 100}
REFUSE = {"clause": "c3", "decision": "refuse"}


@pytest.mark.parametrize(
    "second", [{"amount_yuan": 200}, REFUSE, {"clause": "（一）3", "amount_yuan": 200}, {**REFUSE, "clause": None}]
)
@pytest.mark.parametrize("turned", [False, True])
def test_two_decisions_that_differ_hold_their_line(second: dict[str, Any], *, turned: bool) -> None:
    two = [SET, {**SET, **second}]
    result = all_decided({"applicants": [village()]}, *(two[::-1] if turned else two))
    assert line(result, "c3") == ("held", 0)
    assert result.lines["potential"].to_list() == [1_200_000]
    assert [finding.code for finding in result.findings] == ["DECISION_CONFLICT"] * 2
    words = "对本条的核定互相矛盾，只留一条；核实后最多 12,000.00 元"
    assert detail_frame(result, "zh")["reason_text"].to_list() == [words]


def test_one_decision_said_twice_is_one() -> None:
    result = all_decided({"applicants": [village()]}, SET, {**SET, "decided_by": "另一人"})
    assert line(result, "c3") == ("eligible", 100)
    assert not result.findings


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ({"uscc": B}, "ORPHAN"),
        ({"clause": "c99"}, "UNKNOWN_CLAUSE"),
        ({"object_id": "没有"}, "DECISION_NO_LINE"),
        ({"clause": "c2_gmv", "decision": "refuse"}, "DECISION_NO_LINE"),
        ({"amount_yuan": None}, "DECISION_UNCLEAR"),
        ({"decision": "release"}, "DECISION_NO_LINE"),
        ({"decision": "use_row", "row_ref": "申报主体:2"}, "DECISION_NO_LINE"),
        ({"decision": "use_row", "row_ref": "申报主体:9"}, "DECISION_UNCLEAR"),
    ],
)
def test_a_decision_about_nobody_or_nothing_is_one_error_and_changes_nothing(
    decision: dict[str, Any], code: str
) -> None:
    result = all_decided({"applicants": [village()]}, {**SET, **decision})
    assert line(result, "c3") == ("eligible", 1_200_000)
    assert [finding.code for finding in result.findings] == [code]
    assert result.lines.height == 1


def test_an_amount_set_for_a_clause_not_claimed_is_paid_from_its_own_fund() -> None:
    result = all_decided({"applicants": [village()]}, {**SET, "clause": "c4"})
    assert result.lines.select("clause", "amount", "computed", "fund").rows() == [
        ("c3", 1_200_000, 1_200_000, "services"),
        ("c4", 100, 0, "foreign_trade"),
    ]
    assert codes(result) == {"DECISION_UNCLAIMED"}


def test_a_row_of_somebody_else_cannot_be_chosen_for_an_applicant() -> None:
    rows = {"applicants": [village(), {**village(), "uscc": B}, {**village(90_000_000), "uscc": B}]}
    result = all_decided(rows, {"decision": "use_row", "row_ref": "申报主体:4"})
    assert result.lines.select("code", "status").rows() == [(A, "eligible"), (B, "held")]
    assert "DECISION_NO_LINE" in codes(result)


def test_a_route_paid_by_decision_beside_a_better_one_is_said() -> None:
    sales: dict[str, Any] = {"online_gmv_yuan": 3_000_000_000, "quota_status": "below", "is_cross_border": False}
    rows = {"applicants": [village(**sales, ecom_invoiced_sales_yuan=600_000_000)]}
    result = all_decided(rows, {**SET, "clause": "c2_gmv"})
    assert line(result, "c2_gmv") == ("eligible", 100)
    assert line(result, "c2_invoiced") == ("eligible", 5_000_000)
    assert codes(result) == {"DECISION_BOTH_PAID"}
    assert result.applicants["potential"].to_list() == [0]


def test_a_release_does_not_pay_tenants_of_whom_a_fact_is_missing() -> None:
    tenant = {
        "is_ecommerce": True,
        "entity_form": "company",
        "area_m2": 3_000_000,
        "ecom_sales_months": 12,
        "rent_concession": True,
    }
    sold = {"year_gmv_yuan": 100_000_000, "year_parcels": 0, "insured_staff": 0}
    parks = [
        {
            "park_id": park,
            "uscc": A,
            "operator_ownership": "private",
            "opened_on": date(2015, 1, 1),
            "building_area_m2": 100_000_000,
        }
        for park in ("甲园", "乙园")
    ]
    tenants = [{"park_id": "甲园", "tenant_uscc": good_code(100 + at), **tenant, **sold} for at in range(40)]
    del tenants[0]["year_parcels"]
    tenants[0]["year_gmv_yuan"] = 0
    tenants.append({**tenants[-1], "park_id": "乙园"})
    result = all_decided(
        {"applicants": [village()], "parks": parks, "park_tenants": tenants},
        {"clause": "c5_existing", "object_id": "甲园", "decision": "release"},
    )
    park = result.lines.filter(result.lines["object"] == "甲园")
    assert park.select("status", "amount", "potential").rows() == [("eligible_with_held", 19_500_000, 20_000_000)]
    assert "DECISION_NO_LINE" not in codes(result)


@pytest.mark.parametrize(
    ("decision", "paid", "formula", "words"),
    [
        (SET, 0, "600,000.00 × 2% = 12,000.00 → 人工核定 1.00", "人工核定 1.00 元（计算 12,000.00 元）：核实 — 审核员"),
        (
            SET,
            40,
            "600,000.00 × 2% = 12,000.00 → 人工核定 1.00 − 本年度已兑现 0.40 = 0.60",
            "人工核定 1.00 元（计算 12,000.00 元），本年度已兑现 0.40 元：核实 — 审核员",
        ),
        (REFUSE, 0, "", "人工核定不予支持（计算 12,000.00 元）：核实 — 审核员"),
        ({**SET, "clause": "c4"}, 0, "人工核定 1.00", "人工核定 1.00 元（计算 0.00 元）：核实 — 审核员"),
    ],
)
def test_a_decided_line_says_what_was_computed_what_was_decided_and_what_is_left(
    decision: dict[str, Any], paid: int, formula: str, words: str
) -> None:
    rows = {"applicants": [village()], "awards_paid": paid_now("c3", paid) if paid else []}
    told = detail_frame(all_decided(rows, decision), "zh").filter("decided").select("formula", "reason_text")
    assert told.rows() == [(formula, words)]
