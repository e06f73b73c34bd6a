"""What a part of a policy looks at: the facts behind a condition, an award or a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from anqing_subsidy.policy.clauses import Clause, crossings_of
from anqing_subsidy.policy.derivations import DerivedFact, LastYear, OverChildren
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import Compare, Holds, IsOneOf, Ref, refs_in


def parts_read(clause: Clause) -> tuple[object, ...]:
    """The parts of a clause that look at facts."""
    return (
        clause.where, clause.claimed, clause.when, clause.award, clause.declared_award, clause.cap, clause.instalments, clause.fund,
    )  # fmt: skip


def claimed_by(clause: Clause) -> Iterator[tuple[Ref, bool | str]]:
    """The facts by which a clause is claimed, each with a value that claims it."""
    for condition in clause.claimed:
        if isinstance(condition, Holds):
            yield condition.ref, condition.wanted
        elif isinstance(condition, IsOneOf):
            yield condition.ref, condition.options[0]
        elif isinstance(condition, Compare) and condition.op == "==" and isinstance(condition.value, bool | str):
            yield condition.ref, condition.value


def joint_caps_over(policy: Policy, clause: Clause) -> tuple[object, ...]:
    """The caps of the groups around a clause, also of groups of groups."""
    around, member = [], clause.id
    while group := next((group for group in policy.groups if member in group.members), None):
        around.append(group.cap)
        member = group.id
    return tuple(around)


def refs_behind(node: Any, facts: Mapping[Ref, DerivedFact]) -> list[Ref]:  # noqa: ANN401  # any part of a policy
    """The facts named and, through derived ones, those behind them: each once."""
    found: dict[Ref, None] = {}
    waiting = list(refs_in(node))
    while waiting:
        ref = waiting.pop(0)
        if ref not in found:
            found[ref] = None
            if ref in facts:
                waiting.extend(refs_in(facts[ref].how))
    return list(found)


def tables_behind(policy: Policy, clause_id: str) -> set[str]:
    """The tables whose rows decide a clause: its own, those that its facts count, earlier years, awards, support."""
    clause = policy.clauses[clause_id]
    found = {clause.table, *(rule.table for rule in (policy.paid, policy.support) if rule is not None)}
    if crossings_of(clause.award) and policy.history is not None:
        found.add(policy.history.table)
    for ref in refs_behind((*parts_read(clause), *joint_caps_over(policy, clause)), policy.facts):
        found.add(ref.table)
        how = policy.facts[ref].how if ref in policy.facts else None
        if isinstance(how, OverChildren):
            found.add(how.child)
        elif isinstance(how, LastYear) and policy.history is not None:
            found.add(policy.history.table)
    return found
