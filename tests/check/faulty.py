"""Writes a county file in which fifty faults are planted, and says what they are and where they stand.

python -m tests.check.faulty FILE.xlsx
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import openpyxl

from anqing_subsidy.policy import load_policy
from tests.oracle.generate import good_code
from tests.support import header_of, letter

CLEAN: Final = 20
"""Applicants at the end in whose rows nothing is wrong."""


class Planted(NamedTuple):
    """A fault: its kind and its cell."""

    code: str
    sheet: str
    cell: str


def id_number(first: str) -> str:
    """An ID number with its right last character."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True))
    return first + "10X98765432"[total % 11]


class County:
    """The sheets of a county, filled row by row; each fault is noted as it is planted."""

    def __init__(self) -> None:
        self.policy = load_policy()
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.planted: list[Planted] = []
        self.number = 0

    def columns(self, table: str) -> list[str]:
        return list(self.policy.tables[table].columns)

    def add(self, table: str, row: Mapping[str, Any]) -> int:
        """Put a row into a sheet; the row that a person sees."""
        rows = self.rows.setdefault(table, [])
        rows.append(dict(row))
        return len(rows) + 1

    def applicant(self, **changed: object) -> int:
        """An applicant with whom nothing is wrong but what is changed."""
        self.number += 1
        row: dict[str, Any] = {
            "uscc": good_code(self.number), "name": f"岳西高山农产品电商{self.number:03d}有限公司", "county": "岳西县",
            "entity_form": "企业", "established_on": date(2015, 3, 1), "is_introduced": "否", "is_cross_border": "否",
            "quota_status": "非限上", "online_gmv_yuan": 3_000_000, "invoiced_sales_yuan": 2_500_000.5,
            "ecom_invoiced_sales_yuan": 1_800_000, "online_sales_yuan": 900_000, "year_parcels": 20_000,
            "insured_staff": 10, "staff": 25, "phone": f"0556-21{self.number:05d}", "legal_rep": f"法人{self.number:03d}",
        }  # fmt: skip
        return self.add("applicants", {**row, **changed})

    def plant(self, code: str, table: str, row: int, column: str) -> None:
        at = letter(self.columns(table).index(column))
        self.planted.append(Planted(code, self.policy.tables[table].sheet, f"{at}{row}"))

    def wrong(self, code: str, column: str, value: object, **besides: object) -> int:
        """An applicant with one wrong cell."""
        row = self.applicant(**{column: value, **besides})
        self.plant(code, "applicants", row, column)
        return row

    def code(self, row: int) -> str:
        return str(self.rows["applicants"][row - 2]["uscc"])

    def save(self, path: Path) -> None:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for table in self.policy.tables.values():
            if table.id not in self.rows:
                continue
            sheet = book.create_sheet(table.sheet)
            heads = [header_of(column) for column in table.columns.values()]
            if table.id == "applicants":
                heads = [head.replace("历年最高网上年交易额(元)", "历年最高网上年交易额(万元)") for head in heads]
                heads.append("统一信用代号")
            sheet.append(heads)
            for row in self.rows[table.id]:
                sheet.append([row.get(name) for name in table.columns])
        book.create_sheet("联系人").append(["科室", "电话"])
        book.save(path)


def county() -> County:
    """The county and its fifty faults."""
    made = County()
    _cells(made)
    _comparisons(made)
    _applicants(made)
    _details(made)
    for _ in range(CLEAN):
        made.applicant()
    return made


def _cells(made: County) -> None:
    good = good_code(900)
    other = "1" if good[-1] != "1" else "2"
    made.wrong("BAD_CODE", "uscc", good[:-1] + other)
    made.wrong("BAD_CODE", "uscc", good[:-1])
    made.wrong("BAD_CODE", "uscc", good[:9] + "O" + good[10:])
    made.wrong("BAD_CODE", "uscc", 913408000000000000)
    made.wrong("MISSING_KEY", "uscc", None)
    made.wrong("MISSING_VALUE", "name", None)
    made.wrong("UNLISTED_VALUE", "county", "火星县")
    made.wrong("INVALID_VALUE", "entity_form", "皮包公司")
    made.wrong("INVALID_VALUE", "established_on", "17/08/2018")
    made.wrong("INVALID_VALUE", "introduced_on", "前年底", is_introduced="是")
    made.wrong("INVALID_VALUE", "is_introduced", "也许")
    made.wrong("INVALID_VALUE", "online_sales_yuan", "一千二百")
    made.wrong("INVALID_VALUE", "invoiced_sales_yuan", -5)
    made.wrong("INVALID_VALUE", "staff", 2.5)
    made.wrong("UNIT_IN_CELL", "online_sales_yuan", "35.5万")
    made.wrong("SUB_FEN", "ecom_invoiced_sales_yuan", 1_000_000.005)
    made.wrong("UNIT_SUSPECT", "prior_max_online_gmv_yuan", 150_000_000)
    made.wrong("ERROR_CELL", "online_sales_yuan", "#N/A")
    made.wrong("UNCACHED_FORMULA", "online_gmv_yuan", "=2*3")
    made.wrong("DIGITS_LOST", "bank_account", 6222021234567890123)
    made.planted.append(Planted("UNKNOWN_HEADER", "申报主体", f"{letter(len(made.columns('applicants')))}1"))
    made.planted.append(Planted("UNKNOWN_SHEET", "联系人", ""))


