"""One applicant assessed with those who are tied to it comes out as in a run over all."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.engine.focus import focused
from anqing_subsidy.policy import load_policy
from tests.oracle.generate import random_readings, random_tables
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment

ASKED: Final = 15
SAID: Final = ("code", "clause", "object", "status", "amount", "potential", "gross", "cap", "reason", "fund", "netted", "over", "declared")  # fmt: skip


def said_of(result: Assessment, row: int) -> list[tuple[Any, ...]]:
    """What the lines of one row of the applicants say."""
    person = result.applicants.filter(pl.col("_row") == row)
    return result.lines.filter(pl.col("applicant").is_in(person["row"].implode())).select(SAID).rows()


@pytest.mark.parametrize("seed", range(900, 916))
def test_an_applicant_alone_is_what_it_is_among_all(seed: int) -> None:
    rng = random.Random(seed)
    policy = load_policy(settings=random_readings(rng) if seed % 4 else {})
    tables = frames(policy, random_tables(rng, 150))
    whole = assess(policy, tables)
    rows = whole.applicants["_row"].to_list()
    main = tables.frames[policy.main]["_row"]
    for row in rng.sample(rows, ASKED):
        some = focused(policy, tables, (main == row).arg_true())
        alone = assess(policy, some)
        assert said_of(alone, row) == said_of(whole, row)
        people = [result.applicants.filter(pl.col("_row") == row).drop("row").rows() for result in (alone, whole)]
        assert people[0] == people[1]


def test_most_applicants_are_tied_to_few() -> None:
    policy = load_policy()
    tables = frames(policy, random_tables(random.Random(7), 400))
    sizes = [
        focused(policy, tables, pl.Series([at], dtype=pl.UInt32)).frames[policy.main].height for at in range(0, 400, 20)
    ]
    assert sorted(sizes)[len(sizes) // 2] < 100
