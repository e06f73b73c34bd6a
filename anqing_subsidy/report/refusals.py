"""Why lines are refused: each test that fails, with the figure, what it had to be, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.fact import NO_PLACE
from anqing_subsidy.engine.verdict import Evaluator, Test
from anqing_subsidy.policy.derivations import PlaceOf, WhenHolds
from anqing_subsidy.policy.terms import Compare, Ref, Shifted, refs_in
from anqing_subsidy.report.conditions import leaves, said_by_a_condition
from anqing_subsidy.report.leaf import Leaf
from anqing_subsidy.report.leaf_crossing import passed
from anqing_subsidy.report.paid_before import PaidBefore
from anqing_subsidy.report.past import PastYears
from anqing_subsidy.report.texts import Pieces, Words, choose, column, listed, put, spread
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import OPS, Wording

MOST_TESTS: Final = 6
_MOST_FAULTS: Final = 4


def by_rows(view: View, single: Callable[[View], pl.Series], many: Callable[[View], pl.Series]) -> pl.Series:
    """Lines of one row and lines of many are spoken of in different ways."""
    if not view.adds_rows:
        return single(view)
    texts, alone = Pieces(view.height), view.members().counts == 1
    for wanted, write in ((alone, single), (~alone, many)):
        at = wanted.arg_true()
        if at.len():
            texts.add(at, write(view.take(at)))
    return texts.column()


class Refusals:
    """Writes why lines are refused."""

    def __init__(self, words: Wording, past: PastYears, paid: PaidBefore) -> None:
        self.words = words
        self.paid = paid
        self.say = words.say
        self.policy = words.policy
        self.past = past

    def failing(self, view: View) -> pl.Series:
        """The tests that fail in each line."""
        return by_rows(view, self.fails, self._all_fail)

    def _all_fail(self, view: View) -> pl.Series:
        members = view.members()
        texts = members.by_line(self.fails(members.view).to_list())
        return pl.Series(map(self._of_many, texts), dtype=pl.String)

    def _of_many(self, texts: list[str]) -> str:
        """What fails in the rows of one line: each fault and how often, the most frequent first."""
        counted = Counter(texts)
        if len(counted) == 1:
            return self.say(f"{len(texts)} 行均不符合：{texts[0]}", f"none of {len(texts)} rows qualifies: {texts[0]}")
        said = [
            self.say(f"{number} 行{text}", f"{number} of them: {text}")
            for text, number in counted.most_common(_MOST_FAULTS)
        ]
        rest = sum(counted.values()) - sum(number for _, number in counted.most_common(_MOST_FAULTS))
        more = self.say(f"；其余 {rest} 行见明细", f"; and {rest} rows more") if rest else ""
        return (
            self.say(f"{len(texts)} 行均不符合：", f"none of {len(texts)} rows qualifies: ")
            + self.words.joined(said)
            + more
        )

    def fails(self, view: View) -> pl.Series:
        """What fails, test by test; after a step that is not reached nothing more is said."""
        parts, nowhere = self._take_no_part(view)
        going_on = pl.Series([True]).new_from_index(0, view.height)
        for test in (*view.trace.tests, *view.trace.outcome.tests, *view.trace.once):
            failed = sure(~view.column(test.met)) & going_on
            if not failed.any():
                continue
            if test.branches and test.condition is None:
                parts += self._no_way(test, view, failed)
            else:
                for leaf in leaves(self.words, (test,), view):
                    has_place = ~nowhere[leaf.ref] if leaf.ref in nowhere else going_on
                    told = said_by_a_condition(self.words, view.trace.tests, leaf)
                    parts.append(self._where(leaf, leaf.failed & failed & has_place & ~told))
            if test.kind == "past":
                going_on = going_on & ~failed
        said = listed(parts, self.words.semicolon, view.height, MOST_TESTS)
        return choose(said == "", self.say("按所报数据计算为 0 元", "what is given comes to 0"), said)

    def _take_no_part(self, view: View) -> tuple[list[Words], dict[Ref, pl.Series]]:
        """Who has no place in a ranking, with what it fails of those who take part: said once, whatever asks for the place."""
        trace = view.trace
        refs = dict.fromkeys(refs_in((trace.clause.when, trace.clause.award)))
        parts: list[Words] = []
        nowhere: dict[Ref, pl.Series] = {}
        for ref in refs:
            derived = self.policy.facts.get(ref)
            if derived is None or not isinstance(derived.how, PlaceOf):
                continue
            nowhere[ref] = sure(view.column(view.scope.fact(ref).lo) == NO_PLACE)
            at = nowhere[ref].arg_true()
            if at.len():
                some = view.take(at)
                # what the clause asks too is said there
                asked = tuple(one for one in derived.how.among if one not in trace.clause.when)
                tests = Evaluator(some.scope).tests(asked)
                why = listed(
                    [self._where(leaf, leaf.failed) for leaf in leaves(self.words, tests, some)],
                    self.words.semicolon,
                    some.height,
                    MOST_TESTS,
                )
                head = self.say(f"不参加{self.words.label(ref)}", f"takes no part in {self.words.label(ref)}")
                told = choose(why != "", put(head, self.say("：", ": "), why), head)
                parts.append(spread(at, told, view.height))
        return parts, nowhere

    def _no_way(self, test: Test, view: View, failed: pl.Series) -> list[Words]:
        """Of a choice of awards: what fails first in each."""
        parts: list[Words] = []
        for number, branch in enumerate(test.branches, start=1):
            waiting = failed
            for leaf in leaves(self.words, branch, view):
                said = self._where(leaf, leaf.failed & waiting)
                parts.append(choose(said != "", put(f"({number}) ", said)))
                waiting = waiting & ~leaf.failed
        return parts

    def _where(self, leaf: Leaf, wanted: pl.Series) -> pl.Series:
        """Why a test fails, in the lines where it is to be said."""
        at = wanted.arg_true()
        if not at.len():
            return column("", leaf.height)
        return spread(at, self._falls_short(leaf.over(leaf.view.take(at))), leaf.height)

    def _falls_short(self, leaf: Leaf) -> Words:
        """Tests that fail: the value, what it had to be, what is missing, the cells behind it."""
        return put(self._fails_by(leaf), self.behind(leaf))

    def _fails_by(self, leaf: Leaf) -> Words:
        name, shown, level, say = leaf.label, leaf.shown, leaf.threshold_shown, self.say
        if leaf.test.kind == "unpaid":
            awards = self.paid.earlier(leaf.view, by_row=True)
            return put(say("以前已兑现", "paid before"), choose(awards != "", put(say("：", ": "), awards)))
        if isinstance(shown, str) and not shown:
            return put(say("", "not so: "), leaf.text, say("：不成立", ""))
        if leaf.op == "==":
            text = put(name, say("须为 ", " must be "), level, say("，实为 ", ", and is "), shown)
        elif leaf.op == "in":
            text = put(name, say("须属于 ", " must be one of "), level, say("，实为 ", ", and is "), shown)
        else:
            text = put(say("须", "required: "), leaf.text, say("，实为 ", "; found: "), shown)
        if not isinstance(leaf.shortfall, str):
            short = put(
                *(name, " ", shown, say("，未达 ", " is short of "), level, say("，差 ", " by "), leaf.shortfall)
            )
            text = choose(leaf.shortfall != "", short, text)
        if leaf.op == ">":
            head = put(name, say("恰为 ", " is exactly "), shown)
            exactly = put(head, say("，须超过 ", "; it must be above "), level, say("，等于不算", ""))
            nothing = put(name, say("为 0，须大于 0", " is 0; it must be above 0"))
            # a day is no number
            at_level = choose(leaf.value == 0, nothing, exactly) if leaf.value.dtype.is_integer() else exactly
            text = choose(leaf.equal, at_level, text)
        return text

    def behind(self, leaf: Leaf) -> Words:
        """What a yes/no fact was worked out from, where the fact alone does not say it: columns, and facts behind it."""
        return self._made_of(leaf.ref, leaf.view) if leaf.ref is not None else ""

    def _made_of(self, ref: Ref, view: View) -> Words:
        derived = self.policy.facts.get(ref)
        if derived is None or not isinstance(derived.how, WhenHolds):
            return ""
        named: list[Words] = []
        scope = view.scope
        for part in dict.fromkeys(refs_in(derived.how)):
            if part.table in {scope.table, *scope.rows.up}:
                shown = self.words.shown(view.column(scope.fact(part).lo), self.policy.type_of(part), part)
                level = self._level(part, derived.how) if self.policy.column(part) is None else ""
                named.append(put(f"{self.words.label(part)} ", shown, level, self._made_of(part, view)))
        if not named:
            return ""
        between = [part for one in named for part in (self.words.comma, one)]
        return put(self.say("（", " ("), *between[1:], self.say("）", ")"))

    def _level(self, ref: Ref, how: WhenHolds) -> str:
        """What a figure has to be that no column holds, and that people cannot look up."""
        asked = [
            f"{OPS[one.op]} {self.words.one(one.value, self.policy.type_of(ref), ref)}"
            for one in how.when
            if isinstance(one, Compare)
            and one.ref == ref
            and one.op in OPS
            and not isinstance(one.value, Ref | Shifted | bool)
        ]
        said = self.words.listed(asked)
        return self.words.say(f"（须 {said}）", f" (must be {said})") if said else ""

    def not_first(self, view: View) -> Words:
        """The year in which a step was passed before."""
        first = next((leaf for leaf in leaves(self.words, view.trace.outcome.tests, view) if leaf.op == "first"), None)
        if first is None or first.ref is None:
            return self.say("不是首次", "not for the first time")
        year = self.past.highest(view, first.ref, first.value)
        past = passed(first.test, self.words.lang)
        head = put(self.say(f"不是首次{past} ", f"not {past} "), first.threshold_shown)
        middle = self.say("：以前年度最高 ", " for the first time: the highest of earlier years is ")
        return put(head, middle, first.shown, year)
