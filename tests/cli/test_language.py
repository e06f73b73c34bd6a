"""Which language the program speaks, when it is silent, and that its help comes fast."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest

from anqing_subsidy import __version__
from anqing_subsidy.policy import load_policy
from tests.cli.conftest import CAPPED

if TYPE_CHECKING:
    from tests.cli.conftest import Program, Said

EXAMPLES: Final = Path(__file__).parent.parent.parent / "examples"
CHINESE: Final = re.compile("[　-〿㐀-鿿＀-￯]")
HEAVY: Final = {
    "polars",
    "pydantic",
    "yaml",
    "openpyxl",
    "fastexcel",
    "rustpy_xlsxwriter",
    "xlsxwriter",
    "stdnum",
    "rich",
}


def data_of(path: Path) -> list[str]:
    """The Chinese that is data: cells, sheets and the file's name; articles and values that the policy writes."""
    policy = load_policy()
    book = openpyxl.load_workbook(path, read_only=True)
    texts = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    texts |= {sheet.title for sheet in book} | {path.stem}
    texts |= {clause.article for clause in policy.clauses.values()}
    for table in policy.tables.values():
        texts.add(table.sheet)
        for column in table.columns.values():
            texts |= {column.header, column.unit or ""} | {words[0] for words in (column.values or {}).values()}
    return sorted((text for text in texts if CHINESE.search(text)), key=len, reverse=True)


def chinese_left(text: str, data: list[str]) -> list[str]:
    """The lines of a text in which Chinese is left when the data is taken out."""
    found = []
    for line in text.splitlines():
        rest = line
        for word in data:
            rest = rest.replace(word, "")
        if CHINESE.search(rest):
            found.append(line)
    return found


@pytest.mark.parametrize("name", ["simple.xlsx", "detailed.xlsx"])
def test_english_output_holds_no_chinese_but_the_data(program: Program, name: str) -> None:
    path = EXAMPLES / name
    said = program("run", str(path), "--lang", "en", "--all", "-v")
    assert chinese_left(said.out, data_of(path)) == []
    assert said.err == ""


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
@pytest.mark.parametrize("name", ["simple.xlsx", "detailed.xlsx"])
def test_english_results_for_scripts_hold_no_chinese_but_the_data(program: Program, name: str, form: str) -> None:
    path = EXAMPLES / name
    said = program("run", str(path), "--lang", "en", "--format", form)
    assert chinese_left(said.out.replace('",', '",\n'), data_of(path)) == []


def test_a_changed_reading_is_shown_in_english(clean: Program) -> None:
    said = clean("run", "claims.xlsx", "--lang", "en", "--set", "c3_base=excess")
    assert chinese_left(said.out, data_of(clean.folder / "claims.xlsx")) == []


@pytest.mark.parametrize(
    "words",
    [
        ["run", "lost.xlsx"],
        ["run", "claims.xlsx", "--set", "c3_bas=excess"],
        ["run", "claims.xlsx", "--set", "c3_base"],
        ["run", "claims.xlsx", "--format", "xml"],
        ["run", "claims.xlsx", "--applicant", "nobody"],
        ["run", "claims.xlsx", "-o", "claims.xlsx"],
        ["run", "claims.xlsx", "-o", "nowhere/result.json"],
        ["run", "claims.xlsx", "--policy", "lost.yaml"],
        ["run", "claims.xlsx", "--split-by", "county"],
        ["run"],
        ["frobnicate"],
    ],
)
def test_english_complaints_hold_no_chinese(clean: Program, words: list[str]) -> None:
    said = clean("--lang", "en", *words)
    assert said.status in (2, 3)
    assert re.search("[a-z]{3}", said.err)
    assert not CHINESE.search(said.err)


@pytest.mark.parametrize("words", [["run", "lost.xlsx"], ["run", "claims.xlsx", "--set", "c3_bas=excess"]])
def test_chinese_complaints_are_chinese(clean: Program, words: list[str]) -> None:
    assert CHINESE.search(clean("--lang", "zh", *words).err)


def test_a_policy_that_is_not_there_is_refused_in_chinese_and_the_nearest_is_named(clean: Program) -> None:
    for name in ("policy.yaml", "town.yaml"):
        (clean.folder / name).write_text("policy: x\n", encoding="utf-8")
    said = clean("run", "claims.xlsx", "--policy", "policy")
    assert said.status == 3
    assert "读不到政策文件 policy: 没有这个文件或文件夹，是否应为 policy.yaml？" in said.err
    assert "No such file" not in said.err


def test_sheets_of_another_policy_are_told_to_be_so(program: Program) -> None:
    (program.folder / "claims.csv").write_text("窑号,窑名,销售额\nK1,甲,1\n", encoding="utf-8")
    said = program("run", "claims.csv")
    assert said.status == 3
    assert "没有一张工作表是政策 " in said.err
    assert "用 --policy 给出它" in said.err
    assert "give another policy with --policy" in program("run", "claims.csv", "--lang", "en").err


