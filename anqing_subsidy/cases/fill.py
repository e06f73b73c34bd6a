"""What a row of a case may leave out: who the applicant is, whose child it is, which of several it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from anqing_subsidy.cases.form import Cell, GivenRow
from anqing_subsidy.policy.faults import Faults

if TYPE_CHECKING:
    from anqing_subsidy.policy.columns import Column, Table
    from anqing_subsidy.policy.model import Policy

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Filler:
    """Fills in the keys of one case; what cannot be known is a fault with the line of the row."""

    def __init__(self, policy: Policy, faults: Faults) -> None:
        self.policy = policy
        self.faults = faults
        self.codes = 0

    def filled(self, rows: Mapping[str, Sequence[GivenRow]]) -> dict[str, tuple[GivenRow, ...]]:
        """The rows with their keys, parents before children."""
        done: dict[str, tuple[GivenRow, ...]] = {}
        for table in self._parents_first(rows):
            done[table.id] = tuple(
                GivenRow(row.line, self._row(table, row, number, done))
                for number, row in enumerate(rows[table.id], start=1)
            )
        return done

    def _parents_first(self, rows: Mapping[str, Sequence[GivenRow]]) -> list[Table]:
        def depth(table: Table) -> int:
            above = 0
            while table.parent is not None:
                table, above = self.policy.tables[table.parent], above + 1
            return above if table.id == self.policy.main else above + 1

        return sorted((self.policy.tables[id_] for id_ in rows), key=depth)

    def _row(
        self, table: Table, row: GivenRow, number: int, done: Mapping[str, tuple[GivenRow, ...]]
    ) -> dict[str, Cell]:
        cells = dict(row.cells)
        main = table.id == self.policy.main
        above = self.policy.tables[table.parent or self.policy.main] if not main else None
        for key in above.key if above is not None else ():
            if above is not None and key in table.columns:
                if key in cells:
                    cells[key] = self._code_of(above, key, cells[key], done)
                else:
                    self._inherit(table, above, key, row, cells, done)
        payee = self.policy.payee
        needed = [payee.code, payee.name] if main else []
        own = [key for key in table.key if table.columns[key].required and (above is None or key not in above.key)]
        for key in dict.fromkeys((*needed, *own)):
            if key not in cells and (made := self._made(table.columns[key], number)) is not None:
                cells[key] = made
        return cells

    def _code_of(self, above: Table, key: str, typed: Cell, done: Mapping[str, tuple[GivenRow, ...]]) -> Cell:
        """The code of the applicant that is called by its name; whatever else was typed stays."""
        payee = self.policy.payee
        if above.id != self.policy.main or key != payee.code:
            return typed
        owners = {owner.cells.get(payee.name): owner.cells.get(key) for owner in done.get(above.id, ())}
        return typed if typed in owners.values() else owners.get(typed, typed)

    def _inherit(
        self,
        table: Table,
        above: Table,
        key: str,
        row: GivenRow,
        cells: dict[str, Cell],
        done: Mapping[str, tuple[GivenRow, ...]],
    ) -> None:
        """The key of the only row that this one can belong to."""
        owners = list(dict.fromkeys(owner.cells.get(key) for owner in done.get(above.id, ())))
        if len(owners) == 1:
            cells[key] = owners[0]
        elif owners and table.parent is not None:
            self.faults.add(
                row.line,
                f"{table.id} 的这一行属于哪个 {above.id}？写明 {key}",
                f"whose is this row of `{table.id}`? There are several `{above.id}`: give `{key}`",
            )

    def _made(self, column: Column, number: int) -> str | None:
        """A value that tells rows apart; None where only the author can know it."""
        if column.type == "uscc":
            self.codes += 1
            return made_code(self.codes)
        return str(number) if column.type == "text" else None


def made_code(number: int) -> str:
    """A credit code with a right check digit, of a division that does not exist (GB 32100-2015)."""
    body = f"91000000MA{number:07d}"
    total = sum(_ALPHABET.index(sign) * pow(3, at, 31) for at, sign in enumerate(body))
    return body + _ALPHABET[-total % 31]
