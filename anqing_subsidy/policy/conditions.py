"""Conditions: one line of text each, `fact op value-or-fact`; lists mean *and*, one level of `any:` means *or*."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Final, cast, get_args

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.faults import HOLE, half_width
from anqing_subsidy.policy.fold import Folder
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.operands import WORD, OperandReader
from anqing_subsidy.policy.slips import Slip, slip_in_signs, slip_in_words, spaced
from anqing_subsidy.policy.terms import (
    AnyOf,
    Compare,
    Condition,
    Conditions,
    Holds,
    IsGiven,
    IsOneOf,
    Never,
    Op,
    Shifted,
)
from anqing_subsidy.policy.yamltree import YamlList, YamlMap

_GIVEN = re.compile(rf"({WORD}) is (given|blank)")
_ONE_OF = re.compile(rf"({WORD}) is (\w+(?: or \w+)*)")
_NOT = re.compile(rf"not ({WORD})")
_READING = re.compile(r"\$(\w+) == (\w+)")
_COMPARE = re.compile(rf"({WORD}) (==|!=|>=|<=|>|<) (.+)")
_BETWEEN = re.compile(rf"(.+?) (<|<=) ({WORD}) (<|<=) (.+)")
_SEVERAL = re.compile(r"\S (?:and|or|且|或|并且|或者) \S")
_TURNED = re.compile(rf"(\S+) (==|!=|>=|<=|>|<) ({WORD})")
_FLIPPED = {"<": ">", "<=": ">="}
_YES: Final = ("yes", "Yes", "YES", "是", "有", "1")
_NO: Final = ("no", "No", "NO", "否", "无", "0")

_FILLED: Final = frozenset({"filled", "present", "known", "set"})
_EMPTY: Final = frozenset({"empty", "null", "missing", "unknown"})
"""What people write for `given` and `blank`."""


class ConditionParser:
    """Turns the texts of a policy into conditions; what cannot be understood is a fault with its line."""

    def __init__(self, names: Names, folder: Folder) -> None:
        self.names = names
        self.folder = folder
        self.operands = OperandReader(names)

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
                if (slip := slip_in_words(text)) is not None:
                    return self._slip(text, slip, table, line)
                if match[2] in _FILLED | _EMPTY:
                    right = f"{match[1]} is {'given' if match[2] in _FILLED else 'blank'}"
                    self.names.faults.add(
                        line, f"填没填写成 {right}", f"a cell that is filled in or not: write `{right}`"
                    )
                    return ()
                self.names.faults.add(
                    line,
                    f"{match[1]} 不是枚举或文字: 是否写成 {match[1]} 或 not {match[1]}，数字写成比较",
                    f"`{match[1]}` is no word: write `{match[1]}` or `not {match[1]}` of a yes/no fact, and compare a number",
                )
                return ()
            if ref:
                for option in options:
                    self.operands.check_option(ref, option, line)
            return (IsOneOf(text, ref, options),) if ref else ()
        if match := _NOT.fullmatch(text):
            return self._holds(text, match[1], table, line, wanted=False)
        if (slip := slip_in_words(text)) is not None:
            return self._slip(text, slip, table, line)
        if _SEVERAL.search(text):
            self.names.faults.add(
                line,
                f"一行只写一个条件: {text!r} 拆成两行（且），或 any: [...]（或）",
                f"one condition a line: split {text!r} into two lines (and), or write `any: [...]` (or)",
            )
            return ()
        if (slip := slip_in_signs(text)) is not None:
            return self._slip(text, slip, table, line)
        if match := _COMPARE.fullmatch(text):
            return self._compare(text, match[1], cast("Op", match[2]), match[3], table, line)
        if match := _BETWEEN.fullmatch(text):
            lower = self._compare(text, match[3], cast("Op", _FLIPPED[match[2]]), match[1], table, line)
            upper = self._compare(text, match[3], cast("Op", match[4]), match[5], table, line)
            self._ascending(text, (*lower, *upper), line)
            return (*lower, *upper)
        if re.fullmatch(WORD, text):
            return self._holds(text, text, table, line, wanted=True)
        label = next((word for word in text.split() if self.names.labelled(table, word)), None)
        if label is not None:
            self.names.find(table, label, line)
            return ()
        hint = half_width(text)
        if match := _TURNED.fullmatch(spaced(text)):
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

    def _slip(self, text: str, slip: Slip, table: str, line: int) -> Conditions:
        """The fault of a condition that is not as it is written, with how it is."""
        lines = [self._with_ids(written, table) for written in slip.lines]
        meant = lines[0] if len(lines) == 1 else f"[{', '.join(lines)}]"
        self.names.faults.add(
            line,
            f"条件 {text!r} 应写成 {meant}（{slip.what.zh}）",
            f"write the condition {text!r} as `{meant}`: {slip.what.en}",
        )
        return ()

    def _with_ids(self, text: str, table: str) -> str:
        """A condition with the id of a fact in place of its header."""
        words = [(word, self.names.labelled(table, word)) for word in text.split(" ")]
        return " ".join(ids[0] if len(ids) == 1 else word for word, ids in words)

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
        if self.names.types.get(ref) == "yesno" and op in ("==", "!=") and operand in (*_YES, *_NO):
            right = word if (op == "==") == (operand in _YES) else f"not {word}"
            self.names.faults.add(
                line, f"{word} 本身就是“是/否”: 只写 {right}", f"`{word}` is a yes/no fact: write `{right}` alone"
            )
            return ()
        value = self.operands.operand(ref, operand.strip(), table, line)
        if value is None:
            return ()
        if value == ref or (isinstance(value, Shifted) and value.ref == ref):
            self.names.faults.add(
                line, f"{word} 与自己比较: 改为要比较的值或事实", f"`{word}` is compared with itself: name the other"
            )
        if op in get_args(Op)[2:] and self.names.types.get(ref) in ("enum", "text", "uscc", "yesno"):
            self.names.faults.add(line, f"{word} 不能比较大小", f"`{word}` has no order: use == or `is a or b`")
        return (Compare(text, ref, op, value),)
