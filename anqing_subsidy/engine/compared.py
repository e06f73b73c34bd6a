"""Two assessments of the same applicants side by side: who gains, who loses, and the sums before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment

_SAME = "#"
"""Stands before the place of an applicant without a code."""


@dataclass(frozen=True)
class Comparison:
    """What two assessments come to; money is Int64 fen.

    `people`: code, name, county, before, after, change, an applicant a row in input order. `lines`: code, name,
    clause, object, status, status_after, before, after, change, only lines that differ. `by_clause`, `by_fund` and
    `by_county`: key, before, after, change, in the policy's order, counties by name.
    """

    before: Assessment
    after: Assessment
    people: pl.DataFrame
    lines: pl.DataFrame
    by_clause: pl.DataFrame
    by_fund: pl.DataFrame
    by_county: pl.DataFrame

    @property
    def totals(self) -> tuple[int, int]:
        """What all applicants together come to, before and after."""
        return int(self.people["before"].sum()), int(self.people["after"].sum())

    @property
    def gaining(self) -> pl.DataFrame:
        """Who gets more, most of all first."""
        return self.people.filter(pl.col("change") > 0).sort("change", descending=True, maintain_order=True)

    @property
    def losing(self) -> pl.DataFrame:
        """Who gets less, the greatest loss first."""
        return self.people.filter(pl.col("change") < 0).sort("change", maintain_order=True)


def compared(before: Assessment, after: Assessment) -> Comparison:
    """Put two assessments of the same inputs side by side: two policies, or two readings of one."""
    people = _joined(_people(before), _people(after), ["key"], ["code", "name", "county"])
    lines = _joined(_lines(before), _lines(after), ["key", "clause", "object"], ["code", "name"])
    changed = (pl.col("change") != 0) | pl.col("status").ne_missing(pl.col("status_after"))
    funds = list(dict.fromkeys((*before.policy.funds, *after.policy.funds)))
    clauses = list(dict.fromkeys((*before.policy.clauses, *after.policy.clauses)))
    return Comparison(
        before,
        after,
        people.drop("key"),
        lines.filter(changed).drop("key"),
        _sums([(clause, _of_clause(before, clause), _of_clause(after, clause)) for clause in clauses]),
        _sums([(fund, _of_fund(before, fund), _of_fund(after, fund)) for fund in funds]),
        people.group_by(key=pl.col("county").fill_null("")).agg(pl.col("before", "after", "change").sum()).sort("key"),
    )


def _key() -> pl.Expr:
    """An applicant by its code; one without, by its row."""
    return pl.coalesce(pl.col("code"), pl.format(_SAME + "{}:{}", "_part", "_row"))


def _people(assessment: Assessment) -> pl.DataFrame:
    return assessment.applicants.select("code", "name", "county", key=_key(), amount="total")


def _lines(assessment: Assessment) -> pl.DataFrame:
    owners = assessment.applicants.select("row", "name", key=_key())
    lines = assessment.lines.select("applicant", "code", "clause", "object", "status", "amount")
    return lines.join(owners, left_on="applicant", right_on="row", maintain_order="left").drop("applicant")


def _joined(before: pl.DataFrame, after: pl.DataFrame, on: list[str], said: list[str]) -> pl.DataFrame:
    """Both sides by their keys, in the order of the first; what one side lacks comes to nothing there."""
    both = before.join(after, on=on, how="full", suffix="_after", nulls_equal=True, maintain_order="left_right")
    same = [pl.coalesce(name, f"{name}_after").alias(name) for name in (*on, *said)]
    status = [pl.col("status"), pl.col("status_after")] if "status" in before.columns else []
    first, second = pl.col("amount").fill_null(0), pl.col("amount_after").fill_null(0)
    return both.select(*same, *status, before=first, after=second, change=second - first)


def _sums(rows: list[tuple[str, int, int]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema={"key": pl.String, "before": pl.Int64, "after": pl.Int64}, orient="row")
    return frame.with_columns(change=pl.col("after") - pl.col("before"))


def _of_clause(assessment: Assessment, clause: str) -> int:
    return int(assessment.lines.filter(pl.col("clause") == clause)["amount"].sum())


def _of_fund(assessment: Assessment, fund: str) -> int:
    name = f"fund:{fund}"
    return int(assessment.applicants[name].sum()) if name in assessment.applicants.columns else 0
