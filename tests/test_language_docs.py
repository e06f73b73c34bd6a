"""The pages on the policy language are true: their examples come out, in both languages the same, and nothing is left out."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anqing_subsidy.policy.build_awards import MODIFIERS, SHAPES
from anqing_subsidy.policy.build_facts import OPERATIONS
from anqing_subsidy.policy.schema import AwardDoc, ClauseDoc, FactDoc, GroupDoc, HistoryDoc, OnceDoc, PolicyDoc
from tests.documented import DOCS, LANGUAGE, ROOT, Example, examples, outcomes
from tests.test_docs import commands

PAGES = (LANGUAGE, "misreadings")
GUIDE = "encode-a-policy"
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


# ---- the guide -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("example", [*examples(f"{GUIDE}.md"), *examples(f"{GUIDE}.zh.md")], ids=str)
def test_a_block_of_the_guide_is_a_part_of_the_policy_that_it_writes(example: Example) -> None:
    folder = ROOT / "examples" / "policies"
    files = [folder / f"qinglan-2024{suffix}" for suffix in (".yaml", ".cases.yaml")]
    assert any(example.block in path.read_text(encoding="utf-8") for path in files)


def test_the_guide_shows_the_same_in_both_languages() -> None:
    english, chinese = examples(f"{GUIDE}.md"), examples(f"{GUIDE}.zh.md")
    assert [example.block for example in english] == [example.block for example in chinese]
    assert commands(f"docs/{GUIDE}.md") == commands(f"docs/{GUIDE}.zh.md")


def test_the_commands_of_the_guide_run(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copy(ROOT / "policy.yaml", tmp_path)

    def status(*words: str) -> int:
        return subprocess.run(
            [sys.executable, "-m", "anqing_subsidy", *words],
            cwd=tmp_path, env={**os.environ, "PYTHONUTF8": "1"}, capture_output=True, check=False,
        ).returncode  # fmt: skip

    known = status("policy", "--help") == 0
    for command in commands(f"docs/{GUIDE}.md"):
        words = shlex.split(command, comments=True)[1:]
        if words[0] != "policy" or known:
            assert status(*words) in (0, 1), command


@pytest.mark.parametrize("page", [f"{name}{language}.md" for name in (*PAGES, GUIDE) for language in ("", ".zh")])
def test_what_a_page_points_to_is_there(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(([^)#:]+)(?:#([^)]+))?\)", text):
        assert (DOCS / target).exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", (DOCS / target).read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [heading.lower().replace(" ", "-") for heading in headings], anchor


def _keys(node: Any) -> Iterator[str]:  # noqa: ANN401  # a tree of plain values
    if isinstance(node, dict):
        yield from node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _keys(inner)
