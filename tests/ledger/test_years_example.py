"""The example of three years, as an official would go through it with the installed command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

YEARS: Final = Path(__file__).resolve().parents[2] / "examples" / "years"
POLICY: Final = YEARS.parent / "policies" / "anqing-2019.yaml"
LATER: Final = POLICY.name


def said(folder: Path, *words: str, status: int = 0) -> str:
    """What the program says on standard output, or, where it should refuse, on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "anqing_subsidy", *words],
        cwd=folder, capture_output=True, encoding="utf-8", check=False, env={**os.environ, "LANG": "zh_CN.UTF-8"},
    )  # fmt: skip
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr if status else done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the example with a ledger of 2017 and 2018, and the result of 2019."""
    made = tmp_path_factory.mktemp("years")
    for path in (*YEARS.iterdir(), POLICY):
        shutil.copy(path, made)
    said(made, "ledger", "init", "a.ledger")
    said(made, "ledger", "import", "paid-2017.xlsx", "--ledger", "a.ledger", "--by", "张三")
    said(
        made,
        "run",
        "claims-2018.xlsx",
        "--ledger",
        "a.ledger",
        "--set",
        "c1_cap_scope=lifetime",
        "-q",
        "-o",
        "2018.xlsx",
    )
    said(made, "ledger", "record", "2018.xlsx", "--ledger", "a.ledger", "--document", "宜商〔2019〕3号")
    later = ("--policy", LATER, "--ledger", "a.ledger", "--set", "c1_cap_scope=lifetime")
    said(made, "run", "claims-2019.xlsx", *later, "-q", "-o", "2019.json")
    return made


def lines(path: Path) -> dict[str, tuple[str, str]]:
    """Amount and reason of each line, by the middle of the firm's name and the clause."""
    result = json.loads(path.read_text(encoding="utf-8"))
    return {
        f"{person['name'][2:6]} {line['clause']}": (line["amount"], line["reason_text"])
        for person in result["applicants"]
        for line in person["lines"]
    }


def test_last_years_results_act_by_themselves(folder: Path) -> None:
    found = lines(folder / "2019.json")
    assert {name: amount for name, (amount, _) in found.items()} == {
        "天柱登云 c2_gmv": "100000.00",  # a tier climbed again
        "天柱登云 c11": "100000.00",  # grown over what the ledger has of 2018
        "独秀起伏 c2_gmv": "0.00",  # fallen, and passed again
        "独秀起伏 c11": "0.00",
        "六尺云仓 c1": "50000.00",  # the cap for life fills
        "长江基地 c9_base": "300000.00",  # an honour upgraded
        "皖江电商 c5_existing": "90000.00",  # a new park has become an existing one
        "晋熙电商 c7": "1000.00",  # a trainee who comes back is not paid again
        "还乡山货 c10": "0.00",
    }
    assert "a.ledger 第 2 次登记第" in found["还乡山货 c10"][1]
    assert "2017 年" in found["独秀起伏 c2_gmv"][1]


def test_without_the_ledger_the_same_claims_would_be_paid_again(folder: Path) -> None:
    said(folder, "run", "claims-2019.xlsx", "--policy", LATER, "-q", "-o", "blind.json")
    found = lines(folder / "blind.json")
    assert found["还乡山货 c10"][0] == "20000.00"
    assert found["晋熙电商 c7"][0] == "2000.00"
    refused = said(folder, "ledger", "record", "blind.json", "--ledger", "a.ledger", status=4)
    assert "第 9 笔" in refused or "第 8 笔" in refused


def test_a_result_is_recorded_once_listed_shown_and_voided(folder: Path, tmp_path: Path) -> None:
    for name in ("a.ledger", "2019.json", "claims-2019.xlsx", LATER):
        shutil.copy(folder / name, tmp_path)
    book = ("--ledger", "a.ledger")
    assert "第 3 次：6 笔，641,000.00 元" in said(tmp_path, "ledger", "record", "2019.json", *book)
    assert "此前已登记（第 3 次）" in said(tmp_path, "ledger", "record", "2019.json", *book)
    listed: list[dict[str, Any]] = json.loads(
        said(tmp_path, "ledger", "list", *book, "--year", "2019", "--format", "json")
    )
    wanted = {"uscc", "year", "clause", "object_id", "amount", "voided"}
    assert {name: listed[0][name] for name in sorted(wanted)} == {
        "amount": "100000.00", "clause": "c2_gmv", "object_id": None, "uscc": "91340882EX00060177", "voided": False, "year": 2019,
    }  # fmt: skip
    assert "anqing-2019" in said(tmp_path, "ledger", "show", "3", *book)
    assert "冲销" in said(tmp_path, "ledger", "void", "3", *book, "--reason", "文号有误", "--clause", "c9_base")
    assert said(tmp_path, "ledger", "list", *book, "--format", "csv", "--clause", "c9_base").count(",yes,") == 1
    said(tmp_path, "ledger", "list", *book, "-o", "list.xlsx")
    refused = said(tmp_path, "run", "list.xlsx", "-q", status=3)
    assert "结果" in refused
    assert "完好：4 次登记，16 笔分录" in said(tmp_path, "ledger", "verify", *book)


