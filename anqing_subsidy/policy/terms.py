"""Facts, conditions and derived facts of a policy, in refs and exact integers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from anqing_subsidy.finding import Text

FactType = Literal["uscc", "text", "enum", "yesno", "date", "year", "money", "count", "area", "ratio"]
Op = Literal["==", "!=", ">=", "<=", ">", "<"]


@dataclass(frozen=True, slots=True)
class Ref:
    """A fact of a table."""

    table: str
    id: str


@dataclass(frozen=True, slots=True)
class Shifted:
    """A date fact moved by whole years; 29 February becomes the 28th where the year has none."""

    ref: Ref
    years: int


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


@dataclass(frozen=True, slots=True)
class ChildCount:
    """How many child rows satisfy the conditions."""

    child: str
    where: Conditions
    otherwise: Ref | None


@dataclass(frozen=True, slots=True)
class ChildSum:
    """The sum of a column over the child rows that satisfy the conditions."""

    child: str
    of: Ref
    where: Conditions
    otherwise: Ref | None


@dataclass(frozen=True, slots=True)
class Added:
    """The sum of facts of one row; unknown while one of them is."""

    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class RatioOf:
    """One fact over another, kept as a pair of integers."""

    numerator: Ref
    denominator: Ref


@dataclass(frozen=True, slots=True)
class YearOf:
    """The year of a date."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Anniversary:
    """The same day some years later."""

    ref: Ref
    years: int


@dataclass(frozen=True, slots=True)
class WhenHolds:
    """A yes/no fact made of conditions."""

    when: Conditions


@dataclass(frozen=True, slots=True)
class SameAs:
    """Another fact under this name (a reading picks which)."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class ListedIn:
    """One value for those on an official list, another for the rest; a column where no list is given."""

    table: str
    listed: str
    unlisted: str
    otherwise: Ref


Derivation = ChildCount | ChildSum | Added | RatioOf | YearOf | Anniversary | WhenHolds | SameAs | ListedIn


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A fact that is worked out, not typed."""

    ref: Ref
    type: FactType
    title: Text
    how: Derivation
