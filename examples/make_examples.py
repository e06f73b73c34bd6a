"""Writes the example files beside it: `python examples/make_examples.py [FOLDER]`.

Everything in them is invented: firms, codes (with valid check digits, the middle part begins with EX), people,
accounts. A rerun writes the same bytes.
"""

from __future__ import annotations

import csv
import io
import random
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

Value = str | int | float | date | None
Row = Mapping[str, Value]

MADE_ON: Final = datetime(2019, 1, 15, 9, 0, 0)  # noqa: DTZ001 - a date in a file's properties, of no zone
BANK: Final = "示例银行"
YES, NO = "是", "否"
CODE: Final = "统一社会信用代码"


# ---- credit codes (GB 32100-2015) ----------------------------------------------------------------------------------
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DIVISIONS: Final = {
    "迎江区": "340802", "大观区": "340803", "宜秀区": "340811", "怀宁县": "340822", "太湖县": "340825",
    "宿松县": "340826", "望江县": "340827", "岳西县": "340828", "桐城市": "340881", "潜山市": "340882",
    "经开区": "340800", "高新区": "340800",
}  # fmt: skip


def credit_code(number: int, county: str = "经开区", kind: str = "91") -> str:
    """The code of an invented firm; 91 a company, 92 an individual business, 51 an association, 52 a school."""
    body = f"EX{number:06d}"
    total = sum(int(char, 36) * weight for char, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    front = kind + DIVISIONS[county] + body + "0X987654321"[total % 11]
    return front + ALPHABET[-sum(ALPHABET.index(char) * 3**at for at, char in enumerate(front)) % 31]


def miswritten(code: str) -> str:
    """The same code with a wrong check digit."""
    return code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % 31]


# ---- files, the same bytes at every run ----------------------------------------------------------------------------
@dataclass
class Sheet:
    """A sheet: its name, its rows by header; the headers are those of the rows, in the order of `headers`."""

    name: str
    headers: Sequence[str]
    rows: list[Row] = field(default_factory=list)

    def table(self) -> Iterator[list[Value]]:
        """The rows in the order of the headers."""
        for row in self.rows:
            unknown = set(row) - set(self.headers)
            if unknown:
                raise KeyError(f"{self.name}: {unknown}")
            yield [row.get(header) for header in self.headers]


def workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write a workbook with plain headings, texts as texts and dates as dates."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = book.properties.lastModifiedBy = "anqing-subsidy"
    book.properties.created = MADE_ON
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.append(list(sheet.headers))
        for values in sheet.table():
            page.append(values)
        page.freeze_panes = "C2"
        for at, header in enumerate(sheet.headers, 1):
            head = page.cell(1, at)
            head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
            head.alignment = Alignment(wrap_text=True, vertical="center")
            page.column_dimensions[get_column_letter(at)].width = max(12, min(34, 2 * len(header)))
            for cell in page[get_column_letter(at)][1:]:
                if isinstance(cell.value, date):
                    cell.number_format = "yyyy-mm-dd"
                elif isinstance(cell.value, str):
                    cell.number_format = "@"
    made = io.BytesIO()
    book.save(made)
    path.write_bytes(without_clock(made.getvalue()))


def without_clock(data: bytes) -> bytes:
    """A workbook without the moment at which it was saved, and uncompressed: no clock and no zlib shows in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2019-01-15T09:00:00Z", content)
            entry = zipfile.ZipInfo(name, MADE_ON.timetuple()[:6])
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return target.getvalue()


def delimited(path: Path, sheet: Sheet, encoding: str) -> None:
    """Write a CSV file as Excel does, in UTF-8 with BOM (`utf-8-sig`) or GB18030."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.headers)
    writer.writerows(sheet.table())
    path.write_bytes(text.getvalue().encode(encoding))


