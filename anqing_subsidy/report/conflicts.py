"""Rows that contradict each other behind lines: what the finding about them says, and who else brings an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.engine.table_rows import ORIGIN
from anqing_subsidy.policy.reads import tables_behind
from anqing_subsidy.report.files import Files
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.finding import Finding, Place

_MOST: Final = 3
_CODES: Final = ("DUP_OBJECT_CONFLICT", "DUP_APPLICANT_CONFLICT", "DUP_ROW_CONFLICT")

At = tuple[int, int]
"""Part and row."""


class Conflicts:
    """Says of lines which rows contradict each other."""

    def __init__(self, words: Wording, assessment: Assessment) -> None:
        self.words = words
        self.policy = assessment.policy
        self.store = assessment.store
        self.tables = assessment.tables
        self.files = Files(assessment.tables)
        self.rows = {"paid": assessment.paid, "support": assessment.support}
        self._about: dict[Place, Finding] = {}
        for finding in assessment.findings:
            if finding.code in _CODES:
                self._about |= {place: finding for place in (finding.place, *finding.others) if place is not None}
        self._rows: dict[tuple[str, str], dict[int, list[At]]] = {}
        self._owners: dict[str, dict[Place, str]] = {}

    def of(self, view: View) -> list[str]:
        """The contradictions behind each line, a few; empty where no finding is about its rows."""
        if not self._about:
            return [""] * view.height
        clause, scope = view.trace.clause, view.trace.scope
        members = view.members() if view.adds_rows else None
        rows = members.view if members is not None else view
        found: list[dict[str, None]] = [{} for _ in range(rows.height)]
        codes = rows.of("code").to_list()
        for table in sorted({self.policy.main, *tables_behind(self.policy, clause.id)}):
            near = table in {scope.table, *scope.rows.up}
            base = table if near else scope.table if scope.table in self.store.rows[table].up else self.policy.main
            ups = rows.values(scope.up(base))
            loose = self._loose(table, clause.id)
            by_row = self._of_table(table, base) if loose is None else {}
            for at, (up, code) in enumerate(zip(ups, codes, strict=True)):
                for spot in loose.get(code, []) if loose is not None else by_row.get(up, []):
                    if (finding := self._about.get(self.tables.place(*spot))) is not None:
                        found[at][self._said(finding, table, code)] = None
        if members is None:
            return [self._few(texts) for texts in found]
        return [self._few({text: None for texts in mine for text in texts}) for mine in members.by_line(found)]

    def _few(self, texts: dict[str, None]) -> str:
        rest = len(texts) - _MOST
        more = self.words.say(f"；另有 {rest} 处", f"; and {rest} more") if rest > 0 else ""
        return self.words.joined(list(texts)[:_MOST]) + more

    def _of_table(self, table: str, base: str) -> dict[int, list[At]]:
        """The contradicting rows of a table by the row of an ancestor (or of the table itself)."""
        if (table, base) not in self._rows:
            found: dict[int, list[At]] = {}
            rows = self.store.rows[table]
            if rows.conflict is not None:
                at = rows.conflict.arg_true()
                ups = at if base == table else rows.up[base][at]
                for up, part, row in zip(
                    ups.to_list(), *(rows.frame[name][at].to_list() for name in ORIGIN), strict=True
                ):
                    found.setdefault(up, []).append((part, row))
            self._rows[table, base] = found
        return self._rows[table, base]

    def _loose(self, table: str, clause: str) -> dict[str, list[At]] | None:
        """Of awards paid and of other support the contradicting rows about a clause, by code; None of other tables."""
        paid, support = self.policy.paid, self.policy.support
        name = "paid" if paid and paid.table == table else "support" if support and support.table == table else ""
        if not name:
            return None
        rows, conflict = self.rows[name], self.store.rows[table].conflict
        found: dict[str, list[At]] = {}
        if conflict is not None and rows.height:
            # what one article of several clauses was paid for, or nothing that is known, may concern the line
            about = rows["clauses"].list.contains(clause) | (rows["clauses"].list.len() > 1)
            origin = self.store.rows[table].frame.filter(conflict).select(part="_part", row="_row").unique()
            hit = rows.filter(sure(about)).join(origin, on=["part", "row"], how="semi")
            for code, part, row in hit.select("code", "part", "row").rows():
                found.setdefault(code, []).append((part, row))
        return found

    def _said(self, finding: Finding, table: str, code: str) -> str:
        """The finding, and where different applicants bring an object, who the others are."""
        message = self.files.shorten(finding.message.say(self.words.lang))
        if finding.code != "DUP_OBJECT_CONFLICT":
            return message
        owners = self._owner_of(table)
        places = [place for place in (finding.place, *finding.others) if place is not None]
        others = dict.fromkeys(who for place in places if (who := owners.get(place, "")) and code not in who)
        names = self.words.listed(others)
        return message + (self.words.say(f"，另一方 {names}", f", the other one is {names}") if names else "")

    def _owner_of(self, table: str) -> dict[Place, str]:
        """Name and code of the applicant behind each contradicting row of a table."""
        if table not in self._owners:
            rows, main = self.store.rows[table], self.store.rows[self.policy.main].frame
            at = rows.conflict.arg_true() if rows.conflict is not None else pl.Series([], dtype=pl.UInt32)
            people = main.select(self.policy.payee.name, self.policy.payee.code)[rows.up[self.policy.main][at]]
            spots = rows.frame.select(ORIGIN)[at]
            self._owners[table] = {
                self.tables.place(part, row): f"{name or ''}（{code}）"
                if self.words.lang == "zh"
                else f"{name or ''} ({code})"
                for (part, row), (name, code) in zip(spots.rows(), people.rows(), strict=True)
            }
        return self._owners[table]
