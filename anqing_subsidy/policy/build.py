"""A checked document -> the frozen policy: facts found, conditions parsed, amounts made exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.policy.build_awards import AwardBuilder, money
from anqing_subsidy.policy.build_rules import RuleBuilder
from anqing_subsidy.policy.checks import check_groups, check_tables, in_a_circle
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.faults import HOLE, Faults, nearest, unknown
from anqing_subsidy.policy.fold import Folder
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
                doc.tables[id_].at("parent"),
                f"表 {id_} 的上级绕回自己: 改 parent",
                f"table `{id_}` is its own ancestor, or has one that is: change `parent`",
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
                if unknown(column.values, self.doc.enums):
                    hint = nearest(column.values, self.doc.enums)
                    self.faults.add(
                        column.at("values"),
                        f"没有取值表 {column.values}{hint.zh}",
                        f"no list `{column.values}` under enums{hint.en}",
                    )
                values = self.doc.enums.get(column.values)
            elif column.type == "enum":
                self.faults.add(
                    column.line,
                    f"枚举列 {name} 缺少 values: 写明用哪个取值表",
                    f"enum column `{name}` needs `values`: a list under enums",
                )
            columns[name] = Column(
                name,
                column.header,
                column.en,
                column.type,
                column.unit,
                column.aliases,
                column.required,
                values,
                column.open_values,
                column.doc,
            )
        keys = [(name, doc.at("key", at)) for at, name in enumerate(doc.key)]
        if doc.object is not None:
            keys.append((doc.object, doc.at("object")))
        for name, line in keys:
            if unknown(name, columns):
                hint = nearest(name, columns)
                self.faults.add(
                    line,
                    f"表 {id_} 的键 {name} 不是它的列{hint.zh}",
                    f"key `{name}` of table `{id_}` is not one of its columns{hint.en}",
                )
        if doc.parent is not None and unknown(doc.parent, self.doc.tables):
            hint = nearest(doc.parent, self.doc.tables)
            self.faults.add(
                doc.at("parent"),
                f"表 {id_} 的上级 {doc.parent} 不存在{hint.zh}",
                f"parent `{doc.parent}` of table `{id_}` does not exist{hint.en}",
            )
        suspect = None
        if doc.unit_suspect is not None:
            below = money(doc.unit_suspect.below, doc.unit_suspect.at("below"), self.faults)
            suspect = UnitSuspect(doc.unit_suspect.columns, below, doc.unit_suspect.at_least)
        return Table(
            id_,
            doc.sheet,
            doc.en,
            doc.key,
            doc.parent,
            doc.object,
            columns,
            doc.doc,
            doc.orphans,
            suspect,
            doc.distinct,
        )

    # ---- facts --------------------------------------------------------------------------------

    def _type_facts(self) -> None:
        """Types of derived facts: those that take the type of another wait until it is known."""
        waiting = [(Ref(table, name), fact) for table, facts in self.doc.facts.items() for name, fact in facts.items()]
        for table in self.doc.facts:
            self.names.table(table, self.doc.at("facts", table))
        while waiting:
            later = []
            awaited = {ref for ref, _ in waiting}
            for ref, fact in waiting:
                operation = next((name for name in _OPERATIONS if getattr(fact, name) is not None), None)
                source = {
                    "sum": fact.of,
                    "add": fact.add[0] if fact.add else None,
                    "same_as": fact.same_as,
                    "listed_in": fact.else_,
                }.get(operation or "")
                kind = _DERIVED_TYPES.get(operation or "")
                known = operation is not None and (kind is not None or source is not None)
                if source is not None:
                    owner = fact.sum if operation == "sum" and fact.sum else ref.table
                    origin = next(
                        (Ref(table, source) for table in self.names.chain(owner) if self.names.has(table, source)), None
                    )
                    kind = self.names.types.get(origin) if origin else None
                    known = origin is not None and (kind is not None or origin in awaited)
                    if origin in self.names.options:
                        self.names.options[ref] = self.names.options[origin]
                if kind is not None:
                    self.names.types[ref] = kind
                elif known:
                    later.append((ref, fact))
            if len(later) == len(waiting):
                for ref, fact in later:
                    self.faults.add(
                        fact.line,
                        f"事实 {ref.id} 绕了一圈又用到自己: 改用别的事实",
                        f"fact `{ref.id}` depends on itself: make it of other facts",
                    )
                return
            waiting = later

    def _fact(self, table: str, name: str, doc: FactDoc) -> DerivedFact | None:
        given = [operation for operation in _OPERATIONS if getattr(doc, operation) is not None]
        if doc.hole:
            return None
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
        line = doc.at(operation)

        def find(word: str | None, at: int, owner: str = table) -> Ref | None:
            return self.names.find(owner, word, at) if word is not None else None

        otherwise = find(doc.else_, doc.at("else"))
        if operation in ("count", "sum"):
            child = self.names.table(doc.count or doc.sum or "", line)
            if child not in self.tables:
                return None
            where = self.parser.parse(doc.where, child, doc.at("where"))
            if operation == "count":
                return ChildCount(child, where, otherwise)
            of = find(doc.of, doc.at("of"), child)
            if doc.of is None:
                self.faults.add(line, "sum 需要 of: 写明加哪一列", "`sum` needs `of`: the column to add up")
            return ChildSum(child, of, where, otherwise) if of else None
        if operation == "add":
            added = [
                (ref, doc.at("add", at))
                for at, word in enumerate(doc.add or ())
                if (ref := find(word, doc.at("add", at)))
            ]
            kinds = [kind for ref, _ in added if (kind := self.names.types.get(ref)) is not None]
            for ref, at in added:
                wanted = kinds[0] if kinds and kinds[0] in ("money", "count", "area") else "money"
                self.names.expect(ref, (wanted,), at, "add")
            if not doc.add:
                self.faults.add(line, "add 里没有事实: 写明加哪几项", "`add` holds no fact: name those to add up")
            return Added(tuple(ref for ref, _ in added))
        if operation == "ratio":
            top, bottom = (find(word, doc.at("ratio", at)) for at, word in enumerate(doc.ratio or ()))
            return RatioOf(top, bottom) if top and bottom else None
        if operation == "when":
            return WhenHolds(self.parser.parse(doc.when, table, line))
        ref = find(doc.year_of or doc.anniversary or doc.same_as, line)
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

    def _clause(self, doc: ClauseDoc) -> Clause | None:
        line = doc.line
        table = doc.each or self.doc.applicant.table
        if doc.each is not None:
            self.names.table(doc.each, doc.at("each"))
        if table not in self.tables:
            return None
        if not doc.article.strip():
            self.faults.add(
                doc.at("article"),
                f"条款 {doc.id} 没有写明文件条次: 补上",
                f"clause `{doc.id}` cites no article: say which",
            )
        once, once_with = self._once(doc)
        main = self.doc.applicant.table
        award = self.awards.award(doc.award, table, once_with)
        rows = doc.rows or "one"
        if doc.one_line_per is not None and doc.rows is None:
            self.faults.add(
                doc.at("one_line_per"),
                f"条款 {doc.id} 每条线含多行: 写明 rows: add_up 或 highest",
                f"clause `{doc.id}` puts rows together: say `rows: add_up` or `highest`",
            )
        return Clause(
            id=doc.id,
            article=doc.article,
            title=doc.title.text,
            line=line,
            table=table,
            where=self.parser.parse(doc.where, table, doc.at("where")),
            claimed=self.parser.parse(doc.claimed, table, doc.at("claimed")),
            unclaimed_beside=tuple(
                ref
                for at, word in enumerate(doc.unclaimed_beside)
                if (ref := self.names.find(main, word, doc.at("unclaimed_beside", at)))
            ),
            when=self.parser.parse(doc.when, table, doc.at("when")),
            award=award,
            declared_award=self.awards.award(doc.declared, main, ()) if doc.declared else None,
            rows=rows,
            line_per=doc.one_line_per or "row",
            cap=self.awards.money(doc.cap, doc.at("cap")) if doc.cap is not None else None,
            cap_scope=doc.cap_scope,
            once=once,
            less_paid=tuple(self._known_clause(word, doc.at("less_paid", at)) for at, word in enumerate(doc.less_paid)),
            fund=self._fund(doc, table),
            readings=doc.tree.readings,
        )

    def _once(self, doc: ClauseDoc) -> tuple[tuple[Once, ...], tuple[str, ...]]:
        """The rules of once-only, and the clauses that share the tiers of a first crossing."""
        rules = []
        beside: tuple[str, ...] = ()
        for rule in doc.once_for:
            if rule.same == ("tier",):
                beside = (doc.id,)
                if rule.with_:
                    beside = tuple(self._known_clause(word, rule.at("with", at)) for at, word in enumerate(rule.with_))
                if doc.award.first_past is None and not doc.award.hole:
                    self.faults.add(
                        rule.at("same"),
                        "same: tier 只用于 first_past: 改为 object 或 applicant",
                        "`same: tier` goes with `first_past`: say `object` or `applicant`",
                    )
                continue
            ranks = {}
            level = None
            if "level" in rule.same:
                pay = doc.award.pay
                by = pay.get("by") if isinstance(pay, YamlMap) else None
                level = self.names.known(doc.each or self.doc.applicant.table, str(by)) if by else None
                if not rule.highest_first or (by is None and pay != HOLE and not doc.award.hole):
                    self.faults.add(
                        rule.at("same"),
                        "按级别只奖一次: 需要 pay 按级别取值和 highest_first",
                        "`same: level` needs `pay: {by: level …}` and `highest_first`",
                    )
                order = rule.highest_first or ()
                ranks = {word: len(order) - at for at, word in enumerate(order)}
                options = self.names.options.get(level) if level is not None else None
                open_ended = options is None or HOLE in options or HOLE in ranks
                if order and options is not None and not open_ended and set(ranks) != set(options) - {"unknown"}:
                    listing = ", ".join(option for option in options if option != "unknown")
                    self.faults.add(
                        rule.at("highest_first"),
                        f"highest_first 须恰好列出 {listing}",
                        f"`highest_first` must list exactly {listing}",
                    )
            same = tuple(part for part in rule.same if part != "tier")
            rules.append(Once(same, level, ranks))
        if (rules or beside) and self.doc.awards_paid is None:
            self.faults.add(
                doc.at("once_for"),
                "once_for 需要 awards_paid: 写明已兑现表",
                "`once_for` needs `awards_paid:` at the top level",
            )
        return tuple(rules), beside

    def _known_clause(self, word: str, line: int) -> str:
        known = [clause.id for clause in self.doc.clauses]
        if unknown(word, known):
            hint = nearest(word, known)
            self.faults.add(line, f"没有条款 {word}{hint.zh}", f"there is no clause `{word}`{hint.en}")
        return word

    def _fund(self, doc: ClauseDoc, table: str) -> FundRule:
        def known(word: str, line: int) -> str:
            if unknown(word, self.doc.funds):
                hint = nearest(word, self.doc.funds)
                self.faults.add(line, f"没有资金 {word}{hint.zh}", f"there is no fund `{word}`{hint.en}")
            return word

        if isinstance(doc.fund, str):
            return FundRule(known(doc.fund, doc.at("fund")))
        rule = doc.fund
        due_to = self.names.find(table, rule.due_to, rule.at("due_to"))
        self.names.expect(due_to, ("yesno",), rule.at("due_to"), "due_to")
        return FundRule(known(rule.fund, rule.at("fund")), known(rule.or_, rule.at("or")), due_to, rule.part)

    # ---- the whole ----------------------------------------------------------------------------

    def build(self, file: str, sha256: str, settings: Mapping[str, str]) -> Policy:
        """The policy; look at `faults` before using it."""
        doc, names = self.doc, self.names
        facts = {}
        for table, entries in doc.facts.items():
            for name, entry in entries.items():
                fact = self._fact(table, name, entry) if table in self.tables else None
                if fact is not None:
                    facts[fact.ref] = fact
        clauses: dict[str, Clause] = {}
        seen: set[str] = set()
        for clause_doc in doc.clauses:
            if clause_doc.id in seen - {HOLE}:
                self.faults.add(
                    clause_doc.at("id"),
                    f"条款 {clause_doc.id} 重复: 改名或删去其一",
                    f"clause `{clause_doc.id}` again: rename it or drop one",
                )
            seen.add(clause_doc.id)
            clause = self._clause(clause_doc)
            if clause is not None:
                clauses[clause_doc.id] = clause
        check_groups(doc, self.faults)
        if doc.applicant.table in self.tables:
            for key, word in doc.applicant.columns_named():
                names.column(doc.applicant.table, word, doc.applicant.at(key))
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
            ),
            rounding=doc.rounding,
            yes=doc.yes_no.true,
            no=doc.yes_no.false,
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
            tables=self.tables,
            facts=facts,
            history=self.rules.history(),
            paid=self.rules.paid(),
            support=self.rules.support(),
            decisions=self.rules.decisions(),
            claimants=tuple(self.rules.claimants()),
            declared_rows=tuple(self.rules.declared_rows()),
            clauses=clauses,
            groups=tuple(Group(group.id, group.members, group.pays) for group in doc.groups),
            notes=tuple(note.text for note in doc.notes),
        )
