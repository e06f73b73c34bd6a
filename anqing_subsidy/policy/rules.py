"""Rules for every clause of a policy: earlier years, awards paid, other support, decisions, claimants, checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from anqing_subsidy.finding import Severity, Text
from anqing_subsidy.policy.terms import Conditions, Ref


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
