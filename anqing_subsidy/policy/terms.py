"""Facts and conditions of a policy, in refs and exact integers only."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal, TypeVar

_Part = TypeVar("_Part")
FactType = Literal["uscc", "text", "enum", "yesno", "date", "year", "money", "usd", "count", "area", "ratio"]
Op = Literal["==", "!=", ">=", "<=", ">", "<"]


@dataclass(frozen=True, slots=True)
class Ref:
    """A fact of a table."""

    table: str
    id: str


SpanUnit = Literal["year", "month", "day"]


def moved(day: date, number: int, unit: SpanUnit) -> date:
    """A day some years, months or days later (before where `number` is negative)."""
    if unit == "day":
        return day + timedelta(days=number)
    month = day.month - 1 + number * (12 if unit == "year" else 1)
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Shifted:
    """A date fact moved by whole years, months or days; a day that the month does not have becomes its last one."""

    ref: Ref
    number: int
    unit: SpanUnit


Operand = int | Fraction | date | str | bool | Ref | Shifted


@dataclass(frozen=True, slots=True)
class Compare:
    """`fact op value-or-fact`; numbers in smallest units, rates as ratios."""

    text: str
    ref: Ref
    op: Op
    value: Operand


@dataclass(frozen=True, slots=True)
class IsOneOf:
    """`fact is a or b`."""

    text: str
    ref: Ref
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsGiven:
    """`fact is given` (a cell that cannot be read is given) or `fact is blank`."""

    text: str
    ref: Ref
    given: bool


@dataclass(frozen=True, slots=True)
class Holds:
    """A yes/no fact, or its contrary."""

    text: str
    ref: Ref
    wanted: bool


@dataclass(frozen=True, slots=True)
class Never:
    """A condition that a reading has switched off."""

    text: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one branch holds; within a branch all conditions hold."""

    branches: tuple[tuple[Condition, ...], ...]


Condition = Compare | IsOneOf | IsGiven | Holds | Never | AnyOf
Conditions = tuple[Condition, ...]


def refs_in(node: Any) -> Iterator[Ref]:  # noqa: ANN401  # any part of a policy
    """The facts named in conditions, awards, rules: each as often as it is named, in order."""
    return parts_in(node, Ref)


def parts_in(node: Any, kind: type[_Part]) -> Iterator[_Part]:  # noqa: ANN401  # any part of a policy
    """The parts of one class in any part of a policy, in order."""
    if isinstance(node, kind):
        yield node
    elif is_dataclass(node) and not isinstance(node, type):
        for entry in fields(node):
            yield from parts_in(getattr(node, entry.name), kind)
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from parts_in(value, kind)
    elif isinstance(node, tuple):
        for value in node:
            yield from parts_in(value, kind)
