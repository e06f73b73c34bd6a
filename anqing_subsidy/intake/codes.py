"""Credit codes (GB 32100-2015) and ID numbers (GB 11643-1999): normalised, tested, never repaired."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.cells import SPACES, tidy, trimmed

if TYPE_CHECKING:
    from anqing_subsidy.intake.cells import Cells

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LENGTH: Final = 18
_KEPT: Final = 15
"""Digits that a number in a cell keeps."""
_VALUES: Final = [max(ALPHABET.find(chr(code)), 0) for code in range(256)]
_WEIGHED: Final = [pl.Series([value * weight for value in _VALUES], dtype=pl.UInt16) for weight in (*WEIGHTS, 1)]
"""For each position of a code what each character adds to its sum; there is none for other characters."""
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_WAY_OUT = Text("核对营业执照后更正", "compare with the business licence and correct it")
AS_TEXT: Final = Text("将单元格设为文本格式后重新填写", "format the cell as text and type it again")
_CARD: Final = Text("核对身份证", "compare with the identity card")
_LOOKALIKES: Final = str.maketrans("OIZS", "0125")


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
    if not shaped.any():
        return shaped
    chars = codes.filter(shaped).cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, _LENGTH)).explode()
    total = pl.repeat(0, len(chars) // _LENGTH, dtype=pl.UInt16, eager=True)
    for position, values in enumerate(_WEIGHED):
        total = total + values.gather(chars.gather_every(_LENGTH, position))
    right = total % 31 == 0
    return right if shaped.all() else shaped.scatter(shaped.arg_true(), right)


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
    good = valid_codes(texts)
    odd = ~good & texts.is_not_null()
    codes = _in_capitals(texts, odd) if odd.any() else texts
    numbers = _from_numbers(cells, codes)
    if numbers.any():
        for index, typed in zip(numbers.arg_true().to_list(), texts.filter(numbers).to_list(), strict=True):
            _refuse_number(cells, index, shown_digits(typed))
        codes = codes.set(numbers, None)
    if not odd.any():
        return codes
    changed = codes != texts
    for index, typed in zip(changed.arg_true().to_list(), texts.filter(changed).to_list(), strict=True):
        cells.normalised(index, *_changes(typed))
    wrong = ~valid_codes(codes) & codes.is_not_null()
    pairs = zip(wrong.arg_true().to_list(), codes.filter(wrong).to_list(), texts.filter(wrong).to_list(), strict=True)
    for index, code, typed in pairs:
        _refuse_code(cells, index, code, typed)
    return codes


def _changes(typed: str) -> list[str]:
    """What was done to a text to make it a code or an ID number."""
    text, kinds = tidy(typed)
    kinds += ["spaces"] if " " in text else []
    kinds += ["case"] if text != text.upper() else []
    return kinds or ["width"]


def _in_capitals(texts: pl.Series, odd: pl.Series) -> pl.Series:
    """The texts, the marked ones among them in capitals and half width without spaces."""
    codes = texts.filter(odd).str.normalize("NFKC").str.to_uppercase().str.replace_all(rf"[\s{SPACES}]", "")
    return texts.clone().scatter(odd.arg_true(), codes)


def _from_numbers(cells: Cells, codes: pl.Series) -> pl.Series:
    """Which codes are what a program made of a number; in a text file only 9.13408E+17 shows it."""
    scientific = codes.str.contains(r"^[0-9](?:\.[0-9]+)?E\+?[0-9]+$").fill_null(value=False)
    if not cells.numbers:
        return scientific
    return scientific | (cells.sheet.rows.is_in(list(cells.numbers)) & codes.is_not_null())


def shown_digits(number: str) -> str:
    """A number that was read as a text, without the digits that nobody typed: those after the 15th."""
    return number if len(number) <= _KEPT or not number.isdecimal() else f"{float(number):.15g}"


def _refuse_number(cells: Cells, index: int, shown: str) -> None:
    cells.spoil(
        index,
        "BAD_CODE",
        Text("信用代码按数字存放，末几位已丢失", "the code is stored as a number: its digits are lost"),
        shown,
        AS_TEXT,
    )


def _refuse_code(cells: Cells, index: int, code: str, typed: str) -> None:
    right = check_digit(code) if len(code) == 18 else None
    odd = sorted({char for char in code if char not in ALPHABET})
    if len(code) != 18:
        message = Text(
            f"信用代码应为 18 位，此处 {len(code)} 位", f"a credit code has 18 characters, this has {len(code)}"
        )
    elif odd:
        likely = code.translate(_LOOKALIKES)
        asked = check_digit(likely) == likely[17]
        hint = Text(f"；是否 {likely}？", f"; did you mean {likely}?") if asked else Text("", "")
        message = Text(
            f"信用代码不使用字符 {' '.join(odd)}（I、O、S、V、Z 不用；注意字母 O 与数字 0）{hint.zh}",
            f"a credit code never has {' '.join(odd)} (the letters I O S V Z do not occur; mind O and 0){hint.en}",
        )
    elif right is not None and right != code[17]:
        message = Text(
            f"校验码错误：末位应为 {right}，填写为 {code[17]}",
            f"wrong check digit: it should be {right}, not {code[17]}",
        )
    else:
        message = Text("第 3 至 8 位应为行政区划数字", "characters 3 to 8 must be the digits of a division")
    cells.spoil(index, "BAD_CODE", message, typed, _WAY_OUT)


def check_id_numbers(cells: Cells, texts: pl.Series) -> pl.Series:
    """ID numbers in half width without spaces and with a capital X; other texts stay as typed.

    Warns where the check digit is wrong, or the number is one of 15 digits (as issued until 1999).
    """
    numbers = texts.str.normalize("NFKC").str.to_uppercase().str.replace_all(rf"[\s{SPACES}]", "")
    shaped = numbers.str.contains(r"^[0-9]{17}[0-9X]$|^[0-9]{15}$").fill_null(value=False)
    if not shaped.any():
        return texts
    changed = shaped & (numbers != texts)
    for index, typed in zip(changed.arg_true().to_list(), texts.filter(changed).to_list(), strict=True):
        cells.normalised(index, *_changes(typed))
    for index, number in zip(shaped.arg_true().to_list(), numbers.filter(shaped).to_list(), strict=True):
        if len(number) == 15:  # the digits of an old ID number
            _warn_of_old(cells, index, number)
        elif number[17] != (right := id_check_digit(number)):
            message = Text(
                f"身份证号校验码不符：末位应为 {right}", f"the check digit of the ID number should be {right}"
            )
            cells.note(index, "warning", "ID_CHECK_DIGIT", message, texts[index], _CARD)
    return numbers.zip_with(shaped, texts)


def _warn_of_old(cells: Cells, index: int, number: str) -> None:
    """An ID number of 15 digits names the year of birth by two: it is that of nobody born after 1999."""
    body = f"{number[:6]}19{number[6:]}"
    try:
        date(int(body[6:10]), int(body[10:12]), int(body[12:14]))
    except ValueError:
        return
    full = body + id_check_digit(body)
    message = Text(
        f"15 位旧身份证号，照原样保留；对应的 18 位号码应为 {full}",
        f"an old ID number of 15 digits, kept as it is; with 18 digits it would be {full}",
    )
    cells.note(index, "warning", "ID_OLD", message, number, _CARD)


def is_id_number_column(names: tuple[str, ...]) -> bool:
    """Whether a text column may hold ID numbers, by the names it goes by."""
    return any(re.search("身份证", name) for name in names)
