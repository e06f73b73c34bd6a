"""The formula of a line with its numbers: base, rate or tier, gross, cap, what was taken off, net."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.shapes import Outcome
from anqing_subsidy.money import SCALE, decimal_text, grouped, percent
from anqing_subsidy.report.conditions import Reader


class Formulas:
    """Writes formulas; amounts are read from the steps, none is computed again."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.zh = reader.lang == "zh"

    def line(self, trace: Trace, rows: list[int], line: Mapping[str, Any]) -> str:
        """The formula of one line; empty where nothing was computed."""
        text = self._gross(trace, rows)
        if not text:
            return ""
        gross = line["gross"] if line["gross"] or line["gross_hi"] is None else line["gross_hi"]
        parts = [text]
        if gross is not None and not text.endswith(grouped(gross)):
            parts.append(f"= {grouped(gross)}")
        if line["cap"] is not None and gross is not None and gross > line["cap"]:
            parts.append(f"→ {'上限' if self.zh else 'cap'} {grouped(line['cap'])}")
        offs = (
            ("less", "以前已兑现", "paid before"),
            ("received", "已获其他支持", "other support"),
            ("netted", "本年度已兑现", "paid this year"),
        )
        for name, zh, en in offs:
            if line[name] and (name != "received" or line["topped"]):
                parts.append(f"− {zh if self.zh else en} {grouped(line[name])}")
        if len(parts) > 1 and parts[-1][0] == "−":
            parts.append(f"= {grouped(line['amount'])}")
        return " ".join(parts)

    def _gross(self, trace: Trace, rows: list[int]) -> str:
        if trace.clause.rows == "one" or trace.scope.table != trace.clause.table:
            return self._step(trace.outcome, rows[0])
        # rows put together: how many rows of which amount
        peek, outcome = self.reader.peek, trace.outcome
        paid = Counter(
            peek(outcome.lo, row) // outcome.den
            for row in rows
            if peek(outcome.verdict, row)
            and peek(outcome.lo, row)
            and not peek(trace.held, row)
            and all(peek(test.met, row) for test in (*trace.tests, *trace.once))
        )
        if not paid:
            return ""
        if trace.clause.rows == "highest":
            best = max(paid)
            return (
                grouped(best)
                if len(paid) == 1
                else f"{'取高' if self.zh else 'highest of '}({', '.join(grouped(amount) for amount in sorted(paid, reverse=True))}) = {grouped(best)}"
            )
        return " + ".join(f"{number} × {grouped(amount)}" for amount, number in sorted(paid.items(), reverse=True))

    def _step(self, outcome: Outcome, at: int) -> str:
        steps, peek = outcome.steps, self.reader.peek
        shape = steps["shape"]
        text = ""
        if shape == "rate":
            text = self._rate(steps, at)
        elif shape == "pay":
            pay = peek(steps["pay"], at)
            text = "" if pay is None else grouped(pay)
        elif shape == "per_unit":
            units, every, pay = peek(steps["units"], at), peek(steps["all_units"], at), peek(steps["pay"], at)
            if units is None or pay is None:
                return ""
            scale = SCALE.get(self.reader.policy.type_of(steps["per"]), 1)
            count = (
                decimal_text(units, scale)
                if units == every
                else f"({decimal_text(every, scale)} − {decimal_text(every - units, scale)})"
            )
            text = f"{count} × {grouped(pay)}"
        elif shape == "first_past":
            text = self._tier(steps, at)
        elif shape in ("highest_of", "sum_of"):
            taken = [self._step(inner, at) for inner in steps["rows"] if peek(inner.verdict, at)]
            text = " + ".join(taken) if shape == "sum_of" else max(taken, key=len, default="")
        factor = peek(steps.get("factor"), at)
        if "factor" in steps and factor is None:
            return ""  # a blank leaves the factor open: a formula without it would not come out
        return f"{text} × {factor}" if text and factor not in (None, 1) else text

    def _rate(self, steps: dict[str, Any], at: int) -> str:
        base, rate = self.reader.peek(steps["base"], at), self.reader.peek(steps["rate"], at)
        if base is None or rate is None:
            return ""
        written = percent(Fraction(rate, steps["rate_den"]))
        if steps["above"]:
            return (
                f"({grouped(base)} − {grouped(steps['above'])}) × {written}"
                if base > steps["above"]
                else f"0.00 × {written}"
            )
        return f"{grouped(base)} × {written}"

    def _tier(self, steps: dict[str, Any], at: int) -> str:
        tier, pay = self.reader.peek(steps["tier"], at), self.reader.peek(steps["pay"], at)
        if not tier or pay is None:
            return ""
        return f"{'第 ' if self.zh else 'tier '}{tier}{' 档' if self.zh else ''} {grouped(pay)}"
