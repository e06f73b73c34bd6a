"""The JSON result of the contract: plain dictionaries, money as text in yuan, every figure with its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.finding import Finding, Lang
from anqing_subsidy.ledger.entries import figures, paying
from anqing_subsidy.money import plain
from anqing_subsidy.report.cut_short import budgets_cut
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.instalment import instalments_of
from anqing_subsidy.report.near_change import Change, NearMiss, near_text
from anqing_subsidy.report.record_conditions import ConditionsRecorded, place
from anqing_subsidy.report.view import scatter
from anqing_subsidy.report.words import scripted, share

SCHEMA: Final = "anqing-subsidy/result/1"
_AT_A_TIME: Final = 5_000


def money(fen: int | None) -> str | None:
    """Fen as a text of yuan; None stays None."""
    return None if fen is None else plain(fen)


def finding(found: Finding, lang: Lang) -> dict[str, Any]:
    """One finding; `also` lists the further cells that it is about."""
    also = {"also": [place(other) for other in found.others]} if found.others else {}
    return {
        "severity": found.severity,
        "code": found.code,
        "message": found.message.say(lang),
        "value": found.value,
        "fix": found.fix.say(lang),
        "source": place(found.place),
        **also,
    }


Line = tuple[int, str, str | None]
"""What tells lines apart: row of the applicant, clause, object."""


class Recorder:
    """Turns an assessment into the JSON result, applicant by applicant."""

    def __init__(self, assessment: Assessment, lang: Lang) -> None:
        self.assessment = assessment
        self.policy = assessment.policy
        self.lang: Lang = lang
        self.describer = Describer(assessment, lang)
        self.conditions = ConditionsRecorded(self.describer)

    @cached_property
    def _paying(self) -> dict[Line, dict[str, Any]]:
        found = {}
        for applicant, clause, thing, sequence, tier, level, names, adds, once in paying(self.assessment).iter_rows():
            parts = [[name, plain(added)] for name, added in zip(names, adds, strict=True)]
            entry = {"sequence": sequence, "tier": tier, "level": level, "parts": parts, "once": once}
            found[applicant, clause, thing] = entry
        return found

    @cached_property
    def _figures(self) -> dict[str, dict[str, dict[str, str | None]]]:
        """The figures that a ledger keeps for later years, by code, year and column."""
        rule = self.policy.history
        found: dict[str, dict[str, dict[str, str | None]]] = {}
        if rule is None:
            return found
        columns = self.policy.tables[rule.table].columns
        for row in figures(self.assessment).sort("year").iter_rows(named=True):
            code, year = row.pop("code"), row.pop("year")
            said = {name: scripted(value, columns[name].type) for name, value in row.items() if value is not None}
            found.setdefault(code, {})[str(year)] = said
        return found

    def head(self) -> dict[str, Any]:
        """Policy and inputs."""
        policy = self.policy
        readings = {reading.id: reading.value for reading in policy.readings.values()}
        known = {"id": policy.id, "file": policy.file, "sha256": policy.sha256, "year": policy.year}
        inputs = self.assessment.tables.inputs
        return {
            "schema": SCHEMA,
            "policy": {**known, "readings": readings},
            "inputs": [{"path": source.path, "sha256": source.sha256} for source in inputs],
            **self._ledger(),
        }

    def _ledger(self) -> dict[str, Any]:
        """The ledger that was read, up to which run and entry, and the head of its chain; nothing without one."""
        seen = self.assessment.tables.ledger
        if seen is None:
            return {}
        return {"ledger": {"file": seen.file, "run": seen.run, "entries": seen.entries, "head": seen.head}}

    def applicants(self) -> Iterator[dict[str, Any]]:
        """Every applicant with its lines, in input order; some thousand at a time are put into words."""
        people = self.assessment.applicants
        for some in people.iter_slices(_AT_A_TIME):
            mine = self.assessment.lines.filter(pl.col("applicant").is_in(some["row"].implode()))
            lines: dict[int, list[dict[str, Any]]] = {}
            for applicant, line in zip(mine["applicant"].to_list(), self.lines(mine), strict=True):
                lines.setdefault(applicant, []).append(line)
            facts = self._facts(some["row"])
            for person, given in zip(some.iter_rows(named=True), facts, strict=True):
                yield {
                    "uscc": person["code"],
                    "name": person["name"],
                    "county": person["county"],
                    "total": plain(person["total"]),
                    "potential": money(person["potential"]),
                    "by_fund": {fund: plain(person[f"fund:{fund}"]) for fund in self.policy.funds},
                    "facts": given,
                    "lines": lines.get(person["row"], []),
                    "figures": self._figures.get(person["code"] or "", {}),
                    "source": place(self.assessment.tables.place(person["_part"], person["_row"])),
                }

    def _facts(self, rows: pl.Series) -> list[dict[str, str]]:
        """What each applicant typed; blanks are left out."""
        frame = self.assessment.store.rows[self.policy.main].frame[rows]
        columns = self.policy.tables[self.policy.main].columns
        found: list[dict[str, str]] = [{} for _ in range(frame.height)]
        for name, column in columns.items():
            for facts, value in zip(found, frame[name].to_list(), strict=True):
                if (text := scripted(value, column.type)) is not None:
                    facts[name] = text
        return found

    def lines(self, lines: pl.DataFrame) -> Iterator[dict[str, Any]]:
        """Some lines of the assessment, in their order."""
        conditions: list[list[dict[str, Any]]] = [[] for _ in range(lines.height)]
        instalments: list[dict[str, Any] | None] = [None] * lines.height
        for view in self.describer.views(lines):
            scatter(conditions, view.index.to_list(), self.conditions.of(view))
            scatter(instalments, view.index.to_list(), instalments_of(view))
        said = self.describer.describe(lines)
        words = zip(
            *(part.to_list() for part in (said.reason_text, said.flags, said.formula, said.missing)), strict=True
        )
        for at, (line, (reason, flags, formula, missing), tests) in enumerate(
            zip(lines.iter_rows(named=True), words, conditions, strict=True)
        ):
            rule = self.policy.clauses.get(line["clause"])
            yield {
                "clause": line["clause"],
                "article": rule.article if rule else None,
                "title": rule.title.say(self.lang) if rule else None,
                "object_id": line["object"],
                "status": line["status"],
                "amount": plain(line["amount"]),
                "potential": money(line["potential"]),
                "gross": money(line["gross"]),
                "cap": money(line["cap"]),
                "fund": line["fund"],
                "by_fund": {fund: plain(line[f"fund:{fund}"]) for fund in self.policy.funds},
                "reason": line["reason"],
                "reason_text": reason,
                "flags": flags.split(",") if flags else [],
                "readings": [f"{name}={self.policy.readings[name].value}" for name in (rule.readings if rule else ())],
                "formula": formula,
                "missing": missing,
                "computed": plain(line["computed"]),
                "instalment": instalments[at],
                "cuts": self.describer.sentences.short.recorded(line),
                "entry": self._paying.get((line["applicant"], line["clause"], line["object"]))
                if line["amount"] > 0
                else None,
                "near_miss": self._near_miss(said.near.get(at)),
                "conditions": tests,
            }

    def _near_miss(self, miss: NearMiss | None) -> dict[str, Any] | None:
        """What would have to change for a line to pay more, and what it would come to."""
        if miss is None:
            return None
        return {
            "text": near_text(miss, self.describer.words),
            "amount": plain(miss.amount),
            "close": miss.is_close,
            "row": miss.row,
            "changes": [self._change(change) for change in miss.changes],
        }

    def _change(self, change: Change) -> dict[str, Any]:
        if change.den is not None:
            value, needed = share(change.value, change.den), share(change.needed, change.den)
        else:
            kind = self.policy.type_of(change.ref)
            value, needed = scripted(change.value, kind) or "", scripted(change.needed, kind) or ""
        return {"fact": change.ref.id, "value": value, "needed": needed}

    def totals(self) -> dict[str, Any]:
        """Sums over all applicants: by fund, clause, county; lines by status."""
        assessment, policy = self.assessment, self.policy
        people, lines = assessment.applicants, assessment.lines
        potential = None if people["potential"].null_count() else int(people["potential"].sum())
        by_clause = dict(lines.group_by("clause").agg(pl.col("amount").sum()).rows())
        by_county = people.group_by("county").agg(pl.col("total").sum()).sort("county", nulls_last=True).rows()
        by_status = dict(lines.group_by("status").agg(pl.len()).rows())
        return {
            "amount": plain(int(people["total"].sum())),
            "potential": money(potential),
            "by_fund": {fund: plain(int(people[f"fund:{fund}"].sum())) for fund in policy.funds},
            "by_clause": {clause: plain(int(by_clause.get(clause, 0))) for clause in policy.clauses},
            "by_county": {county or "": plain(int(amount)) for county, amount in by_county},
            "by_status": {status: by_status[status] for status in sorted(by_status)},
            "cuts": budgets_cut(assessment.cuts),
        }

    def findings(self) -> list[dict[str, Any]]:
        """All findings."""
        return [finding(found, self.lang) for found in self.assessment.findings]

    def whole(self) -> dict[str, Any]:
        """The whole result."""
        return {
            **self.head(),
            "applicants": list(self.applicants()),
            "totals": self.totals(),
            "findings": self.findings(),
        }
