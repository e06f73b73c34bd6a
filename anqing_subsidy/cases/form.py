"""The form of a file of cases: which keys there are, read by the strict reader of policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from anqing_subsidy.policy.reader import ONE_OR_MORE, Between, Entry
from anqing_subsidy.policy.schema import NONE

Cell = str | int | bool | None
"""A value as it stands in the file: a text, a whole number, yes or no, or nothing."""

REPEAT: Final = "repeat"
"""The key of a row that says how many such rows there are."""
TOTAL: Final = "total"
UNBOUNDED: Final = "unbounded"
"""The potential of a line to which nothing sets a bound."""
NOT_CLAIMED: Final = "not_claimed"
"""The status of a clause of which an applicant has no line."""


class CaseDoc(Entry):
    """One case: a sentence, the readings that it changes, the rows that are given, what must come out."""

    case: str
    set: Mapping[str, Any] = NONE
    given: Mapping[str, Annotated[tuple[Mapping[str, Any], ...], ONE_OR_MORE]] = NONE
    findings: Annotated[tuple[str, ...], ONE_OR_MORE] = ()
    expect: Any


class CasesDoc(Entry):
    """A file of cases: values that rows have unless they say otherwise, readings for all cases, the cases."""

    set: Mapping[str, Any] = NONE
    defaults: Mapping[str, Mapping[str, Any]] = NONE
    cases: Annotated[tuple[CaseDoc, ...], Between(1)]


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row of a table by column id, and the line on which it stands."""

    line: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """What is expected of a clause, or of one object of it; what is None is not looked at."""

    line: int
    object: str | None = None
    amount: int | None = None
    status: str | None = None
    reason: str | None = None
    potential: int | str | None = None
    funds: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of an applicant: by clause, and in all; clauses that are not named pay nothing."""

    line: int
    clauses: Mapping[str, tuple[ExpectedLine, ...]] = field(default_factory=dict)
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case with its rows filled in; `expected` by the code of the applicant."""

    name: str
    file: str
    line: int
    settings: Mapping[str, str]
    rows: Mapping[str, tuple[GivenRow, ...]]
    findings: tuple[str, ...]
    expected: Mapping[str, Expected]
