"""Figures ten thousand times too large or too small beside others of the same applicant: 元 and 万元 mistaken."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.money import SCALE, decimal_text
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.tables import Tables

_FIX = Text("核对两处的单位（元、万元）", "check the units of both (yuan or 万元)")


def scale_suspects(policy: Policy, tables: Tables, store: FactStore) -> list[Finding]:
    """Money beside the same money of other years, and beside the other figures of its row.

    A figure is suspect where it is so many times the median of the others (the policy's range of ratios), or
    so small a part of it. Of two figures nobody knows which is wrong: the larger is pointed to.
    """
    found: list[Finding] = []
    rule = policy.history
    if rule is not None and rule.suspect_ratio is not None and store.rows[rule.table].height:
        main = policy.tables[policy.main].columns
        for name, column in policy.tables[rule.table].columns.items():
            if column.type == "money" and name in main and main[name].type == "money":
                figures = [_figures(store, Ref(policy.main, name)), _figures(store, Ref(rule.table, name), policy.main)]
                found += _outliers(figures, rule.suspect_ratio, policy, tables)
    for table in policy.tables.values():
        suspect = table.unit_suspect
        if suspect is not None and suspect.ratio is not None:
            figures = [_figures(store, Ref(table.id, name)) for name in suspect.columns]
            found += _outliers(figures, suspect.ratio, policy, tables, at_least=3)
    return found


def _figures(store: FactStore, ref: Ref, owner: str | None = None) -> pl.DataFrame:
    """The positive figures of a column: owner (a row of the owner's table), value, part, row, table, column."""
    rows = store.rows[ref.table]
    up = rows.up[owner] if owner is not None else pl.int_range(rows.height, eager=True, dtype=pl.UInt32)
    frame = rows.frame.select(pl.col(ref.id).alias("value"), "_part", "_row")
    return frame.with_columns(
        up.alias("owner"), pl.lit(ref.table).alias("table"), pl.lit(ref.id).alias("column")
    ).filter(pl.col("value") > 0)


def _outliers(
    figures: list[pl.DataFrame], ratio: tuple[int, int], policy: Policy, tables: Tables, *, at_least: int = 2
) -> list[Finding]:
    frame = pl.concat(figures).sort("owner", "value", maintain_order=True)
    middle = (pl.len() - 1) // 2
    frame = frame.with_columns(
        number=pl.len().over("owner"),
        **{
            f"ref_{name}": pl.col(name).get(middle).over("owner")
            for name in ("value", "_part", "_row", "column", "table")
        },
    )
    value, median = pl.col("value"), pl.col("ref_value")
    times = pl.max_horizontal(value // median, median // value)
    wrong = frame.with_columns(times=times).filter((pl.col("number") >= at_least) & pl.col("times").is_between(*ratio))
    found = []
    for row in wrong.iter_rows(named=True):
        label = policy.label(Ref(row["table"], row["column"]))
        beside = policy.label(Ref(row["ref_table"], row["ref_column"]))
        typed, other = (decimal_text(row[name], SCALE["money"]) for name in ("value", "ref_value"))
        where: Place = tables.place(row["_part"], row["_row"], row["column"])
        origin = tables.place(row["ref__part"], row["ref__row"], row["ref_column"])
        times, at = row["times"], _short(origin)
        if row["value"] > row["ref_value"]:
            zh, en = f"约为“{beside.zh}”{other} 元（{at}）的 {times} 倍", f"is about {times} times"
        else:
            zh, en = f"约为“{beside.zh}”{other} 元（{at}）的 {times} 分之一", f"is about 1/{times} of"
        message = Text(
            f"“{label.zh}”{typed} 元，{zh}，疑似单位填错",
            f"`{label.en}` {typed} yuan {en} `{beside.en}` {other} yuan ({at}): a wrong unit?",
        )
        found.append(Finding("warning", "UNIT_SUSPECT", message, where, typed, _FIX, (origin,)))
    return found


def _short(place: Place) -> str:
    return " ".join(part for part in (place.sheet, f"{place.column or ''}{place.row or ''}") if part)
