"""What an award that is paid once in a life uses up: a tier, an applicant, an object, a level; as keys of the ledger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.policy.clauses import crossings_of

if TYPE_CHECKING:
    from anqing_subsidy.policy.clauses import Clause

_ESCAPED: Final = {mark: json.dumps(mark)[1:-1] for mark in ("\\", '"', *map(chr, range(32)))}
_NONE: Final = pl.lit([], dtype=pl.List(pl.String))


def keys_of(clause: Clause, rows: pl.DataFrame) -> pl.Series:
    """The keys that payments of a clause hold while they stand, a list a row; no two payments hold one key.

    Args:
        clause: The clause that pays.
        rows: A row a payment. `code`: who is paid; `tier`: the step reached, null where there is none or nobody says
            which; `things`: the objects paid for, a list, empty where the object is the applicant itself or nobody says
            which it is; `levels`: the levels paid for, a list.
    """
    found = []
    if any(crossing.once_with for crossing in crossings_of(clause.award)):
        step = pl.concat_list(_key(clause, "tier", pl.col("code"), pl.col("tier").cast(pl.String)))
        found.append(pl.when(pl.col("tier").is_null()).then(_NONE).otherwise(step))
    for rule in clause.once:
        if rule.years is not None:
            continue  # what blocks for some years only may be paid again
        if rule.same == ("applicant",):
            found.append(pl.concat_list(_key(clause, "applicant", pl.col("code"))))
        elif "level" in rule.same:
            rows = rows.with_columns(_levels(clause, rows))
            found.append(pl.col("_levels"))
        else:
            found.append(pl.col("things").list.eval(_key(clause, "object", pl.element())))
    keys = pl.concat_list(found).list.unique(maintain_order=True) if found else _NONE
    return (
        rows.select(keys.alias("once"))["once"]
        if found
        else rows.select(once=_NONE).get_column("once").new_from_index(0, rows.height)
    )


def _levels(clause: Clause, rows: pl.DataFrame) -> pl.Series:
    """A key for each object (or the applicant) and each level of a row."""
    things = pl.when(pl.col("things").list.len() == 0).then(pl.concat_list("code")).otherwise("things")
    each = rows.select(
        pl.int_range(pl.len()).alias("at"), "code", things.alias("thing"), pl.col("levels").alias("level")
    )
    each = each.explode("thing").explode("level").drop_nulls("level")
    keys = each.select("at", _key(clause, "level", pl.col("code"), pl.col("thing"), pl.col("level")).alias("_levels"))
    lists = keys.group_by("at", maintain_order=True).agg("_levels")
    places = rows.select(pl.int_range(pl.len()).alias("at"))
    return places.join(lists, on="at", how="left", maintain_order="left")["_levels"].fill_null([])


def _key(clause: Clause, kind: str, *parts: pl.Expr) -> pl.Expr:
    """A key as JSON: the clause, what it is about, and its parts."""
    quoted = [part.str.replace_many(list(_ESCAPED), list(_ESCAPED.values())) for part in parts]
    start = json.dumps([clause.id, kind], ensure_ascii=False, separators=(",", ":"))[:-1]
    return pl.concat_str(pl.lit(f'{start},"'), pl.concat_str(quoted, separator='","'), pl.lit('"]'))
