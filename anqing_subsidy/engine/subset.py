"""A part of an assessment: some applicants with their lines and findings."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from anqing_subsidy.engine.assessment import Assessment


def subset(assessment: Assessment, rows: pl.Series) -> Assessment:
    """The same assessment for some applicants (rows of `applicants`); nothing is assessed again.

    Findings stay where they stand in a row of one of these applicants, or in no row of any.
    """
    wanted = rows.implode()
    mine: set[tuple[str, str | None, int]] = set()
    others: set[tuple[str, str | None, int]] = set()
    codes = assessment.applicants.filter(pl.col("row").is_in(wanted))["code"].implode()
    for table in assessment.store.rows.values():
        frame, main = table.frame, assessment.policy.main
        if table.table.id == main:
            inside = frame[assessment.policy.payee.code].is_in(codes).fill_null(value=False)
        elif main in table.up:
            inside = table.up[main].is_in(wanted)
        else:
            continue
        keys = zip(frame["_part"].to_list(), frame["_row"].to_list(), inside.to_list(), strict=True)
        for part, row, is_inside in keys:
            source = assessment.tables.parts[part]
            (mine if is_inside else others).add((source.file, source.sheet, row))
    findings = []
    for found in assessment.findings:
        place = found.place
        key = (place.file, place.sheet, place.row) if place is not None else None
        if key is None or key in mine or key not in others:
            findings.append(found)
    return replace(
        assessment,
        applicants=assessment.applicants.filter(pl.col("row").is_in(wanted)),
        lines=assessment.lines.filter(pl.col("applicant").is_in(wanted)),
        findings=tuple(findings),
    )
