"""Which header was probably meant by one that no column has."""

from __future__ import annotations

from pathlib import Path

import pytest

from anqing_subsidy.intake.headers import nearest
from anqing_subsidy.policy import load_policy

TABLE = load_policy(Path(__file__).parent.parent.parent / "policy.yaml").tables["applicants"]
CITY = TABLE.columns["is_city_association"].header


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (CITY, CITY),
        (CITY[:-1], CITY),  # a letter short
        (f"{CITY[:3]}{CITY[-2:]}", CITY),  # its first and last letters, in their order, and no other header has them so
        ("是否", None),  # too many headers begin so
        ("完全无关的一栏", None),
    ],
)
def test_a_header_is_told_by_what_resembles_it_or_holds_its_letters(typed: str, meant: str | None) -> None:
    assert nearest(typed, TABLE) == meant
