"""A fictional town with other tables, columns, clauses and funds: what the engine computes from its YAML alone."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import pytest

from anqing_subsidy import assess, load_policy, read_tables
from anqing_subsidy.money import SCALE, fen_of_yuan, plain
from anqing_subsidy.report.record import Recorder
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment

Line = tuple[str, str, str | None]
Shown = tuple[str, str, str | None]
POLICY: Final = Path(__file__).parent / "policy.yaml"

FARMS: Final[list[dict[str, Any]]] = [
    {
        "farm_no": "F1",
        "farm_name": "云顶",
        "valley": "东谷",
        "planted_on": date(2018, 3, 1),
        "organic": True,
        "wants_bushes": True,
        "leaf_sales": "200000",
        "leaf_kg": 500,
        "racks": 12,
        "cold_store": True,
    },
    {
        "farm_no": "F2",
        "farm_name": "山脚",
        "valley": "西谷",
        "planted_on": date(2021, 2, 1),
        "organic": False,
        "wants_bushes": False,
        "leaf_sales": "600000",
        "leaf_kg": 499,
        "racks": 9,
        "cold_store": False,
    },
    {"farm_no": "F3", "farm_name": "溪边", "organic": False, "leaf_sales": "50000", "leaf_kg": 200},
    {
        "farm_no": "F4",
        "farm_name": "老坡",
        "planted_on": date(2015, 5, 5),
        "organic": False,
        "wants_bushes": True,
        "declared_bushes": 99,
        "leaf_sales": "100000",
        "best_season_before": "60000",
    },
    {
        "farm_no": "F5",
        "farm_name": "新坡",
        "planted_on": date(2021, 1, 1),
        "wants_bushes": True,
        "declared_bushes": 100,
        "leaf_sales": "60000",
    },
]
ROWS: Final[dict[str, list[dict[str, Any]]]] = {
    "farms": FARMS,
    "plots": [
        {"farm_no": "F1", "plot": "A", "slope": "steep", "surveyed": True, "bushes": 400},
        {"farm_no": "F1", "plot": "B", "slope": "gentle", "surveyed": True, "bushes": 1000},
        {"farm_no": "F1", "plot": "C", "slope": "steep", "surveyed": False, "bushes": 900},
    ],
    "seasons": [
        {"farm_no": "F1", "season": 2018, "leaf_sales": "99999.99"},
        {"farm_no": "F1", "season": 2019, "leaf_sales": "150000"},
        {"farm_no": "F1", "season": 2020, "leaf_sales": "120000"},
    ],
    "past_grants": [
        {"farm_no": "F2", "granted": 2019, "item": "t_medal", "thing": "水仙", "medal": "silver", "sum": "5000"},
        {"farm_no": "F2", "granted": 2019, "item": "评茶奖牌", "thing": "老枞", "medal": "bronze", "sum": "2000"},
        {"farm_no": "F9", "granted": 2020, "item": "七", "thing": "S9", "sum": "500"},
    ],
    "other_grants": [
        {"farm_no": "F3", "item": "t_scale", "giver": "county", "same_purpose": True, "progress": "paid", "sum": "100"},
        {"farm_no": "F4", "item": "t_sales", "giver": "cousin", "same_purpose": True, "sum": "100"},
    ],
    "medals": [
        {"farm_no": "F1", "tea": "云雾", "medal": "gold"},
        {"farm_no": "F1", "tea": "云雾", "medal": "silver"},
        {"farm_no": "F1", "tea": "碧片", "medal": "silver"},
        {"farm_no": "F2", "tea": "老枞", "medal": "silver"},
        {"farm_no": "F2", "tea": "水仙", "medal": "bronze"},
    ],
    "stoves": [
        {"stove_no": "S1", "farm_no": "F1", "stove_price": "1500", "chimney_price": "999.99"},
        {"stove_no": "S2", "farm_no": "F1", "stove_price": "10000", "chimney_price": "0"},
        {"stove_no": "S3", "farm_no": "F1", "stove_price": "999.99", "chimney_price": "0"},
        {"stove_no": "S9", "farm_no": "F2", "stove_price": "5000", "chimney_price": "0"},
    ],
    "apprentices": [
        {"farm_no": "F1", "person": "P1", "months": 12, "passed": True},
        {"farm_no": "F1", "person": "P2", "months": 6, "passed": False},
        {"farm_no": "F1", "person": "P3", "months": 5, "passed": False},
        {"farm_no": "F1", "person": "P4", "months": 12, "passed": True},
        {"farm_no": "F2", "person": "P4", "months": 12, "passed": True},
    ],
}

# worked out by hand from policy.yaml: farm, clause, object -> status, amount, potential
EXPECTED: Final[dict[Line, Shown]] = {
    ("F1", "t_bushes", None): ("eligible", "1200.00", None),  # 400 surveyed bushes on a steep plot x 3
    ("F1", "t_sales", None): ("superseded", "0.00", None),  # 3% of 200,000 - 10,000
    ("F1", "t_scale", None): ("eligible", "6000.00", None),  # organic pays more than 500 kg
    ("F1", "t_kit", None): ("eligible", "2460.00", None),  # 12 x 80 + 1500
    ("F1", "t_first", None): ("eligible", "3000.00", None),  # 200,000 reached, 150,000 was the best before
    ("F1", "t_medal", "云雾"): ("eligible", "9000.00", None),
    ("F1", "t_medal", "碧片"): ("eligible", "5000.00", None),
    ("F1", "t_stove", "S1"): ("eligible", "1250.00", None),  # half of 2,499.99 is 1,249.995
    ("F1", "t_stove", "S2"): ("eligible", "3000.00", None),  # half of 10,000, capped
    ("F1", "t_stove", "S3"): ("ineligible", "0.00", None),
    ("F1", "t_apprentice", None): ("eligible_with_held", "1900.00", "3000.00"),  # 1200 + 700; P4 would reach the cap
    ("F2", "t_sales", None): ("eligible", "8850.00", None),  # 15 per mille of 590,000
    ("F2", "t_scale", None): ("superseded", "0.00", None),  # 499 kg: the first band
    ("F2", "t_kit", None): ("ineligible", "0.00", None),  # 9 racks are too few
    ("F2", "t_first", None): ("eligible", "8000.00", None),  # planted this year: nothing to look back on
    ("F2", "t_medal", "老枞"): ("eligible", "5000.00", None),  # bronze before, silver now
    ("F2", "t_medal", "水仙"): ("ineligible", "0.00", None),  # silver before, bronze now
    ("F2", "t_stove", "S9"): ("ineligible", "0.00", None),  # the stove was paid for under another farm
    ("F2", "t_apprentice", None): ("held", "0.00", "1200.00"),
    ("F3", "t_sales", None): ("ineligible", "0.00", None),  # 50,000 is not above 50,000
    ("F3", "t_scale", None): ("excluded", "0.00", "2500.00"),
    ("F3", "t_first", None): ("ineligible", "0.00", None),
    ("F4", "t_bushes", None): ("ineligible", "0.00", None),  # 99 declared
    ("F4", "t_sales", None): ("eligible", "1350.00", None),  # what a cousin gives does not count
    ("F4", "t_first", None): ("eligible", "1000.00", None),  # 100,000 reached, 60,000 declared before
    ("F5", "t_bushes", None): ("eligible", "300.00", None),
    ("F5", "t_sales", None): ("pending", "0.00", "1500.00"),  # organic or not: 750 or 1500
    ("F5", "t_first", None): ("ineligible", "0.00", None),
}
TOTALS: Final = {
    "F1": ("32810.00", "11560.00", "21250.00"),
    "F2": ("21850.00", "8850.00", "13000.00"),
    "F3": ("0.00", "0.00", "0.00"),
    "F4": ("2350.00", "1350.00", "1000.00"),
    "F5": ("300.00", "300.00", "0.00"),
}


def typed() -> dict[str, list[dict[str, Any]]]:
    """The rows with money in fen."""
    policy = load_policy(POLICY)
    money = {
        (table.id, column.id)
        for table in policy.tables.values()
        for column in table.columns.values()
        if column.type == "money"
    }
    return {
        table: [
            {name: fen_of_yuan(value) if (table, name) in money else value for name, value in row.items()}
            for row in rows
        ]
        for table, rows in ROWS.items()
    }


@cache
def result(reading: str = "") -> Assessment:
    policy = load_policy(POLICY, dict([reading.split("=")]) if reading else {})
    return assess(policy, frames(policy, typed()))


def lines(found: Assessment) -> dict[Line, Shown]:
    return {
        (line["code"], line["clause"], line["object"]): (
            line["status"],
            plain(line["amount"]),
            None if line["potential"] is None else plain(line["potential"]),
        )
        for line in found.lines.iter_rows(named=True)
    }


def totals(found: Assessment) -> dict[str, tuple[str, str, str]]:
    return {
        row["code"]: (plain(row["total"]), plain(row["fund:leaf"]), plain(row["fund:green"]))
        for row in found.applicants.iter_rows(named=True)
    }


def test_the_two_policies_share_no_clause_table_reading_or_fund() -> None:
    ours, theirs = load_policy(POLICY), load_policy()
    for part in ("clauses", "tables", "readings", "funds", "facts"):
        # the sheet of decisions is the standard one of every policy
        assert set(getattr(ours, part)) & set(getattr(theirs, part)) <= {"decisions"}, part
    columns = [
        {name for table in policy.tables.values() if table.id != "decisions" for name in table.columns}
        for policy in (ours, theirs)
    ]
    assert not columns[0] & columns[1]


@pytest.mark.parametrize("line", list(EXPECTED), ids=lambda line: " ".join(part or "" for part in line))
def test_each_line_is_what_was_worked_out_by_hand(line: Line) -> None:
    assert lines(result())[line] == EXPECTED[line]


def test_there_is_no_line_that_was_not_worked_out_by_hand() -> None:
    assert set(lines(result())) == set(EXPECTED)


def test_the_totals_by_farm_and_fund_are_what_was_worked_out_by_hand() -> None:
    assert totals(result()) == TOTALS


def test_a_figure_that_is_declared_instead_of_detailed_is_marked() -> None:
    marked = result().lines.filter(result().lines["declared"])
    assert {(line["code"], line["clause"]) for line in marked.iter_rows(named=True)} == {
        ("F4", "t_bushes"),
        ("F4", "t_first"),
        ("F5", "t_bushes"),
    }


@pytest.mark.parametrize(
    ("reading", "line", "expected"),
    [
        ("reach=gt", ("F1", "t_first", None), ("ineligible", "0.00", None)),
        ("reach=gt", ("F4", "t_first", None), ("ineligible", "0.00", None)),
        ("reach=gt", ("F2", "t_first", None), ("eligible", "8000.00", None)),
        ("steps=cumulative", ("F2", "t_first", None), ("eligible", "12000.00", None)),
        ("steps=cumulative", ("F1", "t_first", None), ("eligible", "3000.00", None)),
        ("steep_only=false", ("F1", "t_bushes", None), ("eligible", "2000.00", None)),  # 1400 x 3, capped
        ("t_sales_or_scale=both", ("F1", "t_sales", None), ("eligible", "5700.00", None)),
        ("t_sales_or_scale=both", ("F2", "t_scale", None), ("eligible", "2500.00", None)),
    ],
)
def test_another_reading_gives_the_other_amount(reading: str, line: Line, expected: Shown) -> None:
    assert lines(result(reading))[line] == expected


def test_an_organic_line_is_borne_by_the_other_fund_whole_or_in_part() -> None:
    policy_whole = load_policy(POLICY, {"t_sales_or_scale": "both"})
    policy_part = load_policy(POLICY, {"t_sales_or_scale": "both", "organic_part": "increment"})
    shares = []
    for policy in (policy_whole, policy_part):
        found = assess(policy, frames(policy, typed())).lines
        line = next(one for one in found.iter_rows(named=True) if (one["code"], one["clause"]) == ("F1", "t_sales"))
        shares.append((plain(line["fund:leaf"]), plain(line["fund:green"])))
    assert shares == [("0.00", "5700.00"), ("2850.00", "2850.00")]


def test_support_is_only_applied_for_where_the_policy_says_how_to_tell(tmp_path: Path) -> None:
    text = POLICY.read_text(encoding="utf-8")
    assert text.count("  undecided: [progress == asked]\n") == 1
    silent = tmp_path / "policy.yaml"
    silent.write_text(text.replace("  undecided: [progress == asked]\n", ""), encoding="utf-8")
    policy = load_policy(silent)
    found = lines(assess(policy, frames(policy, typed())))
    assert found["F3", "t_scale", None] == EXPECTED["F3", "t_scale", None]


def test_an_amount_for_each_square_metre_counts_square_metres(tmp_path: Path) -> None:
    text = POLICY.read_text(encoding="utf-8")
    assert text.count("type: count, unit: 株") == 2
    measured = tmp_path / "policy.yaml"
    measured.write_text(text.replace("type: count, unit: 株", "type: area, unit: ㎡"), encoding="utf-8")
    policy = load_policy(measured)
    farm = {**FARMS[4], "declared_bushes": 100 * SCALE["area"], "leaf_sales": None}
    found = lines(assess(policy, frames(policy, {"farms": [farm]})))
    assert found["F5", "t_bushes", None] == ("eligible", "300.00", None)


def test_a_first_crossing_is_explained_with_the_comparison_in_force() -> None:
    for reading, op in (("reach=ge", ">="), ("reach=gt", ">")):
        found = result(reading)
        recorded = Recorder(found, "en").applicants()
        farm = next(farm for farm in recorded if farm["uscc"] == "F2")
        line = next(line for line in farm["lines"] if line["clause"] == "t_first")
        passed = next(condition for condition in line["conditions"] if condition["threshold"] == "500000.00")
        assert passed["op"] == op


# ---- through the program ---------------------------------------------------------------------------------------------
def workbook(path: Path) -> Path:
    """The rows as a farmer would fill them in, with the words and headers of this policy."""
    policy = load_policy(POLICY)
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for table in policy.tables.values():
        sheet = book.create_sheet(table.sheet)
        columns = list(table.columns.values())
        sheet.append([f"{column.header}(元)" if column.type == "money" else column.header for column in columns])
        for row in ROWS.get(table.id, []):
            cells = []
            for column in columns:
                value = row.get(column.id)
                if isinstance(value, bool):
                    value = policy.yes[0] if value else policy.no[0]
                elif column.type == "money" and value is not None:
                    value = float(value)
                elif column.type == "enum" and column.values is not None and value is not None:
                    value = column.values[value][0]
                cells.append(value)
            sheet.append(cells)
    book.save(path)
    return path


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workbook(tmp_path_factory.mktemp("tea") / "茶园.xlsx")


def test_a_header_may_carry_the_unit_that_the_policy_gives_the_column(tmp_path: Path) -> None:
    policy = load_policy(POLICY)
    headers = [
        f"{column.header}({column.unit})" if column.unit else column.header
        for column in policy.tables["farms"].columns.values()
    ]
    (tmp_path / "茶园.csv").write_text(
        ",".join(headers) + "\nF1,云顶" + "," * (len(headers) - 2) + "\n", encoding="utf-8"
    )
    findings = read_tables([tmp_path / "茶园.csv"], policy).findings
    assert [finding for finding in findings if finding.severity != "info"] == []


def test_the_workbook_gives_the_same_lines_through_the_library(book: Path) -> None:
    policy = load_policy(POLICY)
    assert lines(assess(policy, read_tables([book], policy))) == EXPECTED


@pytest.fixture(scope="module")
def said(book: Path) -> dict[str, Any]:
    """The JSON that the program prints."""
    command = [sys.executable, "-m", "anqing_subsidy", "run", str(book), "--policy", str(POLICY), "--format", "json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stderr  # an apprentice is claimed by two farms
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_program_says_the_same_lines_and_totals(said: dict[str, Any]) -> None:
    found = {
        (farm["uscc"], line["clause"], line["object_id"]): (line["status"], line["amount"], line["potential"])
        for farm in said["applicants"]
        for line in farm["lines"]
    }
    assert found == EXPECTED
    assert {
        farm["uscc"]: (farm["total"], farm["by_fund"]["leaf"], farm["by_fund"]["green"]) for farm in said["applicants"]
    } == TOTALS
    assert said["totals"]["amount"] == "57310.00"
    assert said["totals"]["by_fund"] == {"leaf": "22060.00", "green": "35250.00"}
    assert said["totals"]["by_county"] == {"东谷": "32810.00", "西谷": "21850.00", "": "2650.00"}
    assert said["policy"]["id"] == "qingwu-tea-2021"


def test_the_program_explains_in_the_words_of_this_policy(said: dict[str, Any]) -> None:
    farm = next(farm for farm in said["applicants"] if farm["uscc"] == "F1")
    line = next(line for line in farm["lines"] if line["clause"] == "t_bushes")
    (condition,) = line["conditions"]
    assert (condition["fact"], condition["value"], condition["op"], condition["threshold"], condition["met"]) == (
        "counted_bushes",
        "400",
        ">=",
        "100",
        True,
    )
    assert "400" in line["formula"]
    assert "1,200.00" in line["formula"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_breakdown_of_a_terminal_is_printed_for_this_policy(book: Path, lang: str) -> None:
    command = [sys.executable, "-m", "anqing_subsidy", "run", str(book), "--policy", str(POLICY), "--lang", lang]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "32,810.00" in done.stdout
    assert "57,310.00" in done.stdout
    assert ("陡坡补苗" if lang == "zh" else "Bushes on steep plots") in done.stdout
