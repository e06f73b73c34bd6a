"""Earlier years: the figures that decide "for the first time" and the awards that were already paid."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import polars as pl

from anqing_subsidy.engine.exact import flag, sure, whole
from anqing_subsidy.engine.facts import FactStore, Scope
from anqing_subsidy.engine.shapes.outcome import Prior
from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.policy.fold import nearest
from anqing_subsidy.policy.model import Policy, Ref
from anqing_subsidy.tables import BAD, Tables


class Figures:
    """The figures of earlier years, by applicant."""

    def __init__(self, policy: Policy, store: FactStore) -> None:
        self.policy = policy
        self.store = store
        self._prior: dict[str, Prior] = {}

    def prior(self, metric: Ref) -> Prior:
        """The highest known earlier figure of a metric per applicant, and whether a year is missing."""
        if metric.id not in self._prior:
            self._prior[metric.id] = self._work_out(metric.id)
        return self._prior[metric.id]

    def _work_out(self, metric: str) -> Prior:
        height = self.store.rows[self.policy.main].height
        rule = self.policy.history
        if rule is None or rule.basis == "award":
            return Prior(whole(None, height), flag(False, height), flag(False, height), flag(False, height), None)
        year = self.policy.year
        since = self.store.fact(rule.since)
        founded = since.lo.dt.year().cast(pl.Int64)
        is_new = sure(founded >= year)
        needed = (year - founded).clip(0)
        known = self._known(metric, founded)
        highest, years = known["highest"].set(is_new, None), known["years"].fill_null(0)
        missing = possible_missing(founded, years, needed)
        declared, bad = flag(False, height), None
        source = rule.declared.get(metric)
        if source is not None:
            fallback = self.store.fact(source)
            asked = (years == 0) & ~is_new
            bad = None if fallback.bad is None else fallback.bad & asked
            declared = asked & (fallback.lo.is_not_null() if bad is None else fallback.lo.is_not_null() | bad)
            highest = fallback.lo.zip_with(declared, highest)
        missing = missing & ~is_new & ~declared
        if rule.missing == "assume_none":
            missing = flag(False, height)
        return Prior(highest, missing, founded.is_null(), declared, bad)

    def _known(self, metric: str, founded: pl.Series) -> pl.DataFrame:
        """Per applicant: the highest figure and the number of years with one, from the year it was founded."""
        rule = self.policy.history
        rows = self.store.rows[rule.table if rule else ""]
        index = pl.DataFrame({"up": pl.int_range(founded.len(), eager=True, dtype=pl.UInt32)})
        if rule is None or not rows.height:
            return index.select(highest=pl.lit(None, dtype=pl.Int64), years=pl.lit(0, dtype=pl.UInt32))
        up = rows.up[self.policy.main]
        frame = pl.DataFrame(
            {"up": up, "year": rows.frame[rule.year], "value": rows.frame[metric], "founded": founded.gather(up)}
        )
        inside = (pl.col("year") < self.policy.year) & (
            pl.col("founded").is_null() | (pl.col("year") >= pl.col("founded"))
        )
        frame = frame.filter(inside & pl.col("value").is_not_null())
        known = frame.group_by("up").agg(
            pl.col("value").max().alias("highest"), pl.col("year").n_unique().alias("years")
        )
        return index.join(known, on="up", how="left", maintain_order="left")

    def conflict(self) -> pl.Series | None:
        """Applicants whose rows of earlier years contradict each other."""
        rule = self.policy.history
        if rule is None:
            return None
        rows = self.store.rows[rule.table]
        if rows.conflict is None:
            return None
        hit = rows.up[self.policy.main].filter(rows.conflict).unique()
        height = self.store.rows[self.policy.main].height
        return pl.int_range(height, eager=True, dtype=pl.UInt32).is_in(hit.implode())


def possible_missing(founded: pl.Series, years: pl.Series, needed: pl.Series) -> pl.Series:
    """Where a year between founding and last year has no figure; an unknown founding leaves years open."""
    return founded.is_null() | (years.cast(pl.Int64) < needed).fill_null(value=True)


def clause_word(text: str) -> str:
    """A clause, article or title as typed, without the differences that do not matter."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").lower()
    return re.sub(r"¶(\d)", r"第\1款", plain)


class ClauseWords:
    """Which clauses a text means: an id, a title, an article (several clauses may stand in one)."""

    def __init__(self, policy: Policy) -> None:
        self.exact: dict[str, list[str]] = {}
        self.articles = [(clause_word(clause.article), clause.id) for clause in policy.clauses.values()]
        for clause in policy.clauses.values():
            for word in (clause.id, clause.title.zh, clause.title.en):
                self.exact.setdefault(clause_word(word), []).append(clause.id)
        self.known = list(policy.clauses)

    def meaning(self, text: str) -> list[str]:
        """The clauses meant; empty where none is."""
        word = clause_word(text)
        if word in self.exact:
            return self.exact[word]
        return [
            id_
            for article, id_ in self.articles
            if word and (article == word or (article.startswith(word) and not article[len(word)].isdigit()))
        ]


