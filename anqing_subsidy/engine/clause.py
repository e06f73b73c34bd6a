"""One clause over all applicants: conditions, award, cap, what was paid, other support, status.

The order is that of the domain page: bad data, claimed, conditions, once and first, rate, cap and
rounding, other support. What follows (routes, netting, decisions, funds) looks at several lines and
is done in `between` and `decide`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anqing_subsidy.engine.amounts import Amounts
from anqing_subsidy.engine.clause_marks import Marks, equal_marks, flat
from anqing_subsidy.engine.exact import all_of, any_of, flag, rounded, sure
from anqing_subsidy.engine.facts import Scope
from anqing_subsidy.engine.lines import LineMaker
from anqing_subsidy.engine.once import OnceRules
from anqing_subsidy.engine.reasons import reason_columns
from anqing_subsidy.engine.run import ClauseScope, Run
from anqing_subsidy.engine.shapes import Outcome, award_of
from anqing_subsidy.engine.verdict import Evaluator, Test
from anqing_subsidy.policy.clauses import Award, Clause, unit_of
from anqing_subsidy.policy.terms import Compare, Conditions, refs_in


@dataclass(frozen=True)
class Trace:
    """How the lines of a clause came about, by row: the explanation reads it, nothing is computed again.

    `adds` is what each row certainly adds to its line, over the denominator of the outcome; `elsewhere` marks rows
    of a line put together that other support, certainly received, takes off; `beyond` those that pay less than as many
    as count at most.
    """

    clause: Clause
    scope: Scope
    claimed: tuple[Test, ...]
    tests: tuple[Test, ...]
    once: tuple[Test, ...]
    outcome: Outcome
    line_of_row: pl.Series
    held: pl.Series
    adds: pl.Series
    elsewhere: pl.Series
    beyond: pl.Series


class ClauseAssessor:
    """Assesses one clause (or its declared stand-in) over the rows that claim it."""

    def __init__(self, run: Run, clause: Clause) -> None:
        self.run = run
        self.policy = run.policy
        self.clause = clause
        self.main = run.policy.main
        self.once = OnceRules(run, clause)
        self.lines = LineMaker(run, clause)
        self.amounts = Amounts(run, clause)
        self.marks = Marks(run, clause)

    # ---- rows ---------------------------------------------------------------------------------

    def _claiming(self, table: str, claimed: Conditions) -> Scope:
        """The rows that claim the clause: where it is certain, or a cell that decides it cannot be read."""
        whole_table = self.run.store.scope(table)
        wanted = _asks(whole_table, claimed)
        if self.clause.where and table == self.clause.table:
            wanted = wanted & sure(whole_table.met(self.clause.where))
        at = pl.int_range(whole_table.height, eager=True, dtype=pl.UInt32).filter(wanted)
        return self.run.store.scope(table, at)

    def assess(self) -> list[tuple[pl.DataFrame, Trace]]:
        """The lines of the clause, with their trace; a second part where declared figures stand in."""
        parts = []
        # where nobody claims there is nothing to work out: of one applicant that is most clauses
        if (scope := self._claiming(self.clause.table, self.clause.claimed)).height:
            parts.append(self._assess(scope, self.clause.award, self.clause.when, self.clause.rows))
        if self.clause.declared_award is not None and (scope := self._declaring()).height:
            parts.append(self._assess(scope, self.clause.declared_award, self.clause.every, "one"))
        return [(lines, trace) for lines, trace in parts if lines.height]

    def _declaring(self) -> Scope:
        """Applicants without rows of the clause's table that filled in a declared figure instead.

        What `claimed` says of the applicant itself holds for them too; what it says of rows cannot.
        """
        scope = self.run.store.scope(self.main)
        marks = []
        for ref in set(refs_in(self.clause.declared_award)):
            fact = scope.fact(ref)
            marks.append(fact.lo.is_not_null())
            if fact.bad is not None:
                marks.append(fact.bad)
        rows = self.run.store.rows[self.clause.table]
        index = pl.int_range(scope.height, eager=True, dtype=pl.UInt32)
        detailed = index.is_in(rows.up[self.main].unique().implode()) if rows.height else flag(False, scope.height)
        own = tuple(line for line in self.clause.claimed if all(ref.table == self.main for ref in refs_in(line)))
        return self.run.store.scope(
            self.main, index.filter(any_of(marks, scope.height) & ~detailed & _asks(scope, own))
        )

    # ---- one part -----------------------------------------------------------------------------

    def _assess(self, scope: Scope, award: Award, when: Conditions, rows: str) -> tuple[pl.DataFrame, Trace]:
        run, clause = self.run, self.clause
        is_declared_part = award is clause.declared_award
        owner = scope.up(self.main)
        code = run.paid.codes.gather(owner)
        objects = self._objects(scope)
        declared = self._declared(scope, is_declared_part=is_declared_part)
        by_units = unit_of(award) is not None and rows == "one"
        support = run.support.received(
            run.support.of(clause.id, by_units=by_units),
            code,
            objects if rows == "one" and clause.line_per == "row" and scope.table != self.main else None,
            declared,
        )
        shape_scope = ClauseScope(run, scope, support.units if by_units else None)
        tests = (*shape_scope.tests(when), *self._kept(scope))
        counted = any(scope.fact(ref).is_pair for ref in refs_in(clause.claimed)) and not is_declared_part
        if counted and scope.met(clause.claimed).null_count():
            # rows below leave open whether it is claimed: so is all that hangs on it
            tests = (*shape_scope.tests(clause.claimed), *tests)
        outcome = award_of(award, shape_scope)
        once = self.once.tests(scope, code, objects, declared, rows) if not is_declared_part else ()
        verdict = all_of([*(test.met for test in tests), outcome.verdict, *(test.met for test in once)], scope.height)
        if is_declared_part:
            verdict = verdict & (outcome.lo > 0)
        frame = pl.DataFrame(
            {
                "applicant": owner,
                "code": code,
                "object": objects
                if objects is not None
                else pl.Series([None], dtype=pl.String).new_from_index(0, scope.height),
                "row": pl.int_range(scope.height, eager=True, dtype=pl.UInt32),
                "lo": outcome.lo.fill_null(0),
                "hi": outcome.hi,
                "verdict": verdict,
                "known": outcome.known,
                "declared": self._rests_on_declared(scope, tests, outcome, declared),
                "at_threshold": any_of(
                    [mark for test in (*self._asked(tests), *outcome.tests) for mark in equal_marks(test)], scope.height
                ).fill_null(value=False),
                "held_counts": any_of(
                    [sure(count > 0) for count in self._open_counts(tests, outcome, "held")], scope.height
                ),
                "spoilt": any_of(
                    [sure(count > 0) for count in self._open_counts(tests, outcome, "spoilt")], scope.height
                ),
                "held_amount": sure(outcome.held > 0) if outcome.held is not None else flag(False, scope.height),
                "applied_amount": outcome.applied if outcome.applied is not None else flag(False, scope.height),
                "open_amount": self._open_amount(outcome),
                **reason_columns(tests, outcome.tests, once, scope.height),
            }
        )
        held = self._held(scope)
        marks = self.marks.of(scope, award, when, tests, outcome, rows, declared)
        frame = frame.with_columns(**marks, held_row=held, stand_in=declared)
        trace_rows = frame["row"]
        if rows == "one":
            no = pl.lit(value=False)
            lines = self.lines.single(frame, support, scope, award)
            line_of_row, each = trace_rows, lines.select(adds="lo", elsewhere=no, beyond=no)
        else:
            unmoved = self.amounts.unmoved(scope, award)
            frame = frame.with_columns(unmoved=unmoved.lo.fill_null(0))
            lines, line_of_row, each = self.lines.grouped(frame, rows, outcome.den)
            lines = lines.with_columns(unmoved=rounded(lines["unmoved"], unmoved.den, self.policy.rounding))
        lines = self.amounts.finish(lines, outcome.den, scope, award, is_declared_part=is_declared_part)
        return lines, Trace(
            clause,
            scope,
            Evaluator(scope).tests(clause.claimed) if not is_declared_part else (),
            tests,
            once,
            outcome,
            line_of_row,
            held,
            each["adds"],
            each["elsewhere"],
            each["beyond"],
        )

    def _objects(self, scope: Scope) -> pl.Series | None:
        """The object of each row as typed; None where the clause has none."""
        table = self.policy.tables[scope.table]
        return scope.column(table.object) if table.object is not None and scope.table == self.clause.table else None

    def _declared(self, scope: Scope, *, is_declared_part: bool) -> pl.Series:
        if is_declared_part:
            return flag(True, scope.height)
        mark = scope.rows.declared
        if mark is None:
            return flag(False, scope.height)
        return mark if scope.at is None else mark.gather(scope.at)

    def _rests_on_declared(
        self, scope: Scope, tests: tuple[Test, ...], outcome: Outcome, declared: pl.Series
    ) -> pl.Series:
        marks = [declared]
        marks.extend(
            test.fact.declared
            for test in flat((*tests, *outcome.tests))
            if test.fact is not None and test.fact.declared is not None
        )
        if outcome.declared is not None:
            marks.append(outcome.declared)
        return sure(any_of(marks, scope.height))

    def _open_counts(self, tests: tuple[Test, ...], outcome: Outcome, name: str) -> list[pl.Series]:
        columns = [getattr(test.fact, name) for test in flat((*tests, *outcome.tests)) if test.fact is not None]
        return [column for column in [*columns, getattr(outcome, name)] if column is not None]

    @staticmethod
    def _open_amount(outcome: Outcome) -> pl.Series:
        """Where child rows other than held ones leave the amount open."""
        spread = (outcome.hi > outcome.lo).fill_null(value=True)
        return spread if outcome.loose is None else spread & outcome.loose

    def _asked(self, tests: tuple[Test, ...]) -> list[Test]:
        """The conditions of the document: not that a year of support is one of those that have an instalment."""
        rule = self.clause.instalments
        return [
            test
            for test in tests
            if rule is None or not isinstance(test.condition, Compare) or test.condition.ref != rule.year
        ]

    def _kept(self, scope: Scope) -> tuple[Test, ...]:
        """That a row of several claimants is that of the earliest."""
        claims = self.run.store.claims(scope.table)
        if claims is None or scope.table == self.main or not claims.lost.any():
            return ()
        lost = claims.lost if scope.at is None else claims.lost.gather(scope.at)
        return (Test(None, ~lost, kind="kept"),)

    def _held(self, scope: Scope) -> pl.Series:
        claims = self.run.store.claims(scope.table)
        if claims is None or scope.table == self.main:
            return flag(False, scope.height)
        return claims.held if scope.at is None else claims.held.gather(scope.at)


def _asks(scope: Scope, claimed: Conditions) -> pl.Series:
    """The rows that claim: where it is certain, or a cell or rows below that decide it are there and leave it open."""
    claims, bad = scope.met(claimed), scope.bad(claimed)
    marks = [] if bad is None else [bad]
    if claims.null_count():
        facts = [fact for ref in refs_in(claimed) if (fact := scope.fact(ref)).is_pair]
        marks += [fact.hi.ne_missing(fact.lo) for fact in facts]
    return sure(claims) | (claims.is_null() & any_of(marks, scope.height)) if marks else sure(claims)


def clause_lines(run: Run, clause: Clause) -> list[tuple[pl.DataFrame, Trace]]:
    """The lines of one clause over all applicants, each part with its trace."""
    return ClauseAssessor(run, clause).assess()
