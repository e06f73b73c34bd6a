"""Declared figures beside details that say something else: the details count, and that is said (contract, input)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.exact import flag, sure
from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.engine.table_rows import TableRows
from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.money import SCALE, decimal_text
from anqing_subsidy.policy.clauses import Pay, SumOf, unit_of
from anqing_subsidy.policy.derivations import OverChildren
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.rules import DeclaredRow
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.tables import Tables

_NUMBERS = ("money", "usd", "count", "area")


class Differs(NamedTuple):
    """One declared cell (row `at` of the column's own table), what the details say, and a row of them."""

    ref: Ref
    at: int
    counted: object
    table: str
    row: int | None


def disagreeing(policy: Policy, tables: Tables, store: FactStore, traces: Sequence[Trace]) -> list[Finding]:
    """A warning for each declared figure beside details that come to another one; both values, both places."""
    teller = _Teller(policy, tables, store)
    found = [
        *_counted(policy, store),
        *_earlier(policy, store, tables),
        *(one for rule in policy.declared_rows for one in _stood_in(rule, policy, store)),
        *(one for trace in traces for one in _heads(trace, policy, store)),
    ]
    return teller.findings(found)


@dataclass(frozen=True)
class _Teller:
    policy: Policy
    tables: Tables
    store: FactStore

    def findings(self, found: list[Differs]) -> list[Finding]:
        """A warning at each declared cell, with the place of the details in its message."""
        said: dict[Ref, list[int]] = {}
        wanted: dict[str, set[int]] = {}
        for one in found:
            said.setdefault(one.ref, []).append(one.at)
            wanted.setdefault(one.ref.table, set()).add(one.at)
            if one.row is not None:
                wanted.setdefault(one.table, set()).add(one.row)
        places: dict[str, dict[int, tuple[int, int]]] = {}
        for table, ats in wanted.items():
            order = sorted(ats)
            index = pl.Series(order, dtype=pl.UInt32)
            frame = self.store.rows[table].frame
            pairs = zip(frame["_part"].gather(index).to_list(), frame["_row"].gather(index).to_list(), strict=True)
            places[table] = dict(zip(order, pairs, strict=True))
        typed = {
            ref: dict(zip(ats, self.store.fact(ref).lo.gather(ats).to_list(), strict=True)) for ref, ats in said.items()
        }
        return [self._finding(one, typed[one.ref][one.at], places) for one in found]

    def _finding(self, one: Differs, says: object, places: Mapping[str, Mapping[int, tuple[int, int]]]) -> Finding:
        typed = self._shown(one.ref, says)
        counted = self._shown(one.ref, one.counted)
        label, sheet = self.policy.label(one.ref), self.policy.tables[one.table]
        where = "" if one.row is None else f" ({self.tables.place(*places[one.table][one.row])})"
        return Finding(
            "warning",
            "DECLARED_DIFFERS",
            Text(
                f"“{label.zh}”填 {typed.zh}，按“{sheet.sheet}”表为 {counted.zh}{where}，以该表为准",
                f"`{label.en}` says {typed.en}; by the sheet of {sheet.en} it is {counted.en}{where}, which counts",
            ),
            self.tables.place(*places[one.ref.table][one.at], one.ref.id),
            typed.zh,
            Text("核对后改正一处", "correct one of them"),
        )

    def _shown(self, ref: Ref, value: object) -> Text:
        """A value as a person would type it; nothing at all where the details have no row of its kind."""
        if value is None:
            return Text("无", "none")
        if isinstance(value, bool):
            return Text("是", "yes") if value else Text("否", "no")
        if isinstance(value, int):
            number = decimal_text(value, SCALE.get(self.policy.type_of(ref), 1))
            return Text(number, number)
        words = self.policy.words(ref).get(str(value))
        return Text(words[0] if words else str(value), str(value))


def _first_rows(rows: TableRows, main: str, owners: list[int], wanted: pl.Series | None = None) -> dict[int, int]:
    """The first row (that is wanted) of each of some parents."""
    if not owners:
        return {}
    frame = pl.DataFrame({"up": rows.up[main]}).with_row_index("at")
    frame = frame.filter(pl.col("up").is_in(owners) & (True if wanted is None else wanted))
    return dict(frame.group_by("up").agg(pl.col("at").min()).iter_rows())


def _counted(policy: Policy, store: FactStore) -> Iterator[Differs]:
    """Counts and sums over child rows that have a declared stand-in."""
    for fact in policy.facts.values():
        how = fact.how
        if not isinstance(how, OverChildren) or how.otherwise is None or not store.rows[how.child].height:
            continue
        worked, declared = store.fact(fact.ref), store.fact(how.otherwise)
        by_rows = ~sure(worked.declared) if worked.declared is not None else flag(True, worked.lo.len())
        differs = by_rows & sure((declared.lo < worked.lo) | (declared.lo > worked.hi))
        hits = differs.arg_true()
        rows = _first_rows(store.rows[how.child], fact.ref.table, hits.to_list())
        for at, value in zip(hits.to_list(), worked.lo.gather(hits).to_list(), strict=True):
            yield Differs(how.otherwise, at, value, how.child, rows.get(at))


def _earlier(policy: Policy, store: FactStore, tables: Tables) -> Iterator[Differs]:
    """The highest figure of earlier years; a ledger knows some years, which the declared one may well exceed."""
    rule = policy.history
    if rule is None or rule.basis == "award" or not store.rows[rule.table].height:
        return
    rows = store.rows[rule.table]
    up = rows.up[policy.main]
    recorded = tables.from_ledger(rows.frame["_part"])
    for metric, ref in rule.declared.items():
        declared = store.fact(ref).lo
        if not declared.is_not_null().any():
            continue
        frame = pl.DataFrame({"up": up, "value": rows.frame[metric]}).group_by("up").agg(pl.col("value").max())
        index = pl.DataFrame({"up": pl.int_range(declared.len(), eager=True, dtype=pl.UInt32)})
        known = index.join(frame, on="up", how="left", maintain_order="left")["value"]
        typed = up.filter(~recorded & rows.frame[metric].is_not_null()).unique()
        whole = pl.int_range(declared.len(), eager=True, dtype=pl.UInt32).is_in(typed.implode())
        hits = (sure(known > declared) | (sure(known != declared) & whole)).arg_true()
        highest = sure(rows.frame[metric] == known.gather(up))
        firsts = _first_rows(rows, policy.main, hits.to_list(), highest)
        for at, value in zip(hits.to_list(), known.gather(hits).to_list(), strict=True):
            yield Differs(ref, at, value, rule.table, firsts.get(at))


def _stood_in(rule: DeclaredRow, policy: Policy, store: FactStore) -> Iterator[Differs]:
    """Columns of a declared row, each beside the rows of the sheet that it would have stood in for.

    A word that the policy gives the declared row (its kind) picks the rows. A figure stands for itself and for
    the columns of its type that the policy sets to 0. It agrees with any one row, or with all of them together.
    """
    rows = store.rows[rule.table]
    types = {name: column.type for name, column in rows.table.columns.items()}
    typed = flag(True, rows.height) if rows.declared is None else ~rows.declared
    if not typed.any():
        return
    detailed = rows.up[policy.main].filter(typed).unique()
    kind = typed
    for name, value in rule.values.items():
        if types.get(name) == "enum" and isinstance(value, str):
            kind = kind & (rows.frame[name] == value)
    kind = sure(kind)
    for name, ref in rule.values.items():
        if not isinstance(ref, Ref):
            continue
        column = rows.frame[name]
        if types[name] in _NUMBERS:
            for other, value in rule.values.items():
                if types.get(other) == types[name] and value == 0 and not isinstance(value, bool | Ref):
                    column = column + rows.frame[other]
        declared = store.fact(ref).lo
        index = detailed.filter(declared.gather(detailed).is_not_null())
        if not len(index):
            continue
        beside = pl.DataFrame({"up": index, "says": declared.gather(index)})
        details = pl.DataFrame({"up": rows.up[policy.main], "value": column}).with_row_index("at").filter(kind)
        met = beside.join(details, on="up", how="left", maintain_order="left")
        same = pl.col("value").eq_missing(pl.col("says").cast(column.dtype)).any()
        if types[name] in _NUMBERS:
            same = same | (pl.col("value").sum() == pl.col("says").first())
        # a blank beside it says nothing: it may be the very figure
        blank = (pl.col("value").is_null() & pl.col("at").is_not_null()).any()
        verdict = met.group_by("up", maintain_order=True).agg(
            (~same & ~blank).alias("differs"), pl.col("value").first(), pl.col("at").first()
        )
        for up, value, at in verdict.filter("differs").sort("up").select("up", "value", "at").iter_rows():
            yield Differs(ref, up, value, rule.table, at)


def _heads(trace: Trace, policy: Policy, store: FactStore) -> Iterator[Differs]:
    """Heads declared by what each is paid, beside the rows that are paid that much."""
    clause = trace.clause
    declared_award = clause.declared_award
    if declared_award is None or trace.scope.table != clause.table or not isinstance(declared_award.shape, SumOf):
        return
    outcome, owner = trace.outcome, trace.scope.up(policy.main)
    for part in declared_award.shape.rows:
        pay = part.award.shape
        heads = unit_of(part.award)
        if not isinstance(pay, Pay) or heads is None or not isinstance(pay.amount, int):
            continue
        declared = store.fact(heads).lo
        worth = pay.amount * outcome.den
        paid = sure(outcome.verdict) & (outcome.lo == worth)
        maybe = paid | (outcome.verdict.is_null() & sure(outcome.hi >= worth))
        sums = (
            pl.DataFrame({"up": owner, "paid": paid, "maybe": maybe}).group_by("up").agg(pl.col("paid", "maybe").sum())
        )
        sums = sums.with_columns(says=declared.gather(sums["up"]))
        differs = sums.filter((pl.col("says") < pl.col("paid")) | (pl.col("says") > pl.col("maybe"))).sort("up")
        firsts = _first_rows(store.rows[clause.table], policy.main, differs["up"].to_list())
        for up, count in differs.select("up", "paid").iter_rows():
            yield Differs(heads, up, int(count), clause.table, firsts.get(up))
