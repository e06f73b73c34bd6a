"""Conditions that cannot both hold, whatever the facts are: of rows with such conditions one at most is paid."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from anqing_subsidy.policy.clauses import Row
from anqing_subsidy.policy.terms import Compare, Condition, Holds, IsGiven, IsOneOf

_SIDES: Final = {"<": {-1}, "<=": {-1, 0}, "==": {0}, ">=": {0, 1}, ">": {1}, "!=": {-1, 1}}
"""On which side of what it is compared with a value lies."""


def apart(rows: tuple[Row, ...]) -> tuple[tuple[int, ...], ...]:
    """The rows by their positions, those of a group each apart from every other of it; a row alone is a group too."""
    groups: list[list[int]] = []
    for at, row in enumerate(rows):
        home = next((group for group in groups if all(_never_both(row, rows[other]) for other in group)), None)
        if home is None:
            groups.append([at])
        else:
            home.append(at)
    return tuple(map(tuple, groups))


def _never_both(row: Row, other: Row) -> bool:
    return any(_contradict(one, two) for one in row.when for two in other.when)


def _contradict(one: Condition, other: Condition) -> bool:
    if isinstance(one, Holds) and isinstance(other, Holds):
        return one.ref == other.ref and one.wanted != other.wanted
    if isinstance(one, IsGiven) and isinstance(other, IsGiven):
        return one.ref == other.ref and one.given != other.given
    mine, theirs = _words(one), _words(other)
    if mine is not None and theirs is not None:
        return one.ref == other.ref and not mine & theirs  # type: ignore[union-attr]  # only of conditions with words
    if not isinstance(one, Compare) or not isinstance(other, Compare) or one.ref != other.ref:
        return False
    if one.value == other.value:
        return not _SIDES[one.op] & _SIDES[other.op]
    low, high = one, other
    if not isinstance(low.value, int | Fraction | date) or type(low.value) is not type(high.value):
        return False
    if low.value > high.value:  # type: ignore[operator]  # of one type
        low, high = other, one
    # nothing is at or below the one and at or above the other
    return 1 not in _SIDES[low.op] and -1 not in _SIDES[high.op]


def _words(condition: Condition) -> set[str] | None:
    """The words for which a condition holds; None where it is about something else."""
    if isinstance(condition, IsOneOf):
        return set(condition.options)
    if isinstance(condition, Compare) and condition.op == "==" and isinstance(condition.value, str):
        return {condition.value}
    return None
