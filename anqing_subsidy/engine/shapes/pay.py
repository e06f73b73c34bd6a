"""`pay: sum` or `pay: sum, per: units`: a fixed sum, a grade, an amount that is a fact; times units."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from anqing_subsidy.engine.exact import times
from anqing_subsidy.engine.fact import either, more
from anqing_subsidy.engine.shapes.outcome import Outcome, ShapeScope
from anqing_subsidy.engine.shapes.value import key_tests, value_of
from anqing_subsidy.money import SCALE
from anqing_subsidy.policy.clauses import Award, Pay


def outcome(shape: Pay, scope: ShapeScope, _inner: Callable[[Award, ShapeScope], Outcome]) -> Outcome:
    """A sum a row, or for each unit (of several facts: of their product); units supported elsewhere come off first."""
    amount = value_of(shape.amount, scope)
    steps: dict[str, Any] = {"shape": "pay", "pay": amount.lo.clip(0)}
    known = amount.lo.is_not_null()
    if not shape.per:
        # a sum below nothing is nothing, also as one part of several
        return Outcome(
            amount.lo.fill_null(0).clip(0),
            amount.hi.clip(0),
            1,
            amount.fits,
            known,
            tests=key_tests(shape.amount, scope),
            steps=steps,
        )
    facts = [scope.fact(ref) for ref in shape.per]
    units = facts[0]
    lo, hi, scale = units.lo, units.hi, math.prod(SCALE.get(fact.type, 1) for fact in facts)
    loose, applied = units.loose, None
    if (off := scope.elsewhere) is not None:
        lo, hi = (lo - times(off.most, scale)).clip(0), (hi - times(off.certain, scale)).clip(0)
        loose, applied = off.unsure if loose is None else loose | off.unsure, off.applied
    steps |= {
        "shape": "per_unit",
        "units": lo.clip(0),
        "all_units": units.lo.clip(0),
        "per": shape.per,
        "each": [fact.lo for fact in facts],
    }
    if shape.up_to is not None:
        lo, hi = lo.clip(upper_bound=shape.up_to), hi.clip(upper_bound=shape.up_to)
    lo, hi = (lo - shape.only_above).clip(0), (hi - shape.only_above).clip(0)
    known = known & units.lo.is_not_null()
    held, spoilt, declared, conflict = units.held, units.spoilt, units.declared, units.conflict
    for fact in facts[1:]:
        lo, hi, known = times(lo, fact.lo.clip(0)), times(hi, fact.hi.clip(0)), known & fact.lo.is_not_null()
        loose, declared, conflict = (
            either(loose, fact.loose),
            either(declared, fact.declared),
            either(conflict, fact.conflict),
        )
        held, spoilt = more(held, fact.held), more(spoilt, fact.spoilt)
    return Outcome(
        times(lo.fill_null(0), amount.lo.fill_null(0).clip(0)),
        times(hi, amount.hi.clip(0)),
        scale,
        amount.fits,
        known,
        key_tests(shape.amount, scope),
        held=held,
        loose=loose,
        spoilt=spoilt,
        applied=applied,
        declared=declared,
        conflict=conflict,
        steps=steps,
    )
