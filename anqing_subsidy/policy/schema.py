"""The form of a policy file: which keys there are and what kind of value each takes, read by `reader`.

What the values mean (facts, conditions, amounts) is worked out in `build`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.reader import COLUMN, DIGITS, ID, ONE_OR_MORE, Between, Entry

Plain = Annotated[str, DIGITS]
"""A text; a whole number typed without quotes is taken as its digits."""
ColumnName = Annotated[str, COLUMN]
Tree = Any
"""A condition or amount, parsed in `build` with its lines."""
NONE: Final[Mapping[Any, Any]] = MappingProxyType({})
RatioDoc = Annotated[tuple[int, ...], Between(2, 2)]
"""From how many times to how many times one figure is so far from others that its unit is in doubt."""


class LabelDoc(Entry):
    """A title in both languages."""

    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The label as a text."""
        return Text(self.zh, self.en)


class ReadingDoc(LabelDoc):
    """A question that the text leaves open, and its options; the first is in force."""

    options: Annotated[Mapping[str, LabelDoc], Between(2)]


class ApplicantDoc(Entry):
    """The table of applicants and the columns that identify and pay them."""

    table: str
    code: ColumnName
    name: ColumnName
    county: Annotated[str | None, COLUMN] = None
    bank_name: Annotated[str | None, COLUMN] = None
    bank_account: Annotated[str | None, COLUMN] = None
    name_endings: tuple[str, ...] = ()


class HistoryDoc(Entry):
    """What "for the first time" looks back on."""

    table: str
    year: ColumnName
    since: str
    missing: Literal["pending", "assume_none"] = "pending"
    basis: Literal["fact", "award"] = "fact"
    declared: Mapping[str, str] = NONE
    suspect_ratio: RatioDoc | None = None


class PaidDoc(Entry):
    """The table of awards already paid."""

    table: str
    year: ColumnName
    clause: ColumnName
    object: ColumnName
    tier: ColumnName
    level: ColumnName
    amount: ColumnName


class SupportDoc(Entry):
    """The table of support from other programmes."""

    table: str
    clause: ColumnName
    object: ColumnName
    units: ColumnName
    amount: ColumnName
    same_matter: ColumnName
    where: Tree = None
    undecided: Tree = None
    effect: Literal["exclude", "top_up"]


class DecisionsDoc(Entry):
    """The table of decisions by hand."""

    table: str
    clause: ColumnName
    object: ColumnName
    decision: ColumnName
    amount: ColumnName
    row_ref: ColumnName
    reason: ColumnName
    decided_by: ColumnName


class ClaimantDoc(Entry):
    """Child rows that only one claimant may bring."""

    key: ColumnName
    claimant: ColumnName
    where: Tree = None
    settle: Literal["hold", "earliest"] = "hold"
    earliest: Annotated[str | None, COLUMN] = None


class FactDoc(Entry):
    """A derived fact: exactly one operation with its operands."""

    zh: str
    en: str
    count: str | None = None
    sum: str | None = None
    of: str | None = None
    where: Tree = None
    else_: str | None = None
    add: tuple[str, ...] | None = None
    ratio: Annotated[tuple[str, ...], Between(2, 2)] | None = None
    year_of: str | None = None
    anniversary: str | None = None
    years: Annotated[int, Between(0, 999)] | None = None
    when: Tree = None
    same_as: str | None = None
    listed_in: str | None = None
    listed: str | None = None
    unlisted: str | None = None


class AwardDoc(Entry):
    """An award: one shape (pay, rate, highest_of, sum_of, first_past) and its modifiers."""

    pay: Tree = None
    per: str | None = None
    rate: Tree = None
    of: str | None = None
    only_above: Plain | None = None
    highest_of: tuple[AwardDoc, ...] | None = None
    sum_of: tuple[AwardDoc, ...] | None = None
    first_past: str | None = None
    past: Literal["gt", "ge"] = "gt"
    tiers: Mapping[str, Plain] | None = None
    jump: Literal["highest", "cumulative"] = "highest"
    multiply_by: Tree = None
    when: Tree = None


class OnceDoc(Entry):
    """What blocks a second award."""

    same: Annotated[tuple[Literal["tier", "applicant", "object", "level"], ...], ONE_OR_MORE]
    with_: tuple[str, ...] | None = None
    highest_first: tuple[str, ...] | None = None


