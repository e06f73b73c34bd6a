"""Annotated copies: marks where the findings are, everything else as it was, and no trace when it is checked again."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from anqing_subsidy import load_policy, read_tables
from anqing_subsidy.finding import Finding, Place, Severity, Text
from anqing_subsidy.report.annotate import annotated, workbook_of
from anqing_subsidy.report.annotate.workbook import COMMENTS_A_SHEET
from anqing_subsidy.tables import CellKind, PlainSheet
from tests.check.faulty import county
from tests.spreadsheets.make_files import FILES, PASSWORD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHEET: Final = "申报主体"
FILE: Final = "book.xlsx"
CHANGED: Final = {
    "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml", "xl/worksheets/_rels/sheet1.xml.rels",
}  # fmt: skip


def of_texts(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of one sheet of texts."""
    cells: dict[tuple[int, int], tuple[CellKind, str]] = {
        (row, at): ("text", text) for row, texts in enumerate(rows, 1) for at, text in enumerate(texts, 1)
    }
    return workbook_of([PlainSheet(SHEET, cells)])


def rich_book() -> bytes:
    """A workbook with all that a careless writer loses: stored values, a chart, validation, comments, names."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(["统一社会信用代码", "名称", "网上年交易额(元)", "开票销售额(元)"])
    for number in range(2, 6):
        sheet.append([f"code{number}", f"企业{number}", number * 1000, f"=C{number}*2"])
    sheet["C3"].fill = PatternFill("solid", fgColor="FF00B050")
    sheet["C3"].font = Font(bold=True)
    sheet["B2"].comment = Comment("请张三核对", "李四")
    sheet["B2"].hyperlink = "https://example.com/"
    sheet.merge_cells("A4:A5")
    sheet.freeze_panes = "C2"
    check = DataValidation(type="whole", operator="greaterThan", formula1="0")
    check.add("C2:C99")
    sheet.add_data_validation(check)
    sheet.print_area = "A1:D5"
    other = book.create_sheet("图")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=5), titles_from_data=True)
    other.add_chart(chart, "B2")
    hidden = book.create_sheet("存档")
    hidden.sheet_state = "hidden"
    hidden["A1"].comment = Comment("旧档", "王五")
    book.defined_names["税率"] = DefinedName("税率", attr_text=f"'{SHEET}'!$D$2")
    book.active = 1
    out = io.BytesIO()
    book.save(out)
    return with_stored_values(out.getvalue())


def with_stored_values(data: bytes) -> bytes:
    """Formulas get the values that a spreadsheet program would have stored."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                part = re.sub(rb"(<f>C(\d)\*2</f>)<v ?/?>(?:</v>)?", rb"\1<v>\g<2>000</v>", part)
                assert part.count(b"000</v></c>") >= 4
            new.writestr(info, part)
    return out.getvalue()


