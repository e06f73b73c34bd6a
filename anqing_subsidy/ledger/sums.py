"""The sums of a result, added up again from its lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anqing_subsidy.finding import LedgerError, Text
from anqing_subsidy.money import QuantityError, fen_of_yuan, grouped

if TYPE_CHECKING:
    from pathlib import Path

    from anqing_subsidy.ledger.drafts import Draft


class Sums:
    """What the lines of a result come to: an applicant at a time, then the whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.amount = 0
        self.funds: dict[str, int] = {}
        self.clauses: dict[str, int] = {}

    def person(self, person: Mapping[str, Any], entries: list[Draft]) -> None:
        """Add the lines of an applicant.

        Raises:
            LedgerError: they do not come to what the result says of the applicant.
        """
        funds: dict[str, int] = {}
        for entry in entries:
            if entry.amount <= 0 or sum(entry.funds.values()) != entry.amount:
                raise self.refusal(Text(f"{entry.code} {entry.clause}", f"{entry.code} {entry.clause}"))
            self.clauses[entry.clause] = self.clauses.get(entry.clause, 0) + entry.amount
            for fund, amount in entry.funds.items():
                funds[fund] = funds.get(fund, 0) + amount
        self._equal(
            sum(entry.amount for entry in entries),
            person["total"],
            Text(f"{person['uscc']} 合计", f"{person['uscc']} total"),
        )
        self._funds(funds, person["by_fund"], f"{person['uscc']} ")
        self.amount += sum(funds.values())
        for fund, amount in funds.items():
            self.funds[fund] = self.funds.get(fund, 0) + amount

    def whole(self, totals: Mapping[str, Any]) -> None:
        """Compare all that was added.

        Raises:
            LedgerError: it is not what the result says in all, by fund or by clause.
        """
        self._equal(self.amount, totals["amount"], Text("总计", "total"))
        self._funds(self.funds, totals["by_fund"], "")
        for clause in {*totals["by_clause"], *self.clauses}:
            said = totals["by_clause"].get(clause, "0.00")
            self._equal(self.clauses.get(clause, 0), said, Text(f"条款 {clause} 合计", f"total of clause {clause}"))

    def _funds(self, sums: Mapping[str, int], said: Mapping[str, str], whose: str) -> None:
        for fund in {*sums, *said}:
            label = Text(f"{whose}资金 {fund}", f"{whose}fund {fund}")
            self._equal(sums.get(fund, 0), said.get(fund, "0.00"), label)

    def _equal(self, added: int, said: str, label: Text) -> None:
        try:
            is_same = fen_of_yuan(said) == added
        except QuantityError:
            is_same = False
        if not is_same:
            raise self.refusal(
                Text(
                    f"{label.zh} {said}，各行相加 {grouped(added)}",
                    f"{label.en} {said}, its lines add up to {grouped(added)}",
                )
            )

    def refusal(self, what: Text) -> LedgerError:
        """Why the result is not recorded, with the place where it does not agree."""
        return LedgerError(
            Text(
                f"{self.path} 的合计与各行不符（{what.zh}）：被改动过；未登记，请重新 run",
                f"the sums of {self.path} do not agree with its lines ({what.en}): it was changed;"
                " nothing was recorded, run again",
            )
        )
