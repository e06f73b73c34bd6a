"""The cells behind lines that are put together from rows: those of the applicant itself, and which rows they are."""

from __future__ import annotations

from typing import Any, Final

import pytest

from anqing_subsidy.report.detail import detail_frame
from tests.language.town import YUAN, clause, kiln, run, town

SUM: Final = clause("{pay: cost}", "when: [kilns.guild]", "one_line_per: applicant", "rows: add_up", table="works")


def sources(owners: str, lang: Any = "zh") -> str:  # noqa: ANN401  # a language
    """The cells of the line of the first kiln, where the rows of works belong to these kilns."""
    works = [{"kiln_no": f"K{owner}", "work_no": f"W{at}", "cost": 5 * YUAN} for at, owner in enumerate(owners)]
    found = run(town(SUM), kiln(1, guild=True), kiln(2, guild=True), works=works)
    return str(detail_frame(found, lang)["sources"][0])


@pytest.mark.parametrize(
    ("owners", "rows"),
    [
        ("1111", "第 2–5 行"),
        ("112", "第 2–3 行"),
        ("1212", "第 2、4 行"),
        ("12111111111", "第 2–12 行中的 10 行"),
    ],
)
def test_a_line_of_many_rows_names_the_rows_and_the_applicants_own_cells(owners: str, rows: str) -> None:
    own, theirs = sources(owners).split("; ")
    assert own.startswith("rows.xlsx 窑户 ")
    assert theirs == f"rows.xlsx 作品 {rows}"


def test_the_same_in_english() -> None:
    assert sources("1111", "en").endswith("rows.xlsx 作品 rows 2–5")


def test_a_line_of_one_row_names_its_cells() -> None:
    assert "第" not in sources("12")
