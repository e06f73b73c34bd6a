"""One test of a line, as a person and as a script read it: text, value, threshold, whether it holds, where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.finding import Lang, Place, Text
from anqing_subsidy.money import SCALE, decimal_text
from anqing_subsidy.policy.model import ChildCount, ChildSum, Compare, Holds, IsGiven, IsOneOf, Ref, Shifted
from anqing_subsidy.policy.reads import refs_in
from anqing_subsidy.report.words import OPS, scripted, share, shown


class Peek:
    """Values of columns by row; each column is turned into a list once."""

    def __init__(self) -> None:
        self._lists: dict[int, tuple[pl.Series, list[Any]]] = {}

    def __call__(self, column: pl.Series | None, at: int) -> Any:  # noqa: ANN401  # a cell's value
        """The value of a column at a row; None where there is no column."""
        if column is None:
            return None
        entry = self._lists.get(id(column))
        if entry is None:
            entry = self._lists[id(column)] = (column, column.to_list())
        return entry[1][at]


class Origin(NamedTuple):
    """Part and row of each row of a table, and whether a declared figure stands in for it."""

    parts: list[int]
    rows: list[int]
    declared: list[bool] | None


@dataclass(frozen=True)
class Leaf:
    """A test at one row, ready to be written."""

    text: str
    ref: Ref | None
    kind: str
    value: Any
    shown: str
    op: str
    threshold: Any
    threshold_shown: str
    met: bool | None
    way: int | None
    shortfall: str


class Reader:
    """Reads the tests of a trace at a row."""

    def __init__(self, assessment: Assessment, lang: Lang) -> None:
        self.policy = assessment.policy
        self.tables = assessment.tables
        self.store = assessment.store
        self.lang = lang
        self.peek = Peek()
        self._labels: dict[Ref, str] = {}
        self._ups: dict[tuple[int, str], pl.Series] = {}
        self._refs: dict[int, list[Ref]] = {}
        self._behind: dict[Ref, Ref | None] = {}
        self._columns: dict[str, Origin] = {}

    def say(self, zh: str, en: str) -> str:
        """One of two wordings."""
        return zh if self.lang == "zh" else en

    def listed(self, parts: list[str]) -> str:
        """A list of names."""
        return self.say("、", ", ").join(parts)

    def joined(self, parts: list[str]) -> str:
        """A list of parts of a sentence."""
        return self.say("；", "; ").join(parts)

    def refs(self, trace: Trace) -> list[Ref]:
        """The facts that a line reads, in the order of the clause."""
        if id(trace) not in self._refs:
            clause = trace.clause
            own = trace.scope.table == clause.table
            parts = (clause.when, clause.award, clause.fund.due_to) if own else (clause.declared_award,)
            self._refs[id(trace)] = list(dict.fromkeys(refs_in(parts)))
        return self._refs[id(trace)]

    def sheet_of(self, trace: Trace) -> str:
        """The file and sheet that the rows of a trace come from, as a text."""
        return str(self.sheet(trace.scope.table) or "")

    def label(self, ref: Ref) -> str:
        """What people call a fact."""
        if ref not in self._labels:
            self._labels[ref] = self.policy.label(ref).say(self.lang)
        return self._labels[ref]

    def leaves(self, tests: tuple[Test, ...], at: int, way: int | None = None) -> Iterator[Leaf]:
        """All single tests, those inside `any` and choices numbered by their way."""
        for test in tests:
            if test.branches:
                for number, branch in enumerate(test.branches, start=1):
                    yield from self.leaves(branch, at, number if way is None else way)
            else:
                yield self.leaf(test, at, way)

    def leaf(self, test: Test, at: int, way: int | None = None) -> Leaf:
        """One single test at a row."""
        met = self.peek(test.met, at)
        if test.condition is None:
            return self._shape_leaf(test, at, met, way)
        condition = test.condition
        ref = condition.ref if isinstance(condition, Compare | Holds | IsGiven | IsOneOf) else None
        fact = test.fact
        kind = fact.type if fact is not None else "text"
        value = self.peek(fact.lo, at) if fact is not None else None
        text = shown(value, kind, self.policy, ref, self.lang)
        if fact is not None and fact.is_pair and value is not None and self.peek(fact.hi, at) != value:
            high = self.peek(fact.hi, at)
            text += "–" + (shown(high, kind, self.policy, ref, self.lang) if high is not None else "?")
        if fact is not None and fact.den is not None and value is not None:
            den = self.peek(fact.den, at)
            text = share(value, den) if den else "?"
        op, threshold, threshold_text = self._threshold(test, at)
        label = self.label(ref) if ref is not None else ""
        words = f"{label} {OPS.get(op, op)} {threshold_text}" if threshold_text else label
        shortfall = self._shortfall(test, at, value, threshold) if met is False else ""
        return Leaf(
            words,
            ref,
            kind,
            value if fact is None or fact.den is None else text,
            text,
            op,
            threshold,
            threshold_text,
            met,
            way,
            shortfall,
        )

    def _threshold(self, test: Test, at: int) -> tuple[str, Any, str]:
        condition = test.condition
        say = self.lang == "zh"
        if isinstance(condition, Holds):
            return "==", condition.wanted, shown(condition.wanted, "yesno", self.policy, None, self.lang)
        if isinstance(condition, IsOneOf):
            options = [shown(option, "enum", self.policy, condition.ref, self.lang) for option in condition.options]
            return "in", "|".join(condition.options), ("、" if say else ", ").join(options)
        if isinstance(condition, IsGiven):
            words = Text("有填写", "given") if condition.given else Text("空白", "blank")
            return "is", "given" if condition.given else "blank", words.say(self.lang)
        if not isinstance(condition, Compare):
            return "", None, ""
        kind = test.fact.type if test.fact is not None else "text"
        if isinstance(condition.value, Ref | Shifted):
            value = self.peek(test.threshold.lo, at) if test.threshold is not None else None
            other = condition.value.ref if isinstance(condition.value, Shifted) else condition.value
            years = (
                f" + {condition.value.years} {'年' if say else 'years'}" if isinstance(condition.value, Shifted) else ""
            )
            return (
                condition.op,
                value,
                f"{self.label(other)}{years} ({shown(value, kind, self.policy, None, self.lang)})",
            )
        return (
            condition.op,
            condition.value,
            shown(condition.value, kind, self.policy, condition.ref, self.lang)
            + ("元" if kind == "money" and say else ""),
        )

    def _shortfall(self, test: Test, at: int, value: Any, threshold: Any) -> str:  # noqa: ANN401  # a cell's value
        """What is missing to a threshold, in the unit of the fact."""
        condition = test.condition
        if (
            not test.is_threshold
            or not isinstance(condition, Compare)
            or condition.op not in (">=", ">")
            or test.fact is None
        ):
            return ""
        high = self.peek(test.fact.hi, at)
        if isinstance(threshold, Fraction):
            den = self.peek(test.fact.den, at)
            return (
                ""
                if not den or high is None
                else share(
                    int(threshold * den) - high
                    if threshold * den == int(threshold * den)
                    else int(threshold * den) + 1 - high,
                    den,
                )
            )
        if not isinstance(threshold, int) or high is None or value is None:
            return ""
        return decimal_text(threshold - high, SCALE.get(test.fact.type, 1))

    def _shape_leaf(self, test: Test, at: int, met: bool | None, way: int | None) -> Leaf:  # a truth value
        """The tests that a first crossing makes itself, and those of what was paid."""
        zh = self.lang == "zh"
        kind = test.fact.type if test.fact is not None else "count"
        ref = test.about
        label = self.label(ref) if ref is not None else ""
        level = self.peek(test.values.get("level"), at)
        limit = shown(level, kind, self.policy, None, self.lang)
        if test.kind == "past":
            value = self.peek(test.fact.lo, at) if test.fact is not None else None
            text = shown(value, kind, self.policy, None, self.lang)
            short = decimal_text(level - value, SCALE.get(kind, 1)) if met is False and value < level else ""
            words = f"{label} 突破 {limit}" if zh else f"{label} past {limit}"
            return Leaf(words, ref, kind, value, text, test.op, level, limit, met, way, short)
        if test.kind == "first":
            highest = self.peek(test.values.get("highest"), at)
            earlier = (
                shown(highest, kind, self.policy, None, self.lang) if highest is not None else ("无" if zh else "none")
            )
            words = f"以前年度最高{label}未突破 {limit}" if zh else f"highest {label} of earlier years not past {limit}"
            return Leaf(words, ref, kind, highest, earlier, "first", level, limit, met, way, "")
        if test.kind == "unpaid":
            return Leaf("以前未兑现" if zh else "not paid before", None, "yesno", met, "", "==", None, "", met, way, "")
        return Leaf("满足其中一项" if zh else "one of these", None, "yesno", met, "", "==", None, "", met, way, "")

    # ---- places -------------------------------------------------------------------------------

    def place(self, trace: Trace, ref: Ref, at: int) -> Place | None:
        """Where a fact of a row stands; a fact counted over a sheet stands in that sheet."""
        derived = self.policy.facts.get(ref)
        if derived is not None:
            how = derived.how
            if isinstance(how, ChildCount | ChildSum):
                fact = trace.scope.fact(ref)
                if how.otherwise is not None and self.peek(fact.declared, at):
                    return self.place(trace, how.otherwise, at)
                return self.sheet(how.child)
            if ref not in self._behind:
                self._behind[ref] = next(iter(refs_in(how)), None)
            first = self._behind[ref]
            return self.place(trace, first, at) if first is not None else None
        row = self.peek(self.up(trace, ref.table), at)
        origin = self._origin(ref.table)
        column = ref.id
        if origin.declared is not None and origin.declared[row]:
            column = self._declared_column(ref, self.store.rows[ref.table].frame, row)
        return self.tables.place(origin.parts[row], origin.rows[row], column)

    def _origin(self, table: str) -> Origin:
        """Where the rows of a table come from, as lists: they are asked for once a figure."""
        if table not in self._columns:
            rows = self.store.rows[table]
            declared = rows.declared.to_list() if rows.declared is not None else None
            self._columns[table] = Origin(rows.frame["_part"].to_list(), rows.frame["_row"].to_list(), declared)
        return self._columns[table]

    def sheet(self, table: str) -> Place | None:
        """The file and sheet that the rows of a table come from; None where it has none."""
        frame = self.store.rows[table].frame
        if not frame.height:
            return None
        source = self.tables.parts[int(frame["_part"][0])]
        return Place(source.file, source.sheet)

    def up(self, trace: Trace, table: str) -> pl.Series:
        """The row of an ancestor for each row of a trace."""
        key = (id(trace), table)
        if key not in self._ups:
            self._ups[key] = trace.scope.up(table)
        return self._ups[key]

    def _declared_column(self, ref: Ref, frame: pl.DataFrame, row: int) -> str:
        for rule in (rule for rule in self.policy.declared_rows if rule.table == ref.table):
            value = rule.values.get(ref.id)
            fits = all(frame[name][row] == given for name, given in rule.values.items() if isinstance(given, str))
            if isinstance(value, Ref) and fits:
                return value.id
        return ref.id


def value_text(leaf: Leaf) -> str | None:
    """A leaf's value for scripts."""
    return leaf.value if isinstance(leaf.value, str) else scripted(leaf.value, leaf.kind)
