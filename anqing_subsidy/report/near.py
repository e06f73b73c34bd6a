"""The nearest way to more: which figures, changed by how little, would make a line pay (more).

It is worked out from the tests and steps that the line was assessed with. Nothing is said where a cell is blank or
unreadable, where the line is held, netted, superseded or cut by other support, and where no number but a kind, a date
or an earlier award stands in the way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.engine.between import clauses_of
from anqing_subsidy.engine.shapes import Outcome
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.money import SCALE, decimal_text, grouped, round_ratio
from anqing_subsidy.policy.model import FirstPast, HighestOf, Pay, Rate, Ref, SumOf
from anqing_subsidy.report.conditions import ConditionLeaf
from anqing_subsidy.report.view import View, scatter
from anqing_subsidy.report.words import Wording, share

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.policy.model import Award

_CLOSE: Final = 10_000
"""In millionths of a threshold: a figure within 1 % of it is close."""
_SURE: Final = ("eligible", "ineligible")


@dataclass(frozen=True, slots=True)
class Change:
    """A figure, what it is, what it would have to be (smallest units), and how far that is in millionths of it."""

    ref: Ref
    value: int
    needed: int
    den: int | None = None

    @property
    def distance(self) -> int:
        """How far it is, in millionths of what is needed."""
        return abs(self.needed - self.value) * 1_000_000 // max(abs(self.needed), 1)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What would have to change in one line, and what the line would then come to, in fen."""

    changes: tuple[Change, ...]
    amount: int

    @property
    def distance(self) -> int:
        """The farthest of its changes."""
        return max(change.distance for change in self.changes)

    @property
    def is_close(self) -> bool:
        """Whether no figure is more than one part in a hundred away."""
        return self.distance <= _CLOSE


def near_text(miss: NearMiss | None, words: Wording) -> str:
    """What would have to change, in a sentence; empty where nothing near does."""
    if miss is None:
        return ""
    steps = words.say("，且", ", and ").join(_change_text(change, words) for change in miss.changes)
    amount = grouped(miss.amount)
    return words.say(f"{steps}，本项可得 {amount} 元", f"{steps}: the line would come to {amount}")


def _change_text(change: Change, words: Wording) -> str:
    label = words.label(change.ref)
    if change.den is not None:
        now, then = share(change.value, change.den), share(change.needed, change.den)
        return words.say(f"{label}由 {now} 变为 {then}", f"{label} from {now} to {then}")
    scale = SCALE.get(words.policy.type_of(change.ref), 1)
    gap, then = decimal_text(abs(change.needed - change.value), scale), decimal_text(change.needed, scale)
    if change.needed > change.value:
        return words.say(f"{label}再多 {gap}（达到 {then}）", f"{label} {gap} more (reaching {then})")
    return words.say(f"{label}减少 {gap}（不超过 {then}）", f"{label} {gap} less (at most {then})")


Way = tuple[Change, ...]
Ways = list[Way | None]
"""Of each line what must change for some tests to hold: nothing (empty), some figures, or (None) no figure helps."""


