"""`template`: what is typed into a form comes back as typed, without a finding; the form keeps people from slips."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.intake import read_tables
from anqing_subsidy.policy import load_policy
from tests.forms import FILLED, SECOND, SIMPLE, TEA, columns_of, data_sheets, fill, plain

if TYPE_CHECKING:
    from pathlib import Path

    from anqing_subsidy.policy.model import Policy
    from tests.cli.conftest import Program
    from tests.support import JsonTables

FORMS: Final = {
    "the full form": ((), FILLED, "zh"),
    "the simple form": (("--simple",), SIMPLE, "zh"),
    "the form of one clause": (("--clause", "c7"), FILLED, "zh"),
    "the form of two clauses": (("--clause", "c5_existing", "--clause", "c2_above"), FILLED, "zh"),
    "the simple form of one clause": (("--simple", "--clause", "c10"), SIMPLE, "zh"),
    "the full form in English": (("--lang", "en"), FILLED, "en"),
    "the simple form in English": (("--simple", "--lang", "en"), SIMPLE, "en"),
    "the form of another policy": (("--policy", str(SECOND)), TEA, "zh"),
    "the English form of another policy": (("--policy", str(SECOND), "--lang", "en"), TEA, "en"),
}


@pytest.fixture(params=FORMS, ids=lambda name: name)
def filled(request: pytest.FixtureRequest, program: Program) -> tuple[Program, tuple[str, ...], JsonTables, Policy]:
    """A form of the command, filled in: the program beside it, the policy's words, what was typed, the policy."""
    words, rows, lang = FORMS[request.param]
    said = program("template", "-o", "form.xlsx", *words)
    assert said.status == 0, said.err
    policy = load_policy(SECOND if "--policy" in words else None)
    typed = fill(program.folder / "form.xlsx", rows, policy, lang)
    assert typed
    return program, ("--policy", str(SECOND)) if "--policy" in words else (), typed, policy


def result_of(program: Program, path: str, *words: str) -> dict[str, Any]:
    said = program("run", path, *words, "--format", "json")
    assert said.status in (0, 1), said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def assert_same_values(form: Path, typed: JsonTables, policy: Policy) -> None:
    """A form holds what a bare workbook of the same rows does."""
    bare = read_tables([plain(form.with_name("plain.xlsx"), typed, policy)], policy)
    tables = read_tables([form], policy)
    assert tables.findings == bare.findings == ()
    for name, expected in bare.frames.items():
        own = list(policy.tables[name].columns)
        assert tables.frames[name].select(own).equals(expected.select(own)), name
    assert {name for name, frame in tables.frames.items() if frame.height} == set(bare.frames)


def test_a_filled_form_reads_back_as_typed_without_a_finding(
    filled: tuple[Program, tuple[str, ...], JsonTables, Policy],
) -> None:
    program, words, typed, policy = filled
    assert_same_values(program.folder / "form.xlsx", typed, policy)
    result = result_of(program, "form.xlsx", *words)
    assert result["findings"] == []
    assert len(result["applicants"]) == len(typed[policy.main])
    assert result["totals"]["amount"] == result_of(program, "plain.xlsx", *words)["totals"]["amount"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(
    "filled",
    ["the full form", "the simple form", "the full form in English", "the form of another policy"],
    indirect=True,
)
def test_a_form_saved_by_libreoffice_reads_back_as_typed(
    filled: tuple[Program, tuple[str, ...], JsonTables, Policy],
) -> None:
    program, words, typed, policy = filled
    saved = program.folder / "saved"
    profile = f"-env:UserInstallation={(program.folder / 'profile').as_uri()}"
    target = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(saved), str(program.folder / "form.xlsx")]
    subprocess.run(["soffice", profile, "--headless", *target], check=True, capture_output=True, timeout=300)
    assert_same_values(saved / "form.xlsx", typed, policy)
    assert result_of(program, "saved/form.xlsx", *words)["findings"] == []


@pytest.mark.parametrize("words", [(), ("--simple",), ("--lang", "en"), ("--policy", str(SECOND))])
def test_an_empty_form_has_no_applicant_and_no_finding(program: Program, words: tuple[str, ...]) -> None:
    program("template", "-o", "form.xlsx", *words)
    policy = words if "--policy" in words else ()
    result = result_of(program, "form.xlsx", *policy)
    assert (result["applicants"], result["findings"]) == ([], [])


