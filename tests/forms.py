"""Forms of `template` filled in as an applicant does: values typed under the headers of row 1, from row 3 on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import openpyxl

from anqing_subsidy.policy import load_policy
from anqing_subsidy.tables import GUIDE, OPTIONS, SERIAL
from tests.oracle.generate import good_code
from tests.support import cell_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from anqing_subsidy.policy.columns import Column, Table
    from anqing_subsidy.policy.model import Policy
    from tests.support import JsonTables

SECOND: Final = Path(__file__).parent / "second_policy" / "policy.yaml"
FIRM, PARK, BODY, TENANT, EMPLOYER = (good_code(number) for number in range(1, 6))

FILLED: Final[JsonTables] = {
    "applicants": [
        {
            "uscc": FIRM, "name": "桐城云贸", "county": "340881", "entity_form": "company", "established_on": "2016-02-29",
            "is_introduced": "yes", "introduced_on": "2016-02-29", "is_cross_border": "no", "quota_status": "above",
            "is_third_party_platform": "no", "is_village_station": "no", "full_coverage": "no", "is_city_association": "no",
            "online_gmv_yuan": "100000000.01", "invoiced_sales_yuan": "12345678.90", "ecom_invoiced_sales_yuan": "2000000.01",
            "online_sales_yuan": "1000000", "year_parcels": "30001", "insured_staff": "5", "staff": "9", "legal_rep": "王㛃",
            "address": "桐城市某路 1 号", "phone": "05566000001", "bank_name": "某银行桐城支行",
            "bank_account": "0012345678901234567",
        },
        {"uscc": PARK, "name": "宜秀园区公司", "county": "340811", "entity_form": "company"},
        {"uscc": BODY, "name": "岳西培训学校", "county": "340828", "entity_form": "private_nonenterprise"},
    ],
    "history": [
        {"uscc": FIRM, "year": "2016", "online_gmv_yuan": "0", "ecom_invoiced_sales_yuan": "0", "paying_members": "0"},
        {"uscc": FIRM, "year": "2017", "online_gmv_yuan": "19999999.99", "ecom_invoiced_sales_yuan": "1999999.99"},
    ],
    "awards_paid": [{"uscc": FIRM, "year": "2017", "clause": "招引上规模电子商务企业", "amount_yuan": "50000.5"}],
    "other_support": [
        {
            "uscc": BODY, "clause": "电子商务人才培养", "object_id": "XY-2", "source_level": "provincial", "same_matter": "yes",
            "amount_yuan": "600", "units": "1", "doc_no": "皖〔2018〕7号", "state": "paid",
        }
    ],
    "parks": [
        {
            "park_id": "001", "uscc": PARK, "park_name": "宜秀园", "operator_ownership": "private", "opened_on": "2017-12-31",
            "building_area_m2": "10000", "leasable_area_m2": "8000.25", "rent_concession": "yes",
        }
    ],
    "park_tenants": [
        {
            "park_id": "001", "tenant_uscc": TENANT, "name": "某网店公司", "entity_form": "company", "is_ecommerce": "yes",
            "area_m2": "6000", "move_in": "2018-01-01", "ecom_sales_months": "12", "rent_concession": "yes",
            "year_gmv_yuan": "1000000", "year_parcels": "30000", "insured_staff": "5",
        }
    ],
    "trainees": [
        {
            "uscc": BODY, "trainee_key": "XY-1", "name": "甲", "training_end_on": "2018-03-31", "shop_id": "S1",
            "shop_open_on": "2018-04-01", "consecutive_months": "3", "window_parcels": "500", "window_gmv_yuan": "20000",
            "in_park": "no", "hrss_paid": "no",
        },
        {
            "uscc": BODY, "trainee_key": "XY-2", "name": "乙", "training_end_on": "2018-03-31", "employer_uscc": EMPLOYER,
            "employer_local_ecom": "yes", "hired_on": "2018-04-01", "insurance_months": "6", "hrss_paid": "no",
        },
    ],
    "platforms": [
        {
            "platform_id": "PT-1", "uscc": FIRM, "platform_name": "云贸平台", "internet_plus": "yes", "equipment_yuan": "300000",
            "software_yuan": "200000", "other_yuan": "1", "accepted_on": "2018-12-31",
        }
    ],
    "titles": [
        {"uscc": FIRM, "category": "enterprise", "level": "municipal", "awarded_on": "2018-06-01", "doc_no": "宜商〔2018〕1号"}
    ],
    "founders": [
        {
            "uscc": FIRM, "person_key": "CB-1", "name": "丙", "education": "bachelor", "graduated_on": "2015-06-30",
            "returned_home": "yes",
        }
    ],
    "quota_list": [{"uscc": FIRM, "name": "桐城云贸", "listed_on": "2017-05-01"}],
    "decisions": [
        {
            "uscc": BODY, "clause": "电子商务人才培养", "decision": "set", "amount_yuan": "1000", "reason": "会议纪要",
            "decided_by": "商务局", "decided_on": "2019-03-01", "doc_no": "1号",
        }
    ],
}  # fmt: skip
"""A value in nearly every column of every sheet, and nothing wrong."""

SIMPLE: Final[JsonTables] = {
    "applicants": [
        {
            "uscc": FIRM, "name": "桐城云贸", "county": "340881", "entity_form": "company", "established_on": "2016-01-01",
            "online_gmv_yuan": "60000000", "quota_status": "below", "is_cross_border": "no", "online_sales_yuan": "1000000",
            "prior_max_online_gmv_yuan": "20000000", "platform_investment_yuan": "500000", "enterprise_title": "provincial",
            "founder_education": "associate", "founder_graduated_on": "2015-06-30", "founder_returned_home": "yes",
        },
        {"uscc": BODY, "name": "岳西培训学校", "trainees_shop": "3", "trainees_park": "2", "trainees_hired": "1"},
    ]
}  # fmt: skip

TEA: Final[JsonTables] = {
    "farms": [
        {
            "farm_no": "007", "farm_name": "云雾", "valley": "东谷", "planted_on": "2019-03-01", "organic": "yes",
            "wants_bushes": "yes", "leaf_sales": "200000.01", "leaf_kg": "500", "racks": "10", "cold_store": "no",
        }
    ],
    "plots": [{"farm_no": "007", "plot": "1", "slope": "steep", "surveyed": "yes", "bushes": "120"}],
    "seasons": [
        {"farm_no": "007", "season": "2019", "leaf_sales": "0"},
        {"farm_no": "007", "season": "2020", "leaf_sales": "90000"},
    ],
    "past_grants": [{"farm_no": "007", "granted": "2020", "item": "评茶奖牌", "thing": "旧茶", "medal": "bronze", "sum": "2000"}],
    "other_grants": [
        {
            "farm_no": "007", "item": "设备", "giver": "county", "same_purpose": "no", "progress": "paid", "pieces": "1",
            "sum": "80.5",
        }
    ],
    "medals": [{"farm_no": "007", "tea": "雨前", "medal": "gold"}],
    "stoves": [{"stove_no": "01", "farm_no": "007", "stove_price": "900", "chimney_price": "100.10"}],
    "apprentices": [{"farm_no": "007", "person": "A1", "months": "12", "passed": "yes"}],
}  # fmt: skip


def data_sheets(path: Path) -> list[Worksheet]:
    """The sheets of a form that are filled in."""
    return [sheet for sheet in openpyxl.load_workbook(path).worksheets if sheet.title not in (*GUIDE, *OPTIONS)]


def table_of(policy: Policy, title: str) -> Table:
    """The table of a sheet of a form."""
    (found,) = (table for table in policy.tables.values() if title in (table.sheet, table.id))
    return found


def columns_of(policy: Policy, sheet: Worksheet) -> list[str]:
    """The ids of the columns of a form's sheet, behind the running number."""
    table = table_of(policy, sheet.title)
    names = {name: column.id for column in table.columns.values() for name in (column.en, column.header)}
    heads = [str(cell.value).split("\n")[0].lstrip("*") for cell in sheet[1]]
    assert heads[0] in SERIAL
    return [names[head] for head in heads[1:]]


