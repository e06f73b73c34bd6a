"""`pay: sum, per_full: step, of: fact`: a sum for each full step of a level or of an increase."""

from __future__ import annotations

from collections.abc import Callable

from anqing_subsidy.engine.exact import times
from anqing_subsidy.engine.shapes.outcome import Outcome, ShapeScope
from anqing_subsidy.engine.shapes.value import key_tests, value_of
from anqing_subsidy.policy.clauses import Award, PerStep


def outcome(shape: PerStep, scope: ShapeScope, _inner: Callable[[Award, ShapeScope], Outcome]) -> Outcome:
    """Full steps × sum; a part of a step pays nothing, a decrease neither."""
    fact, amount = scope.fact(shape.of), value_of(shape.amount, scope)
    lo = (fact.lo - shape.only_above).clip(0) // shape.step
    hi = (fact.hi - shape.only_above).clip(0) // shape.step
    return Outcome(
        times(lo.fill_null(0), amount.lo.fill_null(0).clip(0)),
        times(hi, amount.hi.clip(0)),
        1,
        amount.fits,
        fact.lo.is_not_null() & amount.lo.is_not_null(),
        key_tests(shape.amount, scope),
        held=fact.held,
        loose=fact.loose,
        spoilt=fact.spoilt,
        declared=fact.declared,
        conflict=fact.conflict,
        steps={"shape": "per_step", "base": fact.lo, "steps": lo, "pay": amount.lo.clip(0)},
    )