def fault(cell: str, severity: Severity = "error", message: str = "有错", sheet: str = SHEET) -> tuple[Finding, str]:
    column = re.sub(r"\d", "", cell) or None
    row = int(re.sub(r"\D", "", cell) or 0) or None
    said = Text(message, "wrong")
    place = Place(FILE, sheet, row, column)
    return Finding(severity, "X", said, place, "值", Text("改", "mend")), "某企业"


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def opened(data: bytes, *, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


FOUND: Final = (
    fault("C3"),
    fault("B2", "warning"),
    fault("C3", "warning", "又错"),
    fault("D9"),
    fault("A5"),
    fault("2"),
)


@pytest.fixture(scope="module")
def original() -> bytes:
    return rich_book()


@pytest.fixture(scope="module")
def copy(original: bytes) -> bytes:
    return annotated(original, FILE, FOUND, "zh")


def test_the_cells_are_filled_by_severity_and_keep_the_rest_of_their_format(copy: bytes) -> None:
    sheet = opened(copy)[SHEET]
    assert str(sheet["C3"].fill.fgColor.rgb).startswith("FFFFC7")
    assert str(sheet["B2"].fill.fgColor.rgb).startswith("FFFFEB")
    assert sheet["C3"].font.b
    assert sheet["C2"].fill.fill_type is None


def test_the_comments_say_all_that_is_wrong_with_a_cell(copy: bytes) -> None:
    text = opened(copy)[SHEET]["C3"].comment.text
    assert text == "【检查】错误：有错\n→ 改\n【检查】警告：又错\n→ 改"


def test_a_comment_of_the_file_is_kept_and_ours_follows(copy: bytes) -> None:
    text = opened(copy)[SHEET]["B2"].comment.text
    assert text.startswith("请张三核对")
    assert "【检查】警告：有错" in text


def test_a_mark_inside_a_merge_goes_to_its_first_cell(copy: bytes) -> None:
    assert "【检查】" in opened(copy)[SHEET]["A4"].comment.text


def test_a_cell_that_is_not_there_is_put_in(copy: bytes) -> None:
    cell = opened(copy)[SHEET]["D9"]
    assert cell.value is None
    assert "【检查】" in cell.comment.text


def test_a_fault_of_a_row_is_marked_at_its_first_cell(copy: bytes) -> None:
    assert "【检查】" in opened(copy)[SHEET]["A2"].comment.text


def test_the_findings_come_first_with_links_there_and_back(copy: bytes) -> None:
    book = opened(copy)
    assert book.sheetnames == ["检查结果", SHEET, "图", "存档"]
    listing = book["检查结果"]
    assert [cell.value for cell in listing[5]][:4] == ["1", "错误", SHEET, "C3"]
    assert listing["D5"].hyperlink.location == f"'{SHEET}'!C3"
    assert book[SHEET]["A1"].hyperlink.location == "'检查结果'!A4"
    assert book[SHEET]["B2"].hyperlink.target == "https://example.com/"


def test_formulas_keep_their_stored_values(copy: bytes) -> None:
    assert [row[0] for row in opened(copy, values=True)[SHEET]["D2:D5"] for row in [[row[0].value]]] == [
        2000,
        3000,
        4000,
        5000,
    ]
    assert opened(copy)[SHEET]["D2"].value == "=C2*2"


def test_every_part_that_holds_no_mark_is_the_same_byte_for_byte(original: bytes, copy: bytes) -> None:
    before, after = parts(original), parts(copy)
    touched = {name for name in before if before[name] != after.get(name)}
    assert {name for name in touched if "comment" not in name.lower()} <= CHANGED
    assert [name for name in before if "chart" in name or "sheet2" in name or "sheet3" in name]
    assert not {name for name in touched if "chart" in name or "sheet2" in name or "sheet3" in name}


def test_sheets_that_are_counted_are_counted_anew(copy: bytes) -> None:
    book = opened(copy)
    assert book.active is not None
    assert book.active.title == "图"
    assert book["存档"].sheet_state == "hidden"
    assert book["存档"]["A1"].comment.text == "旧档"
    assert book[SHEET].print_area == f"'{SHEET}'!$A$1:$D$5"
    assert book.defined_names["税率"].attr_text == f"'{SHEET}'!$D$2"


def test_annotating_twice_is_annotating_once(copy: bytes) -> None:
    assert annotated(copy, FILE, FOUND, "zh") == copy


def test_marks_go_when_nothing_is_found_any_more(original: bytes, copy: bytes) -> None:
    clean = annotated(copy, FILE, (), "zh")
    sheet = opened(clean)[SHEET]
    assert sheet["B2"].comment.text == "请张三核对"
    assert [cell.coordinate for row in sheet for cell in row if cell.comment] == ["B2"]
    assert sheet["C3"].fill.fgColor.rgb == "FF00B050"
    assert parts(clean)["xl/worksheets/sheet1.xml"] == parts(original)["xl/worksheets/sheet1.xml"]
    assert opened(clean)["检查结果"]["A1"].value == "检查结果：没有发现问题"


def test_a_sheet_of_that_name_in_the_file_is_left_alone() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "检查结果"
    out = io.BytesIO()
    book.save(out)
    once = annotated(out.getvalue(), FILE, [fault("A1", sheet="检查结果")], "zh")
    assert opened(once).sheetnames == ["检查结果(2)", "检查结果"]
    assert annotated(once, FILE, [fault("A1", sheet="检查结果")], "zh") == once


def test_prefixed_names_and_cells_without_references_are_understood() -> None:
    with zipfile.ZipFile(io.BytesIO(of_texts([["甲", "乙"], ["1", "2"]]))) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    text = found["xl/worksheets/sheet1.xml"].decode()
    text = re.sub(r"<(/?)(\w)", r"<\1x:\2", text).replace("xmlns=", "xmlns:x=")
    found["xl/worksheets/sheet1.xml"] = re.sub(r' r="\w+"', "", text).encode().replace(b"x:x:", b"x:")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in found.items():
            archive.writestr(name, part)
    sheet = opened(annotated(out.getvalue(), FILE, [fault("B2"), fault("D2"), fault("A7")], "zh"))[SHEET]
    assert [cell.coordinate for row in sheet for cell in row if cell.comment] == ["B2", "D2", "A7"]
    assert sheet["B2"].value == "2"


def test_beyond_the_limit_cells_are_filled_and_the_sheet_says_so() -> None:
    rows = [[str(number)] for number in range(COMMENTS_A_SHEET + 2)]
    found = [fault(f"A{number}") for number in range(1, len(rows) + 1)]
    book = opened(annotated(of_texts(rows), FILE, found, "zh"))
    sheet = book[SHEET]
    assert sum(1 for row in sheet for cell in row if cell.comment) == COMMENTS_A_SHEET
    assert str(sheet[f"A{len(rows)}"].fill.fgColor.rgb).startswith("FFFFC7")
    assert "另有 2 格只着色" in str(book["检查结果"]["A3"].value)


# ---- through the command --------------------------------------------------------------------------------------------
def check(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "anqing_subsidy", "check", *words, "--lang", "zh"]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert "Traceback" not in done.stderr
    return done


def told(folder: Path, name: str) -> list[Any]:
    found = json.loads(check(folder, name, "--format", "json").stdout.replace(name, "X"))["findings"]
    return list(found)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the county of fifty faults, and in `out` its annotated copy."""
    folder = tmp_path_factory.mktemp("county")
    county().save(folder / "county.xlsx")
    assert check(folder, "county.xlsx", "--annotate", "out").returncode == 1
    return folder


def test_every_planted_fault_is_marked_in_the_copy(marked: Path) -> None:
    book = openpyxl.load_workbook(marked / "out" / "county.xlsx")
    for planted in county().planted:
        if planted.cell:
            cell = planted.cell if planted.cell[0].isalpha() else f"A{planted.cell}"
            assert "【检查】" in book[planted.sheet][cell].comment.text, planted


def test_the_copy_reads_as_the_same_tables_with_the_same_findings(marked: Path) -> None:
    policy = load_policy()
    before = read_tables([marked / "county.xlsx"], policy)
    after = read_tables([marked / "out" / "county.xlsx"], policy)
    assert before.frames.keys() == after.frames.keys()
    for name, frame in before.frames.items():
        assert frame.equals(after.frames[name]), name
    assert told(marked, "county.xlsx") == told(marked, "out/county.xlsx")


def test_the_copy_checked_again_is_the_same_copy(marked: Path) -> None:
    check(marked, "out/county.xlsx", "--annotate", "again")
    assert (marked / "again" / "county.xlsx").read_bytes() == (marked / "out" / "county.xlsx").read_bytes()


def test_a_folder_in_which_inputs_lie_is_refused(marked: Path) -> None:
    before = (marked / "county.xlsx").read_bytes()
    for words in (("county.xlsx", "--annotate", "."), (".", "--annotate", ".")):
        assert check(marked, *words).returncode == 2
    assert check(marked, "county.xlsx", "--annotate", "none/below").returncode == 3
    assert check(marked, "county.xlsx", "--annotate", "county.xlsx").returncode == 2
    assert (marked / "county.xlsx").read_bytes() == before


def test_a_csv_file_is_copied_as_a_workbook_of_texts(tmp_path: Path) -> None:
    text = "统一社会信用代码,名称,年网络销售额(元)\n913408000000000017,甲,若干\n"
    (tmp_path / "申报主体.csv").write_text(text, encoding="utf-8")
    assert check(tmp_path, "申报主体.csv", "--annotate", "out").returncode == 1
    sheet = openpyxl.load_workbook(tmp_path / "out" / "申报主体.xlsx")[SHEET]
    assert [[cell.value for cell in row] for row in sheet][1] == ["913408000000000017", "甲", "若干"]
    assert "【检查】" in sheet["C2"].comment.text
    of_text, of_copy = (
        [entry["code"] for entry in told(tmp_path, name) if entry["severity"] != "info"]
        for name in ("申报主体.csv", "out/申报主体.xlsx")
    )
    assert of_text == of_copy


@pytest.mark.parametrize("name", ["book.xls", "book.et", "book.ods", "book.fods", "xml2003.xls", "page.xls"])
def test_a_workbook_of_an_older_format_is_copied_with_its_values_and_says_so(tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    source.write_bytes((FILES / name).read_bytes())
    check(tmp_path, name, "--annotate", "out")
    copy = tmp_path / "out" / f"{source.stem}.xlsx"
    policy = load_policy()
    first, again = (read_tables([path], policy).frames for path in (source, copy))
    assert first.keys() == again.keys()
    for table, frame in first.items():
        assert frame.drop("_part").equals(again[table].drop("_part")), table
    listed = openpyxl.load_workbook(copy).worksheets[0]
    assert "本副本由其他格式转来" in str(listed["A2"].value)


def test_a_workbook_with_a_password_gets_no_copy_without_one(tmp_path: Path) -> None:
    (tmp_path / "secret.xls").write_bytes((FILES / "password.xls").read_bytes())
    (tmp_path / "words.txt").write_text(f"{PASSWORD}\n", encoding="utf-8")
    said = check(tmp_path, "secret.xls", "--annotate", "out", "--password-file", "words.txt")
    assert "secret.xls 没有标注副本" in said.stderr
    assert not list((tmp_path / "out").iterdir())


def test_two_files_of_one_name_get_two_copies(tmp_path: Path) -> None:
    for name in ("桐城", "怀宁"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "申报主体.csv").write_text("统一社会信用代码,名称\n1,甲\n", encoding="utf-8")
    check(tmp_path, "桐城/申报主体.csv", "怀宁/申报主体.csv", "--annotate", "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["怀宁-申报主体.xlsx", "申报主体.xlsx"]


# ---- through another program ----------------------------------------------------------------------------------------
def resaved(path: Path, folder: Path) -> Path:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / path.name


def values(book: openpyxl.Workbook, names: Sequence[str]) -> dict[str, list[list[Any]]]:
    """The values of some sheets without blank cells at the ends of rows."""
    found = {}
    for name in names:
        rows = [[cell.value for cell in row] for row in book[name]]
        found[name] = [
            row[: max((at + 1 for at, value in enumerate(row) if value is not None), default=0)] for row in rows
        ]
        while found[name] and not found[name][-1]:
            found[name].pop()
    return found


def test_another_program_opens_it_keeps_the_values_and_the_marks_go_afterwards(
    original: bytes, copy: bytes, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / FILE).write_bytes(copy)
    saved = resaved(tmp_path / "in" / FILE, tmp_path).read_bytes()
    names = [SHEET, "图", "存档"]
    assert values(opened(saved, values=True), names) == values(opened(original, values=True), names)
    assert "【检查】" in opened(saved)[SHEET]["C3"].comment.text
    clean = opened(annotated(saved, FILE, (), "zh"))
    assert clean.sheetnames == ["检查结果", *names]
    assert [cell.coordinate for row in clean[SHEET] for cell in row if cell.comment] == ["B2"]
    assert clean[SHEET]["B2"].comment.text == "请张三核对"
    assert clean[SHEET]["C3"].fill.fgColor.rgb == "FF00B050"
    assert clean[SHEET]["A2"].fill.fill_type is None
