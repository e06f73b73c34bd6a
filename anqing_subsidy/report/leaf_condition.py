"""A condition of the policy over some lines, as columns."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any

import polars as pl

from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.finding import Text
from anqing_subsidy.money import SCALE
from anqing_subsidy.policy.terms import Compare, Holds, IsGiven, IsOneOf, Ref, Shifted
from anqing_subsidy.report.leaf import Leaf
from anqing_subsidy.report.texts import Words, choose, column, number, put
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import OPS, Wording, share


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
    def shown(self) -> Words:
        """The value as people read it; what is certain and what is possible where they differ."""
        fact, words = self.test.fact, self.words
        if fact is None:
            return words.one(None, "text")
        if self._den is not None:
            blank, values = words.one(None, "ratio"), zip(self.value.to_list(), self._den, strict=True)
            texts = [blank if value is None else share(value, den) if den else "?" for value, den in values]
            return pl.Series(texts, dtype=pl.String)
        text = words.shown(self.value, self.kind, self.ref)
        if not fact.is_pair:
            return text
        high = self.view.column(fact.hi)
        is_open = self.value.is_not_null() & self.value.ne_missing(high)
        end = choose(high.is_null(), "?", words.shown(high, self.kind, self.ref))
        return choose(is_open, put(text, "–", end), text) if is_open.any() else text

    @cached_property
    def _others(self) -> pl.Series:
        """What it is compared with, where that is a fact."""
        other = self.test.threshold
        return self.view.column(other.lo) if other is not None else self.nothing

    @cached_property
    def threshold(self) -> list[Any]:
        """What it is compared with."""
        if self._other is None:
            return [self.level] * self.height
        other, levels = self.test.threshold, self._others.to_list()
        if other is None or other.den is None:
            return levels
        dens = self.view.values(other.den)
        return [
            Fraction(level, den) if level is not None and den else None for level, den in zip(levels, dens, strict=True)
        ]

    def levels(self) -> pl.Series | Fraction | None:
        """What the value is compared with, where that is a number; ratios that are facts are left out."""
        if self._other is not None:
            return self._others if self._den is None and self._others.dtype.is_integer() else None
        if isinstance(self.level, bool) or not isinstance(self.level, int | Fraction):
            return None
        if self._den is not None:
            return Fraction(self.level)
        return pl.Series([int(self.level)], dtype=pl.Int64).new_from_index(0, self.height)

    @cached_property
    def threshold_shown(self) -> Words:
        """What it is compared with, as people read it."""
        other, words, fact = self._other, self.words, self.test.threshold
        if other is None:
            return self.level_shown
        name = words.label(other.ref if isinstance(other, Shifted) else other)
        if isinstance(other, Shifted):
            name += f" + {other.years} {words.say('年', 'years')}"
        if fact is not None and fact.den is not None:
            levels: Words = pl.Series(
                [words.one(level, self.kind, self.ref) for level in self.threshold], dtype=pl.String
            )
        else:
            levels = words.shown(self._others, self.kind, self.ref)
        return put(f"{name} (", levels, ")")

    @cached_property
    def equal(self) -> pl.Series:
        """Where the value is exactly the threshold."""
        if self.test.equal is not None:
            return self.view.column(self.test.equal)
        return super().equal if self._other is None else self.value == self._others

    @cached_property
    def text(self) -> Words:
        """The condition in words."""
        if self.op in ("in", "is"):
            head = f"{self.label}{self.words.say('属于' if self.op == 'in' else '', f' {self.op}')}"
            return put(head, self.words.say("", " "), self.threshold_shown)
        level = self.threshold_shown
        if isinstance(level, str) and not level:
            return self.label
        return put(f"{self.label} {OPS.get(self.op, self.op)} ", level)

    @cached_property
    def shortfall(self) -> Words:
        """What is missing to a threshold, in the unit of the fact."""
        test, fact = self.test, self.test.fact
        if fact is None or not test.is_threshold or self.op not in (">=", ">"):
            return ""
        high, failed = self.view.column(fact.hi), self.failed
        if self._den is not None:
            columns = zip(failed.to_list(), self.threshold, high.to_list(), self._den, strict=True)
            gaps = [_short_share(level, hi, den, self.words) if fails else "" for fails, level, hi, den in columns]
            return pl.Series(gaps, dtype=pl.String)
        level = self._others if self._other is not None else self.level
        if not isinstance(level, pl.Series | int):
            return ""
        gap = (level - high).set(~failed | self.value.is_null(), None)
        unit = self.words.unit(fact.type, self.ref)
        return choose(gap.is_not_null(), put(number(gap, SCALE.get(fact.type, 1)), unit))

    def scripted(self) -> list[str | None]:
        """The values for scripts; a ratio is the percentage that is shown."""
        if self._den is None:
            return super().scripted()
        texts = column(self.shown, self.height).to_list()
        return [None if value is None else text for value, text in zip(self.value.to_list(), texts, strict=True)]


def _short_share(level: Any, high: int | None, den: int | None, words: Wording) -> str:  # noqa: ANN401  # a threshold
    """What a ratio lacks, in points of a hundred; the numerator that is needed is the next whole one."""
    if not den or high is None or not isinstance(level, Fraction):
        return ""
    # cut after four decimals, a gap is never nothing
    points = share(-(-level.numerator * den // level.denominator) - high, den).removesuffix("%")
    if points == "0":
        return words.say("0.0001 个百分点以内", "less than 0.0001 percentage points")
    return words.say(f"{points} 个百分点", f"{points} percentage points")
