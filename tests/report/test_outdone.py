"""A line of which another is paid instead names both amounts as they were compared, before anything cut them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.report.detail import detail_frame
from tests.language.town import YUAN, clause, kiln, run, town

if TYPE_CHECKING:
    from anqing_subsidy.policy import Policy

TWO: Final = clause("{pay: sales}") + clause("{pay: wages}", id_="k_two")
HIGHEST: Final = "- {id: both, members: [k_one, k_two], pays: highest}\n"


def reason(policy: Policy, sales: int, wages: int, lang: Any = "zh", rent: int = 0) -> str:  # noqa: ANN401  # a language
    lines = detail_frame(run(policy, kiln(1, sales=sales * YUAN, wages=wages * YUAN, rent=rent * YUAN)), lang)
    (said,) = [line["reason_text"] for line in lines.iter_rows(named=True) if line["status"] == "superseded"]
    return str(said)


def test_both_amounts_are_named() -> None:
    policy = town(TWO, groups=HIGHEST)
    assert reason(policy, 300, 200) == "与“奖励k_one”只付其中较高的一项：本条 200.00 元，后者 300.00 元"
    assert reason(policy, 200, 300, "en") == (
        "only the highest of this and `Award k_one` is paid: this one comes to 200.00 yuan, that one comes to 300.00 yuan"
    ).replace("k_one", "k_two")


def test_of_equal_amounts_the_first_is_paid() -> None:
    assert reason(town(TWO, groups=HIGHEST), 200, 200).endswith("本条 200.00 元，后者 200.00 元，相等，付排在前面的")


def test_a_budget_that_cuts_the_higher_one_below_the_other_changes_nothing_of_what_was_compared() -> None:
    funds = "\n  clay: {zh: 陶土资金, en: clay fund, budget: 100元}\n"
    policy = town(TWO, groups=HIGHEST, funds=funds)
    assert reason(policy, 300, 200).endswith("本条 200.00 元，后者 300.00 元（压减前）")
    assert reason(policy, 300, 200, "en").endswith("that one comes to 300.00 yuan (before it is cut)")


def test_so_does_the_cap_of_a_group_around_both() -> None:
    around = HIGHEST + "- {id: all, members: [both, k_three], pays: sum, cap: 100元}\n"
    three = TWO + clause("{pay: rent}", id_="k_three")
    assert reason(town(three, groups=around), 300, 200).endswith("本条 200.00 元，后者 300.00 元（压减前）")


def test_clauses_that_are_compared_as_one_are_added_up() -> None:
    three = TWO + clause("{pay: rent}", id_="k_three")
    groups = "- {id: pair, members: [k_two, k_three], pays: sum}\n- {id: both, members: [k_one, pair], pays: highest}\n"
    said = reason(town(three, groups=groups), 250, 200, rent=100)
    assert said == "与“奖励k_two”、“奖励k_three”只付其中较高的一项：本条 250.00 元，后者 300.00 元"
    assert reason(town(three, groups=groups), 250, 300).startswith("与“奖励k_two”只付")
