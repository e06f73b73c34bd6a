"""`import`: awards and figures of years before the ledger, from a spreadsheet, all rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.engine.clause_words import ClauseWords
from anqing_subsidy.finding import InputError, LedgerError, Place, Text
from anqing_subsidy.ledger.drafts import Batch, Draft, digest_of
from anqing_subsidy.ledger.entries import FIGURES
from anqing_subsidy.ledger.once import keys_of
from anqing_subsidy.ledger.past import figures_before
from anqing_subsidy.ledger.record import Recorded, added, again, refuse_paid
from anqing_subsidy.tables import BAD

if TYPE_CHECKING:
    from anqing_subsidy.ledger.drafts import Signed
    from anqing_subsidy.ledger.store import Ledger
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.policy.rules import PaidTable
    from anqing_subsidy.tables import Tables

_MOST: Final = 20
"""Faults that a refusal lists."""


def importable(tables: Tables, policy: Policy) -> Batch:
    """The awards paid and the figures of earlier years of some sheets, ready to be recorded.

    Raises:
        InputError: there is no sheet of them.
        LedgerError: something in them is wrong or blank, or two rows are about one award.
    """
    rule = policy.paid
    paid = tables.frames.get(rule.table) if rule is not None else None
    history = tables.frames.get(policy.history.table) if policy.history is not None else None
    if rule is None or not ((paid is not None and paid.height) or (history is not None and history.height)):
        names = [
            policy.tables[name]
            for name in (rule.table if rule else None, policy.history.table if policy.history else None)
            if name
        ]
        raise InputError(
            Text(
                f"没有可导入的表：需要 {' 或 '.join(table.sheet for table in names)}",
                f"there is nothing to import: a sheet {' or '.join(table.sheet for table in names)} is needed",
            )
        )
    faults = [
        Text(f"{found.place}：{found.message.zh}", f"{found.place}: {found.message.en}")
        for found in tables.findings
        if found.severity == "error"
    ]
    names_of = _names(tables, policy)
    drafts = _drafts(paid, policy, rule, tables, names_of, faults) if paid is not None else []
    figures = _figures(history, policy, tables, faults) if history is not None else []
    if faults:
        shown = list(dict.fromkeys(faults))
        zh = [f"有 {len(shown)} 处须先更正，什么也没有导入：", *(fault.zh for fault in shown[:_MOST])]
        en = [
            f"{len(shown)} fault(s) to be mended first; nothing was imported:",
            *(fault.en for fault in shown[:_MOST]),
        ]
        raise LedgerError(Text("\n  ".join(zh), "\n  ".join(en)))
    drafts.sort(key=lambda draft: (draft.year, draft.code, draft.clause, draft.object))
    shown_rows = [[*draft.key, draft.amount, draft.tier, draft.level] for draft in drafts]
    inputs = tuple((source.path, source.sha256) for source in tables.inputs)
    return Batch(
        "import",
        digest_of("import", shown_rows, sorted(figures)),
        tuple(drafts),
        tuple(sorted(figures)),
        policy.id,
        policy.sha256,
        None,
        {reading.id: reading.value for reading in policy.readings.values()},
        inputs,
    )


def import_into(ledger: Ledger, batch: Batch, signed: Signed) -> Recorded:
    """Add what was read to a ledger that is open for writing.

    Raises:
        LedgerError: something of it is in the ledger already.
    """
    known = again(ledger, batch)
    if known is not None:
        return known
    refuse_paid(ledger, batch)
    _refuse_other_figures(ledger, batch)
    last = {
        (code, clause, thing, year): number
        for code, clause, thing, year, number in ledger.database.execute(
            "SELECT code, clause, object, year, max(sequence) FROM entry WHERE kind = 'paid' GROUP BY code, clause, object, year"
        )
    }
    # what stands there already was voided, and what takes its place comes after it
    entries = tuple(replace(draft, sequence=last.get(draft.key, 0) + 1) for draft in batch.entries)
    return Recorded(added(ledger, replace(batch, entries=entries), signed), before=False)


def _refuse_other_figures(ledger: Ledger, batch: Batch) -> None:
    """Refuse figures of which the ledger has others."""
    known = {(code, year, name): (value, run) for _, run, code, year, name, value in figures_before(ledger).iter_rows()}
    differ = [
        (code, year, name, *known[code, year, name])
        for code, year, name, value in batch.figures
        if known.get((code, year, name), (value, 0))[0] != value
    ]
    if differ:
        zh, en = ["账本里已有不同的历年数据；什么也没有导入："], ["the ledger has other figures; nothing was imported:"]
        for code, year, name, _, run in differ[:_MOST]:
            zh.append(f"{code} {year} 年 {name}（第 {run} 次登记）")
            en.append(f"{code} {year} {name} (run {run})")
        raise LedgerError(Text("\n  ".join(zh), "\n  ".join(en)))


def _names(tables: Tables, policy: Policy) -> dict[str, str]:
    main = tables.frames.get(policy.main)
    if main is None:
        return {}
    pairs = main.select(policy.payee.code, policy.payee.name).drop_nulls().rows()
    return dict(pairs)


def _drafts(
    frame: pl.DataFrame,
    policy: Policy,
    rule: PaidTable,
    tables: Tables,
    names: dict[str, str],
    faults: list[Text],
) -> list[Draft]:
    words = ClauseWords(policy)
    columns = policy.tables[rule.table].columns
    needed = {policy.payee.code: "code", rule.year: "year", rule.clause: "clause", rule.amount: "amount"}
    wanted = [*needed, rule.object, rule.tier, rule.level]
    frame = frame.with_columns(pl.lit(None).alias(name) for name in wanted if name not in frame.columns)
    seen: dict[tuple[str, str, str, int], Place] = {}
    made: list[Draft] = []
    bad = [name for name in frame.columns if name.endswith(BAD)]
    for row in frame.iter_rows(named=True):
        place = tables.place(row["_part"], row["_row"])
        blank = [columns[name] for name in needed if row[name] is None]
        if any(row[name] for name in bad) or blank:
            if blank:
                faults.append(
                    Text(
                        f"{place}：未填或读不懂 {'、'.join(column.header for column in blank)}",
                        f"{place}: blank or unreadable {', '.join(column.en for column in blank)}",
                    )
                )
            elif not any(str(place) in fault.en for fault in faults):
                faults.append(Text(f"{place}：有单元格读不懂", f"{place}: a cell cannot be read"))
            continue
        clause, thing = _clause(row[rule.clause], words, place, faults), row[rule.object] or ""
        if clause is None:
            continue
        if row[rule.amount] < 0:
            faults.append(Text(f"{place}：金额不能为负", f"{place}: an award paid cannot be negative"))
            continue
        code, year = row[policy.payee.code], row[rule.year]
        known = policy.clauses.get(clause)
        if known is not None and known.line_per == "object" and thing == code:
            thing = ""  # the holder itself is no object
        draft = Draft(
            code,
            names.get(code, ""),
            year,
            clause,
            thing,
            1,
            row[rule.amount],
            row[rule.tier],
            row[rule.level] or None,
        )
        if draft.key in seen:
            faults.append(
                Text(
                    f"{place}：与 {seen[draft.key]} 是同一主体、条款、对象、年度；请合为一行",
                    f"{place}: firm, clause, object and year are those of {seen[draft.key]}; make them one row",
                )
            )
            continue
        seen[draft.key] = place
        made.append(draft)
    made = _with_keys(made, policy)
    _refuse_again(made, list(seen.values()), faults)
    return made


def _with_keys(drafts: list[Draft], policy: Policy) -> list[Draft]:
    """The drafts with what each uses up."""
    schema: dict[str, Any] = {"code": pl.String, "tier": pl.Int64, "object": pl.String, "level": pl.String}
    made = list(drafts)
    for id_, clause in policy.clauses.items():
        mine = [at for at, draft in enumerate(drafts) if draft.clause == id_]
        rows = [(drafts[at].code, drafts[at].tier, drafts[at].object or None, drafts[at].level) for at in mine]
        lists = {
            "things": pl.concat_list("object").list.drop_nulls(),
            "levels": pl.concat_list("level").list.drop_nulls(),
        }
        keys = keys_of(clause, pl.DataFrame(rows, schema=schema, orient="row").with_columns(**lists))
        for at, once in zip(mine, keys.to_list(), strict=True):
            made[at] = replace(drafts[at], once=tuple(once))
    return made


def _refuse_again(drafts: list[Draft], places: list[Place], faults: list[Text]) -> None:
    """Rows of two awards that use up the same are faults."""
    first: dict[str, tuple[Place, tuple[str, str, int]]] = {}
    for draft, place in zip(drafts, places, strict=True):
        whose = draft.code, draft.clause, draft.year
        for key in draft.once:
            before, who = first.setdefault(key, (place, whose))
            if who != whose:
                faults.append(
                    Text(
                        f"{place}：一次性奖励在 {before} 已兑现过；请核实，只导入属实的一行",
                        f"{place}: paid once only, and paid already by {before}; import the one that is true",
                    )
                )


def _clause(text: str, words: ClauseWords, place: Place, faults: list[Text]) -> str | None:
    """The clause that a row means; the article as typed where it has several."""
    meant = words.meaning(text)
    if not meant:
        faults.append(Text(f"{place}：没有条款 {text}", f"{place}: there is no clause {text}"))
        return None
    return meant[0] if len(meant) == 1 else text.strip()


def _figures(
    frame: pl.DataFrame, policy: Policy, tables: Tables, faults: list[Text]
) -> Sequence[tuple[str, int, str, int]]:
    rule = policy.history
    if rule is None:
        return []
    code, columns = policy.payee.code, policy.tables[rule.table].columns
    names = [column.id for column in columns.values() if column.type in FIGURES and column.id in frame.columns]
    found: dict[tuple[str, int, str], int] = {}
    bad = [name for name in frame.columns if name.endswith(BAD)]
    for row in frame.iter_rows(named=True):
        place = tables.place(row["_part"], row["_row"])
        who, year = row[code], row[rule.year]
        if who is None or year is None or any(row[name] for name in bad):
            if not any(str(place) in fault.en for fault in faults):
                faults.append(Text(f"{place}：有单元格未填或读不懂", f"{place}: a cell is blank or cannot be read"))
            continue
        for name in names:
            value: Any = row[name]
            if value is None:
                continue
            if found.setdefault((who, year, name), value) != value:
                faults.append(
                    Text(
                        f"{place}：{who} {year} 年“{columns[name].header}”有两个不同的数",
                        f"{place}: two different figures of `{columns[name].en}` for {who} in {year}",
                    )
                )
    return [(*key, value) for key, value in found.items()]
