"""`policy lint`: choices that choose nothing, numbers beyond the last key, fixed sums that are rounded down, blanks in ranks."""

from __future__ import annotations

import pytest

from anqing_subsidy.finding import PolicyError
from anqing_subsidy.policy.lint import lint
from anqing_subsidy.policy.load import source_of
from tests.language.town import WHOLE, clause, town_text

PLACE = "    best: {{zh: 名次, en: place, rank_by: [sales], among: [{}]}}\n"


def codes(award: str, *more: str, facts: str = "") -> list[str]:
    """What lint says of one clause, besides what the rest of the policy then leaves unused."""
    text = town_text(clause(award, *more), facts=facts)
    found = lint(source_of(text.encode(), "kilns.yaml"))
    return [remark.code for remark in found if not remark.code.startswith("UNUSED")]


@pytest.mark.parametrize(
    "award",
    [
        "{pay: {by: kind, folk: 1元, glazed: 1元, crude: 1元}}",
        "{pay: {by: kind, folk: 1元, else: 1元}}",
        "{pay: {by: guild, true: {by: kind, folk: 2元, else: 2元}, false: 1元}}",
        "{pay: {by: pots, 1..5: 1元, else: 1元}}",
        "{rate: {by: guild, true: 2%, false: 2%}, of: sales}",
        "{pay: 1元, multiply_by: {by: guild, true: 2, false: 2}}",
        "{pay: sales, cap: {by: guild, true: 5元, false: 5元}}",
        "{pay: sales, cap: {rate: {by: guild, true: 5%, false: 5%}, of: rent}}",
    ],
)
def test_a_choice_with_one_value_is_told(award: str) -> None:
    assert codes(award) == ["SAME_VALUE"]


def test_the_same_fund_for_every_class_is_told_at_its_line() -> None:
    assert codes("{pay: 1元}", "fund: {by: kind, folk: clay, else: clay}") == ["SAME_VALUE"]
    halves = "{shares: {clay: 50%, town: 50%}}"
    assert codes("{pay: 1元}", f"fund: {{by: kind, folk: {halves}, else: {halves}}}") == ["SAME_VALUE"]
    assert codes("{pay: 1元}", f"fund: {{by: kind, folk: {halves}, else: town}}") == []


@pytest.mark.parametrize(
    "award",
    [
        "{pay: {by: kind, folk: 1元, else: 2元}}",
        "{pay: {by: pots, 1: 1元, 2..: 1元}}",
        "{pay: {by: guild, true: {by: $guild_counts, doubled: 2元, once: 1元}, false: 2元}}",
        "{pay: {by: kind, folk: 1元, glazed: 2元, crude: 0元}}",
    ],
    ids=["two values", "numbers that are named", "a reading that decides", "every value"],
)
def test_a_choice_that_chooses_is_right(award: str) -> None:
    assert codes(award) == []


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ("{by: kind, folk: 1元, glazed: 2元, crude: 3元, else: 4元}", ["USELESS_ELSE"]),
        ("{by: guild, true: 1元, false: 2元, else: 3元}", ["USELESS_ELSE"]),
        ("{by: kind, folk: 1元, glazed: 2元, else: 4元}", []),
        ("{by: guild, true: 1元, else: 3元}", []),
        ("{by: hamlet, 东村: 1元, else: 3元}", []),
    ],
)
def test_an_else_beside_every_value_is_told(choice: str, told: list[str]) -> None:
    assert codes(f"{{pay: {choice}}}") == told


@pytest.mark.parametrize(
    ("award", "when", "told"),
    [
        ("{pay: {by: pots, 1: 1元, 2: 2元}}", "pots >= 1", ["NO_TOP"]),
        ("{pay: 1元, multiply_by: {by: pots, 1..3: 1, 4..9: 2}}", "pots >= 1", ["NO_TOP"]),
        ("{pay: {by: pots, 1: 1元, 2: 2元}}", "pots <= 3", ["NO_TOP"]),
        ("{pay: {by: pots, 1: 1元, 2: 2元}}", "pots <= 2", []),
        ("{pay: {by: pots, 1: 1元, 2: 2元}}", "pots < 3", []),
        ("{pay: {by: pots, 1: 1元, 2..: 2元}}", "pots >= 1", []),
        ("{pay: {by: pots, 1: 1元, else: 0元}}", "pots >= 1", []),
        ("{pay: {by: support_year, 1: 1元, 2: 2元}}", "pots >= 1", []),
        ("{pay: {by: few, 1: 1元, 2: 2元}}", "pots >= 1", []),
    ],
    ids=[
        "no end",
        "a factor",
        "above the end",
        "at the end",
        "below the next",
        "an open key",
        "else",
        "years",
        "a least",
    ],
)
def test_numbers_beyond_the_last_key_are_told_where_they_can_be(award: str, when: str, told: list[str]) -> None:
    few = "    few: {zh: 计数, en: few, least: [pots, 2]}\n"
    found = codes(award, f"when: [{when}]", facts=few)
    assert [code for code in found if code == "NO_TOP"] == told


@pytest.mark.parametrize(
    ("award", "told"),
    [
        ("{pay: 99元}", ["PAYS_NOTHING"]),
        ("{pay: 100元}", []),
        ("{pay: 150元}", ["ROUNDED_SUM"]),
        ("{pay: {by: kind, folk: 50元, else: 200元}}", ["ROUNDED_SUM"]),
        ("{highest_of: [{pay: 150元, when: [guild]}, {pay: 100元}]}", ["ROUNDED_SUM"]),
        ("{pay: 150元, per: pots}", []),
        ("{pay: 150元, multiply_by: 2}", []),
        ("{sum_of: [{pay: 50元}, {pay: 50元}]}", []),
        ("{rate: 1%, of: sales, cap: 99元}", ["PAYS_NOTHING"]),
        ("{rate: 1%, of: sales, cap: 150元}", []),
    ],
)
def test_fixed_sums_that_whole_multiples_cut_are_told(award: str, told: list[str]) -> None:
    assert codes(award, "round_down_to: 100元") == told


@pytest.mark.parametrize(
    ("among", "claimed", "told"),
    [
        ("guild", "guild", ["RANK_BLANK"]),
        ("kind is folk", "kind == folk", ["RANK_BLANK"]),
        ("guild is given, guild", "guild", []),
        ("kiln_name is given", "kiln_name is given", []),
        ("guild, pots >= 1", "kiln_name is given", []),
    ],
)
def test_a_blank_that_claims_nothing_and_may_be_ahead_is_told(among: str, claimed: str, told: list[str]) -> None:
    award = clause("{pay: 100元}", "when: [best <= 3]").replace("kiln_no is given", claimed)
    text = town_text(award, facts=PLACE.format(among))
    found = [remark.code for remark in lint(source_of(text.encode(), "kilns.yaml"))]
    assert [code for code in found if code == "RANK_BLANK"] == told


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("when: [pot_rise >= 10%]", "when: [leased_on <= leased_on + 5 years]", "compared with itself"),
        ("rent: {header: 租金, en: rent, type: money, unit: 元}", "rent: {header: 租金, en: rent, type: number, unit: 元}", "its type is `money`"),
        ("rent: {header: 租金, en: rent, type: money, unit: 元}", "rent: {header: 租金, en: rent, type: number, unit: 万美元}", "its type is `usd`"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(before: str, after: str, said: str) -> None:
    assert before in WHOLE
    with pytest.raises(PolicyError) as refused:
        source_of(WHOLE.replace(before, after, 1).encode(), "kilns.yaml").under({})
    assert any(said in fault.message.en for fault in refused.value.faults)
