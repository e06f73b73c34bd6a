"""policy.yaml as a tree that remembers its lines, without the surprises of YAML 1.1.

Plain scalars are texts, whole numbers, true or false, or empty. What YAML 1.1 would quietly turn into
something else (`no`, `010`, `1:30`), anchors, tags and repeated keys are faults, and all of them are
reported. The pure-Python loader is used on purpose: the C one can crash on deep nesting.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from anqing_subsidy.finding import PolicyFault, Text

LARGEST_FILE: Final = 1_000_000
DEEPEST: Final = 40

_BOOLS: Final = {"true": True, "false": False}
_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
_SURPRISES: Final = (
    (re.compile(r"(?:yes|no|on|off|y|n)", re.IGNORECASE), "true/false, 或加引号", "true or false, or quote it"),
    (re.compile(r"(?:True|TRUE|False|FALSE)"), "小写 true/false", "true or false in lower case"),
    (re.compile(r"[-+]?0[0-9_]+"), "去掉开头的0, 或加引号", "drop the leading zero, or quote it"),
    (re.compile(r"[-+]?\d[\d_]*(?::[0-5]?\d)+"), "加引号", "quote it"),
    (re.compile(r"[-+]?(?:0[xob][0-9a-fA-F_]+|\d[\d_]*_[\d_]*)"), "写成十进制数", "write a plain decimal number"),
    (
        re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)[eE][-+]?\d+|[-+]?\.(?:inf|nan)", re.IGNORECASE),
        "写出全部数字",
        "write it out",
    ),
    (re.compile(r"(?:~|null)", re.IGNORECASE), "留空, 或加引号", "leave it empty, or quote it"),
)


class YamlMap(dict[str, Any]):
    """A mapping that knows the line of itself and of each key."""

    line: int = 0
    lines: dict[str, int]


class YamlList(list[Any]):
    """A list that knows the line of itself and of each item."""

    line: int = 0
    lines: list[int]


def _scalar(node: yaml.ScalarNode, faults: list[PolicyFault]) -> Any:  # noqa: ANN401  # a scalar has any plain type
    text = node.value
    if node.style is not None:
        return text
    if text == "":
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    for pattern, zh, en in _SURPRISES:
        if pattern.fullmatch(text):
            line = node.start_mark.line + 1
            faults.append(
                PolicyFault(
                    line,
                    Text(
                        f"{text} 在 YAML 中会被读成别的东西: {zh}", f"`{text}` is read by YAML as something else: {en}"
                    ),
                )
            )
            return text
    return int(text) if _INTEGER.fullmatch(text) and len(text) < 19 else text


def _key(node: yaml.Node, faults: list[PolicyFault]) -> str | None:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode):
        faults.append(PolicyFault(line, Text("键必须是一个词", "a key must be a single word")))
        return None
    value = _scalar(node, faults)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(node.value)


def _tree(node: yaml.Node, faults: list[PolicyFault], depth: int = 0) -> Any:  # noqa: ANN401  # a tree of plain values
    line = node.start_mark.line + 1
    if depth > DEEPEST:
        raise _TooDeepError(line)
    if isinstance(node, yaml.MappingNode):
        mapping = YamlMap()
        mapping.line, mapping.lines = line, {}
        for key_node, value_node in node.value:
            key = _key(key_node, faults)
            if key is None:
                continue
            at = key_node.start_mark.line + 1
            if key in mapping:
                first = mapping.lines[key]
                faults.append(
                    PolicyFault(
                        at,
                        Text(
                            f"键 {key} 重复 (第 {first} 行已有): 删去其一",
                            f"key `{key}` again (first on line {first}): drop one",
                        ),
                    )
                )
                continue
            mapping[key] = _tree(value_node, faults, depth + 1)
            mapping.lines[key] = at
        return mapping
    if isinstance(node, yaml.SequenceNode):
        items = YamlList(_tree(item, faults, depth + 1) for item in node.value)
        items.line, items.lines = line, [item.start_mark.line + 1 for item in node.value]
        return items
    if not isinstance(node, yaml.ScalarNode):  # pragma: no branch
        raise TypeError(type(node).__name__)
    return _scalar(node, faults)


class _TooDeepError(Exception):
    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def _event_faults(text: str) -> list[PolicyFault]:
    """Anchors, aliases, tags and depth, judged on the events: nothing is built of them."""
    faults = []
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _TooDeepError(line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            name = getattr(event, "anchor", "")
            faults.append(
                PolicyFault(
                    line,
                    Text(
                        f"不支持锚点和引用 ({name}): 写出全文",
                        f"anchors and aliases ({name}) are refused: write it out",
                    ),
                )
            )
        elif (tag := getattr(event, "tag", None)) not in (None, "!"):
            faults.append(PolicyFault(line, Text(f"不支持标签 {tag}", f"tags ({tag}) are refused: drop it")))
    return faults


def read_tree(data: bytes) -> tuple[YamlMap, list[PolicyFault]]:
    """Bytes of a policy file -> its tree and the faults of its YAML; an unreadable file has an empty tree."""

    def refuse(line: int, zh: str, en: str) -> tuple[YamlMap, list[PolicyFault]]:
        return YamlMap(), [PolicyFault(line, Text(zh, en))]

    if len(data) > LARGEST_FILE:
        return refuse(
            1, f"文件超过 {LARGEST_FILE:,} 字节, 不像政策文件", f"larger than {LARGEST_FILE:,} bytes: not a policy file"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        return refuse(
            data[: fault.start].count(b"\n") + 1, "不是 UTF-8 文本: 另存为 UTF-8", "not UTF-8 text: save it as UTF-8"
        )
    try:
        if any(mark in text for mark in ("&", "*", "!")):
            faults = _event_faults(text)
            if faults:
                return YamlMap(), faults
        else:
            faults = []
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        tree = _tree(node, faults) if node is not None else None
    except _TooDeepError as fault:
        return refuse(fault.line, "嵌套过深", f"nested deeper than {DEEPEST} levels")
    except RecursionError:
        return refuse(1, "嵌套过深", f"nested deeper than {DEEPEST} levels")
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        return refuse(line, f"YAML 语法错误: {fault.problem}", f"not valid YAML: {fault.problem}")
    except yaml.YAMLError as fault:
        return refuse(1, f"YAML 语法错误: {fault}", f"not valid YAML: {fault}")
    if not isinstance(tree, YamlMap):
        return refuse(1, "政策文件应是一组“键: 值”", "a policy file is a mapping of keys to values")
    return tree, faults
