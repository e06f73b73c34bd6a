"""JSON Schema (draft 7) of a policy file, made from the classes that read it, so that editors complete and check it.

Whatever stands in a file may depend on a reading: `$name` stands for its option, `{by: $name, option: value}` chooses.
The schema says so for each key but those that hold whole sections, where it would only blur what an editor says.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from anqing_subsidy.policy.build_awards import MODIFIERS, SHAPES
from anqing_subsidy.policy.build_facts import OPERATIONS
from anqing_subsidy.policy.reader import (
    AMOUNT,
    CONDITIONS,
    DIGITS,
    FUND,
    ID,
    ID_PATTERN,
    ONE_OR_MORE,
    SOME,
    TYPED,
    Between,
    Entry,
    keys_of,
)
from anqing_subsidy.policy.schema import AwardDoc, FactDoc, FundDoc, LabelDoc, PolicyDoc

Schema = dict[str, Any]
_DOC: Final = re.compile(r"^    (\w+): (?:.*\[\n {8}.*\n    \].*|.*)  #: (.+)$", re.MULTILINE)
"""What a key is for, written behind it."""

_READING: Final[Schema] = {"$ref": "#/definitions/reading"}
_LABELS: Final = (LabelDoc,)
"""Entries of words alone: what people call a thing depends on no reading."""

_TREES: Final = tuple(f"#/definitions/{rule}" for rule in (CONDITIONS, AMOUNT, FUND))
"""Definitions of values that are parsed later: they say themselves what a choice looks like."""

_FUND_NEEDED: Final[Schema] = {
    "if": {"not": {"required": ["every_clause"]}},
    "then": {"properties": {"clauses": {"items": {"required": ["fund"]}}}},
}
"""Where no fund is written for every clause, each names its own."""

_COMMON: Final[Mapping[str, Schema]] = {
    "reading": {
        "type": "string",
        "pattern": r"^\$\w+$",  # no description: editors would show it instead of what the key is for
    },
    "choice": {
        "type": "object",
        "required": ["by"],
        "properties": {"by": {"type": "string", "description": "A fact, or a $reading."}},
    },
    "condition": {
        "description": "`fact >= 2000万元`, `low <= fact < high`, `fact is a or b`, `fact is given`, `not fact`, or `any: [...]`.",
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "required": ["any"],
                "additionalProperties": False,
                "properties": {"any": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/branch"}}},
            },
        ],
    },
    "branch": {
        "description": "One condition, or several that must all hold.",
        "anyOf": [
            {"$ref": "#/definitions/condition"},
            {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/condition"}},
        ],
    },
    "conditions": {
        "description": "Conditions that must all hold, one a line.",
        "anyOf": [
            {"type": "array", "items": {"$ref": "#/definitions/condition"}},
            {"$ref": "#/definitions/condition"},
            {"type": "null"},
        ],
    },
    "amount": {
        "description": "A sum (2000万元), a rate (2%), a number, a fact, or a choice among those by a fact.",
        "anyOf": [
            {"type": ["string", "number", "boolean"]},
            {"type": "object"},
            {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/amount"}},
            {"type": "null"},
        ],
    },
    "funds": {
        "description": "A fund, `{fund: a, or: b, due_to: fact}`, `{shares: {a: 50%, b: 50%}}`, or a choice among funds and shares by a fact of the applicant.",
        "anyOf": [
            {"type": "string"},
            {"$ref": "#/definitions/Fund"},
            {
                "type": "object",
                "required": ["by"],
                "properties": {"by": {"type": "string"}},
                "additionalProperties": {"$ref": "#/definitions/funds"},
            },
        ],
    },
}


def json_schema() -> Schema:
    """The schema of a whole policy file."""
    maker = _Maker()
    top = maker.of_entry(PolicyDoc)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **top,
        **_FUND_NEEDED,
        "definitions": {**_COMMON, **dict(sorted(maker.definitions.items()))},
    }


class _Maker:
    """Turns kinds of values into schemas; each class of entries becomes one definition."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def of_entry(self, entry: type[Entry]) -> Schema:
        """A mapping with its keys."""
        docs = key_docs(entry)
        properties: dict[str, Schema] = {}
        for key, (name, kind) in keys_of(entry).items():
            made = self.of(kind)
            if not issubclass(entry, _LABELS) and not _holds_entries(kind):
                made = _or_reading(made)
            made = _said(made, docs.get(name))
            default = getattr(entry, name, None)
            if isinstance(default, str | bool | int) and default != "":
                made = {**({"allOf": [made]} if "$ref" in made else made), "default": default}
            properties[key] = made
        required = [key for key, (name, _) in keys_of(entry).items() if not hasattr(entry, name)]
        return {
            "type": "object",
            "description": inspect.cleandoc(entry.__doc__ or ""),
            "additionalProperties": False,
            **({"required": required} if required else {}),
            "properties": properties,
            **_exactly_one(entry),
        }

    def _reference(self, entry: type[Entry]) -> Schema:
        name = entry.__name__.removesuffix("Doc")
        if name not in self.definitions:
            self.definitions[name] = {}  # holds the place: an award may hold awards
            self.definitions[name] = self.of_entry(entry)
        return {"$ref": f"#/definitions/{name}"}

    def of(self, kind: Any) -> Schema:  # noqa: ANN401  # any kind of value
        """The schema of a kind of values."""
        origin, parts = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self._ruled(parts[0], parts[1])
        if origin in (Union, UnionType):
            # a section that is left out is told from an empty one, so that an editor says what is wrong inside it
            entries = [part for part in parts if isinstance(part, type) and issubclass(part, Entry)]
            given = [part for part in parts if part is not NoneType or not entries]
            return _any_of([{"type": "null"} if part is NoneType else self.of(part) for part in given])
        if origin is Literal:
            return {"enum": list(parts)}
        if origin is tuple:
            return {"type": "array", "items": self.of(parts[0])}
        if origin is not None and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(parts[1])}
        if kind is Any:
            return {}
        if issubclass(kind, Entry):
            return self._reference(kind)
        return {"type": {str: "string", int: "integer", bool: "boolean"}[kind]}

    def _ruled(self, kind: Any, rule: Any) -> Schema:  # noqa: ANN401  # any kind of value, any rule
        """A kind of values with a rule beside it."""
        if rule == FUND:
            self._reference(FundDoc)
        if rule in (CONDITIONS, AMOUNT, FUND):
            return {"$ref": f"#/definitions/{rule}"}
        made = self.of(kind)
        if rule in (DIGITS, TYPED):
            return _any_of([made, {"type": "integer"}])
        if rule is SOME:
            made = {**made, "minItems": 1}
        if rule in (ONE_OR_MORE, SOME):
            single = self.of(get_args(kind)[0]) if get_origin(kind) is tuple else self._single(kind)
            return _any_of([made, single])
        if rule is ID:
            return {**made, "pattern": f"^{ID_PATTERN}$"}
        if isinstance(rule, Between):
            least, most = ("minimum", "maximum") if kind is int else _sizes(made)
            return {**made, least: rule.least, **({most: rule.most} if rule.most is not None else {})}
        return made

    def _single(self, kind: Any) -> Schema:  # noqa: ANN401  # a list or nothing
        """One entry of a list that may be left out."""
        lists = [part for part in get_args(kind) if get_origin(part) is tuple]
        return self.of(get_args(lists[0])[0])


