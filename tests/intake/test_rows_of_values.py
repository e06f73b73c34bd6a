"""The forms that real spreadsheets hold, one test each: understood exactly, or refused where they stand."""

from __future__ import annotations

import csv
import datetime as dt
import json
import subprocess
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import polars as pl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from anqing_subsidy.intake import read_tables
from anqing_subsidy.intake.cells import Cells
from anqing_subsidy.intake.convert import convert
from anqing_subsidy.intake.headers import read_header
from anqing_subsidy.intake.ratios import read_ratios
from anqing_subsidy.intake.sheet import Sheet
from anqing_subsidy.intake.units import base_unit, unit_of
from anqing_subsidy.money import SCALE
from anqing_subsidy.policy.columns import Column

from .conftest import Read, ReadColumn, code, codes_of, normal_of, only, save

if TYPE_CHECKING:
    from pathlib import Path

    from anqing_subsidy.finding import Finding
    from anqing_subsidy.policy import Policy
    from anqing_subsidy.policy.columns import ColumnType
    from anqing_subsidy.tables import Tables

MONEY: Final = "online_gmv_yuan"
PERCENT: Final = SCALE["ratio"] // 100
SHARE: Final = Column("s", "占比", "share", "ratio", None, range=(Fraction(0), Fraction(1)))


def errors(tables: Tables) -> list[Finding]:
    return [finding for finding in tables.findings if finding.severity == "error"]


def read_csv(folder: Path, policy: Policy, header: str, values: list[str]) -> Tables:
    path = folder / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = [[code(at), f"甲{at}", value] for at, value in enumerate(values)]
        csv.writer(stream).writerows([["统一社会信用代码", "名称", header], *rows])
    return read_tables([path], policy)


# ---- figures -------------------------------------------------------------------------------------------------------
def test_a_figure_in_a_csv_is_read_as_in_a_workbook(tmp_path: Path, policy: Policy) -> None:
    typed = ["1,234.50", "１２３４．５", "3.5万", "1.2亿", "¥500", "500元", "500 ", "\u00a0500\u3000", "1 234.5"]
    tables = read_csv(tmp_path, policy, "网上年交易额(元)", typed)
    assert tables.frames["applicants"][MONEY].to_list() == [
        123450, 123450, 3500000, 12000000000, 50000, 50000, 50000, 50000, 123450,
    ]  # fmt: skip
    assert codes_of(tables) == ["UNIT_IN_CELL"] * 3


@pytest.mark.parametrize(("typed", "words"), [
    ("(1,234)", "negative"), ("-5", "negative"), ("−5", "negative"), ("（500）", "negative"), ("-3.5万", "negative"),
    ("一千二百", "Chinese numerals"), ("叁万伍仟元整", "Chinese numerals"), ("人民币三万元", "Chinese numerals"),
    ("1.23E+08", "scientific notation"), ("9E5", "scientific notation"),
    ("12 34", "exactly"), ("1,23", "exactly"), ("约500", "exactly"), ("500-600", "exactly"), ("1亿2千万", "exactly"),
    ("5万美元", "exactly"), ("12%", "exactly"), ("50人", "exactly"), ("500元/月", "exactly"),
])  # fmt: skip
def test_a_figure_is_refused_with_its_reason(column: ReadColumn, typed: str, words: str) -> None:
    values, tables = column("网上年交易额(元)", [typed, 7], MONEY)
    assert values == [None, 700]
    found = only(tables, "INVALID_VALUE")
    assert words in found.message.en
    assert found.value == typed
    assert found.place is not None
    assert (found.place.row, found.place.column) == (2, "C")


def test_a_negative_zero_is_zero(column: ReadColumn) -> None:
    assert column("网上年交易额(元)", ["-0", "-0.00", 5], MONEY)[0] == [0, 0, 500]


def test_the_decimal_that_a_person_typed_is_read_beside_texts_too(column: ReadColumn) -> None:
    values, tables = column("网上年交易额(元)", [0.1 + 0.2, 19999999.989999998, "1,000", 164429879.389999986], MONEY)
    assert values == [30, 1999999999, 100000, 16442987939]
    assert codes_of(tables) == []


