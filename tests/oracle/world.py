"""The tables of one run, indexed: who claims what, what was paid, which rows contradict each other."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .common import (
    BAD,
    LAST_DAY,
    PER_OBJECT,
    YEAR,
    Key,
    Row,
    Tables,
    bad,
    clauses_named,
    code_is_good,
    day,
    number,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CHILD_KEYS: dict[str, tuple[str, ...]] = {
    "history": ("year",),
    "awards_paid": ("year", "typed", "clause", "object_id"),
    "other_support": ("clause", "object_id", "source_level"),
    "parks": ("park_id",),
    "association_members": ("member_uscc",),
    "trainees": ("trainee_key",),
    "platforms": ("platform_id",),
    "titles": ("category", "object_id", "level"),
    "founders": ("person_key",),
}
MEANT, ENTRY = "meant", "entry"
"""The clauses that a row means, and which row it is."""
BEATEN = "beaten"
"""Marks a row of an object of which a decision said that somebody else's row counts."""

REQUIRED: dict[str, tuple[str, ...]] = {
    "history": ("year",),
    "awards_paid": (),
    "other_support": (),
    "parks": ("park_id",),
    "association_members": ("member_uscc",),
    "trainees": ("trainee_key",),
    "platforms": ("platform_id",),
    "titles": ("category",),
    "founders": ("person_key",),
    "park_tenants": ("park_id", "tenant_uscc"),
}


def filled(rows: list[Row]) -> list[Row]:
    """The rows without their blank cells."""
    return [{column: value for column, value in row.items() if value is not None and value != ""} for row in rows]


def has_key(row: Row, columns: tuple[str, ...]) -> bool:
    return all(row.get(column) not in (None, BAD) for column in columns)


def spelled_out(rows: list[Row]) -> list[Row]:
    """Rows that name a clause by its article count for each clause of it."""
    return [
        {**row, "clause": clause, "typed": row["clause"], MEANT: clauses_named(text(row, "clause")), ENTRY: at}
        for at, row in enumerate(rows)
        for clause in clauses_named(text(row, "clause"))
    ]


def is_vague(table: str, row: Row) -> bool:
    """A row of which it is not known which clause, or in which year, it was paid for: it counts with and without."""
    return not clauses_named(text(row, "clause")) or (table == "awards_paid" and number(row, "year") is None)


def moved_out(tenant: Row) -> bool:
    """Not there on the last day of the year: left before, or not yet come."""
    left, came = day(tenant, "move_out"), day(tenant, "move_in")
    return (left is not None and left < LAST_DAY) or (came is not None and came > LAST_DAY)


def distinct(rows: list[Row]) -> list[Row]:
    """Equal rows once."""
    kept: list[Row] = []
    for row in rows:
        if not any(as_typed(row) == as_typed(other) for other in kept):
            kept.append(row)
    return kept


def as_typed(row: Row) -> Row:
    return {column: value for column, value in row.items() if column != ENTRY}


