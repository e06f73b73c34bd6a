"""`rate: 2%, of: base`: a share of a base, or of the part of it above a level."""

from __future__ import annotations

from collections.abc import Callable

from anqing_subsidy.engine.exact import times
from anqing_subsidy.engine.shapes.outcome import Outcome, ShapeScope
from anqing_subsidy.engine.shapes.value import key_tests, value_of
from anqing_subsidy.policy.clauses import Award, Rate


def outcome(shape: Rate, scope: ShapeScope, _inner: Callable[[Award, ShapeScope], Outcome]) -> Outcome:
    """Base × rate, exactly; a blank base leaves the amount unbounded."""
    base, rate = scope.fact(shape.of), value_of(shape.rate, scope)
    lo, hi = base.lo, base.hi
    if shape.up_to is not None:
        lo, hi = lo.clip(upper_bound=shape.up_to), hi.clip(upper_bound=shape.up_to)
    # of a decrease no share is paid
    lo, hi = (lo - shape.only_above).clip(0), (hi - shape.only_above).clip(0)
    return Outcome(
        times(lo.fill_null(0), rate.lo.fill_null(0)),
        times(hi, rate.hi),
        rate.den,
        rate.fits,
        base.lo.is_not_null() & rate.lo.is_not_null(),
        key_tests(shape.rate, scope),
        held=base.held,
        loose=base.loose,
        spoilt=base.spoilt,
        declared=base.declared,
        conflict=base.conflict,
        steps={
            "shape": "rate",
            "base": base.lo,
            "above": shape.only_above,
            "up_to": shape.up_to,
            "rate": rate.lo,
            "rate_den": rate.den,
            "of": shape.of,
        },
    )
