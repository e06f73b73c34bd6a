"""What stands on the right of a comparison: a value of the fact's type, another fact, or a day moved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.money import QuantityError, parse_rate, percent
from anqing_subsidy.policy.faults import half_width, nearest, unknown
from anqing_subsidy.policy.kind_words import how_to_turn, kind_said
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.quantities import day, quantity
from anqing_subsidy.policy.terms import FactType, Operand, Ref, Shifted, SpanUnit, moved

WORD: Final = r"[A-Za-z_][A-Za-z0-9_.]*"
"""The name of a fact."""
LIKE: Final[Mapping[FactType, str]] = {
    "money": "2000万元",
    "usd": "100万美元",
    "ratio": "60%",
    "count": "30",
    "area": "10000",
    "year": "2018",
    "date": "2018-08-17",
    "yesno": "true",
}
"""Values as they are written, by the type of the fact."""
_FALL: Final = re.compile(r"-(\d{1,3}(?:\.\d{1,4})?)%")
_SHIFTED: Final = re.compile(
    rf"({WORD}|\d{{4}}-\d\d-\d\d) ?([+-]) ?(\d{{1,5}}) ?(?:(years?|年)|(months?|个?月)|(days?|[天日]))"
)
_SPANS: Final[tuple[tuple[SpanUnit, int], ...]] = (("year", 366), ("month", 31), ("day", 1))
_FARTHEST: Final = 200 * 366
"""Days between two days of which one is reckoned from the other: what is farther apart is a slip, and leaves the calendar."""
_SAME_KIND: Final = (
    {"money"},
    {"usd"},
    {"count"},
    {"area"},
    {"ratio"},
    {"year"},
    {"date"},
    {"text", "uscc", "enum"},
    {"yesno"},
)
_WORDS: Final = ("enum", "text", "uscc")


class OperandReader:
    """Reads what a fact is compared with; what it cannot be compared with is a fault."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def operand(self, ref: Ref, text: str, table: str, line: int) -> Operand | None:
        """What a text on the right means, seen from a table."""
        kind = self.names.types.get(ref)
        if match := _SHIFTED.fullmatch(text):
            return self._shifted(ref, match, table, line)
        if kind is None:
            return text
        constant = self.names.constant(text)
        if constant is not None:
            return self._constant(ref, text, constant, line)
        if kind in _WORDS and text in self.names.options.get(ref, ()):
            return text
        if self._is_fact(text, kind, table):
            if kind == "yesno" and text in ("true", "false"):
                return text == "true"
            other = self.names.find(table, text, line)
            if other is not None:
                self._alike(ref, other, line)
            return other
        return self._literal(ref, text, table, line)

    def _alike(self, ref: Ref, other: Ref, line: int) -> None:
        """A fault where two facts are of kinds that cannot be compared."""
        units, types = self.names.units, self.names.types
        kinds = {types[ref], types.get(other, types[ref])}
        if any(kinds <= same for same in _SAME_KIND):
            return
        left, right = (kind_said(types[fact], units.get(fact)) for fact in (ref, other))
        hint = how_to_turn("usd", kinds) if "usd" in kinds else NOTHING
        self.names.faults.add(
            line,
            f"{ref.id}（{left.zh}）与 {other.id}（{right.zh}）不是同类，不能比较{hint.zh}",
            f"`{ref.id}` ({left.en}) and `{other.id}` ({right.en}) are of different kinds{hint.en}",
        )

    def _is_fact(self, text: str, kind: FactType, table: str) -> bool:
        """Whether a text is to name a fact, and is no value."""
        named = any(self.names.has(owner, text) for owner in self.names.chain(table))
        return named or (kind not in ("enum", "text") and re.fullmatch(WORD, text) is not None)

    def _constant(self, ref: Ref, text: str, constant: int | date, line: int) -> Operand:
        kind = self.names.types[ref]
        if kind != ("date" if isinstance(constant, date) else "year"):
            days = Text(
                "，日期用 policy_year_start 或 policy_year_end",
                ": a day takes `policy_year_start` or `policy_year_end`",
            )
            hint = days if kind == "date" else NOTHING
            self.names.faults.add(
                line,
                f"{ref.id} 与 {text} 不是同类，不能比较{hint.zh}",
                f"`{ref.id}` and `{text}` are of different kinds{hint.en}",
            )
        return constant

    def _shifted(self, ref: Ref, match: re.Match[str], table: str, line: int) -> Operand | None:
        """A day some years, months or days after another, or before it."""
        word, number = match[1], int(match[2] + match[3])
        unit, days = next(span for span, said in zip(_SPANS, match.groups()[3:], strict=True) if said)
        if abs(number) * days > _FARTHEST:
            self.names.faults.add(
                line, f"{match[0]}: 相隔太远，至多 200 年", f"`{match[0]}`: too far apart, at most 200 years"
            )
            return None
        self.names.expect(ref, ("date",), line, f"… {match[2]} {match[3]} {unit}s")
        fixed = self.operand(ref, word, table, line) if word[0].isdigit() else self.names.constant(word)
        if isinstance(fixed, date):
            return moved(fixed, number, unit)
        if word[0].isdigit():
            return None
        other = self.names.find(table, word, line)
        self.names.expect(other, ("date",), line, f"… {match[2]} {match[3]} {unit}s")
        return Shifted(other, number, unit) if other else None

    def _literal(self, ref: Ref, text: str, table: str, line: int) -> Operand | None:
        kind = self.names.types[ref]
        if kind in _WORDS:
            self.check_option(ref, text, line)
            return text
        hint = half_width(text)
        if kind == "ratio" and (fall := _FALL.fullmatch(text)) is not None and Fraction(fall[1]) <= 100:
            left = percent(1 - Fraction(fall[1]) / 100)
            hint = Text(
                f"；降幅不超过 {fall[1]}% 用事实 ratio: [本年, 上年]，条件写 >= {left}",
                f"; a fall of at most {fall[1]}% is a fact `ratio: [now, before]`, and the condition `>= {left}`",
            )
        why = Text(f"写成 {ref.id} 或 not {ref.id}", f"write `{ref.id}` or `not {ref.id}`")
        try:
            if kind == "date":
                return day(text)
            if kind == "ratio":
                return parse_rate(text)
            if kind != "yesno":
                return quantity(text, kind, self.names.units.get(ref))
        except QuantityError as fault:
            why = Text(f"{fault.zh}{hint.zh}", f"{fault}{hint.en}")
        if self.names.labelled(table, text):
            return self.names.find(table, text, line)
        self.names.faults.add(
            line, f"{ref.id} 的比较值不对: {why.zh}", f"`{ref.id}` cannot be compared with {text!r}: {why.en}"
        )
        return None

    def check_option(self, ref: Ref, option: str, line: int) -> None:
        """A fault where a fact has no such value."""
        options = self.names.options.get(ref)
        if options is not None and unknown(option, options):
            hint = nearest(option, options, options)
            self.names.faults.add(
                line, f"{ref.id} 没有取值 {option}{hint.zh}", f"`{ref.id}` has no value `{option}`{hint.en}"
            )
