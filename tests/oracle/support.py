"""Support from other programmes (preamble and 7(4))."""

from __future__ import annotations

from dataclasses import dataclass

from .common import PER_OBJECT, Draft, Key, Row, bad, clauses_named, flag, given, less, number, text
from .world import Case, amount_missing, amounts_paid

UNIT_CLAUSES = ("c4", "c5_existing")
PERSON_CLAUSES = ("c7", "c10")


@dataclass
class Span:
    """A row that is added up: certain, possible, and whether only another claimant keeps it open."""

    low: int
    high: int
    only_claimed: bool = False
    off: int = 0
    """What other support of the row itself takes away as a whole."""


def standing(row: Row) -> str:
    """none, definite, applied or unsure."""
    level = text(row, "source_level")
    if level == "county":
        return "none"
    same = flag(row, "same_matter")
    if same is False:
        return "none"
    if same is None or level is None or bad(row, "state") or not clauses_named(text(row, "clause")):
        return "unsure"
    if row["clause"] in UNIT_CLAUSES and bad(row, "units"):
        return "unsure"
    return "applied" if text(row, "state") == "applied" else "definite"


def support_rows(case: Case, clause: str) -> list[Row]:
    """Rows of a clause, and those of which nobody knows the clause; a release sets aside what is only applied for."""
    known = [row for row in case.children["other_support"] if row["clause"] == clause]
    rows = known + [row for row in case.world.vague["other_support"] if row["uscc"] == case.code]
    return [row for row in rows if not (case.released and standing(row) == "applied")]


def support_for(case: Case, clause: str, thing: str | None) -> list[Row]:
    """Rows about a whole line."""
    rows = support_rows(case, clause)
    return [row for row in rows if not given(row, "object_id") or is_about(case, clause, thing, row["object_id"])]


def is_about(case: Case, clause: str, thing: str | None, named: str) -> bool:
    """Does a row that names an object speak of this line."""
    if clause in PERSON_CLAUSES:
        return False
    if clause not in PER_OBJECT:
        return True
    if thing is not None:
        return named == thing
    holder = clause.startswith("c9") and case.children["titles"]
    return named == case.code if holder else True


def has_units(clause: str, row: Row) -> bool:
    return clause in UNIT_CLAUSES and number(row, "units") is not None


@dataclass
class Units:
    """Parcels or tenants that another programme has paid for certain, and at most."""

    certain: int
    most: int
    unsure: bool


def support_units(case: Case, clause: str, thing: str | None) -> Units:
    """Parcels or tenants that another programme has paid already, or may have."""
    units = {"definite": 0, "applied": 0, "unsure": 0}
    for row in support_for(case, clause, thing):
        if has_units(clause, row) and standing(row) != "none":
            units[standing(row)] += number(row, "units") or 0
    return Units(units["definite"], sum(units.values()), units["unsure"] > 0)


def named_support(case: Case, clause: str, person: str) -> list[Row]:
    """Rows that name one trainee or graduate."""
    return [row for row in support_rows(case, clause) if text(row, "object_id") == person and standing(row) != "none"]


def with_named_support(case: Case, one: Span, rows: list[Row]) -> Span:
    """A row after support that names its person."""
    definite = [row for row in rows if standing(row) == "definite"]
    if definite and case.readings["other_support"] == "exclude":
        return Span(0, 0, off=one.high)
    taken = amounts_paid(definite)
    certain = one.low == one.high
    low, high = max(0, one.low - taken), max(0, one.high - taken)
    if definite and high == 0:
        return Span(0, 0, off=one.high)
    unsure = amount_missing(definite) or any(standing(row) == "unsure" for row in rows)
    if unsure:
        return Span(0, high)
    if any(standing(row) == "applied" for row in rows):
        return Span(0, high, certain or one.only_claimed)
    return Span(low, high, one.only_claimed)


def apply_support(case: Case, key: Key, line: Draft) -> None:
    """Exclude or top up a whole line, or leave it open."""
    if line.status in ("ineligible", "invalid", "excluded"):
        return
    clause, thing = key
    rows = support_for(case, clause, thing)
    definite = [row for row in rows if standing(row) == "definite" and not has_units(clause, row)]
    if definite and case.readings["other_support"] == "exclude":
        line.status = "excluded"
        line.low = 0
        line.high = None if line.high is None else line.high + line.by_units
        return
    if definite:
        whole = None if line.high is None else line.high + line.by_units
        line.low = less(line.low, amounts_paid(definite)) or 0
        line.high = less(line.high, amounts_paid(definite))
        if line.high == 0:
            line.status = "excluded"
            line.high = whole
            return
        if amount_missing(definite):
            line.status = "pending"
        elif line.low == 0 and line.status == "eligible_with_held":
            line.status = line.open_kind
    open_rows = [row for row in rows if not has_units(clause, row)]
    if any(standing(row) == "unsure" for row in open_rows):
        line.status = "pending"
    elif any(standing(row) == "applied" for row in open_rows) and line.status != "pending":
        if line.status == "eligible":
            line.open_kind = "held"
        line.status = "held"
    if case.world.line_in_doubt(key, case.code, declared=line.declared) and line.high != 0:
        line.status = "pending"
    if line.status in ("pending", "held"):
        line.low = 0
