"""A ledger and the sheets of a run put together: what is recorded becomes rows of awards paid and of earlier years."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.engine.clause_words import ClauseWords
from anqing_subsidy.finding import Finding, Place, Text, listing
from anqing_subsidy.ledger.feed_history import completed, together, with_figures
from anqing_subsidy.money import grouped
from anqing_subsidy.tables import Part

if TYPE_CHECKING:
    from anqing_subsidy.ledger.past import Past
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.policy.rules import PaidTable
    from anqing_subsidy.tables import Tables

_MANY: Final = 20


def with_past(tables: Tables, policy: Policy, past: Past) -> Tables:
    """The tables of a run with the rows of a ledger beside those of the sheets.

    A row of a sheet that a ledger has too is not counted twice; one that contradicts it is an error, and the ledger
    counts. Rows of which the ledger knows nothing count as they stand, with a warning.
    """
    tables = replace(tables, ledger=past.seen)
    if policy.paid is not None:
        tables = _with_awards(tables, policy, policy.paid, past)
    if policy.history is not None:
        tables = with_figures(tables, policy, policy.history, past)
    return tables


def _with_awards(tables: Tables, policy: Policy, rule: PaidTable, past: Past) -> Tables:
    known = past.standing
    sheet = tables.frames.get(rule.table)
    findings: list[Finding] = []
    if sheet is not None and sheet.height and past.seen.entries:
        keep, findings = _compared(sheet, known, policy, rule, tables, past)
        sheet = sheet.filter(keep)
    mine = tables.frames[policy.main][policy.payee.code].drop_nulls().unique()
    known = known.filter(pl.col("code").is_in(mine.implode()) | pl.col("object").is_not_null())
    if not known.height:
        frames = {**tables.frames, rule.table: sheet} if sheet is not None else dict(tables.frames)
        return replace(tables, frames=frames, findings=(*tables.findings, *findings))
    runs = known["run"].unique().sort().to_list()
    first = len(tables.parts)
    number = {run: first + at for at, run in enumerate(runs)}
    parts = [Part(rule.table, past.seen.file, f"run {run}", {}, run) for run in runs]
    frame = known.select(
        pl.col("code").alias(policy.payee.code),
        pl.col("year").alias(rule.year),
        pl.col("clause").alias(rule.clause),
        pl.col("object").alias(rule.object),
        pl.col("tier").alias(rule.tier),
        pl.col("level").alias(rule.level),
        pl.col("amount").alias(rule.amount),
        pl.col("run").replace_strict(number, return_dtype=pl.UInt32).alias("_part"),
        pl.col("id").alias("_row"),
    )
    frame = completed(frame, policy.tables[rule.table])
    whole = together([frame] if sheet is None else [sheet, frame])
    return replace(
        tables,
        frames={**tables.frames, rule.table: whole},
        parts=(*tables.parts, *parts),
        findings=(*tables.findings, *findings),
    )


def _compared(
    sheet: pl.DataFrame, known: pl.DataFrame, policy: Policy, rule: PaidTable, tables: Tables, past: Past
) -> tuple[pl.Series, list[Finding]]:
    """Which rows of a sheet stay: those of which the ledger knows nothing; and what is to be said of the others."""
    words = ClauseWords(policy)
    book: dict[tuple[str, int], list[dict[str, Any]]] = {}
    codes = sheet[policy.payee.code].drop_nulls().unique()
    for row in known.filter(pl.col("code").is_in(codes.implode())).iter_rows(named=True):
        book.setdefault((row["code"], row["year"]), []).append(row)
    names = [policy.payee.code, rule.year, rule.clause, rule.object, rule.tier, rule.level, rule.amount]
    given = [pl.col(name) if name in sheet.columns else pl.lit(None).alias(name) for name in names]
    keep: list[bool] = []
    found: list[Finding] = []
    unknown: list[Place] = []
    typed = zip(sheet["_part"], sheet["_row"], sheet.select(given).iter_rows(), strict=True)
    for part, number, (code, year, clause, thing, tier, level, amount) in typed:
        place = tables.place(part, number)
        same = [
            row
            for row in book.get((code, year), ())
            if row["clause"] in (words.meaning(clause or "") or [clause])
            and (thing is None or (row["object"] or code) == thing or row["object"] == thing)
        ]
        keep.append(not same)
        if not same:
            if code is not None and year is not None:
                unknown.append(place)
            continue
        paid = sum(row["amount"] for row in same)
        tiers, levels = {row["tier"] for row in same}, {row["level"] for row in same}
        if (
            amount in (None, paid)
            and (tier is None or tier in tiers | {None} or None in tiers)
            and (level is None or level in levels or None in levels)
        ):
            continue
        found.append(_contradiction(place, code, amount, paid, same[0], past))
    if unknown:
        listed = listing(unknown[:3])
        found.append(
            Finding(
                "warning",
                "NOT_IN_LEDGER",
                Text(
                    f"{len(unknown)} 笔历年已兑现不在账本 {past.path.name} 中，照表计入：{listed.zh}",
                    f"{len(unknown)} award(s) paid are not in the ledger {past.path.name} and count as typed: {listed.en}",
                ),
                unknown[0],
                None,
                Text("核实后用 ledger import 补登", "check them and add them by `ledger import`"),
                tuple(unknown[1:_MANY]),
            )
        )
    return pl.Series(keep, dtype=pl.Boolean), found


def _contradiction(place: Place, code: str, amount: int | None, paid: int, row: dict[str, Any], past: Past) -> Finding:
    entry = Place(past.seen.file, f"run {row['run']}", row["id"], numbered=True)
    typed = Text("未填" if amount is None else grouped(amount), "blank" if amount is None else grouped(amount))
    return Finding(
        "error",
        "LEDGER_CONTRADICTED",
        Text(
            f"{code} {row['year']} 年 {row['clause']} 已兑现：表中 {typed.zh} 元，账本 {grouped(paid)} 元"
            f"（第 {row['id']} 笔，档次、级别也须一致），以账本为准",
            f"{code}, {row['clause']} in {row['year']}: the sheet has {typed.en} yuan, the ledger {grouped(paid)} yuan"
            f" (entry {row['id']}; tier and level must agree too); the ledger counts",
        ),
        place,
        code,
        Text(
            "更正表格；账本有误则用 ledger void 冲销后重新登记",
            "correct the sheet; if the ledger is wrong, void its entry and record it again",
        ),
        (entry,),
    )
