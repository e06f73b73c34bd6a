"""An edition in words: how figures, conditions, facts and awards are said, and that every kind of them can be."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import pytest
from rich.cells import cell_len

from anqing_subsidy.finding import Text
from anqing_subsidy.policy import load_policy
from anqing_subsidy.policy.clauses import Shape
from anqing_subsidy.policy.derivations import Derivation
from anqing_subsidy.policy.figures import written
from anqing_subsidy.policy.lint import lint
from anqing_subsidy.policy.load import open_policy, source_of
from anqing_subsidy.report.edition.awards import shape_lines
from anqing_subsidy.report.edition.facts import how_words
from anqing_subsidy.report.edition.groups import group_title
from anqing_subsidy.report.edition.page import page_of
from anqing_subsidy.report.edition.phrases import Phrases
from anqing_subsidy.report.edition.render import html, markdown, text_lines, wrap

if TYPE_CHECKING:
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.report.edition.page import Section

TEA: Final = Path(__file__).parent.parent / "second_policy" / "policy.yaml"
WHEN: Final = "when: [counted_bushes >= 100]"
PAY: Final = "award: {pay: 3元, per: counted_bushes}"


@cache
def shown(lang: Lang, clause: str, *changes: tuple[str, str]) -> Section:
    """A clause of the fictional policy in words, with some words of the policy changed."""
    text = TEA.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    (section,) = page_of(source_of(text.encode(), "tea.yaml").under({}), lang, (clause,)).clauses
    return section


def entry(lang: Lang, clause: str, id_: str, *changes: tuple[str, str]) -> list[str]:
    """The lines of one entry, each with as many spaces before it as it is deep."""
    found = {part.id: part for part in shown(lang, clause, *changes).entries}
    return [" " * line.depth + line.text for line in found[id_].lines]


@pytest.mark.parametrize(
    ("value", "kind", "zh", "en"),
    [
        (2000_0000_00, "money", "2000万元", "20,000,000 yuan"),
        (1_0000_0000_00, "money", "1亿元", "100,000,000 yuan"),
        (11_7000_0000_00, "money", "11.7亿元", "1,170,000,000 yuan"),
        (9999_9999_00, "money", "99999999元", "99,999,999 yuan"),
        (1_5000_00, "money", "1.5万元", "15,000 yuan"),
        (9999_00, "money", "9999元", "9,999 yuan"),
        (9999999_99, "money", "9999999.99元", "9,999,999.99 yuan"),
        (1, "money", "0.01元", "0.01 yuan"),
        (3_0000, "count", "3万", "30,000"),
        (10_000 * 10_000, "area", "1万", "10,000"),
        (2018, "year", "2018年", "2018"),
        (Fraction(3, 5), "ratio", "60%", "60%"),
        (Fraction(1, 200), "ratio", "0.5%", "0.5%"),
        (2, "factor", "2倍", "2 times"),
        (date(2018, 8, 17), "date", "2018年8月17日", "2018-08-17"),
        (True, "yesno", "是", "yes"),
    ],
)
def test_figures_are_written_as_in_a_document(value: int | Fraction | date, kind: str, zh: str, en: str) -> None:
    assert written(value, kind) == Text(zh, en)


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        ("leaf_sales >= 2000万元", "茶叶销售额不低于2000万元", "leaf sales at least 20,000,000 yuan"),
        ("leaf_sales > 1亿元", "茶叶销售额超过1亿元", "leaf sales above 100,000,000 yuan"),
        ("leaf_sales <= 5元", "茶叶销售额不超过5元", "leaf sales at most 5 yuan"),
        ("leaf_sales < 5元", "茶叶销售额低于5元", "leaf sales below 5 yuan"),
        ("200 <= leaf_kg < 500", "干茶不少于200公斤、少于500公斤", "dry leaf at least 200 and below 500"),
        ("leaf_kg > racks", "干茶多于萎凋架", "dry leaf above racks"),
        ("planted_on >= 2018-03-01", "开园日不早于2018年3月1日", "planted on on or after 2018-03-01"),
        ("planted_on <= policy_year_end", "开园日不晚于2021年12月31日", "planted on on or before 2021-12-31"),
        ("organic", "有机", "organic"),
        ("not organic", "并非“有机”", "not: organic"),
        ("organic == false", "并非“有机”", "not: organic"),
        ("leaf_kg is given", "填写了干茶", "dry leaf is filled in"),
        ("leaf_kg is blank", "没有填写干茶", "dry leaf is left blank"),
        ("any: [organic, [cold_store, racks > 3]]", "（有机；或冷库，且萎凋架多于3个）", "(organic; or cold store, and racks above 3)"),
    ],
)  # fmt: skip
def test_each_condition_is_said_in_words(condition: str, zh: str, en: str) -> None:
    # beside another condition an `any` stands in brackets in a sentence: that of a row is one
    change = (PAY, f"award: {{highest_of: [{{pay: 1元, when: [wants_bushes, {condition}]}}]}}")
    assert entry("zh", "t_bushes", "award", change)[0] == f"1元：申请补苗，且{zh}"
    assert entry("en", "t_bushes", "award", change)[0] == f"1 yuan: asks for bushes, and {en}"


def test_an_any_shows_each_way_on_a_line() -> None:
    assert entry("zh", "t_kit", "claimed") == ["符合下列之一：", " (1) 填写了萎凋架", " (2) 冷库"]


def test_an_enumeration_is_said_by_its_first_word() -> None:
    change = ("  each: medals\n", "  each: medals\n  where: [medal is gold or silver]\n")
    assert entry("zh", "t_medal", "where", change) == ["奖牌为金或银"]
    assert entry("en", "t_medal", "where", change) == ["medal is gold or silver"]


@pytest.mark.parametrize(
    ("clause", "zh", "en"),
    [
        ("t_bushes", ["计补茶苗每株 3元"], ["3 yuan for each unit of bushes that count"]),
        (
            "t_sales",
            ["茶叶销售额超过1万元的部分的一定比例，有机：3%；其余：1.5%"],
            ["a share of the part of leaf sales above 10,000 yuan: 3% where organic, else 1.5%"],
        ),
        (
            "t_scale",
            ["符合下列多项的，只付最高的一项：", " (1) 2500元：干茶不少于200公斤、少于500公斤", " (2) 4000元：干茶不少于500公斤", " (3) 6000元：干茶不少于200公斤，且有机"],
            ["the highest of these that apply:", " (1) 2,500 yuan: dry leaf at least 200 and below 500", " (2) 4,000 yuan: dry leaf at least 500",
             " (3) 6,000 yuan: dry leaf at least 200, and organic"],
        ),
        (
            "t_first",
            ["茶叶销售额首次达到下列档次：", " 达到10万元：1000元", " 达到20万元：3000元", " 达到50万元：8000元", "一年跨几档的，只按最高的一档"],
            ["leaf sales for the first time:", " at least 100,000 yuan: 1,000 yuan", " at least 200,000 yuan: 3,000 yuan",
             " at least 500,000 yuan: 8,000 yuan", "of several tiers passed in one year the highest"],
        ),
        ("t_medal", ["按奖牌，金：9000元；银：5000元；铜：2000元"], ["by medal: gold: 9,000 yuan; silver: 5,000 yuan; bronze: 2,000 yuan"]),
        ("t_stove", ["总价的50%"], ["50% of whole cost"]),
    ],
)  # fmt: skip
def test_each_award_is_said_in_words(clause: str, zh: list[str], en: list[str]) -> None:
    assert entry("zh", clause, "award") == zh
    assert entry("en", clause, "award") == en


def test_cap_once_fund_and_groups_are_said() -> None:
    assert entry("zh", "t_stove", "cap") == ["最高3000元（每年）"]
    assert entry("zh", "t_stove", "once") == ["同一对象只奖一次"]
    assert entry("zh", "t_medal", "once") == ["同一申报主体、对象、级别只奖一次，已得高的不再奖低的（金 > 银 > 铜）"]
    assert entry("zh", "t_sales", "fund") == ["茶叶专项；有机的，整笔由绿色专项"]
    assert entry("zh", "t_sales", "groups") == ["与三 规模茶园：只付最高的"]
    assert entry("zh", "t_apprentice", "each") == ["学徒表的每一行；每个申报主体合为一笔，各行相加"]


def test_a_derived_fact_is_defined_where_it_is_used() -> None:
    assert entry("zh", "t_bushes", "facts")[0] == "计补茶苗：地块中“测绘，且计入”的各行茶苗之和；没有该表时为“自报茶苗”"
    assert entry("en", "t_stove", "facts") == ["whole cost: price of the stove plus price of the chimney"]


def test_the_readings_behind_a_clause_are_named_with_the_option_in_force() -> None:
    assert "达到某数是否算越过：算 [reach=ge]" in entry("zh", "t_first", "readings")


@pytest.mark.parametrize("shape", get_args(Shape), ids=lambda shape: shape.__name__)
def test_every_shape_has_words(shape: type) -> None:
    assert shape_lines.dispatch(shape) is not shape_lines.dispatch(object)


@pytest.mark.parametrize("how", get_args(Derivation), ids=lambda how: how.__name__)
def test_every_kind_of_derived_fact_has_words(how: type) -> None:
    assert how_words.dispatch(how) is not how_words.dispatch(object)


@pytest.mark.parametrize("width", [40, 80, 100, 160])
@pytest.mark.parametrize("path", [None, TEA], ids=["the policy that ships", "the fictional policy"])
def test_no_line_is_wider_than_the_screen(path: Path | None, width: int) -> None:
    for lang in ("zh", "en"):
        assert max(map(cell_len, text_lines(page_of(load_policy(path), lang), width))) <= width


def test_lines_are_broken_between_wide_characters_and_never_before_a_stop() -> None:
    assert list(wrap("一二三四，五六。", 8)) == ["一二三", "四，五", "六。"]
    assert list(wrap("one two three", 7)) == ["one two", "three"]
    assert list(wrap("", 7)) == [""]


@pytest.mark.parametrize("path", [None, TEA], ids=["the policy that ships", "the fictional policy"])
def test_every_clause_group_fund_and_reading_stands_on_the_page(path: Path | None) -> None:
    policy = load_policy(path)
    page = page_of(policy, "zh")
    assert [section.id for section in page.clauses] == list(policy.clauses)
    told = "\n".join(text_lines(page, 10_000))
    for clause in policy.clauses.values():
        assert f"{clause.article}  {clause.title.zh}  [{clause.id}]" in told
    assert all(told.count(f"\n    {group_title(group, Phrases(policy, 'zh'))}：\n") == 1 for group in policy.groups)
    assert all(title.zh in told for title in policy.funds.values())
    for reading in policy.readings.values():
        assert f"✓ {reading.value}: {reading.says[reading.value].zh}" in told


def test_markdown_and_web_page_say_the_same() -> None:
    page = page_of(load_policy(TEA), "zh")
    texts = [line.text for section in page.clauses for part in section.entries for line in part.lines]
    plain, web = "\n".join(markdown(page)), "\n".join(html(page))
    for text in texts:
        assert text in plain
        assert text.replace("&", "&amp;").replace(">", "&gt;").replace("“", "“") in web


EVERY: Final = Path(__file__).parent / "every_shape.yaml"
SAID: Final = {
    ("steps", "award"): ["增量超过100万元的部分每满500万元给1万元", "按完成比例兑现，至多100%", "减去贡献", "最高30万元、贡献的50%中最低的"],
    ("steps", "cap"): ["最高（按第几年，第1年：10万元；第2至3年：5万元；其余：1万元）（每年）"],
    ("steps", "budget"): ["总额50万元，超出时按比例核减（未定的不留额度）"],
    ("steps", "fund"): ["甲金 50%、乙金 50%"],
    ("steps", "groups"): ["与二 租金：合计最高40万元，全部申报主体合计300万元以内"],
    ("steps", "facts"): [
        "增幅：销售额比上年的增长率（上年空缺时视为达到，为0时视为未达到）", "增量：销售额减上年", "完成比例：销售额除以较高",
        "第几年：自成立起的第几年（当年为第1年）", "上年：上一年的销售额；没有历年表时为“自报上年”", "较高：销售额、贡献中最大的",
    ],
    ("area", "award"): ["2元 × 面积 × 月数", "再乘以：150%"],
    ("area", "instalments"): ["第几年：第1年 60%、第2年 40%"],
    ("pool", "award"): ["总额100万元，按折人民币在全部符合者之间分配（未定的不参与）"],
    ("pool", "facts"): ["折人民币：进出口按1美元合6.85元折算"],
    ("top", "award"): ["销售额（计至1000万元）的一定比例，按第几年，第1至3年：3%；第4年起：1%"],
    ("top", "once"): ["同一申报主体只奖一次（3年内）"],
    ("top", "facts"): [
        "名次：“填写了成立，且较低不低于1万元，且最大店超过0元”的各行中按销售额、贡献从高到低的名次，并列的同名次", "较低：销售额、500万元中最小的", "最大店：门店中各行租的最大值",
        "第几年：自成立起的第几年（当年为第1年）",
    ],
    ("hand", "claimed"): ["由人工核定表提出"],
    ("hand", "award"): ["金额由人工核定，最高20万元"],
    ("first", "award"): [
        "符合下列多项的，只付最高的一项：", " (1) 销售额首次超过1000万元给1万元", " (2) 销售额首次超过2000万元给3万元：进出口超过1万美元",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("clause", "id_"), list(SAID), ids=" ".join)
def test_what_other_policies_need_is_said_too(clause: str, id_: str) -> None:
    (section,) = page_of(load_policy(EVERY), "zh", (clause,)).clauses
    found = {part.id: part for part in section.entries}
    assert [" " * line.depth + line.text for line in found[id_].lines] == SAID[clause, id_]


def test_all_of_it_can_be_said_in_english_and_has_no_findings() -> None:
    told = "\n".join(text_lines(page_of(load_policy(EVERY), "en"), 100))
    assert "10,000 yuan for each full 5,000,000 yuan of increase above 1,000,000 yuan" in told
    assert "in force from 2022-01-01 to 2023-12-31" in told
    assert lint(open_policy(EVERY)) == []
