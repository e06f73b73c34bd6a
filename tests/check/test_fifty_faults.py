"""A county file with fifty planted faults: a check finds all of them, in the right cells, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.check.faulty import Planted, county

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Planted]:
    folder: Path = tmp_path_factory.mktemp("county")
    county().save(folder / "county.xlsx")
    command = [sys.executable, "-m", "anqing_subsidy", "check", "county.xlsx", "--format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)["findings"]
    sources = [(entry["code"], entry["source"]) for entry in told if entry["severity"] != "info"]
    return [Planted(code, at["sheet"], f"{at.get('column', '')}{at.get('row', '')}") for code, at in sources]


def test_there_are_fifty_faults_of_more_than_thirty_kinds() -> None:
    planted = county().planted
    assert len(planted) == len(set(planted)) == 50
    assert len({fault.code for fault in planted}) > 30


def test_all_fifty_are_found_in_their_cells(found: list[Planted]) -> None:
    assert set(county().planted) - set(found) == set()


def test_nothing_else_is_found(found: list[Planted]) -> None:
    assert set(found) - set(county().planted) == set()
    assert len(found) == 50