def with_clauses(
    frame: pl.DataFrame, column: str, words: ClauseWords, tables: Tables, table: str
) -> tuple[pl.DataFrame, list[Finding]]:
    """Rows with a list of the clauses each means; rows that mean none are left out with a finding."""
    findings = []
    meanings: dict[str, list[str]] = {}
    for text in frame[column].drop_nulls().unique().sort():
        meanings[text] = words.meaning(text)
        if not meanings[text]:
            row = frame.filter(pl.col(column) == text)
            hint = nearest(text, words.known)
            findings.append(
                Finding(
                    "error",
                    "UNKNOWN_CLAUSE",
                    Text(
                        f"没有条款 {text}{hint.zh}；{row.height} 行未计入",
                        f"there is no clause {text}{hint.en}; {row.height} row(s) left out",
                    ),
                    tables.place(int(row["_part"][0]), int(row["_row"][0]), column),
                    text,
                    Text(f"写条款编号、条次或名称 ({table})", f"write a clause id, its article or title ({table})"),
                )
            )
    keys = list(meanings)
    lookup = pl.DataFrame(
        {column: keys, "clauses": [meanings[key] for key in keys]},
        schema={column: pl.String, "clauses": pl.List(pl.String)},
    )
    joined = frame.join(lookup, on=column, how="left", maintain_order="left")
    return joined.filter(pl.col("clauses").list.len().fill_null(0) > 0), findings


