"""The form of a policy file: which keys there are and what kind of value each takes, read by `reader`.

What the values mean (facts, conditions, amounts) is worked out in `build`. What stands behind `#:` is what an editor
shows of a key (`json_schema`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from anqing_subsidy.policy import schema_hints
from anqing_subsidy.policy.reader import COLUMN, ID, SOME, Between, Entry
from anqing_subsidy.policy.schema_clauses import (
    AwardDoc,
    BudgetDoc,
    ClauseDoc,
    EveryClauseDoc,
    FundDoc,
    GroupDoc,
    InstalmentsDoc,
    OnceDoc,
)
from anqing_subsidy.policy.schema_kinds import NONE, ColumnName, Conditions, LabelDoc, Plain, RatioDoc, Word

__all__ = [
    "NONE",
    "AwardDoc",
    "BudgetDoc",
    "ClauseDoc",
    "EveryClauseDoc",
    "FundDoc",
    "GroupDoc",
    "InstalmentsDoc",
    "LabelDoc",
    "OnceDoc",
]


class ReadingDoc(LabelDoc):
    """A question that the text leaves open, and its options; the first is in force."""

    options: Annotated[Mapping[str, LabelDoc], Between(2)]


class ApplicantDoc(Entry):
    """The table of applicants and the columns that identify and pay them."""

    table: str  #: 申报主体的表 · sheet of applicants
    code: ColumnName
    name: ColumnName
    county: Annotated[str | None, COLUMN] = None
    bank_name: Annotated[str | None, COLUMN] = None
    bank_account: Annotated[str | None, COLUMN] = None
    name_endings: tuple[Word, ...] = ()  #: 比较名称时略去的词尾 · dropped when names are compared


class HistoryDoc(Entry):
    """What "for the first time" looks back on."""

    table: str  #: 历年数据的表 · sheet of earlier years
    year: ColumnName
    since: str  #: 成立日期 · the day from which years count
    missing: Literal["pending", "assume_none"] = "pending"  #: 缺某年数据时 · where a year is missing
    basis: Literal["fact", "award"] = "fact"  #: 首次看数据还是看兑现 · first by figures or by awards
    declared: Mapping[str, str] = NONE  #: 没有历年表时的替代列 · columns that stand in for it
    suspect_ratio: RatioDoc | None = None  #: 疑似万元填成元的倍数 · ratios that look like a slip of unit


class PaidDoc(Entry):
    """The table of awards already paid."""

    table: str
    year: ColumnName
    clause: ColumnName
    object: ColumnName
    tier: ColumnName
    level: ColumnName
    amount: ColumnName


class SupportDoc(Entry):
    """The table of support from other programmes."""

    table: str
    clause: ColumnName
    object: ColumnName
    units: ColumnName
    amount: ColumnName
    same_matter: ColumnName
    where: Conditions = None  #: 哪些算重复支持 · which rows count
    undecided: Conditions = None  #: 哪些尚未批复 · which are still open
    effect: Literal["exclude", "top_up"]  #: 不再享受或补差额 · nothing, or the difference


class DecisionsDoc(Entry):
    """The table of decisions by hand."""

    table: str
    clause: ColumnName
    object: ColumnName
    decision: ColumnName
    amount: ColumnName
    row_ref: ColumnName
    reason: ColumnName
    decided_by: ColumnName


class ClaimantDoc(Entry):
    """Child rows that only one claimant may bring."""

    key: ColumnName  #: 同一人或物的编号 · what must not be claimed twice
    claimant: ColumnName  #: 申报的一方 · who claims it
    where: Conditions = None
    settle: Literal["hold", "earliest"] = "hold"  #: 两边暂扣或归最早 · held in both, or the earliest keeps it
    earliest: Annotated[str | None, COLUMN] = None  #: 定先后的日期 · the date that decides


Parts = tuple[Plain, ...]
"""Facts, or numbers as the document writes them."""
Pair = Annotated[tuple[Plain, ...], Between(2, 2)]


class FactDoc(Entry):
    """A derived fact: exactly one operation with its operands."""

    zh: str
    en: str
    count: str | None = None  #: 符合条件的下级行数 · number of child rows
    sum: str | None = None  #: 下级行某列之和 · sum over child rows
    max: str | None = None  #: 下级行某列最大值 · largest over child rows
    of: str | None = None  #: 加哪一列 · which column
    where: Conditions = None  #: 哪些行 · which rows
    else_: str | None = None  #: 没有该表时的替代列 · stands in without that sheet
    add: Parts | None = None  #: 相加 · added up
    minus: Parts | None = None  #: 第一项减其余 · the first less the others
    least: Parts | None = None  #: 取最小 · the least
    most: Parts | None = None  #: 取最大 · the greatest
    first_given: Parts | None = None  #: 第一个填了的 · the first that is filled in
    times: Parts | None = None  #: 相乘，如月数乘1万元 · multiplied, as months by 1万元
    ratio: Pair | None = None  #: [分子, 分母] · [above, below]
    growth: Pair | None = None  #: [本年, 上年]的增幅 · [now, before], as an exact fraction
    missing: Literal["pending", "met", "not_met"] = "pending"  #: 上年空缺时 · where last year is blank
    zero: Literal["pending", "met", "not_met"] = "pending"  #: 上年为0时 · where last year is 0
    last_year: ColumnName | None = None  #: 历年表中上一年的列 · a column of the year before
    nth_year: str | None = None  #: 自该日起第几年 · which year from that day
    full_months: Pair | None = None  #: [起, 止]的整月数 · whole months
    days: Pair | None = None  #: [起, 止]的天数，两头都算 · days, both counted
    in_yuan: str | None = None  #: 美元折人民币 · US dollars in yuan
    rank_by: Annotated[tuple[str, ...], SOME] | None = None  #: 按哪几项排名 · ranked by
    among: Conditions = None  #: 在哪些行中 · among which rows
    first: Literal["highest", "lowest"] = "highest"  #: 从高或从低 · highest or lowest first
    ties: Literal["share", "open"] = "open"  #: 并列时 · where two are equal
    year_of: str | None = None  #: 日期的年份 · the year of a date
    anniversary: str | None = None  #: 若干年后的同一天 · the same day years later
    years: Annotated[int, Between(0, 999)] | None = None  #: 几年 · how many years
    when: Conditions = None  #: 条件成立为是 · yes where these hold
    same_as: str | None = None  #: 同另一事实 · another fact under this name
    listed_in: str | None = None  #: 看名单 · by an official list
    listed: str | None = None  #: 在名单上的取值 · value of those on it
    unlisted: str | None = None  #: 不在名单上的取值 · value of the rest

    elsewhere = schema_hints.FACT_ELSEWHERE


class UnitSuspectDoc(Entry):
    """Figures so small that they may have been typed in 万元."""

    columns: tuple[str, ...]
    below: Plain
    at_least: int
    ratio: RatioDoc | None = None


class ColumnDoc(Entry):
    """A column of a sheet."""

    header: Plain  #: 表头 · the header
    en: str
    type: Literal[
        "uscc", "text", "enum", "yesno", "date", "year", "money", "usd", "count", "area", "number", "ratio"
    ]  #: 类型 · the type
    unit: str | None = None  #: 单位 · the unit
    range: Annotated[tuple[Plain, ...], Between(2, 2)] | None = None  #: 最小和最大 · least and greatest
    aliases: tuple[Word, ...] = ()  #: 其他表头 · other headers
    required: bool = False  #: 必填 · must be given
    values: str | None = None  #: 取值表 · its list of values
    open_values: bool = False  #: 也可填表外的词 · other words may stand
    doc: str = ""  #: 说明 · a remark
    relates: bool = False  #: 相同则可能是关联主体 · equal ones may be one hand
    named_by: str | None = None  #: 名称所在的列 · the column with its name


class CheckDoc(LabelDoc):
    """What cannot be, or hardly: a fault where all conditions hold."""

    id: Annotated[str, ID]
    each: str | None = None  #: 逐行检查哪张表 · rows of this sheet
    when: Conditions  #: 不应同时成立的条件 · what should not be
    severity: Literal["error", "warning", "info"] = "warning"  #: 轻重 · how grave
    fix: LabelDoc | None = None  #: 怎么办 · what to do


class TableDoc(Entry):
    """A sheet."""

    sheet: str  #: 表名 · the sheet's name
    en: str
    key: tuple[str, ...]  #: 唯一的列 · what makes a row distinct
    parent: str | None = None  #: 上级表 · whose rows these belong to
    object: str | None = None  #: 对象编号的列 · the column that names the object
    orphans: Literal["error", "warning"] = "error"  #: 找不到上级时 · a row without its parent
    unit_suspect: UnitSuspectDoc | None = None  #: 数值过小则疑为万元 · too small: typed in 万元?
    distinct: tuple[str, ...] = ()  #: 重复则提醒 · repeated: a warning
    doc: str = ""
    columns: Annotated[Mapping[str, ColumnDoc], Between(1)]  #: 列 · columns


class YesNoDoc(Entry):
    """The words for yes and no."""

    true: tuple[Word, ...]
    false: tuple[Word, ...]


class FundLabelDoc(LabelDoc):
    """A fund: its name, and what it has."""

    budget: Plain | BudgetDoc | None = None

    elsewhere = schema_hints.BUDGET_ELSEWHERE


class EffectiveDoc(Entry):
    """The days on which a policy is in force; without `to` it has no end yet."""

    from_: str
    to: str | None = None


class ExchangeDoc(Entry):
    """What a unit of foreign money is worth, in yuan."""

    usd: Plain


class PolicyDoc(Entry):
    """A whole policy file."""

    policy: str  #: 编号 · its name in results
    title: LabelDoc  #: 名称 · title
    source: LabelDoc  #: 文件出处 · where it was published
    year: Annotated[int, Between(1949, 2999)]  #: 申报年度 · the year
    effective: EffectiveDoc | None = None  #: 有效期 · in force
    exchange: ExchangeDoc | None = None  #: 汇率 · exchange rates
    readings: Mapping[str, ReadingDoc] = NONE  #: 文件没有写明之处 · what the document leaves open
    funds: Annotated[Mapping[str, FundLabelDoc], Between(1)]  #: 资金 · funds
    fund_note: LabelDoc | None = None  #: 资金的提醒 · a remark on the funds
    applicant: ApplicantDoc  #: 申报主体 · who applies
    rounding: Literal["half_up_fen", "down_fen"] = "half_up_fen"  #: 不足一分时 · parts of a fen
    history: HistoryDoc | None = None  #: 首次看哪些年 · what a first time looks back on
    awards_paid: PaidDoc | None = None  #: 历年已兑现表 · sheet of awards paid
    other_support: SupportDoc | None = None  #: 其他财政支持表 · sheet of other support
    decisions: DecisionsDoc | None = None  #: 人工核定表 · sheet of decisions by hand
    one_claimant: Mapping[str, ClaimantDoc] = NONE  #: 只能由一方申报 · rows that one claimant may bring
    declared_rows: Mapping[str, tuple[Mapping[str, Any], ...]] = NONE  #: 无明细时的行 · stand in for details
    facts: Mapping[str, Mapping[str, FactDoc]] = NONE  #: 由列算出的事实 · facts worked out from columns
    every_clause: EveryClauseDoc | None = None  #: 各条共同的 · what holds for every clause
    clauses: Annotated[tuple[ClauseDoc, ...], Between(1)]  #: 条款 · clauses
    groups: tuple[GroupDoc, ...] = ()  #: 条款之间 · between clauses
    guide: str | None = None  #: 填表说明文件 · words of the application form
    notes: tuple[LabelDoc, ...] = ()  #: 说明 · remarks
    checks: tuple[CheckDoc, ...] = ()  #: 不应出现的情况 · what should not be
    yes_no: YesNoDoc | None = None  #: 是否的写法 · words for yes and no
    enums: Mapping[str, Mapping[str, tuple[Word, ...]]] = NONE  #: 取值表 · lists of values
    tables: Annotated[Mapping[str, TableDoc], Between(1)]  #: 表 · sheets

    likely = schema_hints.POLICY
    elsewhere = schema_hints.POLICY_ELSEWHERE
