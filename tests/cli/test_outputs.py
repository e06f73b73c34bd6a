"""What the program writes: JSON, JSONL, CSV, Parquet and workbooks that agree with each other, byte for byte again."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import openpyxl
import polars as pl
import pytest

import anqing_subsidy
from tests.cli.conftest import APPLICANTS, CAPPED, OPEN, PENDING, VILLAGE
from tests.support import write_workbook_of

if TYPE_CHECKING:
    from tests.cli.conftest import Program

EXAMPLES: Final = Path(__file__).parent.parent.parent / "examples"
SCHEMA: Final = Path(anqing_subsidy.__file__).parent / "report" / "result.schema.json"
COLUMNS: Final = [
    "uscc",
    "name",
    "county",
    "clause",
    "object_id",
    "status",
    "amount",
    "potential",
    "gross",
    "cap",
    "fund",
    "reason",
    "flags",
    "formula",
]
MONEY: Final = ("amount", "potential", "gross", "cap")

# the keys of the contract (contract/README.md): keys may be added, none of these renamed
TOP: Final = {"schema", "policy", "inputs", "applicants", "totals", "findings"}
APPLICANT: Final = {"uscc", "name", "county", "total", "potential", "by_fund", "facts", "lines"}
LINE: Final = {
    "clause", "object_id", "status", "amount", "potential", "gross", "cap", "fund", "reason", "flags", "readings",
    "formula", "near_miss", "conditions",
}  # fmt: skip
CONDITION: Final = {"text", "fact", "value", "op", "threshold", "met", "source"}
TOTALS: Final = {"amount", "potential", "by_fund", "by_clause", "by_county", "by_status"}
FINDING: Final = {"severity", "code", "message", "value", "source"}
STATUSES: Final = {
    "eligible",
    "eligible_with_held",
    "ineligible",
    "pending",
    "held",
    "excluded",
    "superseded",
    "invalid",
}
REASONS: Final = {
    "BAD_CODE",
    "INVALID_FACT",
    "DUPLICATE_CLAIM",
    "MISSING_FACT",
    "MISSING_HISTORY",
    "WRONG_KIND",
    "BELOW_THRESHOLD",
    "AT_THRESHOLD",
    "NOT_FIRST_TIME",
    "ALREADY_PAID",
    "OTHER_SUPPORT",
    "SUPERSEDED",
    "DECIDED",
    "CAPPED",
    "GRANTED",
}


def json_of(program: Program, *words: str) -> dict[str, Any]:
    said = program("run", *words, "--format", "json")
    assert said.status in (0, 1)
    found: dict[str, Any] = json.loads(said.out)
    return found


# ---- JSON -------------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module", params=["simple.xlsx", "detailed.xlsx", "counties"])
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The JSON of each example."""
    from tests.cli.conftest import Program

    return json_of(Program(tmp_path_factory.mktemp("run")), str(EXAMPLES / request.param))


def test_the_json_has_every_key_of_the_contract(example: dict[str, Any]) -> None:
    assert set(example) >= TOP
    assert set(example["policy"]) >= {"id", "sha256", "year", "readings"}
    assert set(example["totals"]) >= TOTALS
    assert all(set(source) >= {"path", "sha256"} for source in example["inputs"])
    for person in example["applicants"]:
        assert set(person) >= APPLICANT
        for line in person["lines"]:
            assert set(line) >= LINE
            assert all(set(condition) >= CONDITION for condition in line["conditions"])
    assert all(set(finding) >= FINDING for finding in example["findings"])


