"""What a list of conditions leaves possible, fact by fact: whether they contradict each other, what they imply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from anqing_subsidy.money import percent
from anqing_subsidy.policy.clauses import FirstPast
from anqing_subsidy.policy.derivations import PlaceOf, SameAs, WhenHolds
from anqing_subsidy.policy.figures import written
from anqing_subsidy.policy.lint.interval import EVERYTHING, Interval, interval_of
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import AnyOf, Compare, Condition, Conditions, Holds, IsGiven, IsOneOf, Never, Op, Ref

_RELATIONS = {"==": "=", "!=": "<>", ">=": ">=", "<=": "<=", ">": ">", "<": "<"}
_FLIPPED = {"<": ">", ">": "<", "=": "="}
Conflict = tuple[str, str]
"""The texts of two conditions that cannot hold at once."""


def key_of(node: Any) -> Any:  # noqa: ANN401  # any part of a policy
    """What a condition says, whatever its spelling."""
    if isinstance(node, tuple):
        return tuple(key_of(part) for part in node)
    if is_dataclass(node) and not isinstance(node, type) and not isinstance(node, Ref):
        parts = (key_of(getattr(node, entry.name)) for entry in fields(node) if entry.name != "text")
        return (type(node).__name__, *parts)
    return node


class Region:
    """The values that satisfy some conditions; `conflict` names two that exclude each other, if there are any.

    `off`: a reading has switched one of the conditions off, so that the city itself wants nothing here.
    """

    def __init__(self, policy: Policy, conditions: Conditions = ()) -> None:
        self.policy = policy
        self.intervals: dict[Ref, Interval] = {}
        self.options: dict[Ref, frozenset[str]] = {}
        self.flags: dict[Ref, bool] = {}
        self.given: dict[Ref, bool] = {}
        self.relations: dict[tuple[Any, Any], frozenset[str]] = {}
        self.alternatives: list[AnyOf] = []
        self.keys: set[Any] = set()
        self.conflict: Conflict | None = None
        self.off = False
        self._texts: dict[Any, str] = {}
        self.add(conditions)

    def and_(self, *more: Conditions) -> Region:
        """The same with further conditions."""
        joined = Region(self.policy)
        for name in ("intervals", "options", "flags", "given", "relations", "_texts"):
            setattr(joined, name, dict(getattr(self, name)))
        joined.alternatives, joined.keys, joined.conflict = list(self.alternatives), set(self.keys), self.conflict
        joined.off = self.off
        for conditions in more:
            joined.add(conditions)
        return joined

    def past(self, shape: FirstPast) -> Region:
        """The same where a level must be passed."""
        joined, (level, _) = self.and_(), shape.tiers[0]
        op: Op = ">" if shape.op == "gt" else ">="
        said = f"{shape.metric.id} {op} {written(level, self.policy.type_of(shape.metric)).zh}"
        joined.narrow(self.canonical(shape.metric), interval_of(op, level) or EVERYTHING, said)
        return joined

    def canonical(self, ref: Ref) -> Ref:
        """The fact that a fact merely repeats."""
        fact = self.policy.facts.get(ref)
        return self.canonical(fact.how.ref) if fact is not None and isinstance(fact.how, SameAs) else ref

    def add(self, conditions: Iterable[Condition], said: str | None = None) -> None:
        """Take in conditions; `said` is the text that they stand for where they come from a derived fact."""
        for condition in conditions:
            self.keys.add(key_of(condition))
            self._one(condition, said)

    def _one(self, condition: Condition, said: str | None) -> None:
        if isinstance(condition, AnyOf):
            self.alternatives.append(condition)
            return
        text = said or condition.text
        if isinstance(condition, Never):
            self.off = True
            return
        ref = self.canonical(condition.ref)
        if isinstance(condition, IsGiven):
            self._known(ref, text, given=condition.given)
        elif isinstance(condition, Holds):
            self._flag(ref, text, wanted=condition.wanted)
            fact = self.policy.facts.get(ref)
            if condition.wanted and fact is not None and isinstance(fact.how, WhenHolds):
                self.add(fact.how.when, text)
        elif isinstance(condition, IsOneOf):
            self._choose(ref, frozenset(condition.options), text)
        else:
            self._compare(ref, condition, text)

    def _compare(self, ref: Ref, condition: Compare, text: str) -> None:
        value = condition.value
        if isinstance(value, bool):
            self._flag(ref, text, wanted=value == (condition.op == "=="))
        elif isinstance(value, str):
            every = frozenset(self.policy.words(ref))
            if condition.op == "==":
                self._choose(ref, frozenset((value,)), text)
            elif every:
                self._choose(ref, every - {value}, text)
        elif isinstance(value, int | Fraction | date):
            interval = interval_of(condition.op, value)
            if interval is not None:
                self.narrow(ref, interval, text)
            self._known(ref, text, given=True)
        else:
            self._relate(ref, value, frozenset(_RELATIONS[condition.op]), text)
            self._known(ref, text, given=True)

    def _relate(self, left: Ref, right: Any, allowed: frozenset[str], text: str) -> None:  # noqa: ANN401  # a fact or a shifted one
        if isinstance(right, Ref):
            right = self.canonical(right)
            if (right.table, right.id) < (left.table, left.id):
                left, right, allowed = right, left, frozenset(_FLIPPED[sign] for sign in allowed)
        before = self.relations.get((left, right), frozenset("<=>"))
        self.relations[left, right] = before & allowed
        self._note((left, right), text, clash=not before & allowed)

    def narrow(self, ref: Ref, interval: Interval, text: str) -> None:
        """Let a figure lie in an interval too."""
        self.intervals[ref] = self.intervals.get(ref, EVERYTHING) & interval
        self._note((ref, "interval"), text, clash=self.intervals[ref].empty)
        bound, said = self._bound(ref)
        if (bound & interval).empty:
            self._clash(said, text)

    def _bound(self, ref: Ref) -> tuple[Interval, str]:
        """What a fact can be at all, and that as a condition: places begin with 1, shares have a range."""
        column, fact = self.policy.column(ref), self.policy.facts.get(ref)
        if column is not None and column.range is not None:
            least, most = column.range
            return Interval(least, most), f"{percent(least)} <= {ref.id} <= {percent(most)}"
        if fact is not None and isinstance(fact.how, PlaceOf):
            return Interval(low=1), f"{ref.id} >= 1"
        return EVERYTHING, ""

    def _choose(self, ref: Ref, options: frozenset[str], text: str) -> None:
        self.options[ref] = self.options.get(ref, options) & options
        self._note((ref, "options"), text, clash=not self.options[ref])
        self._known(ref, text, given=True)

    def _flag(self, ref: Ref, text: str, *, wanted: bool) -> None:
        self._note((ref, "flag"), text, clash=self.flags.get(ref, wanted) != wanted)
        self.flags[ref] = wanted
        self._known(ref, text, given=True)

    def _known(self, ref: Ref, text: str, *, given: bool) -> None:
        self._note((ref, "given"), text, clash=self.given.get(ref, given) != given)
        self.given[ref] = given

    def _note(self, about: Any, text: str, *, clash: bool) -> None:  # noqa: ANN401  # a key of any kind
        if clash:
            self._clash(self._texts.get(about, text), text)
        self._texts.setdefault(about, text)

    def _clash(self, first: str, second: str) -> None:
        if self.conflict is None:
            self.conflict = first, second

    # ---- what follows ------------------------------------------------------------------------------------------
    @property
    def impossible(self) -> Conflict | None:
        """Two conditions that exclude each other, also where all branches of an `any` fail beside the rest."""
        if self.conflict is not None:
            return self.conflict
        for alternative in self.alternatives:
            branches = [Region.and_(self._without(alternative), branch) for branch in alternative.branches]
            conflicts = [branch.conflict for branch in branches]
            if all(conflicts) and conflicts[0] is not None:
                return conflicts[0]
        return None

    def _without(self, alternative: AnyOf) -> Region:
        rest = self.and_()
        rest.alternatives = [other for other in rest.alternatives if other is not alternative]
        return rest

    def dead_branches(self) -> Iterator[tuple[AnyOf, int, Conflict]]:
        """The branches of each `any` that can never hold beside the other conditions."""
        for alternative in self.alternatives:
            rest = self._without(alternative)
            for at, branch in enumerate(alternative.branches):
                joined = rest.and_(branch)
                if joined.conflict is not None and rest.conflict is None:
                    yield alternative, at, joined.conflict

    def implies_all(self, conditions: Conditions) -> bool:
        """Whether some conditions hold wherever these do."""
        return all(self.implies(condition) for condition in conditions)

    def implies(self, condition: Condition) -> bool:
        """Whether a condition holds wherever these do, as far as that can be seen."""
        if key_of(condition) in self.keys:
            return True
        if isinstance(condition, AnyOf):
            return any(self.implies_all(branch) for branch in condition.branches)
        if isinstance(condition, Never):
            return False
        ref = self.canonical(condition.ref)
        if isinstance(condition, IsGiven):
            return self.given.get(ref) is condition.given
        if isinstance(condition, Holds):
            return self.flags.get(ref) is condition.wanted
        if isinstance(condition, IsOneOf):
            return ref in self.options and self.options[ref] <= set(condition.options)
        value = condition.value
        if isinstance(value, bool):
            return self.flags.get(ref) is (value == (condition.op == "=="))
        if isinstance(value, str):
            wanted = frozenset((value,)) if condition.op == "==" else frozenset(self.policy.words(ref)) - {value}
            return ref in self.options and self.options[ref] <= wanted
        if isinstance(value, int | Fraction | date):
            interval = interval_of(condition.op, value)
            return ref in self.intervals and interval is not None and self.intervals[ref].within(interval)
        alone = Region(self.policy, (condition,)).relations
        return all(pair in self.relations and self.relations[pair] <= allowed for pair, allowed in alone.items())

    def past_too(self, shape: FirstPast) -> bool:
        """Whether a level is passed wherever these conditions hold."""
        level, _ = shape.tiers[0]
        wanted = interval_of(">" if shape.op == "gt" else ">=", level)
        own = self.intervals.get(self.canonical(shape.metric))
        return own is not None and wanted is not None and own.within(wanted)
