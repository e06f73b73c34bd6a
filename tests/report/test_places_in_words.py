"""A place in a ranking: no threshold, and told once where a condition and a choice both go by it."""

from __future__ import annotations

from typing import Any, Final

import pytest

from anqing_subsidy.report.detail import detail_frame
from tests.language.town import clause, kiln, run, town

TOP: Final = clause("{pay: {by: place, 1: 300元, 2: 200元}}", "when: [place <= 2]")
THREE: Final = [kiln(at, asks_top=True, score=10 - at, sales=100) for at in (1, 2, 3)]


def shown(text: str, column: str, lang: Any = "zh") -> list[str]:  # noqa: ANN401  # a language
    return detail_frame(run(town(text), *THREE), lang)[column].to_list()


@pytest.mark.parametrize("condition", ["place <= 2", "place < 3"])
def test_a_place_is_no_threshold_however_near(condition: str) -> None:
    assert shown(TOP.replace("place <= 2", condition), "flag_codes") == ["", "", ""]
    assert shown(TOP.replace("place <= 2", "score >= 8"), "flag_codes") == ["", "AT_THRESHOLD", ""]
