"""Integer columns that cannot wrap: a product or sum that might pass Int64 is done in Int128.

polars wraps Int64 silently; so each product first asks for the largest magnitude that can come out.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from anqing_subsidy.money import INT64_MAX

_INT128_MAX: Final = 2**127 - 1


def largest_of(column: pl.Series) -> int:
    """The largest magnitude in a column; 0 where there is none."""
    low, high = column.min(), column.max()
    return max(abs(int(low)), abs(int(high))) if isinstance(low, int) and isinstance(high, int) else 0


def times(column: pl.Series, factor: int | pl.Series) -> pl.Series:
    """Column × factor, exactly; Int128 where Int64 could not hold it.

    What even Int128 could not hold stops at its end: `believable` finds it long before.
    """
    by = largest_of(factor) if isinstance(factor, pl.Series) else abs(factor)
    largest = largest_of(column) * by
    if largest > _INT128_MAX:
        most = _INT128_MAX // by
        column = column.cast(pl.Int128).clip(wide(-most).item(), wide(most).item())
    if largest > INT64_MAX // 4 or column.dtype == pl.Int128:
        wider = factor.cast(pl.Int128) if isinstance(factor, pl.Series) else wide(factor)
        return column.cast(pl.Int128) * wider
    return column * factor


def wide(number: int) -> pl.Series:
    """A number as a column of one row: polars takes no plain integer beside Int128."""
    return pl.Series([number], dtype=pl.Int128)


def rounded(numerator: pl.Series, denominator: int | pl.Series, mode: str) -> pl.Series:
    """Numerator / denominator to whole fen, once; Int64. Numerators are not negative."""
    if isinstance(denominator, pl.Series):
        # one denominator a row: both sides in the wider type
        wider = pl.Int128 if pl.Int128 in (numerator.dtype, denominator.dtype) else pl.Int64
        numerator, denominator = numerator.cast(wider), denominator.cast(wider)
    elif denominator == 1:
        return narrow(numerator)
    if mode == "half_up_fen":
        numerator = times(numerator, 2)
        numerator = numerator + _wide_beside(numerator, denominator)
        denominator = times(denominator, 2) if isinstance(denominator, pl.Series) else denominator * 2
    return narrow(numerator // _wide_beside(numerator, denominator))


def _wide_beside(column: pl.Series, number: int | pl.Series) -> int | pl.Series:
    """A number as it can stand beside a column in a sum or quotient."""
    if column.dtype != pl.Int128:
        return number
    return number.cast(pl.Int128) if isinstance(number, pl.Series) else wide(number)


def narrow(column: pl.Series) -> pl.Series:
    """Back to Int64; a value that does not fit stops the run instead of wrapping."""
    return column if column.dtype == pl.Int64 else column.cast(pl.Int64, strict=True)


def smaller(a: pl.Series, b: pl.Series) -> pl.Series:
    """The smaller of two columns; null where either is."""
    wider = pl.Int128 if pl.Int128 in (a.dtype, b.dtype) else pl.Int64
    a, b = a.cast(wider), b.cast(wider)
    return a.zip_with(sure(a <= b) | a.is_null(), b)


def larger(a: pl.Series, b: pl.Series) -> pl.Series:
    """The larger of two columns; null where either is."""
    wider = pl.Int128 if pl.Int128 in (a.dtype, b.dtype) else pl.Int64
    a, b = a.cast(wider), b.cast(wider)
    return a.zip_with(sure(a >= b) | a.is_null(), b)


def whole(value: int | None, height: int) -> pl.Series:
    """A column of one number (or of nothing)."""
    return pl.Series([value], dtype=pl.Int64).new_from_index(0, height)


def flag(value: bool | None, height: int) -> pl.Series:  # a truth value is what it is about
    """A column of one truth value (or of "unknown")."""
    return pl.Series([value], dtype=pl.Boolean).new_from_index(0, height)


def sure(column: pl.Series) -> pl.Series:
    """True where it is certainly true."""
    return column.fill_null(value=False) if column.null_count() else column


def possible(column: pl.Series) -> pl.Series:
    """True where it is not certainly false."""
    return column.fill_null(value=True) if column.null_count() else column


def all_of(columns: list[pl.Series], height: int) -> pl.Series:
    """Kleene *and* over columns; true where there are none."""
    met = flag(True, height)
    for column in columns:
        met = met & column
    return met


def any_of(columns: list[pl.Series], height: int) -> pl.Series:
    """Kleene *or* over columns; false where there are none."""
    met = flag(False, height)
    for column in columns:
        met = met | column
    return met
