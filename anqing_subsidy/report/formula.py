"""The formulas of lines with their numbers: base, rate or tier, gross, cap, what was taken off, net."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any, Final

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.shapes import Outcome
from anqing_subsidy.finding import Text
from anqing_subsidy.money import SCALE, percent
from anqing_subsidy.money import grouped as one
from anqing_subsidy.policy.model import Award, Keyed
from anqing_subsidy.report.texts import Words, choose, column, grouped, listed, mapped, number, put
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import Wording

_OFFS: Final = (
    ("less", Text("以前已兑现", "paid before")),
    ("received", Text("已获其他支持", "other support")),
    ("netted", Text("本年度已兑现", "paid this year")),
)


class Formulas:
    """Writes formulas; amounts are read from the steps, none is computed again."""

    def __init__(self, words: Wording) -> None:
        self.words = words
        self._cap = words.say("上限", "cap")

    def of(self, view: View) -> pl.Series:
        """The formula of each line; empty where nothing was computed."""
        trace = view.trace
        award = trace.clause.award if trace.scope.table == trace.clause.table else trace.clause.declared_award
        text = self._rows(view) if view.adds_rows else self._step(trace.outcome, view)
        if award is not None and not view.adds_rows and "factor" in trace.outcome.steps:
            text = self._multiplied(text, award, trace.outcome, view)
        return self._line(column(text, view.height), view)

    def _line(self, text: pl.Series, view: View) -> pl.Series:
        """Gross, cap and what was taken off behind the first step."""
        gross, gross_hi, cap = view.of("gross"), view.of("gross_hi"), view.of("cap")
        gross = gross.zip_with(sure((gross != 0) | gross_hi.is_null()), gross_hi)
        shown = grouped(gross)
        ends = pl.DataFrame({"text": text, "shown": shown}).select(pl.col("text").str.ends_with(pl.col("shown")))
        text_ = choose(gross.is_null() | ends.to_series(), text, put(text, " = ", shown))
        capped = gross > cap
        if capped.any():
            text_ = choose(capped, put(text_, f" → {self._cap} ", grouped(cap)), text_)
        less: list[Words] = []
        for name, said in _OFFS:
            off = view.of(name)
            taken = (off != 0) & (view.of("topped") if name == "received" else True)
            if taken.any():
                less.append(choose(taken, put(f" − {said.say(self.words.lang)} ", grouped(off))))
        if less:
            off_text = listed(less, "", view.height)
            text_ = choose(off_text != "", put(text_, off_text, " = ", grouped(view.of("amount"))), text_)
        return choose(text != "", text_)

    def _rows(self, view: View) -> pl.Series:
        """Of rows put together: how many rows of which amount."""
        members = view.members()
        rows, outcome, trace = members.view, view.trace.outcome, view.trace
        paid = rows.column(outcome.lo) // outcome.den
        counts = ~rows.column(trace.held) & (rows.column(outcome.lo) != 0)
        for met in (outcome.verdict, *(test.met for test in (*trace.tests, *trace.once))):
            counts = counts & sure(rows.column(met))
        highest = trace.clause.rows == "highest"
        texts = [
            self._put_together(Counter(amount for amount in mine if amount is not None), highest=highest)
            for mine in members.by_line(paid.set(~counts, None).to_list())
        ]
        return pl.Series(texts, dtype=pl.String)

    def _put_together(self, paid: Counter[int], *, highest: bool) -> str:
        if not paid:
            return ""
        if not highest:
            return " + ".join(f"{count} × {one(amount)}" for amount, count in sorted(paid.items(), reverse=True))
        best = one(max(paid))
        if len(paid) == 1:
            return best
        amounts = ", ".join(one(amount) for amount in sorted(paid, reverse=True))
        return f"{self.words.say('取高', 'highest of ')}({amounts}) = {best}"

    def _step(self, outcome: Outcome, view: View) -> Words:
        steps = outcome.steps
        shape = steps["shape"]
        if shape == "rate":
            return self._rate(steps, view)
        if shape == "pay":
            return grouped(view.column(steps["pay"]))
        if shape == "per_unit":
            return self._per_unit(steps, view)
        if shape == "first_past":
            tier, pay = view.column(steps["tier"]), view.column(steps["pay"])
            at = tier.cast(pl.String).fill_null("")
            text = put(self.words.say("第 ", "tier "), at, self.words.say(" 档 ", " "), grouped(pay))
            return choose((tier > 0) & pay.is_not_null(), text)
        return self._taken(steps["rows"], view, every=shape == "sum_of")

    def _multiplied(self, text: Words, award: Award, outcome: Outcome, view: View) -> Words:
        """The factor, and the fact that it goes by."""
        by, factor = award.multiply_by, view.column(outcome.steps["factor"])
        why: Words = ""
        if isinstance(by, Keyed):
            label, kind = self.words.label(by.by), self.words.policy.type_of(by.by)
            shown = self.words.shown(view.column(view.trace.scope.fact(by.by).lo), kind, by.by)
            why = put(self.words.say(f"（{label} ", f" ({label}: "), shown, self.words.say("）", ")"))
        # a blank leaves the factor open: a formula without it would not come out
        text = column(text, view.height)
        times = put(text, " × ", factor.cast(pl.String).fill_null(""), why)
        return choose((text != "") & factor.is_not_null(), choose(factor == 1, text, times))

    def _rate(self, steps: dict[str, Any], view: View) -> Words:
        base, rate, above = view.column(steps["base"]), view.column(steps["rate"]), steps["above"]
        den = steps["rate_den"]
        written = mapped(rate, lambda value: "" if value is None else percent(Fraction(value, den)))
        text = put(grouped(base), " × ", written)
        if above:
            over = put("(", grouped(base), f" − {one(above)}) × ", written)
            text = choose(base > above, over, put("0.00 × ", written))
        return choose(base.is_not_null() & rate.is_not_null(), text)

    def _per_unit(self, steps: dict[str, Any], view: View) -> Words:
        scale = SCALE.get(self.words.policy.type_of(steps["per"]), 1)
        units, every, pay = (view.column(steps[name]) for name in ("units", "all_units", "pay"))
        off, each = every - units, put(" × ", grouped(pay))
        text = put(number(units, scale), each)
        if (off != 0).any():
            cut = put("(", number(every, scale), " − ", number(off, scale), ")", each)
            text = choose(off == 0, text, cut)
        return choose(units.is_not_null() & pay.is_not_null(), text)

    def _taken(self, rows: list[Outcome], view: View, *, every: bool) -> Words:
        """Of a choice the row that pays most, of a sum all rows that hold."""
        if every:
            parts = [choose(view.column(row.verdict), self._step(row, view)) for row in rows]
            frame = pl.DataFrame({str(at): part for at, part in enumerate(parts)})
            said = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in frame.columns]
            return frame.select(pl.concat_str(said, separator=" + ", ignore_nulls=True)).to_series() if parts else ""
        best, text = pl.Series([-1], dtype=pl.Int64).new_from_index(0, view.height), column("", view.height)
        for row in rows:
            amount = view.column(row.lo)
            better = sure(view.column(row.verdict)) & sure(amount > best)
            text, best = choose(better, self._step(row, view), text), amount.zip_with(better, best)
        return text
