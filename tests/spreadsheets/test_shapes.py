"""Every shape that officials' sheets have is read as a person would read it, and what was left out is said."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import sysconfig
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anqing_subsidy.finding import Finding, InputError
from anqing_subsidy.intake import careful, read_tables, workbook
from anqing_subsidy.intake.convert import convert
from anqing_subsidy.intake.heading import Names, find_header
from anqing_subsidy.intake.layout import lay_out, ranges
from anqing_subsidy.intake.match import match_sheet
from anqing_subsidy.intake.totals import check_totals
from anqing_subsidy.intake.workbook import read_workbook
from anqing_subsidy.policy import load_policy
from tests.intake.conftest import code
from tests.spreadsheets.make import FILES, FOLDER, HEAD, firm
from tests.spreadsheets.xlsx import DATE, Page, Raw, Workbook

if TYPE_CHECKING:
    import polars as pl

    from anqing_subsidy.tables import Part, Tables

POLICY: Final = load_policy()
NAMES: Final = Names(POLICY)
PROGRAM: Final = Path(sysconfig.get_path("scripts")) / "anqing-subsidy"
EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples"

SAID: Final[dict[str, list[tuple[str, str]]]] = {
    "标题与单位行": [("HEADER_ROW", "4"), ("UNIT_ABOVE", "E2")],
    "两行表头": [("HEADER_ROW", "2")],
    "三行表头": [("HEADER_ROW", "4")],
    "未合并的两行表头": [("HEADER_ROW", "2")],
    "小计合计与备注": [("TOTAL_ROWS", "4"), ("NOTE_ROWS", "9"), ("BLANK_ROWS", "5"), ("TOTAL_DIFFERS", "E8")],
    "合计在前": [("TOTAL_ROWS", "2"), ("TOTAL_DIFFERS", "E2")],
    "名为合计的企业": [],
    "各县一张表": [("HIDDEN_SHEET", ""), ("HIDDEN_ROWS", "3"), ("HIDDEN_COLUMNS", "D1")],
    "合并的园区编号": [("MERGED_CELLS", "A2"), ("MERGED_AMOUNT", "D4"), ("MERGED_AMOUNT", "D5")],
    "近似的表头": [("UNKNOWN_HEADER", "F1"), ("UNKNOWN_HEADER", "G1"), ("MISSING_COLUMN", "1")],
    "示例行": [],
    "栏次与重复表头": [("COLUMN_NUMBERS", "2"), ("REPEATED_HEADER", "4")],
    "一页两表": [("AMBIGUOUS_HEADER", "4")],
    "远处单元格": [("NO_HEADER", "XFD1048576")],
    "范围记录有误": [],
    "四周空白": [("BLANK_ROWS", "4")],
    "严格格式": [],
    "日期系统1904": [],
    "没有引用": [],
    "内联文字": [],
    "注音与富文本": [],
    "公式": [("UNCACHED_FORMULA", "D4"), ("ERROR_CELL", "D5"), ("ERROR_CELL", "E6")],
    "百分比": [("INVALID_VALUE", "D2")],
}
"""What is found in each file, with the cell."""


def read(name: str) -> Tables:
    return read_tables([FOLDER / f"{name}.xlsx"], POLICY)


def rows_of(tables: Tables, *columns: str, table: str = "applicants") -> list[tuple[Any, ...]]:
    return tables.frames[table].select(*columns).rows()


def saved(path: Path, *pages: Page, **options: Any) -> Path:  # noqa: ANN401  # whatever a workbook takes
    path.write_bytes(Workbook(list(pages), **options).save(compressed=True))
    return path


def said(findings: tuple[Finding, ...] | list[Finding]) -> list[tuple[str, str]]:
    return [
        (found.code, f"{found.place.column or ''}{found.place.row or ''}" if found.place else "") for found in findings
    ]


def lane(data: bytes, *, careful: bool) -> list[tuple[pl.DataFrame | None, Part | None, list[Finding]]]:
    """All sheets of a workbook through one lane, each with its frame, its part and what was found."""
    results: list[tuple[pl.DataFrame | None, Part | None, list[Finding]]] = []
    sheets, findings = read_workbook("a.xlsx", data, careful=careful)
    for sheet in sheets:
        headed, found = find_header(sheet, NAMES)
        table, more = match_sheet(headed, POLICY) if headed is not None else (None, [])
        if headed is None or table is None:
            results.append((None, None, [*findings, *found, *more]))
            continue
        layout = lay_out(headed, table, NAMES)
        frame, part, typed = convert(layout.sheet, table, POLICY, 0)
        every = [*findings, *found, *more, *layout.findings, *typed, *check_totals(layout, table, frame)]
        results.append((frame, part, every))
    return results


def assert_lanes_agree(data: bytes) -> None:
    fast, slow = lane(data, careful=False), lane(data, careful=True)
    assert len(fast) == len(slow)
    for (frame, part, found), (other, other_part, others) in zip(fast, slow, strict=True):
        assert part == other_part
        assert sorted(map(str, found)) == sorted(map(str, others))
        assert (frame is None and other is None) or (frame is not None and other is not None and frame.equals(other))


# ---- the folder ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FILES)
def test_the_folder_holds_what_the_script_makes(name: str) -> None:
    assert (FOLDER / f"{name}.xlsx").read_bytes() == FILES[name]().save()


@pytest.mark.parametrize("name", SAID)
def test_each_file_is_read_with_exactly_these_remarks(name: str) -> None:
    assert said(read(name).findings) == SAID[name]


@pytest.mark.parametrize("name", [name for name in FILES if name != "重复单元格"])
def test_both_lanes_give_the_same_tables_of_each_file(name: str) -> None:
    assert_lanes_agree((FOLDER / f"{name}.xlsx").read_bytes())


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.xlsx")), ids=lambda path: path.name)
def test_both_lanes_give_the_same_tables_of_the_examples(path: Path) -> None:
    assert_lanes_agree(path.read_bytes())


def test_the_installed_command_reads_the_whole_folder(tmp_path: Path) -> None:
    for name in SAID:
        (tmp_path / f"{name}.xlsx").write_bytes((FOLDER / f"{name}.xlsx").read_bytes())
    ended = subprocess.run(
        [PROGRAM, "run", tmp_path, "--format", "json"], capture_output=True, text=True, check=False, env=os.environ
    )
    assert ended.returncode == 1, ended.stderr
    found: dict[str, Counter[str]] = {name: Counter() for name in SAID}
    for finding in json.loads(ended.stdout)["findings"]:
        if finding["source"]:
            found[Path(finding["source"]["file"]).stem][finding["code"]] += 1
    for name, remarks in SAID.items():
        assert Counter(kind for kind, _ in remarks) <= found[name], name


def test_the_installed_command_refuses_a_repeated_cell_with_the_way_out() -> None:
    ended = subprocess.run([PROGRAM, "run", FOLDER / "重复单元格.xlsx"], capture_output=True, text=True, check=False)
    assert ended.returncode == 3
    assert "重复单元格.xlsx" in ended.stderr
    assert "Traceback" not in ended.stderr


# ---- headers ---------------------------------------------------------------------------------------------------------
def test_a_unit_above_the_table_holds_for_amounts_without_their_own() -> None:
    assert rows_of(read("标题与单位行"), "online_gmv_yuan", "staff", "_row") == [(2000500000, 12, 5), (1000000, 3, 6)]


def test_a_unit_in_the_header_goes_before_the_one_above(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["表（单位：万元）"],
        ["统一社会信用代码", "名称", "网上年交易额(元)", "开票销售额"],
        firm(1, 5, 5),
    ]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows))], POLICY)
    assert rows_of(tables, "online_gmv_yuan", "invoiced_sales_yuan") == [(500, 5000000)]


@pytest.mark.parametrize(
    "typed", ["单位:万元", "（单位：万元）", "金额单位： 万元", "单位：人、万元", "填表单位：商务局 单位：万元"]
)
def test_a_unit_row_is_understood_in_its_usual_forms(tmp_path: Path, typed: str) -> None:
    rows: list[list[Any]] = [[None, typed], ["统一社会信用代码", "名称", "网上年交易额"], firm(1, 5)]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows))], POLICY)
    assert rows_of(tables, "online_gmv_yuan") == [(5000000,)]


@pytest.mark.parametrize("typed", ["填表单位：万元县商务局", "填报单位：元", "单位：个"])
def test_what_is_no_unit_of_money_above_the_table_is_none(tmp_path: Path, typed: str) -> None:
    rows: list[list[Any]] = [[None, typed], ["统一社会信用代码", "名称", "网上年交易额"], firm(1, 5)]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows))], POLICY)
    assert ("NO_UNIT", "C2") in said(tables.findings)


def test_two_different_units_above_the_table_are_none(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["单位：元"], ["单位：万元"], ["统一社会信用代码", "名称", "网上年交易额"], firm(1, 5)]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows))], POLICY)
    assert {kind for kind, _ in said(tables.findings)} == {"HEADER_ROW", "AMBIGUOUS_UNIT", "NO_UNIT"}


def test_headers_over_several_rows_are_read_as_one_for_each_column() -> None:
    expected = [(2000500000, 700, 12), (1000000, 800, 3)]
    assert rows_of(read("两行表头"), "online_gmv_yuan", "invoiced_sales_yuan", "staff") == expected
    columns = ("established_on", "online_gmv_yuan", "invoiced_sales_yuan")
    assert rows_of(read("三行表头"), *columns)[0] == (date(2015, 3, 1), 2000500000, 700)
    assert rows_of(read("未合并的两行表头"), "online_gmv_yuan", "invoiced_sales_yuan") == [(2000500000, 700)]


def test_one_header_over_the_columns_of_several_years_is_not_assumed(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["统一社会信用代码", "名称", "网上年交易额(元)", None],
        [None, None, "2016年", "2017年"],
        firm(1, 5, 6),
    ]
    page = Page("申报主体", rows, ["A1:A2", "B1:B2", "C1:D1"])
    tables = read_tables([saved(tmp_path / "a.xlsx", page)], POLICY)
    kinds = [kind for kind, _ in said(tables.findings) if kind != "HEADER_ROW"]
    assert "online_gmv_yuan!bad" in tables.frames["applicants"].columns or kinds == ["UNKNOWN_HEADER"] * 2
    assert tables.frames["applicants"]["online_gmv_yuan"].null_count() >= 1


def test_a_second_table_above_leaves_the_header_uncertain(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["园区编号", "统一社会信用代码", "园区名称"],
        ["P1", code(1), "园"],
        [],
        HEAD,
        firm(1, "桐城", 10, 2),
    ]
    good = Page("申报主体", [HEAD, firm(1, "桐城", 10, 2)])
    tables = read_tables([saved(tmp_path / "a.xlsx", good, Page("二", rows))], POLICY)
    assert said(tables.findings) == [("AMBIGUOUS_HEADER", "1")]
    assert tables.frames["applicants"].height == 1


UNITS: Final = ["统一社会信用代码", "名称", "网上年交易额", "跨境包裹"]


@pytest.mark.parametrize("merges", [[], ["A2:A3", "B2:B3"]])
@pytest.mark.parametrize("units", [("(万元)", "(件)"), ("万元", "件"), ("单位：万元", "件"), ("（万元）", None)])
def test_a_row_of_units_below_the_header_belongs_to_it(
    tmp_path: Path, units: tuple[str, str | None], merges: list[str]
) -> None:
    rows: list[list[Any]] = [["申报表"], UNITS, [None, None, *units], [code(1), "甲", 2000, 5], [code(2), "乙", 1.5, 6]]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows, ["A1:D1", *merges]))], POLICY)
    assert rows_of(tables, "online_gmv_yuan", "cross_border_parcels", "_row") == [
        (2_000_000_000, 5, 4),
        (1_500_000, 6, 5),
    ]
    assert said(tables.findings) == [("HEADER_ROW", "3")]


def test_a_row_that_holds_a_figure_beside_a_unit_is_data(tmp_path: Path) -> None:
    rows: list[list[Any]] = [UNITS, [None, None, "(万元)", 3], [code(1), "甲", 2000, 5]]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows))], POLICY)
    assert {"NO_UNIT", "MISSING_KEY"} <= dict(said(tables.findings)).keys()


# ---- rows ------------------------------------------------------------------------------------------------------------
def test_a_row_with_its_key_is_data_whatever_it_is_called() -> None:
    assert rows_of(read("名为合计的企业"), "name") == [("合计",), ("备注：有限公司",)]


def test_subtotals_and_totals_are_no_data_and_are_compared() -> None:
    tables = read("小计合计与备注")
    assert rows_of(tables, "name", "_row") == [("甲乙1公司", 2), ("甲乙2公司", 3), ("甲乙3公司", 6)]
    message = tables.findings[-1].message
    assert "3,502,600" in message.zh
    assert "3,502,500" in message.zh


@pytest.mark.parametrize("wrong", [-1, 0, 1])
@pytest.mark.parametrize("marker", ["合计", "合 计", "总计：", "小计", "桐城市小计", "共计", "合计（万元）"])
def test_a_total_that_is_off_by_one_is_a_warning_and_an_equal_one_is_not(
    tmp_path: Path, marker: str, wrong: int
) -> None:
    rows: list[list[Any]] = [
        HEAD,
        firm(1, "桐城", 0.1, 2),
        firm(2, "桐城", 0.2, 3),
        [marker, None, None, 0.1 + 0.2, 5 + wrong],
    ]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows))], POLICY)
    assert tables.frames["applicants"].height == 2
    assert said(tables.findings) == [("TOTAL_ROWS", "4"), *([("TOTAL_DIFFERS", "E4")] if wrong else [])]


def test_a_total_over_a_bad_cell_is_not_compared(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD, firm(1, "桐城", "五万", 2), firm(2, "桐城", 0.2, 3), ["合计", None, None, 99, 5]]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows))], POLICY)
    assert "TOTAL_DIFFERS" not in dict(said(tables.findings))


def test_a_row_without_a_code_is_no_remark_but_an_error(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD, firm(1, "桐城", 1, 2), [None, "乙公司", "桐城", 5, 3], [None, "审核科技公司"]]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows))], POLICY)
    assert said(tables.findings) == [("MISSING_KEY", "A3"), ("MISSING_KEY", "A4")]


def test_a_remark_between_rows_of_data_is_not_passed_over(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD, firm(1, "桐城", 1, 2), ["备注：下同", "乙公司", None, 5, 3], firm(3, "桐城", 1, 2)]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows))], POLICY)
    assert "BAD_CODE" in dict(said(tables.findings))


def test_headings_of_groups_merged_across_are_no_data(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD, ["一、桐城市"], firm(1, "桐城", 1, 2), ["二、宿松县"], firm(2, "宿松", 1, 2)]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows, ["A2:E2", "A4:E4"]))], POLICY)
    assert tables.frames["applicants"].height == 2
    assert said(tables.findings) == [("HEADING_ROWS", "2")]


@pytest.mark.parametrize("word", ["示例", "例", "示例行", "Example", " 示例 "])
def test_an_example_row_is_passed_over_without_a_word(tmp_path: Path, word: str) -> None:
    rows: list[list[Any]] = [["序号", *HEAD], [word, *firm(1, "桐城", 1, 2)], [1, *firm(2, "桐城", 1, 2)]]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows))], POLICY)
    assert rows_of(tables, "name") == [("甲乙2公司",)]
    assert tables.findings == ()


def test_hidden_and_filtered_rows_are_read_and_listed() -> None:
    tables = read("各县一张表")
    assert tables.frames["applicants"].height == 5
    (found,) = [found for found in tables.findings if found.code == "HIDDEN_ROWS"]
    assert found.severity == "warning"
    assert "3-4" in found.message.zh


# ---- merged cells ----------------------------------------------------------------------------------------------------
def test_a_merged_key_belongs_to_every_row_and_a_merged_figure_to_none() -> None:
    rows = rows_of(read("合并的园区编号"), "park_id", "area_m2", "area_m2!bad", table="park_tenants")
    assert [park for park, _, _ in rows] == ["P1"] * 5 + ["P2"]
    assert [bad for _, _, bad in rows] == [False, False, True, True, False, False]
    assert [area for _, area, _ in rows] == [1110000, 1120000, None, None, 1150000, 600000]


def test_a_merged_error_cell_is_an_error_in_every_row(tmp_path: Path) -> None:
    error = Raw('<c r="{r}" t="e"><v>#N/A</v></c>')
    rows: list[list[Any]] = [HEAD, firm(1, error, 1, 2), firm(2, None, 3, 4)]
    tables = read_tables([saved(tmp_path / "a.xlsx", Page("申报主体", rows, ["C2:C3"]))], POLICY)
    assert [place for kind, place in said(tables.findings) if kind == "ERROR_CELL"] == ["C2", "C3"]


# ---- the two lanes ---------------------------------------------------------------------------------------------------
CLEAN: Final = [
    "标题与单位行",
    "未合并的两行表头",
    "示例行",
    "栏次与重复表头",
    "四周空白",
    "各县一张表",
    "百分比",
    "公式",
    "日期系统1904",
]


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_sheet_takes_the_fast_lane_wherever_its_header_stands(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the careful lane")

    monkeypatch.setattr(careful, "read_sheet", refuse)
    assert read_workbook("a.xlsx", FILES[name]().save())[0]


@pytest.mark.parametrize("name", ["两行表头", "合并的园区编号", "严格格式", "没有引用", "远处单元格"])
def test_an_odd_sheet_takes_the_careful_lane(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    used = []
    monkeypatch.setattr(careful, "read_sheet", lambda *_, **__: used.append(name))
    read_workbook("a.xlsx", FILES[name]().save())
    assert used


def test_a_sheet_is_plain_data_that_can_go_to_another_process() -> None:
    for name in SAID:
        sheets, _ = read_workbook("a.xlsx", FILES[name]().save())
        again = pickle.loads(pickle.dumps(sheets))  # noqa: S301  # what was pickled a moment ago
        assert [sheet.headers for sheet in again] == [sheet.headers for sheet in sheets]


@pytest.mark.parametrize("lane", [False, True])
def test_percentages_are_known_by_their_cells(lane: bool) -> None:  # a parameter of a test
    (sheet,), _ = read_workbook("a.xlsx", FILES["百分比"]().save(), careful=lane)
    assert sheet.percents == {"D": frozenset({2})}


@pytest.mark.parametrize("lane", [False, True])
def test_numbers_among_texts_are_known_by_their_rows(lane: bool) -> None:  # a parameter of a test
    rows: list[list[Any]] = [["统一社会信用代码", "名称"], [code(1), 12], [913408000000000000, "甲"], [code(2), True]]
    (sheet,), _ = read_workbook("a.xlsx", Workbook([Page("申报主体", rows)]).save(), careful=lane)
    assert sheet.numbers == {"A": frozenset({3}), "B": frozenset({2})}


def test_a_million_empty_styled_rows_cost_no_memory(tmp_path: Path) -> None:
    empty = "".join(f'<row r="{row}"><c r="A{row}" s="2"/></row>' for row in range(3, 1_000_001))
    path = saved(tmp_path / "a.xlsx", Page("申报主体", [HEAD, firm(1, "桐城", 10, 2)], far=empty))
    script = (
        "import resource, subprocess, sys\n"
        "if len(sys.argv) == 2:  # a process begins with the peak of the one that starts it: a small one starts it\n"
        "    sys.exit(subprocess.run([sys.executable, '-c', *sys.orig_argv[2:], 'again']).returncode)\n"
        "from anqing_subsidy.intake import read_tables; from anqing_subsidy.policy import load_policy\n"
        "tables = read_tables([sys.argv[1]], load_policy()); print(tables.frames['applicants'].height, len(tables.findings))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    ended = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    height, peak = ended.stdout.splitlines()
    assert height == "1 0"
    assert int(peak) < 600


def test_texts_keep_the_characters_that_xml_cannot_hold(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD, [code(1), "甲_x000A_乙_x005F_x", "桐城", 10, 2]]
    data = saved(tmp_path / "a.xlsx", Page("申报主体", rows)).read_bytes()
    assert_lanes_agree(data)
    assert lane(data, careful=True)[0][0]["name"].to_list() == ["甲\n乙_x"]  # type: ignore[index]  # there is a frame


cells = st.one_of(
    st.none(),
    st.integers(0, 10**9),
    st.floats(0, 1e9).map(lambda number: round(number, 4)),
    st.sampled_from(
        ["", " ", "-", "桐城", "是", "3.5万", "１２", "合计", "2018-8-17", "备注：无", "#N/A", "甲_x000D_"]
    ),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    st.sampled_from(
        [
            Raw('<c r="{r}" t="e"><v>#REF!</v></c>'),
            Raw('<c r="{r}"><f>1+1</f></c>'),
            Raw('<c r="{r}"><f>1+1</f><v>2</v></c>'),
            Raw('<c r="{r}" s="2"/>'),
            Raw(f'<c r="{{r}}" s="{DATE}"><v>43329.5</v></c>'),
            Raw('<c r="{r}" t="str"><f>A1</f><v></v></c>'),
        ]
    ),
)
columns = st.permutations(
    ["名称", "县区", "成立日期", "网上年交易额(元)", "从业人员", "是否引进落户", "联系电话", "序号", "别的"]
)


@st.composite
def books(draw: st.DrawFn) -> Workbook:
    """A sheet of anything, with or without titles, blank rows and hidden ones."""
    heads: list[Any] = ["统一社会信用代码", *draw(columns)[: draw(st.integers(1, 8))]]
    above: list[list[Any]] = draw(
        st.lists(st.sampled_from([[], ["标题"], [None, "填表单位：某局", None, "单位：万元"]]), max_size=3)
    )
    body: list[list[Any]] = [
        [draw(st.sampled_from([code(at), code(at), None, "合计", 5])), *(draw(cells) for _ in heads[1:])]
        for at in range(draw(st.integers(0, 8)))
    ]
    hidden = draw(st.lists(st.integers(1, 12), max_size=2))
    return Workbook(
        [Page(draw(st.sampled_from(["申报主体", "Sheet1"])), [*above, heads, *body], hidden_rows=sorted(set(hidden)))],
        date1904=draw(st.booleans()),
        inline=draw(st.booleans()),
    )


@given(books())
@settings(max_examples=50, deadline=None)
def test_both_lanes_give_the_same_tables_of_any_sheet(book: Workbook) -> None:
    assert_lanes_agree(book.save())


@given(st.sets(st.integers(1, 60)))
def test_rows_are_listed_as_ranges_that_hold_exactly_them(rows: set[int]) -> None:
    listed: set[int] = set()
    for part in filter(None, ranges(rows).en.removesuffix(" …").split(", ")):
        first, _, last = part.partition("-")
        listed |= set(range(int(first), int(last or first) + 1))
    assert listed <= rows
    assert listed == rows or ranges(rows).en.endswith("…")


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12), st.integers(-1, 1), st.data())
@settings(max_examples=60, deadline=None)
def test_a_total_is_compared_exactly(people: list[int], off: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(people)))
    rows: list[list[Any]] = [[*HEAD[:2], "从业人员"], *(firm(n, value) for n, value in enumerate(people))]
    rows.insert(at + 1, ["小计", None, sum(people[:at])])
    rows.append(["合计", None, max(0, sum(people) + off)])
    ((_, _, found),) = lane(Workbook([Page("申报主体", rows)]).save(), careful=False)
    total = max(0, sum(people) + off)
    differs = [
        finding
        for finding in found
        if finding.code == "TOTAL_DIFFERS" and finding.place and finding.place.row == len(rows)
    ]
    assert bool(differs) == (total != sum(people))


def test_a_sheet_that_counts_as_far_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SPARSE", 10)
    assert_lanes_agree(FILES["示例行"]().save())


def test_a_repeated_row_is_refused_in_any_lane() -> None:
    page = Page("申报主体", [HEAD, firm(1, "桐城", 10, 2)], far='<row r="2"><c r="F2"><v>5</v></c></row>')
    with pytest.raises(InputError, match="twice"):
        read_workbook("a.xlsx", Workbook([page]).save())
