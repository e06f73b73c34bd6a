"""Derived facts of a checked document -> what each is worked out from, and of which type it is."""

from __future__ import annotations

from collections.abc import Mapping

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.names import Names
from anqing_subsidy.policy.schema import FactDoc, PolicyDoc
from anqing_subsidy.policy.terms import (
    Added,
    Anniversary,
    ChildCount,
    ChildSum,
    Derivation,
    DerivedFact,
    FactType,
    ListedIn,
    RatioOf,
    Ref,
    SameAs,
    WhenHolds,
    YearOf,
)

_OPERATIONS = ("count", "sum", "add", "ratio", "year_of", "anniversary", "when", "same_as", "listed_in")
_DERIVED_TYPES: Mapping[str, FactType] = {
    "count": "count",
    "ratio": "ratio",
    "year_of": "year",
    "anniversary": "date",
    "when": "yesno",
}


class FactBuilder:
    """Builds the facts that are worked out from the columns."""

    def __init__(self, doc: PolicyDoc, names: Names, parser: ConditionParser) -> None:
        self.doc = doc
        self.names = names
        self.faults = names.faults
        self.parser = parser

    def facts(self) -> dict[Ref, DerivedFact]:
        """Every fact that can be built."""
        found = {}
        for table, entries in self.doc.facts.items():
            for name, entry in entries.items():
                fact = self._fact(table, name, entry) if table in self.names.tables else None
                if fact is not None:
                    found[fact.ref] = fact
        return found

    def type_facts(self) -> None:
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
            if child not in self.names.tables:
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
            if doc.listed is None or doc.unlisted is None or doc.else_ is None:
                self.faults.add(
                    line, "listed_in 需要 listed、unlisted 和 else", "`listed_in` needs `listed`, `unlisted` and `else`"
                )
                return None
            if otherwise is None:
                return None
            return ListedIn(listing, doc.listed, doc.unlisted, otherwise)
        if ref is None:
            return None
        if operation != "same_as":
            self.names.expect(ref, ("date",), line, operation)
        if operation == "year_of":
            return YearOf(ref)
        return SameAs(ref) if operation == "same_as" else Anniversary(ref, doc.years or 0)
