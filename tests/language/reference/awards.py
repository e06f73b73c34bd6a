"""Awards: the shapes and their modifiers, on one row."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from tests.language.reference import conditions
from tests.language.reference.values import (
    Amount,
    Num,
    Tree,
    all_of,
    any_of,
    at_least,
    at_most,
    exactly,
    no_more,
    ordered,
    plus,
    quantity,
    rounded,
)

if TYPE_CHECKING:
    from tests.language.reference.world import Place

NOTHING: Final = Fraction(0)
_FEW: Final = 200
"""A number between two ends is tried one by one up to so many steps past its lower end."""


def award(place: Place, doc: Tree) -> Amount:
    """What an award comes to, not yet rounded: its shape, then multiply_by, prorate_by, deduct and cap."""
    amount = _shape(place, doc)
    if "multiply_by" in doc:
        amount = _multiplied(amount, worth(place, doc["multiply_by"]))
    if "prorate_by" in doc:
        part = at_most(at_least(place.number(doc["prorate_by"]), NOTHING), Fraction(1))
        amount = _multiplied(amount, _sure(part))
        rounding = place.world.rounding
        high = None if amount.high is None else rounded(amount.high, rounding)
        amount = Amount(amount.due, rounded(amount.low, rounding), high, amount.open)
    if "deduct" in doc:
        amount = _less(amount, worth(place, doc["deduct"]))
    return capped(place, amount, doc.get("cap"))


def worth(place: Place, value: Any) -> Amount:  # noqa: ANN401  # a plain value, a fact or a choice
    """A sum, a rate, a factor or a cap; below zero it is nothing."""
    if isinstance(value, dict) and "by" in value:
        return _chosen(place, value)
    if isinstance(value, dict):
        share = worth(place, value["rate"])
        base = _sure(at_least(place.number(value["of"]), NOTHING))
        product = _multiplied(share, base)
        high = None if product.high is None else rounded(product.high, "down_fen")
        return Amount(product.due, rounded(product.low, "down_fen"), high, product.open)
    return _sure(at_least(place.number(value), NOTHING))


def _sure(number: Num) -> Amount:
    assert number.low is not None
    return Amount(due=True, low=number.low, high=number.high, open=number.blank)


def _chosen(place: Place, choice: Tree) -> Amount:
    """What the value of a fact chooses; where no key fits nothing is due, on a blank nobody knows."""
    options = {key: worth(place, value) for key, value in choice.items() if key != "by"}
    value = place.value(choice["by"])
    if isinstance(value, datetime.date):
        raise TypeError(choice)
    if isinstance(value, Num):
        if value.nowhere:
            return Amount(due=False, low=NOTHING, high=NOTHING)
        if value.blank:
            return _either([*options.values(), Amount(due=False, low=NOTHING, high=NOTHING)])
        reached = _reached(value, options)
        return next(iter(reached.values())) if len(reached) == 1 else _either(list(reached.values()))
    if value is None:
        return _either(list(options.values()))
    key = str(value).lower() if isinstance(value, bool) else value
    return options.get(key, options.get("else", Amount(due=False, low=NOTHING, high=NOTHING)))


def _reached(number: Num, options: dict[str, Amount]) -> dict[str, Amount]:
    """The options that a number between two ends may choose."""
    assert number.low is not None
    last = number.low + _FEW if number.high is None else min(number.high, number.low + _FEW)
    nothing = Amount(due=False, low=NOTHING, high=NOTHING)
    found = {"no place": nothing} if number.nowhere is None else {}
    at = number.low
    while at <= last:
        key = next((key for key in options if key != "else" and _within(at, key)), "else")
        found[key] = options.get(key, nothing)
        at += 1
    return found


def _within(number: Fraction, key: str) -> bool:
    low, dots, high = key.partition("..")
    if not dots:
        return number == quantity(key)
    lowest, highest = quantity(low), quantity(high) if high else None
    return (lowest is None or number >= lowest) and (highest is None or number <= highest)


def _either(options: list[Amount]) -> Amount:
    """One of these, nobody knows which."""
    possible = [option for option in options if option.due is not False]
    highs = [option.high for option in possible]
    high = None if None in highs else max((high for high in highs if high is not None), default=NOTHING)
    return Amount(None if possible else False, NOTHING, high, open=bool(possible))


# ---- shapes ----------------------------------------------------------------------------------------------------------
def _shape(place: Place, doc: Tree) -> Amount:
    for rows in ("highest_of", "sum_of"):
        if rows in doc:
            return _rows(place, doc[rows], add_up=rows == "sum_of")
    if "first_past" in doc:
        return tiers(place, doc)
    if "rate" in doc:
        base = _upto(place.number(doc["of"]), doc)
        return _multiplied(worth(place, doc["rate"]), _sure(_above(base, doc)))
    amount = worth(place, doc["pay"])
    if "per_full" in doc:
        base, step = _above(place.number(doc["of"]), doc), _plain(doc["per_full"])
        assert base.low is not None
        steps = Num(Fraction(base.low // step), None if base.high is None else Fraction(base.high // step), base.blank)
        return _multiplied(amount, _sure(steps))
    units = [doc["per"]] if isinstance(doc.get("per"), str) else doc.get("per", [])
    for unit in units:
        amount = _multiplied(amount, _sure(_above(_upto(place.number(unit), doc), doc)))
    return amount


def _upto(base: Num, doc: Tree) -> Num:
    """No more than a level; what nothing bounds stays so."""
    if "up_to" not in doc:
        return base
    upto = at_most(base, _plain(doc["up_to"]))
    return Num(upto.low, None if base.high is None else upto.high, base.blank)


def _above(base: Num, doc: Tree) -> Num:
    """The part above a level, never below nothing."""
    level = _plain(doc.get("only_above", "0"))
    low = None if base.low is None else base.low - level
    return at_least(Num(low, None if base.high is None else base.high - level, base.blank), NOTHING)


def _plain(text: str) -> Fraction:
    number = quantity(text)
    assert number is not None, text
    return number


def _rows(place: Place, docs: list[Tree], *, add_up: bool) -> Amount:
    """The row that comes to most, or all that hold."""
    parts: list[Amount] = []
    for doc in docs:
        amount = award(place, doc)
        parts.append(
            Amount(all_of([conditions.hold(place, doc.get("when")), amount.due]), amount.low, amount.high, amount.open)
        )
    possible = [part for part in parts if part.due is not False]
    lows = [part.low for part in possible if part.due]
    if not add_up:
        # a row that may hold, but could not come to more than what is certain, changes nothing
        sure = max((part.low for part in possible if part.due and not part.open), default=NOTHING)
        possible = [part for part in possible if (part.due and not part.open) or part.high is None or part.high > sure]
        parts = possible
    highs = [part.high for part in possible]
    open_ = any(part.open or part.due is None for part in possible)
    due = any_of(part.due for part in parts)
    if add_up:
        high: Fraction | None = NOTHING
        lines = [doc.get("when") for doc, part in zip(docs, parts, strict=True) if part.due is not False]
        for group in (
            conditions.apart(lines)
            if any(part.due is None for part in possible)
            else [[at] for at in range(len(highs))]
        ):
            several = [highs[at] for at in group]
            high = plus(high, None if None in several else max(one for one in several if one is not None))
        return Amount(due, sum(lows, NOTHING), high, open_)
    low = max(lows, default=NOTHING)
    highest = None if None in highs else max((one for one in highs if one is not None), default=NOTHING)
    settled = [part.low for part in possible if part.due and not part.open]
    if due and highest is not None and max(settled, default=-1) >= highest:
        open_ = False
    return Amount(due, low, highest, open_)


def tiers(place: Place, doc: Tree) -> Amount:
    """Levels reached for the first time."""
    sign = {"gt": ">", "ge": ">="}[doc.get("past", "gt")]
    cumulative = doc.get("jump", "highest") == "cumulative"
    now = place.number(doc["first_past"])
    parts: list[Amount] = []
    for level, tree in doc["tiers"].items():
        row = tree if isinstance(tree, dict) and "pay" in tree else {"pay": tree}
        past = ordered(now, exactly(_plain(level)), sign)
        due = all_of([past, _first(place, doc["first_past"], level, sign), conditions.hold(place, row.get("when"))])
        amount = worth(place, row["pay"])
        parts.append(Amount(all_of([due, amount.due]), amount.low, amount.high, amount.open))
    possible = [part for part in parts if part.due is not False]
    certain = [part.low for part in possible if part.due]
    highs = [part.high or NOTHING for part in possible]
    low, high = (sum(ends, NOTHING) if cumulative else max(ends, default=NOTHING) for ends in (certain, highs))
    return Amount(any_of(part.due for part in parts), low, high, low != high)


def _first(place: Place, fact: str, level: str, sign: str) -> bool | None:
    """Whether no earlier year since the founding was past a level."""
    history = place.world.tree["history"]
    since = place.value(history["since"])
    if isinstance(since, datetime.date) and since.year >= place.world.year:
        return True
    years: dict[int, Num] = {}
    for row in place.below.get(history["table"], ()):
        if not isinstance(since, datetime.date) or row.cells[history["year"]] >= since.year:
            years[row.cells[history["year"]]] = row.number(fact)
    earlier = {year: number for year, number in years.items() if year < place.world.year and not number.blank}
    if any(ordered(number, exactly(_plain(level)), sign) for number in earlier.values()):
        return False
    if history.get("missing") == "assume_none":
        return True
    if not isinstance(since, datetime.date):
        return None
    return True if all(year in earlier for year in range(since.year, place.world.year)) else None


# ---- modifiers -------------------------------------------------------------------------------------------------------
def _multiplied(amount: Amount, factor: Amount) -> Amount:
    return Amount(
        all_of([amount.due, factor.due]),
        amount.low * factor.low,
        None if amount.high is None or factor.high is None else amount.high * factor.high,
        amount.open or factor.open,
    )


def _less(amount: Amount, taken: Amount) -> Amount:
    low = NOTHING if taken.high is None else max(NOTHING, amount.low - taken.high)
    high = None if amount.high is None else max(NOTHING, amount.high - taken.low)
    return Amount(all_of([amount.due, taken.due]), low, high, amount.open or taken.open)


def capped(place: Place, amount: Amount, cap: Any) -> Amount:  # noqa: ANN401  # a cap, a list of caps, or none
    """The amount, or the least of the caps where that is less."""
    caps = [] if cap is None else cap if isinstance(cap, list) else [cap]
    nothing = amount.low == amount.high == 0
    for one in caps:
        limit = worth(place, one)
        if limit.due and nothing:
            continue
        # what a blank leaves without a bound stays so under a cap; of rows that may come to anything nothing is nothing
        unbounded = amount.high is None and (amount.open or limit.high != 0)
        high = None if unbounded else no_more(amount.high, limit.high)
        low = min(amount.low, limit.low)
        amount = Amount(all_of([amount.due, limit.due]), low, high, amount.open or limit.open)
    return amount


def reached(place: Place, amount: Amount, cap: Any) -> bool:  # noqa: ANN401  # a cap, a list of caps, or none
    """Whether a cap that is certain is certainly reached: what rows may add beyond it is nothing."""
    caps = [] if cap is None else cap if isinstance(cap, list) else [cap]
    limits = [worth(place, one) for one in caps]
    if not limits or any(limit.open or not limit.due for limit in limits):
        return False
    least = min(limit.low for limit in limits)
    highs = [limit.high for limit in limits if limit.high is not None]
    return bool(highs) and 0 < least == min(highs) and least <= amount.low
