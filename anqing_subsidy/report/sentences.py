"""Why lines are what they are, each in one sentence: conditions with their figures, the shortfall, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.between import clauses_of
from anqing_subsidy.money import grouped
from anqing_subsidy.policy.model import Keyed, Pay, WhenHolds
from anqing_subsidy.policy.reads import refs_in
from anqing_subsidy.report.conditions import Leaf, leaves
from anqing_subsidy.report.missing import Missing
from anqing_subsidy.report.past import PastYears
from anqing_subsidy.report.places import Places
from anqing_subsidy.report.rivals import Rivals
from anqing_subsidy.report.view import View, scatter, where
from anqing_subsidy.report.words import OPS, Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.engine.verdict import Test

_MOST_TESTS = 6
_MOST_FAULTS = 4

Parts = list[list[str]]
"""Of each line, parts of its sentence."""


class Sentences:
    """Writes the reasons of lines."""

    def __init__(self, assessment: Assessment, words: Wording, places: Places) -> None:
        self.assessment = assessment
        self.policy = assessment.policy
        self.words = words
        self.say = words.say
        self.past = PastYears(words, assessment)
        self.missing = Missing(words, places, self.past)
        self.rivals = Rivals(words, assessment)
        self.contradiction = words.say(
            "资料重复而内容不同，核实前暂扣（见待处理）",
            "rows contradict each other; held until settled (see the findings)",
        )
        self._paid: dict[tuple[int, str], int] | None = None
        self._by_reason: dict[str, Callable[[View], list[str]]] = {
            "GRANTED": self._granted,
            "CAPPED": self._capped,
            "BELOW_THRESHOLD": self._failing,
            "AT_THRESHOLD": self._failing,
            "WRONG_KIND": self._failing,
            "NOT_FIRST_TIME": self._not_first,
            "ALREADY_PAID": self._already_paid,
            "OTHER_SUPPORT": self._other_support,
            "SUPERSEDED": self._superseded,
            "BAD_CODE": lambda view: (
                [self.say("统一社会信用代码有误，先更正代码", "the credit code is wrong; correct it first")]
                * view.height
            ),
            "INVALID_FACT": self._unreadable,
            "DUPLICATE_CLAIM": self._disputed,
        }

    def of(self, view: View, reason: str, missing: Sequence[str]) -> list[str]:
        """The sentences of lines that have one reason; `missing` is what each of them lacks."""
        if reason == "DECIDED":
            return self.decided(view)
        write = self._by_reason.get(reason)
        if write is None:
            return self._lacking(view, missing)
        notes = [
            self.say(f"（人工核定：{note}）", f" (decided: {note})") if decided else ""
            for decided, note in zip(view.line("decided"), view.line("note"), strict=True)
        ]
        return [text + note for text, note in zip(write(view), notes, strict=True)]

    def decided(self, view: View) -> list[str]:
        """What was decided, beside what was computed."""
        columns = (view.line(name) for name in ("amount", "computed", "note"))
        return [decided_text(self.words, *line) for line in zip(*columns, strict=True)]

    # ---- paid -----------------------------------------------------------------------------------

    def _granted(self, view: View) -> list[str]:
        head = self.say("符合条件", "conditions met")
        return [head + (self.say("：", ": ") + held if held else "") for held in self._holding(view)]

    def _capped(self, view: View) -> list[str]:
        return [
            self.say(f"符合条件，按上限 {grouped(cap)} 元", f"conditions met; capped at {grouped(cap)}")
            + (self.say("：", ": ") + held if held else "")
            for cap, held in zip(view.line("cap"), self._holding(view), strict=True)
        ]

    def _holding(self, view: View) -> list[str]:
        """The figures that carry each line; of many rows, how many qualify."""
        return self._by_rows(view, self._held_by, self._how_many)

    def _by_rows(self, view: View, single: Callable[[View], list[str]], many: Callable[[View], list[str]]) -> list[str]:
        """Lines of one row and lines of many are spoken of in different ways."""
        if not view.adds_rows:
            return single(view)
        texts = [""] * view.height
        counts = view.members().counts
        for at, write in (
            ([line for line, rows in enumerate(counts) if rows == 1], single),
            ([line for line, rows in enumerate(counts) if rows > 1], many),
        ):
            if at:
                scatter(texts, at, write(view.take(at)))
        return texts

    def _how_many(self, view: View) -> list[str]:
        sheet = self.policy.tables[view.trace.clause.table]
        return [
            self.say(f"{sheet.sheet} {rows} 行中 {count} 行符合", f"{count} of {rows} rows of {sheet.en} qualify")
            for rows, count in self.qualifying(view)
        ]

    def qualifying(self, view: View) -> list[tuple[int, int]]:
        """How many rows each line has, and how many of them are counted for certain."""
        members, trace = view.members(), view.trace
        rows = members.view
        counted = [not held for held in rows.values(trace.held)]
        for test in (*trace.tests, *trace.outcome.tests, *trace.once):
            counted = [so_far and bool(met) for so_far, met in zip(counted, rows.values(test.met), strict=True)]
        return [(len(mine), sum(mine)) for mine in members.by_line(counted)]

    def _held_by(self, view: View) -> list[str]:
        parts: Parts = [[] for _ in range(view.height)]
        for leaf in leaves(self.words, (*view.trace.tests, *view.trace.outcome.tests), view):
            if leaf.ref is None or leaf.kind == "yesno":
                continue
            at = where(leaf.met, True)
            for row, text in zip(at, self._holds(leaf.take(at)), strict=True):
                parts[row].append(text)
        for mine, grade in zip(parts, self._grade(view), strict=True):
            mine.extend(grade)
        return [self._few(mine) for mine in parts]

    def _grade(self, view: View) -> Parts:
        """The value by which the sum of a line is chosen, where it is chosen by one."""
        shape = view.trace.clause.award.shape
        if view.trace.scope.table != view.trace.clause.table or not isinstance(shape, Pay):
            return [[] for _ in range(view.height)]
        amount = shape.amount
        if not isinstance(amount, Keyed):
            return [[] for _ in range(view.height)]
        values = view.values(view.trace.scope.fact(amount.by).lo)
        label, kind = self.words.label(amount.by), self.policy.type_of(amount.by)
        return [[f"{label} {text}"] for text in self.words.shown(values, kind, amount.by)]

    def _few(self, parts: list[str]) -> str:
        return self.words.joined(list(dict.fromkeys(parts))[:_MOST_TESTS])

    def _holds(self, leaf: Leaf) -> list[str]:
        label = leaf.label
        if leaf.op == "first":
            return [
                self.say(
                    f"以前年度最高 {shown}，首次突破", f"highest of earlier years {shown}, past for the first time"
                )
                for shown in leaf.shown
            ]
        if leaf.op in (">=", ">", "<=", "<"):
            op = OPS[leaf.op]
            return [
                f"{label} {shown} {op} {level}" for shown, level in zip(leaf.shown, leaf.threshold_shown, strict=True)
            ]
        return [f"{label} {shown}" for shown in leaf.shown]

    # ---- refused --------------------------------------------------------------------------------

    def _failing(self, view: View) -> list[str]:
        return self._by_rows(view, self._fails, self._all_fail)

    def _all_fail(self, view: View) -> list[str]:
        members = view.members()
        return [self._of_many(texts) for texts in members.by_line(self._fails(members.view))]

    def _of_many(self, texts: list[str]) -> str:
        """What fails in the rows of one line: each fault and how often, the most frequent first."""
        counted = Counter(texts)
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

    def _fails(self, view: View) -> list[str]:
        """What fails, test by test; after a step that is not reached nothing more is said."""
        parts: Parts = [[] for _ in range(view.height)]
        rows = list(range(view.height))
        for test in (*view.trace.tests, *view.trace.outcome.tests, *view.trace.once):
            met = view.values(test.met)
            at = [row for row in rows if met[row] is False]
            if not at:
                continue
            some = view.take(at)
            if test.branches and test.condition is None:
                self._no_way(test, some, at, parts)
            else:
                for leaf in leaves(self.words, (test,), some):
                    failing = where(leaf.met, False)
                    for row, text in zip(failing, self._falls_short(leaf.take(failing)), strict=True):
                        parts[at[row]].append(text)
            if test.kind == "past":
                said = set(at)
                rows = [row for row in rows if row not in said]
        nothing = self.say("按所报数据计算为 0 元", "what is given comes to 0")
        return [self._few(mine) or nothing for mine in parts]

    def _no_way(self, test: Test, view: View, at: list[int], parts: Parts) -> None:
        """Of a choice of awards: what fails first in each."""
        for number, branch in enumerate(test.branches, start=1):
            waiting = list(range(view.height))
            for leaf in leaves(self.words, branch, view):
                failing = [row for row in waiting if leaf.met[row] is False]
                for row, text in zip(failing, self._falls_short(leaf.take(failing)), strict=True):
                    parts[at[row]].append(f"({number}) {text}")
                said = set(failing)
                waiting = [row for row in waiting if row not in said]

    def _falls_short(self, leaf: Leaf) -> list[str]:
        """Tests that fail: the value, what it had to be, what is missing."""
        columns = (leaf.shown, leaf.threshold_shown, leaf.shortfall, leaf.text, leaf.value, leaf.threshold)
        texts = [self._fails_by(leaf, *line) for line in zip(*columns, strict=True)]
        return [text + behind for text, behind in zip(texts, self._behind(leaf), strict=True)]

    def _behind(self, leaf: Leaf) -> list[str]:
        """The columns that a yes/no fact was worked out from, where one alone does not say it."""
        derived = self.policy.facts.get(leaf.ref) if leaf.ref is not None else None
        if derived is None or not isinstance(derived.how, WhenHolds):
            return [""] * leaf.view.height
        named = []
        for ref in dict.fromkeys(refs_in(derived.how)):
            if self.policy.column(ref) is not None and ref.table in {
                leaf.view.trace.scope.table,
                *leaf.view.trace.scope.rows.up,
            }:
                shown = self.words.shown(
                    leaf.view.values(leaf.view.trace.scope.fact(ref).lo), self.policy.type_of(ref), ref
                )
                named.append([f"{self.words.label(ref)} {text}" for text in shown])
        listed = zip(*named, strict=True) if named else [()] * leaf.view.height
        return [
            self.say(f"（{self.words.listed(line)}）", f" ({self.words.listed(line)})") if line else ""
            for line in listed
        ]

    def _fails_by(
        self, leaf: Leaf, shown: str, level: str, shortfall: str, text: str, value: object, threshold: object
    ) -> str:
        name = leaf.label
        if leaf.op == ">" and value == threshold:
            return self.say(
                f"{name}恰为 {shown}，须超过 {level}，等于不算", f"{name} is exactly {shown}; it must be above {level}"
            )
        if shortfall:
            return self.say(
                f"{name} {shown}，未达 {level}，差 {shortfall}", f"{name} {shown} is short of {level} by {shortfall}"
            )
        if not shown:
            return self.say(f"{text}：不成立", f"not so: {text}")
        if leaf.op == "==":
            return self.say(f"{name}须为 {level}，实为 {shown}", f"{name} must be {level}, and is {shown}")
        if leaf.op == "in":
            return self.say(f"{name}须属于 {level}，实为 {shown}", f"{name} must be one of {level}, and is {shown}")
        return self.say(f"须{text}，实为 {shown}", f"required: {text}; found: {shown}")

    def _not_first(self, view: View) -> list[str]:
        first = next((leaf for leaf in leaves(self.words, view.trace.outcome.tests, view) if leaf.op == "first"), None)
        if first is None:
            return [self.say("不是首次突破", "not for the first time")] * view.height
        return [
            self.say(
                f"不是首次突破 {level}：以前年度最高 {shown}{year}",
                f"not past {level} for the first time: the highest of earlier years is {shown}{year}",
            )
            for level, shown, year in zip(first.threshold_shown, first.shown, self._years(first), strict=True)
        ]

    def _years(self, leaf: Leaf) -> list[str]:
        """The year of the highest earlier figure."""
        if leaf.ref is None:
            return [""] * leaf.view.height
        return [year for year, _ in self.past.highest(leaf.view, leaf.ref, leaf.value)]

    def _already_paid(self, view: View) -> list[str]:
        before = self.say("以前已兑现，不再兑现", "paid before; not paid again")
        return [
            self.say(
                f"本年度已兑现 {grouped(paid)} 元，无余额", f"{grouped(paid)} paid this year already; nothing is left"
            )
            if paid
            else before
            for paid in view.line("netted")
        ]

    def _other_support(self, view: View) -> list[str]:
        applied = self.say(
            "同一事项已申报其他财政支持，尚未批复", "other support for the same matter is applied for and undecided"
        )
        received = self.say("同一事项已获其他财政支持，不重复享受", "the same matter has other public support already")
        return [
            applied + self._possible(potential) if status == "held" else received
            for status, potential in zip(view.line("status"), view.line("potential"), strict=True)
        ]

    def _superseded(self, view: View) -> list[str]:
        clause = view.trace.clause.id
        paid = self._paid_amounts()
        others = [
            member
            for group in self.policy.groups
            if group.pays == "highest"
            for members in [[found for member in group.members for found in clauses_of(member, self.policy)]]
            if clause in members
            for member in members
            if member != clause
        ]
        found = []
        for applicant in view.line("applicant"):
            amount, winner = max(((paid.get((applicant, other), 0), other) for other in others), default=(0, ""))
            if amount:
                title, sum_ = self.policy.clauses[winner].title, grouped(amount)
                found.append(
                    self.say(
                        f"与“{title.zh}”只付其中较高的一项，已按后者付 {sum_} 元",
                        f"only the highest of this and `{title.en}` is paid, which is paid {sum_}",
                    )
                )
            else:
                found.append(
                    self.say(
                        "同组只付一项，另一项排在前面", "only one line of the group is paid, and another comes first"
                    )
                )
        return found

    def _paid_amounts(self) -> dict[tuple[int, str], int]:
        """What is paid, by applicant and clause."""
        if self._paid is None:
            paid = self.assessment.lines.filter(pl.col("amount") > 0)
            sums = paid.group_by("applicant", "clause").agg(pl.col("amount").sum())
            self._paid = {(applicant, clause): amount for applicant, clause, amount in sums.rows()}
        return self._paid

    # ---- open -----------------------------------------------------------------------------------

    def _unreadable(self, view: View) -> list[str]:
        unnamed = self.say("明细中有无法识别的数据（见待处理）", "details cannot be read (see the findings)")
        return [
            self.say(f"数据无法识别：{cells}", f"cannot be read: {cells}") if cells else unnamed
            for cells in self.missing.unreadable(view)
        ]

    def _disputed(self, view: View) -> list[str]:
        found = []
        for rivals, potential in zip(self.rivals.of(view), view.line("potential"), strict=True):
            tail = ""
            if potential is not None:
                most = grouped(potential)
                tail = self.say(f"；解除后最多 {most} 元", f"; up to {most} once released")
            claimed = self.say(f"另有主体同时申报：{rivals}{tail}", f"also claimed by another: {rivals}{tail}")
            found.append(claimed if rivals else self.contradiction)
        return found

    def _lacking(self, view: View, missing: Sequence[str]) -> list[str]:
        incomplete = self.say("资料不全", "incomplete")
        return [
            (self.say(f"缺少：{lacks}", f"missing: {lacks}") if lacks else incomplete) + self._possible(potential)
            for lacks, potential in zip(missing, view.line("potential"), strict=True)
        ]

    def _possible(self, potential: int | None) -> str:
        if potential is None:
            return self.say("；补齐前无法估算", "; not bounded until it is known")
        most = grouped(potential)
        return self.say(f"；补齐后最多 {most} 元", f"; up to {most} once known")


def decided_text(words: Wording, amount: int, computed: int, note: str | None) -> str:
    """A decision by hand in words."""
    paid, reckoned = grouped(amount), grouped(computed)
    tail = words.say(f"：{note}", f": {note}") if note else ""
    return words.say(
        f"人工核定 {paid} 元（计算 {reckoned} 元）{tail}", f"decided by hand {paid} (computed {reckoned}){tail}"
    )
