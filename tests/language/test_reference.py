"""The engine against a second evaluator of the language, on random policies and rows: every line, status and fund."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Final

import pytest

from tests.language.reference.compare import SHEETS, Drawn, differences, drawn, expected, refused

POLICIES: Final = 100
SEEDS: Final = range(0, POLICIES * SHEETS, SHEETS)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_and_the_reference_agree_on_every_line(seed: int) -> None:
    for one in range(seed, seed + SHEETS):
        assert differences(drawn(one)) == [], f"python -m tests.language.reference --first {one} --seeds 1"


def test_what_is_drawn_is_a_policy() -> None:
    assert [seed for seed in SEEDS if refused(drawn(seed))] == []


def test_the_random_policies_use_the_whole_language() -> None:
    words: Counter[str] = Counter()
    for seed in range(0, 400 * SHEETS, SHEETS):
        tree = drawn(seed).tree
        words.update(set(_keys([tree["facts"], tree["clauses"], tree.get("groups", []), tree["funds"]])))
    wanted = (
        "add minus least most times ratio growth last_year nth_year full_months in_yuan rank_by among first ties count sum max where "
        "else year_of anniversary when same_as claimed each one_line_per rows pay per per_full rate of only_above up_to "
        "highest_of sum_of first_past tiers past jump pool shared_by open_lines by_hand multiply_by prorate_by deduct cap by "
        "instalments shares budget due_to part members pays any missing zero"
    )
    assert [word for word in wanted.split() if words[word] < 3] == []


def test_every_outcome_comes_up_often() -> None:
    statuses = Counter(line[3] for seed in range(1600) for line in expected(drawn(seed)) if len(line) == 5)
    assert {status for status, times in statuses.items() if times >= 5} == {
        "eligible", "eligible_with_held", "ineligible", "pending", "superseded",
    }  # fmt: skip


def test_a_difference_of_one_fen_would_be_seen() -> None:
    one = next(one for one in map(drawn, range(400)) if any(firm["sales"] for firm in one.rows["firms"]))
    policy = replace(one, tree={**one.tree, "clauses": [_plain("sales")], "groups": []})
    rows = {**one.rows, "firms": [{**firm, "sales": (firm["sales"] or 0) + 1} for firm in one.rows["firms"]]}
    assert differences(policy) == []
    assert expected(Drawn(policy.tree, rows)) != expected(policy)


def _plain(fact: str) -> dict[str, Any]:
    return {"id": "a", "article": "a", "title": {"zh": "甲", "en": "a"}, "award": {"pay": fact}, "fund": "city"}


def _keys(tree: Any) -> list[str]:  # noqa: ANN401  # a tree of plain values
    if isinstance(tree, str | int):
        return []
    inner = list(tree.values()) if isinstance(tree, dict) else tree
    return [*(tree if isinstance(tree, dict) else []), *(key for part in inner for key in _keys(part))]
