"""Items 1 to 4, 6 and 8 to 10: one function a clause, each giving the lines of one applicant."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from .common import (
    BAD,
    LEVEL_RANK,
    WAN,
    YEAR,
    YUAN,
    Draft,
    Key,
    Row,
    Tri,
    above_zero,
    all_of,
    any_of,
    at_least,
    bad,
    day,
    equals,
    flag,
    given,
    highest_of,
    is_enterprise,
    less,
    number,
    on_or_after,
    rate_of,
    sum_of,
    text,
)
from .support import Span, named_support, support_units, with_named_support
from .world import Case, amount_missing, amounts_paid, code_broken

Lines = dict[Key, Draft]


def verdict(
    condition: Tri, amount: int | None, best: int | None, foreign: bool = False, domestic: int = 0, sure: bool = True
) -> Draft:
    """A line with one condition and one amount (None: the base is blank)."""
    if condition is False:
        return Draft("ineligible")
    if condition is None or amount is None or not sure:
        return Draft("pending", high=best)
    return Draft("eligible", low=amount, high=amount, foreign=foreign, domestic=domestic)


def cross_border_factors(case: Case) -> list[int]:
    """1 or 2, or both where the fact is blank."""
    cross = flag(case.row, "is_cross_border")
    return [1, 2] if cross is None else [2 if cross else 1]


def paid_as_foreign_trade(case: Case, clause: str) -> bool:
    """c4, and what is computed at a cross-border rate or doubling."""
    doubled = ["c1", "c2_gmv", "c2_invoiced"]
    if case.readings["double_above_quota"] == "true":
        doubled.append("c2_above")
    return clause == "c4" or (clause in doubled and flag(case.row, "is_cross_border") is True)


# ---- （一）1 ---------------------------------------------------------------------------------------
def c1(case: Case) -> Lines:
    row = case.row
    if flag(row, "is_introduced") is not True and not bad(row, "is_introduced"):
        return {}
    if bad(row, "is_introduced", "entity_form", "online_gmv_yuan", "invoiced_sales_yuan", "is_cross_border"):
        return {("c1", None): Draft("invalid")}
    invoiced = number(row, "invoiced_sales_yuan")
    reached = any_of(at_least(number(row, "online_gmv_yuan"), 10_000 * WAN), at_least(invoiced, 1_000 * WAN))
    condition = all_of(is_enterprise(row, case.readings), reached)
    cap = 20 * WAN
    sure = True
    if case.readings["c1_cap_scope"] == "lifetime":
        paid = case.paid(("c1",))
        cap = max(0, cap - amounts_paid(paid))
        sure = not amount_missing(paid)
        if cap == 0 and invoiced != 0:
            return {("c1", None): Draft("ineligible")}
    if invoiced is None:
        return {("c1", None): verdict(condition, None, None)}
    factors = cross_border_factors(case)
    best = rate_of(invoiced, max(factors), cap, case.readings)
    domestic = rate_of(invoiced, 1, cap, case.readings)
    sure = sure and len(factors) == 1
    return {("c1", None): verdict(condition, best, best, factors == [2], domestic, sure)}


# ---- （一）2 ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Tiers:
    """What is tested, at which steps, for how much, and which earlier awards count."""

    metric: str
    prior: str
    steps: tuple[int, ...]
    awards: tuple[int, ...]
    once: tuple[str, ...]
    subtract: tuple[str, ...]


def tier_of(value: int, tiers: Tiers, case: Case) -> int:
    """The number of steps passed; 突破 is > or >=."""
    if case.readings["breakthrough_op"] == "ge":
        return sum(1 for step in tiers.steps if value >= step)
    return sum(1 for step in tiers.steps if value > step)


@dataclass
class Past:
    """What earlier years say about one metric."""

    tier: int = 0
    missing: bool = False
    declared: bool = False
    unreadable: bool = False


def past_of(case: Case, tiers: Tiers) -> Past:
    """The highest tier of the earlier years since establishment."""
    if case.readings["first_basis"] == "award":
        return Past()
    if bad(case.row, "established_on"):
        return Past(unreadable=True)
    established = day(case.row, "established_on")
    if established is not None and established.year >= YEAR:
        return Past()
    values: dict[int, int] = {}
    broken = False
    for entry in case.children["history"]:
        value = number(entry, tiers.metric)
        in_range = entry["year"] < YEAR and (established is None or entry["year"] >= established.year)
        if value is not None and in_range:
            values[entry["year"]] = value
        broken = broken or (in_range and bad(entry, tiers.metric))
    if not values and given(case.row, tiers.prior):
        prior = number(case.row, tiers.prior)
        if prior is None:
            return Past(declared=True, unreadable=True)
        return Past(tier_of(prior, tiers, case), broken, declared=True)
    missing = established is None or any(year not in values for year in range(established.year, YEAR))
    if case.readings["missing_history"] == "assume_none":
        missing = False
    return Past(max((tier_of(value, tiers, case) for value in values.values()), default=0), missing or broken)


def tier_amount(case: Case, tiers: Tiers, tier: int, reached: int, factor: int) -> int:
    """The award of a tier, when `reached` is the highest tier reached or paid before."""
    first = reached if case.readings["tier_jump"] == "cumulative" else tier - 1
    amount = sum(tiers.awards[first:tier]) * factor
    if case.readings["tier_upgrade"] == "difference":
        amount = max(0, amount - amounts_paid(case.paid(tiers.subtract)))
    return amount


def tier_line(case: Case, tiers: Tiers, facts: tuple[str, ...], condition: Tri, factors: list[int]) -> Draft:
    """A line of item 2: first past a step, and that step or a higher one not paid before."""
    past = past_of(case, tiers)
    if bad(case.row, tiers.metric, *facts) or past.unreadable:
        return Draft("invalid", declared=past.declared)
    paid = case.paid(tiers.once)
    reached = max([past.tier, *(number(p, "tier") or 0 for p in paid)])
    value = number(case.row, tiers.metric)
    last = len(tiers.steps)
    possible = list(range(1, last + 1)) if value is None else [tier_of(value, tiers, case)]
    possible = [tier for tier in possible if tier > reached]
    if condition is False or not possible:
        return Draft("ineligible", declared=past.declared)
    best = max(tier_amount(case, tiers, tier, reached, factor) for tier in possible for factor in factors)
    if best == 0:
        return Draft("ineligible", declared=past.declared)
    sure = value is not None and condition is True and len(factors) == 1 and not past.missing
    if any(number(p, "tier") is None for p in paid):
        sure = False
    if case.readings["tier_upgrade"] == "difference" and amount_missing(case.paid(tiers.subtract)):
        sure = False
    if not sure:
        return Draft("pending", high=best, declared=past.declared)
    domestic = tier_amount(case, tiers, possible[0], reached, 1)
    return Draft("eligible", best, best, past.declared, factors == [2], domestic)


def c2_platform(case: Case) -> Lines:
    row = case.row
    if flag(row, "is_third_party_platform") is not True and not bad(row, "is_third_party_platform"):
        return {}
    tiers = Tiers(
        "paying_members",
        "prior_max_paying_members",
        (500, 1000, 2000),
        (5 * WAN, 10 * WAN, 15 * WAN),
        ("c2_platform",),
        ("c2_platform",),
    )
    return {("c2_platform", None): tier_line(case, tiers, ("is_third_party_platform",), True, [1])}


def quota_status(case: Case) -> str | None:
    """above, below or blank; the list of the statistics bureau wins."""
    if case.world.quota_list is not None:
        return "above" if case.code in case.world.quota_list else "below"
    status = text(case.row, "quota_status")
    return None if status == "unknown" else status


def quota_facts(case: Case) -> tuple[str, ...]:
    return () if case.world.quota_list is not None else ("quota_status",)


GMV_STEPS = (2_000 * WAN, 5_000 * WAN, 10_000 * WAN)


def once_set(case: Case, clause: str) -> tuple[str, ...]:
    return ("c2_gmv", "c2_invoiced") if case.readings["c2_one_off_scope"] == "sentence" else (clause,)


def c2_gmv(case: Case) -> Lines:
    quota = quota_status(case)
    if not given(case.row, "online_gmv_yuan") or quota == "above":
        return {}
    tiers = Tiers(
        "online_gmv_yuan",
        "prior_max_online_gmv_yuan",
        GMV_STEPS,
        (2 * WAN, 5 * WAN, 10 * WAN),
        once_set(case, "c2_gmv"),
        ("c2_gmv", "c2_invoiced", "c2_above"),
    )
    condition = all_of(is_enterprise(case.row, case.readings), equals(quota, "below"))
    facts = ("entity_form", "is_cross_border", *quota_facts(case))
    return {("c2_gmv", None): tier_line(case, tiers, facts, condition, cross_border_factors(case))}


def c2_invoiced(case: Case) -> Lines:
    if not given(case.row, "ecom_invoiced_sales_yuan"):
        return {}
    tiers = Tiers(
        "ecom_invoiced_sales_yuan",
        "prior_max_ecom_invoiced_sales_yuan",
        (200 * WAN, 500 * WAN, 1_000 * WAN),
        (2 * WAN, 5 * WAN, 10 * WAN),
        once_set(case, "c2_invoiced"),
        ("c2_gmv", "c2_invoiced", "c2_above"),
    )
    return {("c2_invoiced", None): tier_line(case, tiers, ("is_cross_border",), True, cross_border_factors(case))}


def c2_above(case: Case) -> Lines:
    quota = quota_status(case)
    if not given(case.row, "online_gmv_yuan") or quota == "below":
        return {}
    tiers = Tiers(
        "online_gmv_yuan",
        "prior_max_online_gmv_yuan",
        GMV_STEPS,
        (10 * WAN, 20 * WAN, 30 * WAN),
        ("c2_above",),
        ("c2_gmv", "c2_invoiced", "c2_above"),
    )
    condition = all_of(is_enterprise(case.row, case.readings), equals(quota, "above"))
    facts: tuple[str, ...] = ("entity_form", *quota_facts(case))
    factors = [1]
    if case.readings["double_above_quota"] == "true":
        facts = (*facts, "is_cross_border")
        factors = cross_border_factors(case)
    return {("c2_above", None): tier_line(case, tiers, facts, condition, factors)}


# ---- （一）3, 4, （二）6 -------------------------------------------------------------------------------
def c3(case: Case) -> Lines:
    row = case.row
    if flag(row, "is_village_station") is not True and not bad(row, "is_village_station"):
        return {}
    if bad(row, "is_village_station", "full_coverage", "online_sales_yuan"):
        return {("c3", None): Draft("invalid")}
    sales = number(row, "online_sales_yuan")
    condition = all_of(flag(row, "full_coverage"), at_least(sales, 50 * WAN))
    if sales is None:
        return {("c3", None): verdict(condition, None, None)}
    base = max(0, sales - 50 * WAN) if case.readings["c3_base"] == "excess" else sales
    amount = rate_of(base, 2, 20 * WAN, case.readings)
    return {("c3", None): verdict(condition, amount, amount)}


def c4(case: Case) -> Lines:
    row = case.row
    if not given(row, "cross_border_parcels"):
        return {}
    if bad(row, "cross_border_parcels", "entity_form", "is_cross_border", "trade_value_yuan"):
        return {("c4", None): Draft("invalid")}
    parcels = number(row, "cross_border_parcels") or 0
    condition = all_of(
        is_enterprise(row, case.readings),
        flag(row, "is_cross_border"),
        parcels > 0,
        above_zero(number(row, "trade_value_yuan")),
    )
    supported = support_units(case, "c4", None)
    whole = parcels * 2 * YUAN
    if condition is not False and 0 < parcels <= supported.certain:
        return {("c4", None): Draft("excluded", high=whole)}
    high = max(0, parcels - supported.certain) * 2 * YUAN
    low = max(0, parcels - supported.most) * 2 * YUAN
    line = verdict(condition, high, high, foreign=True)
    if line.status == "eligible" and low < high:
        line.open_kind = "pending" if supported.unsure else "held"
        line.status, line.low = ("eligible_with_held" if low else line.open_kind), low
    line.by_units = whole - high
    return {("c4", None): line}


def c6(case: Case) -> Lines:
    row = case.row
    if flag(row, "is_city_association") is not True and not bad(row, "is_city_association"):
        return {}
    members = case.children["association_members"]
    declared = not members and given(row, "member_enterprises")
    if bad(row, "is_city_association") or (not members and bad(row, "member_enterprises")):
        return {("c6", None): Draft("invalid", declared=declared)}
    reached: Tri
    if members:
        certain = possible = 0
        for member in members:
            counts = all_of(is_enterprise(member, case.readings), flag(member, "active"))
            if counts is not False:
                possible += 1
                if counts is True and not code_broken(member, "member_uscc"):
                    certain += 1
        reached = True if certain >= 60 else (None if possible >= 60 else False)
    else:
        reached = at_least(number(row, "member_enterprises"), 60)
    line = verdict(reached, 10 * WAN, 10 * WAN)
    line.declared = declared
    return {("c6", None): line}


# ---- rows that are added up, or of which the best one pays ----------------------------------------------
def line_of_rows(rows: list[Span], low: int, high: int | None, declared: bool = False) -> Draft:
    """The status of a line of several rows, some of which may be open."""
    doubtful = [row for row in rows if row.low != row.high and row.high > 0]
    kind = "held" if all(row.only_claimed for row in doubtful) else "pending"
    if low > 0:
        status = "eligible_with_held" if doubtful else "eligible"
    elif doubtful:
        status = kind
    else:
        status = "ineligible"
    return Draft(status, low, high, declared, False, 0, kind)


# ---- （四）8 ---------------------------------------------------------------------------------------
def c8(case: Case) -> Lines:
    lines: Lines = {}
    for platform in case.children["platforms"]:
        thing = platform["platform_id"]
        if bad(case.row, "entity_form") or bad(
            platform, "internet_plus", "accepted_on", "equipment_yuan", "software_yuan"
        ):
            lines["c8", thing] = Draft("invalid")
            continue
        equipment, software = number(platform, "equipment_yuan"), number(platform, "software_yuan")
        investment = None if equipment is None or software is None else equipment + software
        accepted = day(platform, "accepted_on")
        in_year = None if accepted is None else accepted.year == YEAR
        condition = all_of(is_enterprise(case.row, case.readings), flag(platform, "internet_plus"), in_year)
        line = c8_line(case, condition, investment)
        if case.world.object_was_paid("c8", thing, case.code):
            line = Draft("ineligible")
        elif line.status == "eligible" and (
            any(not given(p, "object_id") for p in case.paid_before("c8")) or case.world.perhaps_paid("c8", thing)
        ):
            line = Draft("pending", high=line.high)
        lines["c8", thing] = line
    has_none = not case.children["platforms"] and ("c8", case.code) not in case.world.beaten_in
    if has_none and given(case.row, "platform_investment_yuan"):
        if bad(case.row, "entity_form", "platform_investment_yuan"):
            line = Draft("invalid")
        elif case.paid_before("c8"):
            line = Draft("ineligible")
        else:
            line = c8_line(case, is_enterprise(case.row, case.readings), number(case.row, "platform_investment_yuan"))
        line.declared = True
        lines["c8", None] = line
    return lines


def c8_line(case: Case, condition: Tri, investment: int | None) -> Draft:
    if investment is None:
        return verdict(condition, None, None)
    base = max(0, investment - 50 * WAN) if case.readings["c8_base"] == "excess" else investment
    amount = rate_of(base, 10, 50 * WAN, case.readings)
    return verdict(all_of(condition, investment >= 50 * WAN), amount, amount)


# ---- （四）9 ---------------------------------------------------------------------------------------
C9_AWARDS: dict[str, dict[str, int]] = {
    "c9_base": {"national": 30 * WAN, "provincial": 10 * WAN, "municipal": 5 * WAN},
    "c9_enterprise": {"national": 20 * WAN, "provincial": 5 * WAN, "municipal": 2 * WAN},
}


def c9(case: Case) -> Lines:
    lines: Lines = {}
    for clause, declared_column in (("c9_base", "base_title"), ("c9_enterprise", "enterprise_title")):
        honours: dict[str, list[Row]] = {}
        for title in case.children["titles"]:
            if "c9_" + title["category"] == clause:
                honours.setdefault(text(title, "object_id") or case.code, []).append(title)
        for thing, titles in honours.items():
            paid = [p for p in case.paid((clause,)) if (text(p, "object_id") or case.code) == thing]
            lines[clause, None if thing == case.code else thing] = c9_line(case, clause, titles, paid)
        if not case.children["titles"] and given(case.row, declared_column):
            if case.row[declared_column] is BAD:
                line = Draft("invalid")
            else:
                title = {"level": case.row[declared_column], "awarded_on": datetime.date(YEAR, 12, 31)}
                line = c9_line(case, clause, [title], case.paid((clause,)))
            line.declared = True
            lines[clause, None] = line
    return lines


def c9_row(clause: str, title: Row, paid: list[Row]) -> Span:
    """One honour: awarded in the year, its level or a higher one not paid before."""
    awarded = day(title, "awarded_on")
    if awarded is not None and awarded.year != YEAR:
        return Span(0, 0)
    paid_rank = max((LEVEL_RANK.get(text(p, "level") or "", 0) for p in paid), default=0)
    level = text(title, "level")
    awards = C9_AWARDS[clause]
    possible = [awards[one] for one in ([level] if level is not None else awards) if LEVEL_RANK[one] > paid_rank]
    if not possible:
        return Span(0, 0)
    sure = awarded is not None and level is not None and all(text(p, "level") is not None for p in paid)
    return Span(max(possible) if sure else 0, max(possible))


def c9_line(case: Case, clause: str, titles: list[Row], paid: list[Row]) -> Draft:
    rows = [c9_row(clause, title, paid) for title in titles]
    if case.readings["c9_same_year"] == "sum":
        low, high = sum(row.low for row in rows), sum(row.high for row in rows)
    else:
        low, high = max(row.low for row in rows), max(row.high for row in rows)
    if case.readings["tier_upgrade"] == "difference" and high > 0:
        low, high = max(0, low - amounts_paid(paid)), max(0, high - amounts_paid(paid))
        if high == 0:
            return Draft("ineligible")
        if amount_missing(paid):
            return Draft("pending", high=high)
    return line_of_rows(rows, low, high)


# ---- （四）10 --------------------------------------------------------------------------------------
def five_years_later(date: datetime.date) -> datetime.date:
    """The same day of the fifth year; 28 February for the 29th."""
    if date.month == 2 and date.day == 29:
        return datetime.date(date.year + 5, 2, 28)
    return datetime.date(date.year + 5, date.month, date.day)


def founder_passes(case: Case, education: str | None, graduated: datetime.date | None, returned: Tri) -> Tri:
    row = case.row
    established = day(row, "established_on")
    return all_of(
        is_enterprise(row, case.readings),
        None if education is None else education in ("associate", "bachelor", "master", "doctor"),
        returned,
        on_or_after(established, graduated),
        on_or_after(None if graduated is None else five_years_later(graduated), established),
        any_of(
            at_least(number(row, "online_sales_yuan"), 100 * WAN),
            at_least(number(row, "year_parcels"), 30_000),
            at_least(number(row, "insured_staff"), 5),
        ),
    )


def c10(case: Case) -> Lines:
    row = case.row
    founders = case.children["founders"]
    own = ("founder_education", "founder_graduated_on", "founder_returned_home")
    declared = not founders and any(given(row, column) for column in own)
    if not founders and not declared:
        return {}
    broken = bad(row, "entity_form", "established_on", "online_sales_yuan", "year_parcels", "insured_staff")
    if broken or (declared and bad(row, *own)):
        return {("c10", None): Draft("invalid", declared=declared)}
    if case.paid_before("c10"):
        return {("c10", None): Draft("ineligible", declared=declared)}
    award = 2 * WAN
    rows: list[Span] = []
    if declared:
        passes = founder_passes(case, text(row, own[0]), day(row, own[1]), flag(row, own[2]))
        rows.append(Span(award if passes is True else 0, 0 if passes is False else award))
    for founder in founders:
        person = founder["person_key"]
        passes = founder_passes(
            case, text(founder, "education"), day(founder, "graduated_on"), flag(founder, "returned_home")
        )
        if passes is False or case.world.person_paid_elsewhere("c10", person, case.code):
            rows.append(Span(0, 0))
            continue
        claimed_twice = len(case.world.founder_firms[person]) > 1 and not case.released
        sure = passes is True and not case.world.perhaps_paid("c10", person)
        one = Span(award if sure and not claimed_twice else 0, award)
        one.only_claimed = claimed_twice and sure
        rows.append(with_named_support(case, one, named_support(case, "c10", person)))
    low = highest_of(one.low for one in rows) or 0
    if all(one.high == 0 for one in rows) and any(one.off for one in rows):
        return {("c10", None): Draft("excluded", high=award)}
    return {("c10", None): line_of_rows(rows, low, highest_of(one.high for one in rows), declared)}


# ---- （三）7 ---------------------------------------------------------------------------------------
def shows(row: Row, column: str) -> Tri:
    """Does a figure or a yes/no cell show that there is a shop, or a job; a blank one shows nothing."""
    if not given(row, column):
        return False
    return flag(row, column) if isinstance(row[column], bool) else above_zero(number(row, column))


def since_training(row: Row, column: str, named: tuple[str, ...], told: tuple[str, ...]) -> Tri:
    """The shop is open, the person is hired, on or after the training's end.

    A blank date beside other traces of a shop or a job is missing; without any there is neither.
    """
    there = any_of(any(given(row, name) for name in (column, *named)), *(shows(row, name) for name in told))
    return all_of(there, on_or_after(day(row, column), day(row, "training_end_on")))


SHOP_FIGURES = (
    "in_park",
    "consecutive_months",
    "window_parcels",
    "window_gmv_yuan",
    "shop_year_gmv_yuan",
    "shop_year_parcels",
    "shop_insured_staff",
)
TRAINEE_FACTS = (
    "training_end_on",
    "shop_open_on",
    "shop_id",
    "park_id",
    *SHOP_FIGURES,
    "hired_on",
    "employer_local_ecom",
    "insurance_months",
    "hrss_paid",
)


def trainee_kinds(row: Row) -> list[tuple[int, Tri]]:
    """The three awards of item 7, the highest first."""
    shop = since_training(row, "shop_open_on", ("shop_id", "park_id"), SHOP_FIGURES)
    in_park = flag(row, "in_park")
    if not given(row, "in_park") and text(row, "park_id") is not None:
        in_park = True
    scale = any_of(
        at_least(number(row, "shop_year_gmv_yuan"), 100 * WAN),
        at_least(number(row, "shop_year_parcels"), 30_000),
        at_least(number(row, "shop_insured_staff"), 5),
    )
    sold = any_of(at_least(number(row, "window_parcels"), 500), at_least(number(row, "window_gmv_yuan"), 2 * WAN))
    hired = since_training(row, "hired_on", (), ("employer_local_ecom", "insurance_months"))
    local = flag(row, "employer_local_ecom")
    return [
        (1600 * YUAN, all_of(shop, in_park, scale)),
        (1000 * YUAN, all_of(shop, at_least(number(row, "consecutive_months"), 3), sold)),
        (500 * YUAN, all_of(hired, local, at_least(number(row, "insurance_months"), 6))),
    ]


def trainee_row(case: Case, row: Row) -> Span:
    """One trainee: the best award that is certain, and the best that is possible."""
    person = row["trainee_key"]
    paid_by_hrss = flag(row, "hrss_paid")
    if paid_by_hrss is True or case.world.object_was_paid("c7", person, case.code):
        return Span(0, 0)
    kinds = trainee_kinds(row)
    best = max((amount for amount, passes in kinds if passes is True), default=0)
    possible = max((amount for amount, passes in kinds if passes is not False), default=0)
    complete = best == possible and paid_by_hrss is False and not case.world.perhaps_paid("c7", person)
    complete = complete and not bad(row, *TRAINEE_FACTS)
    claimed_twice = len(case.world.trainee_bodies[person]) > 1 and not case.released
    one = Span(best if complete and not claimed_twice else 0, possible)
    one.only_claimed = claimed_twice and complete
    return with_named_support(case, one, named_support(case, "c7", person))


def c7(case: Case) -> Lines:
    row = case.row
    heads = (("trainees_park", 1600 * YUAN), ("trainees_shop", 1000 * YUAN), ("trainees_hired", 500 * YUAN))
    trainees = case.children["trainees"]
    declared = not trainees and any(given(row, column) for column, _ in heads)
    if not trainees and not declared:
        return {}
    if declared and bad(row, *(column for column, _ in heads)):
        return {("c7", None): Draft("invalid", declared=True)}
    if declared:
        total = sum((number(row, column) or 0) * amount for column, amount in heads)
        rows = [Span(total, total)]
    else:
        rows = [trainee_row(case, trainee) for trainee in trainees]
    low, high = sum(one.low for one in rows), sum_of(one.high for one in rows)
    off = sum(one.off for one in rows)
    cap = 30 * WAN
    sure = True
    if case.readings["c7_cap_scope"] == "lifetime":
        paid = case.paid(("c7",))
        cap = less(cap, amounts_paid(paid)) or 0
        sure = not amount_missing(paid)
    if high == 0 and off > 0:
        return {("c7", None): Draft("excluded", high=min(off, cap))}
    low, high = min(low, cap), min(high or 0, cap)
    if high == 0:
        return {("c7", None): Draft("ineligible", declared=declared)}
    if not sure:
        return {("c7", None): Draft("pending", high=high, declared=declared)}
    return {("c7", None): line_of_rows(rows, low, high, declared)}