@pytest.mark.parametrize("words", [(), ("--simple",), ("--clause", "c7"), ("--lang", "en"), ("--policy", str(SECOND))])
def test_the_example_row_would_be_read_without_an_error_were_it_not_marked(
    program: Program, words: tuple[str, ...]
) -> None:
    import openpyxl

    program("template", "-o", "form.xlsx", *words)
    path = program.folder / "form.xlsx"
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[1:]:
        sheet.cell(2, 1).value = 1
    book.save(path)
    policy = load_policy(SECOND if "--policy" in words else None)
    tables = read_tables([path], policy)
    assert [str(found) for found in tables.findings if found.severity != "info"] == []
    assert {frame.height for frame in tables.frames.values()} == {1}


# ---- which sheets and columns ------------------------------------------------------------------------------------------
def layout(program: Program, *words: str) -> dict[str, list[str]]:
    assert program("template", "-o", "form.xlsx", *words).status == 0
    policy = load_policy(SECOND if str(SECOND) in words else None)
    return {sheet.title: columns_of(policy, sheet) for sheet in data_sheets(program.folder / "form.xlsx")}


@pytest.mark.parametrize("words", [(), ("--policy", str(SECOND))])
def test_the_full_form_has_every_sheet_and_column_in_the_order_of_the_policy(
    program: Program, words: tuple[str, ...]
) -> None:
    policy = load_policy(SECOND if words else None)
    assert layout(program, *words) == {table.sheet: list(table.columns) for table in policy.tables.values()}


def test_the_simple_form_is_one_sheet_and_says_what_it_has_no_room_for(program: Program) -> None:
    assert layout(program, "--simple") == {"申报主体": list(load_policy().tables["applicants"].columns)}
    assert any("本简表不能申报" in line and "新投运电商园区" in line for line in guide_of(program))


def test_the_form_of_a_clause_has_what_the_clause_reads_and_no_more(program: Program) -> None:
    form = layout(program, "--clause", "c7")
    assert list(form) == ["申报主体", "历年已兑现", "其他财政支持", "培训学员"]
    assert form["申报主体"] == ["uscc", "name", "county", "bank_name", "bank_account"]
    assert "employer_uscc" not in form["培训学员"]
    assert {"hrss_paid", "in_park", "insurance_months", "trainee_key"} <= set(form["培训学员"])


def test_a_clause_of_a_form_may_be_named_by_its_article(program: Program) -> None:
    assert layout(program, "--clause", "（三）7") == layout(program, "--clause", "c7")


def test_a_column_that_only_a_derived_fact_reads_is_in_the_form_of_the_clause(program: Program) -> None:
    form = layout(program, "--clause", "c5_new")
    assert {"ecom_sales_months", "move_out", "entity_form"} <= set(form["入驻企业"])
    assert "leasable_area_m2" not in form["园区"]
    assert "ecommerce_tenants" not in form["园区"]
    under = layout(program, "--clause", "c5_new", "--set", "park_area_denominator=leasable")
    assert "leasable_area_m2" in under["园区"]


def test_the_simple_form_of_a_clause_has_totals_in_place_of_details(program: Program) -> None:
    assert layout(program, "--simple", "--clause", "c7") == {
        "申报主体": [
            "uscc",
            "name",
            "county",
            "bank_name",
            "bank_account",
            "trainees_shop",
            "trainees_park",
            "trainees_hired",
        ]
    }
    parks = layout(program, "--simple", "--clause", "c5_existing")
    assert list(parks) == ["申报主体", "园区"]
    assert {"ecommerce_area_m2", "ecommerce_tenants", "subsidised_tenants"} <= set(parks["园区"])


# ---- what the instructions say -----------------------------------------------------------------------------------------
def guide_of(program: Program) -> list[str]:
    import openpyxl

    sheet = openpyxl.load_workbook(program.folder / "form.xlsx").worksheets[0]
    return [" | ".join(str(cell) for cell in row if cell) for row in sheet.iter_rows(values_only=True)]


def test_the_instructions_have_a_line_for_every_column_with_its_clauses_and_documents(program: Program) -> None:
    form = layout(program)
    said = guide_of(program)
    policy = load_policy()
    lines = [line for line in said if line.split(" | ")[0].isupper() and line.split(" | ")[0].isascii()]
    assert len(lines) == sum(map(len, form.values())) == sum(len(table.columns) for table in policy.tables.values())
    (gmv,) = (line for line in lines if line.split(" | ")[1] == "网上年交易额(元)" and "政策年度" in line)
    assert "（一）1、\n（一）2 第2款、\n（一）2 第2款末" in gmv
    assert "电商平台后台的年度交易汇总" in gmv
    (move_out,) = (line for line in lines if "退出日期" in line)
    assert "（二）5" in move_out