class NearMisses:
    """Finds the nearest way to more for lines."""

    def __init__(self, assessment: Assessment, words: Wording) -> None:
        self.assessment = assessment
        self.policy = assessment.policy
        self.words = words
        self._paid: dict[tuple[int, str], int] | None = None

    def of(self, view: View) -> list[NearMiss | None]:
        """The nearest way to more for each line; of rows put together, that of the nearest row that is not paid."""
        found: list[NearMiss | None] = [None] * view.height
        at = self._open(view)
        if not at:
            return found
        some = view.take(at)
        if not some.adds_rows:
            misses = self._of_rows(some, some.line("amount"))
        else:
            members = some.members()
            each = members.by_line(self._of_rows(members.view, [0] * members.view.height))
            highest = view.trace.clause.rows == "highest"
            misses = [
                min(
                    (miss for miss in rows if miss is not None and not (highest and miss.amount <= amount)),
                    key=lambda miss: miss.distance,
                    default=None,
                )
                for rows, amount in zip(each, some.line("amount"), strict=True)
            ]
        scatter(found, at, self._beside_others(some, misses))
        return found

    def _open(self, view: View) -> list[int]:
        """The lines that a figure alone decides, by position."""
        cut = pl.any_horizontal(pl.col("potential", "less", "received", "netted", "units_off").fill_null(0) != 0)
        room = pl.col("cap").is_null() | (pl.col("amount") < pl.col("cap"))
        mine = view.lines[view.index].select(
            pl.col("status").is_in(_SURE)
            & room
            & ~cut
            & ~pl.any_horizontal(pl.col("decided", "topped").fill_null(value=False))
            & ~pl.col("code").is_in(self._cut_elsewhere().implode())
        )
        return mine.to_series().arg_true().to_list()

    def _cut_elsewhere(self) -> pl.Series:
        """Who was paid in this year already or has other support: what is due may be less, in whatever line."""
        policy, rows = self.policy, self.assessment.store.rows
        codes = pl.Series([], dtype=pl.String)
        if policy.paid is not None:
            paid = rows[policy.paid.table].frame
            year = pl.col(policy.paid.year).fill_null(policy.year)
            codes = codes.append(paid.filter(year == policy.year)[policy.payee.code])
        if policy.support is not None:
            codes = codes.append(rows[policy.support.table].frame[policy.payee.code])
        return codes.drop_nulls()

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
        paid = self._paid_amounts()
        return [
            miss
            if miss is not None and miss.amount > sum(paid.get((applicant, rival), 0) for rival in rivals)
            else None
            for miss, applicant in zip(misses, view.line("applicant"), strict=True)
        ]

    def _paid_amounts(self) -> dict[tuple[int, str], int]:
        if self._paid is None:
            lines = self.assessment.lines.filter(self.assessment.lines["amount"] > 0)
            self._paid = {}
            for applicant, clause, amount in lines.select("applicant", "clause", "amount").rows():
                self._paid[applicant, clause] = self._paid.get((applicant, clause), 0) + amount
        return self._paid

    # ---- rows -----------------------------------------------------------------------------------

    def _of_rows(self, view: View, amounts: Sequence[int]) -> list[NearMiss | None]:
        """The nearest way to more for each row, whose amount is given."""
        trace, mode = view.trace, self.policy.rounding
        award = trace.clause.award if trace.scope.table == trace.clause.table else trace.clause.declared_award
        if award is None:
            return [None] * view.height
        needs = self._needs((*trace.tests, *trace.once), view)
        # a plain sum or rate pays more only after something else has changed
        stays = isinstance(award.shape, Pay | Rate)
        at = [row for row, way in enumerate(needs) if way or (way is not None and not stays)]
        found: list[NearMiss | None] = [None] * view.height
        if not at:
            return found
        some = view.take(at)
        columns = (at, self._ends(award, trace.outcome, some), some.line("cap"))
        smallest = Fraction(1, 2) if mode == "half_up_fen" else Fraction(1)
        for row, ends, cap in zip(*columns, strict=True):
            misses = []
            for end in ends:
                changes = _together((*(needs[row] or ()), *end.way))
                if changes:
                    changes, worth = end.at(changes, smallest)
                    gross = round_ratio(worth.numerator, worth.denominator, mode)
                    misses.append(NearMiss(changes, gross if cap is None else min(gross, cap)))
            better = (miss for miss in misses if miss.amount > amounts[row])
            found[row] = min(better, key=lambda miss: miss.distance, default=None)
        return found

    def _needs(self, tests: tuple[Test, ...], view: View) -> Ways:
        """What must change for all tests to hold."""
        ways: Ways = [()] * view.height
        for test in tests:
            for at, more in enumerate(self._need(test, view)):
                way = ways[at]
                ways[at] = None if way is None or more is None else (*way, *more)
        return ways

    def _need(self, test: Test, view: View) -> Ways:
        """What must change for one test to hold; of several ways the nearest."""
        if not test.branches:
            return self._figure(test, view)
        met = view.values(test.met)
        branches = [self._needs(branch, view) for branch in test.branches]
        return [
            ()
            if holds
            else min((way for way in ways if way is not None), key=_distance, default=None)
            if holds is False
            else None
            for holds, ways in zip(met, zip(*branches, strict=True), strict=True)
        ]

    def _figure(self, test: Test, view: View) -> Ways:
        """The figure that a failing threshold needs."""
        met, fact = view.values(test.met), test.fact
        leaf = ConditionLeaf(self.words, test, view, None)
        if fact is None or leaf.ref is None or not test.is_threshold:
            return [() if holds else None for holds in met]
        up = leaf.op in (">=", ">")
        step = {">=": 0, ">": 1, "<=": 0, "<": -1}[leaf.op]
        ends = view.values(fact.hi if up else fact.lo)
        dens = view.values(fact.den) if fact.den is not None else [None] * view.height
        found: Ways = []
        for holds, value, level, den in zip(met, ends, leaf.threshold, dens, strict=True):
            if holds is not False:
                found.append(() if holds else None)
            elif value is None or level is None or (fact.den is not None and not den):
                found.append(None)
            else:
                # the nearest whole unit that satisfies the comparison
                exact = level * den if den else level
                needed = -(-exact // 1) if up else exact // 1
                needed += step if needed == exact else 0
                found.append((Change(leaf.ref, value, int(needed), den),))
        return found

    # ---- what an award comes to -----------------------------------------------------------------

    def _ends(self, award: Award, outcome: Outcome, view: View) -> list[list[End]]:
        """Where an award can end up for each row: as it is, or a step, row or tier higher."""
        shape = award.shape
        if isinstance(shape, FirstPast):
            ends = self._tiers(shape, outcome, view)
        elif isinstance(shape, HighestOf | SumOf):
            ends = self._choice(shape, outcome, view)
        else:
            ends = self._plain(shape, outcome, view)
        if "factor" not in outcome.steps:
            return ends
        factors = view.values(outcome.steps["factor"])
        return [
            [end.times(factor) for end in mine] if factor else [] for mine, factor in zip(ends, factors, strict=True)
        ]

    def _plain(self, shape: Pay | Rate, outcome: Outcome, view: View) -> list[list[End]]:
        """A sum, a sum a unit, a rate: by the figures that they are worked out from."""
        steps = outcome.steps
        if isinstance(shape, Rate):
            columns = (view.values(steps["base"]), view.values(steps["rate"]))
            return [
                []
                if base is None or not rate
                else [End((), base, Fraction(rate, steps["rate_den"]), shape.of, shape.only_above)]
                for base, rate in zip(*columns, strict=True)
            ]
        pays = view.values(steps["pay"])
        if shape.per is None:
            return [[End((), 1, Fraction(pay))] if pay else [] for pay in pays]
        scale = SCALE.get(self.policy.type_of(shape.per), 1)
        return [
            [End((), units, Fraction(pay, scale), shape.per)] if pay and units is not None else []
            for pay, units in zip(pays, view.values(steps["units"]), strict=True)
        ]

    def _tiers(self, shape: FirstPast, outcome: Outcome, view: View) -> list[list[End]]:
        """The tier that is passed, and the next one that was neither passed nor paid before."""
        past, first, unpaid = outcome.tests
        columns = (
            view.values(past.met),
            view.values(outcome.verdict),
            view.values(past.values["tier"]),
            view.values(past.fact.lo if past.fact is not None else None),
            view.values(first.values["tier"]),
            view.values(first.values["missing"]),
            view.values(unpaid.values["tier"]),
            view.values(unpaid.values["unsure"]),
        )
        found: list[list[End]] = []
        for is_past, holds, tier, value, reached, missing, paid, unsure in zip(*columns, strict=True):
            ends = []
            floor = max(reached, paid)
            if is_past and holds:
                ends.append(End((), 1, Fraction(_tier_pay(shape, tier, floor))))
            target = max(tier, floor) + 1 if value is not None else 0
            if 0 < target <= len(shape.tiers) and not missing and not unsure:
                level = shape.tiers[target - 1][0] + (shape.op == "gt")
                ends.append(End((Change(shape.metric, value, level),), 1, Fraction(_tier_pay(shape, target, floor))))
            found.append(ends)
        return found

    def _choice(self, shape: HighestOf | SumOf, outcome: Outcome, view: View) -> list[list[End]]:
        """The rows of a choice: each that holds or could be made to hold; of a sum all that hold, and one more."""
        found: list[list[End]] = [[] for _ in range(view.height)]
        adds = isinstance(shape, SumOf)
        inner: list[Outcome] = outcome.steps["rows"]
        taken = [0] * view.height
        for part in inner if adds else ():
            held = zip(view.values(part.verdict), view.values(part.lo), strict=True)
            taken = [so_far + (lo if holds else 0) for so_far, (holds, lo) in zip(taken, held, strict=True)]
        if adds:
            found = [[End((), 1, Fraction(lo, outcome.den))] if lo else [] for lo in taken]
        for row, part in zip(shape.rows, inner, strict=True):
            ways = self._needs(part.tests[: len(row.when)], view)
            ends = self._ends(row.award, part, view)
            for at, (way, mine, holds) in enumerate(zip(ways, ends, view.values(part.verdict), strict=True)):
                if way is None or (adds and holds):
                    continue
                beside = Fraction(taken[at], outcome.den) if adds else Fraction(0)
                found[at] += [end.after(way, beside) for end in mine]
        return found


@dataclass(frozen=True, slots=True)
class End:
    """What an award would come to after some changes: `beside` and a factor for each unit of a figure above a level.

    `of` is the fact behind the figure, which a change of it replaces.
    """

    way: Way
    units: int
    pays: Fraction
    of: Ref | None = None
    above: int = 0
    beside: Fraction = Fraction(0)

    def times(self, factor: int) -> End:
        """The same, multiplied."""
        return replace(self, pays=self.pays * factor, beside=self.beside * factor)

    def after(self, way: Way, beside: Fraction) -> End:
        """The same after further changes, and beside another sum."""
        return replace(self, way=(*way, *self.way), beside=self.beside + beside)

    def at(self, changes: Way, smallest: Fraction) -> tuple[Way, Fraction]:
        """What must be changed for it to pay at least the smallest sum that is rounded to a fen, and what it pays then."""
        units = self.units
        if self.of is not None and (mine := next((change for change in changes if change.ref == self.of), None)):
            least = self.above + math.ceil(smallest / self.pays) if self.above else mine.needed
            moved = replace(mine, needed=max(mine.needed, least))
            changes = tuple(moved if change is mine else change for change in changes)
            units = moved.needed
        return changes, max(units - self.above, 0) * self.pays + self.beside


def _tier_pay(shape: FirstPast, tier: int, floor: int) -> int:
    """What a tier pays: its own sum, or with `cumulative` all sums above what was reached or paid."""
    pays = [pay for _, pay in shape.tiers]
    return pays[tier - 1] if shape.jump == "highest" else sum(pays[floor:tier])


def _distance(way: Way) -> int:
    return max((change.distance for change in way), default=0)


def _together(way: Way) -> Way:
    """One change a figure: that which goes farthest."""
    farthest: dict[Ref, Change] = {}
    for change in way:
        other = farthest.get(change.ref)
        if other is None or abs(change.needed - change.value) > abs(other.needed - other.value):
            farthest[change.ref] = change
    return tuple(farthest.values())
