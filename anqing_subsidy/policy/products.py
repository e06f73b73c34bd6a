"""Products: facts and numbers that are multiplied, of which at most one is no count."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.money import QuantityError
from anqing_subsidy.policy.columns import SQUARE_METRES
from anqing_subsidy.policy.derivations import Derivation, Part, Times
from anqing_subsidy.policy.names import Names, is_number
from anqing_subsidy.policy.quantities import quantity
from anqing_subsidy.policy.schema import FactDoc
from anqing_subsidy.policy.terms import FactType, Ref

_ENDS: Final[Mapping[str, FactType]] = {"美元": "usd", "元": "money", "㎡": "area", "平方米": "area"}


def _kind_written(word: str) -> FactType:
    """What a number is of, by its unit: 1万元, 100万美元, 50㎡; else a count."""
    return next((kind for end, kind in _ENDS.items() if word.endswith(end)), "count")


def kind_of_product(table: str, doc: FactDoc, awaited: Collection[Ref], names: Names) -> FactType | None:
    """The type of a product: that of the part which is no count; None while a part has none yet."""
    kinds: list[FactType] = []
    for word in doc.times or ():
        if is_number(word):
            kinds.append(_kind_written(word))
            continue
        ref = names.known(table, word)
        kind = names.types.get(ref, None if ref in awaited else "count") if ref is not None else "count"
        if kind is None:
            return None
        kinds.append(kind)
    return "money" if "money" in kinds else next((kind for kind in kinds if kind != "count"), "count")


def unit_of_product(table: str, doc: FactDoc, kind: FactType, names: Names) -> str | None:
    """The unit of a product: that of the part which is no count."""
    refs = [ref for word in doc.times or () if (ref := names.known(table, word)) is not None]
    measured = [ref for ref in refs if kind != "count" and names.types.get(ref) == kind]
    own = SQUARE_METRES[0] if kind == "area" and not measured else None
    return next((names.units[ref] for ref in measured if ref in names.units), own)


def product(table: str, doc: FactDoc, names: Names) -> Derivation | None:
    """Facts and numbers that are multiplied: at most one of them is no count."""
    words = doc.times or ()
    parts: list[Part] = []
    measured: list[str] = []
    for at, word in enumerate(words):
        line = doc.at("times", at)
        if is_number(word):
            kind = _kind_written(word)
            try:
                parts.append(quantity(word, kind, SQUARE_METRES[0] if kind == "area" else None))
            except QuantityError as fault:
                names.faults.add(line, f"times 里的{fault.zh}", str(fault))
                continue
        else:
            ref = names.find(table, word, line)
            if ref is None:
                continue
            kind = names.types.get(ref, "count")
            if kind == "ratio":
                names.faults.add(
                    line,
                    f"times 不能乘比例 {word}: 按比例付写 prorate_by: {word}，固定比例写 rate: 2%",
                    f"`times` takes no ratio such as `{word}`: pay in proportion with `prorate_by: {word}`, at a fixed "
                    "rate with `rate: 2%`",
                )
                continue
            names.expect(ref, ("money", "usd", "count", "area"), line, "times")
            parts.append(ref)
        if kind != "count":
            measured.append(word)
    if len(measured) > 1:
        hint = _turned(words, measured)
        names.faults.add(
            doc.at("times"),
            f"times 里只能有一项不是个数: {', '.join(measured)}{hint.zh}",
            f"at most one part of `times` is no count: {', '.join(measured)}{hint.en}",
        )
        return None
    if len(words) < 2 or all(is_number(word) for word in words):
        names.faults.add(
            doc.at("times"),
            "times 是两项或更多相乘，至少一项是事实: [months, 1万元]",
            "`times` multiplies two parts or more, one of them a fact: `[months, 1万元]`",
        )
        return None
    return Times(tuple(parts)) if len(parts) == len(words) else None


def _turned(words: Sequence[str], measured: Sequence[str]) -> Text:
    """How an award is written that multiplies a price by what is measured."""
    price = next((word for word in measured if is_number(word) and _kind_written(word) == "money"), None)
    if price is None:
        return NOTHING
    award = f"pay: {price}, per: [{', '.join(word for word in words if word != price)}]"
    return Text(
        f"；单价乘数量写成奖补 {award}，总额的一部分写成它的上限 cap: {{rate: 30%, of: 总额}}",
        f"; a price of units is an award, `{award}`, and a part of a total its cap, `cap: {{rate: 30%, of: total}}`",
    )
