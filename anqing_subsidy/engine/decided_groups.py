"""What decisions do to lines beside each other: clauses paid together of which one counts, amounts above a cap."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from anqing_subsidy.engine.between import JointCaps
from anqing_subsidy.engine.decided import Key
from anqing_subsidy.engine.decisions import Decisions, Row
from anqing_subsidy.finding import Text
from anqing_subsidy.policy.articles import articles_of, clauses_of
from anqing_subsidy.policy.clauses import Clause, Group
from anqing_subsidy.policy.model import Policy


def between_lines(decisions: Decisions, lines: pl.DataFrame, policy: Policy) -> None:
    """Amounts are set after the groups: where two lines come to be paid of which one counts, or none, it is said."""
    code = policy.payee.code
    for group in policy.groups:
        if group.pays != "highest":
            continue
        place = {clause: at for at, member in enumerate(group.members) for clause in clauses_of(member, policy)}
        inside = lines.filter(pl.col("clause").is_in(list(place)) & pl.col("fixed").any().over("applicant"))
        inside = inside.with_columns(
            place=pl.col("clause").replace_strict(place, return_dtype=pl.Int64), paid=pl.col("amount") > 0
        ).filter(pl.col("fixed").any().over("applicant"))
        for (owner,), own in inside.group_by("code", maintain_order=True):
            row = next(row for row in decisions.rows if row[code] == owner)
            paid = own.filter("paid")
            if paid["place"].n_unique() > 1:
                decisions.say_both(row, _articles(paid, policy))
            left = own.filter(pl.col("status") == "superseded")
            if left.height and not paid.height:
                decisions.say_none(row, _articles(left, policy))


def above_caps(
    decisions: Decisions, lines: pl.DataFrame, policy: Policy, caps: JointCaps, agreed: Mapping[Key, Row]
) -> None:
    """A decided amount is paid whatever caps say: where a clause or a group comes to more than its cap, it is said."""
    decided = lines.filter(pl.col("fixed") & (pl.col("amount") > 0))
    for code, id_, object_, amount, known in decided.select("code", "clause", "object", "amount", "cap").rows():
        cap = known if known is not None else _plain_cap(policy.clauses[id_])
        if cap is not None and amount > cap:
            decisions.say_above(agreed[code, id_, object_], articles_of([id_], policy), amount, cap)
    for group in policy.groups:
        if not group.cap:
            continue
        members = clauses_of(group.id, policy)
        own = lines.filter(pl.col("clause").is_in(members) & pl.col("applicant").is_in(decided["applicant"].implode()))
        sums = own.group_by("applicant", maintain_order=True).agg(pl.col("amount").sum())
        for applicant, amount in sums.rows():
            cap = caps[group.id][0][applicant]
            mine = decided.filter((pl.col("applicant") == applicant) & pl.col("clause").is_in(members))
            if cap is not None and amount > cap and mine.height:
                row = agreed[mine.select("code", "clause", "object").row(0)]
                decisions.say_above(row, articles_of(list(members), policy), amount, cap)
        _freed(decisions, lines.filter(pl.col("clause").is_in(members)), group, policy, caps, agreed)


def _freed(
    decisions: Decisions,
    lines: pl.DataFrame,
    group: Group,
    policy: Policy,
    caps: JointCaps,
    agreed: Mapping[Key, Row],
) -> None:
    """A cap of a group that a decision left room under: what it cut from other lines stays cut, and that is said."""
    decided = lines.filter("fixed")
    cut = (pl.col("joint_of") == group.id) & (pl.col("joint_cut") > 0) & ~pl.col("fixed")
    own = lines.filter(pl.col("applicant").is_in(decided["applicant"].implode()))
    sums = own.group_by("applicant", maintain_order=True).agg(
        pl.col("amount").sum(), pl.col("clause").filter(cut).unique(maintain_order=True)
    )
    for applicant, amount, clauses in sums.filter(pl.col("clause").list.len() > 0).rows():
        cap = caps[group.id][0][applicant]
        if cap is not None and amount < cap:
            row = agreed[decided.filter(pl.col("applicant") == applicant).select("code", "clause", "object").row(0)]
            decisions.say_room(row, articles_of(clauses, policy), cap - amount)


def _plain_cap(clause: Clause) -> int | None:
    """The least cap of a clause that is written as a sum: of a line that only a decision makes no other is known."""
    sums = [cap for cap in clause.cap if isinstance(cap, int)]
    return min(sums) if sums and clause.cap_scope == "per_year" else None


def _articles(lines: pl.DataFrame, policy: Policy) -> Text:
    return articles_of(lines["clause"], policy)
