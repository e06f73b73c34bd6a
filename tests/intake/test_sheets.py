"""Sheets find their table, headers their column; rows without a key are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from anqing_subsidy.finding import InputError
from anqing_subsidy.intake import read_tables

from .conftest import Read, Rows, code, codes_of, only, save

if TYPE_CHECKING:
    from pathlib import Path

    from anqing_subsidy.policy.model import Policy

HEAD = ["统一社会信用代码", "名称"]


def test_headers_find_the_table_where_the_name_says_nothing(read: Read) -> None:
    rows = [["统一社会信用代码", "年度", "网上年交易额(元)"], [code(1), 2017, 5]]
    assert list(read(rows, "Sheet1").frames) == ["history"]


def test_the_longest_name_wins(read: Read) -> None:
    rows = [["园区编号", "入驻企业统一社会信用代码"], ["P1", code(1)]]
    assert list(read(rows, "园区入驻企业").frames) == ["park_tenants"]


def test_a_file_name_names_the_sheet_of_a_workbook_with_one_sheet(read: Read) -> None:
    assert list(read([HEAD, [code(1), "甲"]], "Sheet1", "限上名单2018.xlsx").frames) == ["quota_list"]


def test_a_tie_is_an_error_and_the_sheet_is_passed_over(tmp_path: Path, policy: Policy) -> None:
    good: Rows = [[*HEAD, "县区"], [code(1), "甲", "桐城"]]
    path = save(
        tmp_path / "a.xlsx", {"申报主体": good, "Sheet2": [HEAD, [code(1), "甲"]], "说明": [["请填表"], ["谢谢"]]}
    )
    tables = read_tables([path], policy)
    assert list(tables.frames) == ["applicants"]
    assert codes_of(tables) == ["AMBIGUOUS_SHEET", "UNKNOWN_SHEET"]


def test_hidden_sheets_are_passed_over_with_a_warning(tmp_path: Path, policy: Policy) -> None:
    path = save(
        tmp_path / "a.xlsx",
        {"申报主体": [HEAD, [code(1), "甲"]], "历年数据": [["统一社会信用代码", "年度"], [code(1), 2017]]},
    )
    book = openpyxl.load_workbook(path)
    book["历年数据"].sheet_state = "hidden"
    book.save(path)
    tables = read_tables([path], policy)
    assert list(tables.frames) == ["applicants"]
    assert codes_of(tables) == ["HIDDEN_SHEET"]


def test_the_parts_of_a_table_are_put_together_in_order(tmp_path: Path, policy: Policy) -> None:
    first = save(
        tmp_path / "b.xlsx",
        {"申报主体-桐城": [HEAD, [code(1), "甲"]], "申报主体-宿松": [[*HEAD, "从业人员"], [code(2), "乙", -1]]},
    )
    second = save(tmp_path / "a.xlsx", {"申报主体": [[*HEAD, "从业人员"], [code(3), "丙", 1]]})
    frame = read_tables([first, second], policy).frames["applicants"]
    assert frame.select("name", "county", "staff", "staff!bad", "_part", "_row").rows() == [
        ("甲", "桐城市", None, False, 0, 2),
        ("乙", "宿松县", None, True, 1, 2),
        ("丙", None, 1, False, 2, 2),
    ]


@pytest.mark.parametrize("header", ["统一社会信用代码 ", "统一社会\n信用代码", "信用代码", "USCC", "*统一社会信用代码"])
def test_headers_are_read_without_regard_to_spaces_width_and_case(read: Read, header: str) -> None:
    assert read([[header, "名 称"], [code(1), "甲"]]).frames["applicants"]["uscc"].to_list() == [code(1)]


def test_brackets_that_belong_to_the_header_are_no_unit(read: Read) -> None:
    rows = [[*HEAD, "是否村级电子商务企业（站）", "县（市、区）"], [code(1), "甲", "是", "桐城"]]
    tables = read(rows)
    assert tables.frames["applicants"].select("is_village_station", "county").rows() == [(True, "桐城市")]
    assert tables.findings == ()


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("网上年交易额", "NO_UNIT"),
        ("网上交易额", "NO_UNIT"),
        ("网上年交易额(件)", "WRONG_UNIT"),
        ("网上年交易额(万美元)", "WRONG_UNIT"),
    ],
)
def test_a_money_column_without_a_unit_of_money_is_bad_as_a_whole(read: Read, header: str, kind: str) -> None:
    tables = read([[*HEAD, header], [code(1), "甲", 5], [code(2), "乙", None]])
    frame = tables.frames["applicants"]
    assert frame.select("online_gmv_yuan", "online_gmv_yuan!bad").rows() == [(None, True), (None, False)]
    found = only(tables, kind)
    assert found.place is not None
    assert (found.place.row, found.place.column) == (1, "C")
    assert "网上年交易额(元)" in found.fix.zh


def test_other_units_of_another_kind_are_errors(tmp_path: Path, policy: Policy) -> None:
    rows: Rows = [["园区编号", "统一社会信用代码", "建筑面积(公斤)", "合格入驻电商企业数(元)"], ["P1", code(1), 5, 6]]
    tables = read_tables([save(tmp_path / "a.xlsx", {"园区": rows})], policy)
    assert codes_of(tables) == ["WRONG_UNIT", "WRONG_UNIT"]


def test_an_unknown_header_is_a_warning_with_the_nearest(read: Read) -> None:
    tables = read([[*HEAD, "成立日起", "序号"], [code(1), "甲", "2018-1-1", 1]])
    assert tables.frames["applicants"]["established_on"].to_list() == [None]
    assert codes_of(tables) == ["UNKNOWN_HEADER"]
    assert "成立日期" in tables.findings[0].fix.zh


def test_a_missing_key_column_is_an_error_that_names_the_nearest(read: Read) -> None:
    with pytest.raises(InputError):
        read([["单位"], ["甲"]])
    tables = read([["统一信用代码", "名称", "县区"], [code(1), "甲", "桐城"]])
    found = only(tables, "MISSING_COLUMN")
    assert "统一社会信用代码" in found.message.zh
    assert "“统一信用代码”是否应为“统一社会信用代码”" in found.fix.zh
    assert "applicants" not in tables.frames


def test_two_columns_for_one_field_are_an_error_and_neither_is_used(read: Read) -> None:
    tables = read([[*HEAD, "从业人员", "从业人员(人)"], [code(1), "甲", 5, None], [code(2), "乙", None, None]])
    assert tables.frames["applicants"].select("staff", "staff!bad").rows() == [(None, True), (None, False)]
    assert codes_of(tables) == ["DUP_COLUMN"]
    tables = read([[*HEAD, "从业人员", "从业人员"], [code(1), "甲", 5, 6]])
    assert codes_of(tables) == ["DUP_COLUMN"]


def test_blank_rows_are_skipped_and_rows_without_a_key_are_errors(read: Read) -> None:
    rows = [HEAD, [code(1), "甲"], [None, None], [None, "乙"], [" ", "-"], [code(3), None]]
    tables = read(rows)
    frame = tables.frames["applicants"]
    assert frame.select("uscc", "name", "_row", "uscc!bad").rows() == [
        (code(1), "甲", 2, False),
        (None, "乙", 4, True),
        (code(3), None, 6, False),
    ]
    assert codes_of(tables, "error") == ["MISSING_KEY", "MISSING_VALUE"]
    tables = read(
        [["统一社会信用代码", "年度"], [None, 2017], [code(1), None], [code(1), "x"], [code(1), 2016]], "历年数据"
    )
    assert tables.frames["history"].select("year", "_row", "year!bad").rows() == [
        (None, 3, True),
        (None, 4, True),
        (2016, 5, False),
    ]
    assert sorted(codes_of(tables)) == ["INVALID_VALUE", "MISSING_KEY", "MISSING_KEY"]


def test_headers_go_before_a_file_name_that_misleads(read: Read) -> None:
    rows = [[*HEAD, "从业人员"], [code(1), "甲", 5]]
    assert list(read(rows, "Sheet1", "园区企业.xlsx").frames) == ["applicants"]


def test_rows_that_hold_only_a_serial_number_are_blank(read: Read) -> None:
    tables = read([["序号", *HEAD], [1, code(1), "甲"], [2, None, None], [3, None, None]])
    assert tables.frames["applicants"].height == 1
    assert codes_of(tables) == []


def test_a_header_that_stands_lower_or_to_the_right_keeps_the_places(tmp_path: Path, policy: Policy) -> None:
    rows: Rows = [[], [], [None, *HEAD, "从业人员"], [None, code(1), "甲", "x"]]
    tables = read_tables([save(tmp_path / "a.xlsx", {"申报主体": rows})], policy)
    assert str(only(tables, "INVALID_VALUE").place).endswith("申报主体 D4")


def test_every_finding_says_what_to_do_in_both_languages(read: Read) -> None:
    rows = [[*HEAD, "网上年交易额(元)", "成立日期", "是否引进落户", "县区", "foo"], ["x", "甲", "五", "x", "x", "x", 1]]
    for finding in read(rows).findings:
        assert finding.message.zh
        assert finding.message.en
        assert finding.fix.zh
        assert finding.fix.en
        assert finding.place is not None


def test_an_empty_sheet_of_a_template_gives_an_empty_table(tmp_path: Path, policy: Policy) -> None:
    path = save(
        tmp_path / "a.xlsx",
        {"申报主体": [HEAD, [code(1), "甲"]], "历年数据": [["统一社会信用代码", "年度", "网上年交易额(元)"]], "空": []},
    )
    tables = read_tables([path], policy)
    assert tables.frames["history"].height == 0
    assert tables.findings == ()


def test_a_header_without_its_unit_is_not_told_to_be_in_yuan(read: Read) -> None:
    found = only(read([["统一社会信用代码", "名称", "网上年交易额"], [code(1), "甲", 100]]), "NO_UNIT")
    assert "网上年交易额(元)" in found.fix.zh
    assert "网上年交易额(万元)" in found.fix.zh
    found = only(read([["统一社会信用代码", "名称", "进出口实绩(万美元)"], [code(1), "甲", 100]]), "WRONG_UNIT")
    assert found.fix.zh == "数值换算为元，表头写“进出口实绩(元)”"


def test_a_remark_shows_a_serial_number_as_it_was_typed(read: Read) -> None:
    found = only(read([["统一社会信用代码", "名称", "成立日期"], [code(1), "甲", 43329]]), "NORMALISED")
    assert found.value == "43329"
