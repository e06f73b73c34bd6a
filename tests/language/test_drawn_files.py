"""Random policies and rows through the installed command: a workbook and text files give what the library gives."""

from __future__ import annotations

import csv
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.money import plain
from tests.language.drawn.policy import text_of
from tests.language.drawn.words import BASE
from tests.language.reference.compare import SHEETS, drawn
from tests.support import cell_of, header_of, write_workbook_of

if TYPE_CHECKING:
    from anqing_subsidy.policy import Policy
    from tests.language.drawn.rows import Rows

SEEDS: Final = tuple(at * SHEETS for at in (3, 5, 8, 13))
_SCALES: Final = {"money": 2, "usd": 2, "area": 4}


def typed(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """Rows as a person types them: yuan and square metres, yes and no, days."""
    return {
        table: [
            {name: _cell(BASE["tables"][table]["columns"][name]["type"], row[name]) for name in row} for row in found
        ]
        for table, found in rows.items()
    }


def _cell(kind: str, value: Any) -> Any:  # noqa: ANN401  # a cell
    if value is None:
        return None
    if kind == "ratio":
        return f"{Decimal(value).scaleb(-6):f}%"
    if kind in _SCALES:
        return f"{Decimal(value).scaleb(-_SCALES[kind]):f}"
    return {True: "yes", False: "no"}[value] if kind == "yesno" else str(value)


def write_texts_of(rows: Rows, folder: Path, policy: Policy) -> list[Path]:
    """A text file a sheet."""
    paths: list[Path] = []
    for table, found in typed(rows).items():
        if found:
            path = folder / f"{policy.tables[table].sheet}.csv"
            columns = list(policy.tables[table].columns.values())
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow([header_of(column) for column in columns])
                writer.writerows([[cell_of(column, row.get(column.id)) for column in columns] for row in found])
            paths.append(path)
    return paths


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_command_on_files_says_what_the_library_says(seed: int, kind: str, tmp_path: Path) -> None:
    one = drawn(seed)
    policy = one.policy()
    (tmp_path / "policy.yaml").write_text(text_of(one.tree), encoding="utf-8")
    workbook = tmp_path / "rows.xlsx"
    files = (
        [write_workbook_of(typed(one.rows), workbook, policy)]
        if kind == "xlsx"
        else write_texts_of(one.rows, tmp_path, policy)
    )
    result = tmp_path / "result.csv"
    command = [
        sys.executable,
        "-m",
        "anqing_subsidy",
        "run",
        *map(str, files),
        "--policy",
        str(tmp_path / "policy.yaml"),
    ]
    done = subprocess.run([*command, "-o", str(result)], capture_output=True, text=True, check=False)
    assert result.exists(), done.stderr
    with result.open(encoding="utf-8-sig", newline="") as file:
        said = sorted(
            tuple(row[name] for name in ("uscc", "clause", "object_id", "status", "amount"))
            for row in csv.DictReader(file)
        )
    lines = one.assessed().lines.select("code", "clause", "object", "status", "amount").rows()
    assert said == sorted(
        (code, clause, thing or "", status, plain(paid)) for code, clause, thing, status, paid in lines
    )
