"""Clauses of a checked document -> who may claim, on what conditions, what it pays, once or yearly, from which fund."""

from __future__ import annotations

from anqing_subsidy.policy.build_awards import AwardBuilder
from anqing_subsidy.policy.clauses import Clause, FundRule, Once
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.faults import HOLE, nearest, unknown
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.schema import ClauseDoc, PolicyDoc
from anqing_subsidy.policy.yamltree import YamlMap


class ClauseBuilder:
    """Builds the clauses of a policy."""

    def __init__(self, doc: PolicyDoc, names: Names, parser: ConditionParser) -> None:
        self.doc = doc
        self.names = names
        self.faults = names.faults
        self.parser = parser
        self.awards = AwardBuilder(doc, names, parser)

    def clauses(self) -> dict[str, Clause]:
        """Every clause that can be built."""
        clauses: dict[str, Clause] = {}
        seen: set[str] = set()
        for clause_doc in self.doc.clauses:
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
        return clauses

    def _clause(self, doc: ClauseDoc) -> Clause | None:
        line = doc.line
        table = doc.each or self.doc.applicant.table
        if doc.each is not None:
            self.names.table(doc.each, doc.at("each"))
        if table not in self.names.tables:
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
