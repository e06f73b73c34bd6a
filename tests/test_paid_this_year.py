"""What was paid in the policy year itself comes off what is due, in whatever order the rows stand, and once."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from anqing_subsidy import Assessment, assess, load_policy
from tests.oracle.generate import good_code
from tests.support import frames

Rows = dict[str, list[dict[str, Any]]]
WAN: Final = 1_000_000
CODE: Final = good_code(1)


def run(rows: Rows, **readings: str) -> Assessment:
    policy = load_policy(settings=readings)
    return assess(policy, frames(policy, rows))


def firm(**facts: object) -> dict[str, Any]:
    return {"uscc": CODE, "name": "甲", "entity_form": "company", "established_on": date(2018, 3, 1), **facts}


def paid(clause: str, amount: int | None, thing: str | None = None) -> dict[str, Any]:
    return {"uscc": CODE, "year": 2018, "clause": clause, "object_id": thing, "tier": 1, "amount_yuan": amount}


def platform(thing: str) -> dict[str, Any]:
    return {
        "platform_id": thing,
        "uscc": CODE,
        "internet_plus": True,
        "equipment_yuan": 100 * WAN,
        "software_yuan": 0,
        "accepted_on": date(2018, 5, 1),
    }


@pytest.mark.parametrize("unnamed_first", [True, False])
def test_an_award_that_names_no_platform_is_shared_out_after_those_that_name_one(*, unnamed_first: bool) -> None:
    awards = [paid("c8", 10 * WAN), paid("c8", 5 * WAN, "P1")]
    rows = {"applicants": [firm()], "platforms": [platform("P1"), platform("P2")]}
    result = run({**rows, "awards_paid": awards if unnamed_first else awards[::-1]})
    assert result.lines.select("object", "amount").rows() == [("P1", 0), ("P2", 5 * WAN)]
    assert not [finding for finding in result.findings if finding.code == "OVERPAID"]


def both_routes(**facts: object) -> Rows:
    sales = {"online_gmv_yuan": 3_000 * WAN, "quota_status": "below", "ecom_invoiced_sales_yuan": 300 * WAN}
    return {"applicants": [firm(**{"is_cross_border": False, **sales, **facts})]}


def potentials(result: Assessment) -> dict[str, tuple[str, int, int | None]]:
    return {row[0]: row[1:] for row in result.lines.select("clause", "status", "amount", "potential").rows()}


def test_a_sum_not_known_leaves_its_own_route_open_and_the_other_one_only_less_its_own_payment() -> None:
    rows = {**both_routes(), "awards_paid": [paid("c2_gmv", None), paid("c2_invoiced", 1 * WAN)]}
    result = run(rows, c2_routes="sum", c1_c2="max")
    assert potentials(result) == {"c2_gmv": ("pending", 0, 2 * WAN), "c2_invoiced": ("pending", 0, 1 * WAN)}
    assert result.applicants["potential"].to_list() == [3 * WAN]


@pytest.mark.parametrize(("routes", "open_"), [("sum", 2 * WAN), ("max", 1 * WAN)])
def test_a_route_still_open_loses_what_another_was_paid_only_where_the_better_one_alone_counts(
    routes: str, open_: int
) -> None:
    rows = {**both_routes(quota_status=None), "awards_paid": [paid("c2_invoiced", 1 * WAN)]}
    lines = potentials(run(rows, c2_routes=routes, c1_c2="max"))
    assert lines["c2_invoiced"] == ("eligible", 1 * WAN, None)
    assert lines["c2_gmv"] == ("pending", 0, open_)


def test_support_of_an_applicant_typed_twice_is_one_payment() -> None:
    title = {"uscc": CODE, "category": "base", "object_id": "K1", "level": "national", "awarded_on": date(2018, 5, 1)}
    support = {"uscc": CODE, "clause": "c9_base", "object_id": "K1", "source_level": "provincial", "same_matter": True}
    rows = {
        "applicants": [firm(), firm(phone="1")],
        "titles": [title],
        "other_support": [{**support, "amount_yuan": 3 * WAN, "state": "paid"}],
    }
    assert potentials(run(rows, other_support="top_up")) == {"c9_base": ("held", 0, 27 * WAN)}


def park(code: str = CODE) -> Rows:
    """A park of before the policy year, with thirty tenants that meet the standard by declaration."""
    own = {"park_id": "园", "uscc": code, "operator_ownership": "private", "opened_on": date(2015, 1, 1)}
    own |= {"building_area_m2": 100_000_000, "ecommerce_area_m2": 70_000_000}
    return {
        "applicants": [{**firm(), "uscc": code}],
        "parks": [{**own, "ecommerce_tenants": 30, "subsidised_tenants": 30}],
    }


@pytest.mark.parametrize("clause", ["c5_existing", "（二）5"])
@pytest.mark.parametrize("thing", ["园", None])
def test_an_entry_that_names_an_article_of_several_clauses_comes_off_the_line_that_is_there(
    clause: str, thing: str | None
) -> None:
    result = run({**park(), "awards_paid": [paid(clause, 10 * WAN, thing)]})
    assert result.lines.select("clause", "amount", "netted").rows() == [("c5_existing", 5 * WAN, 10 * WAN)]
    assert not [finding for finding in result.findings if finding.code == "OVERPAID"]


def test_an_entry_of_item_2_comes_off_whichever_route_is_paid() -> None:
    sales = {"online_gmv_yuan": 6_000 * WAN, "quota_status": "below", "is_cross_border": False}
    result = run({"applicants": [firm(**sales)], "awards_paid": [paid("（一）2", 5 * WAN)]})
    assert result.lines.select("clause", "status", "amount").rows() == [("c2_gmv", "ineligible", 0)]


def test_a_park_paid_this_year_to_the_seller_is_not_paid_again_to_the_buyer() -> None:
    buyer, seller = good_code(2), CODE
    rows = park(buyer)
    rows["applicants"].append({**firm(), "uscc": seller})
    rows["awards_paid"] = [paid("c5_existing", 10 * WAN, "园")]
    result = run(rows)
    assert result.lines.select("code", "amount", "netted").rows() == [(buyer, 5 * WAN, 10 * WAN)]
    assert not [finding for finding in result.findings if finding.code == "OVERPAID"]
