"""Two assessments side by side are what each is alone; bars, widths and ranges."""

from __future__ import annotations

import random

import polars as pl
import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.engine.compared import compared
from anqing_subsidy.finding import UsageError
from anqing_subsidy.policy import load_policy, open_policy
from anqing_subsidy.policy.clauses import FirstPast
from anqing_subsidy.policy.params import value_at, with_value
from anqing_subsidy.policy.ranges import values_between
from anqing_subsidy.report.explain.widths import width_of, wrapped
from anqing_subsidy.report.plain_table import bar, table
from tests.oracle.generate import random_readings, random_tables
from tests.support import frames


@pytest.mark.parametrize("seed", range(300, 304))
def test_a_comparison_of_random_applicants_is_two_runs(seed: int) -> None:
    rng = random.Random(seed)
    tables = random_tables(rng, 150)
    one, two = load_policy(), load_policy(settings=random_readings(rng))
    before, after = assess(one, frames(one, tables)), assess(two, frames(two, tables))
    both = compared(before, after)
    assert both.totals == (before.applicants["total"].sum(), after.applicants["total"].sum())
    for side, run in (("before", before), ("after", after)):
        assert both.people[side].sum() == run.applicants["total"].sum()
        assert both.by_clause[side].sum() == run.lines["amount"].sum()
        assert both.by_fund[side].sum() == run.applicants["total"].sum()
        by_county = dict(run.applicants.group_by(pl.col("county").fill_null("")).agg(pl.col("total").sum()).rows())
        assert dict(both.by_county.select("key", side).rows()) == by_county
    moved = [*both.gaining["change"], *both.losing["change"]]
    assert sum(moved) == both.totals[1] - both.totals[0]
    assert both.lines["change"].sum() == both.totals[1] - both.totals[0]


def test_a_comparison_with_itself_changes_nothing() -> None:
    policy = load_policy()
    result = assess(policy, frames(policy, random_tables(random.Random(5), 100)))
    both = compared(result, result)
    assert not both.lines.height
    assert not both.gaining.height
    assert not both.losing.height


def test_a_value_is_found_and_replaced_by_its_path() -> None:
    source = open_policy()
    for path, old, new in (
        ("clauses.c3.award.rate", "2%", "3%"),
        ("clauses.c1.award.rate.true", "2%", "1.5%"),
        ("clauses.c6.when.member_count", "60", "55"),
        ("clauses.c6.when[0]", "60", "55"),
        ("clauses.c2_gmv.award.tiers.2000万元", "2万元", "3万元"),
        ("clauses.c2_gmv.award.tiers[0]", "2000万元", "1500万元"),
        ("clauses.c2_gmv.award.tiers[2]", "1亿元", "9000万元"),
    ):
        assert value_at(source, path) == old
        changed = with_value(source, path, new)
        assert value_at(changed, path) == new
        assert value_at(source, path) == old
        assert changed.under({}).clauses != source.under({}).clauses


@pytest.mark.parametrize("path", ["clauses.c3.award.of.rate", "clauses..c3", "", "clauses.c3.fund.x", "clauses.c1.claimed", "readings.c3_base"])  # fmt: skip
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(UsageError):
        value_at(open_policy(), path)


def test_the_threshold_of_a_tier_keeps_its_place_and_its_sum_and_does_not_meet_another() -> None:
    policy = with_value(open_policy(), "clauses.c2_gmv.award.tiers[1]", "4000万元").under({})
    shape = policy.clauses["c2_gmv"].award.shape
    assert isinstance(shape, FirstPast)
    assert [level for level, _ in shape.tiers] == [200_000_000_0, 400_000_000_0, 1_000_000_000_0]
    assert [pay for _, pay in shape.tiers] == [2_000_000, 5_000_000, 10_000_000]
    for path in ("clauses.c2_gmv.award.tiers[3]", "clauses.c2_gmv.award.tiers"):
        with pytest.raises(UsageError):
            value_at(open_policy(), path)
    with pytest.raises(UsageError, match="5000万元"):
        with_value(open_policy(), "clauses.c2_gmv.award.tiers[0]", "5000万元")


def test_values_go_up_or_down_and_keep_their_unit() -> None:
    assert values_between("1%", "2%", "0.25%") == ["1%", "1.25%", "1.5%", "1.75%", "2%"]
    assert values_between("30", "10", "10") == ["30", "20", "10"]
    assert values_between("1万元", "2万元", "5000元") == ["1万元", "1.5万元", "2万元"]
    assert values_between("5", "6", "2") == ["5"]


def test_no_line_is_wider_than_it_may_be_and_nothing_is_lost() -> None:
    text = "安庆市宜秀区某某电子商务有限公司（跨境），网上年交易额 152,000,000.00 元 ≥ 100,000,000.00 元；2018-01-08 成立。"
    for width in (20, 31, 48, 80):
        lines = list(wrapped(text, width))
        assert max(map(width_of, lines)) <= width
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert not any(line[0] in "，。；）" for line in lines)


def test_columns_of_a_table_line_up_under_chinese_words() -> None:
    lines = list(table(("名称", "金额"), [("安庆", "1.00"), ("abc", "10.00")], (1,), 80))
    assert {width_of(line) for line in lines} == {11}
    narrow = list(table(("名称", "金额"), [("很长很长很长很长很长的名称", "1.00")], (1,), 24))
    assert max(map(width_of, narrow)) <= 24


def test_bars_are_parts_of_the_longest() -> None:
    assert len(bar(50, 100, 40)) == 20
    assert bar(0, 100, 40) == ""
    assert bar(1, 10**9, 40) == "█"
