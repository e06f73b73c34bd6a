"""A checked document -> the frozen policy: facts found, conditions parsed, amounts made exact."""

from __future__ import annotations

from collections.abc import Mapping

from anqing_subsidy.finding import NOTHING
from anqing_subsidy.policy.build_checks import build_checks
from anqing_subsidy.policy.build_clauses import ClauseBuilder
from anqing_subsidy.policy.build_facts import FactBuilder
from anqing_subsidy.policy.build_rules import RuleBuilder
from anqing_subsidy.policy.build_tables import TableBuilder
from anqing_subsidy.policy.checks import check_budgets, check_groups
from anqing_subsidy.policy.clauses import Group
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.faults import HOLE, Faults
from anqing_subsidy.policy.fold import Folder
from anqing_subsidy.policy.model import Policy, Reading
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.quantities import budget
from anqing_subsidy.policy.roles import check_roles
from anqing_subsidy.policy.rules import Payee
from anqing_subsidy.policy.schema import GroupDoc, PolicyDoc


class Builder:
    """Builds one policy under one choice of readings; every fault goes to `faults`."""

    def __init__(self, doc: PolicyDoc, folder: Folder, faults: Faults) -> None:
        self.doc = doc
        self.faults = faults
        tables = TableBuilder(doc, faults).tables()
        derived = {
            table: {name: (fact.zh, fact.en) for name, fact in facts.items()} for table, facts in doc.facts.items()
        }
        self.names = Names(tables, derived, doc.year, faults)
        self.parser = ConditionParser(self.names, folder)
        self.facts = FactBuilder(doc, self.names, self.parser)
        self.clauses = ClauseBuilder(doc, self.names, self.parser)
        self.rules = RuleBuilder(doc, self.names, self.parser)
        self.facts.type_facts()

    def build(self, file: str, sha256: str, settings: Mapping[str, str]) -> Policy:
        """The policy; look at `faults` before using it."""
        doc, names = self.doc, self.names
        facts = self.facts.facts()
        clauses = self.clauses.clauses()
        check_groups(doc, self.faults)
        check_budgets(doc, clauses, self.faults)
        groups = tuple(self._group(group) for group in doc.groups)
        if doc.applicant.table in names.tables:
            check_roles(doc.applicant, doc.applicant.table, names)
        else:
            names.table(doc.applicant.table, doc.applicant.at("table"))
        return Policy(
            id=doc.policy,
            title=doc.title.text,
            source=doc.source.text,
            year=doc.year,
            file=file,
            sha256=sha256,
            main=doc.applicant.table,
            payee=Payee(
                doc.applicant.code,
                doc.applicant.name,
                doc.applicant.county,
                doc.applicant.bank_name,
                doc.applicant.bank_account,
                doc.applicant.name_endings,
            ),
            rounding=doc.rounding,
            yes=doc.yes_no.true if doc.yes_no else (),
            no=doc.yes_no.false if doc.yes_no else (),
            readings={
                id_: Reading(
                    id_,
                    tuple(entry.options),
                    settings.get(id_, HOLE),
                    entry.text,
                    {key: label.text for key, label in entry.options.items()},
                )
                for id_, entry in doc.readings.items()
            },
            funds={id_: label.text for id_, label in doc.funds.items()},
            fund_note=doc.fund_note.text if doc.fund_note else NOTHING,
            tables=names.tables,
            facts=facts,
            history=self.rules.history(),
            paid=self.rules.paid(),
            support=self.rules.support(),
            decisions=self.rules.decisions(),
            claimants=tuple(self.rules.claimants()),
            declared_rows=tuple(self.rules.declared_rows()),
            clauses=clauses,
            groups=groups,
            notes=tuple(note.text for note in doc.notes),
            checks=tuple(build_checks(doc, names, self.parser)),
            effective=self.rules.effective(),
            budgets={
                id_: found
                for id_, fund in doc.funds.items()
                if (found := budget(fund.budget, fund.at("budget"), self.faults)) is not None
            },
            guide=doc.guide,
            every_fund=next(
                (clauses[one.id].fund for one in doc.clauses if "fund" not in one.tree and one.id in clauses), None
            ),
        )

    def _group(self, doc: GroupDoc) -> Group:
        """Clauses of which the highest is paid, or which add up; what caps them is a fact of the applicant."""
        caps = self.clauses.awards.values.caps(doc.cap, self.doc.applicant.table, doc.at("cap"))
        return Group(doc.id, doc.members, doc.pays, caps, budget(doc.budget, doc.at("budget"), self.faults), doc.line)
