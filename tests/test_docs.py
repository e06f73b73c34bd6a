"""The documentation is true: its commands run, its tables are those of the policy."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from anqing_subsidy import load_policy
from anqing_subsidy.cli.app import app

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "docs/README.zh.md", "examples/README.md", "docs/explain.md", "docs/explain.zh.md")
SEQUENCES = ("README.md", "docs/README.zh.md", "docs/ledger.md", "docs/ledger.zh.md")
LEDGER = "awards.ledger"


def commands(page: str) -> list[str]:
    """The `anqing-subsidy` commands in the code blocks of a page, without their comments."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"^    (\S.*)$", text, re.MULTILINE)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("anqing-subsidy ")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for name in ("policy.yaml", "guide.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("page", "command"), [(page, command) for page in PAGES for command in commands(page) if LEDGER not in command]
)
def test_a_command_of_the_documentation_runs(page: str, command: str, folder: Path) -> None:
    words = [
        name
        for word in shlex.split(command, comments=True)[1:]
        for name in (sorted(map(str, folder.glob(word))) if "*" in word else [word])
    ]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "anqing_subsidy", *words],
        cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), f"{page}: {command}\n{done.stderr}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("page", ["docs/cases.md", "docs/cases.zh.md"])
def test_the_cases_of_the_page_on_cases_pass(page: str, folder: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    code = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert code is not None
    (folder / "page.yaml").write_text(code[1], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "anqing_subsidy", "policy", "test", "examples/policies/honghe-2021.yaml", "--cases", "page.yaml"],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES[:2])
def test_every_command_is_shown(page: str) -> None:
    from anqing_subsidy.cli.app import app
    from anqing_subsidy.cli.policy import app as about_policies

    names = [command.name for command in app.registered_commands]
    names += [f"policy {command.name}" for command in about_policies.registered_commands]
    shown = "\n".join(commands(page))
    assert [name for name in names if f"anqing-subsidy {name} " not in shown] == []


@pytest.mark.parametrize("page", SEQUENCES)
def test_the_commands_of_the_ledger_run_one_after_the_other(page: str, folder: Path) -> None:
    sequence = [command for command in commands(page) if LEDGER in command]
    assert [command.split()[2] for command in sequence][:2] == ["init", "import"]
    for command in sequence:
        done = subprocess.run(
            [sys.executable, "-m", "anqing_subsidy", *shlex.split(command, comments=True)[1:]],
            cwd=folder, env={**os.environ, "PYTHONUTF8": "1"}, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{page}: {command}\n{done.stderr}"


def test_every_page_shows_commands() -> None:
    assert all(commands(page) for page in PAGES)


def test_the_python_example_of_the_readme_runs(folder: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert code is not None
    done = subprocess.run([sys.executable, "-c", code[1]], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "total" in done.stdout


def test_every_command_of_the_program_is_shown_in_both_languages() -> None:
    names = {command.name for command in app.registered_commands}
    for pages in (("README.md", "docs/explain.md"), ("docs/README.zh.md", "docs/explain.zh.md")):
        assert names <= {command.split()[1] for page in pages for command in commands(page)}


def test_both_readmes_give_the_same_two_commands() -> None:
    pattern = re.compile(r"^python3 -m venv .*$", re.MULTILINE)
    english = pattern.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    chinese = pattern.findall((ROOT / "docs/README.zh.md").read_text(encoding="utf-8"))
    assert english == chinese
    assert len(english) == 2


def test_the_page_of_sheets_and_columns_is_that_of_the_policy() -> None:
    policy = load_policy()
    page = (ROOT / "docs" / "input.md").read_text(encoding="utf-8")
    for table in policy.tables.values():
        assert f"## {table.sheet} `{table.id}`" in page
        assert all(f"| {column.header} | `{column.id}` |" in page for column in table.columns.values())


def test_the_files_named_in_the_readme_exist() -> None:
    for page in PAGES[:2]:
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / page).parent / target).exists(), target


def test_the_page_of_results_gives_the_columns_of_the_workbook(folder: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "anqing_subsidy",
        "run",
        "examples/detailed.xlsx",
        "-o",
        "r.xlsx",
        "-q",
        "--lang",
        "zh",
    ]
    assert subprocess.run(command, cwd=folder, check=False).returncode in (0, 1)
    funds = {f"{title.zh}(元)" for title in load_policy().funds.values()}
    page = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    described = {row[0]: row[2].split(", ") for row in re.findall(r"^\| (\S+) \| (.+) \| (.+) \|$", page, re.MULTILINE)}
    for sheet in openpyxl.load_workbook(folder / "r.xlsx"):
        written = [str(cell.value) for cell in sheet[1]]
        assert [name for name in written if name not in funds] == [
            name for name in described[sheet.title] if name != "…"
        ]


def test_the_page_of_readings_lists_every_switch_with_its_options() -> None:
    page = (ROOT / "docs" / "readings.md").read_text(encoding="utf-8")
    for reading in load_policy().readings.values():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{reading.id}` |"))
        assert row.count("`") == 2 + 2 * len(reading.options)
        for option in reading.options:
            assert f"`{option}` {reading.says[option].zh} / {reading.says[option].en}" in row
