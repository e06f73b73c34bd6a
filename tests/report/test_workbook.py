"""The result workbook: sheets and columns, sums to the fen, text that stays text, printing, equal bytes."""

from __future__ import annotations

import random
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import openpyxl
import polars as pl
import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.money import LARGEST, fen_of_yuan, grouped
from anqing_subsidy.policy import load_policy
from anqing_subsidy.report.detail import detail_frame
from anqing_subsidy.report.workbook import write_workbook, yuan_of
from anqing_subsidy.tables import InputFile, Part, Tables
from tests.oracle.calculator import BAD
from tests.oracle.generate import random_tables

if TYPE_CHECKING:
    from pathlib import Path

    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.model import Policy

KINDS = {
    **dict.fromkeys(("money", "area", "count", "year"), pl.Int64()),
    "date": pl.Date(),
    "yesno": pl.Boolean(),
}
SHEETS = {
    "zh": ["汇总", "明细", "待处理", "统计", "拨付清单", "口径与来源"],
    "en": ["Summary", "Lines", "To do", "Statistics", "Payment list", "Basis"],
}
ACCOUNT = "0622021309000000001234"
FORMULA = '=HYPERLINK("http://example.org","x")'
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def tables_of(policy: Policy, data: dict[str, list[dict[str, Any]]]) -> Tables:
    frames, parts = {}, []
    for number, (name, table) in enumerate((name, table) for name, table in policy.tables.items() if data.get(name)):
        rows = data[name]
        parts.append(Part(name, "rows.xlsx", table.sheet, dict.fromkeys(table.columns, "A")))
        columns = {
            column.id: pl.Series(
                [None if row.get(column.id) is BAD else row.get(column.id) for row in rows],
                dtype=KINDS.get(column.type, pl.String()),
            )
            for column in table.columns.values()
        }
        places = {
            "_part": pl.Series([number] * len(rows), dtype=pl.UInt32),
            "_row": pl.arange(2, len(rows) + 2, eager=True, dtype=pl.UInt32),
        }
        frames[name] = pl.DataFrame({**columns, **places})
    return Tables(frames, tuple(parts), (InputFile("rows.xlsx", "ab" * 32),))


def a_run(applicants: int = 120, seed: int = 7) -> Assessment:
    policy = load_policy(settings={"breakthrough_op": "ge"})
    data = random_tables(random.Random(seed), applicants=applicants)
    for number, row in enumerate(data["applicants"]):
        row["county"] = ("桐城市", "怀宁县", None)[number % 3]
        row["name"] = (FORMULA, "+86", "-1", "@SUM(A1)", "'引号", "安庆市宜城电子商务有限公司")[number % 6]
        if number % 4:
            row.update(bank_name="=1+1", bank_account=ACCOUNT)
    found = assess(policy, tables_of(policy, data))
    extra = Finding(
        "error", "TEST", Text("说明", "message"), Place("rows.xlsx", "申报主体", 5, "I"), "=2+2", Text("改", "mend")
    )
    return replace(found, findings=(*found.findings, extra))


@pytest.fixture(scope="module")
def run() -> Assessment:
    return a_run()


@pytest.fixture(scope="module")
def detail(run: Assessment) -> pl.DataFrame:
    return detail_frame(run, "zh")


