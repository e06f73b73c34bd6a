"""The nearest way to more: which figures, changed by how little, would make a line pay (more).

It is worked out from the tests and steps that the line was assessed with. Nothing is said where a cell is blank or
unreadable, where the line is held, netted, superseded or cut by other support, and where no number but a kind, a date
or an earlier award stands in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.policy.articles import clauses_of
from anqing_subsidy.policy.clauses import FirstPast, HighestOf, PerStep, SumOf
from anqing_subsidy.policy.derivations import OverChildren
from anqing_subsidy.policy.reads import refs_behind
from anqing_subsidy.policy.terms import refs_in
from anqing_subsidy.report.near_change import NearMiss, Way, together
from anqing_subsidy.report.near_ends import Ends, higher_step
from anqing_subsidy.report.near_needs import After, Needs
from anqing_subsidy.report.view import View, award_of, scatter
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.policy.clauses import Award, Clause
    from anqing_subsidy.policy.terms import Ref

_SURE: Final = ("eligible", "ineligible")


def _nearness(miss: NearMiss) -> tuple[int, int, int]:
    """The nearest first; of equally near ones that which pays most, then that of which all figures are nearest."""
    return miss.distance, -miss.amount, sum(change.distance for change in miss.changes)


class NearMisses:
    """Finds the nearest way to more for lines."""

    def __init__(self, assessment: Assessment, words: Wording) -> None:
        self.assessment = assessment
        self.policy = assessment.policy
        self.needs = Needs(words)
        self.ends = Ends(self.policy, self.needs)
        self._behind: dict[Ref, frozenset[Ref]] = {}
        self._read: dict[Ref, frozenset[Ref]] = {}

    def of(self, view: View, is_open: pl.Series) -> dict[int, NearMiss]:
        """The nearest way to more by position of the line; of rows put together, that of the nearest unpaid row.

        `is_open` says of all lines whether a figure alone decides about them (`open`).
        """
        award, at = award_of(view), is_open[view.index].arg_true()
        if award is None or not at.len() or self._cut_beyond(view.trace.clause):
            return {}
        some = view.take(at)
        if not some.adds_rows:
            worth = self._worth(award, some).arg_true()
            at, some = at[worth], some.take(worth)
            misses = self._of_rows(award, some, some.line("amount"))
        else:
            misses = self._of_members(award, some)
        misses = self._beside_others(some, misses)
        return {position: miss for position, miss in zip(at.to_list(), misses, strict=True) if miss is not None}

    def _cut_beyond(self, clause: Clause) -> bool:
        """Whether a line may be paid less than its award says: by a budget, by instalments, by a cap of its group or of rows."""
        policy = self.policy
        around = [group for group in policy.groups if clause.id in clauses_of(group.id, policy)]
        capped = (
            clause.most_rows is not None
            or clause.whole != 1
            or clause.instalments is not None
            or any(group.cap for group in around)
        )
        # which of a group is paid is decided before budgets cut them
        beside = {clause.id, *(one for group in around for one in clauses_of(group.id, policy))}
        return capped or any(self._budgeted(policy.clauses[one]) for one in beside)

    def _budgeted(self, clause: Clause) -> bool:
        """Whether a budget may cut a clause: its own, that of a group or a fund."""
        policy, fund = self.policy, clause.fund
        groups = any(group.budget and clause.id in clauses_of(group.id, policy) for group in policy.groups)
        funds = fund.funds & set(policy.budgets)
        return clause.budget is not None or groups or bool(funds)

    def _of_members(self, award: Award, view: View) -> list[NearMiss | None]:
        """The nearest row that is not paid, or of which a higher one would be; what the line would come to with it."""
        members = view.members()
        worth = self._worth(award, members.view).arg_true()
        rows = members.view.take(worth)
        found: list[NearMiss | None] = [None] * members.view.height
        adds = rows.column(view.trace.adds) // view.trace.outcome.den
        scatter(found, worth.to_list(), self._of_rows(award, rows, adds.to_list()))
        now = (members.view.column(view.trace.adds) // view.trace.outcome.den).to_list()
        highest = view.trace.clause.rows == "highest"
        numbers = members.view.values(members.view.scope.column("_row"))
        # a row that pays less already adds only what is more
        placed = [
            replace(miss, row=number, amount=miss.amount - (0 if highest else paid)) if miss is not None else None
            for miss, number, paid in zip(found, numbers, now, strict=True)
        ]
        several = (members.counts > 1).to_list()
        misses: list[NearMiss | None] = []
        columns = (view.line("amount"), view.line("cap"), several)
        for rows_of_line, amount, cap, many in zip(members.by_line(placed), *columns, strict=True):
            best: NearMiss | None = None
            for miss in rows_of_line:
                if miss is None:
                    continue
                whole = miss.amount if highest else amount + miss.amount
                whole = whole if cap is None else min(whole, cap)
                if whole > amount and (best is None or miss.distance < best.distance):
                    best = replace(miss, amount=whole, row=miss.row if many else None)
            misses.append(best)
        return misses

    def open(self, lines: pl.DataFrame) -> pl.Series:
        """Whether a figure alone decides about each line."""
        cut = pl.any_horizontal(pl.col("potential", "less", "received", "netted", "units_off").fill_null(0) != 0)
        room = pl.col("cap").is_null() | (pl.col("amount") < pl.col("cap"))
        return lines.select(
            pl.col("status").is_in(_SURE)
            & room
            & ~cut
            & ~pl.any_horizontal(pl.col("decided", "topped").fill_null(value=False))
            & ~pl.col("code").is_in(self._cut_elsewhere().implode())
            & ~pl.col("object").is_in(self.assessment.doubtful["object"].drop_nulls().implode()).fill_null(value=False)
        ).to_series()

    def _cut_elsewhere(self) -> pl.Series:
        """Who was paid this year already, for something unknown, or has other support: what is due may be less."""
        policy, rows = self.policy, self.assessment.store.rows
        codes = pl.Series([], dtype=pl.String)
        if policy.paid is not None:
            paid = rows[policy.paid.table].frame
            year = pl.col(policy.paid.year).fill_null(policy.year)
            codes = codes.append(paid.filter(year == policy.year)[policy.payee.code])
        if policy.support is not None:
            codes = codes.append(rows[policy.support.table].frame[policy.payee.code])
        return codes.append(self.assessment.doubtful["code"]).drop_nulls()

    def _beside_others(self, view: View, misses: list[NearMiss | None]) -> list[NearMiss | None]:
        """Only what would pay more although of some clauses the highest alone is paid."""
        clause = view.trace.clause.id
        rivals = {
            other
            for group in self.policy.groups
            if group.pays == "highest"
            for branches in [[set(clauses_of(member, self.policy)) for member in group.members]]
            if any(clause in branch for branch in branches)
            for branch in branches
            if clause not in branch
            for other in branch
        }
        if not rivals:
            return misses
        lines = self.assessment.lines.filter(pl.col("clause").is_in(list(rivals)) & (pl.col("amount") > 0))
        paid = dict(lines.group_by("applicant").agg(pl.col("amount").sum()).rows())
        applicants = view.line("applicant")
        return [
            miss if miss is not None and miss.amount > paid.get(applicant, 0) else None
            for miss, applicant in zip(misses, applicants, strict=True)
        ]

    # ---- rows -----------------------------------------------------------------------------------

    def _worth(self, award: Award, view: View) -> pl.Series:
        """The rows that figures alone could make pay more: only there it is worked out what they would come to."""
        trace = view.trace
        tests = (*trace.tests, *trace.once)
        met = pl.Series([True]).new_from_index(0, view.height)
        for test in tests:
            met = met & sure(view.column(test.met))
        # a plain sum or rate pays more only after something else has changed
        more = ~met
        if isinstance(award.shape, FirstPast):
            more = more | higher_step(award.shape, trace.outcome, view)
        elif isinstance(award.shape, PerStep):
            more = more | True
        elif isinstance(award.shape, HighestOf | SumOf):
            more = more | self.ends.other_row(award.shape, trace.outcome, view)
        return more & self.needs.possible(tests, view) & ~view.column(trace.held)

    def _tangled(self, changes: Way, of: Ref | None, rests: frozenset[Ref]) -> bool:
        """Whether figures that would change move each other, so that nobody can say where they end: growth and sales.

        Or move what else decides the sum (`rests`): a factor, a cap, a rate chosen by one of them.
        """
        changed = {change.ref for change in changes}
        columns = [column for fact in {*changed, *([of] if of is not None else [])} for column in self._columns(fact)]
        moved = {column for fact in changed for column in self._columns(fact)}
        return len(columns) != len(set(columns)) or any(moved & self._columns(fact) for fact in rests)

    def _moved(self, fact: Ref) -> frozenset[Ref]:
        """What a change of a fact moves: its columns; of a count over rows only the count, for a further row may be of no size."""
        derived = self.policy.facts.get(fact)
        over_rows = derived is not None and isinstance(derived.how, OverChildren)
        return frozenset((fact,)) if over_rows else self._columns(fact)

    def _reads(self, fact: Ref) -> frozenset[Ref]:
        """A fact, and all that it is worked out from."""
        if fact not in self._read:
            self._read[fact] = frozenset(refs_behind(fact, self.policy.facts))
        return self._read[fact]

    def _columns(self, fact: Ref) -> frozenset[Ref]:
        """The columns that a fact is worked out from, or itself."""
        if fact not in self._behind:
            behind = (ref for ref in refs_behind(fact, self.policy.facts) if ref not in self.policy.facts)
            self._behind[fact] = frozenset(behind)
        return self._behind[fact]

    def _of_rows(self, award: Award, view: View, amounts: Sequence[int]) -> list[NearMiss | None]:
        """The nearest way to more for each row, whose amount is given."""
        trace, mode = view.trace, self.policy.rounding
        needs = self.needs.of((*trace.tests, *trace.once), view)
        capped_by = frozenset(refs_in(trace.clause.cap))
        found: list[NearMiss | None] = []
        all_ends, caps = self.ends.of(award, trace.outcome, view), view.line("cap")
        tests = (*trace.tests, *trace.once)
        for at, (way, ends, cap, amount) in enumerate(zip(needs, all_ends, caps, amounts, strict=True)):
            misses = []
            for end in ends:
                changes = together((*(way or ()), *end.way))
                if not changes or self._tangled(changes, end.of, end.rests | capped_by):
                    continue
                if (reached := end.at(changes, mode)) is None:
                    continue
                changes, gross = reached
                # what makes one condition hold must not undo another
                if self.needs.still((*tests, *end.when), view, at, After(changes, self._moved, self._reads)):
                    misses.append(NearMiss(changes, gross if cap is None else min(gross, cap)))
            better = (miss for miss in misses if way is not None and miss.amount > amount)
            found.append(min(better, key=_nearness, default=None))
        return found
