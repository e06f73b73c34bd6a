"""Facts that are worked out from columns: one function an operation."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.language.reference import conditions, ranks
from tests.language.reference.values import (
    ALWAYS,
    NEVER,
    Num,
    Tree,
    Value,
    at_most,
    exactly,
    no_more,
    plus,
    quantity,
    times,
    years_later,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.language.reference.world import Place


# ---- numbers of one row ----------------------------------------------------------------------------------------------
def _numbers(place: Place, names: Sequence[str]) -> tuple[list[Num], bool]:
    found = [place.number(name) for name in names]
    return found, any(number.blank for number in found)


def _negative(number: Num) -> Num:
    low = None if number.high is None else -number.high
    return Num(low, None if number.low is None else -number.low, number.blank)


def _sum(numbers: Sequence[Num], *, blank: bool) -> Num:
    total = Num(Fraction(0), Fraction(0))
    for number in numbers:
        total = Num(plus(total.low, number.low), plus(total.high, number.high))
    return _open(total) if blank else total


def _open(number: Num) -> Num:
    """What a blank leaves open: whatever else is known of it says nothing."""
    return Num(None if number.low is None else min(number.low, Fraction(0)), None, blank=True)


def add(place: Place, doc: Tree) -> Value:
    numbers, blank = _numbers(place, doc["add"])
    return _sum(numbers, blank=blank)


def minus(place: Place, doc: Tree) -> Value:
    numbers, blank = _numbers(place, doc["minus"])
    return _sum([numbers[0], *map(_negative, numbers[1:])], blank=blank)


def least(place: Place, doc: Tree) -> Value:
    numbers, blank = _numbers(place, doc["least"])
    lows = [number.low for number in numbers]
    high: Fraction | None = None
    for number in numbers:
        high = None if blank else no_more(high, number.high)
    found = Num(None if None in lows else min(low for low in lows if low is not None), high)
    return _open(found) if blank else found


def most(place: Place, doc: Tree) -> Value:
    numbers, blank = _numbers(place, doc["most"])
    turned = [_negative(number) for number in numbers]
    highs = [number.high for number in numbers]
    low: Fraction | None = None
    for number in turned:
        low = no_more(low, number.high)
    high = None if None in highs else max(high for high in highs if high is not None)
    found = Num(None if low is None else -low, high)
    return _open(found) if blank else found


def first_given(place: Place, doc: Tree) -> Value:
    """The first that is not blank."""
    numbers, _ = _numbers(place, doc["first_given"])
    return next((number for number in numbers if not number.blank), numbers[-1])


def product(place: Place, doc: Tree) -> Value:
    """None of them is below nothing."""
    numbers, blank = _numbers(place, doc["times"])
    if blank:
        return Num(None, None, blank=True)
    made = exactly(1)
    for number in numbers:
        made = Num(times(made.low, number.low), times(made.high, number.high))
    return made


def ratio(place: Place, doc: Tree) -> Value:
    above, below = (place.number(name) for name in doc["ratio"])
    whole, part = below.exact, above.exact
    if above.blank or below.blank or whole == 0:
        return Num(None, None, blank=True)
    if whole is not None and part is not None:
        return exactly(part / whole)
    return _quotient(above, below)


def _quotient(above: Num, below: Num) -> Num:
    """Between the ends, of figures that are not negative; a denominator that is 0 or between two ends leaves it unknown."""
    whole = below.exact
    if not whole or above.low is None:
        return Num(Fraction(0), None, blank=True)
    return Num(above.low / whole, None if above.high is None else above.high / whole)


def growth(place: Place, doc: Tree) -> Value:
    now, before = (place.number(name) for name in doc["growth"])
    told = {"met": exactly(ALWAYS), "not_met": exactly(NEVER), "pending": Num(None, None, blank=True)}
    if now.blank:
        return told["not_met" if before.exact == 0 and doc.get("zero") == "not_met" else "pending"]
    first, second = now.exact, before.exact
    assert first is not None
    if before.blank or second == 0:
        how = doc.get("missing" if before.blank else "zero", "pending")
        # nothing this year is never growth
        return told["not_met"] if how == "met" and first == 0 else told[how]
    assert second is not None
    return exactly((first - second) / second)


def last_year(place: Place, doc: Tree) -> Value:
    history = place.world.tree["history"]
    for row in place.below.get(history["table"], ()):
        if row.cells[history["year"]] == place.world.year - 1 and row.cells[doc["last_year"]] is not None:
            return row.value(doc["last_year"])
    if "else" in doc:
        return place.value(doc["else"])
    return Num(Fraction(0), None, blank=True)


def in_yuan(place: Place, doc: Tree) -> Value:
    number = place.number(doc["in_yuan"])
    rate = quantity(place.world.tree["exchange"]["usd"])
    assert rate is not None
    ends = [None if end is None else _half_up(end * rate / 100) for end in (number.low, number.high)]
    return Num(ends[0], ends[1], number.blank)


def _half_up(number: Fraction) -> Fraction:
    doubled = number + Fraction(1, 2)
    return Fraction(doubled.numerator // doubled.denominator)


# ---- days ------------------------------------------------------------------------------------------------------------
def year_of(place: Place, doc: Tree) -> Value:
    day = place.day(doc["year_of"])
    return Num(None, None, blank=True) if day is None else exactly(day.year)


def nth_year(place: Place, doc: Tree) -> Value:
    day = place.day(doc["nth_year"])
    if day is None:
        return Num(Fraction(0), None, blank=True)
    return exactly(max(0, place.world.year - day.year + 1))


def full_months(place: Place, doc: Tree) -> Value:
    """Both days are included: the months from the first day to the day after the last."""
    first, last = (place.day(name) for name in doc["full_months"])
    if first is None or last is None:
        return Num(Fraction(0), None, blank=True)
    after = last + datetime.timedelta(days=1)
    months = (after.year - first.year) * 12 + after.month - first.month
    return exactly(max(0, months - (after.day < first.day)))


def days(place: Place, doc: Tree) -> Value:
    """Both days are counted."""
    first, last = (place.day(name) for name in doc["days"])
    if first is None or last is None:
        return Num(Fraction(0), None, blank=True)
    return exactly(max(0, (last - first).days + 1))


def anniversary(place: Place, doc: Tree) -> Value:
    day = place.day(doc["anniversary"])
    return None if day is None else years_later(day, int(doc["years"]))


# ---- rows below ------------------------------------------------------------------------------------------------------
def _below(place: Place, table: str, doc: Tree) -> Num | list[tuple[Place, bool]]:
    """The rows that count, each with whether that is certain; or the column that counts where there is no row."""
    rows = place.below.get(table, [])
    if not rows and "else" in doc:
        return place.number(doc["else"])
    holds = [(row, conditions.hold(row, doc.get("where"))) for row in rows]
    return [(row, bool(here)) for row, here in holds if here is not False]


def count(place: Place, doc: Tree) -> Value:
    rows = _below(place, doc["count"], doc)
    if isinstance(rows, Num):
        return rows
    return Num(Fraction(sum(certain for _, certain in rows)), Fraction(len(rows)))


def sum_below(place: Place, doc: Tree) -> Value:
    rows = _below(place, doc["sum"], doc)
    return rows if isinstance(rows, Num) else _sum(_figures(rows, doc["of"]), blank=False)


def max_below(place: Place, doc: Tree) -> Value:
    rows = _below(place, doc["max"], doc)
    if isinstance(rows, Num):
        return rows
    figures = [exactly(0), *_figures(rows, doc["of"])]
    highs = [figure.high for figure in figures]
    high = None if None in highs else max(high for high in highs if high is not None)
    return Num(max(figure.low for figure in figures if figure.low is not None), high)


def _figures(rows: list[tuple[Place, bool]], of: str) -> list[Num]:
    """The figure of each row; of one that may count, or whose figure is blank, from nothing on."""
    figures = [(row.number(of), certain) for row, certain in rows]
    return [
        Num(Fraction(0), None)
        if figure.blank
        else Num(figure.low if certain else at_most(figure, Fraction(0)).low, figure.high)
        for figure, certain in figures
    ]


# ---- the rest --------------------------------------------------------------------------------------------------------
def when(place: Place, doc: Tree) -> Value:
    return conditions.hold(place, doc["when"])


def same_as(place: Place, doc: Tree) -> Value:
    return place.value(doc["same_as"])


def rank_by(place: Place, doc: Tree) -> Value:
    return ranks.place_of(place, doc, place.world.places[place.table])


OPERATIONS: dict[str, Callable[[Place, Tree], Value]] = {
    "rank_by": rank_by,
    "count": count,
    "sum": sum_below,
    "max": max_below,
    "add": add,
    "minus": minus,
    "least": least,
    "most": most,
    "first_given": first_given,
    "times": product,
    "ratio": ratio,
    "growth": growth,
    "last_year": last_year,
    "nth_year": nth_year,
    "full_months": full_months,
    "days": days,
    "in_yuan": in_yuan,
    "year_of": year_of,
    "anniversary": anniversary,
    "same_as": same_as,
    "when": when,
}
