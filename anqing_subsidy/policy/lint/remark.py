"""A finding of lint, and what lint looks at: the policy under one choice of readings with the lines of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from anqing_subsidy.finding import NOTHING, Severity, Text
from anqing_subsidy.policy.clauses import Award, Clause, HighestOf, SumOf
from anqing_subsidy.policy.load import Loaded
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.reader import Entry
from anqing_subsidy.policy.schema import AwardDoc, ClauseDoc, PolicyDoc
from anqing_subsidy.policy.yamltree import YamlList, YamlMap


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding: line, gravity, kind, what is wrong, what to do; `only_with` are the readings that alone have it."""

    line: int
    severity: Severity
    code: str
    message: Text
    fix: Text = NOTHING
    only_with: tuple[str, ...] = ()


class Subject:
    """A policy under one choice of readings, and where its parts stand in the file."""

    def __init__(self, loaded: Loaded) -> None:
        self.policy: Policy = loaded.policy
        self.doc: PolicyDoc = loaded.doc

    def clauses(self) -> Iterator[tuple[Clause, ClauseDoc]]:
        """Each clause and its document."""
        for doc in self.doc.clauses:
            yield self.policy.clauses[doc.id], doc


def line_of(entry: Entry, key: str, text: str) -> int:
    """The line of a condition, found by its text below a key; that of the key where it is not found."""
    line = entry.at(key)
    return _search(entry.tree.get(key), line, text) or line


def _search(node: Any, line: int, text: str) -> int | None:  # noqa: ANN401  # a tree of plain values
    if isinstance(node, str):
        return line if " ".join(node.split()) == text else None
    inner = (
        zip(node, node.lines, strict=True)
        if isinstance(node, YamlList)
        else ((value, node.lines[key]) for key, value in node.items())
        if isinstance(node, YamlMap)
        else ()
    )
    for value, at in inner:
        found = _search(value, at, text)
        if found is not None:
            return found
    return None


def with_docs(award: Award, doc: AwardDoc) -> Iterator[tuple[Award, AwardDoc]]:
    """An award and those of its rows, each with its document; tiers with conditions share that of the whole."""
    yield award, doc
    if isinstance(award.shape, HighestOf | SumOf):
        docs = doc.highest_of or doc.sum_of or ()
        if len(docs) == len(award.shape.rows):
            for row, row_doc in zip(award.shape.rows, docs, strict=True):
                yield from with_docs(row.award, row_doc)
