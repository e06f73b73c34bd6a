"""What is odd about the rows of a clause: cells that cannot be read, contradictions, funds that a blank leaves open."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.between import pools_of
from anqing_subsidy.engine.derive.children import key_bad
from anqing_subsidy.engine.earlier import EarlierYears
from anqing_subsidy.engine.exact import any_of, flag, sure
from anqing_subsidy.engine.facts import Scope
from anqing_subsidy.engine.funds import fund_open
from anqing_subsidy.engine.run import Run
from anqing_subsidy.engine.shapes import Outcome
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.policy.clauses import Award, Clause, blocking, crossings_of
from anqing_subsidy.policy.terms import Conditions, refs_in
from anqing_subsidy.tables import BAD


class Marks:
    """Marks the rows of one clause."""

    def __init__(self, run: Run, clause: Clause) -> None:
        self.run = run
        self.policy = run.policy
        self.clause = clause
        self.main = run.policy.main

    def of(
        self,
        scope: Scope,
        award: Award,
        when: Conditions,
        tests: tuple[Test, ...],
        outcome: Outcome,
        rows: str,
        declared: pl.Series,
    ) -> dict[str, pl.Series]:
        """Cells that cannot be read, contradictions, and funds that a blank leaves open."""
        clause = self.clause
        direct = list(
            dict.fromkeys(
                ref
                for part in (clause.claimed, when, award, self._line_parts(scope), clause.fund)
                for ref in refs_in(part)
            )
        )
        crossings = crossings_of(award)
        first_past = bool(crossings)
        if first_past and self.policy.history is not None and self.policy.history.basis == "fact":
            direct.append(self.policy.history.since)
        bad, bad_row = flag(False, scope.height), flag(False, scope.height)
        if rows != "one":
            key = key_bad(self.policy, scope.rows)
            bad_row = (key if scope.at is None else key.gather(scope.at)) & ~declared
        for ref in direct:
            mark = scope.fact(ref).bad
            if mark is None:
                continue
            if rows != "one" and ref.table == scope.table:
                # a declared row stands on the applicant's own sheet: its cells are the applicant's
                bad, bad_row = bad | (mark & declared), bad_row | (mark & ~declared)
            else:
                bad = bad | mark
        if outcome.beyond is not None:
            by_row = flag(rows != "one", scope.height) & ~declared
            bad, bad_row = bad | (outcome.beyond & ~by_row), bad_row | (outcome.beyond & by_row)
        for metric in dict.fromkeys(crossing.metric for crossing in crossings):
            prior = EarlierYears(self.run.figures, self.run.paid, scope, self.main).prior(metric)
            if prior.bad is not None:
                bad = bad | prior.bad
        return {
            "bad": bad,
            "bad_row": bad_row,
            "beaten": self._beaten(scope),
            "bad_code": self._bad_code(scope),
            "conflict": self._conflict(scope, tests, outcome, first_past=first_past),
            "fund_open": fund_open(clause.fund, scope, self.run),
            "moved": sure(scope.fact(clause.fund.due_to).lo)
            if clause.fund.due_to is not None
            else flag(False, scope.height),
        }

    def _line_parts(self, scope: Scope) -> tuple[object, ...]:
        """What is asked of a line, not of its rows: caps that are facts; only what can be seen from these rows."""
        seen = {scope.table, *scope.rows.up}
        return tuple(cap for cap in self.clause.cap if all(ref.table in seen for ref in refs_in(cap)))

    def _beaten(self, scope: Scope) -> pl.Series:
        """Rows of an object of which a decision said that somebody else's row counts."""
        beaten = scope.rows.beaten
        return beaten.gather(scope.up(scope.table)) if beaten is not None else flag(False, scope.height)

    def _bad_code(self, scope: Scope) -> pl.Series:
        frame = self.run.store.rows[self.main].frame
        name = self.policy.payee.code + BAD
        if name not in frame.columns:
            return flag(False, scope.height)
        return frame[name].fill_null(value=False).gather(scope.up(self.main))

    def _conflict(self, scope: Scope, tests: tuple[Test, ...], outcome: Outcome, *, first_past: bool) -> pl.Series:
        """Lines that rest on rows which contradict each other."""
        marks = [
            test.fact.conflict
            for test in flat((*tests, *outcome.tests))
            if test.fact is not None and test.fact.conflict is not None
        ]
        if outcome.conflict is not None:
            marks.append(outcome.conflict)
        for table, rows in self.run.store.rows.items():
            if (rows.conflict is not None and table in {scope.table, self.main}) or (
                rows.conflict is not None and table in scope.rows.up
            ):
                marks.append(rows.conflict.gather(scope.up(table)))
        if first_past and (history := self.run.figures.conflict()) is not None:
            marks.append(history.gather(scope.up(self.main)))
        beside = {*blocking(self.clause), *self.clause.less_paid}
        codes = self.run.paid.codes.gather(scope.up(self.main))
        pools = pools_of(self.policy)
        rivals = [clause for clause, pool in pools.items() if pool == pools[self.clause.id]]
        disputed = (
            self.run.paid.conflict_codes(beside),
            self.run.paid.conflict_codes(rivals, now=True),
            self.run.support.conflict_codes(self.clause.id),
        )
        marks.extend(sure(codes.is_in(these.implode())) for these in disputed if these.len())
        return sure(any_of(marks, scope.height))


def flat(tests: tuple[Test, ...]) -> list[Test]:
    """All single tests and those around them."""
    found = []
    for test in tests:
        found.append(test)
        for branch in test.branches:
            found.extend(flat(branch))
    return found


def equal_marks(test: Test) -> list[pl.Series]:
    """Where values are exactly at a threshold."""
    return [inner.equal for inner in flat((test,)) if inner.equal is not None]
