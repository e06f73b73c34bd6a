"""The words of a policy's application form, from the file that its key `guide` names: strict, every fault at once.

They stand in a file of their own because they decide nothing: only the form needs them, and no run waits for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.finding import InputError, PolicyError, Text, reason_of
from anqing_subsidy.policy.faults import Faults, nearest
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.policy.yamltree import YamlMap, read_tree

if TYPE_CHECKING:
    from pathlib import Path

    from anqing_subsidy.policy.columns import Column
    from anqing_subsidy.policy.model import Policy

_FIGURE: Final = re.compile(r"\d+(\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Guide:
    """A column: its meaning, the documents that prove it by id, a value for the example row."""

    means: Text | None = None
    evidence: tuple[str, ...] = ()
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Guides:
    """Documents by id, words for sheets and columns, the documents of each clause; any of them may be missing."""

    documents: Mapping[str, Text] = field(default_factory=dict)
    sheets: Mapping[str, Text] = field(default_factory=dict)
    columns: Mapping[Ref, Guide] = field(default_factory=dict)
    clauses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def load_guides(policy: Policy, folder: Path) -> Guides:
    """The words of a policy's form; none where the policy names no file.

    Args:
        policy: whose tables, columns and clauses they speak of.
        folder: where the policy stands; the file stands beside it.

    Raises:
        InputError: the file is missing.
        PolicyError: it has faults; all of them are listed with their lines.
    """
    if policy.guide is None:
        return Guides()
    file = folder / policy.guide
    try:
        data = file.read_bytes()
    except OSError as fault:
        reason = reason_of(fault)
        raise InputError(
            Text(
                f"读不到填表说明文件 {file}: {reason.zh}；放到政策文件旁边，或删去政策里的 guide 一行",
                f"cannot read the words of the form {file}: {reason.en}; "
                "put it beside the policy, or drop the key `guide` of the policy",
            )
        ) from fault
    faults = Faults()
    tree = read_tree(data, faults)
    guides = _Reader(policy, faults).guides(tree) if tree is not None else Guides()
    if faults.found:
        raise PolicyError(str(file), faults.found)
    return guides


class _Reader:
    """Reads one file; every fault goes to `faults`."""

    def __init__(self, policy: Policy, faults: Faults) -> None:
        self.policy = policy
        self.faults = faults
        self.documents: Mapping[str, Text] = {}

    def guides(self, tree: YamlMap) -> Guides:
        """All words of a file."""
        parts = {
            key: (node, line)
            for key, node, line in self._entries(tree, 1, ("documents", "sheets", "columns", "clauses"))
        }
        empty = (YamlMap(), 1)
        self.documents = {
            id_: text
            for id_, node, line in self._entries(*parts.get("documents", empty))
            if (text := self._text(node, line))
        }
        tables = self.policy.tables
        return Guides(
            self.documents,
            {
                id_: text
                for id_, node, line in self._entries(*parts.get("sheets", empty), tables)
                if (text := self._text(node, line))
            },
            {
                Ref(table, name): self._column(tables[table].columns[name], node, line)
                for table, columns, above in self._entries(*parts.get("columns", empty), tables)
                for name, node, line in self._entries(columns, above, tables[table].columns)
            },
            {
                id_: self._evidence(node, line)
                for id_, node, line in self._entries(*parts.get("clauses", empty), self.policy.clauses)
            },
        )

    def _entries(self, node: Any, line: int, known: Iterable[str] | None = None) -> Iterator[tuple[str, Any, int]]:  # noqa: ANN401  # a tree of plain values
        """The entries of a mapping with their lines; what is no mapping, or not known, is a fault."""
        if not isinstance(node, YamlMap):
            self.faults.add(line, "应为一组“键: 值”", "must be a mapping")
            return
        words = list(known) if known is not None else None
        for key, value in node.items():
            at = node.lines[key]
            if words is not None and key not in words:
                hint = nearest(key, words)
                self.faults.add(at, f"不认识的键 {key}{hint.zh}", f"unknown key `{key}`{hint.en}")
                continue
            yield key, value, at

    def _text(self, node: Any, line: int) -> Text | None:  # noqa: ANN401  # a tree of plain values
        found = {key: value for key, value, _ in self._entries(node, line, ("zh", "en"))}
        if not all(isinstance(found.get(lang), str) and found[lang] for lang in ("zh", "en")):
            self.faults.add(line, "需要 zh 和 en 两种文字", "needs a text in `zh` and in `en`")
            return None
        return Text(found["zh"], found["en"])

    def _evidence(self, node: Any, line: int) -> tuple[str, ...]:  # noqa: ANN401  # a tree of plain values
        if not isinstance(node, list):
            self.faults.add(line, "佐证材料应为列表 [...]", "documents are a list [...]")
            return ()
        for word in node:
            if word not in self.documents:
                hint = nearest(str(word), self.documents)
                self.faults.add(line, f"没有佐证材料 {word}{hint.zh}", f"there is no document `{word}`{hint.en}")
        return tuple(str(word) for word in node)

    def _column(self, column: Column, node: Any, line: int) -> Guide:  # noqa: ANN401  # a tree of plain values
        parts = {key: (value, at) for key, value, at in self._entries(node, line, ("means", "evidence", "example"))}
        means = self._text(*parts["means"]) if "means" in parts else None
        evidence = self._evidence(*parts["evidence"]) if "evidence" in parts else ()
        if "example" not in parts:
            return Guide(means, evidence)
        value, at = parts["example"]
        example = str(value).lower() if isinstance(value, bool) else str(value)
        if not _fits(column, example):
            self.faults.add(
                at,
                f"列 {column.id} 的示例 {example} 不是该列的值（{column.type}）",
                f"the example {example} is no value of column `{column.id}` ({column.type})",
            )
        return Guide(means, evidence, example)


def _fits(column: Column, example: str) -> bool:
    """Whether an example is written as values of a column are: plain figures, ISO dates, ids, true or false."""
    if column.type == "date":
        try:
            date.fromisoformat(example)
        except ValueError:
            return False
        return True
    if column.type == "yesno":
        return example in ("true", "false")
    if column.type == "enum":
        return example in (column.values or {})
    return column.type in ("text", "uscc") or _FIGURE.fullmatch(example) is not None
