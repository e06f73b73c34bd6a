"""Runs the program as a user does: in a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.oracle.generate import good_code
from tests.support import write_workbook_of

if TYPE_CHECKING:
    from tests.support import JsonTables

CAPPED, VILLAGE, PENDING, REFUSED = (good_code(number) for number in (1, 2, 3, 4))
APPLICANTS: Final[JsonTables] = {
    "applicants": [
        {
            "uscc": CAPPED,
            "name": "桐城云贸",
            "county": "340881",
            "entity_form": "company",
            "established_on": "2018-01-01",
            "is_introduced": "yes",
            "is_cross_border": "yes",
            "invoiced_sales_yuan": "12000000",
        },
        {
            "uscc": VILLAGE,
            "name": "怀宁小站",
            "county": "340822",
            "entity_form": "cooperative",
            "is_village_station": "yes",
            "full_coverage": "yes",
            "online_sales_yuan": "800000.25",
        },
    ]
}
OPEN: Final[JsonTables] = {
    "applicants": [
        *APPLICANTS["applicants"],
        {"uscc": PENDING, "name": "太湖小站", "is_village_station": "yes", "online_sales_yuan": "800000"},
        {"uscc": REFUSED, "name": "岳西小站", "is_village_station": "yes", "full_coverage": "yes", "online_sales_yuan": "499999.99"},
    ]
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a run left: its exit status and what it wrote."""

    status: int
    out: str
    err: str


class Program:
    """The program in a folder; no run may show a traceback."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, given: str | None = None, **surroundings: str) -> Said:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "SUBSIDY"))}
        done = subprocess.run(
            [sys.executable, "-m", "anqing_subsidy", *words],
            cwd=self.folder,
            env={**kept, "LANG": "zh_CN.UTF-8", **surroundings},
            input=given,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert done.returncode != 70, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def files(self) -> dict[str, bytes]:
        """Every file below the folder with its bytes, hidden ones too."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in an empty folder."""
    return Program(tmp_path)


@pytest.fixture
def clean(program: Program) -> Program:
    """The program beside `claims.xlsx`, in which nothing is wrong or open."""
    write_workbook_of(APPLICANTS, program.folder / "claims.xlsx")
    return program


@pytest.fixture
def opened(program: Program) -> Program:
    """The program beside `claims.xlsx`, with a line that is pending and one that is refused."""
    write_workbook_of(OPEN, program.folder / "claims.xlsx")
    return program
