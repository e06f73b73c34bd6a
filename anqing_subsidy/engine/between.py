"""Between the lines of an applicant: routes of which only the highest is paid, and what is still possible."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from anqing_subsidy.engine.reasons import RANK
from anqing_subsidy.policy.articles import clauses_of
from anqing_subsidy.policy.clauses import Group
from anqing_subsidy.policy.model import Policy

JointCaps = Mapping[str, tuple[pl.Series, pl.Series]]
"""What caps each group that has a cap, by applicant: what is certain (null: a blank leaves it open), what is possible."""


def supersede(lines: pl.DataFrame, policy: Policy, caps: JointCaps) -> pl.DataFrame:
    """In each group that pays its highest member, the others with an amount are superseded; then its cap cuts it."""
    for group in policy.groups:
        if group.pays == "highest":
            lines = _highest(lines, group, policy)
        if group.cap:
            lines = _capped(lines, group, policy, caps[group.id])
    return lines


def _capped(lines: pl.DataFrame, group: Group, policy: Policy, cap: tuple[pl.Series, pl.Series]) -> pl.DataFrame:
    """The lines of a group up to its cap: the first members are paid first. An unknown cap leaves them open."""
    place = {clause: at for at, clause in enumerate(clauses_of(group.id, policy))}
    inside = pl.col("clause").is_in(list(place)) & (pl.col("amount") > 0)
    own = (
        lines.with_row_index("at").filter(inside)
        .with_columns(place=pl.col("clause").replace_strict(place, return_dtype=pl.Int64), joint=cap[0].gather(lines.filter(inside)["applicant"]))
        .sort("applicant", "place", "object", maintain_order=True)
    )  # fmt: skip
    if not own.height:
        return lines
    before = pl.col("amount").cum_sum().over("applicant") - pl.col("amount")
    own = own.with_columns(left=(pl.col("joint") - before).clip(0))
    open_lines = own.filter(pl.col("joint").is_null())["at"]
    cut = own.filter(pl.col("left") < pl.col("amount")).select("at", "left", "joint")
    lines = lines.with_row_index("at").join(cut, on="at", how="left", maintain_order="left")
    is_cut, unknown = pl.col("left").is_not_null(), pl.col("at").is_in(open_lines.implode())
    lines = lines.with_columns(
        potential=pl.when(unknown).then(pl.col("hi")).otherwise(pl.col("potential")),
        joint_cut=pl.when(is_cut).then(pl.col("joint_cut") + pl.col("amount") - pl.col("left")).otherwise(pl.col("joint_cut")),
        joint_cap=pl.when(is_cut).then(pl.col("joint")).otherwise(pl.col("joint_cap")),
        joint_of=pl.when(is_cut).then(pl.lit(group.id)).otherwise(pl.col("joint_of")),
        amount=pl.when(unknown).then(0).when(is_cut).then(pl.col("left")).otherwise(pl.col("amount")),
        hi=pl.when(is_cut & (pl.col("status") == "eligible")).then(pl.col("left")).otherwise(pl.col("hi")),
        status=pl.when(unknown).then(pl.lit("pending")).otherwise(pl.col("status")),
        reason=pl.when(unknown).then(pl.lit(RANK["MISSING_FACT"])).when(is_cut).then(pl.min_horizontal("reason", pl.lit(RANK["CAPPED"]))).otherwise(pl.col("reason")),
    )  # fmt: skip
    return lines.drop("at", "left", "joint")


def _highest(lines: pl.DataFrame, group: Group, policy: Policy) -> pl.DataFrame:
    place = {clause: at for at, member in enumerate(group.members) for clause in clauses_of(member, policy)}
    inside = pl.col("clause").is_in(list(place)) & (pl.col("amount") > 0)
    competing = lines.filter(inside).select("applicant", "clause", "amount")
    competing = competing.with_columns(place=pl.col("clause").replace_strict(place, return_dtype=pl.Int64))
    sums = competing.group_by("applicant", "place").agg(pl.col("amount").sum())
    sums = sums.filter(pl.col("applicant").is_duplicated())
    if not sums.height:
        return lines
    # of equal amounts the earlier member stays
    best = (
        sums.filter(pl.col("amount") == pl.col("amount").max().over("applicant"))
        .group_by("applicant")
        .agg(pl.col("place").min().alias("best"))
    )
    lines = lines.with_columns(place=pl.col("clause").replace_strict(place, default=None, return_dtype=pl.Int64)).join(
        best, on="applicant", how="left", maintain_order="left"
    )
    beaten = (pl.col("place").is_not_null() & (pl.col("amount") > 0) & (pl.col("place") != pl.col("best"))).fill_null(
        value=False
    )
    return lines.with_columns(
        status=pl.when(beaten).then(pl.lit("superseded")).otherwise(pl.col("status")),
        reason=pl.when(beaten).then(pl.lit(RANK["SUPERSEDED"])).otherwise(pl.col("reason")),
        amount=pl.when(beaten).then(0).otherwise(pl.col("amount")),
        potential=pl.when(beaten).then(None).otherwise(pl.col("potential")),
        hi=pl.when(beaten).then(0).otherwise(pl.col("hi")),
    ).drop("place", "best")


def possible_total(lines: pl.DataFrame, policy: Policy, caps: JointCaps) -> pl.DataFrame:
    """Per applicant: the highest total after groups that is still possible; null where nothing bounds it.

    A line whose amount was set by hand is what it is, outside every group.
    """
    grouped = {clause: group.id for group in policy.groups for clause in clauses_of(group.id, policy)}
    frame = lines.select("applicant", "clause", "hi", free="fixed")
    inside = pl.col("clause").is_in(list(grouped)) & ~pl.col("free")
    sums = _sums(frame.filter(inside), "clause")
    for group in policy.groups:
        member = pl.col("clause").is_in(list(group.members))
        pick = pl.col("hi").max() if group.pays == "highest" else pl.col("hi").sum()
        merged = _sums(sums.filter(member), pick=pick).select("applicant", pl.lit(group.id).alias("clause"), "hi")
        if group.cap:
            most = caps[group.id][1].gather(merged["applicant"])
            merged = merged.with_columns(
                hi=pl.when(most.is_null() | pl.col("hi").is_null()).then("hi").otherwise(pl.min_horizontal("hi", most))
            )
        sums = pl.concat([sums.filter(~member), merged])
    return _sums(pl.concat([frame.filter(~inside).select("applicant", "hi"), sums.select("applicant", "hi")]))


def _sums(frame: pl.DataFrame, *keys: str, pick: pl.Expr | None = None) -> pl.DataFrame:
    """Sums (or another pick) of what is possible; null where a part of it is."""
    pick = pl.col("hi").sum() if pick is None else pick
    sums = frame.group_by("applicant", *keys).agg(pick, open=pl.col("hi").null_count() > 0)
    return sums.with_columns(hi=pl.when(pl.col("open")).then(None).otherwise(pl.col("hi"))).drop("open")


def pools_of(policy: Policy) -> dict[str, str]:
    """The outermost group that pays its highest member, by clause; clauses outside are a pool of their own."""
    pools = {clause: clause for clause in policy.clauses}
    for group in policy.groups:
        if group.pays == "highest":
            pools |= dict.fromkeys(clauses_of(group.id, policy), group.id)
    return pools


def paid_beside(policy: Policy) -> dict[str, set[str]]:
    """The clauses that are paid together with each clause of its pool: those a group adds up, and the clause itself."""
    beside = {clause: {clause} for clause in policy.clauses}
    for group in policy.groups:
        if group.pays == "highest":
            continue
        parts = [clauses_of(member, policy) for member in group.members]
        for part in parts:
            for clause in part:
                beside[clause].update(other for rest in parts if rest is not part for other in rest)
    return beside
