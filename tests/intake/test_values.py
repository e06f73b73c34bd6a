"""What is typed into a cell is read exactly, or refused with its place."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from anqing_subsidy.intake.words import unknown_messages
from anqing_subsidy.money import LARGEST

from .conftest import Read, ReadColumn, code, codes_of, normal_of, only

MONEY = "online_gmv_yuan"


@pytest.mark.parametrize(
    ("header", "typed", "fen"),
    [
        ("网上年交易额(元)", 0, 0),
        ("网上年交易额(元)", 164429879.39, 16442987939),
        ("网上年交易额(元)", 0.1 + 0.2, 30),
        ("网上年交易额(元)", 19999999.989999998, 1999999999),
        ("网上年交易额（万元）", 2000.01, 2000_0100_00),
        ("网上年交易额(亿元)", 1.00000001, 100_000_001_00),
        ("网上年交易额 ( 千元 )", 3, 300000),
        ("网上\n年交易额(百万元)", 1.5, 150000000),
        ("online_gmv_yuan", 12.34, 1234),
        ("online_gmv_yuan(万元)", 12.34, 12340000),
        ("网上交易额(单位:万元)", 1, 1000000),
        ("网上年交易额(元)", "1,234.50", 123450),
        ("网上年交易额(元)", "１２３４．５", 123450),
        ("网上年交易额(元)", " 1234.5 ", 123450),
        ("网上年交易额(元)", "164429879.389999986", 16442987938),
        ("网上年交易额(元)", 9_999_999_999_999.99, 999_999_999_999_999),
        ("网上年交易额(元)", "¥500", 50000),
        ("网上年交易额(元)", "￥500.5", 50050),
    ],
)
def test_a_figure_becomes_the_fen_that_a_person_sees(column: ReadColumn, header: str, typed: object, fen: int) -> None:
    values, tables = column(header, [typed, 5], MONEY)
    assert values[0] == fen
    assert codes_of(tables, "error") == []


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("500元", 50000), ("3.5万", 3500000), ("1.2亿", 12000000000), ("3.5 万元", 3500000), ("2千元", 200000)],
)
def test_a_unit_in_the_cell_replaces_the_unit_of_the_header(column: ReadColumn, typed: str, fen: int) -> None:
    values, tables = column("网上年交易额(万元)", [typed, 1], MONEY)
    assert values == [fen, 1000000]
    found = only(tables, "UNIT_IN_CELL")
    assert found.severity == "warning"
    assert found.value == typed
    assert found.place is not None
    assert (found.place.row, found.place.column, found.place.sheet) == (2, "C", "申报主体")


@pytest.mark.parametrize(
    "typed",
    [
        "一千二百",
        "三万元",
        "12,34",
        "1.234,50",
        "约500",
        "5-6",
        "(500)",
        "1.2E+08",
        "12%",
        "$5",
        "500件",
        -1,
        "-1",
        "-3.5万",
        1e16,
        "1,2345",
        "五",
        "x",
        True,
        dt.date(2018, 1, 1),
        "1 2.3.4",
        "５％",
        "5²",
        "①",
        "12 34",
        "٣",
    ],
)
def test_a_figure_that_is_not_certain_is_bad_and_null(column: ReadColumn, typed: object) -> None:
    values, tables = column("网上年交易额(元)", [typed, 7], MONEY)
    assert values == [None, 700]
    assert tables.frames["applicants"][MONEY + "!bad"].to_list() == [True, False]
    found = only(tables, "INVALID_VALUE")
    assert found.severity == "error"
    assert found.place is not None
    assert (found.place.row, found.place.column) == (2, "C")
    assert found.fix.zh
    assert found.fix.en


def test_a_figure_finer_than_a_fen_is_cut_down_with_a_warning(column: ReadColumn) -> None:
    values, tables = column("网上年交易额(元)", [1160000 / 1.13, "3.999", 2.5], MONEY)
    assert values == [102654867, 399, 250]
    assert codes_of(tables) == ["SUB_FEN", "SUB_FEN"]


@pytest.mark.parametrize(
    ("header", "typed", "places"),
    [
        ("网上年交易额(元)", 2.005, "2"),
        ("网上年交易额(万元)", 1.2345678, "6"),
    ],
)
def test_the_fix_names_the_decimal_places_that_the_unit_keeps(
    column: ReadColumn, header: str, typed: float, places: str
) -> None:
    _, tables = column(header, [typed], MONEY)
    assert only(tables, "SUB_FEN").fix.zh == f"将公式结果四舍五入到 {places} 位小数"


def test_a_figure_of_a_hundred_million_under_wan_is_unreadable(column: ReadColumn) -> None:
    values, tables = column("网上年交易额(万元)", [100_000_000, "100000000", 99_999_999], MONEY)
    assert values == [None, None, 99_999_999 * 1_000_000]
    assert codes_of(tables, "error") == ["UNIT_SUSPECT", "UNIT_SUSPECT"]


def test_small_figures_under_yuan_are_suspected_to_be_wan(column: ReadColumn) -> None:
    assert codes_of(column("网上年交易额(元)", [120, 350, 9999.99], MONEY)[1]) == ["UNIT_SUSPECT"]
    assert codes_of(column("网上年交易额(元)", [120, 350, 10000], MONEY)[1]) == []
    assert codes_of(column("网上年交易额(元)", [120, 350, 0], MONEY)[1]) == []
    assert codes_of(column("网上年交易额(万元)", [120, 350, 20], MONEY)[1]) == []


@pytest.mark.parametrize(("header", "typed", "want"), [
    ("跨境包裹（件）", 12345, 12345), ("跨境包裹", "12,345", 12345), ("跨境包裹", "7.0", 7),
    ("跨境包裹(万件)", 1.2345, 12345),
    ("跨境包裹", "3万件", 30000), ("跨境包裹", "3万", 30000), ("cross_border_parcels", 1, 1),
    ("跨境包裹数(千件)", "2", 2000),
])  # fmt: skip
def test_counts_are_whole_numbers(column: ReadColumn, header: str, typed: object, want: int) -> None:
    assert column(header, [typed], "cross_border_parcels")[0] == [want]


@pytest.mark.parametrize("typed", [1.5, -3, "1.5", "3元", 2e15])
def test_a_negative_or_broken_count_is_bad(column: ReadColumn, typed: object) -> None:
    values, tables = column("跨境包裹", [typed], "cross_border_parcels")
    assert values == [None]
    assert codes_of(tables) == ["INVALID_VALUE"]


@pytest.mark.parametrize("typed", [
    dt.date(2018, 8, 17), dt.datetime(2018, 8, 17, 9, 30),  # noqa: DTZ001
    43329, "43329", "2018-8-17", "2018/8/17", "2018.8.17",
    20180817, "20180817",
    "2018年8月17日", "二〇一八年八月十七日", "２０１８－０８－１７", "2018-08-17 10:00:00", " 2018 年 8 月 17 日",
])  # fmt: skip
def test_a_date_in_any_certain_form_is_read(column: ReadColumn, typed: object) -> None:
    values, tables = column("成立日期", [typed], "established_on")
    assert values == [dt.date(2018, 8, 17)]
    assert codes_of(tables) == []
    mixed, tables = column("成立日期", [typed, dt.date(2017, 1, 2), "2016-2-29"], "established_on")
    assert mixed == [dt.date(2018, 8, 17), dt.date(2017, 1, 2), dt.date(2016, 2, 29)]
    assert codes_of(tables) == []


@pytest.mark.parametrize(
    "typed",
    [
        "17/08/2018",
        "08-17-2018",
        "2018-13-01",
        "2018-2-29",
        "2018年8月",
        5,
        1.5e9,
        "今年",
        True,
        "二〇一八年十三月一日",
    ],
)
def test_an_uncertain_date_is_bad(column: ReadColumn, typed: object) -> None:
    values, tables = column("成立日期", [typed], "established_on")
    assert values == [None]
    assert codes_of(tables) == ["INVALID_VALUE"]


def test_yes_and_no_come_in_many_words(column: ReadColumn) -> None:
    typed = ["是", "否", "有", "无", "√", "×", "Y", "n", "ＹＥＳ", "No", "TRUE", "false", 1, 0, True, False, None, "-"]
    values, tables = column("是否引进落户", typed, "is_introduced")
    assert values == [True, False] * 8 + [None, None]
    assert codes_of(tables) == ["BLANK_TEXT"]
    assert normal_of(tables).keys() == {"case", "width"}
    assert column("是否引进落户", [True, False], "is_introduced")[0] == [True, False]
    assert column("是否引进落户", [1, 0], "is_introduced")[0] == [True, False]
    values, tables = column("是否引进落户", ["maybe", 2], "is_introduced")
    assert values == [None, None]
    assert codes_of(tables) == ["INVALID_VALUE"] * 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("不是", "否"), ("非", None), ("没有", "否"), ("是否", None), ("ture", "true"), ("untrue", "否")],
)
def test_the_word_that_is_named_for_a_wrong_one_never_says_the_opposite(
    column: ReadColumn, typed: str, meant: str | None
) -> None:
    found = only(column("是否引进落户", [typed], "is_introduced")[1], "INVALID_VALUE")
    assert found.message.zh.endswith(f"：不认识“{typed}”" + (f"，是否“{meant}”？" if meant else ""))


@pytest.mark.parametrize(("header", "name"), [("是否引进落户", "is_introduced"), ("限上状态", "quota_status")])
def test_the_words_that_may_stand_are_parted_as_each_language_does_it(
    column: ReadColumn, header: str, name: str
) -> None:
    fix = only(column(header, ["qqq"], name)[1], "INVALID_VALUE").fix
    assert re.fullmatch(r"\w+：(\S+、)+\S+", fix.zh)
    assert re.fullmatch(r"one of: ([^\s、]+, )+[^\s、]+", fix.en)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("5A级", "5A"),
        ("5a 级", "5A"),
        ("合格的", "合格"),
        ("不合恪", "不合格"),
        ("未合格", "不合格"),
        ("非合格", "不合格"),
    ],
)
def test_the_word_that_is_named_is_written_as_the_policy_lists_it(typed: str, meant: str) -> None:
    values = {"five": ["5A"], "four": ["4A"], "passed": ["合格"], "failed": ["不合格"]}
    words = {word: key for key, listed in values.items() for word in (key, *listed)}
    assert unknown_messages([typed], words)[typed].zh == f"不认识“{typed}”，是否“{meant}”？"


def test_enumerations_are_read_by_word_or_id(column: ReadColumn) -> None:
    values, tables = column("主体类型", ["有限公司", "个体工商户", "company", " 合作社 ", "有限公式"], "entity_form")
    assert values == ["company", "individual_business", "company", "cooperative", None]
    assert "有限公司" in only(tables, "INVALID_VALUE").message.zh


def test_a_word_for_nothing_is_blank_with_a_warning_and_zero_stays(column: ReadColumn) -> None:
    typed = ["-", "-", "无", "N/A", "/", "—", "空", "－", 0, "", " ", None]
    values, tables = column("网上年交易额(元)", typed, MONEY)
    assert values == [None] * 8 + [0, None, None, None]
    assert [(found.code, found.severity, found.value) for found in tables.findings] == [
        ("BLANK_TEXT", "warning", word) for word in typed[:8]
    ]
    assert [found.place.row for found in tables.findings if found.place] == list(range(2, 10))
    assert codes_of(column("成立日期", ["无", "2018-1-1"], "established_on")[1]) == ["BLANK_TEXT"]


def test_text_stays_as_it_is_typed(column: ReadColumn) -> None:
    typed = ["001", " a ", "[bold]x[/bold]", "😀", "+1", "@x", "㛃䶮", 13800000000, "NA", "1.50"]
    values, tables = column("联系电话", typed, "phone")
    assert values == ["001", "a", "[bold]x[/bold]", "😀", "+1", "@x", "㛃䶮", "13800000000", "NA", "1.50"]
    assert codes_of(tables) == []
    assert column("联系电话", [13800000000, 5], "phone")[0] == ["13800000000", "5"]


def test_a_fraction_in_a_text_column_is_what_a_person_sees(column: ReadColumn) -> None:
    values, _ = column("联系电话", ["a", 164429879.39, "164429879.389999986"], "phone")
    assert values == ["a", "164429879.39", "164429879.389999986"]


def test_a_boolean_among_figures_is_bad(column: ReadColumn) -> None:
    values, tables = column("跨境包裹", [True, 5, False, 2.0], "cross_border_parcels")
    assert values == [None, 5, None, 2]
    assert codes_of(tables) == ["INVALID_VALUE"] * 2


def test_a_date_among_figures_is_bad(column: ReadColumn) -> None:
    values, tables = column("跨境包裹", [5, dt.date(2018, 1, 1), 2], "cross_border_parcels")
    assert values == [5, None, 2]
    assert codes_of(tables) == ["INVALID_VALUE"]


def test_a_long_number_in_a_text_column_has_lost_digits(column: ReadColumn) -> None:
    values, tables = column("银行账号", [6222021234567890123, "6222021234567890123"], "bank_account")
    assert values == [None, "6222021234567890123"]
    assert codes_of(tables) == ["DIGITS_LOST"]


def test_credit_codes_are_normalised_and_never_repaired(read: Read) -> None:
    good = code(1)
    rows = [
        ["信用代码", "名称"],
        [good, "a"],
        [f" {good[:8]} {good[8:].lower()}", "b"],
        [good.translate({ord("0"): "０"}), "c"],
    ]
    tables = read(
        [*rows, [good[:17] + "0", "d"], [good.replace("0", "O", 1), "e"], [913408000000000000, "f"], [good[:17], "g"]]
    )
    frame = tables.frames["applicants"]
    assert frame["uscc"].to_list()[:3] == [good] * 3
    assert frame["uscc"].to_list()[3] == good[:17] + "0"
    assert frame["uscc"].to_list()[5] is None
    assert frame["uscc!bad"].to_list() == [False] * 3 + [True] * 4
    findings = [finding for finding in tables.findings if finding.severity == "error"]
    assert [finding.code for finding in findings] == ["BAD_CODE"] * 4
    by_row = {finding.place.row: finding for finding in findings if finding.place}
    assert normal_of(tables).keys() == {"case", "spaces", "width"}
    assert f"应为 {good[17]}" in by_row[5].message.zh
    assert "O" in by_row[6].message.en
    assert "digits are lost" in by_row[7].message.en


def test_an_all_digit_code_typed_as_text_is_a_code(read: Read) -> None:
    digits = next(c for c in (f"9134080012345{i:04d}" for i in range(9999)) if _check(c).isdigit())
    full = digits + _check(digits)
    tables = read([["统一社会信用代码", "名称"], [full, "a"], [int(full), "b"]])
    assert tables.frames["applicants"]["uscc"].to_list() == [full, None]
    assert codes_of(tables) == ["BAD_CODE"]


def _check(body: str) -> str:
    from stdnum.cn import uscc

    return str(uscc.calc_check_digit(body))


def test_an_id_number_with_a_wrong_check_digit_is_a_warning(read: Read) -> None:
    rows = [
        ["统一社会信用代码", "身份证号"],
        [code(1), "11010519491231002X"],
        [code(1), "110105194912310021"],
        [code(1), "学员-7"],
    ]
    tables = read([*rows, [code(1), 110105194912310021]], "培训学员")
    trainees = tables.frames["trainees"]
    assert trainees["trainee_key"].to_list() == ["11010519491231002X", "110105194912310021", "学员-7", None]
    assert trainees["trainee_key!bad"].to_list() == [False, False, False, True]
    assert [(finding.code, finding.severity) for finding in tables.findings] == [
        ("DIGITS_LOST", "error"),
        ("ID_CHECK_DIGIT", "warning"),
    ]


def test_a_county_is_listed_named_by_the_sheet_or_kept(column: ReadColumn, read: Read) -> None:
    values, tables = column("县区", ["桐城", 340881, "340824", "潜山县", "合肥市", None], "county")
    assert values == ["桐城市", "桐城市", "潜山市", "潜山市", "合肥市", None]
    assert codes_of(tables) == ["UNLISTED_VALUE"]
    named = read([["统一社会信用代码", "名称"], [code(1), "a"]], "申报主体-太湖")
    assert named.frames["applicants"]["county"].to_list() == ["太湖县"]


def test_years_are_years(read: Read) -> None:
    rows = [["统一社会信用代码", "年度"], *([code(1), typed] for typed in (2017, "2016年", "２０１５", 17, "去年"))]
    tables = read(rows, "历年数据")
    assert tables.frames["history"]["year"].to_list() == [2017, 2016, 2015, None, None]
    assert codes_of(tables) == ["INVALID_VALUE", "INVALID_VALUE"]


def test_areas_are_square_centimetres(read: Read) -> None:
    head = ["园区编号", "运营主体统一社会信用代码", "建筑面积(㎡)", "可租赁面积（万平方米）"]
    tables = read(
        [head, ["P1", code(1), 7499.5, 1.25], ["P2", code(1), "7499.5m²", None], ["P3", code(1), "15亩", 1]], "园区"
    )
    assert tables.frames["parks"]["building_area_m2"].to_list() == [74995000, 74995000, 100000000]
    assert tables.frames["parks"]["leasable_area_m2"].to_list() == [125000000, None, 100000000]
    assert codes_of(tables) == ["UNIT_IN_CELL", "UNIT_IN_CELL"]
    assert [finding.value for finding in tables.findings] == ["7499.5m²", "15亩"]


def test_the_largest_figure_is_the_limit(column: ReadColumn) -> None:
    limit = LARGEST // 100
    assert column("网上年交易额(元)", [str(limit)], MONEY)[0] == [LARGEST]
    assert column("网上年交易额(元)", [f"{limit}.01"], MONEY)[0] == [None]
