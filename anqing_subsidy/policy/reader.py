"""Reads a tree into classes that say which keys there are and what each holds; every fault of form is collected.

A class derived from `Entry` is one mapping of the file; its annotations are the keys. An attribute without a value is
a key that must be given; a trailing underscore stands for the words that Python keeps for itself (`else_` is `else`).

What is wrong is noted with its line and read as a hole (`faults.HOLE`), so that the rest of the file can still be
looked at: nothing that comes of a hole is a fault. A misspelt key is read as the one that was meant. No general
validator does this, as they stop where the first fault of a value is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.faults import HOLE, Faults, closest, nearest, parted, with_commas
from anqing_subsidy.policy.schema_hints import OPTIONS
from anqing_subsidy.policy.wrong_kind import wrong_kind
from anqing_subsidy.policy.yamltree import YamlList, YamlMap

_E = TypeVar("_E", bound="Entry")


@dataclass(frozen=True, slots=True)
class Between:
    """The least and the greatest number, or number of entries."""

    least: int
    most: int | None = None


DIGITS: Final = "digits"
"""A text; a whole number typed without quotes is taken as its digits."""
TYPED: Final = "typed"
"""The same of what stands in sheets, with whatever signs."""
ONE_OR_MORE: Final = "one or more"
"""A list; a single entry may stand without brackets."""
SOME: Final = "some"
"""A list of at least one; a single entry may stand without brackets."""
COLUMN: Final = "column"
"""A text that names a column of the table which the mapping is about (`Entry.columns_named`)."""
CONDITIONS: Final = "conditions"
"""A tree: one condition, or a list of them."""
AMOUNT: Final = "amount"
"""A tree: a sum, a rate or a factor, the name of a fact, or a choice among those by a fact."""
FUND: Final = "funds"
"""A tree: a fund, a mapping that says which funds pay, or a choice among those by a fact."""
ID: Final = "id"
"""A text of lower-case letters, digits and underscores that begins with a letter."""

_FEW_KEYS: Final = 3
_SURE: Final = 0.75
"""How near a misspelt key must be to be read as another: what follows from a wrong guess would be no fault."""
ID_PATTERN: Final = "[a-z][a-z0-9_]*"
_ID = re.compile(ID_PATTERN)


class Entry:
    """A mapping of the file as it was read; `hole` where there was none to read.

    `likely` are words that people write for a key, each with the key; `elsewhere` says of words that are no keys here
    where what they mean is written. `dropped`: a key was not understood, so that what it means may seem to be missing.
    """

    likely = MappingProxyType[str, str]({})
    elsewhere = MappingProxyType[str, Text]({})

    def __init__(self, tree: YamlMap, values: Mapping[str, Any], *, hole: bool, dropped: bool = False) -> None:
        self.tree = tree
        self.hole = hole
        self.dropped = dropped
        self.__dict__.update(values)

    @property
    def line(self) -> int:
        """The line on which the mapping begins."""
        return self.tree.line

    def columns_named(self) -> list[tuple[str, str]]:
        """The keys that name a column, each with the name that is given."""
        columns = [name for name, kind in keys_of(type(self)).values() if COLUMN in get_args(kind)]
        return [(name, word) for name in columns if (word := getattr(self, name)) is not None]

    def at(self, *path: str | int) -> int:
        """The line on which a key stands, or an entry in it; where there is none, of what is around it."""
        line = self.line
        node: Any = self.tree
        for step in path:
            if isinstance(node, YamlMap) and step in node:
                line, node = node.lines[str(step)], node[str(step)]
            elif isinstance(node, YamlList) and isinstance(step, int) and step < len(node):
                line, node = node.lines[step], node[step]
            else:
                break
        return line


_FOUND_KEYS: Final[dict[type[Entry], Mapping[str, tuple[str, Any]]]] = {}


def keys_of(entry: type[Entry]) -> Mapping[str, tuple[str, Any]]:
    """The keys of a mapping, each with the attribute that holds it and its kind; worked out when first asked for."""
    if entry not in _FOUND_KEYS:
        hints = get_type_hints(entry, include_extras=True)
        _FOUND_KEYS[entry] = {name.rstrip("_"): (name, kind) for name, kind in hints.items()}
    return _FOUND_KEYS[entry]


def _form(kind: Any) -> str:  # noqa: ANN401  # any kind
    """What an entry of few keys looks like: `{zh: …, en: …}`; nothing for other kinds."""
    if not (isinstance(kind, type) and issubclass(kind, Entry)):
        return ""
    needed = [key for key, (name, _) in keys_of(kind).items() if not hasattr(kind, name)]
    return f"{{{', '.join(f'{key}: …' for key in needed)}}}" if 0 < len(needed) <= _FEW_KEYS else ""


class Reader:
    """Reads one file; every fault goes to `faults`."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def entry(self, kind: type[_E], tree: YamlMap, path: tuple[str, ...] = ()) -> _E:
        """A mapping with all its keys."""
        keys = keys_of(kind)
        meant = YamlMap(tree.line)
        meant.readings = tree.readings
        for key, value in tree.items():
            known: str | None = key
            if key not in keys:
                others = [other for other in keys if other not in tree and other not in meant]
                known = self._meant(kind, key, others, tree.lines[key])
            if known is not None:
                meant.put(known, value, tree.lines[key])
        values = {}
        for key, (name, inner) in keys.items():
            if key in meant:
                values[name] = self.value(inner, meant[key], (*path, key), meant.lines[key])
            elif not hasattr(kind, name):
                where = ".".join((*path, key))
                self.faults.add(tree.line, f"{where} 缺少必填项: 补上 {key}:", f"`{where}` is missing: add `{key}:`")
                values[name] = self.hole(inner, tree.line)
        return kind(meant, values, hole=False, dropped=len(meant) < len(tree))

    def _meant(self, kind: type[Entry], key: str, free: list[str], line: int) -> str | None:
        """The key that an unknown one is read as, if it is any of those that are `free`; it is a fault in any case."""
        likely = kind.likely.get(key)
        hint = kind.elsewhere.get(key) or nearest(key, keys_of(kind))
        if likely is not None:
            hint = Text(f"，应写 {likely}", f"; write `{likely}`")
        self.faults.add(line, f"不认识的键 {key}{hint.zh}", f"unknown key `{key}`{hint.en}")
        if likely is not None:
            return likely if likely in free else None
        return None if key in kind.elsewhere else closest(key, free, _SURE)

    def value(self, kind: Any, value: Any, path: tuple[str, ...], line: int) -> Any:  # noqa: ANN401  # any kind, any value
        """A value of the wanted kind; its hole (and a fault) where it is of another."""
        if kind is Any or get_args(kind)[:1] == (Any,):
            return value
        if value == HOLE:
            return self.hole(kind, line)
        origin = get_origin(kind)
        if origin is Annotated:
            inner, rule = get_args(kind)
            return self._ruled(inner, rule, value, path, line)
        if origin in (Union, UnionType):
            return self._one_of(get_args(kind), value, path, line)
        if origin is Literal:
            return value if value in get_args(kind) else self._no_option(kind, value, path, line)
        wanted: type = (
            YamlList if origin is tuple else YamlMap if origin is Mapping or issubclass(kind, Entry) else kind
        )
        entries: Any = value
        if type(value) is not wanted:
            said = wrong_kind(wanted, value, _form(kind))
            where = ".".join(path)
            self.faults.add(line, f"{where} {said.zh}", f"`{where}` {said.en}")
            return self.hole(kind, line)
        if origin is tuple:
            inner = get_args(kind)[0]
            if TYPED not in get_args(inner):
                entries = self._with_commas(entries, path)
            names = [entry.get("id") if isinstance(entry, YamlMap) else None for entry in entries]
            return tuple(
                self.value(inner, entry, (*path, name if isinstance(name, str) else str(number)), at)
                for number, (name, entry, at) in enumerate(zip(names, entries, entries.lines, strict=True), 1)
            )
        if origin is Mapping:
            inner = get_args(kind)[1]
            return {key: self.value(inner, entry, (*path, key), entries.lines[key]) for key, entry in entries.items()}
        return self.entry(kind, entries, path) if wanted is YamlMap else value

    def _with_commas(self, entries: YamlList, path: tuple[str, ...]) -> YamlList:
        """A list of which some entries stand between full-width commas, read as it was meant; that is a fault."""
        meant = YamlList(entries.line)
        meant.readings = entries.readings
        for entry, line in zip(entries, entries.lines, strict=True):
            parts = parted(entry) if isinstance(entry, str) else [entry]
            if len(parts) > 1:
                hint, where = with_commas(parts), ".".join(path)
                self.faults.add(
                    line, f"{where} 里有全角逗号或顿号，{hint.zh}", f"full-width commas in `{where}`: {hint.en}"
                )
            for part in parts:
                meant.put(part, line)
        return meant

    def _one_of(self, kinds: tuple[Any, ...], value: Any, path: tuple[str, ...], line: int) -> Any:  # noqa: ANN401  # any kind, any value
        """A value that may be left out, or that is a text or a mapping."""
        if value is None and NoneType in kinds:
            return None
        entries = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Entry)]
        return self.value(entries[0] if entries and isinstance(value, YamlMap) else kinds[0], value, path, line)

    def _no_option(self, kind: Any, value: Any, path: tuple[str, ...], line: int) -> str:  # noqa: ANN401  # any kind, any value
        where, options = ".".join(path), get_args(kind)
        listing = ", ".join(options)
        likely = OPTIONS.get(value) if isinstance(value, str) else None
        meant = likely if likely in options else closest(value, options) if isinstance(value, str) else None
        zh, en = (f"，是否应为 {meant}？", f"; did you mean `{meant}`?") if meant else ("", "")
        self.faults.add(line, f"{where} 应为 {listing} 之一{zh}", f"`{where}` must be one of {listing}{en}")
        return HOLE

    def _ruled(self, kind: Any, rule: Any, value: Any, path: tuple[str, ...], line: int) -> Any:  # noqa: ANN401  # any kind, any value
        """A value with a rule beside its kind."""
        if rule in (DIGITS, TYPED) and type(value) is int:
            value = str(value)
        if rule in (ONE_OR_MORE, SOME) and not isinstance(value, YamlList) and value is not None:
            single = YamlList(line)
            single.put(value, line)
            value = single
        read = self.value(kind, value, path, line)
        where = ".".join(path)
        if rule is ID and read != HOLE and not _ID.fullmatch(read):
            like = re.sub(r"[^a-z0-9_]", "_", read.lower())
            like = like if _ID.fullmatch(like) else HOLE
            hint = Text("", "") if like == HOLE else Text(f"，如 {like}", f", such as `{like}`")
            self.faults.add(
                line,
                f"{where} 只能用小写字母、数字和下划线，以字母开头{hint.zh}",
                f"`{where}` must be lower-case letters, digits and underscores, a letter first{hint.en}",
            )
            return like
        if rule is SOME and read == ():
            return self._between(kind, Between(1), read, where, line)
        if isinstance(rule, Between):
            if kind is int and type(value) is not int:  # it was said to be none
                return rule.least
            return self._between(kind, rule, read, where, line)
        return read

    def _between(self, kind: Any, rule: Between, read: Any, where: str, line: int) -> Any:  # noqa: ANN401  # any kind, any value
        """A number, or a number of entries, within its bounds."""
        number = isinstance(read, int)
        size = read if number else len(read)
        if size < rule.least:
            if number or HOLE not in read:
                zh, en = ("太小", "is too small") if number else ("项数不足", "has too few entries")
                self.faults.add(line, f"{where} {zh}，至少 {rule.least}", f"`{where}` {en}: at least {rule.least}")
            return rule.least if number else self._with_holes(kind, rule.least, read, line)
        if rule.most is not None and size > rule.most:
            zh, en = ("太大", "is too large") if number else ("项数过多", "has too many entries")
            self.faults.add(line, f"{where} {zh}，至多 {rule.most}", f"`{where}` {en}: at most {rule.most}")
            return rule.most if number else read[: rule.most]
        return read

    def _with_holes(self, kind: Any, least: int, read: Any, line: int) -> Any:  # noqa: ANN401  # any kind, any value
        hole = self.hole(kind, line)
        return {**read, **hole} if isinstance(read, dict) else (*read, *hole * least)[:least]

    def hole(self, kind: Any, line: int) -> Any:  # noqa: ANN401  # any kind, any value
        """What stands for a value of a kind that the file does not give."""
        origin, parts = get_origin(kind), get_args(kind)
        if origin is Annotated:
            inner, rule = parts
            hole = self.hole(inner, line)
            if not isinstance(rule, Between) or isinstance(hole, dict):
                return hole
            return rule.least if inner is int else hole * rule.least
        if origin in (Union, UnionType):
            return self.hole(parts[0], line)
        if origin is tuple:
            return (self.hole(parts[0], line),)
        if origin is Mapping:
            return {HOLE: self.hole(parts[1], line)}
        if kind is Any:
            return None
        if isinstance(kind, type) and issubclass(kind, Entry):
            needed = {name: inner for name, inner in keys_of(kind).values() if not hasattr(kind, name)}
            return kind(YamlMap(line), {name: self.hole(inner, line) for name, inner in needed.items()}, hole=True)
        return {int: 0, bool: False}.get(kind, HOLE)
