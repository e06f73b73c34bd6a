"""Numbers worked out from numbers of one row: sums, differences, the least, products, ratios, growth, US dollars in yuan.

Each number is what is certain (`lo`) up to what is possible (`hi`; null: nothing bounds it). Where no operand is open
beyond a plain blank, both are one series.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.exact import any_of, flag, larger, rounded, smaller, sure, times, whole
from anqing_subsidy.engine.fact import Fact, either, more
from anqing_subsidy.policy.derivations import (
    Added,
    DerivedFact,
    FirstGiven,
    Growth,
    InYuan,
    LeastOf,
    Minus,
    MostOf,
    Part,
    RatioOf,
    Times,
)
from anqing_subsidy.policy.terms import Ref

if TYPE_CHECKING:
    from anqing_subsidy.engine.facts import Scope


def _parts(parts: tuple[Part, ...], scope: Scope) -> list[Fact]:
    found = []
    for part in parts:
        if isinstance(part, Ref):
            found.append(scope.fact(part))
        else:
            column = whole(part, scope.height)
            found.append(Fact("count", column, column))
    return found


def _made(derived: DerivedFact, facts: list[Fact], lo: pl.Series, hi: pl.Series) -> Fact:
    """A number made of some facts: what is odd about one of them is odd about it."""
    bad = declared = conflict = loose = held = spoilt = None
    for fact in facts:
        bad, declared = either(bad, fact.bad), either(declared, fact.declared)
        conflict, loose = either(conflict, fact.conflict), either(loose, fact.loose)
        held, spoilt = more(held, fact.held), more(spoilt, fact.spoilt)
    plain = not any(fact.is_pair for fact in facts)
    return Fact(derived.type, lo, lo if plain else hi, bad, held, spoilt, declared, conflict, loose=loose)


def added(how: Added, derived: DerivedFact, scope: Scope) -> Fact:
    """The sum of all."""
    facts = _parts(how.parts, scope)
    lo, hi = facts[0].lo, facts[0].hi
    for fact in facts[1:]:
        lo, hi = lo + fact.lo, hi + fact.hi
    return _made(derived, facts, lo, hi)


def minus(how: Minus, derived: DerivedFact, scope: Scope) -> Fact:
    """The first less the others: certain where the others are at their most."""
    facts = _parts(how.parts, scope)
    lo, hi = facts[0].lo, facts[0].hi
    for fact in facts[1:]:
        lo, hi = lo - fact.hi, hi - fact.lo
    return _made(derived, facts, lo, hi)


def least(how: LeastOf, derived: DerivedFact, scope: Scope) -> Fact:
    """The least of all; a blank leaves it open."""
    facts = _parts(how.parts, scope)
    lo, hi = facts[0].lo, facts[0].hi
    for fact in facts[1:]:
        # nothing bounds one of them: the other does
        bounded = fact.hi.zip_with(hi.is_null(), smaller(hi, fact.hi).zip_with(fact.hi.is_not_null(), hi))
        lo, hi = smaller(lo, fact.lo).zip_with(lo.is_not_null() & fact.lo.is_not_null(), whole(None, lo.len())), bounded
    return _made(derived, facts, lo, hi)


def most(how: MostOf, derived: DerivedFact, scope: Scope) -> Fact:
    """The greatest of all; a blank leaves it open."""
    facts = _parts(how.parts, scope)
    lo, hi = facts[0].lo, facts[0].hi
    for fact in facts[1:]:
        known = lo.is_not_null() & fact.lo.is_not_null()
        bounded = hi.is_not_null() & fact.hi.is_not_null()
        none = whole(None, lo.len())
        lo, hi = larger(lo, fact.lo).zip_with(known, none), larger(hi, fact.hi).zip_with(bounded, none)
    return _made(derived, facts, lo, hi)


def first_given(how: FirstGiven, derived: DerivedFact, scope: Scope) -> Fact:
    """The first cell that is not blank; one that cannot be read is given."""
    *cells, found = _parts(how.parts, scope)
    for cell in reversed(cells):
        given = cell.lo.is_not_null() if cell.bad is None else cell.lo.is_not_null() | cell.bad.fill_null(value=False)
        found = _picked(given, cell, found, derived)
    return found.changed(type=derived.type)


def _picked(given: pl.Series, one: Fact, other: Fact, derived: DerivedFact) -> Fact:
    """One fact where it is given, another elsewhere, each with what is odd about it."""
    height = given.len()

    def mark(own: pl.Series | None, its: pl.Series | None) -> pl.Series | None:
        if own is None and its is None:
            return None
        no = flag(False, height)
        return (no if own is None else own).zip_with(given, no if its is None else its)

    def count(own: pl.Series | None, its: pl.Series | None) -> pl.Series | None:
        if own is None and its is None:
            return None
        none = whole(0, height)
        return (none if own is None else own).zip_with(given, none if its is None else its)

    lo = one.lo.zip_with(given, other.lo)
    hi = one.hi.zip_with(given, other.hi) if one.is_pair or other.is_pair else lo
    return Fact(
        derived.type,
        lo,
        hi,
        bad=mark(one.bad, other.bad),
        held=count(one.held, other.held),
        spoilt=count(one.spoilt, other.spoilt),
        declared=mark(one.declared, other.declared),
        conflict=mark(one.conflict, other.conflict),
        loose=mark(one.loose, other.loose),
    )


def product(how: Times, derived: DerivedFact, scope: Scope) -> Fact:
    """Facts multiplied. Between two ends, a count that may be below nothing, or a product beyond Int64, leaves it open."""
    facts = sorted(_parts(how.parts, scope), key=lambda fact: fact.type != "count", reverse=True)
    lo, hi = facts[0].lo, facts[0].hi
    for fact in facts[1:]:
        if lo is hi and not fact.is_pair:
            lo = hi = _times(lo, fact.lo)
            continue
        # what is below nothing is least where it is taken most often
        low = _times(lo, fact.lo).zip_with(sure(lo >= 0), _times(lo, fact.hi))
        high = _times(hi, fact.hi).zip_with(sure(hi >= 0), _times(hi, fact.lo))
        # nothing times whatever it may be is nothing
        nothing = (sure(hi == 0) | sure(fact.hi == 0)) & lo.is_not_null() & fact.lo.is_not_null()
        high = whole(0, scope.height).zip_with(nothing, high)
        sound, none = sure(fact.lo >= 0), whole(None, scope.height)
        lo, hi = low.zip_with(sound, none), high.zip_with(sound, none)
    return _made(derived, facts, lo, hi)


def _times(column: pl.Series, factor: pl.Series) -> pl.Series:
    """The product in Int64; null where it does not fit: nobody can mean such a figure."""
    return times(column, factor).cast(pl.Int64, strict=False)


def ratio(how: RatioOf, derived: DerivedFact, scope: Scope) -> Fact:
    """One over the other, kept as a pair: the denominator is a plain number."""
    top, bottom = _parts((how.numerator, how.denominator), scope)
    made = _made(derived, [top], top.lo, top.hi)
    below = bottom.lo
    if bottom.is_pair:
        below = below.zip_with(sure(bottom.lo == bottom.hi), whole(None, below.len()))
    return made.changed(den=below, bad=either(top.bad, bottom.bad))


def growth(how: Growth, derived: DerivedFact, scope: Scope) -> Fact:
    """The increase over the earlier figure, as a pair; where that is nothing or blank, as the policy says.

    Beyond every rate is 1/0, below every rate -1/0. From nothing to nothing is no growth.
    """
    now, before = scope.fact(how.now), scope.fact(how.before)
    made = minus(Minus((how.now, how.before)), derived, scope)
    lo, hi, den = made.lo, made.hi, before.lo
    height = scope.height
    unreadable = sure(any_of([mark for mark in (now.bad, before.bad) if mark is not None], height))
    known = now.lo.is_not_null()
    # from nothing to a figure that nobody knows: it decides, but where nothing would do
    from_zero = sure(before.lo == 0) & (known if how.zero == "met" else flag(True, height))
    cases = ((how.missing, before.lo.is_null() & known), (how.zero, from_zero))
    for rule, reached in cases:
        where = reached & ~unreadable
        if rule == "pending":
            den = whole(None, height).zip_with(where, den)
            continue
        up = whole(-1, height) if rule == "not_met" else whole(1, height).zip_with(sure(now.lo > 0), whole(-1, height))
        lo, hi, den = up.zip_with(where, lo), up.zip_with(where, hi), whole(0, height).zip_with(where, den)
    return made.changed(lo=lo, hi=hi if made.is_pair else lo, den=den, beyond=True)


def in_yuan(how: InYuan, _derived: DerivedFact, scope: Scope) -> Fact:
    """US dollars at the declared rate, rounded half up to the fen."""
    fact = scope.fact(how.ref)

    def yuan(cents: pl.Series) -> pl.Series:
        return rounded(times(cents, how.rate.numerator), how.rate.denominator, "half_up_fen")

    lo = yuan(fact.lo)
    return fact.changed(type="money", lo=lo, hi=yuan(fact.hi) if fact.is_pair else lo)
