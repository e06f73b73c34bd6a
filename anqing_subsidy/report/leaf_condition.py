"""The tests of lines as people and scripts read them: text, value, threshold, whether each holds, as columns."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any

from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.finding import Text
from anqing_subsidy.money import SCALE, decimal_text
from anqing_subsidy.policy.model import Compare, Holds, IsGiven, IsOneOf, Ref, Shifted
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import OPS, Wording, scripted, share

_FIRST = Text("以前年度最高{}未突破 ", "highest {} of earlier years not past ")


class Leaf:
    """A single test over some lines; what is asked for comes as a list with an entry a line.

    `kind` is the type of the value, `way` the number of the way (of `any` and of a choice) it belongs to.
    """

    op = "=="

    def __init__(self, words: Wording, test: Test, view: View, way: int | None) -> None:
        self.words = words
        self.test = test
        self.view = view
        self.way = way
        self.ref: Ref | None = test.about
        self.kind: str = test.fact.type if test.fact is not None else "count"

    def take(self, at: list[int]) -> Leaf:
        """The same test over some of the lines."""
        return leaf_of(self.words, self.test, self.view.take(at), self.way)

    @property
    def label(self) -> str:
        """What people call the fact."""
        return self.words.label(self.ref) if self.ref is not None else ""

    @cached_property
    def met(self) -> list[bool | None]:
        """Whether it holds; None where that is unknown."""
        return self.view.values(self.test.met)

    @cached_property
    def value(self) -> list[Any]:
        """The value that was looked at."""
        return self.view.values(self.test.fact.lo if self.test.fact is not None else None)

    @cached_property
    def shown(self) -> list[str]:
        """The value as people read it."""
        return self.words.shown(self.value, self.kind, self.ref)

    @cached_property
    def threshold(self) -> list[Any]:
        """What it is compared with."""
        return [None] * self.view.height

    @cached_property
    def threshold_shown(self) -> list[str]:
        """What it is compared with, as people read it."""
        return [""] * self.view.height

    @cached_property
    def text(self) -> list[str]:
        """The test in words."""
        return [self.label] * self.view.height

    @cached_property
    def shortfall(self) -> list[str]:
        """What is missing to the threshold where the test fails; empty where no number says it."""
        return [""] * self.view.height

    def scripted(self) -> list[str | None]:
        """The values for scripts."""
        return [scripted(value, self.kind) for value in self.value]

    def scripted_thresholds(self) -> list[str | None]:
        """The thresholds for scripts."""
        return [level if isinstance(level, str) else scripted(level, self.kind) for level in self.threshold]


class ConditionLeaf(Leaf):
    """A condition as the policy writes it."""

    def __init__(self, words: Wording, test: Test, view: View, way: int | None) -> None:
        super().__init__(words, test, view, way)
        condition = test.condition
        self.ref = condition.ref if isinstance(condition, Compare | Holds | IsGiven | IsOneOf) else None
        self.kind = test.fact.type if test.fact is not None else "text"
        self.level: object = ""
        self.level_shown = ""
        self.op, self.level, self.level_shown = self._level()

    def _level(self) -> tuple[str, object, str]:
        """Comparison and threshold where they are the same for all lines."""
        condition, words = self.test.condition, self.words
        if isinstance(condition, Holds):
            return "==", condition.wanted, words.one(condition.wanted, "yesno")
        if isinstance(condition, IsOneOf):
            options = [words.one(option, "enum", condition.ref) for option in condition.options]
            return "in", "|".join(condition.options), words.listed(options)
        if isinstance(condition, IsGiven):
            said = Text("有填写", "given") if condition.given else Text("空白", "blank")
            return "is", "given" if condition.given else "blank", said.say(words.lang)
        if not isinstance(condition, Compare):
            return "", None, ""
        if isinstance(condition.value, Ref | Shifted):
            return condition.op, None, ""
        return condition.op, condition.value, words.one(condition.value, self.kind, condition.ref)

    @property
    def _other(self) -> Ref | Shifted | None:
        """The fact that the value is compared with, if it is one."""
        condition = self.test.condition
        return (
            condition.value if isinstance(condition, Compare) and isinstance(condition.value, Ref | Shifted) else None
        )

    @cached_property
    def _den(self) -> list[int | None] | None:
        fact = self.test.fact
        return self.view.values(fact.den) if fact is not None and fact.den is not None else None

    @cached_property
    def shown(self) -> list[str]:
        """The value as people read it; what is certain and what is possible where they differ."""
        fact, words = self.test.fact, self.words
        if fact is None:
            return words.shown(self.value, "text")
        if self._den is not None:
            blank = words.one(None, "ratio")
            return [
                blank if value is None else share(value, den) if den else "?"
                for value, den in zip(self.value, self._den, strict=True)
            ]
        texts = words.shown(self.value, self.kind, self.ref)
        if not fact.is_pair:
            return texts
        highs = self.view.values(fact.hi)
        ends = words.shown(highs, self.kind, self.ref)
        return [
            text if low is None or low == high else f"{text}–{end if high is not None else '?'}"
            for text, low, high, end in zip(texts, self.value, highs, ends, strict=True)
        ]

    @cached_property
    def threshold(self) -> list[Any]:
        """What it is compared with."""
        if self._other is None:
            return [self.level] * self.view.height
        other = self.test.threshold
        levels = self.view.values(other.lo if other is not None else None)
        if other is None or other.den is None:
            return levels
        dens = self.view.values(other.den)
        return [
            Fraction(level, den) if level is not None and den else None for level, den in zip(levels, dens, strict=True)
        ]

    @cached_property
    def threshold_shown(self) -> list[str]:
        """What it is compared with, as people read it."""
        other, words = self._other, self.words
        if other is None:
            return [self.level_shown] * self.view.height
        name = words.label(other.ref if isinstance(other, Shifted) else other)
        if isinstance(other, Shifted):
            name += f" + {other.years} {words.say('年', 'years')}"
        return [f"{name} ({text})" for text in words.shown(self.threshold, self.kind, self.ref)]

    @cached_property
    def text(self) -> list[str]:
        """The condition in words."""
        if self.op in ("in", "is"):
            head = f"{self.label}{self.words.say('属于' if self.op == 'in' else '', f' {self.op}')}"
            return [f"{head}{self.words.say('', ' ')}{level}" for level in self.threshold_shown]
        head = f"{self.label} {OPS.get(self.op, self.op)}"
        return [f"{head} {level}" if level else self.label for level in self.threshold_shown]

    @cached_property
    def shortfall(self) -> list[str]:
        """What is missing to a threshold, in the unit of the fact."""
        test, fact = self.test, self.test.fact
        if fact is None or not test.is_threshold or self.op not in (">=", ">"):
            return super().shortfall
        highs = self.view.values(fact.hi)
        if self._den is not None:
            return [
                _short_share(level, high, den, self.words) if met is False else ""
                for met, level, high, den in zip(self.met, self.threshold, highs, self._den, strict=True)
            ]
        scale, unit = SCALE.get(fact.type, 1), self.words.unit(fact.type, self.ref)
        return [
            decimal_text(level - high, scale) + unit
            if met is False and isinstance(level, int) and high is not None and value is not None
            else ""
            for met, level, high, value in zip(self.met, self.threshold, highs, self.value, strict=True)
        ]

    def scripted(self) -> list[str | None]:
        """The values for scripts; a ratio is the percentage that is shown."""
        if self._den is None:
            return super().scripted()
        return [None if value is None else text for value, text in zip(self.value, self.shown, strict=True)]


class PastLeaf(Leaf):
    """A first crossing: whether a step is passed."""

    def __init__(self, words: Wording, test: Test, view: View, way: int | None) -> None:
        super().__init__(words, test, view, way)
        self.op = test.op

    @cached_property
    def threshold(self) -> list[Any]:
        """The step that is passed, or the lowest."""
        return self.view.values(self.test.values.get("level"))

    @cached_property
    def threshold_shown(self) -> list[str]:
        """The step as people read it."""
        return self.words.shown(self.threshold, self.kind, self.ref)

    @cached_property
    def text(self) -> list[str]:
        """The test in words."""
        head = self.words.say(f"{self.label} 突破 ", f"{self.label} past ")
        return [head + level for level in self.threshold_shown]

    @cached_property
    def shortfall(self) -> list[str]:
        """What is missing to the lowest step."""
        scale, unit = SCALE.get(self.kind, 1), self.words.unit(self.kind, self.ref)
        return [
            decimal_text(level - value, scale) + unit if met is False and value < level else ""
            for met, level, value in zip(self.met, self.threshold, self.value, strict=True)
        ]


class FirstLeaf(PastLeaf):
    """A first crossing: whether no earlier year passed the step."""

    def __init__(self, words: Wording, test: Test, view: View, way: int | None) -> None:
        super().__init__(words, test, view, way)
        self.op = "first"

    @cached_property
    def value(self) -> list[Any]:
        """The highest figure of earlier years."""
        return self.view.values(self.test.values.get("highest"))

    @cached_property
    def shown(self) -> list[str]:
        """The highest figure, or that there is none."""
        none = self.words.say("无", "none")
        texts = self.words.shown(self.value, self.kind, self.ref)
        return [none if value is None else text for value, text in zip(self.value, texts, strict=True)]

    @cached_property
    def text(self) -> list[str]:
        """The test in words."""
        head = _FIRST.say(self.words.lang).format(self.label)
        return [head + level for level in self.threshold_shown]

    @cached_property
    def shortfall(self) -> list[str]:
        """No number mends an earlier year."""
        return [""] * self.view.height


class PlainLeaf(Leaf):
    """A test that no figure stands for: not paid before, one of several ways."""

    def __init__(self, words: Wording, test: Test, view: View, way: int | None) -> None:
        super().__init__(words, test, view, way)
        self.ref, self.kind = None, "yesno"

    @cached_property
    def value(self) -> list[Any]:
        """Whether it holds."""
        return list(self.met)

    @cached_property
    def shown(self) -> list[str]:
        """Nothing: there is no figure."""
        return [""] * self.view.height

    @cached_property
    def text(self) -> list[str]:
        """The test in words."""
        unpaid = self.test.kind == "unpaid"
        said = Text("以前未兑现", "not paid before") if unpaid else Text("满足其中一项", "one of these")
        return [said.say(self.words.lang)] * self.view.height


_SHAPE_LEAVES = {"past": PastLeaf, "first": FirstLeaf}


def leaf_of(words: Wording, test: Test, view: View, way: int | None = None) -> Leaf:
    """One single test over some lines."""
    if test.condition is not None:
        return ConditionLeaf(words, test, view, way)
    return _SHAPE_LEAVES.get(test.kind, PlainLeaf)(words, test, view, way)


def leaves(words: Wording, tests: tuple[Test, ...], view: View, way: int | None = None) -> Iterator[Leaf]:
    """All single tests, those inside `any` and choices numbered by their way."""
    for test in tests:
        if test.branches:
            for number, branch in enumerate(test.branches, start=1):
                yield from leaves(words, branch, view, number if way is None else way)
        else:
            yield leaf_of(words, test, view, way)


def _short_share(level: Any, high: int | None, den: int | None, words: Wording) -> str:  # noqa: ANN401  # a threshold
    """What a ratio lacks, in points of a hundred; the numerator that is needed is the next whole one."""
    if not den or high is None or not isinstance(level, Fraction):
        return ""
    points = share(-(-level.numerator * den // level.denominator) - high, den).removesuffix("%")
    return words.say(f"{points} 个百分点", f"{points} percentage points")
