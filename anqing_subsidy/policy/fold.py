"""Readings decided: the tree of a policy with every `$reading` replaced by what its option says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from anqing_subsidy.policy.faults import HOLE, Faults, nearest, unknown
from anqing_subsidy.policy.yamltree import YamlList, YamlMap

_READING = re.compile(r"\$(\w+)")


def options_of(tree: YamlMap) -> dict[str, tuple[str, ...]]:
    """The readings of a policy file and their options; a reading that says none has HOLE as its only one."""
    readings = tree.get("readings")
    if not isinstance(readings, YamlMap):
        return {} if readings is None else {HOLE: (HOLE,)}
    found = {}
    for name, entry in readings.items():
        options = entry.get("options") if isinstance(entry, YamlMap) else None
        found[name] = tuple(options) if isinstance(options, YamlMap) and options else (HOLE,)
    return found


class Folder:
    """Replaces readings by the options in force, and notes on every part which readings it depends on."""

    def __init__(self, settings: Mapping[str, str], options: Mapping[str, tuple[str, ...]], faults: Faults) -> None:
        self.settings = settings
        self.options = options
        self.faults = faults

    def value(self, name: str, line: int) -> str:
        """The option in force of `$name`; HOLE (and a fault) where there is no such reading."""
        if unknown(name, self.options):
            hint = nearest(name, self.options)
            self.faults.add(line, f"没有名为 {name} 的口径{hint.zh}", f"there is no reading `{name}`{hint.en}")
        return self.settings.get(name, HOLE)

    def check_option(self, name: str, option: str, line: int) -> None:
        """A fault where a reading has no such option."""
        options = self.options.get(name, (HOLE,))
        if unknown(option, options):
            hint = nearest(option, options)
            self.faults.add(
                line,
                f"口径 {name} 没有选项 {option}{hint.zh}",
                f"reading `{name}` has no option `{option}`{hint.en}",
            )

    def fold(self, tree: YamlMap) -> YamlMap:
        """The same tree without readings; conditions that compare a reading are left to their parser."""
        folded = self._fold(tree, tree.line, ())[0]
        return folded if isinstance(folded, YamlMap) else YamlMap()

    def _fold(self, node: Any, line: int, above: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:  # noqa: ANN401  # a tree of plain values in, another out
        """A folded part and its readings: those that it mentions, and `above`, those that chose it."""
        if isinstance(node, str):
            if "$" not in node:
                return node, above
            named = (*above, *_READING.findall(node))
            return (self.value(node[1:], line) if node[0] == "$" and node[1:].isidentifier() else node), named
        if isinstance(node, YamlMap):
            by = node.get("by")
            if by == HOLE:
                return HOLE, above
            if isinstance(by, str) and by.startswith("$"):
                return self._choice(node, by[1:], above)
            folded = YamlMap(node.line)
            found = above
            for key, value in node.items():
                part, named = self._fold(value, node.lines[key], above)
                folded.put(key, part, node.lines[key])
                found += named
            folded.readings = tuple(dict.fromkeys(found))
            return folded, folded.readings
        if isinstance(node, YamlList):
            items = YamlList(node.line)
            found = above
            for item, at in zip(node, node.lines, strict=True):
                part, named = self._fold(item, at, above)
                items.put(part, at)
                found += named
            items.readings = tuple(dict.fromkeys(found))
            return items, items.readings
        return node, above

    def _choice(self, node: YamlMap, name: str, above: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
        """What `{by: $name, option: value}` says under the option in force."""
        line = node.lines["by"]
        value = self.value(name, line)
        given = [key for key in node if key != "by"]
        options = self.options.get(name, (HOLE,))
        for option in options:
            if unknown(option, given):
                self.faults.add(
                    line,
                    f"口径 {name} 的选项 {option} 没有写明取值: 补上 {option}:",
                    f"no value for option `{option}` of reading `{name}`: add `{option}:`",
                )
        for key in given:
            self.check_option(name, key, node.lines[key])
        # readings named under the other options are no less behind this part: another setting would bring them in
        named = tuple(dict.fromkeys((*above, name, *readings_of({key: node[key] for key in given}))))
        parts = {key: self._fold(node[key], node.lines[key], named)[0] for key in given}
        return parts.get(value, HOLE), named


def readings_of(tree: Any) -> tuple[str, ...]:  # noqa: ANN401  # a tree of plain values
    """The readings that a part of the file mentions, in order, each once."""
    if isinstance(tree, str):
        return tuple(dict.fromkeys(_READING.findall(tree))) if "$" in tree else ()
    parts = tree.values() if isinstance(tree, Mapping) else tree if isinstance(tree, list) else ()
    return tuple(dict.fromkeys(name for part in parts for name in readings_of(part)))
