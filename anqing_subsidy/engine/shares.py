"""Sums divided among lines to the fen: in proportion, what is left over by largest remainder."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.exact import times

TIES = ("code", "clause", "object")
"""Of equal remainders these decide, so that the order of the rows in a file does not."""


def divided(lines: pl.DataFrame, total: int, weight: str) -> pl.Series:
    """A sum of fen in proportion to a column of weights (whole numbers from 0, not all 0): adds up to the sum exactly."""
    weights = lines[weight].cast(pl.Int128)
    every = int(weights.sum())
    product = times(weights, total)
    frame = lines.select(*TIES).with_columns(
        at=pl.int_range(lines.height, dtype=pl.Int64), part=product // every, rest=product % every, weight=weights
    )
    left = total - int(frame["part"].sum())
    # whoever has no part in it gets no fen either
    order = frame.filter(pl.col("weight") > 0).sort(
        "rest", *TIES, descending=[True, False, False, False], nulls_last=True
    )
    more = order["at"].head(left)
    frame = frame.with_columns(part=pl.col("part") + pl.col("at").is_in(more.implode()).cast(pl.Int128))
    return frame["part"].cast(pl.Int64)
