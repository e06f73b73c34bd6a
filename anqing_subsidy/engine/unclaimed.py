"""Awards that nobody asks for although the figures are there: what they would come to if the blank were filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.assess import assess
from anqing_subsidy.engine.exact import any_of, sure
from anqing_subsidy.engine.focus import focused
from anqing_subsidy.policy.reads import claimed_by
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.tables import BAD

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.policy.clauses import Clause


@dataclass(frozen=True)
class Unclaimed:
    """An applicant (`row` of the assessment's applicants) that leaves blank what decides whether it asks for a clause.

    `more` is by how much its total and what it could still become would rise if it asked; None: nothing bounds it.
    """

    row: int
    clause: str
    fact: Ref
    more: int | None


def unclaimed(assessment: Assessment) -> list[Unclaimed]:
    """Every blank column beside figures of its clause, where filled in as the clause asks it would pay or could pay."""
    found: list[Unclaimed] = []
    for clause in assessment.policy.clauses.values():
        for ref, answer in claimed_by(clause) if clause.unclaimed_beside else ():
            found += _of(assessment, clause, ref, answer)
    return found


def _of(assessment: Assessment, clause: Clause, ref: Ref, answer: bool | str) -> list[Unclaimed]:
    policy, tables = assessment.policy, assessment.tables
    if ref.table != policy.main or policy.column(ref) is None:
        return []
    frame = tables.frames[policy.main]
    given = [frame[other.id].is_not_null() for other in clause.unclaimed_beside if other.id in frame.columns]
    blank = frame[ref.id].is_null() & any_of(given, frame.height)
    if ref.id + BAD in frame.columns:
        blank = blank & ~sure(frame[ref.id + BAD])
    if not blank.any():
        return []
    asking = frame.with_columns(pl.when(blank).then(pl.lit(answer)).otherwise(pl.col(ref.id)).alias(ref.id))
    asked = replace(tables, frames={**tables.frames, policy.main: asking})
    after = assess(policy, focused(policy, asked, blank.arg_true()))
    most = _most(assessment).join(_most(after), on=["_part", "_row"], suffix="_after", maintain_order="left")
    most = most.join(
        frame.filter(blank).select("_part", "_row"), on=["_part", "_row"], how="semi", maintain_order="left"
    )
    more = most.with_columns(more=pl.col("most_after") - pl.col("most"))
    rows = more.filter(pl.col("most").is_not_null() & (pl.col("more").is_null() | (pl.col("more") > 0)))
    return [Unclaimed(row, clause.id, ref, amount) for row, amount in rows.select("row", "more").rows()]


def _most(assessment: Assessment) -> pl.DataFrame:
    """What each applicant could come to at most; null where nothing bounds it."""
    return assessment.applicants.select("row", "_part", "_row", most=pl.col("total") + pl.col("potential"))
