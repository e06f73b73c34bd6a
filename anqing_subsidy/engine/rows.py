"""Rows made fit for assessing: children tied to their parents, declared figures in place of details (domain page, 3).

What a row is worth comes later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import polars as pl

from anqing_subsidy.engine.same_key import SameKey
from anqing_subsidy.engine.table_rows import ODD, ORIGIN, TableRows, links
from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.policy.columns import Table
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.rules import DeclaredRow
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.tables import BAD, Tables


class RowBuilder:
    """Prepares the rows of all tables of one run; what is wrong goes to `findings`.

    `chosen` are the rows (part, row) that decisions name as the ones that count, with the codes of the
    applicants decided on.
    """

    def __init__(self, policy: Policy, tables: Tables, chosen: Mapping[tuple[int, int], Collection[str]]) -> None:
        self.policy = policy
        self.tables = tables
        self.findings: list[Finding] = []
        self.rows: dict[str, TableRows] = {}
        self.same_key = SameKey(policy, tables, chosen, self.rows, self.findings)

    def build(self) -> dict[str, TableRows]:
        """All tables, parents before children."""
        waiting = list(self.policy.tables.values())
        while waiting:
            for table in waiting:
                if table.parent is None or table.parent in self.rows:
                    self.rows[table.id] = self._table(table)
            waiting = [table for table in waiting if table.id not in self.rows]
        for table_id in {rule.table for rule in self.policy.declared_rows}:
            self.rows[table_id] = self._with_declared(self.rows[table_id])
        return self.rows

    def _empty(self, table: Table) -> pl.DataFrame:
        kinds = {
            "money": pl.Int64,
            "usd": pl.Int64,
            "area": pl.Int64,
            "ratio": pl.Int64,
            "count": pl.Int64,
            "year": pl.Int64,
            "date": pl.Date,
            "yesno": pl.Boolean,
        }
        schema = {name: kinds.get(column.type, pl.String) for name, column in table.columns.items()}
        return pl.DataFrame(schema={**schema, "_part": pl.UInt32, "_row": pl.UInt32})

    def _table(self, table: Table) -> TableRows:
        frame = self.tables.frames.get(table.id)
        if frame is None or frame.height == 0:
            frame = self._empty(table)
        if self.policy.decisions is not None and table.id == self.policy.decisions.table:
            # what is wrong with a decision is said where decisions are read
            said = len(self.findings)
            rows = self._tied(table, frame, {})
            del self.findings[said:]
            return rows
        frame, marks = self.same_key.merged(table, frame)
        if table.parent is None:
            return TableRows(table, frame, {}, **marks)
        return self._tied(table, frame, marks)

    # ---- parents ------------------------------------------------------------------------------

    def _place(self, frame: pl.DataFrame, at: int, column: str | None = None) -> Place:
        return self.tables.place(int(frame["_part"][at]), int(frame["_row"][at]), column)

    def _tied(self, table: Table, frame: pl.DataFrame, marks: Mapping[str, pl.Series]) -> TableRows:
        parent = self.rows[table.parent or ""]
        link = links(self.policy, table)
        loose = self.policy.paid is not None and table.id == self.policy.paid.table
        left = frame.with_columns(pl.int_range(frame.height, dtype=pl.UInt32).alias("_at"))
        right = parent.frame.select(link).with_columns(pl.int_range(parent.height, dtype=pl.UInt32).alias("_up"))
        if parent.beaten is not None:
            right = right.filter(~parent.beaten)
        joined = left.select([*link, "_at"]).join(right, on=link, how="left", maintain_order="left")
        orphans = joined.filter(pl.col("_up").is_null())["_at"]
        owner = parent.table
        fate, remedy = Text("此行未计入", "the row is left out"), Text("", "")
        if loose:
            # who was paid before need not claim again; of a ledger of all firms nobody expects it
            orphans = orphans.filter(~self.tables.from_ledger(frame["_part"].gather(orphans)))
            fate = Text(
                "此行不属于任何申报主体，但其对象仍按已兑现处理",
                "the row is no applicant's, and its object counts as paid all the same",
            )
            remedy = Text("；本年度未申报的无需处理", "; who does not claim this year needs no row")
        for at in orphans:
            key = ", ".join(str(frame[name][at]) for name in link)
            self.findings.append(
                Finding(
                    table.orphans,
                    "ORPHAN",
                    Text(
                        f"{table.sheet}: {owner.sheet}中没有 {key}，{fate.zh}",
                        f"{table.en}: there is no {key} in {owner.en}; {fate.en}",
                    ),
                    self._place(frame, at, link[0]),
                    key,
                    Text(
                        f"核对代码，或在{owner.sheet}补上该行{remedy.zh}",
                        f"check the code, or add the row to {owner.en}{remedy.en}",
                    ),
                )
            )
        if loose:
            return TableRows(table, frame, {}, **marks)
        if len(orphans):
            joined = joined.filter(pl.col("_up").is_not_null())
        at, up = joined["_at"], joined["_up"]
        same = at.len() == frame.height and not len(orphans)
        frame = frame if same else frame[at]
        chain = {parent.table.id: up} | {ancestor: index.gather(up) for ancestor, index in parent.up.items()}
        return TableRows(table, frame, chain, **(marks if same else {name: m.gather(at) for name, m in marks.items()}))

    # ---- declared rows ------------------------------------------------------------------------

    def _with_declared(self, rows: TableRows) -> TableRows:
        main = self.rows[self.policy.main]
        have = rows.up[self.policy.main].unique() if rows.height else pl.Series([], dtype=pl.UInt32)
        bare = pl.int_range(main.height, eager=True, dtype=pl.UInt32)
        bare = bare.filter(~bare.is_in(have.implode()))
        frames, ups = [rows.frame], [rows.up.get(self.policy.main, pl.Series([], dtype=pl.UInt32))]
        for rule in self.policy.declared_rows:
            if rule.table != rows.table.id:
                continue
            frame, up = self._declared(rule, rows, main, bare)
            frames.append(frame)
            ups.append(up)
        declared = pl.concat(
            [pl.Series([at > 0], dtype=pl.Boolean).new_from_index(0, frame.height) for at, frame in enumerate(frames)]
        )
        frame = pl.concat(frames, how="diagonal")
        further = pl.Series([False]).new_from_index(0, frame.height - rows.height)
        marks = {name: pl.concat([mark, further]) for name in ODD if (mark := getattr(rows, name)) is not None}
        chain = {self.policy.main: pl.concat(ups)}
        return replace(rows, frame=frame, up=chain, declared=declared, **marks)

    def _declared(
        self, rule: DeclaredRow, rows: TableRows, main: TableRows, bare: pl.Series
    ) -> tuple[pl.DataFrame, pl.Series]:
        given = pl.Series([False]).new_from_index(0, bare.len())
        for ref in rule.given:
            given = given | main.frame[ref.id].gather(bare).is_not_null()
            if ref.id + BAD in main.frame.columns:
                given = given | main.frame[ref.id + BAD].gather(bare)
        up = bare.filter(given)
        source = main.frame[up]
        columns: list[pl.Series] = []
        for name in self._empty(rows.table).columns:
            kind = rows.frame.schema[name]
            value = rule.values.get(name)
            if name in ORIGIN:
                columns.append(source[name])
            elif isinstance(value, Ref):
                columns.append(source[value.id].cast(kind).rename(name))
                if value.id + BAD in source.columns:
                    columns.append(source[value.id + BAD].rename(name + BAD))
            elif name == self.policy.payee.code and name in source.columns:
                columns.append(source[name])
            else:
                columns.append(pl.Series(name, [value], dtype=kind).new_from_index(0, source.height))
        return pl.DataFrame(columns), up
