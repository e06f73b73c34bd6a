"""What a person sees of an assessment: applicants with their lines, findings, a summary, the readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.finding import Finding, Lang
from anqing_subsidy.money import grouped
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.files import Files
from anqing_subsidy.report.fund_parts import fund_parts
from anqing_subsidy.report.words import SEVERITY, STATUS

PROBLEMS = ("pending", "held", "invalid", "eligible_with_held")
MANY = 50


class Breakdown:
    """What is shown of an assessment, in one language."""

    def __init__(self, assessment: Assessment, lang: Lang, *, everything: bool, remarks: bool = False) -> None:
        self.assessment = assessment
        self.policy = assessment.policy
        self.files = Files(assessment.tables)
        self.lang: Lang = lang
        self.zh = lang == "zh"
        self.remarks = remarks
        self.everything = everything or assessment.applicants.height <= MANY
        self.lines: dict[int, list[tuple[dict[str, Any], str]]] = {}
        shown = assessment.lines
        if not self.everything:
            troubled = shown.filter(pl.col("status").is_in(PROBLEMS))["applicant"].unique()
            shown = shown.filter(pl.col("applicant").is_in(troubled.implode()))
        describer = Describer(assessment, lang)
        said = describer.describe(shown)
        funds = fund_parts(describer.words, shown, alone=False)
        notes = map(self._note, *(part.to_list() for part in (said.formula, said.reason_text, funds, said.marks)))
        for line, note in zip(shown.iter_rows(named=True), notes, strict=True):
            self.lines.setdefault(line["applicant"], []).append((line, note))

    def people(self) -> Iterable[dict[str, Any]]:
        """The applicants to show: all of them, or beyond many only those with a problem."""
        for person in self.assessment.applicants.iter_rows(named=True):
            if self.everything or person["row"] in self.lines:
                yield person

    def say(self, zh: str, en: str) -> str:
        """One of two wordings."""
        return zh if self.zh else en

    def title(self, line: Mapping[str, Any]) -> str:
        """Article, title and object of a line."""
        rule = self.policy.clauses.get(line["clause"])
        words = f"{rule.article} {rule.title.say(self.lang)}" if rule else line["clause"]
        return f"{words} [{line['object']}]" if line["object"] else words

    def _note(self, formula: str, reason: str, funds: str, marks: str) -> str:
        """Formula, reason, funds that share it and flags of a line in one text."""
        shared = self.say(f"【{funds}】", f"[{funds}]") if funds else ""
        noted = self.say(f"（{marks}）", f"({marks})") if marks else ""
        return "  ".join(part for part in (formula, reason, shared, noted) if part)

    def totals_of(self, person: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Total, by fund, and what is still possible: label and figure."""
        rows = [(self.say("合计", "total"), grouped(person["total"]))]
        funds = [(title.say(self.lang), person[f"fund:{fund}"]) for fund, title in self.policy.funds.items()]
        rows.extend((f"  {title}", grouped(amount)) for title, amount in funds if amount)
        if person["potential"] is None:
            rows.append((self.say("另有可能", "possible besides"), self.say("未定", "not bounded")))
        elif person["potential"]:
            rows.append((self.say("另有可能", "possible besides"), grouped(person["potential"])))
        return rows

    def head_of(self, person: Mapping[str, Any]) -> str:
        """Name, code, county."""
        return "  ".join(str(part) for part in (person["name"], person["code"], person["county"]) if part)

    def findings(self) -> list[tuple[Finding, int]]:
        """Findings by gravity, remarks where they are wanted; the same fault again is counted, not repeated."""
        seen: dict[tuple[object, ...], tuple[Finding, int]] = {}
        rank = {"error": 0, "warning": 1, "info": 2}
        for found in sorted(self.assessment.findings, key=lambda found: rank[found.severity]):
            if found.severity == "info" and not self.remarks:
                continue
            # a remark counts the cells of its own sheet, so that those of two sheets are two
            key = (found.code, found.message.say(self.lang), found.place if found.severity == "info" else None)
            first, number = seen.get(key, (found, 0))
            seen[key] = (first, number + 1)
        return list(seen.values())

    def summary(self) -> list[tuple[str, str]]:
        """Label and figure of each row of the summary."""
        people, lines = self.assessment.applicants, self.assessment.lines
        rows = [
            (self.say("申报主体", "applicants"), f"{people.height:,}"),
            (self.say("合计金额（元）", "amount (yuan)"), grouped(int(people["total"].sum()))),
        ]
        rows.extend(
            (f"  {title.say(self.lang)}", grouped(int(people[f"fund:{fund}"].sum())))
            for fund, title in self.policy.funds.items()
        )
        counts = dict(lines.group_by("status").agg(pl.len()).rows())
        rows.extend(
            (
                f"  {text.say(self.lang)}",
                f"{counts[status]:,} {self.say('条', 'line' if counts[status] == 1 else 'lines')}",
            )
            for status, text in STATUS.items()
            if status in counts
        )
        seen = self.assessment.tables.ledger
        if seen is not None:
            upto = self.say(f"第 {seen.run} 次登记，{seen.entries:,} 笔", f"run {seen.run}, {seen.entries:,} entries")
            rows.append((self.say(f"账本 {seen.file}", f"ledger {seen.file}"), upto))
        severities: Counter[str] = Counter(found.severity for found in self.assessment.findings)
        rows.extend(
            (f"  {text.say(self.lang)}", f"{severities[severity]:,} {self._noun(severity, severities[severity])}")
            for severity, text in SEVERITY.items()
            if severities[severity]
        )
        return rows

    def _noun(self, severity: str, number: int) -> str:
        noun = "finding" if number == 1 else "findings"
        if severity == "info" and not self.remarks:
            return self.say("处（-v 列出）", f"{noun} (listed with -v)")
        return self.say("处", noun)

    def readings(self) -> list[str]:
        """The readings that are not at their default."""
        changed = [reading for reading in self.policy.readings.values() if reading.value != reading.default]
        return [
            f"{reading.id}={reading.value}  {reading.title.say(self.lang)}{self.say('：', ': ')}{reading.says[reading.value].say(self.lang)}"
            for reading in changed
        ]
