"""The exit statuses of the contract, and that a refused run writes nothing and leaves nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest

from anqing_subsidy.policy import default_policy_path
from tests.cli.conftest import APPLICANTS, CAPPED, OPEN, REFUSED, VILLAGE
from tests.support import write_workbook_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Program, Said


def refused(program: Program, status: int, *words: str) -> Said:
    """A run that ends with this status, explains itself on stderr, prints nothing and touches no file."""
    before = program.files()
    said = program(*words)
    assert said.status == status, said.err
    assert said.err.strip()
    assert said.out == ""
    assert program.files() == before
    return said


# ---- 0 and 1 ----------------------------------------------------------------------------------------------------------------
def test_a_clean_run_ends_with_0(clean: Program) -> None:
    said = clean("run", "claims.xlsx")
    assert said.status == 0
    assert said.err == ""
    assert "216,000.01" in said.out


def test_a_pending_line_alone_is_clean(opened: Program) -> None:
    assert opened("run", "claims.xlsx", "-q").status == 0


def test_a_pending_line_is_not_clean_under_strict(opened: Program) -> None:
    assert opened("run", "claims.xlsx", "-q", "--strict").status == 1


def test_a_refused_line_is_clean_even_under_strict(program: Program) -> None:
    write_workbook_of(
        {"applicants": [row for row in OPEN["applicants"] if row["uscc"] == REFUSED]}, program.folder / "a.xlsx"
    )
    assert program("run", "a.xlsx", "--strict", "-q").status == 0


def test_an_applicants_sheet_without_rows_is_clean(program: Program) -> None:
    (program.folder / "申报主体.csv").write_text("统一社会信用代码,名称\n", encoding="utf-8")
    said = program("run", "申报主体.csv", "--format", "json")
    assert said.status == 0
    assert json.loads(said.out)["applicants"] == []


def spoil(path: Path, code: str, header: str, value: object) -> None:
    """Write a value into the cell of an applicant under a header."""
    book = openpyxl.load_workbook(path)
    sheet = book["申报主体"]
    column = next(cell.column for cell in sheet[1] if cell.value == header)
    row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == code)
    sheet.cell(row, column).value = value  # type: ignore[assignment]  # any value may be typed
    book.save(path)


@pytest.mark.parametrize("typed", ["约八十万", "八十万", "#REF!", "-800000", "800,00"])
def test_a_money_cell_that_cannot_be_read_stops_only_its_own_line(clean: Program, typed: str) -> None:
    spoil(clean.folder / "claims.xlsx", VILLAGE, "年网络销售额(元)", typed)
    said = clean("run", "claims.xlsx", "-o", "result.json")
    assert said.status == 1
    result = json.loads((clean.folder / "result.json").read_text(encoding="utf-8"))
    people = {person["uscc"]: person for person in result["applicants"]}
    assert people[CAPPED]["total"] == "200000.00"
    assert [(line["status"], line["amount"], line["reason"]) for line in people[VILLAGE]["lines"]] == [
        ("invalid", "0.00", "INVALID_FACT")
    ]
    (fault,) = [finding for finding in result["findings"] if finding["severity"] == "error"]
    source = fault["source"]
    assert (source["file"], source["sheet"], source["row"]) == ("claims.xlsx", "申报主体", 3)
    assert source["column"] in said.out


def test_a_figure_of_yuan_typed_with_wan_behind_it_is_not_taken_for_a_trillion(clean: Program) -> None:
    spoil(clean.folder / "claims.xlsx", VILLAGE, "年网络销售额(元)", "100000000万")
    said = clean("run", "claims.xlsx", "--format", "json")
    assert json.loads(said.out)["applicants"][1]["lines"][0]["status"] == "invalid"


@pytest.mark.parametrize("count", [-5, 1.5, "一千二百"])
def test_a_count_that_is_none_stops_only_its_own_line(program: Program, count: object) -> None:
    rows = [
        *APPLICANTS["applicants"],
        {"uscc": REFUSED, "name": "会员平台", "is_third_party_platform": "yes", "paying_members": "600"},
    ]
    write_workbook_of({"applicants": rows}, program.folder / "claims.xlsx")
    spoil(program.folder / "claims.xlsx", REFUSED, "年注册收费会员(户)", count)
    said = program("run", "claims.xlsx", "--format", "json")
    assert said.status == 1
    result = json.loads(said.out)
    assert result["totals"]["amount"] == "216000.01"
    assert result["totals"]["by_status"] == {"eligible": 2, "invalid": 1}


def test_a_code_with_a_wrong_check_digit_stops_only_its_own_applicant(clean: Program) -> None:
    spoil(
        clean.folder / "claims.xlsx", VILLAGE, "统一社会信用代码", VILLAGE[:-1] + ("0" if VILLAGE[-1] != "0" else "1")
    )
    said = clean("run", "claims.xlsx", "--format", "json")
    assert said.status == 1
    assert [person["total"] for person in json.loads(said.out)["applicants"]] == ["200000.00", "0.00"]


def test_two_rows_of_one_code_that_differ_end_with_1(program: Program) -> None:
    rows = [*APPLICANTS["applicants"], {**APPLICANTS["applicants"][0], "invoiced_sales_yuan": "13000000"}]
    write_workbook_of({"applicants": rows}, program.folder / "claims.xlsx")
    said = program("run", "claims.xlsx", "--format", "json")
    assert said.status == 1
    assert json.loads(said.out)["totals"]["by_status"] == {"eligible": 1, "held": 1}


def test_the_result_of_a_run_that_ends_with_1_is_written_all_the_same(clean: Program) -> None:
    spoil(clean.folder / "claims.xlsx", VILLAGE, "年网络销售额(元)", "?")
    assert clean("run", "claims.xlsx", "-o", "result.csv", "-q").status == 1
    assert "200000.00" in (clean.folder / "result.csv").read_text(encoding="utf-8-sig")


# ---- 2: wrong use ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--set", "c3_bas=excess"], "c3_base"),
        (["--set", "c3_base=exces"], "whole, excess"),
        (["--set", "c3_base"], "--set c3_base"),
        (["--format", "xml"], "table, json, jsonl, csv"),
        (["--lang", "fr"], "zh"),
        (["--applicant", "桐城运贸"], "桐城云贸"),
        (["--applicant", CAPPED[:-1] + "?"], CAPPED),
        (["--applicant", "无此一家"], "无此一家"),
        (["-o", "claims.xlsx"], "claims.xlsx"),
        (["-o", "./claims.xlsx"], "claims.xlsx"),
        (["-o", "result.pdf"], ".parquet"),
        (["-o", "result"], ".parquet"),
        (["--split-by", "town", "-o", "result.csv"], "county"),
        (["--split-by", "county"], "-o"),
        (["--sett", "c3_base=excess"], "--set"),
    ],
)  # fmt: skip
def test_wrong_use_ends_with_2_and_says_what_is_right(clean: Program, words: list[str], hint: str) -> None:
    assert hint in refused(clean, 2, "run", "claims.xlsx", *words).err


@pytest.mark.parametrize("words", [["run"], ["frobnicate"], ["--nonsense"], ["--lang", "fr", "run", "claims.xlsx"]])
def test_words_that_are_no_command_end_with_2(clean: Program, words: list[str]) -> None:
    refused(clean, 2, *words)


def test_a_name_that_several_bear_is_wrong_use_and_lists_their_codes(opened: Program) -> None:
    said = refused(opened, 2, "run", "claims.xlsx", "--applicant", "小站")
    assert VILLAGE in said.err
    assert REFUSED in said.err
    assert CAPPED not in said.err


def test_an_output_that_is_an_input_under_another_name_is_refused(clean: Program) -> None:
    (clean.folder / "link.xlsx").symlink_to("claims.xlsx")
    os.link(clean.folder / "claims.xlsx", clean.folder / "twin.xlsx")
    refused(clean, 2, "run", "claims.xlsx", "-o", "link.xlsx")
    refused(clean, 2, "run", "claims.xlsx", "-o", "twin.xlsx")
    refused(clean, 2, "run", ".", "-o", "claims.xlsx")


# ---- 3: what cannot be read or written -----------------------------------------------------------------------------------------
def make_empty_book(folder: Path) -> None:
    openpyxl.Workbook().save(folder / "input.xlsx")


def make_book_of_nothing_known(folder: Path) -> None:
    book = openpyxl.Workbook()
    book["Sheet"].append(["甲", "乙"])
    book["Sheet"].append([1, 2])
    book.save(folder / "input.xlsx")


def make_book_without_applicants(folder: Path) -> None:
    write_workbook_of({"titles": [{"uscc": CAPPED, "category": "base", "level": "national"}]}, folder / "input.xlsx")


def make_damaged_book(folder: Path) -> None:
    write_workbook_of(APPLICANTS, folder / "input.xlsx")
    (folder / "input.xlsx").write_bytes((folder / "input.xlsx").read_bytes()[:2000])


def make_empty_file(folder: Path) -> None:
    (folder / "input.xlsx").write_bytes(b"")


def make_folder_without_tables(folder: Path) -> None:
    (folder / "input.xlsx").mkdir()
    (folder / "input.xlsx" / "notes.docx").write_bytes(b"notes")


def make_nothing(folder: Path) -> None:
    assert folder.is_dir()


@pytest.mark.parametrize(
    "make",
    [
        make_empty_book,
        make_book_of_nothing_known,
        make_book_without_applicants,
        make_damaged_book,
        make_empty_file,
        make_folder_without_tables,
        make_nothing,
    ],
)
def test_an_input_that_cannot_be_read_ends_with_3_and_writes_nothing(
    program: Program, make: Callable[[Path], None]
) -> None:
    make(program.folder)
    refused(program, 3, "run", "input.xlsx", "-o", "result.json")


def test_one_input_that_cannot_be_read_stops_all_and_every_such_input_is_named(clean: Program) -> None:
    said = refused(clean, 3, "run", "claims.xlsx", "lost.xlsx", "gone.csv", "-o", "result.json")
    assert "lost.xlsx" in said.err
    assert "gone.csv" in said.err


def test_where_no_sheet_holds_applicants_the_reason_is_said_sheet_by_sheet(clean: Program) -> None:
    (clean.folder / "申报主体.csv").write_text("统一信用代码,名称\n1,甲\n", encoding="utf-8")
    said = refused(clean, 3, "check", "申报主体.csv")
    assert "统一社会信用代码" in said.err
    assert "申报主体.csv 1" in said.err


def test_a_missing_policy_ends_with_3(clean: Program) -> None:
    assert "lost.yaml" in refused(clean, 3, "run", "claims.xlsx", "--policy", "lost.yaml", "-o", "result.json").err


def test_every_fault_of_a_policy_is_listed_with_its_line(clean: Program) -> None:
    text = default_policy_path().read_text(encoding="utf-8")
    edits = {
        "  cap: 30万元\n": "  cap: 30万\n",
        "  when: [member_count >= 60]": "  when: [member_coun >= 60]",
        "  award: {pay: 10万元}": "  award: {pay: 10万元, prr: x}",
        "  unclaimed_beside: [full_coverage]": "  unclaimed_beside: [full_coverages]",
        "members: [c1, c2_routes]": "members: [c1, c2_rotes]",
    }
    for old, new in edits.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (clean.folder / "mine.yaml").write_text(text, encoding="utf-8")
    said = refused(clean, 3, "run", "claims.xlsx", "--policy", "mine.yaml", "-o", "result.json")
    lines = text.splitlines()
    for mark in ("member_coun ", "prr: x", "c2_rotes"):
        assert f"mine.yaml:{next(at for at, line in enumerate(lines, 1) if mark in line)}: " in said.err
    for hint in ("member_count", "per", "full_coverage", "c2_routes", "30万元"):
        assert hint in said.err
    assert len(said.err.splitlines()) == 1 + len(edits)


def test_an_output_in_a_folder_that_is_not_there_ends_with_3(clean: Program) -> None:
    assert "nowhere" in refused(clean, 3, "run", "claims.xlsx", "-o", "nowhere/result.json").err


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".csv", ".parquet", ".xlsx"])
def test_an_output_that_cannot_be_written_ends_with_3_and_leaves_nothing_beside_it(clean: Program, suffix: str) -> None:
    (clean.folder / f"result{suffix}").mkdir()
    before = clean.files()
    said = clean("run", "claims.xlsx", "-o", f"result{suffix}")
    assert said.status == 3
    assert f"result{suffix}" in said.err
    assert clean.files() == before
    assert {path.name for path in clean.folder.iterdir()} == {"claims.xlsx", f"result{suffix}"}


def test_a_run_that_fails_leaves_the_older_result_as_it_was(clean: Program) -> None:
    (clean.folder / "result.json").write_text("older", encoding="utf-8")
    refused(clean, 3, "run", "claims.xlsx", "lost.xlsx", "-o", "result.json")
    refused(clean, 2, "run", "claims.xlsx", "--applicant", "无此一家", "-o", "result.json")
    assert clean("run", "claims.xlsx", "-o", "result.json", "-q").status == 0
    assert (clean.folder / "result.json").read_text(encoding="utf-8").startswith("{")
    assert set(clean.files()) == {"claims.xlsx", "result.json"}


# ---- the reader of the output goes away ------------------------------------------------------------------------------------------
def test_a_reader_that_goes_away_ends_the_program_quietly(program: Program) -> None:
    header = "统一社会信用代码,名称,是否村级电子商务企业(站),年网络销售额(元)\n"
    rows = "".join(f"{CAPPED},第{number}户,是,800000\n" for number in range(1, 3000))
    (program.folder / "申报主体.csv").write_text(header + rows, encoding="utf-8")
    command = [sys.executable, "-m", "anqing_subsidy", "run", "申报主体.csv", "--format", "json"]
    with subprocess.Popen(command, cwd=program.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read(10) == b'{"schema":'
        running.stdout.close()
        complaint = running.stderr.read()
    assert complaint == b""
    assert running.returncode in (0, 1)


WORDS_OF_WRONG_USE: Final = [["run", "-"], ["run", "-", "--input-format", "xml"], ["run", ""]]


@pytest.mark.parametrize("words", WORDS_OF_WRONG_USE)
def test_an_input_that_is_not_said_well_enough_is_wrong_use(clean: Program, words: list[str]) -> None:
    assert clean(*words, given="统一社会信用代码,名称\n").status == 2
