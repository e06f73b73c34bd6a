"""`policy diff`: each kind of change between two editions, and that layout, order of keys and comments are none."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from anqing_subsidy.cli.policy_diff import _lines
from anqing_subsidy.policy.load import source_of
from anqing_subsidy.report.edition.changes import Change
from anqing_subsidy.report.edition.compare import changes
from tests.language.town import WHOLE as KILNS
from tests.support import edited

if TYPE_CHECKING:
    from tests.cli.conftest import Program

TEA: Final = Path(__file__).parent.parent / "second_policy" / "policy.yaml"
TEXT: Final = TEA.read_text(encoding="utf-8")


def between(*edits: tuple[str, str]) -> list[Change]:
    """The changes from the fictional policy to the same with some words changed."""
    old, new = (source_of(text.encode(), "tea.yaml").under({}) for text in (TEXT, edited(TEXT, *edits)))
    return changes(old, new, "en")


NEW_CLAUSE: Final = """- id: t_new
  article: 九
  title: {zh: 新条, en: New}
  claimed: [leaf_kg is given]
  when: [racks > 3]
  award: {pay: 10元}
  cap: 5元
  fund: leaf

"""
NEW: Final = ("- id: t_kit\n", f"{NEW_CLAUSE}- id: t_kit\n")
CASES: Final = {
    "a threshold": (("counted_bushes >= 100]", "counted_bushes >= 120]"),
        "threshold", "t_bushes", "bushes that count at least 100", "bushes that count at least 120"),
    "an edge": (("counted_bushes >= 100]", "counted_bushes > 100]"),
        "threshold", "t_bushes", "bushes that count at least 100", "bushes that count above 100"),
    "a new condition": (("[counted_bushes >= 100]", "[counted_bushes >= 100, organic]"), "condition", "t_bushes", None, "organic"),
    "a condition that is gone": (("where: [surveyed, slope == steep]}", "where: [slope == steep]}"), "fact", None,
        "the number of rows of plots where surveyed, and slope is steep", "the number of rows of plots where slope is steep"),
    "a branch": (("any: [racks is given, cold_store]", "any: [racks is given, cold_store, organic]"), "condition", "t_kit", None, "organic"),
    "a rate": (("rate: 50%", "rate: 40%"), "rate", "t_stove", "50% of whole cost", "40% of whole cost"),
    "a sum": (("award: {pay: 3元,", "award: {pay: 4元,"),
        "amount", "t_bushes", "3 yuan for each unit of bushes that count", "4 yuan for each unit of bushes that count"),
    "a shape": (("award: {pay: 3元, per: counted_bushes}", "award: {rate: 1%, of: leaf_sales}"),
        "award", "t_bushes", "3 yuan for each unit of bushes that count", "1% of leaf sales"),
    "the sum of a tier": (("50万元: 8000元", "50万元: 9000元"), "tier", "t_first", "500,000 yuan: 8,000 yuan", "500,000 yuan: 9,000 yuan"),
    "the threshold of a tier": (("50万元: 8000元", "60万元: 8000元"), "tier", "t_first", "500,000 yuan: 8,000 yuan", "600,000 yuan: 8,000 yuan"),
    "a new tier": (("50万元: 8000元", "50万元: 8000元, 1亿元: 1万元"), "tier", "t_first", None, "100,000,000 yuan: 10,000 yuan"),
    "a tier that is gone": ((", 50万元: 8000元", ""), "tier", "t_first", "500,000 yuan: 8,000 yuan", None),
    "the sum of a row": (("{pay: 4000元, when", "{pay: 4500元, when"), "amount", "t_scale", "4,000 yuan", "4,500 yuan"),
    "the threshold of a row": (("when: [leaf_kg >= 500]}", "when: [leaf_kg >= 600]}"),
        "threshold", "t_scale", "dry leaf at least 500", "dry leaf at least 600"),
    "a new row": (("      - {pay: 6000元", "      - {pay: 9元, when: [cold_store]}\n      - {pay: 6000元"), "row", "t_scale", None, "9 yuan: cold store"),
    "a cap": (("cap: 1万元", "cap: 2万元"), "cap", "t_sales", "at most 10,000 yuan", "at most 20,000 yuan"),
    "a cap that is gone": (("  cap: 1万元\n", ""), "cap", "t_sales", "at most 10,000 yuan", None),
    "a fund": (("  cap: 2000元\n  fund: leaf", "  cap: 2000元\n  fund: green"), "fund", "t_bushes", "leaf fund", "green fund"),
    "a title": (("zh: 环保炉灶, en: Clean stoves", "zh: 炉灶, en: Stoves"), "title", "t_stove", "Clean stoves", "Stoves"),
    "an article": (("article: 七", "article: 七之一"), "title", "t_stove", "七", "七之一"),
    "what is paid once": (("{same: [applicant, object, level], highest_first: [gold, silver, bronze]}", "{same: object}"), "once", "t_medal",
        "once for the same applicant and object and level, no lower one after a higher (gold > silver > bronze)", "once for the same object"),
    "a new clause": (NEW, "new_clause", "t_new", None,
        "九 New\n  claimed: dry leaf is filled in\n  conditions: racks above 3\n  award: 10 yuan\n  cap: at most 5 yuan a year"),
    "a new id": (("- id: t_stove", "- id: t_oven"), "renamed_clause", "t_oven", "t_stove", "t_oven"),
    "the year": (("year: 2021", "year: 2022"), "edition", None, "2021", "2022"),
    "a fund's title": (("zh: 茶叶专项, en: leaf fund", "zh: 茶叶专项, en: tea fund"), "fund", None, "leaf fund", "tea fund"),
    "a group": (("higher: highest, both: sum", "higher: sum, both: highest"), "group", None,
        "二 Leaf sales, 三 Farms of scale: the highest is paid", "二 Leaf sales, 三 Farms of scale: all are paid"),
    "a rule": (("  effect: exclude", "  effect: top_up"), "rule", None,
        "other grants where giver is province or county: nothing is paid for the same matter",
        "other grants where giver is province or county: only the difference is paid for the same matter"),
    "a list of values": (("  progress: {paid: [已到账], asked: [在申请]}", "  progress: {paid: [已到账], asked: [在申请], asked2: [再申请]}"),
        "sheet", None, "进度 progress (enum; paid: 已到账; asked: 在申请)", "进度 progress (enum; paid: 已到账; asked: 在申请; asked2: 再申请)"),
    "a column": (("  racks: {header: 萎凋架", "  shelves: {header: 架, en: shelves, type: count}\n      racks: {header: 萎凋架"),
        "sheet", None, None, "架 shelves (count)"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "kind", "clause", "before", "after"), [pytest.param(*case, id=name) for name, case in CASES.items()]
)
def test_a_change_is_told_once_in_words(
    edit: tuple[str, str], kind: str, clause: str | None, before: str | None, after: str | None
) -> None:
    (change,) = between(edit)
    assert (change.kind, change.clause, change.before, change.after) == (kind, clause, before, after)


def test_a_reading_that_another_option_decides_is_told_with_what_it_changes() -> None:
    found = between(
        ('{ge: {zh: 算, en: "yes"}, gt: {zh: 不算, en: "no"}}', '{gt: {zh: 不算, en: "no"}, ge: {zh: 算, en: "yes"}}')
    )
    assert [(change.kind, change.clause) for change in found] == [("threshold", "t_first"), ("reading", None)]
    assert (found[0].before, found[0].after) == ("at it or above", "above it")


def test_a_clause_that_is_gone_is_told_by_its_name() -> None:
    text = re.sub(r"- id: t_stove.*?(?=- id: t_apprentice)", "", TEXT, flags=re.DOTALL)
    old, new = (source_of(each.encode(), "tea.yaml").under({}) for each in (TEXT, text))
    (change,) = changes(old, new, "zh")
    assert (change.kind, change.clause, change.before) == ("removed_clause", "t_stove", "七 环保炉灶")


def test_what_names_the_policys_year_changes_with_it_in_silence() -> None:
    edit = ("counted_bushes >= 100]", "counted_bushes >= 100, planted_on <= policy_year_end]")
    old, new = (
        source_of(edited(TEXT, edit, *more).encode(), "tea.yaml").under({})
        for more in ((), (("year: 2021", "year: 2022"),))
    )
    assert [change.kind for change in changes(old, new, "zh")] == ["edition"]


@pytest.mark.parametrize(
    "edit",
    [
        ("[counted_bushes >= 100]", "[counted_bushes  >=  100]      # a remark"),
        ("cap: 1万元", "cap: 10000元"),
        ("where: [surveyed, slope == steep]}", "where: [surveyed, slope is steep]}"),
        (
            "- {pay: 80元, per: racks, when: [racks >= 10]}",
            "- pay: 80元\n        per: racks\n        when: [racks >= 10]",
        ),
    ],
    ids=["spaces and remarks", "another way to write a sum", "another way to ask for a value", "layout"],
)
def test_what_says_the_same_is_no_change(edit: tuple[str, str]) -> None:
    assert between(edit) == []


def test_the_command_tells_changes_below_their_clause(program: Program) -> None:
    (program.folder / "new.yaml").write_text(
        edited(TEXT, ("cap: 1万元", "cap: 2万元"), ("rate: 50%", "rate: 40%")), encoding="utf-8"
    )
    said = program("policy", "diff", str(TEA), "new.yaml")
    assert said.status == 1
    assert said.out.splitlines() == [
        "二 茶叶销售 [t_sales]", "  上限", "    - 最高1万元", "    + 最高2万元", "",
        "七 环保炉灶 [t_stove]", "  比例 · 奖补", "    - 总价的50%", "    + 总价的40%", "",
        "共 2 处变化",
    ]  # fmt: skip


def test_the_command_gives_data_for_scripts(program: Program) -> None:
    (program.folder / "new.yaml").write_text(edited(TEXT, ("cap: 1万元", "cap: 2万元")), encoding="utf-8")
    said = program("policy", "diff", str(TEA), "new.yaml", "--format", "json")
    found = json.loads(said.out)
    assert (said.status, found["schema"], found["old"]["year"]) == (1, "anqing-subsidy/diff/1", 2021)
    assert found["changes"] == [
        {
            "kind": "cap",
            "clause": "t_sales",
            "article": "二",
            "where": "上限",
            "before": "最高1万元",
            "after": "最高2万元",
        }
    ]


def test_two_equal_editions_are_status_0_and_an_unreadable_one_is_3(program: Program) -> None:
    assert program("policy", "diff", str(TEA), str(TEA)).status == 0
    assert program("policy", "diff", str(TEA), "none.yaml").status == 3


def test_what_changed_is_called_by_its_label_and_scripts_read_its_id() -> None:
    (change,) = between(("where: [surveyed, slope == steep]}", "where: [slope == steep]}"))
    assert change.where.count(".") == 1
    assert change.called
    assert "." not in change.called
    policy = source_of(TEXT.encode(), "tea.yaml").under({})
    shown = list(_lines(policy, policy, [change], "en", 100))
    assert f"  fact · {change.called}" in shown


def test_two_facts_of_one_label_are_told_apart_by_their_ids() -> None:
    twin = KILNS.replace("en: part done,", "en: pots of last year that count,").replace(
        "zh: 完成比例", "zh: 比上年多烧"
    )
    new = twin.replace("ratio: [done, planned]", "ratio: [done, wages]")
    old, new_ = (source_of(each.encode(), "kilns.yaml").under({}) for each in (twin, new))
    assert [change.called for change in changes(old, new_, "zh")] == ["比上年多烧 [kilns.done_part]"]


def test_a_number_that_a_fact_is_divided_by_is_told_as_it_is_written() -> None:
    old, new = (
        source_of(KILNS.replace("ratio: [pots, pots_before]", f"ratio: [pots, {number}]").encode(), "kilns.yaml").under(
            {}
        )
        for number in (12, 10)
    )
    (change,) = changes(old, new, "zh")
    assert (change.before, change.after) == ("烧成数除以12件", "烧成数除以10件")
