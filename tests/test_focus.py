"""One applicant assessed with those who are tied to it comes out as in a run over all."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.engine.focus import focused
from anqing_subsidy.engine.subset import one_of
from anqing_subsidy.policy import default_policy_path, load_policy, parse_policy
from anqing_subsidy.report.explain.explainer import Explainer
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


def test_where_a_budget_cuts_all_everybody_is_assessed() -> None:
    text = default_policy_path().read_text(encoding="utf-8")
    head, mark, tail = text.partition("- id: c3\n")
    budgeted = head + mark + tail.replace("  fund: services\n", "  fund: services\n  budget: 1万元\n", 1)
    policy = parse_policy(budgeted.encode(), "budgeted.yaml", {})
    tables = frames(policy, random_tables(random.Random(11), 150))
    whole = assess(policy, tables)
    assert whole.cuts
    cut = whole.lines.filter((pl.col("clause") == "c3") & (pl.col("amount") > 0))["applicant"]
    person = whole.applicants.filter(pl.col("row").is_in(cut.implode())).row(0, named=True)
    at = (tables.frames[policy.main]["_row"] == person["_row"]).arg_true()
    alone = assess(policy, focused(policy, tables, at))
    assert said_of(alone, person["_row"]) == said_of(whole, person["_row"])
    mine = one_of(alone, tables.frames[policy.main][at])
    explanation = Explainer(mine, "zh", {}).explanation()
    steps = [step for line in explanation.lines if line.record["clause"] == "c3" for step in line.steps]
    assert ("按本条预算压减至", int(mine.lines.filter(pl.col("clause") == "c3")["amount"][0])) in steps
    assert not any(line.near for line in explanation.lines)
