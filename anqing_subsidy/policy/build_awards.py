"""Awards of a checked document -> shapes with exact amounts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from anqing_subsidy.money import SCALE, QuantityError, parse_money, parse_number, parse_rate
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.fold import nearest
from anqing_subsidy.policy.model import (
    Award,
    FactType,
    FirstPast,
    HighestOf,
    Keyed,
    Pay,
    Rate,
    Ref,
    Row,
    Shape,
    SumOf,
    Value,
)
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.schema import AwardDoc, PolicyDoc
from anqing_subsidy.policy.yamltree import YamlMap

_SHAPES = ("pay", "rate", "highest_of", "sum_of", "first_past")


class AwardBuilder:
    """Builds the awards of a policy."""

    def __init__(self, doc: PolicyDoc, names: Names, parser: ConditionParser) -> None:
        self.doc = doc
        self.names = names
        self.faults = names.faults
        self.parser = parser

    def money(self, text: str, line: int) -> int:
        """An amount of money in fen; 0 and a fault where the text is none."""
        try:
            return parse_money(text)
        except QuantityError as fault:
            self.faults.add(line, f"金额 {text!r} 不对，应写成 2000万元 这样", str(fault))
            return 0

    def _value(self, tree: Any, table: str, line: int, kind: str) -> Value:  # noqa: ANN401  # a tree of plain values
        """A sum, a rate or a factor; a fact that is an amount; or a choice `{by: fact, key: value}`."""
        if isinstance(tree, YamlMap):
            by = tree.get("by")
            ref = self.names.find(table, str(by), tree.line)
            if ref is None:
                return 0
            kinds = self.names.types.get(ref)
            options = ("true", "false") if kinds == "yesno" else self.names.options.get(ref)
            cases = {}
            for key, value in tree.items():
                if key == "by":
                    continue
                if options is not None and key not in options:
                    hint = nearest(key, options)
                    self.faults.add(
                        tree.lines[key], f"{by} 没有取值 {key}{hint.zh}", f"`{by}` has no value `{key}`{hint.en}"
                    )
                cases[key] = self._value(value, table, tree.lines[key], kind)
            # a key that is misspelt is one fault, not also the lack of the key that was meant
            spelt = options is not None and set(cases) <= set(options)
            for option in options or ():
                if spelt and option not in cases and option != "unknown":
                    self.faults.add(
                        tree.line,
                        f"{by} 的取值 {option} 没有写明（不付写 0元）",
                        f"nothing is said for `{option}` of `{by}` (write 0元 where it pays nothing)",
                    )
            return Keyed(ref, cases)
        text = str(tree)
        if any(self.names.has(owner, text) for owner in self.names.chain(table)):
            ref = self.names.find(table, text, line)
            fitting: dict[str, tuple[FactType, ...]] = {"money": ("money",), "factor": ("count",)}
            self.names.expect(ref, fitting.get(kind, ()), line, kind)
            return ref or 0
        try:
            if kind == "rate":
                return parse_rate(text)
            return parse_number(text) if kind == "factor" else parse_money(text)
        except QuantityError as fault:
            wanted = {"rate": "比例 (如 2%)", "factor": "倍数 (如 2)", "money": "金额 (如 2000万元)"}[kind]
            self.faults.add(line, f"{text!r} 不是{wanted}", str(fault))
            return Fraction(0) if kind == "rate" else 0

    def award(self, doc: AwardDoc, table: str, once_with: tuple[str, ...]) -> Award:
        """One award: its shape and its factor."""
        given = [shape for shape in _SHAPES if getattr(doc, shape) is not None]
        if len(given) != 1:
            listing = ", ".join(_SHAPES)
            self.faults.add(doc.line, f"一项奖补须恰有一种算法: {listing}", f"an award needs exactly one of {listing}")
            return Award(Pay(0))
        factor: Value = 1 if doc.multiply_by is None else self._value(doc.multiply_by, table, doc.line, "factor")
        return Award(self._shape(doc, given[0], table, once_with), factor)

    def _shape(self, doc: AwardDoc, shape: str, table: str, once_with: tuple[str, ...]) -> Shape:
        line = doc.line
        if shape == "pay":
            per = self.names.find(table, doc.per, line) if doc.per else None
            self.names.expect(per, ("count", "area"), line, "per")
            return Pay(self._value(doc.pay, table, line, "money"), per)
        if shape == "rate":
            if doc.of is None:
                self.faults.add(line, "rate 需要 of: 写明按哪一项计", "`rate` needs `of`: the base")
            of = self.names.find(table, doc.of, line) if doc.of else None
            self.names.expect(of, ("money",), line, "rate of")
            above = self.money(doc.only_above, line) if doc.only_above is not None else 0
            return Rate(self._value(doc.rate, table, line, "rate"), of or Ref(table, "?"), above)
        if shape in ("highest_of", "sum_of"):
            rows = tuple(
                Row(self.parser.parse(row.when, table, row.line), self.award(row, table, once_with))
                for row in (doc.highest_of or doc.sum_of or [])
            )
            return HighestOf(rows) if shape == "highest_of" else SumOf(rows)
        metric = self.names.find(table, doc.first_past or "", line)
        return self._first_past(doc, metric or Ref(table, "?"), once_with)

    def _first_past(self, doc: AwardDoc, metric: Ref, once_with: tuple[str, ...]) -> FirstPast:
        kind = self.names.types.get(metric, "count")
        tiers = []
        for threshold, amount in (doc.tiers or {}).items():
            try:
                level = parse_money(threshold) if kind == "money" else parse_number(threshold, SCALE.get(kind, 1))
            except QuantityError as fault:
                self.faults.add(doc.line, f"档次 {threshold!r} 不对: {fault}", f"tier {threshold!r}: {fault}")
                continue
            tiers.append((level, self.money(amount, doc.line)))
        if not tiers:
            self.faults.add(doc.line, "first_past 需要 tiers", "`first_past` needs `tiers`")
        levels = [level for level, _ in tiers]
        if levels != sorted(set(levels)):
            self.faults.add(doc.line, "档次应由低到高，不重复", "tiers must ascend, each once")
        if self.doc.history is None:
            self.faults.add(
                doc.line, "first_past 需要 history: 写明看哪张历年表", "`first_past` needs `history:` at the top level"
            )
        elif self.names.types.get(Ref(self.doc.history.table, metric.id)) != kind and metric.id != "?":
            self.faults.add(
                doc.line, f"历年表没有 {metric.id}", f"the table of earlier years has no `{metric.id}` to look back on"
            )
        return FirstPast(metric, tuple(tiers), doc.past, doc.jump, once_with)
