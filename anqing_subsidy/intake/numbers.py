"""Figures to exact integers of the smallest unit: as a person sees them, never as the double behind them.

Clean columns take the fast way: `n = round(v * factor)`. Every other cell is read one by one, as an exact fraction
(`figures.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.cells import trimmed
from anqing_subsidy.intake.figures import SUSPECT, YEARS, judge, read_text, refuse
from anqing_subsidy.money import LARGEST

if TYPE_CHECKING:
    from anqing_subsidy.intake.cells import Cells
    from anqing_subsidy.intake.units import Unit

_EXACT: Final = 2**53


def read_quantities(cells: Cells, unit: Unit) -> pl.Series:
    """The figures of a column in smallest units; what cannot be read exactly is null and bad."""
    _spoil_percents(cells)
    series = cells.series
    if series.dtype == pl.Null:
        return series.cast(pl.Int64)
    if series.dtype.is_decimal():
        return _from_texts(cells, series.cast(pl.String), unit)
    if series.dtype.is_integer():
        return _from_integers(cells, series, unit)
    if series.dtype.is_float():
        return _from_floats(cells, series.cast(pl.Float64), unit)
    if series.dtype == pl.String:
        return _from_texts(cells, trimmed(cells), unit)
    for index in series.is_not_null().arg_true():
        refuse(cells, index, str(series[index]))
    return pl.Series(values=[None] * len(series), dtype=pl.Int64)


def _spoil_percents(cells: Cells) -> None:
    """A number that is shown as a percentage is none of the figures that a quantity can have."""
    odd = cells.indices(cells.sheet.percents.get(cells.letter, frozenset()))
    odd = [index for index in odd if cells.series[index] is not None]
    for index in odd:
        cells.spoil(
            index,
            "INVALID_VALUE",
            Text("单元格显示为百分数，该列不是比例", "the cell is shown as a percentage; the column is no share"),
            str(cells.series[index]),
            Text("将单元格格式改为数值并核对", "format the cell as a number and check it"),
        )
    if odd:
        cells.series = cells.series.clone().scatter(odd, None)


def power_of_ten(unit: Unit) -> int | None:
    """The exponent of a unit's factor, where it is a power of ten: then a double is quickly taken to a whole."""
    if unit.factor.denominator != 1:
        return None
    digits = str(unit.factor.numerator)
    return len(digits) - 1 if digits.rstrip("0") == "1" else None


def _from_floats(cells: Cells, series: pl.Series, unit: Unit) -> pl.Series:
    low = YEARS.start if unit.kind == "year" else 0
    power = power_of_ten(unit)
    if power is None:
        return _one_by_one(cells, series, unit, series.is_not_null(), pl.zeros(len(series), pl.Int64, eager=True))
    factor = unit.factor.numerator
    high = SUSPECT * factor - 1 if unit.coarse else LARGEST
    high = YEARS.stop - 1 if unit.kind == "year" else min(high, LARGEST)
    whole = (series * factor).round().cast(pl.Int64, strict=False)
    if whole.null_count() == series.null_count() and _same(whole / factor, series).all():
        lowest, highest = whole.min(), whole.max()
        if lowest is None or (
            isinstance(lowest, int) and isinstance(highest, int) and low <= lowest <= highest <= high
        ):
            return whole
    exact = _same(whole / factor, series) & whole.is_between(low, high)
    return _one_by_one(cells, series, unit, (~exact.fill_null(value=False)) & series.is_not_null(), whole)


def _one_by_one(cells: Cells, series: pl.Series, unit: Unit, odd: pl.Series, values: pl.Series) -> pl.Series:
    values = values.set(series.is_null(), None) if values.null_count() < series.null_count() else values
    indices = odd.arg_true().to_list()
    shown = [f"{number:.15g}" for number in series.filter(odd).to_list()]
    found = [judge(cells, index, text, unit, text) for index, text in zip(indices, shown, strict=True)]
    return _filled(values, indices, found)


def _same(decimals: pl.Series, doubles: pl.Series) -> pl.Series:
    """Where a decimal of at most 15 digits is the one that a person sees for a double.

    Half a unit of the 15th digit is at least 5e-16 of the figure, and the quotient is off by at most 1.1e-16.
    """
    return (decimals - doubles).abs() <= doubles.abs() * 3.5e-16


def _from_integers(cells: Cells, series: pl.Series, unit: Unit) -> pl.Series:
    wide = series.cast(pl.Float64).abs().max()
    if wide is None or float(str(wide)) < _EXACT:
        return _from_floats(cells, series.cast(pl.Float64), unit)
    return _from_texts(cells, series.cast(pl.String), unit)


def _from_texts(cells: Cells, texts: pl.Series, unit: Unit) -> pl.Series:
    power = power_of_ten(unit)
    places = min(power or 0, 4)
    digits = min(15 - places, 15 - (power or 0), 8 if unit.coarse else 15)
    if power is None or unit.kind == "year" or digits < 1:
        plain = pl.repeat(value=False, n=len(texts), dtype=pl.Boolean, eager=True)
    else:
        fraction = rf"(?:\.[0-9]{{1,{places}}})?" if places else r"(?:\.0+)?"
        plain = texts.str.contains(rf"^[0-9]{{1,{digits}}}{fraction}$").fill_null(value=False)
    parts = texts.set(~plain, None).str.split_exact(".", 1).struct
    values = parts.field("field_0").cast(pl.Int64) * 10 ** (power or 0)
    if places:
        cents = parts.field("field_1").fill_null("").str.pad_end(power or 0, "0").cast(pl.Int64)
        values = values + cents
    odd = ~plain & texts.is_not_null()
    indices = odd.arg_true().to_list()
    pairs = zip(indices, texts.filter(odd).to_list(), strict=True)
    return _filled(values, indices, [read_text(cells, index, typed, unit) for index, typed in pairs])


def _filled(values: pl.Series, indices: list[int], found: list[int | None]) -> pl.Series:
    if indices:
        values.scatter(indices, pl.Series(values=found, dtype=pl.Int64))
    return values
