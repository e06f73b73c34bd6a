"""Each line in words: a sentence that gives the reason, the formula, what is missing, where the figures stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.engine.between import clauses_of
from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.engine.fact import Fact
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.finding import Lang, Place
from anqing_subsidy.money import SCALE, decimal_text, grouped
from anqing_subsidy.policy.model import Ref
from anqing_subsidy.policy.reads import refs_in
from anqing_subsidy.report.conditions import Leaf, Reader
from anqing_subsidy.report.formula import Formulas
from anqing_subsidy.report.words import FLAG, STATUS, joined

_OPEN = ("pending", "held", "eligible_with_held")
_MOST = 3


@dataclass(frozen=True)
class Described:
    """What is said of one line."""

    reason_text: str
    formula: str
    missing: str
    sources: str
    flags: tuple[str, ...]
    todo: str


class Describer:
    """Says why each line is what it is."""

    def __init__(self, assessment: Assessment, lang: Lang) -> None:
        self.assessment = assessment
        self.policy = assessment.policy
        self.lang = lang
        self.zh = lang == "zh"
        self.reader = Reader(assessment, lang)
        self.formulas = Formulas(self.reader)
        self._rows = [self._rows_of(trace) for trace in assessment.traces]
        self._rivals: dict[int, dict[str, list[str]]] = {}
        self._winners: dict[tuple[int, str], tuple[str, int]] | None = None

    @staticmethod
    def _rows_of(trace: Trace) -> dict[int, list[int]] | None:
        """The rows of each line, by its first row; None where a line is a row."""
        if trace.clause.rows == "one" or trace.scope.table != trace.clause.table:
            return None
        found: dict[int, list[int]] = {}
        for row, line in enumerate(trace.line_of_row.to_list()):
            found.setdefault(line, []).append(row)
        return {rows[0]: rows for rows in found.values()}

    def trace(self, line: Mapping[str, Any]) -> tuple[Trace, list[int]] | None:
        """The trace of a line and its rows; None for a line that only a decision made."""
        if line["part"] is None:
            return None
        rows = self._rows[line["part"]]
        return self.assessment.traces[line["part"]], [line["row"]] if rows is None else rows[line["row"]]

    def describe(self, line: Mapping[str, Any]) -> Described:
        """Everything that is said of a line."""
        flags = tuple(
            name
            for name, mark in (("AT_THRESHOLD", "at_threshold"), ("DECLARED", "declared"), ("DECIDED", "decided"))
            if line[mark]
        )
        found = self.trace(line)
        if found is None:
            return Described(self._decided(line), "", "", "", flags, "")
        trace, rows = found
        if line["units_off"] or line["topped"]:
            flags = (*flags, "OTHER_SUPPORT")
        missing = self._missing(trace, rows) if line["status"] in _OPEN else ""
        formula = (
            ""
            if line["status"] in ("ineligible", "invalid") and not line["netted"]
            else self.formulas.line(trace, rows, line)
        )
        sources = (
            "" if len(rows) > _MOST else ", ".join(dict.fromkeys(str(place) for place in self.places(trace, rows[0])))
        )
        return Described(
            self._reason(line, trace, rows, missing),
            formula,
            missing,
            sources or self._sheet(trace),
            flags,
            self._todo(line, missing),
        )

    # ---- facts and places -----------------------------------------------------------------------

    def refs(self, trace: Trace) -> list[Ref]:
        """The facts that a line reads, in the order of the clause."""
        clause = trace.clause
        own = trace.scope.table == clause.table
        parts = (clause.when, clause.award, clause.fund.due_to) if own else (clause.declared_award,)
        return list(dict.fromkeys(refs_in(parts)))

    def places(self, trace: Trace, row: int) -> Iterable[Place]:
        """Where the facts of a row stand."""
        for ref in self.refs(trace):
            place = self.reader.place(trace, ref, row)
            if place is not None:
                yield place

    def _sheet(self, trace: Trace) -> str:
        frame = trace.scope.rows.frame
        if not frame.height:
            return ""
        part = self.assessment.tables.parts[int(frame["_part"][0])]
        return " ".join(word for word in (part.file, part.sheet) if word)

    def leaves(self, trace: Trace, row: int) -> list[Leaf]:
        """All single tests of a row."""
        return list(self.reader.leaves((*trace.tests, *trace.outcome.tests, *trace.once), row))

    # ---- sentences ------------------------------------------------------------------------------

    def _reason(self, line: Mapping[str, Any], trace: Trace, rows: list[int], missing: str) -> str:
        code = line["reason"]
        if code == "DECIDED":
            return self._decided(line)
        if code in ("GRANTED", "CAPPED"):
            if code == "CAPPED":
                return (
                    f"符合条件，按上限 {grouped(line['cap'])} 元"
                    if self.zh
                    else f"conditions met; capped at {grouped(line['cap'])}"
                )
            return "符合条件" if self.zh else "conditions met"
        if code in ("BELOW_THRESHOLD", "AT_THRESHOLD", "WRONG_KIND"):
            return self._failing(trace, rows)
        if code == "NOT_FIRST_TIME":
            first = next((leaf for leaf in self.leaves(trace, rows[0]) if leaf.op == "<" and leaf.met is False), None)
            return (
                (f"不是首次突破：{first.text}" if self.zh else f"not for the first time: {first.text}") if first else ""
            )
        if code == "ALREADY_PAID":
            if line["netted"]:
                return (
                    f"本年度已兑现 {grouped(line['netted'])} 元，无余额"
                    if self.zh
                    else f"{grouped(line['netted'])} paid this year already; nothing is left"
                )
            return "以前已兑现，不再兑现" if self.zh else "paid before; not paid again"
        if code == "OTHER_SUPPORT":
            if line["status"] == "held":
                return (
                    "同一事项已申报其他财政支持，尚未批复"
                    if self.zh
                    else "other support for the same matter is applied for and undecided"
                )
            return (
                "同一事项已获中央、省或市级财政支持，不重复享受"
                if self.zh
                else "the same matter has central, provincial or municipal support already"
            )
        if code == "SUPERSEDED":
            return self._superseded(line)
        if code == "BAD_CODE":
            return "统一社会信用代码有误，先更正代码" if self.zh else "the credit code is wrong; correct it first"
        if code == "INVALID_FACT":
            bad = "、".join(self._unreadable(trace, rows)) if self.zh else ", ".join(self._unreadable(trace, rows))
            return f"数据无法识别：{bad}" if self.zh else f"cannot be read: {bad}"
        if code == "DUPLICATE_CLAIM":
            return self._disputed(line, trace, rows)
        best = self._potential(line)
        return (
            (f"缺少：{missing}{best}" if self.zh else f"missing: {missing}{best}")
            if missing
            else (f"资料不全{best}" if self.zh else f"incomplete{best}")
        )

    def _potential(self, line: Mapping[str, Any]) -> str:
        if line["potential"] is None:
            return "；补齐前无法估算" if self.zh else "; not bounded until it is known"
        return (
            f"；补齐后最多 {grouped(line['potential'])} 元"
            if self.zh
            else f"; up to {grouped(line['potential'])} once known"
        )

    def _released(self, line: Mapping[str, Any]) -> str:
        if line["potential"] is None:
            return ""
        return (
            f"；解除后最多 {grouped(line['potential'])} 元"
            if self.zh
            else f"; up to {grouped(line['potential'])} once released"
        )

    def _decided(self, line: Mapping[str, Any]) -> str:
        note = line.get("note") or ""
        return (
            f"人工核定 {grouped(line['amount'])} 元（计算 {grouped(line['computed'])} 元）{note}"
            if self.zh
            else f"decided by hand: {grouped(line['amount'])} (computed {grouped(line['computed'])}){note}"
        ).strip()

    def _failing(self, trace: Trace, rows: list[int]) -> str:
        if len(rows) > 1:
            counted = Counter(self._failing(trace, [row]) for row in rows)
            text, number = counted.most_common(1)[0]
            return (
                f"{len(rows)} 行均不符合，如 {text}"
                if self.zh
                else f"none of {len(rows)} rows qualifies; {number} of them: {text}"
            )
        said: list[str] = []
        row = rows[0]
        for test in (*trace.tests, *trace.outcome.tests, *trace.once):
            if self.reader.peek(test.met, row) is not False:
                continue
            if test.branches and test.condition is None:
                said.extend(self._no_way(test, row))
            else:
                said.extend(
                    self._fails(trace, leaf, row) for leaf in self.reader.leaves((test,), row) if leaf.met is False
                )
            if test.kind == "past":
                break
        return joined(list(dict.fromkeys(said))[:6], self.lang)

    def _no_way(self, test: Test, row: int) -> Iterable[str]:
        """Of a choice of awards: what fails first in each."""
        for number, branch in enumerate(test.branches, start=1):
            failing = next((leaf for leaf in self.reader.leaves(branch, row) if leaf.met is False), None)
            if failing is not None:
                yield (
                    f"({number}) {failing.text}：{failing.shown}"
                    if self.zh
                    else f"({number}) {failing.text}: {failing.shown}"
                )

    def _fails(self, trace: Trace, leaf: Leaf, row: int) -> str:
        if leaf.op == ">" and leaf.threshold is None:
            return self._no_tier(trace, row)
        name = self._name(leaf)
        if leaf.op == ">" and leaf.value == leaf.threshold:
            return (
                f"{name}恰为 {leaf.shown}，须大于 {leaf.threshold_shown}"
                if self.zh
                else f"{name} is exactly {leaf.shown}; it must be above {leaf.threshold_shown}"
            )
        if leaf.shortfall:
            return (
                f"{name} {leaf.shown}，未达 {leaf.threshold_shown}，差 {leaf.shortfall}"
                if self.zh
                else f"{name} {leaf.shown} is short of {leaf.threshold_shown} by {leaf.shortfall}"
            )
        return f"要求{leaf.text}，实为 {leaf.shown}" if self.zh else f"required: {leaf.text}; found: {leaf.shown}"

    def _name(self, leaf: Leaf) -> str:
        return self.reader.label(leaf.ref) if leaf.ref is not None else ""

    def _no_tier(self, trace: Trace, row: int) -> str:
        """Which first step was not passed, and by how much."""
        shape = trace.clause.award.shape
        metric, tiers = getattr(shape, "metric", None), getattr(shape, "tiers", ())
        if metric is None or not tiers:
            return ""
        value = self.reader.peek(trace.scope.fact(metric).lo, row)
        lowest = tiers[0][0]
        kind = self.policy.type_of(metric)
        scale = SCALE.get(kind, 1)
        label = self.reader.label(metric)
        if value == lowest:
            return (
                f"{label}恰为 {decimal_text(value, scale)}，突破须超过，含本数不计"
                if self.zh
                else f"{label} is exactly {decimal_text(value, scale)}; past means above it"
            )
        return (
            f"{label} {decimal_text(value, scale)}，未突破 {decimal_text(lowest, scale)}，差 {decimal_text(lowest - value, scale)}"
            if self.zh
            else f"{label} {decimal_text(value, scale)} is short of {decimal_text(lowest, scale)} by {decimal_text(lowest - value, scale)}"
        )

    def _superseded(self, line: Mapping[str, Any]) -> str:
        if self._winners is None:
            self._winners = {}
            paid = self.assessment.lines.filter(pl.col("amount") > 0).select("applicant", "clause", "amount").rows()
            for applicant, clause, amount in paid:
                self._winners[applicant, clause] = (
                    clause,
                    self._winners.get((applicant, clause), (clause, 0))[1] + amount,
                )
        for group in self.policy.groups:
            members = [clause for member in group.members for clause in clauses_of(member, self.policy)]
            if group.pays == "highest" and line["clause"] in members:
                won = [
                    self._winners[line["applicant"], clause]
                    for clause in members
                    if (line["applicant"], clause) in self._winners
                ]
                if won:
                    clause, amount = max(won, key=lambda entry: entry[1])
                    rule = self.policy.clauses[clause]
                    return (
                        f"与“{rule.title.zh}”取高，后者 {grouped(amount)} 元"
                        if self.zh
                        else f"{rule.title.en} ({rule.article}) pays more: {grouped(amount)}"
                    )
        return "同组另一项金额更高" if self.zh else "another line of the group pays more"

    def _unreadable(self, trace: Trace, rows: list[int]) -> list[str]:
        found = []
        for row in rows[:200]:
            claimed = refs_in(trace.clause.claimed) if trace.claimed else ()
            for ref in [*self.refs(trace), *claimed, *self._history_refs(trace)]:
                fact = trace.scope.fact(ref)
                if fact.bad is not None and self.reader.peek(fact.bad, row):
                    place = self.reader.place(trace, ref, row)
                    found.append(
                        f"{self.reader.label(ref)}（{place}）" if self.zh else f"{self.reader.label(ref)} ({place})"
                    )
        return list(dict.fromkeys(found))[:_MOST] or [self._sheet(trace)]

    def _history_refs(self, trace: Trace) -> list[Ref]:
        history = self.policy.history
        metric = getattr(trace.clause.award.shape, "metric", None)
        if history is None or metric is None:
            return []
        return [history.since, *([history.declared[metric.id]] if metric.id in history.declared else [])]

    def _disputed(self, line: Mapping[str, Any], trace: Trace, rows: list[int]) -> str:
        named = [name for row in rows for name in self._others(trace, row)] or self._child_rivals(trace, rows[0])
        if not named:
            return (
                "资料重复而内容不同，核实前暂扣（见待处理）"
                if self.zh
                else "rows contradict each other; held until settled (see the findings)"
            )
        listing = ("、" if self.zh else ", ").join(list(dict.fromkeys(named))[:_MOST])
        more = (
            f" 等 {len(named)} 项"
            if len(named) > _MOST and self.zh
            else f" and {len(named) - _MOST} more"
            if len(named) > _MOST
            else ""
        )
        tail = self._released(line)
        return (
            f"另有主体同时申报：{listing}{more}{tail}" if self.zh else f"also claimed by another: {listing}{more}{tail}"
        )

    def _others(self, trace: Trace, row: int) -> list[str]:
        """The other claimants of a row of the clause's own table."""
        claims = self.assessment.store.claims(trace.scope.table)
        if claims is None or not self.reader.peek(trace.held, row):
            return []
        rule = next(rule for rule in self.policy.claimants if rule.table == trace.scope.table)
        return self._rival_names(rule.table, self.reader.peek(self.reader.up(trace, trace.scope.table), row))

    def _child_rivals(self, trace: Trace, row: int) -> list[str]:
        """The other claimants of held child rows that a line counts."""
        named: list[str] = []
        for rule in self.policy.claimants:
            child = self.assessment.store.rows[rule.table]
            if trace.scope.table not in child.up:
                continue
            claims = self.assessment.store.claims(rule.table)
            if claims is None:
                continue
            mine = self.reader.peek(self.reader.up(trace, trace.scope.table), row)
            for at in (claims.held & (child.up[trace.scope.table] == mine)).arg_true().to_list():
                named.extend(self._rival_names(rule.table, at))
        return named

    def _rival_names(self, table: str, at: int) -> list[str]:
        rule = next(rule for rule in self.policy.claimants if rule.table == table)
        frame = self.assessment.store.rows[table].frame
        if id(rule) not in self._rivals:
            claims = self.assessment.store.claims(table)
            held = frame.filter(claims.rivals) if claims is not None else frame.clear()
            grouped_by = held.group_by(rule.key, maintain_order=True).agg(
                pl.col(rule.claimant).unique(maintain_order=True)
            )
            self._rivals[id(rule)] = dict(zip(grouped_by[rule.key], grouped_by[rule.claimant].to_list(), strict=True))
        key, claimant = frame[rule.key][at], frame[rule.claimant][at]
        return [f"{key} → {other}" for other in self._rivals[id(rule)].get(key, []) if other != claimant]

    # ---- what is missing --------------------------------------------------------------------------

    def missing_refs(self, trace: Trace, row: int) -> list[str]:
        """The facts of a row that are blank and decide."""
        found: list[str] = []
        for test in _unknown((*trace.tests, *trace.outcome.tests, *trace.once), self.reader, row):
            if test.kind == "first":
                found.append(self._missing_years(trace, row))
            elif test.kind == "unpaid":
                found.append(
                    "历年已兑现的档次、级别或对象" if self.zh else "tier, level or object of an award paid before"
                )
            elif test.condition is not None:
                found.extend(self._blank_refs(trace, tuple(refs_in(test.condition)), row))
            elif test.fact is not None:
                found.extend(
                    self._blank_refs(trace, (trace.clause.award.shape.metric,), row)
                    if hasattr(trace.clause.award.shape, "metric")
                    else []
                )
        if trace.clause.rows == "one":
            found.extend(
                self._blank_refs(trace, (*refs_in(trace.clause.award), *refs_in(trace.clause.fund.due_to)), row)
            )
        return list(dict.fromkeys(found))

    def _blank_refs(self, trace: Trace, refs: tuple[Ref, ...], row: int) -> list[str]:
        """Which typed columns behind some facts are blank at a row."""
        found = []
        for ref in refs:
            fact = trace.scope.fact(ref)
            if self.reader.peek(fact.lo, row) is not None and not self._open_beyond_held(fact, row):
                continue
            derived = self.policy.facts.get(ref)
            if derived is None or fact.is_pair or fact.den is not None:
                found.append(self.reader.label(ref))
            else:
                found.extend(
                    self._blank_refs(trace, tuple(dict.fromkeys(refs_in(derived.how))), row) or [self.reader.label(ref)]
                )
        return found

    def _open_beyond_held(self, fact: Fact, row: int) -> bool:
        """Whether child rows other than held ones leave a figure open."""
        if not fact.is_pair:
            return False
        lo, hi, held = (self.reader.peek(column, row) for column in (fact.lo, fact.hi, fact.held))
        return hi != lo and not held

    def _missing_years(self, trace: Trace, row: int) -> str:
        history = self.policy.history
        if history is None:
            return ""
        founded = self.reader.peek(trace.scope.fact(history.since).lo, row)
        if founded is None:
            return self.reader.label(history.since)
        sheet = self.policy.tables[history.table]
        last = self.policy.year - 1
        years = f"{founded.year}–{last}" if founded.year < last else str(last)
        return f"{sheet.sheet}（{years} 年）" if self.zh else f"{sheet.en} ({years})"

    def _missing(self, trace: Trace, rows: list[int]) -> str:
        if len(rows) == 1:
            return ("、" if self.zh else ", ").join(self.missing_refs(trace, rows[0]))
        counted = Counter(name for row in rows for name in self.missing_refs(trace, row))
        listing = [
            f"{name}（{number} 行）" if self.zh else f"{name} ({number} rows)"
            for name, number in counted.most_common(6)
        ]
        return ("、" if self.zh else ", ").join(listing)

    def _todo(self, line: Mapping[str, Any], missing: str) -> str:
        status = line["status"]
        if status == "pending":
            if line["reason"] == "DUPLICATE_CLAIM":
                return (
                    "核实重复申报归属后重算，或人工核定"
                    if self.zh
                    else "settle who may claim it and run again, or decide by hand"
                )
            return (
                f"补充：{missing}"
                if self.zh and missing
                else f"supply: {missing}"
                if missing
                else "补充资料"
                if self.zh
                else "supply what is missing"
            )
        if status in ("held", "eligible_with_held"):
            return (
                "核实归属后在人工核定表解除暂扣或不予支持"
                if self.zh
                else "settle the claim, then release or refuse it in the decisions sheet"
            )
        if status == "invalid":
            return "更正所列单元格后重新报送" if self.zh else "correct the cells named and submit again"
        return ""


