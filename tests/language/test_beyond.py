"""What comes to more than any figure can be true is not paid, whatever caps it; one such row stops no other applicant."""

from __future__ import annotations

import pytest

from anqing_subsidy.report.detail import Describer
from tests.language.town import WAN, clause, kiln, lines, run, town

MUCH = 10**15 - 1
"""The largest count that a cell may hold."""

AWARDS = {
    "a sum for each unit": "{pay: 1万元, per: pots}",
    "units of several facts": "{pay: 1万元, per: [pots, masters, floor]}",
    "a cap": "{pay: 1万元, per: pots, cap: 2万元}",
    "a deduction": "{pay: 1万元, per: pots, deduct: aid}",
    "a ratio": "{pay: 1万元, per: pots, prorate_by: done_part}",
    "a factor": "{pay: 1元, per: pots, multiply_by: 9999}",
    "a row of a choice": "{highest_of: [{pay: 5元}, {pay: 1万元, per: pots}]}",
    "a part of a sum": "{sum_of: [{pay: 5元}, {pay: 1万元, per: pots}]}",
}


@pytest.mark.parametrize("award", AWARDS.values(), ids=AWARDS.keys())
def test_an_amount_that_cannot_be_true_is_invalid_and_says_so(award: str) -> None:
    whole = {"masters": MUCH, "floor": MUCH, "aid": 0, "done": 10**15 - 1, "planned": 10**15}
    found = run(
        town(clause(award)),
        kiln(1, pots=MUCH, **whole),
        kiln(2, pots=2, masters=1, floor=10_000, aid=0, done=1, planned=1),
    )
    assert lines(found)["K1", "k_one", None] == ("invalid", "0.00", None)
    assert lines(found)["K2", "k_one", None][0] == "eligible"
    said = Describer(found, "zh").describe(found.lines).reason_text.to_list()
    assert "不可信" in said[0]


def test_rows_that_are_added_up_are_not_paid_where_one_of_them_cannot_be_true() -> None:
    policy = town(clause("{pay: cost, multiply_by: 9999}", "one_line_per: applicant", "rows: add_up", table="works"))
    works = [
        {"kiln_no": "K1", "work_no": "W1", "cost": 1000 * WAN},
        {"kiln_no": "K1", "work_no": "W2", "cost": 10**14},
        {"kiln_no": "K2", "work_no": "W3", "cost": 1000 * WAN},
    ]
    found = run(policy, kiln(1), kiln(2), works=works)
    # what the other row certainly adds is paid, as where a cell of one row cannot be read
    assert [line[:2] for line in lines(found).values()] == [
        ("eligible_with_held", "99990000000.00"),
        ("eligible", "99990000000.00"),
    ]
    said = Describer(found, "zh").describe(found.lines).reason_text.to_list()
    assert "不可信" in said[0]


@pytest.mark.parametrize(("pots", "status"), [(10**9, "eligible"), (10**9 + 1, "invalid")])
def test_the_largest_sum_of_all_is_paid_and_a_unit_more_is_not(pots: int, status: str) -> None:
    found = run(town(clause("{pay: 1万元, per: pots}")), kiln(1, pots=pots))
    assert lines(found)["K1", "k_one", None][0] == status
