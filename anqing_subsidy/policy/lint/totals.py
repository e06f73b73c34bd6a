"""Sums that say nothing: a budget below what a single line takes, an award of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.articles import clauses_of
from anqing_subsidy.policy.clauses import Award, HighestOf, Keyed, Pay, Pool, parts_of
from anqing_subsidy.policy.figures import money
from anqing_subsidy.policy.lint.bounds import clause_bounds
from anqing_subsidy.policy.lint.region import Region
from anqing_subsidy.policy.lint.remark import Remark, Subject, with_docs

if TYPE_CHECKING:
    from anqing_subsidy.policy.clauses import Budget, Clause, Value
    from anqing_subsidy.policy.schema import AwardDoc, ClauseDoc


def check_totals(subject: Subject) -> Iterator[Remark]:
    """The budgets of clauses, groups and funds."""
    policy = subject.policy
    for clause, doc in subject.clauses():
        if clause.budget is not None:
            yield from _budget(subject, clause.budget, [clause], doc.at("budget"))
    for group, group_doc in zip(policy.groups, subject.doc.groups, strict=True):
        if group.budget is not None:
            members = [policy.clauses[id_] for id_ in clauses_of(group.id, policy)]
            yield from _budget(subject, group.budget, members, group_doc.at("budget"))
    for fund, budget in policy.budgets.items():
        payers = [clause for clause in policy.clauses.values() if clause.fund.funds == {fund}]
        yield from _budget(subject, budget, payers, subject.doc.at("funds", fund))


def _budget(subject: Subject, budget: Budget, clauses: list[Clause], line: int) -> Iterator[Remark]:
    """Each clause of which a single line, or whose pool, is more than there is in all."""
    for clause in clauses:
        region = _region(subject, clause)
        pool: int = next((part.shape.sum for part in parts_of(clause.award) if isinstance(part.shape, Pool)), 0)
        least = clause_bounds(clause, region).least
        if region.impossible is not None or region.off or max(pool, int(least)) <= budget.sum:
            continue
        sum_, what = money(budget.sum), money(max(pool, int(least)))
        is_pool = pool > budget.sum
        yield Remark(
            line,
            "warning",
            "BUDGET_BELOW_AWARD",
            Text(
                f"预算 {sum_.zh} 低于条款 {clause.id} {'分配的总额' if is_pool else '一笔最少的奖补'} {what.zh}",
                f"the budget {sum_.en} is below {'the pool' if is_pool else 'the least that a line'} of `{clause.id}` {'' if is_pool else 'pays '}({what.en})",
            ),
            Text("按文件核对预算和金额", "compare budget and sums with the document"),
        )


def check_nothing(subject: Subject) -> Iterator[Remark]:
    """Clauses whose award can never be more than nothing."""
    for clause, doc in subject.clauses():
        if clause_bounds(clause, Region(subject.policy)).most == 0:
            yield Remark(
                doc.at("award"),
                "warning",
                "PAYS_NOTHING",
                Text(f"条款 {clause.id} 的奖补总是 0", f"the award of `{clause.id}` is always 0"),
                Text("写明金额；由人工核定的写 by_hand", "write the sum; `by_hand` where a person decides it"),
            )


def check_whole(subject: Subject) -> Iterator[Remark]:
    """Fixed sums of a clause that pays whole multiples: one below the multiple is nothing, one between two is less."""
    for clause, doc in subject.clauses():
        if clause.whole == 1:
            continue
        whole = money(clause.whole)
        most = clause_bounds(clause, _region(subject, clause)).most
        if most is not None and 0 < most < clause.whole:
            top = money(int(most))
            yield Remark(
                doc.at("round_down_to"),
                "error",
                "PAYS_NOTHING",
                Text(
                    f"条款 {clause.id} 最多 {top.zh}，舍去不足 {whole.zh} 的部分后总是 0",
                    f"`{clause.id}` comes to {top.en} at most: in whole multiples of {whole.en} that is always 0",
                ),
                Text("按文件核对 round_down_to 和金额", "compare `round_down_to` and the sums with the document"),
            )
            continue
        for pay, entry in _fixed(clause, doc):
            for sum_ in dict.fromkeys(_sums(pay.amount)):
                if sum_ % clause.whole:
                    typed, left = money(sum_), money(sum_ - sum_ % clause.whole)
                    yield Remark(
                        entry.at("pay"),
                        "warning",
                        "ROUNDED_SUM",
                        Text(
                            f"固定金额 {typed.zh} 舍去不足 {whole.zh} 的部分后总是 {left.zh}",
                            f"the sum {typed.en} is always {left.en} in whole multiples of {whole.en}",
                        ),
                        Text(
                            "按文件核对 round_down_to 和金额", "compare `round_down_to` and the sums with the document"
                        ),
                    )


def _fixed(clause: Clause, doc: ClauseDoc) -> Iterator[tuple[Pay, AwardDoc]]:
    """The fixed sums of a clause that nothing is added to, or taken from, before they are rounded down."""
    if clause.rows == "add_up" or not isinstance(clause.award.shape, Pay | HighestOf) or not _plain(clause.award):
        return
    for part, entry in with_docs(clause.award, doc.award):
        if isinstance(part.shape, Pay) and not part.shape.per and _plain(part):
            yield part.shape, entry


def _plain(award: Award) -> bool:
    return award == Award(award.shape)


def _sums(value: Value) -> Iterator[int]:
    """The sums of a value that are written in it."""
    if isinstance(value, Keyed):
        for inner in (*value.cases.values(), *([] if value.otherwise is None else [value.otherwise])):
            yield from _sums(inner)
    elif isinstance(value, int):
        yield value


def _region(subject: Subject, clause: Clause) -> Region:
    return Region(subject.policy, (*clause.where, *clause.claimed, *clause.when))
