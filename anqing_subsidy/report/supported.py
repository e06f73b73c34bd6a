"""The support from other programmes behind a line: from which level, how much, in which row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.policy.terms import refs_in
from anqing_subsidy.report.cited import first_few, place_of
from anqing_subsidy.report.texts import Words, choose, grouped, put
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment


class Supported:
    """Names other support."""

    def __init__(self, words: Wording, assessment: Assessment) -> None:
        self.words = words
        self.policy = assessment.policy
        self.store = assessment.store
        self.tables = assessment.tables
        self.rows = assessment.support

    def of(self, view: View, *, applied: bool) -> pl.Series:
        """The payments for the matter of each line: those received, or those only applied for."""
        if self.policy.support is None or not self.rows.height:
            return first_few(pl.DataFrame(), "", self.words, view.height)
        found = self.behind(view, (pl.col("applied") == applied) & ~pl.col("unsure"))
        return first_few(found, self._said(found), self.words, view.height)

    def behind(self, view: View, which: pl.Expr) -> pl.DataFrame:
        """Some of the payments for the matter of each line (`line`), in the order of their rows."""
        clause, height = view.trace.clause, view.height
        mine = self.rows.filter(pl.col("clauses").list.contains(clause.id) & which)
        lines = pl.DataFrame(
            {
                "line": pl.int_range(height, dtype=pl.UInt32, eager=True),
                "code": view.of("code"),
                "thing": view.of("object"),
            }
        )
        found = lines.join(mine, on="code")
        if clause.line_per != "applicant":
            found = found.filter(
                pl.col("object").is_null() | pl.col("thing").is_null() | (pl.col("object") == pl.col("thing"))
            )
        return found.sort("line", "part", "row").unique(["line", "part", "row"], maintain_order=True)

    def _said(self, found: pl.DataFrame) -> Words:
        """A payment in words: what tells which programme it is, its object, its sum, its row."""
        rule, say = self.policy.support, self.words.say
        if rule is None or not found.height:
            return ""
        origin = self.store.rows[rule.table].frame.select(
            *dict.fromkeys(ref.id for ref in refs_in(rule.where) if ref.table == rule.table), part="_part", row="_row"
        )
        known = found.join(origin.unique(["part", "row"]), on=["part", "row"], how="left", maintain_order="left")
        kinds: list[Words] = []
        for ref in dict.fromkeys(refs_in(rule.where)):
            if ref.id in known.columns:
                kinds += [" " if kinds else "", self.words.shown(known[ref.id], self.policy.type_of(ref), ref)]
        named = put(say("（", " ("), found["object"].fill_null(""), say("）", ") "))
        thing = choose(found["object"].is_not_null(), named, " ")
        amount = choose(
            found["amount"].is_null(),
            say("金额未填", "an amount not given"),
            put(grouped(found["amount"]), say(" 元", "")),
        )
        return put(*kinds, thing, amount, say("（", " ("), place_of(found, self.tables, self.words), say("）", ")"))
