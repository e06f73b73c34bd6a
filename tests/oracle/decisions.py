"""Decisions by hand: section 4 of the domain page, and the page of readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .common import BAD, Draft, Key, Row, Tables, clauses_named, number, text
from .world import BEATEN, CHILD_KEYS, Open, World, distinct, filled

if TYPE_CHECKING:
    from collections.abc import Iterable

Decision = dict[str, Any]

KEYS: dict[str, tuple[str, ...]] = {
    "applicants": ("uscc",),
    "parks": ("park_id",),
    "platforms": ("platform_id",),
    "park_tenants": ("park_id", "tenant_uscc"),
    **{table: ("uscc", *key) for table, key in CHILD_KEYS.items() if table not in ("parks", "platforms")},
}


def meant(decision: Decision) -> tuple[str, ...] | None:
    """The clauses that a decision names; None: the applicant as a whole."""
    word = text(decision, "clause")
    return None if word is None else clauses_named(word)


def effect(decision: Decision) -> tuple[str, int | None]:
    kind = decision["decision"]
    return kind, number(decision, "amount_yuan") if kind == "set" else None


def sound(tables: Tables) -> list[Decision]:
    """Decisions that say what, about whom, why and by whom, and that no other one of the same matter contradicts."""
    return [decision for decision, alone in complete(tables) if alone]


def contradicting(tables: Tables) -> list[Decision]:
    """Decisions of one matter that differ: their lines are held."""
    return [decision for decision, alone in complete(tables) if not alone]


def complete(tables: Tables) -> list[tuple[Decision, bool]]:
    codes = {row.get("uscc") for row in tables.get("applicants", [])}
    """Decisions with all that they need, and whether nothing contradicts them."""
    found = [
        row
        for row in distinct(filled(tables.get("decisions", [])))
        if row.get("decision") in ("set", "release", "refuse", "use_row")
        and row.get("uscc") in codes
        and text(row, "reason") is not None
        and text(row, "decided_by") is not None
        and meant(row) != ()
        and (row["decision"] != "set" or number(row, "amount_yuan") is not None)
    ]
    said: dict[object, set[object]] = {}
    for row in found:
        if row["decision"] != "use_row":
            said.setdefault((row["uscc"], meant(row), row.get("object_id")), set()).add(effect(row))
    return [
        (row, row["decision"] == "use_row" or len(said[row["uscc"], meant(row), row.get("object_id")]) == 1)
        for row in found
    ]


# ---- which duplicate row counts ----------------------------------------------------------------------
def with_chosen_rows(tables: Tables) -> Tables:
    """The tables without the rows that a decision sets aside; parks before their tenants."""
    left = dict(tables)
    decisions = [row for row in sound(tables) if row["decision"] == "use_row"]
    for table in KEYS:
        chosen: dict[int, set[str]] = {}
        for decision in decisions:
            name, _, line = (text(decision, "row_ref") or "").partition(":")
            if name == table and line.isdigit() and 0 <= int(line) - 2 < len(tables.get(table, [])):
                chosen.setdefault(int(line) - 2, set()).add(decision["uscc"])
        if chosen:
            left[table] = settled(left, table, chosen)
    return left


def settled(tables: Tables, table: str, chosen: dict[int, set[str]]) -> list[Row]:
    """The rows of a table, each contradiction with one row chosen replaced by that row."""
    rows = filled(tables[table])
    families: dict[tuple[Any, ...], list[int]] = {}
    for at, row in enumerate(rows):
        families.setdefault(tuple(row.get(column) for column in KEYS[table]), []).append(at)
    gone: set[int] = set()
    beaten: set[int] = set()
    for key, family in families.items():
        if key[0] is None or key[0] is BAD or len(distinct([rows[at] for at in family])) < 2:
            continue
        owners = owners_of(tables, table, [rows[at] for at in family])
        named = [at for at in family if chosen.get(at, set()) & owners]
        if len(distinct([rows[at] for at in named])) == 1:
            counts = rows[named[0]]
            for at in family:
                if rows[at] != counts:
                    (gone if rows[at].get("uscc") == counts.get("uscc") else beaten).add(at)
    return [{**row, BEATEN: True} if at in beaten else row for at, row in enumerate(rows) if at not in gone]


def owners_of(tables: Tables, table: str, family: list[Row]) -> set[str]:
    """The applicants whose rows contradict each other; a tenant's are the operators of its park."""
    if table != "park_tenants":
        return {row["uscc"] for row in family if text(row, "uscc") is not None}
    parks = {row.get("park_id") for row in family}
    return {row["uscc"] for row in filled(tables.get("parks", [])) if row.get("park_id") in parks and "uscc" in row}


