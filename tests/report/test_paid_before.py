"""A line that is not paid again names what was paid: year, clause, object, sum, under which code, in which row."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.policy import load_policy
from anqing_subsidy.report.detail import detail_frame
from tests.oracle.generate import good_code, random_readings, random_tables
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.finding import Lang

Row = dict[str, Any]
WAN: Final = 1_000_000
CODE, OTHER = good_code(1), good_code(2)
FIRM: Final = {"uscc": CODE, "name": "甲", "entity_form": "company", "established_on": date(2018, 3, 1)}
BODY: Final = {"uscc": CODE, "name": "甲", "entity_form": "private_nonenterprise", "established_on": date(2012, 3, 1)}


def reasons(tables: dict[str, list[Row]], lang: Lang = "zh", **readings: str) -> dict[str, str]:
    """The reason of each line by clause and object."""
    policy = load_policy(settings=readings)
    lines = detail_frame(assess(policy, frames(policy, tables)), lang)
    return dict(lines.select("clause", "reason_text").rows())


def paid(clause: str, year: int, amount: int, **more: object) -> Row:
    return {"uscc": CODE, "year": year, "clause": clause, "amount_yuan": amount, **more}


def trainee(key: str) -> Row:
    return {
        "uscc": CODE, "trainee_key": key, "training_end_on": date(2018, 1, 31), "hired_on": date(2018, 2, 1),
        "employer_local_ecom": True, "insurance_months": 6, "hrss_paid": False,
    }  # fmt: skip


def test_a_tier_paid_earlier_is_named_with_its_year_sum_and_row() -> None:
    awards = [paid("c2_gmv", 2016, 2 * WAN, tier=1), paid("c2_invoiced", 2017, 5 * WAN, tier=2)]
    tables = {"applicants": [{**FIRM, "ecom_invoiced_sales_yuan": 600 * WAN}], "awards_paid": awards}
    award = "2017 年按（一）2 第2款“电子商务开票销售首次突破”第 2 档已兑现 50,000.00 元（rows.xlsx 历年已兑现 第 3 行）"
    assert reasons(tables)["c2_invoiced"] == f"以前已兑现，不再兑现：{award}"
    english = "50,000.00 paid in 2017 for （一）2 第2款 First past a level of invoiced e-commerce sales, tier 2"
    assert reasons(tables, "en")["c2_invoiced"] == (
        f"paid before; not paid again: {english} (rows.xlsx 历年已兑现 row 3)"
    )


def test_a_trainee_paid_under_another_code_names_that_code() -> None:
    awards = [{**paid("c7", 2017, 50_000, object_id="T1"), "uscc": OTHER}]
    tables = {"applicants": [BODY, {**BODY, "uscc": OTHER}], "trainees": [trainee("T1")], "awards_paid": awards}
    assert f"2017 年由 {OTHER} 按（三）7“电子商务人才培养”（T1）已兑现 500.00 元" in reasons(tables)["c7"]


def test_awards_of_this_year_that_leave_nothing_are_named() -> None:
    awards = [paid("c6", 2018, 6 * WAN), paid("c6", 2018, 4 * WAN, object_id="二次")]
    body = {**BODY, "is_city_association": True, "member_enterprises": 60}
    reason = reasons({"applicants": [body], "awards_paid": awards})["c6"]
    assert reason.startswith("应兑现 100,000.00 元，本年度已兑现 100,000.00 元，无余额：2018 年按（二）6")
    assert "60,000.00 元（rows.xlsx 历年已兑现 第 2 行）；" in reason
    assert "40,000.00 元（rows.xlsx 历年已兑现 第 3 行）" in reason


def test_a_cap_used_up_in_earlier_years_names_what_used_it_up_and_counts_what_is_not_named() -> None:
    awards = [paid("c7", year, 10 * WAN) for year in range(2013, 2018)]
    tables = {"applicants": [BODY], "trainees": [trainee("T1"), trainee("T2")], "awards_paid": awards}
    reason = reasons(tables, c7_cap_scope="lifetime")["c7"]
    assert reason.count("100,000.00 元") == 3
    assert reason.endswith("；另有 2 笔")


@pytest.mark.parametrize("seed", range(6))
def test_every_line_that_is_not_paid_again_names_a_row(seed: int) -> None:
    rng = random.Random(seed)
    policy = load_policy(settings=random_readings(rng))
    for lang, row in (("zh", "历年已兑现 第 "), ("en", "历年已兑现 row ")):
        lines = detail_frame(assess(policy, frames(policy, random_tables(rng, 150))), lang)  # type: ignore[arg-type]  # one of two
        texts = lines.filter(lines["reason"] == "ALREADY_PAID")["reason_text"].to_list()
        assert texts
        assert not [text for text in texts if row not in text]


def test_an_exclusion_names_the_other_support_and_one_only_applied_for_too() -> None:
    support = {"uscc": CODE, "clause": "c6", "source_level": "provincial", "same_matter": True, "amount_yuan": 3 * WAN}
    body = {**BODY, "is_city_association": True, "member_enterprises": 60}
    given = reasons({"applicants": [body], "other_support": [{**support, "state": "paid"}]})["c6"]
    assert given == "同一事项已获其他财政支持，不重复享受：省 30,000.00 元（rows.xlsx 其他财政支持 第 2 行）"
    asked = reasons({"applicants": [body], "other_support": [{**support, "state": "applied"}]}, "en")["c6"]
    applied = "other support for the same matter is applied for and undecided: provincial 30,000.00"
    assert asked == f"{applied} (rows.xlsx 其他财政支持 row 2); up to 100,000.00 if it is refused"
