"""What awards would come to after changes: as they are, or a step, row or tier higher."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.shapes import Outcome
from anqing_subsidy.money import SCALE
from anqing_subsidy.policy.clauses import Award, FirstPast, HighestOf, Pay, PerStep, Rate, SumOf
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.near_change import Change, Way
from anqing_subsidy.report.near_needs import Needs
from anqing_subsidy.report.view import View


@dataclass(frozen=True, slots=True)
class End:
    """What an award would come to after some changes: `beside` and a factor for each unit of a figure above a level.

    The sums are over `den`. `of` is the fact behind the figure, which a change of it replaces.
    """

    way: Way
    units: int
    pays: int
    den: int = 1
    of: Ref | None = None
    above: int = 0
    beside: int = 0

    def times(self, factor: int) -> End:
        """The same, multiplied."""
        return End(self.way, self.units, self.pays * factor, self.den, self.of, self.above, self.beside * factor)

    def after(self, way: Way, beside: int, den: int) -> End:
        """The same after further changes, and beside another sum over a multiple of its denominator."""
        more = den // self.den
        return End(
            (*way, *self.way), self.units, self.pays * more, den, self.of, self.above, self.beside * more + beside
        )

    def at(self, changes: Way, smallest: Fraction) -> tuple[Way, int]:
        """What must be changed for it to pay at least the smallest sum that is rounded to a fen, and what it pays then."""
        units = self.units
        if self.of is not None and (mine := next((change for change in changes if change.ref == self.of), None)):
            least = self.above + math.ceil(smallest * self.den / self.pays) if self.above else mine.needed
            moved = replace(mine, needed=max(mine.needed, least))
            changes = tuple(moved if change is mine else change for change in changes)
            units = moved.needed
        return changes, max(units - self.above, 0) * self.pays + self.beside


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
        elif isinstance(shape, Pay | Rate) and not (isinstance(shape, Rate) and shape.up_to is not None):
            ends = self._plain(shape, outcome, view)
        else:
            ends = [[] for _ in range(view.height)]
        if award.prorate_by is not None or award.deduct is not None or award.cap:
            # what changes the amount on its way may change with the figure: nothing certain can be said
            return [[] for _ in range(view.height)]
        if "factor" not in outcome.steps or outcome.steps["factor_den"] != 1:
            return ends if "factor" not in outcome.steps else [[] for _ in range(view.height)]
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
            [End((), units, pay, scale, shape.per[0])] if pay and units is not None else []
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
            ends = [End((), 1, full * pay)] if full else []
            found.append([*ends, End((Change(shape.of, base, level),), 1, (full + 1) * pay)])
        return found

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
            found = [[End((), 1, lo, outcome.den)] if lo else [] for lo in taken]
        for row, part in zip(shape.rows, inner, strict=True):
            ways = self.needs.of(part.tests[: len(row.when)], view)
            ends = self.of(row.award, part, view)
            for at, (way, mine, holds) in enumerate(zip(ways, ends, view.values(part.verdict), strict=True)):
                if way is None or (adds and holds):
                    continue
                found[at] += [end.after(way, taken[at], outcome.den) for end in mine]
        return found


def _tier_pay(shape: FirstPast, tier: int, floor: int) -> int:
    """What a tier pays: its own sum, or with `cumulative` all sums above what was reached or paid."""
    pays = [pay for _, pay in shape.tiers]
    return pays[tier - 1] if shape.jump == "highest" else sum(pays[floor:tier])


def higher_step(shape: FirstPast, outcome: Outcome, view: View) -> pl.Series:
    """Where a higher step is left that was neither passed nor paid before."""
    past, first, unpaid = outcome.tests
    tiers = [view.column(test.values["tier"]) for test in (past, first, unpaid)]
    unsure = view.column(first.values["missing"]) | view.column(unpaid.values["unsure"])
    left = pl.DataFrame({str(at): tier for at, tier in enumerate(tiers)}).max_horizontal() < len(shape.tiers)
    return tiers[0].is_not_null() & left & sure(~unsure)
