"""policy.yaml as a tree that remembers its lines, without the surprises of YAML 1.1.

Plain scalars are texts, whole numbers, true or false, or empty. What YAML 1.1 would quietly turn into
something else (`no`, `010`, `1:30`), anchors, tags and repeated keys are faults, and all of them are
reported. The tree is built straight from the parser's events, once through the file and without recursion.
libyaml reads ten times as fast as the loader in Python; what it refuses is read again by that one, whose words are told.
Where both can read a file they read the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from anqing_subsidy.policy.faults import HOLE, Faults
from anqing_subsidy.policy.yaml_problems import odd_indent, odd_space, problem

LARGEST_FILE: Final = 1_000_000
DEEPEST: Final = 40

_BOOLS: Final = {"true": True, "false": False}
PARTS: Final = re.compile(r"\d+(?::\d+)+")
"""Parts of a whole as people write them, 4:3:3."""
_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
_YES_OR_NO: Final = re.compile(r"(?:yes|no|on|off|y|n)", re.IGNORECASE)
_TRUTH: Final = re.compile(rf"{_YES_OR_NO.pattern}|true|false", re.IGNORECASE)
_THOUSANDS: Final = re.compile(r"\d{3}\D*")
"""What stands behind the comma of 90,000元: within braces a comma parts keys."""
_SURPRISES: Final = (
    (
        _YES_OR_NO,
        "是否写 true/false；本来就是这个词的加引号",
        "write true or false for yes and no; where the word itself is meant, quote it",
    ),
    (re.compile(r"(?:True|TRUE|False|FALSE)"), "小写 true/false", "true or false in lower case"),
    (re.compile(r"[-+]?0[0-9_]+"), "去掉开头的0, 或加引号", "drop the leading zero, or quote it"),
    (re.compile(r"[-+]?\d[\d_]*(?::[0-5]?\d)+"), "加引号", "quote it"),
    (re.compile(r"[-+]?(?:0[xob][0-9a-fA-F_]+|\d[\d_]*_[\d_]*)"), "写成十进制数", "write a plain decimal number"),
    (
        re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)[eE][-+]?\d+|[-+]?\.(?:inf|nan)", re.IGNORECASE),
        "数字写出全部位数, 文字加引号",
        "write all digits of a number, and quote a text",
    ),
    (re.compile(r"(?:~|null)", re.IGNORECASE), "留空, 或加引号", "leave it empty, or quote it"),
)


class YamlMap(dict[str, Any]):
    """A mapping that knows the line of itself and of each key, and the readings that it depends on once folded."""

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.readings: tuple[str, ...] = ()

    def put(self, key: str, value: Any, line: int) -> None:  # noqa: ANN401  # a tree of plain values
        """Set a key that stands on a line."""
        self[key] = value
        self.lines[key] = line


class YamlList(list[Any]):
    """A list that knows the line of itself and of each item, and the readings that it depends on once folded."""

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []
        self.readings: tuple[str, ...] = ()

    def put(self, value: Any, line: int) -> None:  # noqa: ANN401  # a tree of plain values
        """Append an item that stands on a line."""
        self.append(value)
        self.lines.append(line)


class _Unreadable(Exception):  # noqa: N818  # the way out of a file that cannot be read on, never seen outside
    def __init__(self, line: int, zh: str, en: str) -> None:
        super().__init__()
        self.line, self.zh, self.en = line, zh, en


def read_tree(data: bytes, faults: Faults) -> YamlMap | None:
    """Bytes of a policy file -> its tree; None where it cannot be read to its end. Faults of YAML go to `faults`."""
    if len(data) > LARGEST_FILE:
        faults.add(
            1,
            f"文件超过 {LARGEST_FILE:,} 字节, 不像政策文件",
            f"larger than {LARGEST_FILE:,} bytes: not a policy file",
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        faults.add(line, "不是 UTF-8 文本: 另存为 UTF-8", "not UTF-8 text: save it as UTF-8")
        return None
    if (odd := odd_indent(text)) is not None:
        faults.add(odd[0], f"YAML 语法错误: {odd[1].zh}", f"not valid YAML: {odd[1].en}")
        return None
    try:
        tree = _tree(text, faults)
    except _Unreadable as fault:
        faults.add(fault.line, fault.zh, fault.en)
        return None
    except yaml.MarkedYAMLError as fault:
        line, said = problem(fault, text)
        faults.add(line, f"YAML 语法错误: {said.zh}", f"not valid YAML: {said.en}")
        return None
    except yaml.reader.ReaderError as fault:
        line = text[: fault.position].count("\n") + 1
        faults.add(
            line,
            f"YAML 语法错误: 含不可见字符 U+{fault.character:04X}, 删去",
            f"not valid YAML: the invisible character U+{fault.character:04X}: delete it",
        )
        return None
    if not isinstance(tree, YamlMap):
        faults.add(1, "文件应是一组“键: 值”", "the file must be a mapping of keys to values")
        return None
    return tree


def _tree(text: str, faults: Faults) -> Any:  # noqa: ANN401  # a tree of plain values
    """The tree of a text, read by libyaml where it is there and finds nothing wrong."""
    if yaml.__with_libyaml__:
        trial = Faults()
        try:
            tree = _Composer(trial).document(yaml.parse(text, Loader=yaml.CSafeLoader))
        except (yaml.YAMLError, _Unreadable):
            pass
        else:
            faults.found += trial.found
            return tree
    return _Composer(faults).document(yaml.parse(text, Loader=yaml.SafeLoader))


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet; of a mapping also the key whose value comes next."""

    made: YamlMap | YamlList
    key_next: bool
    key: str | None = None
    key_line: int = 0
    yes_or_no: list[tuple[str, int]] = field(default_factory=list)
    """Keys that YAML takes for yes or no, with their lines."""


