"""Figures of earlier years from a ledger beside those of the sheet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.money import SCALE, decimal_text
from anqing_subsidy.tables import BAD, Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anqing_subsidy.ledger.past import Past
    from anqing_subsidy.policy.columns import Table
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.policy.rules import History
    from anqing_subsidy.tables import Tables

_TYPES: Final[Mapping[str, pl.DataType]] = {
    **dict.fromkeys(("money", "usd", "area", "ratio", "count", "year"), pl.Int64()),
    "date": pl.Date(),
    "yesno": pl.Boolean(),
}


def together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Frames of one table put together; what only one has is blank in the other, and nothing of it bad."""
    whole = pl.concat(frames, how="diagonal")
    return whole.with_columns(pl.col(name).fill_null(value=False) for name in whole.columns if name.endswith(BAD))


def completed(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """A frame with all columns of its table; those that a ledger knows nothing of are blank."""
    blank = [
        pl.lit(None, dtype=_TYPES.get(column.type, pl.String())).alias(column.id)
        for column in table.columns.values()
        if column.id not in frame.columns
    ]
    return frame.with_columns(blank)


def with_figures(tables: Tables, policy: Policy, rule: History, past: Past) -> Tables:
    """The tables of a run with the figures of a ledger; where a sheet says another figure, the ledger's counts."""
    columns = policy.tables[rule.table].columns
    mine = tables.frames[policy.main][policy.payee.code].drop_nulls().unique()
    figures = past.figures.filter(pl.col("metric").is_in(list(columns)) & pl.col("code").is_in(mine.implode()))
    if not figures.height:
        return tables
    metrics = figures["metric"].unique().sort().to_list()
    runs = figures["run"].unique().sort().to_list()
    first = len(tables.parts)
    parts = [Part(rule.table, past.seen.file, f"run {run} figures", {}, run) for run in runs]
    number = {run: first + at for at, run in enumerate(runs)}
    code, year = policy.payee.code, rule.year
    wide = (
        figures.sort("id")
        .group_by("code", "year", maintain_order=True)
        .agg(
            *(pl.col("value").filter(pl.col("metric") == name).last().alias(name) for name in metrics),
            pl.col("run").last(),
            pl.col("id").last().alias("_row"),
        )
        .with_columns(pl.col("run").replace_strict(number, return_dtype=pl.UInt32).alias("_part"))
        .rename({"code": code, "year": year})
        .drop("run")
    )
    wide = completed(wide, policy.tables[rule.table])
    sheet = tables.frames.get(rule.table)
    parted = replace(tables, parts=(*tables.parts, *parts))
    if sheet is None or not sheet.height:
        return replace(parted, frames={**tables.frames, rule.table: wide})
    met = sheet.join(wide, on=[code, year], how="left", suffix="!l", maintain_order="left")
    findings = []
    changes = []
    anew = pl.lit(value=False)
    for name in metrics:
        told, typed = pl.col(f"{name}!l"), pl.col(name)
        if name not in sheet.columns:
            changes.append(pl.col(name).alias(name))
            continue
        other = (told != typed).fill_null(value=False)
        anew = anew | other
        differs = met.filter(other)
        for part, row, who, when, says, has in differs.select(
            "_part", "_row", code, year, name, f"{name}!l"
        ).iter_rows():
            scale = SCALE.get(columns[name].type, 1)
            findings.append(
                Finding(
                    "error",
                    "LEDGER_CONTRADICTED",
                    Text(
                        f"{who} {when} 年“{columns[name].header}”：表中 {decimal_text(says, scale)}，"
                        f"账本 {decimal_text(has, scale)}，以账本为准",
                        f"{who}, `{columns[name].en}` of {when}: the sheet has {decimal_text(says, scale)},"
                        f" the ledger {decimal_text(has, scale)}; the ledger counts",
                    ),
                    tables.place(part, row, name),
                    str(who),
                    Text("核实后更正表格", "check it and correct the sheet"),
                )
            )
        changes.append(pl.coalesce(told, typed).alias(name))
        if name + BAD in sheet.columns:
            changes.append((pl.col(name + BAD) & told.is_null()).alias(name + BAD))
    changes.extend(pl.when(anew).then(f"{name}!l").otherwise(name).alias(name) for name in ("_part", "_row"))
    merged = met.with_columns(changes).select(
        [*sheet.columns, *(name for name in metrics if name not in sheet.columns)]
    )
    alone = wide.join(sheet.select(code, year).unique(), on=[code, year], how="anti", maintain_order="left")
    whole = together([merged, alone])
    return replace(parted, frames={**tables.frames, rule.table: whole}, findings=(*tables.findings, *findings))