def fill(path: Path, rows: JsonTables, policy: Policy | None = None, lang: str = "zh") -> JsonTables:
    """Type rows into a form, as far as it has the columns; what was typed is returned."""
    policy = policy or load_policy()
    book = openpyxl.load_workbook(path)
    typed: dict[str, list[dict[str, str]]] = {}
    for sheet in book.worksheets:
        if sheet.title in (*GUIDE, *OPTIONS):
            continue
        table, ids = table_of(policy, sheet.title), columns_of(policy, sheet)
        for at, row in enumerate(rows.get(table.id, ())):
            kept = {name: value for name, value in row.items() if name in ids}
            typed.setdefault(table.id, []).append(kept)
            sheet.cell(3 + at, 1).value = at + 1
            for name, value in kept.items():
                sheet.cell(3 + at, 2 + ids.index(name)).value = _cell(policy, table.columns[name], value, lang)
    book.save(path)
    return typed


def plain(path: Path, rows: JsonTables, policy: Policy) -> Path:
    """A bare workbook of the same rows: ids as names of sheets and columns, in which amounts are in yuan."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, entries in rows.items():
        columns = policy.tables[name].columns
        sheet = book.create_sheet(name)
        sheet.append(list(columns))
        for row in entries:
            sheet.append(
                [_cell(policy, column, row[id_], "zh") if id_ in row else None for id_, column in columns.items()]
            )
    book.save(path)
    return path


def _cell(policy: Policy, column: Column, value: str, lang: str) -> str | Decimal | date | None:
    if column.type == "yesno":
        words = policy.yes if value == "yes" else policy.no
        return words[0] if lang == "zh" else next((word for word in words if word in ("yes", "no")), words[0])
    if column.type == "enum" and lang == "en":
        return value
    return cell_of(column, value)
