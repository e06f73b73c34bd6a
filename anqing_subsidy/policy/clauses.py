"""Clauses of a policy: the shapes of awards, what blocks a second one, which fund pays, which group they are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.terms import Conditions, Ref


@dataclass(frozen=True, slots=True)
class Keyed:
    """A value by the value of a fact; a key that is not listed pays nothing."""

    by: Ref
    cases: Mapping[str, Value]


Value = int | Fraction | Ref | Keyed
"""A sum in fen, a rate or factor, an amount that is a fact, or a choice among those."""


@dataclass(frozen=True, slots=True)
class Pay:
    """A sum, or a sum for each unit."""

    amount: Value
    per: Ref | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of a base, or of its part above a level."""

    rate: Value
    of: Ref
    only_above: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a choice of awards: its conditions and what it pays."""

    when: Conditions
    award: Award


@dataclass(frozen=True, slots=True)
class HighestOf:
    """Of the rows whose conditions hold, the one that pays most."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class SumOf:
    """All rows whose conditions hold, added up."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FirstPast:
    """A step reached for the first time: thresholds ascending, each with its sum."""

    metric: Ref
    tiers: tuple[tuple[int, int], ...]
    op: Literal["gt", "ge"]
    jump: Literal["highest", "cumulative"]
    once_with: tuple[str, ...] = ()


Shape = Pay | Rate | HighestOf | SumOf | FirstPast


@dataclass(frozen=True, slots=True)
class Award:
    """A shape and the factor that multiplies it."""

    shape: Shape
    multiply_by: Value = 1


@dataclass(frozen=True, slots=True)
class Once:
    """What blocks a second award: the same applicant, object, or object and level (or a higher one)."""

    same: tuple[Literal["applicant", "object", "level"], ...]
    level: Ref | None = None
    ranks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FundRule:
    """The fund that pays, and the other one where a yes/no fact moves the line there."""

    fund: str
    other: str | None = None
    due_to: Ref | None = None
    part: Literal["whole_line", "increment"] = "whole_line"


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of the policy: where it stands, who may claim it, on what conditions, what it pays."""

    id: str
    article: str
    title: Text
    line: int
    table: str
    where: Conditions
    claimed: Conditions
    unclaimed_beside: tuple[Ref, ...]
    when: Conditions
    award: Award
    declared_award: Award | None
    rows: Literal["one", "add_up", "highest"]
    line_per: Literal["row", "applicant", "object"]
    cap: int | None
    cap_scope: Literal["per_year", "lifetime"]
    once: tuple[Once, ...]
    less_paid: tuple[str, ...]
    fund: FundRule
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses (or groups) of which the highest is paid, or which add up; earlier members win ties."""

    id: str
    members: tuple[str, ...]
    pays: Literal["highest", "sum"]
