"""Of some applicants only what concerns them is found."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from anqing_subsidy import assess, load_policy
from anqing_subsidy.engine.subset import subset
from tests.oracle.generate import good_code
from tests.support import frames

Row = dict[str, Any]
WAN: Final = 1_000_000
CODE, OTHER, NOBODY = good_code(1), good_code(2), good_code(3)
FIRM: Final = {
    "uscc": CODE, "name": "甲", "entity_form": "company", "established_on": date(2016, 3, 1), "is_village_station": True,
    "full_coverage": True, "online_sales_yuan": 80 * WAN,
}  # fmt: skip
FIRMS: Final = [FIRM, {**FIRM, "uscc": OTHER, "name": "乙"}]


def found(tables: dict[str, list[Row]], *, strays: bool = False) -> list[str]:
    """The codes of the findings that are left of the first applicant."""
    policy = load_policy()
    whole = assess(policy, frames(policy, tables))
    part = subset(whole, whole.applicants.filter(whole.applicants["code"] == CODE)["row"], strays=strays)
    return [finding.code for finding in part.findings]


def overpaid(code: str) -> Row:
    return {"uscc": code, "year": 2018, "clause": "c3", "amount_yuan": 3 * WAN}


def test_that_somebody_else_was_paid_too_much_is_not_told() -> None:
    assert found({"applicants": FIRMS, "awards_paid": [overpaid(OTHER)]}) == []
    assert found({"applicants": FIRMS, "awards_paid": [overpaid(CODE)]}) == ["OVERPAID"]


def test_repeated_rows_of_somebody_else_are_not_told() -> None:
    assert found({"applicants": [*FIRMS, FIRMS[1]]}) == []
    assert found({"applicants": [*FIRMS, FIRMS[0]]}) == ["DUP_APPLICANT_SAME"]


def test_a_row_of_nobody_is_told_with_the_others_but_not_to_one() -> None:
    tables: dict[str, list[Row]] = {"applicants": FIRMS, "association_members": [{"uscc": NOBODY, "member_uscc": CODE}]}
    assert found(tables) == []
    assert found(tables, strays=True) == ["ORPHAN"]


def test_an_object_that_two_bring_is_told_to_both() -> None:
    platform = {"platform_id": "P1", "internet_plus": True, "equipment_yuan": 80 * WAN, "software_yuan": 0}
    first, second = [{**platform, "uscc": code, "accepted_on": date(2018, 5, 1)} for code in (CODE, OTHER)]
    assert found({"applicants": FIRMS, "platforms": [first, second]}) == ["DUP_OBJECT_CONFLICT"]
    assert found({"applicants": FIRMS, "platforms": [second, first]}) == ["DUP_OBJECT_CONFLICT"]


def test_tenants_of_a_park_are_its_operators() -> None:
    park = {"park_id": "Y1", "uscc": OTHER, "opened_on": date(2018, 2, 1)}
    tenant = {"park_id": "Y1", "tenant_uscc": good_code(9)}
    assert found({"applicants": FIRMS, "parks": [park], "park_tenants": [tenant, tenant]}) == []
    mine = {**park, "uscc": CODE}
    assert found({"applicants": FIRMS, "parks": [mine], "park_tenants": [tenant, tenant]}) == ["DUP_ROW_SAME"]
