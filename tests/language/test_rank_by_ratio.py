"""Places by growth: exact fractions, neither rounded nor divided; what no growth can be said of."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from anqing_subsidy.engine.derive.place import _ordered
from anqing_subsidy.engine.fact import Fact

WHOLE: Final = st.integers(min_value=-(10**15), max_value=10**15)


def ordered(pairs: list[tuple[int, int]], *, beyond: bool = False) -> list[int]:
    """The numbers of some ratios."""
    lo, den = (pl.Series([pair[at] for pair in pairs], dtype=pl.Int64) for at in (0, 1))
    fact = Fact("ratio", lo, lo, den=den, beyond=beyond)
    return _ordered(fact, pl.Series([True] * len(pairs))).to_list()


@settings(deadline=None)
@given(st.lists(st.tuples(WHOLE, st.integers(min_value=1, max_value=10**15)), min_size=1, max_size=30))
def test_ratios_are_ordered_as_the_fractions_that_they_are(pairs: list[tuple[int, int]]) -> None:
    sizes = sorted({Fraction(*pair) for pair in pairs})
    assert ordered(pairs) == [sizes.index(Fraction(*pair)) for pair in pairs]


def test_two_thirds_are_two_thirds_whatever_they_are_made_of() -> None:
    assert ordered([(2, 3), (4, 6), (666_666_666_666_666, 10**15), (666_666_666_666_667, 10**15)]) == [1, 1, 0, 2]


def test_what_grew_from_nothing_is_before_or_behind_all_as_the_policy_says() -> None:
    assert ordered([(10**15, 1), (1, 0), (-1, 0), (-(10**15), 1)], beyond=True) == [2, 3, 0, 1]
