"""An award paid before for an object that is written nearly as one of this year: it counts as another, and that is said."""

from __future__ import annotations

import pytest

from tests.language.town import clause, kiln, run, town

BY_WORK = clause(
    "{pay: {by: grade, plain: 100元, fine: 200元, rare: 300元}}",
    "once_for: {same: [applicant, object]}",
    table="works",
)


def warned(before: str, *now: str, code: str = "K1", award: str = BY_WORK) -> list[str]:
    """The objects of entries that are told, for one entry and the works of kiln 1."""
    works = [{"kiln_no": "K1", "work_no": name, "grade": "plain"} for name in now]
    past = {"kiln_no": code, "year": 2020, "item": "k_one", "thing": before, "sum": 100}
    found = run(town(award), kiln(1), kiln(2), works=works, old_awards=[past])
    return [f"{one.value}: {one.message.en}" for one in found.findings if one.code == "NEAR_OBJECT"]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("春季展", "春季展会"),
        ("陶溪春季展会", "春季展会"),
        ("春季展（2020）", "春季展2020"),
        ("ＡＢ窑", "AB窑"),
        ("春 季 展", "春季展"),
    ],
)
def test_a_name_that_holds_the_other_or_differs_in_signs_is_told(before: str, now: str) -> None:
    (said,) = warned(before, now)
    assert said.startswith(f"{before}: ")
    assert now in said


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("春季展", "春季展"),
        ("春季展", "秋季展"),
        ("展厅1", "展厅12"),
        ("展一", "展一二"),
        ("W1", "W12"),
    ],
    ids=["the same", "another", "numbers", "Chinese numbers", "codes"],
)
def test_the_same_name_and_numbers_of_a_row_are_not(before: str, now: str) -> None:
    assert warned(before, now) == []


def test_a_name_that_has_its_like_this_year_is_not_compared_with_others() -> None:
    assert warned("春季展", "春季展", "春季展会") == []


def test_the_objects_of_another_applicant_are_not_compared() -> None:
    assert warned("春季展", "春季展会", code="K2") == []


def test_a_clause_that_does_not_look_back_by_object_is_silent() -> None:
    assert warned("春季展", "春季展会", award=clause("{pay: 100元}", table="works")) == []
