"""The place of a row among all rows of its table: the best that is possible and the worst.

Rows are ordered by one figure after another; a figure that nobody knows may be any, and matters only among rows that are
equal in those before it. Whoever may take part may be ahead: that moves the worst place, not the best. Ratios are
ordered as exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.exact import any_of, sure, whole
from anqing_subsidy.engine.fact import NO_PLACE, Fact
from anqing_subsidy.engine.verdict import Evaluator
from anqing_subsidy.policy.derivations import DerivedFact, PlaceOf

if TYPE_CHECKING:
    from anqing_subsidy.engine.facts import Scope


@dataclass(frozen=True)
class Order:
    """Of each row: whether it takes part, whether a figure cannot be read, the first and last position it may have.

    Positions are numbers in the order, not places: equal rows have one, and rows of known figures but one.
    """

    met: pl.Series
    bad: pl.Series
    first: pl.Series
    last: pl.Series


def order_of(how: PlaceOf, scope: Scope) -> Order:
    """The rows of a table in their order."""
    facts = [scope.fact(ref) for ref in how.by]
    met = Evaluator(scope).met(how.among)
    marks = (*(fact.bad for fact in facts), scope.bad(how.among))
    bad = sure(any_of([mark for mark in marks if mark is not None], scope.height))
    first, last = _positions(facts, lowest=how.first == "lowest")
    return Order(met, bad, first, last)


def place(how: PlaceOf, _derived: DerivedFact, scope: Scope) -> Fact:
    """Best and worst place of each row; one series where no row is in doubt."""
    height = scope.height
    order = order_of(how, scope)
    met, first, last = order.met, order.first, order.last
    certain, possible = sure(met), met.fill_null(value=True)
    # whoever is before a row at its worst is ahead of this one at its best
    best = _fewer(last.filter(certain), first, equal=False) + 1
    itself = possible if how.ties == "open" else possible & (first < last)
    # of equal rows nobody knows who comes first, unless they share a place
    worst = _fewer(first.filter(possible), last, equal=how.ties == "open") - itself.cast(pl.Int64) + 1
    out, none = ~possible, whole(NO_PLACE, height)
    # whoever may take no part has no place at the worst
    best, worst = none.zip_with(out, best), none.zip_with(out | met.is_null(), worst)
    settled = bool((best == worst).all())
    return Fact("count", best, best if settled else worst, order.bad, loose=worst != best, ranked=True)


def _fewer(numbers: pl.Series, than: pl.Series, *, equal: bool) -> pl.Series:
    """How many numbers are before each (or at it)."""
    return numbers.sort().search_sorted(than, side="right" if equal else "left").cast(pl.Int64)


def _positions(facts: list[Fact], *, lowest: bool) -> tuple[pl.Series, pl.Series]:
    """The first and the last position of each row: a figure that nobody knows is before all, or behind all."""
    ends: list[tuple[pl.Series, pl.Series]] = []
    for fact in facts:
        known = _known(fact)
        figure = _ordered(fact, known)
        steps = figure.filter(known).unique().sort(descending=not lowest)
        numbers = pl.DataFrame({"figure": steps}).with_row_index("step").with_columns(pl.col("step").cast(pl.Int64))
        step = pl.DataFrame({"figure": figure}).join(numbers, on="figure", how="left", maintain_order="left")["step"]
        ends.append((whole(-1, known.len()), whole(steps.len(), known.len())))
        ends[-1] = (step.zip_with(known, ends[-1][0]), step.zip_with(known, ends[-1][1]))
    names = [f"by{at}" for at in range(len(facts))]
    first, last = (pl.DataFrame(dict(zip(names, side, strict=True))) for side in zip(*ends, strict=True))
    numbered = pl.concat([first, last]).unique().sort(names).with_row_index("position")
    found = (frame.join(numbered, on=names, how="left", maintain_order="left")["position"] for frame in (first, last))
    at_first, at_last = (position.cast(pl.Int64) for position in found)
    return at_first, at_last


def _known(fact: Fact) -> pl.Series:
    """Where a figure is certain; a ratio over nothing is one only where the policy says what it counts as."""
    known = sure(fact.lo == fact.hi)
    if fact.den is None:
        return known
    return known & (fact.den.is_not_null() if fact.beyond else sure(fact.den > 0))


def _ordered(fact: Fact, known: pl.Series) -> pl.Series:
    """A figure as it can be sorted: a ratio as its number among all ratios, equal ones alike."""
    if fact.den is None:
        return fact.lo
    frame = pl.DataFrame({"lo": fact.lo, "den": fact.den})
    sizes = sorted((_size(*pair), pair) for pair in frame.filter(known).unique().iter_rows())
    numbers = [
        (*pair, number)
        for number, (_, equal) in enumerate(groupby(sizes, key=lambda sized: sized[0]))
        for _, pair in equal
    ]
    schema: dict[str, pl.DataType] = {"lo": frame["lo"].dtype, "den": frame["den"].dtype, "number": pl.Int64()}
    made = pl.DataFrame(numbers, schema=schema, orient="row")
    return frame.join(made, on=["lo", "den"], how="left", maintain_order="left")["number"]


def _size(numerator: int, denominator: int) -> tuple[int, Fraction]:
    """What a ratio is sorted by: over nothing it is beyond every other, upwards or downwards."""
    return (0, Fraction(numerator, denominator)) if denominator else (numerator, Fraction(0))
