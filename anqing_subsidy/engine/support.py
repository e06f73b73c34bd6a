"""Support from other programmes for the same matter (前言, 7(4)): what it excludes, takes off or leaves open."""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass

import polars as pl

from anqing_subsidy.engine.clause_words import ClauseWords, with_clauses
from anqing_subsidy.engine.exact import flag, possible, sure, whole
from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.engine.shapes.outcome import UnitsElsewhere
from anqing_subsidy.engine.table_rows import ORIGIN
from anqing_subsidy.finding import Finding
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.tables import BAD, Tables

_MARKS = ("definite", "received_blank", "unsure", "applied")
_SUMS = (
    pl.col("definite").any(),
    pl.col("received").sum(),
    pl.col("received_blank").any(),
    pl.col("unsure").any(),
    pl.col("applied").any(),
    pl.col("units", "units_applied", "units_unsure").sum(),
)


@dataclass(frozen=True)
class Received:
    """Per line: support for the whole of it that is certain (with its sum), unsure or only applied for; and by units."""

    definite: pl.Series
    received: pl.Series
    received_blank: pl.Series
    unsure: pl.Series
    applied: pl.Series
    units: UnitsElsewhere


class OtherSupport:
    """The rows of other support that count, by clause."""

    def __init__(self, policy: Policy, store: FactStore, tables: Tables, words: ClauseWords) -> None:
        self.effect = policy.support.effect if policy.support else "exclude"
        self.findings: list[Finding] = []
        self.rows = pl.DataFrame(schema={"code": pl.String, "clauses": pl.List(pl.String)})
        self.disputed = pl.DataFrame(schema={"clauses": pl.String, "code": pl.String})
        rule = policy.support
        if rule is None or store.rows[rule.table].height == 0:
            return
        source = store.rows[rule.table]
        scope = store.scope(rule.table)
        counts = scope.met(rule.where)
        undecided = scope.met(rule.undecided) if rule.undecided else flag(False, source.height)
        state_bad = scope.bad(rule.undecided)
        same = source.frame[rule.same_matter]
        unsure = same.is_null() | counts.is_null()
        if state_bad is not None:
            unsure = unsure | state_bad
        applied = sure(undecided) & ~unsure
        units_bad = rule.units + BAD
        frame = source.frame.with_columns(
            possible(counts).alias("counts"),
            pl.col(units_bad).fill_null(value=False).alias("units_bad")
            if units_bad in source.frame.columns
            else pl.lit(value=False).alias("units_bad"),
            applied.alias("applied"),
            unsure.alias("unsure"),
            (sure(same) & ~applied & ~unsure).alias("sure_row"),
            (source.conflict if source.conflict is not None else flag(False, source.height)).alias("conflict"),
        )
        if store.rows[policy.main].conflict is not None:
            # a row hangs on each of the applicant's rows that contradict each other, and is one payment all the same
            frame = frame.unique(subset=list(ORIGIN), keep="first", maintain_order=True)
        if policy.payee.code + BAD in frame.columns:
            frame = frame.filter(~pl.col(policy.payee.code + BAD).fill_null(value=False))
        frame, found = with_clauses(frame, rule.clause, words, tables)
        self.findings.extend(found)
        # support of an unknown clause may be support of any
        nameless = pl.col("clauses").list.len() == 0
        frame = frame.with_columns(
            pl.when(nameless).then(pl.lit(list(policy.clauses))).otherwise(pl.col("clauses")).alias("clauses"),
            unsure=pl.col("unsure") | nameless,
            applied=pl.col("applied") & ~nameless,
            sure_row=pl.col("sure_row") & ~nameless,
        )
        disputed = frame.filter("conflict").explode("clauses")
        self.disputed = disputed.select("clauses", pl.col(policy.payee.code).alias("code"))
        self.rows = frame.filter(pl.col("counts") & same_not_false(rule.same_matter)).select(
            "clauses",
            "applied",
            "unsure",
            "sure_row",
            "units_bad",
            code=policy.payee.code,
            object=rule.object,
            units=rule.units,
            amount=rule.amount,
            part="_part",
            row="_row",
        )

    def of(self, clause: str, *, by_units: bool) -> pl.DataFrame:
        """The rows of one clause, ready to be summed."""
        if not self.rows.height:
            return self.rows
        rows = self.rows.filter(pl.col("clauses").list.contains(clause))
        if by_units:
            spoilt = pl.col("units_bad")
            rows = rows.with_columns(
                pl.col("sure_row", "applied") & ~spoilt,
                unsure=pl.col("unsure") | spoilt,
            )
        counted = pl.col("units").is_not_null() if by_units else pl.lit(value=False)

        def units(mark: str) -> pl.Expr:
            return pl.when(pl.col(mark) & counted).then(pl.col("units")).otherwise(0)

        return rows.with_columns(
            definite=pl.col("sure_row") & ~counted,
            received=pl.when(pl.col("sure_row") & ~counted).then(pl.col("amount").fill_null(0)).otherwise(0),
            received_blank=pl.col("sure_row") & ~counted & pl.col("amount").is_null(),
            unsure=pl.col("unsure") & ~counted,
            applied=pl.col("applied") & ~counted,
            units=units("sure_row"),
            units_applied=units("applied"),
            units_unsure=units("unsure"),
        )

    def received(
        self, rows: pl.DataFrame, codes: pl.Series, objects: pl.Series | None, any_object: pl.Series | None = None
    ) -> Received:
        """Support for each code: rows that name its object or none; without objects, all of the code's rows."""
        height = codes.len()
        if not rows.height:
            none, nothing = flag(False, height), whole(0, height)
            return Received(none, nothing, none, none, none, UnitsElsewhere(nothing, nothing, none, none))
        left = pl.DataFrame({"code": codes})
        everything = left.join(rows.group_by("code").agg(_SUMS), on="code", how="left", maintain_order="left")
        found = everything
        if objects is not None:
            named = rows.filter(pl.col("object").is_not_null()).group_by("code", "object").agg(_SUMS)
            by_object = left.with_columns(objects.alias("object")).join(
                named, on=["code", "object"], how="left", maintain_order="left"
            )
            unnamed = left.join(
                rows.filter(pl.col("object").is_null()).group_by("code").agg(_SUMS),
                on="code",
                how="left",
                maintain_order="left",
            )
            found = pl.DataFrame(
                [_plus(unnamed[name], by_object[name]) for name in everything.columns if name != "code"]
            )
            if any_object is not None:
                found = pl.DataFrame([everything[name].zip_with(any_object, found[name]) for name in found.columns])
        marks = {name: found[name].fill_null(value=False) for name in _MARKS}
        certain, applied, unsure = (found[name].fill_null(0) for name in ("units", "units_applied", "units_unsure"))
        units = UnitsElsewhere(certain, certain + applied + unsure, applied > 0, unsure > 0)
        return Received(received=found["received"].fill_null(0), units=units, **marks)

    def without_applied(self, codes: Collection[str]) -> OtherSupport:
        """The same where what some applicants only applied for is set aside."""
        other = copy(self)
        other.rows = (
            self.rows.filter(~(pl.col("applied") & pl.col("code").is_in(list(codes))))
            if self.rows.height
            else self.rows
        )
        return other

    def conflict_codes(self, clause: str) -> pl.Series:
        """Codes whose rows for a clause contradict each other."""
        return self.disputed.filter(pl.col("clauses") == clause)["code"].unique()


def same_not_false(column: str) -> pl.Expr:
    """Rows that are, or may be, about the same matter."""
    return pl.col(column).fill_null(value=True)


def _plus(a: pl.Series, b: pl.Series) -> pl.Series:
    if a.dtype == pl.Boolean:
        return a.fill_null(value=False) | b.fill_null(value=False)
    return a.fill_null(0) + b.fill_null(0)
