"""Signs, words and figures that come of other programs and other habits: each is one fault that names it."""

from __future__ import annotations

import re
from typing import Final

import pytest

from anqing_subsidy.finding import PolicyError, PolicyFault
from anqing_subsidy.policy import parse_policy
from tests.language.town import WHOLE

GROWN: Final = "when: [pot_rise >= 10%]"
MORE: Final = "award: {pay: 1000元, per_full: "
DONE: Final = "  award: {pay: 9万元, prorate_by: done_part}\n"
MEMBERS: Final = "members: [k_steps, k_more]"
GUILD: Final = "{by: guild, true: 120%, false: 1}"
COUNTED: Final = "award: {rate: 10%, of: counted}"
MEDAL: Final = "same: [applicant, object, level]"
CREATED: Final = "outlay: {zh: 投入合计, en: outlay, add: [wages, known_rent, 100元]}"
Slip = tuple[str, str, str, str, str]
"""What stood there, what stands there now, the line's mark, words of the message in Chinese and in English."""

SPACES: Final[dict[str, Slip]] = {
    "an indentation pasted from Word": (DONE, f"{DONE}\u00a0 cap: 6万元\n", "\u00a0 cap", "不间断空格 (U+00A0)，改成普通空格", "a non-breaking space (U+00A0)"),
    "an em space in the indentation": (DONE, f"{DONE}  \u2003cap: 6万元\n", "\u2003cap", "特殊空格 (U+2003)", "an odd space (U+2003)"),
    "a space without width in the indentation": (DONE, f"{DONE}  \u200bcap: 6万元\n", "\u200bcap", "零宽字符 (U+200B)，删去", "without width (U+200B): delete it"),
    "a full-width space in the indentation": (DONE, f"{DONE}\u3000cap: 6万元\n", "\u3000cap", "全角空格 (U+3000)", "a full-width space (U+3000)"),
    "an odd space before an item": (MEMBERS, "members:\n  -\u00a0k_steps\n  - k_more", "k_steps\n", "不间断空格", "a non-breaking space"),
    "an odd space behind a colon": (DONE, f"{DONE}  cap:\u00a06万元\n", "cap:\u00a0", "不间断空格", "a non-breaking space"),
    "an odd space behind a colon in braces": (DONE, DONE.replace("pay: ", "pay:\u00a0"), "pay:\u00a0", "不间断空格", "a non-breaking space"),
    "an odd space behind a colon and a space": (DONE, DONE.replace("pay: ", "pay: \u00a0"), "pay: \u00a0", "不间断空格", "a non-breaking space"),
    "no width within a figure": (DONE, DONE.replace("9万元", "9万元\u200b"), "9万元", "零宽字符 (U+200B)", "without width (U+200B)"),
}  # fmt: skip

COMMAS: Final[dict[str, Slip]] = {
    "members": (MEMBERS, "members: [k_steps，k_more]", "k_steps，", "members 里有全角逗号或顿号，用半角逗号分开: k_steps, k_more", "write half-width commas: k_steps, k_more"),
    "members beside others": (MEMBERS, "members: [k_steps, k_more、k_busy]", "、k_busy", "用半角逗号分开: k_more, k_busy", "half-width commas"),
    "units": ("per: [floor, lease_months]", "per: [floor、lease_months]", "floor、", "用半角逗号分开: floor, lease_months", "half-width commas"),
    "units without brackets": ("per: [floor, lease_months]", "per: floor，lease_months", "floor，", "用半角逗号分开: floor, lease_months", "half-width commas"),
    "conditions": (GROWN, "when: [guild，is_old]", "guild，", "应写成 [guild, is_old]（条件之间用半角逗号", "`[guild, is_old]`"),
    "a condition behind a comparison": (GROWN, "when: [sales >= 5元 ，guild]", "5元 ，", "应写成 [sales >= 5元, guild]", "`[sales >= 5元, guild]`"),
    "values of a word with strokes": (GROWN, "when: ['kind is folk|crude']", "folk|", "应写成 kind is folk or crude", "as `kind is folk or crude`"),
    "values of a word": (GROWN, "when: [kind is folk、crude]", "folk、", "应写成 kind is folk or crude（几个取值之间写 or）", "as `kind is folk or crude`"),
    "values of a word with commas": (GROWN, "when: ['kind is folk, crude']", "folk, crude", "应写成 kind is folk or crude", "as `kind is folk or crude`"),
    "what is unclaimed": (GROWN, "unclaimed_beside: [guild，is_old]", "guild，", "用半角逗号分开", "half-width commas"),
    "clauses once": ("once_for: {same: applicant, within_years: 2}", "once_for: {same: applicant, with: [k_best，k_done]}", "k_best，", "with 里有", "`clauses.k_best.once_for.1.with`"),
    "what is the same": (MEDAL, "same: [applicant，object, level]", "applicant，", "用半角逗号分开: applicant, object", "half-width commas"),
    "what was paid": (GROWN, "less_paid: [k_done，k_best]", "k_done，", "用半角逗号分开", "half-width commas"),
    "what is ranked by": ("rank_by: [score, sales]", "rank_by: [score；sales]", "score；", "用半角逗号分开", "half-width commas"),
    "what is added up": ("add: [wages, known_rent, 100元]", "add: [wages，known_rent，100元]", "wages，", "用半角逗号分开: wages, known_rent, 100元", "half-width commas"),
    "shares of years": ("shares: [50%, 30%, 20%]", "shares: [50%，30%，20%]", "50%，", "用半角逗号分开: 50%, 30%, 20%", "half-width commas"),
    "caps": ("cap: [3万元, taxes]", "cap: [3万元，taxes]", "3万元，", "用半角逗号分开: 3万元, taxes", "half-width commas"),
}  # fmt: skip

