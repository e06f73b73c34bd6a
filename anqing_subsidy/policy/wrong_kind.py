"""What is said of a value of a wrong kind: what it must be, what it is, and how it was probably meant."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Any, Final

from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.policy.figures import in_percent
from anqing_subsidy.policy.yamltree import PARTS, YamlList, YamlMap

_WANTED: Final[Mapping[Any, Text]] = {
    str: Text("文字", "a text"),
    int: Text("整数", "a whole number"),
    bool: Text(" true 或 false", "true or false"),
    YamlList: Text("列表 [...]", "a list"),
    YamlMap: Text("一组“键: 值”", "a mapping"),
}
_FOUND: Final[Mapping[Any, Text]] = {**_WANTED, int: Text("数字", "a number"), NoneType: Text("空", "left empty")}


def wrong_kind(wanted: type, value: Any, form: str) -> Text:  # noqa: ANN401  # any value
    """A value of another type than is wanted; `form` is what one of that type looks like, if it has few keys."""
    must, found, hint = _WANTED[wanted], _FOUND[type(value)], _meant(wanted, value)
    like = f" {form}" if form else ""
    return Text(f"应为{must.zh}{like}，这里是{found.zh}{hint.zh}", f"must be {must.en}{like}, not {found.en}{hint.en}")


def _meant(wanted: type, value: Any) -> Text:  # noqa: ANN401  # any value
    """A text without its quotes, shares as 4:3:3."""
    if wanted is str and isinstance(value, int):
        text = str(value).lower()
        return Text(f'，加引号: "{text}"', f': quote it, "{text}"')
    if isinstance(value, str) and PARTS.fullmatch(value) and wanted in (YamlList, YamlMap):
        parts = value.split(":")
        said = in_percent(parts, ["…"] * len(parts) if wanted is YamlMap else ())
        return Text(f"，写成 {said}", f": write {said}")
    return NOTHING
