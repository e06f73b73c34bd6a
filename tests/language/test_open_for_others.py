"""What is open for one applicant keeps what others share open: cells that cannot be read, places that nobody can tell."""

from __future__ import annotations

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.engine.unclaimed import unclaimed
from anqing_subsidy.report.asks import Asks
from anqing_subsidy.report.detail import Describer
from tests.language.town import YUAN, clause, kiln, lines, paid, run, town
from tests.oracle.common import BAD
from tests.support import frames

POOL = "{pool: 100元, shared_by: score, open_lines: %s}"
PLACE = "    rank: {zh: 排位, en: rank, rank_by: [sales, pots], among: [guild]}\n"


# ---- cells that cannot be read ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("how", "first"), [("hold_all", "0.00"), ("leave_out", "100.00")])
@pytest.mark.parametrize("cell", [{"score": BAD, "guild": True}, {"score": 5, "guild": BAD}])
def test_a_share_waits_for_a_cell_that_cannot_be_read(how: str, first: str, cell: dict[str, object]) -> None:
    policy = town(clause(POOL % how, "when: [guild]"))
    found = run(policy, kiln(1, score=9, guild=True), kiln(2, **cell))
    assert paid(found) == {"K1": first, "K2": "0.00"}
    assert {line["code"]: line["status"] for line in found.lines.iter_rows(named=True)}["K2"] == "invalid"


def test_who_waits_for_a_cell_that_cannot_be_read_is_told_whose() -> None:
    found = run(town(clause(POOL % "hold_all")), kiln(1, score=9), kiln(2, score=BAD))
    said = Describer(found, "zh").describe(found.lines).reason_text.to_list()
    assert said[0].startswith("缺少：其他申报主体的资料（一并分配）：窑2")


@pytest.mark.parametrize(("cap", "first"), [("", "42.35"), ("cap: 40元", "40.00")])
def test_a_budget_keeps_back_what_a_line_that_cannot_be_read_may_come_to(cap: str, first: str) -> None:
    body = clause("{pay: sales}", *([cap] if cap else []), "budget: {sum: 90元, open_lines: keep_back}")
    found = run(town(body), kiln(1, sales=80 * YUAN), kiln(2, sales=BAD))
    # under the cap 40 yuan at most may be due to each of two; without one it may be the whole budget: 90 x 80 / 170
    assert paid(found)["K1"] == first


def test_the_warning_about_open_lines_does_not_advise_what_is_done_already() -> None:
    body = clause("{pay: sales}", "budget: {sum: 90元, open_lines: keep_back}")
    found = run(town(body), kiln(1, sales=80 * YUAN), kiln(2, sales=BAD))
    (said,) = (finding for finding in found.findings if finding.code == "BUDGET_OPEN_LINES")
    assert said.message.zh == "一 奖励k_one：还有 1 条未定，补齐后可能超出预算 90.00 元"
    assert said.fix is not None
    assert said.fix.zh == "已为未定的条目留存，补齐后重算"


# ---- places ----------------------------------------------------------------------------------------------------------
def places(*kilns: dict[str, object]) -> dict[str, tuple[str, str]]:
    policy = town(
        clause("{pay: {by: rank, '1': 30元, '2': 20元, '3': 10元, else: 0元}}", "when: [rank <= 3]"), facts=PLACE
    )
    return {code: shown[:2] for (code, _, _), shown in lines(run(policy, *kilns)).items()}


def test_a_blank_that_decides_among_equals_keeps_nobody_waiting_where_none_are_equal() -> None:
    kilns = [
        kiln(at, sales=sales, pots=pots, guild=True)
        for at, sales, pots in ((1, 300, 5), (2, 200, None), (3, 100, None))
    ]
    assert places(*kilns) == {"K1": ("eligible", "30.00"), "K2": ("eligible", "20.00"), "K3": ("eligible", "10.00")}


def test_a_blank_that_decides_among_equals_keeps_the_equals_waiting_and_nobody_else() -> None:
    figures = ((1, 300, 5), (2, 200, None), (3, 200, 7), (4, 100, 1))
    kilns = [kiln(at, sales=sales, pots=pots, guild=True) for at, sales, pots in figures]
    assert places(*kilns) == {
        "K1": ("eligible", "30.00"),
        "K2": ("pending", "0.00"),
        "K3": ("pending", "0.00"),
        "K4": ("ineligible", "0.00"),
    }


def test_a_blank_figure_that_comes_first_keeps_all_waiting_who_may_be_behind_it() -> None:
    figures = ((1, 300, 5), (2, None, 1), (3, 200, 7))
    kilns = [kiln(at, sales=sales, pots=pots, guild=True) for at, sales, pots in figures]
    assert {status for status, _ in places(*kilns).values()} == {"pending"}


def test_the_equal_ones_wait_for_the_blank_of_the_other() -> None:
    policy = town(clause("{pay: 1元}", "when: [rank <= 1]"), facts=PLACE)
    kilns = [kiln(1, sales=200, pots=3, guild=True), kiln(2, sales=200, guild=True), kiln(3, sales=100, guild=True)]
    found = run(policy, *kilns)
    said = Describer(found, "zh").describe(found.lines).reason_text.to_list()
    assert said[0] == "缺少：排位（窑2 的资料未齐：烧成数）；补齐后最多 1.00 元"
    assert said[1] == "缺少：烧成数；补齐后最多 1.00 元"


# ---- not claimed -----------------------------------------------------------------------------------------------------
def test_a_word_that_decides_who_claims_is_asked_for_beside_the_figures_of_the_clause() -> None:
    body = clause("{pay: sales}").replace(
        "claimed: [kiln_no is given]", "claimed: [kind is folk or crude]\n  unclaimed_beside: [sales]"
    )
    policy = town(body)
    found = assess(policy, frames(policy, {"kilns": [kiln(1, sales=500), kiln(2, kind="glazed", sales=500), kiln(3)]}))
    assert [one.place and one.place.row for one in found.findings if one.code == "NOT_CLAIMED"] == [2]
    assert [(one.row, one.clause, one.more) for one in unclaimed(found)] == [(0, "k_one", 500)]


def test_a_county_of_a_closed_list_is_said_by_its_word() -> None:
    policy = town(applicant=" {table: kilns, code: kiln_no, name: kiln_name, county: kind}\n")
    found = run(policy, kiln(1, kind="glazed"), kiln(2))
    assert found.applicants["county"].to_list() == ["釉窑", None]


def test_a_budget_keeps_back_one_instalment_of_what_a_cap_leaves_possible() -> None:
    body = clause(
        "{pay: sales, cap: 100元}",
        "instalments: {year: pots, shares: [60%, 40%]}",
        "budget: {sum: 90元, open_lines: keep_back}",
    )
    kilns = [kiln(1, sales=50 * YUAN, pots=1), kiln(2, pots=1)]
    # 30 yuan are due to the one, 60 at the most to the other
    assert paid(run(town(body), *kilns)) == {"K1": "30.00", "K2": "0.00"}


def test_missing_asks_no_more_than_groups_leave_possible() -> None:
    body = (
        clause("{pay: 30元}", id_="k_one")
        + clause("{pay: 20元}", "when: [guild]", id_="k_two")
        + clause("{pay: 40元}", "when: [guild]", id_="k_three")
    )
    policy = town(body, groups="- {id: g, members: [k_one, k_two, k_three], pays: highest}\n")
    asked = Asks(run(policy, kiln(1)), "zh").ranked()
    assert {ask.clause_id: ask.amount for ask in asked} == {"k_two": 1000, "k_three": 1000}
