"""The rows that a line is put together from: what each adds and how that is worked out, what it lacks, why it adds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anqing_subsidy.engine.exact import all_of, possible, sure
from anqing_subsidy.money import grouped
from anqing_subsidy.report.explain.model import RowShown
from anqing_subsidy.report.explain.widths import width_of
from anqing_subsidy.report.texts import column

if TYPE_CHECKING:
    from anqing_subsidy.report.detail import Describer
    from anqing_subsidy.report.view import View

MOST_ROWS: Final = 200
"""Rows of one line that are listed one by one."""
_MOST_SAID: Final = 80
"""How wide the figures are, at most, that are named beside what a row comes to."""


class RowsShown:
    """Shows the rows of lines that are put together from several."""

    def __init__(self, describer: Describer) -> None:
        self.describer = describer
        self.policy = describer.words.policy
        self.say = describer.words.say

    def of(self, view: View) -> tuple[RowShown, ...]:
        """Every row of the one line of a view."""
        members, trace = view.members(), view.trace
        rows, outcome = members.view, trace.outcome
        table = self.policy.tables[trace.scope.table]
        numbers = rows.values(trace.scope.column("_row"))
        names = rows.values(trace.scope.column(table.object)) if table.object is not None else [""] * rows.height
        tests = [test.met for test in (*trace.tests, *trace.once)]
        verdict = rows.column(all_of([*tests, outcome.verdict], outcome.verdict.len()))
        settled = (sure(verdict) & rows.column(outcome.known)).to_list()
        may = possible(verdict).to_list()
        adds, held, off, beyond = (
            rows.values(mark) for mark in (trace.adds, trace.held, trace.elsewhere, trace.beyond)
        )
        fails = column(self.describer.sentences.refusals.fails(rows), rows.height).to_list()
        lacks = self.describer.sentences.missing.of_rows(rows)
        sums = self._sums(rows)
        held_by = column(self.describer.sentences.carried.by_row(rows), rows.height).to_list()
        found = []
        for at in range(min(rows.height, MOST_ROWS)):
            name = self.say(f"第 {numbers[at]} 行", f"row {numbers[at]}") + (f" {names[at]}" if names[at] else "")
            if held[at]:
                says = self.say("另有主体同时申报，暂不计", "also claimed by another; not counted yet")
            elif off[at]:
                says = self.say("已获其他支持，不计", "has other support; not counted")
            elif beyond[at]:
                says = self.say(
                    f"超出最多计入的行数，未计（{sums[at]}）", f"more rows than count; not counted ({sums[at]})"
                )
            elif not may[at]:
                says = fails[at]
            elif not settled[at]:
                says = (
                    self.say("缺少 ", "missing: ") + self.describer.words.listed(lacks[at]) if lacks[at] else fails[at]
                )
            else:
                says = sums[at] if adds[at] else self.say(f"符合，{sums[at]}", f"qualifies; {sums[at]}")
                if 0 < width_of(held_by[at]) <= _MOST_SAID:
                    says += self.say("；", "; ") + held_by[at]
            found.append(RowShown(name, says, bool(adds[at])))
        return tuple(found)

    def _sums(self, rows: View) -> list[str]:
        """What each row comes to, with its arithmetic."""
        trace, say = rows.trace, self.say
        formulas = column(self.describer.formulas.awards.of(trace.clause.award, trace.outcome, rows), rows.height)
        found = []
        for formula, exact in zip(formulas.to_list(), rows.values(trace.outcome.lo), strict=True):
            fen, over = divmod(exact or 0, trace.outcome.den)
            # a part of a fen is rounded where the rows are added up
            sum_ = grouped(fen) + ("…" if over else "")
            shown = (
                ""
                if not formula or formula == sum_
                else f"{formula}"
                if formula.endswith(sum_)
                else f"{formula} = {sum_}"
            )
            found.append(say(f"计 {sum_} 元", f"{sum_} yuan") + (say(f"（{shown}）", f" ({shown})") if shown else ""))
        return found