YES_OR_NO: Final[dict[str, Slip]] = {
    "a fact named on": (CREATED, f"on: {{zh: 开, en: switched on, when: [guild]}}\n    {CREATED}", "on:", "键 on 在 YAML 中会被读成是/否: 换个名字，或加引号", "rename it, or quote it"),
    "a column named y": ("      wood: {header", "      y: {header: 列, en: why, type: count}\n      wood: {header", "      y:", "键 y ", "the key `y`"),
    "True in a choice": (GUILD, "{by: guild, True: 120%, false: 1}", "True: 120%", "是否应为 true？", "did you mean `true`?"),
    "yes in a choice": (GUILD, "{by: guild, yes: 120%, false: 1}", "yes: 120%", "guild 没有取值 yes，yes 写作 true", "yes is written `true`"),
}  # fmt: skip

FIGURES: Final[dict[str, Slip]] = {
    "a day that is none": (GROWN, "when: [left_on >= 2022-06-31]", "06-31", "没有 2022-06-31 这一天", "there is no day 2022-06-31"),
    "a day that is none, moved": (GROWN, "when: [left_on >= 2022-06-31 + 60 days]", "06-31", "没有 2022-06-31 这一天", "there is no day 2022-06-31"),
    "a day with strokes": (GROWN, "when: [left_on >= 2022/7/1]", "2022/7", "写成 2022-07-01 这样", "write it as 2022-07-01"),
    "a day in Chinese": (GROWN, "when: [left_on >= 2022年7月1日]", "2022年", "写成 2022-07-01 这样", "write it as 2022-07-01"),
    "a last day that is none": ("year: 2022\n", "year: 2022\neffective: {from: 2022-01-01, to: 2022-11-31}\n", "11-31", "没有 2022-11-31 这一天", "there is no day 2022-11-31"),
    "a fall": (GROWN, "when: [pot_rise >= -10%]", "-10%", "降幅不超过 10% 用事实 ratio: [本年, 上年]，条件写 >= 90%", "`ratio: [now, before]`, and the condition `>= 90%`"),
    "a sum below nothing": (GROWN, "when: [sales >= -5万元]", "-5万", "是负数，这里只写不小于 0 的数", "is negative: write 0 or more"),
    "a rate below nothing": (COUNTED, "award: {rate: -5%, of: counted}", "-5%", "'-5%' 是负数", "'-5%' is negative"),
    "a Chinese numeral": (GROWN, "when: [sales >= 一百万元]", "一百", "中文数字写成 100万元 这样的阿拉伯数字", "write a Chinese numeral in digits"),
    "a Chinese numeral that is paid": (DONE, DONE.replace("9万元", "九万元"), "九万", "中文数字写成", "a Chinese numeral in digits"),
    "a rate as a part of one": (GROWN, "when: [pot_rise >= 0.1]", "0.1", "0.1 即 10%", "0.1 is 10%"),
    "a price of a unit": (DONE, DONE.replace("9万元", "9万元/人"), "/人", "单价写成 pay: 9万元, per: 数量的事实", "`pay: 9万元, per: fact`"),
    "thousands parted within braces": (DONE, DONE.replace("9万元", "90,000元"), "90,000", "pay 的数字里去掉逗号", "drop the commas in the figure of `pay`"),
    "millions parted within braces": (DONE, DONE.replace("9万元", "1,200,000元"), "1,200", "pay 的数字里去掉逗号", "drop the commas in the figure of `pay`"),
    "a colon of a tier": ("tiers: {100万元: 1万元,", "tiers: {100万元：1万元,", "100万元：", "用半角符号写: 100万元: 1万元", "with half-width signs: 100万元: 1万元"),
    "a rate in Chinese": (COUNTED, "award: {rate: 百分之十, of: counted}", "百分之", "中文数字写成", "a Chinese numeral in digits"),
}  # fmt: skip

