"""The policy as the other rooms see it: frozen, typed, with every reading already decided.

A `Ref` names a fact of a table; conditions, awards and rules speak in refs and exact integers only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from anqing_subsidy.finding import Severity, Text

ColumnType = Literal["uscc", "text", "enum", "yesno", "date", "year", "money", "count", "area", "ratio"]
FactType = Literal["uscc", "text", "enum", "yesno", "date", "year", "money", "count", "area", "ratio"]
Op = Literal["==", "!=", ">=", "<=", ">", "<"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: header and English label, type, unit, the words its values may be typed as.

    `range` holds the least and the greatest value of a column of ratios. Applicants that share a value of a column
    that `relates` may be one hand; a value that is `named_by` another column has one name wherever it stands.
    """

    id: str
    header: str
    en: str
    type: ColumnType
    unit: str | None = None
    aliases: tuple[str, ...] = ()
    required: bool = False
    values: Mapping[str, tuple[str, ...]] | None = None
    open_values: bool = False
    doc: str = ""
    range: tuple[Fraction, Fraction] | None = None
    relates: bool = False
    named_by: str | None = None


@dataclass(frozen=True, slots=True)
class UnitSuspect:
    """Figures that are all below `below` smallest units, at least `at_least` of them: typed in 万元?

    `ratio`: a figure so many times the row's median, or so small a part of it, is suspect too.
    """

    columns: tuple[str, ...]
    below: int
    at_least: int
    ratio: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: what makes its rows distinct, whose child it is, which column names the object of a line."""

    id: str
    sheet: str
    en: str
    key: tuple[str, ...]
    parent: str | None
    object: str | None
    columns: Mapping[str, Column]
    doc: str = ""
    orphans: Literal["error", "warning"] = "error"
    unit_suspect: UnitSuspect | None = None
    distinct: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Ref:
    """A fact of a table."""

    table: str
    id: str


# ---- conditions ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shifted:
    """A date fact moved by whole years; 29 February becomes the 28th where the year has none."""

    ref: Ref
    years: int


Operand = int | Fraction | date | str | bool | Ref | Shifted


@dataclass(frozen=True, slots=True)
class Compare:
    """`fact op value-or-fact`; numbers in smallest units, rates as ratios."""

    text: str
    ref: Ref
    op: Op
    value: Operand


@dataclass(frozen=True, slots=True)
class IsOneOf:
    """`fact is a or b`."""

    text: str
    ref: Ref
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsGiven:
    """`fact is given` (a cell that cannot be read is given) or `fact is blank`."""

    text: str
    ref: Ref
    given: bool


@dataclass(frozen=True, slots=True)
class Holds:
    """A yes/no fact, or its contrary."""

    text: str
    ref: Ref
    wanted: bool


@dataclass(frozen=True, slots=True)
class Never:
    """A condition that a reading has switched off."""

    text: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one branch holds; within a branch all conditions hold."""

    branches: tuple[tuple[Condition, ...], ...]


Condition = Compare | IsOneOf | IsGiven | Holds | Never | AnyOf
Conditions = tuple[Condition, ...]


# ---- derived facts ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChildCount:
    """How many child rows satisfy the conditions."""

    child: str
    where: Conditions
    otherwise: Ref | None


@dataclass(frozen=True, slots=True)
class ChildSum:
    """The sum of a column over the child rows that satisfy the conditions."""

    child: str
    of: Ref
    where: Conditions
    otherwise: Ref | None


@dataclass(frozen=True, slots=True)
class Added:
    """The sum of facts of one row; unknown while one of them is."""

    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class RatioOf:
    """One fact over another, kept as a pair of integers."""

    numerator: Ref
    denominator: Ref


@dataclass(frozen=True, slots=True)
class YearOf:
    """The year of a date."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Anniversary:
    """The same day some years later."""

    ref: Ref
    years: int


@dataclass(frozen=True, slots=True)
class WhenHolds:
    """A yes/no fact made of conditions."""

    when: Conditions


@dataclass(frozen=True, slots=True)
class SameAs:
    """Another fact under this name (a reading picks which)."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class ListedIn:
    """One value for those on an official list, another for the rest; a column where no list is given."""

    table: str
    listed: str
    unlisted: str
    otherwise: Ref


