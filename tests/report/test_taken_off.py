"""A line less what was paid before names the award that comes off it: in its reason, its cells, its explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.report.detail import detail_frame
from anqing_subsidy.report.explain.explainer import Explainer
from anqing_subsidy.report.explain.record import record_of
from tests.language.town import YUAN, clause, kiln, run, town

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment

MEDAL: Final = clause(
    "{pay: {by: grade, plain: 100元, fine: 300元, rare: 500元}}",
    "once_for: {same: [applicant, object, level], highest_first: [rare, fine, plain]}",
    "less_paid: [k_one]",
    table="works",
)
WORK: Final = {"kiln_no": "K1", "work_no": "W1", "grade": "rare"}


def before(year: int, amount: int, **more: object) -> dict[str, Any]:
    return {"kiln_no": "K1", "year": year, "item": "k_one", "sum": amount * YUAN, **more}


def explained(found: Assessment, lang: Any = "zh") -> dict[str, Any]:  # noqa: ANN401  # a language
    record = record_of(Explainer(found, lang, {}).explanation(), {})
    line: dict[str, Any] = record["applicant"]["lines"][0]
    return line


@pytest.fixture(scope="module")
def upgraded() -> Assessment:
    entries = [before(2020, 300, thing="W1", grade="fine"), before(2020, 100, thing="W2", grade="plain")]
    return run(town(MEDAL), kiln(1), works=[WORK], old_awards=entries)


def test_the_reason_names_the_award_of_the_lower_level_and_no_other(upgraded: Assessment) -> None:
    (line,) = detail_frame(upgraded, "zh").iter_rows(named=True)
    assert line["amount"] == 200 * YUAN
    assert line["reason_text"] == (
        "符合条件：等级 珍品；已减去以前兑现的：2020 年按一“奖励k_one”精品（W1）已兑现 300.00 元（rows.xlsx 旧奖 第 2 行）"
    )


def test_the_same_in_english(upgraded: Assessment) -> None:
    (said,) = detail_frame(upgraded, "en")["reason_text"]
    assert "; less what was paid before: 300.00 paid in 2020 for 一 Award k_one" in said


def test_the_cell_of_the_award_is_among_those_of_the_line(upgraded: Assessment) -> None:
    (cells,) = detail_frame(upgraded, "zh")["sources"]
    assert cells.split("; ")[-1].startswith("rows.xlsx 旧奖")
    assert cells.endswith("2") or "第 2 行" in cells


def test_the_explanation_lists_it_and_says_which_levels_were_not_paid(upgraded: Assessment) -> None:
    line = explained(upgraded)
    assert [text.split("：", 1)[0] for text in line["blocked_by"]] == ["减去以前已兑现的"]
    assert "300.00 元（rows.xlsx 旧奖 第 2 行）" in line["blocked_by"][0]
    assert "同级或更高级以前未兑现" in [check["text"] for check in line["checks"]]


def test_a_cap_for_life_names_what_used_it_up_where_it_cuts() -> None:
    policy = town(clause("{pay: sales}", "cap: 1000元", "cap_scope: lifetime"))
    for sales, named in ((900, True), (300, False)):
        found = run(policy, kiln(1, sales=sales * YUAN), old_awards=[before(2020, 400)])
        (line,) = detail_frame(found, "zh").iter_rows(named=True)
        assert ("已减去以前兑现的：2020 年" in line["reason_text"]) is named
        assert "旧奖" in line["sources"]
        assert explained(found)["blocked_by"]


def test_of_a_step_that_is_passed_it_says_that_this_step_or_a_higher_one_was_not_paid() -> None:
    award = "{first_past: pots, past: ge, tiers: {'100': 1000元}}"
    checks = explained(run(town(clause(award, "once_for: {same: tier}")), kiln(1, pots=120)))["checks"]
    assert "该档或更高档以前未兑现" in [check["text"] for check in checks]
