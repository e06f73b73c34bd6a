"""Each line in words: a sentence that gives the reason, the formula, what is missing, where the figures stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.report.conditions import leaves
from anqing_subsidy.report.formula import Formulas
from anqing_subsidy.report.missing import refs_read
from anqing_subsidy.report.near import NearMiss, NearMisses, near_text
from anqing_subsidy.report.places import Places
from anqing_subsidy.report.sentences import Sentences, decided_text
from anqing_subsidy.report.view import View, scatter, where
from anqing_subsidy.report.words import FLAG, STATUS, Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.finding import Lang

_OPEN = ("pending", "held", "eligible_with_held")
_FEW_ROWS = 3
_MARKS: Final = (("at_threshold", "AT_THRESHOLD"), ("declared", "DECLARED"), ("decided", "DECIDED"))


@dataclass(frozen=True)
class Described:
    """What is said of some lines, each part as a list with an entry a line."""

    reason_text: list[str]
    formula: list[str]
    missing: list[str]
    sources: list[str]
    flags: list[tuple[str, ...]]
    marks: list[str]
    todo: list[str]
    near: list[NearMiss | None]


class Describer:
    """Says why lines are what they are."""

    def __init__(self, assessment: Assessment, lang: Lang) -> None:
        self.assessment = assessment
        self.words = Wording(assessment.policy, lang)
        self.places = Places(assessment)
        self.formulas = Formulas(self.words)
        self.sentences = Sentences(assessment, self.words, self.places)
        self.near_misses = NearMisses(assessment, self.words)

    def views(self, lines: pl.DataFrame) -> Iterator[View]:
        """Some lines of the assessment by their trace; those that only a decision made have none."""
        mine = lines.select("part", "row").with_row_index("index").filter(pl.col("part").is_not_null())
        for (part,), rows in mine.partition_by("part", as_dict=True, maintain_order=True).items():
            yield View(self.assessment.traces[part], lines, rows["row"], rows["index"])

    def describe(self, lines: pl.DataFrame) -> Described:
        """Everything that is said of some lines of the assessment, in their order."""
        height = lines.height
        reasons, formulas, missing, sources = [""] * height, [""] * height, [""] * height, [""] * height
        near: list[NearMiss | None] = [None] * height
        at_threshold: list[list[str]] = [[] for _ in range(height)]
        for view in self.views(lines):
            index = view.index.to_list()
            scatter(near, index, self.near_misses.of(view))
            scatter(at_threshold, index, self._at_threshold(view))
            scatter(sources, index, self._sources(view))
            status = view.line("status")
            lacks = [""] * view.height
            if at := [row for row, word in enumerate(status) if word in _OPEN]:
                scatter(lacks, at, self.sentences.missing.of(view.take(at)))
            scatter(missing, index, lacks)
            speaking = [
                row
                for row, (word, netted) in enumerate(zip(status, view.line("netted"), strict=True))
                if word not in ("ineligible", "invalid") or netted
            ]
            if speaking:
                scatter(formulas, [index[row] for row in speaking], self.formulas.of(view.take(speaking)))
            for (reason,), at, some in view.by("reason"):
                texts = self.sentences.of(some, reason, [lacks[row] for row in at])
                scatter(reasons, [index[row] for row in at], texts)
        for row in where(lines["part"].to_list(), None):
            reasons[row] = decided_text(self.words, *lines.select("amount", "computed", "note").row(row))
        todo = [
            self._todo(*line)
            for line in zip(lines["status"].to_list(), lines["reason"].to_list(), reasons, missing, strict=True)
        ]
        flags = _flags(lines)
        marks = [self._marks(*line) for line in zip(flags, at_threshold, strict=True)]
        return Described(reasons, formulas, missing, sources, flags, marks, todo, near)

    def _at_threshold(self, view: View) -> list[list[str]]:
        """The facts of each line that are exactly at a threshold."""
        found: list[list[str]] = [[] for _ in range(view.height)]
        at = where(view.line("at_threshold"), True)
        if at:
            some, trace = view.take(at), view.trace
            for leaf in leaves(self.words, (*trace.tests, *trace.outcome.tests), some):
                for row in where(some.values(leaf.test.equal), True):
                    found[at[row]].append(leaf.label)
        return found

    def _marks(self, flags: tuple[str, ...], at_threshold: list[str]) -> str:
        """The flags in words; which figure it is that stands at a threshold."""
        if not flags:
            return ""
        named = {flag: FLAG[flag].say(self.words.lang) for flag in flags}
        if at_threshold and "AT_THRESHOLD" in named:
            labels = self.words.listed(dict.fromkeys(at_threshold))
            named["AT_THRESHOLD"] += self.words.say(f"：{labels}", f": {labels}")
        return self.words.joined(named.values())

    def _sources(self, view: View) -> list[str]:
        """The cells behind each line; of many rows, the sheet."""
        sheet = str(self.places.sheet(view.trace.scope.table) or "")
        few = list(range(view.height))
        if view.adds_rows:
            few = [at for at, rows in enumerate(view.members().counts) if rows <= _FEW_ROWS]
        texts = [sheet] * view.height
        if few:
            cells = self.places.listed(view.take(few), refs_read(view.trace))
            scatter(texts, few, [text or sheet for text in cells])
        return texts

    def _todo(self, status: str, reason: str, sentence: str, missing: str) -> str:
        say = self.words.say
        if status == "invalid":
            return say("更正所列单元格后重新报送", "correct the cells named and submit again")
        if status not in _OPEN:
            return ""
        if reason == "DUPLICATE_CLAIM" and self.sentences.contradiction in sentence:
            return say(
                "更正重复的行，或在人工核定表写明以哪一行为准",
                "correct the rows, or say in the decisions sheet which counts",
            )
        if reason == "DUPLICATE_CLAIM" and status == "pending":
            return say("核实重复申报归属后重算，或人工核定", "settle who may claim it and run again, or decide by hand")
        if missing:
            return say(f"补充：{missing}", f"supply: {missing}")
        if status == "pending":
            return say("补充资料", "supply what is missing")
        return say(
            "核实归属后在人工核定表解除暂扣或不予支持",
            "settle the claim, then release or refuse it in the decisions sheet",
        )


def _flags(lines: pl.DataFrame) -> list[tuple[str, ...]]:
    """The flags of each line, in one order; equal ones are one object."""
    marks = [lines[name].to_list() for name, _ in _MARKS]
    cut = lines.select(
        pl.col("part").is_not_null() & ((pl.col("units_off") > 0) | pl.col("topped")).fill_null(value=False)
    ).to_series()
    names = [*(flag for _, flag in _MARKS), "OTHER_SUPPORT"]
    keys = list(zip(*marks, cut.to_list(), strict=True))
    flags = {key: tuple(name for name, given in zip(names, key, strict=True) if given) for key in set(keys)}
    return [flags[key] for key in keys]


def detail_frame(assessment: Assessment, lang: Lang) -> pl.DataFrame:
    """The lines with their words, one row a line in the order of the assessment; amounts in fen."""
    policy = assessment.policy
    describer = Describer(assessment, lang)
    said, spoken = describer.describe(assessment.lines), describer.words
    people = assessment.applicants.select(
        pl.col("row").alias("applicant"), pl.col("code").alias("uscc"), "name", "county"
    )
    frame = assessment.lines.join(people, on="applicant", how="left", maintain_order="left")
    titles = {clause.id: clause.title.say(lang) for clause in policy.clauses.values()}
    articles = {clause.id: clause.article for clause in policy.clauses.values()}
    funds = {fund: title.say(lang) for fund, title in policy.funds.items()}
    words = {status: text.say(lang) for status, text in STATUS.items()}
    frame = frame.with_columns(
        article=pl.col("clause").replace_strict(articles, default="", return_dtype=pl.String),
        title=pl.col("clause").replace_strict(titles, default="", return_dtype=pl.String),
        fund_name=pl.col("fund").replace_strict(funds, default="", return_dtype=pl.String),
        status_text=pl.col("status").replace_strict(words, return_dtype=pl.String),
        flags=pl.Series(said.marks, dtype=pl.String),
        flag_codes=pl.Series([",".join(key) for key in said.flags], dtype=pl.String),
        reason_text=pl.Series(said.reason_text, dtype=pl.String),
        formula=pl.Series(said.formula, dtype=pl.String),
        missing=pl.Series(said.missing, dtype=pl.String),
        sources=pl.Series(said.sources, dtype=pl.String),
        todo=pl.Series(said.todo, dtype=pl.String),
        near=pl.Series([near_text(miss, spoken) for miss in said.near], dtype=pl.String),
    )
    return frame.select(
        "uscc", "name", "county", "clause", "article", "title", pl.col("object").alias("object_id"), "status", "status_text", "amount", "potential",
        "gross", "cap", "fund", "fund_name", *(f"fund:{fund}" for fund in policy.funds), "reason", "reason_text", "flags", "flag_codes", "formula",
        "missing", "sources", "todo", "near", "computed", "decided",
    )  # fmt: skip
