"""What is blank in rows of awards paid and of other support that leave lines open: by column and row."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.between import pools_of
from anqing_subsidy.engine.clause_words import ClauseWords
from anqing_subsidy.engine.exact import any_of, sure
from anqing_subsidy.policy.clauses import blocking, crossings_of
from anqing_subsidy.policy.terms import Ref, refs_in
from anqing_subsidy.report.row_names import in_rows
from anqing_subsidy.report.supported import Supported
from anqing_subsidy.report.texts import column, listed
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import Wording
from anqing_subsidy.tables import BAD

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.policy.clauses import Clause
    from anqing_subsidy.policy.rules import PaidTable


class OpenEntries:
    """Names the blank and unknown cells of entries behind open lines."""

    def __init__(self, words: Wording, assessment: Assessment, supported: Supported) -> None:
        self.words = words
        self.policy = assessment.policy
        self.store = assessment.store
        self.supported = supported
        self.paid = pl.concat([assessment.paid, assessment.doubtful])
        self.meaning = ClauseWords(self.policy).meaning

    def of(self, view: View) -> pl.Series:
        """What is blank in the entries that leave each line open; empty where nothing is."""
        return listed([self._of_support(view), self._of_paid(view)], self.words.comma, view.height)

    def _in_words(self, found: pl.DataFrame, table: str, view: View) -> pl.Series:
        """The names of columns (`names`) with their rows, by line."""
        rule = self.policy.tables[table]
        sheet = self.words.say(rule.sheet, rule.en)
        texts = [""] * view.height
        for line, names, rows in found.group_by("line", maintain_order=True).agg("names", "row").rows():
            texts[line] = self.words.listed(one.said for one in in_rows(self.words, names, rows, sheet))
        return pl.Series(texts, dtype=pl.String)

    def _label(self, table: str, name: str) -> str:
        return self.words.label(Ref(table, name))

    # ---- other support --------------------------------------------------------------------------

    def _of_support(self, view: View) -> pl.Series:
        rule = self.policy.support
        if rule is None or not self.supported.rows.height:
            return column("", view.height)
        which = pl.col("unsure") | pl.col("units_bad") | pl.col("amount").is_null()
        found = self.supported.behind(view, which).select("line", "part", "row")
        known = found.join(self._support_names, on=["part", "row"], maintain_order="left")
        return self._in_words(known, rule.table, view)

    @cached_property
    def _support_names(self) -> pl.DataFrame:
        """The rows of other support of which some column is blank or unknown, with the names of these columns."""
        rule = self.policy.support
        if rule is None:
            return pl.DataFrame()
        scope = self.store.scope(rule.table)
        frame = scope.rows.frame
        means = [self._means(text) for text in frame[rule.clause]]
        blank = {
            self._label(rule.table, rule.same_matter): frame[rule.same_matter].is_null(),
            **{self.words.label(ref): scope.fact(ref).lo.is_null() for ref in refs_in(rule.where)},
            self._label(rule.table, rule.clause): ~pl.Series(means, dtype=pl.Boolean),
        }
        for ref in refs_in(rule.undecided):
            if (mark := scope.fact(ref).bad) is not None:
                blank[self.words.label(ref)] = mark
        if rule.units + BAD in frame.columns:
            blank[self._label(rule.table, rule.units)] = frame[rule.units + BAD]
        if rule.effect == "top_up":
            blank[self._label(rule.table, rule.amount)] = frame[rule.amount].is_null()
        names = [pl.when(sure(mark)).then(pl.lit(name)) for name, mark in blank.items()]
        rows = frame.select(part="_part", row="_row", names=pl.concat_list(names).list.drop_nulls())
        return rows.filter(pl.col("names").list.len() > 0).unique(["part", "row"])

    def _means(self, text: str | None) -> bool:
        return text is not None and bool(self.meaning(text))

    # ---- awards paid ----------------------------------------------------------------------------

    def _of_paid(self, view: View) -> pl.Series:
        rule, clause = self.policy.paid, view.trace.clause
        if rule is None or not self.paid.height:
            return column("", view.height)
        lines = pl.DataFrame(
            {
                "line": pl.int_range(view.height, dtype=pl.UInt32, eager=True),
                "code": view.of("code"),
                "thing": view.of("object"),
                "unpaid_open": self._unpaid_is_open(view),
            }
        )
        entries = self.paid.rename({"code": "payee"})
        mine = pl.col("payee") == pl.col("code")
        found = self._met(lines, entries)
        known = pl.col("object").is_null() | pl.col("thing").is_null() | (pl.col("object") == pl.col("thing"))
        fits = pl.lit(value=True) if clause.line_per == "applicant" else known
        found = found.filter(mine & fits | (~mine & (pl.col("object") == pl.col("thing"))))
        found = found.with_columns(names=pl.concat_list(self._blanks(clause, rule, mine)).list.drop_nulls())
        found = found.filter(pl.col("names").list.len() > 0).unique(["line", "part", "row"], maintain_order=True)
        return self._in_words(found.sort("line", "part", "row"), rule.table, view)

    @staticmethod
    def _met(lines: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
        """Lines with the entries of their applicant, and those of their object under any code."""
        own = lines.join(entries.with_columns(code="payee"), on="code")
        named = lines.join(entries.with_columns(thing="object"), on="thing")
        return pl.concat([own, named.select(own.columns)])

    def _unpaid_is_open(self, view: View) -> pl.Series:
        """Lines of which it is not known whether they were paid before."""
        members = view.members() if view.adds_rows else None
        rows = members.view if members is not None else view
        tests = [test for test in (*view.trace.outcome.tests, *view.trace.once) if test.kind == "unpaid"]
        is_open = any_of([rows.column(test.met).is_null() for test in tests], rows.height)
        return is_open if members is None else members.sums(is_open) > 0

    def _blanks(self, clause: Clause, rule: PaidTable, mine: pl.Expr) -> list[pl.Expr]:
        """The columns whose blank leaves a line of a clause open, by name; null where it does not."""
        crossings, pools = crossings_of(clause.award), pools_of(self.policy)
        beside = set(blocking(clause))
        pool = [other for other, named in pools.items() if named == pools[clause.id]]
        off = [*clause.less_paid, *([clause.id] if clause.cap_scope == "lifetime" else [])]
        of_year = pl.col("year") == self.policy.year

        def about(clauses: Collection[str]) -> pl.Expr:
            return pl.col("clauses").list.eval(pl.element().is_in(list(clauses))).list.any()

        looks_back = bool(clause.once or off or crossings)
        nameless = pl.col("clauses").list.len() == 0
        before = pl.col("unpaid_open") & ~of_year & about(beside)
        wanted = {
            rule.year: pl.col("year").is_null() & (about({*beside, *off, *pool}) | nameless),
            rule.clause: nameless & (of_year.fill_null(value=True) | pl.lit(looks_back)),
            rule.amount: pl.col("amount").is_null() & mine & ((of_year & about(pool)) | (~of_year & about(off))),
        }
        if crossings:
            wanted[rule.tier] = before & pl.col("tier").is_null()
        if any(once.level is not None for once in clause.once):
            wanted[rule.level] = before & pl.col("level").is_null()
        # rows that may leave their object blank are the applicant itself there, and so are such entries
        each_named = self.policy.tables[clause.table].names_objects
        if any(once.same == ("object",) or (each_named and "object" in once.same) for once in clause.once):
            wanted[rule.object] = before & pl.col("object").is_null()
        elif each_named and clause.less_paid and clause.line_per != "applicant":
            wanted[rule.object] = ~of_year & about(clause.less_paid) & pl.col("object").is_null() & mine
        return [pl.when(blank).then(pl.lit(self._label(rule.table, name))) for name, blank in wanted.items()]
