"""What must change for the tests of rows to hold."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.policy.derivations import RatioOf, SameAs
from anqing_subsidy.policy.terms import Compare, Ref, refs_in
from anqing_subsidy.report.leaf_condition import ConditionLeaf
from anqing_subsidy.report.near_change import Change, Way, Ways, distance
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import Wording

_COMPARED: Final[dict[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt,
}  # fmt: skip


class After:
    """Some changes of figures, and what they move; `reads` says what a fact is worked out from."""

    def __init__(
        self, changes: Way, moved: Callable[[Ref], frozenset[Ref]], reads: Callable[[Ref], frozenset[Ref]]
    ) -> None:
        self.of = {change.ref: change for change in changes}
        self.reads = reads
        self.moved = frozenset(one for change in changes for one in moved(change.ref))

    def touches(self, test: Test) -> int:
        """How many of the facts that a test names are moved."""
        refs = {*refs_in(test.condition), *([test.about] if test.about is not None else [])}
        return sum(bool(self.moved & self.reads(ref)) for ref in refs)


class Needs:
    """Finds the figures that failing tests need."""

    def __init__(self, words: Wording) -> None:
        self.words = words

    def possible(self, tests: tuple[Test, ...], view: View) -> pl.Series:
        """Where figures alone could make all tests hold: there it is worth asking `of`."""
        found = pl.Series([True]).new_from_index(0, view.height)
        for test in tests:
            met = view.column(test.met)
            holds = sure(met)
            if not holds.all():
                found = found & (holds | (sure(~met) & self._could(test, view)))
        return found

    def _could(self, test: Test, view: View) -> pl.Series:
        could = pl.Series([test.is_threshold and not test.branches]).new_from_index(0, view.height)
        for branch in test.branches:
            could = could | self.possible(branch, view)
        return could

    def of(self, tests: tuple[Test, ...], view: View) -> Ways:
        """What must change for all tests to hold."""
        ways: Ways = [()] * view.height
        for test in tests:
            for at, more in enumerate(self._need(test, view)):
                way = ways[at]
                ways[at] = None if way is None or more is None else (*way, *more)
        return ways

    def still(self, tests: tuple[Test, ...], view: View, at: int, after: After) -> bool:
        """Whether tests certainly hold at one row after some changes."""
        return all(self._holds(test, view, at, after) is True for test in tests)

    def _holds(self, test: Test, view: View, at: int, after: After) -> bool | None:
        """Whether one test holds after some changes; None where a change moves it in a way that nobody can say."""
        if test.branches:
            said = [all(self._holds(one, view, at, after) is True for one in branch) for branch in test.branches]
            return True if any(said) else None
        met: bool | None = test.met[view.rows[at]]
        touched = after.touches(test)
        if not touched:
            return met
        leaf = ConditionLeaf(self.words, test, view, None)
        if leaf.ref is None or not test.is_threshold or leaf.op not in _COMPARED or touched > 1:
            return None
        change, level = after.of.get(leaf.ref), leaf.threshold[at]
        value = Fraction(change.needed, change.den or 1) if change is not None else self._share(test, view, at, after)
        return None if value is None or level is None else _COMPARED[leaf.op](value, level)

    def _share(self, test: Test, view: View, at: int, after: After) -> Fraction | None:
        """A ratio of which only the figure below changes; None where it is none, or more of it changes."""
        facts, fact = self.words.policy.facts, test.fact
        condition = test.condition
        derived = facts.get(condition.ref) if isinstance(condition, Compare) else None
        if fact is None or derived is None or not isinstance(derived.how, RatioOf):
            return None
        below, above = derived.how.denominator, derived.how.numerator
        while isinstance(below, Ref) and below in facts and isinstance(how := facts[below].how, SameAs):
            below = how.ref
        change = after.of.get(below) if isinstance(below, Ref) else None
        moved = isinstance(above, Ref) and after.moved & after.reads(above)
        top, most = fact.lo[view.rows[at]], fact.hi[view.rows[at]]
        if change is None or change.needed <= 0 or moved or top is None or top != most:
            return None
        return Fraction(top, change.needed)

    def _need(self, test: Test, view: View) -> Ways:
        """What must change for one test to hold; of several ways the nearest."""
        if not test.branches:
            return self._figure(test, view)
        met = view.values(test.met)
        branches = [self.of(branch, view) for branch in test.branches]
        return [
            ()
            if holds
            else min((way for way in ways if way is not None), key=distance, default=None)
            if holds is False
            else None
            for holds, ways in zip(met, zip(*branches, strict=True), strict=True)
        ]

    def _figure(self, test: Test, view: View) -> Ways:
        """The figure that a failing threshold needs."""
        met, fact = view.values(test.met), test.fact
        leaf = ConditionLeaf(self.words, test, view, None)
        if fact is None or leaf.ref is None or not test.is_threshold:
            return [() if holds else None for holds in met]
        up = leaf.op in (">=", ">")
        step = {">=": 0, ">": 1, "<=": 0, "<": -1}[leaf.op]
        # of a figure that is not certain only what is certain counts: so much more is enough whatever the rest turns out
        ends = view.values(fact.lo if up else fact.hi)
        dens = view.values(fact.den) if fact.den is not None else [None] * view.height
        found: Ways = []
        for holds, value, level, den in zip(met, ends, leaf.threshold, dens, strict=True):
            if holds is not False:
                found.append(() if holds else None)
            elif value is None or level is None or (fact.den is not None and not den):
                found.append(None)
            else:
                # the nearest whole unit that satisfies the comparison
                exact = level * den if den else level
                needed = -(-exact // 1) if up else exact // 1
                needed += step if needed == exact else 0
                found.append((Change(leaf.ref, value, int(needed), den),))
        return found
