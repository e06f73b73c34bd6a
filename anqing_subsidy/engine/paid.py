"""Awards already paid: in other years (they block, or are taken off) and in the policy year (they are netted)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import polars as pl

from anqing_subsidy.engine.between import pools_of
from anqing_subsidy.engine.clause_words import ClauseWords, with_clauses
from anqing_subsidy.engine.exact import flag, sure, whole
from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.finding import Finding
from anqing_subsidy.policy.clauses import Clause, blocking, looks_back
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.tables import BAD, Tables


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
        self.doubtful = self.rows
        rule = policy.paid
        if rule is None or store.rows[rule.table].height == 0:
            return
        source = store.rows[rule.table]
        conflict = source.conflict if source.conflict is not None else flag(False, source.height)
        frame = source.frame.with_columns(conflict.alias("conflict"))
        if policy.payee.code + BAD in frame.columns:
            frame = frame.filter(~pl.col(policy.payee.code + BAD).fill_null(value=False))
        frame, found = with_clauses(frame, rule.clause, words, tables)
        self.findings.extend(found)
        rows = frame.select(
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
        )
        sound = pl.col("year").is_not_null() & (pl.col("clauses").list.len() > 0)
        self.rows, self.doubtful = rows.filter(sound), rows.filter(~sound)

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

    def _recent(self, rows: pl.DataFrame, years: int | None) -> pl.DataFrame:
        """Of some rows those that still block: of the last so many years, the policy year counted; None: all."""
        return rows if years is None else rows.filter(pl.col("year") > self.policy.year - years)

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

    def codes_paid(
        self, clauses: tuple[str, ...], *, blank_object: bool = False, years: int | None = None
    ) -> pl.Series:
        """The codes that were paid some clauses before (only by rows that name no object; only in the last years)."""
        rows = self._recent(self.of(clauses), years)
        return (rows.filter(pl.col("object").is_null()) if blank_object else rows)["code"].unique()

    def unnamed(self, table: str, clauses: tuple[str, ...], codes: pl.Series, years: int | None = None) -> pl.Series:
        """Where a payment names no object although each row of the table is one: nobody knows for which it was.

        In a table whose rows may leave their object blank that stands for the applicant itself.
        """
        tables, known = self.policy.tables, self.policy.clauses
        # a clause of the applicants themselves has no objects to name
        naming = tuple(id_ for id_ in clauses if id_ in known and tables[known[id_].table].names_objects)
        if not tables[table].names_objects or not naming:
            return flag(False, codes.len())
        return sure(codes.is_in(self.codes_paid(naming, blank_object=True, years=years).implode()))

    def object_blocked(
        self, clauses: tuple[str, ...], codes: pl.Series, objects: pl.Series, years: int | None = None
    ) -> pl.Series:
        """Whether an object was paid before under any code, or in the policy year under another one."""
        before = self._recent(self.of(clauses), years)["object"].drop_nulls().unique()
        blocked = sure(objects.is_in(before.implode()))
        now = self.of(clauses, now=True).filter(pl.col("object").is_not_null())
        if now.height:
            owners = now.group_by("object").agg(pl.col("code").unique().alias("owners"))
            met = pl.DataFrame({"object": objects, "code": codes}).join(
                owners, on="object", how="left", maintain_order="left"
            )
            others = met.select(pl.col("owners").list.set_difference(pl.concat_list("code")).list.len() > 0).to_series()
            blocked = blocked | sure(others)
        return blocked

    def in_doubt(
        self, clause: Clause, codes: pl.Series, objects: pl.Series | None, any_object: pl.Series | None = None
    ) -> pl.Series:
        """Lines that an entry of an unknown year or an unknown clause may concern: it counts with and without."""
        if not self.doubtful.height:
            return flag(False, codes.len())
        pools = pools_of(self.policy)
        watched = {*blocking(clause), *clause.less_paid}
        watched.update(other for other, pool in pools.items() if pool == pools[clause.id])
        nameless = pl.col("clauses").list.len() == 0
        # what was paid before the policy year says nothing to a clause that does not look back
        rows = self.doubtful.filter(
            pl.col("clauses").list.eval(pl.element().is_in(list(watched))).list.any()
            | (
                nameless
                & (pl.lit(looks_back(clause)) | pl.col("year").is_null() | (pl.col("year") == self.policy.year))
            )
        )
        if objects is None:
            return sure(codes.is_in(rows["code"].unique().implode()))
        unnamed = codes.is_in(rows.filter(pl.col("object").is_null())["code"].unique().implode())
        of_code = codes.is_in(rows["code"].unique().implode())
        named = pl.DataFrame({"code": codes, "object": objects}).join(
            rows.select("code", "object", hit=pl.lit(value=True)).unique(),
            on=["code", "object"],
            how="left",
            maintain_order="left",
        )["hit"]
        found = sure(unnamed) | sure(named)
        return found if any_object is None else sure(of_code).zip_with(any_object, found)

    def object_in_doubt(self, clauses: tuple[str, ...], objects: pl.Series) -> pl.Series:
        """Objects that an entry of an unknown year or an unknown clause names, under any code."""
        rows = self.doubtful.filter(
            pl.col("clauses").list.eval(pl.element().is_in(list(clauses))).list.any()
            | (pl.col("clauses").list.len() == 0)
        )
        return sure(objects.is_in(rows["object"].drop_nulls().unique().implode()))

    def levels(
        self,
        clauses: tuple[str, ...],
        codes: pl.Series,
        objects: pl.Series,
        any_object: pl.Series,
        ranks: dict[str, int],
        years: int | None = None,
    ) -> tuple[pl.Series, pl.Series]:
        """The highest level paid before for each code and object (0: none), and whether a paid row does not say which."""
        height = codes.len()
        rows = self._recent(self.of(clauses), years)
        if not rows.height:
            return whole(0, height), flag(False, height)
        rows = rows.with_columns(
            rank=pl.col("level").replace_strict(ranks, default=None, return_dtype=pl.Int64),
            object=pl.col("object").fill_null(pl.col("code")),
        )
        sums = [pl.col("rank").max(), pl.col("rank").is_null().any().alias("unsure")]
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