# ---- one sheet -----------------------------------------------------------------------------------------------------
SIMPLE: Final = (
    CODE, "名称", "县区", "主体类型", "成立日期", "是否引进落户", "落户日期", "是否跨境贸易电商企业",
    "限上状态", "是否第三方电子商务服务平台", "是否村级电子商务企业(站)", "是否电商全覆盖", "是否市级电商行业协会",
    "网上年交易额(万元)", "开票销售额(元)", "电商开票销售额(万元)", "年网络销售额(元)", "年注册收费会员(户)",
    "跨境包裹(件)", "进出口实绩(万元)", "年发件量(件)", "缴纳社会保险从业人员(人)", "历年最高网上年交易额(万元)",
    "历年最高电商开票销售额(万元)", "历年最高注册收费会员(户)", "企业会员数(家)", "培训后开店合格人数(人)",
    "培训后入园合格人数(人)", "培训后录用合格人数(人)", "平台设备软件投资额(万元)", "当年获评示范基地级别",
    "当年获评示范企业级别", "创办人学历", "创办人毕业日期", "创办人是否返乡", "联系电话", "开户银行", "银行账号",
)  # fmt: skip
BORN_2018: Final = date(2018, 3, 12)
COMPANY, SHOP, COOPERATIVE = ("企业", "91"), ("个体工商户", "92"), ("农民专业合作社", "93")
SOCIETY, SCHOOL = ("社会团体", "51"), ("民办非企业单位", "52")


class Applicants:
    """Rows of applicants, numbered as they come, each with a bank account that cannot exist."""

    def __init__(self, first: int) -> None:
        self.number = first
        self.rows: list[Row] = []

    def add(
        self, name: str, county: str, founded: date = BORN_2018, body: tuple[str, str] = COMPANY, /, **facts: Value
    ) -> str:
        """Add an applicant and return its code; the names of `facts` are those of `SHORT`."""
        form, kind = body
        code = credit_code(self.number, county, kind)
        row: dict[str, Value] = {CODE: code, "名称": name, "县区": county}
        row |= {"主体类型": form, "成立日期": founded, "联系电话": f"0556-0000{self.number:03d}"}
        row |= {"开户银行": f"{BANK}{county}支行", "银行账号": f"62000000000000{self.number:05d}"}
        self.rows.append(row | {SHORT[short]: value for short, value in facts.items()})
        self.number += 1
        return code


SHORT: Final = {
    "introduced": "是否引进落户", "settled": "落户日期", "cross_border": "是否跨境贸易电商企业", "quota": "限上状态",
    "platform": "是否第三方电子商务服务平台", "village": "是否村级电子商务企业(站)", "coverage": "是否电商全覆盖",
    "association": "是否市级电商行业协会", "gmv_wan": "网上年交易额(万元)", "invoiced": "开票销售额(元)",
    "ecom_wan": "电商开票销售额(万元)", "sales": "年网络销售额(元)", "members": "年注册收费会员(户)",
    "parcels": "跨境包裹(件)", "trade_wan": "进出口实绩(万元)", "sent": "年发件量(件)",
    "insured": "缴纳社会保险从业人员(人)", "prior_gmv_wan": "历年最高网上年交易额(万元)",
    "prior_ecom_wan": "历年最高电商开票销售额(万元)", "prior_members": "历年最高注册收费会员(户)",
    "enterprises": "企业会员数(家)", "shop": "培训后开店合格人数(人)", "park": "培训后入园合格人数(人)",
    "hired": "培训后录用合格人数(人)", "invested_wan": "平台设备软件投资额(万元)", "base": "当年获评示范基地级别",
    "model": "当年获评示范企业级别", "education": "创办人学历", "graduated": "创办人毕业日期",
    "returned": "创办人是否返乡",
}  # fmt: skip


