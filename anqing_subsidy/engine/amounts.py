"""The amount of a line: gross, cap, one rounding, what was paid before, other support."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.exact import flag, rounded, smaller, sure, whole
from anqing_subsidy.engine.facts import Scope
from anqing_subsidy.engine.run import ClauseScope, Run
from anqing_subsidy.engine.shapes import award_of
from anqing_subsidy.engine.shapes.outcome import UnitsElsewhere
from anqing_subsidy.policy.clauses import Award, Clause


class Amounts:
    """Works out the amounts of the lines of one clause."""

    def __init__(self, run: Run, clause: Clause) -> None:
        self.run = run
        self.policy = run.policy
        self.clause = clause

    def finish(
        self, lines: pl.DataFrame, den: int, scope: Scope, award: Award, *, is_declared_part: bool
    ) -> pl.DataFrame:
        """Gross, cap, one rounding, what was paid before, what other support leaves."""
        clause, mode, height = self.clause, self.policy.rounding, lines.height
        cap, cap_unsure = self._cap(lines)
        gross, gross_hi = rounded(lines["lo"], den, mode), rounded(lines["hi"], den, mode)
        net, net_hi, full = gross, gross_hi, rounded(lines["full_hi"], den, mode)
        used_up = flag(False, height)
        if cap is not None:
            used_up = (cap == 0) & (gross_hi > 0).fill_null(value=True) if clause.cap != 0 else used_up
            net = smaller(gross, cap)
            net_hi = smaller(gross_hi, cap).zip_with(gross_hi.is_not_null(), gross_hi)
            full = smaller(full, cap).zip_with(full.is_not_null(), full)
        less, less_unsure = self._less_paid(lines)
        before_less_hi = net_hi
        net, net_hi, full = (net - less).clip(0), (net_hi - less).clip(0), (full - less).clip(0)
        used_up = used_up | (sure(net_hi == 0) & sure(before_less_hi > 0))
        base = self._without_move(lines, scope, award, cap, less) if not is_declared_part else net
        lines = lines.with_columns(
            pl.lit(clause.id).alias("clause"),
            gross=gross,
            gross_hi=gross_hi,
            cap=cap if cap is not None else whole(None, height),
            less=less,
            net=net,
            net_hi=net_hi,
            full=full,
            base=base,
            used_up=used_up,
            paid_unsure=cap_unsure | less_unsure | (self._in_doubt(lines) & ~sure(net_hi == 0)),
        )
        return self._supported(lines)

    def _cap(self, lines: pl.DataFrame) -> tuple[pl.Series | None, pl.Series]:
        clause = self.clause
        if clause.cap is None:
            return None, flag(False, lines.height)
        cap = whole(clause.cap, lines.height)
        if clause.cap_scope == "per_year":
            return cap, flag(False, lines.height)
        paid, unsure = self.run.paid.amounts((clause.id,), lines["code"])
        return (cap - paid).clip(0), unsure

    def _in_doubt(self, lines: pl.DataFrame) -> pl.Series:
        clause = self.clause
        if clause.line_per == "applicant" or self.policy.tables[clause.table].object is None:
            return self.run.paid.in_doubt(clause, lines["code"], None)
        return self.run.paid.in_doubt(
            clause, lines["code"], lines["object"].fill_null(lines["code"]), lines["stand_in"]
        )

    def _less_paid(self, lines: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
        clause = self.clause
        if not clause.less_paid:
            return whole(0, lines.height), flag(False, lines.height)
        if self.policy.tables[clause.table].object is None:
            return self.run.paid.amounts(clause.less_paid, lines["code"])
        return self.run.paid.amounts(
            clause.less_paid, lines["code"], lines["object"].fill_null(lines["code"]), lines["stand_in"]
        )

    def _without_move(
        self, lines: pl.DataFrame, scope: Scope, award: Award, cap: pl.Series | None, less: pl.Series
    ) -> pl.Series:
        """The same line computed as if the fact that moves it to the other fund were no."""
        due_to = self.clause.fund.due_to
        if due_to is None or self.clause.fund.part == "whole_line" or self.clause.rows != "one":
            return whole(0, lines.height)
        other = Scope(self.run.store, scope.table, scope.at, {due_to: False})
        none = flag(False, lines.height)
        outcome = award_of(
            award,
            ClauseScope(self.run, other, UnitsElsewhere(lines["units_off"], lines["units_most"], none, none)),
        )
        base = rounded(outcome.lo.fill_null(0), outcome.den, self.policy.rounding)
        if cap is not None:
            base = smaller(base, cap)
        return (base - less).clip(0)

    def _supported(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Support for the whole line: excluded, or the difference paid."""
        all_units = (
            (pl.col("units_off") > 0)
            & ((pl.col("net_hi") == 0).fill_null(value=False))
            & ((pl.col("full") > 0).fill_null(value=True))
        )
        if self.run.support.effect == "exclude":
            return lines.with_columns(excluded=pl.col("excluded") | all_units, topped=pl.lit(value=False))
        left = (pl.col("net_hi") - pl.col("received")).clip(0)
        nothing = pl.col("excluded") & (left == 0).fill_null(value=False)
        return lines.with_columns(
            excluded=nothing | all_units,
            topped=pl.col("excluded") & (pl.col("received") > 0),
            paid_unsure=pl.col("paid_unsure") | pl.col("received_blank"),
            net=(pl.col("net") - pl.col("received")).clip(0),
            net_hi=left,
        )
