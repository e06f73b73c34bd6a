"""Words that people write for the keys of a policy: the key that each stands for, or where what it means is written."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from anqing_subsidy.finding import Text

Likely = MappingProxyType[str, str]
Elsewhere = MappingProxyType[str, Text]


def _likely(**words: str) -> Likely:
    """`cap="max limit"`: for each key the words that stand for it."""
    return MappingProxyType({word: key for key, listed in words.items() for word in listed.split()})


def _elsewhere(*entries: tuple[str, str, str]) -> Elsewhere:
    """Words, and what is said of each of them in both languages."""
    return MappingProxyType({word: Text(zh, en) for words, zh, en in entries for word in words.split()})


_CAP: Final = "max maximum limit ceiling most 上限 限额 最高"
_WHEN: Final = "condition conditions if require requires 条件"
_AT_LEAST: Final = (
    "min minimum at_least 下限",
    "：至少多少是条件，写在条款的 when 里: 事实 >= 值",
    ": what must be reached is a condition; write `fact >= value` under `when` of the clause",
)
_FIRST: Final = (
    "first open_lines",
    "：写在预算里: budget: {sum: …, first: [...]}",
    ": it stands in the budget: `budget: {sum: …, first: [...]}`",
)
_SHAPES: Final = (
    (
        "pay amount sum 金额",
        "：写在 award 里: award: {pay: 5万元}",
        ": it stands in the award: `award: {pay: 5万元}`",
    ),
    (
        "rate percent percentage ratio 比例",
        "：写在 award 里: award: {rate: 2%, of: 事实}",
        ": it stands in the award: `award: {rate: 2%, of: fact}`",
    ),
    (
        "pool 资金池",
        "：写在 award 里: award: {pool: 总额, shared_by: 事实, open_lines: hold_all}",
        ": it stands in the award: `award: {pool: sum, shared_by: fact, open_lines: hold_all}`",
    ),
)
_AVERAGE: Final = (
    "average avg mean",
    "：平均数不用除法，总额与 times: [月数, 每月金额] 比较",
    ": an average needs no division, compare the total with `times: [months, sum a month]`",
)

OPTIONS: Final = _likely(
    count="int integer 整数 个数",
    number="float decimal 数字 数值 小数",
    yesno="bool boolean 是否",
    ratio="percent percentage rate 百分比 比例",
    money="amount currency yuan 金额",
    text="string str 文字 文本",
    enum="choice select 枚举",
    date="day 日期",
    year="年份",
    area="面积",
    highest="max most 取高",
    sum="add total 同享",
)
"""Of keys with a choice of words: the words that people write for them."""
BUDGET: Final = _likely(sum="amount total max limit 总额")
GROUP: Final = _likely(cap=_CAP, members="clauses items 成员", pays="pay")
AWARD: Final = _likely(
    cap=_CAP,
    pay="amount sum fixed 金额",
    rate="percent percentage ratio 比例",
    of="base",
    multiply_by="factor 倍数",
)
CLAUSE: Final = _likely(cap=_CAP, when=_WHEN, title="name 标题", award="awards 奖补")
EVERY_CLAUSE: Final = _likely(when=_WHEN, fund="funds 资金")
POLICY: Final = _likely(title="name 标题", groups="group 分组")

AWARD_ELSEWHERE: Final = _elsewhere(
    (
        "rank_by rank top first among ties",
        "：排名是 facts 下的一项，再写条件，如 facts 下 place: {zh: 名次, en: place, rank_by: [sales]}，条款下 when: [place <= 10]",
        ": a rank is a fact; write `place: {zh: …, en: …, rank_by: [sales]}` under `facts`, and `when: [place <= 10]` in the clause",
    ),
    (_WHEN, "：条件写 when，整条的写在条款上", ": a condition is `when`; those of the whole stand at the clause"),
    _AT_LEAST,
)
CLAUSE_ELSEWHERE: Final = _elsewhere(
    _AT_LEAST,
    (
        "round rounding round_down 取整",
        "：取整写 round_down_to，如 round_down_to: 1元（舍去不足一元的）",
        ": `round_down_to: 1元` drops what is below a yuan",
    ),
    _FIRST,
    *_SHAPES,
    (
        "group groups 分组",
        "：分组写在顶层: groups: [{id: …, members: [条款, 条款], pays: highest}]",
        ": groups stand at the top level: `groups: [{id: …, members: [clause, clause], pays: highest}]`",
    ),
)
BUDGET_ELSEWHERE: Final = _elsewhere(_FIRST)
"""Of what has a budget: a group, a fund."""
GROUP_ELSEWHERE: Final = _elsewhere(
    _FIRST,
    (
        "cap_scope",
        "：分组的上限是当年合计，历年累计的上限（cap_scope: lifetime）写在条款上",
        ": the cap of a group is of one year; one for life, `cap_scope: lifetime`, is of a clause",
    ),
)
POLICY_ELSEWHERE: Final = _elsewhere(_SHAPES[-1])
FACT_ELSEWHERE: Final = _elsewhere(
    _AVERAGE,
    (
        "min minimum",
        "：同一行中最小的写 least；下级各行只能 count、sum、max",
        ": the least of one row is `least`; rows below have only `count`, `sum` and `max`",
    ),
    ("divide", "：相除写 ratio，平均数用 times 比较", ": a quotient is `ratio`; an average is compared by `times`"),
    ("multiply", "：相乘写 times", ": a product is `times`"),
    ("subtract", "：相减写 minus", ": a difference is `minus`"),
    ("rank", "：名次写 rank_by", ": a place is `rank_by`"),
)
