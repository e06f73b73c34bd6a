"""Amounts in US dollars through real files: headers, units, cells, the form, the rate in the formula."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Program

POLICY: Final = """
policy: exports-2023
title: {zh: 出口奖励, en: Exports}
source: {zh: 虚构，供测试, en: "fictional, for tests"}
year: 2023
exchange: {usd: 6.8975元}
funds:
  city: {zh: 市级资金, en: city fund}
applicant: {table: firms, code: code, name: name}
facts:
  firms:
    export_yuan: {zh: 出口额折人民币, en: exports in yuan, in_yuan: export}
clauses:
- {id: a, article: 一, title: {zh: 出口奖励, en: Exports}, when: [export >= 100万美元], award: {rate: 1%, of: export_yuan}, fund: city}
tables:
  firms:
    sheet: 企业
    en: firms
    key: [code]
    columns:
      code: {header: 编号, en: code, type: text, required: true}
      name: {header: 企业名称, en: name, type: text, required: true}
      export: {header: 出口额, en: exports, type: usd, unit: 美元}
"""


def _run(program: Program, header: str, *cells: object, suffix: str) -> dict[str, Any]:
    (program.folder / "usd.yaml").write_text(POLICY, encoding="utf-8")
    rows: list[list[Any]] = [
        ["编号", "企业名称", header],
        *([f"F{at}", f"企业{at}", cell] for at, cell in enumerate(cells, start=1)),
    ]
    path = program.folder / f"企业{suffix}"
    if suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.active.title = "企业"  # type: ignore[union-attr]  # a new book has a sheet
        for row in rows:
            book.active.append(row)  # type: ignore[union-attr]
        book.save(path)
    else:
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8")
    said = program("run", str(path), "--policy", "usd.yaml", "--format", "json")
    assert said.status in (0, 1), said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def _lines(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for person in result["applicants"] for line in person["lines"]]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("出口额(万美元)", (123.4567, 99.999999, 100)),
        ("出口额（美元）", (1234567, 999999.99, 1000000)),
        ("export(美元)", (1234567, 999999.99, 1000000)),
    ],
)
def test_the_unit_of_the_header_counts_and_the_formula_names_the_rate(
    program: Program, header: str, cells: tuple[float, ...], suffix: str
) -> None:
    found = _lines(_run(program, header, *cells, suffix=suffix))
    assert [line["amount"] for line in found] == ["85154.26", "0.00", "68975.00"]
    assert found[0]["formula"] == "8,515,425.88（1,234,567.00 美元 × 6.8975） × 1% = 85,154.26"
    assert found[0]["conditions"][0]["value"] == "1234567.00"
    assert found[1]["reason_text"] == "出口额 999,999.99 美元，未达 1,000,000.00 美元，差 0.01 美元"


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_unit_in_a_cell_replaces_that_of_the_header(program: Program, suffix: str) -> None:
    result = _run(program, "出口额(万美元)", "100万美元", "1000000美元", 99, "9万元", suffix=suffix)
    assert [line["amount"] for line in _lines(result)] == ["68975.00", "68975.00", "0.00", "0.00"]
    assert [line["status"] for line in _lines(result)][3] == "invalid"
    assert [one["code"] for one in result["findings"] if one["severity"] == "warning"].count("UNIT_IN_CELL") == 2


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize(
    ("header", "code", "fix"),
    [
        ("出口额", "NO_UNIT", "表头写“出口额(美元)”或“出口额(万美元)”"),
        ("出口额(万元)", "WRONG_UNIT", "数值换算为美元，表头写“出口额(美元)”"),
    ],
)
def test_without_a_unit_or_in_yuan_no_figure_is_taken(
    program: Program, header: str, code: str, fix: str, suffix: str
) -> None:
    result = _run(program, header, 1234567, suffix=suffix)
    assert [line["status"] for line in _lines(result)] == ["invalid"]
    found = next(one for one in result["findings"] if one["code"] == code)
    assert fix in found["fix"]
    assert found["source"]["column"] == "C"


def test_an_amount_in_dollars_is_rounded_to_the_fen_when_it_becomes_yuan(program: Program) -> None:
    # 1,000,001.33 × 6.8975 = 6,897,509.173675 → 6,897,509.17; 1 % of it is 68,975.0917
    line = _lines(_run(program, "出口额(美元)", 1000001.33, suffix=".csv"))[0]
    assert line["formula"].startswith("6,897,509.17（1,000,001.33 美元 × 6.8975） × 1%")
    assert line["amount"] == "68975.09"


def test_the_form_asks_for_dollars_in_its_header_and_reads_back_what_is_typed(program: Program) -> None:
    (program.folder / "usd.yaml").write_text(POLICY, encoding="utf-8")
    assert program("template", "--policy", "usd.yaml", "-o", "form.xlsx").status == 0
    path = Path(program.folder) / "form.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["企业"]
    head = [str(cell.value).replace("\n", "") for cell in sheet[1]]
    assert "出口额(美元)" in head
    row: dict[str, str | int] = {"*编号": "F1", "*企业名称": "甲", "出口额(美元)": 1000000}
    for at, header in enumerate(head, start=1):
        if header in row:
            sheet.cell(3, at, row[header])
    book.save(path)
    result = json.loads(program("run", "form.xlsx", "--policy", "usd.yaml", "--format", "json").out)
    assert [line["amount"] for line in _lines(result)] == ["68975.00"]


def test_a_rate_of_exchange_is_no_fraction(program: Program) -> None:
    (program.folder / "usd.yaml").write_text(POLICY.replace("6.8975元", "20/3元"), encoding="utf-8")
    said = program("policy", "lint", "usd.yaml")
    assert said.status != 0
    assert "20/3" in said.out + said.err
