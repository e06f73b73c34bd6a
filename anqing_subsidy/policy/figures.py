"""Exact figures as a document writes them: 2000万元, 1.5亿元, 3万, 60%; in English with all digits."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.money import SCALE, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anqing_subsidy.policy.terms import FactType, Shifted

_UNITS: Final[dict[str, Text]] = {
    "money": Text("元", " yuan"),
    "usd": Text("美元", " US dollars"),
    "year": Text("年", ""),
    "factor": Text("倍", " times"),
}
_STEPS: Final = ((10**8, "亿"), (10**4, "万"))
_PLACES: Final = 100
"""万 and 亿 are written with at most two decimals; a figure that needs more is written out."""


def written(value: int | Fraction | date | str | bool, kind: FactType | str, unit: Text | None = None) -> Text:
    """A value of some type; quantities are in smallest units, rates exact; `unit` is that of a measure."""
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, date):
        return Text(f"{value.year}年{value.month}月{value.day}日", value.isoformat())
    if isinstance(value, Fraction):
        return Text(percent(value), percent(value))
    if isinstance(value, str):
        return Text(value, value)
    if kind == "year":
        return Text(f"{value}年", str(value))
    unit = unit or _UNITS.get(kind, Text("", ""))
    number = Fraction(value, SCALE.get(kind, 1))
    return Text(_chinese(number) + unit.zh, _digits(number, ",") + unit.en)


def money(fen: int) -> Text:
    """A sum of money: 2000万元."""
    return written(fen, "money")


def _chinese(number: Fraction) -> str:
    for step, word in _STEPS:
        scaled = number / step
        if abs(scaled) >= 1 and (scaled * _PLACES).denominator == 1:
            return _digits(scaled, "") + word
    return _digits(number, "")


def plain_number(number: Fraction) -> str:
    """A number in digits: 6.85."""
    return _digits(number, "")


def in_percent(parts: Sequence[str], funds: Sequence[str] = ()) -> str:
    """4, 3 and 3 parts of ten as shares are written: `[40%, 30%, 30%]`, those of funds `{city: 40%, county: 60%}`."""
    whole = sum(map(int, parts))
    rates = [percent(Fraction(int(part), whole)) if whole else "…" for part in parts]
    if not funds:
        return f"[{', '.join(rates)}]"
    return f"{{{', '.join(f'{fund}: {rate}' for fund, rate in zip(funds, rates, strict=True))}}}"


def _digits(number: Fraction, separator: str) -> str:
    """A number in digits, without needless zeros; what has no end is written as a fraction."""
    whole, rest = divmod(abs(number), 1)
    sign = "-" if number < 0 else ""
    head = f"{int(whole):,}".replace(",", separator)
    if not rest:
        return sign + head
    for places in range(1, 9):
        if (rest * 10**places).denominator == 1:
            return f"{sign}{head}.{int(rest * 10**places):0{places}d}"
    return f"{number.numerator}/{number.denominator}"


_SPANS: Final = {"year": Text("年", "year"), "month": Text("个月", "month"), "day": Text("天", "day")}


def shifted(label: str, day: Shifted) -> Text:
    """A day some years, months or days after another that has a name, or before it."""
    number, unit = abs(day.number), _SPANS[day.unit]
    side = Text("前", "before") if day.number < 0 else Text("后", "after")
    several = "" if number == 1 else "s"
    return Text(f"{label}{side.zh}{number}{unit.zh}", f"{number} {unit.en}{several} {side.en} {label}")
