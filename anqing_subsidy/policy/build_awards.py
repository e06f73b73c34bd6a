"""Awards of a checked document -> shapes with exact amounts, and what changes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.money import QuantityError
from anqing_subsidy.policy.apart import apart
from anqing_subsidy.policy.clauses import (
    Award,
    ByHand,
    FirstPast,
    HighestOf,
    Pay,
    PerStep,
    Pool,
    Rate,
    Row,
    Shape,
    SumOf,
    Value,
)
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.faults import HOLE, half_width, unknown
from anqing_subsidy.policy.names import Names, is_number
from anqing_subsidy.policy.quantities import money, quantity, some_money
from anqing_subsidy.policy.schema import AwardDoc, PolicyDoc
from anqing_subsidy.policy.terms import FactType, Ref
from anqing_subsidy.policy.values import ValueBuilder
from anqing_subsidy.policy.yamltree import YamlMap

SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    "pay": ("per", "per_full", "of", "only_above", "up_to"),
    "rate": ("of", "only_above", "up_to"),
    "highest_of": (),
    "sum_of": (),
    "first_past": ("past", "tiers", "jump"),
    "pool": ("shared_by", "open_lines"),
    "by_hand": (),
}
"""The shapes, each with the keys that may stand beside it."""

MODIFIERS: Final = ("multiply_by", "prorate_by", "deduct", "cap")
"""What changes any award, in the order in which it does."""

_OF_CLAUSES: Final = ("pool", "by_hand")
"""Shapes whose amounts are settled over all lines or by a person: clauses of their own, without modifiers."""


class AwardBuilder:
    """Builds the awards of a policy."""

    def __init__(self, doc: PolicyDoc, names: Names, parser: ConditionParser) -> None:
        self.doc = doc
        self.names = names
        self.faults = names.faults
        self.parser = parser
        self.values = ValueBuilder(names)

    def award(self, doc: AwardDoc, table: str, once_with: tuple[str, ...], *, inner: bool = False) -> Award:
        """One award: its shape and what changes it; `inner` of a row of a choice."""
        given = [shape for shape in SHAPES if getattr(doc, shape) is not None]
        if doc.hole or (doc.dropped and not given):
            return Award(Pay(0))
        if len(given) != 1:
            listing = ", ".join(SHAPES)
            self.faults.add(doc.line, f"一项奖补须恰有一种算法: {listing}", f"an award needs exactly one of {listing}")
            return Award(Pay(0))
        shape = given[0]
        modifiers = () if shape in _OF_CLAUSES else MODIFIERS
        for key in doc.tree:
            if key not in (shape, *SHAPES[shape], *modifiers, *(("when",) if inner else ())):
                hint = (
                    ("（整条的条件写在条款上）", ": conditions of the whole stand at the clause")
                    if key == "when"
                    else ("（上限写在条款上）", ": the cap stands at the clause")
                    if key == "cap"
                    else ("", "")
                )
                self.faults.add(
                    doc.at(key), f"{key} 不与 {shape} 同用{hint[0]}", f"`{key}` does not go with `{shape}`{hint[1]}"
                )
        if inner and shape in _OF_CLAUSES:
            self.faults.add(
                doc.at(shape),
                f"{shape} 不能作为其中一行: 单独写成一个条款",
                f"`{shape}` cannot be a row of a choice: make it a clause of its own",
            )
        value = self.values.value
        factor: Value = 1
        if doc.multiply_by is not None:
            factor = value(doc.multiply_by, table, doc.at("multiply_by"), "factor")
        prorate = None
        if doc.prorate_by is not None and is_number(doc.prorate_by):
            self.faults.add(
                doc.at("prorate_by"),
                f"prorate_by 用比例事实，固定的倍数写 multiply_by: {doc.prorate_by}",
                f"`prorate_by` takes a fact that is a ratio; a fixed part is `multiply_by: {doc.prorate_by}`",
            )
        elif doc.prorate_by is not None:
            prorate = self.names.find(table, doc.prorate_by, doc.at("prorate_by"))
        self.names.expect(prorate, ("ratio",), doc.at("prorate_by"), "prorate_by")
        deduct = value(doc.deduct, table, doc.at("deduct"), "money") if doc.deduct is not None else None
        caps = self.values.caps(doc.cap, table, doc.at("cap"))
        return Award(self._shape(doc, shape, table, once_with), factor, prorate, deduct, caps)

    def _shape(self, doc: AwardDoc, shape: str, table: str, once_with: tuple[str, ...]) -> Shape:
        if shape == "pay":
            return self._pay(doc, table)
        if shape == "rate":
            return self._rate(doc, table)
        if shape in ("highest_of", "sum_of"):
            rows = tuple(
                Row(
                    self.parser.parse(row.when, table, row.at("when")),
                    self.award(row, table, once_with, inner=True),
                )
                for row in (doc.highest_of or doc.sum_of or ())
            )
            if not rows:
                self.faults.add(doc.at(shape), f"{shape} 里没有行", f"`{shape}` holds no row")
                return Pay(0)
            return HighestOf(rows) if shape == "highest_of" else SumOf(rows, apart(rows))
        if shape == "pool":
            return self._pool(doc, table)
        if shape == "by_hand":
            limit = None if doc.by_hand is True else self.values.value(doc.by_hand, table, doc.at("by_hand"), "money")
            return ByHand(limit)
        metric = self.names.find(table, doc.first_past or "", doc.at("first_past"))
        return self._first_past(doc, metric, table, once_with)

    def _pay(self, doc: AwardDoc, table: str) -> Shape:
        amount = self.values.value(doc.pay, table, doc.at("pay"), "money")
        if doc.per_full is not None:
            if doc.of is None or doc.per is not None:
                self.faults.add(
                    doc.at("per_full"),
                    "per_full 需要 of: 写明按哪一项计，且不与 per 同用",
                    "`per_full` needs `of`: the fact whose full steps count, and does not go with `per`",
                )
            of = self.names.find(table, doc.of, doc.at("of")) if doc.of is not None else None
            kind = self._number(of, doc.at("of"), "per_full of")
            known = len(self.faults.found)
            step = self._quantity(doc.per_full, of, doc.at("per_full"))
            if step == 0 and kind is not None and len(self.faults.found) == known:
                self.faults.add(doc.at("per_full"), "per_full 不能为 0", "`per_full` cannot be 0")
            above = self._quantity(doc.only_above, of, doc.at("only_above"))
            if doc.up_to is not None:
                self.faults.add(
                    doc.at("up_to"),
                    "up_to 不与 per_full 同用: 上限写 cap",
                    "`up_to` does not go with `per_full`: write a `cap`",
                )
            return PerStep(amount, step or 1, of or Ref(table, HOLE), above)
        units: list[Ref] = []
        for at, word in enumerate(doc.per or ()):
            ref = self.names.find(table, word, doc.at("per", at))
            self.names.expect(ref, ("count", "area", "usd"), doc.at("per", at), "per")
            if ref is not None:
                units.append(ref)
        of_one = units[0] if len(doc.per or ()) == 1 and units else None
        for key in ("of", "only_above", "up_to"):
            if getattr(doc, key) is not None and (key == "of" or len(doc.per or ()) != 1):
                with_ = Text("per_full 或 rate", "`per_full` or `rate`")
                if key != "of":
                    with_ = Text("rate、per_full 或只有一项的 per", "`rate`, `per_full`, or `per` of one fact")
                self.faults.add(doc.at(key), f"{key} 要与 {with_.zh} 同用", f"`{key}` goes with {with_.en}")
        above = self._quantity(doc.only_above, of_one, doc.at("only_above"))
        up_to = None if doc.up_to is None else self._quantity(doc.up_to, of_one, doc.at("up_to"))
        if of_one is not None:
            self._ascending(doc, above, up_to)
        return Pay(amount, tuple(units), above, up_to if of_one is not None else None)

    def _ascending(self, doc: AwardDoc, above: int, up_to: int | None) -> None:
        """A part of a figure begins below its end."""
        if up_to is not None and up_to <= above and HOLE not in (doc.up_to, doc.only_above):
            self.faults.add(doc.at("up_to"), "up_to 须大于 only_above", "`up_to` must be above `only_above`")

    def _rate(self, doc: AwardDoc, table: str) -> Shape:
        if doc.of is None:
            self.faults.add(doc.line, "rate 需要 of: 写明按哪一项计", "`rate` needs `of`: the base")
        of = self.names.find(table, doc.of, doc.at("of")) if doc.of is not None else None
        self.names.expect(of, ("money",), doc.at("of"), "rate of")
        above = money(doc.only_above, doc.at("only_above"), self.faults) if doc.only_above is not None else 0
        up_to = money(doc.up_to, doc.at("up_to"), self.faults) if doc.up_to is not None else None
        self._ascending(doc, above, up_to)
        return Rate(self.values.value(doc.rate, table, doc.at("rate"), "rate"), of or Ref(table, HOLE), above, up_to)

    def _pool(self, doc: AwardDoc, table: str) -> Shape:
        if doc.shared_by is None or doc.open_lines is None:
            self.faults.add(
                doc.at("pool"),
                "pool 需要 shared_by（按哪一项分）和 open_lines: hold_all（有人未定则都暂扣）或 leave_out（未定的不参与）",
                "`pool` needs `shared_by` (the points) and `open_lines`: hold_all (nobody is paid while a line is open)"
                " or leave_out (open lines get nothing)",
            )
        points = self.names.find(table, doc.shared_by, doc.at("shared_by")) if doc.shared_by is not None else None
        self._number(points, doc.at("shared_by"), "shared_by")
        total = some_money(doc.pool or HOLE, doc.at("pool"), self.faults)
        return Pool(total, points or Ref(table, HOLE), doc.open_lines or "hold_all")

    def _number(self, ref: Ref | None, line: int, use: str) -> FactType | None:
        self.names.expect(ref, ("money", "usd", "count", "area"), line, use)
        return self.names.types.get(ref) if ref is not None else None

    def _quantity(self, text: str | None, ref: Ref | None, line: int) -> int:
        """A quantity of a fact's type; 0 and a fault where the text is none."""
        kind = self.names.types.get(ref) if ref is not None else None
        if text is None or ref is None or kind is None or text == HOLE:
            return 0
        try:
            return quantity(text, kind, self.names.units.get(ref))
        except QuantityError as fault:
            self.faults.add(line, fault.zh, str(fault))
            return 0

    def _first_past(self, doc: AwardDoc, metric: Ref | None, table: str, once_with: tuple[str, ...]) -> Shape:
        kind = self.names.types.get(metric) if metric is not None else None
        tiers: list[tuple[int, int]] = []
        conditions: dict[int, Any] = {}
        for threshold, paid in (doc.tiers or {}).items():
            if HOLE in (threshold, paid):
                tiers.append((0, 0))
                continue
            line = doc.at("tiers", threshold)
            try:
                level = (
                    None if kind is None or metric is None else quantity(threshold, kind, self.names.units.get(metric))
                )
            except QuantityError as fault:
                hint = half_width(threshold)
                self.faults.add(line, f"档次不对: {fault.zh}{hint.zh}", f"tier {threshold!r}: {fault}{hint.en}")
                continue
            if level is not None and tiers and level <= tiers[-1][0]:
                self.faults.add(line, "档次应由低到高，不重复", "tiers must ascend, each once")
            amount, when = self._tier(paid, line)
            if when is not None:
                conditions[len(tiers)] = self.parser.parse(when, table, line)
            tiers.append((level or 0, amount))
        if not doc.tiers:
            self.faults.add(
                doc.line, "first_past 需要 tiers: 写明各档", "`first_past` needs `tiers`: each with its sum"
            )
        self._look_back(doc, metric, kind)
        ref = metric or Ref(HOLE, HOLE)
        if not conditions:
            return FirstPast(ref, tuple(tiers), doc.past, doc.jump, once_with)
        # a tier that asks for more than its threshold is a row of its own, with its number
        rows = tuple(
            Row(
                conditions.get(at, ()),
                Award(FirstPast(ref, (tier,), doc.past, doc.jump, once_with, at + 1)),
            )
            for at, tier in enumerate(tiers)
        )
        return HighestOf(rows) if doc.jump == "highest" else SumOf(rows, apart(rows))

    def _tier(self, paid: Any, line: int) -> tuple[int, Any]:  # noqa: ANN401  # a tree of plain values
        """What a tier pays, and what it asks for beside its threshold."""
        if isinstance(paid, YamlMap):
            if set(paid) - {"pay", "when"} or "pay" not in paid:
                self.faults.add(
                    line,
                    "一档写成金额，或 {pay: 5万元, when: [条件]}",
                    "a tier is a sum, or `{pay: 5万元, when: [conditions]}`",
                )
                return 0, None
            return money(str(paid["pay"]), paid.lines["pay"], self.faults), paid.get("when")
        return money(str(paid), line, self.faults), None

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
