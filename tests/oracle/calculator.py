"""The second calculator: what each applicant gets, worked out plainly and apart from the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import clauses
from .common import (
    BAD,
    CLAUSE_NAMES,
    PER_OBJECT,
    ROUTES,
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
from .decisions import (
    agreed,
    contradicting,
    covered,
    decided_lines,
    due,
    settle,
    sound,
    tear,
    with_chosen_rows,
    without_disputed,
)
from .parks import c5, park_clauses
from .support import apply_support
from .world import ENTRY, MEANT, Case, World, amount_missing, amounts_paid, by_key

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
    torn: dict[str, dict[Key, list[Row]]] = {code: {} for code in world.applicants}
    plain = {code: before_routes(world, code, released=False) for code in world.applicants}
    freed = {code: before_routes(world, code, released=True) if rows else {} for code, rows in decisions.items()}
    hits: dict[str, dict[Key, list[Row]]] = {}
    for code, rows in decisions.items():
        hits[code] = {}
        for decision in rows:
            for key in decided_lines(decision, plain[code], freed[code], world.contradictions(code, released=True)):
                hits[code].setdefault(key, []).append(decision)
    for decision in contradicting(tables):
        for key in covered(decision, plain[decision["uscc"]]):
            torn[decision["uscc"]].setdefault(key, []).append(decision)
    without_disputed(world, hits)
    holders: Holders = {}
    for code, lines in plain.items():
        for clause, thing in [*lines, *hits[code]]:
            if clause == "c5_existing" and thing is not None:
                holders.setdefault(thing, set()).add(code)
    return {
        code: settled_applicant(world, code, plain[code], freed[code], hits[code], holders, torn[code])
        for code in world.applicants
    }


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
    contradictions = world.contradictions(code, released=released)
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
    world: World,
    code: str,
    plain: dict[Key, Draft],
    freed: dict[Key, Draft],
    hits: dict[Key, list[Row]],
    holders: Holders,
    torn: dict[Key, list[Row]],
) -> ApplicantResult:
    """Releases, routes, amounts set and refused, what was paid this year, the sum."""
    lines, decided = dict(plain), {key: agreed(rows) for key, rows in hits.items() if rows}
    decided = {key: decision for key, decision in decided.items() if key not in torn}
    for key, decision in decided.items():
        if decision is not None and decision["decision"] == "release":
            lines[key] = freed[key]
    choose_routes(lines, world.readings)
    for key, decision in decided.items():
        if decision is not None and decision["decision"] != "release":
            settle(lines, key, decision)
    differing = {key for key, decision in decided.items() if decision is None and key in plain}
    for key in {*torn, *differing}:
        tear(lines[key], [*hits.get(key, []), *torn.get(key, [])])
    Netting(lines, code, world.readings).of(this_year_rows(world, code, holders))
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
Holders = dict[str, set[str]]
"""Who has each park that is paid again every year: it may have been sold since it was paid."""


def this_year_rows(world: World, code: str, holders: Holders) -> list[Row]:
    """What was paid this year for what this applicant has now, each entry once; of contradicting rows the lowest one."""

    def whose(row: Row) -> str | None:
        if "c5_existing" in row[MEANT]:
            now = holders.get(row.get("object_id", ""), set())
            if len(now) == 1:
                return next(iter(now))
        return text(row, "uscc")

    mine = [row for row in world.this_year if whose(row) == code]
    groups = by_key(mine, ("uscc", "typed", "clause", "object_id"))
    lowest = [min(group, key=lambda row: amounts_paid([row])) for group in groups]
    return list({row[ENTRY]: row for row in lowest}.values())


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


ORDER = (
    "c1",
    "c2_above",
    "c2_gmv",
    "c2_invoiced",
    *(clause for clause in CLAUSE_NAMES if clause not in ("c1", *ROUTES)),
)
TURNOVERS = {"c2_above", "c2_gmv"}


@dataclass
class Netting:
    """A rerun pays what is due less what was paid this year for the line or its group."""

    lines: dict[Key, Draft]
    code: str
    readings: Mapping[str, str]

    def pool(self, clause: str) -> str:
        """Clauses of which one is paid instead of another."""
        if self.readings["c1_c2"] == "max" and clause in ("c1", *ROUTES):
            return "c1 or item 2"
        if self.readings["c2_routes"] == "max" and clause in ROUTES:
            return "routes"
        return "turnover" if clause in TURNOVERS else clause

    def paid_together(self, one: str, other: str) -> bool:
        if self.pool(one) != self.pool(other) or one == other:
            return True
        sums = self.readings["c2_routes"] == "sum" and {one, other} <= set(ROUTES)
        return sums and not {one, other} <= TURNOVERS

    def thing_of(self, row: Row) -> str | None:
        """The object that an entry names, where its clauses have any; the holder's own title is named by its code."""
        meant = row[MEANT]
        if all(clause.startswith("c9") for clause in meant):
            return text(row, "object_id") or self.code
        return text(row, "object_id") if any(clause in PER_OBJECT for clause in meant) else None

    def bears(self, key: Key, thing: str | None) -> bool:
        clause, own = key
        stands_in = own is None and self.lines[key].declared
        return thing is None or clause not in PER_OBJECT or stands_in or (own or self.code) == thing

    def of(self, rows: list[Row]) -> None:
        pots: dict[tuple[tuple[str, ...], str | None], list[Row]] = {}
        for row in sorted(rows, key=lambda row: (len(row[MEANT]), self.thing_of(row) is None)):
            pools = tuple(dict.fromkeys(self.pool(clause) for clause in row[MEANT]))
            pots.setdefault((pools, self.thing_of(row)), []).append(row)
        ordered = sorted(self.lines, key=lambda key: (ORDER.index(key[0]), key[1] or ""))
        for (pools, thing), paid in pots.items():
            self.share_out([key for key in ordered if self.pool(key[0]) in pools and self.bears(key, thing)], paid)

    def share_out(self, keys: list[Key], paid: list[Row]) -> None:
        """Take what was paid off what is certain, and off what each could become beside those paid with it."""
        most = amounts_paid(paid)
        now = own_first([(key[0], due(self.lines[key])) for key in keys], paid)
        could: list[int] = []
        for key in keys:
            beside = [other for other in keys if self.paid_together(key[0], other[0])]
            beside.sort(key=lambda other: due(self.lines[other]) == 0)
            highs = [self.lines[other].high for other in beside]
            best = own_first(
                [(other[0], most if high is None else high) for other, high in zip(beside, highs, strict=True)], paid
            )
            could.append(best[beside.index(key)])
        for key, part, at_most in zip(keys, now, could, strict=True):
            reduce(self.lines[key], part, at_most, amount_missing(paid))


def own_first(dues: list[tuple[str, int]], paid: list[Row]) -> list[int]:
    """What is taken off each of some dues that are paid together: first what its own clause was paid."""
    taken = [0] * len(dues)

    def take(amount: int, clauses: tuple[str, ...] | None) -> int:
        for at, (clause, value) in enumerate(dues):
            if clauses is None or clause in clauses:
                part = min(amount, value - taken[at])
                taken[at] += part
                amount -= part
        return amount

    left = [take(amounts_paid([row]), row[MEANT]) for row in paid]
    take(sum(left), None)
    return taken


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
    # what decisions made due beside each other is paid, though only one of the routes counts as possible
    return ApplicantResult(total, None if possible is None else max(possible - total, 0), by_fund, shown)


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
