"""Which fund bears how much of a line: the whole line, or only what a fact added to it."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.policy.model import Policy


def by_fund(lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The fund of each line (the other one where the fact that moves it holds) and the amount by fund."""
    home, other, increment = {}, {}, []
    for clause in policy.clauses.values():
        home[clause.id] = clause.fund.fund
        other[clause.id] = clause.fund.other or clause.fund.fund
        if clause.fund.part == "increment":
            increment.append(clause.id)
    first = next(iter(policy.funds))
    lines = lines.with_columns(
        home=pl.col("clause").replace_strict(home, default=first, return_dtype=pl.String),
        other=pl.col("clause").replace_strict(other, default=first, return_dtype=pl.String),
        split=pl.col("clause").is_in(increment) & pl.col("moved"),
    )
    lines = lines.with_columns(fund=pl.when(pl.col("moved")).then("other").otherwise("home"))
    stays = pl.when(pl.col("split")).then(pl.min_horizontal("base", "amount")).otherwise(0)
    shares = {}
    for fund in policy.funds:
        moved = pl.when(pl.col("fund") == fund).then(pl.col("amount") - stays).otherwise(0)
        shares[f"fund:{fund}"] = moved + pl.when(pl.col("split") & (pl.col("home") == fund)).then(stays).otherwise(0)
    return lines.with_columns(**shares).drop("home", "other", "split")
