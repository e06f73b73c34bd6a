"""What a check compares: columns of a row, years of an applicant, applicants with each other."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.engine.related import _one_apart
from anqing_subsidy.engine.suspicions import suspicions
from anqing_subsidy.policy import load_policy
from tests.oracle.generate import good_code
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.finding import Finding

A, B, C, D, E = (good_code(number) for number in range(5))
Rows = dict[str, list[dict[str, Any]]]


def found(rows: Rows, code: str) -> list[Finding]:
    policy = load_policy()
    assessment = assess(policy, frames(policy, rows))
    return [finding for finding in suspicions(assessment) if finding.code == code]


def person(code: str = A, **columns: object) -> dict[str, Any]:
    return {"uscc": code, "name": f"主体{code[-9:]}", **columns}


def cells(finding: Finding) -> set[str]:
    return {f"{place.column}{place.row}" for place in (finding.place, *finding.others) if place}


# ---- within a row ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("insured", "expected"), [(19, 0), (20, 0), (21, 1), (None, 0)])
def test_more_insured_than_staff_is_found_above_the_staff_only(insured: int | None, expected: int) -> None:
    assert len(found({"applicants": [person(insured_staff=insured, staff=20)]}, "INSURED_ABOVE_STAFF")) == expected


def test_a_comparison_names_both_values_and_both_cells() -> None:
    rows = {"applicants": [person(introduced_on=date(2014, 1, 2), established_on=date(2014, 1, 3))]}
    (finding,) = found(rows, "SETTLED_BEFORE_FOUNDING")
    assert "2014-01-02" in finding.message.zh
    assert "2014-01-03" in finding.message.en
    assert cells(finding) == {"G2", "E2"}
    assert finding.severity == "warning"


def test_the_area_of_all_tenants_is_compared_with_the_park() -> None:
    park = {"park_id": "P", "uscc": A, "building_area_m2": 100_0000}
    tenant = {"park_id": "P", "area_m2": 50_0000}
    rows: Rows = {
        "applicants": [person()],
        "parks": [park],
        "park_tenants": [{**tenant, "tenant_uscc": B}, {**tenant, "tenant_uscc": C}],
    }
    assert found(rows, "LET_ABOVE_BUILDING") == []
    rows["park_tenants"][0]["area_m2"] = 50_0001
    (finding,) = found(rows, "LET_ABOVE_BUILDING")
    assert cells(finding) == {"F2"}


def test_a_row_that_stands_in_for_details_is_found_at_the_applicants_cell() -> None:
    rows = {"applicants": [person(founder_education="master", founder_graduated_on=date(2019, 1, 1))]}
    (finding,) = found(rows, "GRADUATED_AFTER_YEAR")
    assert finding.place is not None
    assert finding.place.sheet == "申报主体"
    assert finding.place.column == "AN"


# ---- beside other years and columns ---------------------------------------------------------------------------------
def years(now: int | None, *before: int) -> Rows:
    history = [{"uscc": A, "year": 2017 - at, "online_gmv_yuan": value} for at, value in enumerate(before)]
    return {"applicants": [person(online_gmv_yuan=now, established_on=date(2010, 1, 1))], "history": history}


@pytest.mark.parametrize(("times", "expected"), [(4_999, 0), (5_000, 1), (10_000, 1), (20_000, 1), (20_001, 0)])
def test_ten_thousand_times_the_earlier_years_is_a_unit_in_doubt(times: int, expected: int) -> None:
    few, many = 3_000_00, 3_000_00 * times
    assert len(found(years(many, few, few), "UNIT_SUSPECT")) == expected
    assert len(found(years(few, many, many), "UNIT_SUSPECT")) == expected


def test_the_figure_that_stands_alone_is_pointed_to() -> None:
    (finding,) = found(years(30_000_000_00, 29_000_000_00, 2_800_00), "UNIT_SUSPECT")
    assert finding.place is not None
    assert (finding.place.sheet, finding.place.row) == ("历年数据", 3)
    assert len(finding.others) == 1


def test_zero_and_blank_years_are_no_measure() -> None:
    assert found(years(30_000_000_00, 0, 0), "UNIT_SUSPECT") == []
    assert found(years(None, 30_000_000_00), "UNIT_SUSPECT") == []


def test_one_figure_of_three_in_a_row_may_have_the_wrong_unit() -> None:
    figures: dict[str, Any] = {"online_gmv_yuan": 30_000_000_00, "invoiced_sales_yuan": 25_000_000_00}
    (finding,) = found({"applicants": [person(**figures, online_sales_yuan=2_500_00)]}, "UNIT_SUSPECT")
    assert cells(finding) == {"Q2", "O2"}
    assert (
        found({"applicants": [person(online_gmv_yuan=30_000_000_00, online_sales_yuan=3_000_00)]}, "UNIT_SUSPECT") == []
    )


# ---- applicants with each other -------------------------------------------------------------------------------------
def test_a_telephone_is_shared_whatever_its_marks_and_the_group_is_said_once() -> None:
    numbers = ("0556-1234567", "（0556）１２３４５６７", "0556 1234567")
    rows = {
        "applicants": [
            person(code, phone=phone, legal_rep="张三") for code, phone in zip((A, B, C), numbers, strict=True)
        ]
    }
    (finding,) = found(rows, "RELATED_APPLICANTS")
    assert "法定代表人、联系电话" in finding.message.zh
    assert all(code in finding.message.zh for code in (A, B, C))
    assert cells(finding) == {"X2", "X3", "X4", "Z2", "Z3", "Z4"}


def test_blanks_noughts_and_rows_of_one_code_relate_nobody() -> None:
    rows = {
        "applicants": [person(A, phone=None), person(B, phone=None), person(C, phone="000"), person(D, phone="000")]
    }
    assert found(rows, "RELATED_APPLICANTS") == []
    twice = {"applicants": [person(A, phone="12345", staff=1), person(A, phone="12345", staff=2)]}
    assert found(twice, "RELATED_APPLICANTS") == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("岳西茶乡有限公司", "岳西茶乡 (有限责任公司)", True),
        ("岳西茶乡有限公司", "岳西茶乡有限公司", True),
        ("岳西县高山茶叶电子商务有限公司", "岳西县高山茶业电子商务有限公司", True),
        ("岳西县高山茶叶电子商务有限公司", "岳西县高山茶电子商务有限公司", True),
        ("岳西县高山茶叶电子商务有限公司", "岳西县高岭茶业电子商务有限公司", False),
        ("岳西县第一茶叶电子商务有限公司", "岳西县第二茶叶电子商务有限公司", False),
        ("岳西茶叶有限公司", "岳西茶业有限公司", False),
    ],
)
def test_names_alike_under_two_codes(one: str, other: str, alike: bool) -> None:
    rows = {"applicants": [person(A) | {"name": one}, person(B) | {"name": other}]}
    assert bool(found(rows, "SIMILAR_NAME")) is alike


def test_one_code_under_two_names_is_found_across_sheets() -> None:
    tenant = {"park_id": "P", "tenant_uscc": B, "name": "望江布业有限公司"}
    rows: Rows = {
        "applicants": [person(A), {"uscc": B, "name": "怀宁茶业"}],
        "parks": [{"park_id": "P", "uscc": A}],
        "park_tenants": [tenant],
    }
    (finding,) = found(rows, "CODE_TWO_NAMES")
    assert "望江布业" in finding.message.zh
    assert {place.sheet for place in (finding.place, *finding.others) if place} == {"申报主体", "入驻企业"}
    rows["park_tenants"][0]["name"] = "怀宁茶业有限公司"
    assert found(rows, "CODE_TWO_NAMES") == []


def test_an_id_number_under_two_names_is_found() -> None:
    rows: Rows = {
        "applicants": [person(A), person(B)],
        "trainees": [
            {"uscc": A, "trainee_key": "X1", "name": "张三丰"},
            {"uscc": B, "trainee_key": "x1", "name": "李四光"},
        ],
    }
    assert len(found(rows, "CODE_TWO_NAMES")) == 1


def test_a_hundred_thousand_names_are_compared_in_seconds() -> None:
    marks = [chr(0x4E00 + at) for at in range(400)]
    names = [
        "".join(marks[(number * step) % 397] for step in (1, 3, 7, 11, 13, 17, 19, 23, 29, 31))
        for number in range(100_000)
    ]
    frame = pl.DataFrame(
        {"at": range(100_000), "core": [f"{name}{marks[number // 397]}" for number, name in enumerate(names)]}
    )
    began = time.perf_counter()
    _one_apart(frame)
    assert time.perf_counter() - began < 20
