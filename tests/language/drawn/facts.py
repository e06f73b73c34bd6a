"""Random derived facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.language.drawn.conditions import conditions
from tests.language.drawn.words import BELOW, Draft, Fact, Tree

if TYPE_CHECKING:
    from collections.abc import Callable

_AMOUNTS: Final = ("money", "usd", "count", "area")
_Drawn = tuple[Tree, Fact] | None


def draw_fact(draft: Draft, table: str, name: str) -> bool:
    """Add one fact to the draft; False where what it would need is not there."""
    operations = [_add, _minus, _least, _most, _times, _ratio, _growth, _when, _same_as, _days, _first_given]
    if table == "firms":
        operations += [_last_year, _in_yuan, _rank]
    if table in BELOW:
        operations += [_count, _sum, _max]
    made = draft.rng.choice(operations)(draft, table, name)
    if made is None:
        return False
    doc, fact = made
    draft.docs.setdefault(table, {})[name] = {"zh": name, "en": name, **doc}
    draft.facts.append(fact)
    return True


def _parts(draft: Draft, table: str, *, plain: bool, bounded: bool) -> tuple[list[str], list[Fact], str] | None:
    """Two or three facts of one kind, perhaps a number among them."""
    kind = draft.rng.choice(_AMOUNTS)
    # the least of a blank and of a number that rows leave open is not said by the docs
    facts = [fact for fact in draft.seen_from(table, kind) if not fact.place and not (fact.spread and bounded)]
    if len(facts) < 2:
        return None
    chosen = draft.rng.sample(facts, min(len(facts), draft.rng.choice((2, 2, 3))))
    names = [draft.name(fact, table) for fact in chosen]
    if plain and draft.chance(0.4):
        names[-1] = draft.quantity(kind)
        chosen = chosen[:-1]
    return names, chosen, kind


def _many(operation: str, *, plain: bool = True) -> Callable[[Draft, str, str], _Drawn]:
    def drawn(draft: Draft, table: str, name: str) -> _Drawn:
        found = _parts(draft, table, plain=plain, bounded=operation in ("least", "most"))
        if found is None:
            return None
        names, chosen, kind = found
        negative = operation == "minus" or any(fact.negative for fact in chosen)
        spread = any(fact.spread for fact in chosen)
        return {operation: names}, Fact(name, table, kind, derived=True, negative=negative, spread=spread)

    return drawn


_add, _minus, _least, _most = _many("add"), _many("minus"), _many("least"), _many("most")


def _first_given(draft: Draft, table: str, name: str) -> _Drawn:
    """Columns, and behind them any fact or a number."""
    kind = draft.rng.choice(_AMOUNTS)
    facts = [fact for fact in draft.seen_from(table, kind) if not fact.place]
    cells = [fact for fact in facts if not fact.derived]
    if not cells:
        return None
    chosen = draft.rng.sample(cells, min(len(cells), draft.rng.choice((1, 1, 2))))
    last = draft.rng.choice([fact for fact in facts if fact not in chosen] or [None])
    names = [draft.name(fact, table) for fact in chosen]
    if last is None or draft.chance(0.4):
        return {"first_given": [*names, draft.quantity(kind)]}, Fact(name, table, kind, derived=True)
    made = Fact(name, table, kind, derived=True, negative=last.negative, spread=last.spread)
    return {"first_given": [*names, draft.name(last, table)]}, made


def _times(draft: Draft, table: str, name: str) -> _Drawn:
    counts = [f for f in draft.seen_from(table, "count") if not f.negative and not f.place]
    if not counts:
        return None
    many = draft.rng.choice(counts)
    kind = draft.rng.choice(_AMOUNTS)
    facts = [f for f in draft.seen_from(table, kind) if not f.negative and not f.place and f is not many]
    if facts and draft.chance(0.6):
        fact = draft.rng.choice(facts)
        doc = {"times": [draft.name(fact, table), draft.name(many, table)]}
        return doc, Fact(name, table, kind, derived=True, spread=fact.spread or many.spread)
    kind = draft.rng.choice(("money", "count"))
    return {"times": [draft.name(many, table), draft.quantity(kind)]}, Fact(
        name, table, kind, derived=True, spread=many.spread
    )


def _pair(draft: Draft, table: str, *, spread: bool) -> tuple[str, str] | None:
    kind = draft.rng.choice(_AMOUNTS)
    facts = [f for f in draft.seen_from(table, kind) if not f.negative and not f.place and (spread or not f.spread)]
    if len(facts) < 2:
        return None
    first, second = draft.rng.sample(facts, 2)
    return draft.name(first, table), draft.name(second, table)


def _ratio(draft: Draft, table: str, name: str) -> _Drawn:
    pair = _pair(draft, table, spread=True)
    return pair and ({"ratio": list(pair)}, Fact(name, table, "ratio", derived=True, spread=True))


def _growth(draft: Draft, table: str, name: str) -> _Drawn:
    pair = _pair(draft, table, spread=False)
    if pair is None:
        return None
    doc: Tree = {"growth": list(pair)}
    for key in ("missing", "zero"):
        if draft.chance(0.7):
            doc[key] = draft.rng.choice(("pending", "met", "not_met"))
    return doc, Fact(name, table, "ratio", derived=True, negative=True, growth=True)


def _last_year(draft: Draft, table: str, name: str) -> _Drawn:
    column = draft.rng.choice(("sales", "parcels"))
    doc: Tree = {"last_year": column}
    if draft.chance(0.6):
        doc["else"] = {"sales": "last_sales", "parcels": "target"}[column]
    return doc, Fact(name, table, {"sales": "money", "parcels": "count"}[column], derived=True)


def _in_yuan(draft: Draft, table: str, name: str) -> _Drawn:
    fact = draft.pick(table, "usd")
    assert fact is not None
    return {"in_yuan": fact.name}, Fact(name, table, "money", derived=True, negative=fact.negative, spread=fact.spread)


def _days(draft: Draft, table: str, name: str) -> _Drawn:
    days = draft.seen_from(table, "date")
    if not days:
        return None
    day = draft.name(draft.rng.choice(days), table)
    how = draft.rng.choice(("year_of", "nth_year", "full_months", "days", "anniversary"))
    if how in ("full_months", "days"):
        end = draft.rng.choice(("policy_year_end", *(draft.name(fact, table) for fact in days)))
        start = "policy_year_start" if draft.chance(0.2) else day
        if start == end:
            return None
        return {how: [start, end]}, Fact(name, table, "count", derived=True)
    if how == "anniversary":
        return {how: day, "years": str(draft.rng.randint(0, 5))}, Fact(name, table, "date", derived=True)
    return {how: day}, Fact(name, table, "year" if how == "year_of" else "count", derived=True)


def _when(draft: Draft, table: str, name: str) -> _Drawn:
    return {"when": conditions(draft, table, 2)}, Fact(name, table, "yesno", derived=True)


def _same_as(draft: Draft, table: str, name: str) -> _Drawn:
    fact = draft.rng.choice(draft.seen_from(table))
    if fact.table != table or fact.place:
        return None
    made = Fact(name, table, fact.kind, fact.values, True, fact.negative, fact.spread, growth=fact.growth)
    return {"same_as": fact.name}, made


def _rows_below(draft: Draft, doc: Tree, below: str) -> None:
    if draft.chance(0.7):
        doc["where"] = conditions(draft, below, 2)


def _count(draft: Draft, table: str, name: str) -> _Drawn:
    below = draft.rng.choice(BELOW[table])
    doc: Tree = {"count": below}
    _rows_below(draft, doc, below)
    if table == "firms" and draft.chance(0.2):
        doc["else"] = "target"
    return doc, Fact(name, table, "count", derived=True, spread=True)


def _figure(operation: str) -> Callable[[Draft, str, str], _Drawn]:
    def drawn(draft: Draft, table: str, name: str) -> _Drawn:
        below = draft.rng.choice(BELOW[table])
        kinds: dict[str, Any] = {
            "money": ("cost", "fee"),
            "count": ("parcels", "booths"),
            "area": ("area", "floor"),
            "usd": ("export", ""),
        }
        figures = [fact for fact in draft.facts if fact.table == below and fact.kind in kinds]
        fact = draft.rng.choice(figures)
        doc: Tree = {operation: below, "of": fact.name}
        _rows_below(draft, doc, below)
        stand_in = kinds[fact.kind][table == "fairs"]
        if stand_in and draft.chance(0.2):
            doc["else"] = stand_in
        return doc, Fact(name, table, fact.kind, derived=True, negative=fact.negative, spread=True)

    return drawn


_sum, _max = _figure("sum"), _figure("max")


def _rank(draft: Draft, table: str, name: str) -> _Drawn:
    facts = [
        fact
        for fact in draft.facts
        if fact.table == table and fact.kind in (*_AMOUNTS, "ratio", "date") and not fact.place
    ]
    chosen = draft.rng.sample(facts, draft.rng.choice((1, 1, 2)))
    doc: Tree = {"rank_by": [fact.name for fact in chosen]}
    if draft.chance(0.6):
        doc["among"] = conditions(draft, table, 2)
    if draft.chance(0.3):
        doc["first"] = "lowest"
    if draft.chance(0.6):
        doc["ties"] = draft.rng.choice(("share", "open"))
    return doc, Fact(name, table, "count", derived=True, spread=True, place=True)
