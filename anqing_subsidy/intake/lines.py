"""What a row below the header is that holds no data: a total, a remark, a signature, a heading, the header again."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anqing_subsidy.intake.heading import Names

Kind: TypeAlias = Literal["subtotal", "total", "note", "heading", "repeated", "other_header", "numbers", "blank"]

SUBTOTAL: Final = re.compile(r"(?:本页|[一-鿿]{0,8})?小计[:：]?|(?:本页|其中)合计[:：]?")
TOTAL: Final = re.compile(
    r"(?:[一-鿿]{0,8})?(?:合计|总计|共计|总合计|合計|總計)(?:[(（].{0,12}[)）])?[:：]?|总和[:：]?"
)
_NOTE_WORDS: Final = (
    "备注|附注|注释|注|说明|填表说明|填报说明|填写说明|编制说明|填表须知|填表人|填报人|填表单位|填报单位|制表|制表人|审核|审核人|"
    "审核意见|初审意见|复核|复核人|经办|经办人|负责人|单位负责人|主要负责人|分管领导|分管负责人|联系人|联系电话|单位|单位盖章|公章|盖章|签章|"
    "签字|承诺|填表日期|填报日期|制表日期|日期"
)
NOTE: Final = re.compile(
    rf"(?:{_NOTE_WORDS})(?:[0-9一二三四五]?[:：.、].*|[(（](?:盖章|公章|签字|签章|章)[)）].*)", re.DOTALL
)
_SIGNED: Final = re.compile(r"[(（]?(?:盖章|公章|签字|签章)[)）]?.*|\d{4}年\d{1,2}月\d{1,2}日|年月日", re.DOTALL)
_GOES_ON: Final = re.compile(r"[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）.、:：．].*", re.DOTALL)
_NUMBERED: Final = re.compile(r"[(（]?\d{1,3}[)）]?|[甲乙丙丁戊己庚辛壬癸]|栏次")
_LETTERED: Final = "甲乙丙丁戊己庚辛壬癸"


def folded(text: str) -> str:
    """A text without differences of width and without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def total_kind(texts: list[str]) -> Kind | None:
    """Whether one of some texts says that its row is a total."""
    for text in map(folded, texts):
        if SUBTOTAL.fullmatch(text):
            return "subtotal"
        if TOTAL.fullmatch(text):
            return "total"
    return None


def is_note(texts: list[str], *, after_note: bool) -> bool:
    """Whether a row without its key is a remark or a signature; numbered sentences may follow a remark."""
    plain = [folded(text) for text in texts]
    if any(NOTE.fullmatch(text) for text in plain) or (plain and _SIGNED.fullmatch(plain[0])):
        return True
    return after_note and len(plain) == 1 and (_GOES_ON.fullmatch(plain[0]) is not None or len(plain[0]) > 20)


def header_kind(texts: Mapping[str, str], headers: Mapping[str, str], names: Names) -> Kind | None:
    """Whether a row is the header once more, or the header of another table."""
    known = names.score(texts.values())
    if known < 2 or 2 * known < len(texts):
        return None
    same = sum(1 for letter, text in texts.items() if folded(headers.get(letter, "")).endswith(folded(text)))
    return "repeated" if 2 * same >= len(texts) else "other_header"


def is_column_numbers(texts: list[str]) -> bool:
    """甲 乙 1 2 3, or (1) (2) (3): the numbers of the columns below a header."""
    plain = [folded(text).removesuffix(".0") for text in texts]
    if len(plain) < 2 or not all(map(_NUMBERED.fullmatch, plain)):
        return False
    digits = [int(text.strip("()（）")) for text in plain if text[-1] not in _LETTERED and text != "栏次"]
    return digits == list(range(digits[0], digits[0] + len(digits))) if digits else True
