"""Earlier years: the figures that decide "for the first time"."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.exact import any_of, flag, sure, whole
from anqing_subsidy.engine.facts import FactStore, Scope
from anqing_subsidy.engine.paid import Paid
from anqing_subsidy.engine.shapes.outcome import Prior
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.tables import BAD, Tables


class Figures:
    """The figures of earlier years, by applicant."""

    def __init__(self, policy: Policy, store: FactStore, tables: Tables) -> None:
        self.policy = policy
        self.store = store
        self.tables = tables
        self._prior: dict[str, Prior] = {}

    def prior(self, metric: Ref) -> Prior:
        """The highest known earlier figure of a metric per applicant, and whether a year is missing."""
        if metric.id not in self._prior:
            self._prior[metric.id] = self._work_out(metric.id)
        return self._prior[metric.id]

    def _work_out(self, metric: str) -> Prior:
        height = self.store.rows[self.policy.main].height
        rule = self.policy.history
        if rule is None or rule.basis == "award":
            return Prior(whole(None, height), flag(False, height), flag(False, height), flag(False, height), None)
        year = self.policy.year
        since = self.store.fact(rule.since)
        founded = since.lo.dt.year().cast(pl.Int64)
        is_new = sure(founded >= year)
        needed = (year - founded).clip(0)
        known = self._known(metric, founded)
        highest, years = known["highest"].set(is_new, None), known["years"].fill_null(0)
        missing = possible_missing(founded, years, needed)
        declared, bad = flag(False, height), None
        source = rule.declared.get(metric)
        if source is not None:
            fallback = self.store.fact(source)
            # what a ledger has of some years is no sheet of all of them, for which the declared figure stands
            asked = (known["typed"].fill_null(0) == 0) & ~is_new
            bad = None if fallback.bad is None else fallback.bad & asked
            declared = asked & (fallback.lo.is_not_null() if bad is None else fallback.lo.is_not_null() | bad)
            highest = larger_known(fallback.lo, highest).zip_with(declared, highest)
        missing = missing & ~is_new & ~declared
        if rule.missing == "assume_none":
            missing = flag(False, height)
        # a figure that cannot be read is not missing: nobody may assume that it was low
        missing = missing | (known["unreadable"] & ~is_new)
        return Prior(highest, missing, founded.is_null(), declared, bad)

    def _known(self, metric: str, founded: pl.Series) -> pl.DataFrame:
        """Per applicant, from the year it was founded: the highest figure, the years with one, whether one is unreadable."""
        rule = self.policy.history
        rows = self.store.rows[rule.table if rule else ""]
        index = pl.DataFrame({"up": pl.int_range(founded.len(), eager=True, dtype=pl.UInt32)})
        if rule is None or not rows.height:
            none = pl.lit(0, dtype=pl.UInt32)
            highest = pl.lit(None, dtype=pl.Int64)
            return index.select(highest=highest, years=none, typed=none, unreadable=pl.lit(value=False))
        up = rows.up[self.policy.main]
        frame = pl.DataFrame(
            {"up": up, "year": rows.frame[rule.year], "value": rows.frame[metric], "founded": founded.gather(up)}
        ).with_columns(recorded=self.tables.from_ledger(rows.frame["_part"]))
        inside = (pl.col("year") < self.policy.year) & (
            pl.col("founded").is_null() | (pl.col("year") >= pl.col("founded"))
        )
        marks = [rows.frame[name + BAD] for name in (metric, rule.year) if name + BAD in rows.frame.columns]
        frame = frame.with_columns(bad=any_of(marks, rows.height).fill_null(value=False))
        years = frame.filter(inside & pl.col("value").is_not_null())
        known = years.group_by("up").agg(
            pl.col("value").max().alias("highest"),
            pl.col("year").n_unique().alias("years"),
            pl.col("year").filter(~pl.col("recorded")).n_unique().alias("typed"),
        )
        bad = frame.filter(pl.col("bad") & (inside | pl.col("year").is_null()))["up"].unique()
        return index.join(known, on="up", how="left", maintain_order="left").with_columns(
            unreadable=pl.col("up").is_in(bad.implode())
        )

    def conflict(self) -> pl.Series | None:
        """Applicants whose rows of earlier years contradict each other."""
        rule = self.policy.history
        if rule is None:
            return None
        rows = self.store.rows[rule.table]
        if rows.conflict is None:
            return None
        hit = rows.up[self.policy.main].filter(rows.conflict).unique()
        height = self.store.rows[self.policy.main].height
        return pl.int_range(height, eager=True, dtype=pl.UInt32).is_in(hit.implode())


def possible_missing(founded: pl.Series, years: pl.Series, needed: pl.Series) -> pl.Series:
    """Where a year between founding and last year has no figure; an unknown founding leaves years open."""
    return founded.is_null() | (years.cast(pl.Int64) < needed).fill_null(value=True)


def larger_known(left: pl.Series, right: pl.Series) -> pl.Series:
    """The larger of two figures; where one is blank, the other."""
    return pl.select(pl.max_horizontal(left, right)).to_series()


class EarlierYears:
    """Earlier years seen from the rows of a clause."""

    def __init__(self, figures: Figures, paid: Paid, scope: Scope, main: str) -> None:
        self.figures = figures
        self.paid = paid
        self.up = scope.up(main)

    def prior(self, metric: Ref) -> Prior:
        """The figures of earlier years at the rows."""
        prior = self.figures.prior(metric)
        bad = None if prior.bad is None else prior.bad.gather(self.up)
        highest, missing, undated, declared = (
            column.gather(self.up) for column in (prior.highest, prior.missing, prior.undated, prior.declared)
        )
        return Prior(highest, missing, undated, declared, bad)

    def paid_tiers(self, clauses: tuple[str, ...]) -> tuple[pl.Series, pl.Series]:
        """The highest tier paid before at the rows, and whether that is unsure."""
        tiers, unsure = self.paid.tiers(clauses)
        return tiers.gather(self.up), unsure.gather(self.up)
