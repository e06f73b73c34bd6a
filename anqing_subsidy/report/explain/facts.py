"""The facts behind a line, each with its value, its unit and its cell; of counted ones, the rows that do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import polars as pl

from anqing_subsidy.engine.exact import all_of, sure
from anqing_subsidy.engine.verdict import Evaluator
from anqing_subsidy.policy.derivations import OverChildren, RatioOf
from anqing_subsidy.policy.reads import joint_caps_over, refs_behind, tables_behind
from anqing_subsidy.policy.terms import Ref, refs_in
from anqing_subsidy.report.conditions import leaves
from anqing_subsidy.report.explain.model import FactShown
from anqing_subsidy.report.texts import column
from anqing_subsidy.report.view import Rows, View
from anqing_subsidy.report.words import share

if TYPE_CHECKING:
    from anqing_subsidy.engine.fact import Fact
    from anqing_subsidy.engine.verdict import Test
    from anqing_subsidy.policy.rules import History
    from anqing_subsidy.report.detail import Describer

MOST_ROWS: Final = 6
"""Rows that do not count which are named one by one."""


class FactsShown:
    """Shows the facts behind lines."""

    def __init__(self, describer: Describer) -> None:
        self.describer = describer
        self.words = describer.words
        self.policy = describer.words.policy
        self.places = describer.places
        self.store = describer.assessment.store

    def of(self, view: View) -> tuple[FactShown, ...]:
        """The facts of the one line of a view, in the order of the clause; those of its rows stay in their sheet."""
        trace, clause = view.trace, view.trace.clause
        own = trace.scope.table == clause.table
        limits = (clause.cap, *joint_caps_over(self.policy, clause))
        parts = (
            (clause.claimed, clause.when, clause.award, clause.fund, *limits)
            if own
            else (clause.every, clause.declared_award, *limits)
        )
        seen = {trace.scope.table, *trace.scope.rows.up}
        if view.adds_rows and int(view.members().counts[0]) > 1:
            seen -= {trace.scope.table}
        refs = [ref for ref in refs_behind(parts, self.policy.facts) if ref.table in seen]
        named = set(refs_in(parts))
        found = [self._shown(view, ref) for ref in refs if ref in named or not self._stands_in(ref, refs)]
        typed = {(fact.label, fact.value) for fact in found if fact.cell}
        # a fact that only passes a column on is said once, with the cell
        found = [fact for fact in found if fact.cell or fact.behind or (fact.label, fact.value) not in typed]
        return (*found, *(self._years(view) if own else ()))

    def _stands_in(self, ref: Ref, refs: list[Ref]) -> bool:
        """Whether a fact is only there in place of rows that are counted: it is named beside the count if it serves."""
        hows = [self.policy.facts[other].how for other in refs if other in self.policy.facts]
        return any(isinstance(how, OverChildren) and how.otherwise == ref for how in hows)

    def _shown(self, view: View, ref: Ref) -> FactShown:
        fact = view.scope.fact(ref)
        derived = self.policy.facts.get(ref)
        cell, behind = "", ""
        rows: tuple[str, ...] = ()
        if derived is None:
            cell = self._cell(view, ref)
        elif isinstance(derived.how, OverChildren):
            mark = view.values(fact.declared)[0]
            if mark and derived.how.otherwise is not None:
                cell, behind = self._cell(view, derived.how.otherwise), self._label(derived.how.otherwise)
            else:
                behind, rows = self._counted(view, ref, derived.how)
        else:
            behind = self._from(view, derived.how)
            behind = "" if behind == self.words.label(ref) else behind
        return FactShown(ref.id, self.words.label(ref), self.value(view, ref, fact), cell, behind, rows)

    def value(self, view: Rows, ref: Ref, fact: Fact) -> str:
        """A value as people read it; what is certain and what is possible where they differ."""
        low, high = view.values(fact.lo)[0], view.values(fact.hi)[0]
        if view.values(fact.bad)[0]:
            return self.words.say("无法识别", "cannot be read")
        if fact.den is not None:
            den = view.values(fact.den)[0]
            if low is None:
                return self.words.one(None, "ratio")
            if den == 0 and fact.beyond:
                return "—"
            if den is None or den <= 0:
                return self.words.say("无法计算", "cannot be worked out")
            return (
                share(low, den) if low == high else f"{share(low, den)}–{share(high, den) if high is not None else '?'}"
            )
        kind = fact.type
        text = self.words.one(low, kind, ref)
        if not fact.is_pair or low == high:
            return text
        return f"{text}–{'?' if high is None else self.words.one(high, kind, ref)}"

    def _from(self, view: View, how: object) -> str:
        """What a fact was worked out from; of a share both figures."""
        if isinstance(how, RatioOf):
            pair = (how.numerator, how.denominator)
            beside = next(part for part in (*pair, None) if not isinstance(part, int))
            kind = self.policy.type_of(beside) if beside is not None else "count"
            return " ÷ ".join(
                self.words.one(part, kind, beside)
                if isinstance(part, int)
                else self.value(view, part, view.scope.fact(part))
                for part in pair
            )
        return self.words.listed(dict.fromkeys(self._label(ref) for ref in refs_in(how)))

    def _label(self, ref: Ref) -> str:
        return self.words.label(ref)

    def _cell(self, view: View, ref: Ref) -> str:
        place = self.places.of(view, ref)[0]
        return self.places.files.place(place) if place is not None else ""

    def _counted(self, view: View, ref: Ref, how: OverChildren) -> tuple[str, tuple[str, ...]]:
        """Over which rows of another sheet a figure was counted, and those that do not count, each with why."""
        child = self.store.scope(how.child)
        parent = view.values(view.scope.up(ref.table))[0]
        mine = (child.up(ref.table) == parent).arg_true()
        rows = Rows(child, mine)
        tests = Evaluator(child).tests(how.where)
        met = rows.column(all_of([test.met for test in tests], child.height))
        claims = self.store.claims(how.child)
        held = rows.column(claims.held) if claims is not None else pl.Series([False]).new_from_index(0, rows.height)
        table = self.policy.tables[how.child]
        counts = int((sure(met) & ~held).sum())
        say = self.words.say
        behind = say(
            f"{table.sheet} {rows.height} 行，计入 {counts} 行", f"{counts} of {rows.height} rows of {table.en} count"
        )
        not_counted = [at for at, (yes, no) in enumerate(zip(sure(met), held, strict=True)) if not yes or no]
        named = [self._why_not(rows.take([at]), tests) for at in not_counted[:MOST_ROWS]]
        if rest := len(not_counted) - len(named):
            named.append(say(f"另有 {rest} 行", f"{rest} rows more"))
        return behind, tuple(named)

    def _why_not(self, row: Rows, tests: tuple[Test, ...]) -> str:
        """Why one row is not counted: what fails, what is unknown, or that another claims it."""
        number = row.values(row.scope.column("_row"))[0]
        said = []
        # conditions over rows that no line stands for: a leaf asks a view for its columns alone
        for leaf in leaves(self.words, tests, cast("View", row)):
            met = leaf.met.to_list()[0]
            if met is not True:
                shown = column(leaf.shown, 1)[0]
                said.append(f"{leaf.label} {shown}")
        words = self.words
        why = words.listed(dict.fromkeys(said)) or words.say("另有主体同时申报", "also claimed by another")
        return words.say(f"第 {number} 行：{why}", f"row {number}: {why}")

    def _years(self, view: View) -> list[FactShown]:
        """The figures of earlier years that a clause looks back on."""
        history, clause = self.policy.history, view.trace.clause
        if history is None or history.table not in tables_behind(self.policy, clause.id):
            return []
        rows = self.store.rows[history.table]
        found = self._declared_before(view, history)
        if not rows.height:
            return found
        owner = view.values(view.scope.up(self.policy.main))[0]
        mine = (rows.up[self.policy.main] == owner).arg_true()
        scope = self.store.scope(history.table, mine)
        for ref in dict.fromkeys(refs_in(clause.award)):
            if ref.table != self.policy.main or ref.id not in self.policy.tables[history.table].columns:
                continue
            earlier = Ref(history.table, ref.id)
            for at in range(mine.len()):
                row = Rows(scope, pl.Series([at], dtype=pl.UInt32))
                year = row.values(scope.column(history.year))[0]
                place = self.places.of(row, earlier)[0]
                value = self.value(row, earlier, scope.fact(earlier))
                cell = self.places.files.place(place) if place is not None else ""
                found.append(FactShown(f"{ref.id}@{year}", f"{year} {self.words.label(earlier)}", value, cell))
        return found

    def _declared_before(self, view: View, history: History) -> list[FactShown]:
        """The declared figures that stand in for earlier years, where they do."""
        declared = view.trace.outcome.declared
        if declared is None or view.values(declared)[0] is not True:
            return []
        read = {ref.id for ref in refs_in(view.trace.clause.award)}
        return [
            self._shown(view, ref)
            for metric, ref in history.declared.items()
            if metric in read and view.values(view.scope.fact(ref).lo)[0] is not None
        ]
