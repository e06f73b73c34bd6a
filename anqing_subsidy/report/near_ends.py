"""What awards would come to after changes: as they are, or a step, row or tier higher."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.shapes import Outcome
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.money import SCALE, round_ratio
from anqing_subsidy.policy.clauses import Award, FirstPast, HighestOf, Pay, PerStep, Rate, SumOf
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import Ref, refs_in
from anqing_subsidy.report.near_change import Change, Way
from anqing_subsidy.report.near_needs import Needs
from anqing_subsidy.report.view import View


@dataclass(frozen=True, slots=True)
class Modified:
    """What changes a sum on its way: a factor, a ratio (rounded to the fen), a deduction, a cap."""

    factor: Fraction = Fraction(1)
    ratio: Fraction | None = None
    off: int = 0
    cap: int | None = None

    def of(self, worth: Fraction, mode: str) -> Fraction:
        """A sum in fen after it."""
        worth *= self.factor
        if self.ratio is not None:
            worth *= min(max(self.ratio, Fraction(0)), Fraction(1))
            worth = Fraction(round_ratio(worth.numerator, worth.denominator, mode))
        worth = max(worth - self.off, Fraction(0))
        return worth if self.cap is None else min(worth, Fraction(self.cap))


@dataclass(frozen=True, slots=True)
class End:
    """What an award would come to after some changes: `beside` and a factor for each unit of a figure above a level.

    The sums are over `den`. `of` is the fact behind the figure, which a change of it replaces. `rests` are the facts
    that decide sum, rate and modifiers: none of them may change. `then` is what is done to the sum afterwards, `step`
    how much of the figure is one unit, `when` are the tests of the row of a choice, which must still hold.
    """

    way: Way
    units: int
    pays: int
    den: int = 1
    of: Ref | None = None
    above: int = 0
    beside: int = 0
    rests: frozenset[Ref] = frozenset()
    then: tuple[Modified, ...] = ()
    step: int = 1
    when: tuple[Test, ...] = ()

    def resting(self, rests: frozenset[Ref]) -> End:
        """The same, which also rests on further facts."""
        return replace(self, rests=self.rests | rests)

    def after(self, way: Way, beside: int, den: int) -> End:
        """The same after further changes, and beside another sum over a multiple of its denominator."""
        more = den // self.den
        return replace(self, way=(*way, *self.way), pays=self.pays * more, den=den, beside=self.beside * more + beside)

    def at(self, changes: Way, mode: str) -> tuple[Way, int] | None:
        """What must be changed for it to pay at least the smallest sum that is rounded to a fen, and what it pays then.

        None where what is done to the sum afterwards leaves nobody to say from which figure on it pays.
        """
        smallest = Fraction(1, 2) if mode == "half_up_fen" else Fraction(1)
        units = self.units
        if self.of is not None and (mine := next((change for change in changes if change.ref == self.of), None)):
            if self.above and self.step == 1 and self.then:
                return None
            least = (
                self.above + math.ceil(smallest * self.den / self.pays)
                if self.above and self.step == 1
                else mine.needed
            )
            moved = replace(mine, needed=max(mine.needed, least))
            changes = tuple(moved if change is mine else change for change in changes)
            units = moved.needed
        worth = Fraction(max(units - self.above, 0) // self.step * self.pays + self.beside, self.den)
        for step in self.then:
            worth = step.of(worth, mode)
        return changes, round_ratio(worth.numerator, worth.denominator, mode)


class Ends:
    """Finds where awards can end up."""

    def __init__(self, policy: Policy, needs: Needs) -> None:
        self.policy = policy
        self.needs = needs

    def of(self, award: Award, outcome: Outcome, view: View) -> list[list[End]]:
        """Where an award can end up for each row: as it is, or a step, row or tier higher."""
        shape = award.shape
        if isinstance(shape, FirstPast):
            ends = self._tiers(shape, outcome, view)
        elif isinstance(shape, HighestOf | SumOf):
            ends = self._choice(shape, outcome, view)
        elif isinstance(shape, PerStep):
            ends = self._steps(shape, outcome, view)
        elif isinstance(shape, Pay | Rate) and shape.up_to is None:
            ends = self._plain(shape, outcome, view)
        else:
            ends = [[] for _ in range(view.height)]
        modified = self._modified(award, outcome, view)
        rests = frozenset(ref for part in _deciding(award) for ref in refs_in(part))
        return [
            [_after(end, step).resting(rests) for end in mine] if step is not None else []
            for mine, step in zip(ends, modified, strict=True)
        ]

    @staticmethod
    def _modified(award: Award, outcome: Outcome, view: View) -> list[Modified | None]:
        """What changes the sum of each row on its way; None where that is not certain."""
        found: list[Modified | None] = [Modified()] * view.height
        steps = outcome.steps
        if "factor" in steps:
            den = steps["factor_den"]
            factors = view.values(steps["factor"])
            found = [Modified(Fraction(factor, den)) if factor else None for factor in factors]
        if award.prorate_by is not None:
            columns = (view.values(steps[name]) for name in ("ratio", "ratio_hi", "ratio_den"))
            found = [
                replace(so_far, ratio=Fraction(top, below))
                if so_far and top is not None and top == most and below and below > 0
                else None
                for so_far, top, most, below in zip(found, *columns, strict=True)
            ]
        if award.deduct is not None:
            columns = (view.values(steps[name]) for name in ("deduct", "deduct_hi"))
            found = [
                replace(so_far, off=off) if so_far and off is not None and off == most else None
                for so_far, off, most in zip(found, *columns, strict=True)
            ]
        if award.cap:
            columns = (view.values(steps[name]) for name in ("row_cap", "row_cap_hi"))
            found = [
                replace(so_far, cap=cap) if so_far and cap is not None and cap == most else None
                for so_far, cap, most in zip(found, *columns, strict=True)
            ]
        return found

    def _plain(self, shape: Pay | Rate, outcome: Outcome, view: View) -> list[list[End]]:
        """A sum, a sum a unit, a rate: by the figures that they are worked out from."""
        steps = outcome.steps
        if isinstance(shape, Rate):
            columns = (view.values(steps["base"]), view.values(steps["rate"]))
            return [
                [] if base is None or not rate else [End((), base, rate, steps["rate_den"], shape.of, shape.only_above)]
                for base, rate in zip(*columns, strict=True)
            ]
        pays = view.values(steps["pay"])
        if not shape.per:
            return [[End((), 1, pay)] if pay else [] for pay in pays]
        if len(shape.per) > 1:
            return [[] for _ in range(view.height)]
        scale = SCALE.get(self.policy.type_of(shape.per[0]), 1)
        return [
            [End((), units, pay, scale, shape.per[0], shape.only_above)] if pay and units is not None else []
            for pay, units in zip(pays, view.values(steps["units"]), strict=True)
        ]

    def _steps(self, shape: PerStep, outcome: Outcome, view: View) -> list[list[End]]:
        """The full steps there are, and one more."""
        steps = outcome.steps
        columns = (view.values(steps["base"]), view.values(steps["steps"]), view.values(steps["pay"]))
        found: list[list[End]] = []
        for base, full, pay in zip(*columns, strict=True):
            if base is None or not pay:
                found.append([])
                continue
            level = (full + 1) * shape.step + shape.only_above
            now = End((), base, pay, of=shape.of, above=shape.only_above, step=shape.step)
            found.append([*([now] if full else []), replace(now, way=(Change(shape.of, base, level),))])
        return found

    def _tiers(self, shape: FirstPast, outcome: Outcome, view: View) -> list[list[End]]:
        """The tier that is passed, and the next one that was neither passed nor paid before."""
        past, first, unpaid = outcome.tests[-3:]  # of a row of a choice its conditions come before
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
                ends.append(End((), 1, _tier_pay(shape, tier, floor)))
            target = max(tier, floor) + 1 if value is not None else 0
            if 0 < target <= len(shape.tiers) and not missing and not unsure:
                level = shape.tiers[target - 1][0] + (shape.op == "gt")
                ends.append(End((Change(shape.metric, value, level),), 1, _tier_pay(shape, target, floor)))
            found.append(ends)
        return found

    def other_row(self, shape: HighestOf | SumOf, outcome: Outcome, view: View) -> pl.Series:
        """Where figures alone could make a row of a choice hold that does not, or take it a step higher."""
        found = pl.Series([False]).new_from_index(0, view.height)
        for row, part in zip(shape.rows, outcome.steps["rows"], strict=True):
            could = self.needs.possible(part.tests[: len(row.when)], view)
            if not isinstance(row.award.shape, FirstPast):
                could = could & ~sure(view.column(part.verdict))
            found = found | could
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
            parts = frozenset(refs_in(shape.rows))
            found = [[End((), 1, lo, outcome.den, rests=parts)] if lo else [] for lo in taken]
        for row, part in zip(shape.rows, inner, strict=True):
            ways = self.needs.of(part.tests[: len(row.when)], view)
            ends = self.of(row.award, part, view)
            # of a sum the other parts must stay as they are
            beside = (
                frozenset(refs_in(tuple(other for other in shape.rows if other is not row))) if adds else frozenset()
            )
            tests = part.tests[: len(row.when)]
            for at, (way, mine, holds) in enumerate(zip(ways, ends, view.values(part.verdict), strict=True)):
                if way is None or (adds and holds):
                    continue
                # what is rounded on its way does not simply add up
                whole = [replace(end, when=(*tests, *end.when)) for end in mine]
                found[at] += [
                    end.after(way, taken[at], outcome.den).resting(beside) for end in whole if not (adds and end.then)
                ]
        return found


def _deciding(award: Award) -> Iterator[object]:
    """The parts of an award that decide its sum besides the figure that it is worked out from."""
    shape = award.shape
    yield from (award.multiply_by, award.prorate_by, award.deduct, award.cap)
    if isinstance(shape, Pay | PerStep):
        yield shape.amount
    elif isinstance(shape, Rate):
        yield shape.rate


def _after(end: End, step: Modified) -> End:
    """An end with what changes its sum: a factor as exact terms, all else afterwards."""
    plain = Modified(step.factor) == step
    if plain and not end.then:
        up, below = step.factor.numerator, step.factor.denominator
        return replace(end, pays=end.pays * up, beside=end.beside * up, den=end.den * below)
    return replace(end, then=(*end.then, step))


def _tier_pay(shape: FirstPast, tier: int, floor: int) -> int:
    """What a tier pays: its own sum, or with `cumulative` all sums above what was reached or paid."""
    pays = [pay for _, pay in shape.tiers]
    return pays[tier - 1] if shape.jump == "highest" else sum(pays[floor:tier])


def higher_step(shape: FirstPast, outcome: Outcome, view: View) -> pl.Series:
    """Where a higher step is left that was neither passed nor paid before."""
    past, first, unpaid = outcome.tests[-3:]  # of a row of a choice its conditions come before
    tiers = [view.column(test.values["tier"]) for test in (past, first, unpaid)]
    unsure = view.column(first.values["missing"]) | view.column(unpaid.values["unsure"])
    left = pl.DataFrame({str(at): tier for at, tier in enumerate(tiers)}).max_horizontal() < len(shape.tiers)
    return tiers[0].is_not_null() & left & sure(~unsure)
