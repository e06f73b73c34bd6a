"""The sizes of a form: rows as tall as their words need, pages that are about equally full."""

from __future__ import annotations

import pytest

from anqing_subsidy.report.form_sizes import PAGE, lines_of, packed, page_breaks


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("yes", 10, 1),
        ("copy of the business licence or registration", 36, 2),
        ("copy of the business licence or registration", 48, 1),
        ("registration and screenshots of the shop", 20, 3),
        ("营业执照复印件", 15, 1),
        ("营业执照复印件", 14, 2),
        ("一二三\n四五六", 20, 2),
        ("unbreakable_name_of_forty_letters_xxxxxx", 21, 2),
    ],
)
def test_a_text_takes_as_many_lines_as_its_words_need(text: str, width: int, lines: int) -> None:
    assert lines_of(text, width) == lines


def test_articles_are_not_broken_in_two() -> None:
    assert (
        packed("（一）1、（三）8、（一）2 第2款末、（四）10", 22) == "（一）1、（三）8、\n（一）2 第2款末、\n（四）10"
    )
    assert packed("识别和汇总", 22) == "识别和汇总"


def test_columns_are_spread_over_as_few_pages_as_can_be_and_evenly() -> None:
    pixels = [50, 150, *[100] * 13]
    assert page_breaks(pixels, 2) == [9]  # 950 pixels are left: nine columns and four would be as few pages
    assert page_breaks([50, 150, *[100] * 9], 2) == []
    wide = [60, *[PAGE - 60] * 3]
    assert page_breaks(wide, 1) == [2, 3]
