"""`policy lint`: sums that run against places and levels, figures taken twice, bounds that add nothing, odd rates."""

from __future__ import annotations

import pytest

from anqing_subsidy.finding import PolicyError
from anqing_subsidy.policy.lint import lint
from anqing_subsidy.policy.load import source_of
from tests.language.town import clause, town_text

PLACE = "    best: {zh: 名次, en: place, rank_by: [sales], among: [kiln_name is given]}\n"


def codes(award: str, *more: str, facts: str = "", table: str = "") -> list[str]:
    """What lint says of one clause, besides what the rest of the policy then leaves unused."""
    text = town_text(clause(award, *more, table=table), facts=facts)
    found = lint(source_of(text.encode(), "kilns.yaml"))
    return [one.code for one in found if not one.code.startswith(("UNUSED", "RANK"))]


@pytest.mark.parametrize(
    ("sums", "told"),
    [
        ("1: 5万元, 2: 3万元, 3: 1万元", []),
        ("1: 5万元, 2: 5万元, 3: 1万元", []),
        ("1: 1万元, 2: 3万元, 3: 5万元", ["TIER_ORDER", "TIER_ORDER"]),
        ("1: 5万元, 2..3: 6万元", ["TIER_ORDER"]),
    ],
)
def test_a_worse_place_that_is_paid_more_is_told(sums: str, told: list[str]) -> None:
    assert codes(f"{{pay: {{by: best, {sums}}}}}", facts=PLACE) == told


@pytest.mark.parametrize(
    ("when", "told"),
    [("best <= 3", []), ("best <= 4", ["NO_TOP"]), ("best >= 1", [])],
    ids=["to the last key", "beyond it", "no end"],
)
def test_places_that_the_conditions_let_in_and_no_key_fits_are_told(when: str, told: list[str]) -> None:
    assert codes("{pay: {by: best, 1: 3元, 2: 2元, 3: 1元}}", f"when: [{when}]", facts=PLACE) == told


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ("{by: support_year, 2: 1元, 3: 2元}", ["BAND_GAP"]),
        ("{by: support_year, 1: 1元, 2: 2元}", []),
        ("{by: support_year, 2: 1元, else: 2元}", []),
        ("{by: pots, 5..: 1元}", []),
    ],
)
def test_a_first_year_without_a_key_is_told(choice: str, told: list[str]) -> None:
    assert codes(f"{{pay: {choice}}}") == told


def test_a_number_that_the_conditions_let_in_below_the_first_key_is_told() -> None:
    assert codes("{pay: {by: pots, 5..: 1元}}", "when: [pots >= 3]") == ["BAND_GAP"]
    assert codes("{pay: {by: pots, 5..: 1元}}", "when: [pots >= 5]") == []


@pytest.mark.parametrize(
    ("order", "told"), [("[rare, fine, plain]", []), ("[plain, fine, rare]", ["TIER_ORDER", "TIER_ORDER"])]
)
def test_levels_against_their_sums_are_told(order: str, told: list[str]) -> None:
    award = "{pay: {by: grade, plain: 100元, fine: 900元, rare: 2000元}}"
    once = f"once_for: {{same: [applicant, object, level], highest_first: {order}}}"
    assert codes(award, once, table="works") == told


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ("minus: [sales, sales]", ["SAME_TWICE"]),
        ("minus: [sales, rent, rent]", []),
        ("growth: [sales, sales]", ["SAME_TWICE"]),
        ("ratio: [sales, sales]", ["SAME_TWICE"]),
        ("ratio: [sales, 0元]", ["NO_RATIO"]),
        ("ratio: [sales, rent]", []),
        ("least: [rent, sales, rent]", ["SAME_TWICE"]),
        ("add: [rent, rent]", []),
    ],
)
def test_a_figure_beside_itself_is_told(operation: str, told: list[str]) -> None:
    fact = f"    odd: {{zh: 怪, en: odd, {operation}}}\n"
    assert codes("{pay: 1元}", "when: [odd is given]", facts=fact) == told


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("sales >= 1000元, sales >= 500元", ["USELESS_CONDITION"]),
        ("sales >= 1000元, sales > 1000元", ["USELESS_CONDITION"]),
        ("sales >= 1000元, sales < 5000元", []),
        ("sales >= 1000元, rent >= 500元", []),
    ],
)
def test_a_bound_beside_a_stronger_one_is_told(when: str, told: list[str]) -> None:
    assert codes("{pay: 1元}", f"when: [{when}]") == told


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ("100%", []),
        ("100.01%", ["HIGH_RATE"]),
        ("1500%", ["HIGH_RATE"]),
        ("{by: guild, true: 150%, false: 1%}", ["HIGH_RATE"]),
    ],
)
def test_a_rate_above_all_is_told(rate: str, told: list[str]) -> None:
    assert codes(f"{{rate: {rate}, of: sales}}") == told


@pytest.mark.parametrize(
    ("award", "more", "told"),
    [
        ("{pay: 3000元, per: floor, cap: [{rate: 30%, of: rent}, 8元]}", "when: [floor >= 10]", ["CAP_BELOW_AWARD"]),
        ("{pay: 3000元, per: floor, cap: 8元}", "when: [floor >= 0.001]", []),
        ("{pay: sales}", "cap: 0元", ["PAYS_NOTHING"]),
    ],
)
def test_caps_below_all_that_is_paid_are_told(award: str, more: str, told: list[str]) -> None:
    assert codes(award, more) == told


def test_a_sum_over_rows_of_a_column_of_their_parent_is_refused() -> None:
    fact = "    odd: {zh: 怪, en: odd, sum: works, of: sales}\n"
    with pytest.raises(PolicyError) as refused:
        codes("{pay: odd}", facts=fact)
    assert "would be taken again for each row" in refused.value.faults[0].message.en


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        ("1..499: 80元, 500..1999: 50元, 2000..: 3元", ["TIER_ORDER", "TIER_ORDER"]),
        ("1..499: 80元, 500..: 80元", []),
        ("1..499: 80元, 500..: 79.84元", []),
        ("1..499: 80元, 500..: 79.83元", ["TIER_ORDER"]),
    ],
)
def test_a_price_by_which_more_units_come_to_less_is_told(prices: str, told: list[str]) -> None:
    assert codes(f"{{pay: {{by: pots, {prices}}}, per: pots}}") == told
