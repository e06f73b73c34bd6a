"""`policy lint` from outside: lines that editors understand, data for scripts, exit status."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Program

TEA: Final = (Path(__file__).parent.parent / "second_policy" / "policy.yaml").read_text(encoding="utf-8")
WARNED: Final = TEA.replace("  cap: 2000元", "  cap: 299元")
WRONG: Final = WARNED.replace("article: 七", "article: 待定")


def write(program: Program, text: str) -> None:
    (program.folder / "tea.yaml").write_text(text, encoding="utf-8")


def test_a_sound_policy_is_status_0(program: Program) -> None:
    said = program("policy", "lint")
    assert (said.status, said.out) == (0, "没有发现问题\n")


def test_a_finding_is_a_line_with_file_line_gravity_code_and_what_to_do(program: Program) -> None:
    write(program, WRONG)
    said = program("policy", "lint", "tea.yaml", "--lang", "en")
    lines = WRONG.splitlines()
    cap, article = lines.index("  cap: 299元") + 1, lines.index("  article: 待定") + 1
    assert said.status == 1
    warning, error, summary = said.out.splitlines()
    assert warning == (
        f"tea.yaml:{cap}: warning CAP_BELOW_AWARD: the cap 299 yuan is below the least that the clause pays (300 yuan): "
        "every line is cut to it; compare cap and sums with the document"
    )
    assert error == (
        f"tea.yaml:{article}: error NO_ARTICLE: clause `t_stove` cites no article; "
        "say which article of the document it is, such as （一）1"
    )
    assert summary == "1 error(s), 1 warning(s)"


def test_a_warning_alone_is_status_0_and_with_strict_1(program: Program) -> None:
    write(program, WARNED)
    assert program("policy", "lint", "tea.yaml").status == 0
    assert program("policy", "lint", "tea.yaml", "--strict").status == 1


def test_findings_for_scripts_are_json(program: Program) -> None:
    write(program, WRONG)
    said = program("policy", "lint", "tea.yaml", "--format", "json")
    found = json.loads(said.out)
    assert (said.status, found["counts"]) == (1, {"error": 1, "warning": 1, "info": 0})
    assert [(each["code"], each["severity"], each["only_with"]) for each in found["findings"]] == [
        ("CAP_BELOW_AWARD", "warning", []),
        ("NO_ARTICLE", "error", []),
    ]


def test_several_policies_are_looked_at_in_one_go(program: Program) -> None:
    write(program, WARNED)
    (program.folder / "other.yaml").write_text(TEA, encoding="utf-8")
    said = program("policy", "lint", "tea.yaml", "other.yaml")
    assert [line.split(":")[0] for line in said.out.splitlines()[:-1]] == ["tea.yaml"]


def test_a_policy_that_cannot_be_read_is_status_3(program: Program) -> None:
    write(program, TEA.replace("fund: green", "fund: grean"))
    said = program("policy", "lint", "tea.yaml", "--lang", "en")
    assert said.status == 3
    assert "there is no fund `grean`; did you mean `green`?" in said.err


KILNS: Final = (Path(__file__).parent.parent / "language" / "kilns.yaml").read_text(encoding="utf-8")
BROKEN: Final = {
    "a key is misspelt": ("\nclauses:\n", "\nclausez:\n", "unknown key `clausez`; did you mean `clauses`?"),
    "a part is of another kind": ("instalments: {year: support_year, shares: [50%, 30%, 20%]}", "instalments: 3", "must be a mapping"),
    "spans overlap": ('"3": 4000元, 4..6', '"3": 4000元, 3..6', "the keys `3` and `3..6` of `support_year` overlap"),
    "a list is empty": ("rank_by: [score, sales]", "rank_by: []", "too few entries"),
    "it is no YAML": ("groups:\n", "groups: [\n", "not valid YAML"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), [pytest.param(*case, id=name) for name, case in BROKEN.items()])
def test_a_policy_that_cannot_be_read_is_told_with_file_and_line_and_is_status_3(
    program: Program, old: str, new: str, words: str
) -> None:
    write(program, KILNS.replace(old, new, 1))
    said = program("policy", "lint", "tea.yaml", "--lang", "en")
    assert said.status == 3
    assert re.search(r"tea\.yaml:\d+: ", said.err)
    assert words in said.err
    assert "Traceback" not in said.err
