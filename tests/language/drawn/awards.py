"""Random awards."""

from __future__ import annotations

from typing import Any, Final

from tests.language.drawn.conditions import conditions
from tests.language.drawn.words import ENUMS, Draft, Tree

_SUMS: Final = ("0.01元", "1元", "33.33元", "500元", "1000元", "1万元", "5万元")
_RATES: Final = ("0.5%", "1%", "3‰", "10%", "33.33%", "50%", "100%")
_FACTORS: Final = ("2", "150%", "33.33%", "3", "1", "0.5")
_SPANS: Final = (("0", "1", "2..3", "4.."), ("1", "2", "3"), ("1..2", "3..5"), ("0..1", "2..12"), ("0..2", "3.."))


def award(draft: Draft, table: str, depth: int = 0) -> Tree:
    """One shape with some modifiers."""
    shapes = [_pay, _pay, _per, _per_full, _rate, _rate]
    if depth == 0:
        shapes += [_rows, _rows]
        if table == "firms":
            shapes.append(_first_past)
    doc = draft.rng.choice(shapes)(draft, table)
    doc.update(modifiers(draft, table, 0.25 if depth == 0 else 0.12))
    return doc


def choice(draft: Draft, table: str, texts: tuple[str, ...]) -> Tree:
    """A value by a yes or no, a word or a number."""
    fact = draft.pick(table, "yesno", "enum", "count") or draft.facts[0]
    if fact.kind == "count" and fact.table not in ("firms", table):
        fact = next(one for one in draft.seen_from(table, "yesno"))
    doc: Tree = {"by": draft.name(fact, table)}
    keys: tuple[str, ...]
    if fact.kind == "yesno":
        keys = ("true", "false")
    elif fact.kind == "enum":
        keys = ENUMS[fact.values]
    else:
        keys = draft.rng.choice(_SPANS)
    whole = fact.kind == "count" and draft.chance(0.7)
    drop = 0 if whole or draft.chance(0.6) else 1
    for key in keys[: len(keys) - drop]:
        doc[key] = draft.rng.choice(texts)
    if draft.chance(0.3) if fact.kind == "count" else drop:
        doc["else"] = draft.rng.choice(texts)
    return doc


def modifiers(draft: Draft, table: str, often: float) -> Tree:
    """Some of multiply_by, prorate_by, deduct and cap."""
    doc: Tree = {}
    if draft.chance(often):
        fact = draft.pick(table, "count")
        doc["multiply_by"] = draft.rng.choice(_FACTORS)
        if draft.chance(0.4):
            doc["multiply_by"] = choice(draft, table, _FACTORS)
        elif fact and not fact.place and draft.chance(0.3):
            doc["multiply_by"] = draft.name(fact, table)
    ratios = [fact for fact in draft.seen_from(table, "ratio") if not fact.growth]
    if ratios and draft.chance(often):
        doc["prorate_by"] = draft.name(draft.rng.choice(ratios), table)
    if draft.chance(often):
        doc["deduct"] = sum_or_fact(draft, table)
    if draft.chance(often):
        doc["cap"] = cap(draft, table)
    return doc


def sum_or_fact(draft: Draft, table: str) -> Any:  # noqa: ANN401  # a sum, a fact or a choice
    fact = draft.pick(table, "money")
    if fact and draft.chance(0.45):
        return draft.name(fact, table)
    return choice(draft, table, _SUMS) if draft.chance(0.35) else draft.rng.choice(_SUMS)


def cap(draft: Draft, table: str) -> Any:  # noqa: ANN401  # a cap, or a list of caps
    caps: list[Any] = []
    for _ in range(draft.rng.choice((1, 1, 1, 2))):
        fact = draft.pick(table, "money")
        if fact and draft.chance(0.25):
            caps.append({"rate": draft.rng.choice(_RATES), "of": draft.name(fact, table)})
        else:
            caps.append(sum_or_fact(draft, table))
    return caps[0] if len(caps) == 1 else caps


def _pay(draft: Draft, table: str) -> Tree:
    return {"pay": sum_or_fact(draft, table)}


def _per(draft: Draft, table: str) -> Tree:
    facts = [fact for fact in draft.seen_from(table, "count", "area") if not fact.place]
    chosen = draft.rng.sample(facts, draft.rng.choice((1, 1, 2)))
    names = [draft.name(fact, table) for fact in chosen]
    pay = choice(draft, table, _SUMS[:4]) if draft.chance(0.2) else draft.rng.choice(_SUMS[:4])
    doc: Tree = {"pay": pay, "per": names if len(names) > 1 else names[0]}
    if len(names) == 1 and draft.chance(0.4):
        band = draft.rng.random()
        if band < 0.7:
            doc["only_above"] = draft.rng.choice(("1", "2"))
        if band > 0.4:
            doc["up_to"] = draft.rng.choice(("3", "50"))
    return doc


def _per_full(draft: Draft, table: str) -> Tree:
    fact = draft.pick(table, "money", "usd", "count", "area")
    assert fact is not None
    if fact.place:
        return _pay(draft, table)
    steps = {"money": ("1元", "100元", "3000元"), "usd": ("1美元", "33美元"), "count": ("1", "3"), "area": ("0.5", "7")}
    doc: Tree = {
        "pay": draft.rng.choice(_SUMS[:5]),
        "per_full": draft.rng.choice(steps[fact.kind]),
        "of": draft.name(fact, table),
    }
    if draft.chance(0.4):
        doc["only_above"] = draft.quantity(fact.kind)
    return doc


def _rate(draft: Draft, table: str) -> Tree:
    fact = draft.pick(table, "money")
    assert fact is not None
    rate = choice(draft, table, _RATES) if draft.chance(0.3) else draft.rng.choice(_RATES)
    doc: Tree = {"rate": rate, "of": draft.name(fact, table)}
    band = draft.rng.random()
    if band < 0.4:
        doc["only_above"] = draft.rng.choice(("33.33元", "1000元", "5000元"))
    if band < 0.2 or band > 0.8:
        doc["up_to"] = draft.rng.choice(("9999.99元", "1万元", "10万元"))
    return doc


def _rows(draft: Draft, table: str) -> Tree:
    rows: list[Tree] = []
    for _ in range(draft.rng.randint(2, 3)):
        row = award(draft, table, 1)
        if draft.chance(0.8):
            row["when"] = conditions(draft, table, 2)
        rows.append(row)
    return {draft.rng.choice(("highest_of", "sum_of")): rows}


def _first_past(draft: Draft, table: str) -> Tree:
    levels = {"sales": ("1000元", "5000元", "1万元"), "parcels": ("2", "5", "100")}
    fact = draft.rng.choice(("sales", "parcels"))
    tiers: Tree = {}
    pays = sorted(
        draft.rng.sample(("100元", "999.99元", "1000元", "2000元", "3万元"), 3),
        key=lambda text: float(text.replace("万元", "0000").strip("元")),
    )
    for level, pay in zip(levels[fact], pays, strict=True):
        tiers[level] = {"pay": pay, "when": conditions(draft, table, 1)} if draft.chance(0.3) else pay
    doc: Tree = {"first_past": fact, "tiers": tiers}
    if draft.chance(0.5):
        doc["past"] = draft.rng.choice(("gt", "ge"))
    if draft.chance(0.5):
        doc["jump"] = draft.rng.choice(("highest", "cumulative"))
    return doc