def test_a_figure_longer_than_any_double_is_cut_never_rounded_up(column: ReadColumn) -> None:
    values, tables = column("网上年交易额(元)", ["0.29" + "9" * 40, "1" * 70], MONEY)
    assert values == [29, None]
    assert codes_of(tables) == ["SUB_FEN", "INVALID_VALUE"]


def test_a_currency_sign_leaves_the_unit_of_the_header(column: ReadColumn) -> None:
    values, tables = column("网上年交易额(万元)", ["¥500", "￥1,000", "人民币2"], MONEY)
    assert values == [500_0000_00, 1000_0000_00, 2_0000_00]
    assert normal_of(tables).keys() == {"currency", "separators"}


def test_a_currency_sign_before_a_count_is_refused(column: ReadColumn) -> None:
    assert column("跨境包裹", ["¥5"], "cross_border_parcels")[0] == [None]


# ---- units ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "own", "typed", "times"), [
    ("money", "元", "元", 1), ("money", "元", "万元", 10**4), ("money", "元", "百万元", 10**6), ("money", "元", "亿元", 10**8),
    ("money", "元", "RMB", 1), ("money", None, "千元", 1000), ("money", "元", "分", Fraction(1, 100)),
    ("count", "株", "株", 1), ("count", "株", "万株", 10**4), ("count", "株", "个", 1),
    ("count", "公斤", "吨", 1000), ("count", "公斤", "KG", 1), ("count", "公斤", "斤", Fraction(1, 2)),
    ("count", "公里", "km", 1), ("count", "km", "米", Fraction(1, 1000)), ("count", "公里", "千米", 1),
    ("count", "人", "名", 1), ("count", "件", "万单", 10**4), ("count", "包", "千包", 1000), ("count", "月", "个月", 1),
    ("count", None, "人", 1), ("count", "万件", "件", Fraction(1, 10**4)),
    ("area", "㎡", "m²", 1), ("area", "㎡", "万平方米", 10**4), ("area", "㎡", "亩", Fraction(2000, 3)),
    ("area", "亩", "亩", 1), ("area", "亩", "㎡", Fraction(3, 2000)), ("area", "亩", "公顷", 15), ("area", "㎡", "平米", 1),
    ("ratio", "%", "%", Fraction(1, 100)), ("ratio", None, "‰", Fraction(1, 1000)), ("year", None, "年", 1),
])  # fmt: skip
def test_a_unit_is_worth_so_many_of_the_column_s_own(
    kind: ColumnType, own: str | None, typed: str, times: Fraction
) -> None:
    unit = unit_of(typed, Column("c", "量", "quantity", kind, own))
    assert unit is not None
    assert unit.times == times


@pytest.mark.parametrize(("kind", "own", "typed"), [
    ("money", "元", "件"), ("money", "元", "美元"), ("money", "元", "亩"), ("money", "元", "万"),
    ("count", "件", "元"), ("count", "件", "人"), ("count", "户", "公斤"), ("count", "公斤", "公里"), ("count", "株", "箱"),
    ("count", "月", "个"), ("count", "月", "年"), ("count", None, "元"), ("count", "人", "人次"), ("area", "㎡", "公里"),
    ("area", "㎡", "元"), ("ratio", None, "元"), ("year", None, "万年"), ("text", None, "元"),
])  # fmt: skip
def test_a_unit_of_another_kind_fits_no_column(kind: ColumnType, own: str | None, typed: str) -> None:
    assert unit_of(typed, Column("c", "量", "quantity", kind, own)) is None


def test_a_column_without_a_unit_in_its_header_has_the_one_of_the_policy() -> None:
    assert base_unit(Column("c", "地", "land", "area", "亩")).factor == 10_000
    assert base_unit(Column("c", "额", "sum", "money", "万元")).factor == 1_000_000
    assert base_unit(Column("c", "额", "sum", "money")).factor == 100


def test_a_bracket_that_is_no_unit_belongs_to_the_name(policy: Policy) -> None:
    station = policy.tables["applicants"].columns["is_village_station"]
    names = {"是否村级电子商务企业": station, "交易额": policy.tables["applicants"].columns[MONEY]}
    assert read_header("是否村级电子商务企业(站)", names) is None
    assert read_header("交易额(截至12月31日)", names) is None
    assert read_header("交易额(万美元)", names) is not None


