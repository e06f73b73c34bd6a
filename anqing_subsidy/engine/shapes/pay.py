"""`pay: sum` or `pay: sum, per: units`: a fixed sum, a grade, an amount that is a fact; times units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anqing_subsidy.engine.exact import times
from anqing_subsidy.engine.shapes.outcome import Outcome, ShapeScope
from anqing_subsidy.engine.shapes.value import value_of
from anqing_subsidy.money import SCALE
from anqing_subsidy.policy.clauses import Award, Pay


def outcome(shape: Pay, scope: ShapeScope, _inner: Callable[[Award, ShapeScope], Outcome]) -> Outcome:
    """A sum a row, or for each unit; units supported elsewhere are taken off first."""
    amount = value_of(shape.amount, scope)
    steps: dict[str, Any] = {"shape": "pay", "pay": amount.lo}
    known = amount.lo.is_not_null()
    if shape.per is None:
        return Outcome(amount.lo.fill_null(0), amount.hi, 1, amount.fits, known, steps=steps)
    units = scope.fact(shape.per)
    lo, hi, scale = units.lo, units.hi, SCALE.get(units.type, 1)
    loose, applied = units.loose, None
    if (off := scope.elsewhere) is not None:
        lo, hi = (lo - times(off.most, scale)).clip(0), (hi - times(off.certain, scale)).clip(0)
        loose, applied = off.unsure if loose is None else loose | off.unsure, off.applied
    steps |= {"shape": "per_unit", "units": lo, "all_units": units.lo, "per": shape.per}
    return Outcome(
        times(lo.fill_null(0), amount.lo.fill_null(0)),
        times(hi, amount.hi),
        scale,
        amount.fits,
        known & units.lo.is_not_null(),
        held=units.held,
        loose=loose,
        spoilt=units.spoilt,
        applied=applied,
        declared=units.declared,
        conflict=units.conflict,
        steps=steps,
    )
