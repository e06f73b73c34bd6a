"""The figures of earlier years behind a first crossing: which year was the highest, which years are missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.texts import Words, choose, column, mapped, put
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment


class PastYears:
    """What the sheet of earlier years says of a metric, by applicant."""

    def __init__(self, words: Wording, assessment: Assessment) -> None:
        self.words = words
        self.policy = words.policy
        self.store = assessment.store
        self._known: dict[str, pl.DataFrame] = {}
        self._listed: dict[str, pl.DataFrame] = {}

    def missing(self, view: View, metric: Ref) -> Words:
        """The years of each line that have no figure."""
        history = self.policy.history
        if history is None:
            return ""
        sheet, last = self.policy.tables[history.table], self.policy.year - 1
        known = self._by_person(view).join(self._years(metric), on="up", how="left", maintain_order="left")["year"]
        founded = view.column(view.trace.scope.fact(history.since).lo).dt.year()

        def text(line: dict[str, int | list[int] | None]) -> str:
            since, have = line["since"], line["known"]
            if not isinstance(since, int):
                return self.words.label(history.since)
            given = set(have) if isinstance(have, list) else set()
            years = [year for year in range(since, last + 1) if year not in given]
            listed = _spans(years or range(since, last + 1))
            return self.words.say(f"{sheet.sheet}（{listed} 年）", f"{sheet.en} ({listed})")

        return mapped(pl.DataFrame({"since": founded, "known": known}).to_struct(), text)

    def highest(self, view: View, metric: Ref, values: pl.Series) -> Words:
        """The year in which the highest figure was reached, in brackets; empty where it is declared or there is none."""
        history = self.policy.history
        if history is None:
            return ""
        lines = self._by_person(view).with_columns(values.alias("highest"))
        reached = self._figures(metric).join(lines.unique("up"), on="up").filter(pl.col("value") == pl.col("highest"))
        first = reached.group_by("up").agg(pl.col("year").min())
        year = lines.join(first, on="up", how="left", maintain_order="left")["year"]
        return choose(
            year.is_not_null(),
            put(self.words.say("（", " ("), year.cast(pl.String).fill_null(""), self.words.say(" 年）", ")")),
        )

    def founded_now(self, view: View, values: pl.Series) -> pl.Series:
        """That a line's applicant has no earlier years, because it was founded in the policy year; else empty."""
        history = self.policy.history
        if history is None:
            return column("", view.height)
        founded = view.column(view.trace.scope.fact(history.since).lo)
        day = founded.dt.to_string("%Y-%m-%d").fill_null("")
        is_new = values.is_null() & sure(founded.dt.year() >= self.policy.year)
        return choose(
            is_new,
            put(self.words.say("", "established on "), day, self.words.say(" 成立，无以前年度", " (no earlier years)")),
        )

    def _by_person(self, view: View) -> pl.DataFrame:
        return pl.DataFrame({"up": view.column(view.trace.scope.up(self.policy.main))})

    def _years(self, metric: Ref) -> pl.DataFrame:
        """The years of each applicant that have a figure of a metric."""
        if metric.id not in self._listed:
            years = self._figures(metric).select("up", "year").unique().sort("up", "year")
            self._listed[metric.id] = years.group_by("up", maintain_order=True).agg("year")
        return self._listed[metric.id]

    def _figures(self, metric: Ref) -> pl.DataFrame:
        """Each figure of a metric before the policy year: row of the applicant, year, value."""
        history = self.policy.history
        if metric.id not in self._known:
            rows = self.store.rows[history.table] if history is not None else None
            if history is None or rows is None or not rows.height:
                self._known[metric.id] = pl.DataFrame(schema={"up": pl.UInt32, "year": pl.Int64, "value": pl.Int64})
            else:
                frame = rows.frame.select(
                    rows.up[self.policy.main].alias("up"),
                    pl.col(history.year).alias("year"),
                    pl.col(metric.id).alias("value"),
                )
                before = pl.col("year") < self.policy.year
                self._known[metric.id] = frame.filter(before & pl.col("value").is_not_null())
        return self._known[metric.id]


def _spans(years: Sequence[int]) -> str:
    """2014, 2016, 2017 -> `2014, 2016–2017`."""
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][-1] == year - 1:
            spans[-1][1:] = [year]
        else:
            spans.append([year])
    return ", ".join("–".join(map(str, span)) for span in spans)
