"""（二）5: parks, with their tenants counted with and without the open ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .common import (
    SQUARE_METRE,
    WAN,
    YEAR,
    YUAN,
    Draft,
    Row,
    Tri,
    all_of,
    any_of,
    at_least,
    bad,
    day,
    equals,
    flag,
    given,
    is_enterprise,
    number,
)
from .support import support_units
from .world import Case, code_broken, moved_out

if TYPE_CHECKING:
    from .clauses import Lines

HEAD = 5_000 * YUAN


@dataclass
class Count:
    """At least `low`, at most `high` (None: nothing bounds it)."""

    low: int = 0
    high: int | None = 0

    def add(self, passes: Tri, is_open: bool, amount: int | None) -> None:
        if passes is False:
            return
        if amount is None or self.high is None:
            self.high = None
        else:
            self.high += amount
        if passes is True and not is_open:
            self.low += amount or 0

    def reaches(self, threshold: int) -> Tri:
        if self.low >= threshold:
            return True
        return None if self.high is None or self.high >= threshold else False


@dataclass
class Tenants:
    """What the tenants of one park add up to."""

    area: Count
    settled: Count
    heads: Count
    some_held: bool = False
    heads_only_held: bool = True


def concession(case: Case, park: Row, tenant: Row) -> Tri:
    if case.readings["park_rent_concession"] == "park":
        return flag(park, "rent_concession")
    return flag(tenant, "rent_concession")


def count_tenants(case: Case, park: Row, tenants: list[Row]) -> Tenants:
    found = Tenants(Count(), Count(), Count())
    for tenant in tenants:
        if moved_out(tenant):
            continue
        claim = case.world.tenant_claim(tenant["tenant_uscc"], park["park_id"])
        claim = "free" if claim == "held" and case.released else claim
        ecommerce = all_of(flag(tenant, "is_ecommerce"), is_enterprise(tenant, case.readings))
        if claim == "lost" or ecommerce is False:
            continue
        held = claim == "held"
        kind = ("is_ecommerce", "entity_form")
        lets = () if case.readings["park_rent_concession"] == "park" else ("rent_concession",)
        broken = bad(tenant, "move_in", "move_out", *kind) or code_broken(tenant, "tenant_uscc")
        no_area = held or broken or bad(tenant, "area_m2")
        no_months = held or broken or bad(tenant, *lets, "ecom_sales_months")
        no_scale = broken or bad(tenant, *lets, "year_gmv_yuan", "year_parcels", "insured_staff")
        if held:
            found.some_held = True
        favoured = all_of(ecommerce, concession(case, park, tenant))
        scale = any_of(
            at_least(number(tenant, "year_gmv_yuan"), 100 * WAN),
            at_least(number(tenant, "year_parcels"), 30_000),
            at_least(number(tenant, "insured_staff"), 5),
        )
        pays = all_of(favoured, scale)
        found.area.add(ecommerce, no_area, number(tenant, "area_m2"))
        found.settled.add(all_of(favoured, at_least(number(tenant, "ecom_sales_months"), 3)), no_months, 1)
        found.heads.add(pays, held or no_scale, 1)
        if pays is None or (pays is True and no_scale):
            found.heads_only_held = False
    return found


def declared_count(park: Row, column: str) -> Count:
    value = number(park, column)
    return Count(0, None) if value is None else Count(value, value)


def declared_tenants(park: Row) -> Tenants:
    return Tenants(
        declared_count(park, "ecommerce_area_m2"),
        declared_count(park, "ecommerce_tenants"),
        declared_count(park, "subsidised_tenants"),
        heads_only_held=False,
    )


def area_share(area: Count, base: int | None) -> Tri:
    """E-commerce area at least 60 % of the base, by cross-multiplication."""
    if base is None or base == 0:
        return None
    if area.low * 10 >= base * 6:
        return True
    return None if area.high is None or area.high * 10 >= base * 6 else False


def park_clauses(park: Row) -> list[str]:
    """The line that a park claims by its year of opening; both where the date cannot be read."""
    opened = day(park, "opened_on")
    if bad(park, "opened_on"):
        return ["c5_new", "c5_existing"]
    return ["c5_new"] if opened is None or opened.year >= YEAR else ["c5_existing"]


def c5(case: Case) -> Lines:
    lines: Lines = {}
    for park in case.children["parks"]:
        thing = park["park_id"]
        for clause in park_clauses(park):
            lines[clause, thing] = park_line(case, clause, park)
    return lines


def facts_read(case: Case, clause: str, has_tenants: bool) -> list[str]:
    facts = ["opened_on", "operator_ownership", "building_area_m2"]
    if case.readings["park_area_denominator"] == "leasable":
        facts.append("leasable_area_m2")
    if case.readings["park_rent_concession"] == "park":
        facts.append("rent_concession")
    return facts if has_tenants else facts + declared_facts(clause)


def declared_facts(clause: str) -> list[str]:
    facts = ["ecommerce_area_m2", "ecommerce_tenants"]
    return [*facts, "subsidised_tenants"] if clause == "c5_existing" else facts


def park_line(case: Case, clause: str, park: Row) -> Draft:
    rows = case.tenants.get(park["park_id"], [])
    declared = not rows and any(given(park, column) for column in declared_facts(clause))
    if bad(park, *facts_read(case, clause, bool(rows))):
        return Draft("invalid", declared=declared)
    tenants = count_tenants(case, park, rows) if rows else declared_tenants(park)
    building = number(park, "building_area_m2")
    leasable = case.readings["park_area_denominator"] == "leasable"
    base = number(park, "leasable_area_m2") if leasable else building
    opened = day(park, "opened_on")
    right_year: Tri = True
    if clause == "c5_new":
        right_year = None if opened is None else opened.year == YEAR
    ownership = park.get("operator_ownership")
    condition = all_of(
        right_year,
        equals(ownership, "private"),
        at_least(building, 10_000 * SQUARE_METRE),
        area_share(tenants.area, base),
        tenants.settled.reaches(30),
        case.readings["park_rent_concession"] == "tenant" or flag(park, "rent_concession"),
    )
    line = new_park(case, park, condition, tenants) if clause == "c5_new" else existing(case, park, condition, tenants)
    line.declared = declared
    if clause == "c5_existing" and line.status not in ("excluded", "ineligible") and tenants.heads.high is not None:
        line.by_units = tenants.heads.high * HEAD - (line.high or 0)
    return line


def new_park(case: Case, park: Row, condition: Tri, tenants: Tenants) -> Draft:
    award = 50 * WAN
    if condition is False or case.world.object_was_paid("c5_new", park["park_id"], case.code):
        return Draft("ineligible")
    paid_unnamed = any(not given(row, "object_id") for row in case.paid_before("c5_new"))
    if condition is None or paid_unnamed or case.world.perhaps_paid("c5_new", park["park_id"]):
        return Draft("pending", high=award)
    status = "eligible_with_held" if tenants.some_held else "eligible"
    return Draft(status, award, award, open_kind="held")


def existing(case: Case, park: Row, condition: Tri, tenants: Tenants) -> Draft:
    if condition is False:
        return Draft("ineligible")
    units = support_units(case, "c5_existing", park["park_id"])
    low = max(0, tenants.heads.low - units.most) * HEAD
    high: int | None = None
    if tenants.heads.high is not None:
        if 0 < tenants.heads.high <= units.certain:
            return Draft("excluded", high=tenants.heads.high * HEAD)
        high = max(0, tenants.heads.high - units.certain) * HEAD
    if condition is None or high is None:
        return Draft("pending", high=high)
    kind = "held" if tenants.heads_only_held and not units.unsure else "pending"
    if low > 0:
        doubtful = high > low or tenants.some_held
        return Draft("eligible_with_held" if doubtful else "eligible", low, high, open_kind=kind)
    if high > 0:
        return Draft(kind, high=high, open_kind=kind)
    return Draft("eligible")
