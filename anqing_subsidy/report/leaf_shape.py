"""Tests that a shape makes of one figure: a key of a choice fits it, there are points to share by."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.money import SCALE, decimal_text
from anqing_subsidy.report.leaf import Leaf
from anqing_subsidy.report.texts import Words, put


class KeyLeaf(Leaf):
    """Whether a choice by a number has a key for it."""

    op = "in"

    @cached_property
    def shown(self) -> Words:
        """The number as people read it; between which numbers it lies where rows leave it open."""
        return self.between()

    @cached_property
    def threshold(self) -> list[Any]:
        """The keys there are, as the policy writes them."""
        keys = ["..".join(str(end) for end in _ends(span)) + (".." if span[1] is None else "") for span in self._spans]
        return ["|".join(keys)] * self.height

    @property
    def _spans(self) -> tuple[tuple[int, int | None], ...]:
        return self.test.spans

    @cached_property
    def threshold_shown(self) -> Words:
        """The keys there are, as people read them."""
        return self.words.listed(self._span(*span) for span in self._spans)

    def _span(self, low: int, high: int | None) -> str:
        scale = SCALE.get(self.kind, 1) if self.kind != "year" else 1
        first = str(low) if self.kind == "year" else decimal_text(low, scale)
        if high is None:
            return self.words.say(f"{first} 及以上", f"{first} and above")
        if high == low:
            return first
        return f"{first}–{high if self.kind == 'year' else decimal_text(high, scale)}"

    @cached_property
    def text(self) -> Words:
        """The test in words."""
        return put(self.label, self.words.say("属于 ", " in "), self.threshold_shown)


def _ends(span: tuple[int, int | None]) -> tuple[int, ...]:
    low, high = span
    return (low,) if high is None or high == low else (low, high)


class PointsLeaf(Leaf):
    """Whether there are points by which a sum is shared."""

    op = ">"

    @cached_property
    def threshold(self) -> list[Any]:
        """Nothing."""
        return [0] * self.height

    @cached_property
    def threshold_shown(self) -> Words:
        """Nothing, as people read it."""
        return self.words.one(0, self.kind, self.ref)

    @cached_property
    def equal(self) -> pl.Series:
        """Where there are none."""
        return sure(self.value == 0)

    @cached_property
    def text(self) -> Words:
        """The test in words."""
        return put(f"{self.label} > ", self.threshold_shown)
