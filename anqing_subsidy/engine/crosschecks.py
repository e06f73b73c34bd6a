"""The checks of a policy: rows for which its conditions hold, each at the cells that were compared."""

from __future__ import annotations

from datetime import date
from typing import Any

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.facts import FactStore, Scope
from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.money import SCALE, decimal_text
from anqing_subsidy.policy.model import Check, Policy, Ref
from anqing_subsidy.policy.reads import refs_in
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
    hits = sure(scope.met(check.when)).arg_true().to_list()
    if not hits:
        return []
    refs = list(dict.fromkeys(refs_in(check.when)))
    found = []
    for at in hits:
        cells = [_cell(ref, at, policy, tables, scope) for ref in refs]
        values = [said(policy, ref, scope.fact(ref).lo[at]) for ref in refs]
        labels = [policy.label(shown) for shown, _ in cells]
        zh = "，".join(f"“{label.zh}”{value.zh}" for label, value in zip(labels, values, strict=True))
        en = ", ".join(f"`{label.en}` {value.en}" for label, value in zip(labels, values, strict=True))
        marked = [(place, value) for (_, place), value in zip(cells, values, strict=True) if place.column]
        first, value = marked[0] if marked else (cells[0][1], values[0])
        others = tuple(place for place, _ in marked[1:] if place != first)
        message = Text(f"{check.message.zh}：{zh}", f"{check.message.en}: {en}")
        found.append(Finding(check.severity, check.id.upper(), message, first, value.zh, check.fix, others))
    return found


def _cell(ref: Ref, at: int, policy: Policy, tables: Tables, scope: Scope) -> tuple[Ref, Place]:
    """Where a fact of a row was typed, and as which column: that of the applicant for a row that stands in."""
    rows = scope.store.rows[ref.table]
    row = int(scope.up(ref.table)[at])
    shown = ref
    if rows.declared is not None and rows.declared[row]:
        for rule in policy.declared_rows:
            source = rule.values.get(ref.id) if rule.table == ref.table else None
            if isinstance(source, Ref):
                shown = source
    return shown, tables.place(int(rows.frame["_part"][row]), int(rows.frame["_row"][row]), shown.id)


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