def by_key(rows: list[Row], columns: tuple[str, ...]) -> list[list[Row]]:
    """Rows of one key together, equal ones merged; a group of two or more is a contradiction."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        key = tuple(None if row.get(column) is BAD else row.get(column) for column in columns)
        groups.setdefault(key, []).append(row)
    return [distinct(group) for group in groups.values()]


@dataclass
class Case:
    """One applicant with one choice among contradicting rows."""

    code: str
    row: Row
    readings: dict[str, str]
    world: World
    children: dict[str, list[Row]]
    tenants: dict[str, list[Row]]
    released: bool = False
    """Nothing is held for a second claimant or for support that is only applied for."""

    def paid(self, clauses: tuple[str, ...]) -> list[Row]:
        """Awards paid to this applicant in other years than the policy year, each once."""
        mine = [p for p in self.children["awards_paid"] if p["clause"] in clauses and p["year"] != YEAR]
        return list({p[ENTRY]: p for p in mine}.values())

    def paid_before(self, clause: str) -> list[Row]:
        return [p for p in self.children["awards_paid"] if p["clause"] == clause and p["year"] < YEAR]


@dataclass
class Open:
    """What contradicts itself around one applicant: the lines that are held for it."""

    everything: bool = False
    clauses: set[str] = field(default_factory=set)
    objects: set[Key] = field(default_factory=set)

    def holds(self, key: Key) -> bool:
        return self.everything or key[0] in self.clauses or key in self.objects


class World:
    """All tables of a run."""

    def __init__(self, tables: Tables, readings: dict[str, str]) -> None:
        self.readings = readings
        self.applicants: dict[str, list[Row]] = {}
        for row in filled(tables.get("applicants", [])):
            code = text(row, "uscc")
            if code is not None:
                self.applicants.setdefault(code, []).append(row)
        self.applicants = {code: distinct(rows) for code, rows in self.applicants.items()}

        listed = filled(tables.get("quota_list", []))
        self.quota_list = {text(row, "uscc") for row in listed} if listed else None

        self.children: dict[str, dict[str, list[Row]]] = {}
        self.beaten: dict[str, list[tuple[str, Row]]] = {}
        self.this_year: list[Row] = []
        self.vague: dict[str, list[Row]] = {}
        self.paid_objects: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for table in CHILD_KEYS:
            rows = [row for row in filled(tables.get(table, [])) if has_key(row, REQUIRED[table])]
            if table in ("awards_paid", "other_support"):
                rows = [r for r in rows if code_is_good(text(r, "uscc") or "")]
                vague = [r for r in rows if is_vague(table, r)]
                rows = spelled_out([r for r in rows if not is_vague(table, r)])
                self.vague[table] = vague
            if table == "awards_paid":
                self.note_paid_objects(rows)
                self.this_year = [row for row in rows if row["year"] == YEAR]
            self.children[table] = {}
            for row in rows:
                code = text(row, "uscc")
                if code is not None and code in self.applicants and BEATEN in row:
                    self.beaten.setdefault(code, []).append((table, row))
                elif code is not None and code in self.applicants:
                    self.children[table].setdefault(code, []).append(row)

        self.park_operators = self.owners("parks", "park_id")
        self.platform_operators = self.owners("platforms", "platform_id")
        self.trainee_bodies = self.owners("trainees", "trainee_key")
        self.founder_firms = self.owners("founders", "person_key")

        self.tenants: dict[str, list[Row]] = {}
        for row in filled(tables.get("park_tenants", [])):
            park, tenant = text(row, "park_id"), text(row, "tenant_uscc")
            if park in self.park_operators and tenant is not None:
                self.tenants.setdefault(park, []).append(row)
        self.claims: dict[str, list[Row]] = {}
        for rows in self.tenants.values():
            for row in rows:
                if not moved_out(row):
                    self.claims.setdefault(row["tenant_uscc"], []).append(row)

    def note_paid_objects(self, rows: list[Row]) -> None:
        """Objects block under any applicant's code, also of those who do not apply now."""
        for row in rows:
            thing, code, year = text(row, "object_id"), text(row, "uscc"), number(row, "year")
            if thing is not None and code is not None and year is not None:
                self.paid_objects.setdefault((row["clause"], thing), []).append((code, year))

    @property
    def beaten_in(self) -> set[tuple[str, str]]:
        """Clause of platforms and code, where somebody else's row was said to count."""
        return {("c8", code) for code, rows in self.beaten.items() if any(table == "platforms" for table, _ in rows)}

    def owners(self, table: str, column: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for code, rows in self.children[table].items():
            for row in rows:
                found.setdefault(row[column], set()).add(code)
        return found

    def object_was_paid(self, clause: str, thing: str, code: str) -> bool:
        """Paid in an earlier year to anybody, or in the policy year to somebody else."""
        return any(y < YEAR or (y == YEAR and c != code) for c, y in self.paid_objects.get((clause, thing), []))

    def perhaps_paid(self, clause: str, thing: str) -> bool:
        """An entry that nobody can place names the object: it may have been paid already."""
        return any(
            text(row, "object_id") == thing and clause in (clauses_named(text(row, "clause")) or (clause,))
            for row in self.vague["awards_paid"]
        )

    def line_in_doubt(self, key: Key, code: str, *, declared: bool) -> bool:
        """An entry of this applicant that nobody can place may bear on the line."""
        return any(
            row["uscc"] == code and self.may_bear_on(row, key, code, declared=declared)
            for row in self.vague["awards_paid"]
        )

    def may_bear_on(self, row: Row, key: Key, code: str, *, declared: bool) -> bool:
        clause, line_thing = key
        named, year, thing = clauses_named(text(row, "clause")), number(row, "year"), text(row, "object_id")
        if named and not any(clause in self.lines_that_look_at(one, True) for one in named):
            return False
        if not named and year not in (None, YEAR) and not self.looks_back(clause):
            return False
        if clause not in PER_OBJECT or thing is None or (declared and line_thing is None):
            return True
        return thing == (line_thing or code)

    def looks_back(self, clause: str) -> bool:
        """Does it matter to the clause what was paid in earlier years."""
        if clause == "c1":
            return self.readings["c1_cap_scope"] == "lifetime"
        return clause not in ("c3", "c4", "c5_existing", "c6")

    def person_paid_elsewhere(self, clause: str, person: str, code: str) -> bool:
        return any(c != code for c, _ in self.paid_objects.get((clause, person), []))

    def claimed_in(self, park: str) -> list[Row]:
        """The tenants that a park claims, those that moved out left aside."""
        return [row for rows in self.claims.values() for row in rows if row["park_id"] == park]

    def tenant_claim(self, tenant: str, park: str) -> str:
        """free, held (in both parks) or lost (an earlier park counts it); article 5."""
        rows = self.claims.get(tenant, [])
        parks = {row["park_id"] for row in rows}
        if len(parks) < 2:
            return "free"
        if self.readings["duplicates"] == "hold" or any(day(row, "move_in") is None for row in rows):
            return "held"
        first = min(move_in(row) for row in rows)
        winners = {row["park_id"] for row in rows if move_in(row) == first}
        if len(winners) > 1:
            return "held"
        return "free" if park in winners else "lost"

    def cases(self, code: str, *, released: bool = False) -> Iterator[Case]:
        """One case for each way to settle what contradicts itself (nearly always one)."""
        groups: list[tuple[str, list[Row]]] = []
        for table, columns in CHILD_KEYS.items():
            groups += [(table, group) for group in by_key(self.children[table].get(code, []), columns)]
        for park in sorted({row["park_id"] for row in self.children["parks"].get(code, [])}):
            groups += [("park_tenants", group) for group in by_key(self.tenants.get(park, []), ("tenant_uscc",))]
        certain = [(table, group[0]) for table, group in groups if len(group) == 1]
        unsettled = [[(table, row) for row in group] for table, group in groups if len(group) > 1]
        for row in self.applicants[code]:
            for choice in itertools.product(*unsettled):
                children: dict[str, list[Row]] = {table: [] for table in CHILD_KEYS}
                tenants: dict[str, list[Row]] = {}
                for table, child in [*certain, *choice]:
                    if table == "park_tenants":
                        tenants.setdefault(child["park_id"], []).append(child)
                    else:
                        children[table].append(child)
                yield Case(code, row, self.readings, self, children, tenants, released)

    def contradictions(self, code: str, *, released: bool = False) -> Open:
        """Section 3: the lines that are held because rows of one key differ or an object has two operators."""
        held = Open(everything=len(self.applicants[code]) > 1)
        for table, columns in CHILD_KEYS.items():
            for group in by_key(self.children[table].get(code, []), columns):
                if len(group) > 1:
                    self.note_contradiction(held, table, group[0], code)
        for row in self.children["parks"].get(code, []):
            park = row["park_id"]
            doubtful = any(len(g) > 1 for g in by_key(self.tenants.get(park, []), ("tenant_uscc",)))
            if doubtful or (len(self.park_operators[park]) > 1 and not released):
                held.objects |= {("c5_new", park), ("c5_existing", park)}
        for row in self.children["platforms"].get(code, []):
            if len(self.platform_operators[row["platform_id"]]) > 1 and not released:
                held.objects.add(("c8", row["platform_id"]))
        return held

    def note_contradiction(self, held: Open, table: str, row: Row, code: str) -> None:
        if table == "history":
            held.clauses |= {"c2_platform", "c2_gmv", "c2_invoiced", "c2_above"}
        elif table == "awards_paid":
            held.clauses |= self.lines_that_look_at(row["clause"], row["year"] == YEAR)
        elif table == "other_support":
            held.clauses.add(row["clause"])
        elif table == "parks":
            held.objects |= {("c5_new", row["park_id"]), ("c5_existing", row["park_id"])}
        elif table == "platforms":
            held.objects.add(("c8", row["platform_id"]))
        elif table == "titles":
            thing = text(row, "object_id")
            held.objects.add(("c9_" + row["category"], None if thing == code else thing))
        else:
            held.clauses.add({"association_members": "c6", "trainees": "c7", "founders": "c10"}[table])

    def lines_that_look_at(self, clause: str, this_year: bool) -> set[str]:
        """The clauses whose amount depends on what was paid under `clause`."""
        found = {clause}
        routes = {"c2_gmv", "c2_invoiced", "c2_above"}
        if self.readings["c2_one_off_scope"] == "sentence" and clause in ("c2_gmv", "c2_invoiced"):
            found |= {"c2_gmv", "c2_invoiced"}
        if self.readings["tier_upgrade"] == "difference" and clause in routes:
            found |= routes
        if this_year and clause in ("c2_gmv", "c2_above"):
            found |= {"c2_gmv", "c2_above"}
        if this_year and self.readings["c2_routes"] == "max" and clause in routes:
            found |= routes
        if this_year and self.readings["c1_c2"] == "max" and clause in routes | {"c1"}:
            found |= routes | {"c1"}
        return found


def move_in(tenant: Row) -> datetime.date:
    return day(tenant, "move_in") or datetime.date.max


def amounts_paid(rows: list[Row]) -> int:
    """The sum of what is known; see also `amount_missing`."""
    return sum(number(row, "amount_yuan") or 0 for row in rows)


def amount_missing(rows: list[Row]) -> bool:
    return any(number(row, "amount_yuan") is None for row in rows)


def code_broken(row: Row, column: str) -> bool:
    return bad(row, column) or not code_is_good(text(row, column) or "")
