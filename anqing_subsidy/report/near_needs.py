"""What must change for the tests of rows to hold."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.report.leaf_condition import ConditionLeaf
from anqing_subsidy.report.near_change import Change, Ways, distance
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import Wording


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
