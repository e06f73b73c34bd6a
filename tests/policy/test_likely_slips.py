"""The slips of people who write their first policy: each is one fault, and says in both languages what to write instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.finding import PolicyError
from anqing_subsidy.policy import open_policy, parse_policy
from anqing_subsidy.policy.lint import lint
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.edition.page import page_of, record
from tests.language.town import WHOLE, clause, kiln, run

if TYPE_CHECKING:
    from pathlib import Path

GROWN: Final = "when: [pot_rise >= 10%]"
RENT: Final = "award: {pay: 2元, per: [floor, lease_months], deduct: aid, cap: [3万元, taxes]}"
PLEA: Final = "award: {by_hand: taxes}"
YEARS: Final = "shares: [50%, 30%, 20%]"
OUTLAY: Final = "add: [wages, known_rent, 100元]"
BETTER: Final = "most: [pots, pots_before]"
FIRE: Final = "budget: {sum: 20万元, open_lines: keep_back}"
WOOD: Final = "type: count, unit: 担"
Slip = tuple[str, str, str, str]
"""What stood there, what stands there now, words of the message in Chinese and in English."""

LABELS: Final[dict[str, Slip]] = {
    "a header in a condition": (GROWN, "when: [销售额 >= 5元]", "销售额 写作 sales", "销售额 is written `sales`"),
    "a header without blanks": (GROWN, "when: [销售额>=5元]", "应写成 sales >= 5元", "as `sales >= 5元`"),
    "a header after not": (GROWN, "when: [not 入会]", "入会 写作 guild", "`guild`"),
    "a header on the right": (GROWN, "when: [sales >= 租金]", "租金 写作 rent", "`rent`"),
    "a header of two facts": (GROWN, "when: [窑型 is folk]", "窑型 写作 kind 或 own_kind", "is written `kind` or `own_kind`"),
    "the title of a fact": (GROWN, "when: [老窑]", "老窑 写作 is_old", "`is_old`"),
    "a word of a list": (GROWN, "when: [kind is 民窑]", "民窑 写作 folk", "民窑 is written `folk`"),
    "a word of a list with ==": (GROWN, "when: [kind == 民窑]", "民窑 写作 folk", "民窑 is written `folk`"),
    "a header as an operand": (OUTLAY, "add: [工资, rent]", "工资 写作 wages", "`wages`"),
    "a header as what is added up": ("sum: works, of: cost", "sum: works, of: 成本", "成本 写作 cost", "`cost`"),
    "a header as the base": ("award: {rate: 10%, of: counted}", "award: {rate: 10%, of: 租金}", "租金 写作 rent", "`rent`"),
    "a header as a sum": (PLEA, "award: {pay: 租金}", "租金 写作 rent", "`rent`"),
    "a header as what decides": ("{pay: {by: place,", "{pay: {by: 名次,", "名次 写作 place", "`place`"),
    "a word as a key of a choice": ("{by: own_kind, glazed:", "{by: own_kind, 釉窑:", "釉窑 写作 glazed", "`glazed`"),
    "a header as the key": ("key: [kiln_no, work_no]", "key: [kiln_no, 作品号]", "作品号 写作 work_no", "`work_no`"),
    "a sheet's name": ("count: works,", "count: 作品,", "作品 写作 works", "`works`"),
    "a fund's name": ("part: increment}", "part: increment}\n\n- id: k_more_yet\n  article: 三十\n  title: {zh: 又, en: yet}\n  award: {by_hand: true}\n  fund: 陶土资金", "陶土资金 写作 clay", "`clay`"),
    "a title among members": ("members: [k_steps, k_more]", "members: [销售整档, k_more]", "销售整档 写作 k_steps", "`k_steps`"),
    "an article among members": ("members: [k_steps, k_more]", "members: [二, k_more]", "二 写作 k_steps", "`k_steps`"),
    "a title among what was paid": ("less_paid: [k_medal]", "less_paid: [作品评级]", "作品评级 写作 k_medal", "`k_medal`"),
}  # fmt: skip

CONDITIONS: Final[dict[str, Slip]] = {
    "a full-width comma": (GROWN, "when: [sales >= 5元，pot_rise >= 10%]", "应写成 [sales >= 5元, pot_rise >= 10%]（条件之间用半角逗号", "as `[sales >= 5元, pot_rise >= 10%]`"),
    "the sign turned round": (GROWN, "when: [sales => 5元]", "应写成 sales >= 5元", "as `sales >= 5元`: the signs are"),
    "the other sign turned round": (GROWN, "when: [sales =< 5元]", "应写成 sales <= 5元", "as `sales <= 5元`"),
    "a sign apart": (GROWN, "when: [sales > = 5元]", "应写成 sales >= 5元（符号前后各空一格", "as `sales >= 5元`: a space before and after"),
    "no blank behind": (GROWN, "when: [sales >=5元]", "应写成 sales >= 5元（符号前后各空一格", "as `sales >= 5元`"),
    "no blanks": (GROWN, "when: [sales>=5元]", "应写成 sales >= 5元", "as `sales >= 5元`"),
    "a value first without blanks": (GROWN, "when: [5元<=sales]", "事实写在前面: sales >= 5元", "the fact comes first: `sales >= 5元`"),
    "one sign of equality": (GROWN, "when: [pots = 5]", "应写成 pots == 5", "as `pots == 5`"),
    "a sign of one character": (GROWN, "when: [sales ≥ 5元]", "应写成 sales >= 5元（符号写作", "as `sales >= 5元`"),
    "a full-width per cent": (GROWN, "when: [pot_rise >= １０％]", "应写成 pot_rise >= 10%", "as `pot_rise >= 10%`"),
    "is not blank": (GROWN, "when: [sales is not blank]", "应写成 sales is given", "as `sales is given`"),
    "is not given": (GROWN, "when: [sales is not given]", "应写成 sales is blank", "as `sales is blank`"),
    "is empty": (GROWN, "when: [sales is empty]", "应写成 sales is blank", "as `sales is blank`"),
    "is not a word": (GROWN, "when: [kind is not folk]", "应写成 kind != folk", "as `kind != folk`"),
    "is not one of two": (GROWN, "when: [kind is not folk or crude]", "[kind != folk, kind != crude]", "as `[kind != folk, kind != crude]`"),
    "in a list": (GROWN, "when: 'kind in [folk, crude]'", "应写成 kind is folk or crude", "as `kind is folk or crude`"),
    "not in a list": (GROWN, "when: 'kind not in [folk, crude]'", "[kind != folk, kind != crude]", "as `[kind != folk, kind != crude]`"),
    "in a list within a list": (GROWN, "when: [kind in [folk, crude]]", "写成 kind is folk or crude", "write `kind is folk or crude`"),
    "a yes that is compared": (GROWN, "when: [guild == yes]", "只写 guild", "write `guild` alone"),
    "a Chinese yes": (GROWN, "when: [guild == 是]", "只写 guild", "write `guild` alone"),
    "a no that is compared": (GROWN, "when: [guild == 否]", "只写 not guild", "write `not guild` alone"),
    "not a yes": (GROWN, "when: [guild != yes]", "只写 not guild", "write `not guild` alone"),
    "not a no": (GROWN, "when: [guild != no]", "只写 guild", "write `guild` alone"),
}  # fmt: skip

UNITS: Final[dict[str, Slip]] = {
    "another unit": (GROWN, "when: [score >= 60人]", "'60人' 的单位不是 分: 只写以 分 计的数字", "'60人' is not in 分, the unit of the fact: leave out the unit"),
    "a unit of a count without one": (GROWN, "when: [place <= 3名]", "'3名' 不带单位，写 3", "'3名' goes without a unit: write 3"),
    "another unit as an operand": (BETTER, "most: [pots, 12月]", "'12月' 的单位不是 件", "'12月' is not in 件"),
    "another unit of a step": ('per_full: "20"', "per_full: 20人", "'20人' 的单位不是 件", "'20人' is not in 件"),
    "another unit of a tier": ('tiers: {"100": 1000元', "tiers: {100人: 1000元", "档次不对: '100人' 的单位不是 件", "tier '100人'"),
    "a sum without its unit": ("per_full: 10万元, of: sales", "per_full: 10万, of: sales", "'10万' 不是金额: 末尾加上元，写成 10万元", "end it with 元, as in 10万元"),
    "a cap in another currency": ("{by_hand: 10万元}", "{by_hand: 10万美元}", "'10万美元' 不是金额", "is not an amount of money"),
    "a rate without its sign": ("award: {rate: 10%, of: counted}", "award: {rate: '0.1', of: counted}", "'0.1' 不是比例", "is not a rate"),
    "a number of rows with a unit": ("  rows: add_up\n", "  rows: add_up\n  most_rows: 20行\n", "most_rows 应为整数，这里是文字", "must be a whole number, not a text"),
    "a range of a count": ("type: count, unit: 担", "type: count, unit: 担, range: [1, 12]", "只有 ratio 列有 range", "only a ratio has a `range`"),
    "a range that is no rate": ("type: count, unit: 担", "type: ratio, range: [1, 12]", "range 不对: '1' 不是比例", "is not a rate"),
}  # fmt: skip

SHARES: Final[dict[str, Slip]] = {
    "parts of years": (YEARS, "shares: 4:3:3", "写成 [40%, 30%, 30%]", "write [40%, 30%, 30%]"),
    "quoted parts": (YEARS, 'shares: "4:3:3"', "写成 [40%, 30%, 30%]", "write [40%, 30%, 30%]"),
    "a list of parts": (YEARS, "shares: [4, 3, 3]", "份额写成百分数: [40%, 30%, 30%]", "written in per cent: [40%, 30%, 30%]"),
    "parts that have no end": (YEARS, "shares: [1, 2]", "[1/3, 2/3]", "[1/3, 2/3]"),
    "parts of nothing": (YEARS, "shares: [0, 0]", "[…, …]", "[…, …]"),
    "parts of funds": ("{clay: 60%, town: 40%}", "{clay: 4, town: 6}", "{clay: 40%, town: 60%}", "{clay: 40%, town: 60%}"),
    "one to one": ("shares: {clay: 60%, town: 40%}", "shares: 1:1", "写成 {…: 50%, …: 50%}", "write {…: 50%, …: 50%}"),
}  # fmt: skip

SCALARS: Final[dict[str, Slip]] = {
    "a word that YAML takes for a number": ("en: fire fund", "en: 10e2", "文字加引号", "quote a text"),
    "a text that is a number": ("policy: taoxi-kilns-2022", "policy: 2022", '加引号: "2022"', 'quote it, "2022"'),
    "a text that is true": ("policy: taoxi-kilns-2022", "policy: true", '加引号: "true"', 'quote it, "true"'),
    "a title in one language": ("title: {zh: 销售整档, en: Steps of sales}", "title: 销售整档", "{zh: …, en: …}", "a mapping {zh: …, en: …}"),
    "two keys on a line": ("  budget: 15万元\n", "  budget: 15万元, first: [k_done]\n", "加花括号", "in braces"),
    "tabs": ("  award: {pay: 9万元, prorate_by: done_part}", "\taward: {pay: 9万元, prorate_by: done_part}", "制表符", "a tab"),
}  # fmt: skip

TURNED: Final[dict[str, Slip]] = {
    "a price in a product": ("times: [lease_months, 10万元]", "times: [floor, lease_months, 6元]", "pay: 6元, per: [floor, lease_months]", "`pay: 6元, per: [floor, lease_months]`"),
    "a price in a cap": (PLEA, "award: {pay: rent, cap: {pay: 6元, per: [floor]}}", "cap: {rate: 30%, of: 总额}", "turn it round"),
}  # fmt: skip

KEYS: Final[dict[str, Slip]] = {
    **{
        f"{word} in an award": (PLEA, f"award: {{pay: 5元, {word}: 3元}}", "应写 cap", "write `cap`")
        for word in ("max", "limit", "上限")
    },
    **{
        f"{word} as an award": (PLEA, f"award: {{{word}: 5元}}", "应写 pay", "write `pay`")
        for word in ("amount", "sum", "金额")
    },
    **{
        f"{word} as an award": (PLEA, f"award: {{{word}: 5%, of: rent}}", "应写 rate", "write `rate`")
        for word in ("percent", "ratio", "比例")
    },
    "min in an award": (PLEA, "award: {pay: 5元, min: 3元}", "至少多少是条件", "`fact >= value` under `when`"),
    "a condition of an award": (PLEA, "award: {pay: 5元, if: [guild]}", "条件写 when", "a condition is `when`"),
    "a condition": (GROWN, "condition: [guild]", "应写 when", "write `when`"),
    "if": (GROWN, "if: [guild]", "应写 when", "write `when`"),
    "a name": ("title: {zh: 增产, en: More pots}", "name: {zh: 增产, en: More pots}", "应写 title", "write `title`"),
    "a limit of a clause": ("  cap: 6万元\n", "  limit: 6万元\n", "应写 cap", "write `cap`"),
    "a group of a clause": (GROWN, "group: trade", "分组写在顶层", "groups stand at the top level"),
    "a pool of a clause": (GROWN, "pool: 10万元", "award: {pool: 总额", "`award: {pool: sum"),
    "a rate of a clause": (GROWN, "percent: 5%", "award: {rate: 2%, of: 事实}", "`award: {rate: 2%, of: fact}`"),
    "a limit of a group": ("pays: sum, cap: taxes", "pays: sum, max: taxes", "应写 cap", "write `cap`"),
    "clauses of a group": ("members: [k_steps, k_more]", "clauses: [k_steps, k_more]", "应写 members", "write `members`"),
    "an average": (OUTLAY, "average: [wages, rent]", "平均数不用除法", "an average needs no division"),
    "what is paid first, beside a budget": ("budget: 15万元", "budget: 15万元\n  first: [k_done]", "budget: {sum: …, first: [...]}", "`budget: {sum: …, first: [...]}`"),
    "what is paid first, of a fund": (FIRE, "budget: 20万元, first: [k_more]", "budget: {sum: …, first: [...]}", "`budget: {sum: …, first: [...]}`"),
    "the amount of a budget": (FIRE, "budget: {amount: 20万元}", "应写 sum", "write `sum`"),
}  # fmt: skip

SLIPS: Final = {**LABELS, **CONDITIONS, **UNITS, **SHARES, **SCALARS, **TURNED, **KEYS}


@pytest.mark.parametrize(("old", "new", "zh", "en"), SLIPS.values(), ids=SLIPS.keys())
def test_a_likely_slip_is_one_fault_that_says_what_to_write(old: str, new: str, zh: str, en: str) -> None:
    assert WHOLE.count(old) == 1
    with pytest.raises(PolicyError) as refused:
        parse_policy(WHOLE.replace(old, new).encode(), "kilns.yaml", {})
    (fault,) = refused.value.faults
    assert zh in fault.message.zh
    assert en in fault.message.en
    assert not re.search(r"\b(?:must|write|cannot|the|did you)\b", fault.message.zh)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (GROWN, "when: [score >= 60分]"),
        (GROWN, "when: [pots >= 3万件, 10件 <= pots < 20万件]"),
        (BETTER, "most: [pots, 100000件]"),
        (GROWN, "when: [better >= 5件]"),
        ('per_full: "20"', "per_full: 20件"),
        ('tiers: {"100": 1000元', "tiers: {100件: 1000元"),
        (GROWN, "when: [floor >= 4.5㎡, floor >= 1万平方米]"),
        (WOOD, "type: number, unit: 吨}\n      ash: {header: 灰, en: ash, type: number"),
    ],
)
def test_a_quantity_may_have_the_unit_that_the_policy_gives_the_column(old: str, new: str) -> None:
    assert WHOLE.count(old) == 1
    parse_policy(WHOLE.replace(old, new).encode(), "kilns.yaml", {})


def test_square_metres_are_no_unit_of_what_is_in_another() -> None:
    text = WHOLE.replace("type: area, unit: ㎡", "type: area, unit: 亩").replace(GROWN, "when: [floor >= 5㎡]")
    with pytest.raises(PolicyError, match="is not in 亩"):
        parse_policy(text.encode(), "kilns.yaml", {})


@pytest.mark.parametrize("text", ["hamlet == 甲，乙", "hamlet == 甲（东）", "kind is folk or crude", "guild == true"])
def test_what_is_no_slip_is_read_as_it_stands(text: str) -> None:
    parse_policy(WHOLE.replace(GROWN, f"when: ['{text}']").encode(), "kilns.yaml", {})


# ---- a number of up to four decimals ---------------------------------------------------------------------------------
NUMBER: Final = WHOLE.replace("用柴, en: wood burnt, type: count, unit: 担", "用柴, en: wood burnt, type: number{unit}")
BANDS: Final = "{highest_of: [{pay: 1元, when: [1.5 <= wood < 4.5]}, {pay: 2元, when: [wood > 4.5]}]}"


def policy_of(unit: str, when: str = "wood >= 4.5") -> Any:  # noqa: ANN401  # a policy and its text
    body = clause("{pay: 2元, per: wood}", f"when: [{when}]") + clause(BANDS, id_="k_two")
    text = NUMBER.replace("{unit}", unit)
    head, tail = text.index("clauses:\n"), text.index("yes_no:")
    text = text[:head] + "clauses:\n" + body + text[tail:]
    return parse_policy(text.encode(), "kilns.yaml", {}), text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("unit", "shown"), [(", unit: 吨", "4.5吨|4.5 吨"), ("", r"4\.5(?!\d)")])
def test_a_number_has_the_unit_that_is_declared_or_none(unit: str, shown: str, lang: Any, tmp_path: Path) -> None:  # noqa: ANN401  # a language
    policy, text = policy_of(unit)
    found = run(policy, kiln(1, wood=44_000), kiln(2, wood=45_000))
    said = Describer(found, lang).describe(found.lines)
    (tmp_path / "kilns.yaml").write_text(text, encoding="utf-8")
    remarks = [remark.message.say(lang) for remark in lint(open_policy(tmp_path / "kilns.yaml"))]
    every = [str(record(page_of(policy, lang))), *said.reason_text.to_list(), *remarks]
    assert "㎡" not in "".join(every)
    assert "m²" not in "".join(every)
    assert all(re.search(shown, part) for part in (every[0], "".join(every[1:3]), "".join(remarks)))


def test_a_number_pays_by_its_decimals() -> None:
    found = run(policy_of("", "wood >= 4.5")[0], kiln(1, wood=45_000))
    (amount,) = found.lines.filter(found.lines["clause"] == "k_one")["amount"]
    assert amount == 900
