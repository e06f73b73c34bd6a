"""What every clause shares: cells, three-valued logic, readings, exact rounding, the shape of a result."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

YEAR: Final = 2018
LAST_DAY: Final = datetime.date(YEAR, 12, 31)
YUAN: Final = 100
WAN: Final = 10_000 * YUAN
SQUARE_METRE: Final = 10_000


class Unreadable:
    """The type of the one sentinel BAD."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final = Unreadable()

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Tri = bool | None
Key = tuple[str, str | None]

READINGS: Final[dict[str, tuple[str, ...]]] = {
    "breakthrough_op": ("gt", "ge"),
    "tier_jump": ("highest", "cumulative"),
    "tier_upgrade": ("full", "difference"),
    "first_basis": ("fact", "award"),
    "missing_history": ("pending", "assume_none"),
    "c1_cap_scope": ("per_year", "lifetime"),
    "c7_cap_scope": ("per_year", "lifetime"),
    "c1_c2": ("stack", "max"),
    "c2_routes": ("max", "sum"),
    "c2_one_off_scope": ("sentence", "route"),
    "double_above_quota": ("false", "true"),
    "c3_base": ("whole", "excess"),
    "c8_base": ("whole", "excess"),
    "c9_same_year": ("highest", "sum"),
    "park_area_denominator": ("building", "leasable"),
    "park_rent_concession": ("tenant", "park"),
    "duplicates": ("hold", "earliest"),
    "other_support": ("exclude", "top_up"),
    "individual_business_is_enterprise": ("false", "true"),
    "rounding": ("half_up_fen", "down_fen"),
    "fund_split": ("whole_line", "increment"),
}

ENTERPRISE_FORMS: Final = ("company", "sole_proprietorship", "partnership", "cooperative")
LEVEL_RANK: Final = {"municipal": 1, "provincial": 2, "national": 3}
ROUTES: Final = ("c2_above", "c2_gmv", "c2_invoiced")
PER_OBJECT: Final = ("c5_new", "c5_existing", "c8", "c9_base", "c9_enterprise")
CLAUSE_NAMES: Final[dict[str, tuple[str, str]]] = {
    "c1": ("（一）1", "招引上规模电子商务企业"),
    "c2_platform": ("（一）2 第1款", "第三方电子商务服务平台"),
    "c2_gmv": ("（一）2 第2款", "非限上企业网上交易额首次突破"),
    "c2_invoiced": ("（一）2 第2款", "电子商务开票销售首次突破"),
    "c2_above": ("（一）2 第2款末", "限上企业网上交易额首次突破"),
    "c3": ("（一）3", "农村电商"),
    "c4": ("（一）4", "跨境包裹物流补助"),
    "c5_new": ("（二）5", "新投运电商园区"),
    "c5_existing": ("（二）5", "原有电商园区"),
    "c6": ("（二）6", "行业商会（协会）"),
    "c7": ("（三）7", "电子商务人才培养"),
    "c8": ("（三）8", "独立电子商务应用平台"),
    "c9_base": ("（四）9", "电子商务示范基地"),
    "c9_enterprise": ("（四）9", "电子商务示范企业"),
    "c10": ("（四）10", "毕业生返乡创业"),
}


@dataclass
class Line:
    """One line of the result."""

    status: str
    amount: int
    potential: int | None
    declared: bool


@dataclass
class ApplicantResult:
    """What one applicant gets."""

    total: int
    potential: int | None
    by_fund: dict[str, int]
    lines: dict[Key, Line] = field(default_factory=dict)


Result = dict[str, ApplicantResult]


@dataclass
class Draft:
    """A line before groups and netting: `low` is certain, `high` still possible (None: nothing bounds it)."""

    status: str
    low: int = 0
    high: int | None = 0
    declared: bool = False
    foreign: bool = False
    domestic: int = 0
    open_kind: str = "pending"
    decided: bool = False
    by_units: int = 0
    """What support counted by units took off: an excluded line could become what it is without any support."""


