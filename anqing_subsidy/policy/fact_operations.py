"""The operations of derived facts: from the words of the file to what is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from anqing_subsidy.money import QuantityError
from anqing_subsidy.policy.conditions import ConditionParser
from anqing_subsidy.policy.derivations import (
    Added,
    Anniversary,
    ChildCount,
    ChildMax,
    ChildSum,
    Days,
    Derivation,
    FirstGiven,
    FullMonths,
    Growth,
    InYuan,
    LastYear,
    LeastOf,
    ListedIn,
    Minus,
    MostOf,
    NthYear,
    Part,
    PlaceOf,
    RatioOf,
    SameAs,
    WhenHolds,
    YearOf,
)
from anqing_subsidy.policy.faults import HOLE, nearest, unknown
from anqing_subsidy.policy.names import Names, is_number
from anqing_subsidy.policy.products import product
from anqing_subsidy.policy.quantities import exchange_rate, quantity
from anqing_subsidy.policy.schema import FactDoc, PolicyDoc
from anqing_subsidy.policy.terms import FactType, Ref

_NUMBERS: Final[tuple[FactType, ...]] = ("money", "usd", "count", "area")
OF_PARTS: Final[Mapping[str, Callable[[tuple[Part, ...]], Derivation]]] = {
    "add": Added,
    "minus": Minus,
    "least": LeastOf,
    "most": MostOf,
    "first_given": FirstGiven,
}
"""Operations on a list of facts of one kind, or numbers."""


class Operations:
    """Builds what derived facts are worked out from."""

    def __init__(self, doc: PolicyDoc, names: Names, parser: ConditionParser) -> None:
        self.doc = doc
        self.names = names
        self.faults = names.faults
        self.parser = parser

    def derivation(self, table: str, doc: FactDoc, operation: str) -> Derivation | None:
        """What a fact of a table is worked out from; None (and a fault) where the file does not say."""
        if operation in ("count", "sum", "max"):
            return self._children(table, doc, operation)
        if operation in OF_PARTS:
            if operation == "first_given":
                self._cells(table, doc)
            parts = self._parts(table, doc, operation, _NUMBERS)
            return OF_PARTS[operation](parts) if parts else None
        if operation == "times":
            return product(table, doc, self.names)
        if operation == "ratio":
            parts = self._parts(table, doc, operation, _NUMBERS)
            return RatioOf(*parts) if len(parts) == 2 else None
        if operation == "when":
            return WhenHolds(self.parser.parse(doc.when, table, doc.at("when")))
        if operation == "rank_by":
            return self._place(table, doc)
        if operation in ("full_months", "days"):
            return self._between(table, doc, operation)
        return self._of_one(table, doc, operation)

    def _find(self, table: str, doc: FactDoc, key: str, *kinds: FactType) -> Ref | None:
        """The fact that a key names, checked for its type."""
        word = getattr(doc, f"{key}_" if key == "else" else key)
        ref = self.names.find(table, word, doc.at(key)) if word is not None else None
        if kinds:
            self.names.expect(ref, kinds, doc.at(key), key)
        return ref

    def _of_one(self, table: str, doc: FactDoc, operation: str) -> Derivation | None:
        otherwise = self._find(table, doc, "else")
        if operation == "growth":
            now, before = (
                self.names.find(table, word, doc.at("growth", at)) for at, word in enumerate(doc.growth or ())
            )
            for at, ref in enumerate((now, before)):
                kind = self.names.types.get(now) if now is not None else None
                self.names.expect(ref, (kind,) if kind in _NUMBERS else _NUMBERS, doc.at("growth", at), "growth")
            return Growth(now, before, doc.missing, doc.zero) if now and before else None
        if operation == "last_year":
            return self._last_year(table, doc, otherwise)
        if operation == "listed_in":
            return self._listing(doc, otherwise)
        if operation == "in_yuan":
            ref = self._find(table, doc, operation, "usd")
            rate = exchange_rate(self.doc, doc.at(operation), self.faults)
            return InYuan(ref, rate) if ref is not None and rate is not None else None
        if operation == "same_as":
            ref = self._find(table, doc, operation)
            return SameAs(ref) if ref is not None else None
        ref = self._find(table, doc, operation, "date")
        if ref is None:
            return None
        if operation == "nth_year":
            return NthYear(ref)
        if operation == "anniversary" and doc.years is None:
            self.faults.add(
                doc.at(operation), "anniversary 需要 years: 写明几年", "`anniversary` needs `years`: how many"
            )
        return YearOf(ref) if operation == "year_of" else Anniversary(ref, doc.years or 0)

    def _children(self, table: str, doc: FactDoc, operation: str) -> Derivation | None:
        line = doc.at(operation)
        child = self.names.table(doc.count or doc.sum or doc.max or "", line)
        otherwise = self._find(table, doc, "else")
        if child not in self.names.tables:
            return None
        if table not in list(self.names.chain(child))[1:]:
            self.faults.add(
                line,
                f"表 {child} 的行不属于 {table}: {operation} 要用下级表",
                f"rows of `{child}` do not belong to `{table}`: `{operation}` takes a table below it",
            )
            return None
        where = self.parser.parse(doc.where, child, doc.at("where"))
        if operation == "count":
            self._alike(otherwise, "count", doc)
            return ChildCount(child, where, otherwise)
        of = self._find(child, doc, "of", *_NUMBERS)
        if doc.of is None:
            self.faults.add(
                line,
                f"{operation} 需要 of: 写明用哪一列",
                f"`{operation}` needs `of`: the column to add up"
                if operation == "sum"
                else "`max` needs `of`: the column to look at",
            )
        if of is None:
            return None
        if of.table != child:
            self.faults.add(
                doc.at("of"),
                f"{of.id} 是上级表 {of.table} 的，每行都会再算一次: 写 {child} 自己的列",
                f"`{of.id}` is one of `{of.table}`, and would be taken again for each row: name a column of `{child}`",
            )
        self._alike(otherwise, self.names.types.get(of), doc)
        return ChildSum(child, of, where, otherwise) if operation == "sum" else ChildMax(child, of, where, otherwise)

    def _cells(self, table: str, doc: FactDoc) -> None:
        """Only a cell is filled in or blank: what stands before others is a column."""
        words = doc.first_given or ()
        if len(words) == 1:
            self.faults.add(
                doc.at("first_given"),
                "first_given 要有两项以上: 前面空着时用的写在后面",
                "`first_given` takes two or more: behind each what counts where it is blank",
            )
        for at, word in enumerate(words[:-1]):
            ref = None if is_number(word) else self.names.find(table, word, doc.at("first_given", at))
            known = self.names.tables[ref.table].columns if ref is not None and ref.table in self.names.tables else None
            if is_number(word) or (ref is not None and known is not None and ref.id not in known):
                self.faults.add(
                    doc.at("first_given", at),
                    f"first_given 里 {word} 不是列，不会空着: 放到最后，或换成列",
                    f"`{word}` in `first_given` is no column, and never left blank: put it last, or name a column",
                )

    def _parts(self, table: str, doc: FactDoc, operation: str, kinds: tuple[FactType, ...]) -> tuple[Part, ...]:
        """Facts of one kind, and numbers of that kind as the document writes them."""
        words: tuple[str, ...] = getattr(doc, operation)
        line = doc.at(operation)
        found = [
            None if is_number(word) else self.names.find(table, word, doc.at(operation, at))
            for at, word in enumerate(words)
        ]
        types = [kind for ref in found if ref is not None and (kind := self.names.types.get(ref)) is not None]
        wanted = kinds if not types or types[0] not in kinds else (types[0],)
        unit = next((unit for ref in found if ref is not None and (unit := self.names.units.get(ref))), None)
        parts: list[Part] = []
        for at, (word, ref) in enumerate(zip(words, found, strict=True)):
            if ref is not None:
                self.names.expect(ref, wanted, doc.at(operation, at), operation)
                parts.append(ref)
            elif is_number(word) and types and types[0] in kinds:
                try:
                    parts.append(quantity(word, wanted[0], unit))
                except QuantityError as fault:
                    self.faults.add(doc.at(operation, at), fault.zh, str(fault))
        if not types and all(is_number(word) for word in words):
            self.faults.add(
                line,
                f"{operation} 里没有事实: 写明是哪几项",
                f"`{operation}` holds no fact: name those that are meant",
            )
            return ()
        return tuple(parts) if len(parts) == len(words) else ()

    def _last_year(self, table: str, doc: FactDoc, otherwise: Ref | None) -> Derivation | None:
        line = doc.at("last_year")
        history = self.doc.history
        metric = doc.last_year or ""
        if history is None:
            self.faults.add(
                line,
                "last_year 需要 history: 写明看哪张历年表；若上年数就在申报表上，直接用那一列",
                "`last_year` needs `history:` at the top level; a column of last year's figures is used as it is",
            )
            return None
        if table != self.doc.applicant.table:
            self.faults.add(
                line,
                f"last_year 只用于申报表的事实: 移到 {self.doc.applicant.table} 下",
                f"`last_year` is a fact of the applicant: move it to `{self.doc.applicant.table}`",
            )
            return None
        self.names.column(history.table, metric, line)
        self._alike(otherwise, self.names.types.get(Ref(history.table, metric)), doc)
        return LastYear(metric, otherwise)

    def _alike(self, otherwise: Ref | None, kind: FactType | None, doc: FactDoc) -> None:
        """A fault where what stands in for a figure is of another kind."""
        if kind is not None:
            self.names.expect(otherwise, (kind,), doc.at("else"), "else")

    def _listing(self, doc: FactDoc, otherwise: Ref | None) -> Derivation | None:
        line = doc.at("listed_in")
        listing = self.names.table(doc.listed_in or "", line)
        if doc.listed is None or doc.unlisted is None or doc.else_ is None:
            self.faults.add(
                line, "listed_in 需要 listed、unlisted 和 else", "`listed_in` needs `listed`, `unlisted` and `else`"
            )
            return None
        self.names.expect(otherwise, ("enum", "text"), doc.at("else"), "else")
        hidden: Mapping[str, tuple[str, ...]] = {HOLE: ()}
        options = self.names.options.get(otherwise, hidden) if otherwise is not None else hidden
        for key, word in (("listed", doc.listed), ("unlisted", doc.unlisted)):
            if unknown(word, options):
                hint = nearest(word, options, options)
                self.faults.add(
                    doc.at(key),
                    f"{doc.else_} 没有取值 {word}{hint.zh}",
                    f"`{doc.else_}` has no value `{word}`{hint.en}",
                )
        return ListedIn(listing, doc.listed, doc.unlisted, otherwise) if otherwise is not None else None

    def _place(self, table: str, doc: FactDoc) -> Derivation | None:
        facts = []
        for at, word in enumerate(doc.rank_by or ()):
            ref = self.names.find(table, word, doc.at("rank_by", at))
            self.names.expect(ref, (*_NUMBERS, "ratio", "year", "date"), doc.at("rank_by", at), "rank_by")
            if ref is not None:
                facts.append(ref)
        among = self.parser.parse(doc.among, table, doc.at("among"))
        return PlaceOf(tuple(facts), among, doc.first, doc.ties) if facts else None

    def _between(self, table: str, doc: FactDoc, operation: str) -> Derivation | None:
        """What lies between two days: facts, or days that every policy has."""
        days: list[Ref | date] = []
        for at, word in enumerate(getattr(doc, operation) or ()):
            line = doc.at(operation, at)
            constant = self.names.constant(word)
            if isinstance(constant, date):
                days.append(constant)
                continue
            ref = self.names.find(table, word, line)
            self.names.expect(ref, ("date",), line, operation)
            if ref is not None:
                days.append(ref)
        if len(days) != 2:
            return None
        return FullMonths(days[0], days[1]) if operation == "full_months" else Days(days[0], days[1])