def test_a_workbook_that_was_saved_again_or_changed_is_refused(folder: Path, tmp_path: Path) -> None:
    for name in ("a.ledger", "claims-2018.xlsx"):
        shutil.copy(folder / name, tmp_path)
    book = openpyxl.load_workbook(folder / "2018.xlsx")
    book.save(tmp_path / "again.xlsx")
    assert "原样" in said(tmp_path, "ledger", "record", "again.xlsx", "--ledger", "a.ledger", status=4)
    shutil.copy(folder / "2018.xlsx", tmp_path)
    assert "此前已登记（第 2 次）" in said(tmp_path, "ledger", "record", "2018.xlsx", "--ledger", "a.ledger")


def test_a_mistyped_ledger_is_an_error_and_none_is_made(folder: Path) -> None:
    refused = said(folder, "run", "claims-2018.xlsx", "--ledger", "b.ledger", "-q", "-o", "x.json", status=3)
    assert "找不到账本 b.ledger" in refused
    assert not (folder / "b.ledger").exists()
    assert not (folder / "x.json").exists()
    said(folder, "run", "claims-2018.xlsx", "--ledger", "claims-2018.xlsx", "-q", status=2)
    said(folder, "run", "claims-2018.xlsx", "--ledger", LATER, "-q", status=3)


def test_the_command_line_refuses_what_makes_no_sense(folder: Path) -> None:
    book = ("--ledger", "a.ledger")
    assert "--reason" in said(folder, "ledger", "void", "1", *book, "--reason", " ", status=2)
    assert "不是金额" in said(
        folder, "ledger", "clawback", "1", *book, "--applicant", "X", "--reason", "x", "--amount", "many", status=2
    )
    assert ".docx" in said(folder, "ledger", "export", "x.docx", *book, status=2)
    assert "没有第 99 次" in said(folder, "ledger", "show", "99", *book, status=2)
    assert "只能登记 .json 和 .xlsx" in said(folder, "ledger", "record", "x.csv", *book, status=2)
    assert "找不到结果文件" in said(folder, "ledger", "record", "x.json", *book, status=3)


def test_a_result_says_which_ledger_it_saw(folder: Path) -> None:
    result = json.loads((folder / "2019.json").read_text(encoding="utf-8"))
    assert (result["ledger"]["file"], result["ledger"]["run"], result["ledger"]["entries"]) == ("a.ledger", 2, 9)
    page = openpyxl.load_workbook(folder / "2018.xlsx")["口径与来源"]
    (row,) = [[cell.value for cell in cells] for cells in page if cells[0].value == "账本"]
    assert row[1] == "a.ledger"
    assert "第 1 次登记" in str(row[4])


def test_every_command_that_assesses_takes_the_ledger(folder: Path) -> None:
    claims = ("claims-2019.xlsx", "--policy", LATER, "--ledger", "a.ledger")
    explained = said(folder, "explain", *claims, "--applicant", "还乡")
    assert "（账本 a.ledger 第 2 次登记第 9 笔）" in explained
    tried = said(
        folder, "run", *claims, "--applicant", "独秀起伏", "--what-if", "网上年交易额=60000000", "--format", "json"
    )
    # from the 15,000,000 yuan of 2018, which only the ledger has, 45,000,000 more: 9 full steps; and a tier
    assert json.loads(tried)["change"] == "140000.00"
    assert ",c2_gmv," in said(folder, "missing", *claims[:3], "--format", "csv")
    assert "不缺资料" in said(folder, "missing", *claims)
    swept = said(
        folder,
        "sweep",
        *claims,
        "--param",
        "clauses.c11.award.pay",
        "--from",
        "1万元",
        "--to",
        "2万元",
        "--step",
        "1万元",
    )
    assert "200,000.00  851,000.00" in swept


def test_two_policies_are_compared_each_with_what_the_ledger_says_before_its_year(folder: Path) -> None:
    claims = ("claims-2019.xlsx", "--ledger", "a.ledger")
    for name, policy in (("old.json", ()), ("new.json", ("--policy", LATER))):
        said(folder, "run", *claims, *policy, "-q", "-o", name)
    old, new = (json.loads((folder / name).read_text(encoding="utf-8"))["totals"] for name in ("old.json", "new.json"))
    found = json.loads(said(folder, "compare", *claims, "--against", LATER, "--format", "json"))["totals"]
    assert (found["before"], found["after"]) == (old["amount"], new["amount"]) == ("61000.00", "751000.00")


def test_no_command_writes_over_the_ledger(folder: Path) -> None:
    book = folder / "over.json"
    shutil.copy(folder / "a.ledger", book)
    before = book.read_bytes()
    claims = ("claims-2019.xlsx", "--ledger", book.name, "-o", book.name)
    said(folder, "run", *claims, status=2)
    said(folder, "explain", *claims, "--applicant", "还乡", status=2)
    said(folder, "missing", *claims, status=2)
    said(folder, "compare", *claims, "--readings", status=2)
    said(
        folder,
        "sweep",
        *claims,
        "--param",
        "clauses.c1.cap",
        "--from",
        "1万元",
        "--to",
        "2万元",
        "--step",
        "1万元",
        status=2,
    )
    assert book.read_bytes() == before