def _unknown(tests: tuple[Test, ...], reader: Reader, row: int) -> Iterable[Test]:
    """The single tests that are unknown at a row; ways that a known one rules out are passed over."""
    for test in tests:
        if reader.peek(test.met, row) is not None:
            continue
        if test.branches:
            for branch in test.branches:
                if not any(reader.peek(inner.met, row) is False for inner in branch):
                    yield from _unknown(branch, reader, row)
        else:
            yield test


def described_lines(assessment: Assessment, lang: Lang) -> list[Described]:
    """What is said of every line, in the order of the lines."""
    describer = Describer(assessment, lang)
    return [describer.describe(line) for line in assessment.lines.iter_rows(named=True)]


def detail_frame(assessment: Assessment, lang: Lang) -> pl.DataFrame:
    """The lines with their words, one row a line in the order of the assessment; amounts in fen."""
    policy = assessment.policy
    described = described_lines(assessment, lang)
    people = assessment.applicants.select(
        pl.col("row").alias("applicant"), pl.col("code").alias("uscc"), "name", "county"
    )
    frame = assessment.lines.join(people, on="applicant", how="left", maintain_order="left")
    titles = {clause.id: clause.title.say(lang) for clause in policy.clauses.values()}
    articles = {clause.id: clause.article for clause in policy.clauses.values()}
    funds = {fund: title.say(lang) for fund, title in policy.funds.items()}
    words = {status: text.say(lang) for status, text in STATUS.items()}

    def texts(name: str) -> pl.Series:
        return pl.Series(name, [getattr(entry, name) for entry in described], dtype=pl.String)

    frame = frame.with_columns(
        article=pl.col("clause").replace_strict(articles, default="", return_dtype=pl.String),
        title=pl.col("clause").replace_strict(titles, default="", return_dtype=pl.String),
        fund_name=pl.col("fund").replace_strict(funds, default="", return_dtype=pl.String),
        status_text=pl.col("status").replace_strict(words, return_dtype=pl.String),
        reason_text=texts("reason_text"),
        formula=texts("formula"),
        missing=texts("missing"),
        sources=texts("sources"),
        todo=texts("todo"),
        flags=pl.Series(
            [", ".join(FLAG[flag].say(lang) for flag in entry.flags) for entry in described], dtype=pl.String
        ),
        flag_codes=pl.Series([",".join(entry.flags) for entry in described], dtype=pl.String),
    )
    return frame.select(
        "uscc", "name", "county", "clause", "article", "title", pl.col("object").alias("object_id"), "status", "status_text", "amount", "potential",
        "gross", "cap", "fund", "fund_name", *(f"fund:{fund}" for fund in policy.funds), "reason", "reason_text", "flags", "flag_codes", "formula",
        "missing", "sources", "todo", "computed", "decided",
    )  # fmt: skip
