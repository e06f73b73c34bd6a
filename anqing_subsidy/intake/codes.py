"""Credit codes (GB 32100-2015) and ID numbers (GB 11643-1999): normalised, tested, never repaired."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.cells import trimmed

if TYPE_CHECKING:
    from anqing_subsidy.intake.cells import Cells

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_NO_VALUE: Final = 31
_VALUES: Final = [ALPHABET.find(chr(code)) if chr(code) in ALPHABET else _NO_VALUE for code in range(256)]
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_WAY_OUT = Text("核对营业执照后更正", "compare with the business licence and correct it")


def check_digit(code: str) -> str | None:
    """The right last character for the first 17 of a credit code; None where one of them cannot stand in a code."""
    body = code[:17]
    if len(body) < 17 or any(char not in ALPHABET for char in body):
        return None
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def id_check_digit(number: str) -> str:
    """The right last character of an ID number."""
    total = sum(int(char) * weight for char, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def valid_codes(codes: pl.Series) -> pl.Series:
    """Which texts are credit codes with the right check digit; columnwise."""
    shaped = codes.str.contains(r"^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$").fill_null(value=False)
    chars = codes.filter(shaped).cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, 18))
    if not len(chars):
        return shaped
    values = pl.Series(_VALUES, dtype=pl.Int32)
    total = pl.repeat(0, len(chars), dtype=pl.Int32, eager=True)
    for position, weight in enumerate((*WEIGHTS, 1)):
        total = total + values.gather(chars.arr.get(position)) * weight
    return shaped.scatter(shaped.arg_true(), total % 31 == 0)


def read_codes(cells: Cells) -> pl.Series:
    """Credit codes in capitals and half width without spaces; a wrong one keeps its text and is bad."""
    series = cells.series
    if series.dtype == pl.Null:
        return series.cast(pl.String)
    if series.dtype != pl.String:
        for index in series.is_not_null().arg_true():
            _refuse_number(cells, index, f"{series[index]:.15g}" if series.dtype.is_float() else str(series[index]))
        return pl.Series(values=[None] * len(series), dtype=pl.String)
    texts = trimmed(cells)
    codes = texts.str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[\s\u200b\ufeff]", "")
    if _may_be_number(codes):
        numbers = cells.sheet.number_rows(cells.letter)
        if numbers:
            typed_numbers = cells.sheet.rows.is_in(list(numbers)) & codes.is_not_null()
            for index in typed_numbers.arg_true():
                _refuse_number(cells, index, texts[index])
            codes = codes.set(typed_numbers, None)
    wrong = ~valid_codes(codes) & codes.is_not_null()
    for index in wrong.arg_true():
        _refuse_code(cells, index, codes[index], texts[index])
    return codes


def _may_be_number(codes: pl.Series) -> bool:
    """Whether some texts are digits that a double can be: only then is it worth looking at the cells' types."""
    digits = codes.filter(codes.str.contains(r"^[0-9.]+$").fill_null(value=False))
    whole = digits.cast(pl.Int64, strict=False)
    return bool((whole.is_null() | (whole.cast(pl.Float64).cast(pl.Int64, strict=False) == whole)).any())


def _refuse_number(cells: Cells, index: int, shown: str) -> None:
    cells.spoil(
        index,
        "BAD_CODE",
        Text("信用代码按数字存放，末几位已丢失", "the code is stored as a number: its digits are lost"),
        shown,
        Text("将单元格设为文本格式后重新填写", "format the cell as text and type the code again"),
    )


def _refuse_code(cells: Cells, index: int, code: str, typed: str) -> None:
    right = check_digit(code) if len(code) == 18 else None
    odd = sorted({char for char in code if char not in ALPHABET})
    if len(code) != 18:
        message = Text(
            f"信用代码应为 18 位，此处 {len(code)} 位", f"a credit code has 18 characters, this has {len(code)}"
        )
    elif odd:
        message = Text(
            f"信用代码不使用字符 {' '.join(odd)}（I、O、S、V、Z 不用；注意字母 O 与数字 0）",
            f"a credit code never has {' '.join(odd)} (the letters I O S V Z do not occur; mind O and 0)",
        )
    elif right is not None and right != code[17]:
        message = Text(
            f"校验码错误：末位应为 {right}，填写为 {code[17]}",
            f"wrong check digit: it should be {right}, not {code[17]}",
        )
    else:
        message = Text("第 3 至 8 位应为行政区划数字", "characters 3 to 8 must be the digits of a division")
    cells.spoil(index, "BAD_CODE", message, typed, _WAY_OUT)


def check_id_numbers(cells: Cells, texts: pl.Series) -> None:
    """Warn of 18-character ID numbers whose check digit is wrong."""
    shaped = texts.str.contains(r"^[0-9]{17}[0-9Xx]$").fill_null(value=False)
    for index in shaped.arg_true():
        typed = texts[index]
        right = id_check_digit(typed)
        if typed[17].upper() != right:
            cells.note(
                index,
                "warning",
                "ID_CHECK_DIGIT",
                Text(f"身份证号校验码不符：末位应为 {right}", f"the check digit of the ID number should be {right}"),
                typed,
                Text("核对身份证", "compare with the identity card"),
            )


def is_id_number_column(names: tuple[str, ...]) -> bool:
    """Whether a text column may hold ID numbers, by the names it goes by."""
    return any(re.search("身份证", name) for name in names)
