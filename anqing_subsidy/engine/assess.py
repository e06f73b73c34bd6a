"""A whole run: rows made fit, every clause assessed, routes, netting, decisions, funds, totals."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.engine.between import JointCaps, possible_total, supersede
from anqing_subsidy.engine.budget_words import Cut
from anqing_subsidy.engine.budgets import cut_columns, has_budgets, within_budgets
from anqing_subsidy.engine.clause import Trace, clause_lines
from anqing_subsidy.engine.clause_words import ClauseWords
from anqing_subsidy.engine.decide import Deciding
from anqing_subsidy.engine.decided import undecided
from anqing_subsidy.engine.decisions import Decisions
from anqing_subsidy.engine.earlier import Figures
from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.engine.funds import after_netting, by_fund, fund_unknown, with_ways
from anqing_subsidy.engine.near_objects import near_objects
from anqing_subsidy.engine.netting import net
from anqing_subsidy.engine.paid import Paid
from anqing_subsidy.engine.pools import share_pools
from anqing_subsidy.engine.reasons import REASONS, status_of
from anqing_subsidy.engine.remarks import remarks
from anqing_subsidy.engine.rows import RowBuilder
from anqing_subsidy.engine.run import Run
from anqing_subsidy.engine.support import OtherSupport
from anqing_subsidy.finding import Finding
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.tables import Tables

_SHOWN = (
    "applicant", "code", "clause", "object", "row", "part", "status", "amount", "potential", "hi", "gross", "gross_hi", "cap", "less", "received",
    "units_off", "netted", "over", "base", "moved", "declared", "at_threshold", "topped", "reason", "computed", "decided", "fixed", "torn", "note", "fail_reason", "instalment", "points", "all_points", "pool_sum", "joint_cut", "joint_cap", "joint_of",
)  # fmt: skip


def assess(policy: Policy, tables: Tables) -> Assessment:
    """Assess every applicant of the tables under a policy.

    Returns the lines (one per clause claimed, or per object), the totals, the trace from which each
    line is explained, and all findings, those of the reading included. Nothing is raised for bad data.
    """
    words = ClauseWords(policy)
    decisions = Decisions(policy, tables, words)
    builder = RowBuilder(policy, tables, decisions.chosen_codes())
    store = FactStore(policy, builder.build())
    figures = Figures(policy, store, tables)
    paid = Paid(policy, store, tables, words)
    support = OtherSupport(policy, store, tables, words)
    run = Run(policy, store, figures, paid, support)
    plain, traces = _assessed(run)
    further: list[Trace] = []
    deciding: Deciding | None = None
    lines = plain.with_columns(released=pl.lit(value=False))
    if policy.decisions is not None and (decisions.rows or decisions.contradicting):
        freed = plain
        if freeing := decisions.freeing():
            freed, further = _assessed(run.freed(freeing), len(traces))
        deciding = Deciding(decisions, policy.decisions, store, plain, freed)
        lines = deciding.released(plain, freed)
    caps = run.joint_caps()
    lines, beyond = share_pools(lines, policy, [*traces, *further], None if deciding is None else deciding.settling())
    lines = _jointly_capped(lines)
    lines = supersede(lines, policy, caps).with_columns(computed=pl.col("amount"))
    lines, applicants = _one_per_code(lines, policy, store)
    lines = (
        undecided(lines)
        if deciding is None
        else deciding.settled(
            lines,
            supersede(_jointly_capped(share_pools(plain, policy, traces)[0]), policy, caps),
            builder.same_key.settled,
            caps,
        )
    )
    lines = with_ways(lines, policy, run)
    nowhere = fund_unknown(lines, policy, run, tables)
    cuts: list[Cut] = []
    short: list[Finding] = []
    if has_budgets(policy):
        lines, cuts, short = within_budgets(by_fund(lines, policy), policy)
    lines, overpaid = net(lines, policy, paid, tables, applicants)
    lines = after_netting(lines, policy) if has_budgets(policy) else by_fund(lines, policy)
    further_columns = (
        "fund",
        "way",
        *(f"fund:{fund}" for fund in policy.funds),
        *(name for cut in cuts for name in cut.columns),
        *cut_columns(cuts, policy),
    )
    lines = _in_order(lines.select(*_SHOWN, *further_columns), policy)
    lines = lines.with_columns(reason=pl.col("reason").replace_strict(dict(enumerate(REASONS)), return_dtype=pl.String))
    applicants = _totals(applicants, lines, policy, caps)
    findings = [
        *tables.findings,
        *builder.findings,
        *paid.findings,
        *support.findings,
        *beyond,
        *short,
        *nowhere,
        *overpaid,
        *decisions.findings,
        *remarks(policy, tables, store, traces),
        *near_objects(policy, tables, store, paid),
    ]
    return Assessment(
        policy,
        tables,
        store,
        applicants,
        lines,
        (*traces, *further),
        tuple(findings),
        paid.rows,
        paid.doubtful,
        support.rows,
        tuple(cuts),
    )


def _jointly_capped(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines before any joint cap has cut them."""
    return lines.with_columns(
        joint_cut=pl.lit(0, dtype=pl.Int64),
        joint_cap=pl.lit(None, dtype=pl.Int64),
        joint_of=pl.lit(None, dtype=pl.String),
    )


