"""A place in a ranking: no threshold, and told once where a condition and a choice both go by it."""

from __future__ import annotations

from typing import Any, Final

import pytest

from anqing_subsidy.engine.subset import one_of
from anqing_subsidy.report.detail import detail_frame
from anqing_subsidy.report.explain.explainer import Explainer
from tests.language.town import clause, kiln, run, town

TOP: Final = clause("{pay: {by: place, 1: 300元, 2: 200元}}", "when: [place <= 2]")
THREE: Final = [kiln(at, asks_top=True, score=10 - at, sales=100) for at in (1, 2, 3)]


def shown(text: str, column: str, lang: Any = "zh") -> list[str]:  # noqa: ANN401  # a language
    return detail_frame(run(town(text), *THREE), lang)[column].to_list()


@pytest.mark.parametrize("condition", ["place <= 2", "place < 3"])
def test_a_place_is_no_threshold_however_near(condition: str) -> None:
    assert shown(TOP.replace("place <= 2", condition), "flag_codes") == ["", "", ""]
    assert shown(TOP.replace("place <= 2", "score >= 8"), "flag_codes") == ["", "AT_THRESHOLD", ""]


def test_a_place_that_a_condition_names_is_told_once() -> None:
    assert shown(TOP, "reason_text") == ["符合条件：名次 1 ≤ 2", "符合条件：名次 2 ≤ 2", "须名次 ≤ 2，实为 3"]
    assert shown(TOP, "reason_text", "en")[2] == "required: place ≤ 2; found: 3"


def test_a_key_that_is_not_there_is_told_where_the_condition_holds() -> None:
    assert shown(TOP.replace("<= 2", "<= 3"), "reason_text")[2] == "名次须属于 1、2，实为 3"


def test_the_explanation_has_one_condition_for_it() -> None:
    for number, text in ((1, "名次 1 ≤ 2"), (3, "名次 3，须 ≤ 2")):
        found = run(town(TOP), *THREE)
        alone = one_of(found, found.tables.frames["kilns"][number - 1 : number])
        (line,) = Explainer(alone, "zh", {}).explanation().lines
        assert [check.text for check in line.checks] == [text]
