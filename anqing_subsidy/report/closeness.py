"""Lines that stand or fall with a figure within one part in a hundred of a threshold: disputed, or gamed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.engine.exact import sure, times
from anqing_subsidy.report.conditions import leaf_of

if TYPE_CHECKING:
    from anqing_subsidy.engine.verdict import Test
    from anqing_subsidy.report.leaf import Leaf
    from anqing_subsidy.report.view import View
    from anqing_subsidy.report.words import Wording

_OPS: Final = (">=", ">", "<=", "<")
_PARTS: Final = 100


def barely(words: Wording, view: View) -> pl.Series:
    """The lines that a test holds for by a figure so near its threshold that little more would have failed it.

    Lines that are put together from several rows are left out: of them no single figure decides.
    """
    found = pl.Series([False]).new_from_index(0, view.height)
    if view.adds_rows:
        return found
    for test in (*view.trace.tests, *view.trace.outcome.tests):
        found = found | _barely(words, test, view)
    return found


def _barely(words: Wording, test: Test, view: View) -> pl.Series:
    """Where a test holds, and every way in which it does hangs on a near figure."""
    met = sure(view.column(test.met))
    if not test.branches:
        return met & near_level(leaf_of(words, test, view))
    for branch in test.branches:
        holds, near = (
            pl.Series([True]).new_from_index(0, view.height),
            pl.Series([False]).new_from_index(0, view.height),
        )
        for inner in branch:
            holds, near = holds & sure(view.column(inner.met)), near | _barely(words, inner, view)
        met = met & (~holds | near)
    return met


def near_level(leaf: Leaf) -> pl.Series:
    """Where a value that is settled lies within one part in a hundred of the number that it is compared with."""
    nothing = pl.Series([False]).new_from_index(0, leaf.height)
    fact, value = leaf.test.fact, leaf.value
    schedule = leaf.view.trace.clause.instalments
    if schedule is not None and leaf.ref == schedule.year:
        # which instalment it is, not whether there is one
        return nothing
    # a place is one of the first or not, by whoever else there is
    if fact is None or fact.ranked or leaf.op not in _OPS or not value.dtype.is_integer():
        return nothing
    level = leaf.levels()
    if level is None:
        return nothing
    if isinstance(level, Fraction):
        if fact.den is None:
            return nothing
        value, level = times(value, level.denominator), times(leaf.view.column(fact.den), level.numerator)
    elif fact.den is not None:
        return nothing
    gap = times((value - level).abs(), _PARTS)
    settled = leaf.view.column(sure(fact.lo == fact.hi)) if fact.is_pair else ~nothing
    return sure((gap <= level) & (level > 0)) & settled
