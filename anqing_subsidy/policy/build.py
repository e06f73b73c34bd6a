"""A checked document -> the frozen policy: facts found, conditions parsed, amounts made exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.money import QuantityError, parse_money
from anqing_subsidy.policy.build_awards import AwardBuilder
from anqing_subsidy.policy.build_rules import RuleBuilder
from anqing_subsidy.policy.checks import check_groups, check_tables, in_a_circle
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.fold import Faults, Folder, nearest
from anqing_subsidy.policy.model import (
    Added,
    Anniversary,
    ChildCount,
    ChildSum,
    Clause,
    Column,
    Derivation,
    DerivedFact,
    FactType,
    FundRule,
    Group,
    ListedIn,
    Once,
    Payee,
    Policy,
    RatioOf,
    Reading,
    Ref,
    SameAs,
    Table,
    UnitSuspect,
    WhenHolds,
    YearOf,
)
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.reads import readings_of
from anqing_subsidy.policy.schema import ClauseDoc, FactDoc, PolicyDoc, TableDoc
from anqing_subsidy.policy.yamltree import YamlMap

_OPERATIONS = ("count", "sum", "add", "ratio", "year_of", "anniversary", "when", "same_as", "listed_in")
_DERIVED_TYPES: Mapping[str, FactType] = {
    "count": "count",
    "ratio": "ratio",
    "year_of": "year",
    "anniversary": "date",
    "when": "yesno",
}


class Builder:
    """Builds one policy under one choice of readings; every fault goes to `faults`."""

    def __init__(self, doc: PolicyDoc, folder: Folder, faults: Faults) -> None:
        self.doc = doc
        self.faults = faults
        check_tables(doc, faults)
        circle = in_a_circle({id_: table.parent for id_, table in doc.tables.items()})
        for id_ in circle:
            faults.add(
                doc.tables[id_].line,
                f"表 {id_} 的上级绕回自己",
                f"table `{id_}` is its own ancestor, or has one that is",
            )
        self.tables = {id_: self._table(id_, table) for id_, table in doc.tables.items()}
        self.tables = {
            id_: replace(table, parent=None) if id_ in circle else table for id_, table in self.tables.items()
        }
        derived = {table: tuple(facts) for table, facts in doc.facts.items()}
        self.names = Names(self.tables, derived, doc.year, faults)
        self.parser = ConditionParser(self.names, folder)
        self.awards = AwardBuilder(doc, self.names, self.parser)
        self.rules = RuleBuilder(doc, self.names, self.parser)
        self._type_facts()

    # ---- tables -------------------------------------------------------------------------------

    def _table(self, id_: str, doc: TableDoc) -> Table:
        columns = {}
        for name, column in doc.columns.items():
            values = None
            if column.values is not None:
                if column.values not in self.doc.enums:
                    hint = nearest(column.values, self.doc.enums)
                    self.faults.add(
                        column.line,
                        f"没有取值表 {column.values}{hint.zh}",
                        f"no list `{column.values}` under enums{hint.en}",
                    )
                values = {key: tuple(words) for key, words in self.doc.enums.get(column.values, {}).items()}
            elif column.type == "enum":
                self.faults.add(column.line, f"枚举列 {name} 缺少 values", f"enum column `{name}` needs `values`")
            columns[name] = Column(
                name,
                column.header,
                column.en,
                column.type,
                column.unit,
                tuple(column.aliases),
                column.required,
                values,
                column.open_values,
                column.doc,
            )
        for name in (*doc.key, *([doc.object] if doc.object else [])):
            if name not in columns:
                self.faults.add(
                    doc.line,
                    f"表 {id_} 的键 {name} 不是它的列",
                    f"key `{name}` of table `{id_}` is not one of its columns",
                )
        if doc.parent is not None and doc.parent not in self.doc.tables:
            self.faults.add(
                doc.line,
                f"表 {id_} 的上级 {doc.parent} 不存在",
                f"parent `{doc.parent}` of table `{id_}` does not exist",
            )
        suspect = None
        if doc.unit_suspect is not None:
            try:
                below = parse_money(doc.unit_suspect.below)
            except QuantityError as fault:
                self.faults.add(doc.unit_suspect.line, f"金额 {doc.unit_suspect.below!r} 不对", str(fault))
                below = 0
            suspect = UnitSuspect(tuple(doc.unit_suspect.columns), below, doc.unit_suspect.at_least)
        return Table(
            id_,
            doc.sheet,
            doc.en,
            tuple(doc.key),
            doc.parent,
            doc.object,
            columns,
            doc.doc,
            doc.orphans,
            suspect,
            tuple(doc.distinct),
        )

    # ---- facts --------------------------------------------------------------------------------

    def _type_facts(self) -> None:
        """Types of derived facts: those that take the type of another wait until it is known."""
        waiting = [(Ref(table, name), fact) for table, facts in self.doc.facts.items() for name, fact in facts.items()]
        for ref, _ in waiting:
            self.names.table(ref.table, 1)
        while waiting:
            later = []
            for ref, fact in waiting:
                operation = next((name for name in _OPERATIONS if getattr(fact, name) is not None), None)
                source = {
                    "sum": fact.of,
                    "add": fact.add[0] if fact.add else None,
                    "same_as": fact.same_as,
                    "listed_in": fact.otherwise,
                }.get(operation or "")
                kind = _DERIVED_TYPES.get(operation or "")
                if source is not None:
                    owner = fact.sum if operation == "sum" and fact.sum else ref.table
                    origin = next(
                        (Ref(table, source) for table in self.names.chain(owner) if self.names.has(table, source)), None
                    )
                    kind = self.names.types.get(origin) if origin else "count"
                    if origin in self.names.options:
                        self.names.options[ref] = self.names.options[origin]
                if kind is None and operation is not None:
                    later.append((ref, fact))
                else:
                    self.names.types[ref] = kind or "count"
            if len(later) == len(waiting):
                for ref, fact in later:
                    self.faults.add(
                        fact.line, f"事实 {ref.id} 绕了一圈又用到自己", f"fact `{ref.id}` depends on itself"
                    )
                    self.names.types[ref] = "count"
                return
            waiting = later

    def _fact(self, table: str, name: str, doc: FactDoc) -> DerivedFact | None:
        given = [operation for operation in _OPERATIONS if getattr(doc, operation) is not None]
        if len(given) != 1:
            listing = ", ".join(_OPERATIONS)
            self.faults.add(
                doc.line, f"事实 {name} 须恰有一种算法: {listing}", f"fact `{name}` needs exactly one of {listing}"
            )
            return None
        how = self._derivation(table, doc, given[0])
        ref = Ref(table, name)
        return (
            DerivedFact(ref, self.names.types.get(ref, "count"), Text(doc.zh, doc.en), how) if how is not None else None
        )

    def _derivation(self, table: str, doc: FactDoc, operation: str) -> Derivation | None:
        line = doc.line

        def find(word: str | None, owner: str = table) -> Ref | None:
            return self.names.find(owner, word, line) if word is not None else None

        otherwise = find(doc.otherwise)
        if operation in ("count", "sum"):
            child = self.names.table(doc.count or doc.sum or "", line)
            if child not in self.tables:
                return None
            where = self.parser.parse(doc.where, child, line)
            if operation == "count":
                return ChildCount(child, where, otherwise)
            of = find(doc.of, child)
            if doc.of is None:
                self.faults.add(line, "sum 需要 of: 写明加哪一列", "`sum` needs `of`: the column to add up")
            return ChildSum(child, of, where, otherwise) if of else None
        if operation == "add":
            refs = tuple(ref for word in doc.add or [] if (ref := find(word)))
            for ref in refs:
                kind = self.names.types.get(refs[0], "money")
                self.names.expect(ref, (kind,) if kind in ("money", "count", "area") else ("money",), line, "add")
            return Added(refs)
        if operation == "ratio":
            top, bottom = (find(word) for word in doc.ratio or [])
            return RatioOf(top, bottom) if top and bottom else None
        if operation == "when":
            return WhenHolds(self.parser.parse(doc.when, table, line))
        ref = find(doc.year_of or doc.anniversary or doc.same_as)
        if operation == "listed_in":
            listing = self.names.table(doc.listed_in or "", line)
            if doc.listed is None or doc.unlisted is None or otherwise is None:
                self.faults.add(
                    line, "listed_in 需要 listed、unlisted 和 else", "`listed_in` needs `listed`, `unlisted` and `else`"
                )
                return None
            return ListedIn(listing, doc.listed, doc.unlisted, otherwise)
        if ref is None:
            return None
        if operation != "same_as":
            self.names.expect(ref, ("date",), line, operation)
        if operation == "year_of":
            return YearOf(ref)
        return SameAs(ref) if operation == "same_as" else Anniversary(ref, doc.years or 0)

    # ---- clauses ------------------------------------------------------------------------------

    def _clause(self, doc: ClauseDoc, readings: tuple[str, ...]) -> Clause | None:
        line = doc.line
        table = doc.each or self.doc.applicant.table
        if self.names.table(table, line) not in self.tables:
            return None
        if not doc.article.strip():
            self.faults.add(line, f"条款 {doc.id} 没有写明文件条次", f"clause `{doc.id}` cites no article")
        once, once_with = self._once(doc)
        main = self.doc.applicant.table
        award = self.awards.award(doc.award, table, once_with)
        rows = doc.rows or "one"
        if doc.one_line_per is not None and doc.rows is None:
            self.faults.add(
                line,
                f"条款 {doc.id} 每条线含多行: 写明 rows: add_up 或 highest",
                f"clause `{doc.id}` puts rows together: say `rows: add_up` or `highest`",
            )
        return Clause(
            id=doc.id,
            article=doc.article,
            title=doc.title.text,
            line=line,
            table=table,
            where=self.parser.parse(doc.where, table, line),
            claimed=self.parser.parse(doc.claimed, table, line),
            unclaimed_beside=tuple(ref for word in doc.unclaimed_beside if (ref := self.names.find(main, word, line))),
            when=self.parser.parse(doc.when, table, line),
            award=award,
            declared_award=self.awards.award(doc.declared, main, ()) if doc.declared else None,
            rows=rows,
            line_per=doc.one_line_per or "row",
            cap=self.awards.money(doc.cap, line) if doc.cap is not None else None,
            cap_scope=doc.cap_scope,
            once=once,
            less_paid=tuple(self._known_clause(word, line) for word in doc.less_paid),
            fund=self._fund(doc, table),
            readings=readings,
        )

    def _once(self, doc: ClauseDoc) -> tuple[tuple[Once, ...], tuple[str, ...]]:
        """The rules of once-only, and the clauses that share the tiers of a first crossing."""
        rules = []
        beside: tuple[str, ...] = ()
        for rule in doc.once_for:
            if rule.same == ["tier"]:
                beside = tuple(self._known_clause(word, rule.line) for word in (rule.beside or [doc.id]))
                if doc.award.first_past is None:
                    self.faults.add(rule.line, "same: tier 只用于 first_past", "`same: tier` goes with `first_past`")
                continue
            ranks = {}
            level = None
            if "level" in rule.same:
                pay = doc.award.pay
                by = pay.get("by") if isinstance(pay, YamlMap) else None
                level = self.names.find(doc.each or self.doc.applicant.table, str(by), rule.line) if by else None
                if not rule.highest_first or level is None:
                    self.faults.add(
                        rule.line,
                        "按级别只奖一次: 需要 pay 按级别取值和 highest_first",
                        "`same: level` needs `pay: {by: level …}` and `highest_first`",
                    )
                ranks = {word: len(rule.highest_first or []) - at for at, word in enumerate(rule.highest_first or [])}
                options = self.names.options.get(level) if level is not None else None
                if options is not None and set(ranks) != set(options) - {"unknown"}:
                    listing = ", ".join(options)
                    self.faults.add(
                        rule.line, f"highest_first 须恰好列出 {listing}", f"`highest_first` must list exactly {listing}"
                    )
            same = tuple(part for part in rule.same if part != "tier")
            rules.append(Once(same, level, ranks))
        if (rules or beside) and self.doc.awards_paid is None:
            self.faults.add(
                doc.line, "once_for 需要 awards_paid: 写明已兑现表", "`once_for` needs `awards_paid:` at the top level"
            )
        return tuple(rules), beside

    def _known_clause(self, word: str, line: int) -> str:
        known = [clause.id for clause in self.doc.clauses]
        if word not in known:
            hint = nearest(word, known)
            self.faults.add(line, f"没有条款 {word}{hint.zh}", f"there is no clause `{word}`{hint.en}")
        return word

    def _fund(self, doc: ClauseDoc, table: str) -> FundRule:
        def known(word: str) -> str:
            if word not in self.doc.funds:
                hint = nearest(word, self.doc.funds)
                self.faults.add(doc.line, f"没有资金 {word}{hint.zh}", f"there is no fund `{word}`{hint.en}")
            return word

        if isinstance(doc.fund, str):
            return FundRule(known(doc.fund))
        due_to = self.names.find(table, doc.fund.due_to, doc.fund.line)
        self.names.expect(due_to, ("yesno",), doc.fund.line, "due_to")
        return FundRule(known(doc.fund.fund), known(doc.fund.other), due_to, doc.fund.part)

    # ---- the whole ----------------------------------------------------------------------------

    def build(self, raw: YamlMap, file: str, sha256: str, settings: Mapping[str, str]) -> Policy:
        """The policy; look at `faults` before using it."""
        doc, names = self.doc, self.names
        facts = {}
        for table, entries in doc.facts.items():
            for name, entry in entries.items():
                fact = self._fact(table, name, entry) if table in self.tables else None
                if fact is not None:
                    facts[fact.ref] = fact
        clauses: dict[str, Clause] = {}
        raw_clauses = raw.get("clauses")
        for index, clause_doc in enumerate(doc.clauses):
            mentions = readings_of(raw_clauses[index]) if isinstance(raw_clauses, list) else ()
            if clause_doc.id in clauses:
                self.faults.add(clause_doc.line, f"条款 {clause_doc.id} 重复", f"clause `{clause_doc.id}` again")
            clause = self._clause(clause_doc, mentions)
            if clause is not None:
                clauses[clause_doc.id] = clause
        check_groups(doc, clauses, self.faults)
        members = {*clauses, *(group.id for group in doc.groups)}
        for group in doc.groups:
            for member in group.members:
                if member not in members:
                    hint = nearest(member, members)
                    self.faults.add(
                        group.line,
                        f"分组 {group.id} 的成员 {member} 不存在{hint.zh}",
                        f"group `{group.id}` has an unknown member `{member}`{hint.en}",
                    )
        if doc.applicant.table in self.tables:
            for word in (
                doc.applicant.code,
                doc.applicant.name,
                doc.applicant.county,
                doc.applicant.bank_name,
                doc.applicant.bank_account,
            ):
                if word is not None:
                    names.column(doc.applicant.table, word, doc.applicant.line)
        else:
            names.table(doc.applicant.table, doc.applicant.line)
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
            ),
            rounding=doc.rounding,
            yes=tuple(doc.yes_no.true),
            no=tuple(doc.yes_no.false),
            readings={
                id_: Reading(
                    id_,
                    tuple(entry.options),
                    settings[id_],
                    entry.text,
                    {key: label.text for key, label in entry.options.items()},
                )
                for id_, entry in doc.readings.items()
            },
            funds={id_: label.text for id_, label in doc.funds.items()},
            fund_note=doc.fund_note.text if doc.fund_note else NOTHING,
            tables=self.tables,
            facts=facts,
            history=self.rules.history(),
            paid=self.rules.paid(),
            support=self.rules.support(),
            decisions=self.rules.decisions(),
            claimants=tuple(self.rules.claimants()),
            declared_rows=tuple(self.rules.declared_rows()),
            clauses=clauses,
            groups=tuple(Group(group.id, tuple(group.members), group.pays) for group in doc.groups),
            notes=tuple(note.text for note in doc.notes),
            guide=doc.guide,
        )
