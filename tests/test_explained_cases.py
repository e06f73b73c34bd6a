"""Every hand-computed case: its explanation holds each number that decides it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.engine.focus import focused
from anqing_subsidy.engine.subset import one_of
from anqing_subsidy.money import grouped
from anqing_subsidy.policy import load_policy
from anqing_subsidy.policy.clauses import FirstPast
from anqing_subsidy.policy.derivations import ChildCount, ChildSum
from anqing_subsidy.policy.reads import refs_behind
from anqing_subsidy.policy.terms import AnyOf, Compare, Ref
from anqing_subsidy.report.explain.explainer import Explainer
from anqing_subsidy.report.explain.tree import UNWRAPPED, Tree, drawn
from tests.oracle.convert import typed
from tests.support import Json, case_code, case_groups, case_name, fen, frames, merged, single_cases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anqing_subsidy.policy.terms import Condition
    from anqing_subsidy.tables import Tables

POLICY: Final = load_policy()
RUNS: Final = (*((case,) for case in single_cases()), *case_groups())


@cache
def everything() -> Tables:
    return frames(POLICY, typed(merged(case for run in RUNS for case in run)))


@cache
def explained(code: str) -> str:
    """The explanation of one applicant among all, in English, as plain text."""
    tables = everything()
    rows = (tables.frames[POLICY.main][POLICY.payee.code] == code).arg_true()
    alone = one_of(assess(POLICY, focused(POLICY, tables, rows)), tables.frames[POLICY.main][rows])
    roots = Tree(Explainer(alone, "en", {}).explanation(), "en").roots()
    return "\n".join(text for _, text, _ in drawn(roots, UNWRAPPED))


def shown(value: int, kind: str) -> str:
    """A figure as the explanation writes it, worked out here once more."""
    if kind == "money":
        return grouped(value)
    if kind == "area":
        whole, rest = divmod(value, 10_000)
        return f"{whole:,}" + (f".{rest:04d}".rstrip("0") if rest else "")
    return f"{value:,}"


def own_numbers(case: Json, clause_id: str) -> Iterable[str]:
    """The figures that the applicant typed on the rows of a clause and that its conditions and award read."""
    clause = POLICY.clauses[clause_id]
    tables = typed(merged([case]))
    read = refs_behind((clause.when, clause.award), POLICY.facts)
    counted = {how.otherwise for fact in POLICY.facts.values() if isinstance(how := fact.how, ChildCount | ChildSum)}
    for table in {clause.table, POLICY.main}:
        rows = tables.get(table, [])
        if len(rows) != 1:
            continue
        for name, value in rows[0].items():
            column = POLICY.tables[table].columns.get(name)
            if column is None or column.type not in ("money", "count", "area") or not isinstance(value, int):
                continue
            if Ref(table, name) in read and Ref(table, name) not in counted:
                yield shown(value, column.type)


def thresholds(conditions: Iterable[Condition]) -> Iterable[str]:
    """The numbers that conditions compare figures with."""
    for condition in conditions:
        if isinstance(condition, AnyOf):
            for branch in condition.branches:
                yield from thresholds(branch)
        elif (
            isinstance(condition, Compare)
            and isinstance(condition.value, int)
            and not isinstance(condition.value, bool)
        ):
            kind = POLICY.type_of(condition.ref)
            if kind in ("money", "count", "area"):
                yield shown(condition.value, kind)


def lines_of(code: str, clause: str) -> pl.DataFrame:
    tables = everything()
    rows = (tables.frames[POLICY.main][POLICY.payee.code] == code).arg_true()
    result = assess(POLICY, focused(POLICY, tables, rows))
    return result.lines.filter((pl.col("code") == code) & (pl.col("clause") == clause))


CASES: Final = [pytest.param(case, id=case_name(case)) for run in RUNS for case in run]


@pytest.mark.parametrize("case", CASES)
def test_the_explanation_holds_the_numbers_that_decide(case: Json) -> None:
    text = explained(case_code(case))
    for clause_id, wanted in case["expected"]["lines"].items():
        clause = POLICY.clauses[clause_id]
        assert f"{clause.article} {clause.title.en}" in text
        lines = lines_of(case_code(case), clause_id)
        for amount in lines["amount"]:
            assert f"{grouped(amount)} yuan" in text
        assert sum(lines["amount"]) == fen(wanted["amount"])
        if lines["reason"].is_in(["BAD_CODE", "INVALID_FACT"]).any():
            continue
        for number in own_numbers(case, clause_id):
            assert number in text, number
        many = clause.rows != "one"
        for number in () if many else thresholds(clause.when):
            assert number in text, number
        shape: Any = clause.award.shape
        if isinstance(shape, FirstPast):
            kind = POLICY.type_of(shape.metric)
            assert any(shown(level, kind) in text for level, _ in shape.tiers)


def test_there_are_cases_with_numbers() -> None:
    cases = [case for run in RUNS for case in run]
    numbers = [number for case in cases for clause in case["expected"]["lines"] for number in own_numbers(case, clause)]
    assert len(cases) > 50
    assert len(numbers) > len(cases)
