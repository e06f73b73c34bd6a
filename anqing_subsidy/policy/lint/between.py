"""Clauses beside each other: articles, members of a group that never win, funds that never pay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.clauses import Clause, Group
from anqing_subsidy.policy.figures import money
from anqing_subsidy.policy.lint.bounds import cap_most, clause_bounds
from anqing_subsidy.policy.lint.region import Region
from anqing_subsidy.policy.lint.remark import Remark, Subject

_PLACEHOLDER: Final = re.compile(r"(?i)[\W_]*|todo|tbd|n/?a|xxx*|无|待定|待补|未知|暂无")


def check_articles(subject: Subject) -> Iterator[Remark]:
    """Clauses that cite nothing which could be looked up."""
    for clause, doc in subject.clauses():
        if _PLACEHOLDER.fullmatch(clause.article.strip()):
            yield Remark(
                doc.at("article"),
                "error",
                "NO_ARTICLE",
                Text(
                    f"条款 {clause.id} 没有写明文件条次（{clause.article}）", f"clause `{clause.id}` cites no article"
                ),
                Text("写明文件的条次，如 （一）1", "say which article of the document it is, such as （一）1"),
            )


def check_funds(subject: Subject) -> Iterator[Remark]:
    """A second fund of a clause that its conditions never let pay."""
    for clause, doc in subject.clauses():
        rule = clause.fund
        if rule.due_to is None:
            continue
        region = Region(subject.policy, (*clause.where, *clause.claimed, *clause.when))
        flag = region.flags.get(region.canonical(rule.due_to))
        # a part of the line stays with the first fund where only the increment moves
        dead = rule.other if flag is False else rule.fund if flag is True and rule.part == "whole_line" else None
        if dead is not None:
            yield Remark(
                doc.at("fund"),
                "warning",
                "UNREACHABLE_FUND",
                Text(f"资金 {dead} 永远不会付这一条：条款的条件已定下 {rule.due_to.id}", f"the fund `{dead}` never pays this clause: its conditions decide `{rule.due_to.id}`"),
                Text("只写一项资金，或改正条件", "name one fund, or correct the conditions"),
            )  # fmt: skip


def check_groups(subject: Subject) -> Iterator[Remark]:
    """Members of a group of which the highest is paid, that another member always beats."""
    policy = subject.policy
    for group, doc in zip(policy.groups, subject.doc.groups, strict=True):
        if group.pays != "highest":
            continue
        members = [policy.clauses[name] for name in group.members if name in policy.clauses]
        regions = {clause.id: _region(subject, clause) for clause in members}
        for clause in members:
            rival = next((other for other in members if _beaten(clause, other, group, regions)), None)
            if rival is not None:
                yield Remark(
                    doc.at("members", group.members.index(clause.id)),
                    "warning",
                    "NEVER_WINS",
                    Text(f"{clause.id} 在组 {group.id} 中永远不会被采用：符合它的也符合 {rival.id}，而 {rival.id} 给的不比它少", f"`{clause.id}` can never win in `{group.id}`: `{rival.id}` applies wherever it does and pays no less"),
                    Text("核对两条的条件和金额，或改为 pays: sum", "compare the two clauses, or let them add up"),
                )  # fmt: skip


def check_group_caps(subject: Subject) -> Iterator[Remark]:
    """A cap of a group below the least that one of its clauses can come to."""
    policy = subject.policy
    for group, doc in zip(policy.groups, subject.doc.groups, strict=True):
        top = cap_most(group.cap, Region(policy))
        for clause in (policy.clauses[name] for name in group.members if name in policy.clauses):
            region = _region(subject, clause)
            least = clause_bounds(clause, region).least
            if top is None or region.impossible is not None or region.off or least <= top:
                continue
            cap, sum_ = money(int(top)), money(int(least))
            yield Remark(
                doc.at("cap"),
                "warning",
                "CAP_BELOW_AWARD",
                Text(f"组 {group.id} 的上限 {cap.zh} 低于 {clause.id} 最少的奖补 {sum_.zh}", f"the cap of `{group.id}` ({cap.en}) is below the least that `{clause.id}` pays ({sum_.en})"),
                Text("按文件核对上限和金额", "compare cap and sums with the document"),
            )  # fmt: skip


def _region(subject: Subject, clause: Clause) -> Region:
    return Region(subject.policy, (*clause.where, *clause.claimed, *clause.when))


def _beaten(clause: Clause, rival: Clause, group: Group, regions: dict[str, Region]) -> bool:
    """Whether a rival is paid wherever a clause is, and never less; of equals the first member wins."""
    if rival.id == clause.id or rival.table != clause.table or rival.once or rival.less_paid:
        return False
    own, other = regions[clause.id], (*rival.where, *rival.claimed, *rival.when)
    if own.impossible is not None or own.off or not own.implies_all(other):
        return False
    mine, its = clause_bounds(clause, own), clause_bounds(rival, own)
    if mine.most is None or mine.most > its.least:
        return False
    first = group.members.index(rival.id) < group.members.index(clause.id)
    return first or mine.most < its.least
