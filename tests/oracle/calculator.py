"""The second calculator: what each applicant gets, worked out plainly and apart from the engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import clauses
from .common import (
    BAD,
    CLAUSE_NAMES,
    PER_OBJECT,
    ROUTES,
    YEAR,
    ApplicantResult,
    Draft,
    Key,
    Line,
    Result,
    Row,
    Tables,
    code_is_good,
    highest_of,
    less,
    settled_readings,
    sum_of,
    text,
)
from .decisions import agreed, decided_lines, due, settle, sound, with_chosen_rows, without_disputed
from .parks import c5, park_clauses
from .support import apply_support
from .world import Case, World, amount_missing, amounts_paid, by_key

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BAD", "ApplicantResult", "Line", "Result", "assess"]

PAID = ("eligible", "eligible_with_held")
WITH_POTENTIAL = ("eligible_with_held", "pending", "held", "excluded")


def assess(tables: Tables, readings: Mapping[str, str] | None = None) -> Result:
    """All applicants of one run."""
    world = World(with_chosen_rows(tables), settled_readings(readings))
    decisions: dict[str, list[Row]] = {code: [] for code in world.applicants}
    for decision in sound(tables):
        decisions[decision["uscc"]].append(decision)
    plain = {code: before_routes(world, code, released=False) for code in world.applicants}
    freed = {code: before_routes(world, code, released=True) if rows else {} for code, rows in decisions.items()}
    hits: dict[str, dict[Key, list[Row]]] = {}
    for code, rows in decisions.items():
        hits[code] = {}
        for decision in rows:
            for key in decided_lines(decision, plain[code], freed[code], world.contradictions(code)):
                hits[code].setdefault(key, []).append(decision)
    without_disputed(world, hits)
    return {code: settled_applicant(world, code, plain[code], freed[code], hits[code]) for code in world.applicants}


def lines_of(case: Case) -> dict[Key, Draft]:
    """The lines of one case, after other support."""
    lines: dict[Key, Draft] = {}
    for clause in (
        clauses.c1,
        clauses.c2_platform,
        clauses.c2_gmv,
        clauses.c2_invoiced,
        clauses.c2_above,
        clauses.c3,
        clauses.c4,
        c5,
        clauses.c6,
        clauses.c7,
        clauses.c8,
        clauses.c9,
        clauses.c10,
    ):
        lines.update(clause(case))
    for key, line in lines.items():
        apply_support(case, key, line)
        line.foreign = clauses.paid_as_foreign_trade(case, key[0])
        if line.status in ("pending", "ineligible", "invalid"):
            line.domestic = 0
    return lines


def before_routes(world: World, code: str, *, released: bool) -> dict[Key, Draft]:
    """The lines of an applicant, contradictions held, before routes and decisions."""
    seen: dict[Key, list[Draft]] = {}
    for case in world.cases(code, released=released):
        for key, draft in lines_of(case).items():
            seen.setdefault(key, []).append(draft)
    contradictions = world.contradictions(code)
    lines: dict[Key, Draft] = {}
    for key, drafts in seen.items():
        line = lines[key] = max(drafts, key=standing)
        if not code_is_good(code) or line.status == "invalid":
            lines[key] = Draft("invalid", declared=drafts[0].declared, foreign=line.foreign)
        elif contradictions.holds(key):
            high = highest_of(draft.high if draft.status in (*PAID, *WITH_POTENTIAL) else 0 for draft in drafts)
            lines[key] = replace(line, status="held", low=0, high=high, declared=drafts[0].declared)
    for table, row in world.beaten.get(code, []):
        for clause in park_clauses(row) if table == "parks" else ["c8"]:
            lines[clause, row["park_id" if table == "parks" else "platform_id"]] = Draft("ineligible")
    return lines


def settled_applicant(
    world: World, code: str, plain: dict[Key, Draft], freed: dict[Key, Draft], hits: dict[Key, list[Row]]
) -> ApplicantResult:
    """Releases, routes, amounts set and refused, what was paid this year, the sum."""
    lines, decided = dict(plain), {key: agreed(rows) for key, rows in hits.items() if rows}
    for key, decision in decided.items():
        if decision is not None and decision["decision"] == "release":
            lines[key] = freed[key]
    choose_routes(lines, world.readings)
    for key, decision in decided.items():
        if decision is not None and decision["decision"] != "release":
            settle(lines, key, decision)
    net_this_year(lines, this_year_rows(world, code), code, world.readings)
    return summed_up(lines, world.readings)


def standing(draft: Draft) -> tuple[bool, bool, int]:
    """Of several drafts of one line: an invalid one, then the one that could pay most."""
    could_pay = draft.status in (*PAID, *WITH_POTENTIAL)
    return draft.status == "invalid", could_pay and draft.high is None, (draft.high or 0) if could_pay else 0


# ---- groups ----------------------------------------------------------------------------------------
def supersede(line: Draft) -> None:
    if due(line) > 0:
        line.status = "superseded"
        line.low = 0
        line.high = 0


def choose_routes(lines: dict[Key, Draft], readings: Mapping[str, str]) -> None:
    """或 in item 2, and c1 against item 2 where that reading is in force."""
    routes = [lines[clause, None] for clause in ROUTES if (clause, None) in lines]
    if readings["c2_routes"] == "max" and routes:
        best = max(due(line) for line in routes)
        winner = next(line for line in routes if due(line) == best)
        for line in routes:
            if line is not winner:
                supersede(line)
    first = lines.get(("c1", None))
    if readings["c1_c2"] == "max" and first is not None:
        if due(first) >= sum(due(line) for line in routes):
            for line in routes:
                supersede(line)
        else:
            supersede(first)


# ---- paid in the policy year itself --------------------------------------------------------------------
def this_year_rows(world: World, code: str) -> list[Row]:
    """What was paid this year; of rows that contradict each other the lowest one."""
    mine = [row for row in world.children["awards_paid"].get(code, []) if row["year"] == YEAR]
    return [min(group, key=lambda row: amounts_paid([row])) for group in by_key(mine, ("clause", "object_id"))]


def reduce(line: Draft, paid: int, paid_at_most: int, unknown: bool) -> None:
    """Take so much off what is certain, and so much off what the line could become."""
    was_due = due(line)
    line.high = less(line.high, paid_at_most)
    line.low = less(line.low, paid) or 0
    if was_due == 0:
        return
    if line.low == 0:
        could_be_more = line.status == "eligible_with_held" and line.high != 0
        line.status = ("pending" if unknown else line.open_kind) if could_be_more else "ineligible"
    elif unknown:
        line.status = "pending"
        line.low = 0


def net_this_year(lines: dict[Key, Draft], paid: list[Row], code: str, readings: Mapping[str, str]) -> None:
    """A rerun pays what is due less what was paid this year for the line or its group."""
    if not paid:
        return
    group = ["c2_above", "c2_gmv"]
    if readings["c2_routes"] == "max":
        group = list(ROUTES)
    if readings["c1_c2"] == "max":
        group = ["c1", *ROUTES]
    net_group({key: lines[key] for clause in group for key in lines if key[0] == clause}, group, paid, readings)
    for clause in CLAUSE_NAMES:
        if clause in group:
            continue
        rows = [row for row in paid if row["clause"] == clause]
        mine = {thing: line for (name, thing), line in lines.items() if name == clause}
        if rows and mine:
            net_clause(clause, mine, rows, code)


def own_first(dues: list[tuple[str, int]], paid: list[Row]) -> list[int]:
    """What is taken off each of some dues that are paid together: first what its own clause was paid."""
    left = {clause: amounts_paid([row for row in paid if row["clause"] == clause]) for clause in CLAUSE_NAMES}
    taken = []
    for clause, value in dues:
        taken.append(min(value, left[clause]))
        left[clause] -= taken[-1]
    pool = sum(left.values())
    for at, (_, value) in enumerate(dues):
        more = min(value - taken[at], pool)
        taken[at] += more
        pool -= more
    return taken


def share_out(together: dict[Key, Draft], paid: list[Row], rivals: tuple[str, ...] = ()) -> None:
    """Take what was paid off lines that are paid together, and off what all of them could become.

    Of clauses that are `rivals` only one comes to be paid, so neither bears what the other could become.
    """
    if not paid:
        return
    most = amounts_paid(paid)
    now = own_first([(key[0], due(line)) for key, line in together.items()], paid)
    could: list[int] = []
    for key in together:
        beside = {k: v for k, v in together.items() if k == key or not {k[0], key[0]} <= set(rivals)}
        ordered = sorted(beside.items(), key=lambda item: due(item[1]) == 0)
        best = own_first([(k[0], most if line.high is None else line.high) for k, line in ordered], paid)
        could.append(best[[k for k, _ in ordered].index(key)])
    for (_, line), part, at_most in zip(together.items(), now, could, strict=True):
        reduce(line, part, at_most, amount_missing(paid))


def net_group(members: dict[Key, Draft], group: list[str], paid: list[Row], readings: Mapping[str, str]) -> None:
    """Lines of which the best is paid are each set against all that was paid to any; lines that add up share it."""
    rows = [row for row in paid if row["clause"] in group]
    if readings["c2_routes"] == "sum" and "c2_invoiced" in group:
        share_out({key: line for key, line in members.items() if key[0] != "c1"}, rows, ("c2_above", "c2_gmv"))
        members = {key: line for key, line in members.items() if key[0] == "c1"}
    for key, line in members.items():
        share_out({key: line}, rows)


def net_clause(clause: str, mine: dict[str | None, Draft], rows: list[Row], code: str) -> None:
    lines: dict[Key, Draft] = {(clause, thing): mine[thing] for thing in sorted(mine, key=lambda name: name or "")}
    unnamed: list[Row] = []
    named: dict[str | None, list[Row]] = {}
    for row in rows:
        thing = text(row, "object_id")
        titles = clause.startswith("c9")
        if clause not in PER_OBJECT or (None in mine and mine[None].declared) or (titles and thing == code):
            thing = None
        elif thing is None and not titles:
            unnamed.append(row)
            continue
        named.setdefault(thing, []).append(row)
    for thing, line in mine.items():
        share_out({(clause, thing): line}, named.get(thing, []))
    share_out(lines, unnamed)


# ---- the sum ---------------------------------------------------------------------------------------
def summed_up(lines: dict[Key, Draft], readings: Mapping[str, str]) -> ApplicantResult:
    by_fund = {"services": 0, "foreign_trade": 0}
    shown: dict[Key, Line] = {}
    for (clause, thing), line in lines.items():
        amount = due(line)
        potential = line.high if line.status in WITH_POTENTIAL else None
        shown[clause, thing] = Line(line.status, amount, potential, line.declared)
        services = 0 if line.foreign else amount
        if line.foreign and readings["fund_split"] == "increment":
            services = min(line.domestic, amount)
        by_fund["services"] += services
        by_fund["foreign_trade"] += amount - services
    total = sum(by_fund.values())
    # what was decided by hand is not weighed against other lines any more
    decided = sum_of(could_be(line) for line in lines.values() if line.decided)
    possible = sum_of(
        [decided, possible_total({key: line for key, line in lines.items() if not line.decided}, readings)]
    )
    return ApplicantResult(total, None if possible is None else possible - total, by_fund, shown)


def could_be(line: Draft) -> int | None:
    return line.high if line.status in (*PAID, *WITH_POTENTIAL) else 0


def possible_total(lines: dict[Key, Draft], readings: Mapping[str, str]) -> int | None:
    """The sum of what each line could become, after groups.

    What was paid this year comes off an open line first where it was paid for it, so that a certain line may rise.
    """
    highs = {key: could_be(line) for key, line in lines.items()}
    turnover = [highs.pop((clause, None)) for clause in ("c2_above", "c2_gmv") if (clause, None) in highs]
    routes = [highest_of(turnover), highs.pop(("c2_invoiced", None), 0)]
    both = highest_of(routes) if readings["c2_routes"] == "max" else sum_of(routes)
    if readings["c1_c2"] == "max":
        both = highest_of([both, highs.pop(("c1", None), 0)])
    return sum_of([both, *highs.values()])
