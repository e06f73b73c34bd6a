"""What derived facts are worked out from: one class an operation, in refs and exact integers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.terms import Conditions, FactType, Ref


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
class ChildMax:
    """The largest value of a column over the child rows that satisfy the conditions."""

    child: str
    of: Ref
    where: Conditions
    otherwise: Ref | None


OverChildren = ChildCount | ChildSum | ChildMax

Part = Ref | int
"""A fact, or a number of its smallest units."""


@dataclass(frozen=True, slots=True)
class Added:
    """The sum of facts of one row; unknown while one of them is."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Minus:
    """The first fact less the others, below zero too; unknown while one of them is."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class LeastOf:
    """The least of facts of one row; unknown while one of them is."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class MostOf:
    """The greatest of facts of one row; unknown while one of them is."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FirstGiven:
    """The first of some cells of a row that is filled in; the last may be any fact or a number."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """A product of facts of one row, of which at most one is no count; unknown while one of them is."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class RatioOf:
    """One fact over another, kept as a pair of integers."""

    numerator: Part
    denominator: Part


OtherWay = Literal["pending", "met", "not_met"]
"""What is said where growth cannot be worked out: unknown, above every rate, below every rate."""


@dataclass(frozen=True, slots=True)
class Growth:
    """The increase of a fact over an earlier figure, as a share of that figure: a pair of integers."""

    now: Ref
    before: Ref
    missing: OtherWay
    zero: OtherWay


@dataclass(frozen=True, slots=True)
class LastYear:
    """A figure of the year before the policy's, from the table of earlier years; else a column."""

    metric: str
    otherwise: Ref | None


@dataclass(frozen=True, slots=True)
class NthYear:
    """Which year of support the policy year is: 1 in the year of the date, 2 in the next; 0 before it."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class FullMonths:
    """Full months between two days, the last day included; 0 where they are the wrong way round."""

    start: Ref | date
    end: Ref | date


@dataclass(frozen=True, slots=True)
class Days:
    """Days from one to another, both counted; 0 where they are the wrong way round."""

    start: Ref | date
    end: Ref | date


@dataclass(frozen=True, slots=True)
class InYuan:
    """US dollars in yuan at a rate of the policy, rounded half up to the fen."""

    ref: Ref
    rate: Fraction


@dataclass(frozen=True, slots=True)
class PlaceOf:
    """The place of a row among all rows of its table that satisfy the conditions, 1 for the first.

    Rows are ordered by the first fact, equal ones by the next. Rows that are equal in all of them share a place
    (`share`), or nobody can say which is first (`open`).
    """

    by: tuple[Ref, ...]
    among: Conditions
    first: Literal["highest", "lowest"]
    ties: Literal["share", "open"]


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


Derivation = (
    ChildCount
    | ChildSum
    | ChildMax
    | Added
    | Minus
    | LeastOf
    | MostOf
    | FirstGiven
    | Times
    | RatioOf
    | Growth
    | LastYear
    | NthYear
    | FullMonths
    | Days
    | InYuan
    | PlaceOf
    | YearOf
    | Anniversary
    | WhenHolds
    | SameAs
    | ListedIn
)


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A fact that is worked out, not typed."""

    ref: Ref
    type: FactType
    title: Text
    how: Derivation
