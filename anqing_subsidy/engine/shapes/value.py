"""Sums, rates and factors: plain, a fact, or by the value of a fact."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from anqing_subsidy.engine.exact import any_of, flag, larger, sure, times, whole
from anqing_subsidy.engine.shapes.outcome import ShapeScope
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.policy.clauses import Keyed, Span, Value
from anqing_subsidy.policy.terms import Ref


@dataclass(frozen=True)
class Factor:
    """`lo / den` (null where a blank leaves it open) up to `hi / den`; `fits` false where no key applies."""

    lo: pl.Series
    hi: pl.Series
    den: int
    fits: pl.Series


def denominator(value: Value) -> int:
    """The common denominator of all cases."""
    if isinstance(value, Keyed):
        cases = [*value.cases.values(), *([] if value.otherwise is None else [value.otherwise])]
        return math.lcm(*(denominator(case) for case in cases)) if cases else 1
    return value.denominator if isinstance(value, Fraction) else 1


def value_of(value: Value, scope: ShapeScope, den: int | None = None) -> Factor:
    """A value at each row."""
    den = denominator(value) if den is None else den
    height = scope.height
    if isinstance(value, Ref):
        fact = scope.fact(value)
        return Factor(times(fact.lo, den), times(fact.hi, den), den, flag(True, height))
    if not isinstance(value, Keyed):
        number = whole(int(Fraction(value) * den), height)
        return Factor(number, number, den, flag(True, height))
    fact = scope.fact(value.by)
    key = fact.lo if not fact.is_pair else fact.lo.zip_with(sure(fact.lo == fact.hi), whole(None, height))
    blank = key.is_null()
    lo, hi = whole(None, height), whole(None, height)
    fits, best = flag(None, height), whole(0, height)
    hits = []
    for word, case in value.cases.items():
        chosen = value_of(case, scope, den)
        hit = _hit(key, word, value.spans.get(word))
        hits.append(hit)
        lo, hi = chosen.lo.zip_with(hit, lo), chosen.hi.zip_with(hit, hi)
        fits = chosen.fits.zip_with(hit, fits)
        best = larger(best, chosen.hi)
    listed = any_of(hits, height)
    zero = whole(0, height)
    other = ~listed & ~blank
    if value.otherwise is not None:
        rest = value_of(value.otherwise, scope, den)
        lo, hi, fits = rest.lo.zip_with(other, lo), rest.hi.zip_with(other, hi), rest.fits.zip_with(other, fits)
        best, other = larger(best, rest.hi), flag(False, height)
    lo, hi = zero.zip_with(other, lo), best.zip_with(blank, zero.zip_with(other, hi))
    return Factor(lo, hi, den, flag(False, height).zip_with(other, fits))


def key_tests(value: object, scope: ShapeScope) -> tuple[Test, ...]:
    """Whether a choice by a number has a key for it: where it has none nothing is due. Words are all listed."""
    if not isinstance(value, Keyed):
        return ()
    inner = [test for case in (*value.cases.values(), value.otherwise) for test in key_tests(case, scope)]
    if value.otherwise is not None or not value.spans:
        return tuple(inner)
    fact = scope.fact(value.by)
    key = fact.lo if not fact.is_pair else fact.lo.zip_with(sure(fact.lo == fact.hi), whole(None, scope.height))
    met = any_of([_hit(key, word, span) for word, span in value.spans.items()], scope.height)
    met = met.zip_with(key.is_not_null(), flag(None, scope.height))
    return (Test(None, met, fact, kind="key", about=value.by, spans=tuple(value.spans.values())), *inner)


def _hit(key: pl.Series, word: str, span: Span | None) -> pl.Series:
    """Where a fact has the value of a key, or one of its span."""
    if key.dtype == pl.Boolean:
        return sure(key if word == "true" else ~key)
    if span is None:
        return sure(key == word)
    low, high = span
    return sure(key >= low) if high is None else sure((key >= low) & (key <= high))
