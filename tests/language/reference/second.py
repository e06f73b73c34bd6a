"""What is worked out over several lines: pools, groups, budgets, funds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.language.reference import awards, conditions
from tests.language.reference.clauses import Line, in_whole, lines_of
from tests.language.reference.values import Amount, Tree, quantity, shared
from tests.language.reference.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.language.reference.values import Row

OPEN = ("pending", "held", "eligible_with_held")


@dataclass
class Reckoning:
    """All lines of a run, and what each fund pays an applicant."""

    lines: list[Line]
    funds: dict[str, dict[str, int]]


def reckon(tree: Tree, rows: Mapping[str, Sequence[Row]]) -> Reckoning:
    """Everything that a policy says of the rows."""
    world = World(tree, rows)
    clauses = {doc["id"]: doc for doc in tree["clauses"]}
    lines = {name: lines_of(world, doc) for name, doc in clauses.items()}
    for name, doc in clauses.items():
        if "pool" in doc["award"]:
            _pool(doc, lines[name])
    groups = {doc["id"]: doc for doc in tree.get("groups", ())}
    inner = {member for doc in groups.values() for member in doc["members"]}
    for person in world.places[world.main]:
        for name in groups:
            if name not in inner:
                _group(world, groups, lines, person.cells[tree["applicant"]["code"]], name)
    for name, doc in clauses.items():
        for line in lines[name]:
            line.limit = _plain_cap(doc)
        _budget(doc.get("budget"), lines[name], {})
    for name in _inner_first(groups):
        inside = [line for member in _members(groups, name) for line in lines[member]]
        _budget(groups[name].get("budget"), inside, groups)
    every = [line for found in lines.values() for line in found]
    for line in every:
        _fund(clauses[line.clause]["fund"], line)
    for fund, doc in tree["funds"].items():
        _fund_budget(doc.get("budget"), fund, every, groups)
    people = [person.cells[tree["applicant"]["code"]] for person in world.places[world.main]]
    funds = {code: dict.fromkeys(tree["funds"], 0) for code in people}
    for line in every:
        for fund, amount in line.funds.items():
            funds[line.code][fund] += amount
    return Reckoning(every, funds)


# ---- pools -----------------------------------------------------------------------------------------------------------
def _pool(doc: Tree, lines: list[Line]) -> None:
    """All who qualify share the sum by their points; the cap of the clause cuts a share."""
    pool = doc["award"]
    total = quantity(pool["pool"])
    assert total is not None
    sharing: list[Line] = []
    for line in lines:
        points = line.place.number(pool["shared_by"])
        if line.status == "ineligible":
            continue
        line.most = int(total)
        if points.exact is not None and points.exact <= 0:
            line.status, line.most = "ineligible", 0
            continue
        limited = awards.capped(line.place, Amount(due=True, low=total, high=total), doc.get("cap"))
        if limited.due is False:
            line.status, line.most = "ineligible", 0
            continue
        if limited.high is not None:
            # an open share is at most its cap
            line.most = int(in_whole(limited.high, doc))
        if (
            isinstance(doc["fund"], dict)
            and (fact := doc["fund"].get("due_to", doc["fund"].get("by"))) is not None
            and line.place.value(fact) is None
        ):
            continue
        if limited.open or limited.due is None or limited.low != limited.high:
            continue
        sure = conditions.hold(line.place, doc.get("when"))
        if sure and points.exact is not None:
            line.status, line.points = "eligible", points.exact
            sharing.append(line)
    hold = pool["open_lines"] == "hold_all" and any(line.status in OPEN for line in lines)
    sharing.sort(key=lambda line: line.code)
    if not sharing:
        return
    for line, part in zip(sharing, shared(int(total), [line.points for line in sharing]), strict=True):
        whole = Amount(due=True, low=Fraction(part), high=Fraction(part))
        limited = awards.capped(line.place, whole, doc.get("cap"))
        if limited.due is False:
            line.status = "ineligible"
        elif limited.open or limited.due is None:
            line.status = "pending"
        elif hold:
            # it gets no more than what it would get without those that are open
            line.status, line.most = "pending", int(in_whole(limited.low, doc))
        else:
            line.paid = line.domestic = int(in_whole(limited.low, doc))


# ---- groups ----------------------------------------------------------------------------------------------------------
def _group(world: World, groups: Mapping[str, Tree], lines: Mapping[str, list[Line]], code: str, name: str) -> int:
    """What the lines of a clause or a group come to for one applicant, after the group has chosen and cut."""
    if name not in groups:
        return sum(line.paid for line in lines[name] if line.code == code)
    doc = groups[name]
    sums = [_group(world, groups, lines, code, member) for member in doc["members"]]
    if doc["pays"] == "highest" and any(sums):
        best = sums.index(max(sums))
        for at, member in enumerate(doc["members"]):
            if at != best:
                for clause in _members(groups, member):
                    _supersede(lines[clause], code)
    left = _group_cap(world, doc, code)
    total = 0
    for clause in _members(groups, name):
        for line in sorted((line for line in lines[clause] if line.code == code), key=lambda line: line.thing or ""):
            if left is not None:
                line.paid = min(line.paid, left - total)
            total += line.paid
    return total


def _supersede(lines: list[Line], code: str) -> None:
    for line in lines:
        if line.code == code and line.paid:
            line.status, line.paid = "superseded", 0


def _group_cap(world: World, doc: Tree, code: str) -> int | None:
    if "cap" not in doc:
        return None
    column = world.tree["applicant"]["code"]
    person = next(person for person in world.places[world.main] if person.cells[column] == code)
    cap = awards.worth(person, doc["cap"])
    return int(cap.low)


def _members(groups: Mapping[str, Tree], name: str) -> list[str]:
    """The clauses of a group, in order."""
    if name not in groups:
        return [name]
    return [clause for member in groups[name]["members"] for clause in _members(groups, member)]


def _inner_first(groups: Mapping[str, Tree]) -> list[str]:
    return sorted(groups, key=lambda name: (_depth(groups, name), list(groups).index(name)))


def _depth(groups: Mapping[str, Tree], name: str) -> int:
    return 0 if name not in groups else 1 + max(_depth(groups, member) for member in groups[name]["members"])


# ---- budgets and funds -----------------------------------------------------------------------------------------------
def _limit(budget: Any) -> tuple[int, bool]:  # noqa: ANN401  # a sum, or a mapping with one
    text, keep = (
        (budget, False) if isinstance(budget, str) else (budget["sum"], budget.get("open_lines") == "keep_back")
    )
    total = quantity(text)
    assert total is not None
    return int(total), keep


def _plain_cap(doc: Tree) -> int | None:
    """The least cap that is a sum, of the clause, and of the award of a single row."""
    found = []
    for caps in (doc.get("cap"), None if "rows" in doc else doc["award"].get("cap")):
        for one in caps if isinstance(caps, list) else [caps]:
            limit = quantity(one) if isinstance(one, str) else None
            if limit is not None:
                found.append(int(limit))
    least = min(found, default=None)
    if least is None or "instalments" not in doc:
        return least
    largest = max(quantity(share) or Fraction(0) for share in doc["instalments"]["shares"])
    return int(-(-least * largest // 1))


def _budget(budget: Any, lines: list[Line], groups: Mapping[str, Tree]) -> None:  # noqa: ANN401  # a sum, a mapping with one, or none
    """Where more is due, all are cut in proportion; those that come first before the others."""
    if budget is None:
        return
    total, keep = _limit(budget)
    left = total
    for some in _one_after_another(budget, lines, groups):
        paying = sorted((line for line in some if line.paid), key=_order)
        waiting = [(line, line.paid) for line in some if keep and line.status in OPEN]
        parts, left = _cut(total, left, [line.paid for line in paying], waiting)
        for line, part in zip(paying, parts, strict=True):
            line.paid = part


def _one_after_another(budget: Any, lines: list[Line], groups: Mapping[str, Tree]) -> list[list[Line]]:  # noqa: ANN401  # a sum, or a mapping with one
    """The lines of each clause or group that comes first, then all others."""
    first = budget.get("first", []) if isinstance(budget, dict) else []
    stages = [set(_members(groups, name)) for name in ([first] if isinstance(first, str) else first)]
    ahead = set().union(*stages)
    rest = [line for line in lines if line.clause not in ahead]
    return [*([line for line in lines if line.clause in stage] for stage in stages), rest]


def _cut(total: int, left: int, due: list[int], waiting: list[tuple[Line, int]]) -> tuple[list[int], int]:
    """What is paid of what is due and left for others, as if open lines came to their most: one without a bound to all."""
    most = [(line.limit if line.most is None else line.most, now) for line, now in waiting]
    more = [None if end is None else max(0, end - now) for end, now in most]
    kept = total if None in more else sum(part for part in more if part is not None)
    whole = sum(due)
    if whole + kept <= left or not whole:
        return due, max(0, left - whole - kept)
    return shared(min(whole, left * whole // (whole + kept)), [Fraction(part) for part in due]), 0


def _order(line: Line) -> tuple[str, str, str]:
    return line.code, line.clause, line.thing or ""


def _fund(fund: Any, line: Line) -> None:  # noqa: ANN401  # a fund, or a mapping
    """Which fund pays a line, or which part of it."""
    _borne(fund, line)
    line.may_fund |= set(line.funds)


def _part(line: Line, fund: str) -> Line:
    """An open line as one fund sees it: of what it may come to at the most the part that the fund bears, rounded up."""
    share = line.bears.get(fund, Fraction(1))
    most, limit = (None if one is None else int(-(-one * share // 1)) for one in (line.most, line.limit))
    return replace(line, most=most, limit=limit)


def _borne(fund: Any, line: Line) -> None:  # noqa: ANN401  # a fund, or a mapping
    if isinstance(fund, str):
        line.funds, line.bears = {fund: line.paid}, {**line.bears, fund: Fraction(1)}
    elif "by" in fund:
        known = line.place.value(fund["by"])
        ways = [way for key, way in fund.items() if key != "by"]
        if known is None:
            for way in ways:
                _borne(way, line)
                line.may_fund |= set(line.funds)
            _borne(ways[0], line)
            return
        _borne(fund.get(str(known).lower() if isinstance(known, bool) else known, fund.get("else")), line)
    elif "shares" in fund:
        weights = [quantity(share) or Fraction(0) for share in fund["shares"].values()]
        for name, weight in zip(fund["shares"], weights, strict=True):
            line.bears[name] = max(weight, line.bears.get(name, weight))
        line.funds = dict(zip(fund["shares"], shared(line.paid, weights), strict=True))
    elif fund.get("part") == "increment":
        own = min(line.domestic, line.paid)
        line.funds = {fund["fund"]: own, fund["or"]: line.paid - own}
    else:
        moved = line.place.value(fund["due_to"]) is True
        line.funds = {fund["fund"]: 0 if moved else line.paid, fund["or"]: line.paid if moved else 0}


def _fund_budget(budget: Any, fund: str, lines: list[Line], groups: Mapping[str, Tree]) -> None:  # noqa: ANN401  # a sum, a mapping with one, or none
    """What a fund has, for the parts of lines that it pays."""
    if budget is None:
        return
    total, keep = _limit(budget)
    left = total
    for some in _one_after_another(budget, lines, groups):
        paying = sorted((line for line in some if line.funds.get(fund)), key=_order)
        may = [line for line in some if fund in line.may_fund]
        waiting = [(_part(line, fund), line.funds.get(fund, 0)) for line in may if keep and line.status in OPEN]
        parts, left = _cut(total, left, [line.funds[fund] for line in paying], waiting)
        for line, part in zip(paying, parts, strict=True):
            line.paid -= line.funds[fund] - part
            line.funds[fund] = part
