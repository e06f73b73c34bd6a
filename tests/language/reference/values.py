"""What a fact can be: a number between two ends, a day, a yes or no, a word; and quantities as documents write them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

Tri = bool | None
"""True, False, or None: nobody knows."""
Tree = dict[str, Any]
Row = dict[str, Any]

NEVER: Final = -(Fraction(10) ** 40)
ALWAYS: Final = Fraction(10) ** 40
"""A growth below, and above, every rate."""
CELLS: Final = {"money": 1, "usd": 1, "count": 1, "year": 1, "area": 10_000, "ratio": 10**8}
"""How many units of a cell make one: money stays in fen and dollars in cents."""
_QUANTITY: Final = re.compile(r"(-?\d+(?:\.\d+)?)(亿|万)?(美元|元|%|‰)?")
_WORDS: Final = {"亿": 10**8, "万": 10**4, None: 1}
_UNITS: Final = {
    "美元": Fraction(100),
    "元": Fraction(100),
    "%": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    None: Fraction(1),
}


@dataclass(frozen=True)
class Num:
    """A number that is known to lie between two ends (None: no bound); `blank`: nobody knows it."""

    low: Fraction | None
    high: Fraction | None
    blank: bool = False
    nowhere: Tri = False
    """Whether this is the place of a row that takes no part, or perhaps takes none."""

    @property
    def exact(self) -> Fraction | None:
        """The number itself, where it is known."""
        return None if self.blank or self.low != self.high else self.low


Value = Num | datetime.date | bool | str | None


@dataclass(frozen=True)
class Amount:
    """What an award comes to: whether it is due at all, between which ends (fen), and whether a blank is needed."""

    due: Tri
    low: Fraction
    high: Fraction | None
    open: bool = False


def exactly(number: Fraction | int) -> Num:
    return Num(Fraction(number), Fraction(number))


def quantity(text: str) -> Fraction | None:
    """`2000万元` in fen, `60%` and `3万` as numbers; None where the text is none of these."""
    match = _QUANTITY.fullmatch(text.strip().replace(",", ""))
    return None if match is None else Fraction(match[1]) * _WORDS[match[2]] * _UNITS[match[3]]


def cell_value(value: object, kind: str) -> Value:
    """A typed cell."""
    if kind in CELLS:
        if value is None:
            return Num(Fraction(0), None, blank=True)
        assert isinstance(value, int)
        return exactly(Fraction(value, CELLS[kind]))
    assert value is None or isinstance(value, bool | str | datetime.date)
    return value


# ---- three-valued logic ----------------------------------------------------------------------------------------------
def all_of(parts: Iterable[Tri]) -> Tri:
    known = list(parts)
    return False if False in known else None if None in known else True


def any_of(parts: Iterable[Tri]) -> Tri:
    known = list(parts)
    return True if True in known else None if None in known else False


# ---- numbers between two ends ----------------------------------------------------------------------------------------
def no_more(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    """The lower of two upper ends."""
    ends = [end for end in (first, second) if end is not None]
    return min(ends) if ends else None


def plus(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    return None if first is None or second is None else first + second


def times(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    """The product of two upper ends that are not negative."""
    if first == 0 or second == 0:
        return Fraction(0)
    return None if first is None or second is None else first * second


def at_least(number: Num, floor: Fraction) -> Num:
    """The number, or the floor where it is lower."""
    low = floor if number.low is None else max(number.low, floor)
    return Num(low, None if number.high is None else max(number.high, floor), number.blank)


def at_most(number: Num, ceiling: Fraction) -> Num:
    low = None if number.low is None else min(number.low, ceiling)
    return Num(low, no_more(number.high, ceiling), number.blank)


def ordered(first: Num, second: Num, sign: str) -> Tri:
    """Whether two numbers stand so; unknown as soon as one is blank."""
    if first.nowhere or second.nowhere:
        return False
    if first.blank or second.blank:
        return None
    holds = _between(first, second, sign)
    return False if holds is False else None if first.nowhere is None else holds


def _between(first: Num, second: Num, sign: str) -> Tri:
    if sign in ("<", "<="):
        return _between(second, first, ">" if sign == "<" else ">=")
    if sign == "==":
        above, below = _between(first, second, ">"), _between(second, first, ">")
        if above or below:
            return False
        return True if above is False and below is False else None
    strict = sign == ">"
    if first.low is not None and second.high is not None and _past(first.low, second.high, strict=strict):
        return True
    if first.high is not None and second.low is not None and not _past(first.high, second.low, strict=strict):
        return False
    return None


def _past(number: Fraction, level: Fraction, *, strict: bool) -> bool:
    return number > level if strict else number >= level


def rounded(amount: Fraction, rounding: str) -> Fraction:
    """To the fen."""
    if rounding == "down_fen":
        return Fraction(amount.numerator // amount.denominator)
    doubled = amount + Fraction(1, 2)
    return Fraction(doubled.numerator // doubled.denominator)


def shared(total: int, weights: list[Fraction]) -> list[int]:
    """A sum in proportion to weights, to the fen; the fen left over to the largest remainders, of equal ones the first."""
    whole = sum(weights)
    parts = [total * weight / whole for weight in weights]
    floors = [part.numerator // part.denominator for part in parts]
    order = sorted(range(len(parts)), key=lambda at: (floors[at] - parts[at], at))
    for at in order[: total - sum(floors)]:
        floors[at] += 1
    return floors


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later or earlier; of a day that the month has not its last one."""
    first = day.replace(day=1)
    while months:
        first = (
            (first + datetime.timedelta(days=31)).replace(day=1)
            if months > 0
            else (first - datetime.timedelta(days=1)).replace(day=1)
        )
        months += -1 if months > 0 else 1
    following = (first + datetime.timedelta(days=31)).replace(day=1)
    return min(first + datetime.timedelta(days=day.day - 1), following - datetime.timedelta(days=1))


def years_later(day: datetime.date, years: int) -> datetime.date:
    """The same day some years later; of 29 February the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
