"""What changes any award, in this order: a factor, a ratio of at most 1, a deduction, caps."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.exact import flag, rounded, smaller, sure, times, whole
from anqing_subsidy.engine.fact import either, more
from anqing_subsidy.engine.shapes.outcome import Outcome, ShapeScope, believable
from anqing_subsidy.engine.shapes.value import Factor, key_tests, value_of
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.policy.clauses import Award, Cap, Share, Value
from anqing_subsidy.policy.terms import Ref, refs_in


def modified(award: Award, outcome: Outcome, scope: ShapeScope) -> Outcome:
    """An outcome of the shape with the award's modifiers applied."""
    changing = (award.multiply_by, award.prorate_by, award.deduct, award.cap)
    if changing == (1, None, None, ()):
        return outcome
    outcome = _resting_on(outcome, changing, scope)
    if award.multiply_by != 1:
        outcome = believable(_multiplied(award.multiply_by, outcome, scope))
    if award.prorate_by is not None:
        outcome = _prorated(award.prorate_by, outcome, scope)
    if award.deduct is not None:
        outcome = _deducted(award.deduct, outcome, scope)
    if award.cap:
        outcome = _capped(award.cap, outcome, scope)
    return outcome


def _resting_on(outcome: Outcome, part: object, scope: ShapeScope) -> Outcome:
    """An outcome that also rests on the facts of a modifier: what is odd about one of them is odd about it."""
    for ref in refs_in(part):
        fact = scope.fact(ref)
        outcome = outcome.changed(
            held=more(outcome.held, fact.held),
            spoilt=more(outcome.spoilt, fact.spoilt),
            loose=either(outcome.loose, fact.loose),
            declared=either(outcome.declared, fact.declared),
            conflict=either(outcome.conflict, fact.conflict),
        )
    return outcome


def _multiplied(by: Value, outcome: Outcome, scope: ShapeScope) -> Outcome:
    factor = value_of(by, scope)
    # a count below nothing is nothing, also of one part of several
    lo, hi = factor.lo.clip(0), factor.hi.clip(0)
    return outcome.changed(
        lo=times(outcome.lo, lo.fill_null(0)),
        hi=times(outcome.hi, hi),
        den=outcome.den * factor.den,
        known=outcome.known & factor.lo.is_not_null(),
        verdict=outcome.verdict & factor.fits,
        tests=(*key_tests(by, scope), *outcome.tests),
        steps={**outcome.steps, "factor": lo, "factor_den": factor.den},
    )


def _prorated(by: Ref, outcome: Outcome, scope: ShapeScope) -> Outcome:
    """In proportion to a ratio, never more than in full: rounded here, as the ratio is another for each row."""
    ratio = scope.fact(by)
    if ratio.den is None:
        raise TypeError("a ratio has a denominator")
    usable = sure(ratio.den > 0)
    den = whole(1, scope.height).zip_with(~usable, ratio.den)
    top = smaller(ratio.lo.clip(0), den).zip_with(usable, whole(None, scope.height))
    top_hi = smaller(ratio.hi.clip(0), den).zip_with(usable & ratio.hi.is_not_null(), den)
    below = times(den, outcome.den)
    known = outcome.known & top.is_not_null()
    return outcome.changed(
        lo=rounded(times(outcome.lo, top.fill_null(0)), below, scope.rounding),
        hi=rounded(times(outcome.hi, top_hi), below, scope.rounding),
        den=1,
        known=known,
        steps={
            **outcome.steps,
            "ratio": ratio.lo,
            "ratio_hi": ratio.hi,
            "ratio_den": ratio.den,
            "ratio_of": by,
            "in_full": outcome,
        },
    )


def _deducted(value: Value, outcome: Outcome, scope: ShapeScope) -> Outcome:
    off = value_of(value, scope)
    open_off = off.hi.is_null()
    # a sum below zero takes nothing off, and adds nothing
    lo = (outcome.lo - times(off.hi.fill_null(0).clip(0), outcome.den)).clip(0)
    return outcome.changed(
        lo=whole(0, scope.height).zip_with(open_off, lo),
        hi=(outcome.hi - times(off.lo.fill_null(0).clip(0), outcome.den)).clip(0),
        known=outcome.known & off.lo.is_not_null(),
        verdict=outcome.verdict & off.fits,
        tests=(*key_tests(value, scope), *outcome.tests),
        steps={**outcome.steps, "deduct": off.lo, "deduct_hi": off.hi, "before_deduct": outcome},
    )


def _capped(caps: tuple[Cap, ...], outcome: Outcome, scope: ShapeScope) -> Outcome:
    cap = least_cap(caps, scope)
    lo, hi = times(cap.lo, outcome.den), times(cap.hi, outcome.den)
    # an amount that a blank leaves open (null) stays so; of rows that may come to anything a cap of nothing leaves nothing
    possible = smaller(outcome.hi, hi).zip_with(hi.is_not_null() & outcome.hi.is_not_null(), outcome.hi)
    none = sure(hi == 0) & outcome.known & outcome.verdict.is_not_null()
    return outcome.changed(
        lo=smaller(outcome.lo, lo.fill_null(0)),
        hi=whole(0, scope.height).zip_with(none, possible),
        known=outcome.known & (cap.lo.is_not_null() | sure(outcome.lo == 0)),
        verdict=outcome.verdict & cap.fits,
        tests=(*(test for one in caps for test in _cap_tests(one, scope)), *outcome.tests),
        steps={**outcome.steps, "row_cap": cap.lo, "row_cap_hi": cap.hi, "before_cap": outcome},
    )


def _cap_tests(cap: Cap, scope: ShapeScope) -> tuple[Test, ...]:
    """The choices of a cap."""
    return key_tests(cap.rate if isinstance(cap, Share) else cap, scope)


def least_cap(caps: tuple[Cap, ...], scope: ShapeScope) -> Factor:
    """The least of some caps in fen: what is certain (null: a blank leaves it open) and what is possible."""
    lo: pl.Series | None = None
    hi = whole(None, scope.height)
    fits = flag(True, scope.height)
    for cap in caps:
        amount = share_of(cap, scope) if isinstance(cap, Share) else value_of(cap, scope)
        lo = (
            amount.lo
            if lo is None
            else smaller(lo, amount.lo).zip_with(lo.is_not_null() & amount.lo.is_not_null(), whole(None, scope.height))
        )
        hi = amount.hi.zip_with(hi.is_null(), smaller(hi, amount.hi).zip_with(amount.hi.is_not_null(), hi))
        fits = fits & amount.fits
    return Factor(whole(None, scope.height) if lo is None else lo.clip(0), hi.clip(0), 1, fits)


def share_of(share: Share, scope: ShapeScope) -> Factor:
    """A share of an amount that is a fact, in whole fen: parts of a fen are above it."""
    fact, rate = scope.fact(share.of), value_of(share.rate, scope)
    lo = rounded(times(fact.lo, rate.lo), rate.den, "down_fen")
    return Factor(lo, rounded(times(fact.hi, rate.hi), rate.den, "down_fen") if fact.is_pair else lo, 1, rate.fits)
