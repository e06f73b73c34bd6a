"""Shares and rates: 65 %, 0.65 shown as a percentage, or a plain figure that the range of the column makes certain.

A value is an exact whole number of `1 / SCALE["ratio"]`. A figure without any mark counts as what is within the range
that the policy gives the column: 65 is 65 % where at most 100 % may be. What could be both is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.intake.cells import NOTHING_SAID, cut, tidy, trimmed
from anqing_subsidy.money import INT64_MAX, SCALE, percent

if TYPE_CHECKING:
    from anqing_subsidy.intake.cells import Cells
    from anqing_subsidy.intake.units import Unit
    from anqing_subsidy.policy.columns import Column

_SHARE = re.compile(r"(?P<sign>[+-])? ?(?P<figure>[0-9]{1,18}(?:\.[0-9]{0,30})?|\.[0-9]{1,30}) ?(?P<mark>[%‰])?")
_DIGITS: Final = 16
"""Of a number in its fewest characters, with the point: more can only be those of a double."""

_MARKS: Final = {"%": 100, "‰": 1000}
_PERCENT: Final = Fraction(1, 100)
_FINEST: Final = SCALE["ratio"]
_LARGEST: Final = Fraction(INT64_MAX, _FINEST)
_FIX: Final = Text("写明百分号，如 65%", "write it with its sign, as 65%")


class Share(NamedTuple):
    """What a cell says: its value where that is certain, else why not; `kind` is how a bare figure was taken."""

    value: Fraction | None
    why: Text = NOTHING
    kind: str | None = None


def read_ratios(cells: Cells, unit: Unit | None) -> pl.Series:
    """The ratios of a column; `unit` is the one of its header, where it has one. What is uncertain is null and bad."""
    series = cells.series
    if series.dtype == pl.Null:
        return series.cast(pl.Int64)
    if series.dtype == pl.String:
        texts = trimmed(cells)
        typed = texts.to_list()
    elif series.dtype.is_numeric():
        typed = [None if number is None else _shown(number) for number in series.to_list()]
    else:
        typed = [None if value is None else str(value) for value in series.to_list()]
    formatted = set(cells.indices(cells.sheet.percents.get(cells.letter, frozenset())))
    known: dict[tuple[str, bool], Share | None] = {}
    values: list[int | None] = []
    for index, given in enumerate(typed):
        if given is None:
            values.append(None)
            continue
        text = given
        if len(text) > _DIGITS and cells.row(index) in cells.numbers:
            text = _shown(float(text))
        key = (text, index in formatted)
        if key not in known:
            known[key] = _share(text, cells.column, unit, formatted=key[1])
        values.append(_kept(cells, index, text, known[key]))
    return pl.Series(values=values, dtype=pl.Int64)


def _shown(number: float) -> str:
    """A number as a person sees it: the fifteen digits, never a power of ten."""
    return f"{Decimal(f'{number:.15g}'):f}"


def _share(typed: str, column: Column, unit: Unit | None, *, formatted: bool) -> Share | None:
    """What a text says; None where it says that there is nothing."""
    text = tidy(typed)[0].replace("−", "-")
    if text.casefold() in NOTHING_SAID:
        return None
    match = _SHARE.fullmatch(text)
    if match is None:
        return Share(None, Text(f"“{cut(typed)}”不是比例", f"{cut(typed)!r} is no share"))
    number = Fraction((match["sign"] or "") + match["figure"])
    if match["mark"]:
        return _within(number / _MARKS[match["mark"]], column)
    if formatted:
        return _within(number, column)
    if unit is not None:
        return _within(number * unit.times, column)
    return _bare(number, text, column)


def _bare(number: Fraction, text: str, column: Column) -> Share:
    if number == 0:
        return _within(number, column)
    if column.range is None:
        possible = [number, number * _PERCENT]
    else:
        possible = [value for value in (number, number * _PERCENT) if column.range[0] <= value <= column.range[1]]
    if len(possible) == 1:
        return Share(possible[0], kind="share" if possible[0] == number else "percent")
    if not possible:
        return _within(number * _PERCENT, column)
    one, other = (percent(value) for value in possible)
    return Share(None, Text(f"“{text}”是 {one} 还是 {other}，不能确定", f"{text!r} may be {one} or {other}"))


def _within(value: Fraction, column: Column) -> Share:
    if column.range is not None and not column.range[0] <= value <= column.range[1]:
        least, greatest = (percent(end) for end in column.range)
        shown = percent(value)
        return Share(
            None, Text(f"{shown} 不在 {least} 至 {greatest} 之间", f"{shown} is not within {least} to {greatest}")
        )
    if abs(value) > _LARGEST:
        return Share(None, Text("数值过大，不可信", "the figure is too large to be true"))
    return Share(value)


def _kept(cells: Cells, index: int, typed: str, share: Share | None) -> int | None:
    if share is None:
        cells.blank(index, typed)
        return None
    if share.value is None:
        cells.spoil(index, "INVALID_VALUE", share.why, typed, _FIX)
        return None
    if share.kind is not None:
        cells.normalised(index, share.kind)
    if tidy(typed)[1]:
        cells.normalised(index, "width")
    scaled = share.value * _FINEST
    if scaled.denominator != 1:
        message = Text(
            f"{typed} 超出可保留的小数位，已舍去", f"{typed} is finer than the smallest unit kept; the rest was cut off"
        )
        fix = Text("将公式结果四舍五入", "round the result of the formula")
        cells.note(index, "warning", "SUB_FEN", message, typed, fix)
    return scaled.numerator // scaled.denominator
