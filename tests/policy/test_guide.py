"""The words of the application form: what their file may say, and that the one which ships says enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from anqing_subsidy.finding import InputError, PolicyError
from anqing_subsidy.policy import default_policy_path, load_policy
from anqing_subsidy.policy.guide import load_guides
from anqing_subsidy.policy.needs import needs_of, stand_ins
from anqing_subsidy.policy.terms import Ref
from tests.forms import SECOND

if TYPE_CHECKING:
    from pathlib import Path

SOUND: Final = """\
documents:
  deed: {zh: 地契, en: deed}
sheets:
  farms: {zh: 每园一行, en: one row a farm}
columns:
  farms:
    farm_no: {means: {zh: 园号, en: number}, evidence: [deed], example: "007"}
    organic: {example: false}
    leaf_sales: {example: 20000}
    planted_on: {example: 2019-03-01}
clauses:
  t_sales: [deed]
"""


def guides_of(folder: Path, text: str) -> list[tuple[int, str]]:
    """The faults of a file of words for the fictional policy: line and message."""
    policy = folder / "policy.yaml"
    policy.write_text(
        SECOND.read_text(encoding="utf-8").replace("year: 2021", "year: 2021\nguide: words.yaml"), "utf-8"
    )
    (folder / "words.yaml").write_text(text, encoding="utf-8")
    try:
        load_guides(load_policy(policy), folder)
    except PolicyError as error:
        return [(fault.line, fault.message.en) for fault in error.faults]
    return []


def test_words_of_every_kind_are_taken(tmp_path: Path) -> None:
    assert guides_of(tmp_path, SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("sheets:\n", "sheeds:\n", 3, "unknown key `sheeds`; did you mean `sheets`?"),
        ("  farms: {zh", "  farm: {zh", 4, "did you mean `farms`?"),
        ("    organic:", "    organik:", 8, "did you mean `organic`?"),
        ("t_sales:", "t_sales_:", 12, "did you mean `t_sales`?"),
        ("evidence: [deed]", "evidence: [dead]", 7, "there is no document `dead`; did you mean `deed`?"),
        ("en: one row a farm}", "en: }", 4, "needs a text in `zh` and in `en`"),
        ("{example: false}", "{example: perhaps}", 8, "the example perhaps is no value of column `organic` (yesno)"),
        ("20000", "二万", 9, "is no value of column `leaf_sales` (money)"),
        ("2019-03-01", "2019-03", 10, "is no value of column `planted_on` (date)"),
        ("t_sales: [deed]", "t_sales: deed", 12, "documents are a list [...]"),
    ],
)
def test_a_fault_is_refused_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert SOUND.count(old) == 1
    (fault,) = guides_of(tmp_path, SOUND.replace(old, new))
    assert fault[0] == line
    assert said in fault[1]


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    text = SOUND.replace("[deed]", "[dead]").replace("20000", "many")
    assert [line for line, _ in guides_of(tmp_path, text)] == [7, 9, 12]


def test_a_missing_file_of_words_says_what_to_do(tmp_path: Path) -> None:
    guides_of(tmp_path, SOUND)
    (tmp_path / "words.yaml").unlink()
    with pytest.raises(InputError, match=r"drop the key `guide`"):
        load_guides(load_policy(tmp_path / "policy.yaml"), tmp_path)


def test_the_policy_that_ships_has_documents_for_every_clause_and_words_for_every_column_a_clause_reads() -> None:
    policy = load_policy()
    guides = load_guides(policy, default_policy_path().parent)
    assert set(guides.clauses) == set(policy.clauses)
    assert set(guides.sheets) == set(policy.tables)
    read = {ref for clause in policy.clauses.values() for ref in needs_of(policy, clause).columns}
    said = {ref for ref, guide in guides.columns.items() if guide.means is not None}
    keys = {ref for ref in read if policy.tables[ref.table].parent and ref.id in policy.tables[ref.table].key}
    assert read - keys <= said


def test_every_document_proves_something() -> None:
    guides = load_guides(load_policy(), default_policy_path().parent)
    used = {id_ for guide in guides.columns.values() for id_ in guide.evidence}
    assert used | {id_ for papers in guides.clauses.values() for id_ in papers} == set(guides.documents)


# ---- what a clause reads -----------------------------------------------------------------------------------------------
def test_a_first_crossing_reads_the_earlier_years_and_what_stands_in_for_them() -> None:
    policy = load_policy(SECOND)
    read = needs_of(policy, policy.clauses["t_first"]).columns
    assert {Ref("farms", "leaf_sales"), Ref("farms", "planted_on"), Ref("farms", "best_season_before")} <= read
    assert {Ref("seasons", "season"), Ref("seasons", "leaf_sales"), Ref("past_grants", "rung")} <= read
    assert Ref("farms", "organic") not in read


def test_a_derived_fact_is_read_through_to_its_child_rows() -> None:
    policy = load_policy(SECOND)
    needs = needs_of(policy, policy.clauses["t_bushes"])
    assert {Ref("plots", "bushes"), Ref("plots", "surveyed"), Ref("plots", "slope")} <= needs.columns
    assert Ref("plots", "farm_no") in needs.links


def test_a_column_that_stands_in_for_details_names_its_sheet() -> None:
    found = stand_ins(load_policy(SECOND))
    assert found == {Ref("farms", "declared_bushes"): "plots", Ref("farms", "best_season_before"): "seasons"}