class Paid:
    """Awards already paid: before the policy year (they block or are taken off) and in it (they are netted)."""

    def __init__(self, policy: Policy, store: FactStore, tables: Tables, words: ClauseWords) -> None:
        self.policy = policy
        self.store = store
        self.findings: list[Finding] = []
        schema: dict[str, Any] = {
            "code": pl.String,
            "year": pl.Int64,
            "object": pl.String,
            "tier": pl.Int64,
            "level": pl.String,
            "amount": pl.Int64,
            "clauses": pl.List(pl.String),
            "part": pl.UInt32,
            "row": pl.UInt32,
            "at": pl.UInt32,
            "conflict": pl.Boolean,
        }
        self.rows = pl.DataFrame(schema=schema)
        rule = policy.paid
        if rule is None or store.rows[rule.table].height == 0:
            return
        source = store.rows[rule.table]
        conflict = source.conflict if source.conflict is not None else flag(False, source.height)
        frame = source.frame.with_columns(conflict.alias("conflict"))
        for key in (policy.payee.code, rule.year):
            if key + BAD in frame.columns:
                frame = frame.filter(~pl.col(key + BAD).fill_null(value=False))
        frame, found = with_clauses(frame, rule.clause, words, tables, policy.tables[rule.table].sheet)
        self.findings.extend(found)
        self.rows = frame.select(
            code=policy.payee.code,
            year=rule.year,
            object=rule.object,
            tier=rule.tier,
            level=rule.level,
            amount=rule.amount,
            clauses="clauses",
            part="_part",
            row="_row",
            at=pl.int_range(pl.len(), dtype=pl.UInt32),
            conflict="conflict",
        ).filter(pl.col("year").is_not_null())

    @cached_property
    def codes(self) -> pl.Series:
        """The code of each applicant row."""
        return self.store.rows[self.policy.main].frame[self.policy.payee.code]

    def of(self, clauses: Iterable[str], *, now: bool | None = False) -> pl.DataFrame:
        """The rows of some clauses, paid before the policy year, in it, or (None) ever."""
        if not self.rows.height:
            return self.rows
        wanted = pl.col("clauses").list.eval(pl.element().is_in(list(clauses))).list.any()
        if now is None:
            return self.rows.filter(wanted)
        return self.rows.filter(wanted & ((pl.col("year") == self.policy.year) == now))

    def _by_code(self, sums: pl.DataFrame) -> pl.DataFrame:
        return pl.DataFrame({"code": self.codes}).join(sums, on="code", how="left", maintain_order="left")

    def tiers(self, clauses: tuple[str, ...]) -> tuple[pl.Series, pl.Series]:
        """Per applicant: the highest tier paid before, and whether a paid row does not say which tier."""
        rows = self.of(clauses)
        if not rows.height:
            return whole(0, self.codes.len()), flag(False, self.codes.len())
        sums = self._by_code(
            rows.group_by("code").agg(pl.col("tier").max(), pl.col("tier").is_null().any().alias("unsure"))
        )
        return sums["tier"].fill_null(0), sums["unsure"].fill_null(value=False)

    def amounts(
        self,
        clauses: tuple[str, ...],
        codes: pl.Series,
        objects: pl.Series | None = None,
        any_object: pl.Series | None = None,
    ) -> tuple[pl.Series, pl.Series]:
        """What was paid before to each code (for each object), and whether an amount is blank."""
        height = codes.len()
        rows = self.of(clauses)
        if not rows.height:
            return whole(0, height), flag(False, height)
        sums = [pl.col("amount").sum(), pl.col("amount").is_null().any().alias("unsure")]
        left = pl.DataFrame({"code": codes})
        whole_code = left.join(rows.group_by("code").agg(sums), on="code", how="left", maintain_order="left")
        found = whole_code
        if objects is not None:
            rows = rows.with_columns(pl.col("object").fill_null(pl.col("code")))
            found = left.with_columns(objects.alias("object")).join(
                rows.group_by("code", "object").agg(sums), on=["code", "object"], how="left", maintain_order="left"
            )
            if any_object is not None:
                found = pl.DataFrame(
                    [whole_code[name].zip_with(any_object, found[name]) for name in ("amount", "unsure")]
                )
        return found["amount"].fill_null(0), found["unsure"].fill_null(value=False)

    def codes_paid(self, clause: str, *, blank_object: bool = False) -> pl.Series:
        """The codes that were paid a clause before (only by rows that name no object)."""
        rows = self.of((clause,))
        return (rows.filter(pl.col("object").is_null()) if blank_object else rows)["code"].unique()

    def object_blocked(self, clause: str, codes: pl.Series, objects: pl.Series) -> pl.Series:
        """Whether an object was paid before under any code, or in the policy year under another one."""
        before = self.of((clause,))["object"].drop_nulls().unique()
        blocked = sure(objects.is_in(before.implode()))
        now = self.of((clause,), now=True).filter(pl.col("object").is_not_null())
        if now.height:
            owners = now.group_by("object").agg(pl.col("code").unique().alias("owners"))
            met = pl.DataFrame({"object": objects, "code": codes}).join(
                owners, on="object", how="left", maintain_order="left"
            )
            others = met.select(pl.col("owners").list.set_difference(pl.concat_list("code")).list.len() > 0).to_series()
            blocked = blocked | sure(others)
        return blocked

    def levels(
        self, clause: str, codes: pl.Series, objects: pl.Series, any_object: pl.Series, ranks: dict[str, int]
    ) -> tuple[pl.Series, pl.Series]:
        """The highest level paid before for each code and object (0: none), and whether a paid row does not say which."""
        height = codes.len()
        rows = self.of((clause,))
        if not rows.height:
            return whole(0, height), flag(False, height)
        rows = rows.with_columns(
            rank=pl.col("level").replace_strict(ranks, default=None, return_dtype=pl.Int64),
            object=pl.col("object").fill_null(pl.col("code")),
        )
        sums = [pl.col("rank").max(), pl.col("level").is_null().any().alias("unsure")]
        left = pl.DataFrame({"code": codes, "object": objects})
        by_object = left.join(
            rows.group_by("code", "object").agg(sums), on=["code", "object"], how="left", maintain_order="left"
        )
        by_code = left.join(rows.group_by("code").agg(sums), on="code", how="left", maintain_order="left")
        rank = by_code["rank"].zip_with(any_object, by_object["rank"]).fill_null(0)
        return rank, by_code["unsure"].zip_with(any_object, by_object["unsure"]).fill_null(value=False)

    def conflict_codes(self, clauses: Iterable[str], *, now: bool | None = None) -> pl.Series:
        """Codes whose paid rows of some clauses contradict each other."""
        return self.of(clauses, now=now).filter(pl.col("conflict"))["code"].unique()


class EarlierYears:
    """Earlier years seen from the rows of a clause."""

    def __init__(self, figures: Figures, paid: Paid, scope: Scope, main: str) -> None:
        self.figures = figures
        self.paid = paid
        self.up = scope.up(main)

    def prior(self, metric: Ref) -> Prior:
        """The figures of earlier years at the rows."""
        prior = self.figures.prior(metric)
        bad = None if prior.bad is None else prior.bad.gather(self.up)
        highest, missing, undated, declared = (
            column.gather(self.up) for column in (prior.highest, prior.missing, prior.undated, prior.declared)
        )
        return Prior(highest, missing, undated, declared, bad)

    def paid_tiers(self, clauses: tuple[str, ...]) -> tuple[pl.Series, pl.Series]:
        """The highest tier paid before at the rows, and whether that is unsure."""
        tiers, unsure = self.paid.tiers(clauses)
        return tiers.gather(self.up), unsure.gather(self.up)
