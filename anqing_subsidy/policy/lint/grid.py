"""Grids: rows that ask for several figures at once, of which one asks for more in each and pays less."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.clauses import HighestOf, Pay
from anqing_subsidy.policy.figures import money
from anqing_subsidy.policy.lint.interval import Interval
from anqing_subsidy.policy.lint.region import Region, key_of
from anqing_subsidy.policy.lint.remark import Remark
from anqing_subsidy.policy.terms import Compare


def check_grid(shape: HighestOf, line: Callable[[int], int], region: Region) -> Iterator[Remark]:
    """Rows of fixed sums that ask for the same facts, at least two of them figures."""
    cells: dict[object, list[tuple[int, int, Region]]] = {}
    for at, row in enumerate(shape.rows):
        own, paid = Region(region.policy, row.when), row.award.shape
        if not isinstance(paid, Pay) or paid.per or not isinstance(paid.amount, int) or len(own.intervals) < 2:
            continue
        others = frozenset(
            key_of(condition)
            for condition in row.when
            if not (isinstance(condition, Compare) and own.canonical(condition.ref) in own.intervals)
        )
        cells.setdefault((frozenset(own.intervals), others), []).append((at, paid.amount, own))
    for alike in cells.values():
        for (first, low, below), (second, high, above) in permutations(alike, 2):
            if high < low and _asks_more(above, below):
                yield falls(first, second, (low, high), line)


def _asks_more(above: Region, below: Region) -> bool:
    """Whether all figures asked for are at least as high, one lies wholly above, and no value satisfies both."""
    pairs = [(above.intervals[ref], below.intervals[ref]) for ref in above.intervals]
    return all(_starts(one) >= _starts(other) for one, other in pairs) and any(
        (one & other).empty for one, other in pairs
    )


def _starts(interval: Interval) -> tuple[bool, object, bool]:
    return interval.low is not None, interval.low or 0, interval.low_open


def falls(first: int, second: int, paid: tuple[int, int], line: Callable[[int], int]) -> Remark:
    """A row that asks for more than another and pays less."""
    more, less = money(paid[0]), money(paid[1])
    return Remark(
        line(second),
        "error",
        "TIER_ORDER",
        Text(
            f"第 {second + 1} 行的门槛高于第 {first + 1} 行，却只给 {less.zh}（前者 {more.zh}）",
            f"row {second + 1} asks for more than row {first + 1} and pays less ({less.en}, not {more.en})",
        ),
        Text("按文件核对各档金额和次序", "compare sums and order with the document"),
    )
