"""Clauses: which lines there are, and what each comes to by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.language.reference import conditions
from tests.language.reference.awards import NOTHING, award, capped, reached
from tests.language.reference.values import Amount, Num, Tree, Tri, all_of, any_of, quantity, rounded

if TYPE_CHECKING:
    from tests.language.reference.world import Place, World


@dataclass
class Line:
    """One line: its status, and what is certain and possible of it, in fen."""

    code: str
    clause: str
    thing: str | None
    place: Place
    status: str
    paid: int
    most: int | None
    funds: dict[str, int] = field(default_factory=dict)
    points: Fraction = NOTHING
    domestic: int = 0
    """What the line comes to without the fact that moves a part of it to another fund."""
    may_fund: set[str] = field(default_factory=set)
    """The funds that may pay it, as far as is known."""
    bears: dict[str, Fraction] = field(default_factory=dict)
    """The part of it that each fund bears, where funds share it; of several ways the largest."""
    limit: int | None = None
    """A plain cap: what it can take of a budget at the most, where nothing else bounds it."""


def lines_of(world: World, doc: Tree) -> list[Line]:
    """The lines of a clause, by applicant and object."""
    code = world.tree["applicant"]["code"]
    lines: list[Line] = []
    for person in world.places[world.main]:
        for thing, places in _places(person, doc):
            line = Line(person.cells[code], doc["id"], thing, person, *_settled(world, doc, places))
            _moved(world, doc, places, line)
            lines.append(line)
    return lines


def _places(person: Place, doc: Tree) -> list[tuple[str | None, list[tuple[Place, Tri]]]]:
    """The rows of each line, each with whether it belongs to the clause."""
    table = doc.get("each")
    if table is None and "by_hand" in doc["award"] and "claimed" not in doc:
        return []
    if table is None:
        asks = _asks(person, doc)
        return [] if asks is False else [(None, [(person, asks)])]
    column = person.world.tree["tables"][table].get("object")
    rows = _rows_below(person, table)
    asking = [(row, asks) for row in rows if (asks := _asks(row, doc)) is not False]
    kept: list[tuple[Place, Tri]] = [(row, asks) for row, asks in asking if conditions.hold(row, doc.get("where"))]
    if doc.get("one_line_per") == "applicant":
        return [(None, kept)] if kept else []
    named: dict[str | None, list[tuple[Place, Tri]]] = {}
    for row, here in kept:
        named.setdefault(row.cells[column], []).append((row, here))
    return list(named.items())


def _asks(place: Place, doc: Tree) -> Tri:
    """Whether a row claims: a blank does not, and rows below that are there may."""
    asks = conditions.hold(place, doc.get("claimed"))
    if asks is not None:
        return asks
    return None if any(_spread(place, name) for name in conditions.named(doc["claimed"])) else False


def _spread(place: Place, name: str) -> bool:
    try:
        value = place.value(name)
    except KeyError:
        return False
    return isinstance(value, Num) and not value.blank and value.low is not None and value.low != value.high


def _rows_below(person: Place, table: str) -> list[Place]:
    if table in person.below:
        return person.below[table]
    return [row for rows in person.below.values() for one in rows for row in one.below.get(table, ())]


def reckoned(doc: Tree, places: list[tuple[Place, Tri]]) -> list[Amount]:
    """What each row comes to, with all its conditions."""
    amounts: list[Amount] = []
    for place, here in places:
        amount = _whole(place, doc["award"])
        due = all_of([here, conditions.hold(place, doc.get("when")), amount.due])
        amounts.append(Amount(due, amount.low, amount.high, amount.open))
    return amounts


def _whole(place: Place, doc: Tree) -> Amount:
    """An award; of one that is decided by hand only the limit is known."""
    if "by_hand" in doc:
        limit = quantity(doc["by_hand"])
        return Amount(due=True, low=NOTHING, high=limit, open=True)
    if "pool" in doc:
        points = place.number(doc["shared_by"])
        return Amount(due=True, low=NOTHING, high=None, open=points.blank)
    return award(place, doc)


def _settled(world: World, doc: Tree, places: list[tuple[Place, Tri]]) -> tuple[str, int, int | None]:
    """Status, what is paid and what is possible."""
    amounts = reckoned(doc, places)
    possible = [amount for amount in amounts if amount.due is not False]
    if not possible:
        return "ineligible", 0, 0
    if "one_line_per" in doc:
        # a row that may hold and would add nothing if it did is as good as out
        possible = [amount for amount in possible if amount.high != 0 or (amount.due and not amount.open)]
        if not possible:
            return "ineligible", 0, 0
        amount, firm = _together(possible, doc["rows"], doc.get("most_rows", len(possible)))
    else:
        amount = possible[0]
        firm = bool(amount.due) and not amount.open
    return _finished(world, doc, places[0][0], amount, firm=firm)


def _together(possible: list[Amount], rows: str, most: int) -> tuple[Amount, bool]:
    """Rows in one line: what is certain of them, and whether that stands by itself."""
    certain = [amount for amount in possible if amount.due and not amount.open]
    highs = [amount.high for amount in possible]
    if rows == "highest":
        low = max((amount.low for amount in certain), default=NOTHING)
        high = None if None in highs else max(high for high in highs if high is not None)
    else:
        low, high = sum(sorted((amount.low for amount in certain), reverse=True)[:most], NOTHING), NOTHING
        bounded = sorted((high for high in highs if high is not None), reverse=True)
        high = None if None in highs else sum(bounded[:most], NOTHING)
    wait = (most >= len(possible) or low != high) and any(
        not amount.due or amount.open or amount.low != amount.high for amount in possible
    )
    due = any_of(amount.due for amount in possible)
    return Amount(due, low, high, wait), bool(certain)


def _finished(world: World, doc: Tree, place: Place, amount: Amount, *, firm: bool) -> tuple[str, int, int | None]:
    """Rounded once, then the cap of the clause and the share of this year."""
    high = None if amount.high is None else rounded(amount.high, world.rounding)
    amount = Amount(amount.due, rounded(amount.low, world.rounding), high, amount.open)
    before = amount
    at_cap = firm and reached(place, amount, doc.get("cap"))
    amount = capped(place, amount, doc.get("cap"))
    if at_cap:
        amount = Amount(amount.due, amount.low, amount.low, amount.open)
    if amount.due is False:
        return "ineligible", 0, 0
    if amount.open and not before.open:
        firm = False
    amount = Amount(
        amount.due, in_whole(amount.low, doc), None if amount.high is None else in_whole(amount.high, doc), amount.open
    )
    if "instalments" in doc:
        part = _instalment(world, doc["instalments"], place, amount)
        if part is None:
            return "ineligible", 0, 0
        amount = part
    low, most = int(amount.low), None if amount.high is None else int(amount.high)
    settled = bool(amount.due) and amount.low == amount.high and not amount.open
    if (settled and before.low == before.high) or (at_cap and amount.due and low > 0):
        return "eligible", low, low
    if firm and amount.due and low > 0:
        return "eligible_with_held", low, most
    return "pending", 0, most


def in_whole(amount: Fraction, doc: Tree) -> Fraction:
    """Whole multiples of a sum only."""
    step = quantity(doc.get("round_down_to", "0.01元"))
    assert step is not None
    return amount // step * step


def _instalment(world: World, doc: Tree, place: Place, amount: Amount) -> Amount | None:
    """All up to this year less all before it; None outside the years."""
    nth = place.value(doc["year"])
    assert isinstance(nth, Num)
    shares = [quantity(share) or NOTHING for share in doc["shares"]]
    if nth.exact is None:
        part = max(shares)
        return Amount(
            None, NOTHING, None if amount.high is None else rounded(amount.high * part, world.rounding), open=True
        )
    at = int(nth.exact)
    if not 1 <= at <= len(shares):
        return None

    def upto(end: Fraction | None, years: int) -> Fraction:
        return rounded((end or NOTHING) * sum(shares[:years], NOTHING), world.rounding)

    low = upto(amount.low, at) - upto(amount.low, at - 1)
    high = None if amount.high is None else upto(amount.high, at) - upto(amount.high, at - 1)
    return Amount(amount.due, low, high, amount.open)


def _moved(world: World, doc: Tree, places: list[tuple[Place, Tri]], line: Line) -> None:
    """A fact that moves the line to another fund: nothing is paid while nobody knows it."""
    fund: Any = doc["fund"]
    place = places[0][0]
    if isinstance(fund, dict) and "by" in fund and line.place.value(fund["by"]) is None:
        line.status, line.paid = ("pending", 0) if line.status != "ineligible" else (line.status, line.paid)
    if not isinstance(fund, dict) or "due_to" not in fund:
        return
    here, own = place.home(fund["due_to"])
    if place.value(fund["due_to"]) is None and line.status in ("eligible", "eligible_with_held"):
        line.status, line.paid = "pending", 0
    if "pool" in doc["award"]:
        return
    if fund.get("part") == "increment" and line.paid:
        here.forced[own] = False
        line.domestic = min(line.paid, _settled(world, doc, places)[1])
        del here.forced[own]
