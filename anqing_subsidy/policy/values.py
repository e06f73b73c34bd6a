"""Sums, rates, factors and caps of a checked document: plain, a fact, or a choice by the value of a fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final, Literal

from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.money import QuantityError, parse_factor, parse_money, parse_rate
from anqing_subsidy.policy.clauses import Cap, Keyed, Share, Span, Value
from anqing_subsidy.policy.faults import HOLE, half_width, nearest, parted, unknown, with_commas
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.terms import FactType, Ref
from anqing_subsidy.policy.yamltree import YamlList, YamlMap

_REST: Final = Text(
    "（不付写 0元，其余一律同值写 else）", " (write 0元 where it pays nothing, or `else` for all others)"
)
_YES_NO: Final = {"true": ("是", "yes"), "false": ("否", "no")}
_OPERATIONS: Final = frozenset(
    {"first_given", "add", "minus", "least", "most", "times", "sum", "count", "max", "ratio"}
)
"""Operations of facts that people write in place of one."""
ValueKind = Literal["money", "rate", "factor"]
_SPAN: Final = re.compile(r"(\d{1,9})(?:(\.\.)(\d{1,9})?)?")
_FITTING: Final[Mapping[str, tuple[FactType, ...]]] = {"money": ("money",), "factor": ("count",), "rate": ("ratio",)}


class ValueBuilder:
    """Builds sums, rates, factors and caps, seen from a table."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.faults = names.faults

    def value(self, tree: Any, table: str, line: int, kind: ValueKind) -> Value:  # noqa: ANN401  # a tree of plain values
        """A sum, a rate or a factor; a fact that is an amount; or a choice `{by: fact, key: value}`."""
        if isinstance(tree, YamlMap):
            return self.choice(tree, table, line, lambda value, at: self.value(value, table, at, kind)) or 0
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
            if kind == "rate":
                self.faults.add(
                    line,
                    f"{text} 是事实，比例须写明: 用 2% 这样的值，或 prorate_by: {text}",
                    f"`{text}` is a fact and no rate: write one such as 2%, or `prorate_by: {text}`",
                )
                return Fraction(0)
            self.names.expect(ref, _FITTING[kind], line, kind)
            return ref or 0
        try:
            if kind == "rate":
                return parse_rate(text)
            if kind == "factor":
                factor = parse_factor(text)
                return int(factor) if factor.denominator == 1 else factor
            return parse_money(text)
        except QuantityError as fault:
            if self.names.labelled(table, text):
                self.names.find(table, text, line)
                return Fraction(0) if kind == "rate" else 0
            said, hint = Text(fault.zh, str(fault)), _in_half_width(text)
            if re.fullmatch(r"[A-Za-z_][\w.]*", text):
                said, hint = (
                    Text(f"没有事实 {text}，也不是数", f"no fact or amount: {text!r}"),
                    nearest(text, self._facts(table)),
                )
            self.faults.add(line, f"{said.zh}{hint.zh}", f"{said.en}{hint.en}")
            return Fraction(0) if kind == "rate" else 0

    def _facts(self, table: str) -> list[str]:
        names = self.names
        return [name for owner in names.chain(table) for name in (*names.tables[owner].columns, *names.derived[owner])]

    def caps(self, tree: Any, table: str, line: int) -> tuple[Cap, ...]:  # noqa: ANN401  # a tree of plain values
        """One cap or several: a sum, a fact, a choice, or `{rate: 50%, of: fact}`."""
        if tree is None or tree == HOLE:
            return ()
        if isinstance(tree, YamlList) and not tree:
            self.faults.add(
                line, "cap: 里没有上限: 写明，或删去 cap", "`cap:` holds no cap: write one, or drop the key"
            )
        if isinstance(tree, YamlList):
            return tuple(cap for item, at in zip(tree, tree.lines, strict=True) for cap in self.caps(item, table, at))
        if isinstance(tree, YamlMap) and "by" not in tree:
            return self._share(tree, table, line)
        return (self.value(tree, table, line, "money"),)

    def _share(self, tree: YamlMap, table: str, line: int) -> tuple[Cap, ...]:
        if set(tree) != {"rate", "of"}:
            turned = Text(
                "；单价乘数量写成奖补，按总额的比例写成上限: pay: 6元, per: [事实, 事实], cap: {rate: 30%, of: 总额}",
                "; turn it round: the price of a unit is the award, the part of a total its cap:"
                " `pay: 6元, per: [fact, fact], cap: {rate: 30%, of: total}`",
            )
            hint = turned if {"pay", "per"} & set(tree) else NOTHING
            self.faults.add(
                line,
                f"上限应为金额、事实、{{by: …}}，或 {{rate: 50%, of: 事实}}{hint.zh}",
                f"a cap is a sum, a fact, `{{by: …}}`, or `{{rate: 50%, of: fact}}`{hint.en}",
            )
            return ()
        of = self.names.find(table, str(tree["of"]), tree.lines["of"])
        self.names.expect(of, ("money",), tree.lines["of"], "cap of")
        rate = self.value(tree["rate"], table, tree.lines["rate"], "rate")
        return (Share(rate, of),) if of is not None else ()

    def choice(
        self, tree: YamlMap, table: str, line: int, read: Callable[[Any, int], Value], rest: Text = _REST
    ) -> Keyed | None:
        """A choice `{by: fact, key: value, else: value}`; `read` reads one of its values.

        `rest` says how a value of the fact is written of which nothing is said.
        """
        by = tree.get("by")
        if by is None:
            if operation := next((key for key in tree if key in _OPERATIONS), None):
                self.faults.add(
                    line,
                    f"这里不能写算式 {operation}: 先在 facts 下写成事实，这里写它的名字",
                    f"no `{operation}` here: make it a fact under `facts`, and write its name",
                )
                return None
            self.faults.add(line, "按取值付的一项缺少 by: 写明按哪一项", "a choice needs `by`: the fact that decides")
            return None
        ref = self.names.find(table, str(by), tree.lines["by"])
        type_ = self.names.types.get(ref) if ref is not None else None
        self.names.expect(ref, ("enum", "text", "uscc", "yesno", "count", "year"), tree.lines["by"], "by")
        keys = [key for key in tree if key not in ("by", "else")]
        if not keys:
            self.faults.add(
                line,
                f"{{by: {by}}} 没有写任何取值: 写成 {{by: {by}, 取值: 值, else: 值}}",
                f"`{{by: {by}}}` holds no option: write `{{by: {by}, option: value, else: value}}`",
            )
        cases = {key: read(tree[key], tree.lines[key]) for key in keys}
        otherwise = read(tree["else"], tree.lines["else"]) if "else" in tree and tree["else"] != HOLE else None
        spans: dict[str, Span] = {}
        if type_ in ("count", "year"):
            spans = self._spans(tree, keys, str(by))
        else:
            options = _YES_NO if type_ == "yesno" else self.names.options.get(ref) if ref is not None else None
            self._options(tree, keys, str(by), options, None if "else" in tree else rest)
        return Keyed(ref or Ref(table, HOLE), cases, otherwise, spans)

    def _spans(self, tree: YamlMap, keys: list[str], by: str) -> dict[str, Span]:
        """The numbers that each key stands for: `3`, `1..3` or `4..`."""
        spans: dict[str, Span] = {}
        for key in keys:
            match = _SPAN.fullmatch(key)
            line = tree.lines[key]
            if match is None:
                self.faults.add(
                    line,
                    f"{by} 的取值 {key} 应写成 3、1..3 或 4..",
                    f"the key `{key}` of `{by}` must be a number or a span: 3, 1..3 or 4..",
                )
                continue
            low = int(match[1])
            high = low if match[2] is None else int(match[3]) if match[3] else None
            if high is not None and high < low:
                self.faults.add(line, f"{key} 首尾颠倒", f"`{key}` is the wrong way round")
                continue
            for other, (first, last) in spans.items():
                if (last is None or low <= last) and (high is None or first <= high):
                    self.faults.add(
                        line, f"{by} 的取值 {other} 与 {key} 重叠", f"the keys `{other}` and `{key}` of `{by}` overlap"
                    )
            spans[key] = (low, high)
        return spans

    def _options(
        self,
        tree: YamlMap,
        keys: list[str],
        by: str,
        options: Mapping[str, tuple[str, ...]] | None,
        rest: Text | None,
    ) -> None:
        """A fault for each key that is no option, and for each option that nothing is said of."""
        if options is None:
            return
        for key in keys:
            if unknown(key, options):
                hint = nearest(key, options, options)
                self.faults.add(
                    tree.lines[key], f"{by} 没有取值 {key}{hint.zh}", f"`{by}` has no value `{key}`{hint.en}"
                )
        # a key that is misspelt is one fault, not also the lack of the key that was meant
        spelt = set(keys) <= set(options)
        for option in options:
            if rest is not None and spelt and unknown(option, keys) and option != "unknown":
                self.faults.add(
                    tree.line,
                    f"{by} 的取值 {option} 没有写明{rest.zh}",
                    f"nothing is said for `{option}` of `{by}`{rest.en}",
                )


def _in_half_width(text: str) -> Text:
    """What to write where a text has full-width signs: several values, or one."""
    parts = parted(text)
    if (price := re.fullmatch(r"(\d\S*元)(?:/|每)\S+", text)) is not None:
        written = f"pay: {price[1]}, per: "
        return Text(f"；单价写成 {written}数量的事实", f"; the price of a unit is written `{written}fact`")
    if len(parts) == 1:
        return half_width(text)
    hint = with_commas(parts)
    return Text(f"，{hint.zh}", f"; {hint.en}")