def test_the_json_fits_the_schema_that_ships_with_the_package(example: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(example, schema, format_checker=jsonschema.FormatChecker())


def test_the_schema_refuses_a_result_without_a_key_of_the_contract(example: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for key in TOP:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({name: value for name, value in example.items() if name != key}, schema)
    person = example["applicants"][0]
    for key in APPLICANT:
        spoilt = {**example, "applicants": [{name: value for name, value in person.items() if name != key}]}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(spoilt, schema)


def test_statuses_reasons_and_amounts_are_written_as_the_contract_says(example: dict[str, Any]) -> None:
    for person in example["applicants"]:
        for line in person["lines"]:
            assert line["status"] in STATUSES
            assert line["reason"] in REASONS
            for key in MONEY:
                assert line[key] is None or line[key] == f"{Decimal(line[key]):.2f}"


def test_totals_are_the_sums_of_what_stands_above_them(example: dict[str, Any]) -> None:
    whole = Decimal(0)
    statuses: dict[str, int] = {}
    for person in example["applicants"]:
        assert sum(Decimal(line["amount"]) for line in person["lines"]) == Decimal(person["total"])
        assert sum(map(Decimal, person["by_fund"].values())) == Decimal(person["total"])
        whole += Decimal(person["total"])
        for line in person["lines"]:
            statuses[line["status"]] = statuses.get(line["status"], 0) + 1
    assert Decimal(example["totals"]["amount"]) == whole
    assert example["totals"]["by_status"] == statuses


def test_every_figure_is_found_again_in_the_cell_that_is_named_for_it(program: Program) -> None:
    write_workbook_of(OPEN, program.folder / "claims.xlsx")
    sheet = openpyxl.load_workbook(program.folder / "claims.xlsx")["申报主体"]
    seen = 0
    for person in json_of(program, "claims.xlsx")["applicants"]:
        assert sheet.cell(person["source"]["row"], 1).value == person["uscc"]
        for line in person["lines"]:
            for condition in line["conditions"]:
                if condition["fact"] in ("invoiced_sales_yuan", "online_sales_yuan"):
                    source = condition["source"]
                    cell = sheet[f"{source['column']}{source['row']}"].value
                    assert Decimal(str(cell)) == Decimal(condition["value"])
                    seen += 1
    assert seen >= 4


# ---- the forms agree ----------------------------------------------------------------------------------------------------------
def rows_of(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of a JSON result as the rows of a table."""
    return [
        {**{key: person[key] for key in ("uscc", "name", "county")}, **{key: line[key] for key in COLUMNS[3:]}}
        for person in result["applicants"]
        for line in person["lines"]
    ]


def written(row: dict[str, Any]) -> dict[str, str]:
    """A row as CSV writes it."""
    flags = row["flags"] if isinstance(row["flags"], str) else " ".join(row["flags"])
    return {key: "" if value is None else str(value) for key, value in {**row, "flags": flags}.items()}


@pytest.mark.parametrize("name", ["simple.xlsx", "detailed.xlsx"])
def test_jsonl_csv_and_json_say_the_same(program: Program, name: str) -> None:
    source = str(EXAMPLES / name)
    result = json_of(program, source)
    assert [json.loads(line) for line in program("run", source, "--format", "jsonl").out.splitlines()] == result[
        "applicants"
    ]
    table = list(csv.DictReader(io.StringIO(program("run", source, "--format", "csv").out)))
    assert list(table[0]) == COLUMNS
    assert len(table) == sum(len(person["lines"]) for person in result["applicants"])
    for got, wanted in zip(table, rows_of(result), strict=True):
        expected = written(wanted)
        assert set(got.pop("flags").replace(",", " ").replace(";", " ").split()) == set(expected.pop("flags").split())
        assert got == expected


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_a_file_holds_what_the_screen_shows(clean: Program, form: str) -> None:
    shown = clean("run", "claims.xlsx", "--format", form).out
    clean("run", "claims.xlsx", "-o", f"result.{form}", "-q")
    encoding = "utf-8-sig" if form == "csv" else "utf-8"
    assert (clean.folder / f"result.{form}").read_bytes().decode(encoding) == shown


def test_a_csv_file_opens_in_a_spreadsheet_with_its_chinese_intact(clean: Program) -> None:
    clean("run", "claims.xlsx", "-o", "result.csv", "-q")
    assert (clean.folder / "result.csv").read_bytes().startswith(b"\xef\xbb\xbfuscc,name")


def test_a_dash_as_output_writes_json_to_the_screen(clean: Program) -> None:
    assert clean("run", "claims.xlsx", "-o", "-").out == clean("run", "claims.xlsx", "--format", "json").out


def test_parquet_holds_the_rows_of_the_csv_with_exact_decimals(opened: Program) -> None:
    table = list(csv.DictReader(io.StringIO(opened("run", "claims.xlsx", "--format", "csv").out)))
    opened("run", "claims.xlsx", "-o", "result.parquet", "-q")
    frame = pl.read_parquet(opened.folder / "result.parquet")
    assert frame.columns == COLUMNS
    assert [frame.schema[name] for name in MONEY] == [pl.Decimal(18, 2)] * 4
    for row, wanted in zip(frame.iter_rows(named=True), table, strict=True):
        for name in ("uscc", "clause", "status", "reason", *MONEY):
            assert ("" if row[name] is None else str(row[name])) == wanted[name]


def test_the_workbook_holds_the_amount_of_every_line(opened: Program) -> None:
    opened("run", "claims.xlsx", "-o", "result.xlsx", "-q")
    book = openpyxl.load_workbook(opened.folder / "result.xlsx", read_only=True)
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    for person in json_of(opened, "claims.xlsx")["applicants"]:
        assert person["uscc"] in cells
        assert person["name"] in cells
        for line in person["lines"]:
            assert any(
                isinstance(cell, int | float) and Decimal(str(cell)) == Decimal(line["amount"]) for cell in cells
            )


def test_english_and_chinese_results_hold_the_same_figures(opened: Program) -> None:
    chinese, english = (json_of(opened, "claims.xlsx", "--lang", lang) for lang in ("zh", "en"))
    assert chinese["totals"] == english["totals"]
    for one, other in zip(rows_of(chinese), rows_of(english), strict=True):
        assert {key: one[key] for key in COLUMNS[:-1]} == {key: other[key] for key in COLUMNS[:-1]}


# ---- again, and elsewhere -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("suffix", ["json", "jsonl", "csv", "parquet", "xlsx"])
def test_two_runs_write_the_same_bytes(opened: Program, suffix: str) -> None:
    opened("run", "claims.xlsx", "-o", f"one.{suffix}", "-q", PYTHONHASHSEED="1")
    opened("run", "claims.xlsx", "-o", f"two.{suffix}", "-q", PYTHONHASHSEED="2", POLARS_MAX_THREADS="1")
    one, two = ((opened.folder / f"{name}.{suffix}").read_bytes() for name in ("one", "two"))
    assert one == two


def test_two_runs_print_the_same(program: Program) -> None:
    source = str(EXAMPLES / "detailed.xlsx")
    assert program("run", source, "--all", PYTHONHASHSEED="1") == program("run", source, "--all", PYTHONHASHSEED="2")


def test_one_file_in_two_gives_the_same_amounts(program: Program) -> None:
    write_workbook_of(OPEN, program.folder / "all.xlsx")
    for at, row in enumerate(OPEN["applicants"]):
        (program.folder / "parts").mkdir(exist_ok=True)
        write_workbook_of({"applicants": [row]}, program.folder / "parts" / f"{at}.xlsx")
    whole, parts = json_of(program, "all.xlsx"), json_of(program, "parts")
    assert rows_of(whole) == rows_of(parts)
    assert whole["totals"] == parts["totals"]
    assert len(parts["inputs"]) == 4


def test_an_older_result_is_replaced(clean: Program) -> None:
    (clean.folder / "result.json").write_text("older" * 10_000, encoding="utf-8")
    clean("run", "claims.xlsx", "-o", "result.json", "-q")
    assert json.loads((clean.folder / "result.json").read_text(encoding="utf-8"))["totals"]["amount"] == "216000.01"


def test_a_suffix_in_capitals_is_understood(clean: Program) -> None:
    clean("run", "claims.xlsx", "-o", "RESULT.JSON", "-q")
    assert json.loads((clean.folder / "RESULT.JSON").read_text(encoding="utf-8"))["schema"] == "anqing-subsidy/result/1"


def test_a_county_a_file_holds_all_applicants_once(clean: Program) -> None:
    clean("run", "claims.xlsx", "-o", "result.csv", "--split-by", "county", "-q")
    assert set(clean.files()) == {"claims.xlsx", "result-桐城市.csv", "result-怀宁县.csv"}
    for county, code in (("桐城市", CAPPED), ("怀宁县", VILLAGE)):
        text = (clean.folder / f"result-{county}.csv").read_text(encoding="utf-8-sig")
        assert {row["uscc"] for row in csv.DictReader(io.StringIO(text))} == {code}


# ---- texts that a spreadsheet would run ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["=1+1", "+86公司", "-甲", "@乙", '=HYPERLINK("http://x","y")'])
def test_a_csv_guards_a_text_that_a_spreadsheet_would_run(program: Program, name: str) -> None:
    header = "统一社会信用代码,名称,是否村级电子商务企业(站),是否电商全覆盖,年网络销售额(元)\n"
    quoted = '"' + name.replace('"', '""') + '"'
    (program.folder / "申报主体.csv").write_text(f"{header}{CAPPED},{quoted},是,是,800000\n", encoding="utf-8")
    (row,) = csv.DictReader(io.StringIO(program("run", "申报主体.csv", "--format", "csv").out))
    assert row["name"] == "'" + name
    assert row["amount"] == "16000.00"
    assert not any(value.startswith(("=", "+", "-", "@")) for value in row.values())
    assert json_of(program, "申报主体.csv")["applicants"][0]["name"] == name


def test_a_workbook_holds_such_a_text_as_a_text(program: Program) -> None:
    header = "统一社会信用代码,名称,是否村级电子商务企业(站),是否电商全覆盖,年网络销售额(元)\n"
    (program.folder / "申报主体.csv").write_text(f"{header}{CAPPED},=1+1,是,是,800000\n", encoding="utf-8")
    program("run", "申报主体.csv", "-o", "result.xlsx", "-q")
    book = openpyxl.load_workbook(program.folder / "result.xlsx")
    named = [cell for sheet in book for row in sheet.iter_rows() for cell in row if "=1+1" in str(cell.value)]
    assert named
    assert {cell.data_type for cell in named} == {"s"}


# ---- one applicant ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wanted", [VILLAGE, VILLAGE.lower(), "怀宁小站", "怀宁"])
def test_one_applicant_is_shown_by_code_or_name(opened: Program, wanted: str) -> None:
    (person,) = json_of(opened, "claims.xlsx", "--applicant", wanted)["applicants"]
    assert person["uscc"] == VILLAGE
    assert person in json_of(opened, "claims.xlsx")["applicants"]


def test_one_applicant_is_assessed_among_all(program: Program) -> None:
    again = {**APPLICANTS["applicants"][0], "invoiced_sales_yuan": "13000000"}
    write_workbook_of({"applicants": [*APPLICANTS["applicants"], again]}, program.folder / "claims.xlsx")
    (person,) = json_of(program, "claims.xlsx", "--applicant", CAPPED)["applicants"]
    assert person["lines"][0]["status"] == "held"


def test_an_applicant_alone_that_is_clean_ends_with_0_though_another_is_open(opened: Program) -> None:
    assert opened("run", "claims.xlsx", "--applicant", VILLAGE, "--strict", "-q").status == 0
    assert opened("run", "claims.xlsx", "--applicant", PENDING, "--strict", "-q").status == 1


# ---- standard input ----------------------------------------------------------------------------------------------------------------
def test_csv_and_jsonl_are_read_from_standard_input(program: Program) -> None:
    table = f"uscc,name,is_village_station,full_coverage,online_sales_yuan\n{CAPPED},甲,是,是,800000\n"
    record = {
        "uscc": CAPPED,
        "name": "甲",
        "is_village_station": "是",
        "full_coverage": "是",
        "online_sales_yuan": "800000",
    }
    for form, given in (("csv", table), ("jsonl", json.dumps(record, ensure_ascii=False) + "\n")):
        said = program("run", "-", "--input-format", form, "--format", "json", given=given)
        assert json.loads(said.out)["totals"]["amount"] == "16000.00", said.err


# ---- a reading ---------------------------------------------------------------------------------------------------------------------
def test_a_reading_changes_the_amount_and_stands_in_the_result(clean: Program) -> None:
    result = json_of(clean, "claims.xlsx", "--set", "c3_base=excess", "--set", "c1_c2=max")
    assert result["policy"]["readings"]["c3_base"] == "excess"
    (line,) = result["applicants"][1]["lines"]
    assert line["amount"] == "6000.01"
    assert "c3_base" in {entry.partition("=")[0] for entry in line["readings"]}
