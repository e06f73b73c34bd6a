"""Integer columns of the engine: what does not fit 64 bits is reckoned in 128, to the last unit."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anqing_subsidy.engine.exact import rounded, times
from anqing_subsidy.money import LARGEST, round_ratio

FEN = st.integers(0, LARGEST)
MODES = st.sampled_from(["half_up_fen", "down_fen"])


def column(*values: int | None, dtype: type[pl.DataType] = pl.Int64) -> pl.Series:
    return pl.Series(values, dtype=dtype)


@given(st.lists(FEN, min_size=1, max_size=4), FEN)
@settings(max_examples=60, deadline=None)
def test_a_product_of_the_largest_figures_is_exact(values: list[int], factor: int) -> None:
    wanted = [value * factor for value in values]
    assert times(column(*values), factor).to_list() == wanted
    assert times(column(*values), column(*[factor] * len(values))).to_list() == wanted
    assert times(column(*values, dtype=pl.Int128), factor).to_list() == wanted


@given(st.lists(FEN, min_size=1, max_size=4), st.integers(1, 10**6), st.integers(1, 10**6), MODES)
@settings(max_examples=60, deadline=None)
def test_a_share_of_the_largest_figures_is_rounded_once(values: list[int], top: int, below: int, mode: str) -> None:
    product = times(column(*values), top)
    if max(values) * top // below < 2**62:
        wanted = [round_ratio(value * top, below, mode) for value in values]
        assert rounded(product, below, mode).to_list() == wanted
        assert rounded(product, column(*[below] * len(values)), mode).to_list() == wanted


@pytest.mark.parametrize("mode", ["half_up_fen", "down_fen"])
def test_a_blank_stays_blank_in_either_width(mode: str) -> None:
    for dtype in (pl.Int64, pl.Int128):
        assert rounded(times(column(5, None, dtype=dtype), 3), 2, mode).to_list() == [8 if "up" in mode else 7, None]
