"""`first_past: metric, tiers: {...}`: a step that pays when it is reached for the first time."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from anqing_subsidy.engine.exact import flag, larger, sure, whole
from anqing_subsidy.engine.shapes.outcome import Outcome, ShapeScope
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.policy.clauses import Award, FirstPast
from anqing_subsidy.policy.terms import Op


def tier_of(column: pl.Series, shape: FirstPast) -> pl.Series:
    """How many thresholds a value is past (0: none); null where it is blank."""
    tier = column.is_null().not_().cast(pl.Int64) * 0
    for level, _ in shape.tiers:
        tier = tier + ((column > level) if shape.op == "gt" else (column >= level)).cast(pl.Int64)
    return tier


def outcome(shape: FirstPast, scope: ShapeScope, _inner: Callable[[Award, ShapeScope], Outcome]) -> Outcome:
    """Three tests (past a step, for the first time, not paid before) and the sum of the step, or of all new steps."""
    height = scope.height
    metric = scope.fact(shape.metric)
    now = tier_of(metric.lo, shape)
    prior = scope.earlier.prior(shape.metric)
    reached = tier_of(prior.highest, shape).fill_null(0)
    paid, unsure = scope.earlier.paid_tiers(shape.once_with)
    top = len(shape.tiers)
    # a tier that stands alone in a row is asked after by its own number
    paid = (paid - (shape.number - 1)).clip(0)
    # where the value itself is blank, the best step decides whether anything is still possible
    aimed = now.fill_null(top)
    unknown = flag(None, height)
    level = _level(now, shape)
    first = flag(False, height).zip_with(reached >= aimed, unknown.zip_with(prior.missing, flag(True, height)))
    unpaid = flag(False, height).zip_with(paid >= aimed, unknown.zip_with(unsure, flag(True, height)))
    floor = larger(reached, paid)
    amount = _amount(aimed, floor, shape)
    best = whole(0, height)
    for step in range(1, top + 1):
        column = whole(step, height)
        best = larger(best, _amount(column, floor, shape).zip_with(column > floor, whole(0, height)))
    lo = amount.zip_with(now.is_not_null(), whole(0, height))
    hi = amount.zip_with(now.is_not_null(), best)
    op: Op = ">" if shape.op == "gt" else ">="
    is_past = (now > 0).zip_with(now.is_not_null(), unknown)
    compared = {"tier": now, "level": level}
    earlier = {
        "highest": prior.highest,
        "tier": reached,
        "missing": prior.missing,
        "undated": prior.undated,
        "level": level,
    }
    tests = (
        Test(
            None,
            is_past,
            metric,
            equal=_at_a_step(metric.lo, shape),
            kind="past",
            about=shape.metric,
            op=op,
            values=compared,
        ),
        Test(None, first, metric, kind="first", about=shape.metric, op=op, values=earlier),
        Test(None, unpaid, metric, kind="unpaid", about=shape.metric, values={"tier": paid, "unsure": unsure}),
    )
    verdict = is_past & first & unpaid
    steps = {
        "shape": "first_past",
        "tier": now,
        "pay": amount,
        "floor": floor,
        "highest": prior.highest,
        "of": shape.metric,
    }
    return Outcome(lo, hi, 1, verdict, sure(now.is_not_null()), tests, declared=prior.declared, steps=steps)


def _amount(tier: pl.Series, floor: pl.Series, shape: FirstPast) -> pl.Series:
    """What a step pays: its own sum, or with `cumulative` all sums above the floor."""
    height = tier.len()
    amount = whole(0, height)
    for step, (_, pay) in enumerate(shape.tiers, start=1):
        column = whole(pay, height)
        if shape.jump == "highest":
            amount = column.zip_with(tier == step, amount)
        else:
            amount = (amount + pay).zip_with((tier >= step) & (floor < step), amount)
    return amount


def _level(tier: pl.Series, shape: FirstPast) -> pl.Series:
    """The threshold of the step that is reached, or of the lowest one."""
    level = whole(shape.tiers[0][0], tier.len())
    for step, (threshold, _) in enumerate(shape.tiers, start=1):
        level = whole(threshold, tier.len()).zip_with((tier == step).fill_null(value=False), level)
    return level


def _at_a_step(column: pl.Series, shape: FirstPast) -> pl.Series:
    equal = flag(False, column.len())
    for level, _ in shape.tiers:
        equal = equal | (column == level)
    return equal
