"""A ledger and the sheets of a run put together: what is recorded becomes rows of awards paid and of earlier years."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.engine.clause_words import ClauseWords
from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.ledger.feed_history import completed, together, with_figures
from anqing_subsidy.money import grouped
from anqing_subsidy.tables import LedgerSeen, Part

if TYPE_CHECKING:
    from anqing_subsidy.ledger.store import Ledger
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.policy.rules import PaidTable
    from anqing_subsidy.tables import Tables

STANDING: Final = """
SELECT id, run, code, year, clause, object, tier, level, amount, parts FROM entry AS paid
WHERE kind = 'paid' AND NOT EXISTS (SELECT 1 FROM entry AS counter WHERE counter.target = paid.id
AND (counter.kind = 'void' OR counter.frees = 1)) ORDER BY id"""
"""Payments that count: neither voided, nor clawed back and freed."""
_SCHEMA: Final[dict[str, Any]] = {
    "id": pl.UInt32, "run": pl.UInt32, "code": pl.String, "year": pl.Int64, "clause": pl.String, "object": pl.String,
    "tier": pl.Int64, "level": pl.String, "amount": pl.Int64, "parts": pl.String,
}  # fmt: skip
_MANY: Final = 20


def with_ledger(tables: Tables, policy: Policy, ledger: Ledger) -> Tables:
    """The tables of a run with the rows of a ledger beside those of the sheets.

    A row of a sheet that a ledger has too is not counted twice; one that contradicts it is an error, and the ledger
    counts. Rows of which the ledger knows nothing count as they stand, with a warning.
    """
    sequences = {
        (code, clause, thing): last
        for code, clause, thing, last in ledger.database.execute(
            "SELECT code, clause, object, max(sequence) FROM entry WHERE kind = 'paid' AND year = ?"
            " GROUP BY code, clause, object",
            (policy.year,),
        )
    }
    seen = LedgerSeen(str(ledger.path), ledger.run, ledger.entries, ledger.head, sequences)
    tables = replace(tables, ledger=seen)
    if policy.paid is not None:
        tables = _with_awards(tables, policy, policy.paid, ledger)
    if policy.history is not None:
        tables = with_figures(tables, policy, policy.history, ledger)
    return tables


def _with_awards(tables: Tables, policy: Policy, rule: PaidTable, ledger: Ledger) -> Tables:
    known = standing_rows(ledger, policy)
    sheet = tables.frames.get(rule.table)
    findings: list[Finding] = []
    if sheet is not None and sheet.height and ledger.entries:
        keep, findings = _compared(sheet, known, policy, rule, tables, ledger)
        sheet = sheet.filter(keep)
    mine = tables.frames[policy.main][policy.payee.code].drop_nulls().unique()
    known = known.filter(pl.col("code").is_in(mine.implode()) | pl.col("object").is_not_null())
    if not known.height:
        frames = {**tables.frames, rule.table: sheet} if sheet is not None else dict(tables.frames)
        return replace(tables, frames=frames, findings=(*tables.findings, *findings))
    runs = known["run"].unique().sort().to_list()
    first = len(tables.parts)
    number = {run: first + at for at, run in enumerate(runs)}
    parts = [Part(rule.table, str(ledger.path), f"run {run}", {}, run) for run in runs]
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


def standing_rows(ledger: Ledger, policy: Policy) -> pl.DataFrame:
    """What counts as paid, a row an award: id and run of its last entry, code, year, clause, object, tier, level, amount.

    The payments of one firm, clause, object and year are added up, and then there is a row for each object inside.
    """
    standing = pl.DataFrame(ledger.database.execute(STANDING).fetchall(), schema=_SCHEMA, orient="row")
    keys = ["code", "year", "clause", "object"]
    plain = pl.col("object").replace("", None)
    alone = ~standing.select(keys).is_duplicated() & (standing["parts"] == "[]")
    single = standing.filter(alone).drop("parts").with_columns(plain)
    made: list[tuple[object, ...]] = []
    for _, some in standing.filter(~alone).group_by(keys, maintain_order=True):
        rows = some.rows(named=True)
        last = rows[-1]
        ranks = {name: rank for rule in _once(policy, last["clause"]) for name, rank in rule.items()}
        levels = sorted({row["level"] for row in rows if row["level"]}, key=lambda name: ranks.get(name, 0))
        tiers = [row["tier"] for row in rows]
        tier = None if None in tiers else max(tiers)
        level = levels[-1] if levels else None
        inside: dict[str, int] = {}
        for row in rows:
            inside |= dict(json.loads(row["parts"]))
        amount = sum(row["amount"] for row in rows)
        whole = (last["id"], last["run"], last["code"], last["year"], last["clause"])
        exact = sum(inside.values()) == amount
        if not inside or not exact:
            made.append((*whole, last["object"] or None, tier, level, amount))
        made.extend((*whole, name, tier, level, adds if exact else 0) for name, adds in inside.items())
    schema = {name: kind for name, kind in _SCHEMA.items() if name != "parts"}
    return pl.concat([single, pl.DataFrame(made, schema=schema, orient="row")])


def _once(policy: Policy, clause: str) -> list[dict[str, int]]:
    rule = policy.clauses.get(clause)
    return [dict(once.ranks) for once in rule.once] if rule is not None else []


def _compared(
    sheet: pl.DataFrame, known: pl.DataFrame, policy: Policy, rule: PaidTable, tables: Tables, ledger: Ledger
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
        found.append(_contradiction(place, code, amount, paid, same[0], ledger))
    if unknown:
        listed = "、".join(str(place) for place in unknown[:3])
        found.append(
            Finding(
                "warning",
                "NOT_IN_LEDGER",
                Text(
                    f"{len(unknown)} 笔历年已兑现不在账本 {ledger.path.name} 中，照表计入：{listed}",
                    f"{len(unknown)} award(s) paid are not in the ledger {ledger.path.name} and count as typed: {listed}",
                ),
                unknown[0],
                None,
                Text("核实后用 ledger import 补登", "check them and add them by `ledger import`"),
                tuple(unknown[1:_MANY]),
            )
        )
    return pl.Series(keep, dtype=pl.Boolean), found


def _contradiction(
    place: Place, code: str, amount: int | None, paid: int, row: dict[str, Any], ledger: Ledger
) -> Finding:
    entry = Place(str(ledger.path), f"run {row['run']}", row["id"], numbered=True)
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