def simple() -> Sheet:
    """Thirty-odd applicants on one sheet: every article but 5, whose parks need sheets of their own."""
    them = Applicants(1)
    add = them.add
    here: dict[str, Value] = {"cross_border": NO, "quota": "非限上"}
    abroad: dict[str, Value] = {"cross_border": YES, "quota": "非限上"}
    came: dict[str, Value] = {"introduced": YES, "settled": date(2018, 4, 2)}
    # article 1: paid, capped, at the threshold, unknown, too small
    add("桐城砚池云贸电子商务有限公司", "桐城市", **here, **came, gmv_wan=12000, invoiced=15_000_000)
    add("安庆渡月跨境供应链有限公司", "经开区", **came, cross_border=YES, quota="限上", gmv_wan=8000,
        invoiced=26_000_000, ecom_wan=620)  # fmt: skip
    add("安庆青筠数字商贸有限公司", "高新区", **here, **came, invoiced=10_000_000)
    add("怀宁稻香云仓有限公司", "怀宁县", date(2016, 5, 9), **here, **came, gmv_wan=11000, prior_gmv_wan=10500)
    add("潜山天柱竹品电子商务有限公司", "潜山市", **here, **came, gmv_wan=4000, invoiced=6_000_000)
    # article 2 ¶1: members of third-party platforms
    add("安庆振风服务平台有限公司", "迎江区", date(2015, 6, 1), platform=YES, members=1200, prior_members=800)
    add("大观邻里到家平台有限公司", "大观区", platform=YES, members=500)
    add("宜秀百工集采平台有限公司", "宜秀区", date(2015, 9, 18), platform=YES, members=2300)
    add("岳西云上山货平台有限公司", "岳西县", members=760)
    # article 2 ¶2: turnover and invoiced sales
    add("望江雷池水产网络销售有限公司", "望江县", **here, gmv_wan=5600)
    add("宿松小池农资电子商务有限公司", "宿松县", **here, gmv_wan=2000)
    add("安庆皖河远航贸易有限公司", "经开区", **abroad, gmv_wan=2650.5, parcels=26800, trade_wan=310)
    add("太湖花亭旅品电子商务有限公司", "太湖县", **here, gmv_wan=2500, ecom_wan=1100)
    add("怀宁独秀家纺电子商务有限公司", "怀宁县", cross_border=NO, quota="不详", gmv_wan=3200)
    add("桐城孔城老街茶食店", "桐城市", BORN_2018, SHOP, **here, ecom_wan=230, gmv_wan=2300)
    add("安庆宜城汽配网络科技有限公司", "大观区", date(2014, 3, 3), cross_border=NO, quota="限上", gmv_wan=6100,
        prior_gmv_wan=4300)  # fmt: skip
    # article 3: villages
    add("潜山水吼镇电商服务站", "潜山市", date(2017, 3, 1), SHOP, village=YES, coverage=YES, sales=500_000)
    add("太湖寺前镇电商服务站", "太湖县", date(2017, 5, 1), SHOP, village=YES, sales=800_000)
    add(
        "岳西主簿镇高山果蔬专业合作社",
        "岳西县",
        date(2016, 8, 8),
        COOPERATIVE,
        village=YES,
        coverage=YES,
        sales=12_500_000,
    )
    add("望江赛口镇电商服务站", "望江县", date(2017, 4, 1), SHOP, village=YES, coverage=YES, sales="约五六十万")
    add("宿松趾凤乡电商服务站", "宿松县", date(2017, 6, 1), SHOP, village=YES, coverage=YES, sales=430_000)
    # article 4: parcels across the border
    add("安庆菱湖海淘供应链有限公司", "宜秀区", date(2016, 2, 2), cross_border=YES, parcels=12345, trade_wan=86.4)
    add("高新区云程国际物流有限公司", "高新区", date(2016, 7, 7), cross_border=YES, parcels=9000, trade_wan=0)
    # article 6: associations; article 7: training
    add("安庆市示例网商协会", "迎江区", date(2014, 10, 1), SOCIETY, association=YES, enterprises=72)
    add("安庆市示例微商协会", "大观区", date(2016, 10, 1), SOCIETY, association=YES, enterprises=59)
    add("安庆启程电商职业培训学校", "宜秀区", date(2013, 9, 1), SCHOOL, shop=40, park=30, hired=20)
    add("桐城文都电商培训有限公司", "桐城市", date(2014, 9, 1), shop=60, park=170, hired=25)
    # article 8: platforms built; article 9: titles
    add("安庆智造互联科技有限公司", "高新区", date(2015, 1, 5), invested_wan=120)
    add("宜秀农链信息技术有限公司", "宜秀区", date(2016, 1, 5), invested_wan=49.9999)
    add("安庆新港电商基地管理有限公司", "经开区", date(2012, 1, 5), base="省级")
    add(
        "怀宁石牌戏服电子商务有限公司",
        "怀宁县",
        date(2013, 1, 5),
        **here,
        ecom_wan=330,
        prior_ecom_wan=180,
        model="市级",
    )
    # article 10: graduates who came home
    add("太湖归雁禅茶电子商务有限公司", "太湖县", date(2018, 6, 30), education="本科", graduated=date(2013, 6, 30),
        returned=YES, sales=999_999.99, sent=30000, insured=4)  # fmt: skip
    add("岳西拾翠茶业电子商务有限公司", "岳西县", date(2018, 7, 2), education="大专", graduated=date(2013, 6, 30),
        returned=YES, sales=1_600_000, sent=4000, insured=3)  # fmt: skip
    # the same code twice with another figure; a code with a wrong check digit
    add("潜山槎水丝绵电子商务有限公司", "潜山市", **here, gmv_wan=5100)
    them.rows.append({**them.rows[-1], "网上年交易额(万元)": 4900})
    add("宿松龙感湖水产电子商务有限公司", "宿松县", **here, gmv_wan=2800)
    them.rows[-1] = {**them.rows[-1], CODE: miswritten(str(them.rows[-1][CODE]))}
    return Sheet("申报主体", SIMPLE, them.rows)


