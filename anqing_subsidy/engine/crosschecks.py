"""The checks of a policy: rows for which its conditions hold, each at the cells that were compared."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.facts import FactStore, Scope
from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.money import SCALE, decimal_text
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.rules import Check
from anqing_subsidy.policy.terms import Ref, refs_in
from anqing_subsidy.tables import Tables


def cross_checks(policy: Policy, tables: Tables, store: FactStore) -> list[Finding]:
    """A finding for each row and check, at the first cell compared; the other cells are its `others`."""
    found: list[Finding] = []
    for check in policy.checks:
        if store.rows[check.table].height:
            found.extend(_found_by(check, policy, tables, store))
    return found


def _found_by(check: Check, policy: Policy, tables: Tables, store: FactStore) -> list[Finding]:
    scope = store.scope(check.table)
    hits = sure(scope.met(check.when)).arg_true()
    if not hits.len():
        return []
    columns = [_Column(ref, hits, policy, tables, scope) for ref in dict.fromkeys(refs_in(check.when))]
    found = []
    for at in range(hits.len()):
        cells = [column.at(at) for column in columns]
        zh = "，".join(f"“{cell.label.zh}”{cell.value.zh}" for cell in cells)
        en = ", ".join(f"`{cell.label.en}` {cell.value.en}" for cell in cells)
        marked = [cell for cell in cells if cell.place.column] or cells[:1]
        others = tuple(cell.place for cell in marked[1:] if cell.place != marked[0].place)
        message = Text(f"{check.message.zh}：{zh}", f"{check.message.en}: {en}")
        code, value = check.id.upper(), marked[0].value.zh
        found.append(Finding(check.severity, code, message, marked[0].place, value, check.fix, others))
    return found


class _Cell(NamedTuple):
    label: Text
    value: Text
    place: Place


class _Column:
    """A fact at the rows that were hit: what was typed, and where."""

    def __init__(self, ref: Ref, hits: pl.Series, policy: Policy, tables: Tables, scope: Scope) -> None:
        self.policy, self.tables, self.ref = policy, tables, ref
        rows = scope.store.rows[ref.table]
        up = scope.up(ref.table).gather(hits)
        self.values = scope.fact(ref).lo.gather(hits).to_list()
        self.parts = rows.frame["_part"].gather(up).to_list()
        self.rows = rows.frame["_row"].gather(up).to_list()
        self.declared = [] if rows.declared is None else rows.declared.gather(up).to_list()
        # a row that stands in for details was typed in a column of the applicant
        sources = (rule.values.get(ref.id) for rule in policy.declared_rows if rule.table == ref.table)
        self.source = next((source for source in sources if isinstance(source, Ref)), ref)

    def at(self, index: int) -> _Cell:
        shown = self.source if self.declared and self.declared[index] else self.ref
        place = self.tables.place(self.parts[index], self.rows[index], shown.id)
        return _Cell(self.policy.label(shown), said(self.policy, self.ref, self.values[index]), place)


def said(policy: Policy, ref: Ref, value: Any) -> Text:  # noqa: ANN401  # a cell's value
    """A value as people read it."""
    if value is None:
        return Text("空白", "blank")
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, date):
        return Text(value.isoformat(), value.isoformat())
    kind = policy.type_of(ref)
    if isinstance(value, int):
        text = str(value) if kind == "year" else decimal_text(value, SCALE.get(kind, 1))
        return Text(text, text)
    words = policy.words(ref).get(str(value), (str(value),))
    return Text(words[0], str(value))
