"""Exact quantities: what a policy may write, how a ratio is rounded, how an amount is written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anqing_subsidy.money import (
    LARGEST,
    QuantityError,
    decimal_text,
    fen_of_yuan,
    grouped,
    parse_money,
    parse_number,
    parse_rate,
    percent,
    plain,
    round_ratio,
)

fens = st.integers(-LARGEST, LARGEST)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("2元", 200),
        ("0元", 0),
        ("0.01元", 1),
        ("5000元", 500_000),
        ("2000万元", 2_000_000_000),
        ("2,000万元", 2_000_000_000),
        (" 20 万元 ", 20_000_000),
        ("1.5亿元", 15_000_000_000),
        ("3百元", 30_000),
        ("3千元", 300_000),
        ("3百万元", 300_000_000),
        ("3千万元", 3_000_000_000),
        ("1万亿元", 100_000_000_000_000),
        ("0.000001万元", 1),
    ],
)
def test_an_amount_is_read_as_a_document_writes_it(text: str, fen: int) -> None:
    assert parse_money(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "2000万",
        "2%",
        "元",
        "",
        "-2元",
        "+2元",
        "2元元",
        "1e3元",
        "２万圆",
        "一万元",
        "2.元",
        ".5元",
        "0.001元",
        "2万千元",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_money(text)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("1%", Fraction(1, 100)),
        ("15‰", Fraction(15, 1000)),
        ("0.5%", Fraction(1, 200)),
        ("60%", Fraction(3, 5)),
        ("100%", Fraction(1)),
    ],
)
def test_a_rate_is_an_exact_ratio(text: str, rate: Fraction) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["1", "0.01", "1元", "%", "-1%", "1%%"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_rate(text)


@pytest.mark.parametrize(
    ("text", "scale", "value"),
    [("30", 1, 30), ("3万", 1, 30_000), ("10000", 10_000, 10**8), ("0.5", 10_000, 5_000), ("1,000", 1, 1000)],
)
def test_a_number_is_counted_in_smallest_units(text: str, scale: int, value: int) -> None:
    assert parse_number(text, scale) == value


@pytest.mark.parametrize(
    ("text", "scale"), [("1.5", 1), ("3元", 1), ("3%", 1), ("0.00001", 10_000), ("三", 1), ("", 1)]
)
def test_what_is_no_whole_number_of_units_is_refused(text: str, scale: int) -> None:
    with pytest.raises(QuantityError):
        parse_number(text, scale)


@pytest.mark.parametrize(
    ("numerator", "denominator", "half_up", "down"),
    [
        (0, 7, 0, 0),
        (1, 2, 1, 0),
        (1, 3, 0, 0),
        (2, 3, 1, 0),
        (3, 2, 2, 1),
        (5, 2, 3, 2),
        (1_000_000_050, 100, 10_000_001, 10_000_000),
        (7, 7, 1, 1),
    ],
)
def test_a_half_is_rounded_up_or_everything_down(numerator: int, denominator: int, half_up: int, down: int) -> None:
    assert round_ratio(numerator, denominator, "half_up_fen") == half_up
    assert round_ratio(numerator, denominator, "down_fen") == down


@given(st.integers(0, 10**30), st.integers(1, 10**12))
def test_rounding_is_never_off_by_more_than_half_a_fen(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    assert -Fraction(1, 2) < round_ratio(numerator, denominator, "half_up_fen") - exact <= Fraction(1, 2)
    assert 0 <= exact - round_ratio(numerator, denominator, "down_fen") < 1


@given(fens)
def test_an_amount_that_is_written_is_read_back(fen: int) -> None:
    assert fen_of_yuan(plain(fen)) == fen
    assert grouped(fen).replace(",", "") == plain(fen)


@pytest.mark.parametrize(
    ("fen", "scripts", "people"),
    [
        (0, "0.00", "0.00"),
        (1, "0.01", "0.01"),
        (-1, "-0.01", "-0.01"),
        (99, "0.99", "0.99"),
        (20_000_000, "200000.00", "200,000.00"),
        (100_000_000_001, "1000000000.01", "1,000,000,000.01"),
        (-123_456, "-1234.56", "-1,234.56"),
    ],
)
def test_an_amount_has_two_decimals_for_scripts_and_for_people(fen: int, scripts: str, people: str) -> None:
    assert (plain(fen), grouped(fen)) == (scripts, people)


@pytest.mark.parametrize("text", ["0.001", "abc", "", "1,000.00"])
def test_a_text_that_is_no_amount_in_yuan_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        fen_of_yuan(text)


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Fraction(1, 50), "2%"),
        (Fraction(15, 1000), "1.5%"),
        (Fraction(3, 5), "60%"),
        (Fraction(1, 3), "1/3"),
        (Fraction(0), "0%"),
        (Fraction(1), "100%"),
        (Fraction(1, 1_000_000), "0.0001%"),
    ],
)
def test_a_rate_is_written_as_people_write_it(rate: Fraction, text: str) -> None:
    assert percent(rate) == text


@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_a_rate_that_is_written_with_a_percent_sign_is_exact(numerator: int, denominator: int) -> None:
    text = percent(Fraction(numerator, denominator))
    top, _, bottom = text.removesuffix("%").partition("/")
    assert Fraction(top) / Fraction(bottom or "100") == Fraction(numerator, denominator)


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (1234, 1, "1,234"),
        (123_456, 100, "1,234.56"),
        (100_000_000, 10_000, "10,000"),
        (74_995_000, 10_000, "7,499.5"),
        (1, 10_000, "0.0001"),
        (-5_000, 10_000, "-0.5"),
    ],
)
def test_a_figure_is_written_in_the_unit_of_its_column(value: int, scale: int, text: str) -> None:
    assert decimal_text(value, scale) == text