# ---- lines ---------------------------------------------------------------------------------------------
Lines = dict[Key, Draft]

OPEN = ("held", "eligible_with_held", "pending")


def frees(plain: Draft, freed: Draft) -> bool:
    """Does a release change a line."""
    return plain.status in OPEN and (plain.status, due(plain)) != (freed.status, due(freed))


def due(line: Draft) -> int:
    return line.low if line.status in ("eligible", "eligible_with_held") else 0


def covered(decision: Decision, plain: Lines) -> list[Key]:
    """The lines that a decision speaks of."""
    clauses, thing = meant(decision), text(decision, "object_id")
    return [key for key in plain if (clauses is None or key[0] in clauses) and (thing is None or key[1] == thing)]


def decided_lines(decision: Decision, plain: Lines, freed: Lines, contradictions: Open) -> list[Key]:
    clauses, thing, mine = meant(decision), text(decision, "object_id"), covered(decision, plain)
    if decision["decision"] == "refuse":
        return mine
    if decision["decision"] == "release":
        return [key for key in mine if not contradictions.holds(key) and frees(plain[key], freed[key])]
    if decision["decision"] != "set" or len(mine) > 1:
        return []
    if not mine and clauses is not None and len(clauses) == 1 and not any(key[0] == clauses[0] for key in plain):
        return [(clauses[0], thing)]
    return mine


def brought(world: World, code: str, key: Key) -> list[tuple[str, str, str]]:
    """What a line brings that somebody else brings too: of which kind, what, and who claims it."""
    clause, thing = key
    if clause == "c7":
        mine = [row["trainee_key"] for row in world.children["trainees"].get(code, [])]
        return [("trainee", one, code) for one in mine if len(world.trainee_bodies[one]) > 1]
    if clause == "c10":
        mine = [row["person_key"] for row in world.children["founders"].get(code, [])]
        return [("founder", one, code) for one in mine if len(world.founder_firms[one]) > 1]
    if clause == "c8" and thing is not None and len(world.platform_operators.get(thing, ())) > 1:
        return [("platform", thing, code)]
    if clause in ("c5_new", "c5_existing") and thing is not None:
        here = {row["tenant_uscc"] for row in world.claimed_in(thing)}
        found = [("tenant", one, thing) for one in here if world.tenant_claim(one, thing) == "held"]
        return found + ([("park", thing, code)] if len(world.park_operators.get(thing, ())) > 1 else [])
    return []


def without_disputed(world: World, hits: dict[str, dict[Key, list[Decision]]]) -> None:
    """Releases of two claimants of one thing: neither is applied."""
    found: dict[tuple[str, str], dict[str, set[tuple[str, Key]]]] = {}
    for code, lines in hits.items():
        for key, decisions in lines.items():
            if any(decision["decision"] == "release" for decision in decisions):
                for kind, thing, claimant in brought(world, code, key):
                    found.setdefault((kind, thing), {}).setdefault(claimant, set()).add((code, key))
    for claimants in found.values():
        if len(claimants) > 1:
            for code, key in set().union(*claimants.values()):
                hits[code][key] = [one for one in hits[code][key] if one["decision"] != "release"]


def agreed(decisions: Iterable[Decision]) -> Decision | None:
    """Two different decisions on one line leave it as it is."""
    found = list(decisions)
    return found[0] if len({effect(decision) for decision in found}) == 1 else None


def settle(lines: Lines, key: Key, decision: Decision) -> None:
    """An amount set, or none."""
    line = lines.setdefault(key, Draft("ineligible", foreign=key[0] == "c4"))
    amount = (number(decision, "amount_yuan") or 0) if decision["decision"] == "set" else 0
    line.status = "eligible" if amount else "ineligible"
    line.low = line.high = amount
    line.decided = True


def tear(line: Draft, decisions: Iterable[Decision]) -> None:
    """Decisions that contradict each other hold a line, for what it or one of them comes to."""
    amounts = [number(one, "amount_yuan") or 0 for one in decisions if one["decision"] == "set"]
    could = line.status in ("eligible", "eligible_with_held", *OPEN, "excluded")
    most = line.high if could else 0
    line.high = None if most is None else max([most, *amounts])
    line.status, line.low, line.open_kind = "held", 0, "held"
