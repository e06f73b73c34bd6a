"""Why a line is what it is, in one sentence: the conditions with their figures, the shortfall, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.engine.between import clauses_of
from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.money import grouped
from anqing_subsidy.report.conditions import Leaf, Reader
from anqing_subsidy.report.missing import Missing
from anqing_subsidy.report.rivals import Rivals
from anqing_subsidy.report.words import OPS

_MOST_TESTS = 6


class Sentences:
    """Writes the reason of a line."""

    def __init__(self, assessment: Assessment, reader: Reader) -> None:
        self.assessment = assessment
        self.policy = assessment.policy
        self.reader = reader
        self.say = reader.say
        self.missing = Missing(reader)
        self.rivals = Rivals(reader)
        self._paid: dict[tuple[int, str], int] | None = None
        self._by_reason: dict[str, Callable[[Mapping[str, Any], Trace, list[int]], str]] = {
            "GRANTED": self._granted,
            "CAPPED": self._granted,
            "BELOW_THRESHOLD": self._failing_line,
            "AT_THRESHOLD": self._failing_line,
            "WRONG_KIND": self._failing_line,
            "NOT_FIRST_TIME": self._not_first,
            "ALREADY_PAID": self._already_paid,
            "OTHER_SUPPORT": self._other_support,
            "SUPERSEDED": self._superseded,
            "BAD_CODE": lambda *_: self.say(
                "统一社会信用代码有误，先更正代码", "the credit code is wrong; correct it first"
            ),
            "INVALID_FACT": self._unreadable,
            "DUPLICATE_CLAIM": self._disputed,
        }

    def reason(self, line: Mapping[str, Any], trace: Trace, rows: list[int], missing: str) -> str:
        """The sentence of a line."""
        if line["reason"] == "DECIDED":
            return self.decided(line)
        write = self._by_reason.get(line["reason"])
        if write is not None:
            note = self.say(f"（人工核定：{line['note']}）", f" (decided: {line['note']})") if line["decided"] else ""
            return write(line, trace, rows) + note
        lacks = self.say(f"缺少：{missing}", f"missing: {missing}") if missing else self.say("资料不全", "incomplete")
        return lacks + self._possible(line)

    def decided(self, line: Mapping[str, Any]) -> str:
        """What was decided, beside what was computed."""
        amount, computed = grouped(line["amount"]), grouped(line["computed"])
        note = line["note"] or ""
        tail = self.say(f"：{note}", f": {note}") if note else ""
        return self.say(
            f"人工核定 {amount} 元（计算 {computed} 元）{tail}", f"decided by hand {amount} (computed {computed}){tail}"
        )

    # ---- paid -----------------------------------------------------------------------------------

    def _granted(self, line: Mapping[str, Any], trace: Trace, rows: list[int]) -> str:
        head = self.say("符合条件", "conditions met")
        if line["reason"] == "CAPPED":
            head = self.say(
                f"符合条件，按上限 {grouped(line['cap'])} 元", f"conditions met; capped at {grouped(line['cap'])}"
            )
        held = self._holding(trace, rows)
        return head + self.say(f"：{held}", f": {held}") if held else head

    def _holding(self, trace: Trace, rows: list[int]) -> str:
        """The figures that carry the line; of many rows, how many qualify."""
        if len(rows) > 1:
            sheet = self.policy.tables[trace.clause.table]
            count = sum(1 for row in rows if self.qualifies(trace, row))
            return self.say(
                f"{sheet.sheet} {len(rows)} 行中 {count} 行符合", f"{count} of {len(rows)} rows of {sheet.en} qualify"
            )
        said = []
        for leaf in self.reader.leaves((*trace.tests, *trace.outcome.tests), rows[0]):
            if leaf.met is not True or leaf.ref is None or leaf.kind == "yesno":
                continue
            label = self.reader.label(leaf.ref)
            if leaf.op == "first":
                said.append(
                    self.say(
                        f"以前年度最高 {leaf.shown}，首次突破",
                        f"highest of earlier years {leaf.shown}, past for the first time",
                    )
                )
            elif leaf.op in (">=", ">", "<=", "<"):
                said.append(f"{label} {leaf.shown} {OPS[leaf.op]} {leaf.threshold_shown}")
            else:
                said.append(f"{label} {leaf.shown}")
        return self.reader.joined(list(dict.fromkeys(said))[:_MOST_TESTS])

    def qualifies(self, trace: Trace, row: int) -> bool:
        """Whether a row of a line is counted for certain."""
        tests = (*trace.tests, *trace.outcome.tests, *trace.once)
        return all(self.reader.peek(test.met, row) for test in tests) and not self.reader.peek(trace.held, row)

    # ---- refused --------------------------------------------------------------------------------

    def _failing_line(self, _line: Mapping[str, Any], trace: Trace, rows: list[int]) -> str:
        if len(rows) == 1:
            return self._failing(trace, rows[0])
        counted = Counter(self._failing(trace, row) for row in rows)
        text, number = counted.most_common(1)[0]
        return self.say(
            f"{len(rows)} 行均不符合，其中 {number} 行：{text}",
            f"none of {len(rows)} rows qualifies; {number} of them: {text}",
        )

    def _failing(self, trace: Trace, row: int) -> str:
        said: list[str] = []
        for test in (*trace.tests, *trace.outcome.tests, *trace.once):
            if self.reader.peek(test.met, row) is not False:
                continue
            if test.branches and test.condition is None:
                said.extend(self._no_way(test, row))
            else:
                said.extend(self._fails(leaf) for leaf in self.reader.leaves((test,), row) if leaf.met is False)
            if test.kind == "past":
                break
        return self.reader.joined(list(dict.fromkeys(said))[:_MOST_TESTS])

    def _no_way(self, test: Test, row: int) -> Iterable[str]:
        """Of a choice of awards: what fails first in each."""
        for number, branch in enumerate(test.branches, start=1):
            failing = next((leaf for leaf in self.reader.leaves(branch, row) if leaf.met is False), None)
            if failing is not None:
                yield f"({number}) {self._fails(failing)}"

    def _fails(self, leaf: Leaf) -> str:
        name = self.reader.label(leaf.ref) if leaf.ref is not None else ""
        if leaf.op == ">" and leaf.value == leaf.threshold:
            return self.say(
                f"{name}恰为 {leaf.shown}，须超过 {leaf.threshold_shown}，等于不算",
                f"{name} is exactly {leaf.shown}; it must be above {leaf.threshold_shown}",
            )
        if leaf.shortfall:
            return self.say(
                f"{name} {leaf.shown}，未达 {leaf.threshold_shown}，差 {leaf.shortfall}",
                f"{name} {leaf.shown} is short of {leaf.threshold_shown} by {leaf.shortfall}",
            )
        if not leaf.shown:
            return self.say(f"{leaf.text}：不成立", f"not so: {leaf.text}")
        return self.say(f"要求{leaf.text}，实为 {leaf.shown}", f"required: {leaf.text}; found: {leaf.shown}")

    def _not_first(self, _line: Mapping[str, Any], trace: Trace, rows: list[int]) -> str:
        first = next((leaf for leaf in self.reader.leaves(trace.outcome.tests, rows[0]) if leaf.op == "first"), None)
        if first is None:
            return self.say("不是首次突破", "not for the first time")
        return self.say(
            f"不是首次突破 {first.threshold_shown}：以前年度最高 {first.shown}",
            f"not past {first.threshold_shown} for the first time: the highest of earlier years is {first.shown}",
        )

    def _already_paid(self, line: Mapping[str, Any], _trace: Trace, _rows: list[int]) -> str:
        if line["netted"]:
            paid = grouped(line["netted"])
            return self.say(f"本年度已兑现 {paid} 元，无余额", f"{paid} paid this year already; nothing is left")
        return self.say("以前已兑现，不再兑现", "paid before; not paid again")

    def _other_support(self, line: Mapping[str, Any], _trace: Trace, _rows: list[int]) -> str:
        if line["status"] == "held":
            return self.say(
                "同一事项已申报其他财政支持，尚未批复", "other support for the same matter is applied for and undecided"
            ) + self._possible(line)
        return self.say("同一事项已获其他财政支持，不重复享受", "the same matter has other public support already")

    def _superseded(self, line: Mapping[str, Any], _trace: Trace, _rows: list[int]) -> str:
        if self._paid is None:
            paid = (
                self.assessment.lines.filter(pl.col("amount") > 0)
                .group_by("applicant", "clause")
                .agg(pl.col("amount").sum())
            )
            self._paid = {(applicant, clause): amount for applicant, clause, amount in paid.rows()}
        for group in self.policy.groups:
            members = [clause for member in group.members for clause in clauses_of(member, self.policy)]
            if group.pays != "highest" or line["clause"] not in members:
                continue
            won = [
                (self._paid.get((line["applicant"], clause), 0), clause)
                for clause in members
                if clause != line["clause"]
            ]
            amount, clause = max(won, default=(0, ""))
            if amount:
                title, sum_ = self.policy.clauses[clause].title, grouped(amount)
                return self.say(
                    f"与“{title.zh}”取高，已按后者付 {sum_} 元", f"`{title.en}` pays more and is paid instead: {sum_}"
                )
        return self.say("同组另一项金额更高", "another line of the group pays more")

    # ---- open -----------------------------------------------------------------------------------

    def _unreadable(self, _line: Mapping[str, Any], trace: Trace, rows: list[int]) -> str:
        cells = self.reader.listed(self.missing.unreadable(trace, rows))
        if not cells:
            return self.say("明细中有无法识别的数据（见待处理）", "details cannot be read (see the findings)")
        return self.say(f"数据无法识别：{cells}", f"cannot be read: {cells}")

    def _disputed(self, line: Mapping[str, Any], trace: Trace, rows: list[int]) -> str:
        rivals = self.rivals.text(trace, rows)
        if not rivals:
            return self.say(
                "资料重复而内容不同，核实前暂扣（见待处理）",
                "rows contradict each other; held until settled (see the findings)",
            )
        tail = ""
        if line["potential"] is not None:
            most = grouped(line["potential"])
            tail = self.say(f"；解除后最多 {most} 元", f"; up to {most} once released")
        return self.say(f"另有主体同时申报：{rivals}{tail}", f"also claimed by another: {rivals}{tail}")

    def _possible(self, line: Mapping[str, Any]) -> str:
        if line["potential"] is None:
            return self.say("；补齐前无法估算", "; not bounded until it is known")
        most = grouped(line["potential"])
        return self.say(f"；补齐后最多 {most} 元", f"; up to {most} once known")
