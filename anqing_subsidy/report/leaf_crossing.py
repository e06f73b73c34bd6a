"""The tests of a first crossing as columns: a step is passed, and no earlier year passed it."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.finding import Text
from anqing_subsidy.money import SCALE
from anqing_subsidy.report.leaf import Leaf
from anqing_subsidy.report.texts import Words, choose, number, put
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from anqing_subsidy.finding import Lang

_PASSED: Final = {">": Text("突破", "past"), ">=": Text("达到", "at least")}
"""What it means to pass a step, by whether the step itself is passed."""


def passed(test: Test, lang: Lang) -> str:
    """The word for passing a step."""
    return _PASSED[test.op].say(lang)


class PastLeaf(Leaf):
    """Whether a step is passed."""

    def __init__(self, words: Wording, test: Test, view: View, way: int | None) -> None:
        super().__init__(words, test, view, way)
        self.op = test.op

    @cached_property
    def level(self) -> pl.Series:
        """The step that is passed, or the lowest."""
        return self.view.column(self.test.values["level"])

    def levels(self) -> pl.Series | Fraction | None:
        """The same."""
        return self.level

    @cached_property
    def threshold(self) -> list[Any]:
        """The same, line by line."""
        return self.level.to_list()

    @cached_property
    def threshold_shown(self) -> Words:
        """The step as people read it."""
        return self.words.shown(self.level, self.kind, self.ref)

    @cached_property
    def equal(self) -> pl.Series:
        """Where the value is exactly the step."""
        return self.value == self.level

    @cached_property
    def text(self) -> Words:
        """The test in words."""
        return put(f"{self.label} {passed(self.test, self.words.lang)} ", self.threshold_shown)

    @cached_property
    def shortfall(self) -> Words:
        """What is missing to the lowest step."""
        short = self.failed & sure(self.value < self.level)
        gap = number((self.level - self.value).set(~short, None), SCALE.get(self.kind, 1))
        return choose(short, put(gap, self.words.unit(self.kind, self.ref)))


class FirstLeaf(PastLeaf):
    """Whether no earlier year passed the step."""

    def __init__(self, words: Wording, test: Test, view: View, way: int | None) -> None:
        super().__init__(words, test, view, way)
        self.op = "first"

    @cached_property
    def value(self) -> pl.Series:
        """The highest figure of earlier years."""
        return self.view.column(self.test.values["highest"])

    @cached_property
    def shown(self) -> Words:
        """The highest figure, or that there is none."""
        return choose(
            self.value.is_null(), self.words.say("无", "none"), self.words.shown(self.value, self.kind, self.ref)
        )

    @cached_property
    def text(self) -> Words:
        """The test in words."""
        past = passed(self.test, self.words.lang)
        zh, en = f"以前年度最高{self.label}未{past} ", f"highest {self.label} of earlier years not {past} "
        return put(self.words.say(zh, en), self.threshold_shown)

    @cached_property
    def shortfall(self) -> Words:
        """No number mends an earlier year."""
        return ""
