"""The figures that carry a line that is paid; of one put together from rows, how many of them qualify."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.policy.clauses import Keyed, Pay
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.conditions import leaves, said_by_a_condition
from anqing_subsidy.report.leaf import Leaf
from anqing_subsidy.report.leaf_crossing import passed
from anqing_subsidy.report.past import PastYears
from anqing_subsidy.report.refusals import MOST_TESTS, by_rows
from anqing_subsidy.report.texts import Words, choose, column, listed, put, spread
from anqing_subsidy.report.texts import grouped as sums
from anqing_subsidy.report.view import View, best_way
from anqing_subsidy.report.words import OPS, Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.shapes import Outcome


class Carried:
    """Says what lines that are paid rest on."""

    def __init__(self, words: Wording, past: PastYears) -> None:
        self.words = words
        self.policy = words.policy
        self.say = words.say
        self.past = past

    def by(self, view: View) -> pl.Series:
        """The figures of each line; of many rows, how many qualify."""
        return by_rows(view, self._held_by, self._how_many)

    def _how_many(self, view: View) -> pl.Series:
        sheet = self.policy.tables[view.trace.clause.table]
        counts = self.qualifying(view)
        rows, count, off, unsettled, beyond = (number.cast(pl.String) for number in counts)
        most = view.trace.clause.most_rows
        if self.words.lang == "zh":
            text, taken = put(f"{sheet.sheet} ", rows, " 行中 ", count, " 行符合"), put("，", off, " 行已获其他支持")
            more, less = put("，", unsettled, " 行未定"), put(f"，最多计 {most} 行，另 ", beyond, " 行不计")
        else:
            text, taken = (
                put(count, " of ", rows, f" rows of {sheet.en} qualify"),
                put(", ", off, " have other support"),
            )
            more = put(", ", unsettled, " are not settled")
            less = put(f", at most {most} count, and not ", beyond, " more")
        added = (choose(number > 0, said) for number, said in zip(counts[2:], (taken, more, less), strict=True))
        return column(put(text, *added), view.height)

    def qualifying(self, view: View) -> tuple[pl.Series, pl.Series, pl.Series, pl.Series, pl.Series]:
        """How many rows each line has, of them how many qualify or would but for other support, are open, count no more.

        Those that count no more, because others pay more and only so many count, are among those that qualify.
        """
        members, trace = view.members(), view.trace
        rows = members.view
        counted = ~rows.column(trace.held)
        for test in (*trace.tests, *trace.outcome.tests, *trace.once):
            counted = counted & sure(rows.column(test.met))
        beyond = counted & rows.column(trace.beyond)
        nothing = counted & ~beyond & (rows.column(trace.adds) == 0) & (rows.column(trace.outcome.lo) > 0)
        off = nothing & rows.column(trace.elsewhere)
        return (
            members.counts,
            members.sums(counted & ~nothing),
            members.sums(off),
            members.sums(nothing & ~off),
            members.sums(beyond),
        )

    def by_row(self, rows: View) -> pl.Series:
        """The figures of each row of lines put together from several; those of the applicant are the same for all."""
        return self._held_by(rows, only=rows.trace.scope.table)

    def _held_by(self, view: View, only: str | None = None) -> pl.Series:
        parts: list[Words] = []
        named: set[Ref] = set()
        outcome, rule = view.trace.outcome, view.trace.clause.instalments
        # which instalment it is stands in the formula, as do the points
        schedule = rule.year if rule is not None else None
        for test in (*view.trace.tests, *outcome.tests):
            best = best_way(outcome.steps["rows"], view) if test.kind == "highest_of" else None
            if best is not None:
                parts.append(self._taken(best, outcome, view))
            for leaf in leaves(self.words, (test,), view):
                if leaf.ref is None or leaf.kind == "yesno" or leaf.ref == schedule or test.kind == "points":
                    continue
                if only is not None and leaf.ref.table != only:
                    continue
                named.add(leaf.ref)
                # of a choice only the way that pays carries the line
                holds = sure(leaf.met) if best is None else sure(leaf.met & best.eq(leaf.way))
                at = (holds & ~said_by_a_condition(self.words, view.trace.tests, leaf)).arg_true()
                if at.len():
                    parts.append(spread(at, self._holds(leaf.over(view.take(at))), view.height))
        return listed([*parts, *self._grade(view, named)], self.words.semicolon, view.height, MOST_TESTS)

    def _taken(self, best: pl.Series, outcome: Outcome, view: View) -> Words:
        """Which way of a choice pays: by its sum."""
        text = column("", view.height)
        for number, way in enumerate(outcome.steps["rows"], start=1):
            amount = sums(view.column(way.lo) // way.den)
            said = put(self.say("取 ", "the award of "), amount, self.say(" 元的一项", " yuan"))
            text = choose(best.eq(number), said, text)
        return text

    def _grade(self, view: View, named: Container[Ref]) -> list[Words]:
        """The value by which the sum of a line is chosen, where it is chosen by one that no condition has named."""
        shape = view.trace.clause.award.shape
        if view.trace.scope.table != view.trace.clause.table or not isinstance(shape, Pay):
            return []
        amount = shape.amount
        if not isinstance(amount, Keyed) or amount.by in named:
            return []
        values, kind = view.column(view.trace.scope.fact(amount.by).lo), self.policy.type_of(amount.by)
        return [put(f"{self.words.label(amount.by)} ", self.words.shown(values, kind, amount.by))]

    def _holds(self, leaf: Leaf) -> Words:
        if leaf.op == "first":
            founded = self.past.founded_now(leaf.view, leaf.value)
            year = self.past.highest(leaf.view, leaf.ref, leaf.value) if leaf.ref is not None else ""
            highest = put(self.say("以前年度最高 ", "highest of earlier years "), leaf.shown, year)
            highest = choose(founded != "", founded, highest)
            past = passed(leaf.test, self.words.lang)
            return put(highest, self.say(f"，首次{past}", f", {past} for the first time"))
        if leaf.op in (">=", ">", "<=", "<"):
            return put(f"{leaf.label} ", leaf.shown, f" {OPS[leaf.op]} ", leaf.threshold_shown)
        return put(f"{leaf.label} ", leaf.shown)
