from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from anqing_subsidy.intake import read_tables
from anqing_subsidy.intake.normal import KINDS
from anqing_subsidy.policy import load_policy
from anqing_subsidy.tables import Tables

if TYPE_CHECKING:
    from pathlib import Path

    from anqing_subsidy.finding import Finding
    from anqing_subsidy.policy.model import Policy

GOOD = "91340800MA2N00000"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

Rows = Sequence[Sequence[Any]]
Read = Callable[..., Tables]
ReadColumn = Callable[..., tuple[list[Any], Tables]]
Change = Callable[[bytes], bytes]


def code(number: int) -> str:
    """A valid credit code."""
    body = f"91340800MA{number:07d}"
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[-total % 31]


_REMARKS = ("NORMALISED", "ENCODING")
"""What is said of a sound file too."""


def codes_of(tables: Tables, severity: str | None = None) -> list[str]:
    """The codes of what was found; the counts of what was normalised have `normal_of`."""
    wanted = [finding for finding in tables.findings if finding.code not in _REMARKS or severity == "info"]
    return [finding.code for finding in wanted if severity in (None, finding.severity)]


def normal_of(tables: Tables) -> dict[str, str]:
    """What was normalised: the cell and the English sentence of each count, by kind."""
    found = {}
    for finding in tables.findings:
        if finding.code == "NORMALISED":
            assert finding.severity == "info"
            (kind,) = [kind for kind, words in KINDS.items() if words.zh in finding.message.zh]
            found[kind] = finding.message.en
    return found


def only(tables: Tables, kind: str) -> Finding:
    (finding,) = [finding for finding in tables.findings if finding.code == kind]
    return finding


def save(path: Path, sheets: Mapping[str, Rows]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy()


@pytest.fixture
def read(tmp_path: Path, policy: Policy) -> Read:
    """Read rows written to a workbook of one sheet."""

    def run(rows: Rows, sheet: str = "申报主体", file: str = "a.xlsx") -> Tables:
        return read_tables([save(tmp_path / file, {sheet: rows})], policy)

    return run


@pytest.fixture
def column(read: Read) -> ReadColumn:
    """Read one column of the applicants sheet; returns its values and the tables."""

    def run(header: str, values: Sequence[Any], name: str) -> tuple[list[Any], Tables]:
        rows = [["统一社会信用代码", "名称", header], *([code(i), f"甲{i}", value] for i, value in enumerate(values))]
        tables = read(rows)
        return tables.frames["applicants"][name].to_list(), tables

    return run
