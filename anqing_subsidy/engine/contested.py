"""Which lines bring one and the same thing that only one of them may claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from anqing_subsidy.engine.decided import Key
from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.reads import tables_behind
from anqing_subsidy.policy.rules import Claimant


def contested(policy: Policy, store: FactStore, keys: Iterable[Key]) -> Iterator[tuple[str, list[Key]]]:
    """Each thing (a tenant, a trainee) that lines of several claimants among these bring, with those lines."""
    keys = list(keys)
    for found in (*_held_things(policy, store, keys), _objects(policy, store, keys)):
        for thing, by_claimant in found.items():
            if len(by_claimant) > 1:
                yield thing, [key for mine in by_claimant.values() for key in mine]


Brought = dict[str, dict[str, list[Key]]]
"""Things, by claimant the lines that bring them."""


def _held_things(policy: Policy, store: FactStore, keys: list[Key]) -> Iterator[Brought]:
    """Tenants, trainees and the like that second claimants hold."""
    for rule in policy.claimants:
        claims = store.claims(rule.table)
        if claims is None or not claims.held.any():
            continue
        brought: Brought = {}
        for key in keys:
            if rule.table in tables_behind(policy, key[1]):
                for thing, claimant in _brings(policy, store, rule, claims.held, key):
                    brought.setdefault(thing, {}).setdefault(claimant, []).append(key)
        yield brought


def _objects(policy: Policy, store: FactStore, keys: list[Key]) -> Brought:
    """Parks and platforms that several applicants bring as their own."""
    brought: Brought = {}
    for key in keys:
        clause = policy.clauses[key[1]]
        if key[2] is not None and store.rows[clause.table].rivals is not None:
            brought.setdefault(key[2], {}).setdefault(key[0], []).append(key)
    return brought


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