# ---- all thirteen sheets -------------------------------------------------------------------------------------------
DETAILED: Final = (*SIMPLE[:22], *SIMPLE[-3:])
OTHER_SHEETS: Final = {
    "历年数据": f"{CODE} 年度 网上年交易额(万元) 电商开票销售额(万元) 年注册收费会员(户)",
    "历年已兑现": f"{CODE} 年度 条款 对象编号 档次 级别 已兑现金额(元)",
    "其他财政支持": f"{CODE} 条款 对象编号 资金级次 是否同一事项 已获金额(元) 已获支持数量 文号 状态",
    "园区": f"园区编号 运营主体{CODE} 园区名称 运营主体性质 投入运营日期 建筑面积(㎡) 可租赁面积(㎡)",
    "入驻企业": f"园区编号 入驻企业{CODE} 入驻企业名称 主体类型 是否电子商务经营企业 入驻面积(㎡) 入驻日期 退出日期 "
    "电商销售记录月数(月) 是否享受租金优惠 网上年交易额(元) 年发件量(件) 缴纳社会保险从业人员(人)",
    "协会会员": f"协会{CODE} 会员{CODE} 会员名称 主体类型 是否存续",
    "培训学员": f"培训主体{CODE} 学员身份标识 姓名 培训结束日期 网店编号 开店日期 连续交易月数(月) 三个月发件量(件) "
    "三个月交易额(元) 是否入驻电商园区 园区编号 网店年交易额(元) 网店年发件量(件) 网店社保人数(人) "
    "是否本市电商企业录用 录用日期 社保缴纳月数(月) 是否已享受人社培训补助",
    "应用平台": f"平台编号 建设单位{CODE} 平台名称 是否互联网+ 设备投资额(元) 软件投资额(元) 其他投资额(元) 验收日期",
    "示范称号": f"{CODE} 类别 称号对象 级别 获评日期 文号",
    "创办人": f"{CODE} 创办人身份标识 姓名 学历 毕业日期 是否返乡",
    "限上名单": f"{CODE} 名称 入统日期",
    "人工核定": f"{CODE} 条款 对象编号 核定意见 核定金额(元) 采用的数据行 核定理由 核定人 核定日期 文号",
}


