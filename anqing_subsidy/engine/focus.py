"""Only the rows that decide about some applicants: theirs, and those of whoever is tied to them.

Applicants are tied where a rule looks across them: one code twice, one park brought by two, a trainee whom two
bodies claim, an award paid under another code for the same object. Ties are followed to their end, so that the lines
of these applicants come out as in a run over all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.engine.budgets import has_budgets
from anqing_subsidy.engine.table_rows import links
from anqing_subsidy.policy.clauses import Pool, parts_of
from anqing_subsidy.policy.columns import Table
from anqing_subsidy.policy.derivations import PlaceOf
from anqing_subsidy.policy.model import Policy

if TYPE_CHECKING:
    from anqing_subsidy.tables import Tables

_BETWEEN: Final = "\x1f"
"""Stands between the parts of a key; no cell holds it."""


def focused(policy: Policy, tables: Tables, rows: pl.Series) -> Tables:
    """The tables with the rows that decide about some rows of the applicants table; findings and places stay.

    Tables without a parent other than that of the applicants (official lists) stay whole, and so do all of them where
    the policy shares a sum among all, cuts all to a budget or goes by the place of a row among all.
    """
    if _looks_at_all(policy):
        return tables
    owners = owners_of(policy, tables)
    ties = _ties(policy, tables, owners)
    main = owners[policy.main]
    wanted = main[rows].unique()
    while True:
        keys = ties.filter(pl.col("owner").is_in(wanted.implode()))["key"].unique()
        found = ties.filter(pl.col("key").is_in(keys.implode()))["owner"].unique()
        further = pl.concat([wanted, found]).unique()
        if further.len() == wanted.len():
            break
        wanted = further
    beside = {rule.table for rule in (policy.paid, policy.support) if rule is not None}
    frames = {}
    for name, frame in tables.frames.items():
        if name not in owners:
            frames[name] = frame
            continue
        mine = owners[name].is_in(wanted.implode()).fill_null(value=False)
        if name in beside:
            mine = mine | _touched(policy, frame, keys)
        frames[name] = frame.filter(mine)
    return replace(tables, frames=frames)


def _looks_at_all(policy: Policy) -> bool:
    """Whether what one applicant gets depends on everybody else."""
    pools = any(isinstance(part.shape, Pool) for clause in policy.clauses.values() for part in parts_of(clause.award))
    return pools or has_budgets(policy) or any(isinstance(fact.how, PlaceOf) for fact in policy.facts.values())


def owners_of(policy: Policy, tables: Tables) -> dict[str, pl.Series]:
    """The applicant behind each row of each table, by code; a row of the applicants without a code is its own."""
    frame = tables.frames[policy.main]
    alone = pl.Series([f"{_BETWEEN}{at}" for at in range(frame.height)], dtype=pl.String)
    code = frame[policy.payee.code]
    owners = {policy.main: code.zip_with(code.is_not_null(), alone)}
    waiting = [
        table
        for table in policy.tables.values()
        if table.id in tables.frames and table.parent and table.id not in owners
    ]
    while waiting:
        left = []
        for table in waiting:
            if table.parent in owners and table.parent is not None:
                owners[table.id] = _through(policy, tables, table, owners[table.parent])
            elif policy.payee.code in tables.frames[table.id].columns:
                owners[table.id] = tables.frames[table.id][policy.payee.code]
            else:
                left.append(table)
        if len(left) == len(waiting):
            break
        waiting = left
    return owners


def _through(policy: Policy, tables: Tables, table: Table, parents: pl.Series) -> pl.Series:
    """The applicant behind the parent of each row; several parents of one key are tied anyway."""
    own = tables.frames[table.id]
    if table.parent == policy.main and policy.payee.code in own.columns:
        return own[policy.payee.code]
    on = links(policy, table)
    above = tables.frames[table.parent or ""].select(on).with_columns(parents.alias("owner"))
    above = above.unique(on, keep="first", maintain_order=True)
    return own.select(on).join(above, on=on, how="left", maintain_order="left")["owner"]


def _ties(policy: Policy, tables: Tables, owners: dict[str, pl.Series]) -> pl.DataFrame:
    """Who (`owner`) brings what (`key`), of all that may be brought by more than one."""
    found = []
    for name, owner in owners.items():
        frame, table = tables.frames[name], policy.tables[name]
        for words in _shared(policy, table):
            key = pl.concat_str([pl.lit(f"{name}:{','.join(words)}"), *words], separator=_BETWEEN)
            found.append(frame.select(key=key, owner=owner))
    for rule in (policy.paid, policy.support):
        if rule is not None and rule.table in tables.frames:
            frame = tables.frames[rule.table]
            found += [
                frame.select(key=_object_key(policy, name, rule.object), owner=frame[policy.payee.code])
                for name in _by_object(policy)
            ]
    if not found:
        return pl.DataFrame(schema={"key": pl.String, "owner": pl.String})
    return pl.concat(found).drop_nulls()


def _shared(policy: Policy, table: Table) -> list[tuple[str, ...]]:
    """The columns by which rows of several applicants are one thing: a key without its holder, what is claimed once."""
    found = []
    if table.parent is not None and table.id != policy.main and not set(links(policy, table)) & set(table.key):
        found.append(table.key)
    if table.object is not None and table.id in _by_object(policy):
        found.append((table.object,))
    found += [(rule.key,) for rule in policy.claimants if rule.table == table.id]
    return list(dict.fromkeys(found))


def _by_object(policy: Policy) -> list[str]:
    """The tables whose objects are what they are whoever brings them."""
    across = {
        clause.table for clause in policy.clauses.values() for rule in clause.once if "applicant" not in rule.same
    }
    return [
        table.id
        for table in policy.tables.values()
        if table.object is not None
        and (table.key == (table.object,) or table.id in across or any(c.table == table.id for c in policy.claimants))
    ]


def _object_key(policy: Policy, table: str, column: str) -> pl.Expr:
    """The key under which an object of a table is tied, from a column of another table that names it."""
    return pl.concat_str([pl.lit(f"{table}:{policy.tables[table].object}"), pl.col(column)], separator=_BETWEEN)


def _touched(policy: Policy, frame: pl.DataFrame, keys: pl.Series) -> pl.Series:
    """The rows of awards paid or other support that name one of these objects."""
    rule = next(rule for rule in (policy.paid, policy.support) if rule is not None and rule.object in frame.columns)
    names = _by_object(policy)
    if not names:
        return pl.Series([False]).new_from_index(0, frame.height)
    marks = [_object_key(policy, name, rule.object).is_in(keys.implode()).fill_null(value=False) for name in names]
    return frame.select(pl.any_horizontal(marks)).to_series()
