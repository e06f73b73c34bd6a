"""A ratio over a figure of 0 or less: nothing is blank, so the line names that figure and its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.report.asks import Asks
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.missing_cells import cells_waited_for
from tests.language.town import WAN, clause, kiln, run, town

if TYPE_CHECKING:
    from anqing_subsidy.policy import Policy

PRORATED: Final = clause("{pay: 100元, prorate_by: done_part}")
ASKED: Final = clause("{pay: 100元}", "when: [done_part >= 60%]")


def told(policy: Policy, lang: Any = "zh", **facts: int) -> tuple[str, str, str]:  # noqa: ANN401  # a language
    """What a line says, what to do about it, and the cells that it waits for."""
    describer = Describer(run(policy, kiln(1, **facts)), lang)
    said = describer.describe(describer.assessment.lines)
    return said.reason_text[0], said.todo[0], cells_waited_for(describer)[0]


@pytest.mark.parametrize("text", [PRORATED, ASKED])
def test_a_ratio_over_nothing_names_what_is_nothing_and_its_cell(text: str) -> None:
    reason, todo, cell = told(town(text), done=WAN, planned=0)
    assert reason == "资料不全：计划额为 0，比例无法计算；核实补齐后最多 100.00 元"
    assert todo == "核实或补充：计划额为 0，比例无法计算"
    assert cell.startswith("rows.xlsx 窑户")


def test_the_same_in_english() -> None:
    reason, todo, _ = told(town(PRORATED), "en", done=WAN, planned=0)
    assert reason == "incomplete: planned is 0, so the ratio cannot be worked out; up to 100.00 once known"
    assert todo == "check or supply: planned is 0, so the ratio cannot be worked out"


def test_what_is_blank_beside_it_is_named_too() -> None:
    reason, *_ = told(town(PRORATED), planned=0)
    assert reason.startswith("资料不全：完成额、计划额为 0，比例无法计算；")


def test_a_blank_below_is_missing_as_ever() -> None:
    reason, todo, _ = told(town(PRORATED), done=WAN)
    assert (reason, todo) == ("缺少：计划额；补齐后最多 100.00 元", "补充：计划额")


def test_a_growth_over_nothing_that_the_policy_leaves_open_is_named() -> None:
    facts = "    up: {zh: 增幅, en: growth, growth: [pots, pots_before], missing: pending, zero: pending}\n"
    policy = town(clause("{pay: 100元}", "when: [up >= 25%]"), facts=facts)
    assert "上年烧成数为 0，增幅无法计算" in told(policy, pots=3, pots_before=0)[0]


def test_a_difference_below_nothing_is_told_as_such() -> None:
    facts = "    part: {zh: 占比, en: part, ratio: [pots, more_pots]}\n"
    policy = town(clause("{pay: 100元}", "when: [part >= 25%]"), facts=facts)
    assert "比上年多烧为负数，比例无法计算" in told(policy, pots=3, pots_before=5)[0]


def test_the_list_of_what_is_missing_holds_it_with_its_cell() -> None:
    (ask,) = Asks(run(town(PRORATED), kiln(1, done=WAN, planned=0)), "zh").ranked()
    assert (ask.fact, ask.cell.startswith("rows.xlsx 窑户")) == ("计划额为 0，比例无法计算", True)
