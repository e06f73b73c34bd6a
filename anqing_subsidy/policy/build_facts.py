"""Derived facts of a checked document -> what each is worked out from, and of which type it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.derivations import DerivedFact
from anqing_subsidy.policy.fact_operations import OF_PARTS, Operations
from anqing_subsidy.policy.names import Names, is_number
from anqing_subsidy.policy.products import kind_of_product, unit_of_product
from anqing_subsidy.policy.schema import FactDoc, PolicyDoc
from anqing_subsidy.policy.terms import FactType, Ref, refs_in

OPERATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "count": ("where", "else"),
    "sum": ("of", "where", "else"),
    "max": ("of", "where", "else"),
    "add": (),
    "minus": (),
    "least": (),
    "most": (),
    "first_given": (),
    "times": (),
    "ratio": (),
    "growth": ("missing", "zero"),
    "last_year": ("else",),
    "nth_year": (),
    "full_months": (),
    "days": (),
    "in_yuan": (),
    "rank_by": ("among", "first", "ties"),
    "year_of": (),
    "anniversary": ("years",),
    "when": (),
    "same_as": (),
    "listed_in": ("listed", "unlisted", "else"),
}
"""The operations, each with the keys that may stand beside it."""

_DERIVED_TYPES: Final[Mapping[str, FactType]] = {
    "count": "count",
    "ratio": "ratio",
    "growth": "ratio",
    "nth_year": "count",
    "full_months": "count",
    "days": "count",
    "in_yuan": "money",
    "rank_by": "count",
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
        self.operations = Operations(doc, names, parser)

    def facts(self) -> dict[Ref, DerivedFact]:
        """Every fact that can be built."""
        found = {}
        for table, entries in self.doc.facts.items():
            for name, entry in entries.items():
                fact = self._fact(table, name, entry) if table in self.names.tables else None
                if fact is not None:
                    found[fact.ref] = fact
        self._no_circles(found)
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
                operation = _operation(fact)
                if operation == "times":
                    kind = kind_of_product(ref.table, fact, awaited, self.names)
                    if kind is not None:
                        self.names.types[ref] = kind
                        unit = unit_of_product(ref.table, fact, kind, self.names)
                        self.names.units |= {ref: unit} if unit is not None else {}
                    else:
                        later.append((ref, fact))
                    continue
                owner, source = self._source(ref, fact, operation)
                kind = _DERIVED_TYPES.get(operation or "")
                known = operation is not None and (kind is not None or source is not None)
                if source is not None:
                    origin = self.names.known(owner, source)
                    kind = self.names.types.get(origin) if origin else None
                    known = origin is not None and (kind is not None or origin in awaited)
                    if origin in self.names.options:
                        self.names.options[ref] = self.names.options[origin]
                    if origin in self.names.units:
                        self.names.units[ref] = self.names.units[origin]
                    if origin in self.names.places:
                        self.names.places.add(ref)
                elif operation == "rank_by":
                    self.names.places.add(ref)
                if kind is not None:
                    self.names.types[ref] = kind
                elif known:
                    later.append((ref, fact))
            if len(later) == len(waiting):
                for ref, fact in later:
                    self._circle(ref, fact.line)
                return
            waiting = later

    def _source(self, ref: Ref, fact: FactDoc, operation: str | None) -> tuple[str, str | None]:
        """The table and the fact whose type a fact takes."""
        if operation in ("sum", "max"):
            return fact.sum or fact.max or ref.table, fact.of
        if operation == "last_year":
            return self.doc.history.table if self.doc.history is not None else ref.table, fact.last_year
        if operation is not None and operation in OF_PARTS:
            parts: tuple[str, ...] = getattr(fact, operation)
            return ref.table, next((part for part in parts if not is_number(part)), None)
        return ref.table, {"same_as": fact.same_as, "listed_in": fact.else_}.get(operation or "")

    def _circle(self, ref: Ref, line: int) -> None:
        self.faults.add(
            line,
            f"事实 {ref.id} 绕了一圈又用到自己: 改用别的事实",
            f"fact `{ref.id}` depends on itself: make it of other facts",
        )

    def _no_circles(self, facts: Mapping[Ref, DerivedFact]) -> None:
        """A fault for each fact that, through others, is made of itself."""
        behind = {ref: [other for other in refs_in(fact.how) if other in facts] for ref, fact in facts.items()}
        for ref in facts:
            seen: set[Ref] = set()
            waiting = list(behind[ref])
            while waiting:
                other = waiting.pop()
                if other == ref:
                    self._circle(ref, self.doc.facts[ref.table][ref.id].line)
                    break
                if other not in seen:
                    seen.add(other)
                    waiting.extend(behind[other])

    def _fact(self, table: str, name: str, doc: FactDoc) -> DerivedFact | None:
        given = [operation for operation in OPERATIONS if getattr(doc, operation) is not None]
        if doc.hole or (doc.dropped and not given):
            return None
        if name in self.names.tables[table].columns:
            self.faults.add(
                doc.line,
                f"事实 {name} 与表 {table} 的列同名: 给事实换个名字",
                f"fact `{name}` has the name of a column of `{table}`: rename the fact",
            )
        if len(given) != 1:
            listing = ", ".join(OPERATIONS)
            self.faults.add(
                doc.line, f"事实 {name} 须恰有一种算法: {listing}", f"fact `{name}` needs exactly one of {listing}"
            )
            return None
        for key in doc.tree:
            if key not in ("zh", "en", given[0], *OPERATIONS[given[0]]):
                self.faults.add(
                    doc.at(key),
                    f"事实 {name}: {key} 不与 {given[0]} 同用: 删去，或改算法",
                    f"fact `{name}`: `{key}` does not go with `{given[0]}`: drop it, or take another operation",
                )
        how = self.operations.derivation(table, doc, given[0])
        ref = Ref(table, name)
        return (
            DerivedFact(ref, self.names.types.get(ref, "count"), Text(doc.zh, doc.en), how) if how is not None else None
        )


def _operation(fact: FactDoc) -> str | None:
    return next((name for name in OPERATIONS if getattr(fact, name) is not None), None)
