"""The place of a row among all rows of its table: the best that is possible and the worst.

Whoever qualifies without doubt and whose figures are known is ahead, equal or behind. Whoever may qualify, or whose
figure is blank, may be ahead: that moves the worst place, not the best. Ratios are ordered as exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.exact import all_of, any_of, sure, whole
from anqing_subsidy.engine.fact import NO_PLACE, Fact
from anqing_subsidy.engine.verdict import Evaluator
from anqing_subsidy.policy.derivations import DerivedFact, PlaceOf

if TYPE_CHECKING:
    from anqing_subsidy.engine.facts import Scope


@dataclass(frozen=True)
class Order:
    """Of each row: whether it takes part, whether its figures are known and readable, its number in the order."""

    met: pl.Series
    known: pl.Series
    bad: pl.Series
    keys: pl.Series


def order_of(how: PlaceOf, scope: Scope) -> Order:
    """The rows of a table in their order; equal rows have one number, those of unknown figures none."""
    height = scope.height
    facts = [scope.fact(ref) for ref in how.by]
    met = Evaluator(scope).met(how.among)
    marks = (*(fact.bad for fact in facts), scope.bad(how.among))
    bad = sure(any_of([mark for mark in marks if mark is not None], height))
    known = all_of([_known(fact) for fact in facts], height) & ~bad
    return Order(met, known, bad, _keys(facts, known, lowest=how.first == "lowest"))


def place(how: PlaceOf, _derived: DerivedFact, scope: Scope) -> Fact:
    """Best and worst place of each row; one series where no row is in doubt."""
    height = scope.height
    order = order_of(how, scope)
    met, known, keys = order.met, order.known, order.keys
    certain = sure(met) & known
    maybe = met.fill_null(value=True) & ~certain
    frame = pl.DataFrame({"key": keys, "certain": certain, "may": maybe & known, "any": maybe & ~known})
    counts = frame.filter(known).group_by("key").agg(pl.col("certain", "may").sum()).sort("key")
    ahead = counts.select(
        "key",
        equal=pl.col("certain"),
        equal_may="may",
        ahead=pl.col("certain").cum_sum() - pl.col("certain"),
        ahead_may=pl.col("may").cum_sum() - pl.col("may"),
    )
    frame = frame.join(ahead, on="key", how="left", nulls_equal=False, maintain_order="left")
    others = frame["any"].sum() - frame["any"].cast(pl.Int64)
    best = frame["ahead"].cast(pl.Int64) + 1
    worst = best + frame["ahead_may"].cast(pl.Int64) + others
    if how.ties == "open":
        # equal rows may come before this one, itself not counted
        worst = worst + frame["equal"].cast(pl.Int64) + frame["equal_may"].cast(pl.Int64) - 1
    # a figure that nobody knows may stand anywhere among all that may take part
    last = int((certain | maybe).sum())
    best, worst = best.zip_with(known, whole(1, height)), worst.zip_with(known, whole(last, height))
    out = ~met.fill_null(value=True)
    none = whole(NO_PLACE, height)
    # whoever may take no part has no place at the worst
    best, worst = none.zip_with(out, best), none.zip_with(out | met.is_null(), worst)
    settled = bool((best == worst).all())
    return Fact("count", best, best if settled else worst, order.bad, loose=worst != best, ranked=True)


def _known(fact: Fact) -> pl.Series:
    """Where a figure is certain; a ratio over nothing is one only where the policy says what it counts as."""
    known = sure(fact.lo == fact.hi)
    if fact.den is None:
        return known
    return known & (fact.den.is_not_null() if fact.beyond else sure(fact.den > 0))


def _keys(facts: list[Fact], known: pl.Series, *, lowest: bool) -> pl.Series:
    """Rows numbered in their order, equal rows alike; null where a figure is not known."""
    names = [f"by{at}" for at in range(len(facts))]
    frame = pl.DataFrame({name: _ordered(fact, known) for name, fact in zip(names, facts, strict=True)})
    order = frame.filter(known).unique().sort(names, descending=not lowest).with_row_index("key")
    found = frame.join(order, on=names, how="left", maintain_order="left")["key"].cast(pl.Int64)
    return found.zip_with(known, whole(None, known.len()))


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
