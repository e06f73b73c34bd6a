"""What is said of a text that is no YAML: the sign that is wrong, or what the parser found, in both languages."""

from __future__ import annotations

import re
from typing import Final

import yaml

from anqing_subsidy.finding import Text

_FULL_WIDTH: Final = re.compile(r"^[^#'\"]*?(?P<sign>[｛｝［］＂＇\u3000]|(?<=[A-Za-z0-9_])：|：(?=\s*[｛［]))")
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
    ("expected <block end>", "缩进与上下各行不齐", "the indentation does not agree with the lines around it"),
    ("found character '\\t'", "用了制表符，改成空格", "a tab: use spaces"),
    ("unexpected end of stream", "引号没有配对", "a quote is not closed"),
)


def problem(fault: yaml.MarkedYAMLError, text: str) -> tuple[int, Text]:
    """The line of a fault of YAML, and what is said of it."""
    line = fault.problem_mark.line + 1 if fault.problem_mark else 1
    at, sign = _full_width(text, line)
    if sign:
        return at, Text(
            f"有全角的“{sign}”，改成半角（冒号、逗号后空一格）",
            f"a full-width `{sign}`: write the half-width sign (a colon or comma with a space behind)",
        )
    lines = text.splitlines()
    listed = _IN_LIST.search(lines[line - 1]) if line <= len(lines) else None
    if listed is not None:
        fact, first, second = listed["fact"], listed["first"], listed["second"]
        meant = f"{fact} != {first}, {fact} != {second}" if listed["no"] else f"{fact} is {first} or {second}"
        return line, Text(f"条件没有 in，写成 {meant}", f"conditions have no `in`: write `{meant}`")
    said = str(fault.problem)
    known = next((Text(zh, f"{said}: {en}") for start, zh, en in _PROBLEMS if start in said), None)
    return line, known or Text(said, said)


def _full_width(text: str, line: int) -> tuple[int, str]:
    """The full-width sign that probably stands for one of YAML's, on the line of a fault or the one before."""
    lines = text.splitlines()
    for at in (line - 1, line):
        found = _FULL_WIDTH.search(lines[at - 1]) if 0 < at <= len(lines) else None
        if found is not None:
            return at, found["sign"]
    return line, ""
