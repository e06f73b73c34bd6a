"""Intervals of exact numbers, with open and closed ends; days and whole numbers have next ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from anqing_subsidy.policy.terms import Op

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Interval:
    """From a lower to an upper end; None is no end. Of whole numbers both ends are always included."""

    low: Number | None = None
    high: Number | None = None
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def __and__(self, other: Interval) -> Interval:
        low, low_open = self.low, self.low_open
        if low is None or (other.low is not None and (other.low, other.low_open) > (low, low_open)):
            low, low_open = other.low, other.low_open
        high, high_open = self.high, self.high_open
        if high is None or (other.high is not None and (other.high, not other.high_open) < (high, not high_open)):
            high, high_open = other.high, other.high_open
        return Interval(low, high, low_open, high_open)

    def within(self, other: Interval) -> bool:
        """Whether all of it lies in another."""
        return self & other == self

    def starts_after(self, other: Interval) -> bool:
        """Whether something lies between the end of another and the start of this one."""
        if other.high is None or self.low is None or self.low < other.high:
            return False
        if isinstance(self.low, int) and isinstance(other.high, int):
            return self.low > other.high + 1
        return self.low > other.high or (self.low_open and other.high_open)


EVERYTHING: Final = Interval()


def interval_of(op: Op, value: int | Fraction | date) -> Interval | None:
    """The values for which a comparison holds; None where they are no interval (`!=`)."""
    if isinstance(value, date):
        value = value.toordinal()
    step = 1 if isinstance(value, int) else 0
    is_open = not step
    if op == "==":
        return Interval(value, value)
    if op == ">=":
        return Interval(low=value)
    if op == "<=":
        return Interval(high=value)
    if op == ">":
        return Interval(low=value + step, low_open=is_open)
    if op == "<":
        return Interval(high=value - step, high_open=is_open)
    return None
