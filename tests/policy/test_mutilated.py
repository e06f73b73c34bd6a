"""A policy of which any part is missing or of another kind loads and can be run, or is refused; nothing else happens."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from anqing_subsidy.engine import assess
from anqing_subsidy.finding import PolicyError
from anqing_subsidy.policy import parse_policy
from anqing_subsidy.policy.lint import lint
from anqing_subsidy.policy.load import source_of
from tests.language.tables_drawn import drawn
from tests.language.town import WHOLE
from tests.support import frames

if TYPE_CHECKING:
    from collections.abc import Iterator

Place = tuple[str | int, ...]
LOST: Final = object()
WRONG: Final[tuple[Any, ...]] = (
    LOST, None, "", 0, -1, 2.5, True, "x", "$x", "5%", "1元", [], {}, [[]], ["x"], {"x": 1}, {"by": "x"}, [{"x": "y"}], "1..3",
)  # fmt: skip
PARTS: Final = 2
STEP: Final = 64
"""Each place of the file is mutilated in one way of many; every so many places are looked at."""


def tree() -> Any:  # noqa: ANN401  # plain values
    return yaml.load(WHOLE, Loader=yaml.BaseLoader)  # noqa: S506  # texts alone: our own file


def places(node: Any, path: Place = ()) -> Iterator[Place]:  # noqa: ANN401  # plain values
    if path:
        yield path
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        yield from places(value, (*path, key))


def mutilated(place: Place, wrong: object) -> str:
    """The policy with a part of it lost or of another kind."""
    whole = tree()
    inside = whole
    for key in place[:-1]:
        inside = inside[key]
    if wrong is LOST:
        del inside[place[-1]]
    else:
        inside[place[-1]] = wrong
    return yaml.safe_dump(json.loads(json.dumps(whole)), allow_unicode=True, sort_keys=False)


def says_where(refusal: PolicyError, text: str) -> None:
    last = text.count("\n") + 1
    assert refusal.faults
    assert all(1 <= fault.line <= last for fault in refusal.faults), refusal.faults
    assert all(re.search("[一-鿿]", fault.message.zh) for fault in refusal.faults)


PLACES: Final = list(places(tree()))


@pytest.mark.parametrize("part", range(PARTS))
def test_a_mutilated_policy_is_refused_in_both_languages_or_runs(part: int) -> None:
    for at in range(part * STEP // PARTS, len(PLACES), STEP):
        text = mutilated(PLACES[at], WRONG[at // (STEP // PARTS) % len(WRONG)])
        try:
            lint(source_of(text.encode(), "kilns.yaml"))
            policy = parse_policy(text.encode(), "kilns.yaml", {})
        except PolicyError as refusal:
            says_where(refusal, text)
            continue
        assert assess(policy, frames(policy, drawn(random.Random(at), policy, WHOLE, 4))).lines.height
