"""`compare`, `sweep`, `missing` and `run --what-if` from outside."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from anqing_subsidy.policy import default_policy_path
from tests.cli.conftest import CAPPED, PENDING, REFUSED, VILLAGE

if TYPE_CHECKING:
    from tests.cli.conftest import Program


def result_of(program: Program, *words: str) -> Any:  # noqa: ANN401  # a result in JSON
    return json.loads(program("run", "claims.xlsx", "--format", "json", *words).out)


def charts_of(sheet: object) -> list[object]:
    return list(getattr(sheet, "_charts"))  # noqa: B009  # openpyxl shows its charts nowhere else


# ---- compare -------------------------------------------------------------------------------------------------------
def test_a_comparison_is_two_separate_runs(opened: Program) -> None:
    readings = ("--set", "c3_base=excess", "--set", "rounding=down_fen")
    said = opened("compare", "claims.xlsx", *readings, "--format", "json")
    assert said.status == 0
    record = json.loads(said.out)
    before, after = result_of(opened), result_of(opened, *readings)
    for side, run in (("before", before), ("after", after)):
        assert record["totals"][side] == run["totals"]["amount"]
        for what in ("by_clause", "by_fund", "by_county"):
            assert {key: sums[side] for key, sums in record[what].items()} == run["totals"][what]
    totals = [{one["uscc"]: one["total"] for one in run["applicants"]} for run in (before, after)]
    changed = {code: (totals[0][code], totals[1][code]) for code in totals[0] if totals[0][code] != totals[1][code]}
    assert {one["uscc"]: (one["before"], one["after"]) for one in record["applicants"]} == changed
    assert set(changed) == {VILLAGE}


def test_another_policy_is_compared_by_its_file(clean: Program) -> None:
    text = default_policy_path().read_text(encoding="utf-8")
    (clean.folder / "next.yaml").write_text(text.replace("{rate: 2%, of: online_sales_yuan", "{rate: 3%, of: online_sales_yuan"), encoding="utf-8")  # fmt: skip
    (clean.folder / "guide.yaml").write_bytes((default_policy_path().parent / "guide.yaml").read_bytes())
    record = json.loads(clean("compare", "claims.xlsx", "--against", "next.yaml", "--format", "json").out)
    assert record["by_clause"]["c3"] == {"before": "16000.01", "after": "24000.01", "change": "8000.00"}
    assert (record["totals"]["gain"], record["totals"]["lose"]) == (1, 0)


def test_a_policy_that_reads_sheets_otherwise_reads_them_again(clean: Program) -> None:
    text = default_policy_path().read_text(encoding="utf-8")
    renamed = text.replace("header: 年网络销售额,", "header: 全年网络零售额,").replace("aliases: [线上销售额, 网络销售额]", "aliases: [年网络销售额]")  # fmt: skip
    (clean.folder / "other.yaml").write_text(renamed, encoding="utf-8")
    record = json.loads(clean("compare", "claims.xlsx", "--against", "other.yaml", "--format", "json").out)
    assert record["totals"]["change"] == "0.00"
    assert record["totals"]["before"] == "216000.01"


def test_every_reading_is_turned_once(opened: Program) -> None:
    record = json.loads(opened("compare", "claims.xlsx", "--readings", "--format", "json").out)
    found = {(one["reading"], one["option"]): one for one in record["readings"]}
    for option in ("c3_base=excess", "rounding=down_fen", "c1_c2=max"):
        name, _, value = option.partition("=")
        assert found[name, value]["total"] == result_of(opened, "--set", option)["totals"]["amount"]
    changes = [abs(float(one["change"])) for one in record["readings"]]
    assert changes == sorted(changes, reverse=True)


def test_the_workbook_of_a_comparison_has_a_chart_and_the_sums(clean: Program) -> None:
    assert clean("compare", "claims.xlsx", "--set", "c3_base=excess", "-o", "c.xlsx", "-q").status == 0
    book = openpyxl.load_workbook(clean.folder / "c.xlsx")
    assert book.sheetnames == ["条款对比", "合计与分项", "增减主体", "增减明细"]
    assert len(charts_of(book["条款对比"])) == 1
    total = [cell.value for cell in book["合计与分项"][2]]
    assert total[2:] == [216000.01, 206000.01, -10000.0]
    assert clean("run", "c.xlsx").status == 3


def test_one_way_to_compare_is_asked_for(clean: Program) -> None:
    for words in ((), ("--readings", "--set", "c3_base=excess"), ("--set", "c3_base")):
        assert clean("compare", "claims.xlsx", *words).status == 2
    assert clean("compare", "claims.xlsx", "--against", "nowhere.yaml").status == 3


# ---- sweep ---------------------------------------------------------------------------------------------------------
def test_each_point_of_a_sweep_is_a_run_of_that_policy(clean: Program) -> None:
    words = ("--param", "clauses.c3.award.rate", "--from", "1%", "--to", "4%", "--step", "0.5%")
    said = clean("sweep", "claims.xlsx", *words, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [row["value"] for row in rows] == ["1%", "1.5%", "2%", "2.5%", "3%", "3.5%", "4%"]
    # 800,000.25 at each rate, rounded half up, beside 200,000 of the other applicant
    assert [row["total"] for row in rows[:3]] == ["208000.00", "212000.00", "216000.01"]
    assert rows[2]["change"] == "0.00"


def test_a_sweep_draws_bars_and_a_chart(clean: Program) -> None:
    words = ("--param", "clauses.c3.when.online_sales_yuan", "--from", "50万元", "--to", "100万元", "--step", "25万元")
    said = clean("sweep", "claims.xlsx", *words, "-o", "s.xlsx")
    assert "* 50万元" in said.out
    assert "█" in said.out
    sheet = openpyxl.load_workbook(clean.folder / "s.xlsx").active
    assert sheet is not None
    assert [row[1].value for row in sheet.iter_rows(min_row=2, max_row=4)] == [216000.01, 216000.01, 200000.0]
    assert len(charts_of(sheet)) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("clauses.c3.award.rat", "1%", "2%", "1%"), "是否应为 rate"),
        (("clauses.c33.award.rate", "1%", "2%", "1%"), "没有 c33"),
        (("clauses.c3.award", "1%", "2%", "1%"), "不是一个数值"),
        (("clauses.c3.award.rate", "1%", "2万元", "1%"), "单位不同"),
        (("clauses.c3.award.rate", "1%", "2%", "0%"), "须大于 0"),
        (("clauses.c3.award.rate", "1%", "2%", "0.0001%"), "最多 200 个"),
        (("clauses.c3.award.rate", "x", "2%", "1%"), "不是数量"),
    ],
)
def test_a_sweep_of_nothing_says_what_is_near(clean: Program, words: tuple[str, ...], told: str) -> None:
    path, first, last, step = words
    said = clean("sweep", "claims.xlsx", "--param", path, "--from", first, "--to", last, "--step", step)
    assert said.status == 2
    assert told in said.err


def test_a_value_that_the_policy_cannot_hold_is_refused_with_its_line(clean: Program) -> None:
    said = clean("sweep", "claims.xlsx", "--param", "clauses.c3.cap", "--from", "1%", "--to", "2%", "--step", "1%")
    assert said.status == 3
    assert "policy.yaml:" in said.err


# ---- missing -------------------------------------------------------------------------------------------------------
def test_what_is_missing_is_named_with_its_money_and_cell(opened: Program) -> None:
    record = json.loads(opened("missing", "claims.xlsx", "--format", "json").out)
    (ask,) = record["missing"]
    assert (ask["uscc"], ask["fact"], ask["amount"], ask["clause"]) == (PENDING, "是否电商全覆盖", "16000.00", "c3")
    assert ask["cell"].startswith("claims.xlsx 申报主体 ")
    rows = list(csv.DictReader(io.StringIO(opened("missing", "claims.xlsx", "--format", "csv").out)))
    assert rows[0]["amount"] == "16000.00"
    assert opened("missing", "claims.xlsx", "-o", "m.xlsx", "-q").status == 0
    assert "是否电商全覆盖" in [
        cell.value for cell in openpyxl.load_workbook(opened.folder / "m.xlsx").worksheets[0][2]
    ]


def test_nothing_missing_is_said(clean: Program) -> None:
    assert "不缺资料" in clean("missing", "claims.xlsx").out


# ---- what if -------------------------------------------------------------------------------------------------------
def test_another_figure_is_tried_on_one_applicant(opened: Program) -> None:
    said = opened("run", "claims.xlsx", "--applicant", REFUSED, "--what-if", "online_sales_yuan=50万")
    assert said.status == 0
    assert "499,999.99 元 → 500,000.00 元" in said.out
    assert "+10,000.00" in said.out


def test_what_is_tried_is_what_a_changed_sheet_gives(opened: Program) -> None:
    words = ("--what-if", "年网络销售额(万元)=90.5", "--what-if", "是否电商全覆盖=是", "--format", "json")
    record = json.loads(opened("run", "claims.xlsx", "--applicant", PENDING, *words).out)
    assert record["before"]["total"] == "0.00"
    assert record["after"]["total"] == "18100.00"
    assert record["change"] == "18100.00"
    assert result_of(opened, "--applicant", PENDING)["applicants"][0] == record["before"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--what-if", "online_sales_yuan=1"), "--applicant"),
        (("--applicant", CAPPED, "--what-if", "online_sale=1"), "没有这一列"),
        (("--applicant", CAPPED, "--what-if", "online_sales_yuan=abc"), "abc"),
        (("--applicant", CAPPED, "--what-if", "online_sales_yuan"), "事实=数值"),
        (("--applicant", CAPPED, "--what-if", "parks.building_area_m2=1"), "没有这一行"),
        (("--applicant", CAPPED, "--what-if", "online_sales_yuan=1", "-o", "x.xlsx"), "不写成结果文件"),
    ],
)
def test_what_cannot_be_tried_is_said(opened: Program, words: tuple[str, ...], told: str) -> None:
    said = opened("run", "claims.xlsx", *words)
    assert said.status == 2
    assert told in said.err
