"""The formulas of lines with their numbers: base, rate or tier, gross, cap, what was taken off, net."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any, Final

from anqing_subsidy.engine.shapes import Outcome
from anqing_subsidy.finding import Text
from anqing_subsidy.money import SCALE, decimal_text, grouped, percent
from anqing_subsidy.policy.model import Award, Keyed
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
        self._offs = [(name, said.say(words.lang)) for name, said in _OFFS]

    def of(self, view: View) -> list[str]:
        """The formula of each line; empty where nothing was computed."""
        trace = view.trace
        award = trace.clause.award if trace.scope.table == trace.clause.table else trace.clause.declared_award
        texts = self._rows(view) if view.adds_rows else self._step(trace.outcome, view)
        if award is not None and not view.adds_rows and "factor" in trace.outcome.steps:
            texts = self._multiplied(texts, award, trace.outcome, view)
        steps = (view.line(name) for name in ("gross", "gross_hi", "cap", "amount", "topped"))
        offs = zip(*(view.line(name) for name, _ in self._offs), strict=True)
        return [
            self._line(text, gross, gross_hi, cap, amount, topped, taken) if text else ""
            for text, gross, gross_hi, cap, amount, topped, taken in zip(texts, *steps, offs, strict=True)
        ]

    def _line(
        self,
        text: str,
        gross: int | None,
        gross_hi: int | None,
        cap: int | None,
        amount: int,
        topped: bool,  # a mark of the line
        taken: tuple[int | None, ...],
    ) -> str:
        gross = gross if gross or gross_hi is None else gross_hi
        if gross is not None and not text.endswith(shown := grouped(gross)):
            text += f" = {shown}"
        if cap is not None and gross is not None and gross > cap:
            text += f" → {self._cap} {grouped(cap)}"
        less = "".join(
            f" − {said} {grouped(off)}"
            for (name, said), off in zip(self._offs, taken, strict=True)
            if off and (name != "received" or topped)
        )
        return f"{text}{less} = {grouped(amount)}" if less else text

    def _rows(self, view: View) -> list[str]:
        """Of rows put together: how many rows of which amount."""
        members = view.members()
        rows, outcome, trace = members.view, view.trace.outcome, view.trace
        met = zip(*(rows.values(test.met) for test in (*trace.tests, *trace.once)), strict=True)
        counted = zip(rows.values(outcome.verdict), rows.values(outcome.lo), rows.values(trace.held), strict=True)
        paid = [
            lo // outcome.den if verdict and lo and not held and all(tests) else None
            for (verdict, lo, held), tests in zip(
                counted, met if trace.tests or trace.once else [()] * rows.height, strict=True
            )
        ]
        highest = trace.clause.rows == "highest"
        return [
            self._put_together(Counter(amount for amount in mine if amount is not None), highest=highest)
            for mine in members.by_line(paid)
        ]

    def _put_together(self, paid: Counter[int], *, highest: bool) -> str:
        if not paid:
            return ""
        if not highest:
            return " + ".join(f"{number} × {grouped(amount)}" for amount, number in sorted(paid.items(), reverse=True))
        best = grouped(max(paid))
        if len(paid) == 1:
            return best
        amounts = ", ".join(grouped(amount) for amount in sorted(paid, reverse=True))
        return f"{self.words.say('取高', 'highest of ')}({amounts}) = {best}"

    def _step(self, outcome: Outcome, view: View) -> list[str]:
        steps = outcome.steps
        shape = steps["shape"]
        if shape == "rate":
            texts = self._rate(steps, view)
        elif shape == "pay":
            texts = ["" if pay is None else grouped(pay) for pay in view.values(steps["pay"])]
        elif shape == "per_unit":
            texts = self._per_unit(steps, view)
        elif shape == "first_past":
            tier, end = self.words.say("第 ", "tier "), self.words.say(" 档", "")
            texts = [
                f"{tier}{at}{end} {grouped(pay)}" if at and pay is not None else ""
                for at, pay in zip(view.values(steps["tier"]), view.values(steps["pay"]), strict=True)
            ]
        else:
            texts = self._taken(steps["rows"], view, every=shape == "sum_of")
        return texts

    def _multiplied(self, texts: list[str], award: Award, outcome: Outcome, view: View) -> list[str]:
        """The factor, and the fact that it goes by."""
        by = award.multiply_by
        why = [""] * view.height
        if isinstance(by, Keyed):
            label, kind = self.words.label(by.by), self.words.policy.type_of(by.by)
            shown = self.words.shown(view.values(view.trace.scope.fact(by.by).lo), kind, by.by)
            why = [self.words.say(f"（{label} {text}）", f" ({label}: {text})") for text in shown]
        # a blank leaves the factor open: a formula without it would not come out
        return [
            "" if factor is None or not text else text if factor == 1 else f"{text} × {factor}{reason}"
            for text, factor, reason in zip(texts, view.values(outcome.steps["factor"]), why, strict=True)
        ]

    def _rate(self, steps: dict[str, Any], view: View) -> list[str]:
        rates = view.values(steps["rate"])
        written = {rate: percent(Fraction(rate, steps["rate_den"])) for rate in set(rates) if rate is not None}
        above = steps["above"]
        return [
            ""
            if base is None or rate is None
            else f"{grouped(base)} × {written[rate]}"
            if not above
            else f"({grouped(base)} − {grouped(above)}) × {written[rate]}"
            if base > above
            else f"0.00 × {written[rate]}"
            for base, rate in zip(view.values(steps["base"]), rates, strict=True)
        ]

    def _per_unit(self, steps: dict[str, Any], view: View) -> list[str]:
        scale = SCALE.get(self.words.policy.type_of(steps["per"]), 1)
        columns = (view.values(steps[name]) for name in ("units", "all_units", "pay"))
        return [
            ""
            if units is None or pay is None
            else f"{decimal_text(units, scale)} × {grouped(pay)}"
            if units == every
            else f"({decimal_text(every, scale)} − {decimal_text(every - units, scale)}) × {grouped(pay)}"
            for units, every, pay in zip(*columns, strict=True)
        ]

    def _taken(self, rows: list[Outcome], view: View, *, every: bool) -> list[str]:
        """Of a choice the row that pays most, of a sum all rows that hold."""
        if not rows:
            return [""] * view.height
        texts = zip(*(self._step(row, view) for row in rows), strict=True)
        verdicts = zip(*(view.values(row.verdict) for row in rows), strict=True)
        if every:
            return [
                " + ".join(text for text, holds in zip(line, mine, strict=True) if holds)
                for line, mine in zip(texts, verdicts, strict=True)
            ]
        amounts = zip(*(view.values(row.lo) for row in rows), strict=True)
        return [
            max(
                ((amount, text) for amount, text, holds in zip(paid, line, mine, strict=True) if holds),
                key=lambda row: row[0],
                default=(0, ""),
            )[1]
            for paid, line, mine in zip(amounts, texts, verdicts, strict=True)
        ]
