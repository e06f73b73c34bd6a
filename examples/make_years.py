"""Writes `years/`: the same firms in 2017 (paid before there was a ledger), 2018 and 2019. `make_examples.py` calls it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from make_examples import BANK, CODE, NO, YES, Row, Sheet, Value, credit_code, workbook

COLUMNS: Final = (
    CODE, "名称", "县区", "主体类型", "成立日期", "是否引进落户", "是否跨境贸易电商企业", "限上状态", "网上年交易额(万元)",
    "开票销售额(元)", "年网络销售额(元)", "开户银行", "银行账号",
)  # fmt: skip
TRAINEES: Final = (
    f"培训主体{CODE}", "学员身份标识", "姓名", "培训结束日期", "开店日期", "连续交易月数(月)", "三个月发件量(件)",
    "是否入驻电商园区", "是否已享受人社培训补助",
)  # fmt: skip
PARKS: Final = (
    "园区编号", f"运营主体{CODE}", "园区名称", "运营主体性质", "投入运营日期", "建筑面积(㎡)", "电商企业入驻面积(㎡)",
    "合格入驻电商企业数(家)", "符合补助标准入驻企业数(家)",
)  # fmt: skip
TITLES: Final = (CODE, "类别", "称号对象", "级别", "获评日期")
FOUNDERS: Final = (CODE, "创办人身份标识", "姓名", "学历", "毕业日期", "是否返乡")
PAID: Final = (CODE, "年度", "条款", "对象编号", "档次", "级别", "已兑现金额(元)")
FIGURES: Final = (CODE, "年度", "网上年交易额(万元)")

FIRMS: Final[dict[str, tuple[str, str, str, date]]] = {
    "climber": ("潜山天柱登云电子商务有限公司", "潜山市", "企业", date(2015, 6, 1)),
    "faller": ("怀宁独秀起伏电子商务有限公司", "怀宁县", "企业", date(2016, 3, 1)),
    "settler": ("桐城六尺云仓电子商务有限公司", "桐城市", "企业", date(2017, 9, 1)),
    "base": ("安庆长江基地管理有限公司", "大观区", "企业", date(2012, 4, 1)),
    "park": ("宜秀皖江电商园运营有限公司", "宜秀区", "企业", date(2017, 12, 1)),
    "school": ("安庆启航电商培训有限公司", "迎江区", "企业", date(2014, 9, 1)),
    "academy": ("太湖晋熙电商学堂有限公司", "太湖县", "企业", date(2018, 2, 1)),
    "graduate": ("岳西还乡山货电子商务有限公司", "岳西县", "企业", date(2017, 7, 1)),
}
"""Name, county, form and founding date of each firm, by what happens to it."""
CODES: Final = {name: credit_code(601 + at, firm[1]) for at, (name, firm) in enumerate(FIRMS.items())}


def applicants(facts: dict[str, dict[str, Value]]) -> Sheet:
    """The sheet of applicants: those with facts claim this year."""
    rows: list[Row] = []
    for at, (name, (title, county, form, founded)) in enumerate(FIRMS.items()):
        if name in facts:
            plain: Row = {CODE: CODES[name], "名称": title, "县区": county, "主体类型": form, "成立日期": founded}
            account = {"开户银行": f"{BANK}{county}支行", "银行账号": f"62000000000000{601 + at:05d}"}
            rows.append({**plain, **account, **facts[name]})
    return Sheet("申报主体", COLUMNS, rows)


def table(name: str, headers: tuple[str, ...], *rows: tuple[Value, ...]) -> Sheet:
    """A sheet of rows in the order of its headers."""
    return Sheet(name, headers, [dict(zip(headers, row, strict=True)) for row in rows])


def trainee(body: str, key: str, name: str, year: int) -> tuple[Value, ...]:
    """A trainee who opened a shop and sold for three months."""
    return CODES[body], key, name, date(year, 3, 31), date(year, 5, 1), 4, 800, NO, NO


def before() -> list[Sheet]:
    """What was paid for 2017, and the turnovers up to then."""
    paid = table(
        "历年已兑现", PAID,
        (CODES["climber"], 2017, "c2_gmv", None, 1, None, 20_000),
        (CODES["faller"], 2017, "c2_gmv", None, 1, None, 20_000),
        (CODES["base"], 2017, "c9_base", "JD-31", None, "市级", 50_000),
    )  # fmt: skip
    turnovers = {"climber": {2015: 300, 2016: 900, 2017: 2400}, "faller": {2016: 1100, 2017: 2600}}
    rows = [(CODES[name], year, wan) for name, years in turnovers.items() for year, wan in years.items()]
    return [paid, table("历年数据", FIGURES, *rows)]


def claims(year: int) -> list[Sheet]:
    """What is claimed for 2018 or 2019."""
    first = year == 2018
    trades: dict[str, Value] = {"是否跨境贸易电商企业": NO, "限上状态": "非限上"}
    facts: dict[str, dict[str, Value]] = {
        "climber": {**trades, "网上年交易额(万元)": 5300 if first else 10500},
        "faller": {**trades, "网上年交易额(万元)": 1500 if first else 2700},
        "settler": {**trades, "是否引进落户": YES, "开票销售额(元)": 15_000_000 if first else 16_000_000},
        "base": {},
        "park": {},
        "school" if first else "academy": {},
        "graduate": {"年网络销售额(元)": 1_200_000 if first else 1_500_000},
    }
    heads = (
        [trainee("school", "XY-001", "学员甲", 2018), trainee("school", "XY-002", "学员乙", 2018)]
        if first
        else [trainee("academy", "XY-002", "学员乙", 2019), trainee("academy", "XY-003", "学员丙", 2019)]
    )
    tenants = 0 if first else 18
    return [
        applicants(facts),
        table(
            "园区", PARKS, ("YQ-31", CODES["park"], "皖江电商园", "民营", date(2018, 4, 1), 12000, 8000, 33, tenants)
        ),
        table("培训学员", TRAINEES, *heads),
        table(
            "示范称号", TITLES, (CODES["base"], "示范基地", "JD-31", "省级" if first else "国家级", date(year, 9, 1))
        ),
        table("创办人", FOUNDERS, (CODES["graduate"], "CB-031", "返乡创办人丙", "本科", date(2015, 6, 30), YES)),
    ]


def years(folder: Path) -> None:
    """Write the three workbooks."""
    folder.mkdir(parents=True, exist_ok=True)
    workbook(folder / "paid-2017.xlsx", before())
    workbook(folder / "claims-2018.xlsx", claims(2018))
    workbook(folder / "claims-2019.xlsx", claims(2019))
