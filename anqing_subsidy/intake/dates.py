"""Dates in the forms that people write them; never a guess between day and month."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.cells import NOTHING_SAID, cut, tidy, trimmed

if TYPE_CHECKING:
    from anqing_subsidy.intake.cells import Cells

EPOCH: Final = date(1899, 12, 30)
SHIFT_1904: Final = 1462
_SERIALS: Final = range(10_000, 80_000)
_EIGHT: Final = 8
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)
_FIX: Final = Text("填写如 2018-08-17 的日期", "type a date such as 2018-08-17")
_TIME = r"(?P<time>[T ]*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_DAY = r"(?P<y>[0-9]{4})%s(?P<m>[0-9]{1,2})%s(?P<d>[0-9]{1,2})%s"
_FORMS = (
    re.compile(_DAY % ("-", "-", "") + _TIME),
    re.compile(_DAY % ("/", "/", "") + _TIME),
    re.compile(_DAY % (r"\.", r"\.", r"\.?")),
    re.compile(_DAY % ("年", "月", "[日号]?") + _TIME),
    re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?P<time>)"),
)
_CHINESE = re.compile(
    r"([〇零○0一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)
_DIGITS = {"〇": 0, "零": 0, "○": 0, "0": 0} | {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_DAY_FIRST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}")
_SHORT_YEAR = re.compile(
    r"[0-9]{2}(?:年[0-9]{1,2}月.*|[-/.][0-9]{1,2}[-/.][0-9]{1,2})|[一二三四五六七八九〇零○]{2}年.*"
)
_MONTH_ONLY = re.compile(
    r"[0-9]{4}(?:年[0-9]{1,2}月?|[-/.][0-9]{1,2})|[〇零○一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月"
)

_YEAR_ONLY = re.compile(r"(?:19|20|21)[0-9]{2}年?|[〇零○一二三四五六七八九]{4}年")


class Found(NamedTuple):
    """A date, and how it was written, where that was not the form that is usual here (the kinds of `normal`)."""

    day: date
    kinds: tuple[str, ...] = ()


def read_dates(cells: Cells) -> pl.Series:
    """The dates of a column; what is no certain date is null and bad."""
    series = cells.series
    if series.dtype == pl.Null:
        return series.cast(pl.Date)
    if series.dtype == pl.Date:
        return _in_range(cells, series)
    if series.dtype == pl.Datetime:
        days = series.cast(pl.Date)
        for index in (days.cast(series.dtype) != series).arg_true().to_list():
            cells.normalised(index, "time")
        return _in_range(cells, days)
    if series.dtype == pl.String:
        return _from_texts(cells, trimmed(cells))
    if series.dtype.is_numeric():
        return _from_numbers(cells, series.cast(pl.Float64))
    for index in series.is_not_null().arg_true():
        _refuse(cells, index, str(series[index]))
    return pl.Series(values=[None] * len(series), dtype=pl.Date)


def _in_range(cells: Cells, dates: pl.Series) -> pl.Series:
    outside = ~dates.is_between(_FIRST, _LAST).fill_null(value=True)
    for index, day in zip(outside.arg_true().to_list(), dates.filter(outside).to_list(), strict=True):
        message = Text(f"{day} 不在 1900 至 2199 年之间", f"{day} is not within the years 1900 to 2199")
        cells.spoil(index, "INVALID_VALUE", message, str(day), _FIX)
    return dates.set(outside, None) if outside.any() else dates


def _from_numbers(cells: Cells, numbers: pl.Series) -> pl.Series:
    found: dict[float, Found | None] = {}
    values: list[date | None] = []
    for index, number in enumerate(numbers.to_list()):
        if number is None:
            values.append(None)
            continue
        if number not in found:
            found[number] = _of_number(number, date1904=cells.sheet.date1904)
        values.append(_kept(cells, index, found[number], f"{number:.15g}"))
    return pl.Series(values=values, dtype=pl.Date)


def _kept(cells: Cells, index: int, found: Found | None, typed: str) -> date | None:
    if found is None:
        _refuse(cells, index, typed)
        return None
    if found.kinds:
        cells.normalised(index, *found.kinds)
    return found.day


def _from_texts(cells: Cells, texts: pl.Series) -> pl.Series:
    iso = texts.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T]00:00:00(?:\.0+)?)?$").fill_null(value=False)
    dates = texts.set(~iso, None).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    odd = dates.is_null() & texts.is_not_null()
    indices = odd.arg_true().to_list()
    if not indices:
        return _in_range(cells, dates)
    values: list[date | None] = []
    for index, typed in zip(indices, texts.filter(odd).to_list(), strict=True):
        found = read_date(typed, date1904=cells.sheet.date1904)
        if found is None and tidy(typed)[0].casefold() in NOTHING_SAID:
            cells.blank(index, typed)
            values.append(None)
        else:
            values.append(_kept(cells, index, found, typed))
    return _in_range(cells, dates.scatter(indices, pl.Series(values=values, dtype=pl.Date)))


def date_of_number(number: float, *, date1904: bool = False) -> date | None:
    """A serial day number, or the eight digits of a date typed as a number."""
    found = _of_number(number, date1904=date1904)
    return None if found is None else found.day


def _of_number(number: float, *, date1904: bool) -> Found | None:
    if not math.isfinite(number):
        return None
    whole = int(number)
    time = ("time",) if whole != number else ()
    if whole in _SERIALS:
        return Found(EPOCH + timedelta(days=whole + (SHIFT_1904 if date1904 else 0)), ("serial", *time))
    digits = str(whole)
    if whole != number or len(digits) != _EIGHT:
        return None
    return _found(digits[:4], digits[4:6], digits[6:], ("date_form",))


def parse_date(typed: str, *, date1904: bool = False) -> date | None:
    """A date as people write it; None where it is none, or not certain."""
    found = read_date(typed, date1904=date1904)
    return None if found is None else found.day


def read_date(typed: str, *, date1904: bool = False) -> Found | None:
    """A date as people write it, and what is unusual about its form; None where it is none, or not certain."""
    text, wide = tidy(typed)
    text = re.sub(r" ?([-/.年月日号]) ?(?![0-9]{1,2}:)", r"\1", text)
    for number, form in enumerate(_FORMS):
        if match := form.fullmatch(text):
            usual = number == 0 and len(match["m"]) == len(match["d"]) == 2  # 08 and 17
            time = match.groupdict().get("time") or ""
            late = ("time",) if time.strip("T 0:.") else ()
            return _found(match["y"], match["m"], match["d"], (*wide, *(() if usual else ("date_form",)), *late))
    if match := _CHINESE.fullmatch(text):
        year = "".join(str(_DIGITS[digit]) for digit in match[1])
        return _found(year, str(_below_hundred(match[2])), str(_below_hundred(match[3])), (*wide, "date_form"))
    if _SERIAL.fullmatch(text):
        return _of_number(float(text), date1904=date1904)
    return None


def _below_hundred(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text] if len(text) == 1 else 0
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _found(year: str, month: str, day: str, kinds: tuple[str, ...]) -> Found | None:
    try:
        return Found(date(int(year), int(month), int(day)), kinds)
    except ValueError:
        return None


def _why(typed: str) -> Text:
    """Why a text is no certain date."""
    text, shown = tidy(typed)[0].replace(" ", ""), cut(typed)
    if _SHORT_YEAR.fullmatch(text):
        return Text(f"“{shown}”的年份不足四位，不能确定", f"{shown!r}: a year of two digits is not certain")
    if _DAY_FIRST.fullmatch(text):
        return Text(f"“{shown}”的年月日次序不能确定", f"{shown!r}: the order of day, month and year is not certain")
    if _MONTH_ONLY.fullmatch(text):
        return Text(f"“{shown}”没有写明日", f"{shown!r} names no day")
    if _YEAR_ONLY.fullmatch(text):
        return Text(f"“{shown}”没有写明月和日", f"{shown!r} names no month and no day")
    if any(form.fullmatch(text) for form in (*_FORMS, _CHINESE)):
        return Text(f"没有“{shown}”这一天", f"there is no such day as {shown!r}")
    return Text(f"“{shown}”不是日期", f"{shown!r} is not a date")


def _refuse(cells: Cells, index: int, typed: str) -> None:
    cells.spoil(index, "INVALID_VALUE", _why(typed), typed, _FIX)
