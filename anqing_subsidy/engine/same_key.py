"""Rows of one key: equal ones merged, contradictions marked, the row that a decision names kept (domain page, 3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import polars as pl

from anqing_subsidy.engine.table_rows import ORIGIN, TableRows, links
from anqing_subsidy.finding import Finding, Place, Severity, Text
from anqing_subsidy.policy.columns import Table
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.tables import Tables

NUMERIC: Final = ("money", "usd", "count", "area")


class Doubled(NamedTuple):
    """A row whose key another row has too."""

    at: int
    content: tuple[object, ...]
    part: int
    row: int


class Fates(NamedTuple):
    """What becomes of rows of one key: merged away, held as a contradiction (of owners alone), beaten by a decision."""

    dropped: set[int]
    conflicting: set[int]
    rivals: set[int]
    beaten: set[int]


class Chosen(NamedTuple):
    """A row that a decision said counts: its table, the codes it was contested by, its object where rows are one."""

    table: str
    codes: frozenset[str]
    object: str | None


def content(frame: pl.DataFrame) -> list[str]:
    """The columns that a person typed."""
    return [name for name in frame.columns if name not in ORIGIN]


class SameKey:
    """Settles rows that have one key; what is wrong goes to `findings`.

    `chosen` are the rows (part, row) that decisions name as the ones that count, with the codes of the
    applicants decided on; those that ended a contradiction come to be in `settled`. `rows` are the
    tables that are ready, parents before children.
    """

    def __init__(
        self,
        policy: Policy,
        tables: Tables,
        chosen: Mapping[tuple[int, int], Collection[str]],
        rows: Mapping[str, TableRows],
        findings: list[Finding],
    ) -> None:
        self.policy = policy
        self.tables = tables
        self.chosen = chosen
        self.rows = rows
        self.findings = findings
        self.settled: dict[tuple[int, int], Chosen] = {}

    def merged(self, table: Table, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
        """The rows that stand, and the marks of `TableRows` for those that something is odd about."""
        keys = [key for key in table.key if key in frame.columns]
        doubled = frame.select(keys).is_duplicated()
        for name in keys:
            if table.columns[name].required:
                # a blank is no name that two rows could share
                doubled = doubled & frame[name].is_not_null()
        if not doubled.any():
            return frame, {}
        suspects = frame.with_row_index("_at").filter(doubled)
        columns = content(frame)
        families: dict[tuple[object, ...], list[Doubled]] = {}
        values = suspects.select(columns).rows()
        keyed = suspects.select(keys).rows()
        for at, key, content_, part, row in zip(
            suspects["_at"], keyed, values, suspects["_part"], suspects["_row"], strict=True
        ):
            families.setdefault(key, []).append(Doubled(at, content_, part, row))
        fates = Fates(set(), set(), set(), set())
        for key, family in families.items():
            self._settle(table, columns, key, family, fates)
        index = pl.int_range(frame.height, eager=True)
        keep = ~index.is_in(sorted(fates.dropped))
        odd = {"conflict": fates.conflicting, "rivals": fates.rivals, "beaten": fates.beaten}
        index = index.filter(keep)
        return frame.filter(keep), {name: index.is_in(sorted(some)) for name, some in odd.items() if some}

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
        owner = [at_of[name] for name in links(self.policy, table)]
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
            table.columns[name]
            for name, at in at_of.items()
            if name in table.columns and len({doubled.content[at] for doubled in first}) > 1
        ]
        what = Text("、".join(column.header for column in differ), ", ".join(column.en for column in differ))
        fix = Text(
            "核实后更正，或在人工核定表以“以此行为准”指明采用哪一行",
            "correct it, or name the row that counts by a decision (use_row)",
        )
        if owner and len({tuple(doubled.content[at] for at in owner) for doubled in first}) > 1:
            fates.conflicting.update(doubled.at for doubled in first)
            owners = [tuple(doubled.content[at] for at in owner) for doubled in first]
            fates.rivals.update(
                doubled.at for doubled, whose in zip(first, owners, strict=True) if owners.count(whose) == 1
            )
            message = Text(
                f"{table.sheet} {keyword} 由不同主体申报: {listing}",
                f"{table.en} {keyword} is claimed by different applicants: {listing}",
            )
            self._say("error", "DUP_OBJECT_CONFLICT", message, places[1], keyword, fix, (places[0], *places[2:]))
            return
        message = Text(
            f"{table.sheet} {keyword} 重复而内容不同 ({what.zh}): {listing}",
            f"{table.en} {keyword} given twice with different values ({what.en}): {listing}",
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
        keys = links(self.policy, table) or [self.policy.payee.code]
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
