"""The formulas of lines with their numbers: gross, cap, what was taken off, what a budget leaves, net."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.engine.amounts import whole_multiples
from anqing_subsidy.engine.exact import rounded, sure
from anqing_subsidy.finding import Text
from anqing_subsidy.money import grouped as one
from anqing_subsidy.policy.clauses import Pool
from anqing_subsidy.report.by_hand import decided_formula
from anqing_subsidy.report.cut_short import CutShort
from anqing_subsidy.report.formula_award import AwardFormulas
from anqing_subsidy.report.instalment import instalment_step
from anqing_subsidy.report.texts import Words, choose, column, grouped, put, spread
from anqing_subsidy.report.view import View, award_of
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.budget_words import Cut

_OFFS: Final = {
    "less": Text("以前已兑现", "paid before"),
    "received": Text("已获其他支持", "other support"),
    "netted": Text("本年度已兑现", "paid this year"),
}


class Formulas:
    """Writes formulas; amounts are read from the steps, none is computed again.

    A formula comes out at what the line is paid, or could still become while it is open; where the steps do not lead
    there (rows that are held, a range instead of a figure), there is none.
    """

    def __init__(self, words: Wording, cuts: Sequence[Cut] = ()) -> None:
        self.words = words
        self.mode = words.policy.rounding
        self.awards = AwardFormulas(words)
        self.short = CutShort(words, cuts)

    def of(self, view: View) -> pl.Series:
        """The formula of each line; empty where nothing was computed."""
        outcome, gross, possible = view.trace.outcome, view.of("gross"), view.of("gross_hi")
        gross = gross.zip_with(sure((gross != 0) | possible.is_null()), possible)
        if view.adds_rows:
            text, first = self._rows(view), gross
        else:
            award = award_of(view)
            text = column("" if award is None else self.awards.of(award, outcome, view), view.height)
            first = rounded(view.column(outcome.lo.fill_null(0)), outcome.den, self.mode)
            if award is not None and isinstance(award.shape, Pool):
                first = gross
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

    def comes_to(self, view: View) -> pl.Series:
        """What the steps of each line lead to, before a group or a decision changes it."""
        return self._line(column("", view.height), view.of("gross"), view)[1]

    def _line(self, text: pl.Series, gross: pl.Series, view: View) -> tuple[pl.Series, pl.Series]:
        """Gross, cap, instalment and what was taken off behind the first step; and what that comes to."""
        shown = grouped(gross)
        ends = pl.DataFrame({"text": text, "shown": shown}).select(pl.col("text").str.ends_with(pl.col("shown")))
        line = choose(gross.is_null() | ends.to_series(), text, put(text, " = ", shown))
        cap, comes_to = view.of("cap"), gross
        capped = sure(gross > cap)
        if capped.any():
            line, comes_to = choose(capped, put(line, self._cap(view, cap)), line), cap.zip_with(capped, gross)
        line, comes_to = self._whole(line, comes_to, view.trace.clause.whole)
        line, comes_to = instalment_step(self.words, line, comes_to, view)
        line, comes_to = self._off(line, comes_to, ("less", "received"), view)
        line, comes_to = self._cut(line, comes_to, view)
        return self._off(line, comes_to, ("netted",), view)

    def _whole(self, line: pl.Series, comes_to: pl.Series, of: int) -> tuple[pl.Series, pl.Series]:
        """What is beyond whole multiples of a sum is dropped."""
        if of == 1:
            return line, comes_to
        left = whole_multiples(comes_to, of)
        said = put(
            self.words.say(f" → 舍去不足 {one(of)} 元的 ", f" → to whole multiples of {one(of)} "), grouped(left)
        )
        return choose(left != comes_to, put(line, said), line), left

    def _off(
        self, line: pl.Series, comes_to: pl.Series, names: tuple[str, ...], view: View
    ) -> tuple[pl.Series, pl.Series]:
        """What was paid before or elsewhere, taken off."""
        taken, less = pl.Series([0], dtype=pl.Int64).new_from_index(0, view.height), column("", view.height)
        for name in names:
            said, off = _OFFS[name], view.of(name).fill_null(0)
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
        if not (taken != 0).any():
            return line, comes_to.clip(0)
        left = (comes_to - taken).clip(0)
        sign = choose(taken > comes_to, " → ", " = ")
        return choose(taken != 0, put(line, less, sign, grouped(left)), line), left

    def _cut(self, line: pl.Series, comes_to: pl.Series, view: View) -> tuple[pl.Series, pl.Series]:
        """What the cap of a group leaves, then what budgets leave, each with its factor."""
        joint = self.short.joint(view, comes_to)
        for piece in (*([] if joint is None else [joint]), *self.short.budgets(view)):
            line = choose(piece.where, put(line, piece.says), line)
            comes_to = piece.left.zip_with(piece.where, comes_to)
        return line, comes_to

    def _cap(self, view: View, cap: pl.Series) -> Words:
        """The cap in force; where earlier years used a part of it, what is left."""
        plain, caps = put(self.words.say(" → 上限 ", " → cap "), grouped(cap)), view.trace.clause.cap
        whole = caps[0] if len(caps) == 1 and isinstance(caps[0], int) else 0
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
