"""The types of facts and columns as messages name them: the word of the policy language, in Chinese with its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from anqing_subsidy.finding import NOTHING, Text
from anqing_subsidy.policy.columns import SQUARE_METRES

_MEANING: Final[Mapping[str, str]] = {
    "uscc": "信用代码",
    "text": "文字",
    "enum": "枚举",
    "yesno": "是/否",
    "date": "日期",
    "year": "年份",
    "money": "人民币",
    "usd": "美元",
    "count": "个数",
    "area": "面积",
    "number": "数值",
    "ratio": "比例",
}
_LAND: Final = (*SQUARE_METRES, "亩", "公顷", "平方公里")


def kind_said(kind: str, unit: str | None) -> Text:
    """The type of a fact. An area and a number are one type to the calculator, and told apart by their unit."""
    return _listed(["number" if kind == "area" and unit not in _LAND else kind])


def kinds_said(kinds: Iterable[str]) -> Text:
    """The types that something takes: what takes an area takes a number too."""
    return _listed([word for kind in kinds for word in (("area", "number") if kind == "area" else (kind,))])


def _listed(words: list[str]) -> Text:
    return Text("、".join(f"{word} {_MEANING.get(word, '')}".rstrip() for word in words), ", ".join(words))


def how_to_turn(kind: str, wanted: Iterable[str]) -> Text:
    """How a fact of one type is made one of those that are wanted, to append to a message; nothing where it cannot be."""
    if kind == "usd" and "money" in wanted:
        return Text("；美元先折成人民币: 写一项事实 in_yuan", "; first make it yuan, by a fact with `in_yuan`")
    return NOTHING
