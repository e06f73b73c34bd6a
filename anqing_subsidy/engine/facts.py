"""Facts of every table, typed or derived, each worked out once and only when somebody asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from anqing_subsidy.engine.claims import Claims
from anqing_subsidy.engine.derive import derive
from anqing_subsidy.engine.exact import any_of, flag, whole
from anqing_subsidy.engine.fact import Fact
from anqing_subsidy.engine.table_rows import TableRows
from anqing_subsidy.engine.verdict import Evaluator
from anqing_subsidy.money import SCALE
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import Conditions, Ref, refs_in
from anqing_subsidy.tables import BAD


class FactStore:
    """All facts of one run, by table; `freed` are the codes whose rows no second claimant holds any more."""

    def __init__(self, policy: Policy, rows: Mapping[str, TableRows], freed: Collection[str] = ()) -> None:
        self.policy = policy
        self.rows = rows
        self.freed = freed
        self._facts: dict[Ref, Fact] = {}
        self._claims: dict[str, Claims] = {}

    def fact(self, ref: Ref) -> Fact:
        """A fact over all rows of its own table."""
        if ref not in self._facts:
            derived = self.policy.facts.get(ref)
            self._facts[ref] = self._typed(ref) if derived is None else derive(self, derived)
        return self._facts[ref]

    def scope(self, table: str, at: pl.Series | None = None, forced: Mapping[Ref, bool] | None = None) -> Scope:
        """The facts seen from some rows of a table."""
        return Scope(self, table, at, forced or {})

    def claims(self, table: str) -> Claims | None:
        """Which rows of a table two claimants bring, if the policy asks."""
        rule = next((rule for rule in self.policy.claimants if rule.table == table), None)
        if rule is None:
            return None
        if table not in self._claims:
            self._claims[table] = Claims(rule, self)
        return self._claims[table]

    def owners(self, table: str) -> pl.Series:
        """The code of the applicant behind each row of a table."""
        rows, codes = self.rows[table], self.rows[self.policy.main].frame[self.policy.payee.code]
        return codes if table == self.policy.main else codes.gather(rows.up[self.policy.main])

    def _typed(self, ref: Ref) -> Fact:
        frame = self.rows[ref.table].frame
        column = frame[ref.id]
        kind = self.policy.type_of(ref)
        if kind == "enum":
            column = column.set(column == "unknown", None) if (column == "unknown").any() else column
        bad = frame[ref.id + BAD].fill_null(value=False) if ref.id + BAD in frame.columns else None
        if kind == "ratio":
            return Fact(kind, column, column, bad, den=whole(SCALE["ratio"], len(column)))
        return Fact(kind, column, column, bad)


class Scope:
    """Facts seen from some rows of a table: its own and its ancestors', all of one height."""

    def __init__(self, store: FactStore, table: str, at: pl.Series | None, forced: Mapping[Ref, bool]) -> None:
        self.store = store
        self.table = table
        self.at = at
        self.forced = forced
        self._seen: dict[Ref, Fact] = {}

    @property
    def rows(self) -> TableRows:
        """The table that is looked at."""
        return self.store.rows[self.table]

    @property
    def height(self) -> int:
        """How many rows are looked at."""
        return self.rows.height if self.at is None else self.at.len()

    def up(self, table: str) -> pl.Series:
        """The row of an ancestor (or of the table itself) for each row."""
        if table == self.table:
            return self.at if self.at is not None else pl.int_range(self.height, eager=True, dtype=pl.UInt32)
        index = self.rows.up[table]
        return index if self.at is None else index.gather(self.at)

    def column(self, name: str) -> pl.Series:
        """A typed column of the table at these rows."""
        column = self.rows.frame[name]
        return column if self.at is None else column.gather(self.at)

    def fact(self, ref: Ref) -> Fact:
        """A fact at these rows."""
        if ref in self.forced:
            column = flag(self.forced[ref], self.height)
            return Fact("yesno", column, column)
        if ref not in self._seen:
            fact = self.store.fact(ref)
            self._seen[ref] = fact if ref.table == self.table and self.at is None else fact.take(self.up(ref.table))
        return self._seen[ref]

    def bad(self, part: object) -> pl.Series | None:
        """Where a fact named in a part of the policy cannot be read; None where all can."""
        marks = [mark for ref in refs_in(part) if (mark := self.fact(ref).bad) is not None]
        return any_of(marks, self.height) if marks else None

    def met(self, conditions: Conditions) -> pl.Series:
        """Whether conditions hold at these rows."""
        return Evaluator(self).met(conditions)
