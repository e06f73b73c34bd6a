"""Dates in the forms that people write them; never a guess between day and month."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.cells import NOTHING_SAID, drop_blanks, trimmed

if TYPE_CHECKING:
    from anqing_subsidy.intake.cells import Cells

EPOCH: Final = date(1899, 12, 30)
SHIFT_1904: Final = 1462
_SERIALS: Final = range(10_000, 80_000)
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)
_TIME = r"(?:[T ]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_FORMS = (
    re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}"),
    re.compile(rf"(\d{{4}})/(\d{{1,2}})/(\d{{1,2}}){_TIME}"),
    re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})"),
    re.compile(rf"(\d{{4}})年(\d{{1,2}})月(\d{{1,2}})[日号]?{_TIME}"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_CHINESE = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日?"
)
_DIGITS = {"〇": 0, "零": 0, "○": 0} | {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
_DAY_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")


def read_dates(cells: Cells) -> pl.Series:
    """The dates of a column; what is no certain date is null and bad."""
    series = cells.series
    if series.dtype == pl.Null:
        return series.cast(pl.Date)
    if series.dtype in (pl.Date, pl.Datetime):
        return _in_range(cells, series.cast(pl.Date))
    if series.dtype == pl.String:
        return _from_texts(cells, trimmed(cells))
    if series.dtype.is_numeric():
        return _from_numbers(cells, series.cast(pl.Float64))
    for index in series.is_not_null().arg_true():
        _refuse(cells, index, str(series[index]))
    return pl.Series(values=[None] * len(series), dtype=pl.Date)


def _in_range(cells: Cells, dates: pl.Series) -> pl.Series:
    outside = ~dates.is_between(_FIRST, _LAST).fill_null(value=True)
    for index in outside.arg_true():
        _refuse(cells, index, str(dates[index]))
    return dates.set(outside, None) if outside.any() else dates


def _from_numbers(cells: Cells, numbers: pl.Series) -> pl.Series:
    found: dict[float, date | None] = {}
    values: list[date | None] = []
    for index, number in enumerate(numbers.to_list()):
        if number is None:
            values.append(None)
            continue
        if number not in found:
            found[number] = date_of_number(number, date1904=cells.sheet.date1904)
        if found[number] is None:
            _refuse(cells, index, f"{number:.15g}")
        values.append(found[number])
    return pl.Series(values=values, dtype=pl.Date)


def _from_texts(cells: Cells, texts: pl.Series) -> pl.Series:
    iso = texts.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T]00:00:00(?:\.0+)?)?$").fill_null(value=False)
    dates = texts.set(~iso, None).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    indices = (dates.is_null() & texts.is_not_null()).arg_true().to_list()
    if not indices:
        return _in_range(cells, dates)
    values = []
    for index in indices:
        typed = texts[index]
        value = parse_date(typed, date1904=cells.sheet.date1904)
        if value is None and unicodedata.normalize("NFKC", typed).casefold() in NOTHING_SAID:
            drop_blanks(cells, pl.Series([None] * index + [typed]), pl.Series([False] * index + [True]))
        elif value is None:
            _refuse(cells, index, typed)
        values.append(value)
    return _in_range(cells, dates.scatter(indices, values))


def date_of_number(number: float, *, date1904: bool = False) -> date | None:
    """A serial day number, or the eight digits of a date typed as a number."""
    whole = int(number)
    if whole in _SERIALS:
        return EPOCH + timedelta(days=whole + (SHIFT_1904 if date1904 else 0))
    return _date(str(whole)[:4], str(whole)[4:6], str(whole)[6:]) if whole == number and len(str(whole)) == 8 else None


def parse_date(typed: str, *, date1904: bool = False) -> date | None:
    """A date as people write it; None where it is none, or not certain."""
    text = unicodedata.normalize("NFKC", typed).strip()
    text = re.sub(r"\s*([-/.年月日])\s*", r"\1", text)
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _date(*match.groups())
    if match := _CHINESE.fullmatch(text):
        year = "".join(str(_DIGITS[digit]) for digit in match[1])
        return _date(year, str(_below_hundred(match[2])), str(_below_hundred(match[3])))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return date_of_number(float(text), date1904=date1904)
    return None


def _below_hundred(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text] if len(text) == 1 else 0
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _refuse(cells: Cells, index: int, typed: str) -> None:
    message = Text(f"“{typed}”不是日期", f"{typed!r} is not a date")
    if _DAY_FIRST.fullmatch(typed):
        message = Text(f"“{typed}”的年月日次序不能确定", f"{typed!r}: the order of day, month and year is not certain")
    cells.spoil(
        index, "INVALID_VALUE", message, typed, Text("填写如 2018-08-17 的日期", "type a date such as 2018-08-17")
    )
