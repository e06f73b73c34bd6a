"""Sums, rates and factors: plain, a fact, or by the value of a fact."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from anqing_subsidy.engine.exact import any_of, flag, larger, possible, sure, times, whole
from anqing_subsidy.engine.fact import NO_PLACE, Fact
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
    blank = fact.lo.is_null()
    lo, hi = whole(None, height), whole(None, height)
    zero = whole(0, height)
    fits, best = flag(None, height), zero
    hits, reach = [], []
    for word, case in value.cases.items():
        chosen = value_of(case, scope, den)
        hit, may = _hit(fact, word, value.spans.get(word))
        hits.append(hit)
        reach.append(may)
        lo, hi = chosen.lo.zip_with(hit, lo), chosen.hi.zip_with(hit, hi)
        fits = chosen.fits.zip_with(hit, fits)
        best = larger(best, chosen.hi.zip_with(may, zero))
    # a number counted with and without: where both ends have one key it is chosen, where none has any nothing fits
    other = ~any_of(hits, height) & ~blank
    torn = other & any_of(reach, height) if fact.is_pair else flag(False, height)
    other, blank = other & ~torn, blank | torn
    # nobody chooses for a row that takes no part in a ranking, not even `else`
    nowhere = sure(fact.lo == NO_PLACE) if fact.ranked else flag(False, height)
    if value.otherwise is not None:
        rest = value_of(value.otherwise, scope, den)
        lo, hi, fits = rest.lo.zip_with(other, lo), rest.hi.zip_with(other, hi), rest.fits.zip_with(other, fits)
        best, other = larger(best, rest.hi), nowhere
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
    hits = [_hit(fact, word, span) for word, span in value.spans.items()]
    met, may = (any_of(list(some), scope.height) for some in zip(*hits, strict=True))
    met = met.zip_with(met | ~may, flag(None, scope.height))
    return (Test(None, met, fact, kind="key", about=value.by, spans=tuple(value.spans.values())), *inner)


def _hit(fact: Fact, word: str, span: Span | None) -> tuple[pl.Series, pl.Series]:
    """Where a fact has the value of a key, or one of its span; and where it may have it."""
    lo, hi = fact.lo, fact.hi
    if lo.dtype == pl.Boolean:
        hit = sure(lo if word == "true" else ~lo)
        return hit, hit | lo.is_null()
    if span is None:
        hit = sure(lo == word)
        return hit, hit | lo.is_null()
    low, high = span
    hit, may = sure(lo >= low), possible(hi >= low)
    if fact.ranked:
        # a row that takes no part has none of the places; one that may take none has none for certain
        hit, may = hit & sure(hi != NO_PLACE), may & possible(lo != NO_PLACE)
    if high is not None:
        hit, may = hit & sure(hi <= high), may & possible(lo <= high)
    return hit, may