def test_the_unit_above_the_table_holds_for_the_money_columns_that_name_none(policy: Policy) -> None:
    headers = ("统一社会信用代码", "名称", "网上年交易额", "开票销售额(元)", "online_sales_yuan", "跨境包裹")
    columns = tuple(pl.Series([value]) for value in (code(1), "甲", 2.5, 2.5, 2.5, 2))
    sheet = Sheet("a.xlsx", "申报主体", headers, tuple("ABCDEF"), columns, pl.Series([2], dtype=pl.UInt32), unit="万元")
    frame, _, findings = convert(sheet, policy.tables["applicants"], policy, 0)
    assert frame.select(MONEY, "invoiced_sales_yuan", "online_sales_yuan").row(0) == (25_000_00, 250, 250)
    assert frame["cross_border_parcels"].to_list() == [2]
    assert findings == []


# ---- percentages ---------------------------------------------------------------------------------------------------
def shares(
    values: list[Any], *, column: Column = SHARE, unit: str | None = None, shown: frozenset[int] = frozenset()
) -> tuple[list[int | None], Cells]:
    """What is read of some cells from row 2 on; `shown` are the rows with a % format."""
    series = pl.Series(values, strict=False)
    rows = pl.int_range(2, len(values) + 2, dtype=pl.UInt32, eager=True)
    sheet = Sheet("a.xlsx", "s", ("占比",), ("A",), (series,), rows, percents={"A": shown})
    cells = Cells(sheet, column, "A", series)
    return read_ratios(cells, unit_of(unit, column) if unit else None).to_list(), cells


@pytest.mark.parametrize("typed", ["65%", "６５％", " 65 % ", "65.0%", "650‰"])
def test_a_text_with_its_sign_is_that_share(typed: str) -> None:
    assert shares([typed])[0] == [65 * PERCENT]


def test_a_number_with_a_percent_format_is_what_the_cell_shows() -> None:
    values, cells = shares([0.65, 0.07, 1.0, 0.1 + 0.2], shown=frozenset({2, 3, 4, 5}))
    assert values == [65 * PERCENT, 7 * PERCENT, 100 * PERCENT, 30 * PERCENT]
    assert not cells.findings
    assert not cells.normal


