"""`highest_of` and `sum_of`: rows with conditions of their own, of which the best pays or all add up."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce

import polars as pl

from anqing_subsidy.engine.exact import all_of, flag, larger, possible, sure, times, whole
from anqing_subsidy.engine.fact import either, more
from anqing_subsidy.engine.shapes.outcome import Outcome, ShapeScope
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.policy.clauses import Award, HighestOf, Row, SumOf

Inner = Callable[[Award, ShapeScope], Outcome]


def _rows(rows: tuple[Row, ...], scope: ShapeScope, inner: Inner) -> tuple[list[Outcome], int]:
    """Each row's outcome over one common denominator, its conditions in the verdict."""
    found = []
    for row in rows:
        tests = scope.tests(row.when)
        outcome = inner(row.award, scope)
        verdict = all_of([*(test.met for test in tests), outcome.verdict], scope.height)
        found.append(
            outcome.changed(
                verdict=verdict.zip_with(~sure(verdict) | outcome.known, flag(None, scope.height)),
                tests=(*tests, *outcome.tests),
            )
        )
    den = math.lcm(*(outcome.den for outcome in found))
    return [
        outcome.changed(lo=times(outcome.lo, den // outcome.den), hi=times(outcome.hi, den // outcome.den), den=den)
        for outcome in found
    ], den


def _joined(
    found: list[Outcome], height: int, den: int, lo: pl.Series, hi: pl.Series, verdict: pl.Series, kind: str
) -> Outcome:
    branches = tuple(outcome.tests for outcome in found)
    declared = held = loose = spoilt = conflict = beyond = None
    none = whole(0, height)
    for outcome in found:
        may = possible(outcome.verdict)
        spread = (outcome.hi > outcome.lo).fill_null(value=True)
        declared = either(declared, outcome.declared)
        conflict = either(conflict, outcome.conflict)
        beyond = beyond if outcome.beyond is None else either(beyond, outcome.beyond & may)
        # what is open about a row that cannot hold is open no more
        loose = either(loose, (spread if outcome.loose is None else outcome.loose) & may)
        held = held if outcome.held is None else more(held, outcome.held.zip_with(may, none))
        spoilt = spoilt if outcome.spoilt is None else more(spoilt, outcome.spoilt.zip_with(may, none))
    taken = whole(0, height)
    for at, outcome in enumerate(found):
        taken = whole(at + 1, height).zip_with(sure(outcome.verdict) & (taken == 0), taken)
    test = Test(None, verdict, branches=branches, kind=kind)
    return Outcome(
        lo,
        hi,
        den,
        verdict,
        flag(True, height),
        (test,),
        held=held,
        loose=loose,
        spoilt=spoilt,
        declared=declared,
        conflict=conflict,
        beyond=beyond,
        steps={"shape": kind, "rows": found, "taken": taken},
    )


def highest_of(shape: HighestOf, scope: ShapeScope, inner: Inner) -> Outcome:
    """The row that pays most; open as a whole where an unknown row could pay more than the best certain one."""
    height = scope.height
    found, den = _rows(shape.rows, scope, inner)
    zero = whole(0, height)
    best, best_possible, best_unknown = zero, zero, zero
    certain, unknown = flag(False, height), flag(False, height)
    for outcome in found:
        yes, maybe = sure(outcome.verdict), outcome.verdict.is_null()
        best = larger(best, outcome.lo.zip_with(yes, zero))
        best_possible = larger(best_possible, outcome.hi.zip_with(yes, zero))
        best_unknown = larger(best_unknown, outcome.hi.zip_with(maybe, zero))
        certain, unknown = certain | yes, unknown | maybe
    is_open = unknown & (best_unknown > best).fill_null(value=True)
    hi = larger(best_possible, best_unknown).zip_with(is_open, best_possible)
    verdict = flag(None, height).zip_with(is_open, certain)
    return _joined(found, height, den, best, hi, verdict, "highest_of")


def sum_of(shape: SumOf, scope: ShapeScope, inner: Inner) -> Outcome:
    """All rows that hold, added up; open as a whole where one of them is unknown.

    Of rows that cannot both hold no more is possible than what the larger one comes to.
    """
    height = scope.height
    found, den = _rows(shape.rows, scope, inner)
    zero = whole(0, height)
    lo, hi, most = zero, zero, list[pl.Series]()
    certain, unknown = flag(False, height), flag(False, height)
    for outcome in found:
        yes, maybe = sure(outcome.verdict), outcome.verdict.is_null()
        lo = lo + outcome.lo.zip_with(yes, zero)
        most.append(outcome.hi.zip_with(yes | maybe, zero))
        certain, unknown = certain | yes, unknown | maybe
    for group in shape.apart:
        hi = hi + reduce(larger, (most[at] for at in group))
    verdict = flag(None, height).zip_with(unknown, certain)
    return _joined(found, height, den, lo, hi, verdict, "sum_of")
