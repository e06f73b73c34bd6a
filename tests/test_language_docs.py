"""The pages on the policy language are true: their examples come out, in both languages the same, and nothing is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from anqing_subsidy.policy.build_awards import MODIFIERS, SHAPES
from anqing_subsidy.policy.build_facts import OPERATIONS
from anqing_subsidy.policy.schema import AwardDoc, ClauseDoc, FactDoc, GroupDoc, HistoryDoc, OnceDoc, PolicyDoc
from tests.documented import DOCS, LANGUAGE, Example, examples, outcomes

PAGES = (LANGUAGE, "misreadings")
EXAMPLES = [example for page in PAGES for example in examples(f"{page}.md")]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_comes_out_as_the_page_says(example: Example) -> None:
    assert example.tables, "no table below the block"
    found = list(outcomes(example))
    assert found
    assert [entry for entry in found if entry[1] != entry[2]] == []


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_show_the_same_examples(page: str) -> None:
    english, chinese = examples(f"{page}.md"), examples(f"{page}.zh.md")
    for one, other in zip(english, chinese, strict=False):
        assert (one.tree, one.tables) == (other.tree, other.tables), f"{one} and {other} differ"
    assert len(english) == len(chinese)


@pytest.mark.parametrize("key", [*SHAPES, *MODIFIERS, *OPERATIONS])
def test_every_shape_modifier_and_operation_has_an_example(key: str) -> None:
    assert key in set(_keys([example.tree for example in EXAMPLES]))


@pytest.mark.parametrize("language", ["", ".zh"])
@pytest.mark.parametrize("kind", [PolicyDoc, ClauseDoc, AwardDoc, FactDoc, GroupDoc, OnceDoc, HistoryDoc])
def test_the_page_names_every_key(kind: type, language: str) -> None:
    page = (DOCS / f"{LANGUAGE}{language}.md").read_text(encoding="utf-8")
    keys = [key.rstrip("_") for key in kind.__annotations__]
    assert [key for key in keys if f"`{key}" not in page and f"{key}:" not in page] == []


def _keys(node: Any) -> Iterator[str]:  # noqa: ANN401  # a tree of plain values
    if isinstance(node, dict):
        yield from node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _keys(inner)
