"""The first step of a formula: what the shape of an award comes to, and what changes it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, Final

import polars as pl

from anqing_subsidy.engine.exact import sure, times
from anqing_subsidy.engine.shapes import Outcome
from anqing_subsidy.money import SCALE, decimal_text, percent
from anqing_subsidy.money import grouped as one
from anqing_subsidy.policy.clauses import (
    Award,
    ByHand,
    FirstPast,
    HighestOf,
    Keyed,
    Pay,
    PerStep,
    Pool,
    Rate,
    SumOf,
    Value,
)
from anqing_subsidy.policy.derivations import InYuan, RatioOf
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.texts import Words, choose, column, grouped, listed, mapped, number, put, texts
from anqing_subsidy.report.view import View, best_way
from anqing_subsidy.report.words import Wording

_MANY: Final = 10_000
"""Smaller numbers of a ratio are shown as they are: days of a year, months, heads."""
_STEPS: Final = "[=→]"
"""What stands in a formula where a sum was cut or rounded: what follows takes the sum as it is there."""


class AwardFormulas:
    """Writes what awards come to; numbers are read from the steps, none is computed again."""

    def __init__(self, words: Wording) -> None:
        self.words = words

    def of(self, award: Award, outcome: Outcome, view: View) -> Words:
        """The first step of a line of one row: the shape, and what changes it."""
        text = self._step(award, outcome, view)
        if "factor" in outcome.steps:
            text = self._multiplied(text, award, outcome, view)
        if award.prorate_by is not None:
            text = self._prorated(text, award, award.prorate_by, outcome, view)
        if award.deduct is not None:
            text = self._deducted(text, award.deduct, outcome, view)
        return self._capped(text, outcome, view) if award.cap else text

    def _step(self, award: Award, outcome: Outcome, view: View) -> Words:
        steps, shape = outcome.steps, award.shape
        if isinstance(shape, ByHand):
            return ""
        if isinstance(shape, Pool):
            return self._pool(shape, view)
        if isinstance(shape, PerStep):
            return self._per_step(shape, steps, view)
        if isinstance(shape, Rate):
            return self._rate(shape, steps, view)
        if isinstance(shape, FirstPast):
            return self._tiers(shape, steps, view)
        if isinstance(shape, HighestOf | SumOf):
            return self._taken(shape, steps["rows"], view)
        if shape.per:
            return self._per_unit(shape, steps, view)
        return put(grouped(view.column(steps["pay"])), self._converted(shape.amount, view))

    def _converted(self, value: object, view: View) -> Words:
        """Behind an amount that was one in US dollars: that amount, and the rate."""
        fact = self.words.policy.facts.get(value) if isinstance(value, Ref) else None
        if fact is None or not isinstance(fact.how, InYuan):
            return ""
        how = fact.how
        dollars = view.column(view.trace.scope.fact(how.ref).lo)
        said = put(number(dollars, SCALE["usd"]), self.words.unit("usd"), f" × {decimal_rate(how.rate)}")
        return choose(dollars.is_not_null(), put(self.words.say("（", " ("), said, self.words.say("）", ")")))

    def _pool(self, shape: Pool, view: View) -> Words:
        """A part of the sum, by points."""
        kind = self.words.policy.type_of(shape.points)
        mine, every = view.of("points"), view.of("all_points")
        scale = SCALE.get(kind, 1)
        total, say, label = view.of("pool_sum"), self.words.say, self.words.label(shape.points)
        part = put(number(mine, scale), " ÷ ", number(every, scale))
        plain = put(f"{one(shape.sum)} × ", part, say(f"（{label}）", f" ({label})"))
        left = put(f"({one(shape.sum)} − ", grouped(shape.sum - total), ") × ", part)
        first = put(left, say(f"（{label}；人工核定的先付）", f" ({label}; what is decided by hand is paid first)"))
        return choose(mine.is_not_null(), choose(total < shape.sum, first, plain))

    def _per_step(self, shape: PerStep, steps: dict[str, Any], view: View) -> Words:
        """How many full steps, of what; times the sum."""
        base, full, pay, say = (
            view.column(steps["base"]),
            view.column(steps["steps"]),
            view.column(steps["pay"]),
            self.words.say,
        )
        scale = SCALE.get(self.words.policy.type_of(shape.of), 1)
        left, over = ("(", f" − {decimal_text(shape.only_above, scale)})") if shape.only_above else ("", "")
        why = put(
            say("（", " ("),
            left,
            number(base, scale),
            self._converted(shape.of, view),
            f"{over} ÷ {decimal_text(shape.step, scale)}",
            say("，取整）", ", whole steps)"),
        )
        text = put(number(full, 1), why, " × ", grouped(pay))
        return choose(base.is_not_null() & pay.is_not_null(), text)

    def _prorated(self, text: Words, award: Award, by: Ref, outcome: Outcome, view: View) -> Words:
        """In proportion to a ratio of at most 1, and what that is to the fen: it is rounded here."""
        top, below = view.values(outcome.steps["ratio"]), view.values(outcome.steps["ratio_den"])
        label = self.words.label(by)
        shares = [
            None if num is None or not den else min(Fraction(max(num, 0), den), Fraction(1))
            for num, den in zip(top, below, strict=True)
        ]
        counts = self._of_counts(by)
        said = texts(
            "" if part is None else f"{num}/{den}" if counts and _as_typed(num, den) else _exact(part)
            for part, num, den in zip(shares, top, below, strict=True)
        )
        in_full = pl.Series([part == 1 for part in shares], dtype=pl.Boolean)
        text = column(text, view.height)
        steps = outcome.steps
        after = steps["before_deduct"] if award.deduct is not None else steps["before_cap"] if award.cap else outcome
        times = put(_bracketed(text), " × ", said, self.words.say(f"（{label}）", f" ({label})"))
        times = put(times, " = ", grouped(view.column(after.lo) // after.den))
        return choose((text != "") & (said != ""), choose(in_full, text, times))

    def _of_counts(self, by: Ref) -> bool:
        """Whether a ratio is one of whole numbers, which stand in it as people typed them."""
        policy = self.words.policy
        fact = policy.facts.get(by)
        parts = (fact.how.numerator, fact.how.denominator) if fact is not None and isinstance(fact.how, RatioOf) else ()
        return any(isinstance(part, Ref) and policy.type_of(part) == "count" for part in parts)

    def _deducted(self, text: Words, value: Value, outcome: Outcome, view: View) -> Words:
        """Less a sum; below nothing is nothing."""
        off, before = view.column(outcome.steps["deduct"]), outcome.steps["before_deduct"]
        was = view.column(before.lo)
        label = self.words.label(value) if isinstance(value, Ref) else ""
        why = self.words.say(f"（{label}）", f" ({label})") if label else self._goes_by(value, view)
        text = column(text, view.height)
        less = put(text, " − ", grouped(off), why)
        nothing = was < times(off, before.den)
        return choose((text != "") & off.is_not_null(), choose(off == 0, text, put(less, choose(nothing, " → 0.00"))))

    def _capped(self, text: Words, outcome: Outcome, view: View) -> Words:
        """No more than a cap of its own."""
        cap, before = view.column(outcome.steps["row_cap"]), outcome.steps["before_cap"]
        text = column(text, view.height)
        over = sure(view.column(before.lo) > times(cap, before.den))
        return choose(text != "", choose(over, put(text, self.words.say(" → 上限 ", " → cap "), grouped(cap)), text))

    def _tiers(self, shape: FirstPast, steps: dict[str, Any], view: View) -> Words:
        """The step that is reached; with `cumulative` each step above what was reached or paid."""
        tier, floor, say = view.column(steps["tier"]), view.column(steps["floor"]), self.words.say
        paid: list[Words] = []
        for step, (_, pay) in enumerate(shape.tiers, start=1):
            wanted = tier == step if shape.jump == "highest" else (tier >= step) & (floor < step)
            at = shape.number + step - 1
            paid.append(choose(wanted, f"{say('第 ', 'tier ')}{at}{say(' 档 ', ' ')}{one(pay)}"))
        return listed(paid, " + ", view.height)

    def _multiplied(self, text: Words, award: Award, outcome: Outcome, view: View) -> Words:
        """The factor, and the fact that it goes by."""
        by, factor = award.multiply_by, view.column(outcome.steps["factor"])
        why = self._goes_by(by, view)
        # a blank leaves the factor open: a formula without it would not come out
        text = column(text, view.height)
        den = outcome.steps["factor_den"]
        said = mapped(factor, lambda value: "" if value is None else _exact(Fraction(value, den), plain=True))
        times = put(_bracketed(text), " × ", said, why)
        return choose((text != "") & factor.is_not_null(), choose(factor == den, text, times))

    def _goes_by(self, value: object, view: View) -> Words:
        """The fact that a rate or a factor goes by, in brackets; nothing where it is the same for all."""
        if not isinstance(value, Keyed):
            return ""
        label, kind = self.words.label(value.by), self.words.policy.type_of(value.by)
        shown = self.words.shown(view.column(view.trace.scope.fact(value.by).lo), kind, value.by)
        return put(self.words.say(f"（{label} ", f" ({label}: "), shown, self.words.say("）", ")"))

    def _rate(self, shape: Rate, steps: dict[str, Any], view: View) -> Words:
        base, rate, den = view.column(steps["base"]), view.column(steps["rate"]), steps["rate_den"]
        share = mapped(rate, lambda value: "" if value is None else percent(Fraction(value, den)))
        written = put(share, self._goes_by(shape.rate, view))
        whole = put(grouped(base), self._converted(shape.of, view))
        text = put(self._part(shape, base, whole, one), " × ", written)
        return choose(base.is_not_null() & rate.is_not_null(), text)

    def _part(self, shape: Rate | Pay, base: pl.Series, whole: Words, shown: Callable[[int], str]) -> Words:
        """The part of a figure above a level, up to another, that counts; of a figure below nothing none."""
        above, most = shape.only_above, shape.up_to
        over = put("(", whole, f" − {shown(above)})") if above else whole
        if above or most is not None or (base < 0).any():
            over = choose(base > above if above else base >= 0, over, shown(0))
        if most is None:
            return over
        part = f"({shown(most)} − {shown(above)})" if above else shown(most)
        said = self.words.say(f"{part}（不超过 {shown(most)} 的部分）", f"{part} (the part up to {shown(most)})")
        return choose(base > most, said, over)

    def _per_unit(self, shape: Pay, steps: dict[str, Any], view: View) -> Words:
        scale = SCALE.get(self.words.policy.type_of(steps["per"][0]), 1)
        units, every, pay = (view.column(steps[name]) for name in ("units", "all_units", "pay"))
        further: Words = ""
        for ref, fact in zip(steps["per"][1:], steps["each"][1:], strict=True):
            label = self.words.label(ref)
            shown = number(view.column(fact), SCALE.get(self.words.policy.type_of(ref), 1))
            further = put(further, " × ", shown, self.words.say(f"（{label}）", f" ({label})"))
        off, each = every - units, put(further, " × ", grouped(pay))
        if shape.only_above or shape.up_to is not None:
            figure = partial(decimal_text, scale=scale)
            text = put(self._part(shape, units, number(units, scale), figure), each)
        else:
            text = put(number(units, scale), each)
        if (off != 0).any():
            cut = put("(", number(every, scale), " − ", number(off, scale), ")", each)
            text = choose(off == 0, text, cut)
        return choose(units.is_not_null() & pay.is_not_null(), text)

    def _taken(self, shape: HighestOf | SumOf, rows: list[Outcome], view: View) -> Words:
        """Of a choice the row that pays most, of a sum all rows that hold."""
        texts = [self.of(row.award, outcome, view) for row, outcome in zip(shape.rows, rows, strict=True)]
        if isinstance(shape, SumOf):
            parts = {
                str(at): choose(view.column(row.verdict), text)
                for at, (row, text) in enumerate(zip(rows, texts, strict=True))
            }
            # of several parts one that was cut or rounded on its way stands in brackets
            several = (
                pl.sum_horizontal((pl.col(name) != "").fill_null(value=False).cast(pl.Int64) for name in parts) > 1
            )
            each = [
                pl.when(several & pl.col(name).str.contains(_STEPS)).then(pl.concat_str(pl.lit("("), name, pl.lit(")")))
                .when(pl.col(name) != "").then(pl.col(name))
                for name in parts
            ]  # fmt: skip
            return pl.DataFrame(parts).select(pl.concat_str(each, separator=" + ", ignore_nulls=True)).to_series()
        text, best = column("", view.height), best_way(rows, view)
        for way, said in enumerate(texts, start=1):
            text = choose(best == way, said, text)
        return text


def _bracketed(text: pl.Series) -> Words:
    """A sum, or what was cut or rounded, in brackets, as it is multiplied."""
    parts = text.str.contains(" [+−] ") | text.str.contains(_STEPS)
    return choose(parts, put("(", text, ")"), text) if parts.any() else text


def decimal_rate(rate: Fraction) -> str:
    """A rate of exchange as the policy writes it."""
    return f"{(Decimal(rate.numerator) / rate.denominator).normalize():f}"


def _as_typed(num: int | None, den: int | None) -> bool:
    """Whether a ratio is one of numbers as people write them, 90/365, and has no end in decimals."""
    if num is None or not den or not 0 < num <= den < _MANY:
        return False
    return bool(10**6 % Fraction(num, den).denominator)


def _exact(part: Fraction, *, plain: bool = False) -> str:
    """A factor as people write it: `2`, `80%`; what has no end in decimals as a fraction, `2/3`."""
    if plain and part.denominator == 1:
        return str(part.numerator)
    return percent(part) if 10**6 % part.denominator == 0 else f"{part.numerator}/{part.denominator}"
