"""Derived facts: one operation of the policy language a function, one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.engine.derive import children, dates, earlier, numbers, place
from anqing_subsidy.engine.fact import Fact
from anqing_subsidy.engine.verdict import Evaluator
from anqing_subsidy.policy import derivations
from anqing_subsidy.policy.derivations import DerivedFact, SameAs, WhenHolds

if TYPE_CHECKING:
    from anqing_subsidy.engine.facts import FactStore, Scope


def _when(how: WhenHolds, _derived: DerivedFact, scope: Scope) -> Fact:
    met = Evaluator(scope).met(how.when)
    return Fact("yesno", met, met, scope.bad(how.when))


def _same_as(how: SameAs, _derived: DerivedFact, scope: Scope) -> Fact:
    return scope.fact(how.ref)


OPERATIONS: Final[dict[type, Callable[[Any, DerivedFact, Scope], Fact]]] = {
    derivations.ChildCount: children.over,
    derivations.ChildSum: children.over,
    derivations.ChildMax: children.over,
    derivations.Added: numbers.added,
    derivations.Minus: numbers.minus,
    derivations.LeastOf: numbers.least,
    derivations.MostOf: numbers.most,
    derivations.FirstGiven: numbers.first_given,
    derivations.Times: numbers.product,
    derivations.RatioOf: numbers.ratio,
    derivations.Growth: numbers.growth,
    derivations.InYuan: numbers.in_yuan,
    derivations.LastYear: earlier.last_year,
    derivations.ListedIn: earlier.listed,
    derivations.PlaceOf: place.place,
    derivations.YearOf: dates.year_of,
    derivations.Anniversary: dates.anniversary,
    derivations.NthYear: dates.nth_year,
    derivations.FullMonths: dates.full_months,
    derivations.Days: dates.days,
    WhenHolds: _when,
    SameAs: _same_as,
}


def derive(store: FactStore, derived: DerivedFact) -> Fact:
    """A derived fact over all rows of its table."""
    return OPERATIONS[type(derived.how)](derived.how, derived, store.scope(derived.ref.table))
