"""The figures of earlier years behind a first crossing: which year was the highest, which years are missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.finding import Place
from anqing_subsidy.policy.model import Ref
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment

Known = dict[int, dict[int, tuple[int, int, int]]]
"""By row of the applicant and year: the figure, and part and row where it stands."""


class PastYears:
    """What the sheet of earlier years says of a metric, by applicant."""

    def __init__(self, words: Wording, assessment: Assessment) -> None:
        self.words = words
        self.assessment = assessment
        self.policy = words.policy
        self._known: dict[str, Known] = {}

    def missing(self, view: View, metric: Ref) -> list[str]:
        """The years of each line that have no figure."""
        history = self.policy.history
        if history is None:
            return [""] * view.height
        sheet, last = self.policy.tables[history.table], self.policy.year - 1
        known, people = self._figures(metric), view.values(view.trace.scope.up(self.policy.main))
        found = []
        for person, founded in zip(people, view.values(view.trace.scope.fact(history.since).lo), strict=True):
            if founded is None:
                found.append(self.words.label(history.since))
                continue
            years = [year for year in range(founded.year, last + 1) if year not in known.get(person, {})]
            listed = _spans(years or range(founded.year, last + 1))
            found.append(self.words.say(f"{sheet.sheet}（{listed} 年）", f"{sheet.en} ({listed})"))
        return found

    def highest(self, view: View, metric: Ref, values: Sequence[int | None]) -> list[tuple[str, Place | None]]:
        """The year in which the highest figure was reached, in brackets, and its cell; empty where it is declared."""
        history = self.policy.history
        if history is None:
            return [("", None)] * view.height
        known, people = self._figures(metric), view.values(view.trace.scope.up(self.policy.main))
        founded = view.values(view.trace.scope.fact(history.since).lo)
        found: list[tuple[str, Place | None]] = []
        for person, value, since in zip(people, values, founded, strict=True):
            years = known.get(person, {})
            year = next((year for year in sorted(years) if value is not None and years[year][0] == value), None)
            if year is not None:
                _, part, row = years[year]
                place = self.assessment.tables.place(part, row, metric.id)
                found.append((self.words.say(f"（{year} 年）", f" ({year})"), place))
            elif value is None and since is not None and since.year >= self.policy.year:
                found.append((self.words.say(f"（{since} 成立）", f" (established {since})"), None))
            else:
                found.append(("", None))
        return found

    def _figures(self, metric: Ref) -> Known:
        history = self.policy.history
        if metric.id not in self._known:
            found: Known = {}
            rows = self.assessment.store.rows[history.table] if history is not None else None
            if history is not None and rows is not None and rows.height:
                frame = rows.frame.select(
                    rows.up[self.policy.main].alias("up"), pl.col(history.year, metric.id, "_part", "_row")
                )
                before = pl.col(history.year) < self.policy.year
                for up, year, value, part, row in frame.filter(before & pl.col(metric.id).is_not_null()).rows():
                    found.setdefault(up, {})[year] = (value, part, row)
            self._known[metric.id] = found
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
