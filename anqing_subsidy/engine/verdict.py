"""Conditions as columns: whether each holds, fails or is unknown (null), and by which values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, Protocol

import polars as pl

from anqing_subsidy.engine.exact import all_of, any_of, flag, sure, times
from anqing_subsidy.engine.fact import NO_PLACE, Fact
from anqing_subsidy.policy.terms import (
    AnyOf,
    Compare,
    Condition,
    Conditions,
    Holds,
    IsGiven,
    IsOneOf,
    Never,
    Op,
    Ref,
    Shifted,
)

NUMERIC = ("money", "usd", "count", "area", "ratio")


class FactSource(Protocol):
    """Where conditions find their facts."""

    @property
    def height(self) -> int:
        """How many rows are looked at."""

    def fact(self, ref: Ref) -> Fact:
        """A fact at those rows."""


_OFFSET: Final = {"year": "y", "month": "mo", "day": "d"}


@dataclass(frozen=True)
class Test:
    """A condition over rows: `met` is null where it is unknown; `equal` marks values at the threshold.

    A test that a shape makes itself has no condition but a `kind` (past, first, unpaid), the fact that it
    is `about`, the comparison `op` in force, the columns that it compared in `values`, and (of a choice) the numbers
    that have a key in `spans`.
    """

    condition: Condition | None
    met: pl.Series
    fact: Fact | None = None
    threshold: Fact | None = None
    equal: pl.Series | None = None
    branches: tuple[tuple[Test, ...], ...] = ()
    kind: str = "plain"
    about: Ref | None = None
    op: Op = ">"
    values: dict[str, pl.Series] = field(default_factory=dict)
    spans: tuple[tuple[int, int | None], ...] = ()

    @property
    def is_threshold(self) -> bool:
        """Whether a number is compared with a level."""
        condition = self.condition
        return (
            isinstance(condition, Compare)
            and condition.op not in ("==", "!=")
            and self.fact is not None
            and self.fact.type in NUMERIC
        )


def _compare_series(op: Op, a: pl.Series, b: pl.Series | int | str | date | bool) -> pl.Series:
    operators: dict[Op, Callable[[], pl.Series]] = {
        "==": lambda: a == b,
        "!=": lambda: a != b,
        ">=": lambda: a >= b,
        "<=": lambda: a <= b,
        ">": lambda: a > b,
        "<": lambda: a < b,
    }
    return operators[op]()


def bounded(
    op: Op, lo: pl.Series, hi: pl.Series, level: pl.Series | int, level_hi: pl.Series | int | None = None
) -> pl.Series:
    """`lo..hi op level..level_hi`: true or false where every value between says so, else unknown; hi null is unbounded."""
    level_hi = level if level_hi is None else level_hi
    if op in (">=", ">"):
        certain = _compare_series(op, lo, level_hi)
        ruled_out = ~_compare_series(op, hi, level)
    elif op in ("<=", "<"):
        certain = _compare_series(op, hi, level)
        ruled_out = ~_compare_series(op, lo, level_hi)
    else:
        inside = _compare_series("==", lo, level_hi) & (hi == level)
        outside = (lo > level_hi) | (hi < level)
        certain, ruled_out = (inside, outside) if op == "==" else (outside, inside)
    unknown = flag(None, lo.len())
    met = unknown.zip_with(~ruled_out.fill_null(value=False), flag(False, lo.len()))
    return flag(True, lo.len()).zip_with(certain.fill_null(value=False), met)


def _with_a_place(fact: Fact, met: pl.Series) -> pl.Series:
    """Whoever takes no part has no place, of which nothing holds; whoever may take none satisfies nothing for certain."""
    if not fact.ranked:
        return met
    met = flag(False, met.len()).zip_with(sure(fact.lo == NO_PLACE), met)
    return flag(None, met.len()).zip_with(sure(fact.hi == NO_PLACE) & sure(met), met) if fact.is_pair else met


def _comparable(fact: Fact) -> pl.Series:
    """Where a ratio is one: over something, or beyond every rate."""
    if fact.den is None:
        raise TypeError("a ratio has a denominator")
    return fact.den >= 0 if fact.beyond else fact.den > 0


class Evaluator:
    """Evaluates conditions over one source of facts."""

    def __init__(self, source: FactSource) -> None:
        self.source = source

    def tests(self, conditions: Conditions) -> tuple[Test, ...]:
        """Each condition as a column."""
        return tuple(self.test(condition) for condition in conditions)

    def met(self, conditions: Conditions) -> pl.Series:
        """Whether all of them hold."""
        return all_of([test.met for test in self.tests(conditions)], self.source.height)

    def test(self, condition: Condition) -> Test:
        """One condition as a column."""
        height = self.source.height
        if isinstance(condition, Never):
            return Test(condition, flag(False, height))
        if isinstance(condition, AnyOf):
            branches = tuple(self.tests(branch) for branch in condition.branches)
            met = any_of([all_of([test.met for test in branch], height) for branch in branches], height)
            return Test(condition, met, branches=branches)
        fact = self.source.fact(condition.ref)
        if isinstance(condition, Holds):
            return Test(condition, fact.lo if condition.wanted else ~fact.lo, fact)
        if isinstance(condition, IsGiven):
            given = fact.lo.is_not_null()
            if fact.den is not None:
                given = given & sure(_comparable(fact))
            if fact.ranked:
                given = given & sure(fact.lo != NO_PLACE)
            if fact.bad is not None:
                given = given | fact.bad.fill_null(value=False)
            return Test(condition, given if condition.given else ~given, fact)
        if isinstance(condition, IsOneOf):
            met = any_of([fact.lo == option for option in condition.options], height)
            return Test(condition, met.zip_with(fact.lo.is_not_null(), flag(None, height)), fact)
        return self._compare(condition, fact)

    def _compare(self, condition: Compare, fact: Fact) -> Test:
        value = condition.value
        if isinstance(value, Shifted):
            origin = self.source.fact(value.ref)
            other = Fact(
                "date", (moved := origin.lo.dt.offset_by(f"{value.number}{_OFFSET[value.unit]}")), moved, origin.bad
            )
            return Test(condition, _compare_series(condition.op, fact.lo, other.lo), fact, other)
        if isinstance(value, Ref):
            other = self.source.fact(value)
            if fact.den is not None and other.den is not None:
                return self._ratios(condition, fact, other)
            met = (
                bounded(condition.op, fact.lo, fact.hi, other.lo, other.hi)
                if fact.is_pair or other.is_pair
                else _compare_series(condition.op, fact.lo, other.lo)
            )
            met = _with_a_place(other, _with_a_place(fact, met))
            return Test(condition, met, fact, other)
        if fact.type == "ratio":
            return self._ratio(condition, fact, value)
        if isinstance(value, Fraction):
            value = int(value)
        if fact.is_pair and isinstance(value, int):
            met = bounded(condition.op, fact.lo, fact.hi, value)
        else:
            met = _compare_series(condition.op, fact.lo, value)
        met = _with_a_place(fact, met)
        equal = None
        # a place is no figure that could be a little more or less
        if fact.type in NUMERIC and condition.op not in ("==", "!=") and not fact.ranked:
            equal = (fact.lo == value) & (fact.hi == value)
        return Test(condition, met, fact, equal=equal)

    def _ratios(self, condition: Compare, fact: Fact, other: Fact) -> Test:
        """Two ratios, by cross-multiplication."""
        if fact.den is None or other.den is None:
            raise TypeError("a ratio has a denominator")
        level = times(other.lo, fact.den)
        met = bounded(condition.op, times(fact.lo, other.den), times(fact.hi, other.den), level)
        usable = sure(_comparable(fact)) & sure(_comparable(other)) & ~(sure(fact.den == 0) & sure(other.den == 0))
        return Test(condition, met.zip_with(usable, flag(None, met.len())), fact, other)

    def _ratio(self, condition: Compare, fact: Fact, value: object) -> Test:
        """Ratios are compared by cross-multiplication; over nothing or over an unknown they are unknown."""
        share = Fraction(str(value)) if not isinstance(value, Fraction) else value
        if fact.den is None:
            raise TypeError("a ratio has a denominator")
        level = times(fact.den, share.numerator)
        lo, hi = times(fact.lo, share.denominator), times(fact.hi, share.denominator)
        met = bounded(condition.op, lo, hi, level)
        usable = sure(_comparable(fact))
        met = met.zip_with(usable, flag(None, met.len()))
        return Test(condition, met, fact, equal=(lo == level) & (hi == level) & usable)
