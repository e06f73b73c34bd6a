"""The fund of a clause: one, one of two by a fact, several that share the cost, or a choice by a fact of the applicant."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.clauses import FundRule, Keyed, Shares
from anqing_subsidy.policy.faults import HOLE, nearest, unknown
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.quantities import shares
from anqing_subsidy.policy.reader import Reader
from anqing_subsidy.policy.schema import ClauseDoc, EveryClauseDoc, FundDoc, PolicyDoc
from anqing_subsidy.policy.terms import FactType
from anqing_subsidy.policy.values import ValueBuilder
from anqing_subsidy.policy.yamltree import YamlMap

_LISTED: tuple[FactType, ...] = ("enum", "yesno")
"""Facts of which every value can be named."""


class FundBuilder:
    """Builds the rules of which fund pays."""

    def __init__(self, doc: PolicyDoc, names: Names, values: ValueBuilder) -> None:
        self.doc = doc
        self.names = names
        self.faults = names.faults
        self.values = values

    def _told_by(self, doc: ClauseDoc) -> ClauseDoc | EveryClauseDoc:
        """What names the fund of a clause: itself, or what holds for every clause."""
        every = self.doc.every_clause
        return doc if "fund" in doc.tree or every is None else every

    def check_named(self, doc: ClauseDoc) -> None:
        """A fault where nothing names the fund of a clause."""
        told_by = self._told_by(doc)
        if "fund" not in told_by.tree and not doc.hole and not told_by.dropped:
            self.faults.add(
                doc.line,
                f"条款 {doc.id} 没有写明资金: 补上 fund:，各条相同的写在 every_clause: {{fund: …}}",
                f"clause `{doc.id}` names no fund: add `fund:`, or for all clauses `every_clause: {{fund: …}}`",
            )

    def fund(self, doc: ClauseDoc, table: str) -> FundRule:
        """The rule of a clause, seen from its table."""
        whose = self._told_by(doc)
        if "fund" not in whose.tree:  # said to be missing
            return FundRule(HOLE)
        tree, line = whose.fund, whose.at("fund")
        if not isinstance(tree, YamlMap):
            return FundRule(self._named(tree, line))
        if "by" in tree:
            return self._chosen(tree)
        rule = self._read(tree)
        if rule.hole:
            return FundRule(HOLE)
        if rule.shares is not None:
            parts = self._shared(rule)
            return FundRule(next(iter(parts)), shares=(parts,))
        if rule.fund is None or rule.or_ is None or rule.due_to is None:
            self._no_fund(line)
            return FundRule(HOLE)
        if rule.part == "increment" and not doc.award.hole and doc.award.pool:
            self.faults.add(
                rule.at("part"),
                "按资金池分配的一份没有“增加的部分”: 去掉 part，整笔由 or 的资金付",
                "no part of a share of a pool is an increment: drop `part`, the whole line moves",
            )
        seen_from = table if whose is doc else self.doc.applicant.table
        due_to = self.names.find(seen_from, rule.due_to, rule.at("due_to"))
        self.names.expect(due_to, ("yesno",), rule.at("due_to"), "due_to")
        home, other = self._known(rule.fund, rule.at("fund")), self._known(rule.or_, rule.at("or"))
        if home == other != HOLE:
            self.faults.add(
                rule.at("or"),
                f"or 也是 {home}: 写另一项资金，或只写 fund: {home}",
                f"`or` is `{home}` too: name another fund, or write `fund: {home}`",
            )
        return FundRule(home, other, due_to, rule.part)

    def _read(self, tree: YamlMap) -> FundDoc:
        return Reader(self.faults).entry(FundDoc, tree, ("fund",))

    def _named(self, word: Any, line: int) -> str:  # noqa: ANN401  # a value of the file
        if isinstance(word, str):
            return self._known(word, line)
        self._no_fund(line)
        return HOLE

    def _no_fund(self, line: int) -> None:
        self.faults.add(
            line,
            "fund 写成一项资金，{fund: 甲, or: 乙, due_to: 是/否事实}，{shares: {甲: 50%, 乙: 50%}}，或 {by: 事实, 取值: 资金, else: {shares: …}}",
            "a fund is one fund, `{fund: a, or: b, due_to: yes/no fact}`, `{shares: {a: 50%, b: 50%}}`, or `{by: fact, option: a, else: {shares: …}}`",
        )

    def _chosen(self, tree: YamlMap) -> FundRule:
        """One way or another, by a fact of the applicant; each a fund, or funds that share."""
        ways: list[Shares] = []

        def read(value: Any, line: int) -> int:  # noqa: ANN401  # a value of the file
            ways.append(self._way(value, line))
            return len(ways) - 1

        main = self.doc.applicant.table
        choice = self.values.choice(tree, main, tree.line, read, Text("（其余写 else）", " (or write `else`)"))
        if choice is None or not ways:
            return FundRule(HOLE)
        self._complete(choice, tree)
        return FundRule(next(iter(ways[0])), shares=tuple(ways), choice=choice)

    def _complete(self, choice: Keyed, tree: YamlMap) -> None:
        """Somebody must pay whatever the fact says: of numbers and texts not every value can be named."""
        type_ = self.names.types.get(choice.by)
        if choice.by in self.names.places:
            self.faults.add(
                tree.lines["by"],
                f"名次 {choice.by.id} 不能定资金: 不参加排名的没有名次；按类别或是/否列定",
                f"the place `{choice.by.id}` cannot choose a fund: who takes no part has none; choose by a class or a yes/no column",
            )
            return
        if choice.otherwise is None and "else" not in tree and type_ is not None and type_ not in _LISTED:
            self.faults.add(
                tree.line,
                f"{choice.by.id} 的取值列不全: 补上 else: 其余由哪项资金付",
                f"not every value of `{choice.by.id}` can be named: add `else`, the fund that pays otherwise",
            )

    def _way(self, value: Any, line: int) -> Shares:  # noqa: ANN401  # a value of the file
        if not isinstance(value, YamlMap):
            return {self._named(value, line): Fraction(1)}
        rule = None if "by" in value else self._read(value)
        if rule is not None and rule.hole:
            return {HOLE: Fraction(1)}
        if rule is None or rule.shares is None:
            self.faults.add(
                line,
                "按取值选的资金写成一项资金，或 {shares: {甲: 50%, 乙: 50%}}",
                "a fund that a choice gives is one fund, or `{shares: {a: 50%, b: 50%}}`",
            )
            return {HOLE: Fraction(1)}
        return self._shared(rule)

    def _known(self, word: str, line: int) -> str:
        if unknown(word, self.doc.funds):
            hint = nearest(word, self.doc.funds, {id_: (fund.zh, fund.en) for id_, fund in self.doc.funds.items()})
            self.faults.add(line, f"没有资金 {word}{hint.zh}", f"there is no fund `{word}`{hint.en}")
        return word

    def _shared(self, rule: FundDoc) -> Shares:
        """Funds that share the cost, each with its share."""
        words = rule.shares or {}
        if len(rule.tree) > 1:
            self.faults.add(rule.line, "shares 单独写", "`shares` stands alone")
        lines = [rule.at("shares", fund) for fund in words]
        funds = [self._known(fund, line) for fund, line in zip(words, lines, strict=True)]
        parts = shares(tuple(words.values()), lines, rule.at("shares"), self.faults, funds)
        if parts is None:
            return dict.fromkeys(funds, Fraction(0))
        for fund, part, line in zip(funds, parts, lines, strict=True):
            if part == 0:
                self.faults.add(line, f"{fund} 的比例为 0: 删去这一项", f"the share of `{fund}` is 0: drop it")
        if sum(parts) != 1:
            self.faults.add(
                rule.at("shares"), "各项资金的比例合计应为 100%", "the shares of the funds must add up to 100%"
            )
        return dict(zip(funds, parts, strict=True))
