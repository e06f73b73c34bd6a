"""One figure as a person typed it, to an exact whole number of smallest units, or a finding that says why not."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.cells import NOTHING_SAID, cut, tidy
from anqing_subsidy.intake.units import suffix_unit
from anqing_subsidy.money import LARGEST

if TYPE_CHECKING:
    from anqing_subsidy.intake.cells import Cells
    from anqing_subsidy.intake.units import Unit

SUSPECT: Final = 10**8
"""A figure of 一亿 under 万 or more of a unit is a slip."""

YEARS: Final = range(1900, 2200)
SCIENTIFIC: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]{1,3}")
_CHINESE = re.compile(r"(?:人民币)?负?[〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟点]+[^0-9]{0,4}")
_SIGN = r"(?:[¥￥]|RMB|CNY|人民币)"
_FIGURE = re.compile(
    rf"(?P<mark>{_SIGN})? ?(?P<sign>[+-])? ?(?P<late>{_SIGN})? ?"
    r"(?P<figure>[0-9]{1,3}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+)(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r" ?(?P<suffix>[^0-9.,+ -].*)?"
)
_LONGEST: Final = 60
_CORRECT = Text("请更正该单元格", "correct the cell")
_TYPE_FIGURE = Text("填写如 1234.50 的数字", "type a figure such as 1234.50")
_TYPE_COUNT = Text("填写如 12 的整数", "type a whole number such as 12")
_UNIT_FIX = Text("单位写在表头，单元格只填数字", "write the unit in the header and only the figure in the cell")


def read_text(cells: Cells, index: int, typed: str, unit: Unit) -> int | None:
    """A text in a column of quantities; None where it is blank, or bad."""
    text, kinds = tidy(typed)
    text = text.replace("−", "-")
    if text.casefold() in NOTHING_SAID:
        cells.blank(index, typed)
        return None
    if SCIENTIFIC.fullmatch(text):
        return _scientific(cells, index, typed, unit)
    match = _FIGURE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        _refuse_text(cells, index, typed, text)
        return None
    number = Fraction((match["sign"] or "") + match["figure"].replace(",", "").replace(" ", ""))
    if "," in match["figure"] or " " in match["figure"]:
        kinds.append("separators")
    elif " " in text:
        kinds.append("spaces")
    if match["mark"] or match["late"]:
        kinds.append("currency")
    if (match["mark"] or match["late"]) and unit.kind != "money":
        refuse(cells, index, typed)
        return None
    if match["suffix"] is None:
        if len(match["figure"]) > 15 and cells.row(index) in cells.numbers:
            typed = f"{float(number):.15g}"
            number = Fraction(typed)
        cells.normalised(index, *kinds)
        return judge(cells, index, number, unit, typed)
    own = suffix_unit(match["suffix"].replace(" ", ""), cells.column)
    if own is None:
        refuse(cells, index, typed)
        return None
    cells.normalised(index, *kinds)
    value = judge(cells, index, number, own, typed)
    if value is not None and unit.kind != "year":
        message = Text(
            f"单元格内写有单位，按“{typed}”读取，不再用表头单位",
            f"a unit in the cell replaces the header's: read as {typed}",
        )
        cells.note(index, "warning", "UNIT_IN_CELL", message, typed, _UNIT_FIX)
    return value


def _scientific(cells: Cells, index: int, typed: str, unit: Unit) -> int | None:
    if cells.row(index) in cells.numbers:
        return judge(cells, index, f"{float(typed):.15g}", unit, typed)
    message = Text(
        f"“{typed}”为科学计数法，末几位可能已丢失", f"{typed!r} is in scientific notation: its last digits may be lost"
    )
    cells.spoil(index, "INVALID_VALUE", message, typed, Text("填写全部数字", "type all digits of the figure"))
    return None


def judge(cells: Cells, index: int, number: Fraction | str, unit: Unit, typed: str) -> int | None:
    """A number of some unit in smallest units; None and a finding where the column cannot hold it."""
    if number in ("inf", "-inf", "nan"):
        _invalid(cells, index, typed, Text("不是数字", "not a number"))
        return None
    number = Fraction(number)
    if number < 0:
        _invalid(cells, index, typed, Text("不能为负数", "must not be negative"))
        return None
    if unit.coarse and number >= SUSPECT:
        why = Text(
            f"{typed}{unit.text} 超过合理范围，疑似按元填写",
            f"{typed} {unit.text} is out of reason: typed in single units?",
        )
        _invalid(cells, index, typed, why, "UNIT_SUSPECT")
        return None
    scaled = number * unit.factor
    if scaled > LARGEST:
        _invalid(cells, index, typed, Text("数值过大，不可信", "the figure is too large to be true"))
        return None
    if unit.kind == "year" and (scaled.denominator != 1 or scaled.numerator not in YEARS):
        _invalid(cells, index, typed, Text("不是年份，应如 2018", "not a year such as 2018"))
        return None
    if scaled.denominator == 1:
        return scaled.numerator
    if unit.kind == "count":
        _invalid(cells, index, typed, Text("应为整数", "must be a whole number"))
        return None
    in_money = unit.kind in ("money", "usd")
    smallest = (
        Text("分", "a fen" if unit.kind == "money" else "a cent")
        if in_money
        else Text("最小单位", "the smallest unit kept")
    )
    message = Text(
        f"{typed} 不足一{smallest.zh}的部分已舍去" if in_money else f"{typed} 超出可保留的小数位，已舍去",
        f"{typed} is finer than {smallest.en}; the rest was cut off",
    )
    fix = Text("将公式结果四舍五入", "round the result of the formula")
    digits = str(unit.factor)
    if set(digits) <= {"1", "0"}:  # 元 keeps two places, 万元 six; of 亩 none can be named
        fix = Text(f"{fix.zh}到 {len(digits) - 1} 位小数", f"{fix.en} to {len(digits) - 1} decimal places")
    cells.note(index, "warning", "SUB_FEN", message, typed, fix)
    return scaled.numerator // scaled.denominator


def _invalid(cells: Cells, index: int, typed: str, why: Text, code: str = "INVALID_VALUE") -> None:
    cells.spoil(index, code, why, typed, _CORRECT)


def _refuse_text(cells: Cells, index: int, typed: str, text: str) -> None:
    inner = text[1:-1].strip() if text.startswith("(") and text.endswith(")") else ""
    if inner and _FIGURE.fullmatch(inner):
        why = Text(
            "带括号的数为负数，不能为负数", "a figure in brackets is a negative one, and it must not be negative"
        )
        _invalid(cells, index, typed, why)
    else:
        refuse(cells, index, typed, chinese=_CHINESE.fullmatch(text) is not None)


def refuse(cells: Cells, index: int, typed: str, *, chinese: bool = False) -> None:
    """Record that a cell holds no figure."""
    message = Text(f"“{cut(typed)}”不是可以准确读取的数字", f"{cut(typed)!r} is not a figure that can be read exactly")
    if chinese:
        message = Text(
            f"“{cut(typed)}”为中文数字，请填阿拉伯数字", f"{cut(typed)!r} is written in Chinese numerals; type digits"
        )
    cells.spoil(index, "INVALID_VALUE", message, typed, _TYPE_COUNT if cells.column.type == "count" else _TYPE_FIGURE)