ELSEWHERE: Final[dict[str, Slip]] = {
    "a cap for life of a group": (MEMBERS, f"{MEMBERS}, cap_scope: lifetime", "cap_scope", "累计的上限（cap_scope: lifetime）写在条款上", "`cap_scope: lifetime`, is of a clause"),
    "the least of rows below": ("max: works, of: cost", "min: works, of: cost", "min: works", "下级各行只能 count、sum、max", "rows below have only `count`, `sum` and `max`"),
    "a rate of dollars": (COUNTED, "award: {rate: 10%, of: export}", "of: export}", "（usd 美元），只能是 money 人民币；美元先折成人民币: 写一项事实 in_yuan", "(usd); it takes money; first make it yuan, by a fact with `in_yuan`"),
    "dollars beside yuan": (GROWN, "when: [export >= sales]", "export >= sales", "（usd 美元）与 sales（money 人民币）不是同类，不能比较；美元先折成", "are of different kinds; first make it yuan"),
    "what is no count": ("nth_year: first_fired", "nth_year: floor", "nth_year: floor", "（area 面积），只能是 date 日期", "(area); it takes date"),
    **{
        f"the type {word}": ("en: wood burnt, type: count", f"en: wood burnt, type: {word}", word, f"是否应为 {meant}？", f"did you mean `{meant}`?")
        for word, meant in {"integer": "count", "数字": "number", "bool": "yesno", "百分比": "ratio", "金额": "money"}.items()
    },
    "units that are words": ("per: better}", "per: kind}", "per: kind", "只能是 count 个数、area 面积、number 数值、usd 美元", "it takes count, area, number, usd"),
}  # fmt: skip

SLIPS: Final = {**SPACES, **COMMAS, **YES_OR_NO, **FIGURES, **ELSEWHERE}


def faults_of(text: str) -> tuple[PolicyFault, ...]:
    """The faults of a policy that is refused."""
    with pytest.raises(PolicyError) as refused:
        parse_policy(text.encode(), "kilns.yaml", {})
    return refused.value.faults


@pytest.mark.parametrize(("old", "new", "mark", "zh", "en"), SLIPS.values(), ids=SLIPS.keys())
def test_an_odd_sign_is_one_fault_on_its_line_that_names_it(old: str, new: str, mark: str, zh: str, en: str) -> None:
    assert WHOLE.count(old) == 1
    text = WHOLE.replace(old, new)
    (fault,) = faults_of(text)
    assert zh in fault.message.zh
    assert en in fault.message.en
    assert fault.line == text[: text.index(mark, text.index(new)) + len(mark.rstrip())].count("\n") + 1
    assert not re.search(r"\b(?:must|write|cannot|the|did you)\b", fault.message.zh)


def test_yes_and_no_of_a_choice_are_a_fault_each() -> None:
    found = faults_of(WHOLE.replace(GUILD, "{by: guild, yes: 120%, no: 1}"))
    assert [fault.message.en for fault in found] == [
        "`guild` has no value `yes`; yes is written `true`",
        "`guild` has no value `no`; no is written `false`",
    ]


def test_the_members_that_a_group_may_have_are_listed_in_their_order_without_itself() -> None:
    (fault,) = faults_of(WHOLE.replace(MEMBERS, "members: [k_steps, qqq]"))
    assert fault.message.en.endswith(
        "known: k_floor, k_steps, k_more, k_bands, k_grid, k_first, k_climb, k_years, k_done, k_export, k_pool, k_crowd …"
    )


def test_a_number_that_is_no_area_is_called_a_number() -> None:
    text = WHOLE.replace("用柴, en: wood burnt, type: count, unit: 担", "用柴, en: wood burnt, type: number, unit: 吨")
    (fault,) = faults_of(text.replace("nth_year: first_fired", "nth_year: wood"))
    assert fault.message.en == "`nth_year` cannot use `wood` (number); it takes date"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: {zh: 增产, en: More pots}", "title: {zh: 增\u3000产, en: More\u00a0pots}"),
        ("title: {zh: 增产, en: More pots}", "title:\n    zh: |\n      甲\n      \u3000\u3000乙\n    en: More pots"),
        ("en: wood burnt, type", "en: wood burnt, aliases: ['A、B', '1、2'], type"),
    ],
)
def test_a_text_may_hold_signs_of_its_own(old: str, new: str) -> None:
    assert WHOLE.count(old) == 1
    parse_policy(WHOLE.replace(old, new).encode(), "kilns.yaml", {})
