"""The least and the most that an award can come to where it pays at all, as far as its conditions tell."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import singledispatch
from typing import Any, Final

from anqing_subsidy.money import SCALE
from anqing_subsidy.policy.clauses import (
    Award,
    ByHand,
    Clause,
    FirstPast,
    HighestOf,
    Keyed,
    Pay,
    PerStep,
    Pool,
    Rate,
    Share,
    SumOf,
)
from anqing_subsidy.policy.lint.interval import EVERYTHING, Interval
from anqing_subsidy.policy.lint.region import Region
from anqing_subsidy.policy.terms import Ref


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `least` to `most`; None: nothing bounds it."""

    least: Fraction
    most: Fraction | None

    def times(self, other: Bounds) -> Bounds:
        """The product of two amounts that are not negative."""
        most = None if self.most is None or other.most is None else self.most * other.most
        if 0 in (self.most, other.most):
            most = Fraction(0)
        return Bounds(self.least * other.least, most)


ANY: Final = Bounds(Fraction(0), None)


def bounds_of(award: Award, region: Region) -> Bounds:
    """What an award can come to under some conditions."""
    found = shape_bounds(award.shape, region).times(value_bounds(award.multiply_by, region))
    if award.prorate_by is not None or award.deduct is not None:
        found = Bounds(Fraction(0), found.most)
    return _capped(found, award.cap, region)


def clause_bounds(clause: Clause, region: Region) -> Bounds:
    """What a line of a clause can come to; rows that are added up may be many."""
    found = bounds_of(clause.award, region)
    if clause.rows == "add_up":
        rows = clause.most_rows
        found = Bounds(found.least, None if found.most is None or rows is None else found.most * rows)
    return _capped(found, clause.cap, region)


def cap_most(caps: tuple[Any, ...], region: Region) -> Fraction | None:
    """The most that caps ever allow; None where a cap depends on figures."""
    tops = [most for cap in caps if (most := value_bounds(cap, region).most) is not None]
    return min(tops) if tops else None


def _capped(found: Bounds, caps: tuple[Any, ...], region: Region) -> Bounds:
    for cap in caps:
        limit = value_bounds(cap, region)
        most = found.most if limit.most is None else limit.most if found.most is None else min(found.most, limit.most)
        found = Bounds(min(found.least, limit.least), most)
    return found


def value_bounds(value: Any, region: Region) -> Bounds:  # noqa: ANN401  # a value or a cap
    """The least (other than nothing) and the most of a sum, a rate, a factor or a cap."""
    if isinstance(value, int | Fraction):
        return Bounds(Fraction(value), Fraction(value))
    if isinstance(value, Ref):
        return ref_bounds(value, region)
    if isinstance(value, Share):
        return value_bounds(value.rate, region).times(ref_bounds(value.of, region))
    if isinstance(value, Keyed):
        cases = [value.cases[key] for key in reachable(value, region)]
        cases += [value.otherwise] if value.otherwise is not None else []
        inner = [value_bounds(case, region) for case in cases]
        if not inner:
            return ANY
        least = min((one.least for one in inner if one.least > 0), default=Fraction(0))
        tops = [one.most for one in inner]
        return Bounds(least, None if None in tops else max(top for top in tops if top is not None))
    return ANY


def reachable(choice: Keyed, region: Region) -> list[str]:
    """The keys of a choice that its fact can pick under some conditions."""
    by = region.canonical(choice.by)
    flag, options = region.flags.get(by), region.options.get(by)
    span = region.intervals.get(by, EVERYTHING)
    return [
        key
        for key in choice.cases
        if (flag is None or key == str(flag).lower())
        and (options is None or key in options)
        and (key not in choice.spans or not (Interval(*choice.spans[key]) & span).empty)
    ]


def ref_bounds(ref: Ref, region: Region) -> Bounds:
    """A figure between the ends that conditions give it."""
    span = region.intervals.get(region.canonical(ref), EVERYTHING)
    return Bounds(max(Fraction(span.low or 0), Fraction(0)), None if span.high is None else Fraction(span.high))


@singledispatch
def shape_bounds(shape: Any, region: Region) -> Bounds:  # noqa: ANN401, ARG001  # any shape
    """What a shape can come to; a shape of which nothing is known is not bounded."""
    return ANY


@shape_bounds.register
def _(shape: Pay, region: Region) -> Bounds:
    found = value_bounds(shape.amount, region)
    for ref in shape.per:
        kind = region.policy.type_of(ref)
        units = _part(ref_bounds(ref, region), shape.only_above, shape.up_to)
        # of a count at least one unit is paid for; of an area it may be any part of one
        least = max(units.least, Fraction(1)) if kind == "count" else units.least
        scale = SCALE.get(kind, 1)
        found = found.times(Bounds(least / scale, None if units.most is None else units.most / scale))
    return found


def _part(span: Bounds, above: int, up_to: int | None) -> Bounds:
    """The part of a figure above a level, up to another."""
    tops = [Fraction(end) for end in (span.most, up_to) if end is not None]
    least = span.least if up_to is None else min(span.least, Fraction(up_to))
    return Bounds(max(least - above, Fraction(0)), max(min(tops) - above, Fraction(0)) if tops else None)


@shape_bounds.register
def _(shape: PerStep, region: Region) -> Bounds:
    span = ref_bounds(shape.of, region)
    steps = [
        None if end is None else max(end - shape.only_above, Fraction(0)) // shape.step
        for end in (span.least, span.most)
    ]
    least, most = Fraction(max(steps[0] or 0, 1)), None if steps[1] is None else Fraction(steps[1])
    return value_bounds(shape.amount, region).times(Bounds(least, most))


@shape_bounds.register
def _(shape: Rate, region: Region) -> Bounds:
    base = _part(ref_bounds(shape.of, region), shape.only_above, shape.up_to)
    return value_bounds(shape.rate, region).times(base)


@shape_bounds.register(HighestOf)
@shape_bounds.register(SumOf)
def _(shape: HighestOf | SumOf, region: Region) -> Bounds:
    rows = [bounds_of(row.award, region.and_(row.when)) for row in shape.rows]
    least = min((row.least for row in rows), default=Fraction(0))
    tops = [row.most for row in rows]
    if None in tops:
        return Bounds(least, None)
    known = [top for top in tops if top is not None]
    return Bounds(least, sum(known, Fraction(0)) if isinstance(shape, SumOf) else max(known, default=Fraction(0)))


@shape_bounds.register
def _(shape: FirstPast, region: Region) -> Bounds:  # noqa: ARG001  # its sums are fixed
    sums = [Fraction(paid) for _, paid in shape.tiers]
    return Bounds(min(sums), sum(sums, Fraction(0)) if shape.jump == "cumulative" else max(sums))


@shape_bounds.register
def _(shape: ByHand, region: Region) -> Bounds:
    most = value_bounds(shape.limit, region).most if shape.limit is not None else None
    return Bounds(Fraction(0), most)


@shape_bounds.register
def _(shape: Pool, region: Region) -> Bounds:  # noqa: ARG001  # its sum is fixed
    return Bounds(Fraction(0), Fraction(shape.sum))
