"""What other sheets say of an applicant: last year's figure, and whether it stands on an official list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.exact import any_of, flag, sure
from anqing_subsidy.engine.fact import Fact, either
from anqing_subsidy.policy.derivations import DerivedFact, LastYear, ListedIn
from anqing_subsidy.tables import BAD

if TYPE_CHECKING:
    from anqing_subsidy.engine.facts import Scope


def last_year(how: LastYear, derived: DerivedFact, scope: Scope) -> Fact:
    """The figure of the year before the policy's; where the sheet of years has none, the declared column."""
    store, policy = scope.store, scope.store.policy
    rule = policy.history
    if rule is None:
        raise TypeError("the policy names no table of earlier years")
    rows = store.rows[rule.table]
    marks = [rows.frame[name + BAD] for name in (how.metric, rule.year) if name + BAD in rows.frame.columns]
    frame = pl.DataFrame(
        {
            "up": rows.up[policy.main],
            "year": rows.frame[rule.year],
            "value": rows.frame[how.metric],
            "bad": sure(any_of(marks, rows.height)),
            "conflict": rows.conflict if rows.conflict is not None else flag(False, rows.height),
        }
    )
    # a year that cannot be read may be last year's
    asked = (pl.col("year") == policy.year - 1) | (pl.col("year").is_null() & pl.col("bad"))
    found = (
        frame.filter(asked)
        .group_by("up")
        .agg(pl.col("value").filter(pl.col("year").is_not_null()).first(), pl.col("bad", "conflict").any())
    )
    index = pl.DataFrame({"up": pl.int_range(scope.height, eager=True, dtype=pl.UInt32)})
    known = index.join(found, on="up", how="left", maintain_order="left")
    value, bad, conflict = known["value"], sure(known["bad"]), sure(known["conflict"])
    if how.otherwise is None:
        return Fact(derived.type, value, value, bad, conflict=conflict)
    other = scope.fact(how.otherwise)
    bare = value.is_null() & ~bad
    value = other.lo.zip_with(bare, value)
    return Fact(
        derived.type,
        value,
        value,
        either(bad, None if other.bad is None else other.bad & bare),
        declared=bare & other.lo.is_not_null(),
        conflict=conflict,
    )


def listed(how: ListedIn, _derived: DerivedFact, scope: Scope) -> Fact:
    """One value for those on a list, another for the rest; a column where no list is given."""
    store = scope.store
    listing, code = store.rows[how.table].frame, store.policy.payee.code
    if listing.height == 0:
        return scope.fact(how.otherwise)
    codes = store.rows[how.otherwise.table].frame[code]
    known = listing[listing.columns[0] if code not in listing.columns else code]
    on_it = codes.is_in(known.drop_nulls().unique().implode())
    column = pl.select(pl.when(on_it).then(pl.lit(how.listed)).otherwise(pl.lit(how.unlisted))).to_series()
    return Fact("enum", column, column)
