"""The example files show what their README says, and the script that writes them writes the same bytes again."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.intake import read_tables
from anqing_subsidy.policy import load_policy

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
FILES = sorted(
    path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*") if path.suffix in (".xlsx", ".csv")
)
PARKS = {"c5_new", "c5_existing"}


@cache
def result_of(name: str) -> Assessment:
    policy = load_policy()
    return assess(policy, read_tables([EXAMPLES / name], policy))


def statuses(name: str) -> dict[str, set[str]]:
    """The statuses in a file, and the clauses of each."""
    found: dict[str, set[str]] = {}
    for line in result_of(name).lines.iter_rows(named=True):
        found.setdefault(line["status"], set()).add(line["clause"])
    return found


def clauses(name: str) -> set[str]:
    return set(result_of(name).lines["clause"])


def findings(name: str, severity: str) -> list[str]:
    return sorted(finding.code for finding in result_of(name).findings if finding.severity == severity)


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *arguments], env=surroundings, capture_output=True, encoding="utf-8", check=True
    )


def test_the_simple_file_claims_every_clause_but_the_parks() -> None:
    assert clauses("simple.xlsx") == set(load_policy().clauses) - PARKS


def test_the_simple_file_pays_something_under_every_clause_but_the_parks() -> None:
    assert statuses("simple.xlsx")["eligible"] == set(load_policy().clauses) - PARKS


def test_the_simple_file_shows_every_status_that_one_sheet_can_give() -> None:
    assert set(statuses("simple.xlsx")) == {"eligible", "ineligible", "pending", "held", "superseded", "invalid"}


def test_the_simple_file_has_applicants_of_every_county() -> None:
    assert result_of("simple.xlsx").applicants["county"].n_unique() == 12


@pytest.mark.parametrize("mark", ["at_threshold", "declared"])
def test_the_simple_file_shows_what_marks_a_line(mark: str) -> None:
    assert result_of("simple.xlsx").lines[mark].any()


@pytest.mark.parametrize(
    "reason",
    [
        "BAD_CODE",
        "INVALID_FACT",
        "DUPLICATE_CLAIM",
        "MISSING_FACT",
        "MISSING_HISTORY",
        "WRONG_KIND",
        "BELOW_THRESHOLD",
        "AT_THRESHOLD",
        "NOT_FIRST_TIME",
        "SUPERSEDED",
        "CAPPED",
        "GRANTED",
    ],
)
def test_the_simple_file_shows_a_line_with_the_reason(reason: str) -> None:
    assert reason in set(result_of("simple.xlsx").lines["reason"])


def test_the_simple_file_has_the_faults_that_its_readme_names() -> None:
    assert findings("simple.xlsx", "error") == ["BAD_CODE", "DUP_APPLICANT_CONFLICT", "INVALID_VALUE"]
    assert findings("simple.xlsx", "warning") == ["NOT_CLAIMED"]


def test_every_applicant_of_the_simple_file_has_a_bank_account() -> None:
    frame = result_of("simple.xlsx").tables.frames["applicants"]
    assert frame["bank_name"].null_count() == frame["bank_account"].null_count() == 0


def test_the_detailed_file_has_every_sheet() -> None:
    assert set(result_of("detailed.xlsx").tables.frames) == set(load_policy().tables)


def test_the_detailed_file_claims_every_clause_without_declared_figures() -> None:
    assert clauses("detailed.xlsx") == set(load_policy().clauses)
    assert not result_of("detailed.xlsx").lines["declared"].any()


def test_the_detailed_file_shows_what_one_sheet_cannot() -> None:
    found = statuses("detailed.xlsx")
    assert found["eligible_with_held"] == {"c5_existing", "c7"}
    assert found["excluded"] == {"c7"}
    assert found["held"] == {"c9_enterprise"}
    assert "c5_existing" in found["pending"]
    assert "c5_new" in found["eligible"]


def test_the_detailed_file_has_decisions_that_are_applied() -> None:
    decided = result_of("detailed.xlsx").lines.filter(result_of("detailed.xlsx").lines["decided"])
    shown = sorted((line["clause"], line["status"], line["amount"]) for line in decided.iter_rows(named=True))
    assert shown == [
        ("c10", "eligible", 20_000_00),
        ("c10", "ineligible", 0),
        ("c2_gmv", "eligible", 20_000_00),
        ("c8", "eligible", 55_000_00),
    ]
    assert findings("detailed.xlsx", "error") == []
    assert findings("detailed.xlsx", "warning") == [
        "CLAIMED_TWICE",
        "CLAIMED_TWICE",
        "DUP_ROW_SAME",
        "LIST_DISAGREES",
    ]


def test_the_county_files_name_their_county_and_merge_the_applicant_of_two() -> None:
    result = result_of("counties")
    assert set(result.applicants["county"]) == {"桐城市", "怀宁县", "潜山市"}
    assert result.applicants["code"].is_unique().all()
    assert findings("counties", "error") == []
    assert findings("counties", "warning") == ["DUP_APPLICANT_SAME"]
    (merged,) = [finding for finding in result.findings if finding.code == "DUP_APPLICANT_SAME"]
    assert "怀宁.csv" in merged.message.zh
    assert "潜山.csv" in merged.message.zh


def test_the_county_files_have_the_encodings_that_people_send() -> None:
    folder = EXAMPLES / "counties"
    assert (folder / "申报主体-怀宁.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with pytest.raises(UnicodeDecodeError):
        (folder / "申报主体-潜山.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "status"), [("simple.xlsx", 1), ("detailed.xlsx", 0), ("counties", 0)])
def test_the_command_reads_each_example(name: str, status: int) -> None:
    arguments = ["-m", "anqing_subsidy", "run", name, "--format", "json"]
    done = subprocess.run(
        [sys.executable, *arguments], cwd=EXAMPLES, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == status
    assert len(json.loads(done.stdout)["applicants"]) == result_of(name).applicants.height


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    program(str(EXAMPLES / "make_examples.py"), str(folder))
    return folder


@pytest.mark.parametrize("name", FILES)
def test_a_rerun_of_the_script_writes_the_same_bytes(rewritten: Path, name: str) -> None:
    assert (rewritten / name).read_bytes() == (EXAMPLES / name).read_bytes()


def test_the_script_writes_no_other_files(rewritten: Path) -> None:
    assert sorted(path.relative_to(rewritten).as_posix() for path in rewritten.rglob("*") if path.is_file()) == FILES


def test_the_readme_of_the_examples_names_every_file() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    present = {path.name for path in EXAMPLES.iterdir() if path.name not in ("README.md", "__pycache__")}
    assert [name for name in sorted(present) if name not in text] == []


def test_the_library_example_prints_each_applicants_total() -> None:
    printed = program(str(EXAMPLES / "library.py")).stdout.splitlines()
    assert len(printed) == result_of("simple.xlsx").applicants.height
    assert printed[0] == "桐城砚池云贸电子商务有限公司: 250,000.00"
    assert all(re.fullmatch(r".+: [\d,]+\.\d\d", line) for line in printed)
    assert len((EXAMPLES / "library.py").read_text(encoding="utf-8").splitlines()) < 20
