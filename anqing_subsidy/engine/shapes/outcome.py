"""What a shape says of each row: an exact amount, certain and possible, and the tests it made itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import polars as pl

from anqing_subsidy.engine.exact import largest_of, sure, whole, wide
from anqing_subsidy.engine.fact import Fact, either
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.money import LARGEST
from anqing_subsidy.policy.terms import Conditions, Ref


@dataclass(frozen=True)
class Outcome:
    """Amounts in fen are `lo / den` (certain) and `hi / den` (possible; null: nothing bounds it).

    `verdict` says whether the shape pays at all (null: unknown), `known` whether a blank of the row's
    own leaves the amount open; `held` and `spoilt` count child rows that are open because of a second
    claimant or an unreadable cell, `loose` marks where they are open for another reason than a claimant,
    `applied` where units are open because support for them is applied for, `beyond` where the amount is too large to
    be true, whatever caps it. `steps` are the numbers that the
    formula shows.
    """

    lo: pl.Series
    hi: pl.Series
    den: int
    verdict: pl.Series
    known: pl.Series
    tests: tuple[Test, ...] = ()
    held: pl.Series | None = None
    loose: pl.Series | None = None
    spoilt: pl.Series | None = None
    applied: pl.Series | None = None
    declared: pl.Series | None = None
    conflict: pl.Series | None = None
    beyond: pl.Series | None = None
    steps: dict[str, Any] = field(default_factory=dict)

    def changed(self, **parts: Any) -> Outcome:  # noqa: ANN401  # the parts are those of the class
        """The same with some parts replaced."""
        return replace(self, **parts)


def believable(outcome: Outcome) -> Outcome:
    """The same with amounts that are too large to be true marked: nothing of them is certain, and nothing bounds them."""
    most = LARGEST * outcome.den
    if max(largest_of(column) for column in {id(end): end for end in (outcome.lo, outcome.hi)}.values()) <= most:
        return outcome
    beyond = sure(outcome.lo.cast(pl.Int128) > wide(most)) | sure(outcome.hi.cast(pl.Int128) > wide(most))
    nothing, open_ = whole(0, beyond.len()), whole(None, beyond.len())
    return outcome.changed(
        lo=nothing.cast(outcome.lo.dtype).zip_with(beyond, outcome.lo),
        hi=open_.cast(outcome.hi.dtype).zip_with(beyond, outcome.hi),
        known=outcome.known & ~beyond,
        beyond=either(outcome.beyond, beyond),
    )


class Earlier(Protocol):
    """What is known of earlier years, for shapes that ask whether a step is new."""

    def prior(self, metric: Ref) -> Prior:
        """The figures of earlier years at the rows."""

    def paid_tiers(self, clauses: tuple[str, ...]) -> tuple[pl.Series, pl.Series]:
        """The highest tier paid before (0: none), and whether a paid row does not say which tier."""


@dataclass(frozen=True)
class Prior:
    """Earlier figures of a metric: the highest known one (null: none), whether a year is missing.

    `undated` marks applicants whose founding date is blank, so that no one knows which years to ask for.
    """

    highest: pl.Series
    missing: pl.Series
    undated: pl.Series
    declared: pl.Series
    bad: pl.Series | None


@dataclass(frozen=True)
class UnitsElsewhere:
    """Units that other programmes support: for `certain`, and (with those) at `most`.

    `applied` and `unsure` mark where some are only applied for, and where nobody can say.
    """

    certain: pl.Series
    most: pl.Series
    applied: pl.Series
    unsure: pl.Series


class ShapeScope(Protocol):
    """What a shape may look at: facts of the rows, conditions, earlier years, units supported elsewhere."""

    @property
    def height(self) -> int:
        """How many rows there are."""

    @property
    def rounding(self) -> str:
        """What becomes of parts of a fen."""

    @property
    def earlier(self) -> Earlier:
        """Earlier years."""

    @property
    def elsewhere(self) -> UnitsElsewhere | None:
        """Units that another programme supports, taken off before paying per unit."""

    def fact(self, ref: Ref) -> Fact:
        """A fact at the rows."""

    def tests(self, conditions: Conditions) -> tuple[Test, ...]:
        """Conditions at the rows."""
