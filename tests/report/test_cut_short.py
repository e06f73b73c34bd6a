"""Every output says what joint caps and budgets took from a line: which, by which factor, from what, to what."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import openpyxl
import polars as pl
import pytest

import anqing_subsidy
from anqing_subsidy.report.data import csv_pieces, json_pieces, write_parquet
from anqing_subsidy.report.detail import detail_frame
from anqing_subsidy.report.workbook import write_workbook
from tests.language.town import WAN, YUAN, clause, kiln, run, town

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment

SCHEMA: Final = Path(anqing_subsidy.__file__).parent / "report" / "result.schema.json"
FUNDS: Final = """
  clay: {zh: 陶土资金, en: clay fund, budget: 5000元}
  fire: {zh: 窑火资金, en: fire fund}
  town: {zh: 镇级资金, en: town fund}
"""
CLAUSES: Final = (
    clause("{pay: sales}", "cap: 8000元", "budget: 9000元", id_="k_one")
    + clause("{pay: wages}", "fund: {shares: {clay: 60%, town: 40%}}", id_="k_two")
    + clause("{pay: rent}", "fund: town", id_="k_three")
)
GROUPS: Final = "- {id: both, members: [k_two, k_three], pays: sum, cap: 6000元, budget: 8000元}\n"


@pytest.fixture(scope="module")
def cut() -> Assessment:
    policy = town(CLAUSES, groups=GROUPS, funds=FUNDS)
    return run(
        policy,
        kiln(1, sales=WAN, wages=4000 * YUAN, rent=3000 * YUAN),
        kiln(2, sales=4000 * YUAN, wages=1000 * YUAN, rent=2000 * YUAN),
    )


def record(cut: Assessment, lang: Any = "zh") -> dict[str, Any]:  # noqa: ANN401  # a language
    found: dict[str, Any] = json.loads("".join(json_pieces(cut, lang)))
    return found


def line(result: dict[str, Any], kiln_no: str, name: str) -> dict[str, Any]:
    mine = next(person for person in result["applicants"] if person["uscc"] == kiln_no)
    found: dict[str, Any] = next(line for line in mine["lines"] if line["clause"] == name)
    return found


def test_the_json_names_each_cut_with_its_exact_factor_and_fits_the_schema(cut: Assessment) -> None:
    result = record(cut)
    jsonschema.validate(result, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert line(result, "K1", "k_one")["cuts"][0] == {
        "by": "clause_budget",
        "of": "k_one",
        "limit": "9000.00",
        "before": "8000.00",
        "after": "6000.00",
        "factor": {"numerator": "9000.00", "denominator": "12000.00", "percent": "75%", "part": "8000.00"},
    }
    three = line(result, "K1", "k_three")["cuts"]
    assert [(one["by"], one["of"], one["before"], one["after"]) for one in three] == [
        ("joint_cap", "both", "3000.00", "2000.00"),
        ("group_budget", "both", "2000.00", "1777.78"),
    ]
    assert [one["of"] for one in result["totals"]["cuts"]] == ["k_one", "both", "clay"]


def test_cuts_lead_from_what_was_claimed_to_what_is_paid(cut: Assessment) -> None:
    for person in record(cut)["applicants"]:
        for one in person["lines"]:
            steps = one["cuts"]
            for before, after in pairwise(steps):
                assert before["after"] == after["before"]
            if steps:
                assert steps[-1]["after"] == one["amount"]
            for step in steps:
                if step["factor"]:
                    part = Decimal(step["factor"]["part"])
                    exact = Fraction(step["factor"]["numerator"]) / Fraction(step["factor"]["denominator"])
                    off = Fraction(step["before"]) - Fraction(step["after"])
                    assert abs(Fraction(part) * (1 - exact) - off) < Fraction(1, 100)


def test_a_sentence_names_the_cap_and_each_budget_and_no_cap_that_cuts_nothing(cut: Assessment) -> None:
    said = dict(detail_frame(cut, "zh").filter(pl.col("clause") == "k_one").select("uscc", "reason_text").rows())
    assert said["K1"].startswith(
        "符合条件，按上限 8,000.00 元，按本条预算由 8,000.00 元压减至 6,000.00 元，按陶土资金预算由"
    )
    formula = detail_frame(cut, "zh").filter(pl.col("clause") == "k_one")["formula"][0]
    assert "（本条预算：9,000.00 ÷ 12,000.00，75%）" in formula
    assert "上限" not in said["K2"]
    assert "按本条预算由 4,000.00 元压减至 3,000.00 元" in said["K2"]
    three = detail_frame(cut, "en").filter(pl.col("clause") == "k_three")["reason_text"][0]
    assert "together have a cap of 6,000.00 yuan, this line is cut from 3,000.00 to 2,000.00 yuan" in three


def test_a_fund_says_which_part_of_a_shared_line_it_cuts_and_each_form_what_each_fund_pays(
    cut: Assessment, tmp_path: Path
) -> None:
    two = line(record(cut), "K1", "k_two")
    by_fund = {fund: amount for fund, amount in two["by_fund"].items() if amount != "0.00"}
    assert set(by_fund) == {"clay", "town"}
    assert "元受此预算压减）" in two["formula"]
    assert "只有其中" not in two["reason_text"]
    english = line(record(cut, "en"), "K1", "k_two")["formula"]
    assert re.search(r", of it only [\d,.]+ yuan are cut by this budget\)", english)
    rows = list(csv.DictReader(io.StringIO("".join(csv_pieces(cut, "zh")))))
    row = next(row for row in rows if (row["uscc"], row["clause"]) == ("K1", "k_two"))
    assert (row["by_fund.clay"], row["by_fund.town"]) == (by_fund["clay"], by_fund["town"])
    assert row["formula"] == two["formula"]
    write_parquet(cut, tmp_path / "r.parquet", "zh")
    frame = pl.read_parquet(tmp_path / "r.parquet")
    assert frame["by_fund.clay"].sum() == Decimal("5000.00")


def test_the_sheets_say_what_budgets_took_from_each_applicant_each_payment_and_in_all(
    cut: Assessment, tmp_path: Path
) -> None:
    write_workbook(cut, detail_frame(cut, "zh"), tmp_path / "r.xlsx", "zh", version="0")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    head, *people = book["汇总"].iter_rows(values_only=True)
    taken = {row[0]: Decimal(str(row[head.index("预算压减(元)")])) for row in people if row[0]}
    budgets = record(cut)["applicants"]
    for person in budgets:
        before = sum(
            Decimal(one["cuts"][0]["before"]) if one["cuts"] else Decimal(one["amount"]) for one in person["lines"]
        )
        joint = sum(
            Decimal(step["before"]) - Decimal(step["after"])
            for one in person["lines"]
            for step in one["cuts"]
            if step["by"] == "joint_cap"
        )
        assert taken[person["uscc"]] == before - joint - Decimal(person["total"])
    head, *rows = book["拨付清单"].iter_rows(values_only=True)
    assert any("预算压减" in str(row[head.index("备注")]) for row in rows)
    head, *rows = book["统计"].iter_rows(values_only=True)
    assert [row[head.index("预算")] for row in rows if row[head.index("预算")]] == [
        "一 奖励k_one",
        "一预算",
        "陶土资金预算",
    ]
    basis = [row for row in book["口径与来源"].iter_rows(values_only=True) if row[0] == "预算"]
    assert basis[0][2] == "9,000.00 元"
    assert "75%" in str(basis[0][3])


def test_the_finding_names_the_factor(cut: Assessment) -> None:
    said = [found.message.zh for found in cut.findings if found.code == "OVER_BUDGET"]
    assert said[0] == "一 奖励k_one：应付 12,000.00 元，预算 9,000.00 元，按比例压减（9,000.00 ÷ 12,000.00，75%）"


def test_a_line_of_which_a_part_is_held_keeps_that_reason_when_a_budget_cuts_the_rest() -> None:
    policy = town(clause("{pay: cost}", "one_line_per: applicant", "rows: add_up", "budget: 50元", table="works"))
    works = [
        {"kiln_no": "K1", "work_no": "W1", "cost": 100 * YUAN},
        {"kiln_no": "K1", "work_no": "W2", "cost": 30 * YUAN},
        {"kiln_no": "K2", "work_no": "W2", "cost": 30 * YUAN},
    ]
    told = detail_frame(run(policy, kiln(1), kiln(2), works=works), "zh").filter(pl.col("uscc") == "K1")
    assert (told["status"][0], told["reason"][0], told["amount"][0]) == (
        "eligible_with_held",
        "DUPLICATE_CLAIM",
        50 * YUAN,
    )
    assert "按本条预算由 100.00 元压减至 50.00 元" in told["reason_text"][0]


def test_an_instalment_says_which_year_it_is_due_in() -> None:
    policy = town(clause("{pay: 1000元}", "instalments: {year: support_year, shares: [50%, 30%, 20%]}"))
    found = run(policy, kiln(1, first_fired=date(2021, 5, 1)))
    one = line(record(found), "K1", "k_one")
    assert one["instalment"] == {"number": 2, "of": 3, "share": "30%"}
    assert one["formula"] == "1,000.00 → 第 2 期（2022 年，共 3 期，全额的 30%，前期已计）300.00"


def test_a_line_without_a_formula_has_the_factor_in_its_reason() -> None:
    policy = town(clause("{pay: cost}", "one_line_per: applicant", "rows: add_up", "budget: 50元", table="works"))
    works = [{"kiln_no": "K1", "work_no": f"W{at}", "cost": 50 * YUAN} for at in (1, 2)]
    (told,) = detail_frame(run(policy, kiln(1), works=works), "zh").iter_rows(named=True)
    factor = "50.00 ÷ 100.00，50%"
    assert (factor in told["formula"]) != (factor in told["reason_text"])
