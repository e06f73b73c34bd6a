"""Bands: rows that part the values of a fact among them. Gaps between two, values that two of them hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations, pairwise

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.clauses import HighestOf, Pay, SumOf
from anqing_subsidy.policy.figures import written
from anqing_subsidy.policy.lint.grid import check_grid, falls
from anqing_subsidy.policy.lint.interval import Interval, Number
from anqing_subsidy.policy.lint.region import Region, key_of
from anqing_subsidy.policy.lint.remark import Remark
from anqing_subsidy.policy.terms import Compare, Ref

Band = tuple[int, Interval, Region]
"""The number of a row, the values of the fact that it takes, and all that it asks for."""


def check_bands(shape: HighestOf | SumOf, line: Callable[[int], int], region: Region) -> Iterator[Remark]:
    """All facts by whose values the rows of a choice differ."""
    families: dict[tuple[Ref, object], list[Band]] = {}
    for at, row in enumerate(shape.rows):
        own = Region(region.policy, row.when)
        if own.conflict is not None or own.off:
            continue
        # rows that ask for different things besides figures are no bands of one another
        rest = frozenset(
            key_of(condition)
            for condition in row.when
            if not (isinstance(condition, Compare) and own.canonical(condition.ref) in own.intervals)
        )
        for ref, interval in own.intervals.items():
            families.setdefault((ref, rest), []).append((at, interval, own))
    for (ref, _), bands in families.items():
        bands.sort(key=lambda band: (band[1].low is not None, band[1].low or 0, band[1].low_open))
        yield from _gaps(ref, bands, line, region)
        yield from _overlaps(ref, bands, line, region)
        if isinstance(shape, HighestOf):
            yield from _falling(ref, bands, shape, line)
    if isinstance(shape, HighestOf):
        yield from check_grid(shape, line, region)


def _gaps(ref: Ref, bands: list[Band], line: Callable[[int], int], region: Region) -> Iterator[Remark]:
    """Values between the end of the bands so far and the start of the next."""
    furthest: Band | None = None
    for band in bands:
        if furthest is not None and band[1].starts_after(furthest[1]):
            between = _between(ref, furthest[1], band[1], region)
            label = region.policy.label(ref)
            yield Remark(
                line(band[0]),
                "warning",
                "BAND_GAP",
                Text(
                    f"{label.zh}{between.zh}时，第 {furthest[0] + 1} 行和第 {band[0] + 1} 行都不适用",
                    f"{label.en} {between.en}: neither row {furthest[0] + 1} nor row {band[0] + 1} applies",
                ),
                Text("核对两档的端点是否含本数", "see whether the ends of the two bands include the number"),
            )
        if furthest is None or _reaches_further(band[1], furthest[1]):
            furthest = band


def _reaches_further(band: Interval, other: Interval) -> bool:
    return other.high is not None and (
        band.high is None or (band.high, not band.high_open) > (other.high, not other.high_open)
    )


def _overlaps(ref: Ref, bands: list[Band], line: Callable[[int], int], region: Region) -> Iterator[Remark]:
    """Two bands with ends of their own that hold the same values; a band without end is a ladder and meant so."""
    for (first, own, whole), (second, other, rival) in combinations(bands, 2):
        common = own & other
        bounded = own.high is not None and own.low is not None and other.low is not None
        if not bounded or common.empty or own.within(other) or other.within(own) or not _meet(whole, rival):
            continue
        label = region.policy.label(ref)
        if common.low == common.high and common.low is not None:
            value = _shown(ref, common.low, region)
            message = Text(
                f"{label.zh}恰为{value.zh}时，第 {first + 1} 行和第 {second + 1} 行都适用",
                f"{label.en} of exactly {value.en}: rows {first + 1} and {second + 1} both apply",
            )
        else:
            message = Text(
                f"第 {first + 1} 行和第 {second + 1} 行的{label.zh}范围重叠",
                f"rows {first + 1} and {second + 1} overlap in {label.en}",
            )
        fix = Text("端点只归一档：一档用 <，另一档用 >=", "give the end to one band: `<` in one, `>=` in the other")
        yield Remark(line(second), "warning", "BAND_OVERLAP", message, fix)


def _meet(whole: Region, rival: Region) -> bool:
    """Whether all figures of two rows can be met at once."""
    return all(not (span & rival.intervals.get(ref, span)).empty for ref, span in whole.intervals.items())


def _falling(ref: Ref, bands: list[Band], shape: HighestOf, line: Callable[[int], int]) -> Iterator[Remark]:
    """A higher band that pays less than the one below it, where both pay a fixed sum and ask for nothing else."""
    if any(set(whole.intervals) != {ref} for _, _, whole in bands):
        return
    for (first, own, _), (second, other, _) in pairwise(bands):
        below, above = shape.rows[first].award.shape, shape.rows[second].award.shape
        if not (isinstance(below, Pay) and isinstance(above, Pay) and not below.per and not above.per):
            continue
        if (
            (own & other).empty
            and isinstance(below.amount, int)
            and isinstance(above.amount, int)
            and above.amount < below.amount
        ):
            yield falls(first, second, (below.amount, above.amount), line)


def _between(ref: Ref, before: Interval, after: Interval, region: Region) -> Text:
    """The values of a gap in words."""
    high, low = before.high, after.low
    if high is None or low is None:
        return Text("", "")
    if isinstance(high, int) and isinstance(low, int):
        # ends of whole numbers are included in their bands: what is missing begins one further
        if low - high == 2:
            only = _shown(ref, high + 1, region)
            return Text(f"恰为{only.zh}", f"of exactly {only.en}")
        (start, after_it), (end, before_it) = _rounder(ref, high, high + 1, region), _rounder(ref, low, low - 1, region)
        return Text(
            f"{'从' if after_it else '高于'}{start.zh}{'起' if after_it else ''}、{'至' if before_it else '低于'}{end.zh}",
            f"{'from' if after_it else 'above'} {start.en} {'to' if before_it else 'to below'} {end.en}",
        )
    start, end = _shown(ref, high, region), _shown(ref, low, region)
    if high == low:
        return Text(f"恰为{start.zh}", f"of exactly {start.en}")
    return Text(f"在{start.zh}与{end.zh}之间", f"between {start.en} and {end.en}")


def _rounder(ref: Ref, outside: int, inside: int, region: Region) -> tuple[Text, bool]:
    """The end of a gap as its author wrote it: of the last value outside and the first inside the rounder one."""
    beyond, within = _shown(ref, outside, region), _shown(ref, inside, region)
    return (within, True) if _digits(inside) < _digits(outside) else (beyond, False)


def _digits(value: int) -> int:
    return len(str(value).rstrip("0"))


def _shown(ref: Ref, value: Number, region: Region) -> Text:
    kind, unit = region.policy.type_of(ref), region.policy.unit(ref)
    if kind == "count":
        told = written(value, kind)
        return Text(told.zh + (unit or ""), told.en)
    own = region.policy.measured_in(ref) if kind == "area" else None
    return written(date.fromordinal(int(value)) if kind == "date" else value, kind, own)
