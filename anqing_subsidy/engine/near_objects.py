"""Objects of awards paid before that are written nearly as one of this year: they count as another one, and that is said."""

from __future__ import annotations

import re
from typing import Any, Final

import polars as pl

from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.engine.paid import Paid
from anqing_subsidy.engine.related import bare
from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.policy.clauses import blocking
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.tables import Tables

_NUMBERED: Final = re.compile("[0-9a-z一二三四五六七八九十百]*")
"""What is left of a name within another where the two are told apart on purpose: 展厅1 and 展厅12."""


def near_objects(policy: Policy, tables: Tables, store: FactStore, paid: Paid) -> list[Finding]:
    """A warning for each entry whose object is, but for signs or some words, one that its applicant brings this year.

    Only entries that can block a line, or are taken off one, by their object are looked at.
    """
    rule = policy.paid
    if rule is None or not paid.rows.height:
        return []
    found: dict[tuple[int, int], Finding] = {}
    for table in policy.tables.values():
        looking = [
            clause
            for clause in policy.clauses.values()
            if clause.table == table.id
            and clause.line_per != "applicant"
            and (clause.less_paid or any("object" in once.same for once in clause.once))
        ]
        if table.object is None or not looking or not store.rows[table.id].height:
            continue
        clauses = {id_ for clause in looking for id_ in (*blocking(clause), *clause.less_paid)}
        for entry in _pairs(paid.of(clauses, now=None), table.object, store, table.id, policy):
            said, now, part, row, own_part, own_row = entry
            place = tables.place(own_part, own_row, table.object)
            found.setdefault(
                (part, row),
                Finding(
                    "warning",
                    "NEAR_OBJECT",
                    Text(
                        f"已兑现的“{said}”与今年申报的“{now}”（{place}）写法相近，按两个对象处理",
                        f"{said!r}, paid before, is written much as {now!r} of this year ({place}): they count as two",
                    ),
                    tables.place(part, row, rule.object),
                    said,
                    Text(
                        "是同一个的改成同一写法，以免重复兑付",
                        "where they are one, write them alike: it would be paid twice",
                    ),
                    (place,),
                ),
            )
    return list(found.values())


def _pairs(entries: pl.DataFrame, name: str, store: FactStore, table: str, policy: Policy) -> list[list[Any]]:
    """Entries and rows of one applicant whose objects are alike and not the same, neither having its like elsewhere."""
    rows = store.rows[table]
    mine = rows.frame.select(
        now=name,
        own_part="_part",
        own_row="_row",
        code=store.rows[policy.main].frame[policy.payee.code].gather(rows.up[policy.main]),
    ).filter(pl.col("now").is_not_null())
    past = entries.filter(pl.col("object").is_not_null()).select("code", "part", "row", said="object")
    # what has its like is no slip of another name
    mine, past = (
        mine.join(past, left_on=["code", "now"], right_on=["code", "said"], how="anti"),
        past.join(mine, left_on=["code", "said"], right_on=["code", "now"], how="anti"),
    )
    both = past.join(mine, on="code", how="inner").with_columns(a=bare(pl.col("said")), b=bare(pl.col("now")))
    within = pl.col("a").str.contains(pl.col("b"), literal=True) | pl.col("b").str.contains(pl.col("a"), literal=True)
    near = both.filter((pl.col("a") == pl.col("b")) | within).sort("part", "row", "own_part", "own_row")
    kept = near.select("said", "now", "part", "row", "own_part", "own_row", "a", "b").rows()
    return [pair for *pair, one, other in kept if one == other or not _NUMBERED.fullmatch(_rest(one, other))]


def _rest(one: str, other: str) -> str:
    """What a name has beside another that it holds."""
    short, long = sorted((one, other), key=len)
    return long.replace(short, "", 1)
