"""Each line in words: a sentence that gives the reason, the formula, what is missing, where the figures stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.report import over_nothing
from anqing_subsidy.report.by_hand import decided_formula, decided_words
from anqing_subsidy.report.closeness import barely
from anqing_subsidy.report.conditions import leaves
from anqing_subsidy.report.formula import Formulas
from anqing_subsidy.report.fund_parts import fund_parts, unpaid_funds, way_keys
from anqing_subsidy.report.near import NearMisses
from anqing_subsidy.report.near_change import NearMiss, near_text
from anqing_subsidy.report.places import Places
from anqing_subsidy.report.sentences import Sentences
from anqing_subsidy.report.source_cells import SourceCells
from anqing_subsidy.report.texts import Pieces, Words, choose, column, listed, put, spread
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import FLAG, STATUS, Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.finding import Lang

_OPEN = ("pending", "held", "eligible_with_held")
_MARKS: Final = (
    ("at_threshold", "AT_THRESHOLD"),
    ("near_threshold", "NEAR_THRESHOLD"),
    ("declared", "DECLARED"),
    ("decided", "DECIDED"),
)


@dataclass(frozen=True)
class Described:
    """What is said of some lines, each part as a column with an entry a line; `near` by position of the line."""

    reason_text: pl.Series
    formula: pl.Series
    missing: pl.Series
    sources: pl.Series
    flags: pl.Series
    marks: pl.Series
    todo: pl.Series
    near: dict[int, NearMiss]


class Describer:
    """Says why lines are what they are."""

    def __init__(self, assessment: Assessment, lang: Lang) -> None:
        self.assessment = assessment
        self.words = Wording(assessment.policy, lang)
        self.places = Places(assessment)
        self.formulas = Formulas(self.words, assessment.cuts)
        self.sentences = Sentences(assessment, self.words, self.places)
        self.cells = SourceCells(self.words, self.places, self.sentences.paid)
        self.near_misses = NearMisses(assessment, self.words)

    def views(self, lines: pl.DataFrame) -> Iterator[View]:
        """Some lines of the assessment by their trace; those that only a decision made have none."""
        mine = lines.select("part", "row").with_row_index("index").filter(pl.col("part").is_not_null())
        for (part,), rows in mine.partition_by("part", as_dict=True, maintain_order=True).items():
            yield View(self.assessment.traces[part], lines, rows["row"], rows["index"])

    def describe(self, lines: pl.DataFrame) -> Described:
        """Everything that is said of some lines of the assessment, in their order."""
        reasons, formulas, missing, sources, at_threshold, todo = (Pieces(lines.height) for _ in range(6))
        near: dict[int, NearMiss] = {}
        near_enough = self.near_misses.open(lines)
        close = pl.Series([False]).new_from_index(0, lines.height)
        for view in self.views(lines):
            index = view.index.to_list()
            misses = {index[at]: miss for at, miss in self.near_misses.of(view, near_enough).items()}
            near |= misses
            passed = view.index.filter(barely(self.words, view) & (view.of("amount") > 0)).to_list()
            close[[*passed, *(at for at, miss in misses.items() if miss.is_close)]] = True
            at_threshold.add(view.index, self._at_threshold(view))
            sources.add(view.index, self.cells.of(view))
            lacks = self._lacks(view)
            missing.add(view.index, lacks)
            paying = ~view.of("status").is_in(["ineligible", "invalid"]) | (view.of("netted") != 0)
            speaking = view.take(sure(paying).arg_true())
            formula = (
                spread(sure(paying).arg_true(), self.formulas.of(speaking), view.height)
                if speaking.height
                else column("", view.height)
            )
            formulas.add(view.index, formula)
            for reason, at, some in view.by("reason"):
                sentence = column(self.sentences.of(some, reason, lacks[at], formula[at]), some.height)
                reasons.add(some.index, sentence)
                todo.add(some.index, self._todo(some, reason, sentence, lacks[at]))
        bare = lines["part"].is_null().arg_true()
        if bare.len():
            only = lines[bare]
            reasons.add(bare, decided_words(self.words, only))
            formulas.add(bare, decided_formula(self.words, only))
        flags = lines.with_columns(near_threshold=close & ~sure(lines["at_threshold"])).select(_flags()).to_series()
        marks = self._marks(flags, at_threshold.column())
        return Described(
            reasons.column(), formulas.column(), missing.column(), sources.column(), flags, marks, todo.column(), near
        )

    def _lacks(self, view: View) -> pl.Series:
        """What is missing for each line that is open."""
        at = view.of("status").is_in(_OPEN).arg_true()
        return (
            spread(at, self.sentences.missing.of(view.take(at)), view.height) if at.len() else column("", view.height)
        )

    def _at_threshold(self, view: View) -> Words:
        """The facts of each line that are exactly at a threshold."""
        at = sure(view.of("at_threshold")).arg_true()
        if not at.len():
            return ""
        some, trace = view.take(at), view.trace
        schedule = trace.clause.instalments
        labels: list[Words] = [
            choose(some.column(leaf.test.equal), leaf.label)
            for leaf in leaves(self.words, (*trace.tests, *trace.outcome.tests), some)
            # which instalment it is, is no threshold
            if leaf.test.equal is not None and (schedule is None or leaf.ref != schedule.year)
        ]
        return spread(at, listed(labels, self.words.comma, some.height), view.height)

    def _marks(self, flags: pl.Series, at_threshold: pl.Series) -> pl.Series:
        """The flags in words; which figure it is that stands at a threshold."""
        lang = self.words.lang
        parts: list[Words] = []
        for flag in (*(flag for _, flag in _MARKS), "OTHER_SUPPORT"):
            said: Words = FLAG[flag].say(lang)
            if flag == "AT_THRESHOLD":
                named = choose(at_threshold != "", put(self.words.say("：", ": "), at_threshold))
                said = put(said, named)
            parts.append(choose(flags.str.contains(flag, literal=True), said))
        return listed(parts, self.words.semicolon, flags.len())

    def _todo(self, view: View, reason: str, sentence: pl.Series, missing: pl.Series) -> Words:
        """What somebody has to do about each line of one reason."""
        say = self.words.say
        status = view.of("status")
        waits, invalid = status.is_in(_OPEN), status == "invalid"
        if not (waits | invalid).any():
            return ""
        settle = say(
            "核实归属后在人工核定表解除暂扣或不予支持",
            "settle the claim, then release or refuse it in the decisions sheet",
        )
        supply = say("补充资料", "supply what is missing")
        doubtful = missing.str.contains(over_nothing.mark(self.words), literal=True)
        ask = choose(doubtful, say("核实或补充：", "check or supply: "), say("补充：", "supply: "))
        text = choose(missing != "", put(ask, missing), choose(status == "pending", supply, settle))
        # a tie that somebody's figures may still break is no matter of a decision
        open_ = missing.str.contains(say("未齐", "are missing"), literal=True)
        tied = missing.str.contains(say("并列", "equal to"), literal=True) & ~open_
        if tied.any():
            tie = say(
                "名次并列，人工核定付给谁（或在政策里写明再比哪一项）",
                "a tie: decide by hand whom to pay (or have the policy say what decides next)",
            )
            text = choose(tied, tie, text)
        if reason == "OTHER_SUPPORT":
            decided = say(
                "其他财政支持批复后在该行写明状态，或人工核定",
                "write down what was decided on the other support, or decide by hand",
            )
            text = choose(missing != "", text, decided)
        if reason == "DUPLICATE_CLAIM":
            disputed = say(
                "核实重复申报归属后重算，或人工核定", "settle who may claim it and run again, or decide by hand"
            )
            correct = say(
                "更正重复的行，或在人工核定表写明以哪一行为准",
                "correct the rows, or say in the decisions sheet which counts",
            )
            text = choose(status == "pending", disputed, text)
            text = choose(sentence.str.contains(self.sentences.contradiction, literal=True), correct, text)
        mend = say("更正所列单元格后重新报送", "correct the cells named and submit again")
        if reason == "INVALID_FACT":
            both = put(mend, say("；补充：", "; supply: "), missing)
            text = choose(missing != "", both, mend)
        return choose(invalid, mend, choose(waits, text))


def _flags() -> pl.Expr:
    """The flags of each line in one order, with commas between."""
    cut = (pl.col("units_off") > 0) | pl.col("topped")
    names = [*(pl.when(mark).then(pl.lit(flag)) for mark, flag in _MARKS)]
    names.append(pl.when(pl.col("part").is_not_null() & cut).then(pl.lit("OTHER_SUPPORT")))
    return pl.concat_str(names, separator=",", ignore_nulls=True)


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
        fund_name=pl.coalesce(
            way_keys().replace_strict(unpaid_funds(policy, lang), default=None, return_dtype=pl.String),
            pl.col("fund").replace_strict(funds, default="", return_dtype=pl.String),
        ),
        fund_parts=fund_parts(spoken, frame),
        status_text=pl.col("status").replace_strict(words, return_dtype=pl.String),
        flags=said.marks,
        flag_codes=said.flags,
        reason_text=said.reason_text,
        formula=said.formula,
        missing=said.missing,
        sources=said.sources,
        todo=said.todo,
        near=spread(
            pl.Series(list(said.near), dtype=pl.UInt32),
            pl.Series([near_text(miss, spoken) for miss in said.near.values()], dtype=pl.String),
            frame.height,
        ),
    )
    return frame.select(
        "uscc", "name", "county", "clause", "article", "title", pl.col("object").alias("object_id"), "status", "status_text", "amount", "potential",
        "gross", "cap", "fund", "fund_name", "fund_parts", *(f"fund:{fund}" for fund in policy.funds), "reason", "reason_text", "flags", "flag_codes", "formula",
        "missing", "sources", "todo", "near", "computed", "decided", "netted",
    )  # fmt: skip
