"""Files, folders and streams: read whole, or refused with the file's name and the way out."""

from __future__ import annotations

import hashlib
import io
import os
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest

from anqing_subsidy.finding import InputError
from anqing_subsidy.intake import read_tables

from .conftest import Change, Rows, code, codes_of, only, save

if TYPE_CHECKING:
    from pathlib import Path

    from anqing_subsidy.policy.model import Policy

HEAD = ["统一社会信用代码", "名称", "网上年交易额(万元)"]
ROWS: Rows = [HEAD, [code(1), "甲", 2000.5], [code(2), "乙", 1]]
TEXT = "\n".join(",".join(map(str, row)) for row in ROWS) + "\n"


def rewrite(path: Path, part: str, change: Change) -> Path:
    """Change one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_is_read_with_its_places_and_hash(tmp_path: Path, policy: Policy) -> None:
    path = save(tmp_path / "a.xlsx", {"申报主体": ROWS, "历年数据": [["统一社会信用代码", "年度"], [code(1), 2017]]})
    tables = read_tables([path], policy)
    frame = tables.frames["applicants"]
    assert set(policy.tables["applicants"].columns) < set(frame.columns)
    assert frame["online_gmv_yuan"].to_list() == [2000500000, 1000000]
    assert frame["_row"].to_list() == [2, 3]
    assert frame["_row"].dtype == frame["_part"].dtype == pl.UInt32
    assert [part.table for part in tables.parts] == ["applicants", "history"]
    assert str(tables.place(0, 3, "online_gmv_yuan")) == f"{path} 申报主体 C3"
    assert tables.inputs[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert tables.findings == ()


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", "\t"), ("utf-16", ",")]
)
def test_delimited_files_are_read_as_text_in_their_encoding(
    tmp_path: Path, policy: Policy, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "申报主体-桐城.csv"
    path.write_bytes(TEXT.replace(",", delimiter).encode(encoding))
    tables = read_tables([path], policy)
    frame = tables.frames["applicants"]
    assert frame["online_gmv_yuan"].to_list() == [2000500000, 1000000]
    assert frame["county"].to_list() == ["桐城市", "桐城市"]
    said = only(tables, "ENCODING").message.en
    assert codes_of(tables) == []
    assert encoding.removesuffix("-sig").upper() in said
    assert {",": "commas", ";": "semicolons", "\t": "tabs"}[delimiter] in said
    assert tables.parts[0].sheet is None


def test_a_csv_keeps_na_zeros_quotes_and_row_numbers(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "applicants.csv"
    path.write_text(
        f'统一社会信用代码,名称,联系电话,网上年交易额(元)\n{code(1)},NA,001,"1,234.50"\n\n{code(2)},乙,,1,234.50\n'
    )
    tables = read_tables([path], policy)
    assert tables.frames["applicants"].select("name", "phone", "online_gmv_yuan", "_row").rows() == [
        ("NA", "001", 123450, 2)
    ]
    found = only(tables, "RAGGED_ROW")
    assert found.place is not None
    assert found.place.row == 4


def test_parquet_keeps_exact_decimals(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "applicants.parquet"
    gmv = pl.Series(["123456789012.34"]).str.to_decimal(scale=2)
    pl.DataFrame(
        {"uscc": [code(1)], "name": ["a"], "online_gmv_yuan": gmv, "staff": [3], "is_introduced": [True]}
    ).write_parquet(path)
    frame = read_tables([path], policy).frames["applicants"]
    assert frame.select("online_gmv_yuan", "staff", "is_introduced", "_row").rows() == [(12345678901234, 3, True, 2)]


def test_standard_input_is_csv_or_json_lines(policy: Policy) -> None:
    tables = read_tables(["-"], policy, input_format="csv", stdin=io.BytesIO(TEXT.encode()))
    assert tables.frames["applicants"].height == 2
    facts = '"online_gmv_yuan": 0.30000000000000004, "is_introduced": true, "staff": null'
    line = f'{{"uscc": "{code(1)}", "名称": "甲", {facts}}}\n'
    tables = read_tables(["-"], policy, input_format="jsonl", stdin=io.BytesIO(line.encode()))
    assert tables.frames["applicants"].select("online_gmv_yuan", "is_introduced", "staff").rows() == [(30, True, None)]
    with pytest.raises(InputError, match="--input-format"):
        read_tables(["-"], policy, stdin=io.BytesIO(b"x"))
    for wrong in (b"[1]\n", b"{", b'{"a": {}}'):
        with pytest.raises(InputError, match="line 1"):
            read_tables(["-"], policy, input_format="jsonl", stdin=io.BytesIO(wrong))


def test_a_folder_is_read_in_order_and_its_litter_passed_over(tmp_path: Path, policy: Policy) -> None:
    folder = tmp_path / "in"
    (folder / "old").mkdir(parents=True)
    save(folder / "b.xlsx", {"申报主体": [HEAD, [code(3), "丙", 1]]})
    save(folder / "a.xlsx", {"申报主体": ROWS})
    for name in ("~$a.xlsx", ".DS_Store", "readme.md"):
        (folder / name).write_bytes(b"x")
    tables = read_tables([folder], policy)
    assert tables.frames["applicants"]["name"].to_list() == ["甲", "乙", "丙"]
    assert [part.file for part in tables.parts] == [f"{folder}/a.xlsx", f"{folder}/b.xlsx"]
    assert sorted(codes_of(tables)) == ["FILE_SKIPPED"] * 3 + ["FOLDER_SKIPPED"]


def test_a_file_named_twice_is_read_once(tmp_path: Path, policy: Policy) -> None:
    path = save(tmp_path / "a.xlsx", {"申报主体": ROWS})
    tables = read_tables([path, tmp_path], policy)
    assert tables.frames["applicants"].height == 2
    assert codes_of(tables) == ["FILE_TWICE"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.xlsx", b"PK\x03\x04 broken", "damaged"),
        ("a.xlsx", b"no workbook", "damaged"),
        ("a.csv", b"  \n", "empty"),
        ("a.csv", b"\x00\x01\x02\xff\xff", "neither"),
        ("a.csv", '统一社会信用代码,名称\n"x,y\n'.encode(), "quotes"),
        ("a.csv", b"foo,bar\n1,2\n", "no sheet fits"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
        ("a.ods", b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "damaged"),
        ("a.xls", b"<html><table></table></html>", "web page without a table"),
        ("a.parquet", b"PAR1 broken", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(
    tmp_path: Path, policy: Policy, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=says) as raised:
        read_tables([path], policy)
    assert str(path) in raised.value.message.zh


def test_all_unreadable_files_are_named_at_once(tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "empty").mkdir()
    good = save(tmp_path / "a.xlsx", {"申报主体": ROWS})
    with pytest.raises(InputError) as raised:
        read_tables([tmp_path / "none.xlsx", good, tmp_path / "empty"], policy)
    assert "none.xlsx" in raised.value.message.en
    assert "holds no table" in raised.value.message.en


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path, policy: Policy) -> None:
    path = save(tmp_path / "a.xlsx", {"申报主体": ROWS})
    path.chmod(0)
    with pytest.raises(InputError, match="cannot open"):
        read_tables([path], policy)


def _twice_cell(xml: bytes) -> bytes:
    return xml.replace(b'<c r="C2"', b'<c r="C2"><v>5</v></c><c r="C2"', 1)


def _twice_row(xml: bytes) -> bytes:
    return xml.replace(b'<row r="3"', b'<row r="2"', 1)


def _doctype(xml: bytes) -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE worksheet []>' + xml


@pytest.mark.parametrize("change", [_twice_cell, _twice_row, _doctype, lambda xml: xml[:300], lambda _: b""])
def test_a_workbook_that_programs_could_see_differently_is_unreadable(
    tmp_path: Path, policy: Policy, change: Change
) -> None:
    path = rewrite(save(tmp_path / "a.xlsx", {"申报主体": ROWS}), SHEET, change)
    with pytest.raises(InputError, match="cannot read"):
        read_tables([path], policy)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_unreadable(tmp_path: Path, policy: Policy) -> None:
    path = save(tmp_path / "a.xlsx", {"申报主体": ROWS})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET, b"<x/>")
    with pytest.raises(InputError, match="one name"):
        read_tables([path], policy)


def _prefixed(xml: bytes) -> bytes:
    for tag in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"f", b"is", b"t"):
        for end in (b" ", b">", b"/"):
            xml = xml.replace(b"<" + tag + end, b"<x:" + tag + end).replace(b"</" + tag + end, b"</x:" + tag + end)
    return xml.replace(b"xmlns=", b"xmlns:x=")


def _reordered(xml: bytes) -> bytes:
    return re.sub(rb'<c r="([A-Z]+\d+)" t="(\w+)"', rb"<c t='\2' r='\1'", xml)


def _on_lines(xml: bytes) -> bytes:
    return xml.replace(b' t="', b'\n\tt="')


def _unnumbered(xml: bytes) -> bytes:
    return re.sub(rb' r="[A-Z]*\d+"', b"", xml)


@pytest.mark.parametrize("change", [bytes, _prefixed, _reordered, _on_lines, _unnumbered])
def test_errors_and_formulas_without_values_are_found_in_any_form_of_xml(
    tmp_path: Path, policy: Policy, change: Change
) -> None:
    rows: Rows = [
        HEAD,
        [code(1), "甲", "#N/A"],
        [code(2), "乙", "=1+1"],
        [code(3), "丙", "#DIV/0!"],
        [code(4), "丁", 4],
    ]
    path = rewrite(save(tmp_path / "a.xlsx", {"申报主体": rows}), SHEET, change)
    tables = read_tables([path], policy)
    frame = tables.frames["applicants"]
    assert frame["online_gmv_yuan"].to_list() == [None, None, None, 4000000]
    assert frame["online_gmv_yuan!bad"].to_list() == [True, True, True, False]
    assert codes_of(tables) == ["ERROR_CELL", "UNCACHED_FORMULA", "ERROR_CELL"]
    assert [str(finding.place)[-2:] for finding in tables.findings] == ["C2", "C3", "C4"]


def test_a_sheet_whose_xml_is_no_text_is_refused_and_nothing_of_it_is_replaced(tmp_path: Path, policy: Policy) -> None:
    rows: Rows = [HEAD, *([code(number), "甲", "五万"] for number in range(9))]
    path = rewrite(
        save(tmp_path / "a.xlsx", {"申报主体": rows}), SHEET, lambda xml: xml.replace(b"</row>", b"\xb0\xa1</row>")
    )
    with pytest.raises(InputError, match="damaged"):
        read_tables([path], policy)


def test_a_formula_with_a_stored_value_is_its_value(tmp_path: Path, policy: Policy) -> None:
    path = save(tmp_path / "a.xlsx", {"申报主体": [[*HEAD, "联系电话"], [code(1), "甲", "=1+1", '=""']]})
    path = rewrite(
        path,
        SHEET,
        lambda xml: xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
        ),
    )
    path = rewrite(path, SHEET, lambda xml: xml.replace(b'<c r="D2"><f>', b'<c r="D2" t="str"><f>'))
    tables = read_tables([path], policy)
    assert tables.frames["applicants"].select("online_gmv_yuan", "phone").rows() == [(2000000, None)]
    assert codes_of(tables) == []


def test_a_workbook_of_1904_has_its_own_serials(tmp_path: Path, policy: Policy) -> None:
    rows: Rows = [["统一社会信用代码", "名称", "成立日期"], [code(1), "甲", 43329 - 1462]]
    path = save(tmp_path / "a.xlsx", {"申报主体": rows})
    path = rewrite(path, "xl/workbook.xml", lambda xml: xml.replace(b"<workbookPr", b'<workbookPr date1904="1"'))
    assert str(read_tables([path], policy).frames["applicants"]["established_on"][0]) == "2018-08-17"


def test_a_stray_cell_far_away_does_not_cost_the_memory(tmp_path: Path, policy: Policy) -> None:
    path = save(tmp_path / "a.xlsx", {"申报主体": ROWS})
    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"] = "x"  # type: ignore[index]
    book.save(path)
    assert read_tables([path], policy).frames["applicants"]["name"].to_list() == ["甲", "乙"]


def test_a_large_workbook_with_a_repeated_cell_is_unreadable_too(tmp_path: Path, policy: Policy) -> None:
    rows: Rows = [HEAD, *([code(i), f"甲{i}", i / 100] for i in range(60_000))]
    path = save(tmp_path / "a.xlsx", {"申报主体": rows})
    assert read_tables([path], policy).frames["applicants"].height == 60_000
    rewrite(path, SHEET, lambda xml: xml.replace(b'<c r="C50000"', b'<c r="C50000"><v>5</v></c><c r="C50000"', 1))
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo(SHEET).file_size > 8 << 20
    with pytest.raises(InputError, match="twice"):
        read_tables([path], policy)
