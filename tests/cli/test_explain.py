"""`explain` from outside: whom it finds, what it says, the files it writes."""

from __future__ import annotations

import json
import re
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import CAPPED, PENDING, REFUSED, VILLAGE

if TYPE_CHECKING:
    from tests.cli.conftest import Program


def test_a_line_gives_article_cells_conditions_formula_reading_and_fund(clean: Program) -> None:
    said = clean("explain", "claims.xlsx", "--applicant", VILLAGE)
    assert said.status == 0
    for words in (
        "（一）3 农村电商  符合  16,000.01 元",
        "计算：800,000.25 × 2% = 16,000.01",
        "√ 年网络销售额 800,000.25 元 ≥ 500,000.00 元",
        "[claims.xlsx 申报主体 ",
        "若按“超过50万元的部分”（c3_base=excess），本条 6,000.01 元，少 10,000.00",
        "资金：安庆市2018年推动现代服务业加快发展若干政策",
    ):
        assert words in said.out


def test_a_refusal_gives_the_shortfall_and_the_nearest_way(opened: Program) -> None:
    said = opened("explain", "claims.xlsx", "--applicant", "岳西小站")
    assert "× 年网络销售额 499,999.99 元，须 ≥ 500,000.00 元（差 0.01 元，距门槛 1% 以内）" in said.out
    assert "再差多少：年网络销售额再多 0.01 元（达到 500,000.00 元），本项可得 10,000.00 元（距门槛 1% 以内" in said.out


def test_a_pending_line_names_what_is_missing(opened: Program) -> None:
    said = opened("explain", "claims.xlsx", "--applicant", PENDING)
    assert "缺少：是否电商全覆盖" in said.out
    assert "? 是否电商全覆盖 空白，须为 是" in said.out


def test_part_of_a_name_is_enough_and_several_are_listed(opened: Program) -> None:
    assert opened("explain", "claims.xlsx", "--applicant", "云贸").status == 0
    several = opened("explain", "claims.xlsx", "--applicant", "小站")
    assert several.status == 2
    assert "对应 3 户" in several.err
    assert REFUSED in several.err


def test_a_near_name_is_suggested(opened: Program) -> None:
    said = opened("explain", "claims.xlsx", "--applicant", "怀宁小占")
    assert said.status == 2
    assert "是否为 怀宁小站" in said.err
    # a slip in a short part of a long name
    part = opened("explain", "claims.xlsx", "--applicant", "怀寧")
    assert "怀宁小站" in part.err


def test_one_clause_alone_by_id_article_or_title(clean: Program) -> None:
    for word in ("c1", "（一）1", "招引上规模电子商务企业"):
        said = clean("explain", "claims.xlsx", "--applicant", CAPPED, "--clause", word)
        assert said.status == 0
        assert "（一）1 招引" in said.out
    assert "没有条款 c33" in clean("explain", "claims.xlsx", "--applicant", CAPPED, "--clause", "c33").err


def test_the_json_is_the_result_with_more_to_each_line(opened: Program) -> None:
    said = opened("explain", "claims.xlsx", "--applicant", REFUSED, "--format", "json")
    result = json.loads(opened("run", "claims.xlsx", "--applicant", REFUSED, "--format", "json").out)
    record = json.loads(said.out)
    line, plain = record["applicant"]["lines"][0], result["applicants"][0]["lines"][0]
    assert {key: line[key] for key in plain} == plain
    assert line["near_miss"]["close"] is True
    assert line["flags"] == ["NEAR_THRESHOLD"]
    assert [check["met"] for check in line["checks"]] == [True, False]
    assert next(fact for fact in line["facts_used"] if fact["fact"] == "online_sales_yuan")["value"] == "499,999.99 元"
    assert all("amount" in other for turned in line["other_readings"] for other in turned["others"])


@pytest.mark.parametrize("form", ["md", "html"])
def test_pages_hold_what_the_tree_holds(clean: Program, form: str) -> None:
    said = clean("explain", "claims.xlsx", "--applicant", VILLAGE, "--format", form)
    assert "800,000.25 × 2% = 16,000.01" in said.out
    assert ("## （一）3" if form == "md" else "<h2") in said.out


def test_the_decision_sheet_is_a_word_document_with_places_to_sign(clean: Program) -> None:
    said = clean("explain", "claims.xlsx", "--applicant", VILLAGE, "-o", "意见.docx")
    assert said.status == 0
    assert said.out == ""
    with zipfile.ZipFile(clean.folder / "意见.docx") as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314  # written by this program
    text = "".join(node.text or "" for node in root.iter() if node.tag.endswith("}t"))
    for words in ("审核意见表", "怀宁小站", "16,000.01", "经办人意见", "单位审批意见"):
        assert words in text


def test_the_decision_sheet_as_a_page_and_the_same_again(clean: Program) -> None:
    for name in ("一.html", "二.html"):
        assert clean("explain", "claims.xlsx", "--applicant", VILLAGE, "-o", name, "-q").status == 0
    files = clean.files()
    assert files["一.html"] == files["二.html"]
    assert "@page{size:A4" in files["一.html"].decode()


def test_an_output_of_another_kind_is_refused(clean: Program) -> None:
    said = clean("explain", "claims.xlsx", "--applicant", VILLAGE, "-o", "x.xlsx")
    assert said.status == 2
    assert ".docx" in said.err


def test_a_console_that_knows_no_unicode_gets_plainer_characters(clean: Program) -> None:
    done = clean("explain", "claims.xlsx", "--applicant", CAPPED, "--lang", "en", PYTHONIOENCODING="latin-1")
    assert done.status == 0
    assert "12,000,000.00 × 2%" in done.out


def test_nobody_named_is_wrong_use(clean: Program) -> None:
    assert clean("explain", "claims.xlsx").status == 2


def test_the_more_there_is_to_say_the_smaller_the_letters_of_the_sheet(clean: Program) -> None:
    sizes = []
    for who in (VILLAGE, CAPPED):
        assert clean("explain", "claims.xlsx", "--applicant", who, "-o", f"{who}.html", "-q").status == 0
        found = re.search(r"body\{font:([\d.]+)pt", (clean.folder / f"{who}.html").read_text(encoding="utf-8"))
        assert found is not None
        sizes.append(Decimal(found[1]))
    assert sizes[0] == max(sizes)
    assert all(Decimal(4) < size <= Decimal("10.5") for size in sizes)
