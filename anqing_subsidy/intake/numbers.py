"""Figures to exact integers of the smallest unit: as a person sees them, never as the double behind them.

Clean columns take the fast way: `n = round(v * factor)`. Every other cell is read one by one, as a decimal.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.cells import NOTHING_SAID, drop_blanks, trimmed
from anqing_subsidy.intake.units import parse_suffix
from anqing_subsidy.money import LARGEST

if TYPE_CHECKING:
    from anqing_subsidy.intake.cells import Cells
    from anqing_subsidy.intake.units import Unit

SUSPECT: Final = 10**8
"""A figure of 一亿 under 万 or more of a unit is a slip."""

_CHINESE = re.compile(r"[〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟元圆角分整]+")
_FIGURE = re.compile(
    r"(?:[¥$]|RMB|CNY)?(?P<sign>[+-]?)(?:¥|RMB|CNY)?"
    r"(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)(?P<suffix>[^\d.,+-]\D*2?)?"
)
_YEARS: Final = range(1900, 2200)


def read_quantities(cells: Cells, unit: Unit) -> pl.Series:
    """The figures of a column in smallest units; what cannot be read exactly is null and bad."""
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
        _refuse(cells, index, str(series[index]))
    return pl.Series(values=[None] * len(series), dtype=pl.Int64)


def _from_floats(cells: Cells, series: pl.Series, unit: Unit) -> pl.Series:
    factor = unit.factor
    high = SUSPECT * factor - 1 if unit.coarse else LARGEST
    low = _YEARS.start if unit.kind == "year" else 0
    high = _YEARS.stop - 1 if unit.kind == "year" else min(high, LARGEST)
    whole = (series * factor).round().cast(pl.Int64, strict=False)
    if whole.null_count() == series.null_count() and _same(whole / factor, series).all():
        lowest, highest = whole.min(), whole.max()
        if lowest is None or (
            isinstance(lowest, int) and isinstance(highest, int) and low <= lowest <= highest <= high
        ):
            return whole
    exact = _same(whole / factor, series) & whole.is_between(low, high)
    odd = (~exact.fill_null(value=False)) & series.is_not_null()
    indices = odd.arg_true().to_list()
    values = [
        _judge(cells, index, Decimal(f"{series[index]:.15g}"), unit, f"{series[index]:.15g}") for index in indices
    ]
    return whole.scatter(indices, values)


def _same(decimals: pl.Series, doubles: pl.Series) -> pl.Series:
    """Where a decimal of at most 15 digits is the one that a person sees for a double.

    Half a unit of the 15th digit is at least 5e-16 of the figure, and the quotient is off by at most 1.1e-16.
    """
    return (decimals - doubles).abs() <= doubles.abs() * 3.5e-16


def _from_integers(cells: Cells, series: pl.Series, unit: Unit) -> pl.Series:
    return (
        _from_floats(cells, series.cast(pl.Float64), unit)
        if _fits(series)
        else _from_texts(cells, series.cast(pl.String), unit)
    )


def _fits(series: pl.Series) -> bool:
    wide = series.cast(pl.Float64).abs().max()
    return wide is None or float(str(wide)) < 2**53


def _from_texts(cells: Cells, texts: pl.Series, unit: Unit) -> pl.Series:
    power = len(str(unit.factor)) - 1
    places = min(power, 4)
    digits = min(15 - places, 15 - power, 8 if unit.coarse else 15)
    if unit.kind == "year" or digits < 1:
        plain = pl.repeat(value=False, n=len(texts), dtype=pl.Boolean, eager=True)
    else:
        fraction = rf"(?:\.[0-9]{{1,{places}}})?" if places else r"(?:\.0+)?"
        plain = texts.str.contains(rf"^[0-9]{{1,{digits}}}{fraction}$").fill_null(value=False)
    parts = texts.set(~plain, None).str.split_exact(".", 1).struct
    values = parts.field("field_0").cast(pl.Int64) * unit.factor
    if places:
        cents = parts.field("field_1").fill_null("").str.pad_end(power, "0").cast(pl.Int64)
        values = values + cents
    indices = (~plain & texts.is_not_null()).arg_true().to_list()
    if not indices:
        return values
    return values.scatter(indices, [_read_text(cells, index, texts[index], unit) for index in indices])


def _read_text(cells: Cells, index: int, typed: str, unit: Unit) -> int | None:
    text = unicodedata.normalize("NFKC", typed).replace(" ", "").replace("￥", "¥")
    if text.casefold() in NOTHING_SAID:
        drop_blanks(cells, pl.Series([None] * index + [typed]), pl.Series([False] * index + [True]))
        return None
    match = _FIGURE.fullmatch(text)
    if match is None or text.startswith("$"):
        _refuse(cells, index, typed, chinese=_CHINESE.fullmatch(text) is not None)
        return None
    number = Decimal(match["sign"] + match["figure"].replace(",", ""))
    suffix = match["suffix"]
    if suffix is None:
        if _significant(number) > 15 and cells.row(index) in cells.sheet.number_rows(cells.letter):
            typed = f"{float(text):.15g}"
            number = Decimal(typed)
        return _judge(cells, index, number, unit, typed)
    own = parse_suffix(suffix, unit.kind)
    if own is None:
        _refuse(cells, index, typed)
        return None
    value = _judge(cells, index, number, own, typed)
    if value is not None and unit.kind != "year":
        cells.note(
            index,
            "warning",
            "UNIT_IN_CELL",
            Text(
                f"单元格内写有单位，按“{typed}”读取，不再用表头单位",
                f"a unit in the cell replaces the header's: read as {typed}",
            ),
            typed,
            Text("单位写在表头，单元格只填数字", "write the unit in the header and only the figure in the cell"),
        )
    return value


def _significant(number: Decimal) -> int:
    return len(number.normalize().as_tuple().digits)


def _judge(cells: Cells, index: int, number: Decimal, unit: Unit, typed: str) -> int | None:
    if not number.is_finite() or number < 0:
        _invalid(cells, index, typed, Text("不能为负数", "must not be negative"))
        return None
    if unit.coarse and number >= SUSPECT:
        _invalid(
            cells,
            index,
            typed,
            Text(
                f"{typed}{unit.text} 超过合理范围，疑似按元填写",
                f"{typed} {unit.text} is out of reason: typed in single units?",
            ),
            "UNIT_SUSPECT",
        )
        return None
    scaled = number * unit.factor
    if scaled > LARGEST:
        _invalid(cells, index, typed, Text("数值过大，不可信", "the figure is too large to be true"))
        return None
    if unit.kind == "year" and (scaled != int(scaled) or int(scaled) not in _YEARS):
        _invalid(cells, index, typed, Text("不是年份，应如 2018", "not a year such as 2018"))
        return None
    if scaled == scaled.to_integral_value():
        return int(scaled)
    if unit.kind == "count":
        _invalid(cells, index, typed, Text("应为整数", "must be a whole number"))
        return None
    cut = int(scaled.to_integral_value(rounding=ROUND_FLOOR))
    smallest = Text("分", "a fen") if unit.kind == "money" else Text("平方厘米", "a square centimetre")
    cells.note(
        index,
        "warning",
        "SUB_FEN",
        Text(f"{typed} 不足一{smallest.zh}的部分已舍去", f"{typed} is finer than {smallest.en}; the rest was cut off"),
        typed,
        Text("将公式结果四舍五入到分", "round the result of the formula to two decimals"),
    )
    return cut


def _invalid(cells: Cells, index: int, typed: str, why: Text, code: str = "INVALID_VALUE") -> None:
    cells.spoil(index, code, why, typed, Text("请更正该单元格", "correct the cell"))


def _refuse(cells: Cells, index: int, typed: str, *, chinese: bool = False) -> None:
    message = Text(f"“{typed}”不是可以准确读取的数字", f"{typed!r} is not a figure that can be read exactly")
    if chinese:
        message = Text(f"“{typed}”为中文数字，请填阿拉伯数字", f"{typed!r} is written in Chinese numerals; type digits")
    cells.spoil(index, "INVALID_VALUE", message, typed, Text("填写如 1234.50 的数字", "type a figure such as 1234.50"))
