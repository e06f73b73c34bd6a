"""Rows made fit for assessing: equal ones merged, contradictions marked, children tied to their parents.

Everything here is about rows and keys across sheets (domain page, 3); what a row is worth comes later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import polars as pl

from anqing_subsidy.finding import Finding, Place, Severity, Text
from anqing_subsidy.policy.model import DeclaredRow, Policy, Ref, Table
from anqing_subsidy.tables import BAD, Tables

ORIGIN = ("_part", "_row")
NUMERIC = ("money", "count", "area")


class Doubled(NamedTuple):
    """A row whose key another row has too."""

    at: int
    content: tuple[object, ...]
    part: int
    row: int


class Fates(NamedTuple):
    """What becomes of rows of one key: merged away, held as a contradiction, beaten by a decision."""

    dropped: set[int]
    conflicting: set[int]
    beaten: set[int]


class Chosen(NamedTuple):
    """A row that a decision said counts: its table, the codes it was contested by, its object where rows are one."""

    table: str
    codes: frozenset[str]
    object: str | None


@dataclass(frozen=True)
class TableRows:
    """The rows of one table: the frame, the row of each ancestor, and what is odd about a row.

    `beaten` rows stay so that their applicant is told: somebody else's row of the same object counts.
    """

    table: Table
    frame: pl.DataFrame
    up: Mapping[str, pl.Series] = field(default_factory=dict)
    conflict: pl.Series | None = None
    beaten: pl.Series | None = None
    declared: pl.Series | None = None

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.frame.height


def content(frame: pl.DataFrame) -> list[str]:
    """The columns that a person typed."""
    return [name for name in frame.columns if name not in ORIGIN]


class RowBuilder:
    """Prepares the rows of all tables of one run; what is wrong goes to `findings`.

    `chosen` are the rows (part, row) that decisions name as the ones that count, with the codes of the
    applicants decided on; those that ended a contradiction come to be in `settled`.
    """

    def __init__(self, policy: Policy, tables: Tables, chosen: Mapping[tuple[int, int], Collection[str]]) -> None:
        self.policy = policy
        self.tables = tables
        self.chosen = chosen
        self.settled: dict[tuple[int, int], Chosen] = {}
        self.findings: list[Finding] = []
        self.rows: dict[str, TableRows] = {}

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
            rows = self._tied(table, frame, None, None)
            del self.findings[said:]
            return rows
        frame, conflict, beaten = self._merged(table, frame)
        if table.parent is None:
            return TableRows(table, frame, {}, conflict)
        return self._tied(table, frame, conflict, beaten)

    # ---- equal keys ---------------------------------------------------------------------------

    def _place(self, frame: pl.DataFrame, at: int, column: str | None = None) -> Place:
        return self.tables.place(int(frame["_part"][at]), int(frame["_row"][at]), column)

    def _merged(self, table: Table, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series | None, pl.Series | None]:
        """The rows that stand, which of them contradict each other, and which are beaten by a decision."""
        keys = [key for key in table.key if key in frame.columns]
        doubled = frame.select(keys).is_duplicated()
        named = frame[keys[0]].is_not_null()
        doubled = doubled & named
        if not doubled.any():
            return frame, None, None
        suspects = frame.with_row_index("_at").filter(doubled)
        columns = content(frame)
        families: dict[tuple[object, ...], list[Doubled]] = {}
        values = suspects.select(columns).rows()
        keyed = suspects.select(keys).rows()
        for at, key, content_, part, row in zip(
            suspects["_at"], keyed, values, suspects["_part"], suspects["_row"], strict=True
        ):
            families.setdefault(key, []).append(Doubled(at, content_, part, row))
        fates = Fates(set(), set(), set())
        for key, family in families.items():
            self._settle(table, columns, key, family, fates)
        index = pl.int_range(frame.height, eager=True)
        keep = ~index.is_in(sorted(fates.dropped))
        marks = [index.filter(keep).is_in(sorted(some)) if some else None for some in (fates.conflicting, fates.beaten)]
        return frame.filter(keep), marks[0], marks[1]

    def _settle(
        self,
        table: Table,
        columns: list[str],
        key: tuple[object, ...],
        family: list[Doubled],
        fates: Fates,
    ) -> None:
        """One key that several rows have: merge the equal ones, mark those that contradict each other."""
        first = list({doubled.content: doubled for doubled in reversed(family)}.values())[::-1]
        fates.dropped.update({doubled.at for doubled in family} - {doubled.at for doubled in first})
        keyword = ", ".join(str(part) for part in key if part is not None)
        places = [self.tables.place(doubled.part, doubled.row) for doubled in family]
        listing = "; ".join(str(place) for place in places)
        is_main = table.id == self.policy.main
        if len(first) == 1:
            self._say(
                "warning",
                "DUP_APPLICANT_SAME" if is_main else "DUP_ROW_SAME",
                Text(
                    f"{table.sheet} {keyword} 重复，各栏相同，合并为一: {listing}",
                    f"{table.en} {keyword} given twice with equal values, merged: {listing}",
                ),
                places[1],
                keyword,
                Text("删去重复的行", "drop the repeated row"),
                (places[0], *places[2:]),
            )
            return
        at_of = {name: at for at, name in enumerate(columns)}
        owner = [at_of[name] for name in self._link(table)]
        contenders = self._contenders(table, at_of, first)
        chosen = [doubled for doubled in family if contenders & set(self.chosen.get((doubled.part, doubled.row), ()))]
        if len({doubled.content for doubled in chosen}) == 1:
            kept = chosen[0].content
            thing = str(kept[at_of[table.object]]) if table.object is not None else None
            settled = Chosen(table.id, frozenset(contenders), thing)
            self.settled.update(dict.fromkeys(((doubled.part, doubled.row) for doubled in chosen), settled))
            for doubled in first:
                if doubled.content != kept:
                    others = any(doubled.content[at] != kept[at] for at in owner)
                    (fates.beaten if others else fates.dropped).add(doubled.at)
            return
        differ = [
            table.columns[name].header
            for name, at in at_of.items()
            if name in table.columns and len({doubled.content[at] for doubled in first}) > 1
        ]
        what = "、".join(differ)
        fix = Text(
            "核实后更正，或在人工核定表以“以此行为准”指明采用哪一行",
            "correct it, or name the row that counts by a decision (use_row)",
        )
        if owner and len({tuple(doubled.content[at] for at in owner) for doubled in first}) > 1:
            fates.conflicting.update(doubled.at for doubled in first)
            message = Text(
                f"{table.sheet} {keyword} 由不同主体申报: {listing}",
                f"{table.en} {keyword} is claimed by different applicants: {listing}",
            )
            self._say("error", "DUP_OBJECT_CONFLICT", message, places[1], keyword, fix, (places[0], *places[2:]))
            return
        message = Text(
            f"{table.sheet} {keyword} 重复而内容不同 ({what}): {listing}",
            f"{table.en} {keyword} given twice with different values ({what}): {listing}",
        )
        self._say(
            "error",
            "DUP_APPLICANT_CONFLICT" if is_main else "DUP_ROW_CONFLICT",
            message,
            places[1],
            keyword,
            fix,
            (places[0], *places[2:]),
        )
        if is_main:
            fates.conflicting.update(doubled.at for doubled in first)
            return
        last = max(first, key=lambda doubled: self._favour(table, at_of, doubled.content))
        fates.dropped.update(doubled.at for doubled in first if doubled is not last)
        fates.conflicting.add(last.at)

    def _contenders(self, table: Table, at_of: Mapping[str, int], family: list[Doubled]) -> set[str]:
        """The codes of the applicants whose rows contradict each other."""
        codes: set[str] = set()
        keys = self._link(table) or [self.policy.payee.code]
        for doubled in family:
            linked = [doubled.content[at_of[name]] for name in keys]
            if keys == [self.policy.payee.code]:
                codes.update(str(code) for code in linked if code is not None)
            elif table.parent is not None:
                parent = self.rows[table.parent]
                same = pl.all_horizontal(pl.col(name) == value for name, value in zip(keys, linked, strict=True))
                hit = parent.frame.select(same.fill_null(value=False)).to_series()
                owners = self.rows[self.policy.main].frame[self.policy.payee.code]
                codes.update(owners.gather(parent.up[self.policy.main].filter(hit)).drop_nulls().to_list())
        return codes

    def _favour(self, table: Table, at_of: Mapping[str, int], values: tuple[object, ...]) -> tuple[object, ...]:
        """Which row stands for a contradiction: the least paid or reached, else by content, never by order."""
        text = tuple("" if value is None else str(value) for value in values)
        figures: list[str] = []
        if self.policy.paid is not None and self.policy.paid.table == table.id:
            figures = [self.policy.paid.amount, self.policy.paid.tier]
        elif self.policy.history is not None and self.policy.history.table == table.id:
            figures = [name for name, column in table.columns.items() if column.type in NUMERIC]
        before = [values[at_of[name]] for name in figures if name in at_of]
        return (*(-value if isinstance(value, int) else 0 for value in before), *text)

    def _say(
        self,
        severity: Severity,
        code: str,
        message: Text,
        place: Place,
        value: str,
        fix: Text,
        others: tuple[Place, ...],
    ) -> None:
        self.findings.append(Finding(severity, code, message, place, value, fix, others))

    # ---- parents ------------------------------------------------------------------------------

    def _link(self, table: Table) -> list[str]:
        if table.parent is None:
            return []
        return [key for key in self.policy.tables[table.parent].key if key in table.columns]

    def _tied(
        self, table: Table, frame: pl.DataFrame, conflict: pl.Series | None, beaten: pl.Series | None
    ) -> TableRows:
        parent = self.rows[table.parent or ""]
        link = self._link(table)
        loose = self.policy.paid is not None and table.id == self.policy.paid.table
        left = frame.with_columns(pl.int_range(frame.height, dtype=pl.UInt32).alias("_at"))
        right = parent.frame.select(link).with_columns(pl.int_range(parent.height, dtype=pl.UInt32).alias("_up"))
        if parent.beaten is not None:
            right = right.filter(~parent.beaten)
        joined = left.select([*link, "_at"]).join(right, on=link, how="left", maintain_order="left")
        orphans = joined.filter(pl.col("_up").is_null())["_at"]
        for at in orphans:
            key = ", ".join(str(frame[name][at]) for name in link)
            owner = parent.table
            self.findings.append(
                Finding(
                    table.orphans,
                    "ORPHAN",
                    Text(
                        f"{table.sheet}: {owner.sheet}中没有 {key}，此行未计入",
                        f"{table.en}: there is no {key} in {owner.en}; the row is left out",
                    ),
                    self._place(frame, at, link[0]),
                    key,
                    Text(f"核对代码，或在{owner.sheet}补上该行", f"check the code, or add the row to {owner.en}"),
                )
            )
        if loose:
            return TableRows(table, frame, {}, conflict)
        if len(orphans):
            joined = joined.filter(pl.col("_up").is_not_null())
        at, up = joined["_at"], joined["_up"]
        same = at.len() == frame.height and not len(orphans)
        frame = frame if same else frame[at]
        chain = {parent.table.id: up} | {ancestor: index.gather(up) for ancestor, index in parent.up.items()}
        conflict, beaten = (mark if mark is None or same else mark.gather(at) for mark in (conflict, beaten))
        return TableRows(table, frame, chain, conflict, beaten)

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
        conflict, beaten = (
            mark if mark is None else pl.concat([mark, pl.Series([False]).new_from_index(0, frame.height - mark.len())])
            for mark in (rows.conflict, rows.beaten)
        )
        chain = {self.policy.main: pl.concat(ups)}
        return replace(rows, frame=frame, up=chain, conflict=conflict, beaten=beaten, declared=declared)

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