class FundDoc(Entry):
    """The fund of a line, and the other one where a yes/no fact moves it there."""

    fund: str
    or_: str
    due_to: str
    part: Literal["whole_line", "increment"] = "whole_line"


class ClauseDoc(Entry):
    """One line of the policy."""

    id: Annotated[str, ID]
    article: str
    title: LabelDoc
    each: str | None = None
    one_line_per: Literal["applicant", "object"] | None = None
    rows: Literal["add_up", "highest"] | None = None
    where: Tree = None
    claimed: Tree = None
    unclaimed_beside: tuple[str, ...] = ()
    when: Tree = None
    award: AwardDoc
    declared: AwardDoc | None = None
    cap: Plain | None = None
    cap_scope: Literal["per_year", "lifetime"] = "per_year"
    once_for: Annotated[tuple[OnceDoc, ...], ONE_OR_MORE] = ()
    less_paid: tuple[str, ...] = ()
    fund: str | FundDoc


class GroupDoc(Entry):
    """Clauses of which the highest is paid, or which add up."""

    id: str
    members: Annotated[tuple[str, ...], Between(2)]
    pays: Literal["highest", "sum"]


class UnitSuspectDoc(Entry):
    """Figures so small that they may have been typed in 万元."""

    columns: tuple[str, ...]
    below: Plain
    at_least: int
    ratio: RatioDoc | None = None


class ColumnDoc(Entry):
    """A column of a sheet."""

    header: Plain
    en: str
    type: Literal["uscc", "text", "enum", "yesno", "date", "year", "money", "count", "area", "ratio"]
    unit: str | None = None
    range: Annotated[tuple[str, ...], Between(2, 2)] | None = None
    aliases: tuple[Plain, ...] = ()
    required: bool = False
    values: str | None = None
    open_values: bool = False
    doc: str = ""
    relates: bool = False
    named_by: str | None = None


class CheckDoc(LabelDoc):
    """What cannot be, or hardly: a fault where all conditions hold."""

    id: Annotated[str, ID]
    each: str | None = None
    when: Tree
    severity: Literal["error", "warning", "info"] = "warning"
    fix: LabelDoc | None = None


class TableDoc(Entry):
    """A sheet."""

    sheet: str
    en: str
    key: tuple[str, ...]
    parent: str | None = None
    object: str | None = None
    orphans: Literal["error", "warning"] = "error"
    unit_suspect: UnitSuspectDoc | None = None
    distinct: tuple[str, ...] = ()
    doc: str = ""
    columns: Annotated[Mapping[str, ColumnDoc], Between(1)]


class YesNoDoc(Entry):
    """The words for yes and no."""

    true: tuple[Plain, ...]
    false: tuple[Plain, ...]


class PolicyDoc(Entry):
    """A whole policy file."""

    policy: str
    title: LabelDoc
    source: LabelDoc
    year: Annotated[int, Between(1949, 2999)]
    readings: Mapping[str, ReadingDoc] = NONE
    funds: Annotated[Mapping[str, LabelDoc], Between(1)]
    fund_note: LabelDoc | None = None
    applicant: ApplicantDoc
    rounding: Literal["half_up_fen", "down_fen"] = "half_up_fen"
    history: HistoryDoc | None = None
    awards_paid: PaidDoc | None = None
    other_support: SupportDoc | None = None
    decisions: DecisionsDoc | None = None
    one_claimant: Mapping[str, ClaimantDoc] = NONE
    declared_rows: Mapping[str, tuple[Mapping[str, Any], ...]] = NONE
    facts: Mapping[str, Mapping[str, FactDoc]] = NONE
    clauses: Annotated[tuple[ClauseDoc, ...], Between(1)]
    groups: tuple[GroupDoc, ...] = ()
    guide: str | None = None
    notes: tuple[LabelDoc, ...] = ()
    checks: tuple[CheckDoc, ...] = ()
    yes_no: YesNoDoc
    enums: Mapping[str, Mapping[str, tuple[Plain, ...]]] = NONE
    tables: Annotated[Mapping[str, TableDoc], Between(1)]
