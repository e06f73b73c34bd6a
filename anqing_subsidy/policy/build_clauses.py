"""Clauses of a checked document -> who may claim, on what conditions, what it pays, once or yearly, from which fund."""

from __future__ import annotations

from anqing_subsidy.policy.build_awards import AwardBuilder
from anqing_subsidy.policy.build_funds import FundBuilder
from anqing_subsidy.policy.check_clauses import check_clause
from anqing_subsidy.policy.checks import labels_of
from anqing_subsidy.policy.clauses import ByHand, Clause, Instalments, Once, Pool
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.faults import HOLE, nearest, unknown
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.quantities import budget, shares, some_money
from anqing_subsidy.policy.schema import ClauseDoc, PolicyDoc
from anqing_subsidy.policy.terms import Compare, Conditions, Never
from anqing_subsidy.policy.yamltree import YamlMap


class ClauseBuilder:
    """Builds the clauses of a policy."""

    def __init__(self, doc: PolicyDoc, names: Names, parser: ConditionParser) -> None:
        self.doc = doc
        self.names = names
        self.faults = names.faults
        self.parser = parser
        self.awards = AwardBuilder(doc, names, parser)
        self.funds = FundBuilder(doc, names, self.awards.values)
        every = doc.every_clause
        self.every: Conditions = (
            () if every is None else parser.parse(every.when, doc.applicant.table, every.at("when"))
        )

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
        self.funds.check_named(doc)
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
        check_clause(doc, self.faults)
        once, once_with = self._once(doc)
        main = self.doc.applicant.table
        award = self.awards.award(doc.award, table, once_with)
        rows = doc.rows or "one"
        asked = doc.one_line_per is None and doc.declared is None
        claimed = self.parser.parse(doc.claimed, table, doc.at("claimed"))
        if doc.claimed is None and isinstance(award.shape, ByHand):
            # nobody asks for it: whoever a decision names gets it
            claimed = (Never("by_hand"),)
        when = (*self.every, *self.parser.parse(doc.when, table, doc.at("when")))
        instalments = self._instalments(doc, table)
        if instalments is not None:
            when += _years_of(instalments)
        if instalments is not None and isinstance(award.shape, ByHand):
            self.faults.add(
                doc.at("instalments"),
                f"条款 {doc.id}: 人工核定的是当年付多少，不再分期；要程序分期，把核定总额填成一列: award: {{pay: 那一列}}",
                f"clause `{doc.id}`: a sum by hand is what is paid this year, and is not paid over years; for that have"
                " the approved sum in a column: `award: {pay: the column}`",
            )
        if rows != "one" and (instalments is not None or isinstance(award.shape, Pool | ByHand)):
            self.faults.add(
                doc.at("rows"),
                f"条款 {doc.id}: 分期、资金池和人工核定的条款一行一条，不与 rows 同用",
                f"clause `{doc.id}`: instalments, pools and sums by hand have a line a row and go without `rows`",
            )
        if doc.rows is not None and doc.one_line_per is None:
            self.faults.add(
                doc.at("rows"),
                f"条款 {doc.id}: rows 把各行并成一条，写明 one_line_per: applicant 或 object",
                f"clause `{doc.id}`: `rows` puts rows together: say `one_line_per: applicant` or `object`",
            )
        if doc.most_rows is not None and rows != "add_up":
            self.faults.add(
                doc.at("most_rows"),
                f"条款 {doc.id}: most_rows 说的是最多几行相加，写明 rows: add_up",
                f"clause `{doc.id}`: `most_rows` is how many rows are added up: say `rows: add_up`",
            )
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
            claimed=claimed,
            unclaimed_beside=tuple(
                ref
                for at, word in enumerate(doc.unclaimed_beside)
                if (ref := self.names.find(main, word, doc.at("unclaimed_beside", at)))
            ),
            every=self.every,
            when=when,
            award=award,
            declared_award=self.awards.award(doc.declared, main, ()) if doc.declared else None,
            rows=rows,
            most_rows=doc.most_rows,
            line_per=doc.one_line_per or "row",
            cap=self.awards.values.caps(doc.cap, table if asked else main, doc.at("cap")),
            cap_scope=doc.cap_scope,
            whole=self._whole(doc),
            once=once,
            less_paid=tuple(self._known_clause(word, doc.at("less_paid", at)) for at, word in enumerate(doc.less_paid)),
            instalments=instalments,
            budget=budget(doc.budget, doc.at("budget"), self.faults),
            fund=self.funds.fund(doc, table),
            readings=doc.tree.readings,
        )

    def _whole(self, doc: ClauseDoc) -> int:
        """The sum of which a line pays whole multiples: a fen where nothing is said."""
        if doc.round_down_to is None:
            return 1
        fen = some_money(doc.round_down_to, doc.at("round_down_to"), self.faults)
        return fen or 1

    def _once(self, doc: ClauseDoc) -> tuple[tuple[Once, ...], tuple[str, ...]]:
        """The rules of once-only, and the clauses that share the tiers of a first crossing."""
        rules = []
        beside: tuple[str, ...] = ()
        for rule in doc.once_for:
            clauses: tuple[str, ...] = (doc.id,)
            if rule.with_:
                clauses = tuple(self._known_clause(word, rule.at("with", at)) for at, word in enumerate(rule.with_))
            if rule.same == ("tier",):
                beside = clauses
                if not doc.award.hole and not _has_tiers(doc):
                    self.faults.add(
                        rule.at("same"),
                        "same: tier 只用于 first_past: 改为 object 或 applicant",
                        "`same: tier` goes with `first_past`: say `object` or `applicant`",
                    )
                continue
            if "level" in rule.same and "applicant" not in rule.same and HOLE not in rule.same:
                self.faults.add(
                    rule.at("same"),
                    "level 与 applicant 同写: [applicant, object, level] 或 [applicant, level]；不论谁得过都不再奖的写 object",
                    "`level` stands with `applicant`: `[applicant, object, level]` or `[applicant, level]`; `object` is"
                    " paid once to whomever",
                )
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
            rules.append(Once(same, clauses, level, ranks, rule.within_years))
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
            hint = nearest(word, known, labels_of(self.doc))
            self.faults.add(line, f"没有条款 {word}{hint.zh}", f"there is no clause `{word}`{hint.en}")
        return word

    def _instalments(self, doc: ClauseDoc, table: str) -> Instalments | None:
        rule = doc.instalments
        if rule is None or rule.hole:
            return None
        year = self.names.find(table, rule.year, rule.at("year"))
        self.names.expect(year, ("count",), rule.at("year"), "instalments")
        blocks = (*doc.less_paid, *(id_ for once in doc.once_for for id_ in once.with_ or (doc.id,)))
        if doc.id in blocks or doc.cap_scope == "lifetime":
            self.faults.add(
                rule.line,
                f"条款 {doc.id} 分期兑现: 前几期已付的会挡住或减少后几期，去掉 once_for、less_paid 里的本条和 lifetime",
                f"clause `{doc.id}` is paid over years: its earlier parts would block or cut the later ones; drop `lifetime`, and "
                "the clause itself from `once_for` and `less_paid`",
            )
        lines = [rule.at("shares", at) for at in range(len(rule.shares))]
        parts = shares(rule.shares, lines, rule.at("shares"), self.faults)
        if parts is not None and sum(parts) != 1:
            self.faults.add(rule.at("shares"), "各年比例合计应为 100%", "the shares of the years must add up to 100%")
        return Instalments(year, tuple(parts or ())) if year is not None else None


def _years_of(instalments: Instalments) -> Conditions:
    """An award is paid over its years, and not before or after them."""
    year, most = instalments.year, len(instalments.shares)
    return (
        Compare(f"{year.id} >= 1", year, ">=", 1),
        Compare(f"{year.id} <= {most}", year, "<=", most),
    )


def _has_tiers(doc: ClauseDoc) -> bool:
    """Whether the award of a clause is a first crossing, or a choice with one among its rows."""
    rows = (*(doc.award.highest_of or ()), *(doc.award.sum_of or ()))
    return any(award.hole or award.first_past is not None for award in (doc.award, *rows))
