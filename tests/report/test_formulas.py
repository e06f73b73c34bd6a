"""The arithmetic of every formula is true, and comes out at what the line is paid, or could still become."""

from __future__ import annotations

import random
import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.policy import load_policy
from anqing_subsidy.report.detail import Describer
from tests.oracle.generate import good_code, random_readings, random_tables
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment

APPLICANTS = 150
DRAWS = 24
PAID = ("eligible", "eligible_with_held", "ineligible")
WAN: Final = 1_000_000
CODE: Final = good_code(1)
BODY: Final = {"uscc": CODE, "name": "甲", "entity_form": "private_nonenterprise", "established_on": date(2012, 3, 1)}


class Arithmetic:
    """Works out a formula as a reader with pencil and paper would; amounts in yuan."""

    def __init__(self, text: str, *, half_up: bool) -> None:
        plain = re.sub(r"（[^）]*）", "", text)
        plain = re.sub(r"第 \d+ 档 ", "", plain)
        self.tokens: list[str] = re.findall(r"\d[\d,]*(?:\.\d+)?%?|[×+−=→()]|取高|上限余额|上限|人工核定", plain)
        self.half_up = half_up
        self.at = 0

    def _next(self, *wanted: str) -> str:
        if self.at < len(self.tokens) and (not wanted or self.tokens[self.at] in wanted):
            self.at += 1
            return self.tokens[self.at - 1]
        return ""

    def _factor(self) -> Fraction:
        if self._next("取高"):
            # highest of (a, b): the numbers stand between the brackets
            self._next("(")
            found = []
            while not self._next(")"):
                found.append(Fraction(self._next().replace(",", "")))
            return max(found)
        if self._next("("):
            inner = self._sum()
            assert self._next(")")
            return inner
        text = self._next().replace(",", "")
        return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)

    def _product(self) -> Fraction:
        value = self._factor()
        while self._next("×"):
            value *= self._factor()
        return value

    def _sum(self) -> Fraction:
        value = self._product()
        while sign := self._next("+", "−"):
            value += self._product() if sign == "+" else -self._product()
        return value

    def result(self) -> int:
        """What it comes to, in fen; every = and → on the way holds."""
        decided = self._next("人工核定")
        value = self._fen(self._factor() if decided else self._sum())
        while decided and self._next("−"):
            value -= self._fen(self._factor())
        while sign := self._next("=", "→"):
            if self._next("上限", "上限余额"):
                level = self._fen(self._factor())
                assert level < value, "a cap that cuts nothing is not named"
                value = level
            elif self._next("人工核定"):
                value = self._fen(self._factor())
            elif sign == "=":
                assert self._fen(self._factor()) == value
            else:
                assert value < 0, "only what would be below nothing becomes nothing"
                value = self._fen(self._factor())
                assert value == 0
            while self._next("−"):
                value -= self._fen(self._product())
        assert self.at == len(self.tokens)
        return value

    def _fen(self, yuan: Fraction) -> int:
        fen = yuan * 100
        return int((2 * fen + 1) // 2 if self.half_up else fen // 1)


def comes_to(text: str, *, half_up: bool = True) -> int:
    return Arithmetic(text, half_up=half_up).result()


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
        found = comes_to(text, half_up=policy.rounding == "half_up_fen")
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