def _line(event: Any) -> int:  # noqa: ANN401  # the events of PyYAML have no types
    return int(event.start_mark.line) + 1


class _Composer:
    """Builds the tree of one document from the events of the parser."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.top: Any = None
        self.open: list[_Open] = []

    def document(self, events: Iterable[Any]) -> Any:  # noqa: ANN401  # a tree of plain values
        """The tree of a file that holds one document."""
        documents = 0
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                self._node(event, _line(event))
            elif isinstance(event, yaml.CollectionEndEvent):
                ended = self.open.pop()
                self._name_keys(ended)
                self._place(ended.made, ended.made.line)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Unreadable(
                        _line(event),
                        "YAML 语法错误: --- 之后又是一份文档, 只留一份",
                        "not valid YAML: a second document begins here: keep one",
                    )
        return self.top

    def _node(self, event: Any, line: int) -> None:  # noqa: ANN401  # the events of PyYAML have no types
        if event.anchor is not None:
            name = event.anchor
            self.faults.add(
                line, f"不支持锚点和引用 ({name}): 写出全文", f"anchors and aliases ({name}) are refused: write it out"
            )
        if isinstance(event, yaml.AliasEvent):
            self._place(HOLE, line)
            return
        if event.tag not in (None, "!"):
            self.faults.add(line, f"不支持标签 {event.tag}: 删去", f"tags ({event.tag}) are refused: drop it")
        if isinstance(event, yaml.ScalarEvent):
            is_key = bool(self.open) and self.open[-1].key_next
            value = self._scalar(event, line, is_key=is_key)
            # a key is the word that stands there, whatever it would be as a value
            self._place(event.value if is_key and HOLE not in event.value else value, line)
            return
        if len(self.open) >= DEEPEST:
            raise _Unreadable(line, f"嵌套超过 {DEEPEST} 层: 拆开来写", f"nested deeper than {DEEPEST} levels")
        mapping = isinstance(event, yaml.MappingStartEvent)
        self.open.append(_Open(YamlMap(line) if mapping else YamlList(line), key_next=mapping))

    def _place(self, value: Any, line: int) -> None:  # noqa: ANN401  # a tree of plain values
        """Put a finished value where it belongs: the whole, an item of a list, a key or the value of one."""
        if not self.open:
            self.top = value
            return
        inside = self.open[-1]
        if isinstance(inside.made, YamlList):
            inside.made.put(value, line)
        elif inside.key_next:
            inside.key_next, inside.key, inside.key_line = False, self._key(value, line, inside.made), line
        else:
            inside.key_next = True
            if value is None and self._thousands(inside):
                return
            if inside.key is not None:
                inside.made.put(inside.key, value, inside.key_line)

    def _thousands(self, inside: _Open) -> bool:
        """Whether a key is what stands behind the comma of a figure, which the mapping holds up to there; that is a fault."""
        made, key = inside.made, inside.key
        if not isinstance(made, YamlMap) or not made or key is None or not _THOUSANDS.fullmatch(key):
            return False
        last = next(reversed(made))
        if type(made[last]) is not int and made[last] != HOLE:
            return False
        self.faults.add(
            inside.key_line,
            f"{last} 的数字里去掉逗号（花括号里逗号隔开两项）",
            f"drop the commas in the figure of `{last}`: within braces a comma parts two entries",
        )
        made[last] = HOLE
        return True

    def _name_keys(self, ended: _Open) -> None:
        """A fault for each name that YAML takes for yes or no; of a choice `by` a fact its values are told where it is read."""
        for key, line in ended.yes_or_no if "by" not in ended.made else ():
            self.faults.add(
                line,
                f"键 {key} 在 YAML 中会被读成是/否: 换个名字，或加引号",
                f"the key `{key}` is read by YAML as true or false: rename it, or quote it",
            )

    def _key(self, value: Any, line: int, mapping: YamlMap) -> str | None:  # noqa: ANN401  # a tree of plain values
        """A key, or None where what follows is to be left out."""
        if value == HOLE:
            return None
        if not isinstance(value, str):
            self.faults.add(line, "键必须是一个词", "a key must be a single word")
            return None
        if value in mapping:
            first = mapping.lines[value]
            self.faults.add(
                line,
                f"键 {value} 重复 (第 {first} 行已有): 删去其一",
                f"key `{value}` again (first on line {first}): drop one",
            )
            return None
        return value

    def _scalar(self, event: Any, line: int, *, is_key: bool) -> Any:  # noqa: ANN401  # a scalar has any plain type
        text = event.value
        if HOLE in text:
            self.faults.add(line, "含空字符 \\0: 删去", "holds the character \\0: delete it")
            return HOLE
        if event.style:
            return text
        if (odd := odd_space(text, key=is_key)) is not None:
            if is_key:  # `pay:` and what stands behind it may be one key so
                raise _Unreadable(line, odd.zh, odd.en)
            self.faults.add(line, odd.zh, odd.en)
            return HOLE
        if is_key and text not in _BOOLS and _TRUTH.fullmatch(text):
            self.open[-1].yes_or_no.append((text, line))
            return text
        if text == "":
            return None
        if text in _BOOLS:
            return _BOOLS[text]
        if self.open and self.open[-1].key == "shares" and PARTS.fullmatch(text):
            return text  # 4:3:3 is told where shares are read, with what to write
        for pattern, zh, en in _SURPRISES:
            if pattern.fullmatch(text):
                self.faults.add(
                    line,
                    f"{text} 在 YAML 中会被读成别的东西: {zh}",
                    f"`{text}` is read by YAML as something else: {en}",
                )
                return HOLE
        return int(text) if _INTEGER.fullmatch(text) and len(text) < 19 else text
