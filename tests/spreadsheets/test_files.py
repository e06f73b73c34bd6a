"""Files as they come: every format in the same tables as .xlsx, and a clear word about what is no table."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

import pytest

from anqing_subsidy.finding import Finding, InputError
from anqing_subsidy.intake import read_tables
from anqing_subsidy.intake.delimited import records_of
from anqing_subsidy.intake.process import Limits, Process
from tests.cli.conftest import Program
from tests.intake.conftest import code, codes_of, only, save
from tests.spreadsheets.make_files import FILES, PASSWORD, ROWS, texts

if TYPE_CHECKING:
    from pathlib import Path

    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.tables import Tables

SEEN = ("uscc", "name", "county", "online_gmv_yuan", "established_on", "is_introduced", "phone")
SAID = [
    (row[0], row[1], row[2], round(row[3] * 1_000_000), row[4], {"是": True, "否": False, None: None}[row[5]], row[6])
    for row in ROWS
]


def read(policy: Policy, *names: str, passwords: tuple[str, ...] = ()) -> Tables:
    return read_tables([FILES / name for name in names], policy, passwords=passwords)


def rows_of(tables: Tables) -> list[tuple[object, ...]]:
    return tables.frames["applicants"].select(SEEN).rows()


def without_file(found: Finding) -> Finding:
    return found if found.place is None else replace(found, place=replace(found.place, file=""))


# ---- the older formats -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["book.xls", "book.et", "book.ods", "book.fods"])
def test_the_same_workbook_in_another_format_is_the_same_in_every_respect(policy: Policy, name: str) -> None:
    tables, usual = read(policy, name), read(policy, "book.xlsx")
    assert tables.frames["applicants"].equals(usual.frames["applicants"])
    assert [without_file(found) for found in tables.findings] == [without_file(found) for found in usual.findings]
    assert {"ERROR_CELL", "HIDDEN_SHEET"} < set(codes_of(usual))


def test_an_old_workbook_hides_no_error_no_merge_and_no_hidden_row(policy: Policy) -> None:
    tables = read(policy, "book.xls")
    assert rows_of(tables)[:3] == SAID
    assert [str(found.place)[-2:] for found in tables.findings if found.code == "ERROR_CELL"] == ["D5", "G5"]
    frame = tables.frames["applicants"]
    assert frame["county"].to_list()[-2:] == ["太湖县", "太湖县"]
    assert [found.place and found.place.sheet for found in tables.findings if found.code == "HIDDEN_SHEET"] == [
        "旧数据"
    ]
    assert any("4" in found.message.zh and "隐藏" in found.message.zh for found in tables.findings)


def test_a_workbook_in_xml_is_read_with_its_errors(policy: Policy) -> None:
    tables = read(policy, "xml2003.xls")
    assert rows_of(tables)[:3] == SAID
    assert [found.code for found in tables.findings if found.severity == "error"] == ["ERROR_CELL", "UNCACHED_FORMULA"]
    assert tables.frames["applicants"]["county"].to_list()[-2:] == ["太湖县", "太湖县"]


@pytest.mark.parametrize("name", ["page.xls", "utf8-page.xls"])
def test_a_web_page_named_as_a_workbook_is_read_as_text_in_its_encoding(policy: Policy, name: str) -> None:
    tables = read(policy, name)
    assert rows_of(tables)[:3] == SAID
    assert tables.frames["applicants"]["county"].to_list()[-2:] == ["太湖县", "太湖县"]
    assert codes_of(tables, "error") == []


def test_a_date_of_1904_in_an_old_workbook_needs_no_guess(tmp_path: Path, policy: Policy) -> None:
    data = (FILES / "book.xls").read_bytes()
    record = b"\x22\x00\x02\x00"
    assert data.count(record + b"\x00\x00") == 1
    (tmp_path / "mac.xls").write_bytes(data.replace(record + b"\x00\x00", record + b"\x01\x00"))
    dates = read_tables([tmp_path / "mac.xls"], policy).frames["applicants"]["established_on"].to_list()
    assert str(dates[0]) == "2022-08-18"


# ---- passwords ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["password.xlsx", "password.xls"])
def test_a_workbook_with_a_password_is_opened_by_it_and_by_no_other(policy: Policy, name: str) -> None:
    opened = read(policy, name, passwords=("wrong", PASSWORD))
    assert opened.frames["applicants"].equals(read(policy, "book.xlsx").frames["applicants"])
    with pytest.raises(InputError, match="--password-file"):
        read(policy, name)
    with pytest.raises(InputError, match="none of the 2 given opens it") as raised:
        read(policy, name, passwords=("geheim-1", "geheim-2"))
    assert "geheim" not in "".join(raised.value.message)


def test_a_password_of_an_opendocument_is_said_to_be_out_of_reach(policy: Policy) -> None:
    with pytest.raises(InputError, match="OpenDocument workbook has a password"):
        read(policy, "password.ods", passwords=(PASSWORD,))


# ---- text --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("utf8.csv", "UTF-8, values parted by commas"),
        ("bom.csv", "UTF-8, values parted by commas"),
        ("utf16.csv", "UTF-16, values parted by tabs"),
        ("gb18030.csv", "GB18030, values parted by commas"),
        ("semicolon.csv", "UTF-8, values parted by semicolons"),
        ("tab.csv", "GB18030, values parted by tabs"),
        ("fullwidth.csv", "UTF-8, values parted by full-width commas"),
    ],
)
def test_text_is_read_in_its_encoding_and_says_so(policy: Policy, name: str, said: str) -> None:
    tables = read(policy, name)
    assert rows_of(tables) == SAID
    assert only(tables, "ENCODING").message.en == f"read as {said}"
    assert only(tables, "ENCODING").severity == "info"


TITLED = (
    f"2018年度,申报表\n填表单位：桐城市商务局;;单位：万元\n\n统一社会信用代码;名称;网上年交易额\n{code(1)};甲;2000\n{code(2)};乙;1\n"
    "合计;;2001\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_titles_and_units_above_the_header_of_a_text_are_understood_as_in_a_workbook(
    tmp_path: Path, policy: Policy, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TITLED, encoding=encoding)
    tables = read_tables([path], policy)
    frame = tables.frames["applicants"]
    assert frame.select("online_gmv_yuan", "_row").rows() == [(2_000_000_000, 5), (1_000_000, 6)]
    assert codes_of(tables, "warning") == codes_of(tables, "error") == []
    said = {"UNIT_ABOVE", "HEADER_ROW", "TOTAL_ROWS"}
    assert said <= {found.code for found in tables.findings}
    piped = read_tables(["-"], policy, input_format="csv", stdin=io.BytesIO(TITLED.encode()))
    assert piped.frames["applicants"]["online_gmv_yuan"].to_list() == frame["online_gmv_yuan"].to_list()


def test_a_clean_text_in_utf_8_is_read_without_a_warning(tmp_path: Path, program: Program) -> None:
    (tmp_path / "申报主体.csv").write_text(f"统一社会信用代码,名称\n{code(1)},甲\n", encoding="utf-8")
    shown, told = program("check", "申报主体.csv"), program("check", "申报主体.csv", "-v")
    assert shown.status == told.status == 0
    assert "ENCODING" not in shown.out
    assert "[ENCODING]" in told.out


def test_a_header_of_two_rows_in_a_text_is_one_header(tmp_path: Path, policy: Policy) -> None:
    head = "申报主体基本情况,,经营数据,\n统一社会信用代码,名称,网上年交易额,跨境包裹\n,,(万元),(件)\n"
    (tmp_path / "a.csv").write_text(f"{head}{code(1)},甲,2000,5\n", encoding="utf-8")
    tables = read_tables([tmp_path / "a.csv"], policy)
    frame = tables.frames["applicants"]
    assert frame.select("online_gmv_yuan", "cross_border_parcels", "_row").rows() == [(2_000_000_000, 5, 4)]
    assert codes_of(tables, "warning") == codes_of(tables, "error") == []


def test_an_address_with_commas_parts_no_values_of_a_text_with_semicolons(tmp_path: Path, policy: Policy) -> None:
    text = f"统一社会信用代码;名称;地址\n{code(1)};甲;某区, 某路, 1 号, 2 楼, 东, 西\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    tables = read_tables([tmp_path / "a.csv"], policy)
    assert tables.frames["applicants"]["address"].to_list() == ["某区, 某路, 1 号, 2 楼, 东, 西"]


def test_rows_with_too_few_or_too_many_values_are_found(policy: Policy) -> None:
    tables = read(policy, "ragged.csv")
    ragged = [
        (found.severity, found.place and found.place.row) for found in tables.findings if found.code == "RAGGED_ROW"
    ]
    assert sorted(ragged, key=str) == [("error", 6), ("warning", 5)]
    assert tables.frames["applicants"]["uscc"].to_list() == [code(1), code(2), code(3), code(4)]


def test_the_records_of_a_text_stand_at_the_rows_that_findings_name(policy: Policy) -> None:
    records = records_of("a.csv", (FILES / "gb18030.csv").read_bytes())
    rows = read(policy, "gb18030.csv").frames["applicants"]["_row"].to_list()
    assert [records[row - 1][0] for row in rows] == [code(1), code(2), code(3)]


def test_a_delimiter_at_the_end_of_every_row_is_no_value(tmp_path: Path, policy: Policy) -> None:
    text = f"统一社会信用代码,名称\n{code(1)},甲,\n{code(2)},乙,\n"
    (tmp_path / "申报主体.csv").write_text(text, encoding="utf-8")
    tables = read_tables([tmp_path / "申报主体.csv"], policy)
    assert tables.frames["applicants"]["name"].to_list() == ["甲", "乙"]
    assert codes_of(tables) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("cut.csv", "it is UTF-8, but line 5 has broken bytes"),
        ("nul.csv", "line 4 holds a NUL"),
        ("empty.csv", "the file is empty"),
    ],
)
def test_damaged_text_is_refused_with_its_line(policy: Policy, content: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(policy, content)


def test_text_in_utf16_that_breaks_off_is_refused(tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "a.csv").write_bytes((FILES / "utf16.csv").read_bytes()[:-1])
    with pytest.raises(InputError, match="it is UTF-16, but line 5"):
        read_tables([tmp_path / "a.csv"], policy)


def test_gb18030_that_breaks_off_is_refused_as_such(tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "a.csv").write_bytes("统一社会信用代码,名称\n甲,乙丙丁".encode("gb18030")[:-1])
    with pytest.raises(InputError, match="it is GB18030, but line 2"):
        read_tables([tmp_path / "a.csv"], policy)


# ---- what is no table --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("document.xlsx", "PDF"),
        ("picture.xls", "图片"),
        ("rar.xlsx", "压缩包"),
        ("zip.xlsx", "压缩包"),
        ("wps-text.xls", "文字文档"),
        ("frames.xls", "网页"),
    ],
)
def test_what_is_named_as_a_table_and_is_none_says_what_it_is(policy: Policy, name: str, says: str) -> None:
    with pytest.raises(InputError) as raised:
        read(policy, name)
    assert says in raised.value.message.zh
    assert name in raised.value.message.zh


@pytest.mark.parametrize("name", ["~$a.xlsx", ".DS_Store", "Thumbs.db", "empty.xlsx"])
def test_leavings_are_passed_over_in_a_folder_and_refused_by_name(tmp_path: Path, policy: Policy, name: str) -> None:
    shutil.copy(FILES / "book.xlsx", tmp_path / "a.xlsx")
    (tmp_path / name).write_bytes(b"" if "empty" in name else b"\x05user")
    tables = read_tables([tmp_path], policy)
    (said,) = [found for found in tables.findings if found.place and PurePath(found.place.file).name == name]
    assert said.code == ("FILE_EMPTY" if "empty" in name else "FILE_SKIPPED")
    with pytest.raises(InputError, match=r"lock file|of the system|is empty"):
        read_tables([tmp_path / name], policy)


# ---- traps -------------------------------------------------------------------------------------------------------------
def add(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_workbook_that_unpacks_without_end_is_not_opened(tmp_path: Path, policy: Policy) -> None:
    path = add(save(tmp_path / "a.xlsx", {"申报主体": [["x"]]}), {"xl/worksheets/sheet9.xml": bytes(120 << 20)})
    assert path.stat().st_size < 1 << 20
    with pytest.raises(InputError, match="unpacks to 120 MB"):
        read_tables([path], policy)


def test_a_workbook_of_thousands_of_sheets_is_not_opened(tmp_path: Path, policy: Policy) -> None:
    parts = {f"xl/worksheets/more{number}.xml": b"<x/>" for number in range(2001)}
    with pytest.raises(InputError, match="2002 sheets"):
        read_tables([add(save(tmp_path / "a.xlsx", {"申报主体": [["x"]]}), parts)], policy)


def repeating(path: Path, rows: int, columns: int) -> Path:
    """A small file of many cells."""
    flat = (FILES / "book.fods").read_text(encoding="utf-8")
    cells = (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{columns}"'
        ' office:value-type="float" office:value="1"/></table:table-row></table:table>'
    )
    path.write_text(flat.replace("</table:table>", cells, 1), encoding="utf-8")
    return path


def test_a_cell_repeated_a_billion_times_is_refused(tmp_path: Path, policy: Policy) -> None:
    with pytest.raises(InputError, match="repeated millions of times"):
        read_tables([repeating(tmp_path / "a.ods", 1_000_000, 1000)], policy)


@pytest.mark.parametrize(
    ("limits", "says"),
    [(Limits(memory=64 << 20), "takes more memory"), (Limits(seconds=1.0), "was stopped after 1 second")],
)
@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory")
def test_a_small_file_that_takes_all_memory_or_time_is_refused_and_the_next_is_read(
    tmp_path: Path, limits: Limits, says: str
) -> None:
    process = Process()
    # what is started and loaded first takes as long as the machine lets it
    process.read("warm", (FILES / "book.fods").read_bytes())
    process.limits = limits
    with pytest.raises(InputError, match=f"cannot read trap: .*{says}"):
        process.read("trap", repeating(tmp_path / "a.ods", 15_000, 1000).read_bytes())
    process.limits = Limits()
    sheets, _ = process.read("next", (FILES / "book.xls").read_bytes())
    assert len(sheets) == 1
    process.stop()


@pytest.mark.parametrize(
    "name", ["book.xls", "book.ods", "book.fods", "xml2003.xls", "page.xls", "password.xls", "utf8.csv"]
)
def test_a_file_that_is_cut_or_changed_is_read_or_refused_and_nothing_else(
    tmp_path: Path, policy: Policy, name: str
) -> None:
    whole = (FILES / name).read_bytes()
    draw = random.Random(name)
    for number in range(12):
        data = bytearray(whole[: draw.randrange(len(whole))] if number % 2 else whole)
        for _ in range(number):
            if data:
                data[draw.randrange(len(data))] = draw.randrange(256)
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(data)
        try:
            assert read_tables([path], policy, passwords=(PASSWORD,)).frames
        except InputError as fault:
            assert path.name in fault.message.zh  # noqa: PT017  # either way is right


# ---- as one folder, and from outside -----------------------------------------------------------------------------------
def test_the_committed_text_files_are_those_that_the_script_makes(tmp_path: Path) -> None:
    texts(tmp_path)
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (FILES / made.name).read_bytes(), made.name


def test_the_program_reads_every_format_in_one_run(program: Program) -> None:
    names = [
        "book.xls",
        "book.et",
        "book.ods",
        "page.xls",
        "xml2003.xls",
        "gb18030.csv",
        "password.xls",
        "password.xlsx",
    ]
    for name in names:
        shutil.copy(FILES / name, program.folder / name)
    (program.folder / "words.txt").write_text(f"first\n{PASSWORD}\n", encoding="utf-8")
    said = program("run", *names, "--password-file", "words.txt", "-o", "result.json", "-q")
    assert said.status == 1, said.err
    text = (program.folder / "result.json").read_text(encoding="utf-8")
    assert all(f'"{name}"' in text for name in names)
    assert PASSWORD not in text + said.out + said.err


def test_the_program_names_all_that_it_cannot_read_and_writes_nothing(program: Program) -> None:
    names = ["document.xlsx", "zip.xlsx", "wps-text.xls", "cut.csv", "password.xls"]
    for name in names:
        shutil.copy(FILES / name, program.folder / name)
    (program.folder / "words.txt").write_text("geheim\n", encoding="utf-8")
    said = program("run", *names, "--password-file", "words.txt", "-o", "result.json")
    assert said.status == 3
    assert [name in line for name, line in zip(names, said.err.splitlines(), strict=True)] == [True] * 5
    assert "geheim" not in said.err
    assert not (program.folder / "result.json").exists()


@pytest.mark.parametrize(
    ("content", "says"), [(None, "words.txt"), (b"\n \n", "没有密码"), (b"\x00\x01", "不是密码文件")]
)
def test_a_password_file_that_is_none_ends_with_3(program: Program, content: bytes | None, says: str) -> None:
    shutil.copy(FILES / "password.xls", program.folder)
    if content is not None:
        (program.folder / "words.txt").write_bytes(content)
    said = program("run", "password.xls", "--password-file", "words.txt")
    assert said.status == 3
    assert says in said.err


def test_nothing_of_the_readers_is_imported_where_only_text_is_read(tmp_path: Path) -> None:
    shutil.copy(FILES / "utf8.csv", tmp_path / "申报主体.csv")
    text = (
        "import sys\nfrom anqing_subsidy import load_policy, read_tables\n"
        "read_tables(['申报主体.csv'], load_policy())\n"
        "print(*{'fastexcel', 'xlrd', 'msoffcrypto', 'olefile'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", text], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.strip() == b""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in an empty folder."""
    return Program(tmp_path)
