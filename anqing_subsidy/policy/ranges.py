"""Quantities from one to another by a step, `1%` to `4%` by `0.5%`, written as a policy writes them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from anqing_subsidy.finding import Text, UsageError
from anqing_subsidy.money import MOST_DIGITS, MULTIPLIERS

MOST: Final = 200
"""Values that one sweep goes through."""
_QUANTITY: Final = re.compile(
    rf"(?P<number>\d+(?:\.\d+)?)(?P<multiplier>{'|'.join(sorted(MULTIPLIERS, key=len, reverse=True))})?(?P<unit>[^\d.]*)"
)


def values_between(first: str, last: str, step: str) -> list[str]:
    """The values from `first` to `last`, both included where the step meets them, in the unit of `first`.

    Raises:
        UsageError: a quantity that is none, units that differ, a step of nothing, too many values.
    """
    (start, unit, base), (end, other, _), (gap, third, _) = (_quantity(text) for text in (first, last, step))
    if len({unit, other, third}) > 1:
        raise UsageError(
            Text(
                f"--from {first}、--to {last}、--step {step} 的单位不同",
                f"--from {first}, --to {last} and --step {step} have different units",
            )
        )
    if gap <= 0:
        raise UsageError(Text("--step 须大于 0", "--step must be above 0"))
    count = int(abs(end - start) / gap) + 1
    if count > MOST:
        raise UsageError(
            Text(f"共 {count:,} 个取值，最多 {MOST} 个，请加大 --step", f"{count:,} values; at most {MOST}: make --step larger")
        )  # fmt: skip
    sign = 1 if end >= start else -1
    return [_written((start + sign * gap * at) / base.factor, base.text, first) for at in range(count)]


class _Base:
    """What stands behind the number of a quantity, and how many of the plain unit it is worth."""

    def __init__(self, text: str, factor: int) -> None:
        self.text = text
        self.factor = factor


def _quantity(text: str) -> tuple[Fraction, str, _Base]:
    match = _QUANTITY.fullmatch(text.replace(" ", "").replace(",", ""))
    if match is None or len(match["number"].replace(".", "")) > MOST_DIGITS:
        raise UsageError(
            Text(f"{text} 不是数量，应写成 1%、50万元 或 60", f"{text} is no quantity; write it as 1%, 50万元 or 60")
        )
    factor = MULTIPLIERS.get(match["multiplier"] or "", 1)
    return Fraction(match["number"]) * factor, match["unit"], _Base((match["multiplier"] or "") + match["unit"], factor)


def _written(number: Fraction, unit: str, like: str) -> str:
    """A number with all its digits; in the unit of the first value steps have finitely many."""
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
        if places > MOST_DIGITS:
            raise UsageError(
                Text(f"步长在 {like} 的单位下除不尽", f"the step has no end of digits in the unit of {like}")
            )
    digits = str((number * 10**places).numerator).rjust(places + 1, "0")
    whole = digits if not places else f"{digits[:-places]}.{digits[-places:]}"
    return whole + unit
