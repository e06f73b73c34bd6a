"""Random tables, dense around every threshold, with blanks, unreadable cells, contradictions and shared objects."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from .common import (
    BAD,
    CODE_LETTERS,
    PER_OBJECT,
    READINGS,
    SQUARE_METRE,
    WAN,
    YEAR,
    YUAN,
    Row,
    Tables,
    check_letter,
    clauses_named,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

TABLES = (
    "applicants",
    "history",
    "awards_paid",
    "other_support",
    "parks",
    "park_tenants",
    "association_members",
    "trainees",
    "platforms",
    "titles",
    "founders",
    "decisions",
)
DOUBLED: dict[str, tuple[str, ...]] = {
    "applicants": ("uscc",),
    "history": ("uscc", "year"),
    "awards_paid": ("uscc", "year", "clause", "object_id"),
    "parks": ("park_id",),
    "park_tenants": ("park_id", "tenant_uscc"),
    "trainees": ("uscc", "trainee_key"),
    "platforms": ("platform_id",),
    "titles": ("uscc", "category", "object_id", "level"),
}
LEVELS = ("national", "provincial", "municipal")
GMV = (2_000 * WAN, 5_000 * WAN, 10_000 * WAN)
ECOM = (200 * WAN, 500 * WAN, 1_000 * WAN)
MEMBERS = (500, 1_000, 2_000)
INVOICED = (500 * WAN, 1_000 * WAN, 2_000 * WAN, 1_000_000_050)
SALES = (50 * WAN, 100 * WAN, 1_000 * WAN, 5_000_075)
AMOUNTS = (2 * WAN, 4 * WAN, 5 * WAN, 10 * WAN, 15 * WAN, 20 * WAN, 30 * WAN)
ENTERPRISES = ("company", "sole_proprietorship", "partnership", "cooperative")
OTHER_FORMS = ("individual_business", "social_org", "private_nonenterprise", "public_institution", "other")


def random_readings(rng: random.Random) -> dict[str, str]:
    """The defaults, one reading changed, or a wild mixture."""
    kind = rng.random()
    if kind < 0.15:
        return {}
    if kind < 0.4:
        name = rng.choice(list(READINGS))
        return {name: rng.choice(READINGS[name])}
    return {name: options[rng.random() < 0.35] for name, options in READINGS.items()}


def near(rng: random.Random, thresholds: Sequence[int]) -> int:
    """A threshold, one below, one above, something between, or nothing at all."""
    if rng.random() < 0.05:
        return 0
    threshold = rng.choice(thresholds)
    if rng.random() < 0.6:
        return threshold + rng.choice((-1, 0, 1))
    return rng.randrange(threshold // 2, threshold * 2)


def cell(rng: random.Random, value: Any, blank: float = 0.06, unreadable: float = 0.01) -> Any:  # noqa: ANN401
    """The value, now and then a blank or something that cannot be read."""
    luck = rng.random()
    if luck < blank:
        return None
    return BAD if luck < blank + unreadable else value


def yes(rng: random.Random, chance: float) -> bool:
    return rng.random() < chance


def good_code(number: int, prefix: str = "91340800") -> str:
    first = f"{prefix}{number:09d}"
    return first + check_letter(first)


def spoilt(rng: random.Random, code: str) -> str:
    """The same code with a wrong check digit."""
    return code[:17] + rng.choice([letter for letter in CODE_LETTERS if letter != code[17]])


def random_day(rng: random.Random, year: int) -> datetime.date:
    edges = (datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    return rng.choice(edges) if yes(rng, 0.3) else datetime.date(year, rng.randrange(1, 13), rng.randrange(1, 29))


def form(rng: random.Random, enterprise: float = 0.93) -> str:
    return rng.choice(ENTERPRISES) if yes(rng, enterprise) else rng.choice(OTHER_FORMS)


class Maker:
    """One set of tables in the making."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.tables: Tables = {table: [] for table in TABLES}
        self.codes = 0
        self.objects: dict[str, list[tuple[str, str]]] = {}
        self.tenant_pool: list[str] = []
        self.trainee_pool: list[str] = []
        self.founder_pool: list[str] = []

    def add(self, table: str, **cells: Any) -> Row:  # noqa: ANN401
        row = {column: value for column, value in cells.items() if value is not None}
        self.tables[table].append(row)
        return row

    def code(self, prefix: str = "91340800") -> str:
        self.codes += 1
        return good_code(self.codes, prefix)

    def own(self, code: str, clause: str, thing: str) -> None:
        self.objects.setdefault(code, []).append((clause, thing))

    # ---- one applicant -------------------------------------------------------------------------
    def applicant(self, number: int) -> None:
        rng = self.rng
        kind = rng.choices(
            ("seller", "founder", "platform", "titles", "park", "association", "training"), (62, 12, 8, 11, 2.5, 1.5, 3)
        )[0]
        code = self.code()
        if yes(rng, 0.006):
            code = spoilt(rng, code)
        year = rng.choices((2018, 2017, 2016, 2015, 2014, 2019), (40, 17, 15, 12, 10, 3))[0]
        established = random_day(rng, year)
        row = self.add(
            "applicants",
            uscc=code,
            name=f"申报{number}",
            county="340803",
            entity_form=cell(rng, form(rng), 0.03),
            established_on=cell(rng, established, 0.05),
        )
        if kind == "seller" or yes(rng, 0.1):
            self.seller(row, year)
        if kind == "founder" or yes(rng, 0.02):
            self.founder(row, established)
        if kind == "platform" or yes(rng, 0.01):
            self.platforms(row)
        if kind == "titles" or yes(rng, 0.01):
            self.titles(row)
        if kind == "park":
            self.parks(row)
        if kind == "association":
            self.association(row)
        if kind == "training":
            self.training(row)
        for column in [column for column, value in row.items() if value is None]:
            del row[column]
        if yes(rng, 0.3):
            self.awards(code, kind)
        if yes(rng, 0.15):
            self.support(code)
        if yes(rng, 0.012):
            self.duplicate_applicant(row)

    def duplicate_applicant(self, row: Row) -> None:
        again = dict(row)
        if yes(self.rng, 0.6):
            column = self.rng.choice(
                ("online_gmv_yuan", "entity_form", "is_cross_border", "phone", "online_sales_yuan")
            )
            if again.pop(column, None) is None:
                again[column] = {"entity_form": "company", "is_cross_border": True, "phone": "1"}.get(column, 60 * WAN)
        self.tables["applicants"].append(again)

    # ---- items 1 to 4 ----------------------------------------------------------------------------
    def seller(self, row: Row, year: int) -> None:
        rng = self.rng
        row["is_cross_border"] = cell(rng, yes(rng, 0.4), 0.07)
        if yes(rng, 0.4):
            row["is_introduced"] = cell(rng, yes(rng, 0.85), 0.05)
            row["invoiced_sales_yuan"] = cell(rng, near(rng, INVOICED))
        if yes(rng, 0.7):
            row["online_gmv_yuan"] = cell(rng, near(rng, GMV), 0.05)
            row["quota_status"] = cell(rng, rng.choices(("below", "above", "unknown"), (55, 35, 10))[0])
        if yes(rng, 0.5):
            row["ecom_invoiced_sales_yuan"] = cell(rng, near(rng, ECOM), 0.05)
        if yes(rng, 0.15):
            row["is_third_party_platform"] = cell(rng, yes(rng, 0.9), 0.05)
            row["paying_members"] = cell(rng, near(rng, MEMBERS), 0.1)
        if yes(rng, 0.15):
            row["is_village_station"] = cell(rng, yes(rng, 0.9), 0.05)
            row["full_coverage"] = cell(rng, yes(rng, 0.8), 0.1)
            row["online_sales_yuan"] = cell(rng, near(rng, SALES), 0.1)
        if yes(rng, 0.2):
            row["cross_border_parcels"] = cell(rng, near(rng, (1, 2_345, 40_000)), 0.05)
            row["trade_value_yuan"] = cell(rng, rng.choice((0, 1, 500_000 * YUAN)), 0.08)
        self.past(row, year)

    def past(self, row: Row, year: int) -> None:
        """Earlier years: complete, with gaps, declared, or not there."""
        rng = self.rng
        if year >= YEAR and yes(rng, 0.9):
            return
        steps = {"online_gmv_yuan": GMV, "ecom_invoiced_sales_yuan": ECOM, "paying_members": MEMBERS}
        kind = rng.choices(("rows", "declared", "both", "none"), (60, 20, 8, 12))[0]
        if kind in ("declared", "both"):
            for metric, thresholds in steps.items():
                row["prior_max_" + metric] = cell(rng, self.earlier(thresholds), 0.2)
        if kind not in ("rows", "both"):
            return
        first = min(year, YEAR - 1) - (1 if yes(rng, 0.1) else 0)
        for past_year in range(first, YEAR + (1 if yes(rng, 0.05) else 0)):
            if yes(rng, 0.06):
                continue
            values = {metric: cell(rng, self.earlier(thresholds), 0.07) for metric, thresholds in steps.items()}
            entry = self.add("history", uscc=row["uscc"], year=past_year, **values)
            if yes(rng, 0.004):
                self.tables["history"].append(dict(entry))
            elif yes(rng, 0.003):
                self.tables["history"].append({**entry, "paying_members": 777})

    def earlier(self, thresholds: Sequence[int]) -> int:
        """Mostly below the second step."""
        return near(self.rng, thresholds[:1] if yes(self.rng, 0.6) else thresholds)

    # ---- item 5 ----------------------------------------------------------------------------------
    def parks(self, row: Row) -> None:
        for _ in range(1 + yes(self.rng, 0.15)):
            self.park(row)

    def park(self, row: Row) -> None:
        rng = self.rng
        thing = f"K{len(self.tables['parks']) + 1}"
        eve = datetime.date(2017, 12, 31)
        opened = rng.choice((eve, eve, datetime.date(2018, 1, 1), datetime.date(2018, 12, 31)))
        if yes(rng, 0.4):
            opened = random_day(rng, rng.choice((2015, 2017, 2018, 2018, 2019)))
        edge = 10_000 * SQUARE_METRE
        building = edge + rng.choice((-1, 0, 0, 0, 1, 1, 12_345, 2_000 * SQUARE_METRE))
        park = self.add(
            "parks",
            park_id=thing,
            uscc=row["uscc"],
            operator_ownership=cell(rng, "private" if yes(rng, 0.93) else rng.choice(("state", "mixed")), 0.02),
            opened_on=cell(rng, opened, 0.04),
            building_area_m2=cell(rng, building, 0.02),
            leasable_area_m2=cell(rng, rng.choice((building, building * 3 // 4, 0, edge)), 0.1),
            rent_concession=cell(rng, yes(rng, 0.9), 0.08),
        )
        self.own(row["uscc"], "c5_new", thing)
        self.own(row["uscc"], "c5_existing", thing)
        if yes(rng, 0.2):
            park["ecommerce_area_m2"] = cell(rng, (building * 6 + 9) // 10 + rng.choice((-1, 0, 1)))
            park["ecommerce_tenants"] = cell(rng, rng.choice((29, 30, 31)))
            park["subsidised_tenants"] = cell(rng, rng.choice((0, 1, 25)))
            for column in [column for column, value in park.items() if value is None]:
                del park[column]
        else:
            self.park_tenants(thing, building)
        if yes(rng, 0.04):
            self.tables["parks"].append(dict(park))
        elif yes(rng, 0.03):
            self.tables["parks"].append({**park, "park_name": "另一个名称"})
        elif yes(rng, 0.04) and len(self.tables["applicants"]) > 1:
            other = rng.choice(self.tables["applicants"])["uscc"]
            if other != row["uscc"]:
                self.tables["parks"].append({**park, "uscc": other})

    def park_tenants(self, thing: str, building: int) -> None:
        rng = self.rng
        count = rng.choice((27, 29, 30, 30, 31, 31, 32, 33, 34))
        clean = yes(rng, 0.4)
        each = building * 6 // 10 // rng.choice((count, count, 30, 28))
        for place in range(count):
            area = each
            if place == 0:
                area = max(
                    0, (building * 6 + 9) // 10 - each * (count - 1) + rng.choice((-1, 0, 1, 400 * SQUARE_METRE))
                )
            tenant = self.tenant(thing, area, clean)
            if not clean and yes(rng, 0.004):
                self.tables["park_tenants"].append(dict(tenant))
            elif not clean and yes(rng, 0.002):
                self.tables["park_tenants"].append({**tenant, "name": "另一个名称"})
        if yes(rng, 0.1):
            self.add("park_tenants", park_id="KX", tenant_uscc=rng.choice(self.tenant_pool), is_ecommerce=True)

    def tenant(self, thing: str, area: int, clean: bool) -> Row:
        rng = self.rng
        code = self.code()
        mine = {tenant["tenant_uscc"] for tenant in self.tables["park_tenants"][-40:] if tenant["park_id"] == thing}
        if self.tenant_pool and yes(rng, 0.015):
            shared = rng.choice(self.tenant_pool[-60:])
            code = code if shared in mine else shared
        elif yes(rng, 0.002):
            code = spoilt(rng, code)
        self.tenant_pool.append(code)
        blank = 0.0 if clean else 0.006
        spoil = 0.0 if clean else 0.002
        moved_out = None
        if yes(rng, 0.03):
            moved_out = cell(rng, rng.choice((datetime.date(2018, 12, 30), datetime.date(2018, 12, 31))), 0, 0.05)
        return self.add(
            "park_tenants",
            park_id=thing,
            tenant_uscc=code,
            is_ecommerce=cell(rng, yes(rng, 0.994), blank, spoil),
            entity_form=cell(rng, form(rng, 0.992), blank, spoil),
            area_m2=cell(rng, area, blank, spoil),
            move_in=cell(rng, datetime.date(2017, rng.randrange(1, 4), 1), 0.03),
            move_out=moved_out,
            ecom_sales_months=cell(rng, 2 if yes(rng, 0.012) else rng.choice((3, 3, 12)), blank, spoil),
            rent_concession=cell(rng, yes(rng, 0.994), blank, spoil),
            year_gmv_yuan=cell(rng, near(rng, (100 * WAN,)), 0.04, spoil),
            year_parcels=cell(rng, near(rng, (30_000,)), 0.04, spoil),
            insured_staff=cell(rng, rng.choice((0, 4, 5)), 0.04, spoil),
        )

    # ---- item 6 ----------------------------------------------------------------------------------
    def association(self, row: Row) -> None:
        rng = self.rng
        row["entity_form"] = "social_org"
        row["is_city_association"] = cell(rng, yes(rng, 0.95), 0.03)
        if yes(rng, 0.25):
            row["member_enterprises"] = cell(rng, rng.choice((0, 59, 60, 61)), 0.2, 0.05)
        if yes(rng, 0.3):
            return
        for _ in range(rng.randrange(57, 64)):
            code = self.code()
            if yes(rng, 0.005):
                code = spoilt(rng, code)
            member = self.add(
                "association_members",
                uscc=row["uscc"],
                member_uscc=code,
                entity_form=cell(rng, form(rng, 0.985), 0.005, 0.003),
                active=cell(rng, yes(rng, 0.99), 0.005, 0.003),
            )
            if yes(rng, 0.01):
                self.tables["association_members"].append(dict(member))
            elif yes(rng, 0.001):
                self.tables["association_members"].append({**member, "name": "另一个名称"})

    # ---- item 7 ----------------------------------------------------------------------------------
    def training(self, row: Row) -> None:
        rng = self.rng
        if yes(rng, 0.3):
            for column, most in (("trainees_park", 190), ("trainees_shop", 301), ("trainees_hired", 601)):
                row[column] = cell(rng, near(rng, (1, 40, most)), 0.4, 0.02)
        if yes(rng, 0.2):
            return
        count = rng.choice((1, 2, 3, 5, 8, 13, 188 if yes(rng, 0.15) else 4))
        for _ in range(count):
            person = f"T{len(self.tables['trainees']) + 1}"
            mine = {one["trainee_key"] for one in self.tables["trainees"][-count:] if one["uscc"] == row["uscc"]}
            if self.trainee_pool and yes(rng, 0.04):
                shared = rng.choice(self.trainee_pool[-30:])
                person = person if shared in mine else shared
            self.trainee_pool.append(person)
            self.own(row["uscc"], "c7", person)
            trainee = self.trainee(row["uscc"], person, many=count > 100)
            if yes(rng, 0.01):
                self.tables["trainees"].append(dict(trainee))
            elif yes(rng, 0.003):
                self.tables["trainees"].append({**trainee, "name": "另一个名称"})

    def trainee(self, code: str, person: str, many: bool) -> Row:
        rng = self.rng
        end = datetime.date(2018, 3, 31)
        blank = 0.005 if many else 0.05
        spoil = 0.001 if many else 0.01

        def some(value: object) -> Any:  # noqa: ANN401
            return cell(rng, value, blank, spoil)

        opens = some(end + datetime.timedelta(days=rng.choice((-1, 0, 1, 10, 10)))) if yes(rng, 0.8) else None
        hired = some(end + datetime.timedelta(days=rng.choice((-1, 0, 1, 30)))) if yes(rng, 0.4) else None
        return self.add(
            "trainees",
            uscc=code,
            trainee_key=person,
            training_end_on=some(end),
            shop_open_on=opens,
            consecutive_months=some(rng.choice((2, 3, 3, 12))),
            window_parcels=some(near(rng, (500,))),
            window_gmv_yuan=some(near(rng, (2 * WAN,))),
            in_park=cell(rng, yes(rng, 0.7), 0.15, spoil),
            park_id="K1" if yes(rng, 0.3) else None,
            shop_year_gmv_yuan=some(near(rng, (100 * WAN,))),
            shop_year_parcels=some(near(rng, (30_000,))),
            shop_insured_staff=some(rng.choice((0, 4, 5))),
            employer_local_ecom=some(yes(rng, 0.8)),
            hired_on=hired,
            insurance_months=some(rng.choice((5, 6, 7))),
            hrss_paid=cell(rng, yes(rng, 0.05), blank / 2, spoil),
        )

    # ---- items 8 to 10 -----------------------------------------------------------------------------
    def platforms(self, row: Row) -> None:
        rng = self.rng
        if yes(rng, 0.3):
            row["platform_investment_yuan"] = cell(rng, near(rng, (50 * WAN, 500 * WAN)), 0.05, 0.03)
        if yes(rng, 0.2):
            return
        for _ in range(1 + yes(rng, 0.25)):
            thing = f"PF{len(self.tables['platforms']) + 1}"
            whole = near(rng, (50 * WAN, 50 * WAN, 500 * WAN, 50_000_045))
            software = rng.randrange(0, whole + 1)
            year = 2018 if yes(rng, 0.9) else rng.choice((2017, 2019))
            platform = self.add(
                "platforms",
                platform_id=thing,
                uscc=row["uscc"],
                internet_plus=cell(rng, yes(rng, 0.93)),
                equipment_yuan=cell(rng, whole - software),
                software_yuan=cell(rng, software),
                other_yuan=cell(rng, near(rng, (50 * WAN,)), 0.5, 0.02),
                accepted_on=cell(rng, random_day(rng, year)),
            )
            self.own(row["uscc"], "c8", thing)
            if yes(rng, 0.03):
                self.tables["platforms"].append(dict(platform))
            elif yes(rng, 0.02):
                self.tables["platforms"].append({**platform, "other_yuan": 12_300})
            elif yes(rng, 0.03):
                other = rng.choice(self.tables["applicants"])["uscc"]
                if other != row["uscc"]:
                    self.tables["platforms"].append({**platform, "uscc": other})

    def titles(self, row: Row) -> None:
        rng = self.rng
        if yes(rng, 0.3):
            row["base_title"] = cell(rng, rng.choice(LEVELS), 0.4, 0.03)
            row["enterprise_title"] = cell(rng, rng.choice(LEVELS), 0.4, 0.03)
        if yes(rng, 0.2):
            return
        used: set[tuple[Any, ...]] = set()
        things = [None, f"P{self.codes}", f"K{self.codes}", f"K{self.codes}"]
        for _ in range(rng.choice((1, 1, 2, 2, 3))):
            category = rng.choice(("base", "enterprise"))
            thing = rng.choice(things)
            level = rng.choice(LEVELS)
            if (category, thing, level) in used:
                continue
            used.add((category, thing, level))
            title = self.add(
                "titles",
                uscc=row["uscc"],
                category=category,
                object_id=thing,
                level=level,
                awarded_on=cell(rng, random_day(rng, 2018 if yes(rng, 0.9) else 2017)),
            )
            self.own(row["uscc"], "c9_" + category, thing or "")
            if yes(rng, 0.02):
                self.tables["titles"].append(dict(title))
            elif yes(rng, 0.02):
                self.tables["titles"].append({**title, "doc_no": "另一文号"})

    def founder(self, row: Row, established: datetime.date) -> None:
        rng = self.rng
        row["online_sales_yuan"] = row.get("online_sales_yuan") or cell(rng, near(rng, (100 * WAN,)))
        row["year_parcels"] = cell(rng, near(rng, (30_000,)))
        row["insured_staff"] = cell(rng, rng.choice((0, 4, 5)))
        if yes(rng, 0.1):
            row["established_on"] = established = rng.choice((datetime.date(2017, 2, 28), datetime.date(2017, 3, 1)))
        education = rng.choice(("associate", "bachelor", "master", "doctor", "high_school", "associate"))
        if yes(rng, 0.3):
            row["founder_education"] = cell(rng, education, 0.1)
            row["founder_graduated_on"] = cell(rng, self.graduation(established), 0.1)
            row["founder_returned_home"] = cell(rng, yes(rng, 0.9), 0.1)
        if yes(rng, 0.2):
            return
        for _ in range(1 + yes(rng, 0.3)):
            person = f"G{len(self.tables['founders']) + 1}"
            if self.founder_pool and yes(rng, 0.06):
                person = rng.choice(self.founder_pool[:-3] or [person])
            self.founder_pool.append(person)
            self.own(row["uscc"], "c10", person)
            entry = self.add(
                "founders",
                uscc=row["uscc"],
                person_key=person,
                education=cell(rng, rng.choice(("associate", "bachelor", "master", "other", "bachelor"))),
                graduated_on=cell(rng, self.graduation(established)),
                returned_home=cell(rng, yes(rng, 0.92)),
            )
            if yes(rng, 0.02):
                self.tables["founders"].append(dict(entry))
            elif yes(rng, 0.01):
                self.tables["founders"].append({**entry, "name": "另一个名称"})

    def graduation(self, established: datetime.date) -> datetime.date:
        """Around the day of the establishment, five years before it, or a 29 February."""
        rng = self.rng
        if established.year == 2017 and established.month in (2, 3):
            return datetime.date(2012, 2, 29)
        five_back = datetime.date(established.year - 5, established.month, min(established.day, 28))
        start = rng.choice((five_back, five_back, established, established - datetime.timedelta(days=700)))
        return start + datetime.timedelta(days=rng.choice((-1, 0, 1)))

    # ---- what was paid, and what others pay -----------------------------------------------------------
    def awards(self, code: str, kind: str) -> None:
        rng = self.rng
        used: set[tuple[Any, ...]] = set()
        owned = self.objects.get(code, [])
        for _ in range(rng.choice((1, 1, 2, 3))):
            clause = rng.choice(("c1", "c2_platform", "c2_gmv", "c2_gmv", "c2_invoiced", "c2_above", "c3", "c4"))
            thing: str | None = None
            if owned and yes(rng, 0.8):
                clause, thing = rng.choice(owned)
            elif kind != "seller":
                clause = {"park": "c5_new", "platform": "c8", "founder": "c10", "association": "c6"}.get(kind, "c7")
            year = YEAR if yes(rng, 0.25) else rng.randrange(2014, YEAR)
            if clause in ("c5_new", "c5_existing", "c8", "c10", "c7") and yes(rng, 0.15):
                thing = None
            if (year, clause, thing or None) in used:
                continue
            used.add((year, clause, thing or None))
            if yes(rng, 0.1):
                # an article that has several clauses
                article = {"c2": "（一）2 第2款", "c5": "（二）5", "c9": "（四）9"}.get(clause[:2])
                if article is not None and clause != "c2_platform" and (year, article, thing or None) not in used:
                    clause = article
                    used.add((year, clause, thing or None))
            award = self.add(
                "awards_paid",
                uscc=code,
                year=year,
                clause=clause,
                object_id=thing or None,
                tier=cell(rng, rng.choice((1, 1, 2, 3)), 0.1) if clause.startswith(("c2", "（一）2")) else None,
                level=cell(rng, rng.choice(LEVELS), 0.1) if clause.startswith(("c9", "（四）9")) else None,
                amount_yuan=cell(rng, near(rng, AMOUNTS), 0.02),
            )
            if yes(rng, 0.01):
                self.tables["awards_paid"].append(dict(award))
            elif yes(rng, 0.01):
                self.tables["awards_paid"].append({**award, "amount_yuan": 1_234_567})

    def support(self, code: str) -> None:
        rng = self.rng
        used: set[tuple[Any, ...]] = set()
        owned = [(clause, thing) for clause, thing in self.objects.get(code, []) if thing]
        for _ in range(rng.choice((1, 1, 2))):
            clause = rng.choice(
                ("c1", "c2_gmv", "c2_invoiced", "c2_above", "c2_platform", "c3", "c4", "c6", "c7", "c10")
            )
            thing: str | None = None
            if owned and yes(rng, 0.7):
                clause, thing = rng.choice(owned)
                thing = thing if yes(rng, 0.7) else None
            elif yes(rng, 0.2):
                clause = rng.choice(("（一）1", "（二）5", "（三）7", "（四）9", "（四）10", "c8", "c9_base"))
            level = rng.choice(("central", "provincial", "municipal", "county"))
            keys = {(one, thing, level) for one in clauses_named(clause)}
            if keys & used:
                continue
            used |= keys
            unit_clause = clause in ("c4", "c5_existing", "（二）5") and yes(rng, 0.7)
            row = self.add(
                "other_support",
                uscc=code,
                clause=clause,
                object_id=thing,
                source_level=level,
                same_matter=cell(rng, yes(rng, 0.85), 0.08),
                amount_yuan=cell(rng, near(rng, (800 * YUAN, 1_000 * YUAN, *AMOUNTS)), 0.05),
                units=cell(rng, rng.choice((0, 1, 3, 2_345, 40_000)), 0.05) if unit_clause else None,
                state=cell(rng, rng.choice(("paid", "decided", "applied")), 0.15),
            )
            if yes(rng, 0.01):
                self.tables["other_support"].append(dict(row))
            elif yes(rng, 0.01):
                self.tables["other_support"].append({**row, "doc_no": "另一文号"})

    def strangers(self) -> None:
        """Awards of those who do not apply now: their objects are used up all the same."""
        rng = self.rng
        every = [pair for owned in self.objects.values() for pair in owned if pair[1]]
        for clause, thing in every:
            if yes(rng, 0.1 if clause == "c5_existing" else 0.015):
                self.add(
                    "awards_paid",
                    uscc=self.code() if yes(rng, 0.6) else rng.choice(self.tables["applicants"])["uscc"],
                    year=rng.choice((2016, 2017, YEAR)),
                    clause=clause,
                    object_id=thing,
                    level=rng.choice(LEVELS) if clause.startswith("c9") else None,
                    amount_yuan=near(rng, AMOUNTS),
                )

    def quota_list(self) -> None:
        rng = self.rng
        listed = sorted({row["uscc"] for row in self.tables["applicants"] if yes(rng, 0.4)})
        self.tables["quota_list"] = [{"uscc": code} for code in [*listed, self.code()]]

    # ---- decisions by hand ---------------------------------------------------------------------------
    def decisions(self) -> None:
        """Some right, some unsigned, unclear, contradicting each other, or about nobody and nothing."""
        rng = self.rng
        for applicant in list(self.tables["applicants"]):
            code = applicant["uscc"]
            touched = 0.5 if len(self.objects.get(code, [])) else 0.12
            if not yes(rng, touched):
                continue
            for _ in range(rng.choice((1, 1, 1, 2, 3))):
                self.decision(code)
        for table, keys in DOUBLED.items():
            self.choices(table, keys)

    def decision(self, code: str) -> None:
        rng = self.rng
        clause: str | None = rng.choice(
            (None, "c1", "c2_gmv", "c2_invoiced", "c2_above", "c3", "c4", "c6", "c7", "（一）1", "（二）5", "（三）7")
        )
        thing: str | None = None
        owned = [(clause, thing) for clause, thing in self.objects.get(code, []) if thing]
        if owned and yes(rng, 0.7):
            clause, thing = rng.choice(owned)
            thing = thing if clause in PER_OBJECT and yes(rng, 0.7) else None
        elif yes(rng, 0.06):
            clause, thing = rng.choice((("c99", None), ("c8", "NOPE"), ("c1", "NOPE"), ("毕业生返乡创业", None)))
        kind = rng.choice(("set", "release", "release", "refuse"))
        self.sign(
            uscc=code if yes(rng, 0.97) else rng.choice((self.code(), None)),
            clause=clause,
            object_id=thing,
            decision=cell(rng, kind, 0.02, 0.02),
            amount_yuan=cell(rng, rng.choice((0, 1, 5 * WAN)), 0.05, 0.05) if kind == "set" or yes(rng, 0.1) else None,
        )

    def sign(self, **cells: Any) -> None:  # noqa: ANN401
        rng = self.rng
        reason, name = cell(rng, "经核实", 0.04, 0), cell(rng, rng.choice(("张", "李")), 0.04, 0)
        self.add("decisions", **cells, reason=reason, decided_by=name)
        if yes(rng, 0.05):
            self.add("decisions", **cells, reason=reason, decided_by="王")

    def choices(self, table: str, keys: tuple[str, ...]) -> None:
        """Rows of one key: one of them is said to count, now and then two, or one in somebody else's name."""
        rng = self.rng
        families: dict[tuple[Any, ...], list[int]] = {}
        for at, row in enumerate(self.tables[table]):
            families.setdefault(tuple(row.get(key) for key in keys), []).append(at)
        operators = {park["park_id"]: park["uscc"] for park in self.tables["parks"]}
        for family in families.values():
            while (len(family) > 1 and yes(rng, 0.5)) or yes(rng, 0.0005):
                row = self.tables[table][at := rng.choice(family)]
                code = row["uscc"] if "uscc" in row else operators.get(row["park_id"])
                if yes(rng, 0.1):
                    code = rng.choice(self.tables["applicants"])["uscc"]
                self.sign(uscc=code, decision="use_row", row_ref=f"{table}:{at + 2 if yes(rng, 0.95) else 999_999}")
                if yes(rng, 0.8):
                    break


def spoil_what_others_paid(rng: random.Random, tables: Tables) -> None:
    """Some entries of which the year, the clause, the level or the units are blank or cannot be read."""
    for row in tables["awards_paid"]:
        if yes(rng, 0.04):
            row.update(rng.choice(({"year": BAD}, {"year": None}, {"clause": "无此条"}, {"clause": None})))
    for row in tables["other_support"]:
        if yes(rng, 0.04):
            spoilt = ({"source_level": BAD}, {"source_level": None}, {"clause": "无此条"}, {"units": BAD})
            row.update(rng.choice(spoilt))


def without_row_numbers(tables: Tables) -> Tables:
    """The same without the decisions that name a row by its number, which holds in one order of rows only."""
    decisions = [row for row in tables.get("decisions", []) if row.get("decision") != "use_row"]
    return {**tables, "decisions": decisions}


def random_tables(rng: random.Random, applicants: int) -> Tables:
    """Typed tables of so many applicants."""
    maker = Maker(rng)
    for number in range(1, applicants + 1):
        maker.applicant(number)
    maker.strangers()
    if yes(rng, 0.15):
        maker.quota_list()
    maker.decisions()
    spoil_what_others_paid(rng, maker.tables)
    return {table: rows for table, rows in maker.tables.items() if rows}
