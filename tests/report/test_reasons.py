"""Reasons as the applicant reads them: the other claimant by name, the year of a figure, what is missing to a level."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from anqing_subsidy.engine import assess
from anqing_subsidy.policy import load_policy
from anqing_subsidy.report.detail import Describer
from tests.oracle.common import BAD
from tests.oracle.generate import good_code
from tests.support import frames

Row = dict[str, Any]
WAN: Final = 1_000_000
CODE, OTHER = good_code(1), good_code(2)
FIRM: Final = {"uscc": CODE, "name": "甲", "entity_form": "company", "established_on": date(2016, 3, 1)}
STATION: Final = {**FIRM, "is_village_station": True, "full_coverage": True, "online_sales_yuan": 80 * WAN}


def reasons(tables: dict[str, list[Row]]) -> dict[tuple[str, str], str]:
    """The reason of each line by code and clause."""
    policy = load_policy()
    result = assess(policy, frames(policy, tables))
    told = Describer(result, "zh").describe(result.lines).reason_text.to_list()
    return {
        (code, clause): text
        for (code, clause), text in zip(result.lines.select("code", "clause").rows(), told, strict=True)
    }


def test_a_held_line_names_the_other_claimant_and_who_that_is() -> None:
    founder = {
        "person_key": "G1", "education": "bachelor", "graduated_on": date(2015, 6, 30), "returned_home": True,
    }  # fmt: skip
    firms = [{**FIRM, "year_parcels": 40_000}, {**FIRM, "uscc": OTHER, "name": "乙", "year_parcels": 40_000}]
    founders = [{**founder, "uscc": CODE}, {**founder, "uscc": OTHER}]
    text = reasons({"applicants": firms, "founders": founders})[CODE, "c10"]
    assert text == f"另有主体同时申报：G1 → {OTHER}（乙）；解除后最多 20,000.00 元"


def test_a_line_that_hangs_on_a_claim_says_which_figure_hangs_on_it() -> None:
    firms = [{**FIRM, "uscc": code} for code in (CODE, OTHER)]
    park = {"opened_on": date(2018, 2, 1), "operator_ownership": "private", "building_area_m2": 200_000_000}
    parks = [{**park, "uscc": code, "park_id": name} for code, name in ((CODE, "Y1"), (OTHER, "Y2"))]
    tenant = {"is_ecommerce": True, "entity_form": "company", "area_m2": 5_000_000, "move_in": date(2018, 3, 1)}
    tenant |= {"ecom_sales_months": 6, "rent_concession": True}
    lets = [{**tenant, "park_id": "Y1", "tenant_uscc": good_code(number)} for number in range(10, 40)]
    lets.append({**tenant, "park_id": "Y2", "tenant_uscc": good_code(10)})
    text = reasons({"applicants": firms, "parks": parks, "park_tenants": lets})[CODE, "c5_new"]
    claim = f"另有主体同时申报：{good_code(10)} → Y2（甲）"
    assert text == f"{claim}；因此未定：合格入驻电商企业数 29–30，须 ≥ 30；解除后最多 500,000.00 元"


def test_the_highest_of_earlier_years_is_given_with_its_year() -> None:
    years = [(2016, 90), (2017, 150)]
    history = [{"uscc": CODE, "year": year, "ecom_invoiced_sales_yuan": sales * WAN} for year, sales in years]
    firm = {**FIRM, "ecom_invoiced_sales_yuan": 300 * WAN, "is_cross_border": False}
    text = reasons({"applicants": [firm], "history": history})[CODE, "c2_invoiced"]
    assert text.endswith("以前年度最高 1,500,000.00 元（2017 年），首次突破")


def test_a_share_that_is_short_by_less_than_can_be_shown_is_not_short_by_nothing() -> None:
    park = {
        "park_id": "Y1", "uscc": CODE, "opened_on": date(2018, 2, 1), "operator_ownership": "private",
        "building_area_m2": 100_000_000_000, "ecommerce_area_m2": 59_999_999_999, "ecommerce_tenants": 30,
    }  # fmt: skip
    text = reasons({"applicants": [FIRM], "parks": [park]})[CODE, "c5_new"]
    assert text == "电商企业入驻面积率 59.9999%，未达 60%，差 0.0001 个百分点以内"


def test_nothing_where_something_must_be_is_said_plainly() -> None:
    firm = {**FIRM, "is_cross_border": True, "cross_border_parcels": 10, "trade_value_yuan": 0}
    assert reasons({"applicants": [firm]})[CODE, "c4"] == "进出口实绩为 0，须大于 0"


def test_rows_that_contradict_each_other_leave_a_sum_open() -> None:
    firms = [{**FIRM, "is_village_station": True, "full_coverage": True, "online_sales_yuan": 80 * WAN}]
    firms.append({**firms[0], "online_sales_yuan": 90 * WAN})
    text = reasons({"applicants": firms})[CODE, "c3"]
    rows = f"申报主体 {CODE} 重复而内容不同 (年网络销售额): rows.xlsx 申报主体 2; rows.xlsx 申报主体 3"
    assert text == f"资料相互矛盾，核实前暂扣：{rows}；核实后最多 18,000.00 元"


PLATFORM: Final = {
    "platform_id": "P1", "uscc": CODE, "internet_plus": True, "equipment_yuan": 40 * WAN, "software_yuan": 40 * WAN,
    "accepted_on": date(2018, 5, 1),
}  # fmt: skip


def test_a_platform_of_two_operators_names_the_other_one_and_the_rows() -> None:
    firms, platforms = [FIRM, {**FIRM, "uscc": OTHER, "name": "乙"}], [PLATFORM, {**PLATFORM, "uscc": OTHER}]
    text = reasons({"applicants": firms, "platforms": platforms})[CODE, "c8"]
    rows = "应用平台 P1 由不同主体申报: rows.xlsx 应用平台 2; rows.xlsx 应用平台 3"
    assert text == f"资料相互矛盾，核实前暂扣：{rows}，另一方 乙（{OTHER}）；核实后最多 80,000.00 元"


def test_child_rows_that_contradict_each_other_are_named_in_the_line_that_counts_them() -> None:
    member: Row = {"uscc": CODE, "entity_form": "company", "active": True}
    members = [{**member, "member_uscc": good_code(number)} for number in range(10, 70)]
    members.append({**members[0], "active": False})
    firm = {**FIRM, "is_city_association": True}
    text = reasons({"applicants": [firm], "association_members": members})[CODE, "c6"]
    rows = "重复而内容不同 (是否存续): rows.xlsx 协会会员 2; rows.xlsx 协会会员 62"
    assert text.startswith(f"资料相互矛盾，核实前暂扣：协会会员 {CODE}, {good_code(10)} {rows}")


def test_awards_of_another_clause_that_contradict_each_other_are_not_named() -> None:
    entry = {"uscc": CODE, "year": 2017, "clause": "c8", "object_id": "P0", "amount_yuan": WAN}
    entries = [entry, {**entry, "amount_yuan": 2 * WAN}]
    firms = [STATION, {**STATION, "online_sales_yuan": 90 * WAN}]
    text = reasons({"applicants": firms, "awards_paid": entries})[CODE, "c3"]
    assert "历年已兑现" not in text


def test_who_was_paid_more_than_is_due_reads_both_sums() -> None:
    entry = {"uscc": CODE, "year": 2018, "clause": "c3", "amount_yuan": 3 * WAN}
    text = reasons({"applicants": [STATION], "awards_paid": [entry]})[CODE, "c3"]
    assert text.startswith("应兑现 16,000.00 元，本年度已兑现 30,000.00 元，多付 14,000.00 元：2018 年按（一）3")


PARCELS: Final = {**FIRM, "is_cross_border": True, "cross_border_parcels": 12_345, "trade_value_yuan": WAN}
SUPPORT: Final = {
    "uscc": CODE, "clause": "c4", "source_level": "provincial", "same_matter": True, "amount_yuan": 469_000, "units": 2_345,
}  # fmt: skip


def test_units_for_which_other_support_is_only_applied_for_are_not_called_received() -> None:
    text = reasons({"applicants": [PARCELS], "other_support": [{**SUPPORT, "state": "applied"}]})[CODE, "c4"]
    assert text == (
        "部分已申报其他财政支持，尚未批复，批复前不付该部分：省 4,690.00 元（rows.xlsx 其他财政支持 第 2 行）；"
        "未获批复的，最多 24,690.00 元"
    )


def test_who_waits_for_other_support_is_told_to_write_down_what_was_decided() -> None:
    policy = load_policy()
    tables = {"applicants": [PARCELS], "other_support": [{**SUPPORT, "state": "applied"}]}
    result = assess(policy, frames(policy, tables))
    assert Describer(result, "zh").describe(result.lines).todo.to_list() == [
        "其他财政支持批复后在该行写明状态，或人工核定"
    ]


def test_units_for_which_other_support_is_only_applied_for_are_not_flagged_as_taken_off() -> None:
    policy = load_policy()
    tables = {"applicants": [PARCELS], "other_support": [{**SUPPORT, "state": "applied"}]}
    result = assess(policy, frames(policy, tables))
    assert Describer(result, "zh").describe(result.lines).flags.to_list() == [""]


TRAINEE: Final = {
    "uscc": CODE, "training_end_on": date(2018, 3, 31), "shop_open_on": date(2018, 4, 10), "consecutive_months": 3,
    "window_parcels": 500, "window_gmv_yuan": 0, "in_park": True, "shop_year_gmv_yuan": 0, "shop_year_parcels": 30_000,
    "shop_insured_staff": 0, "employer_local_ecom": False, "insurance_months": 0, "hrss_paid": False,
}  # fmt: skip


def test_a_row_whose_other_support_is_undecided_is_not_counted_as_supported() -> None:
    trainees = [{**TRAINEE, "trainee_key": f"T{number}"} for number in range(10)]
    support = {"uscc": CODE, "clause": "c7", "source_level": "provincial", "same_matter": True, "amount_yuan": 50_000}
    rows = [
        {**support, "object_id": "T1", "state": "paid"},
        {**support, "object_id": "T2", "state": "applied"},
        {**support, "object_id": "T3", "state": "applied"},
    ]
    policy = load_policy()
    result = assess(policy, frames(policy, {"applicants": [FIRM], "trainees": trainees, "other_support": rows}))
    describer = Describer(result, "zh")
    (view,) = describer.views(result.lines)
    assert [counts.to_list() for counts in describer.sentences.carried.qualifying(view)] == [[10], [7], [1], [2], [0]]


def test_of_a_choice_of_awards_only_the_conditions_of_the_one_that_pays_are_given() -> None:
    text = reasons({"applicants": [FIRM], "trainees": [{**TRAINEE, "trainee_key": "T1"}]})[CODE, "c7"]
    assert text == "符合条件：取 1,600.00 元的一项；网店年发件量 30,000 件 ≥ 30,000 件"


def test_a_firm_founded_in_the_policy_year_has_no_earlier_years() -> None:
    firm = {**FIRM, "established_on": date(2018, 2, 1), "ecom_invoiced_sales_yuan": 300 * WAN, "is_cross_border": False}
    text = reasons({"applicants": [firm]})[CODE, "c2_invoiced"]
    assert text.endswith("2018-02-01 成立，无以前年度，首次突破")


def test_only_the_cell_that_is_bad_is_named_not_the_good_one_beside_it() -> None:
    rows = [{**TRAINEE, "trainee_key": "T1"}, {**TRAINEE, "trainee_key": "T2", "shop_year_parcels": BAD}]
    text = reasons({"applicants": [FIRM], "trainees": rows})[CODE, "c7"]
    assert text == "数据无法识别：网店年发件量（rows.xlsx 培训学员 M3）"


def test_a_bad_cell_behind_a_derived_fact_is_named_itself() -> None:
    firm = {**STATION, "entity_form": BAD, "is_introduced": True, "invoiced_sales_yuan": 900 * WAN}
    text = reasons({"applicants": [firm]})[CODE, "c1"]
    assert text == "数据无法识别：主体类型（rows.xlsx 申报主体 D2）"


def test_a_bad_cell_in_a_row_that_is_counted_is_named_with_its_row() -> None:
    firm = {**FIRM, "is_city_association": True}
    members = [
        {"uscc": CODE, "member_uscc": good_code(number), "entity_form": "company", "active": True}
        for number in range(10, 69)
    ]
    members.append({**members[0], "member_uscc": good_code(80), "active": BAD})
    text = reasons({"applicants": [firm], "association_members": members})[CODE, "c6"]
    assert text == "数据无法识别：是否存续（rows.xlsx 协会会员 E61）"


PARK: Final = {
    "park_id": "Y1", "uscc": CODE, "opened_on": date(2018, 2, 1), "operator_ownership": "private", "building_area_m2": 200_000_000,
}  # fmt: skip
TENANT: Final = {
    "park_id": "Y1", "is_ecommerce": True, "entity_form": "company", "area_m2": 5_000_000, "move_in": date(2018, 3, 1),
    "ecom_sales_months": 6, "rent_concession": True,
}  # fmt: skip


def test_a_blank_behind_a_share_is_named_with_its_row() -> None:
    lets = [{**TENANT, "tenant_uscc": good_code(number)} for number in range(10, 42)]
    lets[3]["area_m2"] = None
    park = {**PARK, "building_area_m2": 260_000_000}
    text = reasons({"applicants": [FIRM], "parks": [park], "park_tenants": lets})
    assert text[CODE, "c5_new"] == "缺少：入驻面积（入驻企业第 5 行）；补齐后最多 500,000.00 元"


def test_many_blanks_behind_a_share_are_counted() -> None:
    lets = [{**TENANT, "tenant_uscc": good_code(number)} for number in range(10, 42)]
    for row in lets[3:15]:
        row["area_m2"] = None
    text = reasons({"applicants": [FIRM], "parks": [PARK], "park_tenants": lets})
    assert text[CODE, "c5_new"] == "缺少：入驻面积（入驻企业 12 行）；补齐后最多 500,000.00 元"


def test_a_blank_in_a_row_of_other_support_is_named_with_its_row() -> None:
    support = {"uscc": CODE, "clause": "c3", "source_level": "provincial", "amount_yuan": WAN}
    text = reasons({"applicants": [STATION], "other_support": [support]})[CODE, "c3"]
    assert text == "缺少：是否同一事项（其他财政支持第 2 行）；补齐后最多 16,000.00 元"


def test_a_blank_level_and_an_unknown_clause_of_other_support_are_named() -> None:
    rows = [
        {"uscc": CODE, "clause": "c3", "same_matter": True, "amount_yuan": WAN},
        {"uscc": CODE, "clause": "第九十条", "source_level": "central", "same_matter": True, "amount_yuan": WAN},
        {"uscc": CODE, "clause": "c6", "source_level": "central", "amount_yuan": WAN},
    ]
    text = reasons({"applicants": [STATION], "other_support": rows})[CODE, "c3"]
    assert text == "缺少：资金级次（其他财政支持第 2 行）、条款（其他财政支持第 3 行）；补齐后最多 16,000.00 元"


def test_a_row_of_other_support_that_is_not_settled_is_not_listed_as_received() -> None:
    row = {"uscc": CODE, "clause": "c3", "source_level": "central", "same_matter": True, "amount_yuan": WAN}
    rows = [row, {**row, "source_level": "municipal", "same_matter": None}]
    text = reasons({"applicants": [STATION], "other_support": rows})[CODE, "c3"]
    assert text == "同一事项已获其他财政支持，不重复享受：中央 10,000.00 元（rows.xlsx 其他财政支持 第 2 行）"


def test_a_blank_step_of_an_award_paid_before_is_named_with_its_row() -> None:
    firm = {**FIRM, "established_on": date(2018, 2, 1), "ecom_invoiced_sales_yuan": 300 * WAN, "is_cross_border": False}
    entry = {"uscc": CODE, "year": 2017, "clause": "c2_invoiced", "amount_yuan": 2 * WAN}
    text = reasons({"applicants": [firm], "awards_paid": [entry]})[CODE, "c2_invoiced"]
    assert text == "缺少：档次（历年已兑现第 2 行）；补齐后最多 20,000.00 元"


def test_a_blank_sum_of_this_year_is_named_and_one_of_another_clause_is_not() -> None:
    entries = [{"uscc": CODE, "year": 2018, "clause": clause} for clause in ("c6", "c3")]
    text = reasons({"applicants": [STATION], "awards_paid": entries})[CODE, "c3"]
    assert text == "缺少：已兑现金额（历年已兑现第 3 行）；补齐后最多 16,000.00 元"


def test_a_blank_year_of_an_award_paid_is_named() -> None:
    entry = {"uscc": CODE, "clause": "c3", "amount_yuan": WAN}
    text = reasons({"applicants": [STATION], "awards_paid": [entry]})[CODE, "c3"]
    assert text == "缺少：年度（历年已兑现第 2 行）；补齐后最多 16,000.00 元"
