"""Derived facts: one operation of the policy language a function, one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.engine.derive import children, dates, earlier, numbers, place
from anqing_subsidy.engine.fact import Fact
from anqing_subsidy.engine.verdict import Evaluator
from anqing_subsidy.policy import terms
from anqing_subsidy.policy.terms import DerivedFact, SameAs, WhenHolds

if TYPE_CHECKING:
    from anqing_subsidy.engine.facts import FactStore, Scope


def _when(how: WhenHolds, _derived: DerivedFact, scope: Scope) -> Fact:
    met = Evaluator(scope).met(how.when)
    return Fact("yesno", met, met, scope.bad(how.when))


def _same_as(how: SameAs, _derived: DerivedFact, scope: Scope) -> Fact:
    return scope.fact(how.ref)


OPERATIONS: Final[dict[type, Callable[[Any, DerivedFact, Scope], Fact]]] = {
    terms.ChildCount: children.over,
    terms.ChildSum: children.over,
    terms.ChildMax: children.over,
    terms.Added: numbers.added,
    terms.Minus: numbers.minus,
    terms.LeastOf: numbers.least,
    terms.MostOf: numbers.most,
    terms.RatioOf: numbers.ratio,
    terms.Growth: numbers.growth,
    terms.InYuan: numbers.in_yuan,
    terms.LastYear: earlier.last_year,
    terms.ListedIn: earlier.listed,
    terms.PlaceOf: place.place,
    terms.YearOf: dates.year_of,
    terms.Anniversary: dates.anniversary,
    terms.NthYear: dates.nth_year,
    terms.FullMonths: dates.full_months,
    WhenHolds: _when,
    SameAs: _same_as,
}


def derive(store: FactStore, derived: DerivedFact) -> Fact:
    """A derived fact over all rows of its table."""
    return OPERATIONS[type(derived.how)](derived.how, derived, store.scope(derived.ref.table))
