"""Columns of whole numbers beyond Int64 are multiplied and rounded exactly."""

from __future__ import annotations

import polars as pl
import pytest

from anqing_subsidy.engine.exact import rounded, times
from anqing_subsidy.engine.shares import TIES, divided

LARGE = 10**17 + 7


def test_a_product_beyond_int64_is_exact() -> None:
    assert times(pl.Series([LARGE, 3]), 1_000).to_list() == [LARGE * 1_000, 3_000]
    assert times(times(pl.Series([LARGE]), 1_000), 1_000).to_list() == [LARGE * 1_000_000]


@pytest.mark.parametrize(("mode", "cents"), [("half_up_fen", 43), ("down_fen", 42)])
def test_a_wide_product_is_rounded_like_any_other(mode: str, cents: int) -> None:
    wide = times(pl.Series([LARGE, 3]), 100)
    whole = LARGE * 100
    expected = (2 * whole + 7) // 14 if mode == "half_up_fen" else whole // 7
    assert rounded(wide, 7, mode).to_list() == [expected, cents]
    assert rounded(wide, pl.Series([7, 7]), mode).to_list() == [expected, cents]


def test_a_sum_is_shared_out_to_the_last_fen() -> None:
    lines = pl.DataFrame({name: ["a", "b", "c"] for name in TIES}).with_columns(weight=pl.Series([1, 1, 1]))
    assert sorted(divided(lines, 100, "weight").to_list()) == [33, 33, 34]
    assert divided(lines.with_columns(weight=pl.Series([LARGE, 0, LARGE])), 10, "weight").to_list() == [5, 0, 5]
