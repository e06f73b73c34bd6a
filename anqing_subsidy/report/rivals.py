"""Who else claims a row that is held."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.policy.model import Claimant
from anqing_subsidy.report.conditions import Reader

_MOST = 3


class Rivals:
    """Names the other claimants of the held rows behind a line."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.store = reader.store
        self._claimants: dict[str, dict[str, list[str]]] = {}

    def text(self, trace: Trace, rows: list[int]) -> str:
        """The other claimants, a few of them by name; empty where no row is held by a second claimant."""
        named = [name for row in rows for name in self._of_row(trace, row)] or self._of_children(trace, rows[0])
        named = list(dict.fromkeys(named))
        listing = self.reader.listed(named[:_MOST])
        if len(named) <= _MOST:
            return listing
        return listing + self.reader.say(f" 等 {len(named)} 项", f" and {len(named) - _MOST} more")

    def _of_row(self, trace: Trace, row: int) -> list[str]:
        """The other claimants of a row of the clause's own table."""
        table = trace.scope.table
        if not self.reader.peek(trace.held, row):
            return []
        return self._names(table, self.reader.peek(self.reader.up(trace, table), row))

    def _of_children(self, trace: Trace, row: int) -> list[str]:
        """The other claimants of held child rows that a line counts."""
        named: list[str] = []
        table = trace.scope.table
        for rule in self.reader.policy.claimants:
            child, claims = self.store.rows[rule.table], self.store.claims(rule.table)
            if claims is None or table not in child.up:
                continue
            mine = self.reader.peek(self.reader.up(trace, table), row)
            for at in (claims.held & (child.up[table] == mine)).arg_true().to_list():
                named.extend(self._names(rule.table, at))
        return named

    def _rule(self, table: str) -> Claimant:
        return next(rule for rule in self.reader.policy.claimants if rule.table == table)

    def _names(self, table: str, at: int) -> list[str]:
        rule, frame = self._rule(table), self.store.rows[table].frame
        if table not in self._claimants:
            claims = self.store.claims(table)
            held = frame.filter(claims.rivals) if claims is not None else frame.clear()
            by_key = held.group_by(rule.key, maintain_order=True).agg(pl.col(rule.claimant).unique(maintain_order=True))
            self._claimants[table] = dict(zip(by_key[rule.key], by_key[rule.claimant].to_list(), strict=True))
        key, claimant = frame[rule.key][at], frame[rule.claimant][at]
        return [f"{key} → {other}" for other in self._claimants[table].get(key, []) if other != claimant]
