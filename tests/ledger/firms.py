"""Firms of the tests that come again year after year."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tests.oracle.generate import good_code

WAN: Final = 1_000_000
"""10,000 yuan in fen."""
CLIMBER, SCHOOL, OTHER_SCHOOL, MAKER, FOUNDER, PARK = (good_code(number) for number in range(1, 7))
Row = dict[str, Any]


def firm(code: str = CLIMBER, /, **facts: object) -> Row:
    """An enterprise of Anqing, below quota, founded in 2016."""
    plain = {"uscc": code, "name": f"企业{code[-4:]}", "entity_form": "company", "established_on": date(2016, 3, 1)}
    return {**plain, "quota_status": "below", "is_cross_border": False, **facts}


def turnover(wan: int, **facts: object) -> dict[str, list[Row]]:
    """A firm with a turnover of so many 万元."""
    return {"applicants": [firm(online_gmv_yuan=wan * WAN, **facts)]}


def past(*years: tuple[int, int], code: str = CLIMBER) -> dict[str, list[Row]]:
    """Turnovers of earlier years in 万元."""
    return {"history": [{"uscc": code, "year": year, "online_gmv_yuan": wan * WAN} for year, wan in years]}


def trained(code: str, *trainees: str, year: int = 2018) -> dict[str, list[Row]]:
    """A training body with trainees who each opened a shop: 1,000 yuan a head."""
    rows = [
        {
            "uscc": code,
            "trainee_key": key,
            "training_end_on": date(year, 1, 31),
            "shop_open_on": date(year, 3, 1),
            "consecutive_months": 3,
            "window_parcels": 500,
            "in_park": False,
            "hrss_paid": False,
        }
        for key in trainees
    ]
    return {"applicants": [firm(code)], "trainees": rows}


def platforms(*things: str, code: str = MAKER, year: int = 2018, wan: int = 100) -> dict[str, list[Row]]:
    """An enterprise with platforms of so many 万元 each, accepted in a year: 10 % of it."""
    rows = [
        {
            "platform_id": thing,
            "uscc": code,
            "internet_plus": True,
            "equipment_yuan": wan * WAN,
            "software_yuan": 0,
            "accepted_on": date(year, 5, 1),
        }
        for thing in things
    ]
    return {"applicants": [firm(code)], "platforms": rows}


def titles(*won: tuple[str | None, str], code: str = MAKER, year: int = 2018) -> dict[str, list[Row]]:
    """An enterprise with titles: object and level, awarded in a year."""
    rows = [
        {"uscc": code, "category": "base", "object_id": thing, "level": level, "awarded_on": date(year, 6, 1)}
        for thing, level in won
    ]
    return {"applicants": [firm(code)], "titles": rows}


def founded(*people: str, code: str = FOUNDER) -> dict[str, list[Row]]:
    """An enterprise of returned graduates with online sales of a million."""
    rows = [
        {
            "uscc": code,
            "person_key": key,
            "education": "bachelor",
            "graduated_on": date(2015, 7, 1),
            "returned_home": True,
        }
        for key in people
    ]
    return {"applicants": [firm(code, online_sales_yuan=100 * WAN)], "founders": rows}


def both(*some: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Tables put together."""
    whole: dict[str, list[Row]] = {}
    for tables in some:
        for name, rows in tables.items():
            whole.setdefault(name, []).extend(rows)
    return whole
