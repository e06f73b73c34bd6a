"""A sum for each unit of the part of a quantity above a level, up to another: bands of tons, of guests, of square metres."""

from __future__ import annotations

from typing import Any

import pytest

from anqing_subsidy.policy.lint import lint
from anqing_subsidy.policy.load import source_of
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.edition.page import page_of
from tests.language.town import clause, kiln, paid, run, town, town_text
from tests.oracle.common import BAD

BANDS = "{sum_of: [{pay: 10元, per: pots, up_to: 100}, {pay: 15元, per: pots, only_above: 100, up_to: 300}, {pay: 20元, per: pots, only_above: 300}]}"
PART = "{pay: 15元, per: pots, only_above: 100, up_to: 300}"
AREA = "{pay: 2元, per: floor, only_above: 10.5, up_to: 20}"


def amount(award: str, **facts: Any) -> str:  # noqa: ANN401  # values of cells
    return paid(run(town(clause(award)), kiln(1, **facts)))["K1"]


@pytest.mark.parametrize(
    ("pots", "pays"),
    [(0, "0.00"), (99, "990.00"), (100, "1000.00"), (101, "1015.00"), (300, "4000.00"), (301, "4020.00")],
)
def test_each_band_pays_for_its_own_units(pots: int, pays: str) -> None:
    assert amount(BANDS, pots=pots) == pays


@pytest.mark.parametrize(
    ("floor", "pays"), [(105_000, "0.00"), (105_001, "0.00"), (110_000, "1.00"), (200_000, "19.00"), (300_000, "19.00")]
)
def test_of_an_area_the_part_counts_exactly(floor: int, pays: str) -> None:
    assert amount(AREA, floor=floor) == pays


def test_a_blank_waits_and_what_cannot_be_read_is_invalid() -> None:
    assert run(town(clause(PART)), kiln(1)).lines["status"].to_list() == ["pending"]
    assert run(town(clause(PART)), kiln(1, pots=BAD)).lines["status"].to_list() == ["invalid"]


@pytest.mark.parametrize(
    ("pots", "formula"),
    [
        (50, "0 × 15.00"),
        (150, "(150 − 100) × 15.00"),
        (400, "(300 − 100)（不超过 300 的部分） × 15.00"),
    ],
)
def test_the_formula_shows_the_part_that_counts(pots: int, formula: str) -> None:
    found = run(town(clause(PART)), kiln(1, pots=pots))
    assert formula in Describer(found, "zh").describe(found.lines).formula[0]


def test_show_tells_the_part() -> None:
    assert "烧成数超过100件的部分（计至300件）每件 15元" in str(page_of(town(clause(PART)), "zh"))


def test_lint_tells_units_between_bands_and_units_of_two() -> None:
    def codes(award: str) -> list[str]:
        found = lint(source_of(town_text(clause(award)).encode(), "kilns.yaml"))
        return [one.code for one in found if one.code.startswith("BAND")]

    assert codes(BANDS) == []
    assert codes(BANDS.replace("only_above: 300", "only_above: 310")) == ["BAND_GAP"]
    assert codes(BANDS.replace("only_above: 300", "only_above: 290")) == ["BAND_OVERLAP"]