def test_a_bare_figure_is_what_the_range_leaves() -> None:
    values, cells = shares([65, 1.5, 100, 0])
    assert values == [65 * PERCENT, 3 * PERCENT // 2, 100 * PERCENT, 0]
    assert cells.normal == {"percent": [0, 1, 2]}
    narrow = Column("s", "占比", "share", "ratio", None, range=(Fraction(1, 5), Fraction(1)))
    values, cells = shares([0.65, 65.0], column=narrow)
    assert values == [65 * PERCENT, 65 * PERCENT]
    assert cells.normal == {"share": [0], "percent": [1]}


@pytest.mark.parametrize("typed", [0.65, 1, "0.65"])
def test_a_bare_figure_that_could_be_two_shares_is_refused(typed: object) -> None:
    values, cells = shares([typed])
    assert values == [None]
    (found,) = cells.findings
    assert found.code == "INVALID_VALUE"
    assert "不能确定" in found.message.zh


def test_a_bare_figure_without_a_range_is_refused() -> None:
    open_ended = Column("s", "占比", "share", "ratio")
    assert shares([65, 0.65, 0], column=open_ended)[0] == [None, None, 0]
    assert shares(["165%", "65"], column=open_ended)[0] == [165 * PERCENT, None]


def test_the_unit_of_the_header_decides_a_bare_figure() -> None:
    assert shares([65, 0.65], unit="%")[0] == [65 * PERCENT, 65 * PERCENT // 100]
    assert shares([0.65], unit="%", shown=frozenset({2}))[0] == [65 * PERCENT]


@pytest.mark.parametrize("typed", ["101%", "-1%", 101, "六成五", "65/100", "1.2.3%", "6,5%", True])
def test_what_is_no_share_within_the_range_is_refused(typed: object) -> None:
    values, cells = shares([typed])
    assert values == [None]
    assert [found.code for found in cells.findings] == ["INVALID_VALUE"]


def test_a_word_for_nothing_is_a_blank_share_and_a_third_is_cut() -> None:
    values, cells = shares(["-", None, "33.333333333333%"])
    assert values == [None, None, 33333333]
    assert [found.code for found in cells.findings] == ["BLANK_TEXT", "SUB_FEN"]


def test_a_share_is_read_from_a_workbook_and_tested_by_a_clause(tmp_path: Path) -> None:
    from anqing_subsidy import assess
    from anqing_subsidy.policy import parse_policy
    from tests.second_policy.test_second_policy import POLICY as TEA

    text = TEA.read_text(encoding="utf-8")
    text = text.replace(
        "      leaf_kg: {",
        '      own_share: {header: 自产占比, en: own share, type: ratio, unit: "%", range: [0%, 100%]}\n      leaf_kg: {',
    ).replace("when: [leaf_sales > 5万元]", "when: [leaf_sales > 5万元, own_share >= 60%]")
    policy = parse_policy(text.encode(), "tea.yaml", {})
    rows: list[list[object]] = [
        ["茶园号", "茶园名", "有机", "茶叶销售额(元)", "自产占比(%)"],
        ["F1", "甲", "没有", 100000, 60],
        ["F2", "乙", "没有", 100000, "59.9999%"],
        ["F3", "丙", "没有", 100000, None],
    ]
    assessment = assess(policy, read_tables([save(tmp_path / "茶园.xlsx", {"茶园": rows})], policy))
    lines = assessment.lines.filter(pl.col("clause") == "t_sales").sort("row")
    assert lines["status"].to_list() == ["eligible", "ineligible", "pending"]


def test_a_figure_shown_as_a_percentage_is_no_amount(policy: Policy) -> None:
    headers = ("统一社会信用代码", "名称", "网上年交易额(元)")
    columns = (pl.Series([code(1), code(2)]), pl.Series(["甲", "乙"]), pl.Series([0.65, 5.0]))
    rows = pl.Series([2, 3], dtype=pl.UInt32)
    sheet = Sheet("a.xlsx", "申报主体", headers, tuple("ABC"), columns, rows, percents={"C": frozenset({2})})
    frame, _, findings = convert(sheet, policy.tables["applicants"], policy, 0)
    assert frame.select(MONEY, f"{MONEY}!bad").rows() == [(None, True), (500, False)]
    assert [found.code for found in findings] == ["INVALID_VALUE"]


# ---- dates ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("typed", "words"), [
    ("17/08/2018", "order of day"), ("08-17-2018", "order of day"), ("17.8.2018", "order of day"),
    ("18-8-17", "two digits"), ("18年8月17日", "two digits"), ("18.8.17", "two digits"), ("一八年八月十七日", "two digits"),
    ("2018-02-30", "no such day"), ("2018-13-01", "no such day"), ("20180230", "no such day"),
    ("二〇一八年二月三十日", "no such day"), ("2018年2月29日", "no such day"),
    ("2018年8月", "names no day"), ("2018-08", "names no day"), ("二〇一八年八月", "names no day"),
    ("今年", "not a date"), ("2018", "names no month and no day"), ("2018-08-17至2019-01-01", "not a date"), ("1899-12-31", "1900 to 2199"),
])  # fmt: skip
def test_a_date_is_refused_with_its_reason(column: ReadColumn, typed: str, words: str) -> None:
    values, tables = column("成立日期", [typed, "2018-08-17"], "established_on")
    assert values == [None, dt.date(2018, 8, 17)]
    found = only(tables, "INVALID_VALUE")
    assert words in found.message.en
    assert found.place is not None
    assert (found.place.row, found.place.column) == (2, "C")


@pytest.mark.parametrize("typed", [
    "二〇一八年八月十七日", "二零一八年八月十七日", "二○一八年八月十七号", "二0一八年八月十七日", "2018.08.17.", "2018年08月17号",
])  # fmt: skip
def test_a_date_in_a_rarer_form_is_read_and_counted(column: ReadColumn, typed: str) -> None:
    values, tables = column("成立日期", [typed], "established_on")
    assert values == [dt.date(2018, 8, 17)]
    assert codes_of(tables) == []
    assert normal_of(tables).keys() == {"date_form"}


