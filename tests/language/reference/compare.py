"""The engine and the reference on one policy and its rows: in what they differ, and the smallest case of it."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.engine import assess
from anqing_subsidy.finding import PolicyError
from anqing_subsidy.policy import parse_policy
from tests.language.drawn.policy import draw_policy, text_of
from tests.language.drawn.rows import draw_rows
from tests.language.reference.second import reckon
from tests.support import frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anqing_subsidy.engine import Assessment
    from anqing_subsidy.policy import Policy
    from tests.language.drawn.rows import Rows
    from tests.language.drawn.words import Tree

Shown = list[tuple[str, ...]]
"""Lines (code, clause, object, status, amount) and what each fund pays an applicant (code, fund, amount)."""


@dataclass(frozen=True)
class Drawn:
    """A random policy and its rows."""

    tree: Tree
    rows: Rows

    def policy(self) -> Policy:
        return _parsed(text_of(self.tree))

    def assessed(self, policy: Policy | None = None) -> Assessment:
        policy = policy or self.policy()
        return assess(policy, frames(policy, self.rows))


SHEETS: Final = 4
"""How many sets of rows are drawn for a policy."""


def drawn(seed: int) -> Drawn:
    """The policy and rows of a seed; so many seeds in turn have one policy."""
    tree = _tree(seed // SHEETS)
    return Drawn(tree, draw_rows(random.Random(seed), tree))


@lru_cache(maxsize=2)
def _tree(seed: int) -> Tree:
    return draw_policy(random.Random(seed))


@lru_cache(maxsize=2)
def _parsed(text: str) -> Policy:
    return parse_policy(text.encode(), "drawn.yaml", {})


def refused(one: Drawn) -> str:
    """Why the loader refuses a policy, or nothing."""
    try:
        one.policy()
    except PolicyError as error:
        return str(error)
    return ""


def shown(result: Assessment) -> Shown:
    """What the engine says."""
    lines = result.lines.select("code", "clause", "object", "status", "amount").rows()
    found = [(code, clause, thing or "", status, str(amount)) for code, clause, thing, status, amount in lines]
    funds = list(result.policy.funds)
    paid = [
        (row["code"], fund, str(row[f"fund:{fund}"]))
        for row in result.applicants.iter_rows(named=True)
        for fund in funds
    ]
    return sorted([*found, *paid])


def expected(one: Drawn) -> Shown:
    """What the reference says."""
    result = reckon(one.tree, one.rows)
    lines = [(line.code, line.clause, line.thing or "", line.status, str(line.paid)) for line in result.lines]
    paid = [(code, fund, str(amount)) for code, funds in result.funds.items() for fund, amount in funds.items()]
    return sorted([*lines, *paid])


def differences(one: Drawn, policy: Policy | None = None) -> list[str]:
    """Everything in which the two disagree, a line each."""
    policy = policy or one.policy()
    try:
        said = shown(one.assessed(policy))
    except Exception as error:  # a run never stops on a legal policy
        return [f"engine raises {type(error).__name__}: {error}"]
    wanted = expected(one)
    if any("invalid" in line for line in said):
        # no cell is drawn that cannot be read: a sum beyond every figure, of which the reference knows nothing
        return []
    return [
        *(f"engine    {' '.join(line)}" for line in said if line not in wanted),
        *(f"reference {' '.join(line)}" for line in wanted if line not in said),
    ]


# ---- the smallest case -----------------------------------------------------------------------------------------------
def smallest(one: Drawn, still: Callable[[Drawn], bool]) -> Drawn:
    """The case with everything taken out that is not needed for it to be one."""
    changed = True
    while changed:
        changed = False
        for less in _less(one):
            if _is_still(less, still):
                one, changed = less, True
                break
    return one


def _is_still(one: Drawn, still: Callable[[Drawn], bool]) -> bool:
    try:
        return still(one)
    except (PolicyError, KeyError, ValueError, StopIteration, IndexError):
        return False


def _less(one: Drawn) -> Iterator[Drawn]:
    """The case with one thing less: a row with all below it, a part of the policy, a cell that is made 0 or blank."""
    for table, rows in one.rows.items():
        for row in rows:
            key = {"fairs": ("code", "fair")}.get(table, ("code",))
            gone = [row[column] for column in key]
            if table in ("history", "guests"):
                yield Drawn(one.tree, {**one.rows, table: [other for other in rows if other is not row]})
                continue
            left = {
                name: [other for other in others if [other.get(column) for column in key if column in other] != gone]
                for name, others in one.rows.items()
            }
            yield Drawn(one.tree, left)
    for path in _paths(one.tree):
        yield Drawn(_without(one.tree, path), one.rows)


def _paths(tree: Tree) -> Iterator[tuple[Any, ...]]:
    for top in ("groups", "clauses", "facts"):
        if top in tree:
            yield from _inside(tree[top], (top,))
    if any("budget" in fund for fund in tree["funds"].values()):
        yield ("funds", "city", "budget")


def _inside(tree: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401  # a tree of plain values
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else []
    for key in keys:
        if key not in ("each", "one_line_per", "rows", "zh", "en", "id"):
            yield (*path, key)
    for key in keys:
        yield from _inside(tree[key], (*path, key))


def _without(tree: Tree, path: tuple[Any, ...]) -> Tree:
    copied = copy.deepcopy(tree)
    inner: Any = copied
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return copied


def told(one: Drawn) -> str:
    """A case as a person reads it: what is drawn of the policy, and the rows."""
    tree = {key: value for key, value in one.tree.items() if key in ("rounding", "facts", "clauses", "groups")}
    budgets = {fund: doc for fund, doc in one.tree["funds"].items() if "budget" in doc}
    text = text_of({**tree, **({"funds": budgets} if budgets else {})})
    rows = [
        f"{table}: "
        + ", ".join(f"{name}={value}" for name, value in row.items() if value is not None and name in _used(one))
        for table, found in one.rows.items()
        for row in found
    ]
    return text + "\n".join(rows)


def _used(one: Drawn) -> set[str]:
    """Columns that the drawn part of the policy may read."""
    text = text_of({key: one.tree[key] for key in ("facts", "clauses")})
    always = {"code", "fair", "guest", "year", "founded_on"}
    return always | {name for table in one.tree["tables"].values() for name in table["columns"] if name in text}
