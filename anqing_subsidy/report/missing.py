"""What is missing for lines, and which cells cannot be read: by name, so that an official can ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.exact import all_of
from anqing_subsidy.engine.verdict import Evaluator, Test
from anqing_subsidy.policy.model import ChildCount, ChildSum, FirstPast, Ref
from anqing_subsidy.policy.reads import refs_in
from anqing_subsidy.report.past import PastYears
from anqing_subsidy.report.places import Places
from anqing_subsidy.report.view import Rows, View, where
from anqing_subsidy.report.words import Wording

_MOST = 3
_MOST_NAMES = 6
_ROWS_LOOKED_AT = 200

Names = list[list[str]]
"""Of each line, the names of some facts."""


class Missing:
    """Names the blank and the unreadable facts behind lines."""

    def __init__(self, words: Wording, places: Places, past: PastYears) -> None:
        self.words = words
        self.places = places
        self.past = past
        self.policy = words.policy

    def of(self, view: View) -> list[str]:
        """The facts that are missing; for many rows, each with the number of rows that lack it."""
        if not view.adds_rows:
            return [self.words.listed(names) for names in self._facts(view)]
        members = view.members()
        facts = members.by_line(self._facts(members.view))
        sheet, numbers = self._numbered(members.view)
        own = {self.words.label(ref) for ref in self.policy.facts if ref.table == view.scope.table}
        own |= {self.words.label(Ref(view.scope.table, name)) for name in self.policy.tables[view.scope.table].columns}
        return [
            self.words.listed(rows[0] if len(rows) == 1 else self._counted(rows, which, sheet, own))
            for rows, which in zip(facts, members.by_line(numbers), strict=True)
        ]

    def _numbered(self, view: Rows) -> tuple[str, list[int]]:
        """The sheet of the rows, and the number of each there."""
        table = self.policy.tables[view.scope.table]
        rows = view.values(view.scope.column("_row"))
        return self.words.say(table.sheet, table.en), rows

    def _counted(self, rows: Names, numbers: list[int], sheet: str, own: set[str] | None = None) -> Iterator[str]:
        """Each fact with the rows that lack it: by number where they are few, else how many.

        Facts that are not the sheet's `own` stand in another one, and have no row here.
        """
        lacking: dict[str, list[int]] = {}
        for names, number in zip(rows, numbers, strict=True):
            for name in names:
                lacking.setdefault(name, []).append(number)
        for name, which in sorted(lacking.items(), key=lambda entry: -len(entry[1]))[:_MOST_NAMES]:
            if own is not None and name not in own:
                yield name
            elif len(which) <= _MOST:
                listed = ", ".join(map(str, which))
                yield self.words.say(f"{name}（{sheet}第 {listed} 行）", f"{name} ({sheet} row {listed})")
            else:
                yield self.words.say(f"{name}（{sheet} {len(which)} 行）", f"{name} ({len(which)} rows of {sheet})")

    def _facts(self, view: View) -> Names:
        """The facts of each row that are blank and decide."""
        trace, clause = view.trace, view.trace.clause
        found: Names = [[] for _ in range(view.height)]
        for test, at in _unknown((*trace.tests, *trace.outcome.tests, *trace.once), view, range(view.height)):
            some = view.take(at)
            if test.kind == "first" and test.about is not None:
                _add(found, at, [[name] for name in self.past.missing(some, test.about)])
            elif test.kind == "unpaid":
                paid = self.words.say("历年已兑现的档次、级别或对象", "tier, level or object of an award paid before")
                _add(found, at, [[paid]] * len(at))
            elif test.condition is not None:
                _add(found, at, self._blank(some, tuple(refs_in(test.condition))))
            elif test.about is not None:
                _add(found, at, self._blank(some, (test.about,)))
        if clause.rows == "one":
            refs = (*refs_in(clause.award), *refs_in(clause.fund.due_to))
            _add(found, range(view.height), self._blank(view, refs))
        return [list(dict.fromkeys(names)) for names in found]

    def unreadable(self, view: View) -> list[str]:
        """The facts whose cells cannot be read, each with its place; empty where none of the line's own is."""
        members = view.members() if view.adds_rows else None
        rows = members.view if members is not None else view
        found: Names = [[] for _ in range(rows.height)]
        for ref in self._read(view.trace):
            bad = view.trace.scope.fact(ref).bad
            at = where(rows.values(bad), True) if bad is not None else []
            if at:
                places = self.places.of(rows.take(at), ref)
                name = self.words.label(ref)
                _add(found, at, [[self.words.say(f"{name}（{place}）", f"{name} ({place})")] for place in places])
        if members is not None:
            found = [[name for row in mine[:_ROWS_LOOKED_AT] for name in row] for mine in members.by_line(found)]
        return [self.words.listed(list(dict.fromkeys(names))[:_MOST]) for names in found]

    def _read(self, trace: Trace) -> list[Ref]:
        """The facts that a line reads, those that claim it and the earlier years of a first crossing."""
        found = [*refs_read(trace), *(refs_in(trace.clause.claimed) if trace.claimed else ())]
        history, shape = self.policy.history, trace.clause.award.shape
        if history is not None and isinstance(shape, FirstPast):
            declared = history.declared.get(shape.metric.id)
            found += [history.since, *([declared] if declared is not None else [])]
        return list(dict.fromkeys(found))

    def _of_children(self, view: Rows, table: str, how: ChildCount | ChildSum) -> Names:
        """Which blanks of the child rows leave a figure open that is counted over them."""
        child = self.places.store.scope(how.child)
        tests = Evaluator(child).tests(how.where)
        met = all_of([test.met for test in tests], child.height)
        is_open = met.is_null()
        if isinstance(how, ChildSum):
            is_open = is_open | (met & child.fact(how.of).lo.is_null()).fill_null(value=False)
        parents = view.values(view.scope.up(table))
        mine = is_open & child.up(table).is_in(pl.Series(parents, dtype=pl.UInt32).implode())
        rows = Rows(child, mine.arg_true().cast(pl.UInt32))
        names: Names = [[] for _ in range(rows.height)]
        for test, at in _unknown(tests, rows, range(rows.height)):
            if test.condition is not None:
                _add(names, at, self._blank(rows.take(at), tuple(refs_in(test.condition))))
        if isinstance(how, ChildSum):
            _add(names, range(rows.height), self._blank(rows, (how.of,)))
        sheet, numbers = self._numbered(rows)
        by_parent: dict[int, list[int]] = {}
        for row, parent in enumerate(rows.values(child.up(table))):
            by_parent.setdefault(parent, []).append(row)
        return [
            list(self._counted([list(dict.fromkeys(names[row])) for row in own], [numbers[row] for row in own], sheet))
            for own in (by_parent.get(parent, []) for parent in parents)
        ]

    def _blank(self, view: Rows, refs: Sequence[Ref]) -> Names:
        """Which typed columns behind some facts are blank."""
        found: Names = [[] for _ in range(view.height)]
        scope = view.scope
        seen = {scope.table, *scope.rows.up}
        for ref in refs:
            if ref.table not in seen:
                continue
            fact = scope.fact(ref)
            lows = view.values(fact.lo)
            at = where(lows, None)
            if fact.is_pair:
                # child rows other than held ones leave a figure open
                pairs = zip(lows, view.values(fact.hi), view.values(fact.held), strict=True)
                at = [row for row, (lo, hi, held) in enumerate(pairs) if lo is None or (hi != lo and not held)]
            if not at:
                continue
            label = self.words.label(ref)
            derived = self.policy.facts.get(ref)
            if derived is not None and isinstance(derived.how, ChildCount | ChildSum) and fact.is_pair:
                _add(
                    found, at, [names or [label] for names in self._of_children(view.take(at), ref.table, derived.how)]
                )
            elif derived is None or fact.den is not None:
                _add(found, at, [[label]] * len(at))
            else:
                behind = self._blank(view.take(at), tuple(dict.fromkeys(refs_in(derived.how))))
                _add(found, at, [names or [label] for names in behind])
        return found


def refs_read(trace: Trace) -> list[Ref]:
    """The facts that a line reads, in the order of the clause."""
    clause = trace.clause
    own = trace.scope.table == clause.table
    parts = (clause.when, clause.award, clause.fund.due_to) if own else (clause.declared_award,)
    return list(dict.fromkeys(refs_in(parts)))


def _add(found: Names, at: Iterable[int], names: Names) -> None:
    for row, more in zip(at, names, strict=True):
        found[row].extend(more)


def _unknown(tests: tuple[Test, ...], view: Rows, at: Sequence[int]) -> Iterator[tuple[Test, list[int]]]:
    """The single tests that are unknown, each with its lines; ways that a known test rules out are passed over."""
    for test in tests:
        met = view.values(test.met)
        open_ = [row for row in at if met[row] is None]
        if not open_:
            continue
        if not test.branches:
            yield test, open_
            continue
        for branch in test.branches:
            ruled_out = set[int]()
            for inner in branch:
                ruled_out.update(where(view.values(inner.met), False))
            yield from _unknown(branch, view, [row for row in open_ if row not in ruled_out])