def test_a_date_with_a_time_is_the_day_and_the_time_is_counted(column: ReadColumn) -> None:
    values, tables = column(
        "成立日期", [dt.datetime(2018, 8, 17, 9, 30), dt.datetime(2018, 8, 17)], "established_on"  # noqa: DTZ001  # a cell has no zone
    )  # fmt: skip
    assert values == [dt.date(2018, 8, 17)] * 2
    assert normal_of(tables) == {"time": "成立日期 (established on): 1 cell with a time behind the date, left out (C2)"}
    values, tables = column("成立日期", ["2018-08-17 09:30", 43329.5, "2018-08-17 00:00:00"], "established_on")
    assert values == [dt.date(2018, 8, 17)] * 3
    assert "2 cells" in normal_of(tables)["time"]


@pytest.mark.parametrize("apart", [False, True])
def test_a_workbook_of_the_1904_calendar_gives_the_same_days(tmp_path: Path, policy: Policy, apart: bool) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.title = "申报主体"
    sheet.append(["统一社会信用代码", "名称", "成立日期"])
    sheet.append([code(1), "甲", dt.date(2018, 8, 17)])
    sheet.append([code(2), "乙", "2018-8-17" if apart else dt.date(2018, 8, 17)])
    sheet.append([code(3), "丙", 43329 - 1462 if apart else dt.date(2018, 8, 17)])
    book.save(tmp_path / "a.xlsx")
    tables = read_tables([tmp_path / "a.xlsx"], policy)
    assert tables.frames["applicants"]["established_on"].to_list() == [dt.date(2018, 8, 17)] * 3
    assert errors(tables) == []


# ---- yes, no, blank, errors ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["是的", "对", "?", "2", "Y/N", "是/否"])
def test_another_word_than_yes_or_no_is_refused(column: ReadColumn, typed: str) -> None:
    values, tables = column("是否引进落户", [typed, "是"], "is_introduced")
    assert values == [None, True]
    assert "是、√、有" in only(tables, "INVALID_VALUE").fix.zh


@pytest.mark.parametrize("typed", ["-", "/", "无", "N/A", "—", "空", "Ｎ／Ａ"])
@pytest.mark.parametrize("header", ["网上年交易额(元)", "成立日期", "主体类型", "联系电话", "县区"])
def test_a_word_for_nothing_is_a_blank_with_a_warning_in_every_kind_of_column(
    column: ReadColumn, header: str, typed: str
) -> None:
    names = {"网上年交易额(元)": MONEY, "成立日期": "established_on", "主体类型": "entity_form", "联系电话": "phone"}
    values, tables = column(header, [None, typed], names.get(header, "county"))
    assert values == [None, None]
    found = only(tables, "BLANK_TEXT")
    assert (found.severity, found.value) == ("warning", typed)
    assert found.place is not None
    assert (found.place.row, found.place.column) == (3, "C")


def test_in_a_column_of_yes_and_no_the_word_for_nothing_is_no(column: ReadColumn) -> None:
    values, tables = column("是否引进落户", ["无", "-", None], "is_introduced")
    assert values == [False, None, None]
    assert codes_of(tables) == ["BLANK_TEXT"]


@pytest.mark.parametrize("shown", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "####"])
def test_the_text_of_an_error_is_an_error_never_a_blank(tmp_path: Path, policy: Policy, shown: str) -> None:
    for header, name in (
        ("网上年交易额(元)", MONEY),
        ("成立日期", "established_on"),
        ("是否引进落户", "is_introduced"),
    ):
        tables = read_csv(tmp_path, policy, header, [shown, ""])
        assert tables.frames["applicants"][f"{name}!bad"].to_list() == [True, False]
        assert codes_of(tables) == ["ERROR_CELL"]


def test_a_formula_without_a_stored_value_is_an_error(column: ReadColumn) -> None:
    values, tables = column("网上年交易额(元)", ["=1+1", 5], MONEY)
    assert values == [None, 500]
    assert codes_of(tables) == ["UNCACHED_FORMULA"]


