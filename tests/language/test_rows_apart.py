"""Rows of `sum_of` that cannot both hold: what a line may come to counts the larger of them alone."""

from __future__ import annotations

import pytest

from tests.language.town import clause, kiln, lines, run, town

ROWS = "{sum_of: [{pay: 1元}, {pay: 10元, when: [%s]}, {pay: 30元, when: [%s]}]}"


@pytest.mark.parametrize(
    ("one", "other", "most"),
    [
        ("wages < 4元", "wages >= 4元", "31.00"),
        ("wages <= 4元", "wages >= 4元", "41.00"),
        ("wages < 4元", "wages > 5元", "31.00"),
        ("wages > 4元", "wages < 5元", "41.00"),
        ("wages == 4元", "wages != 4元", "31.00"),
        ("wages == 4元", "wages == 5元", "31.00"),
        ("wages > rent", "wages <= rent", "31.00"),
        ("wages > rent", "wages >= rent", "41.00"),
        ("kind == folk", "kind is glazed or crude", "31.00"),
        ("kind is folk or glazed", "kind is glazed or crude", "41.00"),
        ("guild", "not guild", "31.00"),
        ("first_fired < 2020-01-01", "first_fired >= 2020-01-01", "31.00"),
        ("wages < 4元", "rent >= 4元", "41.00"),
    ],
)
def test_of_rows_that_cannot_both_hold_one_is_possible(one: str, other: str, most: str) -> None:
    found = run(town(clause(ROWS % (one, other))), kiln(1))
    assert lines(found)["K1", "k_one", None] == ("pending", "0.00", most)


def test_a_chain_of_bands_is_no_more_than_its_highest() -> None:
    bands = "{sum_of: [{pay: 1元, when: [wages < 1元]}, {pay: 2元, when: [1元 <= wages < 2元]}, {pay: 4元, when: [wages >= 2元]}]}"
    assert lines(run(town(clause(bands)), kiln(1)))["K1", "k_one", None] == ("pending", "0.00", "4.00")
