"""At most so many rows are added up: those that pay most, whatever their order; a blank counts where it could be one of them."""

from __future__ import annotations

import itertools
from typing import Final

import pytest

from anqing_subsidy.finding import PolicyError
from anqing_subsidy.ledger.entries import paying
from tests.language.town import YUAN, clause, kiln, lines, run, town

TOGETHER: Final = ("one_line_per: applicant", "rows: add_up", "most_rows: 2")
SOLD: Final = town(clause("{rate: 100%, of: cost, cap: 500元}", *TOGETHER, table="works"))

GRADED: Final = town(clause("{rate: 100%, of: cost}", "when: [grade is fine]", *TOGETHER, table="works"))


def shown(*prices: int | None) -> tuple[str, str, str | None]:
    """The line of a kiln with works of some prices in yuan."""
    works = [
        {"kiln_no": "K1", "work_no": f"w{at}", "cost": None if yuan is None else yuan * YUAN}
        for at, yuan in enumerate(prices)
    ]
    return lines(run(SOLD, kiln(), works=works))["K1", "k_one", None]


@pytest.mark.parametrize(
    ("prices", "amount"),
    [
        ((100,), "100.00"),
        ((100, 200), "300.00"),
        ((100, 200, 300), "500.00"),  # 200 + 300
        ((800, 600, 1), "1000.00"),  # each at most 500
        ((300, 300, 300), "600.00"),
        ((0, 0, 7), "7.00"),
    ],
)
def test_the_two_rows_that_pay_most_are_added_up(prices: tuple[int, ...], amount: str) -> None:
    for order in itertools.permutations(prices):
        assert shown(*order) == ("eligible", amount, None)


def test_a_blank_row_leaves_the_line_open_while_it_could_be_among_those_that_count() -> None:
    assert shown(100, 200, None)[:2] == ("eligible_with_held", "300.00")
    assert shown(None)[:2] == ("pending", "0.00")


def test_a_row_that_may_count_and_pays_no_more_than_those_that_do_leaves_nothing_open() -> None:
    for more, status in ((100, "eligible"), (99, "eligible"), (101, "eligible_with_held")):
        works = [
            {"kiln_no": "K1", "work_no": "a", "cost": 100 * YUAN, "grade": "fine"},
            {"kiln_no": "K1", "work_no": "b", "cost": 100 * YUAN, "grade": "fine"},
            {"kiln_no": "K1", "work_no": "c", "cost": more * YUAN, "grade": None},
        ]
        for order in itertools.permutations(works):
            assert lines(run(GRADED, kiln(), works=order))["K1", "k_one", None][:2] == (status, "200.00")


def test_only_the_rows_that_count_are_recorded_as_paid() -> None:
    works = [
        {"kiln_no": "K1", "work_no": name, "cost": yuan * YUAN} for name, yuan in (("a", 10), ("b", 30), ("c", 20))
    ]
    (entry,) = paying(run(SOLD, kiln(), works=works)).iter_rows(named=True)
    assert (entry["names"], entry["adds"]) == (["b", "c"], [3000, 2000])


def test_it_goes_with_rows_that_are_added_up() -> None:
    with pytest.raises(PolicyError) as refused:
        town(clause("{pay: 500元}", "one_line_per: applicant", "rows: highest", "most_rows: 2", table="works"))
    assert "say `rows: add_up`" in str(refused.value)
