"""One clause over all applicants: conditions, award, cap, what was paid, other support, status.

The order is that of the domain page: bad data, claimed, conditions, once and first, rate, cap and
rounding, other support. What follows (routes, netting, decisions, funds) looks at several lines and
is done in `between` and `decide`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anqing_subsidy.engine.between import pools_of
from anqing_subsidy.engine.earlier import EarlierYears, Figures, Paid
from anqing_subsidy.engine.exact import all_of, any_of, flag, rounded, smaller, sure, times, whole
from anqing_subsidy.engine.fact import Fact
from anqing_subsidy.engine.facts import FactStore, Scope
from anqing_subsidy.engine.reasons import reason_columns
from anqing_subsidy.engine.shapes import Outcome, award_of
from anqing_subsidy.engine.support import OtherSupport, Received
from anqing_subsidy.engine.verdict import Evaluator, Test
from anqing_subsidy.policy.model import Award, Clause, Conditions, FirstPast, Once, Pay, Policy, Ref
from anqing_subsidy.policy.reads import refs_in
from anqing_subsidy.tables import BAD


@dataclass(frozen=True)
class Run:
    """What every clause of a run looks at."""

    policy: Policy
    store: FactStore
    figures: Figures
    paid: Paid
    support: OtherSupport


@dataclass(frozen=True)
class Trace:
    """How the lines of a clause came about, by row: the explanation reads it, nothing is computed again."""

    clause: Clause
    scope: Scope
    claimed: tuple[Test, ...]
    tests: tuple[Test, ...]
    once: tuple[Test, ...]
    outcome: Outcome
    line_of_row: pl.Series
    held: pl.Series


class ClauseScope:
    """What a shape sees of the rows of a clause."""

    def __init__(self, run: Run, scope: Scope, less_units: pl.Series | None) -> None:
        self.scope = scope
        self.less_units = less_units
        self.earlier = EarlierYears(run.figures, run.paid, scope, run.policy.main)

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.scope.height

    def fact(self, ref: Ref) -> Fact:
        """A fact at the rows."""
        return self.scope.fact(ref)

    def tests(self, conditions: Conditions) -> tuple[Test, ...]:
        """Conditions at the rows."""
        return Evaluator(self.scope).tests(conditions)


class ClauseAssessor:
    """Assesses one clause (or its declared stand-in) over the rows that claim it."""

    def __init__(self, run: Run, clause: Clause) -> None:
        self.run = run
        self.policy = run.policy
        self.clause = clause
        self.main = run.policy.main

    # ---- rows ---------------------------------------------------------------------------------

    def _claiming(self, table: str, claimed: Conditions) -> Scope:
        """The rows that claim the clause: where it is certain, or a cell that decides it cannot be read."""
        whole_table = self.run.store.scope(table)
        claims = whole_table.met(claimed)
        bad = whole_table.bad(claimed)
        wanted = sure(claims)
        if bad is not None:
            wanted = wanted | (claims.is_null() & bad)
        if self.clause.where and table == self.clause.table:
            wanted = wanted & sure(whole_table.met(self.clause.where))
        at = pl.int_range(whole_table.height, eager=True, dtype=pl.UInt32).filter(wanted)
        return self.run.store.scope(table, at)

    def assess(self) -> list[tuple[pl.DataFrame, Trace]]:
        """The lines of the clause, with their trace; a second part where declared figures stand in."""
        parts = [
            self._assess(
                self._claiming(self.clause.table, self.clause.claimed),
                self.clause.award,
                self.clause.when,
                self.clause.rows,
            )
        ]
        if self.clause.declared_award is not None:
            scope = self._declaring()
            parts.append(self._assess(scope, self.clause.declared_award, (), "one"))
        return [(lines, trace) for lines, trace in parts if lines.height]

    def _declaring(self) -> Scope:
        """Applicants without rows of the clause's table that filled in a declared figure instead."""
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
        return self.run.store.scope(self.main, index.filter(any_of(marks, scope.height) & ~detailed))

    # ---- one part -----------------------------------------------------------------------------

    def _assess(self, scope: Scope, award: Award, when: Conditions, rows: str) -> tuple[pl.DataFrame, Trace]:
        run, clause = self.run, self.clause
        is_declared_part = award is clause.declared_award
        owner = scope.up(self.main)
        code = run.paid.codes.gather(owner)
        objects = self._objects(scope)
        declared = self._declared(scope, is_declared_part=is_declared_part)
        by_units = isinstance(award.shape, Pay) and award.shape.per is not None and rows == "one"
        support = run.support.received(
            run.support.of(clause.id, by_units=by_units),
            code,
            objects if rows == "one" and clause.line_per == "row" and scope.table != self.main else None,
            declared,
        )
        shape_scope = ClauseScope(run, scope, support.units if by_units else None)
        tests = shape_scope.tests(when)
        outcome = award_of(award, shape_scope)
        once = self._once(scope, code, objects, declared, rows) if not is_declared_part else ()
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
                    [mark for test in (*tests, *outcome.tests) for mark in _equal_marks(test)], scope.height
                ).fill_null(value=False),
                "held_counts": any_of(
                    [sure(count > 0) for count in self._open_counts(tests, outcome, "held")], scope.height
                ),
                "spoilt": any_of(
                    [sure(count > 0) for count in self._open_counts(tests, outcome, "spoilt")], scope.height
                ),
                "held_amount": sure(outcome.held > 0) if outcome.held is not None else flag(False, scope.height),
                "open_amount": self._open_amount(outcome),
                **reason_columns(tests, outcome.tests, once, scope.height),
            }
        )
        held = self._held(scope)
        marks = self._marks(scope, award, when, tests, outcome, rows, declared)
        frame = frame.with_columns(**marks, held_row=held, stand_in=declared)
        trace_rows = frame["row"]
        if rows == "one":
            lines = self._single(frame, support, scope, award)
            line_of_row = trace_rows
        else:
            lines, line_of_row = self._grouped(frame, rows, outcome.den)
        lines = self._finish(lines, outcome.den, scope, award, is_declared_part=is_declared_part)
        return lines, Trace(
            clause,
            scope,
            Evaluator(scope).tests(clause.claimed) if not is_declared_part else (),
            tests,
            once,
            outcome,
            line_of_row,
            held,
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
            for test in _flat((*tests, *outcome.tests))
            if test.fact is not None and test.fact.declared is not None
        )
        if outcome.declared is not None:
            marks.append(outcome.declared)
        return sure(any_of(marks, scope.height))

    def _open_counts(self, tests: tuple[Test, ...], outcome: Outcome, name: str) -> list[pl.Series]:
        columns = [getattr(test.fact, name) for test in _flat((*tests, *outcome.tests)) if test.fact is not None]
        return [column for column in [*columns, getattr(outcome, name)] if column is not None]

    @staticmethod
    def _open_amount(outcome: Outcome) -> pl.Series:
        """Where child rows other than held ones leave the amount open."""
        spread = (outcome.hi > outcome.lo).fill_null(value=True)
        return spread if outcome.held is None else spread & ~sure(outcome.held > 0)

    def _held(self, scope: Scope) -> pl.Series:
        claims = self.run.store.claims(scope.table)
        if claims is None or scope.table == self.main:
            return flag(False, scope.height)
        return claims.held if scope.at is None else claims.held.gather(scope.at)

    def _marks(
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
            dict.fromkeys([*refs_in(clause.claimed), *refs_in(when), *refs_in(award), *refs_in(clause.fund.due_to)])
        )
        first_past = isinstance(award.shape, FirstPast)
        if first_past and self.policy.history is not None and self.policy.history.basis == "fact":
            direct.append(self.policy.history.since)
        bad, bad_row = flag(False, scope.height), flag(False, scope.height)
        for ref in direct:
            mark = scope.fact(ref).bad
            if mark is None:
                continue
            if rows != "one" and ref.table == scope.table:
                # a declared row stands on the applicant's own sheet: its cells are the applicant's
                bad, bad_row = bad | (mark & declared), bad_row | (mark & ~declared)
            else:
                bad = bad | mark
        if first_past:
            prior = EarlierYears(self.run.figures, self.run.paid, scope, self.main).prior(award.shape.metric)  # type: ignore[union-attr]  # only a FirstPast gets here
            if prior.bad is not None:
                bad = bad | prior.bad
        return {
            "bad": bad,
            "bad_row": bad_row,
            "bad_code": self._bad_code(scope),
            "conflict": self._conflict(scope, tests, outcome, first_past=first_past),
            "fund_open": scope.fact(clause.fund.due_to).lo.is_null()
            if clause.fund.due_to is not None
            else flag(False, scope.height),
            "moved": sure(scope.fact(clause.fund.due_to).lo)
            if clause.fund.due_to is not None
            else flag(False, scope.height),
        }

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
            for test in _flat((*tests, *outcome.tests))
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
        beside = {self.clause.id, *self.clause.less_paid}
        if first_past:
            beside |= set(self.clause.award.shape.once_with)  # type: ignore[union-attr]  # only a FirstPast gets here
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

    # ---- once ---------------------------------------------------------------------------------

    def _once(
        self, scope: Scope, code: pl.Series, objects: pl.Series | None, declared: pl.Series, rows: str
    ) -> tuple[Test, ...]:
        found = []
        for rule in self.clause.once:
            if rule.same == ("applicant",):
                blocked = sure(code.is_in(self.run.paid.codes_paid(self.clause.id).implode()))
                found.append(Test(None, ~blocked, kind="unpaid"))
            elif "level" in rule.same:
                found.append(self._once_level(rule, scope, code, objects, declared))
            elif objects is not None:
                found.append(self._once_object(code, objects, declared, rows))
        return tuple(found)

    def _once_object(self, code: pl.Series, objects: pl.Series, declared: pl.Series, rows: str) -> Test:
        blocked = self.run.paid.object_blocked(self.clause.id, code, objects)
        met = ~blocked
        if rows == "one":
            unnamed = sure(code.is_in(self.run.paid.codes_paid(self.clause.id, blank_object=True).implode()))
            met = met & flag(None, code.len()).zip_with(unnamed, flag(True, code.len()))
            ever = sure(code.is_in(self.run.paid.codes_paid(self.clause.id).implode()))
            met = flag(False, code.len()).zip_with(declared & ever, met)
        return Test(None, met, kind="unpaid")

    def _once_level(
        self, rule: Once, scope: Scope, code: pl.Series, objects: pl.Series | None, declared: pl.Series
    ) -> Test:
        holder = objects.fill_null(code) if objects is not None else code
        paid, unsure = self.run.paid.levels(self.clause.id, code, holder, declared, dict(rule.ranks))
        level = (
            scope.fact(rule.level).lo
            if rule.level is not None
            else pl.Series([None], dtype=pl.String).new_from_index(0, code.len())
        )
        rank = level.replace_strict(dict(rule.ranks), default=None, return_dtype=pl.Int64)
        blocked = sure(paid >= rank.fill_null(max(rule.ranks.values(), default=0)))
        met = flag(False, code.len()).zip_with(blocked, flag(None, code.len()).zip_with(unsure, flag(True, code.len())))
        return Test(None, met, kind="unpaid")

    # ---- lines --------------------------------------------------------------------------------

    def _single(self, frame: pl.DataFrame, support: Received, scope: Scope, award: Award) -> pl.DataFrame:
        """One line a row: the row's amounts are the line's."""
        full_hi = frame["hi"]
        if isinstance(award.shape, Pay) and award.shape.per is not None:
            full_hi = award_of(award, ClauseScope(self.run, scope, None)).hi
        return frame.with_columns(
            full_hi.alias("full_hi"),
            support.definite.alias("excluded"),
            support.received.alias("received"),
            support.received_blank.alias("received_blank"),
            support.units.alias("units_off"),
            support.unsure.alias("unsure"),
            support.applied.alias("applied"),
            (~frame["known"]).alias("own_open"),
            pl.Series("rows_open_held", frame["held_amount"] | frame["held_row"]),
            pl.Series("rows_open_other", frame["open_amount"]),
            pl.Series("line_open_row", frame["held_row"]),
        ).with_columns(
            lo=pl.when(pl.col("held_row")).then(0).otherwise(pl.col("lo")),
        )

    def _grouped(self, frame: pl.DataFrame, rows: str, den: int) -> tuple[pl.DataFrame, pl.Series]:
        """Rows put together in one line an applicant, or an applicant and object."""
        by_object = self.clause.line_per == "object"
        frame = self._support_rows(frame, den)
        open_row = (
            pl.col("verdict").is_null()
            | ~pl.col("known")
            | pl.col("row_unsure")
            | pl.col("row_applied")
            | pl.col("held_row")
        ) & pl.col("verdict").fill_null(value=True)
        other = (pl.col("verdict").is_null() | ~pl.col("known") | pl.col("row_unsure")) & pl.col("verdict").fill_null(
            value=True
        )
        frame = frame.with_columns(is_open=open_row & ~pl.col("row_off"), other_open=other & ~pl.col("row_off"))
        certain = pl.col("verdict").fill_null(value=False) & ~pl.col("is_open") & ~pl.col("row_off")
        frame = frame.with_columns(
            lo=pl.when(certain).then(pl.col("lo")).otherwise(0),
            hi=pl.when(certain | pl.col("is_open")).then(pl.col("hi")).otherwise(0),
            group=pl.col("object").fill_null(pl.col("code")) if by_object else pl.lit(""),
        )
        pays = pl.col("hi").is_null() | (pl.col("hi") > 0)

        def pick(name: str) -> pl.Expr:
            return pl.col(name).sum() if rows == "add_up" else pl.col(name).max()

        lines = frame.group_by("applicant", "group", maintain_order=True).agg(
            pl.col("code").first(),
            pl.col("object").first() if by_object else pl.lit(None, dtype=pl.String).alias("object"),
            pl.col("row").first(),
            pick("lo"),
            pl.when(pl.col("hi").is_null().any()).then(None).otherwise(pick("hi")).alias("hi"),
            pl.col("declared").any(),
            pl.col("stand_in").any(),
            (pl.col("at_threshold") & (pl.len() == 1)).any(),
            pl.col("held_counts").any(),
            (pl.col("spoilt") | (pl.col("bad_row") & pl.col("is_open"))).any().alias("spoilt"),
            pl.col("bad").any(),
            pl.col("bad_code").any(),
            pl.col("conflict").any(),
            pl.col("fund_open").any(),
            pl.col("moved").any(),
            (pl.col("is_open") & ~pl.col("other_open") & pays).any().alias("rows_open_held"),
            (pl.col("other_open") & pays).any().alias("rows_open_other"),
            (pl.col("is_open") & pays).any().alias("line_open_row"),
            pl.col("fail_reason").min(),
            pl.col("open_reason").min(),
            pl.col("blocked").all(),
        )
        numbered = lines.select("applicant", "group").with_row_index("line")
        line_of_row = frame.select("applicant", "group").join(
            numbered, on=["applicant", "group"], how="left", maintain_order="left"
        )["line"]
        lines = lines.with_columns(
            verdict=(pl.col("lo") > 0) | pl.col("rows_open_held") | pl.col("rows_open_other"),
            own_open=pl.lit(value=False),
            full_hi=pl.col("hi"),
        )
        codes = lines["code"]
        holder = lines["group"] if by_object else None
        support_rows = self.run.support.of(self.clause.id, by_units=False)
        if support_rows.height and not by_object:
            support_rows = support_rows.filter(pl.col("object").is_null())
        received = self.run.support.received(support_rows, codes, holder, lines["stand_in"] if by_object else None)
        lines = lines.with_columns(
            received.definite.alias("excluded"),
            received.received.alias("received"),
            received.received_blank.alias("received_blank"),
            whole(0, lines.height).alias("units_off"),
            received.unsure.alias("unsure"),
            received.applied.alias("applied"),
        )
        return lines.drop("group"), line_of_row

    def _support_rows(self, frame: pl.DataFrame, den: int) -> pl.DataFrame:
        """Support that names the object of a row takes that row off, or leaves it open."""
        height = frame.height
        rows = self.run.support.of(self.clause.id, by_units=False)
        none = flag(False, height)
        if self.clause.line_per == "object" or not rows.height or rows["object"].null_count() == rows.height:
            return frame.with_columns(row_off=none, row_unsure=none, row_applied=none)
        found = self.run.support.received(rows.filter(pl.col("object").is_not_null()), frame["code"], frame["object"])
        unsure = found.unsure
        if self.run.support.effect == "top_up":
            less = times(found.received, den)
            frame = frame.with_columns(lo=(frame["lo"] - less).clip(0), hi=(frame["hi"] - less).clip(0))
            return frame.with_columns(
                row_off=none, row_unsure=unsure | found.received_blank, row_applied=found.applied & ~unsure
            )
        return frame.with_columns(
            row_off=found.definite,
            row_unsure=unsure & ~found.definite,
            row_applied=found.applied & ~unsure & ~found.definite,
        )

    # ---- cap, rounding, what was paid, support, status ------------------------------------------

    def _finish(
        self, lines: pl.DataFrame, den: int, scope: Scope, award: Award, *, is_declared_part: bool
    ) -> pl.DataFrame:
        clause, mode, height = self.clause, self.policy.rounding, lines.height
        cap, cap_unsure = self._cap(lines)
        gross, gross_hi = rounded(lines["lo"], den, mode), rounded(lines["hi"], den, mode)
        net, net_hi, full = gross, gross_hi, rounded(lines["full_hi"], den, mode)
        used_up = flag(False, height)
        if cap is not None:
            used_up = (cap == 0) & (gross_hi > 0).fill_null(value=True) if clause.cap != 0 else used_up
            net = smaller(gross, cap)
            net_hi = smaller(gross_hi, cap).zip_with(gross_hi.is_not_null(), gross_hi)
            full = smaller(full, cap).zip_with(full.is_not_null(), full)
        less, less_unsure = self._less_paid(lines)
        before_less_hi = net_hi
        net, net_hi, full = (net - less).clip(0), (net_hi - less).clip(0), (full - less).clip(0)
        used_up = used_up | (sure(net_hi == 0) & sure(before_less_hi > 0))
        base = self._without_move(lines, scope, award, cap, less) if not is_declared_part else net
        lines = lines.with_columns(
            pl.lit(clause.id).alias("clause"),
            gross=gross,
            gross_hi=gross_hi,
            cap=cap if cap is not None else whole(None, height),
            less=less,
            net=net,
            net_hi=net_hi,
            full=full,
            base=base,
            used_up=used_up,
            paid_unsure=cap_unsure | less_unsure,
        )
        return self._supported(lines)

    def _cap(self, lines: pl.DataFrame) -> tuple[pl.Series | None, pl.Series]:
        clause = self.clause
        if clause.cap is None:
            return None, flag(False, lines.height)
        cap = whole(clause.cap, lines.height)
        if clause.cap_scope == "per_year":
            return cap, flag(False, lines.height)
        paid, unsure = self.run.paid.amounts((clause.id,), lines["code"])
        return (cap - paid).clip(0), unsure

    def _less_paid(self, lines: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
        clause = self.clause
        if not clause.less_paid:
            return whole(0, lines.height), flag(False, lines.height)
        if self.policy.tables[clause.table].object is None:
            return self.run.paid.amounts(clause.less_paid, lines["code"])
        return self.run.paid.amounts(
            clause.less_paid, lines["code"], lines["object"].fill_null(lines["code"]), lines["stand_in"]
        )

    def _without_move(
        self, lines: pl.DataFrame, scope: Scope, award: Award, cap: pl.Series | None, less: pl.Series
    ) -> pl.Series:
        """The same line computed as if the fact that moves it to the other fund were no."""
        due_to = self.clause.fund.due_to
        if due_to is None or self.clause.fund.part == "whole_line" or self.clause.rows != "one":
            return whole(0, lines.height)
        other = Scope(self.run.store, scope.table, scope.at, {due_to: False})
        outcome = award_of(
            award, ClauseScope(self.run, other, lines["units_off"] if "units_off" in lines.columns else None)
        )
        base = rounded(outcome.lo.fill_null(0), outcome.den, self.policy.rounding)
        if cap is not None:
            base = smaller(base, cap)
        return (base - less).clip(0)

    def _supported(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Support for the whole line: excluded, or the difference paid."""
        all_units = (
            (pl.col("units_off") > 0)
            & ((pl.col("net_hi") == 0).fill_null(value=False))
            & ((pl.col("full") > 0).fill_null(value=True))
        )
        if self.run.support.effect == "exclude":
            return lines.with_columns(excluded=pl.col("excluded") | all_units, topped=pl.lit(value=False))
        left = (pl.col("net_hi") - pl.col("received")).clip(0)
        nothing = pl.col("excluded") & ~pl.col("received_blank") & (left == 0).fill_null(value=False)
        return lines.with_columns(
            excluded=nothing | all_units,
            topped=pl.col("excluded") & (pl.col("received") > 0),
            paid_unsure=pl.col("paid_unsure") | pl.col("received_blank"),
            net=(pl.col("net") - pl.col("received")).clip(0),
            net_hi=left,
        )


def _flat(tests: tuple[Test, ...]) -> list[Test]:
    found = []
    for test in tests:
        found.append(test)
        for branch in test.branches:
            found.extend(_flat(branch))
    return found


def _equal_marks(test: Test) -> list[pl.Series]:
    return [inner.equal for inner in _flat((test,)) if inner.equal is not None]


def clause_lines(run: Run, clause: Clause) -> list[tuple[pl.DataFrame, Trace]]:
    """The lines of one clause over all applicants, each part with its trace."""
    return ClauseAssessor(run, clause).assess()
