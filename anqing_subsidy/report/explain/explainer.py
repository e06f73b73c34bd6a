"""Puts an explanation together from an assessment of the applicant, and from the same under other readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.finding import Text
from anqing_subsidy.money import grouped
from anqing_subsidy.report.explain.checks import checks_above, checks_of
from anqing_subsidy.report.explain.facts import FactsShown
from anqing_subsidy.report.explain.model import Explanation, LineExplained, Other, Turned
from anqing_subsidy.report.explain.rows import RowsShown
from anqing_subsidy.report.fund_parts import unpaid_funds, way_key
from anqing_subsidy.report.near_change import near_text
from anqing_subsidy.report.record import Recorder
from anqing_subsidy.report.texts import column
from anqing_subsidy.report.words import SEVERITY, STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.report.view import View

_STEPS: Final = (
    ("gross", Text("计算额", "gross")),
    ("cap", Text("上限", "cap")),
    ("instalment", Text("本年一期", "instalment of this year")),
    ("less", Text("减以前已兑现", "less paid before")),
    ("received", Text("减已获其他支持", "less other support")),
    ("joint_cut", Text("减合计上限压减", "less cut by the joint cap")),
    ("netted", Text("减本年度已兑现", "less paid this year")),
    ("computed", Text("应兑现（核定前）", "due before decisions")),
)


class Explainer:
    """Explains the lines of one applicant.

    Args:
        assessment: the applicant's alone (`engine.focus`, `engine.subset`).
        lang: the language of all texts.
        under: the same under every other option of the readings behind its lines.
    """

    def __init__(self, assessment: Assessment, lang: Lang, under: Mapping[tuple[str, str], Assessment]) -> None:
        self.assessment = assessment
        self.lang: Lang = lang
        self.under = under
        self.policy = assessment.policy
        self.recorder = Recorder(assessment, lang)
        self.describer = self.recorder.describer
        self.facts = FactsShown(self.describer)
        self.rows = RowsShown(self.describer)
        self.unpaid_funds = unpaid_funds(self.policy, lang)
        self.say = self.describer.words.say

    def explanation(self, clauses: frozenset[str] | None = None) -> Explanation:
        """The applicant explained; with `clauses` only lines of these."""
        assessment, policy, lang = self.assessment, self.policy, self.lang
        person = assessment.applicants.row(0, named=True)
        record = next(self.recorder.applicants())
        lines = assessment.lines
        explained = self._lines(lines, record["lines"])
        if clauses is not None:
            explained = [line for line in explained if line.record["clause"] in clauses]
        files = self.describer.places.files
        funds = tuple((title.say(lang), int(person[f"fund:{fund}"])) for fund, title in policy.funds.items())
        findings = tuple(
            (
                SEVERITY[found.severity].say(lang),
                files.place(found.place),
                files.shorten(found.message.say(lang)),
                found.fix.say(lang),
            )
            for found in assessment.findings
            if found.severity != "info"
        )
        readings = tuple(
            (reading.title.say(lang), reading.says[reading.value].say(lang))
            for reading in policy.readings.values()
            if any(reading.id in policy.clauses[line.record["clause"]].readings for line in explained)
        )
        return Explanation(
            person=record,
            name=person["name"] or "",
            code=person["code"] or "",
            county=person["county"] or "",
            cell=files.place(assessment.tables.place(person["_part"], person["_row"])),
            total=int(person["total"]),
            potential=person["potential"],
            by_fund=funds,
            lines=tuple(explained),
            findings=findings,
            policy=policy.title.say(lang),
            source=policy.source.say(lang),
            year=policy.year,
            readings=readings,
            inputs=tuple((source.path, source.sha256) for source in assessment.tables.inputs),
            fund_note=policy.fund_note.say(lang),
        )

    def _lines(self, lines: pl.DataFrame, records: list[dict[str, Any]]) -> list[LineExplained]:
        said = self.describer.describe(lines)
        views: dict[int, View] = {}
        for some in self.describer.views(lines):
            views |= {int(some.index[at]): some.take([at]) for at in range(some.height)}
        found = []
        for at, (line, record) in enumerate(zip(lines.iter_rows(named=True), records, strict=True)):
            view, rule = views.get(at), self.policy.clauses.get(line["clause"])
            miss = said.near.get(at)
            alone = view is not None and not (view.adds_rows and int(view.members().counts[0]) > 1)
            found.append(
                LineExplained(
                    record=record,
                    amount=int(line["amount"]),
                    article=rule.article if rule is not None else "",
                    title=rule.title.say(self.lang) if rule is not None else str(line["clause"]),
                    status=STATUS[line["status"]].say(self.lang),
                    fund=self._fund(line),
                    facts=self.facts.of(view) if view is not None else (),
                    checks=() if view is None else (checks_of if alone else checks_above)(self.describer, view),
                    steps=self._steps(line),
                    turned=self._turned(line),
                    blocked_by=self._blockers(view) if view is not None else (),
                    rows=self.rows.of(view) if view is not None and not alone else (),
                    near=near_text(miss, self.describer.words),
                    near_is_close=miss is not None and miss.is_close,
                    sources=said.sources[at],
                    marks=said.marks[at],
                    todo=said.todo[at],
                )
            )
        return found

    def _fund(self, line: Mapping[str, Any]) -> str:
        """The fund of a line, or the funds that share it."""
        parts = {title.say(self.lang): line[f"fund:{fund}"] for fund, title in self.policy.funds.items()}
        paying = [f"{name} {grouped(part)}" for name, part in parts.items() if part]
        if len(paying) > 1:
            return self.describer.words.joined(paying)
        told = self.unpaid_funds.get(way_key(line["clause"], line["way"]))
        if not line["amount"] and told is not None:
            return told
        return self.policy.funds[line["fund"]].say(self.lang) if line["fund"] in self.policy.funds else ""

    def _steps(self, line: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
        """Gross, cap, what was taken off, net: those that have something to say."""
        found = []
        for name, said in _STEPS:
            value = line[name]
            wanted = bool(value) if name not in ("gross", "cap", "instalment") else value is not None
            if name == "computed":
                wanted = bool(line["decided"]) and value != line["amount"]
            if name == "cap":
                wanted = wanted and bool(line["gross"])
            if wanted:
                found.append((said.say(self.lang), int(value)))
        named = self.describer.sentences.short.name
        found += [
            (self.say(f"按{named(cut)}压减至", f"cut by {named(cut)} to"), int(line[cut.after]))
            for cut in self.assessment.cuts
            if line[cut.after] is not None
        ]
        return (*found, (self.say("实付", "net"), int(line["amount"])))

    def _turned(self, line: Mapping[str, Any]) -> tuple[Turned, ...]:
        """The readings behind a line, each with what its other options would give."""
        rule = self.policy.clauses.get(line["clause"])
        found = []
        for name in rule.readings if rule is not None else ():
            reading = self.policy.readings[name]
            others = [
                Other(
                    option,
                    reading.says[option].say(self.lang),
                    *_amount(self.under[name, option], line),
                    *self._status(self.under[name, option], line),
                )
                for option in reading.options
                if (name, option) in self.under
            ]
            says = reading.says[reading.value].say(self.lang)
            found.append(Turned(name, reading.title.say(self.lang), reading.value, says, tuple(others)))
        return tuple(found)

    def _status(self, under: Assessment, line: Mapping[str, Any]) -> tuple[str, str]:
        """The state of a line elsewhere, and the word for it; empty where there is no such line."""
        found = _same(under, line)["status"].to_list()
        return (found[0], STATUS[found[0]].say(self.lang)) if found else ("", "")

    def _blockers(self, view: View) -> tuple[str, ...]:
        """Awards already paid, other support, other claimants behind a line, each with its row."""
        sentences, found = self.describer.sentences, []
        if view.of("status")[0] in ("ineligible", "pending") or view.of("netted")[0]:
            earlier = column(sentences.paid.earlier(view), 1)[0]
            found.append(self.say(f"以前已兑现：{earlier}", f"paid before: {earlier}") if earlier else "")
        else:
            off = column(sentences.paid.taken_off(view), 1)[0]
            found.append(self.say(f"减去以前已兑现的：{off}", f"less what was paid before: {off}") if off else "")
        if view.of("netted")[0]:
            now = column(sentences.paid.this_year(view), 1)[0]
            found.append(self.say(f"本年度已兑现：{now}", f"paid this year: {now}") if now else "")
        for applied, zh, en in (
            (False, "其他支持", "other support"),
            (True, "已申报的其他支持", "support applied for"),
        ):
            support = column(sentences.supported.of(view, applied=applied), 1)[0]
            found.append(self.say(f"{zh}：{support}", f"{en}: {support}") if support else "")
        rivals = sentences.rivals.of(view)[0]
        found.append(self.say(f"另有主体同时申报：{rivals}", f"also claimed by another: {rivals}") if rivals else "")
        return tuple(filter(None, found))


def _amount(under: Assessment, line: Mapping[str, Any]) -> tuple[int, int]:
    """What a line and its applicant come to elsewhere; nothing where there is no such line."""
    people = under.applicants.filter(pl.col("row") == line["applicant"])
    return int(_same(under, line)["amount"].sum()), int(people["total"].sum())


def _same(under: Assessment, line: Mapping[str, Any]) -> pl.DataFrame:
    """The same line elsewhere."""
    return under.lines.filter(
        (pl.col("applicant") == line["applicant"])
        & (pl.col("clause") == line["clause"])
        & pl.col("object").eq_missing(pl.lit(line["object"], dtype=pl.String))
    )
