"""What the sheets of the workbook say where a policy has no accounts, budgets that suffice, a rate of exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anqing_subsidy.report.detail import detail_frame
from anqing_subsidy.report.sheets_basis import basis
from anqing_subsidy.report.sheets_totals import payments
from tests.language.town import YUAN, clause, kiln, run, town

if TYPE_CHECKING:
    from anqing_subsidy.policy import Policy

FUNDS = """
  clay: {zh: 陶土资金, en: clay fund, budget: {sum: 5000元, first: k_one}}
  fire: {zh: 窑火资金, en: fire fund}
  town: {zh: 镇级资金, en: town fund}
"""


def test_no_account_is_missed_where_the_policy_asks_for_none() -> None:
    sheet = payments(run(town(clause("{pay: 100元}")), kiln(1)), "zh")
    assert set(sheet.frame["备注"].to_list()) <= {None, ""}


def rows(policy: Policy, kind: str, lang: Any = "zh", **facts: int) -> list[tuple[str, ...]]:  # noqa: ANN401  # a language
    """The rows of one kind on the sheet of what a result rests on: item, value, meaning, remark."""
    found = run(policy, kiln(1, **facts))
    sheet = basis(found, detail_frame(found, lang), lang, "0")
    return [row[1:5] for row in sheet.frame.iter_rows() if row[0] == kind]


def test_budgets_that_suffice_are_listed_with_their_rule() -> None:
    text = clause("{pay: sales}", "budget: 900元") + clause("{pay: wages}", id_="k_two")
    groups = "- {id: both, members: [k_one, k_two], pays: sum, budget: 800元}\n"
    found = rows(town(text, groups=groups, funds=FUNDS), "预算", sales=100 * YUAN, wages=100 * YUAN)
    assert [(item, value, remark) for item, value, _, remark in found] == [
        ("一 奖励k_one", "900.00 元", "够付，未压减"),
        ("一预算", "800.00 元", "够付，未压减"),
        ("陶土资金预算", "5,000.00 元", "够付，未压减"),
    ]
    assert "先付一 奖励k_one" in found[2][2]


def test_a_budget_that_did_not_suffice_says_only_what_there_is_to_say() -> None:
    text = clause("{pay: sales}") + clause("{pay: wages}", id_="k_two")
    found = rows(town(text, funds=FUNDS), "预算", sales=2000 * YUAN, wages=4000 * YUAN)
    ((_, value, says, remark),) = found
    assert (value, remark) == ("5,000.00 元", "先付的条款 2,000.00 元")
    assert says.startswith("应付 6,000.00 元，按比例压减（3,000.00 ÷ 4,000.00")


def test_the_rate_of_exchange_is_listed_with_what_it_converts() -> None:
    policy = town(clause("{rate: 1%, of: export_yuan}"))
    assert rows(policy, "汇率") == [("1 美元", "6.5 元", "出口额折人民币", "")]
    assert rows(policy, "Exchange rate", "en") == [("1 US dollar", "6.5 yuan", "export in yuan", "")]
