"""The award shapes: one file a shape, one line here. A shape turns facts into an exact amount per row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anqing_subsidy.engine.exact import times
from anqing_subsidy.engine.shapes import choice, first_past, pay, rate
from anqing_subsidy.engine.shapes.outcome import Outcome, ShapeScope
from anqing_subsidy.engine.shapes.value import value_of
from anqing_subsidy.policy.clauses import Award, FirstPast, HighestOf, Pay, Rate, SumOf

SHAPES: dict[type, Callable[[Any, ShapeScope, Callable[[Award, ShapeScope], Outcome]], Outcome]] = {
    Pay: pay.outcome,
    Rate: rate.outcome,
    HighestOf: choice.highest_of,
    SumOf: choice.sum_of,
    FirstPast: first_past.outcome,
}


def award_of(award: Award, scope: ShapeScope) -> Outcome:
    """What an award comes to at each row: the shape, then its factor."""
    outcome = SHAPES[type(award.shape)](award.shape, scope, award_of)
    if award.multiply_by == 1:
        return outcome
    factor = value_of(award.multiply_by, scope)
    lo, hi = times(outcome.lo, factor.lo.fill_null(0)), times(outcome.hi, factor.hi)
    verdict = outcome.verdict & factor.fits
    steps = {**outcome.steps, "factor": factor.lo}
    return outcome.changed(lo=lo, hi=hi, known=outcome.known & factor.lo.is_not_null(), verdict=verdict, steps=steps)


__all__ = ["SHAPES", "Outcome", "ShapeScope", "award_of"]
