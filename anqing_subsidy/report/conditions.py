"""The tests of lines as people and scripts read them, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.report.leaf import Leaf
from anqing_subsidy.report.leaf_condition import ConditionLeaf
from anqing_subsidy.report.leaf_crossing import FirstLeaf, PastLeaf
from anqing_subsidy.report.leaf_shape import KeyLeaf, PointsLeaf
from anqing_subsidy.report.texts import Words
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import OPS, Wording


class PlainLeaf(Leaf):
    """A test that no figure stands for: not paid before, one of several ways."""

    def __init__(self, words: Wording, test: Test, view: View, way: int | None) -> None:
        super().__init__(words, test, view, way)
        self.ref, self.kind = None, "yesno"

    @cached_property
    def value(self) -> pl.Series:
        """Whether it holds."""
        return self.met

    @cached_property
    def shown(self) -> Words:
        """Nothing: there is no figure."""
        return ""

    @cached_property
    def text(self) -> Words:
        """The test in words."""
        if self.test.kind == "unpaid":
            return self._unpaid()
        if self.test.kind == "kept":
            return self.words.say("由最早的申报主体申报", "brought by the earliest claimant")
        if self.test.kind == "by_hand":
            return self.words.say("金额由人工核定", "the amount is decided by hand")
        return self.words.say("满足其中一项", "one of these")

    def _unpaid(self) -> str:
        """What must not have been paid: anything, or the step or level that the line reaches and those above it."""
        trace, say = self.view.trace, self.words.say
        # a declared part has no such tests of its own
        pairs = zip(trace.clause.once, trace.once, strict=False)
        rule = next((rule for rule, test in pairs if test is self.test), None)
        if rule is None:
            return say("该档或更高档以前未兑现", "neither this step nor a higher one paid before")
        years = "" if rule.years is None else say(f"（{rule.years} 年内）", f" (within {rule.years} years)")
        if rule.level is None:
            return say("以前未兑现", "not paid before") + years
        return say("同级或更高级以前未兑现", "neither this level nor a higher one paid before") + years


_SHAPE_LEAVES: dict[str, type[Leaf]] = {"past": PastLeaf, "first": FirstLeaf, "key": KeyLeaf, "points": PointsLeaf}


def leaf_of(words: Wording, test: Test, view: View, way: int | None = None) -> Leaf:
    """One single test over some lines."""
    if test.condition is not None:
        return ConditionLeaf(words, test, view, way)
    return _SHAPE_LEAVES.get(test.kind, PlainLeaf)(words, test, view, way)


def leaves(words: Wording, tests: tuple[Test, ...], view: View, way: int | None = None) -> Iterator[Leaf]:
    """All single tests, those inside `any` and choices numbered by their way."""
    for test in tests:
        if test.branches:
            for number, branch in enumerate(test.branches, start=1):
                yield from leaves(words, branch, view, number if way is None else way)
        else:
            yield leaf_of(words, test, view, way)


def said_by_a_condition(words: Wording, tests: Sequence[Test], leaf: Leaf) -> pl.Series:
    """Where a key of a choice has nothing to add: a comparison of the same fact holds, or fails, as the key does."""
    found = pl.Series([False]).new_from_index(0, leaf.height)
    if leaf.test.kind != "key":
        return found
    for other in tests:
        if other.condition is not None and not other.branches:
            beside = leaf_of(words, other, leaf.view)
            if beside.ref == leaf.ref and beside.op in OPS:
                found = found | sure(beside.met == leaf.met)
    return found
