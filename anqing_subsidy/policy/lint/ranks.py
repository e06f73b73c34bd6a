"""A place among rows that the clause which asks for it would not pay: they take places, and their blanks keep others waiting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.derivations import PlaceOf, WhenHolds
from anqing_subsidy.policy.lint.region import key_of
from anqing_subsidy.policy.lint.remark import Remark, Subject
from anqing_subsidy.policy.reads import claimed_by
from anqing_subsidy.policy.terms import Condition, Conditions, Holds, IsGiven, Ref, refs_in

if TYPE_CHECKING:
    from anqing_subsidy.policy.clauses import Clause
    from anqing_subsidy.policy.model import Policy


def check_ranks(subject: Subject) -> Iterator[Remark]:
    """Conditions of a clause that the rank which it goes by does not ask for."""
    policy, doc = subject.policy, subject.doc
    for clause, entry in subject.clauses():
        for ref in dict.fromkeys(refs_in((clause.when, clause.award))):
            fact = policy.facts.get(ref)
            if fact is None or not isinstance(fact.how, PlaceOf) or ref.table != clause.table:
                continue
            asked = {key_of(condition) for condition in _spelt_out(fact.how.among, policy)}
            wider = [
                text
                for condition in (*clause.claimed, *clause.when)
                if ref not in refs_in(condition)
                and key_of(condition) not in asked
                and (text := getattr(condition, "text", None))
            ]
            if wider:
                name, line = policy.label(ref).zh, doc.facts[ref.table][ref.id].line
                yield Remark(
                    line,
                    "warning",
                    "RANK_WIDER",
                    Text(
                        f"条款 {entry.id} 还要求“{'、'.join(wider)}”，而“{name}”的排名没有要求：不符合、不申报的也占名次，空白的让别人待定",
                        f"clause `{entry.id}` also asks `{', '.join(wider)}`, and the rank `{ref.id}` does not: who does not"
                        " qualify or claim takes a place, and who left it blank keeps others waiting",
                    ),
                    Text(
                        "把这些条件写进 among，或确认本意如此", "add them to `among`, or leave it where it is meant so"
                    ),
                )
            yield from _blanks(clause, ref, fact.how, subject)


def _blanks(clause: Clause, place: Ref, how: PlaceOf, subject: Subject) -> Iterator[Remark]:
    """Columns by which a clause is claimed and rows take part: left blank, nobody claims, yet may be ahead of all."""
    policy = subject.policy
    among = list(_spelt_out(how.among, policy))
    given = {one.ref for one in among if isinstance(one, IsGiven) and one.given}
    for ref, _ in claimed_by(clause):
        column = policy.column(ref)
        if column is None or column.required or ref in given or all(ref not in refs_in(one) for one in among):
            continue
        name = policy.label(ref).zh
        yield Remark(
            subject.doc.facts[place.table][place.id].line,
            "warning",
            "RANK_BLANK",
            Text(
                f"“{name}”空着的不申报条款 {clause.id}，而在“{policy.label(place).zh}”里可能排在前面：别人都待定",
                f"who leaves `{ref.id}` blank does not claim `{clause.id}`, and may yet be ahead in `{place.id}`: all others wait",
            ),
            Text(
                f"空着就是不申报的，among 再写一条 {ref.id} is given；不知道的，把该列写成 required",
                f"where a blank means that nobody claims, add `{ref.id} is given` to `among`; else let the column be `required`",
            ),
        )


def _spelt_out(conditions: Conditions, policy: Policy) -> Iterator[Condition]:
    """Conditions, and those that a fact among them stands for."""
    for condition in conditions:
        yield condition
        fact = policy.facts.get(condition.ref) if isinstance(condition, Holds) else None
        if fact is not None and isinstance(fact.how, WhenHolds):
            yield from _spelt_out(fact.how.when, policy)
