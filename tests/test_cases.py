"""Every hand-computed case: through the library, alone and all together, and through the command from workbooks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.intake import read_tables
from anqing_subsidy.money import plain
from anqing_subsidy.policy import Policy, load_policy
from tests.oracle.convert import typed
from tests.support import (
    Json,
    case_code,
    case_groups,
    case_name,
    fen,
    frames,
    merged,
    single_cases,
    write_workbook_of,
)

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment

ALONE = tuple((case,) for case in single_cases())
RUNS = (*ALONE, *case_groups())
BESIDE = {"B001", "B004", "B007"}
"""Cases of article 1 that fill in a turnover: they claim c2_gmv too, and get nothing for it."""

Run = Callable[[str, str], dict[str, Json]]


def settings_of(reading: str) -> dict[str, str]:
    name, _, option = reading.partition("=")
    return {name: option} if name else {}


@cache
def policy_under(reading: str) -> Policy:
    return load_policy(settings=settings_of(reading))


def as_json(result: Assessment) -> dict[str, Json]:
    """The part of the JSON result that the cases speak of, by credit code."""
    found: dict[str, Json] = {}
    for row in result.applicants.iter_rows(named=True):
        found[row["code"]] = {
            "total": plain(row["total"]),
            "by_fund": {fund: plain(row[f"fund:{fund}"]) for fund in result.policy.funds},
            "lines": [],
        }
    for line in result.lines.iter_rows(named=True):
        potential = None if line["potential"] is None else plain(line["potential"])
        shown = {"clause": line["clause"], "status": line["status"], "amount": plain(line["amount"])}
        found[line["code"]]["lines"].append({**shown, "potential": potential})
    return found


def check(case: Json, got: Json) -> None:
    """Lines, total and funds of one applicant are those that were worked out by hand."""
    expected = case["expected"]
    lines: dict[str, list[Json]] = {}
    for line in got["lines"]:
        lines.setdefault(line["clause"], []).append(line)
    if case["id"] in BESIDE:
        assert [(line["status"], line["amount"]) for line in lines.pop("c2_gmv")] == [("ineligible", "0.00")]
    assert set(lines) == set(expected["lines"])
    for clause, wanted in expected["lines"].items():
        assert {line["status"] for line in lines[clause]} == {wanted["status"]}
        assert sum(fen(line["amount"]) for line in lines[clause]) == fen(wanted["amount"])
        if "potential" in wanted:
            assert [line["potential"] for line in lines[clause]] == [wanted["potential"]]
    assert got["total"] == expected["total"]
    for fund, amount in expected.get("fund", {}).items():
        assert got["by_fund"][fund] == amount


def named(cases: tuple[Json, ...]) -> Any:  # noqa: ANN401 - pytest keeps the type of its parameters to itself
    return pytest.param(cases, id=case_name(*cases))


def other_readings(*runs: tuple[Json, ...]) -> list[tuple[Json, str, tuple[Json, ...]]]:
    """Each case and reading for which another total was worked out, and the cases that it runs with."""
    return [(case, reading, run) for run in runs for case in run for reading in case["other_readings"]]


# ---- the library ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("cases", [named(run) for run in RUNS])
def test_each_case_alone(cases: tuple[Json, ...]) -> None:
    policy = policy_under("")
    result = as_json(assess(policy, frames(policy, typed(merged(cases)))))
    assert len(result) == len(cases)
    for case in cases:
        check(case, result[case_code(case)])


@pytest.mark.parametrize(
    ("case", "reading", "run"),
    [pytest.param(*one, id=f"{one[0]['id']} {one[1]}") for one in other_readings(*RUNS)],
)
def test_each_case_under_another_reading(case: Json, reading: str, run: tuple[Json, ...]) -> None:
    policy = policy_under(reading)
    result = as_json(assess(policy, frames(policy, typed(merged(run)))))
    assert result[case_code(case)]["total"] == case["other_readings"][reading]


@pytest.fixture(scope="module")
def whole() -> dict[str, Json]:
    """All cases in one run."""
    policy = policy_under("")
    return as_json(assess(policy, frames(policy, typed(merged(case for run in RUNS for case in run)))))


@pytest.mark.parametrize("case", [pytest.param(case, id=case_name(case)) for run in RUNS for case in run])
def test_each_case_among_all(case: Json, whole: dict[str, Json]) -> None:
    check(case, whole[case_code(case)])


# ---- workbooks -----------------------------------------------------------------------------------------------------
WORKBOOKS = {"alone": single_cases(), "together": tuple(case for group in case_groups() for case in group)}
IN_WORKBOOKS = [pytest.param(book, case, id=case_name(case)) for book, cases in WORKBOOKS.items() for case in cases]
OTHERWISE_IN_WORKBOOKS = [
    pytest.param(book, case, reading, id=f"{case['id']} {reading}")
    for book, cases in WORKBOOKS.items()
    for case, reading, _ in other_readings(cases)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All cases in two workbooks with Chinese headers, those that share something in the second."""
    made = tmp_path_factory.mktemp("cases")
    for book, cases in WORKBOOKS.items():
        write_workbook_of(merged(cases), made / f"{book}.xlsx")
    return made


@pytest.fixture(scope="module")
def read_in(folder: Path) -> Run:
    """Run a workbook through the library, each once."""

    @cache
    def run(book: str, reading: str) -> dict[str, Json]:
        policy = policy_under(reading)
        return as_json(assess(policy, read_tables([folder / f"{book}.xlsx"], policy)))

    return run


@pytest.fixture(scope="module")
def commanded(folder: Path) -> Run:
    """Run a workbook through the installed command, each once; what it says in JSON, by credit code."""
    program = shutil.which("anqing-subsidy", path=str(Path(sys.executable).parent))
    assert program, "install the package in this environment: pip install -e ."

    @cache
    def run(book: str, reading: str) -> dict[str, Json]:
        chosen = ["--set", reading] if reading else []
        done = subprocess.run(
            [program, "run", f"{book}.xlsx", "--format", "json", *chosen],
            cwd=folder, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        # Some cases are invalid, which the command reports by its exit status; all others are computed.
        assert done.returncode == (1 if book == "alone" else 0), done.stderr
        result = json.loads(done.stdout)
        assert result["schema"] == "anqing-subsidy/result/1"
        for name, option in settings_of(reading).items():
            assert result["policy"]["readings"][name] == option
        return {applicant["uscc"]: applicant for applicant in result["applicants"]}

    return run


@pytest.mark.parametrize(("book", "case"), IN_WORKBOOKS)
def test_each_case_from_a_workbook(read_in: Run, book: str, case: Json) -> None:
    check(case, read_in(book, "")[case_code(case)])


@pytest.mark.parametrize(("book", "case", "reading"), OTHERWISE_IN_WORKBOOKS)
def test_each_other_reading_from_a_workbook(read_in: Run, book: str, case: Json, reading: str) -> None:
    assert read_in(book, reading)[case_code(case)]["total"] == case["other_readings"][reading]


@pytest.mark.parametrize(("book", "case"), IN_WORKBOOKS)
def test_each_case_through_the_command(commanded: Run, book: str, case: Json) -> None:
    check(case, commanded(book, "")[case_code(case)])


@pytest.mark.parametrize(("book", "case", "reading"), OTHERWISE_IN_WORKBOOKS)
def test_each_other_reading_through_the_command(commanded: Run, book: str, case: Json, reading: str) -> None:
    assert commanded(book, reading)[case_code(case)]["total"] == case["other_readings"][reading]
