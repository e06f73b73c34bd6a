"""What a line waits for is said: a decision, a place among others, a share that is divided among all, a joint cap."""

from __future__ import annotations

from typing import Any

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.finding import Lang
from anqing_subsidy.policy import parse_policy
from anqing_subsidy.report.detail import Describer
from tests.oracle.generate import good_code
from tests.support import frames

TEXT = """
policy: words
title: {zh: 词, en: words}
source: {zh: 虚构, en: fictional}
year: 2022
funds: {f: {zh: 资金, en: fund}}
applicant: {table: firms, code: uscc, name: name}
facts:
  firms:
    place: {zh: 位次, en: place, rank_by: [sales], among: [takes_part]}
clauses:
- {id: hand, article: 一, title: {zh: 甲, en: a}, claimed: [asks], award: {by_hand: 5万元}, fund: f}
- {id: first, article: 二, title: {zh: 乙, en: b}, claimed: [sales is given], when: [place <= 1], award: {pay: 1万元}, fund: f}
- {id: pot, article: 三, title: {zh: 丙, en: c}, claimed: [scored], award: {pool: 9万元, shared_by: points, open_lines: hold_all}, fund: f}
- {id: extra, article: 四, title: {zh: 丁, en: d}, claimed: [sales is given], award: {pay: 2万元}, fund: f}
groups:
- {id: all, members: [first, extra], pays: sum, cap: most}
tables:
  firms:
    sheet: 企业
    en: firms
    key: [uscc]
    columns:
      uscc: {header: 代码, en: code, type: uscc, required: true}
      name: {header: 名称, en: name, type: text, required: true}
      asks: {header: 是否申请核定, en: asks, type: yesno}
      takes_part: {header: 是否参评, en: takes part, type: yesno}
      sales: {header: 销售额, en: sales, type: money, unit: 元}
      scored: {header: 是否评分, en: scored, type: yesno}
      points: {header: 评分, en: points, type: count, unit: 分}
      most: {header: 财政贡献, en: contribution, type: money, unit: 元}
"""


def told(rows: list[dict[str, Any]], lang: Lang = "zh") -> dict[tuple[str, str], tuple[str, str]]:
    """Status and reason of each line, by name and clause."""
    policy = parse_policy(TEXT.encode(), "words.yaml", {})
    typed = [{"uscc": good_code(at), "most": 10_000_000, **row} for at, row in enumerate(rows, 1)]
    result = assess(policy, frames(policy, {"firms": typed}))
    said = Describer(result, lang).describe(result.lines).reason_text.to_list()
    names = {row["uscc"]: row["name"] for row in typed}
    return {
        (names[line["code"]], line["clause"]): (line["status"], text)
        for line, text in zip(result.lines.iter_rows(named=True), said, strict=True)
    }


@pytest.mark.parametrize(("lang", "words"), [("zh", "人工核定意见"), ("en", "a decision by hand")])
def test_a_claimed_sum_by_hand_waits_for_a_decision(lang: Lang, words: str) -> None:
    status, text = told([{"name": "甲", "asks": True}], lang)["甲", "hand"]
    assert status == "pending"
    assert words in text


def test_a_tie_that_decides_is_said_and_not_paid() -> None:
    found = told([{"name": name, "takes_part": True, "sales": 100} for name in ("甲", "乙")])
    for name in ("甲", "乙"):
        status, text = found[name, "first"]
        assert status == "pending"
        assert "并列" in text


def test_a_row_outside_the_ranking_shows_no_made_up_place() -> None:
    status, text = told([{"name": "甲", "takes_part": False, "sales": 100}])["甲", "first"]
    assert status == "ineligible"
    assert text == "不参加位次：是否参评须为 是，实为 否"
    assert "999,999" not in text
    assert "1,000,000,000" not in text


def test_a_share_that_waits_for_others_says_so() -> None:
    found = told([{"name": "甲", "scored": True, "points": 3}, {"name": "乙", "scored": True}])
    assert found["甲", "pot"][0] == "pending"
    assert "其他申报主体" in found["甲", "pot"][1]
    assert "评分" in found["乙", "pot"][1]


def test_a_blank_joint_cap_is_named() -> None:
    status, text = told([{"name": "甲", "sales": 100, "most": None}])["甲", "extra"]
    assert status == "pending"
    assert "财政贡献" in text


def rank_rows() -> list[dict[str, Any]]:
    """甲 is ahead; 乙 and 丙 are equal; nobody knows the figure of 丁, nor whether 戊 and 己 take part."""
    sums = {"甲": 300, "乙": 200, "丙": 200, "丁": None, "戊": 100, "己": 250}
    part = {"戊": None, "己": None}
    return [{"name": name, "sales": sum_, "takes_part": part.get(name, True)} for name, sum_ in sums.items()]


def test_a_place_names_who_is_equal_and_whose_facts_are_missing() -> None:
    text = told(rank_rows())["乙", "first"][1]
    # 戊 takes part or not: with less than 乙 it is behind in any case
    assert "位次（与 丙 并列，丁、己 的资料未齐：是否参评、销售额）" not in text
    rows = [row for row in rank_rows() if row["name"] != "甲"]
    assert told(rows)["乙", "first"][1].startswith("缺少：位次（与 丙 并列，丁、己 的资料未齐：是否参评、销售额）")
    assert told(rows, "en")["乙", "first"][1].startswith(
        "missing: place (equal to 丙, facts of 丁, 己 are missing: takes part, sales)"
    )


def test_many_whose_facts_are_missing_are_not_all_named() -> None:
    rows = [{"name": "甲", "sales": 300, "takes_part": True}]
    rows += [{"name": f"户{at}", "sales": None, "takes_part": True} for at in range(9)]
    assert "位次（户0、户1、户2 等 的资料未齐：销售额）" in told(rows)["甲", "first"][1]


def test_a_share_names_whose_points_are_missing() -> None:
    rows = [{"name": "甲", "scored": True, "points": 3}, {"name": "乙", "scored": True, "points": None}]
    assert "其他申报主体的资料（一并分配）：乙" in told(rows)["甲", "pot"][1]
