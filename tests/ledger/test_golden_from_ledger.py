"""The hand-computed cases that look back: fed from a ledger instead of sheets, they come to the same."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from anqing_subsidy.engine import assess
from tests.ledger.books import Book
from tests.oracle.convert import typed
from tests.support import Json, case_code, case_groups, case_name, frames, merged, single_cases
from tests.test_cases import as_json, check, policy_under

PAST: Final = ("awards_paid", "history")
RUNS: Final = tuple(
    run
    for run in (*((case,) for case in single_cases()), *case_groups())
    if any(case["tables"].get(table) for case in run for table in PAST)
)


def run_with_ledger(cases: tuple[Json, ...], reading: str, folder: Path) -> dict[str, Json]:
    """The sheets of the past go into a ledger, the others are run beside it."""
    policy = policy_under(reading)
    rows = typed(merged(cases))
    book = Book(folder)
    book.load({table: rows[table] for table in PAST if rows.get(table)}, policy)
    return as_json(book.run({table: some for table, some in rows.items() if table not in PAST}, policy))


def test_there_are_cases_of_awards_paid_and_of_earlier_years() -> None:
    assert {table for run in RUNS for case in run for table in PAST if case["tables"].get(table)} == set(PAST)
    assert len(RUNS) >= 12


@pytest.mark.parametrize("cases", [pytest.param(run, id=case_name(*run)) for run in RUNS])
def test_a_case_comes_to_the_same_with_its_past_in_a_ledger(cases: tuple[Json, ...], tmp_path: Path) -> None:
    result = run_with_ledger(cases, "", tmp_path)
    for case in cases:
        check(case, result[case_code(case)])


@pytest.mark.parametrize(
    ("case", "reading", "cases"),
    [
        pytest.param(case, reading, run, id=f"{case['id']} {reading}")
        for run in RUNS
        for case in run
        for reading in case["other_readings"]
    ],
)
def test_a_case_under_another_reading_comes_to_the_same_with_its_past_in_a_ledger(
    case: Json, reading: str, cases: tuple[Json, ...], tmp_path: Path
) -> None:
    result = run_with_ledger(cases, reading, tmp_path)
    assert result[case_code(case)]["total"] == case["other_readings"][reading]


def test_the_same_sheets_beside_the_ledger_are_not_counted_twice(tmp_path: Path) -> None:
    cases = tuple(case for run in RUNS for case in run)
    policy, rows = policy_under(""), typed(merged(cases))
    plain = as_json(assess(policy, frames(policy, rows)))
    book = Book(tmp_path)
    book.load({table: rows[table] for table in PAST}, policy)
    assert as_json(book.run(rows, policy)) == plain
