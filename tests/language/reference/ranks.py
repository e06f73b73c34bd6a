"""Places among all rows of a table."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.language.reference import conditions
from tests.language.reference.values import Num, Tree, Tri, Value, exactly, ordered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.language.reference.world import Place


def place_of(place: Place, doc: Tree, everybody: Sequence[Place]) -> Num:
    """Where a row stands: between the best place and the worst that it may have."""
    taking_part = conditions.hold(place, doc.get("among"))
    if taking_part is False:
        return Num(Fraction(0), Fraction(0), nowhere=True)
    best = worst = 1
    for other in everybody:
        part = other is not place and conditions.hold(other, doc.get("among"))
        if part is False:
            continue
        ahead = _ahead(other, place, doc)
        best += part is True and ahead is True
        worst += ahead is not False
    if taking_part is None:
        return Num(Fraction(best), None, nowhere=None)
    return Num(Fraction(best), Fraction(worst))


def _ahead(one: Place, other: Place, doc: Tree) -> Tri:
    """Whether a row is before another; of rows equal in all facts nobody knows, unless they share a place."""
    names = [doc["rank_by"]] if isinstance(doc["rank_by"], str) else doc["rank_by"]
    figures = [(_number(one.value(name)), _number(other.value(name))) for name in names]
    for pair in figures:
        first, second = pair
        if first.exact is None or second.exact is None:
            # a figure that nobody knows may be ahead of every other, and matters where those before it are equal
            return None
        if doc.get("first", "highest") == "lowest":
            first, second = second, first
        before = ordered(first, second, ">")
        if before is not False:
            return before
        behind = ordered(first, second, "<")
        if behind is not False:
            return False if behind else None
    return False if doc.get("ties", "open") == "share" else None


def _number(value: Value) -> Num:
    if isinstance(value, datetime.date):
        return exactly(value.toordinal())
    return value if isinstance(value, Num) else Num(None, None, blank=True)