@pytest.fixture(scope="module")
def path(run: Assessment, detail: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "result.xlsx"
    write_workbook(run, detail, path, "zh", version="1.2.3")
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def rows_of(book: openpyxl.Workbook, name: str) -> list[dict[str, Any]]:
    header, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def fen(value: Any) -> int:  # noqa: ANN401  # a cell
    return fen_of_yuan(value.replace(",", "")) if isinstance(value, str) else round(value * 100)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sheets_stand_in_their_order_in_both_languages(run: Assessment, tmp_path: Path, lang: Lang) -> None:
    write_workbook(run, detail_frame(run, lang), tmp_path / "a.xlsx", lang, version="1")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == SHEETS[lang]


def test_the_columns_are_the_documented_ones(book: openpyxl.Workbook, run: Assessment) -> None:
    def headers(name: str) -> list[Any]:
        return [cell.value for cell in book[name][1]]

    funds = [f"{title.zh}(元)" for title in run.policy.funds.values()]
    assert headers("汇总") == [
        "统一社会信用代码", "名称", "县区", "合计金额(元)", *funds, "潜在金额(元)",
        "符合条数", "待补条数", "暂扣条数", "有误条数", "不予支持条数",
    ]  # fmt: skip
    assert headers("明细") == [
        "统一社会信用代码", "名称", "县区", "条款", "项目", "对象", "状态", "金额(元)", "潜在金额(元)", "计算额(元)", "上限(元)",
        "资金", "理由", "计算过程", "缺少", "来源单元格", "标记", "再差多少",
    ]  # fmt: skip
    assert headers("待处理") == [
        "类别", "代码", "统一社会信用代码", "名称", "县区", "条款", "潜在金额(元)", "文件", "工作表", "单元格", "值或对象", "说明", "怎么办",
    ]  # fmt: skip
    assert headers("拨付清单") == [
        "资金",
        "序号",
        "名称",
        "统一社会信用代码",
        "县区",
        "开户银行",
        "银行账号",
        "金额(元)",
        "备注",
    ]
    assert headers("口径与来源") == ["类别", "项目", "取值", "说明", "备注", "计算金额(元)", "核定金额(元)"]


def test_the_summary_is_the_assessment_to_the_fen(book: openpyxl.Workbook, run: Assessment) -> None:
    *rows, last = rows_of(book, "汇总")
    people = run.applicants.rows(named=True)
    assert [fen(row["合计金额(元)"]) for row in rows] == [person["total"] for person in people]
    assert [row["统一社会信用代码"] for row in rows] == [person["code"] for person in people]
    for row, person in zip(rows, people, strict=True):
        potential = row["潜在金额(元)"]
        assert potential == "未定" if person["potential"] is None else fen(potential) == person["potential"]
    assert last["统一社会信用代码"] == "合计"
    assert fen(last["合计金额(元)"]) == run.applicants["total"].sum()
    for fund, title in run.policy.funds.items():
        assert fen(last[f"{title.zh}(元)"]) == run.applicants[f"fund:{fund}"].sum()
    counts = ("符合条数", "待补条数", "暂扣条数", "有误条数", "不予支持条数")
    assert sum(last[name] for name in counts) == run.lines.height
    assert last["待补条数"] == (run.lines["status"] == "pending").sum()


def test_every_line_is_there_with_its_amounts(book: openpyxl.Workbook, detail: pl.DataFrame) -> None:
    rows = rows_of(book, "明细")
    for header, name in (
        ("金额(元)", "amount"),
        ("潜在金额(元)", "potential"),
        ("计算额(元)", "gross"),
        ("上限(元)", "cap"),
    ):
        assert [None if row[header] is None else fen(row[header]) for row in rows] == detail[name].to_list()
    for header, name in (("状态", "status_text"), ("项目", "title"), ("理由", "reason_text"), ("计算过程", "formula")):
        assert [row[header] or "" for row in rows] == detail[name].fill_null("").to_list()


def test_the_payment_list_pays_each_fund_what_the_assessment_gives(book: openpyxl.Workbook, run: Assessment) -> None:
    rows = rows_of(book, "拨付清单")
    for fund, title in run.policy.funds.items():
        due = run.applicants.filter(pl.col(f"fund:{fund}") > 0)
        block = [row for row in rows if row["资金"] == title.zh]
        assert [row["统一社会信用代码"] for row in block] == due["code"].to_list()
        assert [fen(row["金额(元)"]) for row in block] == due[f"fund:{fund}"].to_list()
        assert [row["序号"] for row in block] == list(range(1, due.height + 1))
    subtotals = [fen(row["金额(元)"]) for row in rows if row["资金"] == "小计"]
    assert subtotals == [run.applicants[f"fund:{fund}"].sum() for fund in run.policy.funds]
    assert rows[-1]["资金"] == "合计"
    assert fen(rows[-1]["金额(元)"]) == run.applicants["total"].sum()


def test_accounts_stay_text_and_a_missing_one_is_remarked(book: openpyxl.Workbook) -> None:
    paid = [row for row in rows_of(book, "拨付清单") if row["统一社会信用代码"]]
    assert {row["银行账号"] for row in paid} == {ACCOUNT, None}
    assert all((row["备注"] == "缺账号") == (row["银行账号"] is None) for row in paid)


def test_the_to_do_list_has_each_waiting_line_and_each_finding(
    book: openpyxl.Workbook, run: Assessment, detail: pl.DataFrame
) -> None:
    rows = rows_of(book, "待处理")
    waiting = detail.filter(pl.col("status").is_in(["pending", "held", "invalid", "eligible_with_held"]))
    lines = [row for row in rows if row["条款"]]
    assert len(lines) == waiting.height
    assert len(rows) - len(lines) == len(run.findings)
    assert all(row["怎么办"] and row["说明"] for row in lines)
    extra = next(row for row in rows if row["代码"] == "TEST")
    assert [extra[name] for name in ("类别", "文件", "工作表", "单元格", "值或对象", "说明", "怎么办")] == [
        "错误", "rows.xlsx", "申报主体", "I5", "=2+2", "说明", "改",
    ]  # fmt: skip


def test_the_statistics_add_up_and_have_a_chart(book: openpyxl.Workbook, run: Assessment, path: Path) -> None:
    rows = rows_of(book, "统计")
    paid = run.lines["amount"].sum()
    for header in ("条款金额(元)", "县区金额(元)", "状态金额(元)"):
        assert sum(fen(row[header]) for row in rows if row[header] is not None) == paid
    funds = {row["资金"]: fen(row["资金金额(元)"]) for row in rows if row["资金"]}
    assert funds == {
        **{title.zh: run.applicants[f"fund:{fund}"].sum() for fund, title in run.policy.funds.items()},
        "合计": paid,
    }
    for header in ("条款条数", "县区条数", "状态条数"):
        assert sum(row[header] or 0 for row in rows) == run.lines.height
    assert "（未填）" in {row["县区"] for row in rows}
    with zipfile.ZipFile(path) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert f"$E$2:$E${len(rows) + 1}" in chart


def test_the_basis_names_policy_readings_inputs_and_version(book: openpyxl.Workbook, run: Assessment) -> None:
    rows = rows_of(book, "口径与来源")
    values = {row["取值"] for row in rows}
    assert {run.policy.id, run.policy.sha256, "2018", "ab" * 32, "1.2.3"} <= values
    readings = [row for row in rows if row["类别"] == "口径"]
    assert len(readings) == len(run.policy.readings)
    changed = [row for row in readings if row["备注"] != "默认"]
    assert [(row["取值"], row["说明"]) for row in changed] == [("ge", "含，达到即可")]
    assert changed[0]["备注"].startswith("非默认；默认 gt")


def test_decisions_by_hand_show_the_amount_computed_and_the_amount_decided(
    run: Assessment, detail: pl.DataFrame, tmp_path: Path
) -> None:
    first = pl.int_range(pl.len()) == 0
    decided = detail.with_columns(
        decided=first,
        computed=pl.when(first).then(12_345).otherwise("computed"),
        amount=pl.when(first).then(678).otherwise("amount"),
    )
    write_workbook(run, decided, tmp_path / "a.xlsx", "zh", version="1")
    rows = [
        row for row in rows_of(openpyxl.load_workbook(tmp_path / "a.xlsx"), "口径与来源") if row["类别"] == "人工核定"
    ]
    assert [(row["计算金额(元)"], row["核定金额(元)"]) for row in rows] == [(123.45, 6.78)]


def test_text_that_looks_like_a_formula_is_text(book: openpyxl.Workbook, path: Path) -> None:
    names = {row["名称"] for row in rows_of(book, "汇总")}
    assert {FORMULA, "+86", "-1", "@SUM(A1)", "'引号"} <= names
    with zipfile.ZipFile(path) as archive:
        sheets = [
            archive.read(name).decode()
            for name in archive.namelist()
            if "worksheets/sheet" in name and name.endswith(".xml")
        ]
    assert not any("<f>" in sheet or "hyperlink" in re.sub(r"<t.*?</t>", "", sheet).lower() for sheet in sheets)


def test_every_amount_is_the_number_nearest_to_its_fen() -> None:
    fen = [*range(1, 120_000), 118_812, LARGEST - 1, -7]
    assert yuan_of(pl.Series("a", [*fen, None])).to_list() == [*(amount / 100 for amount in fen), None]


def test_amounts_are_numbers_in_yuan_and_counts_are_whole(book: openpyxl.Workbook) -> None:
    for name in book.sheetnames:
        for column in book[name].iter_cols():
            title = str(column[0].value)
            for cell in column[1:]:
                if title.endswith("(元)") and isinstance(cell.value, int | float):
                    assert cell.number_format == "#,##0.00"
                if title.endswith(("条数", "序号")) and cell.value is not None:
                    assert float(str(cell.value)).is_integer()


@pytest.mark.parametrize("amount", [LARGEST - 1, LARGEST, 2**53 + 1, 2**62 + 1])
def test_no_fen_is_lost_of_a_huge_amount(run: Assessment, detail: pl.DataFrame, tmp_path: Path, amount: int) -> None:
    fund = next(iter(run.policy.funds))
    people = run.applicants.with_columns(
        pl.when(pl.int_range(pl.len()) < 3).then(amount).otherwise(name).alias(name)
        for name in ("total", f"fund:{fund}")
    )
    lines = detail.with_columns(amount=pl.when(pl.int_range(pl.len()) < 3).then(amount).otherwise("amount"))
    write_workbook(replace(run, applicants=people), lines, tmp_path / "a.xlsx", "zh", version="1")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    for name, header in (("汇总", "合计金额(元)"), ("明细", "金额(元)"), ("拨付清单", "金额(元)")):
        value = rows_of(book, name)[0][header]
        assert value == (amount / 100 if amount < LARGEST else grouped(amount))
        assert fen(value) == amount
    assert fen(rows_of(book, "汇总")[-1]["合计金额(元)"]) == sum(people["total"].to_list())


def test_every_sheet_prints_on_a4_landscape_one_page_wide_with_its_header_row(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        setup = sheet.page_setup
        assert (setup.orientation, str(setup.paperSize)) == ("landscape", "9")
        # a chart is not cut by the end of a page
        pages = "1" if sheet.title == "统计" else "0"
        assert (str(setup.fitToWidth or 1), str(setup.fitToHeight or 1 if pages == "1" else setup.fitToHeight)) == (
            "1",
            pages,
        )
        assert "fitToPage=True" in repr(sheet.sheet_properties.pageSetUpPr).replace(" ", "")
        assert sheet.print_title_rows == "$1:$1"
        assert "&P" in str(sheet.HeaderFooter.oddFooter)
        assert sheet.freeze_panes is not None
        assert (sheet.auto_filter.ref is None) == (sheet.title == "统计")


def test_status_cells_are_coloured(book: openpyxl.Workbook) -> None:
    rules = {
        rule.text: rule.dxf.fill.bgColor.rgb for area in book["明细"].conditional_formatting for rule in area.rules
    }
    assert rules["符合"] == "FFC6EFCE"
    assert rules["数据有误"] == "FFFFC7CE"


@pytest.mark.parametrize("limit", [2, 30, 10_000])
def test_rows_past_the_limit_go_on_in_further_sheets(
    run: Assessment, detail: pl.DataFrame, tmp_path: Path, limit: int
) -> None:
    write_workbook(run, detail, tmp_path / "a.xlsx", "zh", version="1", row_limit=limit)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    names = [name for name in book.sheetnames if name.startswith("明细")]
    assert names == ["明细", *(f"明细{number}" for number in range(2, -(-detail.height // (limit - 1)) + 1))]
    assert [row["理由"] or "" for name in names for row in rows_of(book, name)] == detail["reason_text"].to_list()
    assert all(sheet.max_row <= limit for sheet in book.worksheets)


def test_the_same_result_gives_the_same_bytes(
    run: Assessment, detail: pl.DataFrame, path: Path, tmp_path: Path
) -> None:
    write_workbook(run, detail, tmp_path / "again.xlsx", "zh", version="1.2.3")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


@pytest.mark.parametrize("people", [0, 1, 120])
def test_no_part_no_row_and_no_cell_is_given_twice(
    run: Assessment, detail: pl.DataFrame, tmp_path: Path, people: int
) -> None:
    codes = run.applicants.head(people)["code"].to_list()
    some = replace(
        run,
        applicants=run.applicants.head(people),
        lines=run.lines.filter(pl.col("code").is_in(codes)),
        findings=run.findings if people else (),
    )
    write_workbook(some, detail.filter(pl.col("uscc").is_in(codes)), tmp_path / "saved.xlsx", "zh", version="1")
    with zipfile.ZipFile(tmp_path / "saved.xlsx") as archive:
        names = archive.namelist()
        assert len(names) == len(set(names))
        for name in names:
            if name.startswith("xl/worksheets/sheet"):
                tree = ET.fromstring(archive.read(name))  # noqa: S314  # our own file
                for tag in ("row", "c"):
                    given = [node.get("r") for node in tree.iter(NAMESPACE + tag)]
                    assert len(given) == len(set(given)), name


def test_the_last_row_is_as_high_as_its_text_needs(run: Assessment, detail: pl.DataFrame, tmp_path: Path) -> None:
    last = Finding("info", "TEST", Text("很长的说明" * 40, "message"), Place("rows.xlsx", "申报主体", 5, "I"))
    write_workbook(replace(run, findings=(*run.findings, last)), detail, tmp_path / "a.xlsx", "zh", version="0")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["待处理"]
    height = sheet.row_dimensions[sheet.max_row].height
    assert height is not None
    assert height > 90


def test_a_last_row_of_one_line_stays_as_it_is(book: openpyxl.Workbook) -> None:
    assert book["汇总"].row_dimensions[book["汇总"].max_row].height is None


def test_a_text_longer_than_a_cell_is_cut(run: Assessment, detail: pl.DataFrame, tmp_path: Path) -> None:
    write_workbook(
        run, detail.with_columns(reason_text=pl.lit("😀字" * 20_000)), tmp_path / "a.xlsx", "zh", version="1"
    )
    text = str(rows_of(openpyxl.load_workbook(tmp_path / "a.xlsx"), "明细")[0]["理由"])
    assert text.endswith("…")
    assert len(text.encode("utf-16-le")) // 2 <= 32_767
