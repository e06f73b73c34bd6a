"""Readings decided: the tree of a policy with every `$reading` replaced by what its option says."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from anqing_subsidy.finding import PolicyFault, Text
from anqing_subsidy.policy.yamltree import YamlList, YamlMap


class Faults:
    """The faults of one policy file, each with its line."""

    def __init__(self) -> None:
        self.found: list[PolicyFault] = []

    def add(self, line: int, zh: str, en: str) -> None:
        """Note one fault; the same one is noted once."""
        fault = PolicyFault(line, Text(zh, en))
        if fault not in self.found:
            self.found.append(fault)


def nearest(word: str, known: Iterable[str]) -> Text:
    """A suggestion to append to a message: the known word that is nearest, or the known words."""
    words = list(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if close:
        return Text(f"，是否应为 {close[0]}？", f"; did you mean `{close[0]}`?")
    if not words:
        return Text("", "")
    listing = ", ".join(words[:12]) + (" …" if len(words) > 12 else "")
    return Text(f"，可用: {listing}", f"; known: {listing}")


class Folder:
    """Replaces readings by the options in force, and notes which readings were looked at."""

    def __init__(self, settings: Mapping[str, str], options: Mapping[str, tuple[str, ...]], faults: Faults) -> None:
        self.settings = settings
        self.options = options
        self.faults = faults
        self.used: set[str] = set()

    def value(self, name: str, line: int) -> str | None:
        """The option in force of `$name`; None (and a fault) where there is no such reading."""
        if name not in self.options:
            hint = nearest(name, self.options)
            self.faults.add(line, f"没有名为 {name} 的口径{hint.zh}", f"there is no reading `{name}`{hint.en}")
            return None
        self.used.add(name)
        return self.settings[name]

    def fold(self, node: Any, line: int = 0) -> Any:  # noqa: ANN401  # a tree of plain values in, another out
        """The same tree without readings; conditions that compare a reading are left to their parser."""
        if isinstance(node, str) and node.startswith("$") and node[1:].isidentifier():
            return self.value(node[1:], line)
        if isinstance(node, YamlMap):
            by = node.get("by")
            if isinstance(by, str) and by.startswith("$"):
                return self._choice(node, by[1:])
            folded = YamlMap({key: self.fold(value, node.lines[key]) for key, value in node.items()})
            folded.line, folded.lines = node.line, node.lines
            return folded
        if isinstance(node, YamlList):
            items = YamlList(self.fold(item, at) for item, at in zip(node, node.lines, strict=True))
            items.line, items.lines = node.line, node.lines
            return items
        return node

    def _choice(self, node: YamlMap, name: str) -> Any:  # noqa: ANN401  # whatever the option says
        line = node.lines["by"]
        value = self.value(name, line)
        if value is None:
            return None
        given = [key for key in node if key != "by"]
        for option in self.options[name]:
            if option not in given:
                self.faults.add(
                    node.line,
                    f"口径 {name} 的选项 {option} 没有写明取值",
                    f"no value for option `{option}` of reading `{name}`",
                )
        for key in given:
            if key not in self.options[name]:
                hint = nearest(key, self.options[name])
                self.faults.add(
                    node.lines[key],
                    f"口径 {name} 没有选项 {key}{hint.zh}",
                    f"reading `{name}` has no option `{key}`{hint.en}",
                )
        return self.fold(node.get(value), node.lines.get(value, node.line))
