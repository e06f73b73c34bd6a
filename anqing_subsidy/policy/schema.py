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


Parts = tuple[Plain, ...]
"""Facts, or numbers as the document writes them."""
Pair = Annotated[tuple[Plain, ...], Between(2, 2)]


class FactDoc(Entry):
    """A derived fact: exactly one operation with its operands."""

    zh: str
    en: str
    count: str | None = None
    sum: str | None = None
    max: str | None = None
    of: str | None = None
    where: Tree = None
    else_: str | None = None
    add: Parts | None = None
    minus: Parts | None = None
    least: Parts | None = None
    most: Parts | None = None
    ratio: Pair | None = None
    growth: Pair | None = None
    missing: Literal["pending", "met", "not_met"] = "pending"
    zero: Literal["pending", "met", "not_met"] = "pending"
    last_year: ColumnName | None = None
    nth_year: str | None = None
    full_months: Pair | None = None
    in_yuan: str | None = None
    rank_by: Annotated[tuple[str, ...], ONE_OR_MORE] | None = None
    among: Tree = None
    first: Literal["highest", "lowest"] = "highest"
    ties: Literal["share", "open"] = "open"
    year_of: str | None = None
    anniversary: str | None = None
    years: Annotated[int, Between(0, 999)] | None = None
    when: Tree = None
    same_as: str | None = None
    listed_in: str | None = None
    listed: str | None = None
    unlisted: str | None = None


class BudgetDoc(Entry):
    """The most that is paid in all, and what becomes of lines that are open when it is exceeded."""

    sum: Plain
    open_lines: Literal["leave_out", "keep_back"] = "leave_out"


class AwardDoc(Entry):
    """An award: one shape (pay, rate, highest_of, sum_of, first_past, pool, by_hand) and its modifiers."""

    pay: Tree = None
    per: Annotated[tuple[str, ...], ONE_OR_MORE] | None = None
    per_full: Plain | None = None
    rate: Tree = None
    of: str | None = None
    only_above: Plain | None = None
    up_to: Plain | None = None
    highest_of: tuple[AwardDoc, ...] | None = None
    sum_of: tuple[AwardDoc, ...] | None = None
    first_past: str | None = None
    past: Literal["gt", "ge"] = "gt"
    tiers: Mapping[str, Tree] | None = None
    jump: Literal["highest", "cumulative"] = "highest"
    pool: Plain | None = None
    shared_by: str | None = None
    open_lines: Literal["hold_all", "leave_out"] | None = None
    by_hand: Tree = None
    multiply_by: Tree = None
    prorate_by: str | None = None
    deduct: Tree = None
    cap: Tree = None
    when: Tree = None


class OnceDoc(Entry):
    """What blocks a second award."""

    same: Annotated[tuple[Literal["tier", "applicant", "object", "level"], ...], ONE_OR_MORE]
    with_: tuple[str, ...] | None = None
    within_years: Annotated[int, Between(1, 99)] | None = None
    highest_first: tuple[str, ...] | None = None


class FundDoc(Entry):
    """The fund of a line and the other one where a yes/no fact moves it there; or funds that share the cost."""

    fund: str | None = None
    or_: str | None = None
    due_to: str | None = None
    part: Literal["whole_line", "increment"] = "whole_line"
    shares: Annotated[Mapping[str, str], Between(2)] | None = None


class InstalmentsDoc(Entry):
    """An award paid over years: which year of support it is, and the share of each."""

    year: str
    shares: Annotated[tuple[str, ...], Between(2)]


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
    cap: Tree = None
    cap_scope: Literal["per_year", "lifetime"] = "per_year"
    once_for: Annotated[tuple[OnceDoc, ...], ONE_OR_MORE] = ()
    less_paid: tuple[str, ...] = ()
    instalments: InstalmentsDoc | None = None
    budget: Plain | BudgetDoc | None = None
    fund: str | FundDoc


class GroupDoc(Entry):
    """Clauses of which the highest is paid, or which add up, up to a cap."""

    id: str
    members: Annotated[tuple[str, ...], Between(2)]
    pays: Literal["highest", "sum"]
    cap: Tree = None
    budget: Plain | BudgetDoc | None = None


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
    type: Literal["uscc", "text", "enum", "yesno", "date", "year", "money", "usd", "count", "area", "ratio"]
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


class FundLabelDoc(LabelDoc):
    """A fund: its name, and what it has."""

    budget: Plain | BudgetDoc | None = None


class EffectiveDoc(Entry):
    """The days on which a policy is in force; without `to` it has no end yet."""

    from_: str
    to: str | None = None


class ExchangeDoc(Entry):
    """What a unit of foreign money is worth, in yuan."""

    usd: Plain


class PolicyDoc(Entry):
    """A whole policy file."""

    policy: str
    title: LabelDoc
    source: LabelDoc
    year: Annotated[int, Between(1949, 2999)]
    effective: EffectiveDoc | None = None
    exchange: ExchangeDoc | None = None
    readings: Mapping[str, ReadingDoc] = NONE
    funds: Annotated[Mapping[str, FundLabelDoc], Between(1)]
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
    yes_no: YesNoDoc | None = None
    enums: Mapping[str, Mapping[str, tuple[Plain, ...]]] = NONE
    tables: Annotated[Mapping[str, TableDoc], Between(1)]