def _comparisons(made: County) -> None:
    made.wrong("SETTLED_BEFORE_FOUNDING", "introduced_on", date(2014, 1, 1), is_introduced="是")
    made.wrong("SETTLED_NOT_RECRUITED", "is_introduced", "否", introduced_on=date(2018, 1, 1))
    made.wrong("FOUNDED_AFTER_YEAR", "established_on", date(2019, 1, 1))
    made.wrong("INSURED_ABOVE_STAFF", "insured_staff", 26)
    made.wrong("ECOMMERCE_ABOVE_SALES", "ecom_invoiced_sales_yuan", 2_500_000.51)
    made.wrong("CROSSBORDER_ABOVE_PARCELS", "cross_border_parcels", 20_001, is_cross_border="是")
    made.wrong("PARCELS_NOT_CROSSBORDER", "is_cross_border", "否", cross_border_parcels=5)
    made.wrong("GRADUATED_AFTER_YEAR", "founder_graduated_on", date(2019, 7, 1), established_on=None)
    made.wrong("GRADUATED_AFTER_FOUNDING", "founder_graduated_on", date(2016, 7, 1))
    made.wrong("UNIT_SUSPECT", "online_sales_yuan", 250, ecom_invoiced_sales_yuan=None)


def _applicants(made: County) -> None:
    made.wrong("NOT_CLAIMED", "is_city_association", None, member_enterprises=70)
    made.wrong("RELATED_APPLICANTS", "phone", "0556 1234567")
    made.applicant(phone="０５５６－１２３４５６７")
    made.wrong("SIMILAR_NAME", "name", "岳西茶乡商贸有限公司")
    made.applicant(name="岳西茶乡商贸(有限责任公司)")
    twice = made.applicant(legal_rep=None, phone=None)
    again = made.add("applicants", made.rows["applicants"][twice - 2])
    made.planted.append(Planted("DUP_APPLICANT_SAME", "申报主体", str(again)))
    twice = made.applicant()
    again = made.add("applicants", {**made.rows["applicants"][twice - 2], "staff": 30})
    made.planted.append(Planted("DUP_APPLICANT_CONFLICT", "申报主体", str(again)))


def _details(made: County) -> None:
    firm = made.applicant()
    code = made.code(firm)
    metrics = {"ecom_invoiced_sales_yuan": 1_500_000, "paying_members": 0}
    for year in (2015, 2016):
        made.add("history", {"uscc": code, "year": year, "online_gmv_yuan": 2_000_000, **metrics})
    for column, code_, row in (
        ("online_gmv_yuan", "UNIT_SUSPECT", {"year": 2017, "online_gmv_yuan": 200}),
        ("year", "HISTORY_NOT_EARLIER", {"year": 2018, "online_gmv_yuan": 2_000_000}),
        ("year", "BEFORE_FOUNDING", {"year": 2014, "online_gmv_yuan": 2_000_000}),
    ):
        made.plant(code_, "history", made.add("history", {"uscc": code, **metrics, **row}), column)
    made.plant("ORPHAN", "history", made.add("history", {"uscc": good_code(990), "year": 2017, **metrics}), "uscc")
    park = {"uscc": code, "operator_ownership": "民营", "opened_on": date(2016, 1, 1), "building_area_m2": 12_000}
    made.plant(
        "LET_ABOVE_BUILDING",
        "parks",
        made.add("parks", {**park, "park_id": "P1", "building_area_m2": 250}),
        "building_area_m2",
    )
    made.plant(
        "LEASABLE_ABOVE_BUILDING", "parks",
        made.add("parks", {**park, "park_id": "P2", "leasable_area_m2": 12_001}), "leasable_area_m2",
    )  # fmt: skip
    tenant = {
        "entity_form": "企业", "is_ecommerce": "是", "area_m2": 100, "move_in": date(2016, 5, 1),
        "ecom_sales_months": 12, "rent_concession": "是", "year_gmv_yuan": 2_000_000,
    }  # fmt: skip

    def let(number: int, **changed: object) -> int:
        name = f"园区住户{number}"
        row = {"park_id": "P1", "tenant_uscc": good_code(500 + number), "name": name, **tenant, **changed}
        return made.add("park_tenants", row)

    let(1), let(2), let(3)
    made.plant("CLAIMED_TWICE", "park_tenants", let(4, park_id="P2"), "tenant_uscc")
    let(4, park_id="P1", area_m2=10)
    made.plant("LEFT_BEFORE_ENTRY", "park_tenants", let(5, park_id="P2", move_out=date(2016, 4, 30)), "move_out")
    made.plant("MONTHS_ABOVE_TWELVE", "park_tenants", let(6, park_id="P2", ecom_sales_months=13), "ecom_sales_months")
    made.plant("TENANT_ABOVE_BUILDING", "park_tenants", let(7, area_m2=251, move_out=date(2018, 6, 1)), "area_m2")
    right = id_number("34082219900101001")
    trainee = {"uscc": code, "training_end_on": date(2018, 5, 1), "hrss_paid": "否"}

    def learn(number: int, **changed: object) -> int:
        key = id_number(f"340822199001{number:05d}")
        return made.add("trainees", {**trainee, "trainee_key": key, "name": f"学员{number:02d}", **changed})

    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    made.plant("ID_CHECK_DIGIT", "trainees", learn(1, trainee_key=wrong), "trainee_key")
    made.plant("TRAINING_AFTER_YEAR", "trainees", learn(2, training_end_on=date(2019, 1, 1)), "training_end_on")
    made.plant("SHARED_OBJECT", "trainees", learn(3, shop_id="S1"), "shop_id")
    learn(4, shop_id="S1")


def main() -> None:
    made = county()
    made.save(Path(sys.argv[1]))
    for fault in made.planted:
        print(*fault)


if __name__ == "__main__":
    main()
