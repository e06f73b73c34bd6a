"""Rules for every clause of a checked document: history, awards paid, support, decisions, claimants, stand-ins."""

from __future__ import annotations

from datetime import date

from anqing_subsidy.money import QuantityError
from anqing_subsidy.policy.build_checks import ratio_of
from anqing_subsidy.policy.build_declared import build_declared_rows
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.faults import HOLE
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.quantities import day
from anqing_subsidy.policy.reader import Entry
from anqing_subsidy.policy.roles import check_roles
from anqing_subsidy.policy.rules import Claimant, DecisionTable, DeclaredRow, History, PaidTable, Support
from anqing_subsidy.policy.schema import PolicyDoc
from anqing_subsidy.policy.terms import Conditions, Ref


class RuleBuilder:
    """Builds the rules that hold for every clause."""

    def __init__(self, doc: PolicyDoc, names: Names, parser: ConditionParser) -> None:
        self.doc = doc
        self.names = names
        self.faults = names.faults
        self.parser = parser

    def history(self) -> History | None:
        """What "for the first time" looks back on."""
        doc = self.doc.history
        if doc is None or not self._checked(doc, doc.table, doc.at("table")):
            return None
        main = self.doc.applicant.table
        if not self.names.below(doc.table, main):
            self.faults.add(
                doc.at("table"),
                f"表 {doc.table} 不是 {main} 的下级表: 历年数据一年一行，写 parent: {main}",
                f"`{doc.table}` is no table below `{main}`: earlier years have a row each, with `parent: {main}`",
            )
        since = self.names.find(main, doc.since, doc.at("since"))
        self.names.expect(since, ("date",), doc.at("since"), "since")
        declared = {}
        for metric, word in doc.declared.items():
            line = doc.at("declared", metric)
            self.names.column(doc.table, metric, line)
            ref = self.names.find(main, word, line)
            if ref is not None:
                kind = self.names.types.get(Ref(doc.table, metric))
                self.names.expect(ref, (kind,) if kind is not None else (), line, f"declared {metric}")
                declared[metric] = ref
        ratio = ratio_of(doc.suspect_ratio, doc.at("suspect_ratio"), self.faults)
        return History(doc.table, doc.year, since or Ref(main, HOLE), doc.missing, doc.basis, declared, ratio)

    def effective(self) -> tuple[date, date | None] | None:
        """The first and the last day on which the policy is in force."""
        doc = self.doc.effective
        if doc is None or doc.hole:
            return None
        days = [self._day(word, doc.at(key)) for key, word in (("from", doc.from_), ("to", doc.to)) if word]
        if None in days or not days:
            return None
        first, last = days[0], days[1] if len(days) > 1 else None
        if first is None:
            return None
        if last is not None and last < first:
            self.faults.add(doc.at("to"), "有效期首尾颠倒", "`to` is before `from`")
        year, at = self.doc.year, self.doc.at("year")
        if any(fault.line == at for fault in self.faults.found):
            return first, last  # it could not be read
        if year < first.year or (last is not None and year > last.year):
            self.faults.add(
                at,
                f"申报年度 {year} 不在有效期内: 改 year 或 effective",
                f"the year {year} is outside `effective`: change one of them",
            )
        return first, last

    def _day(self, word: str, line: int) -> date | None:
        if word == HOLE:
            return None
        try:
            return day(word)
        except QuantityError as fault:
            self.faults.add(line, fault.zh, str(fault))
            return None

    def _checked(self, doc: Entry, table: str, line: int) -> bool:
        """Whether a table is there, and a fault for each of its columns that is named and not there."""
        if self.names.table(table, line) not in self.names.tables:
            return False
        check_roles(doc, table, self.names)
        return True

    def paid(self) -> PaidTable | None:
        """The table of awards already paid."""
        doc = self.doc.awards_paid
        if doc is None or not self._checked(doc, doc.table, doc.at("table")):
            return None
        return PaidTable(doc.table, doc.year, doc.clause, doc.object, doc.tier, doc.level, doc.amount)

    def support(self) -> Support | None:
        """Support from other programmes."""
        doc = self.doc.other_support
        if doc is None or not self._checked(doc, doc.table, doc.at("table")):
            return None
        where = self.parser.parse(doc.where, doc.table, doc.at("where"))
        undecided = self.parser.parse(doc.undecided, doc.table, doc.at("undecided"))
        return Support(
            doc.table, doc.clause, doc.object, doc.units, doc.amount, doc.same_matter, where, undecided, doc.effect
        )

    def decisions(self) -> DecisionTable | None:
        """The table of decisions by hand."""
        doc = self.doc.decisions
        if doc is None or not self._checked(doc, doc.table, doc.at("table")):
            return None
        return DecisionTable(
            doc.table, doc.clause, doc.object, doc.decision, doc.amount, doc.row_ref, doc.reason, doc.decided_by
        )

    def claimants(self) -> list[Claimant]:
        """Child rows that only one claimant may bring."""
        found = []
        for table, doc in self.doc.one_claimant.items():
            line = self.doc.at("one_claimant", table)
            if self._checked(doc, table, line):
                where: Conditions = self.parser.parse(doc.where, table, doc.at("where"))
                if doc.settle == "earliest" and doc.earliest is None:
                    self.faults.add(
                        doc.at("settle"),
                        "settle: earliest 需要 earliest: 写明按哪一列日期定先后",
                        "`settle: earliest` needs `earliest`: the column of dates that decides",
                    )
                found.append(Claimant(table, doc.key, doc.claimant, where, doc.settle, doc.earliest))
        return found

    def declared_rows(self) -> list[DeclaredRow]:
        """Rows that stand in for a sheet of details."""
        return build_declared_rows(self.doc, self.names)
