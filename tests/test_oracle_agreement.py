"""The engine against the second calculator (`tests/oracle`), which shares no line of code with it, on random applicants."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.policy import load_policy
from tests.oracle.calculator import assess as reckon
from tests.oracle.generate import random_readings, random_tables
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from tests.oracle.calculator import Result
    from tests.oracle.common import Tables

APPLICANTS: Final = 250
SEEDS: Final = range(600, 644)
"""In three runs of four some or all readings are changed."""

Difference = tuple[str, str, Any, Any]
"""Credit code, what is compared, what the second calculator says, what the engine says."""


def drawn(seed: int, applicants: int = APPLICANTS) -> tuple[Tables, dict[str, str]]:
    """Random tables and readings."""
    rng = random.Random(seed)
    tables = random_tables(rng, applicants)
    return tables, random_readings(rng) if seed % 4 else {}


def computed(tables: Tables, readings: dict[str, str]) -> Assessment:
    policy = load_policy(settings=readings)
    return assess(policy, frames(policy, tables))


def differences(result: Assessment, expected: Result) -> list[Difference]:
    """Everything in which the two disagree."""
    found: list[Difference] = []
    lines: dict[str, dict[tuple[str, str | None], dict[str, Any]]] = {}
    for line in result.lines.iter_rows(named=True):
        lines.setdefault(line["code"], {})[line["clause"], line["object"]] = line
    people = {row["code"]: row for row in result.applicants.iter_rows(named=True)}
    if set(people) != set(expected):
        found.append(("", "applicants", sorted(set(expected) - set(people)), sorted(set(people) - set(expected))))
    for code, theirs in expected.items():
        if code not in people:
            continue
        mine = lines.get(code, {})
        if set(mine) != set(theirs.lines):
            found.append((code, "lines", sorted(map(str, set(theirs.lines))), sorted(map(str, set(mine)))))
        for key in set(mine) & set(theirs.lines):
            line, other = mine[key], theirs.lines[key]
            said: list[Any] = [line["status"], line["amount"], line["potential"]]
            wanted: list[Any] = [other.status, other.amount, other.potential]
            if other.status != "invalid":
                said.append(line["declared"])
                wanted.append(other.declared)
            if said != wanted:
                found.append((code, f"{key} {line['reason']}", wanted, said))
        person = people[code]
        if person["total"] != theirs.total:
            found.append((code, "total", theirs.total, person["total"]))
        if person["potential"] != theirs.potential:
            found.append((code, "potential", theirs.potential, person["potential"]))
        funds = {fund: person[f"fund:{fund}"] for fund in result.policy.funds}
        if funds != dict(theirs.by_fund):
            found.append((code, "funds", dict(theirs.by_fund), funds))
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_and_the_second_calculator_agree_on_every_line(seed: int) -> None:
    tables, readings = drawn(seed)
    assert differences(computed(tables, readings), reckon(tables, readings)) == [], readings


def test_the_random_applicants_are_many_and_of_every_kind() -> None:
    assert len(SEEDS) * APPLICANTS >= 10_000
    result = computed(*drawn(4, 2_000))
    statuses = {"eligible", "eligible_with_held", "ineligible", "pending", "held", "excluded", "superseded", "invalid"}
    assert set(result.lines["status"]) == statuses
    paid = {clause for clause, amount in result.lines.select("clause", "amount").rows() if amount > 0}
    assert paid == set(result.policy.clauses)
    changed = [drawn(seed, 1)[1] for seed in SEEDS]
    for reading in result.policy.readings.values():
        assert {readings.get(reading.id, reading.default) for readings in changed} == set(reading.options), reading.id


def test_a_difference_of_one_fen_would_be_seen() -> None:
    tables, readings = drawn(SEEDS[0])
    expected = reckon(tables, readings)
    code, line = next((code, line) for code, one in expected.items() for line in one.lines.values() if line.amount > 0)
    line.amount += 1
    found = differences(computed(tables, readings), expected)
    assert [(one[0], one[3][1] + 1) for one in found] == [(code, line.amount)]
