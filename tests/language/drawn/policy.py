"""A random policy: facts, clauses, groups, budgets and funds in the sheets of base.yaml."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from tests.language.drawn.awards import award, cap
from tests.language.drawn.conditions import conditions
from tests.language.drawn.facts import draw_fact
from tests.language.drawn.words import BASE, ENUMS, Draft, Tree, columns

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_BUDGETS: Final = ("1000元", "99.99元", "1万元", "3万元", "0.05元")


def draw_policy(rng: random.Random) -> Tree:
    """The tree of a policy, all scalars as texts."""
    draft = Draft(rng, columns())
    tables = rng.choices(("firms", "fairs", "guests"), (6, 3, 1), k=rng.randint(0, 7))
    # children first: a fact above may count what is known below
    for at, table in enumerate(sorted(tables, key=("guests", "fairs", "firms").index)):
        draw_fact(draft, table, f"f{at}")
    tree: Tree = copy.deepcopy(BASE)
    tree["rounding"] = rng.choice(("half_up_fen", "half_up_fen", "down_fen"))
    tree["facts"] = draft.docs
    names = list("abcd"[: rng.randint(1, 4)])
    tree["clauses"] = [_clause(draft, name) for name in names]
    groups = _groups(draft, names)
    if groups:
        tree["groups"] = groups
    if draft.chance(0.12):
        paid = [doc["id"] for doc in tree["clauses"] if "city" in _funds(doc["fund"])]
        tree["funds"]["city"]["budget"] = _budget(draft, paid)
    return tree


def text_of(tree: Tree) -> str:
    """The policy file, numbers and `true` as a person writes them."""
    quoted = yaml.dump(tree, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=200)
    return re.sub(r"'([^'\"{}\[\],:#]+)'", r"\1", quoted)


def _clause(draft: Draft, name: str) -> Tree:
    table = draft.rng.choices(("firms", "fairs", "guests"), (6, 3, 1))[0]
    doc: Tree = {"id": name, "article": name, "title": {"zh": f"{name}项", "en": name}}
    together = table != "firms" and draft.chance(0.5)
    if table != "firms":
        doc["each"] = table
        if draft.chance(0.6):
            doc["where"] = conditions(draft, table, 2)
    elif draft.chance(0.4):
        doc["claimed"] = conditions(draft, table, 2)
    if together:
        doc["one_line_per"] = draft.rng.choice(("applicant", "object"))
        doc["rows"] = draft.rng.choice(("add_up", "highest"))
        if doc["rows"] == "add_up" and draft.chance(0.4):
            doc["most_rows"] = draft.rng.choice((1, 2))
    if draft.chance(0.6):
        doc["when"] = conditions(draft, table)
    doc["award"] = award(draft, table)
    special = draft.rng.random()
    above = "firms" if together else table
    if table == "firms" and special < 0.08:
        _pool(draft, doc)
    elif table == "firms" and special < 0.11:
        doc["award"] = {"by_hand": "5万元"}
    if draft.chance(0.2) and "by_hand" not in doc["award"]:
        # what a pool pays below a cap that rows leave open is not compared
        doc["cap"] = draft.rng.choice(("50元", "999.99元")) if "pool" in doc["award"] else cap(draft, above)
    if draft.chance(0.1) and "by_hand" not in doc["award"]:
        doc["round_down_to"] = draft.rng.choice(("0.01元", "1元", "0.07元", "100元", "1万元"))
    years = [
        fact
        for fact in draft.seen_from(above, "count")
        if "nth_year" in draft.docs.get(fact.table, {}).get(fact.name, {})
    ]
    if years and not together and not {"pool", "by_hand"} & set(doc["award"]) and draft.chance(0.5):
        shares = draft.rng.choice((["40%", "30%", "30%"], ["50%", "50%"], ["33.33%", "33.33%", "33.34%"]))
        doc["instalments"] = {"year": draft.name(draft.rng.choice(years), above), "shares": shares}
    if draft.chance(0.12):
        doc["budget"] = _budget(draft)
    doc["fund"] = _fund(draft, pool="pool" in doc["award"])
    return doc


def _pool(draft: Draft, doc: Tree) -> None:
    fact = draft.pick("firms", "count", "area", "money")
    assert fact is not None
    if not fact.place:
        how = draft.rng.choice(("hold_all", "leave_out"))
        doc["award"] = {
            "pool": draft.rng.choice(("100元", "999.97元", "1万元")),
            "shared_by": fact.name,
            "open_lines": how,
        }


def _budget(draft: Draft, paid: Sequence[str] = ()) -> Any:  # noqa: ANN401  # a sum, or a mapping
    total = draft.rng.choice(_BUDGETS)
    if len(paid) > 1 and draft.chance(0.5):
        first = draft.rng.sample(sorted(paid), draft.rng.randint(1, len(paid) - 1))
        return {"sum": total, "open_lines": draft.rng.choice(("keep_back", "leave_out")), "first": first}
    return {"sum": total, "open_lines": draft.rng.choice(("keep_back", "leave_out"))} if draft.chance(0.4) else total


def _fund(draft: Draft, *, pool: bool) -> Any:  # noqa: ANN401  # a fund, or a mapping
    kind = draft.rng.random()
    if kind < 0.55:
        return draft.rng.choice(("city", "county"))
    if kind < 0.65:
        return _chosen(draft)
    if kind < 0.8:
        shares = draft.rng.choice((("50%", "50%"), ("33.33%", "66.67%"), ("10%", "20%", "70%"), ("40%", "30%", "30%")))
        return {"shares": dict(zip(("city", "county", "town"), shares, strict=False))}
    facts = [fact for fact in draft.facts if fact.table == "firms" and fact.kind == "yesno"]
    doc = {"fund": "city", "or": "town", "due_to": draft.rng.choice(facts).name}
    if draft.chance(0.4) and not pool:
        doc["part"] = "increment"
    return doc


def _chosen(draft: Draft) -> Tree:
    """A fund, or funds that share, by a fact of the applicant."""
    ways = (
        "city",
        "county",
        "town",
        {"shares": {"city": "50%", "county": "50%"}},
        {"shares": {"town": "33.33%", "city": "66.67%"}},
    )
    fact = draft.rng.choice([fact for fact in draft.facts if fact.table == "firms" and fact.kind in ("yesno", "enum")])
    words = ("true", "false") if fact.kind == "yesno" else ENUMS[fact.values]
    named = words if draft.chance(0.5) else words[:1]
    doc: Tree = {"by": fact.name, **{word: copy.deepcopy(draft.rng.choice(ways)) for word in named}}
    return doc if len(named) == len(words) else {**doc, "else": copy.deepcopy(draft.rng.choice(ways))}


def _funds(fund: Any) -> set[str]:  # noqa: ANN401  # a fund, or a mapping
    """The funds that may pay a clause."""
    if isinstance(fund, str):
        return {fund}
    if "shares" in fund:
        return set(fund["shares"])
    if "by" in fund:
        return set().union(*(_funds(way) for key, way in fund.items() if key != "by"))
    return {fund["fund"], fund["or"]}


def _groups(draft: Draft, names: list[str]) -> list[Tree]:
    groups: list[Tree] = []
    free = list(names)
    while len(free) >= 2 and draft.chance(0.4):
        members = draft.rng.sample(free, draft.rng.randint(2, min(3, len(free))))
        doc: Tree = {"id": f"g{len(groups)}", "members": members, "pays": draft.rng.choice(("highest", "sum"))}
        if draft.chance(0.5):
            doc["cap"] = draft.rng.choice(("1元", "1000元", "1.5万元", "20万元"))
        if draft.chance(0.12):
            doc["budget"] = _budget(draft, members)
        free = [name for name in free if name not in members] + [doc["id"]]
        groups.append(doc)
    return groups
