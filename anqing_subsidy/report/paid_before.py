"""The awards behind a line that is not paid again: what was paid, when, for what, and in which row it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.between import pools_of
from anqing_subsidy.engine.exact import sure
from anqing_subsidy.policy.clauses import FirstPast, blocking
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.cited import cells_of, first_few, place_of
from anqing_subsidy.report.texts import Words, choose, grouped, listed, mapped, put, spread
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.policy.clauses import Clause


def _coming_off(clause: Clause) -> list[str]:
    """The clauses whose earlier awards come off a line, or off the cap that it has for life."""
    return [*clause.less_paid, *([clause.id] if clause.cap_scope == "lifetime" else [])]


class PaidBefore:
    """Names awards already paid."""

    def __init__(self, words: Wording, assessment: Assessment) -> None:
        self.words = words
        self.say = words.say
        self.policy = assessment.policy
        self.tables = assessment.tables
        self.pools = pools_of(self.policy)
        rows = assessment.paid.with_row_index("entry").with_columns(payee="code", clause="clauses")
        self.entries = rows.drop("at", "clauses", "conflict").explode("clause")

    def earlier(self, view: View, *, by_row: bool = False) -> pl.Series:
        """The awards that rule out each line for good: its own, and those of its objects under any code.

        `by_row`: those of each row, where lines are put together from rows.
        """
        return self._listed(self._earlier(view, by_row=by_row), view)

    def _earlier(self, view: View, *, by_row: bool = False) -> pl.DataFrame:
        members = view.members() if view.adds_rows and not by_row else None
        clause, lines = view.trace.clause, self._lines(members.view if members is not None else view)
        if members is not None:
            lines = lines.with_columns(members.line_of.cast(pl.UInt32).alias("line"))
        own = lines.join(self._of({*blocking(clause), *clause.less_paid}, now=False), on="code")
        own = own.filter(self._fits(view) & self._blocks(view))
        found = [own]
        if ("object",) in (rule.same for rule in clause.once):
            # an object that changed hands was paid all the same, this year under another code too
            theirs = lines.join(self._of({clause.id}).drop("code"), left_on="thing", right_on="object", coalesce=False)
            elsewhere = (pl.col("year") != self.policy.year) | (pl.col("code") != pl.col("payee"))
            found.append(theirs.filter(elsewhere).select(own.columns))
        return pl.concat(found)

    def taken_off(self, view: View) -> pl.Series:
        """The awards of earlier years that come off each line, or off the cap that it has for life."""
        return self._listed(self._taken_off(view), view)

    def _taken_off(self, view: View) -> pl.DataFrame:
        mine = self._of(set(_coming_off(view.trace.clause)), now=False)
        return self._lines(view).join(mine, on="code").filter(self._fits(view))

    def this_year(self, view: View) -> pl.Series:
        """The awards of the policy year that were taken off each line."""
        return self._listed(self._this_year(view), view)

    def _this_year(self, view: View) -> pl.DataFrame:
        pool = self.pools[view.trace.clause.id]
        mine = {clause for clause, other in self.pools.items() if other == pool}
        return self._lines(view).join(self._of(mine, now=True), on="code").filter(self._fits(view))

    def cells(self, view: View) -> Words:
        """The cells of the awards that block each line, come off it, or off its cap."""
        netted = (view.of("netted") != 0) | (view.of("over") != 0)
        blocked = (view.of("reason") == "ALREADY_PAID") & ~netted
        parts: list[Words] = []
        for at, find in (
            ((~blocked).arg_true(), self._taken_off),
            (netted.arg_true(), self._this_year),
            (blocked.arg_true(), self._earlier),
        ):
            if at.len() and self.entries.height:
                found = find(view.take(at)).unique(["line", "entry"]).sort("line", "year", "part", "row")
                column = self.policy.paid.amount if self.policy.paid is not None else ""
                parts.append(spread(at, cells_of(found, self.tables, self.words, column, at.len()), view.height))
        return listed(parts, "; ", view.height)

    def _lines(self, view: View) -> pl.DataFrame:
        """Code, object and step of each row."""
        trace, scope = view.trace, view.scope
        table = self.policy.tables[scope.table]
        by_row = table.object is not None and scope.table == trace.clause.table
        thing = view.column(scope.column(table.object)) if table.object is not None and by_row else view.of("object")
        columns = {
            "line": pl.int_range(view.height, dtype=pl.UInt32, eager=True),
            "code": view.of("code"),
            "thing": thing,
        }
        columns["stand_in"] = pl.Series([not by_row]).new_from_index(0, view.height)
        if by_row and scope.rows.declared is not None:
            columns["stand_in"] = scope.rows.declared[view.column(scope.up(scope.table))]
        shape = trace.clause.award.shape
        if isinstance(shape, FirstPast):
            past, _, unpaid = trace.outcome.tests
            # where the figure is blank, the highest step is what could still be reached
            columns["step"] = view.column(past.values["tier"]).fill_null(len(shape.tiers))
            columns["blocked"] = sure(~view.column(unpaid.met))
        for rule in trace.clause.once:
            if rule.level is not None:
                rank = scope.fact(rule.level).lo.replace_strict(dict(rule.ranks), default=None, return_dtype=pl.Int64)
                columns["step"] = view.column(rank)
                columns["blocked"] = sure(~view.column(trace.once[trace.clause.once.index(rule)].met))
        return pl.DataFrame(columns)

    def _of(self, clauses: set[str], *, now: bool | None = None) -> pl.DataFrame:
        """The awards of some clauses, of the policy year, of others, or of any."""
        mine = self.entries.filter(pl.col("clause").is_in(list(clauses)))
        return mine if now is None else mine.filter((pl.col("year") == self.policy.year) == now)

    def _fits(self, view: View) -> pl.Expr:
        """Whether an award of the same applicant is one of the same object."""
        clause = view.trace.clause
        if clause.line_per == "applicant" or ("applicant",) in (rule.same for rule in clause.once):
            return pl.lit(value=True)
        if clause.line_per == "object":
            same = pl.col("object").fill_null(pl.col("code")) == pl.col("thing").fill_null(pl.col("code"))
        else:
            same = pl.col("object").is_null() | pl.col("thing").is_null() | (pl.col("object") == pl.col("thing"))
        return pl.col("stand_in") | same

    def _blocks(self, view: View) -> pl.Expr:
        """Whether an award is of the step that the line reaches, or a higher one; or its sum was taken off."""
        clause, shape = view.trace.clause, view.trace.clause.award.shape
        taken_off = pl.col("clause").is_in(_coming_off(clause))
        if isinstance(shape, FirstPast):
            high = pl.col("clause").is_in(list(shape.once_with)) & (pl.col("tier") >= pl.col("step"))
            return pl.when("blocked").then(high).otherwise(taken_off)
        for rule in clause.once:
            if rule.level is not None:
                rank = pl.col("level").replace_strict(dict(rule.ranks), default=None, return_dtype=pl.Int64)
                high = pl.col("clause").is_in(list(rule.clauses)) & (rank >= pl.col("step")).fill_null(value=True)
                return pl.when("blocked").then(high).otherwise(taken_off)
        return pl.lit(value=True)

    # ---- in words -------------------------------------------------------------------------------

    def _listed(self, found: pl.DataFrame, view: View) -> pl.Series:
        """The awards of each line, the first few by name."""
        found = found.unique(["line", "entry"]).sort("line", "year", "part", "row")
        return first_few(found, self._said(found), self.words, view.height)

    def _said(self, found: pl.DataFrame) -> Words:
        """An award in words: year, clause, step or object, sum, who got it, where it stands."""
        say, paid = self.say, self.policy.paid
        clauses = self.policy.clauses
        titles = {
            clause: f"{rule.article}“{rule.title.zh}”" if self.words.lang == "zh" else f"{rule.article} {rule.title.en}"
            for clause, rule in clauses.items()
        }
        title = mapped(found["clause"], lambda clause: titles[clause])
        tier = choose(
            found["tier"] > 0,
            put(say("第 ", ", tier "), found["tier"].cast(pl.String).fill_null(""), say(" 档", "")),
        )
        level: Words = ""
        if paid is not None and found["level"].null_count() < found.height:
            shown = self.words.shown(found["level"], "enum", Ref(paid.table, paid.level))
            level = choose(found["level"].is_not_null(), put(say("", ", "), shown))
        thing = choose(
            found["object"].is_not_null(), put(say("（", " ("), found["object"].fill_null(""), say("）", ")"))
        )
        amount = choose(found["amount"].is_null(), say("金额未填", "an amount not given"), grouped(found["amount"]))
        # one of several objects of a sum that a ledger has only as a whole
        inside = found["object"].is_not_null() & (found["amount"] == 0)
        amount = choose(inside, say("（含在合计中）", "part of a sum"), amount)
        unit = choose(found["amount"].is_null() | inside, "", say(" 元", ""))
        who = choose(found["payee"] != found["code"], put(say("由 ", " to "), found["payee"], say(" ", "")))
        year = found["year"].cast(pl.String)
        place = place_of(found, self.tables, self.words)
        if self.words.lang == "zh":
            return put(year, " 年", who, "按", title, tier, level, thing, "已兑现 ", amount, unit, "（", place, "）")
        return put(amount, " paid", who, " in ", year, " for ", title, tier, level, thing, " (", place, ")")
