"""`pool: sum, shared_by: points`: a share of a sum among all who qualify.

Here everybody who qualifies may get all of it; what each does get is worked out over all lines (`engine.sharing`).
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from anqing_subsidy.engine.exact import possible, sure, whole
from anqing_subsidy.engine.shapes.outcome import Outcome, ShapeScope
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.policy.clauses import Award, Pool


def outcome(shape: Pool, scope: ShapeScope, _inner: Callable[[Award, ShapeScope], Outcome]) -> Outcome:
    """The whole sum; open while the points are, nothing without points."""
    points, height = scope.fact(shape.points), scope.height
    settled = sure(points.lo == points.hi)
    pays = (points.hi > 0).zip_with(settled, pl.Series([None], dtype=pl.Boolean).new_from_index(0, height))
    # nobody gets any of it without points
    total = whole(shape.sum, height).zip_with(possible(points.hi > 0), whole(0, height))
    return Outcome(
        total,
        total,
        1,
        pays,
        points.lo.is_not_null(),
        (Test(None, pays, points, kind="points", about=shape.points),),
        held=points.held,
        loose=points.loose,
        spoilt=points.spoilt,
        declared=points.declared,
        conflict=points.conflict,
        steps={"shape": "pool", "points": points.lo},
    )