def test_the_instructions_in_english_hold_no_chinese_but_articles_and_options(program: Program) -> None:
    import re

    layout(program, "--lang", "en")
    policy = load_policy()
    words = {clause.article for clause in policy.clauses.values()} | {"四"}
    words |= {
        word
        for table in policy.tables.values()
        for c in table.columns.values()
        for v in (c.values or {}).values()
        for word in v
    }
    for line in guide_of(program):
        rest = line
        for word in sorted(words, key=len, reverse=True):
            rest = rest.replace(word, "")
        assert not re.search("[一-鿿]", rest), line


# ---- what keeps people from slips ------------------------------------------------------------------------------------------
def test_headers_are_locked_without_a_password_and_cells_to_fill_in_are_not(program: Program) -> None:
    layout(program)
    for sheet in data_sheets(program.folder / "form.xlsx"):
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert all(cell.protection.locked for row in (1, 2) for cell in sheet[row])
        assert not any(cell.protection.locked for cell in sheet[3])
        assert not any(dimension.protection.locked for dimension in sheet.column_dimensions.values())


def test_lists_dates_and_figures_are_checked_with_messages_in_the_language(program: Program) -> None:
    for lang, word in (("zh", "请"), ("en", "type")):
        layout(program, "--lang", lang)
        rules = {
            sheet.title: {str(rule.sqref).split("3")[0]: rule for rule in sheet.data_validations.dataValidation}
            for sheet in data_sheets(program.folder / "form.xlsx")
        }
        main = rules["申报主体" if lang == "zh" else "applicants"]
        assert {rule.type for rule in main.values() if rule.type} == {"custom", "list", "date", "decimal", "whole"}
        for rule in (rule for sheet in rules.values() for rule in sheet.values()):
            assert rule.showInputMessage
            assert rule.prompt
            assert not rule.type or rule.error
        assert word in main["F"].error.lower()
        assert main["G"].formula1 == ('"是,否"' if lang == "zh" else '"yes,no"')


def test_a_list_too_long_for_a_rule_stands_on_a_sheet_of_its_own(program: Program) -> None:
    import openpyxl

    layout(program, "--lang", "en")
    book = openpyxl.load_workbook(program.folder / "form.xlsx")
    titles = [clause.title.en for clause in load_policy().clauses.values()]
    assert [cell.value for cell in book["options"]["A"]][1:] == titles
    (rule,) = (rule for rule in book["awards_paid"].data_validations.dataValidation if str(rule.sqref).startswith("D"))
    assert rule.formula1 == f"'options'!$A$2:$A${len(titles) + 1}"


def test_codes_and_accounts_are_text_and_the_sheet_prints_on_a4_with_its_header(program: Program) -> None:
    form = layout(program)
    for sheet in data_sheets(program.folder / "form.xlsx"):
        table = next(table for table in load_policy().tables.values() if table.sheet == sheet.title)
        for at, name in enumerate(form[sheet.title], 2):
            if table.columns[name].type in ("text", "uscc"):
                assert sheet.cell(3, at).number_format == "@"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$1:$1"
        assert str(sheet.freeze_panes).endswith("3")


# ---- the file --------------------------------------------------------------------------------------------------------------
def test_the_same_form_is_the_same_file_and_replaces_an_older_one(program: Program) -> None:
    (program.folder / "form.xlsx").write_bytes(b"older")
    program("template", "-o", "form.xlsx")
    program("template", "-o", "again.xlsx")
    files = program.files()
    assert files["form.xlsx"] == files["again.xlsx"]
    assert set(files) == {"form.xlsx", "again.xlsx"}


@pytest.mark.parametrize(
    ("words", "status", "part"),
    [
        (("-o", "x.xlsx", "--clause", "c77"), 2, "c7"),
        (("-o", "x.xlsx", "--clause", "c7", "--clause", "C88"), 2, "C88"),
        (("-o", "x.csv"), 2, ".xlsx"),
        (("-o", "nowhere/x.xlsx"), 3, "nowhere"),
        (("-o", "x.xlsx", "--policy", "lost.yaml"), 3, "lost.yaml"),
        (("-o", "x.xlsx", "--lang", "fr"), 2, "fr"),
        (("-o", "x.xlsx", "--set", "c3_bas=excess"), 2, "c3_base"),
        ((), 2, "--output"),
    ],
)
def test_wrong_use_says_what_to_do_and_writes_nothing(
    program: Program, words: tuple[str, ...], status: int, part: str
) -> None:
    said = program("template", *words)
    assert said.status == status
    assert part in said.err
    assert program.files() == {}
