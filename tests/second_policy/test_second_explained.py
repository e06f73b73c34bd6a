"""Explaining, comparing and asking know no more of Anqing than the engine: the fictional town has them too."""

from __future__ import annotations

import json

import polars as pl
import pytest

from anqing_subsidy import assess
from anqing_subsidy.engine.compared import compared
from anqing_subsidy.engine.focus import focused
from anqing_subsidy.engine.subset import one_of
from anqing_subsidy.engine.turned import other_options, turned
from anqing_subsidy.finding import Lang
from anqing_subsidy.money import grouped
from anqing_subsidy.policy import open_policy
from anqing_subsidy.report.asks import Asks, record
from anqing_subsidy.report.compare import readings, two
from anqing_subsidy.report.explain.explainer import Explainer
from anqing_subsidy.report.explain.record import record_of
from anqing_subsidy.report.explain.tree import UNWRAPPED, Tree, drawn
from tests.second_policy.test_second_policy import POLICY, typed
from tests.support import frames

SOURCE = open_policy(POLICY)
CITY = ("安庆", "Anqing", "電商", "c3_base")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_farm_is_explained_with_its_amounts(lang: Lang) -> None:
    policy = SOURCE.under({})
    every = frames(policy, typed())
    frame = every.frames[policy.main]
    whole = assess(policy, every)
    totals = dict(whole.applicants.select("_row", "total").rows())
    for at in range(frame.height):
        rows = pl.Series([at], dtype=pl.UInt32)
        some = focused(policy, every, rows)
        alone = one_of(assess(policy, some), frame[rows])
        under = dict(turned(SOURCE, {}, some, other_options(policy, policy.readings)))
        explainer = Explainer(alone, lang, under)
        explanation = explainer.explanation()
        text = "\n".join(said for _, said, _ in drawn(Tree(explanation, lang).roots(), UNWRAPPED))
        assert explanation.total == totals[frame["_row"][at]]
        for line in explanation.lines:
            assert grouped(line.amount) in text
            assert line.article in text
        json.dumps(record_of(explanation, explainer.recorder.head()))
        assert not any(word in text for word in CITY)


def test_its_readings_are_compared_and_its_blanks_listed() -> None:
    policy = SOURCE.under({})
    every = frames(policy, typed())
    base = assess(policy, every)
    options = list(turned(SOURCE, {}, every, other_options(policy, policy.readings)))
    costs = readings.costs_of(
        base, [readings.cost_of(option, compared(base, under), "zh") for option, under in options]
    )
    for cost in costs.options:
        under = dict(options)[cost.reading.id, cost.option]
        assert cost.total == under.applicants["total"].sum()
    assert all(
        two.record(compared(base, under))["totals"]["applicants"] == base.applicants.height for _, under in options
    )
    asks = Asks(base, "zh").ranked()
    pending = base.lines.filter(pl.col("status") == "pending")
    assert {ask["uscc"] for ask in record(asks, base)["missing"] if ask["kind"] == "pending"} <= set(pending["code"])
    assert [ask.rank for ask in asks] == sorted(ask.rank for ask in asks)
