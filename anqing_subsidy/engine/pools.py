"""Shares of a sum by points, among all lines of a clause that qualify."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.exact import whole
from anqing_subsidy.engine.reasons import RANK
from anqing_subsidy.engine.shares import divided
from anqing_subsidy.policy.clauses import Pool
from anqing_subsidy.policy.model import Policy

_OPEN = ("pending", "held", "eligible_with_held")


def share_pools(lines: pl.DataFrame, policy: Policy, traces: list[Trace]) -> pl.DataFrame:
    """What each line of a pool gets, instead of the whole of it; `points` and `all_points` say by which numbers."""
    pools = {id_: clause.award.shape for id_, clause in policy.clauses.items() if isinstance(clause.award.shape, Pool)}
    none = whole(None, lines.height)
    lines = lines.with_columns(points=none, all_points=none)
    for id_, pool in pools.items():
        lines = _shared(lines.with_row_index("at"), id_, pool, traces).drop("at")
    return lines


def _shared(lines: pl.DataFrame, id_: str, pool: Pool, traces: list[Trace]) -> pl.DataFrame:
    own = lines.filter(pl.col("clause") == id_)
    if not own.height:
        return lines
    parts = [
        own.filter(pl.col("part") == part).select("at", points=traces[part].outcome.steps["points"].gather(rows["row"]))
        for (part,), rows in own.group_by("part", maintain_order=True)
    ]
    own = own.drop("points").join(pl.concat(parts), on="at", how="left", maintain_order="left")
    # whose share a cap cuts to nothing has a share all the same
    qualifies = own.filter((pl.col("amount") > 0) | (pl.col("status") == "eligible"))
    is_open = bool(own["status"].is_in(_OPEN).any())
    if not qualifies.height:
        return lines
    every = int(qualifies["points"].cast(pl.Int128).sum())
    gross = divided(qualifies, pool.sum, "points")
    # a cap cuts a share, and nobody else gets what it cuts
    shared = qualifies.select("at", "points", share=gross)
    lines = lines.join(shared, on="at", how="left", maintain_order="left", suffix="_of")
    mine, cap = pl.col("share").is_not_null(), pl.col("cap")
    less = pl.col("less").fill_null(0) + pl.when(pl.col("topped")).then(pl.col("received").fill_null(0)).otherwise(0)
    net = (pl.when(cap.is_null()).then(pl.col("share")).otherwise(pl.min_horizontal("share", cap)) - less).clip(0)
    capped = (pl.col("share") > cap).fill_null(value=False)
    hold = is_open and pool.open_lines == "hold_all"
    lines = lines.with_columns(
        gross=pl.when(mine).then(pl.col("share")).otherwise(pl.col("gross")),
        gross_hi=pl.when(mine).then(pl.col("share")).otherwise(pl.col("gross_hi")),
        amount=pl.when(mine).then(0 if hold else net).otherwise(pl.col("amount")),
        hi=pl.when(mine).then(net).otherwise(pl.col("hi")),
        potential=pl.when(mine).then(net if hold else None).otherwise(pl.col("potential")),
        status=pl.when(mine & hold).then(pl.lit("pending")).otherwise(pl.col("status")),
        reason=pl.when(mine & hold)
        .then(RANK["MISSING_FACT"])
        .when(mine)
        .then(pl.when(capped).then(RANK["CAPPED"]).otherwise(RANK["GRANTED"]))
        .otherwise(pl.col("reason")),
        points=pl.when(mine).then(pl.col("points_of")).otherwise(pl.col("points")),
        all_points=pl.when(mine).then(every).otherwise(pl.col("all_points")),
        base=pl.when(mine).then(pl.min_horizontal("base", net)).otherwise(pl.col("base")),
    )
    return lines.drop("share", "points_of")
