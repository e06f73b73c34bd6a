"""Who may be the same or one hand: shared telephones and accounts, names alike, one code under two names.

This is for a person to look at, not for an amount: it belongs to a check and is no part of a run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import polars as pl

from anqing_subsidy.engine.facts import FactStore
from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.tables import Tables

_NAMED: Final = 10
_LONG: Final = 8
"""Shorter names are too often one character apart by chance."""
_FAMILY: Final = 3
"""More names than this with one character changing are named by a pattern."""
_COUNTING: Final = r"[0-9a-z一二三四五六七八九十百千甲乙丙丁东西南北]"
"""Who differs in such a character differs on purpose."""


def relations(policy: Policy, tables: Tables, store: FactStore) -> list[Finding]:
    """Applicants with different codes that share a telling value or have nearly one name; codes of two names."""
    look = _Look(policy, tables, store)
    return [*look.shared(), *look.alike(), *look.two_names()]


def bare(column: pl.Expr) -> pl.Expr:
    """A text without differences of width, case, spaces, brackets and marks; null where nothing is left."""
    text = column.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[\s\p{P}\p{S}\p{C}]", "")
    return pl.when(text.str.len_chars() >= 2).then(text).otherwise(None)


class _Look:
    def __init__(self, policy: Policy, tables: Tables, store: FactStore) -> None:
        self.policy = policy
        self.tables = tables
        self.store = store
        payee = policy.payee
        self.main = store.rows[policy.main].frame
        self.who = self.main.select(
            pl.col(payee.code).alias("code"), pl.col(payee.name).alias("name"), "_part", "_row"
        ).with_row_index("at")

    def _place(self, at: int, column: str) -> Place:
        return self.tables.place(int(self.main["_part"][at]), int(self.main["_row"][at]), column)

    def _names(self, rows: list[int]) -> Text:
        shown = [f"{self.who['name'][at] or '?'} {self.who['code'][at]}" for at in rows[:_NAMED]]
        more = len(rows) - len(shown)
        return Text(
            "、".join(shown) + (f" 等 {len(rows)} 户" if more else ""),
            ", ".join(shown) + (f" and {more} more" if more else ""),
        )

    # ---- values that only one should have -----------------------------------------------------

    def shared(self) -> Iterator[Finding]:
        """Each group of applicants once, with all columns that they share."""
        columns = self.policy.tables[self.policy.main].columns
        groups: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for name, column in columns.items():
            if column.relates:
                for rows in self._groups(name):
                    groups[rows].append(name)
        for rows, names in groups.items():
            heads = Text(
                "、".join(columns[name].header for name in names), ", ".join(columns[name].en for name in names)
            )
            who = self._names(list(rows))
            yield Finding(
                "warning",
                "RELATED_APPLICANTS",
                Text(f"{len(rows)} 户共用{heads.zh}：{who.zh}", f"{len(rows)} applicants share {heads.en}: {who.en}"),
                self._place(rows[0], names[0]),
                self.main[names[0]][rows[0]],
                Text("核实是否为关联主体、重复申报", "find out whether they are one hand that claims twice"),
                tuple(self._place(at, name) for at in rows for name in names if (at, name) != (rows[0], names[0])),
            )

    def _groups(self, name: str) -> list[tuple[int, ...]]:
        """The rows that share a value under more than one code."""
        value = self.main.select(bare(pl.col(name)).alias("value"))["value"]
        frame = self.who.with_columns(value).filter(
            pl.col("value").is_not_null(), pl.col("code").is_not_null(), ~pl.col("value").str.contains("^0+$")
        )
        shared = frame.filter(pl.col("code").n_unique().over("value") > 1)
        return [tuple(rows) for rows in shared.group_by("value", maintain_order=True).agg("at")["at"].to_list()]

    # ---- names --------------------------------------------------------------------------------

    def alike(self) -> Iterator[Finding]:
        """Names that are equal without their endings, or one character apart, under different codes."""
        endings = self.policy.payee.name_endings
        core = bare(pl.col("name"))
        if endings:
            pattern = "(?:" + "|".join(sorted(endings, key=len, reverse=True)) + ")$"
            core = core.str.replace(pattern, "")
        frame = self.who.with_columns(core=core).filter(
            pl.col("core").str.len_chars() >= 2, pl.col("code").is_not_null()
        )
        same = (
            frame.filter(pl.col("code").n_unique().over("core") > 1)
            .group_by("core", maintain_order=True)
            .agg("at")["at"]
            .to_list()
        )
        for rows in same:
            yield self._similar(
                rows, Text("名称相同或只差组织形式", "have one name, or names that differ in their endings")
            )
        single = frame.unique("core", keep="first", maintain_order=True)
        for rows in _one_apart(single):
            if len({self.who["code"][at] for at in rows}) > 1:
                yield self._similar(rows, Text("名称只差一个字", "have names one character apart"))

    def _similar(self, rows: list[int], how: Text) -> Finding:
        who = self._names(rows)
        name = self.policy.payee.name
        return Finding(
            "warning",
            "SIMILAR_NAME",
            Text(f"代码不同而{how.zh}：{who.zh}", f"different codes that {how.en}: {who.en}"),
            self._place(rows[0], name),
            self.who["name"][rows[0]],
            Text("核对是否为同一主体，代码是否填错", "find out whether they are one, and whether a code is wrong"),
            tuple(self._place(at, name) for at in rows[1:]),
        )

    # ---- one code, two names ------------------------------------------------------------------

    def two_names(self) -> Iterator[Finding]:
        """A credit code (in any table) or another key (within its own) that stands under different names."""
        frames = []
        for table in self.policy.tables.values():
            for name, column in table.columns.items():
                if column.named_by is None:
                    continue
                pool = column.type if column.type == "uscc" else f"{table.id}.{name}"
                frame = self.store.rows[table.id].frame
                frames.append(
                    frame.select(
                        bare(pl.col(name)).alias("value"), pl.col(name).alias("typed"),
                        pl.col(column.named_by).alias("name"), "_part", "_row",
                    ).with_columns(
                        pl.lit(pool).alias("pool"), pl.lit(name).alias("key"), pl.lit(column.named_by).alias("named_by"),
                        pl.lit(column.header).alias("zh"), pl.lit(column.en).alias("en"),
                    )
                )  # fmt: skip
        if not frames:
            return
        core = bare(pl.col("name"))
        for ending in sorted(self.policy.payee.name_endings, key=len, reverse=True):
            core = core.str.strip_suffix(ending)
        frame = (
            pl.concat(frames)
            .with_columns(core=core)
            .filter(pl.col("value").is_not_null(), pl.col("core").is_not_null())
        )
        frame = frame.filter(pl.col("core").n_unique().over("pool", "value") > 1)
        for family in frame.unique(["pool", "value", "core"], keep="first", maintain_order=True).partition_by(
            "pool", "value", maintain_order=True
        ):
            rows = family.rows(named=True)
            first = rows[0]
            names = [str(row["name"]) for row in rows[:_NAMED]]
            places = [self.tables.place(row["_part"], row["_row"], row["named_by"]) for row in rows]
            yield Finding(
                "warning",
                "CODE_TWO_NAMES",
                Text(
                    f"{first['zh']} {first['typed']} 对应 {len(rows)} 个名称：{'、'.join(names)}",
                    f"{first['en']} {first['typed']} stands under {len(rows)} names: {', '.join(names)}",
                ),
                places[0],
                str(first["name"]),
                Text("核对名称和代码", "compare the names and the code"),
                tuple(places[1:]),
            )


def _one_apart(frame: pl.DataFrame) -> list[list[int]]:
    """Rows whose `core` differ in one character: replaced, or left out.

    Each name is put under what is left when one of its characters goes; only names that meet are compared, so
    that the work grows with the number of names and not with its square.
    """
    long = frame.select("at", "core").filter(pl.col("core").str.len_chars() >= _LONG)
    cut = (
        long.with_columns(i=pl.int_ranges(0, pl.col("core").str.len_chars()))
        .explode("i", empty_as_null=False)
        .with_columns(char=pl.col("core").str.slice(pl.col("i"), 1))
        .filter(~pl.col("char").str.contains(_COUNTING))
        .with_columns(rest=pl.col("core").str.slice(0, pl.col("i")) + pl.col("core").str.slice(pl.col("i") + 1))
    )
    replaced = cut.group_by("rest", "i").agg(pl.col("at").sort()).filter(pl.col("at").list.len().is_between(2, _FAMILY))
    left_out = (
        cut.select("at", "rest")
        .join(long.select(pl.col("core").alias("rest"), pl.col("at").alias("whole")), on="rest")
        .select(at=pl.concat_list(pl.min_horizontal("at", "whole"), pl.max_horizontal("at", "whole")))
    )
    groups = pl.concat([replaced.select("at"), left_out]).unique()
    return groups.sort(pl.col("at").list.first(), pl.col("at").list.last())["at"].to_list()
