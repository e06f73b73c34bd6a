"""The policy as the other rooms see it: frozen, typed, with every reading already decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.policy.clauses import Budget, Clause, FundRule, Group
from anqing_subsidy.policy.columns import SQUARE_METRES, Column, Table
from anqing_subsidy.policy.derivations import (
    ChildCount,
    ChildMax,
    ChildSum,
    Days,
    DerivedFact,
    FullMonths,
    LastYear,
    ListedIn,
    NthYear,
    PlaceOf,
    SameAs,
    Times,
)
from anqing_subsidy.policy.rules import Check, Claimant, DecisionTable, DeclaredRow, History, PaidTable, Payee, Support
from anqing_subsidy.policy.terms import Conditions, FactType, Ref, refs_in

_OF_ANOTHER_UNIT = (ChildCount, FullMonths, Days, NthYear, PlaceOf)
"""Facts that count something else than the facts that they name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question that the text leaves open; the first option is in force unless the city says otherwise."""

    id: str
    options: tuple[str, ...]
    value: str
    title: Text
    says: Mapping[str, Text]

    @property
    def default(self) -> str:
        """The option in force when nothing is set."""
        return self.options[0]


@dataclass(frozen=True)
class Policy:
    """A whole policy under one choice of readings; `guide` names the file of words for its application form.

    `effective` are the first and the last day on which it is in force (no last one: no end yet); `budgets` what each
    fund has, where the policy says; `every_fund` is the fund of the clauses that name none themselves.
    """

    id: str
    title: Text
    source: Text
    year: int
    file: str
    sha256: str
    main: str
    payee: Payee
    rounding: Literal["half_up_fen", "down_fen"]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    readings: Mapping[str, Reading]
    funds: Mapping[str, Text]
    fund_note: Text
    tables: Mapping[str, Table]
    facts: Mapping[Ref, DerivedFact]
    history: History | None
    paid: PaidTable | None
    support: Support | None
    decisions: DecisionTable | None
    claimants: tuple[Claimant, ...]
    declared_rows: tuple[DeclaredRow, ...]
    clauses: Mapping[str, Clause]
    groups: tuple[Group, ...]
    notes: tuple[Text, ...]
    checks: tuple[Check, ...] = ()
    effective: tuple[date, date | None] | None = None
    budgets: Mapping[str, Budget] = field(default_factory=dict)
    guide: str | None = None
    every_fund: FundRule | None = None

    @property
    def every_clause(self) -> Conditions:
        """The conditions that all clauses share."""
        return next((clause.every for clause in self.clauses.values()), ())

    def column(self, ref: Ref) -> Column | None:
        """The typed column behind a ref, if it is not a derived fact."""
        return self.tables[ref.table].columns.get(ref.id) if ref.table in self.tables else None

    def type_of(self, ref: Ref) -> FactType:
        """The type of a fact, typed or derived."""
        column = self.column(ref)
        return column.type if column is not None else self.facts[ref].type

    def unit(self, ref: Ref) -> str | None:
        """The unit that the policy gives a column, or that of all parts of a derived fact that are of its type."""
        column = self.column(ref)
        if column is not None:
            return column.unit
        fact = self.facts.get(ref)
        if fact is None or (
            isinstance(fact.how, _OF_ANOTHER_UNIT) or (isinstance(fact.how, Times) and fact.type == "count")
        ):
            return None
        units = {self.unit(other) for other in self._measured(fact) if self.type_of(other) == fact.type}
        if not units and fact.type == "area":
            return SQUARE_METRES[0]  # a product of counts and 50㎡
        return units.pop() if len(units) == 1 else None

    def _measured(self, fact: DerivedFact) -> list[Ref]:
        """The facts whose figures become that of a derived fact."""
        if isinstance(fact.how, LastYear) and self.history is not None:
            return [Ref(self.history.table, fact.how.metric)]
        if isinstance(fact.how, ChildSum | ChildMax):
            return [fact.how.of]
        return list(refs_in(fact.how))

    def measured_in(self, ref: Ref) -> Text:
        """The unit of a measure as it stands behind a figure; nothing where the policy gives it none."""
        unit = self.unit(ref)
        return Text(unit, f" {unit}") if unit else NOTHING

    def words(self, ref: Ref) -> Mapping[str, tuple[str, ...]]:
        """The words that the values of an enumeration may be typed as, by id; the first is the one shown."""
        column = self.column(ref)
        if column is not None:
            return column.values or {}
        how = self.facts[ref].how if ref in self.facts else None
        source = how.otherwise if isinstance(how, ListedIn) else how.ref if isinstance(how, SameAs) else None
        return self.words(source) if source is not None else {}

    def label(self, ref: Ref) -> Text:
        """What people call a fact."""
        column = self.column(ref)
        return Text(column.header, column.en) if column is not None else self.facts[ref].title
