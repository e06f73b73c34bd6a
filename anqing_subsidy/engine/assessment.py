"""The result of a run: lines, totals, findings, and the traces from which every line is explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anqing_subsidy.finding import Finding
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.tables import Tables

if TYPE_CHECKING:
    import polars as pl

    from anqing_subsidy.engine.budget_words import Cut
    from anqing_subsidy.engine.clause import Trace
    from anqing_subsidy.engine.facts import FactStore


@dataclass(frozen=True)
class Assessment:
    """What a run came to. Money is Int64 fen.

    `applicants` has a row an applicant, in input order: row (of the applicants frame), code, name,
    county, total, potential (null: nothing bounds it), `fund:{id}` a fund, and its place.
    `lines` has a row a line, by applicant and then in the policy's order: applicant (the `row` above),
    code, clause, object, status, amount, potential, gross, gross_hi, cap, less (paid before and taken
    off), received (other support), netted (paid this year, up to what is due) and
    over (what was paid beyond that), fund, `fund:{id}`, reason, the marks
    declared, at_threshold, decided, topped, instalment (the part of this year), points and all_points (of a pool),
    joint_cap and joint_cut (what the cap of a group took), and `part`, `row`: the trace and its row.
    `paid` has a row an award already paid, as it was understood: code, year, clauses (one, but for rows that
    several share), object, tier, level, amount, and `part`, `row`: its place; `doubtful` those whose year or clause is unknown. `support` has a row a payment of another
    programme that may count: code, clauses, object, amount, whether it is only applied for or `unsure`, and its place.
    `cuts` are the budgets that did not suffice, each with the column of `lines` that holds what is left of them.
    """

    policy: Policy
    tables: Tables
    store: FactStore
    applicants: pl.DataFrame
    lines: pl.DataFrame
    traces: tuple[Trace, ...]
    findings: tuple[Finding, ...]
    paid: pl.DataFrame
    doubtful: pl.DataFrame
    support: pl.DataFrame
    cuts: tuple[Cut, ...] = ()
