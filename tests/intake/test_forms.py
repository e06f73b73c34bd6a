"""What an application form holds besides the data: running numbers, example rows, sheets of instructions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anqing_subsidy.intake import read_tables
from tests.intake.conftest import code, codes_of, save

if TYPE_CHECKING:
    from pathlib import Path

    from anqing_subsidy.policy.model import Policy
    from tests.intake.conftest import Read

HEAD = ["统一社会信用代码", "名称", "年发件量(件)"]


@pytest.mark.parametrize("mark", ["示例", "例", "示例行", "example", " Example "])
def test_a_row_whose_running_number_says_example_is_no_data(read: Read, mark: str) -> None:
    tables = read([["序号", *HEAD], [mark, "not a code", "某企业", "#N/A"], [1, code(1), "甲", 5]])
    assert tables.frames["applicants"].select("uscc", "year_parcels", "_row").rows() == [(code(1), 5, 3)]
    assert tables.findings == ()


def test_a_row_whose_first_cell_says_example_is_no_data(read: Read) -> None:
    tables = read([["名称", "统一社会信用代码"], ["示例", code(1)], ["示例公司", code(2)]])
    assert tables.frames["applicants"]["name"].to_list() == ["示例公司"]
    assert tables.findings == ()


def test_a_word_for_example_further_right_is_data(read: Read) -> None:
    assert read([HEAD, [code(1), "示例", 5]]).frames["applicants"].height == 1


@pytest.mark.parametrize("name", ["填表说明", "instructions", "Options", "选项"])
def test_a_sheet_of_instructions_is_passed_over_in_silence(tmp_path: Path, policy: Policy, name: str) -> None:
    path = save(tmp_path / "a.xlsx", {name: [["怎样填写"], HEAD], "申报主体": [HEAD, [code(1), "甲", 5]]})
    tables = read_tables([path], policy)
    assert tables.frames["applicants"].height == 1
    assert tables.findings == ()


def test_the_english_label_of_a_column_is_a_header_too(read: Read) -> None:
    tables = read([["No.", "*Credit code", "name", "GMV of the year\n(CNY)"], [1, code(1), "甲", 12.5]], "applicants")
    assert tables.frames["applicants"].select("uscc", "online_gmv_yuan").rows() == [(code(1), 1250)]
    assert codes_of(tables) == []
