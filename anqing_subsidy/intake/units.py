"""Units that people write behind a header or a figure, as exact factors of the smallest unit of the column.

The unit of a column is what the policy says. General knowledge is only how units of one dimension convert
(万元 and 元, 亩 and ㎡, 吨 and 公斤) and which counting words mean the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from anqing_subsidy.money import MULTIPLIERS, SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from anqing_subsidy.policy.columns import Column

_FACTORS: Final = {**MULTIPLIERS, "十": 10, "十万": 10**5, "百亿": 10**10, "千亿": 10**11}
_TIMES = re.compile(rf"({'|'.join(sorted(_FACTORS, key=len, reverse=True))})(.*)")


def fold_unit(text: str) -> str:
    """A unit without differences of width, case and spaces; `㎡` and `m²` are `m2`."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _sizes(*named: tuple[str, int | Fraction]) -> dict[str, Fraction]:
    return {word: Fraction(size) for words, size in named for word in words.split()}


_MEASURES: Final[Mapping[str, Mapping[str, Fraction]]] = {
    "money": _sizes(
        ("元 圆 块 元整 圆整 元人民币 人民币元 人民币 rmb cny", 1), ("角", Fraction(1, 10)), ("分", Fraction(1, 100))
    ),
    "usd": _sizes(("美元 美金 usd us$ $", 1), ("美分", Fraction(1, 100))),
    "ratio": _sizes(("%", Fraction(1, 100)), ("‰", Fraction(1, 1000))),
    "area": _sizes(
        ("m2 平方米 平米 平方", 1),
        ("亩", Fraction(2000, 3)),
        ("公顷 ha hm2", 10**4),
        ("km2 平方公里 平方千米", 10**6),
    ),
    "length": _sizes(("米 m", 1), ("公里 千米 km", 1000), ("里 华里", 500), ("厘米 cm", Fraction(1, 100))),
    "mass": _sizes(("公斤 千克 kg", 1), ("斤 市斤", Fraction(1, 2)), ("克 g", Fraction(1, 1000)), ("吨 t", 1000)),
    "year": _sizes(("年 年度", 1)),
    "days": _sizes(("天 日", 1)),
    "months": _sizes(("月 个月", 1)),
    "hours": _sizes(("小时 h", 1)),
}
"""Units of one dimension, in a common measure, after `fold_unit`."""

_COUNTED: Final = ("个", "人 名 位", "户 家", "件 单 票", "台 套", "项", "次", "人次", "辆", "间")
"""Counting words: those of one group count the same things. 个 counts anything but time."""

_FOREIGN: Final = ("欧元", "港元", "日元", "英镑", "eur", "hkd", "jpy")
"""Units that no column has: named so that the message can say so."""

_GROUPS: Final = {word: group.split()[0] for group in _COUNTED for word in group.split()}
_DIMENSIONS: Final = {word: kind for kind, sizes in _MEASURES.items() for word in sizes}
_CONVERTING: Final = {word for sizes in _MEASURES.values() for word, size in sizes.items() if size != 1}
"""Units that are more or less than that of their dimension."""
_FIXED: Final = ("money", "usd", "ratio", "year")
"""Column types whose smallest unit is fixed, whatever unit the policy gives the column."""

_USUAL: Final = {"money": "元", "usd": "美元", "year": "年", "ratio": "%"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as typed: `kind` is a column type, `times` how many units of the column it is worth."""

    text: str
    kind: str
    times: Fraction

    @property
    def factor(self) -> Fraction:
        """Smallest units (fen, cm², pieces) in one of this unit."""
        return self.times * SCALE[self.kind]

    @property
    def coarse(self) -> bool:
        """万 or more: a figure of 一亿 typed under it is a slip."""
        return self.kind != "ratio" and self.times >= 10**4


class _Size(NamedTuple):
    """What a unit measures (counting words: the first of their group), and how much of it."""

    dimension: str
    size: Fraction


def _size(text: str, own: str | None = None) -> _Size | None:
    """What a folded unit measures; `own` is a word that the policy made a unit."""
    if text in _DIMENSIONS:
        return _Size(_DIMENSIONS[text], _MEASURES[_DIMENSIONS[text]][text])
    if text in _GROUPS:
        return _Size(_GROUPS[text], Fraction(1))
    match = _TIMES.fullmatch(text)
    rest = _size(match[2], own) if match is not None and match[2] else None
    if match is not None and rest is not None and rest.dimension not in ("year", "ratio"):
        return _Size(rest.dimension, rest.size * _FACTORS[match[1]])
    return _Size(text, Fraction(1)) if text == own else None


def _bare(folded: str) -> str:
    """A unit without a multiplier before it."""
    match = None if folded in _DIMENSIONS else _TIMES.fullmatch(folded)
    return match[2] if match is not None else folded


def base_unit(column: Column) -> Unit:
    """The unit of a column where none is typed: the one that the policy gives it."""
    text = column.unit or _USUAL.get(column.type, "")
    return unit_of(text, column) or Unit(text, column.type, Fraction(1))


def unit_of(typed: str, column: Column) -> Unit | None:
    """`万元`, `千件`, `亩` -> the unit of a column's figures; None where it is no unit that the column can have."""
    own = fold_unit(column.unit or _USUAL.get(column.type, "")) or None
    size = _size(fold_unit(typed), own)
    if size is None or column.type not in SCALE:
        return None
    plain = unicodedata.normalize("NFKC", typed).replace(" ", "")
    if column.type in _FIXED:
        return Unit(plain, column.type, size.size) if size.dimension == column.type else None
    wanted = _size(own, own) if own else None
    if wanted is None:
        # the policy names no unit: 吨 and 公斤 would both be right, and are not the same
        converts = _bare(fold_unit(typed)) in _CONVERTING
        return None if converts or size.dimension in (*_FIXED, "area") else Unit(plain, column.type, size.size)
    if size.dimension != wanted.dimension:
        anything = "个" in (size.dimension, wanted.dimension)
        if not anything or {size.dimension, wanted.dimension} & _MEASURES.keys():
            return None
    return Unit(plain, column.type, size.size / wanted.size)


def suffix_unit(suffix: str, column: Column) -> Unit | None:
    """What stands behind a figure in a cell, `万`, `元`, `万件`; a bare multiplier takes the column's own unit."""
    if suffix in _FACTORS and column.type not in ("year", "ratio"):
        return Unit(suffix, column.type, Fraction(_FACTORS[suffix]))
    return unit_of(suffix, column)


def parse_unit(text: str) -> Unit | None:
    """A unit of money that is written above a table, `万元`; None where a text is none."""
    size = _size(fold_unit(text))
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    return Unit(plain, "money", size.size) if size is not None and size.dimension == "money" else None


def looks_like_unit(text: str, columns: Iterable[Column] = ()) -> bool:
    """Whether a bracket holds a unit, be it one that its column can have or not."""
    folded = fold_unit(text)
    bare = match[2] if (match := _TIMES.fullmatch(folded)) else folded
    if bare in _FOREIGN or folded in _FOREIGN or _size(folded) is not None:
        return True
    own = {fold_unit(column.unit) for column in columns if column.unit}
    return folded in own or bare in own
