"""The formulas of lines with their numbers: base, rate or tier, gross, cap, what was taken off, net."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import polars as pl

from anqing_subsidy.engine.exact import rounded, sure
from anqing_subsidy.engine.shapes import Outcome
from anqing_subsidy.finding import Text
from anqing_subsidy.money import SCALE, percent
from anqing_subsidy.money import grouped as one
from anqing_subsidy.policy.clauses import Award, FirstPast, HighestOf, Keyed, Rate, SumOf
from anqing_subsidy.report.by_hand import decided_formula
from anqing_subsidy.report.texts import Words, choose, column, grouped, listed, mapped, number, put, spread
from anqing_subsidy.report.view import View, award_of, best_way
from anqing_subsidy.report.words import Wording

_OFFS: Final = (
    ("less", Text("以前已兑现", "paid before")),
    ("received", Text("已获其他支持", "other support")),
    ("netted", Text("本年度已兑现", "paid this year")),
)


class Formulas:
    """Writes formulas; amounts are read from the steps, none is computed again.

    A formula comes out at what the line is paid, or could still become while it is open; where the steps do not lead
    there (rows that are held, a range instead of a figure), there is none.
    """

    def __init__(self, words: Wording) -> None:
        self.words = words
        self.mode = words.policy.rounding

    def of(self, view: View) -> pl.Series:
        """The formula of each line; empty where nothing was computed."""
        outcome, gross, possible = view.trace.outcome, view.of("gross"), view.of("gross_hi")
        gross = gross.zip_with(sure((gross != 0) | possible.is_null()), possible)
        if view.adds_rows:
            text, first = self._rows(view), gross
        else:
            text = column(self._award(award_of(view), outcome, view), view.height)
            first = rounded(view.column(outcome.lo.fill_null(0)), outcome.den, self.mode)
        line, comes_to = self._line(text, gross, view)
        status, amount = view.of("status"), view.of("amount")
        most = comes_to == view.of("hi")
        fits = pl.select(
            pl.when(status.is_in(["pending", "held"])).then(most)
            .when(status == "excluded").then(most | (comes_to == amount))
            .otherwise((comes_to == amount) | (status == "superseded"))
        ).to_series()  # fmt: skip
        true = (text != "") & (first == gross)
        fixed = sure(view.of("fixed"))
        if not fixed.any():
            return choose(true & fits, line)
        decided = decided_formula(self.words, view.lines[view.index])
        return choose(fixed, put(choose(true, put(line, " → ")), decided), choose(true & fits, line))

    def _line(self, text: pl.Series, gross: pl.Series, view: View) -> tuple[pl.Series, pl.Series]:
        """Gross, cap and what was taken off behind the first step; and what that comes to."""
        shown = grouped(gross)
        ends = pl.DataFrame({"text": text, "shown": shown}).select(pl.col("text").str.ends_with(pl.col("shown")))
        line = choose(gross.is_null() | ends.to_series(), text, put(text, " = ", shown))
        cap, comes_to = view.of("cap"), gross
        capped = sure(gross > cap)
        if capped.any():
            line, comes_to = choose(capped, put(line, self._cap(view, cap)), line), cap.zip_with(capped, gross)
        taken, less = pl.Series([0], dtype=pl.Int64).new_from_index(0, view.height), column("", view.height)
        for name, said in _OFFS:
            off = view.of(name).fill_null(0)
            if name == "received":
                off = off.zip_with(sure(view.of("topped")), off * 0)
            elif name == "netted":
                # what was paid this year comes off what was decided, not off what was computed
                off = off + view.of("over")
                off = (off * 0).zip_with(sure(view.of("fixed")), off)
            if (off != 0).any():
                less = column(
                    put(less, choose(off != 0, put(f" − {said.say(self.words.lang)} ", grouped(off)))), view.height
                )
                taken = taken + off
        left = (comes_to - taken).clip(0)
        if (taken != 0).any():
            sign = choose(taken > comes_to, " → ", " = ")
            line = choose(taken != 0, put(line, less, sign, grouped(left)), line)
        return line, left

    def _cap(self, view: View, cap: pl.Series) -> Words:
        """The cap in force; where earlier years used a part of it, what is left."""
        whole = view.trace.clause.cap or 0
        plain = put(self.words.say(" → 上限 ", " → cap "), grouped(cap))
        if not (cap < whole).any():
            return plain
        used = put(f"{one(whole)}{self.words.say(' − 以前已兑现 ', ' − paid before ')}", grouped(whole - cap))
        left = put(self.words.say(" → 上限余额 ", " → left of the cap "), grouped(cap))
        return choose(cap < whole, put(left, self.words.say("（", " ("), used, self.words.say("）", ")")), plain)

    def _rows(self, view: View) -> pl.Series:
        """Of rows put together: how many rows of which amount."""
        members, den = view.members(), view.trace.outcome.den
        paid = pl.DataFrame({"line": members.line_of, "amount": members.view.column(view.trace.adds)})
        counts = paid.filter(pl.col("amount") > 0).group_by("line", "amount").len()
        if not counts.height:
            return column("", view.height)
        counts = counts.sort("line", "amount", descending=[False, True])
        amount = grouped(counts["amount"] // den)
        highest = view.trace.clause.rows == "highest"
        said = amount if highest else put(counts["len"].cast(pl.String), " × ", amount)
        each = counts.select("line", "len", said=column(said, counts.height), even=pl.col("amount") % den == 0)
        between = ", " if highest else " + "
        lines = each.group_by("line", maintain_order=True).agg(
            pl.col("said").str.join(between), best=pl.col("said").first(), kinds=pl.len(), rows=pl.col("len").sum(), even=pl.col("even").all()
        )  # fmt: skip
        text = lines["said"]
        if highest:
            several = put(self.words.say("取高(", "highest of ("), text, ") = ", lines["best"])
            text = choose(lines["kinds"] > 1, several, text)
        else:
            # rows that are no whole fen are added up before they are rounded
            rows = lines["rows"].cast(pl.String)
            text = choose(
                lines["even"], text, put(self.words.say("", "sum of "), rows, self.words.say(" 行之和", " rows"))
            )
        return spread(lines["line"].cast(pl.UInt32), text, view.height)

    def _award(self, award: Award | None, outcome: Outcome, view: View) -> Words:
        """The first step of a line of one row: the shape, times its factor."""
        if award is None:
            return ""
        text = self._step(award, outcome, view)
        return self._multiplied(text, award, outcome, view) if "factor" in outcome.steps else text

    def _step(self, award: Award, outcome: Outcome, view: View) -> Words:
        steps, shape = outcome.steps, award.shape
        if isinstance(shape, Rate):
            return self._rate(shape, steps, view)
        if isinstance(shape, FirstPast):
            return self._tiers(shape, steps, view)
        if isinstance(shape, HighestOf | SumOf):
            return self._taken(shape, steps["rows"], view)
        return grouped(view.column(steps["pay"])) if shape.per is None else self._per_unit(steps, view)

    def _tiers(self, shape: FirstPast, steps: dict[str, Any], view: View) -> Words:
        """The step that is reached; with `cumulative` each step above what was reached or paid."""
        tier, floor, say = view.column(steps["tier"]), view.column(steps["floor"]), self.words.say
        paid: list[Words] = []
        for step, (_, pay) in enumerate(shape.tiers, start=1):
            wanted = tier == step if shape.jump == "highest" else (tier >= step) & (floor < step)
            paid.append(choose(wanted, f"{say('第 ', 'tier ')}{step}{say(' 档 ', ' ')}{one(pay)}"))
        return listed(paid, " + ", view.height)

    def _multiplied(self, text: Words, award: Award, outcome: Outcome, view: View) -> Words:
        """The factor, and the fact that it goes by."""
        by, factor = award.multiply_by, view.column(outcome.steps["factor"])
        why = self._goes_by(by, view)
        # a blank leaves the factor open: a formula without it would not come out
        text = column(text, view.height)
        parts = text.str.contains(" + ", literal=True) | text.str.contains(" − ", literal=True)
        inner = choose(parts, put("(", text, ")"), text) if parts.any() else text
        times = put(inner, " × ", factor.cast(pl.String).fill_null(""), why)
        return choose((text != "") & factor.is_not_null(), choose(factor == 1, text, times))

    def _goes_by(self, value: object, view: View) -> Words:
        """The fact that a rate or a factor goes by, in brackets; nothing where it is the same for all."""
        if not isinstance(value, Keyed):
            return ""
        label, kind = self.words.label(value.by), self.words.policy.type_of(value.by)
        shown = self.words.shown(view.column(view.trace.scope.fact(value.by).lo), kind, value.by)
        return put(self.words.say(f"（{label} ", f" ({label}: "), shown, self.words.say("）", ")"))

    def _rate(self, shape: Rate, steps: dict[str, Any], view: View) -> Words:
        base, rate, above = view.column(steps["base"]), view.column(steps["rate"]), steps["above"]
        den = steps["rate_den"]
        share = mapped(rate, lambda value: "" if value is None else percent(Fraction(value, den)))
        written = put(share, self._goes_by(shape.rate, view))
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

    def _taken(self, shape: HighestOf | SumOf, rows: list[Outcome], view: View) -> Words:
        """Of a choice the row that pays most, of a sum all rows that hold."""
        texts = [self._award(row.award, outcome, view) for row, outcome in zip(shape.rows, rows, strict=True)]
        if isinstance(shape, SumOf):
            parts = {
                str(at): choose(view.column(row.verdict), text)
                for at, (row, text) in enumerate(zip(rows, texts, strict=True))
            }
            each = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in parts]
            return pl.DataFrame(parts).select(pl.concat_str(each, separator=" + ", ignore_nulls=True)).to_series()
        text, best = column("", view.height), best_way(rows, view)
        for way, said in enumerate(texts, start=1):
            text = choose(best == way, said, text)
        return text
