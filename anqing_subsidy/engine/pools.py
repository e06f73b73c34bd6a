"""Shares of a sum by points, among all lines of a clause that qualify.

What is decided by hand comes out of the sum first; who is refused has no part in it, and what a decision leaves open
waits like any other open line. A cap, instalments, what was paid before and other support cut a share: nobody else
gets what they cut.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from anqing_subsidy.engine.amounts import whole_multiples
from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.decided import KEY, Amount, Key
from anqing_subsidy.engine.exact import whole
from anqing_subsidy.engine.instalments import due_in
from anqing_subsidy.engine.reasons import RANK
from anqing_subsidy.engine.shares import divided
from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.money import grouped
from anqing_subsidy.policy.clauses import Pool
from anqing_subsidy.policy.model import Policy

_OPEN = ("pending", "held", "eligible_with_held", "invalid")
"""Lines that may still come to something: of one that cannot be read nobody knows what."""


@dataclass(frozen=True)
class Settled:
    """What is decided by hand: lines with the sum that was set (0: refused), and lines on which decisions differ."""

    amounts: tuple[Amount, ...] = ()
    torn: frozenset[Key] = field(default_factory=frozenset)


def share_pools(
    lines: pl.DataFrame, policy: Policy, traces: list[Trace], settled: Settled | None = None
) -> tuple[pl.DataFrame, list[Finding]]:
    """What each line of a pool gets, instead of the whole of it, and pools of which more was decided than there is.

    `points`, `all_points` and `pool_sum` say by which numbers, `instalment` which part of it falls due.
    """
    pools = {id_: clause.award.shape for id_, clause in policy.clauses.items() if isinstance(clause.award.shape, Pool)}
    none = whole(None, lines.height)
    lines = lines.with_columns(points=none, all_points=none, pool_sum=none)
    settled = Settled() if settled is None else settled
    findings: list[Finding] = []
    for id_, pool in pools.items():
        taken = sum(amount for _, clause, _, amount in settled.amounts if clause == id_)
        lines = _shared(lines.with_row_index("at"), policy, id_, pool, traces, settled, taken).drop("at")
        if taken > pool.sum:
            findings.append(_decided_beyond(policy, id_, pool, taken))
    return lines, findings


def _shared(
    lines: pl.DataFrame,
    policy: Policy,
    id_: str,
    pool: Pool,
    traces: list[Trace],
    settled: Settled,
    taken: int,
) -> pl.DataFrame:
    own = lines.filter(pl.col("clause") == id_)
    if not own.height:
        return lines
    points = pl.concat(
        own.filter(pl.col("part") == part).select("at", **_of_trace(traces[part], rows["row"]))
        for (part,), rows in own.group_by("part", maintain_order=True)
    )
    own = own.drop("points").join(points, on="at", how="left", maintain_order="left")
    fixed = {(code, clause, thing) for code, clause, thing, _ in settled.amounts}
    own = own.with_columns(
        fixed=pl.Series([key in fixed for key in own.select(KEY).iter_rows()], dtype=pl.Boolean),
        torn=pl.Series([key in settled.torn for key in own.select(KEY).iter_rows()], dtype=pl.Boolean),
    )
    waits = bool(own.select((~pl.col("fixed") & (pl.col("status").is_in(_OPEN) | pl.col("torn"))).any()).item())
    # whose share a cap cuts to nothing has a share all the same
    own = own.filter((pl.col("amount") > 0) | (pl.col("status") == "eligible"))
    if not own.height:
        return lines
    left = max(pool.sum - taken, 0)
    sharing = own.filter(~pl.col("fixed") & ~pl.col("torn"))
    # what a line that is decided would get is what it would without any decision
    groups = ((own, pool.sum), (sharing, left))
    found: dict[int, tuple[int, int, int]] = {}
    for some, total in groups:
        every = int(some["points"].cast(pl.Int128).sum())
        shares = divided(some, total, "points").to_list() if some.height else []
        found |= {at: (share, every, total) for at, share in zip(some["at"].to_list(), shares, strict=True)}
    frame = pl.DataFrame(
        [(at, *one) for at, one in found.items()],
        schema={"at": lines.schema["at"], "share": pl.Int64, "every": pl.Int64, "total": pl.Int64},
        orient="row",
    )
    shared = own.select("at", points_of="points", year="year").join(frame, on="at", how="left", maintain_order="left")
    lines = lines.join(shared, on="at", how="left", maintain_order="left")
    mine, cap = pl.col("share").is_not_null(), pl.col("cap")
    lines = lines.with_columns(
        due=pl.when(cap.is_null()).then("share").otherwise(pl.min_horizontal("share", cap)).fill_null(0)
    )
    lines = lines.with_columns(due=whole_multiples(lines["due"], policy.clauses[id_].whole))
    rule = policy.clauses[id_].instalments
    if rule is not None:
        due = due_in(rule, lines["due"], lines["year"], policy.rounding)
        lines = lines.with_columns(due=due, instalment=pl.when(mine).then(due).otherwise(pl.col("instalment")))
    less = pl.col("less").fill_null(0) + pl.when(pl.col("topped")).then(pl.col("received").fill_null(0)).otherwise(0)
    net = (pl.col("due") - less).clip(0)
    capped = (pl.col("share") > cap).fill_null(value=False)
    hold = waits and pool.open_lines == "hold_all"
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
        all_points=pl.when(mine).then(pl.col("every")).otherwise(pl.col("all_points")),
        pool_sum=pl.when(mine).then(pl.col("total")).otherwise(pl.col("pool_sum")),
        base=pl.when(mine).then(pl.min_horizontal("base", net)).otherwise(pl.col("base")),
    )
    return lines.drop("share", "points_of", "year", "every", "total", "due")


def _of_trace(trace: Trace, rows: pl.Series) -> dict[str, pl.Series]:
    """The points of lines, and their year of support."""
    rule = trace.clause.instalments
    points = trace.outcome.steps["points"].gather(rows)
    year = trace.scope.fact(rule.year).lo.gather(rows) if rule is not None else whole(None, rows.len())
    return {"points": points, "year": year}


def _decided_beyond(policy: Policy, id_: str, pool: Pool, taken: int) -> Finding:
    clause = policy.clauses[id_]
    return Finding(
        "error",
        "DECIDED_OVER_BUDGET",
        Text(
            f"{clause.article} {clause.title.zh}：人工核定金额合计 {grouped(taken)} 元，已超总额 {grouped(pool.sum)} 元，其他申报主体无可分配",
            f"{clause.article} {clause.title.en}: {grouped(taken)} yuan were decided by hand, above the sum of {grouped(pool.sum)} yuan; nothing is left to share",
        ),
        Place(policy.file),
        None,
        Text("核对核定金额和总额", "check the decided amounts and the sum"),
    )
