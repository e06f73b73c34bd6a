"""The cells that lines wait for: where to write what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report import over_nothing
from anqing_subsidy.report.texts import spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anqing_subsidy.report.detail import Describer
    from anqing_subsidy.report.view import View

WAITING: Final = ("pending", "eligible_with_held", "held")
_MOST: Final = 3
"""Cells of one fact that are named, where many rows lack it."""


class MissingCells:
    """Finds the cells of what is missing."""

    def __init__(self, describer: Describer) -> None:
        self.words = describer.words
        self.policy = describer.words.policy
        self.places = describer.places
        self.missing = describer.sentences.missing

    def of(self, view: View, names: list[list[str]]) -> list[dict[str, str]]:
        """The cells of each name that is a column of the line's own rows or of those above them."""
        labels: dict[str, Ref] = {}
        for name in (view.scope.table, *view.scope.rows.up):
            for column in self.policy.tables[name].columns:
                labels.setdefault(self.words.label(Ref(name, column)), Ref(name, column))
        for derived in self.policy.facts.values():
            # a figure that is there, but by which nothing can be divided
            ref = over_nothing.below(derived.how)
            if ref is not None and ref.table in {view.scope.table, *view.scope.rows.up}:
                labels |= dict.fromkeys(over_nothing.said(self.words, derived.how, ref), ref)
        if view.adds_rows:
            return self._of_members(view, labels)
        found: list[dict[str, str]] = [{} for _ in names]
        for fact in dict.fromkeys(name for lacks in names for name in lacks):
            at = [line for line, lacks in enumerate(names) if fact in lacks]
            if fact not in labels:
                # what rows below lack is told with its rows
                told = self.missing.cells.get(fact, "")
                for line in at if told else ():
                    found[line][fact] = told
                continue
            for line, place in zip(at, self.places.of(view.take(at), labels[fact]), strict=True):
                found[line][fact] = self.places.files.place(place)
        return found

    def _of_members(self, view: View, labels: Mapping[str, Ref]) -> list[dict[str, str]]:
        """The same for lines put together from rows: a few of the cells of each name."""
        members = view.members()
        rows_of = members.by_line(range(members.view.height))
        found: list[dict[str, str]] = []
        for named, rows in zip(self.missing.of_members(view), rows_of, strict=True):
            cells: dict[str, str] = {}
            for one in named:
                if one.name in labels:
                    some = members.view.take([rows[at] for at in one.at[:_MOST]])
                    places = dict.fromkeys(filter(None, self.places.of(some, labels[one.name])))
                    text = self.words.listed(self.places.files.place(place) for place in places)
                    cells[one.said] = text + ("…" if len(one.at) > _MOST else "")
            found.append(cells)
        return found


def cells_waited_for(describer: Describer) -> pl.Series:
    """The cells that each line of the assessment waits for; empty where none can be named."""
    lines, cells = describer.assessment.lines, MissingCells(describer)
    at: list[int] = []
    texts: list[str] = []
    for view in describer.views(lines):
        some = view.take(view.of("status").is_in(WAITING).arg_true())
        if some.height:
            at += some.index.to_list()
            found = cells.of(some, cells.missing.named(some))
            texts += [describer.words.joined(list(dict.fromkeys(filter(None, line.values())))) for line in found]
    return spread(pl.Series(at, dtype=pl.UInt32), pl.Series(texts, dtype=pl.String), lines.height)
