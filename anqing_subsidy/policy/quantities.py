"""Quantities of a policy file: the number that a text means, by the type of the fact that it stands beside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from anqing_subsidy.money import SCALE, QuantityError, parse_factor, parse_money, parse_number, parse_rate, parse_usd
from anqing_subsidy.policy.clauses import Budget
from anqing_subsidy.policy.columns import SQUARE_METRES
from anqing_subsidy.policy.faults import HOLE, Faults
from anqing_subsidy.policy.figures import in_percent
from anqing_subsidy.policy.schema import BudgetDoc, PolicyDoc
from anqing_subsidy.policy.terms import FactType

_DAY: Final = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_WITH_UNIT: Final = re.compile(r"(\d[\d.,]*[百千万亿]*)([^\d\s.,百千万亿]+)")


def quantity(text: str, kind: FactType, unit: str | None = None) -> int:
    """`2000万元`, `100万美元`, `30`, `3万`, `1万㎡` -> smallest units of a fact of that type.

    `unit` is what the policy gives the column: a count or a measure may be written with it, and with no other.

    Raises:
        QuantityError: the text is no quantity of that type.
    """
    if kind == "money":
        return parse_money(text)
    if kind == "usd":
        return parse_usd(text)
    units = SQUARE_METRES if unit in SQUARE_METRES else (unit,)
    number = next((text.removesuffix(own) for own in units if own and text.endswith(own)), text)
    if (match := _WITH_UNIT.fullmatch(number)) is not None:
        raise QuantityError(
            f"{text!r} 不带单位，写 {match[1]}"
            if unit is None
            else f"{text!r} 的单位不是 {unit}: 只写以 {unit} 计的数字",
            f"{text!r} goes without a unit: write {match[1]}"
            if unit is None
            else f"{text!r} is not in {unit}, the unit of the fact: leave out the unit, the number alone is in {unit}",
        )
    return parse_number(number, SCALE.get(kind, 1))


def day(text: str) -> date:
    """`2018-08-17` -> the day.

    Raises:
        QuantityError: the text is no day, or is written in another way.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    like = "2018-08-17"
    if (match := _DAY.fullmatch(text)) is not None:
        try:
            like = date(*map(int, match.groups())).isoformat()
        except ValueError:
            raise QuantityError(f"没有 {text} 这一天", f"there is no day {text}") from None
    raise QuantityError(f"日期 {text!r} 写成 {like} 这样", f"{text!r} is no day: write it as {like}")


def money(text: str, line: int, faults: Faults) -> int:
    """An amount of money in fen; 0 and a fault where the text is none."""
    if text == HOLE:
        return 0
    try:
        return parse_money(text)
    except QuantityError as fault:
        faults.add(line, fault.zh, str(fault))
        return 0


def some_money(text: str, line: int, faults: Faults) -> int:
    """An amount of money above nothing: where it is nothing, nothing would be paid, and nothing said of it."""
    found = len(faults.found)
    fen = money(text, line, faults)
    if fen == 0 and text != HOLE and len(faults.found) == found:
        faults.add(line, f"{text} 须大于 0", f"{text} must be above 0")
    return fen


def shares(
    words: Sequence[str], lines: Sequence[int], line: int, faults: Faults, funds: Sequence[str] = ()
) -> list[Fraction] | None:
    """Parts of a whole, each a rate; None (and a fault) where one of them is none. `funds`: whose shares they are."""
    if HOLE in words:
        return None
    if words and all(word.isdecimal() for word in words):
        said = in_percent(words, funds)
        faults.add(line, f"份额写成百分数: {said}", f"shares are written in per cent: {said}")
        return None
    found = []
    for word, at in zip(words, lines, strict=True):
        try:
            found.append(parse_rate(word))
        except QuantityError as fault:
            faults.add(at, fault.zh, str(fault))
    return found if len(found) == len(words) else None


def budget(doc: BudgetDoc | str | None, line: int, faults: Faults) -> Budget | None:
    """The most that is paid in all."""
    if doc is None:
        return None
    if isinstance(doc, BudgetDoc):
        return None if doc.hole else Budget(some_money(doc.sum, doc.at("sum"), faults), doc.open_lines, doc.first)
    return Budget(some_money(doc, line, faults), "leave_out")


def exchange_rate(doc: PolicyDoc, line: int, faults: Faults) -> Fraction | None:
    """What a US dollar is worth in yuan; None and a fault where the policy does not say."""
    if doc.exchange is None:
        faults.add(
            line,
            "in_yuan 需要汇率: 在顶层写 exchange: {usd: 6.6元}",
            "`in_yuan` needs a rate: write `exchange: {usd: 6.6元}` at the top level",
        )
        return None
    text = doc.exchange.usd
    if text == HOLE:
        return None
    try:
        rate = parse_factor(text.strip().removesuffix("元"))
    except QuantityError:
        rate = Fraction(0)
    if not text.strip().endswith("元") or "/" in text or rate <= 0:
        where = doc.exchange.at("usd")
        faults.add(
            where,
            f"汇率 {text!r} 不对，应写成 6.6174元 这样（一美元合多少元）",
            f"the rate {text!r} is none: write what a dollar is worth, as 6.6174元",
        )
        return None
    return rate