def _assessed(run: Run, start: int = 0) -> tuple[pl.DataFrame, list[Trace]]:
    """The lines of every clause before routes, and their traces, numbered from `start`."""
    traces: list[Trace] = []
    parts: list[pl.DataFrame] = []
    for clause in run.policy.clauses.values():
        for lines, trace in clause_lines(run, clause):
            parts.append(lines.with_columns(part=pl.lit(start + len(traces), dtype=pl.UInt32)))
            traces.append(trace)
    # amounts over a large denominator may be wider in one clause than in another
    return (status_of(pl.concat(parts, how="diagonal_relaxed")) if parts else _no_lines()), traces


def _no_lines() -> pl.DataFrame:
    schema = dict.fromkeys(_SHOWN, pl.Int64) | {
        "applicant": pl.UInt32, "row": pl.UInt32, "part": pl.UInt32, "code": pl.String, "clause": pl.String, "object": pl.String,
        "status": pl.String, "moved": pl.Boolean, "declared": pl.Boolean, "at_threshold": pl.Boolean, "topped": pl.Boolean, "decided": pl.Boolean,
        "rows_open_other": pl.Boolean, "stand_in": pl.Boolean, "conflict": pl.Boolean, "beaten": pl.Boolean, "fixed": pl.Boolean, "torn": pl.Boolean, "joint_of": pl.String,
    }  # fmt: skip
    del schema["note"]  # the words of decisions come later
    return pl.DataFrame(schema=schema)


def _in_order(lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """By applicant, then in the policy's order, then by object: sorted by one integer, for speed."""
    order = {clause: at for at, clause in enumerate(policy.clauses)}
    objects = lines["object"].unique().drop_nulls().sort().to_list()
    place = pl.col("clause").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    thing = pl.lit(0, dtype=pl.Int64)
    if objects:
        ranks = {name: at for at, name in enumerate(objects, start=1)}
        thing = pl.col("object").replace_strict(ranks, default=0, return_dtype=pl.Int64)
    key = (pl.col("applicant").cast(pl.Int64) * (len(order) + 1) + place) * (len(objects) + 1) + thing
    return lines[lines.select(key.alias("key"))["key"].arg_sort()]


def _one_per_code(lines: pl.DataFrame, policy: Policy, store: FactStore) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of one code that contradict each other are one applicant, whose lines are the union of theirs."""
    main = store.rows[policy.main]
    payee = policy.payee
    columns = [main.frame[payee.code].alias("code"), main.frame[payee.name].alias("name")]
    columns.append(_counties(policy, main.frame).alias("county"))
    applicants = pl.DataFrame([*columns, main.frame["_part"], main.frame["_row"]]).with_row_index("row")
    if main.conflict is None:
        return lines, applicants
    first = applicants.with_columns(
        pl.when(main.conflict).then(pl.col("row").min().over("code")).otherwise(pl.col("row")).alias("first")
    )
    lines = lines.with_columns(applicant=first["first"].gather(lines["applicant"]))
    lines = lines.with_columns(_bound=pl.col("hi").is_null(), _invalid=pl.col("status") == "invalid")
    lines = lines.sort("_invalid", "_bound", "hi", descending=True, nulls_last=False, maintain_order=True).unique(
        subset=["applicant", "clause", "object"], keep="first", maintain_order=True
    )
    return lines.drop("_bound", "_invalid"), applicants.filter(first["first"] == first["row"])


def _counties(policy: Policy, frame: pl.DataFrame) -> pl.Series:
    """The county of each applicant as people write it: of a closed list the first word of its value."""
    if policy.payee.county is None:
        return pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
    typed, column = frame[policy.payee.county], policy.column(Ref(policy.main, policy.payee.county))
    if column is None or column.open_values or not column.values:
        return typed
    return typed.replace({option: words[0] for option, words in column.values.items()})


def _totals(applicants: pl.DataFrame, lines: pl.DataFrame, policy: Policy, caps: JointCaps) -> pl.DataFrame:
    sums = lines.group_by("applicant").agg(
        pl.col("amount").sum().alias("total"), *(pl.col(f"fund:{fund}").sum() for fund in policy.funds)
    )
    reachable = possible_total(lines, policy, caps)
    frame = applicants.join(sums, left_on="row", right_on="applicant", how="left", maintain_order="left")
    frame = frame.join(
        reachable.with_columns(has=pl.lit(value=True)),
        left_on="row",
        right_on="applicant",
        how="left",
        maintain_order="left",
    )
    total = pl.col("total").fill_null(0)
    return frame.with_columns(
        total=total,
        potential=pl.when(pl.col("has").is_null()).then(0).otherwise((pl.col("hi") - total).clip(0)),
        **{f"fund:{fund}": pl.col(f"fund:{fund}").fill_null(0) for fund in policy.funds},
    ).drop("hi", "has")
