"""`policy lint`: what never pays, what falls where it should rise, keys that say nothing; and that the advice works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from anqing_subsidy.policy.lint import lint, run
from anqing_subsidy.policy.load import source_of
from tests.policy.test_lint import MORE, ROWS, TEA, found, only, rows

FACTS: Final = "facts:\n  farms:\n"
PLACE: Final = "    place: {zh: 名次, en: place, rank_by: [leaf_sales], among: [leaf_kg is given], ties: share}\n"
SHARE: Final = "      share: {header: 占比, en: share, type: ratio, range: [0%, 100%]}\n"
RACKS: Final = "      racks: {header: 萎凋架"


def clause(award: str, when: str = "racks >= 1", more: str = "") -> tuple[str, str]:
    """A further clause of the fictional policy."""
    text = MORE.replace("{pay: 2000元}", award).replace("leaf_kg >= 500", when)
    return "- id: t_kit\n", f"{text.rstrip()}\n{more}\n- id: t_kit\n"


def codes(*changes: tuple[str, str]) -> list[str]:
    return [remark.code for remark in found(*changes)[0]]


# ---- grids and marginal rates ----------------------------------------------------------------------------------------
GRID: Final = "200 <= leaf_kg < 500, racks >= 3"


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("3000|leaf_kg >= 500, racks >= 3", ["TIER_ORDER"]),
        ("3000|leaf_kg >= 500, racks >= 4", ["TIER_ORDER"]),
        ("4000|leaf_kg >= 500, racks >= 4", []),
        ("3000|leaf_kg >= 500, racks >= 2", []),
        ("3000|leaf_kg >= 500, racks >= 3, organic", []),
    ],
    ids=["more of one", "more of both", "the same sum", "more of one and less of the other", "another kind of farm"],
)
def test_a_row_of_a_grid_that_asks_for_more_and_pays_less_is_found(second: str, expected: list[str]) -> None:
    remarks, lines = found((ROWS, rows(f"4000|{GRID}", second)))
    assert [remark.code for remark in remarks] == expected
    assert all(lines[remark.line - 1].strip().startswith("- {pay: 3000元") for remark in remarks)


def parts(first: str, second: str) -> str:
    return f"{{sum_of: [{{rate: 1%, of: leaf_sales, {first}}}, {{rate: 2%, of: leaf_sales, {second}}}]}}"


@pytest.mark.parametrize(
    ("first", "second", "expected", "told"),
    [
        ("up_to: 100万元", "only_above: 100.01万元", ["BAND_GAP"], "from 1,000,000 yuan to 1,000,100 yuan"),
        ("up_to: 100万元", "only_above: 100万元", [], ""),
        ("up_to: 100万元", "only_above: 99万元", ["BAND_OVERLAP"], "from 990,000 yuan to 1,000,000 yuan"),
        ("up_to: 100万元, when: [organic]", "only_above: 99万元, when: [not organic]", [], ""),
        ("only_above: 10万元", "only_above: 99万元", [], ""),
    ],
    ids=["a hole", "parts that meet", "an overlap", "parts of different farms", "a rate on top of another"],
)
def test_parts_of_a_base_that_leave_a_hole_or_count_twice_are_found(
    first: str, second: str, expected: list[str], told: str
) -> None:
    remarks, _ = found(clause(parts(first, second)))
    assert [remark.code for remark in remarks] == expected
    assert all(told in remark.message.en for remark in remarks)


# ---- what can never be -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("leaf_sales <= 10万元", ["UNREACHABLE_TIER"]),
        ("leaf_sales < 20万元", ["UNREACHABLE_TIER"]),
        ("leaf_sales >= 10万元", []),
        ("leaf_sales >= 20万元", ["UNREACHABLE_TIER"]),
    ],
    ids=["below the second", "up to the second", "from the first", "from the second"],
)
def test_a_tier_that_the_conditions_leave_out_is_found(when: str, expected: list[str]) -> None:
    award = "{first_past: leaf_sales, past: ge, tiers: {10万元: 1元, 20万元: 2元}}"
    assert codes(clause(award, when, "  once_for: {same: tier}\n")) == expected


def test_a_tier_with_conditions_of_its_own_that_the_clause_leaves_out_is_found() -> None:
    award = "{first_past: leaf_sales, past: ge, tiers: {10万元: 1元, 20万元: {pay: 2元, when: [organic]}}}"
    remark, _ = only(clause(award, "leaf_sales < 20万元", "  once_for: {same: tier}\n"))
    assert remark.code == "UNREACHABLE_ROW"
    assert "`leaf_sales < 20万元` and `leaf_sales >= 20万元`" in remark.message.en


@pytest.mark.parametrize(
    ("when", "expected"), [("place < 1", ["CONTRADICTION"]), ("place <= 0", ["CONTRADICTION"]), ("place <= 1", [])]
)
def test_a_place_before_the_first_is_found(when: str, expected: list[str]) -> None:
    found_codes = codes((FACTS, FACTS + PLACE), clause("{pay: 2000元}", f"{when}"))
    assert [code for code in found_codes if code != "RANK_WIDER"] == expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("share > 100%", ["CONTRADICTION"]),
        ("share >= 100%", []),
        ("share > 99%", []),
        ("share >= 120%", ["CONTRADICTION"]),
        ("share < 0%", ["CONTRADICTION"]),
    ],
)
def test_a_share_beyond_its_range_is_found(when: str, expected: list[str]) -> None:
    assert codes((RACKS, SHARE + RACKS), clause("{pay: 2000元}", when)) == expected


# ---- budgets and sums ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("budget", "expected"), [("1999.99元", ["BUDGET_BELOW_AWARD"]), ("2000元", [])])
@pytest.mark.parametrize("of", ["clause", "group"])
def test_a_budget_below_a_single_line_is_found(budget: str, expected: list[str], of: str) -> None:
    group = f"groups:\n- {{id: kits, members: [t_kit, t_more], pays: sum, budget: {budget}}}\n"
    changes = [clause("{pay: 2000元}", more=f"  budget: {budget}\n" if of == "clause" else "")]
    changes += [("groups:\n", group)] if of == "group" else []
    assert codes(*changes) == expected


@pytest.mark.parametrize(("budget", "expected"), [("9999元", ["BUDGET_BELOW_AWARD"]), ("1万元", [])])
def test_a_budget_below_the_pool_of_its_clause_is_found(budget: str, expected: list[str]) -> None:
    award = "{pool: 1万元, shared_by: racks, open_lines: leave_out}"
    assert codes(clause(award, more=f"  budget: {budget}\n")) == expected


@pytest.mark.parametrize(
    ("award", "expected"),
    [
        ("{pay: 0元}", ["PAYS_NOTHING"]),
        ("{rate: 0%, of: leaf_sales}", ["PAYS_NOTHING"]),
        ("{pay: 0.01元}", []),
        ("{pay: {by: racks, 1..3: 0元, else: 5元}}", []),
    ],
)
def test_an_award_of_nothing_is_found(award: str, expected: list[str]) -> None:
    assert codes(clause(award)) == expected


# ---- keys that say nothing -------------------------------------------------------------------------------------------
def test_unclaimed_beside_that_never_warns_is_found() -> None:
    remark, line = only(clause("{pay: 5元}", more="  unclaimed_beside: [leaf_sales]\n"))
    assert (remark.code, line) == ("USELESS_UNCLAIMED", "unclaimed_beside: [leaf_sales]")


def test_a_file_of_words_that_is_not_there_is_found(tmp_path: Path) -> None:
    source = source_of(TEA.read_bytes().replace(b"year: 2021\n", b"year: 2021\nguide: words.yaml\n", 1), "tea.yaml")
    assert [remark.code for remark in lint(source, tmp_path)] == ["GUIDE_MISSING"]
    (tmp_path / "words.yaml").write_text("", encoding="utf-8")
    assert lint(source, tmp_path) == []
    assert lint(source) == []


@pytest.mark.parametrize("page", ["editor.md", "editor.zh.md"])
def test_every_code_is_listed_in_the_documentation(page: str) -> None:
    folder = Path(run.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    listed = (folder.parents[2] / "docs" / page).read_text(encoding="utf-8")
    told = set(re.findall(r'"([A-Z]+_[A-Z_]+|CONTRADICTION)"', sources))
    assert len(told) > 20
    assert sorted(code for code in told if f"`{code}`" not in listed) == []


# ---- advice and units ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("mended", ["bronze: 0元", "else: 2000元"])
def test_the_advice_on_a_value_that_is_never_used_works(mended: str) -> None:
    narrow = ("  each: medals\n", "  each: medals\n  where: [medal is gold or silver]\n")
    remark, _ = only(narrow)
    assert (remark.code, "0元" in remark.fix.en, "else" in remark.fix.en) == ("UNREACHABLE_VALUE", True, True)
    assert codes(narrow, ("bronze: 2000元}", f"{mended}}}")) == []


def test_a_gap_is_told_in_the_unit_of_its_column() -> None:
    stores = "      stores: {header: 库容, en: stores, type: area, unit: 吨}\n"
    award = "{highest_of: [{pay: 1元, when: [100 <= stores < 500]}, {pay: 2元, when: [stores > 600]}]}"
    remark, _ = only((RACKS, stores + RACKS), clause(award))
    assert remark.code == "BAND_GAP"
    assert "从500吨起、至600吨" in remark.message.zh
