"""The second calculator against itself: hand-computed cases where they are at hand, and what must always hold."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from .calculator import assess
from .common import BAD, code_is_good
from .convert import typed
from .generate import good_code, random_readings, random_tables, spoilt, without_row_numbers

CASES = Path(__file__).parent.parent / "cases"


def fen(value: str) -> int:
    return int(value.replace(".", ""))


def golden_groups() -> list[Any]:
    """Cases that stand alone, and groups of cases that are one run."""
    groups: list[Any] = []
    for path in sorted(CASES.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict) and "cases" in content:
            every = [[case] for case in content["cases"]] + content.get("together", [])
            groups += [pytest.param(group, id="+".join(case["id"] for case in group)) for group in every]
    return groups


@pytest.mark.parametrize("group", golden_groups())
def test_golden(group: list[dict[str, Any]]) -> None:
    together: dict[str, list[dict[str, Any]]] = {}
    for case in group:
        for table, rows in case["tables"].items():
            together.setdefault(table, []).extend(rows)
    tables = typed(together)
    result = assess(tables)
    for case in group:
        code = case["tables"]["applicants"][0]["uscc"]
        got, expected = result[code], case["expected"]
        assert got.total == fen(expected["total"])
        for clause, line in expected["lines"].items():
            found = [one for (name, _), one in got.lines.items() if name == clause]
            assert [(one.status, one.amount) for one in found] == [(line["status"], fen(line["amount"]))]
            if "potential" in line:
                assert found[0].potential == fen(line["potential"])
        for fund, amount in expected.get("fund", {}).items():
            assert got.by_fund[fund] == fen(amount)
        for reading, total in case["other_readings"].items():
            name, option = reading.split("=")
            assert assess(tables, {name: option})[code].total == fen(total)


@pytest.mark.parametrize("seed", range(8))
def test_what_always_holds(seed: int) -> None:
    rng = random.Random(seed)
    tables = without_row_numbers(random_tables(rng, 400))
    readings = random_readings(rng)
    result = assess(tables, readings)
    for one in result.values():
        assert one.total == sum(line.amount for line in one.lines.values()) == sum(one.by_fund.values())
        assert one.potential is None or one.potential >= 0
        assert min(one.by_fund.values()) >= 0
        for line in one.lines.values():
            assert (line.amount > 0) <= (line.status in ("eligible", "eligible_with_held"))
            assert line.potential is None or line.potential >= line.amount
    shuffled = {table: rng.sample(rows, len(rows)) for table, rows in tables.items()}
    assert assess(shuffled, readings) == result


def test_codes() -> None:
    code = good_code(1)
    assert code_is_good(code)
    assert not code_is_good(spoilt(random.Random(0), code))
    assert code_is_good("91340800GD00000129")


def test_cells() -> None:
    rows = [{"online_gmv_yuan": "-5.00", "paying_members": "1.5", "year": 2018, "area_m2": "", "trainee_key": "a{n}"}]
    assert typed({"t": rows}) == {
        "t": [{"online_gmv_yuan": BAD, "paying_members": BAD, "year": 2018, "trainee_key": "a1"}]
    }
