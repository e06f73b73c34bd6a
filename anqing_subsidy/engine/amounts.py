"""The amount of a line: gross, cap, one rounding, what was paid before, other support."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.exact import all_of, flag, rounded, smaller, sure, whole
from anqing_subsidy.engine.facts import Scope
from anqing_subsidy.engine.instalments import due_in
from anqing_subsidy.engine.run import ClauseScope, Run
from anqing_subsidy.engine.shapes import award_of
from anqing_subsidy.engine.shapes.modify import least_cap
from anqing_subsidy.engine.shapes.outcome import Outcome, UnitsElsewhere
from anqing_subsidy.policy.clauses import Award, Clause


def _within(amount: pl.Series, cap: pl.Series) -> pl.Series:
    """The smaller of an amount and a cap that may be unknown; an amount that a blank leaves open (null) stays so."""
    return smaller(amount, cap).zip_with(cap.is_not_null() & amount.is_not_null(), amount)


def whole_multiples(amount: pl.Series, of: int) -> pl.Series:
    """Amounts less what is beyond whole multiples of a sum."""
    # divided by a column: by one number polars multiplies with its reciprocal
    return amount if of == 1 else amount // whole(of, amount.len()) * of


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
        asked = self._asked(lines, scope)
        cap, cap_hi, cap_unsure, fits = self._cap(lines, asked)
        gross, gross_hi = rounded(lines["lo"], den, mode), rounded(lines["hi"], den, mode)
        net, net_hi, full = gross, gross_hi, rounded(lines["full_hi"], den, mode)
        used_up = at_cap = flag(False, height)
        if cap is not None and cap_hi is not None:
            if clause.cap_scope == "lifetime":
                used_up = sure(cap == 0) & (gross_hi > 0).fill_null(value=True)
            net = smaller(gross, cap.fill_null(0))
            net_hi, full = _within(gross_hi, cap_hi), _within(full, cap_hi)
            # of a cap that is counted over rows the lower end is certain, and the rest waits
            torn = sure(cap.is_not_null() & (cap_hi.is_null() | (cap_hi > cap)) & (gross > cap))
            lines = lines.with_columns(pl.col("rows_open_other") | torn, pl.col("line_open_row") | torn)
            # beyond a cap that is certain, and that certain rows reach, rows that are open add nothing
            at_cap = sure(cap == cap_hi) & sure(gross >= cap) & sure(cap > 0)
            net_hi = net.zip_with(at_cap, net_hi)
        net, net_hi, full = (whole_multiples(amount, clause.whole) for amount in (net, net_hi, full))
        if clause.instalments is not None:
            net, net_hi, full = (self._instalment(amount, scope) for amount in (net, net_hi, full))
        instalment = net
        less, less_unsure = self._less_paid(lines)
        before_less_hi = net_hi
        net, net_hi, full = (net - less).clip(0), (net_hi - less).clip(0), (full - less).clip(0)
        used_up = used_up | (sure(net_hi == 0) & sure(before_less_hi > 0))
        base = self._without_move(lines, scope, award, asked, less) if not is_declared_part else net
        lines = lines.with_columns(
            pl.lit(clause.id).alias("clause"),
            gross=gross,
            gross_hi=gross_hi,
            cap=cap if cap is not None else whole(None, height),
            less=less,
            net=net,
            net_hi=net_hi,
            full=full,
            instalment=instalment if clause.instalments is not None else whole(None, height),
            base=base,
            used_up=used_up,
            at_cap=at_cap,
            verdict=lines["verdict"] & fits,
            # of nothing a cap that nobody knows takes nothing
            paid_unsure=(cap_unsure & ~sure(gross_hi == 0))
            | less_unsure
            | (self._in_doubt(lines) & ~sure(net_hi == 0)),
        )
        return self._supported(lines)

    def _asked(self, lines: pl.DataFrame, scope: Scope) -> Scope:
        """Of whom the facts of the cap are asked: of the row of a line, or of the applicant where rows are put together."""
        if self.clause.line_per == "row" and self.clause.declared_award is None:
            return scope
        return self.run.store.scope(self.policy.main, lines["applicant"])

    def _cap(
        self, lines: pl.DataFrame, asked: Scope
    ) -> tuple[pl.Series | None, pl.Series | None, pl.Series, pl.Series]:
        """The cap of each line: what is certain (null: a blank leaves it open), what is possible, where it is unsure.

        The last is false where no key of a choice fits: there nothing is due.
        """
        clause = self.clause
        if not clause.cap:
            return None, None, flag(False, lines.height), flag(True, lines.height)
        fits = flag(True, lines.height)
        if len(clause.cap) == 1 and isinstance(clause.cap[0], int):
            lo = hi = whole(clause.cap[0], lines.height)
            unsure = flag(False, lines.height)
        else:
            cap = least_cap(clause.cap, ClauseScope(self.run, asked, None))
            lo, hi, unsure, fits = cap.lo, cap.hi, cap.lo.is_null(), cap.fits
        if clause.cap_scope == "per_year":
            return lo, hi, unsure, fits
        paid, doubtful = self.run.paid.amounts((clause.id,), lines["code"])
        return (lo - paid).clip(0), (hi - paid).clip(0), unsure | doubtful, fits

    def _instalment(self, amount: pl.Series, scope: Scope) -> pl.Series:
        """What falls due in the year of support."""
        rule = self.clause.instalments
        return amount if rule is None else due_in(rule, amount, scope.fact(rule.year).lo, self.policy.rounding)

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
        found, unsure = self.run.paid.amounts(
            clause.less_paid, lines["code"], lines["object"].fill_null(lines["code"]), lines["stand_in"]
        )
        if clause.line_per == "applicant":
            return found, unsure
        return found, unsure | self.run.paid.unnamed(clause.table, clause.less_paid, lines["code"])

    def unmoved(self, scope: Scope, award: Award, elsewhere: UnitsElsewhere | None = None) -> Outcome:
        """The award at each row as if the fact that moves a part of it to the other fund were no."""
        seen = ClauseScope(self.run, self._stays(scope), elsewhere)
        outcome = award_of(award, seen)
        when = self.clause.every if award is self.clause.declared_award else self.clause.when
        due = sure(all_of([outcome.verdict, *(test.met for test in seen.tests(when))], scope.height))
        return outcome.changed(lo=outcome.lo.fill_null(0).zip_with(due, whole(0, scope.height)))

    def _stays(self, scope: Scope) -> Scope:
        """The rows as if the fact that moves a part of the line to the other fund were no."""
        fund = self.clause.fund
        if fund.due_to is None or fund.part == "whole_line":
            return scope
        return Scope(self.run.store, scope.table, scope.at, {fund.due_to: False})

    def _without_move(
        self, lines: pl.DataFrame, scope: Scope, award: Award, asked: Scope, less: pl.Series
    ) -> pl.Series:
        """The same line computed as if the fact that moves it to the other fund were no."""
        if self.clause.fund.due_to is None or self.clause.fund.part == "whole_line":
            return whole(0, lines.height)
        if "unmoved" in lines.columns:
            base = lines["unmoved"]
        else:
            none = flag(False, lines.height)
            off = UnitsElsewhere(lines["units_off"], lines["units_most"], none, none)
            outcome = self.unmoved(scope, award, off)
            base = rounded(outcome.lo.fill_null(0), outcome.den, self.policy.rounding)
        cap, *_ = self._cap(lines, self._stays(asked))
        if cap is not None:
            base = smaller(base, cap.fill_null(0))
        base = whole_multiples(base, self.clause.whole)
        if self.clause.instalments is not None:
            base = self._instalment(base, scope)
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
