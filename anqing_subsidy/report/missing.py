"""What is missing for a line, and which cells cannot be read: by name, so that an official can ask for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.fact import Fact
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.policy.model import FirstPast, Ref
from anqing_subsidy.policy.reads import refs_in
from anqing_subsidy.report.conditions import Reader

_MOST = 3
_ROWS_LOOKED_AT = 200


class Missing:
    """Names the blank and the unreadable facts behind a line."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.policy = reader.policy

    def text(self, trace: Trace, rows: list[int]) -> str:
        """The facts that are missing; for many rows, each with the number of rows that lack it."""
        if len(rows) == 1:
            return self.reader.listed(self.facts(trace, rows[0]))
        counted = Counter(name for row in rows for name in self.facts(trace, row))
        say = self.reader.say
        return self.reader.listed(
            [say(f"{name}（{number} 行）", f"{name} ({number} rows)") for name, number in counted.most_common(6)]
        )

    def facts(self, trace: Trace, row: int) -> list[str]:
        """The facts of a row that are blank and decide."""
        say = self.reader.say
        found: list[str] = []
        for test in self._unknown((*trace.tests, *trace.outcome.tests, *trace.once), row):
            if test.kind == "first":
                found.append(self._years(trace, row))
            elif test.kind == "unpaid":
                found.append(say("历年已兑现的档次、级别或对象", "tier, level or object of an award paid before"))
            elif test.condition is not None:
                found.extend(self._blank(trace, tuple(refs_in(test.condition)), row))
            elif test.about is not None:
                found.extend(self._blank(trace, (test.about,), row))
        if trace.clause.rows == "one":
            found.extend(self._blank(trace, (*refs_in(trace.clause.award), *refs_in(trace.clause.fund.due_to)), row))
        return list(dict.fromkeys(found))

    def unreadable(self, trace: Trace, rows: list[int]) -> list[str]:
        """The facts whose cells cannot be read, each with its place; empty where none of the line's own is."""
        found = []
        claimed = list(refs_in(trace.clause.claimed)) if trace.claimed else []
        for row in rows[:_ROWS_LOOKED_AT]:
            for ref in [*self.reader.refs(trace), *claimed, *self._history_refs(trace)]:
                fact = trace.scope.fact(ref)
                if fact.bad is not None and self.reader.peek(fact.bad, row):
                    place = self.reader.place(trace, ref, row)
                    label = self.reader.label(ref)
                    found.append(self.reader.say(f"{label}（{place}）", f"{label} ({place})"))
        return list(dict.fromkeys(found))[:_MOST]

    def _history_refs(self, trace: Trace) -> list[Ref]:
        history, shape = self.policy.history, trace.clause.award.shape
        if history is None or not isinstance(shape, FirstPast):
            return []
        declared = history.declared.get(shape.metric.id)
        return [history.since, *([declared] if declared is not None else [])]

    def _unknown(self, tests: tuple[Test, ...], row: int) -> Iterable[Test]:
        """The single tests that are unknown at a row; ways that a known one rules out are passed over."""
        peek = self.reader.peek
        for test in tests:
            if peek(test.met, row) is not None:
                continue
            if test.branches:
                for branch in test.branches:
                    if not any(peek(inner.met, row) is False for inner in branch):
                        yield from self._unknown(branch, row)
            else:
                yield test

    def _blank(self, trace: Trace, refs: tuple[Ref, ...], row: int) -> list[str]:
        """Which typed columns behind some facts are blank at a row."""
        found = []
        seen = {trace.scope.table, *trace.scope.rows.up}
        for ref in refs:
            if ref.table not in seen:
                continue
            fact = trace.scope.fact(ref)
            if self.reader.peek(fact.lo, row) is not None and not self._open_beyond_held(fact, row):
                continue
            derived = self.policy.facts.get(ref)
            if derived is None or fact.is_pair or fact.den is not None:
                found.append(self.reader.label(ref))
            else:
                behind = tuple(dict.fromkeys(refs_in(derived.how)))
                found.extend(self._blank(trace, behind, row) or [self.reader.label(ref)])
        return found

    def _open_beyond_held(self, fact: Fact, row: int) -> bool:
        """Whether child rows other than held ones leave a figure open."""
        if not fact.is_pair:
            return False
        lo, hi, held = (self.reader.peek(column, row) for column in (fact.lo, fact.hi, fact.held))
        return hi != lo and not held

    def _years(self, trace: Trace, row: int) -> str:
        history = self.policy.history
        if history is None:
            return ""
        founded = self.reader.peek(trace.scope.fact(history.since).lo, row)
        if founded is None:
            return self.reader.label(history.since)
        sheet, last = self.policy.tables[history.table], self.policy.year - 1
        years = f"{founded.year}–{last}" if founded.year < last else str(last)
        return self.reader.say(f"{sheet.sheet}（{years} 年）", f"{sheet.en} ({years})")