# ---- codes, ID numbers, names --------------------------------------------------------------------------------------
def test_a_code_of_a_text_file_that_was_a_number_has_lost_its_digits(tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "a.csv").write_text(f"统一社会信用代码,名称,跨境包裹\n9.13408E+17,甲,1\n{code(1)},乙,2\n", "utf-8")
    tables = read_tables([tmp_path / "a.csv"], policy)
    assert tables.frames["applicants"]["uscc"].to_list() == [None, code(1)]
    assert "digits are lost" in only(tables, "BAD_CODE").message.en


def test_a_code_with_the_letter_o_is_refused_and_the_likely_one_asked_for(read: Read) -> None:
    right = code(1)
    tables = read([["信用代码", "名称"], [right.replace("0", "O", 1), "a"], [right.replace("00", "O1", 1), "b"]])
    assert tables.frames["applicants"]["uscc!bad"].to_list() == [True, True]
    first, second = (found.message.zh for found in errors(tables))
    assert f"是否 {right}？" in first
    assert "？" not in second


def test_an_id_number_is_read_in_capitals_and_half_width_without_spaces(read: Read) -> None:
    head = ["统一社会信用代码", "身份证号"]
    typed = ["11010519491231002x", "１１０１０５ 19491231 002X", "学员 7", "x-1"]
    tables = read([head, *([code(1), one] for one in typed)], "培训学员")
    assert tables.frames["trainees"]["trainee_key"].to_list() == ["11010519491231002X"] * 2 + ["学员 7", "x-1"]
    assert codes_of(tables) == []
    assert normal_of(tables).keys() == {"case", "width", "spaces"}


def test_an_id_number_of_fifteen_digits_is_kept_and_the_longer_one_shown(read: Read) -> None:
    rows = [["统一社会信用代码", "身份证号"], [code(1), "110105491231002"], [code(1), "110105499931002"]]
    tables = read(rows, "培训学员")
    assert tables.frames["trainees"]["trainee_key"].to_list() == ["110105491231002", "110105499931002"]
    found = only(tables, "ID_OLD")
    assert found.severity == "warning"
    assert "11010519491231002X" in found.message.zh


def test_an_id_number_stored_as_a_number_is_an_error(read: Read, tmp_path: Path, policy: Policy) -> None:
    rows = [["统一社会信用代码", "身份证号"], [code(1), 110105194912310021], [code(1), 340802199001011234]]
    tables = read(rows, "培训学员")
    assert codes_of(tables, "error") == ["DIGITS_LOST", "DIGITS_LOST"]
    (tmp_path / "培训学员.csv").write_text(f"统一社会信用代码,身份证号\n{code(1)},1.10105E+17\n", "utf-8")
    assert "DIGITS_LOST" in codes_of(read_tables([tmp_path / "培训学员.csv"], policy), "error")


NAMES: Final = [
    "[bold]甲[/bold]", "[/]", "😀电商", "㛃䶮商贸", "\ue000\uf8ff", "+86贸易", "-甲-", "@甲", "甲 乙", "𠮷野家", "甲\n乙", "001", "NA",
]  # fmt: skip


