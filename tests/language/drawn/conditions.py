"""Random conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.language.drawn.words import DAYS, ENUMS, NUMBERS, Draft, Fact

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNS: Final = (">=", ">", "<=", "<", "==")
_ALL: Final = (*NUMBERS, "date", "yesno", "enum")


def conditions(draft: Draft, table: str, most: int = 3) -> list[Any]:
    """A list of one or more lines, some of them `any:`."""
    return [_entry(draft, table) for _ in range(draft.rng.randint(1, most))]


def _entry(draft: Draft, table: str) -> Any:  # noqa: ANN401  # a line, or a mapping
    if not draft.chance(0.25):
        return line(draft, table)
    branches: list[Any] = []
    for _ in range(draft.rng.randint(2, 3)):
        together = [line(draft, table), line(draft, table)]
        branches.append(together if draft.chance(0.3) else together[0])
    return {"any": branches}


def line(draft: Draft, table: str, kinds: Sequence[str] = _ALL) -> str:
    """One condition."""
    fact = draft.pick(table, *kinds)
    assert fact is not None
    name = draft.name(fact, table)
    if draft.chance(0.08) and fact.kind != "yesno":
        return f"{name} is {draft.rng.choice(('given', 'blank'))}"
    if fact.kind == "yesno":
        return draft.rng.choice((name, name, f"not {name}"))
    if fact.kind == "enum":
        return _word(draft, fact, name)
    if fact.kind == "date":
        return f"{name} {draft.rng.choice(_SIGNS[:4])} {_day(draft, fact, table)}"
    return _number(draft, fact, name, table)


def _word(draft: Draft, fact: Fact, name: str) -> str:
    words = list(ENUMS[fact.values])
    draft.rng.shuffle(words)
    return draft.rng.choice((f"{name} == {words[0]}", f"{name} != {words[0]}", f"{name} is {words[0]} or {words[1]}"))


def _day(draft: Draft, fact: Fact, table: str) -> str:
    others = [other for other in draft.seen_from(table, "date") if other.name != fact.name]
    if others and draft.chance(0.4):
        other = draft.name(draft.rng.choice(others), table)
        span = f"{draft.rng.choice('++-')} {draft.rng.choice((1, 2, 3, 5, 60))} {draft.rng.choice(('years', 'months', 'days'))}"
        return draft.rng.choice((other, f"{other} {span}"))
    return draft.rng.choice((*DAYS, "policy_year_start", "policy_year_end"))


def _number(draft: Draft, fact: Fact, name: str, table: str) -> str:
    if fact.kind == "year":
        return f"{name} {draft.rng.choice(_SIGNS)} {draft.rng.choice(('policy_year', draft.quantity('year')))}"
    others = [other for other in draft.seen_from(table, fact.kind) if other.name != fact.name and not other.place]
    if others and not fact.growth and not fact.place and draft.chance(0.2):
        other = draft.rng.choice([one for one in others if not one.growth] or [fact])
        if other is not fact:
            return f"{name} {draft.rng.choice(_SIGNS)} {draft.name(other, table)}"
    if draft.chance(0.2):
        low, high = sorted((draft.rng.randint(0, 5), draft.rng.randint(6, 10)))
        ends = _between(fact.kind, low, high)
        return f"{ends[0]} {draft.rng.choice(('<=', '<'))} {name} {draft.rng.choice(('<=', '<'))} {ends[1]}"
    return f"{name} {draft.rng.choice(_SIGNS)} {draft.quantity(fact.kind)}"


def _between(kind: str, low: int, high: int) -> tuple[str, str]:
    unit = {"money": "000元", "usd": "00美元", "ratio": "0%"}.get(kind, "")
    return f"{low}{unit}" if low else f"0{unit[-1:] if kind == 'ratio' else unit.lstrip('0')}", f"{high}{unit}"
