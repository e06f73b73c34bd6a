"""The conditions of lines for scripts: each with value, threshold, whether it holds, and its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anqing_subsidy.finding import Place
from anqing_subsidy.policy.terms import refs_in
from anqing_subsidy.report.conditions import leaves
from anqing_subsidy.report.view import View, scatter, where

if TYPE_CHECKING:
    from anqing_subsidy.report.detail import Describer
    from anqing_subsidy.report.leaf import Leaf


def place(found: Place | None) -> dict[str, Any] | None:
    """A place without the keys that it does not have."""
    if found is None:
        return None
    keys = {"file": found.file, "sheet": found.sheet, "row": found.row, "column": found.column}
    return {key: value for key, value in keys.items() if value is not None}


class ConditionsRecorded:
    """Turns the tests of lines into plain dictionaries."""

    def __init__(self, describer: Describer) -> None:
        self.describer = describer
        self.policy = describer.words.policy
        self.lang = describer.words.lang

    def of(self, view: View) -> list[list[dict[str, Any]]]:
        """The tests of each line; of a line that adds up many rows, the facts of the rows stay in their sheet."""
        found: list[list[dict[str, Any]]] = [[] for _ in range(view.height)]
        single = list(range(view.height))
        if view.adds_rows:
            alone = view.members().counts == 1
            single, many = alone.arg_true().to_list(), (~alone).arg_true().to_list()
            if many:
                scatter(found, many, self._rows_conditions(view.take(many)))
        if not single:
            return found
        some, trace = view.take(single), view.trace
        for leaf in leaves(self.describer.words, (*trace.tests, *trace.outcome.tests, *trace.once), some):
            columns = (
                leaf.texts(),
                leaf.scripted(),
                leaf.scripted_thresholds(),
                leaf.met.to_list(),
                self._places(some, leaf),
            )
            fact = leaf.ref.id if leaf.ref is not None else None
            for at, (text, value, threshold, met, source) in zip(single, zip(*columns, strict=True), strict=True):
                found[at].append(
                    {
                        "text": text,
                        "fact": fact,
                        "value": value,
                        "op": leaf.op,
                        "threshold": threshold,
                        "met": met,
                        "way": leaf.way,
                        "source": source,
                    }
                )
        return found

    def _places(self, view: View, leaf: Leaf) -> list[dict[str, Any] | None]:
        """Where the figures of a test stand; the highest of earlier years in their sheet or a declared cell."""
        places, history = self.describer.places, self.policy.history
        if leaf.ref is None:
            return [None] * view.height
        if leaf.op != "first" or history is None:
            return [place(found) for found in places.of(view, leaf.ref)]
        sheet = place(places.sheet(history.table))
        found = [sheet if value is not None else None for value in leaf.value.to_list()]
        declared = where(view.values(view.trace.outcome.declared), wanted=True)
        if declared:
            cells = places.of(view.take(declared), history.declared[leaf.ref.id])
            scatter(found, declared, [place(cell) for cell in cells])
        return found

    def _rows_conditions(self, view: View) -> list[list[dict[str, Any]]]:
        """How many of a line's rows qualify."""
        trace = view.trace
        sheet = self.policy.tables[trace.clause.table]
        refs = [ref for ref in refs_in((trace.clause.when, trace.clause.award)) if ref.table == trace.scope.table]
        places = self.describer.places.of(view, refs[0]) if refs else [None] * view.height
        return [
            [
                {
                    "text": f"{sheet.sheet} {rows} 行，符合 {count} 行"
                    if self.lang == "zh"
                    else f"{count} of {rows} rows of {sheet.en} qualify",
                    "fact": trace.clause.table,
                    "value": str(count),
                    "op": ">",
                    "threshold": "0",
                    "met": count > 0,
                    "way": None,
                    "source": place(Place(source.file, source.sheet)) if source is not None else None,
                }
            ]
            for rows, count, *_, source in zip(
                *(number.to_list() for number in self.describer.sentences.carried.qualifying(view)), places, strict=True
            )
        ]
