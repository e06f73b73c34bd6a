"""Whatever form a person types a figure in, it is read as exactly that figure."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from anqing_subsidy.intake.cells import Cells
from anqing_subsidy.intake.codes import ALPHABET, check_digit, id_check_digit, valid_codes
from anqing_subsidy.intake.dates import parse_date
from anqing_subsidy.intake.numbers import read_quantities
from anqing_subsidy.intake.sheet import Sheet, column_index, column_letter
from anqing_subsidy.intake.units import Unit, base_unit
from anqing_subsidy.intake.units import unit_of as column_unit
from anqing_subsidy.money import LARGEST
from anqing_subsidy.policy.columns import Column

if TYPE_CHECKING:
    import datetime as dt

MONEY = Column("m", "金额", "money", "money", "元")
UNITS = {"元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "亿元": 10**8}
WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


def cells_of(series: pl.Series) -> Cells:
    rows = pl.int_range(2, 2 + len(series), dtype=pl.UInt32, eager=True)
    return Cells(Sheet("f.xlsx", "s", ("金额",), ("A",), (series,), rows), MONEY, "A", series)


def unit_of(text: str) -> Unit:
    unit = column_unit(text, MONEY)
    assert unit is not None
    return unit


fens = st.integers(0, LARGEST) | st.integers(0, 10**7)


@given(st.lists(fens, min_size=1, max_size=30), st.sampled_from(sorted(UNITS)))
@settings(max_examples=300, deadline=None)
def test_a_number_cell_of_up_to_fifteen_digits_is_read_exactly(values: list[int], unit: str) -> None:
    typed = [Decimal(fen) / (100 * UNITS[unit]) for fen in values]
    kept = [(fen, number) for fen, number in zip(values, typed, strict=True) if UNITS[unit] < 10**4 or number < 10**8]
    cells = cells_of(pl.Series([float(number) for _, number in kept], dtype=pl.Float64))
    assert read_quantities(cells, unit_of(unit)).to_list() == [fen for fen, _ in kept]
    assert not cells.findings


@st.composite
def typed_figures(draw: st.DrawFn) -> tuple[str, Fraction]:
    """A figure in a form that people use, and what it is worth in fen."""
    whole = draw(st.integers(0, 10**7))
    places = draw(st.integers(0, 6))
    decimals = draw(st.integers(0, 10**places - 1)) if places else 0
    fraction = f".{decimals:0{places}d}" if places else ""
    suffix, times = draw(
        st.sampled_from([("", 1), ("元", 1), ("万", 10**4), ("万元", 10**4), ("千元", 1000), ("亿", 10**8)])
    )
    text = (f"{whole:,}" if draw(st.booleans()) else str(whole)) + fraction
    text = draw(st.sampled_from(["", "¥", "￥", " "])) + text + draw(st.sampled_from(["", " "])) + suffix
    text = text.translate(WIDE) if draw(st.booleans()) else text
    return text + draw(st.sampled_from(["", " ", "\u3000"])), Fraction(f"{whole}{fraction}") * times * 100


@given(st.lists(typed_figures(), min_size=1, max_size=10))
@settings(max_examples=300, deadline=None)
def test_a_text_figure_in_any_human_form_is_read_exactly(figures: list[tuple[str, Fraction]]) -> None:
    cells = cells_of(pl.Series([text for text, _ in figures]))
    values = read_quantities(cells, base_unit(MONEY)).to_list()
    for index, (text, fen) in enumerate(figures):
        codes = {finding.code for finding in cells.findings if finding.place and finding.place.row == index + 2}
        assert values[index] == (int(fen) if fen <= LARGEST else None)
        assert ("SUB_FEN" in codes) == (fen.denominator != 1 and fen <= LARGEST)
        assert ("UNIT_IN_CELL" in codes) == (
            unicodedata.normalize("NFKC", text).strip()[-1] in "元万亿" and fen <= LARGEST
        )


@given(st.text(max_size=12) | st.floats().map(str))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_figure_a_blank_or_bad(text: str) -> None:
    cells = cells_of(pl.Series([text]))
    value = read_quantities(cells, base_unit(MONEY))[0]
    assert not (value is not None and cells.bad)
    assert value is None or 0 <= value <= LARGEST


near_fens = st.builds(lambda fen, step: fen / 100 * (1 + step * 2.3e-16), fens, st.integers(-6, 6))


@given(st.lists(st.floats() | near_fens | st.none(), min_size=1, max_size=20))
@settings(max_examples=300, deadline=None)
def test_any_double_is_read_as_its_fifteen_digits_or_is_bad(numbers: list[float | None]) -> None:
    cells = cells_of(pl.Series(numbers, dtype=pl.Float64))
    for index, value in enumerate(read_quantities(cells, base_unit(MONEY)).to_list()):
        number = numbers[index]
        if value is None:
            assert (number is None) == (index not in cells.bad)
            continue
        seen = Fraction(Decimal(f"{number:.15g}")) * 100
        assert value == seen.numerator // seen.denominator


@settings(deadline=None)
@given(st.text(ALPHABET, min_size=9, max_size=9), st.integers(0, 10**6 - 1), st.text(ALPHABET, min_size=3, max_size=3))
def test_check_digits_of_credit_codes_agree_with_stdnum(tail: str, division: int, head: str) -> None:
    body = head[:2] + f"{division:06d}" + tail
    assert check_digit(body) == uscc.calc_check_digit(body)
    code = body + head[2]
    assert valid_codes(pl.Series([code, "x", None])).to_list() == [check_digit(body) == head[2], False, False]


@settings(deadline=None)
@given(st.integers(0, 10**17 - 1))
def test_check_digits_of_id_numbers_agree_with_stdnum(number: int) -> None:
    assert id_check_digit(f"{number:017d}") == ric.calc_check_digit(f"{number:017d}0")


@settings(deadline=None)
@given(
    st.dates(min_value=__import__("datetime").date(1930, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]),
)
def test_dates_are_read_in_every_certain_form(day: dt.date, form: str) -> None:
    assert parse_date(day.strftime(form)) == day


@settings(deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_a_date_or_none(text: str) -> None:
    parse_date(text)


@settings(deadline=None)
@given(st.integers(0, 16383))
def test_letters_of_columns_go_there_and_back(index: int) -> None:
    assert column_index(column_letter(index)) == index
