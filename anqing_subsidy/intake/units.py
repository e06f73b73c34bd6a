"""Units that people write behind a header or a figure, as exact factors of a column's smallest unit."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from anqing_subsidy.money import MULTIPLIERS, SCALE

WORDS: Final = {
    "money": ("元", "圆", "元人民币", "人民币元", "RMB", "CNY", "rmb", "cny"),
    "count": ("件", "户", "家", "人", "个", "月", "个月", "单", "票", "名", "人次", "户次", "台", "项"),
    "area": ("m2", "平方米", "平米", "㎡"),
    "year": ("年", "年度"),
}
"""The names of the base unit, by column type, after NFKC (which turns ㎡ and m² into m2)."""

FOREIGN: Final = (
    "亩",
    "公顷",
    "平方公里",
    "%",
    "％",
    "‰",
    "美元",
    "欧元",
    "港元",
    "日元",
    "吨",
    "公斤",
    "万美元",
    "天",
    "日",
)
"""Known units that no column has: named so that the message can say so."""

_PARTS = re.compile(rf"({'|'.join(sorted((*MULTIPLIERS, '十', '十万', '百亿', '千亿'), key=len, reverse=True))})?(.*)")
_FACTORS = {**MULTIPLIERS, "十": 10, "十万": 10**5, "百亿": 10**10, "千亿": 10**11}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as typed: `kind` is a column type, `times` how many base units, `factor` how many smallest units."""

    text: str
    kind: str
    times: int

    @property
    def factor(self) -> int:
        """Smallest units (fen, cm², pieces) in one of this unit."""
        return self.times * SCALE[self.kind]

    @property
    def coarse(self) -> bool:
        """万 or more: a figure of 一亿 typed under it is a slip."""
        return self.times >= 10**4


def base_unit(kind: str, text: str | None = None) -> Unit:
    """The unit of a column where none is typed."""
    return Unit(text or WORDS[kind][0], kind, 1)


def parse_unit(text: str) -> Unit | None:
    """`万元`, `千件`, `㎡` -> a unit; None where the text is no unit that a column can have."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    match = _PARTS.fullmatch(plain)
    if match is None:
        return None
    multiplier, word = match.groups()
    for kind, words in WORDS.items():
        if word in words and not (kind == "year" and multiplier):
            return Unit(plain, kind, _FACTORS[multiplier] if multiplier else 1)
    return None


def looks_like_unit(text: str) -> bool:
    """Whether a bracket holds a unit, be it one that can be read or not."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    return parse_unit(plain) is not None or any(plain.endswith(word) for word in FOREIGN)


def parse_suffix(suffix: str, kind: str) -> Unit | None:
    """What stands behind a figure in a cell, `万`, `元`, `万件`; a bare multiplier takes the column's base unit."""
    if suffix in _FACTORS:
        return Unit(suffix, kind, _FACTORS[suffix])
    unit = parse_unit(suffix)
    return unit if unit is not None and unit.kind == kind else None
