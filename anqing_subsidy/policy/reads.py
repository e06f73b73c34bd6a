"""What a part of a policy looks at: the facts behind a condition or award, the readings behind a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from anqing_subsidy.policy.model import DerivedFact, Ref

_READING = re.compile(r"\$(\w+)")


def refs_in(node: Any) -> Iterator[Ref]:  # noqa: ANN401  # any part of a policy
    """The facts named in conditions, awards, rules: each as often as it is named, in order."""
    if isinstance(node, Ref):
        yield node
    elif is_dataclass(node) and not isinstance(node, type):
        for entry in fields(node):
            yield from refs_in(getattr(node, entry.name))
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from refs_in(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from refs_in(value)


def refs_behind(node: Any, facts: Mapping[Ref, DerivedFact]) -> list[Ref]:  # noqa: ANN401  # any part of a policy
    """The facts named and, through derived ones, those behind them: each once."""
    found: dict[Ref, None] = {}
    waiting = list(refs_in(node))
    while waiting:
        ref = waiting.pop(0)
        if ref not in found:
            found[ref] = None
            if ref in facts:
                waiting.extend(refs_in(facts[ref].how))
    return list(found)


def readings_of(tree: Any) -> tuple[str, ...]:  # noqa: ANN401  # a tree of plain values
    """The readings that a part of the file mentions, in order, each once."""
    if isinstance(tree, str):
        return tuple(dict.fromkeys(_READING.findall(tree)))
    parts = tree.values() if isinstance(tree, Mapping) else tree if isinstance(tree, list) else ()
    return tuple(dict.fromkeys(name for part in parts for name in readings_of(part)))
