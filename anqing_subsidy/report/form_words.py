"""The words of a form: headers that are read back as they are, options, units and formats."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.clauses import Clause
    from anqing_subsidy.policy.columns import Column, Table
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.policy.terms import Ref

REQUIRED: Final = "*"
"""The mark in front of a required column's header; readers of headers pass over it."""

_USUAL: Final[Mapping[str, str]] = {"money": "元", "usd": "美元"}
_ENGLISH: Final[Mapping[str, str]] = {"元": "CNY", "美元": "USD", "㎡": "m2"}
_FORMATS: Final[Mapping[str, Text]] = {
    "uscc": Text("文本，18 位", "text, 18 characters"),
    "text": Text("文本", "text"),
    "enum": Text("选项", "one of"),
    "yesno": Text("选项", "one of"),
    "date": Text("日期，如 {year}-08-17", "a date such as {year}-08-17"),
    "year": Text("四位年份，如 {last}", "a year such as {last}"),
    "money": Text("{unit}，最多两位小数", "{unit}, at most two decimals"),
    "usd": Text("{unit}，最多两位小数", "{unit}, at most two decimals"),
    "count": Text("整数{unit}", "a whole number{unit}"),
    "area": Text("{unit}，可有小数", "{unit}, decimals allowed"),
    "ratio": Text("百分数，如 65%", "a percentage such as 65%"),
}


def width_of(text: str) -> int:
    """How wide a text is, in digits: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def unit_of(column: Column, lang: Lang) -> str:
    """The unit that stands in a column's header; in English only one that is an English word."""
    unit = column.unit or _USUAL.get(column.type, "")
    if lang == "zh" or unit.isascii():
        return unit
    if column.type == "count":
        return ""
    return _ENGLISH.get(unit, unit) if column.type in (*_USUAL, "area") else ""


def header_text(table: Table, column: Column, lang: Lang) -> str:
    """The header: a mark where it is required, the label, the unit on a line of its own."""
    label = column.header
    if lang == "en":
        # a label that two columns share, or that is another column's name, would be read wrongly
        others = [other for other in table.columns.values() if other is not column]
        names = {_bare(name) for other in others for name in (other.en, other.id, other.header, *other.aliases)}
        label = column.en if _bare(column.en) not in names else column.id
    unit = unit_of(column, lang)
    return f"{REQUIRED if column.required else ''}{label}" + (f"\n({unit})" if unit else "")


def _bare(name: str) -> str:
    return "".join(name.casefold().split())


def options_of(policy: Policy, ref: Ref, lang: Lang, clauses: Sequence[Clause]) -> tuple[str, ...]:
    """The words of a drop-down list, all of which are understood when read; empty where anything may be typed."""
    column = policy.tables[ref.table].columns[ref.id]
    if column.type == "yesno":
        return (_spoken(policy.yes, lang), _spoken(policy.no, lang))
    if column.values:
        return tuple(
            id_ if lang == "en" and id_.replace("_", "").isalpha() else words[0] if words else id_
            for id_, words in column.values.items()
        )
    rules = (policy.paid, policy.support, policy.decisions)
    if any(rule is not None and ref.table == rule.table and ref.id == rule.clause for rule in rules):
        titles = [clause.title.say(lang) for clause in clauses]
        return tuple(titles) if len(set(titles)) == len(titles) else tuple(clause.id for clause in clauses)
    return ()


def _spoken(words: Sequence[str], lang: Lang) -> str:
    """The first word, in English the first English one that is more than a letter, if there is one."""
    english = [word for word in words if word.isascii() and word.isalpha() and len(word) > 1]
    return english[0] if lang == "en" and english else words[0]


def format_words(policy: Policy, column: Column, options: Sequence[str], lang: Lang) -> str:
    """Unit and format of a column, or the words to choose from."""
    zh = lang == "zh"
    if options:
        listing = ("、" if zh else ", ").join(options)
        more = ("，或照实填写" if zh else ", or as it is") if column.open_values else ""
        return (f"下拉选择：{listing}" if zh else f"choose: {listing}") + more
    unit = unit_of(column, lang)
    if column.type == "count" and unit:
        unit = f"，单位：{unit}" if zh else f" ({unit})"
    elif column.type == "area" and not unit:
        unit = "数字" if zh else "a number"
    words = _FORMATS[column.type].say(lang)
    return words.format(unit=unit, year=policy.year, last=policy.year - 1)
