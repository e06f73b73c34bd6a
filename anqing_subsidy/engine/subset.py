"""A part of an assessment: some applicants with their lines and findings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.engine.exact import flag
from anqing_subsidy.engine.table_rows import links
from anqing_subsidy.finding import Text, UsageError

if TYPE_CHECKING:
    from anqing_subsidy.finding import Finding, Place

At = tuple[str, str | None, int | None]


def subset(assessment: Assessment, rows: pl.Series, *, strays: bool = True) -> Assessment:
    """The same assessment for some applicants (rows of `applicants`); nothing is assessed again.

    Findings stay that are about a row of one of these applicants or name their code, or stand in no row of any.
    `strays`: also those in rows whose code is no applicant's.
    """
    people = assessment.applicants.filter(pl.col("row").is_in(rows.implode()))
    codes = set(people["code"].drop_nulls())
    mine, others = _whose(assessment, codes, strays=strays)

    def concerns(place: Place | None, further: tuple[Place, ...], value: str | None) -> bool:
        spots = {(spot.file, spot.sheet, spot.row) for spot in (place, *further) if spot is not None}
        return value in codes or bool(spots & mine) or not spots & others

    return replace(
        assessment,
        applicants=people,
        lines=assessment.lines.filter(pl.col("applicant").is_in(rows.implode())),
        findings=tuple(found for found in assessment.findings if concerns(found.place, found.others, found.value)),
    )


def one_of(assessment: Assessment, people: pl.DataFrame) -> Assessment:
    """One applicant, from an assessment of it and those tied to it.

    Args:
        assessment: of tables that `engine.focus` cut down, whose findings are still those of all.
        people: the rows of the applicants table that are this applicant's, as they were read.

    Raises:
        UsageError: none of these rows is assessed.
    """
    places = people.select("_part", "_row").unique()
    mine = assessment.applicants.join(places, on=["_part", "_row"], how="semi", maintain_order="left")
    if not mine.height:
        raise UsageError(
            Text(
                "该行没有作为申报主体计算，先用 check 查看",
                "the row is not assessed as an applicant; look at it with check",
            )
        )
    some = subset(assessment, mine["row"], strays=False)
    codes = set(mine["code"].drop_nulls())
    spots, _ = _whose(some, codes, strays=False)
    spots |= {(at.file, at.sheet, at.row) for at in (some.tables.place(*row) for row in places.rows())}

    def concerns(found: Finding) -> bool:
        at = {(spot.file, spot.sheet, spot.row) for spot in (found.place, *found.others) if spot is not None}
        return found.value in codes or bool(at & spots)

    return replace(some, findings=tuple(filter(concerns, some.findings)))


def _whose(assessment: Assessment, codes: set[str], *, strays: bool) -> tuple[set[At], set[At]]:
    """The places of all rows that were read and are these applicants', and of those that are somebody else's.

    Rows are looked at as they were read, because merged ones and those without a parent are assessed no more.
    """
    policy, tables = assessment.policy, assessment.tables
    wanted = pl.Series(sorted(codes), dtype=pl.String).implode()
    known = assessment.applicants["code"].drop_nulls().implode()
    mine: set[At] = set()
    others: set[At] = set()
    keyed: dict[str, pl.DataFrame] = {}
    waiting = [table for table in policy.tables.values() if table.id in tables.frames]
    while waiting:
        for table in waiting:
            frame = tables.frames[table.id]
            if policy.payee.code in frame.columns:
                code = frame[policy.payee.code]
                is_mine = code.is_in(wanted)
                if strays:
                    is_mine = is_mine.set(~code.is_in(known).fill_null(value=False), None)
            elif table.parent in keyed:
                on = links(policy, table)
                is_mine = frame.join(keyed[table.parent], on=on, how="left", maintain_order="left")["mine"]
            elif table.parent in tables.frames:
                continue
            else:
                is_mine = flag(None, frame.height)
            keys = [key for key in table.key if key in frame.columns]
            keyed[table.id] = frame.select(keys).with_columns(mine=is_mine).group_by(keys).agg(pl.col("mine").any())
            for part, row, who in zip(frame["_part"], frame["_row"], is_mine, strict=True):
                if who is not None:
                    source = tables.parts[part]
                    (mine if who else others).add((source.file, source.sheet, row))
        waiting = [table for table in waiting if table.id not in keyed]
    return mine, others