def settled_readings(readings: Mapping[str, str] | None) -> dict[str, str]:
    """The first option of each reading, unless another one is asked for."""
    chosen = {name: options[0] for name, options in READINGS.items()}
    for name, option in (readings or {}).items():
        if option not in READINGS[name]:
            raise ValueError(f"{name}={option}")
        chosen[name] = option
    return chosen


# ---- cells -------------------------------------------------------------------------------------
def bad(row: Row, *columns: str) -> bool:
    return any(row.get(column) is BAD for column in columns)


def given(row: Row, column: str) -> bool:
    """A cell that cannot be read is filled in all the same."""
    return row.get(column) is not None


def number(row: Row, column: str) -> int | None:
    value = row.get(column)
    return value if isinstance(value, int) else None


def flag(row: Row, column: str) -> Tri:
    value = row.get(column)
    return value if isinstance(value, bool) else None


def day(row: Row, column: str) -> datetime.date | None:
    value = row.get(column)
    return value if isinstance(value, datetime.date) else None


def text(row: Row, column: str) -> str | None:
    value = row.get(column)
    return value if isinstance(value, str) else None


# ---- three-valued logic --------------------------------------------------------------------------
def all_of(*parts: Tri) -> Tri:
    if any(part is False for part in parts):
        return False
    return None if any(part is None for part in parts) else True


def any_of(*parts: Tri) -> Tri:
    if any(part is True for part in parts):
        return True
    return None if any(part is None for part in parts) else False


def at_least(value: int | None, threshold: int) -> Tri:
    return None if value is None else value >= threshold


def above_zero(value: int | None) -> Tri:
    return None if value is None else value > 0


def equals(value: str | None, wanted: str) -> Tri:
    return None if value is None else value == wanted


def on_or_after(later: datetime.date | None, earlier: datetime.date | None) -> Tri:
    return None if later is None or earlier is None else later >= earlier


def is_enterprise(row: Row, readings: Mapping[str, str]) -> Tri:
    """企业: article 1 of the rules for every clause."""
    form = text(row, "entity_form")
    if form is None:
        return None
    if form == "individual_business":
        return readings["individual_business_is_enterprise"] == "true"
    return form in ENTERPRISE_FORMS


# ---- numbers -------------------------------------------------------------------------------------
def rate_of(base: int, percent: int, cap: int, readings: Mapping[str, str]) -> int:
    """So many per cent of the base, capped, rounded to the fen once."""
    hundredths = min(base * percent, cap * 100)
    if readings["rounding"] == "down_fen":
        return hundredths // 100
    return (hundredths + 50) // 100


def highest_of(values: Iterable[int | None]) -> int | None:
    """The largest, or None as soon as one is unbounded."""
    best = 0
    for value in values:
        if value is None:
            return None
        best = max(best, value)
    return best


def sum_of(values: Iterable[int | None]) -> int | None:
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def less(value: int | None, taken: int) -> int | None:
    return None if value is None else max(0, value - taken)


# ---- credit codes (GB 32100-2015) ------------------------------------------------------------------
CODE_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_letter(first17: str) -> str:
    total = 0
    weight = 1
    for letter in first17:
        total += CODE_LETTERS.index(letter) * weight
        weight = weight * 3 % 31
    return CODE_LETTERS[(31 - total % 31) % 31]


def code_is_good(code: str) -> bool:
    if len(code) != 18 or any(letter not in CODE_LETTERS for letter in code):
        return False
    return check_letter(code[:17]) == code[17]


def clauses_named(name: str | None) -> tuple[str, ...]:
    """A clause id, an article (all its clauses) or a title."""
    if name is None:
        return ()
    if name in CLAUSE_NAMES:
        return (name,)
    return tuple(
        clause
        for clause, (article, title) in CLAUSE_NAMES.items()
        if name in (article, title) or (article.startswith(name) and not article[len(name)].isdigit())
    )
