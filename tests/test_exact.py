"""Integer columns beyond Int64: products, rounding and shares come out exactly as those of Python's integers."""

from __future__ import annotations

import polars as pl
import pytest

from anqing_subsidy.engine.exact import rounded, times
from anqing_subsidy.engine.shares import divided
from anqing_subsidy.money import INT64_MAX, round_ratio

LARGE = [0, 1, 10**15, INT64_MAX // 3]


@pytest.mark.parametrize("factor", [1, 7, 10**9])
def test_a_product_beyond_int64_is_exact(factor: int) -> None:
    column = pl.Series(LARGE, dtype=pl.Int64)
    assert times(column, factor).to_list() == [value * factor for value in LARGE]
    assert times(column, pl.Series([factor] * 4)).to_list() == [value * factor for value in LARGE]


@pytest.mark.parametrize("mode", ["half_up_fen", "down_fen"])
@pytest.mark.parametrize("denominator", [1, 3, 10_000])
def test_a_wide_numerator_is_rounded_as_a_narrow_one(mode: str, denominator: int) -> None:
    numbers = [0, 1, 5_000, 15_000, 10**15, 10**15 + 1]
    wanted = [round_ratio(number, denominator, mode) for number in numbers]
    for kind in (pl.Int64, pl.Int128):
        column = pl.Series(numbers, dtype=kind)
        assert rounded(column, denominator, mode).to_list() == wanted
        assert rounded(column, pl.Series([denominator] * 6, dtype=kind), mode).to_list() == wanted


def test_no_rows_stay_none() -> None:
    assert rounded(times(pl.Series([], dtype=pl.Int128), 7), 3, "half_up_fen").to_list() == []


@pytest.mark.parametrize("total", [0, 1, 100, 120_000_000_00, 10**15])
def test_shares_of_large_weights_add_up_to_the_fen(total: int) -> None:
    lines = pl.DataFrame(
        {"code": list("abc"), "clause": ["x"] * 3, "object": ["o"] * 3, "due": [10**15, 10**15 - 1, 7]}
    )
    parts = divided(lines, total, "due").to_list()
    assert sum(parts) == total
    assert abs(parts[0] - total * 10**15 // (2 * 10**15 + 6)) <= 1
