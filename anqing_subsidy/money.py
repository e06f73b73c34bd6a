"""Exact quantities: money in fen, areas in cm², rates as integer ratios; one rounding.

Nothing here is a float. A quantity of a column is an integer count of the column's smallest unit
(`SCALE`): a money value of 1 yuan is 100, an area of 1 m² is 10,000, a count is itself.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final, Self

SCALE: Final = {"money": 100, "usd": 100, "area": 10_000, "count": 1, "year": 1, "ratio": 10**8}
"""Smallest units in one unit a person writes, by column type; in 1 for a ratio."""

LARGEST: Final = 10**15
"""The largest magnitude, in smallest units, that is taken for a real figure (10万亿元)."""

MOST_DIGITS: Final = 18
"""A quantity of a policy has at most so many digits, before and after the point together."""

FRACTION_DIGITS: Final = 5
"""A fraction of a policy has at most so many digits above and below, so that no common denominator grows beyond use."""

INT64_MAX: Final = 2**63 - 1

MULTIPLIERS: Final = {"百": 10**2, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}
_AMOUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<multiplier>百万|千万|万亿|百|千|万|亿)?(?P<unit>元|美元|%|‰)?")

_NEGATIVE = re.compile(r"[-－−]\s*\d.*")
_SPELT_OUT = re.compile(r"[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿点]*\D{0,3}|[百千万亿]分之.*")
"""A number in Chinese numerals, with its unit."""

_FRACTION = re.compile(r"(?P<above>\d+)/(?P<below>\d+)")


class QuantityError(ValueError):
    """A text that is no quantity of the wanted kind; said in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh


def _split(text: str) -> tuple[Fraction, str]:
    match = _AMOUNT.fullmatch(text.replace(" ", "").replace(",", ""))
    if match is None:
        raise _no_quantity(text)
    if len(match["number"].replace(".", "")) > MOST_DIGITS:
        raise QuantityError(
            f"数字超过 {MOST_DIGITS} 位，不会有这么大的数",
            f"a number of more than {MOST_DIGITS} digits is beyond every figure",
        )
    return Fraction(match["number"]) * MULTIPLIERS.get(match["multiplier"] or "", 1), match["unit"] or ""


def _no_quantity(text: str) -> QuantityError:
    if _NEGATIVE.fullmatch(text):
        return QuantityError(f"{text!r} 是负数，这里只写不小于 0 的数", f"{text!r} is negative: write 0 or more")
    zh, en = f"{text!r} 不是 2000万元、60%、3万 这样的数", f"{text!r} is not a quantity such as 2000万元, 60% or 3万"
    if _SPELT_OUT.fullmatch(text):
        zh, en = f"{zh}: 中文数字写成 100万元 这样的阿拉伯数字", f"{en}: write a Chinese numeral in digits, as 100万元"
    return QuantityError(zh, en)


def parse_money(text: str) -> int:
    """`2000万元` or `1.5亿元` or `2元`, as an official document writes it -> fen."""
    return _sum(text, "元", "2000万元", ("金额", "分", "预算"), ("an amount of money", "a fen", "every budget"))


def parse_usd(text: str) -> int:
    """`100万美元`, an amount in US dollars -> cents."""
    return _sum(
        text,
        "美元",
        "100万美元",
        ("美元金额", "美分", "数字"),
        ("an amount in US dollars", "a cent", "every figure"),
    )


_Words = tuple[str, str, str]
"""What a sum is, its smallest part, and what one that is too large is beyond."""


def _sum(text: str, wanted: str, like: str, zh: _Words, en: _Words) -> int:
    """A sum in one currency -> its hundredths; `zh` and `en` are the words for it."""
    number, unit = _split(text)
    if unit != wanted:
        ended = f"{text.strip()}{wanted}"
        raise QuantityError(
            f"{text!r} 不是{zh[0]}: " + (f"应写成 {like} 这样" if unit else f"末尾加上{wanted}，写成 {ended}"),
            f"{text!r} is not {en[0]}" + (f", as {like} is" if unit else f": end it with {wanted}, as in {ended}"),
        )
    parts = number * SCALE["money"]
    if parts.denominator != 1:
        raise QuantityError(f"{text!r} 比一{zh[1]}还小", f"{text!r} is finer than {en[1]}")
    if parts > LARGEST:
        raise QuantityError(f"{text!r} 太大，没有这么大的{zh[2]}", f"{text!r} is beyond {en[2]}")
    return int(parts)


