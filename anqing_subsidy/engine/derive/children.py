"""Figures over child rows: how many, their sum, the largest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.exact import any_of, flag, possible, sure, whole
from anqing_subsidy.engine.fact import Fact, either
from anqing_subsidy.engine.table_rows import TableRows, links
from anqing_subsidy.engine.verdict import Evaluator
from anqing_subsidy.money import INT64_MAX
from anqing_subsidy.policy.derivations import ChildCount, ChildMax, DerivedFact, OverChildren
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.reads import refs_behind
from anqing_subsidy.tables import BAD

if TYPE_CHECKING:
    from anqing_subsidy.engine.facts import Scope


def over(how: OverChildren, derived: DerivedFact, parent: Scope) -> Fact:
    """Count, sum or largest value over child rows: certain ones below, possible ones above."""
    store, ref = parent.store, derived.ref
    child = store.rows[how.child]
    scope = store.scope(how.child)
    up = child.up[ref.table]
    met = Evaluator(scope).met(how.where)
    claims = store.claims(how.child)
    if claims is not None:
        met = met & ~claims.lost
    held = claims.held if claims is not None else flag(False, child.height)
    bad = key_bad(store.policy, child)
    of = None if isinstance(how, ChildCount) else scope.fact(how.of)
    amount = of.lo if of is not None else whole(1, child.height)
    for mark in (scope.bad(how.where), None if of is None else of.bad):
        bad = bad if mark is None else bad | mark
    # a cell that cannot be read leaves its row open, whatever the others say
    certain, maybe = sure(met) & ~held & ~bad, possible(met)
    # a figure that is itself counted over rows has two ends
    most = amount if of is None else of.hi
    unknown = (amount.is_null() | most.is_null()) & maybe
    torn = sure(most != amount) & maybe
    frame = pl.DataFrame(
        {
            "up": up,
            "lo": _at_least(amount, certain, maybe),
            "hi": _at_most(most, certain, maybe),
            "open": unknown,
            "held": held & maybe,
            "loose": maybe & (~sure(met) | bad | unknown | torn),
            "spoilt": maybe & bad,
            "conflict": child.conflict if child.conflict is not None else flag(False, child.height),
        }
    )
    sums = frame.group_by("up").agg(
        pl.col("lo", "hi").max() if isinstance(how, ChildMax) else pl.col("lo", "hi").sum(),
        pl.col("open").any(),
        pl.col("loose").any(),
        pl.col("held").sum(),
        pl.col("spoilt").sum(),
        pl.col("conflict").any(),
    )
    sums = pl.DataFrame({"up": pl.int_range(parent.height, eager=True, dtype=pl.UInt32)}).join(
        sums, on="up", how="left", maintain_order="left"
    )
    bare = sums["lo"].is_null()
    # the largest of rows is nothing where all are below nothing
    floor = 0 if isinstance(how, ChildMax) else -INT64_MAX
    lo = sums["lo"].clip(floor, INT64_MAX).cast(pl.Int64)
    hi = sums["hi"].clip(floor, INT64_MAX).cast(pl.Int64)
    hi = hi.set(sums["open"].fill_null(value=False), None)
    declared = bad_declared = None
    if how.otherwise is None:
        lo, hi = lo.fill_null(0), hi.set(bare, 0)
    else:
        other = parent.fact(how.otherwise)
        declared = bare & other.lo.is_not_null()
        lo, hi = other.lo.zip_with(bare, lo), other.lo.zip_with(bare, hi)
        bad_declared = None if other.bad is None else other.bad & bare
    for asked in refs_behind(how.where, store.policy.facts):
        # a cell of the parent that decides about all its children is the parent's own
        mark = parent.fact(asked).bad if asked.table == ref.table else None
        bad_declared = bad_declared if mark is None else either(bad_declared, mark & ~bare)
    if not child.height:
        hi = lo
    conflict = sums["conflict"].fill_null(value=False) if child.conflict is not None else None
    return Fact(
        derived.type,
        lo,
        hi,
        bad_declared,
        sums["held"].fill_null(0),
        sums["spoilt"].fill_null(0),
        declared,
        conflict,
        loose=sums["loose"].fill_null(value=False),
    )


def _at_least(amount: pl.Series, certain: pl.Series, maybe: pl.Series) -> pl.Series:
    """What each row adds at the least: one that may not count adds nothing, or what it takes off."""
    figures = amount.fill_null(0).cast(pl.Int128)
    return figures * certain.cast(pl.Int128) + figures.clip(upper_bound=0) * (maybe & ~certain).cast(pl.Int128)


def _at_most(amount: pl.Series, certain: pl.Series, maybe: pl.Series) -> pl.Series:
    """What each row adds at the most: one that may not count takes nothing off."""
    figures = amount.fill_null(0).cast(pl.Int128)
    return figures * certain.cast(pl.Int128) + figures.clip(lower_bound=0) * (maybe & ~certain).cast(pl.Int128)


def key_bad(policy: Policy, child: TableRows) -> pl.Series:
    """Rows whose own key is blank or cannot be trusted (a wrong check digit): possible, never certain."""
    owners = links(policy, child.table)
    marks = [
        child.frame[key + BAD].fill_null(value=False)
        for key in child.table.key
        if key + BAD in child.frame.columns and key not in owners
    ]
    return any_of(marks, child.height)
