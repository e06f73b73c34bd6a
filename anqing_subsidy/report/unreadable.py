"""Which cells behind lines cannot be read: the typed ones, through derived facts and down to child rows."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.exact import possible, sure
from anqing_subsidy.engine.table_rows import links
from anqing_subsidy.engine.verdict import Evaluator
from anqing_subsidy.finding import Place
from anqing_subsidy.policy.clauses import crossings_of
from anqing_subsidy.policy.derivations import ChildCount, OverChildren
from anqing_subsidy.policy.terms import Ref, refs_in
from anqing_subsidy.report.missing import refs_read
from anqing_subsidy.report.places import Places
from anqing_subsidy.report.view import Rows, View
from anqing_subsidy.report.words import Wording

_MOST = 3
_ROWS_LOOKED_AT = 200

Named = list[dict[str, None]]
"""Of each row the cells that cannot be read, each once, in order."""


class Unreadable:
    """Names the cells that cannot be read."""

    def __init__(self, words: Wording, places: Places) -> None:
        self.words = words
        self.places = places
        self.policy = words.policy
        self.store = places.store

    def of(self, view: View) -> list[str]:
        """The cells behind each line that cannot be read, a few by name; empty where none of the line's own is."""
        members = view.members() if view.adds_rows else None
        rows = members.view if members is not None else view
        found = self._cells(rows, self._read(view.trace, by_row=members is not None))
        if members is None:
            return [self._few(cells) for cells in found]
        return [
            self._few(name for cells in mine[:_ROWS_LOOKED_AT] for name in cells) for mine in members.by_line(found)
        ]

    def _few(self, names: Iterable[str]) -> str:
        cells = list(dict.fromkeys(names))
        listing = self.words.listed(cells[:_MOST])
        if len(cells) <= _MOST:
            return listing
        return listing + self.words.say(f" 等 {len(cells)} 处", f" and {len(cells) - _MOST} more")

    def _read(self, trace: Trace, *, by_row: bool) -> list[Ref]:
        """The facts that a line reads, those that claim it, and where rows are put together the name of each."""
        found = [*refs_read(trace), *(refs_in(trace.clause.claimed) if trace.claimed else ())]
        history = self.policy.history
        for metric in dict.fromkeys(crossing.metric.id for crossing in crossings_of(trace.clause.award)):
            if history is None:
                break
            declared = history.declared.get(metric)
            found += [history.since, *([declared] if declared is not None else [])]
        if by_row:
            found += self._keys(trace.scope.table)
        return list(dict.fromkeys(found))

    def _keys(self, table: str) -> list[Ref]:
        """The columns by which the rows of a table are known, but for those that name their parent."""
        rule = self.policy.tables[table]
        return [Ref(table, name) for name in rule.key if name not in links(self.policy, rule)]

    def _cells(self, rows: Rows, refs: Iterable[Ref]) -> Named:
        """The typed cells behind some facts that cannot be read, for each row."""
        found: Named = [{} for _ in range(rows.height)]
        scope = rows.scope
        for ref in refs:
            if ref.table not in {scope.table, *scope.rows.up}:
                continue
            fact, derived = scope.fact(ref), self.policy.facts.get(ref)
            if fact.bad is not None and (at := sure(rows.column(fact.bad)).arg_true()).len():
                some = rows.take(at)
                if derived is None:
                    self._add(found, at, [{self._named(ref, cell): None} for cell in self.places.of(some, ref)])
                elif isinstance(derived.how, OverChildren):
                    self._add(found, at, self._of_parent(some, derived.how))
                else:
                    self._add(found, at, self._cells(some, dict.fromkeys(refs_in(derived.how))))
            if fact.spoilt is not None and derived is not None:
                at = sure(rows.column(fact.spoilt) > 0).arg_true()
                how = derived.how
                if at.len() and isinstance(how, OverChildren):
                    self._add(found, at, self._of_children(rows.take(at), ref.table, how))
                elif at.len():
                    self._add(found, at, self._cells(rows.take(at), dict.fromkeys(refs_in(how))))
        return found

    @staticmethod
    def _add(found: Named, at: pl.Series, cells: Named) -> None:
        for position, mine in zip(at.to_list(), cells, strict=True):
            found[position] |= mine

    def _named(self, ref: Ref, cell: Place | None) -> str:
        label, place = self.words.label(ref), self.places.files.place(cell)
        return self.words.say(f"{label}（{place}）", f"{label} ({place})")

    def _of_parent(self, rows: Rows, how: OverChildren) -> Named:
        """What a count over child rows asks of their parent itself: the declared figure, or a cell for all of them."""
        asked = [ref for ref in refs_in(how.where) if ref.table != how.child]
        bare = ~rows.column(rows.scope.up(rows.scope.table)).is_in(self._parents(how.child, rows.scope.table))
        found: Named = [{} for _ in range(rows.height)]
        for at, refs in ((bare, refs_in(how.otherwise)), (~bare, asked)):
            which = at.arg_true()
            if which.len():
                self._add(found, which, self._cells(rows.take(which), refs))
        return found

    def _parents(self, child: str, table: str) -> pl.Series:
        return self.store.rows[child].up[table].unique().implode()

    def _of_children(self, rows: Rows, table: str, how: OverChildren) -> Named:
        """The cells of child rows that may count and cannot be read."""
        child = self.store.scope(how.child)
        maybe = possible(Evaluator(child).met(how.where))
        parents = rows.column(rows.scope.up(table))
        mine = maybe & child.up(table).is_in(parents.unique().implode())
        some = Rows(child, mine.arg_true())
        refs = [*refs_in(how.where), *([] if isinstance(how, ChildCount) else [how.of]), *self._keys(how.child)]
        by_parent: dict[int, dict[str, None]] = {}
        for parent, cells in zip(some.values(child.up(table)), self._cells(some, refs), strict=True):
            by_parent.setdefault(parent, {}).update(cells)
        return [by_parent.get(parent, {}) for parent in parents.to_list()]
