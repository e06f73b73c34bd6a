"""What a part of a policy looks at: the facts behind a condition, an award or a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from anqing_subsidy.policy.clauses import FirstPast
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import ChildCount, ChildSum, DerivedFact, Ref


def refs_in(node: Any) -> Iterator[Ref]:  # noqa: ANN401  # any part of a policy
    """The facts named in conditions, awards, rules: each as often as it is named, in order."""
    if isinstance(node, Ref):
        yield node
    elif is_dataclass(node) and not isinstance(node, type):
        for entry in fields(node):
            yield from refs_in(getattr(node, entry.name))
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from refs_in(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from refs_in(value)


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
    if isinstance(clause.award.shape, FirstPast) and policy.history is not None:
        found.add(policy.history.table)
    for ref in refs_behind((clause.where, clause.claimed, clause.when, clause.award), policy.facts):
        found.add(ref.table)
        how = policy.facts[ref].how if ref in policy.facts else None
        if isinstance(how, ChildCount | ChildSum):
            found.add(how.child)
    return found
