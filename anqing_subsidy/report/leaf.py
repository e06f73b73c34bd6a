"""A single test over some lines, as columns: text, value, threshold, whether it holds."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.texts import Words, choose, column, put
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import Wording, scripted


class Leaf:
    """A single test over some lines; what is asked for comes as a column, or as one text for all lines.

    `kind` is the type of the value, `way` the number of the way (of `any` and of a choice) it belongs to.
    """

    op = "=="

    def __init__(self, words: Wording, test: Test, view: View, way: int | None) -> None:
        self.words = words
        self.test = test
        self.view = view
        self.way = way
        self.ref: Ref | None = test.about
        self.kind: str = test.fact.type if test.fact is not None else "count"

    @property
    def height(self) -> int:
        """How many lines there are."""
        return self.view.height

    def over(self, view: View) -> Leaf:
        """The same test over other lines of the same clause."""
        return type(self)(self.words, self.test, view, self.way)

    @property
    def label(self) -> str:
        """What people call the fact."""
        return self.words.label(self.ref) if self.ref is not None else ""

    @cached_property
    def met(self) -> pl.Series:
        """Whether it holds; null where that is unknown."""
        return self.view.column(self.test.met)

    @cached_property
    def failed(self) -> pl.Series:
        """Whether it certainly does not hold."""
        return sure(~self.met)

    @cached_property
    def value(self) -> pl.Series:
        """The value that was looked at."""
        fact = self.test.fact
        return self.view.column(fact.lo) if fact is not None else self.nothing

    @property
    def nothing(self) -> pl.Series:
        """No value for any line."""
        return pl.Series([None], dtype=pl.Null).new_from_index(0, self.height)

    @cached_property
    def shown(self) -> Words:
        """The value as people read it."""
        return self.words.shown(self.value, self.kind, self.ref)

    def between(self) -> Words:
        """The value of the fact; what is certain and what is possible where they differ."""
        fact, words = self.test.fact, self.words
        text = words.shown(self.value, self.kind, self.ref)
        if fact is None or not fact.is_pair:
            return text
        high = self.view.column(fact.hi)
        is_open = self.value.is_not_null() & self.value.ne_missing(high)
        end = choose(high.is_null(), "?", words.shown(high, self.kind, self.ref))
        return choose(is_open, put(text, "–", end), text) if is_open.any() else text

    @cached_property
    def threshold(self) -> list[Any]:
        """What it is compared with."""
        return [None] * self.height

    @cached_property
    def threshold_shown(self) -> Words:
        """What it is compared with, as people read it."""
        return ""

    @cached_property
    def equal(self) -> pl.Series:
        """Where the value is exactly the threshold."""
        return pl.Series([False]).new_from_index(0, self.height)

    @cached_property
    def text(self) -> Words:
        """The test in words."""
        return self.label

    @cached_property
    def shortfall(self) -> Words:
        """What is missing to the threshold where the test fails; empty where no number says it."""
        return ""

    def levels(self) -> pl.Series | Fraction | None:
        """What the value is compared with as a column (or as one ratio for all lines); None where it is no number."""
        return None

    def texts(self) -> list[str]:
        """The test in words, line by line."""
        return column(self.text, self.height).to_list()

    def scripted(self) -> list[str | None]:
        """The values for scripts."""
        return [scripted(value, self.kind) for value in self.value.to_list()]

    def scripted_thresholds(self) -> list[str | None]:
        """The thresholds for scripts."""
        return [level if isinstance(level, str) else scripted(level, self.kind) for level in self.threshold]
