"""A result is never taken for an application, and what cannot be written or is asked twice is said."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SIMPLE = ROOT / "examples" / "simple.xlsx"


def run(folder: Path, *words: str, to: str = "") -> subprocess.CompletedProcess[str]:
    """The program, its output into a file where one is named."""
    command = [sys.executable, "-m", "anqing_subsidy", *words]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8"}
    if to:
        with Path(to).open("w", encoding="utf-8") as stream:
            return subprocess.run(
                command, cwd=folder, env=surroundings, stdout=stream, stderr=subprocess.PIPE, text=True, check=False
            )
    return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    shutil.copy(SIMPLE, tmp_path / "in" / "simple.xlsx")
    return tmp_path


def test_a_result_is_not_written_into_the_folder_of_inputs(folder: Path) -> None:
    said = run(folder, "run", "in", "-q", "-o", "in/result.xlsx")
    assert said.returncode == 2
    assert "folder of inputs" in said.stderr
    assert not (folder / "in" / "result.xlsx").exists()


def test_a_result_in_a_folder_is_passed_over_and_named_alone_it_is_refused(folder: Path) -> None:
    assert run(folder, "run", "in", "-q", "-o", "result.xlsx").returncode == 1
    shutil.copy(folder / "result.xlsx", folder / "in" / "result.xlsx")
    assert run(folder, "run", "in", "-q", "-o", "again.json").returncode == 1
    alone = run(folder, "run", "in/simple.xlsx", "-q", "-o", "alone.json")
    assert alone.returncode == 1
    counts = [text.count('"uscc"') for text in map(Path.read_text, (folder / "again.json", folder / "alone.json"))]
    assert counts[0] == counts[1] > 0
    named = run(folder, "run", "result.xlsx")
    assert named.returncode == 3
    assert "a result of this program" in named.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_standard_output_that_is_full_ends_with_3(folder: Path) -> None:
    said = run(folder, "run", "in/simple.xlsx", "--format", "json", to="/dev/full")
    assert said.returncode == 3
    assert "cannot write to standard output" in said.stderr
    assert "Traceback" not in said.stderr


def test_quiet_keeps_back_what_is_printed_besides_the_result_and_not_the_result(folder: Path) -> None:
    assert run(folder, "run", "in/simple.xlsx", "-q", "-o", "-").stdout.startswith(
        '{"schema":"anqing-subsidy/result/1"'
    )
    assert run(folder, "run", "in/simple.xlsx", "-q").stdout == ""


def test_one_reading_set_to_two_options_is_refused(folder: Path) -> None:
    said = run(folder, "run", "in/simple.xlsx", "--set", "c3_base=excess", "--set", "c3_base=whole")
    assert said.returncode == 2
    assert "c3_base" in said.stderr
