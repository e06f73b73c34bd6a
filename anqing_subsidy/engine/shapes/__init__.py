"""The award shapes: one file a shape, one line here. A shape turns facts into an exact amount per row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anqing_subsidy.engine.shapes import by_hand, choice, first_past, pay, per_step, pool, rate
from anqing_subsidy.engine.shapes.modify import modified
from anqing_subsidy.engine.shapes.outcome import Outcome, ShapeScope, believable
from anqing_subsidy.policy.clauses import Award, ByHand, FirstPast, HighestOf, Pay, PerStep, Pool, Rate, SumOf

SHAPES: dict[type, Callable[[Any, ShapeScope, Callable[[Award, ShapeScope], Outcome]], Outcome]] = {
    Pay: pay.outcome,
    PerStep: per_step.outcome,
    Rate: rate.outcome,
    HighestOf: choice.highest_of,
    SumOf: choice.sum_of,
    FirstPast: first_past.outcome,
    ByHand: by_hand.outcome,
    Pool: pool.outcome,
}


def award_of(award: Award, scope: ShapeScope) -> Outcome:
    """What an award comes to at each row: the shape, then what changes it."""
    return modified(award, believable(SHAPES[type(award.shape)](award.shape, scope, award_of)), scope)


__all__ = ["SHAPES", "Outcome", "ShapeScope", "award_of"]