def test_help_is_in_the_language_that_is_asked_for(program: Program) -> None:
    for words in (["--help"], ["run", "--help"]):
        assert CHINESE.search(program(*words).out)
        assert not CHINESE.search(program("--lang", "en", *words).out)


@pytest.mark.parametrize(
    ("surroundings", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, True),
        ({"LANG": "C"}, True),
        ({"LANG": ""}, True),
    ],
)
def test_the_locale_decides_where_no_language_is_asked_for(
    clean: Program, surroundings: dict[str, str], chinese: bool
) -> None:
    assert ("合计" in clean("run", "claims.xlsx", **surroundings).out) == chinese


def test_the_language_may_stand_before_or_behind_the_command(clean: Program) -> None:
    before, behind, joined = (
        clean(*words)
        for words in (
            ("--lang", "en", "run", "claims.xlsx"),
            ("run", "claims.xlsx", "--lang", "en"),
            ("run", "claims.xlsx", "--lang=en"),
        )
    )
    assert before == behind == joined


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gb18030"])
def test_a_screen_that_cannot_show_chinese_does_no_harm(clean: Program, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "anqing_subsidy", "run", "claims.xlsx"],
        cwd=clean.folder,
        env={"PYTHONIOENCODING": encoding, "LANG": "zh_CN.UTF-8", "PATH": ""},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert "合计" in done.stdout.decode("gb18030" if encoding == "gb18030" else "utf-8")


# ---- silence ----------------------------------------------------------------------------------------------------------------------
def said_nothing(said: Said) -> bool:
    return said.out == said.err == ""


def test_quiet_runs_say_nothing(clean: Program) -> None:
    assert said_nothing(clean("run", "claims.xlsx", "-q"))
    assert said_nothing(clean("run", "claims.xlsx", "--quiet", "-o", "result.xlsx"))


def test_quiet_runs_still_say_why_they_refuse(clean: Program) -> None:
    said = clean("run", "lost.xlsx", "-q")
    assert said.out == ""
    assert "lost.xlsx" in said.err


def test_what_is_not_data_goes_to_stderr(clean: Program) -> None:
    said = clean("run", "claims.xlsx", "-o", "result.json", "--format", "csv")
    assert said.out.startswith("uscc,name,")
    assert "result.json" not in said.out
    assert "result.json" in said.err


def test_nothing_is_coloured_where_no_terminal_is(clean: Program) -> None:
    assert "\x1b" not in clean("run", "claims.xlsx").out + clean("run", "lost.xlsx").err


def test_all_applicants_are_printed_beyond_fifty_when_asked_for(program: Program) -> None:
    from tests.oracle.generate import good_code

    header = "统一社会信用代码,名称,是否村级电子商务企业(站),是否电商全覆盖,年网络销售额(元)\n"
    rows = "".join(f"{good_code(number)},第{number}户,是,是,800000\n" for number in range(1, 61))
    (program.folder / "申报主体.csv").write_text(header + rows, encoding="utf-8")
    few, everyone = program("run", "申报主体.csv").out, program("run", "申报主体.csv", "--all").out
    assert "第7户" not in few
    assert "960,000.00" in few
    assert all(f"第{number}户" in everyone for number in range(1, 61))
    assert f"{CAPPED}" in everyone


# ---- help and version ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", [["--help"], ["-h"], ["run", "--help"], ["--version"], []])
def test_help_loads_none_of_the_heavy_libraries(words: list[str]) -> None:
    code = (
        f"import sys; sys.argv = ['anqing-subsidy', *{words!r}]\n"
        "from anqing_subsidy.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "anqing_subsidy" in loaded
    assert not loaded & (HEAVY - {"pydantic"} if "run" in words else HEAVY)  # typer itself reads options with it


def test_help_names_every_option_of_the_contract(program: Program) -> None:
    told = program("run", "--help").out
    for option in (
        "--output",
        "-o",
        "--policy",
        "--set",
        "--applicant",
        "--format",
        "--all",
        "--strict",
        "--split-by",
        "--password-file",
    ):
        assert option in told
    assert program("run", "--help").status == 0


def test_the_version_is_that_of_the_package(program: Program) -> None:
    assert program("--version").out == f"anqing-subsidy {__version__}\n"


def test_the_installed_command_is_the_module(clean: Program) -> None:
    command = Path(sys.executable).parent / "anqing-subsidy"
    done = subprocess.run(
        [command, "run", "claims.xlsx", "--lang", "zh"],
        cwd=clean.folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout == clean("run", "claims.xlsx", "--lang", "zh").out
