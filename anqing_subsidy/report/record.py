"""The JSON result of the contract: plain dictionaries, money as text in yuan, every figure with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.finding import Finding, Lang, Place
from anqing_subsidy.money import plain
from anqing_subsidy.policy.reads import refs_in
from anqing_subsidy.report.conditions import Leaf, value_text
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.words import scripted

SCHEMA: Final = "anqing-subsidy/result/1"


def money(fen: int | None) -> str | None:
    """Fen as a text of yuan; None stays None."""
    return None if fen is None else plain(fen)


def place(found: Place | None) -> dict[str, Any] | None:
    """A place without the keys that it does not have."""
    if found is None:
        return None
    keys = {"file": found.file, "sheet": found.sheet, "row": found.row, "column": found.column}
    return {key: value for key, value in keys.items() if value is not None}


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


class Recorder:
    """Turns an assessment into the JSON result, applicant by applicant."""

    def __init__(self, assessment: Assessment, lang: Lang) -> None:
        self.assessment = assessment
        self.policy = assessment.policy
        self.lang: Lang = lang
        self.describer = Describer(assessment, lang)

    def head(self) -> dict[str, Any]:
        """Policy and inputs."""
        policy = self.policy
        readings = {reading.id: reading.value for reading in policy.readings.values()}
        return {
            "schema": SCHEMA,
            "policy": {"id": policy.id, "sha256": policy.sha256, "year": policy.year, "readings": readings},
            "inputs": [{"path": source.path, "sha256": source.sha256} for source in self.assessment.tables.inputs],
        }

    def applicants(self) -> Iterator[dict[str, Any]]:
        """Every applicant with its lines, in input order."""
        lines: dict[int, list[dict[str, Any]]] = {}
        for line in self.assessment.lines.iter_rows(named=True):
            lines.setdefault(line["applicant"], []).append(line)
        for person in self.assessment.applicants.iter_rows(named=True):
            mine = lines.get(person["row"], [])
            yield {
                "uscc": person["code"],
                "name": person["name"],
                "county": person["county"],
                "total": plain(person["total"]),
                "potential": money(person["potential"]),
                "by_fund": {fund: plain(person[f"fund:{fund}"]) for fund in self.policy.funds},
                "facts": self._facts(person["row"]),
                "lines": [self.line(line) for line in mine],
                "source": place(self.assessment.tables.place(person["_part"], person["_row"])),
            }

    def _facts(self, row: int) -> dict[str, Any]:
        frame = self.assessment.store.rows[self.policy.main].frame
        columns = self.policy.tables[self.policy.main].columns
        found = {name: scripted(frame[name][row], column.type) for name, column in columns.items()}
        return {name: value for name, value in found.items() if value is not None}

    def line(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """One line."""
        said = self.describer.describe(line)
        found = self.describer.trace(line)
        rule = self.policy.clauses.get(line["clause"])
        conditions = self._conditions(*found) if found is not None else []
        return {
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
            "reason_text": said.reason_text,
            "flags": list(said.flags),
            "readings": [f"{name}={self.policy.readings[name].value}" for name in (rule.readings if rule else ())],
            "formula": said.formula,
            "missing": said.missing,
            "computed": plain(line["computed"]),
            "near_miss": None,
            "conditions": conditions,
        }

    def _conditions(self, trace: Trace, rows: list[int]) -> list[dict[str, Any]]:
        """The tests of a line; of a line that adds up many rows, the facts of the rows stay in their sheet."""
        if len(rows) > 1:
            return [self._rows_condition(trace, rows)]
        found = []
        for leaf in self.describer.leaves(trace, rows[0]):
            source = self._source(trace, leaf, rows[0])
            found.append(
                {
                    "text": leaf.text,
                    "fact": leaf.ref.id if leaf.ref is not None else None,
                    "value": value_text(leaf),
                    "op": leaf.op,
                    "threshold": scripted(leaf.threshold, leaf.kind)
                    if not isinstance(leaf.threshold, str)
                    else leaf.threshold,
                    "met": leaf.met,
                    "way": leaf.way,
                    "source": place(source),
                }
            )
        return found

    def _source(self, trace: Trace, leaf: Leaf, row: int) -> Place | None:
        """Where the figure of a test stands; the highest of earlier years stands in their sheet or a declared cell."""
        reader, history = self.describer.reader, self.policy.history
        if leaf.op != "first" or history is None or leaf.ref is None:
            return reader.place(trace, leaf.ref, row) if leaf.ref is not None else None
        if reader.peek(trace.outcome.declared, row):
            return reader.place(trace, history.declared[leaf.ref.id], row)
        return reader.sheet(history.table) if leaf.value is not None else None

    def _rows_condition(self, trace: Trace, rows: list[int]) -> dict[str, Any]:
        qualifying = sum(1 for row in rows if self.describer.sentences.qualifies(trace, row))
        sheet = self.policy.tables[trace.clause.table]
        refs = [ref for ref in refs_in((trace.clause.when, trace.clause.award)) if ref.table == trace.scope.table]
        source = self.describer.reader.place(trace, refs[0], rows[0]) if refs else None
        text = (
            f"{sheet.sheet} {len(rows)} 行，符合 {qualifying} 行"
            if self.lang == "zh"
            else f"{qualifying} of {len(rows)} rows of {sheet.en} qualify"
        )
        return {
            "text": text,
            "fact": trace.clause.table,
            "value": str(qualifying),
            "op": ">",
            "threshold": "0",
            "met": qualifying > 0,
            "way": None,
            "source": place(Place(source.file, source.sheet)) if source is not None else None,
        }

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
