"""The words of the outputs, in both languages: statuses, reasons, flags, and how values are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any, Final

import polars as pl

from anqing_subsidy.engine.fact import NO_PLACE
from anqing_subsidy.finding import Lang, Text
from anqing_subsidy.money import SCALE, decimal_text, percent, percent_cut, plain
from anqing_subsidy.policy.derivations import PlaceOf
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.texts import choose, column, mapped, number, put

STATUS: Final = {
    "eligible": Text("符合", "eligible"),
    "eligible_with_held": Text("符合（部分暂扣）", "eligible, part held"),
    "ineligible": Text("不符合", "ineligible"),
    "pending": Text("待补资料", "pending"),
    "held": Text("暂扣", "held"),
    "excluded": Text("已获其他支持", "excluded"),
    "superseded": Text("取高未付", "superseded"),
    "invalid": Text("数据有误", "invalid"),
}
FLAG: Final = {
    "AT_THRESHOLD": Text("恰在门槛", "at a threshold"),
    "NEAR_THRESHOLD": Text("距门槛 1% 以内", "within 1 % of a threshold"),
    "DECLARED": Text("按申报数，无明细", "declared, no details"),
    "DECIDED": Text("人工核定", "decided by hand"),
    "OTHER_SUPPORT": Text("已扣其他支持", "other support taken off"),
}
SEVERITY: Final = {"error": Text("错误", "error"), "warning": Text("警告", "warning"), "info": Text("提示", "note")}
OPS: Final = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤", ">": ">", "<": "<"}
YES: Final = Text("是", "yes")
NO: Final = Text("否", "no")
BLANK: Final = Text("空白", "blank")


class Wording:
    """How one language says things; facts by the labels of the policy."""

    def __init__(self, policy: Policy, lang: Lang) -> None:
        self.policy = policy
        self.lang: Lang = lang
        self._labels: dict[Ref, str] = {}
        self.comma = self.say("、", ", ")
        self.semicolon = self.say("；", "; ")

    def say(self, zh: str, en: str) -> str:
        """One of two wordings."""
        return zh if self.lang == "zh" else en

    def listed(self, parts: Iterable[str]) -> str:
        """A list of names."""
        return self.comma.join(parts)

    def joined(self, parts: Iterable[str]) -> str:
        """A list of parts of a sentence."""
        return self.semicolon.join(parts)

    def label(self, ref: Ref) -> str:
        """What people call a fact."""
        if ref not in self._labels:
            self._labels[ref] = self.policy.label(ref).say(self.lang)
        return self._labels[ref]

    def unit(self, kind: str, ref: Ref | None = None) -> str:
        """What stands behind a figure: the unit of money and areas, of counts that of their column."""
        if kind == "money":
            return self.say(" 元", " yuan")
        if kind == "usd":
            return self.say(" 美元", " USD")
        if kind == "area":
            own = self.policy.unit(ref) if ref is not None else None
            return f" {own}" if own else ""
        column = self.policy.column(ref) if ref is not None else None
        return f" {column.unit}" if kind == "count" and self.lang == "zh" and column is not None and column.unit else ""

    def one(self, value: Any, kind: str, ref: Ref | None = None) -> str:  # noqa: ANN401  # a cell's value
        """A value of some type as people read it, with its unit."""
        if value is None:
            return BLANK.say(self.lang)
        if isinstance(value, bool):
            return (YES if value else NO).say(self.lang)
        if isinstance(value, Fraction):
            return percent(value)
        if isinstance(value, int) and kind == "ratio":
            return percent(Fraction(value, SCALE["ratio"]))
        if value == NO_PLACE and ref is not None and self.is_place(ref):
            return self.say("不参加排名", "takes no part")
        if isinstance(value, int) and kind in SCALE and kind != "year":
            return decimal_text(value, SCALE[kind]) + self.unit(kind, ref)
        if isinstance(value, date):
            return value.isoformat()
        if ref is not None and self.lang == "zh" and str(value) in (words := self.policy.words(ref)):
            return words[str(value)][0]
        return str(value)

    def is_place(self, ref: Ref) -> bool:
        """Whether a fact is a place in a ranking."""
        fact = self.policy.facts.get(ref)
        return fact is not None and isinstance(fact.how, PlaceOf)

    def shown(self, values: pl.Series, kind: str, ref: Ref | None = None) -> pl.Series:
        """A column of one type as people read it; each value is written once however often it occurs."""
        if kind not in ("money", "usd", "count", "area") or not values.dtype.is_integer():
            return mapped(values, lambda value: self.one(value, kind, ref))
        if ref is not None and self.is_place(ref):
            return mapped(values, lambda value: self.one(value, kind, ref))
        text = put(number(values, SCALE[kind]), self.unit(kind, ref))
        return (
            choose(values.is_null(), BLANK.say(self.lang), text) if values.null_count() else column(text, len(values))
        )


def scripted(value: Any, kind: str) -> str | None:  # noqa: ANN401  # a cell's value
    """A value as scripts read it: yuan with two decimals, plain numbers, yes/no, ISO dates."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return percent(value)
    if isinstance(value, int):
        if kind == "ratio":
            return percent(Fraction(value, SCALE["ratio"]))
        if kind in ("money", "usd"):
            return plain(value)
        return decimal_text(value, SCALE.get(kind, 1)).replace(",", "")
    return str(value)


def share(numerator: int, denominator: int) -> str:
    """A ratio as a percentage, cut (never rounded up to a threshold) after four decimals."""
    if denominator <= 0:
        return "∞" if denominator == 0 and numerator > 0 else "?"
    return percent_cut(numerator, denominator)
