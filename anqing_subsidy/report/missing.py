"""What is missing for lines: by name, so that an official can ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.exact import all_of, any_of, sure
from anqing_subsidy.engine.verdict import Evaluator, Test
from anqing_subsidy.policy.articles import clauses_of
from anqing_subsidy.policy.clauses import Pool
from anqing_subsidy.policy.derivations import ChildCount, FirstGiven, OverChildren, PlaceOf
from anqing_subsidy.policy.terms import Ref, refs_in
from anqing_subsidy.report import over_nothing
from anqing_subsidy.report.open_entries import OpenEntries
from anqing_subsidy.report.others import Others
from anqing_subsidy.report.past import PastYears
from anqing_subsidy.report.places import Places
from anqing_subsidy.report.row_names import FEW, InRows, in_rows
from anqing_subsidy.report.texts import Words, choose, column, listed, put, spread, texts
from anqing_subsidy.report.view import Rows, View
from anqing_subsidy.report.words import Wording

Named = list[Words]
"""Names of facts: of each line those that say something."""


class Missing:
    """Names the blank facts behind lines."""

    def __init__(self, words: Wording, places: Places, past: PastYears, entries: OpenEntries, others: Others) -> None:
        self.words = words
        self.others = others
        self.entries = entries
        self.places = places
        self.past = past
        self.policy = words.policy
        self.cells: dict[str, str] = {}

    def of(self, view: View) -> pl.Series:
        """What is missing: facts (for many rows, each with the rows that lack it), and cells of entries beside them."""
        return listed([self._of_lines(view), self.entries.of(view)], self.words.comma, view.height)

    def of_rows(self, view: View) -> list[list[str]]:
        """The blank facts of each row of lines that are put together; of a row that fails all the same, none."""
        named = _each([*self._facts(view), *self._of_award(view)], view.height)
        fails = any_of([sure(~view.column(met)) for met in self._verdicts(view)], view.height)
        return [[] if failed else names for names, failed in zip(named, fails.to_list(), strict=True)]

    def _verdicts(self, view: View) -> list[pl.Series]:
        trace = view.trace
        return [*(test.met for test in (*trace.tests, *trace.once)), trace.outcome.verdict]

    def named(self, view: View) -> list[list[str]]:
        """The same as lists, a name an entry."""
        entries = self.entries.of(view).to_list()
        own = (
            [[one.said for one in line] for line in self.of_members(view)]
            if view.adds_rows
            else _each(self._facts(view), view.height)
        )
        return [[*names, entry] if entry else names for names, entry in zip(own, entries, strict=True)]

    def _of_lines(self, view: View) -> pl.Series:
        if not view.adds_rows:
            return listed(self._facts(view), self.words.comma, view.height)
        lines = self.of_members(view)
        return pl.Series([self.words.listed(one.said for one in line) for line in lines], dtype=pl.String)

    def of_members(self, view: View) -> list[list[InRows]]:
        """The names of each line that is put together from rows, with those of its rows that lack them."""
        members = view.members()
        rows = members.view
        facts = members.by_line(self.of_rows(rows))
        sheet, numbers = self._numbered(members.view)
        own = {self.words.label(ref) for ref in self.policy.facts if ref.table == view.scope.table}
        own |= {self.words.label(Ref(view.scope.table, name)) for name in self.policy.tables[view.scope.table].columns}
        return [
            [InRows(name, name, (0,)) for name in rows[0]]
            if len(rows) == 1
            else in_rows(self.words, rows, which, sheet, own)
            for rows, which in zip(facts, members.by_line(numbers), strict=True)
        ]

    def _numbered(self, view: Rows) -> tuple[str, list[int]]:
        """The sheet of the rows, and the number of each there."""
        table = self.policy.tables[view.scope.table]
        rows = view.values(view.scope.column("_row"))
        return self.words.say(table.sheet, table.en), rows

    def _facts(self, view: View) -> Named:
        """The facts of each row that are blank and decide."""
        trace, clause = view.trace, view.trace.clause
        found: Named = []
        for test, at in _unknown((*trace.tests, *trace.outcome.tests, *trace.once), view, _all(view.height)):
            some = view.take(at)
            named: Named = []
            if test.kind == "first" and test.about is not None:
                named = [self.past.missing(some, test.about)]
            elif test.kind == "by_hand":
                named = [column(self.words.say("人工核定意见", "a decision by hand"), some.height)]
            elif test.condition is not None:
                named = self._blank(some, tuple(refs_in(test.condition)))
            elif test.about is not None:
                named = self._blank(some, (test.about,))
            found += [spread(at, words, view.height) for words in named]
        if clause.rows == "one":
            found += self._blank(view, (*refs_in(clause.award), *refs_in(clause.cap)))
        found += self._blank(view, tuple(refs_in(clause.fund)))
        for group in self.policy.groups:
            if group.cap and clause.id in clauses_of(group.id, self.policy):
                found += self._blank(view, tuple(refs_in(group.cap)))
        if isinstance(clause.award.shape, Pool):
            waits = sure(view.of("points").is_not_null()) & (view.of("status") == "pending")
            told = self.words.say(
                "其他申报主体的资料（一并分配）", "facts of other applicants (the sum is shared by all)"
            )
            who = self.others.of_share(view)
            found.append(choose(waits, told + self.words.say("：", ": ") + who if who else told))
        return found

    def _of_award(self, view: View) -> Named:
        """The blanks in the award of rows that may still add something."""
        outcome, clause = view.trace.outcome, view.trace.clause
        # of a choice of rows it is the verdict that a blank in one of them leaves open
        at = (~view.column(outcome.known) | view.column(outcome.verdict).is_null()).arg_true()
        if not at.len():
            return []
        return [spread(at, words, view.height) for words in self._blank(view.take(at), tuple(refs_in(clause.award)))]

    def _of_children(self, view: Rows, table: str, how: OverChildren) -> list[list[str]]:
        """Which blanks of the child rows leave a figure open that is counted over them."""
        child = self.places.store.scope(how.child)
        tests = Evaluator(child).tests(how.where)
        met = all_of([test.met for test in tests], child.height)
        is_open = met.is_null()
        if not isinstance(how, ChildCount):
            is_open = is_open | sure(met & child.fact(how.of).lo.is_null())
        parents = view.column(view.scope.up(table))
        mine = is_open & child.up(table).is_in(parents.unique().implode())
        rows = Rows(child, mine.arg_true())
        named: Named = []
        for test, at in _unknown(tests, rows, _all(rows.height)):
            if test.condition is not None:
                blank = self._blank(rows.take(at), tuple(refs_in(test.condition)))
                named += [spread(at, words, rows.height) for words in blank]
        if not isinstance(how, ChildCount):
            named += self._blank(rows, (how.of,))
        names = _each(named, rows.height)
        sheet, numbers = self._numbered(rows)
        by_parent: dict[int, list[int]] = {}
        for row, parent in enumerate(rows.values(child.up(table))):
            by_parent.setdefault(parent, []).append(row)
        found: list[list[str]] = []
        for own in (by_parent.get(parent, []) for parent in parents.to_list()):
            listed_rows = in_rows(
                self.words, [list(dict.fromkeys(names[row])) for row in own], [numbers[row] for row in own], sheet
            )
            found.append([one.said for one in listed_rows])
            for one in listed_rows:
                self._note_cells(one, rows.take([own[at] for at in one.at]), how.child)
        return found

    def _note_cells(self, one: InRows, rows: Rows, table: str) -> None:
        """The cells of a fact that a few rows of a sheet lack, by the words in which it is told."""
        ref = next((ref for ref in self._columns_of(table) if self.words.label(ref) == one.name), None)
        if ref is None or rows.height > FEW:
            return
        places = dict.fromkeys(filter(None, self.places.of(rows, ref)))
        told = self.words.listed(self.places.files.place(place) for place in places)
        # of two files with one sheet the words may be the same
        self.cells[one.said] = told if self.cells.get(one.said, told) == told else ""

    def _columns_of(self, table: str) -> list[Ref]:
        return [Ref(table, name) for name in self.policy.tables[table].columns]

    def _blank(self, view: Rows, refs: Sequence[Ref]) -> Named:
        """Which typed columns behind some facts are blank."""
        found: Named = []
        scope = view.scope
        seen = {scope.table, *scope.rows.up}
        for ref in refs:
            if ref.table not in seen:
                continue
            fact = scope.fact(ref)
            low = view.column(fact.lo)
            blank = low.is_null()
            if fact.is_pair:
                # child rows other than held ones leave a figure open
                is_open = view.column(fact.hi).ne_missing(low)
                held = (
                    view.column(fact.held) if fact.held is not None else pl.Series([0]).new_from_index(0, view.height)
                )
                blank = blank | (is_open & (held.fill_null(0) == 0))
            if fact.den is not None:
                den = view.column(fact.den)
                blank = blank | den.is_null() | (den < 0 if fact.beyond else den <= 0)
            if fact.bad is not None:
                # what cannot be read is told as such
                blank = blank & ~view.column(fact.bad)
            at = blank.arg_true()
            if not at.len():
                continue
            label: Words = self.words.label(ref)
            derived = self.policy.facts.get(ref)
            if derived is not None and isinstance(derived.how, PlaceOf):
                why = texts(self.others.of_place(view.take(at), ref, derived.how))
                told = put(label, self.words.say("（", " ("), why, self.words.say("）", ")"))
                label = choose(why != "", told, label)
            behind: Named = []
            if derived is not None and isinstance(derived.how, OverChildren) and fact.is_pair:
                behind = _columns(self._of_children(view.take(at), ref.table, derived.how))
            elif derived is not None and isinstance(derived.how, FirstGiven):
                label = self.words.say(" 或 ", " or ").join(self.words.label(one) for one in refs_in(derived.how))
            elif derived is not None:
                behind = self._blank(view.take(at), tuple(dict.fromkeys(refs_in(derived.how))))
                divided = over_nothing.told(self.words, derived.how, view.take(at))
                behind += [] if divided is None else [divided]
            if fact.spoilt is not None:
                # nothing but cells that cannot be read leaves it open
                label = choose(view.column(fact.spoilt)[at].fill_null(0) > 0, "", label)
            found += [spread(at, words, view.height) for words in _or(behind, label, at.len())]
        return found


def refs_read(trace: Trace) -> list[Ref]:
    """The facts that a line reads, in the order of the clause."""
    clause = trace.clause
    own = trace.scope.table == clause.table
    parts = (clause.when, clause.award, clause.cap, clause.fund) if own else (clause.every, clause.declared_award)
    return list(dict.fromkeys(refs_in(parts)))


def _each(named: Named, height: int) -> list[list[str]]:
    """The names of each line by itself, none twice."""
    if not named:
        return [[] for _ in range(height)]
    lines = zip(*(column(words, height).to_list() for words in named), strict=True)
    return [list(dict.fromkeys(filter(None, line))) for line in lines]


def _columns(names: list[list[str]]) -> Named:
    """The names of each line as columns."""
    width = max(map(len, names), default=0)
    return [pl.Series([dict(enumerate(line)).get(at, "") for line in names], dtype=pl.String) for at in range(width)]


def _or(named: Named, otherwise: Words, height: int) -> Named:
    """Another name where there is none."""
    if not named:
        return [otherwise]
    nothing = listed(named, "", height) == ""
    return [*named, choose(nothing, otherwise)] if nothing.any() else named


def _all(height: int) -> pl.Series:
    return pl.int_range(height, dtype=pl.UInt32, eager=True)


def _unknown(tests: tuple[Test, ...], view: Rows, at: pl.Series) -> Iterator[tuple[Test, pl.Series]]:
    """The single tests that are unknown, each with its lines; ways that a known test rules out are passed over."""
    for test in tests:
        open_ = at.filter(view.column(test.met)[at].is_null())
        if not open_.len():
            continue
        if not test.branches:
            yield test, open_
            continue
        for branch in test.branches:
            gone = pl.Series([False]).new_from_index(0, view.height)
            for inner in branch:
                gone = gone | sure(~view.column(inner.met))
            yield from _unknown(branch, view, open_.filter(~gone[open_]))
