"""Which columns a clause reads, also through derived facts, and which columns stand in for a sheet of details."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from anqing_subsidy.policy.clauses import Clause, crossings_of
from anqing_subsidy.policy.derivations import LastYear, ListedIn, OverChildren
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.reads import joint_caps_over, parts_read, refs_behind
from anqing_subsidy.policy.rules import DeclaredRow
from anqing_subsidy.policy.terms import Compare, Ref, refs_in


@dataclass(frozen=True)
class Needs:
    """What a clause needs: `columns` it reads; `links`, the keys and required columns of their tables."""

    columns: frozenset[Ref]
    links: frozenset[Ref]

    @property
    def tables(self) -> frozenset[str]:
        """The tables that hold any of it."""
        return frozenset(ref.table for ref in self.columns | self.links)


def needs_of(policy: Policy, clause: Clause) -> Needs:
    """What a clause reads under the readings in force: conditions, award, history, awards paid, other support.

    The sheet of decisions is not among it: a decision stands beside what a clause computes.
    """
    named = _named(policy, clause)
    found = dict.fromkeys((*refs_behind(named, policy.facts), *clause.unclaimed_beside))
    found |= dict.fromkeys(refs_behind(clause.unclaimed_beside, policy.facts))
    found |= dict.fromkeys(_history(policy, clause))
    tables = {policy.main, clause.table, *(ref.table for ref in found)}
    for ref in list(found):
        how = policy.facts[ref].how if ref in policy.facts else None
        if isinstance(how, OverChildren):
            tables.add(how.child)
        elif isinstance(how, ListedIn):
            tables.add(how.table)
    for rule in policy.claimants:
        if rule.table in tables:
            own = (rule.key, rule.claimant, *([rule.earliest] if rule.earliest else []))
            found |= dict.fromkeys((*(Ref(rule.table, name) for name in own), *refs_behind(rule.where, policy.facts)))
    for row in policy.declared_rows:
        if row.table == clause.table and _may_be(row, clause):
            found |= dict.fromkeys(row.given)
    found |= dict.fromkeys((*_paid(policy, clause), *_support(policy)))
    tables |= {ref.table for ref in found}
    tables |= {parent for table in tables if (parent := policy.tables[table].parent) is not None}
    found |= {Ref(table, name): None for table in tables for name in policy.tables[table].distinct}
    links = {
        Ref(table, column.id)
        for table in tables
        for column in policy.tables[table].columns.values()
        if column.required or column.id in policy.tables[table].key
    }
    columns = frozenset(ref for ref in found if policy.column(ref) is not None)
    return Needs(columns, frozenset(links) - columns)


def stand_ins(policy: Policy) -> Mapping[Ref, str]:
    """The columns that stand in for a sheet of details where none is given, and which sheet."""
    found: dict[Ref, str] = {}
    if policy.history is not None:
        found |= dict.fromkeys(policy.history.declared.values(), policy.history.table)
    for fact in policy.facts.values():
        if isinstance(fact.how, OverChildren) and fact.how.otherwise is not None:
            found[fact.how.otherwise] = fact.how.child
    for row in policy.declared_rows:
        found |= dict.fromkeys(row.given, row.table)
    for clause in policy.clauses.values():
        if clause.declared_award is not None:
            found |= dict.fromkeys(refs_in(clause.declared_award), clause.table)
    return {ref: table for ref, table in found.items() if policy.column(ref) is not None}


def rows_that(policy: Policy, clause: Clause) -> set[str]:
    """The sheets of details whose rows say whether a clause is claimed or what it pays, and that nothing stands in for."""
    stands = {rule.table for rule in policy.declared_rows}
    found = set()
    for ref in refs_behind((clause.claimed, clause.award), policy.facts):
        how = policy.facts[ref].how if ref in policy.facts else None
        if isinstance(how, OverChildren) and how.otherwise is None and how.child not in stands:
            found.add(how.child)
    return found


def shared_tiers(clause: Clause) -> tuple[str, ...]:
    """The clauses whose tiers, once paid, are paid for this one too."""
    return tuple(id_ for crossing in crossings_of(clause.award) for id_ in crossing.once_with)


def _named(policy: Policy, clause: Clause) -> tuple[object, ...]:
    """The parts of a policy that name what a clause needs."""
    return (*parts_read(clause), clause.once, *joint_caps_over(policy, clause))


def _history(policy: Policy, clause: Clause) -> Iterator[Ref]:
    history = policy.history
    if history is None:
        return
    for ref in refs_behind(_named(policy, clause), policy.facts):
        how = policy.facts[ref].how if ref in policy.facts else None
        if isinstance(how, LastYear):
            yield Ref(history.table, history.year)
            yield Ref(history.table, how.metric)
    if history.basis != "fact":
        return
    for crossing in crossings_of(clause.award):
        metric = crossing.metric.id
        yield history.since
        yield Ref(history.table, history.year)
        yield Ref(history.table, metric)
        if metric in history.declared:
            yield history.declared[metric]


def _may_be(row: DeclaredRow, clause: Clause) -> bool:
    """Whether a row of declared figures can be one of the rows that a clause looks at."""
    for condition in clause.where:
        if isinstance(condition, Compare) and condition.op == "==" and isinstance(condition.value, str):
            value = row.values.get(condition.ref.id)
            if isinstance(value, str) and value != condition.value:
                return False
    return True


def _paid(policy: Policy, clause: Clause) -> Iterator[Ref]:
    paid = policy.paid
    if paid is None:
        return
    names = [paid.year, paid.clause, paid.amount]
    by_object = clause.table != policy.main and clause.line_per != "applicant"
    if by_object or any("object" in rule.same for rule in clause.once):
        names.append(paid.object)
    if any(True for _ in crossings_of(clause.award)):
        names.append(paid.tier)
    if any(rule.level is not None for rule in clause.once):
        names.append(paid.level)
    yield from (Ref(paid.table, name) for name in names)


def _support(policy: Policy) -> Iterator[Ref]:
    support = policy.support
    if support is None:
        return
    for name in (support.clause, support.object, support.units, support.amount, support.same_matter):
        yield Ref(support.table, name)
    yield from refs_behind((support.where, support.undecided), policy.facts)
