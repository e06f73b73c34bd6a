"""What is worked out from dates: years, the same day later, years of support, full months, days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.fact import Fact, either
from anqing_subsidy.policy.derivations import Anniversary, Days, DerivedFact, FullMonths, NthYear, YearOf
from anqing_subsidy.policy.terms import Ref

if TYPE_CHECKING:
    from datetime import date

    from anqing_subsidy.engine.facts import Scope


def year_of(how: YearOf, _derived: DerivedFact, scope: Scope) -> Fact:
    """The year of a date."""
    origin = scope.fact(how.ref)
    year = origin.lo.dt.year().cast(pl.Int64)
    return Fact("year", year, year, origin.bad)


def anniversary(how: Anniversary, _derived: DerivedFact, scope: Scope) -> Fact:
    """The same day some years later; of 29 February the 28th where the year has none."""
    origin = scope.fact(how.ref)
    day = origin.lo.dt.offset_by(f"{how.years}y")
    return Fact("date", day, day, origin.bad)


def nth_year(how: NthYear, _derived: DerivedFact, scope: Scope) -> Fact:
    """Which year the policy year is, the year of the date being the first; 0 before it."""
    origin = scope.fact(how.ref)
    year = (scope.store.policy.year + 1 - origin.lo.dt.year().cast(pl.Int64)).clip(0)
    return Fact("count", year, year, origin.bad)


def full_months(how: FullMonths, _derived: DerivedFact, scope: Scope) -> Fact:
    """Full months from the first day to the last, both included; 0 where the last is before the first."""
    start, end = _day(how.start, scope), _day(how.end, scope)
    after = end.lo.dt.offset_by("1d")
    whole = (after.dt.year().cast(pl.Int64) * 12 + after.dt.month()) - (
        start.lo.dt.year().cast(pl.Int64) * 12 + start.lo.dt.month()
    )
    months = (whole - (after.dt.day() < start.lo.dt.day()).cast(pl.Int64)).clip(0)
    return Fact("count", months, months, either(start.bad, end.bad))


def days(how: Days, _derived: DerivedFact, scope: Scope) -> Fact:
    """Days from the first to the last, both counted; 0 where the last is before the first."""
    start, end = _day(how.start, scope), _day(how.end, scope)
    number = ((end.lo - start.lo).dt.total_days() + 1).clip(0)
    return Fact("count", number, number, either(start.bad, end.bad))


def _day(day: Ref | date, scope: Scope) -> Fact:
    if isinstance(day, Ref):
        return scope.fact(day)
    column = pl.Series([day], dtype=pl.Date).new_from_index(0, scope.height)
    return Fact("date", column, column)
