"""A condition of the policy over some lines, as columns."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.fact import NO_PLACE
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.finding import Text
from anqing_subsidy.money import SCALE
from anqing_subsidy.policy.derivations import Growth
from anqing_subsidy.policy.figures import shifted
from anqing_subsidy.policy.terms import Compare, Holds, IsGiven, IsOneOf, Never, Ref, Shifted
from anqing_subsidy.report.leaf import Leaf
from anqing_subsidy.report.over_nothing import below
from anqing_subsidy.report.texts import Words, choose, number, put
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
            over = self._over_nothing
            texts = [
                share(value, den) if value is not None and den and den > 0 else why or (blank if value is None else "?")
                for (value, den), why in zip(values, over, strict=True)
            ]
            return pl.Series(texts, dtype=pl.String)
        return self.between()

    @cached_property
    def _over_nothing(self) -> list[str]:
        """Why a growth or ratio is none: the figure below is 0 or blank, and what the policy says of that."""
        derived = self.words.policy.facts.get(self.ref) if self.ref is not None else None
        how = derived.how if derived is not None else None
        seen = {self.view.scope.table, *self.view.scope.rows.up}
        if self.ref is None or self.ref.table not in seen or (divisor := below(how)) is None:
            return [""] * self.height
        zero, missing = (how.zero, how.missing) if isinstance(how, Growth) else ("pending", "pending")
        figures = self.view.column(self.view.scope.fact(divisor).lo).to_list()
        return [
            ""
            if figure is not None and figure > 0
            else self._ruled(divisor, figure, missing if figure is None else zero, value)
            for figure, value in zip(figures, self.value.to_list(), strict=True)
        ]

    def _ruled(self, divisor: Ref, figure: int | None, rule: str, value: int | None) -> str:
        """What a policy says of growth over nothing."""
        say, name = self.words.say, self.words.label(divisor)
        what = say(f"{name}空白", f"{name} is blank") if figure is None else say(f"{name}为 0", f"{name} is 0")
        if figure is not None and figure < 0:
            what, rule = say(f"{name}为负数", f"{name} is below 0"), "pending"
        if rule == "met" and value is not None and value <= 0:
            told = say("本年也无，不算增长", "and nothing this year, which is no growth")
        elif rule == "met":
            told = say("政策规定视为达到", "which the policy takes as reached")
        elif rule == "not_met":
            told = say("政策规定视为未达到", "which the policy takes as not reached")
        else:
            told = say("无从计算，待核实", "so it cannot be worked out yet")
        return say(f"—（{what}，{told}）", f"— ({what}, {told})")

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
            name = shifted(name, other).say(words.lang)
        if fact is not None and fact.den is not None:
            levels: Words = pl.Series(
                [words.one(level, self.kind, self.ref) for level in self.threshold], dtype=pl.String
            )
        else:
            levels = words.shown(self._others, self.kind, self.ref if isinstance(other, Shifted) else other)
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
        if isinstance(self.test.condition, Never):
            return self.words.say("所选口径下不适用", "not under the reading in force")
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
        gap = (level - high).set(~failed | self.value.is_null() | (self.value == NO_PLACE), None)
        if isinstance(level, pl.Series):
            gap = gap.set(sure(level == NO_PLACE), None)
        unit = self.words.unit(fact.type, self.ref)
        return choose(gap.is_not_null(), put(number(gap, SCALE.get(fact.type, 1)), unit))

    def scripted(self) -> list[str | None]:
        """The values for scripts; a ratio is the percentage that is shown."""
        if self._den is None:
            return super().scripted()
        pairs = zip(self.value.to_list(), self._den, strict=True)
        return [None if value is None else share(value, den) if den else "?" for value, den in pairs]


def _short_share(level: Any, high: int | None, den: int | None, words: Wording) -> str:  # noqa: ANN401  # a threshold
    """What a ratio lacks, in points of a hundred; the numerator that is needed is the next whole one."""
    if not den or high is None or not isinstance(level, Fraction):
        return ""
    # cut after four decimals, a gap is never nothing
    points = share(-(-level.numerator * den // level.denominator) - high, den).removesuffix("%")
    if points == "0":
        return words.say("0.0001 个百分点以内", "less than 0.0001 percentage points")
    return words.say(f"{points} 个百分点", f"{points} percentage points")
