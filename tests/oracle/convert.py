"""Cases written as JSON texts ("10000000.00", "yes", "2018-01-01", repeat rows) turned into typed tables."""

from __future__ import annotations

import datetime
import re
from typing import Any

from .common import BAD, Row, Tables, Unreadable

Cell = str | int | bool | datetime.date | Unreadable | None

MONEY = (
    "online_gmv_yuan invoiced_sales_yuan ecom_invoiced_sales_yuan online_sales_yuan trade_value_yuan "
    "prior_max_online_gmv_yuan prior_max_ecom_invoiced_sales_yuan platform_investment_yuan amount_yuan year_gmv_yuan "
    "window_gmv_yuan shop_year_gmv_yuan equipment_yuan software_yuan other_yuan"
)
AREA = "building_area_m2 leasable_area_m2 ecommerce_area_m2 area_m2"
COUNT = (
    "paying_members cross_border_parcels year_parcels insured_staff staff prior_max_paying_members member_enterprises "
    "trainees_shop trainees_park trainees_hired tier units ecommerce_tenants subsidised_tenants ecom_sales_months "
    "consecutive_months window_parcels shop_year_parcels shop_insured_staff insurance_months"
)
YESNO = (
    "is_introduced is_cross_border is_third_party_platform is_village_station full_coverage is_city_association "
    "founder_returned_home same_matter rent_concession is_ecommerce active in_park employer_local_ecom hrss_paid "
    "internet_plus returned_home"
)
DATE = (
    "established_on introduced_on founder_graduated_on opened_on move_in move_out training_end_on shop_open_on "
    "hired_on accepted_on awarded_on graduated_on listed_on decided_on"
)
TYPES: dict[str, str] = {"year": "year"}
for _kind, _columns in (("money", MONEY), ("area", AREA), ("count", COUNT), ("yesno", YESNO), ("date", DATE)):
    TYPES.update(dict.fromkeys(_columns.split(), _kind))


def decimal_units(value: str, places: int) -> Cell:
    """An unsigned decimal as an integer of its last place, cut down; anything else is unreadable."""
    match = re.fullmatch(r"(\d+)(?:\.(\d*))?", value)
    if match is None:
        return BAD
    fraction = (match.group(2) or "")[:places].ljust(places, "0")
    return int(match.group(1) + fraction)


def typed_value(column: str, value: object) -> Cell:
    """One cell."""
    if value is None or value == "":
        return None
    kind = TYPES.get(column, "text")
    if kind == "text":
        return str(value)
    if kind == "money":
        return decimal_units(str(value), 2)
    if kind == "area":
        return decimal_units(str(value), 4)
    if kind == "yesno":
        return {"yes": True, "no": False}.get(str(value), BAD)
    if kind == "date":
        try:
            return datetime.date.fromisoformat(str(value))
        except ValueError:
            return BAD
    match = re.fullmatch(r"(\d+)(?:\.0*)?", str(value))
    return BAD if match is None else int(match.group(1))


def unrolled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row with `repeat` stands for that many rows; {n} counts from 1."""
    found: list[dict[str, Any]] = []
    for row in rows:
        plain = {column: value for column, value in row.items() if column != "repeat"}
        found += [numbered(plain, n) for n in range(1, int(row.get("repeat", 1)) + 1)]
    return found


def numbered(row: dict[str, Any], n: int) -> dict[str, Any]:
    return {column: value.replace("{n}", str(n)) if isinstance(value, str) else value for column, value in row.items()}


def typed(tables_json: dict[str, list[dict[str, Any]]]) -> Tables:
    """Typed tables, blank cells left out."""
    tables: Tables = {}
    for table, rows in tables_json.items():
        tables[table] = []
        for row in unrolled(rows):
            cells: Row = {column: typed_value(column, value) for column, value in row.items()}
            tables[table].append({column: value for column, value in cells.items() if value is not None})
    return tables
