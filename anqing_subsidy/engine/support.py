"""Support from other programmes for the same matter (前言, 7(4)): what it excludes, takes off or leaves open."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anqing_subsidy.engine.clause_words import ClauseWords, with_clauses
from anqing_subsidy.engine.exact import flag, possible, sure, whole
from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.engine.rows import ORIGIN
from anqing_subsidy.finding import Finding
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.tables import BAD, Tables

_SUMS = (
    pl.col("definite").any(),
    pl.col("received").sum(),
    pl.col("received_blank").any(),
    pl.col("units").sum(),
    pl.col("unsure").any(),
    pl.col("applied").any(),
)


@dataclass(frozen=True)
class Received:
    """Per line: support that is certain (whole line, sum, units), unsure, or only applied for."""

    definite: pl.Series
    received: pl.Series
    received_blank: pl.Series
    units: pl.Series
    unsure: pl.Series
    applied: pl.Series


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
        frame, found = with_clauses(frame, rule.clause, words, tables, policy.tables[rule.table].sheet)
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
            spoilt = pl.col("units_bad") & pl.col("sure_row")
            rows = rows.with_columns(unsure=pl.col("unsure") | spoilt, sure_row=pl.col("sure_row") & ~spoilt)
        counted = pl.col("units").is_not_null() if by_units else pl.lit(value=False)
        return rows.with_columns(
            definite=pl.col("sure_row") & ~counted,
            received=pl.when(pl.col("sure_row") & ~counted).then(pl.col("amount").fill_null(0)).otherwise(0),
            received_blank=pl.col("sure_row") & ~counted & pl.col("amount").is_null(),
            units=pl.when(pl.col("sure_row") & counted).then(pl.col("units")).otherwise(0),
        )

    def received(
        self, rows: pl.DataFrame, codes: pl.Series, objects: pl.Series | None, any_object: pl.Series | None = None
    ) -> Received:
        """Support for each code: rows that name its object or none; without objects, all of the code's rows."""
        height = codes.len()
        if not rows.height:
            none = flag(False, height)
            return Received(none, whole(0, height), none, whole(0, height), none, none)
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
        parts = {name: found[name] for name in ("definite", "received", "received_blank", "units", "unsure", "applied")}
        return Received(
            **{
                name: column.fill_null(value=False) if column.dtype == pl.Boolean else column.fill_null(0)
                for name, column in parts.items()
            }
        )

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
