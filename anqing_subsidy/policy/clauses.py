"""Clauses of a policy: the shapes of awards, what blocks a second one, which fund pays, which group they are in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.terms import Conditions, Ref

Span = tuple[int, int | None]
"""Whole numbers from the first to the last, both included; no last: no end."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A value by the value of a fact; a key that is not listed pays nothing, or what stands under `else`.

    Of a fact that is a number the keys are spans (`spans`, by key).
    """

    by: Ref
    cases: Mapping[str, Value]
    otherwise: Value | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)


Value = int | Fraction | Ref | Keyed
"""A sum in fen, a rate or factor, an amount that is a fact, or a choice among those."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of an amount that is a fact."""

    rate: Value
    of: Ref


Cap = Value | Share
"""What an amount may not exceed; of several caps the least."""


@dataclass(frozen=True, slots=True)
class Pay:
    """A sum, or a sum for each unit: with several facts, for each unit of their product (m² × months).

    Of one fact perhaps for the units above a level alone, up to another.
    """

    amount: Value
    per: tuple[Ref, ...] = ()
    only_above: int = 0
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class PerStep:
    """A sum for each full step of a fact, or of its part above a level."""

    amount: Value
    step: int
    of: Ref
    only_above: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of a base, or of its part above a level, up to another."""

    rate: Value
    of: Ref
    only_above: int = 0
    up_to: int | None = None


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
    """All rows whose conditions hold, added up; `apart`: rows by position, of each group at most one can hold."""

    rows: tuple[Row, ...]
    apart: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class FirstPast:
    """A step reached for the first time: thresholds ascending, each with its sum.

    `number` is the number of the first of them: tiers with conditions of their own stand in rows, one each.
    """

    metric: Ref
    tiers: tuple[tuple[int, int], ...]
    op: Literal["gt", "ge"]
    jump: Literal["highest", "cumulative"]
    once_with: tuple[str, ...] = ()
    number: int = 1


@dataclass(frozen=True, slots=True)
class ByHand:
    """An amount that a person decides, up to a limit."""

    limit: Value | None


@dataclass(frozen=True, slots=True)
class Pool:
    """A share of a sum, in proportion to points, among all who qualify.

    `open_lines`: whether the shares of all wait for lines that are open, or are worked out without those.
    """

    sum: int
    points: Ref
    open_lines: Literal["hold_all", "leave_out"]


Shape = Pay | PerStep | Rate | HighestOf | SumOf | FirstPast | ByHand | Pool


@dataclass(frozen=True, slots=True)
class Award:
    """A shape and what changes it, in this order: a factor, a ratio of at most 1, a deduction, caps."""

    shape: Shape
    multiply_by: Value = 1
    prorate_by: Ref | None = None
    deduct: Value | None = None
    cap: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True)
class Once:
    """What blocks a second award: the same applicant, object, or object and level (or a higher one).

    `clauses` are those whose payments block; `years`: how many years a payment blocks, its own included; None: for
    good.
    """

    same: tuple[Literal["applicant", "object", "level"], ...]
    clauses: tuple[str, ...]
    level: Ref | None = None
    ranks: Mapping[str, int] = field(default_factory=dict)
    years: int | None = None


Shares = Mapping[str, Fraction]
"""Funds, each with its share of a line; the shares add up to 1."""


@dataclass(frozen=True, slots=True)
class FundRule:
    """The fund that pays, and the other one where a yes/no fact moves the line there; or funds that share the cost.

    `shares`: one way in which funds share a line, or several, of which `choice` gives the number by a fact of the
    applicant; none where one fund pays.
    """

    fund: str
    other: str | None = None
    due_to: Ref | None = None
    part: Literal["whole_line", "increment"] = "whole_line"
    shares: tuple[Shares, ...] = ()
    choice: Keyed | None = None

    @property
    def funds(self) -> set[str]:
        """Every fund that may pay."""
        named = {self.fund} if self.other is None else {self.fund, self.other}
        return named.union(*self.shares)

    @property
    def is_split(self) -> bool:
        """Whether several funds may bear one line."""
        return self.part == "increment" or any(len(shares) > 1 for shares in self.shares)


@dataclass(frozen=True, slots=True)
class Instalments:
    """An award paid over years: the share of each year of support."""

    year: Ref
    shares: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that is paid in all: beyond it every line is cut in proportion.

    `open_lines`: whether lines that are open keep a part back, as if they came to their most. `first`: clauses or
    groups that are paid before the others share what is left, one after another.
    """

    sum: int
    open_lines: Literal["leave_out", "keep_back"]
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of the policy: where it stands, who may claim it, on what conditions, what it pays.

    `every` are the conditions that all clauses share, the first of `when`. A line pays whole multiples of `whole` fen.
    """

    id: str
    article: str
    title: Text
    line: int
    table: str
    where: Conditions
    claimed: Conditions
    unclaimed_beside: tuple[Ref, ...]
    every: Conditions
    when: Conditions
    award: Award
    declared_award: Award | None
    rows: Literal["one", "add_up", "highest"]
    most_rows: int | None
    line_per: Literal["row", "applicant", "object"]
    cap: tuple[Cap, ...]
    cap_scope: Literal["per_year", "lifetime"]
    whole: int
    once: tuple[Once, ...]
    less_paid: tuple[str, ...]
    instalments: Instalments | None
    budget: Budget | None
    fund: FundRule
    readings: tuple[str, ...]

    @property
    def own_when(self) -> Conditions:
        """The conditions of this clause alone."""
        return self.when[len(self.every) :]


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses (or groups) of which the highest is paid, or which add up, up to a cap; earlier members win ties."""

    id: str
    members: tuple[str, ...]
    pays: Literal["highest", "sum"]
    cap: tuple[Cap, ...] = ()
    budget: Budget | None = None
    line: int = 0


def parts_of(award: Award) -> Iterator[Award]:
    """An award and, where it is a choice of rows, the awards of its rows."""
    yield award
    if isinstance(award.shape, HighestOf | SumOf):
        for row in award.shape.rows:
            yield from parts_of(row.award)


def unit_of(award: Award) -> Ref | None:
    """The units that an award pays for, one by one and all of them; None where it pays otherwise."""
    shape = award.shape
    every = isinstance(shape, Pay) and len(shape.per) == 1 and not shape.only_above and shape.up_to is None
    return shape.per[0] if isinstance(shape, Pay) and every else None


def crossings_of(award: Award) -> tuple[FirstPast, ...]:
    """The first crossings in an award."""
    return tuple(part.shape for part in parts_of(award) if isinstance(part.shape, FirstPast))


def looks_back(clause: Clause) -> bool:
    """Whether what was paid before the policy year says anything to a clause."""
    return bool(clause.once or crossings_of(clause.award) or clause.less_paid or clause.cap_scope == "lifetime")


def blocking(clause: Clause) -> tuple[str, ...]:
    """The clauses whose earlier payments can block a clause: itself, and those that share its tiers or its "once"."""
    shared = (id_ for crossing in crossings_of(clause.award) for id_ in crossing.once_with)
    once = (id_ for rule in clause.once for id_ in rule.clauses)
    return tuple(dict.fromkeys((clause.id, *shared, *once)))
