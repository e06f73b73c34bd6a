"""Random rows for any policy: figures at the edges that its file names, one below and one above; blanks; small words."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.money import SCALE, QuantityError, parse_money, parse_usd
from tests.oracle.generate import good_code

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from anqing_subsidy.policy import Policy
    from anqing_subsidy.policy.columns import Column, Table

Rows = dict[str, list[dict[str, Any]]]
BLANK: Final = 0.06
"""How often a cell is left blank."""
_TENDER: Final = (("money", r"[\d.]+(?:万|亿)?元", parse_money), ("usd", r"[\d.]+(?:万|亿)?美元", parse_usd))


@cache
def edges_of(text: str) -> Mapping[str, tuple[int, ...]]:
    """The quantities that a policy file names, by type, in smallest units."""
    found: dict[str, set[int]] = {"money": set(), "usd": set()}
    for kind, pattern, read in _TENDER:
        for word in re.findall(pattern, text):
            try:
                found[kind].add(read(word))
            except QuantityError:
                continue
    counts = {int(word) for word in re.findall(r"(?<![\w.-])\d{1,4}(?![\w.%‰-])", text)}
    found["count"] = {number for number in counts if number < 2000}
    found["area"] = {number * SCALE["area"] for number in found["count"]}
    return {kind: tuple(sorted(edges)) for kind, edges in found.items()}


def drawn(rng: random.Random, policy: Policy, text: str, applicants: int) -> Rows:
    """Rows of every table of a policy; sheets of later steps (decisions, awards paid) hold a few."""
    edges = edges_of(text)
    tables = policy.tables
    order = sorted(tables, key=lambda name: (name != policy.main, _depth(tables, name)))
    rows: Rows = {}
    for name in order:
        table = tables[name]
        if name == policy.main:
            rows[name] = [_row(rng, policy, table, edges, at, {}) for at in range(applicants)]
            continue
        parent = table.parent or policy.main
        few = policy.paid is not None and name == policy.paid.table
        few = few or (policy.decisions is not None and name == policy.decisions.table)
        rows[name] = []
        for above in rows[parent]:
            for _ in range(int(rng.random() < 0.1) if few else rng.choice((0, 0, 1, 2, 3))):
                shared = {key: above[key] for key in tables[parent].key if key in table.columns and key in above}
                rows[name].append(_row(rng, policy, table, edges, len(rows[name]), shared))
    return rows


def _depth(tables: Mapping[str, Table], name: str) -> int:
    parent = tables[name].parent
    return 0 if parent is None else 1 + _depth(tables, parent)


def _row(
    rng: random.Random,
    policy: Policy,
    table: Table,
    edges: Mapping[str, Sequence[int]],
    at: int,
    shared: Mapping[str, Any],
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns.values():
        keyed = column.id in table.key or column.id == table.object or column.required
        row[column.id] = None if not keyed and rng.random() < BLANK else _value(rng, policy, column, edges, at)
    row |= {name: value for name, value in shared.items() if value is not None}
    if policy.support is not None and table.id == policy.support.table:
        row[policy.support.clause] = rng.choice(list(policy.clauses))
        row[policy.support.object] = None
    if policy.paid is not None and table.id == policy.paid.table:
        row[policy.paid.clause] = rng.choice(list(policy.clauses))
        row[policy.paid.year] = rng.randint(policy.year - 4, policy.year)
        row[policy.paid.tier] = rng.choice((None, 1, 2))
    if policy.decisions is not None and table.id == policy.decisions.table:
        row[policy.decisions.clause] = rng.choice(list(policy.clauses))
        row[policy.decisions.object] = row[policy.decisions.row_ref] = None
    return row


def _value(rng: random.Random, policy: Policy, column: Column, edges: Mapping[str, Sequence[int]], at: int) -> Any:  # noqa: ANN401  # values of cells
    if column.values:
        return rng.choice(list(column.values))
    if column.type == "yesno":
        return rng.random() < 0.8
    if column.type == "date":
        return date(policy.year - rng.choice((0, 0, 1, 1, 2, 3, 4, 6)), rng.choice((1, 6, 12)), rng.choice((1, 15, 28)))
    if column.type == "year":
        return rng.randint(policy.year - 3, policy.year)
    if column.type in edges:
        edge = rng.choice(edges[column.type] or (1,))
        near = rng.random() < 0.5
        return max(0, edge + rng.choice((-1, 0, 1))) if near else rng.randrange(2 * edge + 3)
    if column.type == "uscc" or column.id == policy.payee.code:
        return good_code(at + 1)
    return f"{column.id}{at}"
