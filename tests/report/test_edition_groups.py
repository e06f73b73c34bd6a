"""An edition tells each group once and by its articles, choices with colons, one row as itself, and no more than is so."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import pytest

from anqing_subsidy.finding import Text
from anqing_subsidy.policy import Policy
from anqing_subsidy.policy.articles import articles_of, clauses_named
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.edition.page import page_of
from anqing_subsidy.report.edition.phrases import Line
from anqing_subsidy.report.edition.render import text_lines
from tests.language.town import WAN, clause, kiln, run, town

NUMBERS: Final = "一二三四五六七八九"


def articled(*articles: str, groups: str = "") -> Policy:
    """A policy of clauses k1, k2, … with these articles."""
    clauses = "".join(
        clause("{pay: 1元}", id_=f"k{at}").replace("article: 一", f"article: {article}")
        for at, article in enumerate(articles, start=1)
    )
    return town(clauses, groups=groups)


def entry(policy: Policy, clause_id: str, id_: str) -> list[str]:
    (section,) = page_of(policy, "zh", (clause_id,)).clauses
    found = {part.id: part for part in section.entries}
    return [_indented(line) for line in found[id_].lines]


def _indented(line: Line) -> str:
    return " " * line.depth + line.text


TWELVE: Final = tuple(f"第{name}条" for name in (*NUMBERS, "十", "十一", "十二"))


@pytest.mark.parametrize(
    ("articles", "meant", "zh"),
    [
        (TWELVE, range(1, 13), "第一条至第十二条"),
        (TWELVE, (1, 2, 3, 4, 5, 7), "第一条至第五条、第七条"),
        (TWELVE, (9, 10, 11), "第九条至第十一条"),
        (TWELVE, (1, 2), "第一条、第二条"),
        (("第一条", "第三条", "第二条"), (1, 2, 3), "第一条、第三条、第二条"),
        (("（一）1", "（一）2", "（一）3", "（二）4"), (1, 2, 3, 4), "（一）1至（一）3、（二）4"),
        (("甲", "乙", "丙"), (1, 2, 3), "甲、乙、丙"),
    ],
    ids=["all", "a run and one", "beyond ten", "two", "out of order", "digits", "no numbers"],
)
def test_articles_that_follow_each_other_are_told_by_the_first_and_the_last(
    articles: tuple[str, ...], meant: range | tuple[int, ...], zh: str
) -> None:
    assert articles_of([f"k{at}" for at in meant], articled(*articles)).zh == zh


def test_few_clauses_and_parts_of_an_article_are_told_with_their_titles() -> None:
    policy = articled("第一条", "第二条", "第二条", "第三条", "第四条")
    assert clauses_named(["k1", "k2"], policy) == Text(
        "第一条 奖励k1、第二条 奖励k2", "第一条 Award k1, 第二条 Award k2"
    )
    assert clauses_named(["k1", "k2", "k4", "k5"], policy).zh == "第一条、第三条、第四条、第二条 奖励k2"
    assert clauses_named(["k1", "k2", "k3", "k4"], policy).zh == "第一条至第三条"


GROUPS: Final = """- {id: g56, members: [k5, k6], pays: highest}
- {id: joint, members: [k1, k2, k3, k4, g56, k7], pays: sum, cap: 100万元, budget: 300万元}
"""


def test_a_group_is_told_once_and_each_of_its_clauses_says_in_a_line_what_it_is_in() -> None:
    policy = articled(*TWELVE[:9], groups=GROUPS)
    (groups,) = [section for section in page_of(policy, "zh").rest if section.id == "groups"]
    assert [[_indented(line) for line in part.lines] for part in groups.entries] == [
        ["第五条 奖励k5、第六条 奖励k6：", " 只付最高的"],
        [
            "第一条至第七条：", " 可以同时享受，合计最高100万元", " 其中第五条 奖励k5、第六条 奖励k6只计最高的一笔",
            " 总额300万元，超出时按比例核减（未定的不留额度）",
        ],
    ]  # fmt: skip
    assert entry(policy, "k1", "groups") == ["与第二条至第七条：合计最高100万元，全部申报主体合计300万元以内"]
    assert entry(policy, "k5", "groups") == [
        "与第六条 奖励k6：只付最高的",
        "与第一条至第四条、第七条：合计最高100万元，全部申报主体合计300万元以内",
    ]
    told = "\n".join(text_lines(page_of(policy, "zh"), 200))
    assert re.findall(r"\[(?:g56|joint)\]", told) == []


@pytest.mark.parametrize(
    ("award", "told"),
    [
        ("{pay: {by: kind, glazed: 5元, folk: 3元, else: 1元}}", ["按窑型，釉窑：5元；民窑：3元；其余：1元"]),
        ("{pay: {by: pots, 1: 3元, 2..5: 2元, 6..: 1元}}", ["按烧成数，1件：3元；2至5件：2元；6件以上：1元"]),
        ("{pay: {by: guild, true: 3元, false: 2元}}", ["入会：3元；其余：2元"]),
        ("{pay: 4元, deduct: {by: pots, 1: 3元, else: 2元}}", ["4元", "减去（按烧成数，1件：3元；其余：2元）"]),
        ("{sum_of: [{rate: 8%, of: wages, cap: 2万元}], deduct: aid}", ["工资的8%，最高2万元", "再减去已得资助"]),
        (
            "{sum_of: [{rate: 8%, of: wages, cap: 2万元, when: [guild]}], multiply_by: 2}",
            ["工资的8%，最高2万元：入会", "再乘以：2倍"],
        ),
        ("{rate: 5/710, of: wages}", ["工资的5/710"]),
        ("{rate: 2/4, of: wages}", ["工资的2/4"]),
    ],
)
def test_choices_one_row_and_fractions_are_told_as_they_stand(award: str, told: list[str]) -> None:
    assert entry(town(clause(award)), "k_one", "award") == told


@pytest.mark.parametrize(
    ("operation", "unit"),
    [
        ("minus: [pots, 10]", "件"),
        ("least: [pots, 10]", "件"),
        ("add: [pots, pots_before]", "件"),
        ("add: [pots, masters]", None),
        ("times: [pots, masters]", None),
    ],
)
def test_a_fact_made_of_others_has_their_unit_where_they_agree(operation: str, unit: str | None) -> None:
    facts = f"    made: {{zh: 得数, en: made, {operation}}}\n"
    policy = town(clause("{pay: 1元, per: made}"), facts=facts)
    assert policy.unit(Ref("kilns", "made")) == unit
    assert entry(policy, "k_one", "award") == [f"得数每{unit or '个'} 1元"]


def test_a_sum_for_each_dollar_says_so() -> None:
    facts = "    made: {zh: 得数, en: made, minus: [export, 100美元]}\n"
    policy = town(clause("{pay: 1元, per: made}"), facts=facts)
    assert entry(policy, "k_one", "award") == ["得数每1美元 1元"]


def test_a_yes_no_label_reads_as_a_statement_wherever_whether_stands_in_it() -> None:
    facts = "    runs: {zh: 当年是否正常经营, en: runs, when: [pots > 0]}\n"
    policy = town(clause("{pay: {by: runs, true: 3元, false: 2元}}", "when: [any: [runs, pots > 9]]"), facts=facts)
    assert entry(policy, "k_one", "when") == ["符合下列之一：", " (1) 当年正常经营", " (2) 烧成数多于9件"]
    assert entry(policy, "k_one", "award") == ["当年正常经营：3元；其余：2元"]


HISTORY: Final = "table: years, year: year, since: first_fired"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", ["首次以历年表为准", "缺少某年数据的待补"]),
        (", missing: assume_none", ["首次以历年表为准", "缺少某年数据的视为未达到"]),
        (", basis: award", ["首次以已兑现的为准，不看历年数据"]),
        (
            ", declared: {sales: sales_before}",
            ["首次以历年表为准", "历年表中没有一年数据的，销售额的以前年度最高数按“上年自报销售额”", "此外缺少某年数据的待补"],
        ),
    ],
)  # fmt: skip
def test_what_the_first_time_looks_back_on_is_told_as_it_is(more: str, told: list[str]) -> None:
    policy = town(
        clause("{first_past: sales, tiers: {10万元: 1元}}", "once_for: {same: tier}"), history=f" {{{HISTORY}{more}}}\n"
    )
    (rules,) = [section for section in page_of(policy, "zh").rest if section.id == "rules"]
    (history,) = [part for part in rules.entries if part.id == "history"]
    assert [line.text for line in history.lines] == told


@pytest.mark.parametrize(("past", "word"), [("gt", "突破"), ("ge", "达到")])
def test_a_run_says_reached_where_the_step_itself_counts(past: str, word: str) -> None:
    award = f"{{first_past: sales, past: {past}, tiers: {{10万元: 1元}}}}"
    policy = town(clause(award, "once_for: {same: tier}"))
    firm = kiln(1, sales=20 * WAN, first_fired=date(2021, 1, 1))
    texts = []
    for earlier in (5 * WAN, 15 * WAN):
        found = run(policy, firm, years=[{"kiln_no": "K1", "year": 2021, "sales": earlier}])
        texts += Describer(found, "zh").describe(found.lines).reason_text.to_list()
    assert texts[0].endswith(f"，首次{word}")
    assert texts[1].startswith(f"不是首次{word} 100,000.00 元：以前年度最高 150,000.00 元（2021 年）")
    assert "突破" not in "".join(texts) or past == "gt"


def test_a_finding_on_a_group_names_its_articles_shortly_and_once() -> None:
    groups = "- {id: all, members: [k1, k2, k3, k4, k6], pays: sum, budget: 3元}\n"
    found = run(articled(*TWELVE[:6], groups=groups), kiln(1))
    (told,) = [finding.message for finding in found.findings if finding.code == "OVER_BUDGET"]
    assert told.zh.startswith("第一条至第四条、第六条：应付 5.00 元，预算 3.00 元")
    assert told.en.startswith("第一条 to 第四条, 第六条: 5.00 yuan due")