def _said(made: Schema, said: str | None) -> Schema:
    """A key with what it is for; what it may hold is told behind it, as editors show one description alone."""
    if said is None:
        return made
    tree = _COMMON.get(made.get("$ref", "").rpartition("/")[2])
    if tree is not None:
        return {**tree, "description": f"{said}\n\n{tree['description']}"}
    return {"allOf": [made], "description": said} if "$ref" in made else {**made, "description": said}


def _sizes(made: Schema) -> tuple[str, str]:
    return ("minProperties", "maxProperties") if made.get("type") == "object" else ("minItems", "maxItems")


def _any_of(parts: list[Schema]) -> Schema:
    """One of several; plain types are put together."""
    if len(parts) == 1:
        return parts[0]
    flat = [inner for part in parts for inner in (part["anyOf"] if set(part) == {"anyOf"} else [part])]
    if all(set(part) == {"type"} and isinstance(part["type"], str) for part in flat):
        return {"type": list(dict.fromkeys(part["type"] for part in flat))}
    return {"anyOf": flat}


def _or_reading(made: Schema) -> Schema:
    """The same, or a reading that decides it."""
    if made.get("$ref") in _TREES or made == {}:
        return made
    inner: Schema = {"anyOf": [made, _READING, {"$ref": "#/definitions/choice"}]}
    choice = {
        "type": "object",
        "required": ["by"],
        "properties": {"by": _READING},
        "additionalProperties": inner,
    }
    types = made.get("type", [])
    texts = "string" in ([types] if isinstance(types, str) else types) and "pattern" not in made
    return _any_of([made, *([] if texts else [_READING]), choice])


def _holds_entries(kind: Any) -> bool:  # noqa: ANN401  # any kind of value
    """Whether a kind is a section: a mapping, or a list or table of mappings."""
    if get_origin(kind) in (Annotated, tuple) or (get_origin(kind) is not None and _is_mapping(kind)):
        return any(_holds_entries(part) for part in get_args(kind))
    if get_origin(kind) in (Union, UnionType):
        return all(_holds_entries(part) for part in get_args(kind) if part is not NoneType)
    return isinstance(kind, type) and issubclass(kind, Entry)


def _is_mapping(kind: Any) -> bool:  # noqa: ANN401  # any kind of value
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _exactly_one(entry: type[Entry]) -> Schema:
    """Of the keys that say how an award or a fact is worked out there is exactly one."""
    every = keys_of(entry)
    if entry is AwardDoc:
        return {"oneOf": [_one(shape, beside, every, (*MODIFIERS, "when")) for shape, beside in SHAPES.items()]}
    if entry is FactDoc:
        return {"oneOf": [_one(operation, beside, every, ("zh", "en")) for operation, beside in OPERATIONS.items()]}
    return {}


def _one(key: str, beside: Iterable[str], every: Iterable[str], always: Iterable[str]) -> Schema:
    """One way to work something out: its key, and none of those that do not go with it."""
    others = sorted(set(every) - {key, *beside, *always})
    return {"required": [key], "properties": dict.fromkeys(others, False)}


def key_docs(entry: type[Entry]) -> Mapping[str, str]:
    """What stands behind `#:` at each attribute of a class and of those that it extends, by the name of the attribute."""
    found: dict[str, str] = {}
    for kind in reversed(entry.__mro__):
        if issubclass(kind, Entry) and kind is not Entry:
            found |= dict(_DOC.findall(inspect.getsource(kind)))
    return found
