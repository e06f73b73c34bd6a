"""`policy show`: on a screen, as data, into a file, of one clause, under other readings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.test_language import CHINESE

if TYPE_CHECKING:
    from tests.cli.conftest import Program

TEA: Final = str(Path(__file__).parent.parent / "second_policy" / "policy.yaml")


def test_the_policy_that_ships_is_shown_by_article(program: Program) -> None:
    said = program("policy", "show")
    assert said.status == 0
    assert "（一）1  招引上规模电子商务企业  [c1]\n" in said.out
    assert said.err == ""


def test_one_clause_can_be_shown(program: Program) -> None:
    said = program("policy", "show", TEA, "--clause", "t_stove", "--lang", "en")
    assert "Clean stoves  [t_stove]" in said.out
    assert "Medals" not in said.out


def test_an_unknown_clause_is_wrong_use_and_the_nearest_is_named(program: Program) -> None:
    said = program("policy", "show", TEA, "--clause", "t_stoves", "--lang", "en")
    assert said.status == 2
    assert "did you mean `t_stove`?" in said.err


def test_a_clause_may_be_named_by_its_article(program: Program) -> None:
    said = program("policy", "show", TEA, "--clause", "六", "--lang", "en")
    assert said.status == 0
    assert said.out == program("policy", "show", TEA, "--clause", "t_medal", "--lang", "en").out


def test_another_reading_is_shown(program: Program) -> None:
    assert "达到10万元：1000元" in program("policy", "show", TEA).out
    assert "超过10万元：1000元" in program("policy", "show", TEA, "--set", "reach=gt").out


def test_english_holds_no_chinese_but_articles_and_readings(program: Program) -> None:
    said = program("policy", "show", TEA, "--lang", "en", "--format", "md")
    left = [line for line in said.out.splitlines() if CHINESE.search(line) and not line.startswith("## ")]
    # groups name their members by article
    assert [line for line in left if "Leaf sales" not in line and "Farms of scale" not in line] == []


def test_data_for_scripts_has_every_clause_with_its_entries(program: Program) -> None:
    found = json.loads(program("policy", "show", TEA, "--format", "json").out)
    assert found["schema"] == "anqing-subsidy/policy/1"
    stove = next(clause for clause in found["clauses"] if clause["id"] == "t_stove")
    assert {entry["id"] for entry in stove["entries"]} >= {"each", "when", "award", "cap", "once", "fund"}


@pytest.mark.parametrize(
    ("name", "start"), [("p.md", "# 青雾镇"), ("p.html", "<!doctype html>"), ("p.json", "{"), ("p.txt", "青雾镇")]
)
def test_a_file_is_written_in_the_form_of_its_suffix(program: Program, name: str, start: str) -> None:
    said = program("policy", "show", TEA, "-o", name)
    assert (said.status, said.out) == (0, "")
    assert (program.folder / name).read_text(encoding="utf-8").startswith(start)


def test_an_unknown_suffix_and_the_policy_itself_are_refused(program: Program) -> None:
    assert program("policy", "show", TEA, "-o", "p.docx").status == 2
    before = Path(TEA).read_bytes()
    assert program("policy", "show", TEA, "-o", TEA, "--format", "md").status == 2
    assert Path(TEA).read_bytes() == before


def test_a_policy_that_cannot_be_read_is_status_3(program: Program) -> None:
    (program.folder / "bad.yaml").write_text("policy: x\nclause: []\n", encoding="utf-8")
    said = program("policy", "show", "bad.yaml", "--lang", "en")
    assert said.status == 3
    assert "bad.yaml:2: unknown key `clause`; did you mean `clauses`?" in said.err
