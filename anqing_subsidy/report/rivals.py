"""Who else claims the rows that are held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.report.view import View, where
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.policy.rules import Claimant

_MOST = 3


@dataclass(frozen=True)
class Claimed:
    """The rows of a table that several claimants bring: key and claimant by row, all claimants by key, and each with the name of its applicant."""

    keys: dict[int, tuple[str, str]]
    claimants: dict[str, list[str]]
    names: dict[str, str]

    def others(self, row: int) -> list[str]:
        """The other claimants of a row."""
        key, claimant = self.keys.get(row, ("", ""))
        return [f"{key} → {self.names.get(other, other)}" for other in self.claimants.get(key, []) if other != claimant]


class Rivals:
    """Names the other claimants of the held rows behind lines."""

    def __init__(self, words: Wording, assessment: Assessment) -> None:
        self.words = words
        self.policy = assessment.policy
        self.rules = self.policy.claimants
        self.store = assessment.store
        self._claimed: dict[str, Claimed] = {}
        self._children: dict[tuple[str, str], dict[int, list[int]]] = {}

    def of(self, view: View) -> list[str]:
        """The other claimants of each line, a few by name; empty where no row is held by a second claimant."""
        named: list[list[str]] = [[] for _ in range(view.height)]
        members = view.members() if view.adds_rows else None
        rows = members.view if members is not None else view
        line_of = members.line_of.to_list() if members is not None else range(view.height)
        table = view.trace.scope.table
        claims = self.store.claims(table)
        torn = view.trace.held if claims is None else view.trace.held | claims.lost[view.scope.up(table)]
        at = where(rows.values(torn), True)
        own = rows.values(view.trace.scope.up(table))
        if at:
            claimed = self._of(next(rule for rule in self.rules if rule.table == table))
            for row in at:
                named[line_of[row]] += claimed.others(own[row])
        firsts = view.values(view.trace.scope.up(table))
        return [self._few(names or self._of_children(table, mine)) for names, mine in zip(named, firsts, strict=True)]

    def _few(self, names: list[str]) -> str:
        named = list(dict.fromkeys(names))
        listing = self.words.listed(named[:_MOST])
        if len(named) <= _MOST:
            return listing
        return listing + self.words.say(f" 等 {len(named)} 项", f" and {len(named) - _MOST} more")

    def _of_children(self, table: str, mine: int) -> list[str]:
        """The other claimants of held child rows that a line counts."""
        named: list[str] = []
        for rule in self.rules:
            if table in self.store.rows[rule.table].up and rule.table != table:
                for at in self._held_children(rule, table).get(mine, []):
                    named += self._of(rule).others(at)
        return named

    def _held_children(self, rule: Claimant, table: str) -> dict[int, list[int]]:
        """The held rows of a rule's table by the row of an ancestor."""
        key = (rule.table, table)
        if key not in self._children:
            found: dict[int, list[int]] = {}
            claims = self.store.claims(rule.table)
            if claims is not None:
                held = claims.held.arg_true()
                parents = self.store.rows[rule.table].up[table][held].to_list()
                for parent, at in zip(parents, held.to_list(), strict=True):
                    found.setdefault(parent, []).append(at)
            self._children[key] = found
        return self._children[key]

    def _of(self, rule: Claimant) -> Claimed:
        if rule.table not in self._claimed:
            frame = self.store.rows[rule.table].frame.select(
                pl.col(rule.key).alias("key"), pl.col(rule.claimant).alias("claimant")
            )
            claims = self.store.claims(rule.table)
            if claims is None:
                self._claimed[rule.table] = Claimed({}, {}, {})
            else:
                rivals = frame.filter(claims.rivals)
                by_key = rivals.group_by("key", maintain_order=True).agg(pl.col("claimant").unique(maintain_order=True))
                held = frame.with_row_index("row").filter(claims.held | claims.lost)
                keys = {row: (key, claimant) for row, key, claimant in held.rows()}
                self._claimed[rule.table] = Claimed(keys, dict(by_key.rows()), self._names(rule, rivals))
        return self._claimed[rule.table]

    def _names(self, rule: Claimant, rivals: pl.DataFrame) -> dict[str, str]:
        """The claimants of rows with the names of the applicants behind them."""
        rows, main, name = self.store.rows[rule.table], self.policy.main, self.policy.payee.name
        owner = rows.up[main].filter(self.store.claims(rule.table).rivals)  # type: ignore[union-attr]  # there are rivals
        names = zip(rivals["claimant"].to_list(), self.store.rows[main].frame[name][owner].to_list(), strict=True)
        return {
            claimant: self.words.say(f"{claimant}（{owner}）", f"{claimant} ({owner})")
            for claimant, owner in names
            if owner
        }
