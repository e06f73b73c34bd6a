"""A fact over the rows of a table: what is certain and what is possible, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from anqing_subsidy.policy.terms import FactType

NO_PLACE: Final = 10**9
"""The place of a row that takes no part: behind every place that a policy names."""


@dataclass(frozen=True)
class Fact:
    """One column of a fact.

    `lo` and `hi` are the same series where nothing is open beyond a plain blank (null). For numbers
    counted over child rows, `lo` counts what is certain and `hi` what is possible; `hi` null means
    that nothing bounds it; `loose` marks what is open for another reason than a second claimant. A ratio keeps
    numerators in `lo`, `hi` and its denominator in `den`; with `beyond`, over 0 it is past every rate (1) or short of
    every rate (-1). `ranked` is a place: a row that takes no part has none (`NO_PLACE`).
    """

    type: FactType
    lo: pl.Series
    hi: pl.Series
    bad: pl.Series | None = None
    held: pl.Series | None = None
    spoilt: pl.Series | None = None
    declared: pl.Series | None = None
    conflict: pl.Series | None = None
    den: pl.Series | None = None
    loose: pl.Series | None = None
    beyond: bool = False
    ranked: bool = False

    def changed(self, **parts: Any) -> Fact:  # noqa: ANN401  # the parts are those of the class
        """The same with some parts replaced."""
        return replace(self, **parts)

    @property
    def is_pair(self) -> bool:
        """Whether what is certain and what is possible may differ."""
        return self.hi is not self.lo

    def take(self, rows: pl.Series) -> Fact:
        """The fact at some rows, in their order."""

        def at(column: pl.Series | None) -> pl.Series | None:
            return None if column is None else column.gather(rows)

        lo = self.lo.gather(rows)
        hi = lo if not self.is_pair else self.hi.gather(rows)
        return Fact(
            self.type,
            lo,
            hi,
            at(self.bad),
            at(self.held),
            at(self.spoilt),
            at(self.declared),
            at(self.conflict),
            at(self.den),
            at(self.loose),
            self.beyond,
            self.ranked,
        )


def more(count: pl.Series | None, other: pl.Series | None) -> pl.Series | None:
    """The sum of two counts, either of which may be absent."""
    if count is None or other is None:
        return other if count is None else count
    return count.fill_null(0) + other.fill_null(0)


def either(a: pl.Series | None, b: pl.Series | None) -> pl.Series | None:
    """The *or* of two marks, either of which may be absent."""
    if a is None or b is None:
        return b if a is None else a
    return a.fill_null(value=False) | b.fill_null(value=False)
