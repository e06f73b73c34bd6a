"""Conditions: one line of text each, `fact op value-or-fact`; lists mean *and*, one level of `any:` means *or*."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, cast, get_args

from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.money import QuantityError, parse_rate
from anqing_subsidy.policy.faults import HOLE, half_width, nearest, unknown
from anqing_subsidy.policy.fold import Folder
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.quantities import quantity
from anqing_subsidy.policy.terms import (
    AnyOf,
    Compare,
    Condition,
    Conditions,
    FactType,
    Holds,
    IsGiven,
    IsOneOf,
    Never,
    Op,
    Operand,
    Ref,
    Shifted,
    SpanUnit,
    moved,
)
from anqing_subsidy.policy.yamltree import YamlList, YamlMap

_WORD = r"[A-Za-z_][A-Za-z0-9_.]*"
_GIVEN = re.compile(rf"({_WORD}) is (given|blank)")
_ONE_OF = re.compile(rf"({_WORD}) is (\w+(?: or \w+)*)")
_NOT = re.compile(rf"not ({_WORD})")
_READING = re.compile(r"\$(\w+) == (\w+)")
_COMPARE = re.compile(rf"({_WORD}) (==|!=|>=|<=|>|<) (.+)")
_BETWEEN = re.compile(rf"(.+?) (<|<=) ({_WORD}) (<|<=) (.+)")
_SEVERAL = re.compile(r"\S (?:and|or|且|或|并且|或者) \S")
_TURNED = re.compile(rf"(\S+) (==|!=|>=|<=|>|<) ({_WORD})")
_SHIFTED = re.compile(rf"({_WORD}|\d{{4}}-\d\d-\d\d) ([+-]) (\d{{1,4}}) (year|month|day)s?")
_FLIPPED = {"<": ">", "<=": ">="}
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
_SAME_KIND = (
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


class ConditionParser:
    """Turns the texts of a policy into conditions; what cannot be understood is a fault with its line."""

    def __init__(self, names: Names, folder: Folder) -> None:
        self.names = names
        self.folder = folder

    def parse(self, tree: Any, table: str, line: int) -> Conditions:  # noqa: ANN401  # a tree of plain values
        """A list (or one text) -> conditions that must all hold."""
        if tree is None or tree == HOLE:
            return ()
        if isinstance(tree, YamlList):
            lines = tree.lines
        else:
            tree, lines = [tree], [line]
        found: list[Condition] = []
        for item, at in zip(tree, lines, strict=True):
            found.extend(self._item(item, table, at))
        return tuple(found)

    def _item(self, item: Any, table: str, line: int) -> Conditions:  # noqa: ANN401  # a tree of plain values
        if item == HOLE:
            return ()
        if isinstance(item, str):
            return self._text(" ".join(item.split()), table, line)
        if isinstance(item, YamlMap) and list(item) == ["any"]:
            if item["any"] == HOLE:
                return ()
            if isinstance(item["any"], YamlList):
                return self._any(item["any"], table, line)
        together = isinstance(item, YamlMap) and "all" in item
        self.names.faults.add(
            line,
            "条件应是一行文字，或 any: [...]" + ("；“且”不写 all，直接写成列表" if together else ""),
            "a condition is one line of text, or `any: [...]`"
            + ("; a list means and, without `all`" if together else ""),
        )
        return ()

    def _any(self, tree: YamlList, table: str, line: int) -> Conditions:
        if not tree:
            self.names.faults.add(line, "any: 里没有条件", "`any:` holds no condition")
            return ()
        branches = [self.parse(branch, table, at) for branch, at in zip(tree, tree.lines, strict=True)]
        if any(isinstance(condition, AnyOf) for branch in branches for condition in branch):
            self.names.faults.add(
                line, "any: 里不能再有 any:", "`any:` inside `any:` is not allowed: make the inner one a fact"
            )
        if any(not branch for branch in branches):
            return ()
        possible = [branch for branch in branches if not any(isinstance(condition, Never) for condition in branch)]
        if not possible:
            return (Never("any: []"),)
        return possible[0] if len(possible) == 1 else (AnyOf(tuple(possible)),)

    def _text(self, text: str, table: str, line: int) -> Conditions:
        find = self.names.find
        if match := _READING.fullmatch(text):
            value = self.folder.value(match[1], line)
            self.folder.check_option(match[1], match[2], line)
            return () if value == match[2] else (Never(text),)
        if text in ("true", "false"):
            # what a reading alone has been folded to
            self.names.faults.add(
                line,
                "条件里的口径要写明与哪个选项比较: $口径 == 选项",
                "a reading in a condition is compared with an option: `$reading == option`",
            )
            return ()
        if match := _GIVEN.fullmatch(text):
            ref = find(table, match[1], line)
            return (IsGiven(text, ref, match[2] == "given"),) if ref else ()
        if match := _ONE_OF.fullmatch(text):
            ref = find(table, match[1], line)
            options = tuple(match[2].split(" or "))
            if ref and self.names.types.get(ref, "enum") not in ("enum", "text", "uscc"):
                self.names.faults.add(
                    line,
                    f"{match[1]} 不是枚举或文字: 是否写成 {match[1]} 或 not {match[1]}，数字写成比较",
                    f"`{match[1]}` is no word: write `{match[1]}` or `not {match[1]}` of a yes/no fact, and compare a number",
                )
                return ()
            if ref:
                for option in options:
                    self._check_option(ref, option, line)
            return (IsOneOf(text, ref, options),) if ref else ()
        if match := _NOT.fullmatch(text):
            return self._holds(text, match[1], table, line, wanted=False)
        if _SEVERAL.search(text):
            self.names.faults.add(
                line,
                f"一行只写一个条件: {text!r} 拆成两行（且），或 any: [...]（或）",
                f"one condition a line: split {text!r} into two lines (and), or write `any: [...]` (or)",
            )
            return ()
        if match := _COMPARE.fullmatch(text):
            return self._compare(text, match[1], cast("Op", match[2]), match[3], table, line)
        if match := _BETWEEN.fullmatch(text):
            lower = self._compare(text, match[3], cast("Op", _FLIPPED[match[2]]), match[1], table, line)
            upper = self._compare(text, match[3], cast("Op", match[4]), match[5], table, line)
            self._ascending(text, (*lower, *upper), line)
            return (*lower, *upper)
        if re.fullmatch(_WORD, text):
            return self._holds(text, text, table, line, wanted=True)
        hint = half_width(text)
        if match := _TURNED.fullmatch(text):
            turned = f"{match[3]} {_FLIPPED.get(match[2]) or match[2].replace('>', '<')} {match[1]}"
            hint = Text(f"；事实写在前面: {turned}", f"; the fact comes first: `{turned}`")
        self.names.faults.add(
            line,
            f"看不懂条件 {text!r}{hint.zh}，可写: 事实 >= 值（符号两边空格），事实 is 甲 or 乙，事实 is given，not 事实；"
            "“且”是列表，“或”是 any: [...]",
            f"cannot read the condition {text!r}{hint.en}: write `fact >= value` (with spaces), `fact is a or b`, `fact is given` or "
            "`not fact`; a list means and, `any: [...]` means or",
        )
        return ()

    def _ascending(self, text: str, ends: Conditions, line: int) -> None:
        """A fault where the ends of a range are the wrong way round."""
        figures = [end.value for end in ends if isinstance(end, Compare) and isinstance(end.value, int | Fraction)]
        if len(figures) == 2 and figures[0] > figures[1]:
            self.names.faults.add(
                line,
                f"范围 {text} 首尾颠倒: 小的写在前",
                f"the range `{text}` is the wrong way round: the lower end first",
            )

    def _holds(self, text: str, word: str, table: str, line: int, *, wanted: bool) -> Conditions:
        ref = self.names.find(table, word, line)
        if ref is None:
            return ()
        if self.names.types.get(ref, "yesno") != "yesno":
            self.names.faults.add(
                line, f"{word} 不是“是/否”，需写明比较", f"`{word}` is not a yes/no fact: compare it with something"
            )
        return (Holds(text, ref, wanted),)

    def _compare(self, text: str, word: str, op: Op, operand: str, table: str, line: int) -> Conditions:
        ref = self.names.find(table, word, line)
        if ref is None:
            return ()
        value = self._operand(ref, operand.strip(), table, line)
        if value is None:
            return ()
        if value == ref:
            self.names.faults.add(
                line, f"{word} 与自己比较: 改为要比较的值或事实", f"`{word}` is compared with itself: name the other"
            )
        if op in get_args(Op)[2:] and self.names.types.get(ref) in ("enum", "text", "uscc", "yesno"):
            self.names.faults.add(line, f"{word} 不能比较大小", f"`{word}` has no order: use == or `is a or b`")
        return (Compare(text, ref, op, value),)

    def _operand(self, ref: Ref, text: str, table: str, line: int) -> Operand | None:
        kind = self.names.types.get(ref)
        if match := _SHIFTED.fullmatch(text):
            return self._shifted(ref, match, table, line)
        if kind is None:
            return text
        constant = self.names.constant(text)
        if constant is not None:
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
        if kind in ("enum", "text", "uscc") and text in self.names.options.get(ref, ()):
            return text
        if re.fullmatch(_WORD, text) and (
            kind not in ("enum", "text") or any(self.names.has(owner, text) for owner in self.names.chain(table))
        ):
            if kind == "yesno" and text in ("true", "false"):
                return text == "true"
            other = self.names.find(table, text, line)
            if other and not any({kind, self.names.types.get(other, kind)} <= same for same in _SAME_KIND):
                self.names.faults.add(
                    line, f"{ref.id} 与 {text} 不是同类，不能比较", f"`{ref.id}` and `{text}` are of different kinds"
                )
            return other
        try:
            return self._literal(kind, ref, text, line)
        except (QuantityError, ValueError) as fault:
            self.names.faults.add(
                line,
                f"{ref.id} 的比较值 {text!r} 不对，应写成 {LIKE[kind]} 这样",
                f"`{ref.id}` cannot be compared with {text!r}: {fault if kind != 'date' else f'write a day as {LIKE[kind]}'}",
            )
            return None

    def _shifted(self, ref: Ref, match: re.Match[str], table: str, line: int) -> Operand | None:
        """A day some years, months or days after another, or before it."""
        word, number, unit = match[1], int(match[2] + match[3]), cast("SpanUnit", match[4])
        self.names.expect(ref, ("date",), line, f"… {match[2]} {match[3]} {unit}s")
        fixed = self._operand(ref, word, table, line) if word[0].isdigit() else self.names.constant(word)
        if isinstance(fixed, date):
            return moved(fixed, number, unit)
        if word[0].isdigit():
            return None
        other = self.names.find(table, word, line)
        self.names.expect(other, ("date",), line, f"… {match[2]} {match[3]} {unit}s")
        return Shifted(other, number, unit) if other else None

    def _literal(self, kind: FactType, ref: Ref, text: str, line: int) -> Operand:
        if kind in ("money", "usd", "count", "area", "year"):
            return quantity(text, kind)
        if kind == "ratio":
            return parse_rate(text)
        if kind == "date":
            return date.fromisoformat(text)
        if kind == "yesno":
            raise QuantityError(f"write `{ref.id}` or `not {ref.id}`")
        self._check_option(ref, text, line)
        return text

    def _check_option(self, ref: Ref, option: str, line: int) -> None:
        options = self.names.options.get(ref)
        if options is not None and unknown(option, options):
            hint = nearest(option, options)
            self.names.faults.add(
                line, f"{ref.id} 没有取值 {option}{hint.zh}", f"`{ref.id}` has no value `{option}`{hint.en}"
            )
