"""Writes the spreadsheets of this folder, each an oddity that officials' files really have: `python -m tests.spreadsheets.make`.

Nothing in them is real. The same bytes at every run, so that a change of a file is seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from tests.intake.conftest import code
from tests.spreadsheets.xlsx import Page, Raw, Workbook

HERE: Final = Path(__file__).resolve().parent
FOLDER: Final = HERE / "shapes"
HEAD: Final = ["统一社会信用代码", "名称", "县区", "网上年交易额(万元)", "从业人员(人)"]
SHEET: Final = "xl/worksheets/sheet1.xml"


def firm(number: int, *more: Any) -> list[Any]:  # noqa: ANN401  # any cell
    """A row: a valid code, a name, and what follows."""
    return [code(number), f"甲乙{number}公司", *more]


def titles() -> Workbook:
    rows: list[Any] = [
        ["2018年度电子商务奖补申报汇总表"],
        ["填表单位：某县商务局", None, None, "填表日期：2018年9月1日", "单位：万元"],
        [],
        ["统一社会信用代码", "名称", "县区", "网上年交易额", "从业人员"],
        firm(1, "桐城", 2000.5, 12),
        firm(2, "宿松", 1, 3),
    ]
    return Workbook([Page("申报主体", rows, ["A1:E1"])])


def two_rows() -> Workbook:
    rows: list[Any] = [
        ["序号", "统一社会信用代码", "单 位\n名 称", "经营情况", None, "人员情况"],
        [None, None, None, "网上年交易额\n（万元）", "开票销售额（元）", "从业人员"],
        [1, *firm(1, 2000.5, 7, 12)],
        [2, *firm(2, 1, 8, 3)],
    ]
    return Workbook([Page("申报主体", rows, ["A1:A2", "B1:B2", "C1:C2", "D1:E1"])])


def three_rows() -> Workbook:
    rows: list[Any] = [
        ["2018年申报表"],
        ["统一社会信用代码", "基本情况", None, "网上年交易额", "开票销售额"],
        [None, "名称", "日期", None, None],
        [None, None, "成立", "(万元)", "元"],
        firm(1, date(2015, 3, 1), 2000.5, 7),
        firm(2, date(2016, 3, 1), 1, 8),
    ]
    rows[3][2] = "成立日期"
    return Workbook([Page("申报主体", rows, ["A1:E1", "A2:A4", "B2:C2", "B3:B4"])])


def unmerged_rows() -> Workbook:
    rows: list[Any] = [
        ["统一社会信用代码", "名称", "经营情况", None],
        [None, None, "网上年交易额(万元)", "开票销售额(元)"],
        firm(1, 2000.5, 7),
    ]
    return Workbook([Page("申报主体", rows)])


def totals() -> Workbook:
    rows: list[Any] = [
        ["序号", *HEAD],
        [1, *firm(1, "桐城", 100.25, 2)],
        [2, *firm(2, "桐城", 200, 3)],
        ["桐城小计", None, None, None, 300.25, 5],
        [],
        [3, *firm(3, "宿松", 50, 4)],
        ["小 计", None, None, None, 50, 4],
        ["合计", None, None, None, 350.26, 9],
        ["备注：本表一式三份。"],
        ["填表说明：1、金额以万元为单位；"],
        ["2、人数按年末数填写。"],
        ["单位负责人：张三", None, None, "审核：李四", None, "填表日期：2018年9月1日"],
    ]
    return Workbook([Page("申报主体", rows, ["A9:F9"])])


def leading_total() -> Workbook:
    rows: list[Any] = [HEAD, ["总计", None, None, 30, 6], firm(1, "桐城", 10, 2), firm(2, "宿松", 20, 3)]
    return Workbook([Page("申报主体", rows)])


def firms_called_total() -> Workbook:
    rows: list[Any] = [HEAD, [code(1), "合计", "桐城", 10, 2], [code(2), "备注：有限公司", "宿松", 20, 3]]
    return Workbook([Page("申报主体", rows)])


def counties() -> Workbook:
    rows: list[Any] = [HEAD[:2] + HEAD[3:], firm(1, 10, 1), firm(2, 20, 2), firm(3, 30, 3), firm(4, 40, 4)]
    other: list[Any] = [HEAD[:2] + HEAD[3:], firm(5, 50, 5)]
    old: list[Any] = [HEAD[:2], firm(6)]
    return Workbook(
        [
            Page("桐城", rows, hidden_rows=[3, 4]),
            Page("宿松", other, hidden_columns=[4]),
            Page("申报主体(旧)", old, hidden=True),
        ]
    )


def merged_keys() -> Workbook:
    head = ["园区编号", "入驻企业统一社会信用代码", "入驻企业名称", "入驻面积(㎡)", "是否电子商务经营企业"]
    rows: list[Any] = [head, *([None, *firm(number, 100 + number, "是")] for number in range(11, 16))]
    rows[1][0] = "P1"
    rows[4][3] = None
    rows.append(["P2", *firm(16, 60, "否")])
    return Workbook([Page("申报主体", [HEAD[:2], firm(1)]), Page("入驻企业", rows, ["A2:A6", "D4:D5"])])


def near_headers() -> Workbook:
    rows: list[Any] = [
        [*HEAD, "成立日起", "备注"],
        firm(1, "桐城", 10, 2, date(2015, 3, 1), "无"),
        firm(2, "宿松", 20, 3),
    ]
    nearly: list[Any] = [["统一信用代码", "年度", "网上年交易额(元)"], [code(1), 2017, 5]]
    return Workbook([Page("申报主体", rows), Page("历年数据", nearly)])


def examples() -> Workbook:
    rows: list[Any] = [["序号", *HEAD], ["示例", *firm(9, "桐城", 9, 9)], [1, *firm(1, "桐城", 10, 2)]]
    second: list[Any] = [["统一社会信用代码", "年度", "网上年交易额(元)"], ["例", 2017, 5], [code(1), 2017, 5]]
    return Workbook([Page("申报主体", rows), Page("历年数据", second)])


def numbered_columns() -> Workbook:
    rows: list[Any] = [HEAD, ["甲", "乙", "丙", 1, 2], firm(1, "桐城", 10, 2), HEAD, firm(2, "宿松", 20, 3)]
    return Workbook([Page("申报主体", rows)])


def two_tables() -> Workbook:
    rows: list[Any] = [
        HEAD,
        firm(1, "桐城", 10, 2),
        [],
        ["园区编号", "统一社会信用代码", "园区名称"],
        ["P1", code(1), "园"],
    ]
    return Workbook([Page("申报主体", rows)])


def far_cell() -> Workbook:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return Workbook([Page("申报主体", [HEAD, firm(1, "桐城", 10, 2)], far=far)])


def wrong_size() -> Workbook:
    return Workbook([Page("申报主体", [HEAD, firm(1, "桐城", 10, 2)], dimension="A1:XFD1048576")])


def around() -> Workbook:
    rows: list[Any] = [[], [], [None, *HEAD], [], [None, *firm(1, "桐城", 10, 2)], [], [None, *firm(2, "宿松", 20, 3)]]
    return Workbook([Page("申报主体", rows)])


def strict() -> Workbook:
    rows: list[Any] = [[*HEAD, "成立日期"], firm(1, "桐城", 10, 2, date(2015, 3, 1))]
    return Workbook([Page("申报主体", rows)], strict=True)


def system_1904() -> Workbook:
    rows: list[Any] = [[*HEAD, "成立日期"], firm(1, "桐城", 10, 2, date(2015, 3, 1))]
    return Workbook([Page("申报主体", rows)], date1904=True)


def without_references() -> Workbook:
    rows: list[Any] = [HEAD, firm(1, "桐城", 10, 2), firm(2, "宿松", 20, 3)]
    return Workbook([Page("申报主体", rows)], rewrite={SHEET: lambda xml: re.sub(r' r="[A-Z]*\d+"', "", xml)})


def inline_texts() -> Workbook:
    return Workbook([Page("申报主体", [HEAD, firm(1, "桐城", 10, 2)])], inline=True)


def phonetic() -> Workbook:
    runs = (
        "<is><r><t>甲</t></r><r><rPr><b/></rPr><t>乙&amp;1公司</t></r>"
        '<rPh sb="0" eb="1"><t>jiǎ</t></rPh><phoneticPr fontId="0"/></is>'
    )
    row: list[Any] = [code(1), Raw(f'<c r="{{r}}" t="inlineStr">{runs}</c>'), "桐城", 10, 2]
    other: list[Any] = firm(2, "宿松", 20, 3)
    shared: Callable[[str], str] = lambda xml: xml.replace(  # noqa: E731  # one replacement, used once
        '<t xml:space="preserve">甲乙2公司</t>',
        '<r><t>甲乙</t></r><r><t>2公司</t></r><rPh sb="0" eb="2"><t>yǐ</t></rPh>',
    )
    return Workbook([Page("申报主体", [HEAD, row, other])], rewrite={"xl/sharedStrings.xml": shared})


def formulas() -> Workbook:
    def cell(inner: str, kind: str = "") -> Raw:
        return Raw(f'<c r="{{r}}"{kind}>{inner}</c>')

    rows: list[Any] = [
        HEAD,
        firm(1, "桐城", cell('<f t="shared" ref="D2:D3" si="0">E2*5</f><v>10</v>'), 2),
        firm(2, "桐城", cell('<f t="shared" si="0"/><v>15</v>'), 3),
        firm(3, "桐城", cell("<f>E4*5</f>"), 4),
        firm(4, "桐城", cell("<f>E5/0</f><v>#DIV/0!</v>", ' t="e"'), 5),
        firm(5, cell('<f>"桐"&amp;"城"</f><v>桐城</v>', ' t="str"'), 50, cell("<v>#N/A</v>", ' t="e"')),
    ]
    return Workbook([Page("申报主体", rows)])


def percentages() -> Workbook:
    rows: list[Any] = [HEAD, firm(1, "桐城", 0.65, 2), firm(2, "宿松", 65, 3)]
    return Workbook([Page("申报主体", rows, percents=["D2"])])


def repeated_cell() -> Workbook:
    twice: Callable[[str], str] = lambda xml: xml.replace('<c r="D2">', '<c r="D2"><v>5</v></c><c r="D2">')  # noqa: E731
    return Workbook([Page("申报主体", [HEAD, firm(1, "桐城", 10, 2)])], rewrite={SHEET: twice})


FILES: Final[dict[str, Callable[[], Workbook]]] = {
    "标题与单位行": titles,
    "两行表头": two_rows,
    "三行表头": three_rows,
    "未合并的两行表头": unmerged_rows,
    "小计合计与备注": totals,
    "合计在前": leading_total,
    "名为合计的企业": firms_called_total,
    "各县一张表": counties,
    "合并的园区编号": merged_keys,
    "近似的表头": near_headers,
    "示例行": examples,
    "栏次与重复表头": numbered_columns,
    "一页两表": two_tables,
    "远处单元格": far_cell,
    "范围记录有误": wrong_size,
    "四周空白": around,
    "严格格式": strict,
    "日期系统1904": system_1904,
    "没有引用": without_references,
    "内联文字": inline_texts,
    "注音与富文本": phonetic,
    "公式": formulas,
    "百分比": percentages,
    "重复单元格": repeated_cell,
}


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    for name, make in FILES.items():
        (FOLDER / f"{name}.xlsx").write_bytes(make().save())


if __name__ == "__main__":
    main()