class Details:
    """The workbook with every sheet: what the declared figures of the simple form stand in for."""

    def __init__(self) -> None:
        self.rng = random.Random(2018)  # figures of tenants and trainees, the same at every run
        self.them = Applicants(201)
        self.other = {name: Sheet(name, headers.split()) for name, headers in OTHER_SHEETS.items()}
        self.tenants_made = 0

    def row(self, sheet: str, *values: Value) -> None:
        """Add a row, its values in the order of the sheet's headers."""
        headers = self.other[sheet].headers
        self.other[sheet].rows.append(dict(zip(headers, values, strict=True)))

    def all(self) -> list[Sheet]:
        """Fill in the sheets."""
        self.parks()
        self.association()
        self.training()
        self.platforms_and_titles()
        self.graduates()
        self.trade()
        return [Sheet("申报主体", DETAILED, self.them.rows), *self.other.values()]

    # ---- article 5 ----
    def parks(self) -> None:
        """A new park that passes; two existing ones that claim the same tenant."""
        new = self.them.add("安庆江畔电商园运营有限公司", "迎江区", date(2017, 11, 20))
        old = self.them.add("桐城双新电商产业园有限公司", "桐城市", date(2015, 6, 1))
        rival = self.them.add("桐城范岗电商物流园有限公司", "桐城市", date(2016, 3, 1))
        self.row("园区", "YQ-2018-01", new, "江畔电商大厦", "民营", date(2018, 5, 18), 12000, 10500)
        self.row("园区", "YQ-2016-07", old, "双新电商产业园", "民营", date(2016, 9, 1), 15000, 13000)
        self.row("园区", "YQ-2017-03", rival, "范岗电商物流园", "民营", date(2017, 4, 1), 10000, 9000)
        for _ in range(32):
            self.tenant("YQ-2018-01", 240, date(2018, 6, 1), of_scale=False)
        for at in range(34):
            self.tenant("YQ-2016-07", 280, date(2017, 2, 1), of_scale=at < 20)
        for at in range(29):
            self.tenant("YQ-2017-03", 210, date(2017, 5, 1), of_scale=at < 12)
        shared = self.other["入驻企业"].rows[32]
        left: Row = {"园区编号": "YQ-2016-07", "入驻日期": date(2016, 10, 1), "退出日期": date(2018, 9, 30)}
        self.other["入驻企业"].rows.append({**shared, "园区编号": "YQ-2017-03", "入驻日期": date(2018, 3, 15)})
        self.tenants_made += 1
        gone = {**shared, **left, "入驻企业统一社会信用代码": credit_code(10_000 + self.tenants_made, "桐城市")}
        self.other["入驻企业"].rows.append({**gone, "入驻企业名称": "园区商户迁出示例有限公司"})

    def tenant(self, park: str, area: int, since: date, *, of_scale: bool) -> None:
        """A tenant that counts; one of scale meets one of the three standards of article 5."""
        self.tenants_made += 1
        code = credit_code(10_000 + self.tenants_made, "桐城市")
        met = self.rng.randrange(3) if of_scale else None
        self.row(
            "入驻企业", park, code, f"园区商户{self.tenants_made:03d}号电子商务有限公司", "企业", YES, area,
            since + timedelta(days=self.rng.randrange(60)), None, self.rng.randint(3, 12), YES,
            self.rng.randint(1_000_000, 4_000_000) if met == 0 else self.rng.randint(50_000, 900_000),
            self.rng.randint(30_000, 90_000) if met == 1 else self.rng.randint(500, 20_000),
            self.rng.randint(5, 12) if met == 2 else self.rng.randint(0, 4),
        )  # fmt: skip

    # ---- article 6 ----
    def association(self) -> None:
        """61 member enterprises, one individual business, one member listed twice."""
        body = self.them.add("安庆市示例电子商务行业协会", "大观区", date(2014, 10, 1), SOCIETY, association=YES)
        for at in range(61):
            code = credit_code(20_000 + at, "大观区")
            self.row("协会会员", body, code, f"会员单位{at + 1:02d}号电子商务有限公司", "企业", YES)
        shop = credit_code(20_100, "大观区", "92")
        self.row("协会会员", body, shop, "会员单位62号网店", "个体工商户", YES)
        self.other["协会会员"].rows.append(self.other["协会会员"].rows[0])

    # ---- article 7 ----
    def training(self) -> None:
        """A school with every kind of trainee; a body whose courses the province has paid already."""
        school = self.them.add("安庆扬帆电商职业培训学校", "宜秀区", date(2013, 9, 1), SCHOOL)
        paid = self.them.add("太湖晋熙电商培训有限公司", "太湖县", date(2015, 4, 1))
        for at in range(8):
            self.trainee(school, f"XY-A{at + 1:02d}", park="YQ-2018-01", year_gmv=1_000_000 + 50_000 * at)
        for at in range(9):
            self.trainee(school, f"XY-B{at + 1:02d}", months=3 + at % 4, parcels=500 + 40 * at)
        for at in range(6):
            self.trainee(school, f"XY-C{at + 1:02d}", hired=date(2018, 5, 2), insured=6 + at % 3)
        self.trainee(school, "XY-D01", hired=date(2018, 5, 2), insured=None)
        self.trainee(school, "XY-D02", months=4, parcels=900, hrss=YES)
        self.row("历年已兑现", school, 2017, "c7", "XY-B09", None, None, 1000)
        for at in range(6):
            self.trainee(paid, f"TH-{at + 1:02d}", months=3, parcels=650)
        self.row("其他财政支持", paid, "c7", None, "省级", YES, 30_000, None, "示例财社〔2018〕7号", "已拨付")

    def trainee(
        self, body: str, key: str, *, park: str | None = None, year_gmv: int = 0, months: int | None = None,
        parcels: int = 0, hired: date | None = None, insured: int | None = 0, hrss: str = NO,
    ) -> None:  # fmt: skip
        """A trainee: a shop in a park, a shop elsewhere, or hired by a local firm."""
        opened = None if hired else date(2018, 4, 10) + timedelta(days=self.rng.randrange(50))
        self.row(
            "培训学员", body, key, f"学员{key[3:]}", date(2018, 3, 31), f"WD-{key}" if opened else None, opened, months,
            parcels, 0, YES if park else NO, park, year_gmv, 0, 0, YES if hired else NO, hired, insured, hrss,
        )  # fmt: skip

    # ---- articles 8 and 9 ----
    def platforms_and_titles(self) -> None:
        """A firm with two platforms, one decided by hand; titles with an application elsewhere still open."""
        maker = self.them.add("安庆云枢信息技术有限公司", "高新区", date(2014, 5, 6))
        self.row("应用平台", "PT-001", maker, "食品溯源平台", YES, 520_000, 310_000, 90_000, date(2018, 9, 10))
        self.row("应用平台", "PT-002", maker, "纺织集采平台", YES, 300_000, None, 0, date(2018, 11, 2))
        self.decide(maker, "c8", "PT-002", "核定金额", 55_000, "软件合同经审计为 250,000 元，投资合计 550,000 元", 11)
        base = self.them.add("安庆宜城国资电商基地有限公司", "迎江区", date(2012, 2, 1))
        self.row("示范称号", base, "示范基地", "JD-01", "省级", date(2018, 3, 10), "示例商电〔2018〕3号")
        self.row("示范称号", base, "示范基地", "JD-01", "国家级", date(2018, 12, 20), "示例商电〔2018〕31号")
        self.row("示范称号", base, "示范企业", None, "省级", date(2018, 6, 5), "示例商电〔2018〕12号")
        self.row("历年已兑现", base, 2016, "c9_enterprise", None, None, "市级", 20_000)
        self.row("其他财政支持", base, "c9_enterprise", None, "市级", YES, None, None, "示例宜财〔2018〕5号", "申报中")

    # ---- article 10 ----
    def graduates(self) -> None:
        """A founder named by two enterprises, decided by hand; and one without doubt."""
        facts: dict[str, Value] = {"sales": 1_350_000, "sent": 8000, "insured": 3}
        first = self.them.add("岳西听松山货电子商务有限公司", "岳西县", date(2017, 9, 1), **facts)
        second = self.them.add("岳西听松民宿网络有限公司", "岳西县", date(2018, 2, 1), **facts)
        third = self.them.add(
            "望江长岭棉品电子商务有限公司", "望江县", date(2017, 7, 1), sales=400_000, sent=1500, insured=5
        )
        for code in (first, second):
            self.row("创办人", code, "CB-001", "返乡创办人甲", "本科", date(2015, 6, 30), YES)
        self.row("创办人", third, "CB-002", "返乡创办人乙", "大专", date(2016, 6, 30), YES)
        self.decide(first, "c10", None, "解除暂扣", None, "创办人书面确认以本企业申报", 8)
        self.decide(second, "c10", None, "不予支持", None, "同一创办人已由另一企业享受", 8)

    # ---- articles 1 to 4 ----
    def trade(self) -> None:
        """Turnover with the figures of earlier years, awards paid, the list of enterprises above quota."""
        add = self.them.add
        hub = add("安庆宜邻生活平台有限公司", "大观区", date(2015, 3, 1), platform=YES, members=1001)
        for year, members in ((2015, 120), (2016, 520), (2017, 480)):
            self.row("历年数据", hub, year, None, None, members)
        self.row("历年已兑现", hub, 2016, "c2_platform", None, 1, None, 50_000)
        small = add("潜山余井席草电子商务有限公司", "潜山市", date(2016, 6, 1), cross_border=NO, quota="非限上",
                    gmv_wan=5300, ecom_wan=480)  # fmt: skip
        self.row("历年数据", small, 2016, 900, 60, None)
        self.row("历年数据", small, 2017, 2400, 150, None)
        self.row("历年已兑现", small, 2017, "c2_gmv", None, 1, None, 20_000)
        large = add(
            "怀宁月山机电电子商务有限公司", "怀宁县", date(2017, 2, 1), cross_border=NO, quota="非限上", gmv_wan=10000.5
        )
        self.row("历年数据", large, 2017, 4800, None, None)
        self.row("限上名单", large, "怀宁月山机电电子商务有限公司", date(2018, 7, 1))
        lane = add("安庆皖江通达跨境电商有限公司", "经开区", date(2018, 1, 8), introduced=YES, settled=date(2018, 1, 8),
                   cross_border=YES, quota="限上", gmv_wan=15200, invoiced=9_999_999.5, ecom_wan=1050, parcels=12345,
                   trade_wan=620)  # fmt: skip
        self.row("限上名单", lane, "安庆皖江通达跨境电商有限公司", date(2018, 6, 1))
        self.row("其他财政支持", lane, "c4", None, "省级", YES, 4690, 2345, "示例商外〔2018〕9号", "已拨付")
        add("宿松陈汉乡电商服务站", "宿松县", date(2017, 3, 3), SHOP, village=YES, coverage=YES, sales=800_000)
        twice = add("太湖新仓烙画电子商务有限公司", "太湖县", cross_border=NO, gmv_wan=2600)
        self.them.rows.append({**self.them.rows[-1], "网上年交易额(万元)": 260})
        self.decide(
            twice, None, None, "以此行为准", None, "另一行少写一位，已与企业核对", 10, f"申报主体:{len(self.them.rows)}"
        )

    def decide(
        self, code: str, clause: str | None, thing: str | None, what: str, amount: int | None, why: str, day: int,
        row: str | None = None,
    ) -> None:  # fmt: skip
        """A decision by hand, with its reason and who decided."""
        made = date(2019, 1, day)
        self.row("人工核定", code, clause, thing, what, amount, row, why, "示例科室审核员", made, "示例会商纪要2019-1")


