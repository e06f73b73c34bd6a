"""The hand cases beside the fictional policy come out; every clause of one row has some that pay and some that do not."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pytest

from anqing_subsidy.cases.load import load_cases
from anqing_subsidy.cases.run import run
from anqing_subsidy.policy import load_policy
from tests.language.town import FILE

if TYPE_CHECKING:
    from anqing_subsidy.cases.form import Case
    from anqing_subsidy.policy import Policy

CASES: Final = load_cases(load_policy(FILE), FILE.with_name("kilns.cases.yaml"))
TOGETHER: Final = {"k_pool", "k_crowd", "k_top", "k_thrift"}
"""Clauses that are worked out over several kilns: test_together.py."""


@cache
def policy_under(settings: tuple[tuple[str, str], ...]) -> Policy:
    return load_policy(FILE, dict(settings))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_a_case_comes_out_as_it_was_worked_out_by_hand(case: Case) -> None:
    result = run(case, policy_under(tuple(sorted(case.settings.items()))), "en")
    assert result.passed, result.differences


def test_every_clause_that_looks_at_one_kiln_has_cases_that_pay_and_cases_that_do_not() -> None:
    pays: dict[str, set[bool]] = {}
    for case in CASES:
        for expected in case.expected.values():
            for clause, lines in expected.clauses.items():
                pays.setdefault(clause, set()).update(bool(line.amount) for line in lines)
    assert {clause for clause, both in pays.items() if both == {True, False}} == set(
        policy_under(()).clauses
    ) - TOGETHER
