"""`check` from outside: what it lists, in what order, and how it ends."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from tests.oracle.generate import good_code
from tests.support import write_workbook_of

if TYPE_CHECKING:
    from tests.cli.conftest import Program

KEYS = {"severity", "code", "message", "value", "fix", "source"}


def faulty(program: Program, count: int) -> None:
    rows: list[dict[str, Any]] = [
        {"uscc": good_code(number), "name": f"主体{number}", "online_sales_yuan": "0.01"} for number in range(count)
    ]
    path = write_workbook_of({"applicants": rows}, program.folder / "f.xlsx")
    import openpyxl

    book = openpyxl.load_workbook(path)
    for row in range(2, count + 2):
        book.worksheets[0].cell(row, 3).value = "许多"
    book.save(path)


def test_nothing_found_is_said_plainly_and_ends_with_0(clean: Program) -> None:
    said = clean("check", "claims.xlsx")
    assert (said.status, said.err) == (0, "")
    assert said.out == "没有发现问题：1 个文件，2 户\n"


def test_nothing_found_is_said_in_english(clean: Program) -> None:
    assert clean("check", "claims.xlsx", "--lang", "en").out == "nothing found: 1 file(s), 2 applicant(s)\n"


def test_a_line_that_waits_is_no_fault_unless_strict(opened: Program) -> None:
    assert opened("check", "claims.xlsx").status == opened("run", "claims.xlsx").status == 0
    assert opened("check", "claims.xlsx", "--strict").status == 1


def test_a_missing_file_ends_with_3_and_a_wrong_word_with_2(clean: Program) -> None:
    assert clean("check", "none.xlsx").status == 3
    assert clean("check", "claims.xlsx", "--format", "xml").status == 2
    assert clean("check").status == 2


def test_quiet_says_nothing_but_the_status(program: Program) -> None:
    faulty(program, 1)
    said = program("check", "f.xlsx", "-q")
    assert (said.status, said.out, said.err) == (1, "", "")


def test_the_same_fault_in_a_column_is_one_entry_with_ten_cells_and_the_count(program: Program) -> None:
    faulty(program, 12)
    out = program("check", "f.xlsx").out
    assert out.count("不是可以准确读取的数字") == 1
    assert "C2 C3 C4 C5 C6 C7 C8 C9 C10 C11 等，共 12 格" in out
    assert "错误 12 处，警告 0 处，涉及 1 个文件中的 1 个" in out
    assert "涉及12户：主体0、" in out


def test_json_has_every_finding_with_its_cell_and_the_applicant(program: Program) -> None:
    faulty(program, 12)
    told = json.loads(program("check", "f.xlsx", "--format", "json").out)
    assert told["schema"] == "anqing-subsidy/findings/1"
    assert told["counts"] == {
        "error": 12, "warning": 0, "info": 0, "files": 1, "applicants": 12, "applicants_affected": 12,
    }  # fmt: skip
    assert len(told["findings"]) == 12
    first = told["findings"][0]
    assert set(first) >= KEYS
    assert first["source"] == {"file": "f.xlsx", "sheet": "申报主体", "row": 2, "column": "C"}
    assert first["applicant"] == {"uscc": good_code(0), "name": "主体0"}


def test_csv_has_a_finding_a_row(program: Program) -> None:
    faulty(program, 3)
    rows = list(csv.DictReader(io.StringIO(program("check", "f.xlsx", "--format", "csv").out)))
    assert [(row["severity"], row["cell"], row["value"]) for row in rows] == [
        ("error", cell, "许多") for cell in ("C2", "C3", "C4")
    ]


def test_check_lists_what_a_run_finds(program: Program) -> None:
    faulty(program, 3)
    found = json.loads(program("check", "f.xlsx", "--format", "json").out)["findings"]
    ran = json.loads(program("run", "f.xlsx", "--format", "json").out)["findings"]
    assert sorted(entry["message"] for entry in found) == sorted(entry["message"] for entry in ran)


def test_errors_stand_before_warnings(program: Program) -> None:
    rows = [
        {"uscc": good_code(1), "name": "甲", "paying_members": "600"},
        {"uscc": good_code(2)[:-1] + ("1" if good_code(2)[-1] != "1" else "2"), "name": "乙"},
    ]
    write_workbook_of({"applicants": rows}, program.folder / "f.xlsx")
    found = json.loads(program("check", "f.xlsx", "--format", "json").out)["findings"]
    assert [entry["code"] for entry in found] == ["BAD_CODE", "NOT_CLAIMED"]
