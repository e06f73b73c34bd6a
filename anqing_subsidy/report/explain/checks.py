"""The conditions of a line, each with value, threshold, whether it holds and by how much it is missed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.terms import refs_in
from anqing_subsidy.report.closeness import near_level
from anqing_subsidy.report.conditions import leaf_of, said_by_a_condition
from anqing_subsidy.report.explain.model import Check
from anqing_subsidy.report.leaf_crossing import passed
from anqing_subsidy.report.texts import column
from anqing_subsidy.report.words import OPS

if TYPE_CHECKING:
    from anqing_subsidy.engine.verdict import Test
    from anqing_subsidy.report.detail import Describer
    from anqing_subsidy.report.leaf import Leaf
    from anqing_subsidy.report.view import View


_ANY: Final = Text("下列各项满足一项即可", "one of these is enough")
_CHOICES: Final = {
    "highest_of": Text("下列各项中付适用的最高一项", "of these the highest that applies is paid"),
    "sum_of": Text("下列各项中适用的相加", "of these all that apply are added up"),
}


def checks_of(describer: Describer, view: View) -> tuple[Check, ...]:
    """The conditions of the one line (or row) of a view: those of the clause, of its award, of what was paid before."""
    trace = view.trace
    tests = (*trace.tests, *_reached(trace.outcome.tests, view), *trace.once)
    return _checks(describer, tests, view)


def checks_above(describer: Describer, view: View) -> tuple[Check, ...]:
    """Of one line that is put together from rows the conditions that no row of its own decides: the same for all."""
    trace = view.trace
    above = tuple(test for test in trace.tests if not _by_row(test, trace.scope.table))
    return _checks(describer, above, view)


def _by_row(test: Test, table: str) -> bool:
    """Whether a condition looks at the rows of a table."""
    return test.condition is None or any(ref.table == table for ref in refs_in(test.condition))


def _checks(describer: Describer, tests: tuple[Test, ...], view: View) -> tuple[Check, ...]:
    words = describer.words
    found = []
    for test in tests:
        if test.branches:
            title = _CHOICES.get(test.kind, _ANY).say(words.lang)
            ways = tuple(_checks(describer, branch, view) for branch in test.branches)
            if any(ways):  # rows without conditions of their own have nothing to check
                found.append(Check(title, view.values(test.met)[0], ways=ways))
            continue
        leaf = leaf_of(words, test, view)
        if not said_by_a_condition(words, view.trace.tests, leaf)[0]:
            found.append(_check(describer, leaf))
    return tuple(found)


def _reached(tests: tuple[Test, ...], view: View) -> tuple[Test, ...]:
    """The tests of an award; of a step that is not passed nobody asks whether it is so for the first time."""
    found: list[Test] = []
    passed = True
    for test in tests:
        if not test.branches:
            if passed or test.kind not in ("first", "unpaid"):
                found.append(test)
            passed = passed and not (test.kind == "past" and view.values(test.met)[0] is False)
            continue
        found.append(replace(test, branches=tuple(_reached(branch, view) for branch in test.branches)))
    return tuple(found)


def _check(describer: Describer, leaf: Leaf) -> Check:
    said = _one(leaf.shown), _one(leaf.threshold_shown)
    short = _one(leaf.shortfall)
    return Check(_text(describer, leaf, *said), leaf.met.to_list()[0], short, bool(near_level(leaf)[0]))


def _one(words: object) -> str:
    return words if isinstance(words, str) else str(column(words, 1)[0])  # type: ignore[arg-type]  # a column of texts


def _text(describer: Describer, leaf: Leaf, shown: str, level: str) -> str:
    """A condition in words: the value, and what it has to be."""
    words = describer.words
    if leaf.op == "first":
        year = _one(describer.sentences.past.highest(leaf.view, leaf.ref, leaf.value)) if leaf.ref is not None else ""
        past = passed(leaf.test, words.lang)
        return words.say(
            f"{leaf.label}以前年度最高 {shown}{year}，须未{past} {level}",
            f"{leaf.label}, highest of earlier years: {shown}{year}; must not be {past} {level}",
        )
    if not shown or not level:
        return _one(leaf.text) or words.say("所用口径下不适用", "does not apply under the readings in force")
    behind = _one(describer.sentences.refusals.behind(leaf))
    if leaf.op in OPS and leaf.op != "==":
        # what does not hold must not read as if it did
        asked = "" if leaf.met.to_list()[0] is True else words.say("，须", "; must be")
        return f"{leaf.label} {shown}{behind}{asked} {OPS[leaf.op]} {level}"
    kind = {"in": words.say("须属于", "must be one of"), "is": words.say("须", "must be")}
    asked = kind.get(leaf.op, words.say("须为", "must be"))
    if leaf.met.to_list()[0] is True and shown == level:
        return f"{leaf.label} {shown}{behind}"
    return words.say(f"{leaf.label} {shown}{behind}，{asked} {level}", f"{leaf.label} {shown}{behind}; {asked} {level}")
