"""Awards of a checked document -> shapes with exact amounts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from anqing_subsidy.money import SCALE, QuantityError, parse_money, parse_number, parse_rate
from anqing_subsidy.policy.clauses import Award, FirstPast, HighestOf, Keyed, Pay, Rate, Row, Shape, SumOf, Value
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.faults import HOLE, Faults, nearest, unknown
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.schema import AwardDoc, PolicyDoc
from anqing_subsidy.policy.terms import FactType, Ref
from anqing_subsidy.policy.yamltree import YamlList, YamlMap

_SHAPES = ("pay", "rate", "highest_of", "sum_of", "first_past")


def money(text: str, line: int, faults: Faults) -> int:
    """An amount of money in fen; 0 and a fault where the text is none."""
    if text == HOLE:
        return 0
    try:
        return parse_money(text)
    except QuantityError as fault:
        faults.add(line, f"金额 {text!r} 不对，应写成 2000万元 这样", str(fault))
        return 0


class AwardBuilder:
    """Builds the awards of a policy."""

    def __init__(self, doc: PolicyDoc, names: Names, parser: ConditionParser) -> None:
        self.doc = doc
        self.names = names
        self.faults = names.faults
        self.parser = parser

    def money(self, text: str, line: int) -> int:
        """An amount of money in fen; 0 and a fault where the text is none."""
        return money(text, line, self.faults)

    def _value(self, tree: Any, table: str, line: int, kind: str) -> Value:  # noqa: ANN401  # a tree of plain values
        """A sum, a rate or a factor; a fact that is an amount; or a choice `{by: fact, key: value}`."""
        if isinstance(tree, YamlMap):
            by = tree.get("by")
            if by is None:
                self.faults.add(
                    line, "按取值付的一项缺少 by: 写明按哪一项", "a choice needs `by`: the fact that decides"
                )
                return 0
            ref = self.names.find(table, str(by), tree.lines["by"])
            kinds = self.names.types.get(ref) if ref is not None else None
            options = (
                ("true", "false") if kinds == "yesno" else self.names.options.get(ref) if ref is not None else None
            )
            cases = {}
            for key, value in tree.items():
                if key == "by":
                    continue
                if options is not None and unknown(key, options):
                    hint = nearest(key, options)
                    self.faults.add(
                        tree.lines[key], f"{by} 没有取值 {key}{hint.zh}", f"`{by}` has no value `{key}`{hint.en}"
                    )
                cases[key] = self._value(value, table, tree.lines[key], kind)
            # a key that is misspelt is one fault, not also the lack of the key that was meant
            spelt = options is not None and set(cases) <= set(options)
            for option in options or ():
                if spelt and unknown(option, cases) and option != "unknown":
                    self.faults.add(
                        tree.line,
                        f"{by} 的取值 {option} 没有写明（不付写 0元）",
                        f"nothing is said for `{option}` of `{by}` (write 0元 where it pays nothing)",
                    )
            return Keyed(ref or Ref(table, HOLE), cases)
        if isinstance(tree, YamlList) or tree is None:
            self.faults.add(
                line,
                "应为一个值，或 {by: 事实, 取值: 值}",
                "must be one value, or `{by: fact, option: value}`",
            )
            return 0
        text = str(tree)
        if text == HOLE:
            return 0
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
        if doc.hole:
            return Award(Pay(0))
        if len(given) != 1:
            listing = ", ".join(_SHAPES)
            self.faults.add(doc.line, f"一项奖补须恰有一种算法: {listing}", f"an award needs exactly one of {listing}")
            return Award(Pay(0))
        factor: Value = (
            1 if doc.multiply_by is None else self._value(doc.multiply_by, table, doc.at("multiply_by"), "factor")
        )
        return Award(self._shape(doc, given[0], table, once_with), factor)

    def _shape(self, doc: AwardDoc, shape: str, table: str, once_with: tuple[str, ...]) -> Shape:
        if shape == "pay":
            per = self.names.find(table, doc.per, doc.at("per")) if doc.per is not None else None
            self.names.expect(per, ("count", "area"), doc.at("per"), "per")
            return Pay(self._value(doc.pay, table, doc.at("pay"), "money"), per)
        if shape == "rate":
            if doc.of is None:
                self.faults.add(doc.line, "rate 需要 of: 写明按哪一项计", "`rate` needs `of`: the base")
            of = self.names.find(table, doc.of, doc.at("of")) if doc.of is not None else None
            self.names.expect(of, ("money",), doc.at("of"), "rate of")
            above = self.money(doc.only_above, doc.at("only_above")) if doc.only_above is not None else 0
            return Rate(self._value(doc.rate, table, doc.at("rate"), "rate"), of or Ref(table, HOLE), above)
        if shape in ("highest_of", "sum_of"):
            rows = tuple(
                Row(self.parser.parse(row.when, table, row.at("when")), self.award(row, table, once_with))
                for row in (doc.highest_of or doc.sum_of or ())
            )
            return HighestOf(rows) if shape == "highest_of" else SumOf(rows)
        metric = self.names.find(table, doc.first_past or "", doc.at("first_past"))
        return self._first_past(doc, metric, once_with)

    def _first_past(self, doc: AwardDoc, metric: Ref | None, once_with: tuple[str, ...]) -> FirstPast:
        kind = self.names.types.get(metric) if metric is not None else None
        tiers: list[tuple[int, int]] = []
        for threshold, amount in (doc.tiers or {}).items():
            line = doc.at("tiers", threshold)
            try:
                level = self._threshold(kind, threshold)
            except QuantityError as fault:
                self.faults.add(
                    line,
                    f"档次 {threshold!r} 不对: 金额写成 2000万元 这样，个数写成 500 这样",
                    f"tier {threshold!r}: {fault}",
                )
                continue
            if level is not None and tiers and level <= tiers[-1][0]:
                self.faults.add(line, "档次应由低到高，不重复", "tiers must ascend, each once")
            tiers.append((level or 0, self.money(amount, line)))
        if not doc.tiers:
            self.faults.add(
                doc.line, "first_past 需要 tiers: 写明各档", "`first_past` needs `tiers`: each with its sum"
            )
        self._look_back(doc, metric, kind)
        return FirstPast(metric or Ref(HOLE, HOLE), tuple(tiers), doc.past, doc.jump, once_with)

    def _threshold(self, kind: FactType | None, text: str) -> int | None:
        """A threshold in smallest units; None where the type of the fact is not known."""
        if kind is None or text == HOLE:
            return None
        return parse_money(text) if kind == "money" else parse_number(text, SCALE.get(kind, 1))

    def _look_back(self, doc: AwardDoc, metric: Ref | None, kind: FactType | None) -> None:
        """A fault where no earlier figures of the metric are at hand."""
        history = self.doc.history
        if history is None:
            self.faults.add(
                doc.at("first_past"),
                "first_past 需要 history: 写明看哪张历年表",
                "`first_past` needs `history:` at the top level",
            )
        elif metric is not None and kind is not None and history.table in self.names.tables:
            earlier = Ref(history.table, metric.id)
            known = self.names.tables[history.table].columns
            if unknown(metric.id, known) or self.names.types.get(earlier, kind) != kind:
                self.faults.add(
                    doc.at("first_past"),
                    f"历年表没有同类的 {metric.id}: 在 {history.table} 加上这一列",
                    f"the table of earlier years has no `{metric.id}` to look back on: add it to `{history.table}`",
                )
