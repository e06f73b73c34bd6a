"""Each line in words: a sentence that gives the reason, the formula, what is missing, where the figures stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.engine.clause import Trace
from anqing_subsidy.finding import Lang
from anqing_subsidy.report.conditions import Leaf, Reader
from anqing_subsidy.report.formula import Formulas
from anqing_subsidy.report.sentences import Sentences
from anqing_subsidy.report.words import FLAG, STATUS

_OPEN = ("pending", "held", "eligible_with_held")
_FEW_ROWS = 3
_MARKS = (("AT_THRESHOLD", "at_threshold"), ("DECLARED", "declared"), ("DECIDED", "decided"))


@dataclass(frozen=True)
class Described:
    """What is said of one line."""

    reason_text: str
    formula: str = ""
    missing: str = ""
    sources: str = ""
    flags: tuple[str, ...] = ()
    todo: str = ""


class Describer:
    """Says why each line is what it is."""

    def __init__(self, assessment: Assessment, lang: Lang) -> None:
        self.assessment = assessment
        self.reader = Reader(assessment, lang)
        self.formulas = Formulas(self.reader)
        self.sentences = Sentences(assessment, self.reader)
        self._rows = [self._rows_of(trace) for trace in assessment.traces]

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

    def leaves(self, trace: Trace, row: int) -> list[Leaf]:
        """All single tests of a row."""
        return list(self.reader.leaves((*trace.tests, *trace.outcome.tests, *trace.once), row))

    def describe(self, line: Mapping[str, Any]) -> Described:
        """Everything that is said of a line."""
        flags = tuple(name for name, mark in _MARKS if line[mark])
        found = self.trace(line)
        if found is None:
            return Described(self.sentences.decided(line), flags=flags)
        trace, rows = found
        if line["units_off"] or line["topped"]:
            flags = (*flags, "OTHER_SUPPORT")
        missing = self.sentences.missing.text(trace, rows) if line["status"] in _OPEN else ""
        silent = line["status"] in ("ineligible", "invalid") and not line["netted"]
        return Described(
            reason_text=self.sentences.reason(line, trace, rows, missing),
            formula="" if silent else self.formulas.line(trace, rows, line),
            missing=missing,
            sources=self._sources(trace, rows),
            flags=flags,
            todo=self._todo(line, missing),
        )

    def _sources(self, trace: Trace, rows: list[int]) -> str:
        """The cells behind a line; of many rows, the sheet."""
        if len(rows) <= _FEW_ROWS:
            cells: dict[str, dict[str, None]] = {}
            for ref in self.reader.refs(trace):
                place = self.reader.place(trace, ref, rows[0])
                if place is not None:
                    sheet = " ".join(part for part in (place.file, place.sheet) if part)
                    cells.setdefault(sheet, {})[f"{place.column or ''}{place.row or ''}"] = None
            if cells:
                # a sheet is named once, its cells behind it
                return "; ".join(f"{sheet} {', '.join(filter(None, found))}".strip() for sheet, found in cells.items())
        return self.reader.sheet_of(trace)

    def _todo(self, line: Mapping[str, Any], missing: str) -> str:
        say, status = self.reader.say, line["status"]
        if status == "pending" and line["reason"] == "DUPLICATE_CLAIM":
            return say("核实重复申报归属后重算，或人工核定", "settle who may claim it and run again, or decide by hand")
        if status == "pending":
            return (
                say(f"补充：{missing}", f"supply: {missing}") if missing else say("补充资料", "supply what is missing")
            )
        if status in ("held", "eligible_with_held"):
            return say(
                "核实归属后在人工核定表解除暂扣或不予支持",
                "settle the claim, then release or refuse it in the decisions sheet",
            )
        return (
            say("更正所列单元格后重新报送", "correct the cells named and submit again") if status == "invalid" else ""
        )


def detail_frame(assessment: Assessment, lang: Lang) -> pl.DataFrame:
    """The lines with their words, one row a line in the order of the assessment; amounts in fen."""
    policy = assessment.policy
    describer = Describer(assessment, lang)
    described = [describer.describe(line) for line in assessment.lines.iter_rows(named=True)]
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
