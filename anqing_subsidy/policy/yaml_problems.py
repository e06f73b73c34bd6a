"""What is said of a text that is no YAML: the sign that is wrong, or what the parser found, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import yaml

from anqing_subsidy.finding import Text

_BLANKS: Final = {
    "\u00a0": Text("不间断空格", "a non-breaking space"),
    "\u3000": Text("全角空格", "a full-width space"),
}
_WIDTHLESS: Final = "\u200b\u200c\u200d\u2060\ufeff"
_ODD: Final = rf"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000{_WIDTHLESS}]"
"""Spaces that YAML takes for letters, as word processors and web pages put them in; some have no width."""
_ODD_INDENT: Final = re.compile(rf"^[ \-]*(?!\u3000)(?P<space>{_ODD})")
"""A full-width space may begin a paragraph of a long text; elsewhere than in one it is told with what it breaks."""
_ODD_SPACE: Final = re.compile(rf"^[^#'\"]*?(?P<space>{_ODD})")
_FULL_WIDTH: Final = re.compile(r"^[^#'\"]*?(?P<sign>[｛｝［］＂＇]|(?<=[A-Za-z0-9_])：|：(?=\s*[｛［]))")
_IN_LIST: Final = re.compile(r"(?P<fact>\w+) (?P<no>not )?in \[(?P<first>\w+), ?(?P<second>\w+)")
_PROBLEMS: Final = (
    (
        "mapping values are not allowed",
        "一行里有两个“键:”，几个键合为一项时加花括号，如 {sum: 100万元, first: [甲]}；文字里的冒号要加引号",
        "two keys on one line: put what belongs together in braces, `{sum: 100万元, first: [a]}`; quote a text with a colon",
    ),
    ("expected ',' or ']'", "列表缺少逗号或 ]", "a list lacks a comma or its ]"),
    ("expected ',' or '}'", "花括号里缺少逗号或 }", "braces lack a comma or their }"),
    ("could not find expected ':'", "这一行缺少冒号（后空一格）", "the line lacks a colon with a space behind"),
    ("did not find expected key", "缩进与上下各行不齐", "the indentation does not agree with the lines around it"),
    ("<block end>, but found ']'", "多了一个 ]", "a ] too many"),
    ("<block end>, but found '}'", "多了一个 }", "a } too many"),
    ("expected <block end>", "缩进与上下各行不齐", "the indentation does not agree with the lines around it"),
    ("found character '\\t'", "用了制表符，改成空格", "a tab: use spaces"),
    ("unexpected end of stream", "引号没有配对", "a quote is not closed"),
    ("unexpected document separator", "引号没有配对", "a quote is not closed"),
    ("found character", "以 @、`、% 开头的文字要加引号", "quote a text that begins with @, ` or %"),
    (
        "sequence entries are not allowed",
        "“- ”不能写在这里，列表另起一行",
        "a `- ` cannot stand here: begin the list on a line of its own",
    ),
    ("mapping keys are not allowed", "“? ”会被读成键，文字加引号", "`? ` is read as a key: quote the text"),
    ("expected the node content", "缺少值，或多了逗号、括号", "a value is missing, or a comma or bracket is too many"),
    (
        "<document start>",
        "这一行不属于上面的内容，看缩进和括号",
        "the line belongs to nothing above it: look at indentation and brackets",
    ),
    (
        "scanning a directive",
        "以 % 开头的行是 YAML 指令，删去或加引号",
        "a line that begins with % is a directive of YAML: drop or quote it",
    ),
    ("YAML directive", "%YAML 一行删去", "drop the line %YAML"),
    ("YAML document", "%YAML 一行删去", "drop the line %YAML"),
    ("scanning an anchor", "以 & 开头的文字要加引号", "quote a text that begins with &"),
    ("scanning an alias", "以 * 开头的文字要加引号", "quote a text that begins with *"),
    ("a tag", "以 ! 开头的文字要加引号", "quote a text that begins with !"),
    ("tag handle", "以 ! 开头的文字要加引号", "quote a text that begins with !"),
    ("a block scalar", "以 | 或 > 开头的文字要加引号", "quote a text that begins with | or >"),
    (
        "a double-quoted scalar",
        "双引号里的 \\ 另有含义，改用单引号",
        "a \\ within double quotes means something else: use single quotes",
    ),
)


def odd_space(text: str, *, key: bool = False) -> Text | None:
    """What is said of a word with an odd space where it cannot be meant: in a key, before a value, or without width."""
    found = re.search(_ODD if key else rf"^{_ODD}|[{_WIDTHLESS}]", text)
    return _named(found[0]) if found is not None else None


def odd_indent(text: str) -> tuple[int, Text] | None:
    """The first line that is indented by an odd space, and what is said of it."""
    return _spaced(enumerate(text.splitlines(), 1), _ODD_INDENT)


def _spaced(lines: Iterable[tuple[int, str]], where: re.Pattern[str]) -> tuple[int, Text] | None:
    matches = ((at, found) for at, line in lines if (found := where.search(line)) is not None)
    return next(((at, _named(found["space"])) for at, found in matches), None)


def _named(space: str) -> Text:
    code = f"U+{ord(space):04X}"
    if space in _WIDTHLESS:
        return Text(f"有看不见的零宽字符 ({code})，删去", f"an invisible character without width ({code}): delete it")
    name = _BLANKS.get(space, Text("特殊空格", "an odd space"))
    return Text(
        f"有{name.zh} ({code})，改成普通空格（全文替换）",
        f"{name.en} ({code}): replace it by a plain space, throughout the file",
    )


def problem(fault: yaml.MarkedYAMLError, text: str) -> tuple[int, Text]:
    """The line of a fault of YAML, and what is said of it."""
    line = fault.problem_mark.line + 1 if fault.problem_mark else 1
    lines = text.splitlines()
    near = [(at, lines[at - 1]) for at in (line - 1, line) if 0 < at <= len(lines)]
    if (odd := _spaced(near, _ODD_SPACE)) is not None:
        return odd
    at, sign = _full_width(near)
    if sign:
        return at, Text(
            f"有全角的“{sign}”，改成半角（冒号、逗号后空一格）",
            f"a full-width `{sign}`: write the half-width sign (a colon or comma with a space behind)",
        )
    listed = _IN_LIST.search(lines[line - 1]) if line <= len(lines) else None
    if listed is not None:
        fact, first, second = listed["fact"], listed["first"], listed["second"]
        meant = f"{fact} != {first}, {fact} != {second}" if listed["no"] else f"{fact} is {first} or {second}"
        return line, Text(f"条件没有 in，写成 {meant}", f"conditions have no `in`: write `{meant}`")
    said = str(fault.problem)
    known = next(
        (Text(zh, f"{said}: {en}") for words, zh, en in _PROBLEMS if words in said or words in str(fault.context)), None
    )
    return line, known or Text(f"读不懂这一行（{said}），文字加引号，缩进对齐", f"{said}: quote texts, align lines")


def _full_width(near: list[tuple[int, str]]) -> tuple[int, str]:
    """The full-width sign that probably stands for one of YAML's, on the line of a fault or the one before."""
    matches = ((at, _FULL_WIDTH.search(line)) for at, line in near)
    return next(((at, found["sign"]) for at, found in matches if found is not None), (0, ""))
