"""Quantities of a policy file: the number that a text means, by the type of the fact that it stands beside."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from anqing_subsidy.money import SCALE, QuantityError, parse_factor, parse_money, parse_number, parse_usd
from anqing_subsidy.policy.clauses import Budget
from anqing_subsidy.policy.faults import HOLE, Faults
from anqing_subsidy.policy.schema import BudgetDoc, PolicyDoc
from anqing_subsidy.policy.terms import FactType

_SQUARE_METRES: Final = ("㎡", "m²", "m2", "平方米")


def quantity(text: str, kind: FactType) -> int:
    """`2000万元`, `100万美元`, `30`, `3万`, `1万㎡` -> smallest units of a fact of that type.

    Raises:
        QuantityError: the text is no quantity of that type.
    """
    if kind == "money":
        return parse_money(text)
    if kind == "area":
        text = next((text.removesuffix(unit) for unit in _SQUARE_METRES if text.endswith(unit)), text)
    return parse_usd(text) if kind == "usd" else parse_number(text, SCALE.get(kind, 1))


def money(text: str, line: int, faults: Faults) -> int:
    """An amount of money in fen; 0 and a fault where the text is none."""
    if text == HOLE:
        return 0
    try:
        return parse_money(text)
    except QuantityError as fault:
        faults.add(line, f"金额 {text!r} 不对，应写成 2000万元 这样", str(fault))
        return 0


def some_money(text: str, line: int, faults: Faults) -> int:
    """An amount of money above nothing: where it is nothing, nothing would be paid, and nothing said of it."""
    found = len(faults.found)
    fen = money(text, line, faults)
    if fen == 0 and text != HOLE and len(faults.found) == found:
        faults.add(line, f"{text} 须大于 0", f"{text} must be above 0")
    return fen


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
