"""`policy diff` of awards in awards: lines below each other, only the rows and parts that differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from anqing_subsidy.policy.load import source_of
from anqing_subsidy.report.edition.changes import Change
from anqing_subsidy.report.edition.compare import changes
from tests.support import edited

if TYPE_CHECKING:
    from tests.cli.conftest import Program

KILNS: Final = Path(__file__).parent.parent / "language" / "kilns.yaml"
TEXT: Final = KILNS.read_text(encoding="utf-8")
NESTED: Final = "  award: {highest_of: [{pay: 3元, when: [guild]}, {pay: 2元}], cap: 1元}\n"


def between(*edits: tuple[str, str]) -> list[Change]:
    """The changes from the policy of the kilns to the same with some words changed."""
    old, new = (source_of(text.encode(), "kilns.yaml").under({}) for text in (TEXT, edited(TEXT, *edits)))
    return changes(old, new, "zh")


def busy() -> str:
    """The award of the clause on sales a month, as it stands in the file."""
    start = TEXT.index("- id: k_busy")
    return next(line for line in TEXT[start:].splitlines(keepends=True) if line.startswith("  award:"))


def test_an_award_of_rows_in_place_of_another_stands_in_lines(program: Program) -> None:
    (program.folder / "new.yaml").write_text(edited(TEXT, (busy(), NESTED)), encoding="utf-8")
    said = program("policy", "diff", str(KILNS), "new.yaml")
    lines = said.out.splitlines()
    at = lines.index("  算法 · 奖补")
    assert lines[at + 1 : at + 6] == [
        "    - 销售增量的2%",
        "    + 符合下列多项的，只付最高的一项：",
        "        (1) 3元：入会",
        "        (2) 2元",
        "      最高1元",
    ]


def test_a_new_clause_with_ways_to_claim_stands_in_lines() -> None:
    new = "- id: k_new\n  article: 新\n  title: {zh: 新条, en: New}\n  claimed: [any: [asks_parts, asks_show]]\n  award: {pay: 5元}\n  fund: clay\n\n"
    (change,) = between(("- id: k_best\n", f"{new}- id: k_best\n"))
    assert (change.kind, change.after) == (
        "new_clause",
        "新 新条\n  申报：符合下列之一：\n      (1) 申请二十一\n      (2) 申请二十二\n  奖补：5元",
    )


def test_a_row_in_a_row_is_told_by_its_place_alone() -> None:
    (change,) = between(("{pay: 500元, when: [guild]}", "{pay: 700元, when: [guild]}"))
    assert (change.kind, change.where, change.before, change.after) == (
        "amount",
        "奖补第 4 行第 2 行",
        "500元",
        "700元",
    )


def test_a_row_that_is_gone_is_told_with_its_place() -> None:
    (change,) = between(("      - {pay: 7元, prorate_by: pot_part, when: [pots > 0]}\n", ""))
    assert (change.kind, change.where) == ("row", "奖补第 3 行")
    assert change.before == "7元，按产量占上年比例兑现，至多100%：烧成数多于0件"


def test_a_deduction_or_ratio_that_changes_leaves_the_rest_of_the_award_untold() -> None:
    (change,) = between(("    deduct: aid\n    cap: [5万元", "    cap: [5万元"))
    assert (change.where, change.before, change.after) == ("减去", "已得资助", None)
    (change,) = between(("{pay: 7元, prorate_by: pot_part", "{pay: 7元, prorate_by: done_part"))
    assert (change.where, change.before, change.after) == ("按比例兑现", "产量占上年比例", "完成比例")
