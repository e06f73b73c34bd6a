"""What the sheets of the workbook say where a policy has no accounts, budgets that suffice, a rate of exchange."""

from __future__ import annotations

from anqing_subsidy.report.sheets_totals import payments
from tests.language.town import clause, kiln, run, town


def test_no_account_is_missed_where_the_policy_asks_for_none() -> None:
    sheet = payments(run(town(clause("{pay: 100元}")), kiln(1)), "zh")
    assert set(sheet.frame["备注"].to_list()) <= {None, ""}
