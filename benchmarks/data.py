"""Made-up applicants, the same at every run: as typed frames, and as a workbook such as an official hands in.

Every column of the applicants sheet is filled where it concerns the applicant (a model base has a level, an
enterprise without a founder from a university has none); amounts crowd around the thresholds of the clauses.
Nothing is real: the codes have valid check digits and a middle part that begins with EX.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from anqing_subsidy.policy import Policy
    from anqing_subsidy.tables import Tables

SEED: Final = 20180817
YEARS: Final = (2015, 2016, 2017)
LARGEST: Final = 1_000_000
"""Applicants for whom there are codes."""

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = tuple(pow(3, at, 31) for at in range(17))
COUNTIES: Final = {
    "迎江区": "340802", "大观区": "340803", "宜秀区": "340811", "怀宁县": "340822", "太湖县": "340825", "宿松县": "340826",
    "望江县": "340827", "岳西县": "340828", "桐城市": "340881", "潜山市": "340882", "经开区": "340800", "高新区": "340800",
}  # fmt: skip
WORDS: Final = ("云帆", "渡月", "稻香", "青筠", "砚池", "振风", "天柱", "皖江", "长河", "花亭", "龙眠", "巨石")
TRADES: Final = ("电子商务", "网络科技", "跨境供应链", "农产品", "数字商贸", "茶业")
FORMS: Final = ("company", "company", "company", "company", "partnership", "sole_proprietorship", "cooperative", "individual_business")  # fmt: skip
THRESHOLDS: Final = tuple(yuan * 100 for yuan in (500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000, 100_000_000))  # fmt: skip
"""In fen: what the clauses compare turnover with."""


def credit_code(number: int, county: str) -> str:
    """The code (GB 32100-2015) of the firm of a number."""
    body = f"EX{number:06d}"
    total = sum(int(char, 36) * weight for char, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    front = f"91{COUNTIES[county]}{body}{'0X987654321'[total % 11]}"
    return (
        front + ALPHABET[-sum(ALPHABET.index(char) * weight for char, weight in zip(front, WEIGHTS, strict=True)) % 31]
    )


class Draw:
    """Columns of random values of one height."""

    def __init__(self, height: int, seed: int) -> None:
        self.height = height
        self.random = random.Random(seed)

    def of(self, options: Sequence[Any]) -> list[Any]:
        """Each value one of these."""
        return self.random.choices(options, k=self.height)

    def yes(self, percent: int) -> list[bool]:
        """True for so many rows in a hundred."""
        return [chance < percent for chance in self.random.choices(range(100), k=self.height)]

    def fen(self) -> list[int]:
        """Amounts in fen: half of them anywhere, a tenth exactly at a threshold, the rest near one."""
        anywhere, near = self.of(range(1_000_000, 15_000_000_000)), self.of(THRESHOLDS)
        nudges, kinds = self.of(range(-20_000_000, 20_000_000)), self.of(range(10))
        return [
            free if kind < 5 else level if kind == 5 else level + nudge
            for free, level, nudge, kind in zip(anywhere, near, nudges, kinds, strict=True)
        ]

    def where(self, wanted: list[bool], values: list[Any]) -> list[Any]:
        """These values in the rows that it concerns."""
        return [value if concerns else None for concerns, value in zip(wanted, values, strict=True)]

    def days(self, first: date, last: date) -> list[date]:
        """Days between two, both among them."""
        days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
        return self.of(days)


def applicants(count: int) -> pl.DataFrame:
    """The sheet of applicants, typed as the engine takes it."""
    import polars as pl

    if count > LARGEST:
        raise ValueError(f"there are codes for {LARGEST:,} applicants only")
    draw = Draw(count, SEED)
    counties = draw.of(tuple(COUNTIES))
    introduced, cross_border, associations = draw.yes(40), draw.yes(25), draw.yes(3)
    training, graduates = draw.yes(10), draw.yes(15)
    names = zip(counties, draw.of(WORDS), draw.of(WORDS), draw.of(TRADES), range(count), strict=True)
    return pl.DataFrame(
        {
            "uscc": [credit_code(number, county) for number, county in enumerate(counties)],
            "name": [f"{county[:2]}{one}{two}{trade}{number}号有限公司" for county, one, two, trade, number in names],
            "county": counties,
            "entity_form": draw.of(FORMS),
            "established_on": draw.days(date(2010, 1, 1), date(2015, 12, 31)),
            "is_introduced": introduced,
            "introduced_on": draw.where(introduced, draw.days(date(2018, 1, 1), date(2018, 12, 28))),
            "is_cross_border": cross_border,
            "quota_status": draw.of(("above", "below", "below", "below", "unknown")),
            "is_third_party_platform": draw.yes(15),
            "is_village_station": draw.yes(20),
            "full_coverage": draw.yes(70),
            "is_city_association": associations,
            "online_gmv_yuan": draw.fen(),
            "invoiced_sales_yuan": draw.fen(),
            "ecom_invoiced_sales_yuan": draw.fen(),
            "online_sales_yuan": draw.fen(),
            "paying_members": draw.of(range(3_000)),
            "cross_border_parcels": draw.where(cross_border, draw.of(range(200_000))),
            "trade_value_yuan": draw.where(cross_border, draw.fen()),
            "year_parcels": draw.of(range(60_000)),
            "insured_staff": draw.of(range(12)),
            "staff": draw.of(range(12, 60)),
            "legal_rep": draw.of(("甲某", "乙某", "丙某", "丁某")),
            "address": [
                f"{county}示例路{door}号" for county, door in zip(counties, draw.of(range(1, 999)), strict=True)
            ],
            "phone": [f"0556-{line:07d}" for line in draw.of(range(10_000_000))],
            "bank_name": draw.of(("示例银行", "示例农商行")),
            "bank_account": [f"6200{account:015d}" for account in draw.of(range(10**15))],
            "prior_max_online_gmv_yuan": [0] * count,
            "prior_max_ecom_invoiced_sales_yuan": [0] * count,
            "prior_max_paying_members": [0] * count,
            "member_enterprises": draw.where(associations, draw.of(range(40, 90))),
            "trainees_shop": draw.where(training, draw.of(range(200))),
            "trainees_park": draw.where(training, draw.of(range(150))),
            "trainees_hired": draw.where(training, draw.of(range(200))),
            "platform_investment_yuan": draw.where(draw.yes(12), draw.of(range(30_000_000, 700_000_000))),
            "base_title": draw.where(draw.yes(2), draw.of(("national", "provincial", "municipal"))),
            "enterprise_title": draw.where(draw.yes(5), draw.of(("national", "provincial", "municipal"))),
            "founder_education": draw.where(
                graduates, draw.of(("associate", "bachelor", "master", "doctor", "high_school"))
            ),
            "founder_graduated_on": draw.where(graduates, draw.days(date(2007, 6, 1), date(2015, 6, 30))),
            "founder_returned_home": draw.where(graduates, draw.yes(70)),
        }
    )


def filled(frame: pl.DataFrame) -> pl.DataFrame:
    """The same applicants with no blank cell: each asks for all that one without a park can ask for."""
    return frame.with_columns(series.fill_null(strategy="forward").fill_null(strategy="backward") for series in frame)


def history(people: pl.DataFrame) -> pl.DataFrame:
    """Three years of each applicant, smaller than the policy year: some thresholds are past for the first time."""
    import polars as pl

    draw = Draw(people.height * len(YEARS), SEED + 1)
    return pl.DataFrame(
        {
            "uscc": [code for code in people["uscc"].to_list() for _ in YEARS],
            "year": list(YEARS) * people.height,
            "online_gmv_yuan": [amount // 4 for amount in draw.fen()],
            "ecom_invoiced_sales_yuan": [amount // 4 for amount in draw.fen()],
            "paying_members": draw.of(range(1_500)),
        },
        schema_overrides={"year": pl.Int64},
    )


def declaring(people: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    """The applicants with the highest figures of their years, of which one in fifty got one wrong."""
    import polars as pl

    highest = years.group_by("uscc", maintain_order=True).agg(
        pl.col("online_gmv_yuan", "ecom_invoiced_sales_yuan", "paying_members").max().name.prefix("prior_max_")
    )
    wrong = pl.Series(Draw(people.height, SEED + 2).yes(2))
    right = people.select("uscc").join(highest, on="uscc", how="left", maintain_order="left").drop("uscc")
    return people.with_columns(
        right["prior_max_online_gmv_yuan"] + pl.when(wrong).then(100).otherwise(0),
        right["prior_max_ecom_invoiced_sales_yuan"],
        right["prior_max_paying_members"],
    )


def frames(count: int, *, full: bool = False) -> dict[str, pl.DataFrame]:
    """Both sheets."""
    people = applicants(count)
    years = history(people)
    people = declaring(people, years)
    return {"applicants": filled(people) if full else people, "history": years}


def tables(made: dict[str, pl.DataFrame], policy: Policy) -> Tables:
    """The frames as the engine takes them, with the places of the workbook."""
    import polars as pl

    from anqing_subsidy.intake.sheet import column_letter
    from anqing_subsidy.tables import Part, Tables

    placed: dict[str, pl.DataFrame] = {}
    parts: list[Part] = []
    for table, frame in made.items():
        letters = {column: column_letter(at) for at, column in enumerate(frame.columns)}
        placed[table] = frame.with_columns(
            pl.lit(len(parts), dtype=pl.UInt32).alias("_part"),
            pl.int_range(2, pl.len() + 2, dtype=pl.UInt32).alias("_row"),
        )
        parts.append(Part(table, "applicants.xlsx", policy.tables[table].sheet, letters))
    return Tables(placed, tuple(parts))


def as_typed_in(frame: pl.DataFrame, table: str, policy: Policy) -> pl.DataFrame:
    """A frame as the cells of its sheet: yuan, 是 and 否, the words of the lists, headers in Chinese."""
    import polars as pl

    cells: list[pl.Expr] = []
    for column in policy.tables[table].columns.values():
        value = pl.col(column.id)
        if column.type == "money":
            value = value / 100
        elif column.type == "yesno":
            value = pl.when(value).then(pl.lit("是")).when(~value).then(pl.lit("否"))
        elif column.values and not column.open_values:
            value = value.replace_strict(
                {key: words[0] for key, words in column.values.items()}, return_dtype=pl.String
            )
        unit = f"({column.unit})" if column.unit else ""
        cells.append(value.alias(column.header + unit))
    return frame.select(cells)


def write_workbook(made: dict[str, pl.DataFrame], path: Path, policy: Policy) -> None:
    """The workbook of both sheets."""
    from rustpy_xlsxwriter import write_worksheets

    sheets: list[tuple[str, Any]] = [
        (policy.tables[table].sheet, as_typed_in(frame, table, policy)) for table, frame in made.items()
    ]
    write_worksheets(sheets, str(path))
