"""A declared figure beside details that say something else is a warning with both values and both places."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anqing_subsidy import Assessment, assess, load_policy
from anqing_subsidy.finding import Finding
from tests.oracle.generate import good_code
from tests.support import frames

CODE = good_code(1)
WAN = 1_000_000
PLATFORM = {
    "platform_id": "P1",
    "internet_plus": True,
    "equipment_yuan": 60 * WAN,
    "software_yuan": 40 * WAN,
    "accepted_on": date(2018, 5, 1),
}
SECOND = {**PLATFORM, "platform_id": "P2", "equipment_yuan": 50 * WAN, "software_yuan": 0}
TITLE = {"category": "base", "object_id": "K1", "level": "provincial", "awarded_on": date(2018, 5, 1)}
FOUNDER = {"person_key": "G1", "education": "bachelor", "graduated_on": date(2015, 6, 30), "returned_home": True}
HIRED = {
    "training_end_on": date(2018, 3, 31),
    "hired_on": date(2018, 4, 10),
    "employer_local_ecom": True,
    "insurance_months": 6,
    "hrss_paid": False,
}
TRAINEES = [{**HIRED, "trainee_key": "甲"}, {**HIRED, "trainee_key": "乙"}]


def run(table: str, rows: list[dict[str, Any]], **declared: object) -> Assessment:
    own = {"uscc": CODE, "name": "甲", "entity_form": "company", "established_on": date(2016, 3, 1), **declared}
    policy = load_policy()
    return assess(policy, frames(policy, {"applicants": [own], table: [{**row, "uscc": CODE} for row in rows]}))


def differing(result: Assessment) -> list[Finding]:
    return [finding for finding in result.findings if finding.code == "DECLARED_DIFFERS"]


@pytest.mark.parametrize(
    ("table", "rows", "declared", "typed", "counted"),
    [
        ("platforms", [PLATFORM], {"platform_investment_yuan": 99 * WAN}, "990,000.00", "1,000,000.00"),
        ("platforms", [PLATFORM, SECOND], {"platform_investment_yuan": 51 * WAN}, "510,000.00", "1,000,000.00"),
        ("titles", [TITLE], {"base_title": "national"}, "国家级", "省级"),
        ("titles", [TITLE], {"enterprise_title": "national"}, "国家级", "无"),
        ("founders", [FOUNDER], {"founder_education": "master"}, "硕士", "本科"),
        ("founders", [FOUNDER], {"founder_graduated_on": date(2014, 6, 30)}, "2014-06-30", "2015-06-30"),
        ("founders", [FOUNDER], {"founder_returned_home": False}, "否", "是"),
        ("trainees", TRAINEES, {"trainees_hired": 3}, "3", "2"),
        ("trainees", TRAINEES, {"trainees_shop": 1}, "1", "0"),
        ("association_members", [{"member_uscc": good_code(9), "entity_form": "company", "active": True}], {"member_enterprises": 60}, "60", "1"),
        ("history", [{"year": 2017, "online_gmv_yuan": 5 * WAN}], {"prior_max_online_gmv_yuan": 6 * WAN}, "60,000.00", "50,000.00"),
    ],
)  # fmt: skip
def test_a_declared_figure_that_disagrees_is_said(
    table: str, rows: list[dict[str, Any]], declared: dict[str, object], typed: str, counted: str
) -> None:
    result = run(table, rows, **declared)
    (found,) = differing(result)
    sheet = result.policy.tables[table].sheet
    assert found.severity == "warning"
    assert found.place is not None
    assert (found.place.sheet, found.place.row) == ("申报主体", 2)
    where = "" if counted == "无" else f" ({found.place.file} {sheet} 2)"
    assert f"填 {typed}，按“{sheet}”表为 {counted}{where}，" in found.message.zh


@pytest.mark.parametrize(
    ("table", "rows", "declared"),
    [
        ("platforms", [PLATFORM], {"platform_investment_yuan": 100 * WAN}),
        ("platforms", [PLATFORM, SECOND], {"platform_investment_yuan": 50 * WAN}),
        ("platforms", [PLATFORM, SECOND], {"platform_investment_yuan": 150 * WAN}),
        ("platforms", [{**PLATFORM, "software_yuan": None}], {"platform_investment_yuan": 100 * WAN}),
        ("titles", [TITLE, {**TITLE, "level": "national"}], {"base_title": "national"}),
        ("founders", [FOUNDER, {**FOUNDER, "person_key": "G2", "education": "master"}], {"founder_education": "master"}),
        ("trainees", TRAINEES, {"trainees_hired": 2}),
        ("trainees", [*TRAINEES, {**HIRED, "trainee_key": "丙", "insurance_months": None}], {"trainees_hired": 3}),
    ],
)  # fmt: skip
def test_a_declared_figure_that_the_details_bear_out_or_leave_open_is_not(
    table: str, rows: list[dict[str, Any]], declared: dict[str, object]
) -> None:
    assert differing(run(table, rows, **declared)) == []