class WrittenFraction(Fraction):
    """A fraction that is shown as its author wrote it, not reduced: 5/710."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, above: int = 0, below: int = 1) -> Self:  # noqa: D102  # a fraction
        self = super().__new__(cls, above, below)
        self.text = f"{above}/{below}"
        return self


def _fraction(text: str) -> Fraction | None:
    """`2/3` -> the fraction; None where the text is none."""
    match = _FRACTION.fullmatch(text.replace(" ", ""))
    if match is None:
        return None
    if not int(match["below"]) or max(len(match["above"]), len(match["below"])) > FRACTION_DIGITS:
        raise QuantityError(
            f"{text!r} 不是 2/3 这样的分数（上下各至多 {FRACTION_DIGITS} 位）",
            f"{text!r} is no fraction such as 2/3, of at most {FRACTION_DIGITS} digits each",
        )
    return WrittenFraction(int(match["above"]), int(match["below"]))


def parse_factor(text: str) -> Fraction:
    """`2`, `1.5`, `150%` or `2/3`, what an amount is multiplied by -> an exact ratio."""
    if (fraction := _fraction(text)) is not None:
        return fraction
    number, unit = _split(text)
    if unit not in ("", "%", "‰"):
        raise QuantityError(
            f"{text!r} 不是倍数: 写成 2、1.5、150% 或 2/3 这样",
            f"{text!r} is not a factor: write it as 2, 1.5 or 150%, or as 2/3",
        )
    return number / {"": 1, "%": 100, "‰": 1000}[unit]


def parse_rate(text: str) -> Fraction:
    """`1%`, `5‰` or `1/3` -> an exact ratio."""
    if (fraction := _fraction(text)) is not None:
        return fraction
    number, unit = _split(text)
    if unit not in ("%", "‰"):
        part = not unit and number < 1
        raise QuantityError(
            f"{text!r} 不是比例: 写成 1%、5‰ 或 1/3 这样" + (f"；{text} 即 {percent(number)}" if part else ""),
            f"{text!r} is not a rate: write it as 1% or 5‰, or as 1/3"
            + (f"; {text} is {percent(number)}" if part else ""),
        )
    return number / (100 if unit == "%" else 1000)


def parse_number(text: str, scale: int = 1) -> int:
    """`30`, `3万` or `10000` -> a whole number of smallest units."""
    number, unit = _split(text)
    if unit:
        raise QuantityError(f"{text!r} 应是不带单位的数", f"{text!r} is not a plain number")
    scaled = number * scale
    if scaled.denominator != 1:
        raise QuantityError(f"{text!r} 比这一项的最小单位还细", f"{text!r} is finer than the unit of the fact")
    if scaled > LARGEST:
        raise QuantityError(f"{text!r} 太大，没有这么大的数", f"{text!r} is beyond every figure")
    return int(scaled)


def round_ratio(numerator: int, denominator: int, mode: str) -> int:
    """Round a non-negative ratio to a whole number: `half_up_fen` or `down_fen`."""
    if mode == "half_up_fen":
        return (2 * numerator + denominator) // (2 * denominator)
    return numerator // denominator


def fen_of_yuan(text: str) -> int:
    """`200000.00` -> fen, exactly; the inverse of `plain`."""
    try:
        scaled = Decimal(text) * 100
    except InvalidOperation as fault:
        raise QuantityError(f"{text!r} 不是以元计的金额", f"{text!r} is not an amount in yuan") from fault
    if scaled != scaled.to_integral_value():
        raise QuantityError(f"{text!r} 比一分还小", f"{text!r} is finer than a fen")
    return int(scaled)


def plain(fen: int) -> str:
    """Fen -> yuan with two decimals, `200000.00`: what scripts read."""
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def grouped(fen: int) -> str:
    """Fen -> yuan with two decimals and thousands separators, `200,000.00`: what people read."""
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // 100:,}.{whole % 100:02d}"


def percent(rate: Fraction) -> str:
    """An exact rate as people write it: 1/50 -> `2%`; what is written as a fraction, or has no end, as one."""
    if isinstance(rate, WrittenFraction):
        return rate.text
    scaled = rate * 100
    if scaled.denominator == 1:
        return f"{scaled.numerator}%"
    if 10**9 % scaled.denominator == 0:
        return f"{(Decimal(scaled.numerator) / scaled.denominator).normalize():f}%"
    return f"{rate.numerator}/{rate.denominator}"


def percent_cut(numerator: int, denominator: int) -> str:
    """A ratio as a percentage, cut (never rounded up to a threshold) after four decimals."""
    units = numerator * 1_000_000 // denominator
    digits = f"{units % 10_000:04d}".rstrip("0")
    return f"{units // 10_000}{'.' + digits if digits else ''}%"


def decimal_text(value: int, scale: int) -> str:
    """Smallest units -> the number a person writes, without needless zeros."""
    if scale == 1:
        return f"{value:,}"
    if scale == SCALE["money"]:
        return grouped(value)
    sign, whole = ("-", -value) if value < 0 else ("", value)
    digits = f"{whole % scale:0{len(str(scale)) - 1}d}".rstrip("0")
    return f"{sign}{whole // scale:,}" + (f".{digits}" if digits else "")
