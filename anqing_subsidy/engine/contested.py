"""Which lines bring one and the same thing that only one of them may claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from anqing_subsidy.engine.decided import Key
from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.policy.model import Claimant, Policy
from anqing_subsidy.policy.reads import tables_behind


def contested(policy: Policy, store: FactStore, keys: Iterable[Key]) -> Iterator[tuple[str, list[Key]]]:
    """Each thing (a tenant, a trainee) that lines of several claimants among these bring, with those lines."""
    for rule in policy.claimants:
        claims = store.claims(rule.table)
        if claims is None or not claims.held.any():
            continue
        brought: dict[str, dict[str, list[Key]]] = {}
        for key in keys:
            if rule.table in tables_behind(policy, key[1]):
                for thing, claimant in _brings(policy, store, rule, claims.held, key):
                    brought.setdefault(thing, {}).setdefault(claimant, []).append(key)
        for thing, by_claimant in brought.items():
            if len(by_claimant) > 1:
                yield thing, [key for found in by_claimant.values() for key in found]


def _brings(policy: Policy, store: FactStore, rule: Claimant, held: pl.Series, key: Key) -> list[tuple[str, str]]:
    """The held things behind a line, each with its claimant."""
    code, clause_id, thing = key
    clause = policy.clauses[clause_id]
    rows = store.rows[rule.table]
    mine = held & (store.owners(rule.table) == code).fill_null(value=False)
    named = policy.tables[clause.table].object
    if (
        thing is not None
        and named is not None
        and clause.line_per != "applicant"
        and clause.table in (rule.table, *rows.up)
    ):
        objects = store.rows[clause.table].frame[named]
        objects = objects if clause.table == rule.table else objects.gather(rows.up[clause.table])
        mine = mine & (objects == thing).fill_null(value=False)
    return list(dict.fromkeys(rows.frame.filter(mine).select(rule.key, rule.claimant).iter_rows()))
