"""The arithmetic of every formula is true, and comes out at what the line is paid, or could still become."""

from __future__ import annotations

import random
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.policy import load_policy
from anqing_subsidy.report.detail import Describer
from tests.oracle.generate import good_code, random_readings, random_tables
from tests.report.arithmetic import comes_to
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment

APPLICANTS = 150
DRAWS = 24
PAID = ("eligible", "eligible_with_held", "ineligible")
WAN: Final = 1_000_000
CODE: Final = good_code(1)
BODY: Final = {"uscc": CODE, "name": "甲", "entity_form": "private_nonenterprise", "established_on": date(2012, 3, 1)}


def lines_of(result: Assessment) -> list[tuple[dict[str, Any], str, str]]:
    """The lines with their formulas in both languages."""
    texts = [Describer(result, lang).describe(result.lines).formula.to_list() for lang in ("zh", "en")]
    return list(zip(result.lines.iter_rows(named=True), *texts, strict=True))


@pytest.mark.parametrize("seed", range(DRAWS))
def test_every_formula_comes_out_at_what_its_line_says(seed: int) -> None:
    rng = random.Random(seed)
    policy = load_policy(settings=random_readings(rng) if seed % 4 else {})
    result = assess(policy, frames(policy, random_tables(rng, APPLICANTS)))
    tried = 0
    for line, text, english in lines_of(result):
        status, place = line["status"], (line["code"], line["clause"], line["object"], text)
        if not text:
            assert not line["amount"], place
            continue
        tried += 1
        found = comes_to(text, policy.rounding)
        if status in PAID:
            assert found == line["amount"], place
        elif status in ("pending", "held"):
            assert found == line["potential"], place
        elif status == "excluded":
            assert found in (line["amount"], line["potential"]), place
        numbers = r"[\d,]+\.\d\d"
        assert re.findall(numbers, text) == re.findall(numbers, english), place
    assert tried > APPLICANTS // 3


def trainee(key: str) -> dict[str, Any]:
    return {
        "uscc": CODE, "trainee_key": key, "training_end_on": date(2018, 1, 31), "hired_on": date(2018, 2, 1),
        "employer_local_ecom": True, "insurance_months": 6, "hrss_paid": False,
    }  # fmt: skip


def said(tables: dict[str, list[dict[str, Any]]], **readings: str) -> tuple[str, str]:
    """The formula and the reason of the only line."""
    policy = load_policy(settings=readings)
    result = assess(policy, frames(policy, tables))
    told = Describer(result, "zh").describe(result.lines)
    assert result.lines.height == 1
    return told.formula[0], told.reason_text[0]


def test_a_trainee_whom_other_support_excludes_is_not_counted() -> None:
    support = {"uscc": CODE, "clause": "c7", "object_id": "T1", "source_level": "municipal", "same_matter": True}
    tables = {"applicants": [BODY], "trainees": [trainee("T1"), trainee("T2")]}
    tables["other_support"] = [{**support, "amount_yuan": WAN, "state": "paid"}]
    formula, reason = said(tables)
    assert formula == "1 × 500.00"
    assert reason == "符合条件：培训学员 2 行中 1 行符合，1 行已获其他支持"


def test_a_cap_that_earlier_years_used_says_what_is_left_of_it_and_why() -> None:
    paid = {"uscc": CODE, "year": 2017, "clause": "c7", "amount_yuan": 2_992_000 * 10}
    tables = {"applicants": [BODY], "trainees": [trainee("T1"), trainee("T2")], "awards_paid": [paid]}
    formula, _ = said(tables, c7_cap_scope="lifetime")
    assert formula == "2 × 500.00 = 1,000.00 → 上限余额 800.00（300,000.00 − 以前已兑现 299,200.00）"


def test_tiers_that_add_up_are_named_one_by_one() -> None:
    firm = {"uscc": CODE, "name": "甲", "entity_form": "company", "established_on": date(2018, 3, 1)}
    firm |= {"ecom_invoiced_sales_yuan": 600 * WAN, "is_cross_border": True}
    formula, _ = said({"applicants": [firm]}, tier_jump="cumulative")
    assert formula == "(第 1 档 20,000.00 + 第 2 档 50,000.00) × 2（是否跨境贸易电商企业 是） = 140,000.00"