@pytest.mark.parametrize("name", [*NAMES, "=1+1"])
def test_a_name_is_kept_as_it_is(tmp_path: Path, policy: Policy, name: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "申报主体"
    sheet.append(["统一社会信用代码", "名称"])
    sheet.append([code(1), "甲"])
    sheet["B2"].value = name
    sheet["B2"].data_type = "s"
    book.save(tmp_path / "a.xlsx")
    with (tmp_path / "申报主体.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["统一社会信用代码", "名称"], [code(1), name]])
    for file in ("a.xlsx", "申报主体.csv"):
        tables = read_tables([tmp_path / file], policy)
        assert tables.frames["applicants"]["name"].to_list() == [name]
        assert codes_of(tables) == []


# ---- nothing in silence --------------------------------------------------------------------------------------------
def test_what_was_normalised_is_one_remark_a_kind_and_column_with_the_first_ten_cells(column: ReadColumn) -> None:
    _, tables = column("网上年交易额(元)", ["１", *["1,000"] * 12, 50000, " 7"], MONEY)
    assert normal_of(tables) == {
        "width": "网上年交易额 (GMV of the year): 1 cell with full-width characters, read as half-width (C2)",
        "separators": "网上年交易额 (GMV of the year): 12 cells with thousands separators, read as a figure "
        "(C3, C4, C5, C6, C7, C8, C9, C10, C11, C12 ...)",
        "spaces": "网上年交易额 (GMV of the year): 1 cell with spaces or invisible characters, left out (C16)",
    }
    places = [finding.place for finding in tables.findings]
    assert [(place.row, place.column) for place in places if place] == [(16, "C"), (2, "C"), (3, "C")]


def test_a_clean_sheet_has_no_finding(read: Read) -> None:
    rows: list[list[object]] = [
        [
            "统一社会信用代码",
            "名称",
            "网上年交易额(元)",
            "成立日期",
            "是否引进落户",
            "主体类型",
            "县区",
            "跨境包裹（件）",
        ]
    ]
    rows += [[code(at), f"甲{at}", 12345.67, dt.date(2018, 8, 17), "是", "企业", "桐城市", 5] for at in range(3)]
    assert read(rows).findings == ()


def run(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "anqing_subsidy", "run", str(path), *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_the_program_lists_what_was_normalised_with_v_and_counts_it_without(tmp_path: Path) -> None:
    rows = [["统一社会信用代码", "名称", "网上年交易额(元)"], [code(1), "甲", "1,234.50"], [code(2), "乙", "５"]]
    path = save(tmp_path / "a.xlsx", {"申报主体": rows})
    told, plain = run(path, "-v"), run(path)
    assert told.returncode == plain.returncode == 0
    assert told.stdout.count("千位分隔符") == told.stdout.count("全角") == 1
    assert "千位分隔符" not in plain.stdout
    found = json.loads(run(path, "--format", "json").stdout)["findings"]
    assert [(one["code"], one["severity"], one["source"]["row"]) for one in found] == [
        ("NORMALISED", "info", 2),
        ("NORMALISED", "info", 3),
    ]


@pytest.mark.parametrize(("declared", "words"), [
    ("type: ratio, range: [100%, 0%]", "from the least"), ("type: count, range: [0%, 100%]", "only a ratio"),
    ('type: ratio, range: ["0", "100"]', "not a rate"),
])  # fmt: skip
def test_a_range_that_cannot_be_meant_is_a_fault_of_the_policy(declared: str, words: str) -> None:
    from anqing_subsidy.finding import PolicyError
    from anqing_subsidy.policy import parse_policy
    from tests.second_policy.test_second_policy import POLICY as TEA

    column = f"      own_share: {{header: 自产占比, en: own share, {declared}}}\n      leaf_kg: {{"
    text = TEA.read_text(encoding="utf-8").replace("      leaf_kg: {", column)
    with pytest.raises(PolicyError) as caught:
        parse_policy(text.encode(), "tea.yaml", {})
    (fault,) = caught.value.faults
    assert words in fault.message.en


def test_a_code_stored_as_a_number_is_shown_without_digits_that_nobody_typed(read: Read) -> None:
    rows = [["统一社会信用代码", "名称"], [code(1), "甲"], [913408001234567890, "乙"]]
    found = only(read(rows), "BAD_CODE")
    assert found.value == "9.13408001234568e+17"


def test_a_cell_with_spaces_around_and_within_is_counted_once(read: Read) -> None:
    spaced = f" {code(1)[:9]} {code(1)[9:]} "
    assert "1 cell with spaces" in normal_of(read([["统一社会信用代码", "名称"], [spaced, "甲"]]))["spaces"]


def test_a_year_alone_is_refused_as_a_date_without_month_and_day(column: ReadColumn) -> None:
    _, tables = column("成立日期", ["2018年", 2018, "二〇一八年"], "established_on")
    said = [found.message.en for found in tables.findings if found.code == "INVALID_VALUE"]
    assert len(said) == 3
    assert all("names no month and no day" in message for message in said)
