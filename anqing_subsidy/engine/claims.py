"""Rows that two claimants bring: held in both, or kept by the earliest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.exact import flag, possible, sure
from anqing_subsidy.policy.rules import Claimant

if TYPE_CHECKING:
    from anqing_subsidy.engine.facts import FactStore


class Claims:
    """Rows of one key that several claimants bring: held, or lost to the earliest."""

    def __init__(self, rule: Claimant, store: FactStore) -> None:
        rows = store.rows[rule.table]
        active = possible(store.scope(rule.table).met(rule.where)) if rule.where else flag(True, rows.height)
        frame = rows.frame.select(pl.col(rule.key).alias("key"), pl.col(rule.claimant).alias("claimant"))
        frame = frame.with_columns(active.alias("active"), pl.col("key").is_not_null().alias("named"))
        if rule.earliest is not None:
            frame = frame.with_columns(rows.frame[rule.earliest].alias("since"))
        claiming = pl.col("active") & pl.col("named")
        counted = pl.col("claimant").filter(claiming).n_unique().over("key")
        self.rivals = frame.select((counted > 1) & claiming).to_series()
        self.lost = flag(False, rows.height)
        self.held = self.rivals
        if rule.settle == "earliest" and rule.earliest is not None and self.rivals.any():
            self._settle(frame.with_columns(self.rivals.alias("rival")))
        if store.freed and self.held.any():
            self.held = self.held & ~store.owners(rule.table).is_in(list(store.freed)).fill_null(value=False)

    def _settle(self, frame: pl.DataFrame) -> None:
        """The earliest claimant keeps the row; a blank or equal date leaves it held."""
        since = pl.col("since").filter(pl.col("rival"))
        first = since.min().over("key")
        dated = since.is_null().any().over("key").not_()
        alone = (pl.col("claimant").filter(pl.col("rival") & (pl.col("since") == first)).n_unique().over("key")) == 1
        frame = frame.with_columns(settled=dated & alone, first=first)
        out = frame.select(
            held=pl.col("rival") & ~pl.col("settled"),
            lost=pl.col("rival") & pl.col("settled") & (pl.col("since") != pl.col("first")),
        )
        self.held, self.lost = sure(out["held"]), sure(out["lost"])