Derivation = ChildCount | ChildSum | Added | RatioOf | YearOf | Anniversary | WhenHolds | SameAs | ListedIn


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A fact that is worked out, not typed."""

    ref: Ref
    type: FactType
    title: Text
    how: Derivation


# ---- awards -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keyed:
    """A value by the value of a fact; a key that is not listed pays nothing."""

    by: Ref
    cases: Mapping[str, Value]


Value = int | Fraction | Ref | Keyed
"""A sum in fen, a rate or factor, an amount that is a fact, or a choice among those."""


@dataclass(frozen=True, slots=True)
class Pay:
    """A sum, or a sum for each unit."""

    amount: Value
    per: Ref | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of a base, or of its part above a level."""

    rate: Value
    of: Ref
    only_above: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a choice of awards: its conditions and what it pays."""

    when: Conditions
    award: Award


@dataclass(frozen=True, slots=True)
class HighestOf:
    """Of the rows whose conditions hold, the one that pays most."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class SumOf:
    """All rows whose conditions hold, added up."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FirstPast:
    """A step reached for the first time: thresholds ascending, each with its sum."""

    metric: Ref
    tiers: tuple[tuple[int, int], ...]
    op: Literal["gt", "ge"]
    jump: Literal["highest", "cumulative"]
    once_with: tuple[str, ...] = ()


Shape = Pay | Rate | HighestOf | SumOf | FirstPast


@dataclass(frozen=True, slots=True)
class Award:
    """A shape and the factor that multiplies it."""

    shape: Shape
    multiply_by: Value = 1


# ---- clauses ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Once:
    """What blocks a second award: the same applicant, object, or object and level (or a higher one)."""

    same: tuple[Literal["applicant", "object", "level"], ...]
    level: Ref | None = None
    ranks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FundRule:
    """The fund that pays, and the other one where a yes/no fact moves the line there."""

    fund: str
    other: str | None = None
    due_to: Ref | None = None
    part: Literal["whole_line", "increment"] = "whole_line"


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of the policy: where it stands, who may claim it, on what conditions, what it pays."""

    id: str
    article: str
    title: Text
    line: int
    table: str
    where: Conditions
    claimed: Conditions
    unclaimed_beside: tuple[Ref, ...]
    when: Conditions
    award: Award
    declared_award: Award | None
    rows: Literal["one", "add_up", "highest"]
    line_per: Literal["row", "applicant", "object"]
    cap: int | None
    cap_scope: Literal["per_year", "lifetime"]
    once: tuple[Once, ...]
    less_paid: tuple[str, ...]
    fund: FundRule
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses (or groups) of which the highest is paid, or which add up; earlier members win ties."""

    id: str
    members: tuple[str, ...]
    pays: Literal["highest", "sum"]


@dataclass(frozen=True, slots=True)
class History:
    """What "for the first time" looks back on."""

    table: str
    year: str
    since: Ref
    missing: Literal["pending", "assume_none"]
    basis: Literal["fact", "award"]
    declared: Mapping[str, Ref]
    suspect_ratio: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PaidTable:
    """The table of awards already paid and the meaning of its columns."""

    table: str
    year: str
    clause: str
    object: str
    tier: str
    level: str
    amount: str


@dataclass(frozen=True, slots=True)
class Support:
    """Support from other programmes: which rows count, which are undecided, what they do."""

    table: str
    clause: str
    object: str
    units: str
    amount: str
    same_matter: str
    where: Conditions
    undecided: Conditions
    effect: Literal["exclude", "top_up"]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """The table of decisions by hand and the meaning of its columns."""

    table: str
    clause: str
    object: str
    decision: str
    amount: str
    row_ref: str
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Claimant:
    """Child rows of one key that two claimants bring: held in both, or the earliest keeps it."""

    table: str
    key: str
    claimant: str
    where: Conditions
    settle: Literal["hold", "earliest"]
    earliest: str | None


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    """A row that stands in for a sheet of details that an applicant does not have."""

    table: str
    values: Mapping[str, Ref | str | int | bool | date | None]
    given: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Payee:
    """The columns of the applicants table that identify and pay an applicant."""

    code: str
    name: str
    county: str | None
    bank_name: str | None
    bank_account: str | None
    name_endings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """What cannot be, or hardly: rows of a table for which all conditions hold, and what to say of them."""

    id: str
    table: str
    when: Conditions
    message: Text
    fix: Text
    severity: Severity


@dataclass(frozen=True)
class Policy:
    """A whole policy under one choice of readings; `guide` names the file of words for its application form."""

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
    guide: str | None = None

    def column(self, ref: Ref) -> Column | None:
        """The typed column behind a ref, if it is not a derived fact."""
        return self.tables[ref.table].columns.get(ref.id) if ref.table in self.tables else None

    def type_of(self, ref: Ref) -> FactType:
        """The type of a fact, typed or derived."""
        column = self.column(ref)
        return column.type if column is not None else self.facts[ref].type

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
