"""Columns of text say of each line what a sentence written for that line alone would say."""

from __future__ import annotations

import random

import polars as pl
import pytest

from anqing_subsidy.money import decimal_text
from anqing_subsidy.report import texts
from anqing_subsidy.report.texts import Pieces, choose, listed, mapped, number, put

HEIGHTS = (0, 3, 500)
"""None, few and many: few lines are written one by one, many by column."""


def words(rng: random.Random, height: int) -> pl.Series:
    return pl.Series([rng.choice(["", "甲", "乙", "{}", "丙; "]) for _ in range(height)], dtype=pl.String)


@pytest.mark.parametrize("scale", [1, 100, 10_000, 10**8])
@pytest.mark.parametrize("top", [9, 999, 1_000, 99_999, 100_000, 10**9, 10**14, 10**15, 2**62])
@pytest.mark.parametrize("height", [3, 500])
def test_figures_are_written_as_one_by_one(scale: int, top: int, height: int) -> None:
    rng = random.Random(top + scale)
    values = [rng.choice([rng.randrange(-top, top), None, 0, top, -top]) for _ in range(height)]
    wanted = ["" if value is None else decimal_text(value, scale) for value in values]
    assert number(pl.Series(values, dtype=pl.Int64), scale).to_list() == wanted


@pytest.mark.parametrize("height", HEIGHTS)
@pytest.mark.parametrize("most", [None, 2])
def test_a_list_says_nothing_twice_and_only_so_much(height: int, most: int | None) -> None:
    rng = random.Random(height)
    parts = [words(rng, height) for _ in range(5)]
    lines = zip(*(part.to_list() for part in parts), strict=True)
    wanted = ["；".join(list(dict.fromkeys(filter(None, line)))[:most]) for line in lines]
    assert listed(parts, "；", height, most).to_list() == wanted


@pytest.mark.parametrize("height", HEIGHTS)
def test_texts_are_put_together_chosen_and_spread(height: int) -> None:
    rng = random.Random(height)
    one, two = words(rng, height), words(rng, height)
    put_together = put("(", one, " → ", two, ")")
    assert list(put_together) == [f"({a} → {b})" for a, b in zip(one, two, strict=True)]
    wanted = pl.Series([rng.choice([True, False, None]) for _ in range(height)], dtype=pl.Boolean)
    chosen = choose(wanted, one, "无").to_list()
    assert chosen == [a if holds else "无" for a, holds in zip(one, wanted, strict=True)]
    at = pl.Series(rng.sample(range(height), height // 2), dtype=pl.UInt32)
    pieces = Pieces(height)
    pieces.add(at, one[at])
    assert pieces.column().to_list() == [text if row in set(at) else "" for row, text in enumerate(one)]
    assert mapped(one, lambda text: f"<{text}>").to_list() == [f"<{text}>" for text in one]


def test_texts_of_all_lines_stay_one_text() -> None:
    assert put("a", "b") == "ab"
    assert texts.column("a", 2).to_list() == ["a", "a"]
    assert listed([], "；", 2).to_list() == ["", ""]