# ---- one file a county ---------------------------------------------------------------------------------------------
COUNTY: Final = (
    *SIMPLE[:5], "是否跨境贸易电商企业", "限上状态", "是否村级电子商务企业(站)", "是否电商全覆盖", "网上年交易额(万元)",
    "电商开票销售额(万元)", "年网络销售额(元)", "当年获评示范企业级别", "联系电话", "开户银行", "银行账号",
)  # fmt: skip


def counties() -> dict[str, Sheet]:
    """Three counties. The county is that of the file's name, save for a firm that two counties hand in."""
    here: dict[str, Value] = {"cross_border": NO, "quota": "非限上"}
    tongcheng, huaining, qianshan = Applicants(401), Applicants(431), Applicants(461)
    tongcheng.add("桐城龙眠玩具电子商务有限公司", "桐城市", **here, gmv_wan=5200)
    tongcheng.add("桐城新渡羽绒电子商务有限公司", "桐城市", **here, ecom_wan=520.5)
    tongcheng.add("桐城唐湾镇电商服务站", "桐城市", date(2017, 2, 1), SHOP, village=YES, coverage=YES, sales=660_000)
    huaining.add("怀宁黄墩蓝莓电子商务有限公司", "怀宁县", **here, gmv_wan=2150, ecom_wan=215)
    huaining.add("怀宁洪铺建材电子商务有限公司", "怀宁县", date(2013, 1, 1), model="省级")
    qianshan.add("潜山源潭刷业电子商务有限公司", "潜山市", cross_border=YES, quota="非限上", gmv_wan=10200)
    qianshan.add("潜山黄铺镇电商服务站", "潜山市", date(2017, 2, 1), SHOP, village=YES, coverage=YES, sales=499_999.99)
    found = {
        "申报主体-桐城.xlsx": tongcheng.rows,
        "申报主体-怀宁.csv": huaining.rows,
        "申报主体-潜山.csv": qianshan.rows,
    }
    for rows in found.values():
        rows[:] = [{**row, "县区": None} for row in rows]
    huaining.add("怀宁凉亭油茶电子商务有限公司", "怀宁县", **here, gmv_wan=2300)
    qianshan.rows.append(huaining.rows[-1])
    return {name: Sheet("申报主体", COUNTY, rows) for name, rows in found.items()}


def main(folder: Path) -> None:
    """Write every file."""
    (folder / "counties").mkdir(parents=True, exist_ok=True)
    workbook(folder / "simple.xlsx", [simple()])
    workbook(folder / "detailed.xlsx", Details().all())
    for name, sheet in counties().items():
        path = folder / "counties" / name
        if path.suffix == ".xlsx":
            workbook(path, [sheet])
        else:
            delimited(path, sheet, "gb18030" if "潜山" in name else "utf-8-sig")
    from make_years import years  # it takes what it needs from here

    years(folder / "years")
    for path in sorted(folder.rglob("*.*")):
        if path.suffix in (".xlsx", ".csv"):
            print(path.relative_to(folder).as_posix())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
