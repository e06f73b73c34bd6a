"""The keys of clauses and groups: awards, what is paid once, funds, instalments, budgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from anqing_subsidy.policy import schema_hints
from anqing_subsidy.policy.reader import ID, ONE_OR_MORE, SOME, Between, Entry
from anqing_subsidy.policy.schema_kinds import Conditions, FundTree, LabelDoc, Plain, Tree


class BudgetDoc(Entry):
    """The most that is paid in all, and what becomes of lines that are open when it is exceeded."""

    sum: Plain  #: 总额 · in all
    open_lines: Literal["leave_out", "keep_back"] = "leave_out"  #: 未定的留不留额度 · what open lines keep
    first: Annotated[tuple[str, ...], ONE_OR_MORE] = ()  #: 先付的条款 · clauses that are paid first

    likely = schema_hints.BUDGET


class AwardDoc(Entry):
    """An award: one shape (pay, rate, highest_of, sum_of, first_past, pool, by_hand) and its modifiers."""

    pay: Tree = None  #: 金额 · a sum: 5万元, a fact, or {by: fact, key: sum}
    per: Annotated[tuple[str, ...], SOME] | None = None  #: 每单位 · for each unit of these
    per_full: Plain | None = None  #: 每满 · for each full step
    rate: Tree = None  #: 比例 · a rate: 2%
    of: str | None = None  #: 按哪一项计 · the base
    only_above: Plain | None = None  #: 只计超过的部分 · only the part above
    up_to: Plain | None = None  #: 计至 · only the part up to
    highest_of: tuple[AwardDoc, ...] | None = None  #: 只付最高的一行 · rows, the highest is paid
    sum_of: tuple[AwardDoc, ...] | None = None  #: 各行相加 · rows, added up
    first_past: str | None = None  #: 首次突破的指标 · first time past a level
    past: Literal["gt", "ge"] = "gt"  #: 超过(gt)或达到(ge) · above, or at it
    tiers: Mapping[str, Tree] | None = None  #: {门槛: 金额} · {threshold: sum}
    jump: Literal["highest", "cumulative"] = "highest"  #: 一年跨几档 · several tiers in one year
    pool: Plain | None = None  #: 总额 · a sum shared among all
    shared_by: str | None = None  #: 按哪一项分 · the points
    open_lines: Literal["hold_all", "leave_out"] | None = None  #: 有人未定时 · while a line is open
    by_hand: Tree = None  #: 人工核定，true或上限 · decided by hand: true, or a limit
    multiply_by: Tree = None  #: 倍数 · a factor
    prorate_by: str | None = None  #: 按完成比例 · a ratio, at most 1
    deduct: Tree = None  #: 减去 · less
    cap: Tree = None  #: 上限 · at most
    when: Conditions = None  #: 本行的条件 · conditions of the row

    likely = schema_hints.AWARD
    elsewhere = schema_hints.AWARD_ELSEWHERE


class OnceDoc(Entry):
    """What blocks a second award."""

    same: Annotated[
        tuple[Literal["tier", "applicant", "object", "level"], ...], SOME
    ]  #: 同一什么只奖一次 · what is paid once
    with_: tuple[str, ...] | None = None  #: 合并计算的条款 · clauses that count together
    within_years: Annotated[int, Between(1, 99)] | None = None  #: 几年内 · within how many years
    highest_first: tuple[str, ...] | None = None  #: 级别从高到低 · levels, highest first


class FundDoc(Entry):
    """The fund of a line and the other one where a yes/no fact moves it there; or funds that share the cost."""

    fund: str | None = None  #: 资金 · the fund
    or_: str | None = None  #: 另一项资金 · the other fund
    due_to: str | None = None  #: 何种情况改由另一项付 · the fact that moves it there
    part: Literal["whole_line", "increment"] = "whole_line"  #: 整笔或增加的部分 · the whole line or the increment
    shares: Annotated[Mapping[str, Plain], Between(2)] | None = None  #: {资金: 比例} · {fund: share}


class InstalmentsDoc(Entry):
    """An award paid over years: which year of support it is, and the share of each."""

    year: str  #: 第几年的事实 · which year of support it is
    shares: Annotated[tuple[Plain, ...], Between(2)]  #: 各年比例 · the share of each year


class ClauseDoc(Entry):
    """One line of the policy."""

    id: Annotated[str, ID]  #: 编号，结果中使用 · its name in results
    article: str  #: 文件条次 · the article of the document
    title: LabelDoc  #: 标题 · title
    each: str | None = None  #: 按哪张表逐行计 · a line for each row of this sheet
    one_line_per: Literal["applicant", "object"] | None = None  #: 合为一笔 · rows put together
    rows: Literal["add_up", "highest"] | None = None  #: 各行相加或取最高 · added up, or the highest
    most_rows: Annotated[int, Between(1, 999)] | None = None  #: 相加的最多几行 · how many rows are added up at most
    where: Conditions = None  #: 哪些行属于本条 · which rows it is about
    claimed: Conditions = None  #: 怎样算申报 · when it is claimed
    unclaimed_beside: tuple[str, ...] = ()  #: 填了这些却未申报则提醒 · filled in without a claim: a warning
    when: Conditions = None  #: 条件，全部满足 · conditions, all of them
    award: AwardDoc  #: 奖补 · what is paid
    declared: AwardDoc | None = None  #: 没有明细表时 · where there is no sheet of details
    cap: Tree = None  #: 上限 · at most
    cap_scope: Literal["per_year", "lifetime"] = "per_year"  #: 每年或累计 · a year, or for life
    round_down_to: Plain | None = None  #: 取整，如 1元、1万元 · whole multiples of this only
    once_for: Annotated[tuple[OnceDoc, ...], ONE_OR_MORE] = ()  #: 一次性 · what is paid once
    less_paid: tuple[str, ...] = ()  #: 扣除以前按这些条款已付的 · less what was paid under these
    instalments: InstalmentsDoc | None = None  #: 分年兑付 · paid over years
    budget: Plain | BudgetDoc | None = None  #: 本条总额 · in all for this clause
    fund: FundTree = None  #: 资金 · which fund pays

    likely = schema_hints.CLAUSE
    elsewhere = schema_hints.CLAUSE_ELSEWHERE


class EveryClauseDoc(Entry):
    """What is written once for every clause."""

    when: Conditions = None  #: 各条都要求的条件 · conditions of every clause
    fund: FundTree = None  #: 没有写明资金的条款由谁付 · the fund of clauses that name none

    likely = schema_hints.EVERY_CLAUSE


class GroupDoc(Entry):
    """Clauses of which the highest is paid, or which add up, up to a cap."""

    id: str
    members: Annotated[
        tuple[str, ...], Between(2)
    ]  #: 条款或组，在前者同额优先 · clauses or groups; earlier ones win a tie
    pays: Literal["highest", "sum"]  #: 取高或同享 · the highest, or all
    cap: Tree = None  #: 合计上限 · together at most
    budget: Plain | BudgetDoc | None = None  #: 合计总额 · together in all

    likely = schema_hints.GROUP
    elsewhere = schema_hints.GROUP_ELSEWHERE
