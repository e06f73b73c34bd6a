"""`policy lint`: each finding on a policy with that fault alone, on its line; and none below, at or above an edge that is right."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from anqing_subsidy.policy import default_policy_path
from anqing_subsidy.policy.lint import Remark, lint
from anqing_subsidy.policy.load import open_policy, source_of

TEA: Final = Path(__file__).parent.parent / "second_policy" / "policy.yaml"
ROWS: Final = """highest_of:
      - {pay: 2500元, when: [leaf_kg >= 200, leaf_kg < 500]}
      - {pay: 4000元, when: [leaf_kg >= 500]}
      - {pay: 6000元, when: [leaf_kg >= 200, organic]}"""
WHEN: Final = "when: [counted_bushes >= 100]"
TIERS: Final = "tiers: {10万元: 1000元, 20万元: 3000元, 50万元: 8000元}"
MORE: Final = """- id: t_more
  article: 三
  title: {zh: 更大, en: More}
  claimed: [leaf_kg is given]
  when: [leaf_kg >= 500]
  award: {pay: 2000元}
  fund: leaf

"""
KIT: Final = """sum_of:
      - {pay: 80元, per: racks, when: [racks >= 10]}
      - {pay: 1500元, when: [cold_store]}"""


def rows(*conditions: str, shape: str = "highest_of") -> str:
    """Rows of a choice, each with its sum and conditions."""
    return "\n".join([f"{shape}:", *(f"      - {{pay: {row.replace('|', '元, when: [')}]}}" for row in conditions)])


def found(*changes: tuple[str, str]) -> tuple[list[Remark], list[str]]:
    """What lint finds in the fictional policy with some words changed, and the lines of that policy."""
    text = TEA.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return lint(source_of(text.encode(), "tea.yaml")), text.splitlines()


def only(*changes: tuple[str, str]) -> tuple[Remark, str]:
    """The one finding, and the line of the policy that it names."""
    remarks, lines = found(*changes)
    assert len(remarks) == 1, remarks
    return remarks[0], lines[remarks[0].line - 1].strip()


@pytest.mark.parametrize("path", [default_policy_path(), TEA], ids=["the policy that ships", "the fictional policy"])
def test_a_sound_policy_has_no_findings(path: Path) -> None:
    assert lint(open_policy(path)) == []


FAULTS: Final = {
    "a tier pays less than the one before it": (
        (TIERS, "tiers: {10万元: 1000元, 20万元: 8000元,\n      50万元: 3000元}"),
        "error", "TIER_ORDER", "50万元: 3000元}", "pays 3,000 yuan, no more than the tier before it (8,000 yuan)",
    ),
    "a tier pays what the one before it pays": (
        (TIERS, "tiers: {10万元: 1000元,\n      20万元: 1000元, 50万元: 8000元}"),
        "warning", "TIER_ORDER", "20万元: 1000元", "pays 1,000 yuan, no more",
    ),
    "a higher band pays less": (
        (ROWS, rows("4000|leaf_kg >= 200, leaf_kg < 500", "2500|leaf_kg >= 500")),
        "error", "TIER_ORDER", "- {pay: 2500元", "asks for more than row 1 and pays less",
    ),
    "a row applies only where a better one does": (
        (ROWS, rows("2500|leaf_kg >= 200", "2000|leaf_kg >= 500")),
        "error", "UNREACHABLE_ROW", "- {pay: 2000元", "row 1 applies wherever it does",
    ),
    "a row stands twice": (
        (ROWS, rows("2500|leaf_kg >= 200", "2500|leaf_kg  >=  200")),
        "error", "UNREACHABLE_ROW", "- {pay: 2500元, when: [leaf_kg  >=", "row 2 never decides",
    ),
    "the interval of a row is empty": (
        (ROWS, rows("2500|leaf_kg >= 200, leaf_kg < 200")),
        "error", "UNREACHABLE_ROW", "- {pay: 2500元", "`leaf_kg >= 200` and `leaf_kg < 200` exclude each other",
    ),
    "a row contradicts the conditions of its clause": (
        ("- {pay: 1500元, when: [cold_store]}", "- {pay: 1500元, when: [racks is blank, racks > 3]}"),
        "error", "UNREACHABLE_ROW", "- {pay: 1500元", "row 2 is never paid",
    ),
    "a value between two bands belongs to none": (
        (ROWS, rows("2500|leaf_kg >= 200, leaf_kg < 500", "4000|leaf_kg > 500")),
        "warning", "BAND_GAP", "- {pay: 4000元", "dry leaf of exactly 500: neither row 1 nor row 2 applies",
    ),
    "values between two bands belong to none": (
        (ROWS, rows("2500|leaf_kg >= 200, leaf_kg < 400", "4000|leaf_kg >= 500")),
        "warning", "BAND_GAP", "- {pay: 4000元", "dry leaf from 400 to below 500",
    ),
    "money between two bands belongs to none": (
        (ROWS, rows("2500|leaf_sales >= 1万元, leaf_sales <= 2万元", "4000|leaf_sales > 3万元")),
        "warning", "BAND_GAP", "- {pay: 4000元", "leaf sales above 20,000 yuan to 30,000 yuan",
    ),
    "a value belongs to two bands": (
        (ROWS, rows("2500|leaf_kg >= 200, leaf_kg <= 500", "4000|500 <= leaf_kg < 900")),
        "warning", "BAND_OVERLAP", "- {pay: 4000元", "dry leaf of exactly 500: rows 1 and 2 both apply",
    ),
    "values belong to two bands that add up": (
        (KIT, rows("100|racks >= 10, racks <= 30", "200|20 <= racks < 50", shape="sum_of")),
        "warning", "BAND_OVERLAP", "- {pay: 200元", "rows 1 and 2 overlap in racks",
    ),
    "a clause cites no article": (
        ("article: 七", "article: 待定"), "error", "NO_ARTICLE", "article: 待定", "cites no article",
    ),
    "a fact is never used": (
        ("  unclaimed_beside: [terraces]\n", ""),
        "warning", "UNUSED_FACT", "terraces: {zh", "the fact `terraces` is never used",
    ),
    "a fund is never paid": (
        ("  green: {zh: 绿色", "  spare: {zh: 备用, en: spare}\n  green: {zh: 绿色"),
        "warning", "UNUSED_FUND", "spare: {zh: 备用, en: spare}", "the fund `spare` is never used",
    ),
    "a reading is never used": (
        ("when: [any: [slope == steep, $steep_only == false]]", "when: [slope == steep]"),
        "warning", "UNUSED_READING", "steep_only:", "the reading `steep_only` is never used",
    ),
    "a list of values is never used": (
        ("  slope: {steep", "  soil: {red: [红壤]}\n  slope: {steep"),
        "warning", "UNUSED_ENUM", "soil: {red: [红壤]}", "the list of values `soil` is never used",
    ),
    "a cap is below the least sum": (
        ("  cap: 2000元", "  cap: 299元"),
        "warning", "CAP_BELOW_AWARD", "cap: 299元", "the cap 299 yuan is below the least that the clause pays (300 yuan)",
    ),
    "a cap is below a share of the least base": (
        ("  cap: 3000元\n  once_for: {same: object}", "  cap: 499.99元\n  once_for: {same: object}"),
        "warning", "CAP_BELOW_AWARD", "cap: 499.99元", "(500 yuan)",
    ),
    "figures contradict each other": (
        ("when: [cost >= 1000元]", "when: [cost >= 1000元, cost < 1000元]"),
        "error", "CONTRADICTION", "when: [cost >= 1000元, cost < 1000元]", "`cost >= 1000元` and `cost < 1000元`",
    ),
    "values of a list contradict each other": (
        ("where: [surveyed, slope == steep]}", "where: [surveyed, slope == steep, slope is gentle]}"),
        "error", "CONTRADICTION", "terraces: {zh", "`slope == steep` and `slope is gentle`",
    ),
    "yes and no contradict each other": (
        ("where: [surveyed, counts]", "where: [surveyed, not surveyed, counts]"),
        "error", "CONTRADICTION", "counted_bushes: {zh", "`surveyed` and `not surveyed`",
    ),
    "given and blank contradict each other": (
        ("claimed: [any: [racks is given, cold_store]]", "claimed: [cold_store, cold_store is blank]"),
        "error", "CONTRADICTION", "claimed: [cold_store, cold_store is blank]", "can never hold at once",
    ),
    "two facts contradict each other": (
        (WHEN, "when: [counted_bushes > racks, racks >= counted_bushes]"),
        "error", "CONTRADICTION", "when: [counted_bushes > racks", "`counted_bushes > racks` and `racks >= counted_bushes`",
    ),
    "a condition contradicts what a derived fact says": (
        ("where: [surveyed, counts], else", "where: [counts, slope == gentle], else"),
        "error", "CONTRADICTION", "counted_bushes: {zh", "`counts` and `slope == gentle`",
    ),
    "a branch can never hold": (
        (WHEN, "when: [counted_bushes >= 100, any: [organic, counted_bushes < 50]]"),
        "warning", "DEAD_BRANCH", "when: [counted_bushes >= 100, any", "the branch `counted_bushes < 50`",
    ),
    "a branch stands twice": (
        (WHEN, "when: [any: [counted_bushes >= 100, counted_bushes >= 100]]"),
        "warning", "SAME_TWICE", "when: [any: [counted_bushes >= 100", "stands twice",
    ),
    "a condition stands twice": (
        (WHEN, "when: [counted_bushes >= 100, counted_bushes >= 100]"),
        "warning", "SAME_TWICE", "when: [counted_bushes >= 100", "stands twice",
    ),
    "a branch adds nothing": (
        (WHEN, "when: [any: [counted_bushes >= 100, counted_bushes >= 200]]"),
        "warning", "USELESS_BRANCH", "when: [any: [counted_bushes >= 100", "the branch `counted_bushes >= 200` of `any:`",
    ),
    "a value of a choice is excluded": (
        ("  each: medals\n", "  each: medals\n  where: [medal is gold or silver]\n"),
        "warning", "UNREACHABLE_VALUE", "award: {pay: {by: medal", "the value `bronze` is never used",
    ),
    "a fund is excluded": (
        ("when: [leaf_sales > 5万元]", "when: [leaf_sales > 5万元, not organic]"),
        "warning", "UNREACHABLE_FUND", "fund: {fund: leaf", "the fund `green` never pays",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "severity", "code", "line", "told"), [pytest.param(*fault, id=name) for name, fault in FAULTS.items()]
)
def test_a_fault_is_found_on_its_line(change: tuple[str, str], severity: str, code: str, line: str, told: str) -> None:
    remarks, lines = found(change)
    mine = [remark for remark in remarks if remark.code == code]
    assert len(mine) == 1, remarks
    assert mine[0].severity == severity
    assert lines[mine[0].line - 1].strip().startswith(line)
    assert told in mine[0].message.en
    assert mine[0].message.zh
    assert mine[0].fix.zh
    assert mine[0].fix.en


SOUND: Final = {
    "bands that meet": (ROWS, rows("2500|leaf_kg >= 200, leaf_kg < 500", "4000|leaf_kg >= 500")),
    "whole numbers that follow each other": (ROWS, rows("2500|leaf_kg >= 200, leaf_kg <= 499", "4000|leaf_kg >= 500")),
    "bands of money that meet": (ROWS, rows("25|leaf_sales >= 1万元, leaf_sales <= 2万元", "40|leaf_sales > 2万元")),
    "a ladder of thresholds": (ROWS, rows("2500|leaf_kg >= 200", "4000|leaf_kg >= 500", "5000|leaf_kg >= 900")),
    "rows that ask for different things": (ROWS, rows("2500|leaf_kg >= 200, leaf_kg < 500", "4000|leaf_kg > 500, organic")),
    "a cap at the least sum": ("  cap: 2000元", "  cap: 300元"),
    "a single value between two ends": ("when: [cost >= 1000元]", "when: [cost >= 1000元, cost <= 1000元]"),
    "a branch that is neither wider nor narrower": (
        WHEN, "when: [any: [[counted_bushes >= 100, organic], [counted_bushes >= 200, racks > 1]]]",
    ),
    "facts that may be equal": (WHEN, "when: [counted_bushes >= racks, racks >= counted_bushes]"),
}  # fmt: skip


@pytest.mark.parametrize("change", [pytest.param(change, id=name) for name, change in SOUND.items()])
def test_what_is_right_is_not_found(change: tuple[str, str]) -> None:
    assert found(change)[0] == []


def test_tiers_that_are_added_up_need_not_rise() -> None:
    falling = (TIERS, "tiers: {10万元: 3000元, 20万元: 1000元, 50万元: 8000元}")
    cumulative = (
        "{highest: {zh: 只按最高级, en: the highest}, cumulative",
        "{cumulative: {zh: 逐级, en: each}, highest",
    )
    tail = (": {zh: 逐级累加, en: all of them}}", ": {zh: 只按最高级, en: the highest}}")
    remark, _ = only(falling, cumulative, tail)
    assert (remark.code, remark.only_with) == ("TIER_ORDER", ("steps=highest",))


def test_a_fault_under_one_option_alone_names_it() -> None:
    remark, line = only(
        (
            WHEN,
            "when: [counted_bushes >= 100, any: [$steep_only == true, counted_bushes < 9]]",
        )
    )
    assert line.startswith("when: [counted_bushes >= 100")
    assert (remark.code, remark.only_with) == ("CONTRADICTION", ("steep_only=false",))


def test_an_option_under_which_the_policy_cannot_be_read_is_found() -> None:
    remark, _ = only(("fund: {fund: leaf, or: green, due_to: organic, part: $organic_part}",
                      "fund: {by: $organic_part, whole_line: leaf, increment: lead}"))  # fmt: skip
    assert (remark.code, remark.severity, remark.only_with) == ("BROKEN_READING", "error", ("organic_part=increment",))


def test_a_fact_used_under_one_option_alone_is_used() -> None:
    change = ("unclaimed_beside: [terraces]", "unclaimed_beside: {by: $steep_only, true: [], false: [terraces]}")
    assert found(change)[0] == []


def test_a_member_that_another_always_beats_is_found() -> None:
    scale = f"  award:\n    {ROWS}"
    remark, line = only(
        ("- id: t_kit\n", f"{MORE}- id: t_kit\n"),
        ("members: [t_sales, t_scale]", "members: [t_scale, t_more]"),
        (scale, "  when: [leaf_kg >= 200]\n  award: {pay: 2000元}"),
    )
    assert (remark.code, line.startswith("- {id: sales_or_scale")) == ("NEVER_WINS", True)
    assert "`t_more` can never win" in remark.message.en


def test_findings_come_in_the_order_of_their_lines() -> None:
    remarks, _ = found(
        ("article: 七", "article: 待定"),
        ("  unclaimed_beside: [terraces]\n", ""),
        ("  cap: 2000元", "  cap: 299元"),
    )
    assert [remark.code for remark in remarks] == ["UNUSED_FACT", "CAP_BELOW_AWARD", "NO_ARTICLE"]
    assert [remark.line for remark in remarks] == sorted(remark.line for remark in remarks)


STEPS: Final = {
    "a gap between spans of a number": ("{pay: {by: racks, 1..3: 3元, 5..: 2元}}", "BAND_GAP", "nothing is paid for 4"),
    "a longer gap": ("{pay: {by: racks, 1: 3元, 5..: 2元}}", "BAND_GAP", "nothing is paid for 2..4"),
    "a span that the conditions exclude": ("{pay: {by: racks, 1..9: 3元, 10..: 2元}}", "UNREACHABLE_VALUE", "the value `1..9`"),
    "a cap in an award": ("{pay: 5元, per_full: 10, of: racks, cap: 4元}", "CAP_BELOW_AWARD", "the cap 4 yuan is below"),
    "a smaller rate beside a larger": (
        "{highest_of: [{rate: 2%, of: leaf_sales}, {rate: 1%, of: leaf_sales, when: [organic]}]}", "UNREACHABLE_ROW", "row 2 never decides",
    ),
    "a tier that pays no more and asks for more": (
        "{first_past: leaf_sales, tiers: {1元: 5元, 2元: {pay: 4元, when: [organic]}}}", "UNREACHABLE_ROW", "row 2 never decides",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("award", "code", "told"), [pytest.param(*fault, id=name) for name, fault in STEPS.items()])
def test_a_fault_of_an_award_of_its_own_is_found(award: str, code: str, told: str) -> None:
    when = "[racks >= 10]" if code == "UNREACHABLE_VALUE" else "[racks >= 1]"
    clause = MORE.replace("{pay: 2000元}", award).replace("[leaf_kg >= 500]", when)
    remark, _ = only(("- id: t_kit\n", f"{clause}- id: t_kit\n"))
    assert remark.code == code
    assert told in remark.message.en


@pytest.mark.parametrize(("cap", "codes"), [("1999.99元", ["CAP_BELOW_AWARD"]), ("2000元", []), ("2000.01元", [])])
def test_a_cap_of_a_group_below_the_least_of_a_member_is_found(cap: str, codes: list[str]) -> None:
    group = f"groups:\n- {{id: kits, members: [t_kit, t_more], pays: sum, cap: {cap}}}\n"
    remarks, lines = found(("- id: t_kit\n", f"{MORE}- id: t_kit\n"), ("groups:\n", group))
    assert [remark.code for remark in remarks] == codes
    assert all(lines[remark.line - 1].startswith("- {id: kits") for remark in remarks)
