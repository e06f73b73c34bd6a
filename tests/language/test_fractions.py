"""Ratios may be written as fractions, wherever a ratio stands, and stay exact."""

from __future__ import annotations

import pytest

from anqing_subsidy.finding import PolicyError
from anqing_subsidy.money import QuantityError, parse_factor, parse_rate
from anqing_subsidy.report.detail import detail_frame
from tests.language.town import WAN, YUAN, clause, kiln, paid, run, town


@pytest.mark.parametrize(
    ("award", "pays", "formula"),
    [
        ("{pay: 100元, multiply_by: 2/3}", "66.67", "100.00 × 2/3 = 66.67"),
        ("{rate: 1/3, of: sales}", "3333.33", "10,000.00 × 1/3 = 3,333.33"),
        ("{pay: 100元, multiply_by: {by: masters, 1: 1/3, 2..: 2/3}}", "66.67", "100.00 × 2/3（师傅 2 人） = 66.67"),
        ("{pay: 1万元, cap: {rate: 2/3, of: wages}}", "66.66", "10,000.00 → 上限 66.66"),
    ],
)
def test_a_fraction_multiplies_exactly_and_is_written_as_it_was(award: str, pays: str, formula: str) -> None:
    found = run(town(clause(award)), kiln(1, sales=WAN, masters=2, wages=100 * YUAN))
    assert paid(found) == {"K1": pays}
    assert detail_frame(found, "zh")["formula"][0] == formula


def test_shares_of_funds_and_of_years_may_be_fractions() -> None:
    policy = town(clause("{pay: 100元}", "fund: {shares: {clay: 2/3, town: 1/3}}"))
    line = run(policy, kiln(1)).lines.row(0, named=True)
    assert (line["fund:clay"], line["fund:town"]) == (6667, 3333)
    policy = town(clause("{pay: 100元}", "instalments: {year: masters, shares: [1/3, 1/3, 1/3]}"))
    assert [paid(run(policy, kiln(1, masters=year)))["K1"] for year in (1, 2, 3)] == ["33.33", "33.34", "33.33"]


def test_a_condition_compares_with_a_fraction_exactly() -> None:
    policy = town(clause("{pay: 100元}", "when: [done_part >= 2/3]"))
    rows = [kiln(at, done=done, planned=30000) for at, done in enumerate((19999, 20000))]
    assert paid(run(policy, *rows)) == {"K0": "0.00", "K1": "100.00"}


@pytest.mark.parametrize("text", ["2/0", "1/100000", "100000/3", "2/3%", "2/3万", "-1/3", "1/2/3", "/3", "a/3"])
def test_what_is_no_fraction_is_refused(text: str) -> None:
    for parse in (parse_factor, parse_rate):
        with pytest.raises(QuantityError):
            parse(text)


def test_a_sum_is_no_fraction() -> None:
    with pytest.raises(PolicyError, match="1/3"):
        town(clause("{pay: 1/3}"))


def test_a_rank_inside_an_award_is_told_where_it_belongs() -> None:
    for word in ("rank_by: [score]", "top: 3", "rank: score"):
        with pytest.raises(PolicyError) as refused:
            town(clause(f"{{pay: 100元, {word}}}"))
        said = str(refused.value)
        assert "did you mean" not in said
        assert "under `facts`" in said or "facts 下" in said


def test_at_the_edge_of_what_fits_a_deduction_and_a_cap_are_still_told() -> None:
    award = "{pay: sales, multiply_by: 123456789.123456789, deduct: wages, cap: {rate: 999/1000, of: taxes}}".replace(
        "999/1000", "99.9%"
    )
    largest = 10**15
    found = run(
        town(clause(award)),
        kiln(1, sales=7, wages=largest, taxes=largest),
        kiln(2, sales=8_100_000, wages=1, taxes=largest),
    )
    told = detail_frame(found, "zh")
    assert told["amount"].to_list() == [0, found.lines["amount"][1]]
    assert "→ 0.00" in told["formula"][0]
    assert "→ 上限" in told["formula"][1]
