"""Conditions that contradict each other, branches that can never hold or add nothing, the same condition twice."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.derivations import WhenHolds
from anqing_subsidy.policy.lint.region import Region, key_of
from anqing_subsidy.policy.lint.remark import Remark, Subject, line_of
from anqing_subsidy.policy.reader import Entry
from anqing_subsidy.policy.terms import AnyOf, Compare, Condition, Conditions

if TYPE_CHECKING:
    from anqing_subsidy.policy.model import Policy

Where = Callable[[str], int]
"""The line of a condition by its text."""


def check_conditions(subject: Subject) -> Iterator[Remark]:
    """All lists of conditions of a policy: clauses, facts, checks, rules."""
    policy, doc = subject.policy, subject.doc
    if doc.every_clause is not None:
        yield from _list(Region(policy), policy.every_clause, _lines(doc.every_clause, "when"))
    for clause, entry in subject.clauses():
        region = Region(policy, clause.every)
        yield from _twice(clause.when, _lines(entry, "when"))
        for key in ("where", "claimed", "own_when"):
            conditions: Conditions = getattr(clause, key)
            region = yield from _list(region, conditions, _lines(entry, key.removeprefix("own_")))
    for ref, fact in policy.facts.items():
        own = doc.facts[ref.table][ref.id]
        where = getattr(fact.how, "where", None) or getattr(fact.how, "among", None)
        if isinstance(fact.how, WhenHolds):
            yield from _list(Region(policy), fact.how.when, _lines(own, "when"))
        elif where:
            yield from _list(Region(policy), where, _lines(own, "where" if "where" in own.tree else "among"))
    for check, told in zip(policy.checks, doc.checks, strict=True):
        yield from _list(Region(policy), check.when, _lines(told, "when"))
    if policy.support is not None and doc.other_support is not None:
        for key in ("where", "undecided"):
            yield from _list(Region(policy), getattr(policy.support, key), _lines(doc.other_support, key))
    for rule in policy.claimants:
        yield from _list(Region(policy), rule.where, _lines(doc.one_claimant[rule.table], "where"))


def _lines(entry: Entry, key: str) -> Where:
    return lambda text: line_of(entry, key, text)


def _list(region: Region, conditions: Conditions, where: Where) -> Generator[Remark, None, Region]:
    """One list beside what must hold already; the region of both is returned to the caller of `yield from`."""
    yield from _twice(conditions, where)
    yield from _weaker(region.policy, conditions, where)
    joined = region.and_(conditions)
    if region.impossible is None and joined.impossible is not None and not joined.off:
        yield contradiction(joined.impossible, where)
    elif not joined.off and joined.conflict is None:
        own = {id(condition) for condition in conditions}
        for alternative, at, (first, second) in joined.dead_branches():
            if id(alternative) in own:
                yield _dead(alternative.branches[at], first, second, where)
    for condition in conditions:
        if isinstance(condition, AnyOf):
            yield from _branches(region, condition, where)
    return joined


def contradiction(conflict: tuple[str, str], where: Where) -> Remark:
    """Two conditions that must both hold and cannot."""
    first, second = conflict
    return Remark(
        where(second),
        "error",
        "CONTRADICTION",
        Text(
            f"条件“{first}”与“{second}”不能同时成立，永远没有人符合", f"`{first}` and `{second}` can never hold at once"
        ),
        Text("改正或删去其中一个", "correct or drop one of them"),
    )


def _dead(branch: Conditions, first: str, second: str, where: Where) -> Remark:
    texts = [text for condition in branch if (text := getattr(condition, "text", None))]
    return Remark(
        where(texts[0] if texts else second),
        "warning",
        "DEAD_BRANCH",
        Text(
            f"any: 里的“{'、'.join(texts)}”永远不成立：“{first}”与“{second}”矛盾",
            f"the branch `{', '.join(texts)}` of `any:` never holds: `{first}` and `{second}` exclude each other",
        ),
        Text("改正或删去这一支", "correct or drop the branch"),
    )


def _twice(conditions: Conditions, where: Where) -> Iterator[Remark]:
    seen: set[object] = set()
    for condition in conditions:
        key = key_of(condition)
        text = getattr(condition, "text", None)
        if key in seen and text is not None:
            yield _same(text, where)
        seen.add(key)


def _weaker(policy: Policy, conditions: Conditions, where: Where) -> Iterator[Remark]:
    """A bound of a figure beside one that asks for more."""
    bounds = [one for one in conditions if isinstance(one, Compare) and isinstance(one.value, int | Fraction | date)]
    for one in bounds:
        for other in bounds:
            alike = other is not one and other.ref == one.ref and key_of(other) != key_of(one)
            if alike and other.op != "==" and Region(policy, (other,)).implies_all((one,)):
                yield Remark(
                    where(one.text),
                    "warning",
                    "USELESS_CONDITION",
                    Text(
                        f"条件“{one.text}”是多余的：“{other.text}”成立时它也成立",
                        f"the condition `{one.text}` adds nothing: it holds wherever `{other.text}` does",
                    ),
                    Text("按文件核对两个数，或删去一个", "compare the two with the document, or drop one"),
                )
                break


def _same(text: str, where: Where) -> Remark:
    return Remark(
        where(text),
        "warning",
        "SAME_TWICE",
        Text(f"条件“{text}”写了两次", f"the condition `{text}` stands twice"),
        Text("删去一个，或改成原意", "drop one, or write what was meant"),
    )


def _branches(region: Region, alternative: AnyOf, where: Where) -> Iterator[Remark]:
    """Branches of one `any` that are the same, or that hold only where another one does."""
    policy = region.policy
    keys = [frozenset(key_of(condition) for condition in branch) for branch in alternative.branches]
    for at, branch in enumerate(alternative.branches):
        yield from _twice(branch, where)
        if keys[at] in keys[:at]:
            yield _same(_text(branch), where)
            continue
        own = Region(policy, branch)
        wider = [
            other
            for number, other in enumerate(alternative.branches)
            if keys[number] != keys[at] and own.implies_all(other)
        ]
        if wider and own.conflict is None and not Region(policy, wider[0]).implies_all(branch):
            yield Remark(
                where(_text(branch)),
                "warning",
                "USELESS_BRANCH",
                Text(
                    f"any: 里的“{_text(branch)}”是多余的：成立时“{_text(wider[0])}”也成立",
                    f"the branch `{_text(branch)}` of `any:` adds nothing: `{_text(wider[0])}` holds wherever it does",
                ),
                Text("删去其一，或改成原意", "drop one of them, or write what was meant"),
            )


def _text(branch: tuple[Condition, ...]) -> str:
    return ", ".join(str(getattr(condition, "text", "any: ...")) for condition in branch)
