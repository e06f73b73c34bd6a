"""One value of a policy file by its path, `clauses.c3.award.rate`: looked up, and replaced by another.

The path names the keys of the YAML. An entry of a list goes by its `id`, by its number (`when[0]`), or, where it is a
condition, by the fact that it begins with (`when.member_count`): then the value is what the fact is compared with. The
threshold of a tier goes by the number of the tier, `tiers[0]`; what it pays by the threshold, `tiers.2000万元`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.finding import Text, UsageError
from anqing_subsidy.policy.faults import nearest
from anqing_subsidy.policy.yamltree import YamlList, YamlMap

if TYPE_CHECKING:
    from anqing_subsidy.policy.load import PolicySource

_PART: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_CONDITION: Final = re.compile(r"(?P<fact>\w+(?:\.\w+)?)\s*(?P<op>>=|<=|==|!=|>|<)\s*(?P<value>.+)")
_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d*)")

Step = tuple[Any, Any]
"""A map or list, and the key or number of what is meant in it."""


@dataclass(frozen=True)
class _Spot:
    """Where a value stands: what holds it, its key there, the condition that it is a part of; or it is the key."""

    inside: Any
    key: Any
    condition: str | None = None
    is_key: bool = False

    @property
    def text(self) -> str:
        """The value as the file writes it."""
        if self.is_key:
            return str(self.key)
        if self.condition is None:
            return str(self.inside[self.key])
        match = _CONDITION.fullmatch(self.condition)
        return match["value"] if match is not None else self.condition


def value_at(source: PolicySource, path: str) -> str:
    """The value at a path as the file writes it.

    Raises:
        UsageError: there is none; the message names what is nearest.
    """
    return _found(source.tree, path).text


def with_value(source: PolicySource, path: str, value: str) -> PolicySource:
    """The same policy file with another value at a path; it is built, and so checked, like any other.

    Raises:
        UsageError: there is no value at that path.
    """
    tree = copy.deepcopy(source.tree)
    spot = _found(tree, path)
    inside, key, condition = spot.inside, spot.key, spot.condition
    if spot.is_key:
        _rename(inside, key, value, path)
    elif condition is not None:
        inside[key] = condition[: len(condition) - len(spot.text)] + value
    else:
        inside[key] = int(value) if isinstance(inside[key], int) and _INTEGER.fullmatch(value) else value
    return replace(source, tree=tree)


def _rename(inside: YamlMap, key: str, value: str, path: str) -> None:
    """Another key for the same, at its place among the others."""
    if value != key and value in inside:
        raise UsageError(
            Text(f"--param {path}: 已有一档 {value}", f"--param {path}: there is a tier at {value} already")
        )
    entries, lines = list(inside.items()), dict(inside.lines)
    inside.clear()
    inside.lines.clear()
    for name, what in entries:
        inside.put(value if name == key else name, what, lines[name])


def _found(tree: YamlMap, path: str) -> _Spot:
    """Where the value of a path stands."""
    parts = [name or int(number) for name, number in _PART.findall(path)]
    if not parts or "".join(str(part) for part in parts) != re.sub(r"[.\[\]]", "", path):
        raise UsageError(Text(f"--param {path}: 应写成 clauses.条款.…", f"--param {path}: write it as clauses.ID.…"))
    inside: Any = tree
    at: Step | None = None
    said: list[str] = []
    for number, part in enumerate(parts):
        if at is not None:
            inside = at[0][at[1]]
        last = number == len(parts) - 1
        tiers = inside if said and said[-1] == "tiers" and isinstance(inside, YamlMap) else None
        if tiers is not None and isinstance(part, int) and part < len(tiers) and last:
            return _Spot(tiers, list(tiers)[part], is_key=True)
        key = _key(inside, part)
        if key is None:
            condition = _condition(inside, part)
            if condition is not None and last:
                return _Spot(inside, condition, str(inside[condition]))
            raise _unknown(path, said, part, inside)
        at = inside, key
        said.append(str(part))
    inside, key = at if at is not None else (tree, None)
    value = inside[key]
    if isinstance(value, YamlMap | YamlList):
        below = _names(value)
        listing = ", ".join(below[:12]) + (" …" if len(below) > 12 else "")
        raise UsageError(
            Text(f"--param {path} 不是一个数值，其下有: {listing}", f"--param {path} is no single value; below it: {listing}")
        )  # fmt: skip
    if isinstance(value, str) and (match := _CONDITION.fullmatch(value)) is not None and "$" not in match["fact"]:
        return _Spot(inside, key, value)
    if isinstance(value, bool) or value is None or (isinstance(value, str) and value.startswith("$")):
        raise UsageError(
            Text(f"--param {path} 的值 {value} 不是数量", f"--param {path} is {value}: no quantity to go through")
        )
    return _Spot(inside, key)


def _key(inside: Any, part: str | int) -> Any:  # noqa: ANN401  # a tree of plain values
    """The key or number under which a part of a path stands; None where it does not."""
    if isinstance(inside, YamlMap):
        return str(part) if str(part) in inside else None
    if isinstance(inside, YamlList):
        if isinstance(part, int):
            return part if part < len(inside) else None
        return next(
            (at for at, item in enumerate(inside) if isinstance(item, YamlMap) and item.get("id") == part), None
        )
    return None


def _condition(inside: Any, part: str | int) -> int | None:  # noqa: ANN401  # a tree of plain values
    """The number of the one condition of a list that begins with a fact."""
    if not isinstance(inside, YamlList):
        return None
    found = [
        at
        for at, item in enumerate(inside)
        if isinstance(item, str) and (match := _CONDITION.fullmatch(item)) is not None and match["fact"] == part
    ]
    return found[0] if len(found) == 1 else None


def _names(inside: Any) -> list[str]:  # noqa: ANN401  # a tree of plain values
    """What may follow in a path."""
    if isinstance(inside, YamlMap):
        return list(inside)
    if not isinstance(inside, YamlList):
        return []
    found = [str(item["id"]) for item in inside if isinstance(item, YamlMap) and "id" in item]
    facts = [match["fact"] for item in inside if isinstance(item, str) and (match := _CONDITION.fullmatch(item))]
    numbers = [f"[{at}]" for at, item in enumerate(inside) if not (isinstance(item, YamlMap) and "id" in item)]
    return [*found, *facts, *numbers]


def _unknown(path: str, said: Iterable[str], part: str | int, inside: Any) -> UsageError:  # noqa: ANN401  # a tree of plain values
    above = ".".join(said)
    hint = nearest(str(part), _names(inside))
    where = Text(f"{above} 下" if above else "政策文件", f"below {above}" if above else "in the policy file")
    return UsageError(
        Text(f"--param {path}: {where.zh}没有 {part}{hint.zh}", f"--param {path}: {where.en} there is no {part}{hint.en}")
    )  # fmt: skip
