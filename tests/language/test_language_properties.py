"""What must hold of every construct whatever the figures: sums of parts, budgets, order, more and less, halves of a file."""

from __future__ import annotations

import json
import random
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anqing_subsidy.engine import assess
from anqing_subsidy.money import round_ratio
from anqing_subsidy.policy import load_policy
from anqing_subsidy.policy.lint import lint
from anqing_subsidy.policy.load import source_of
from anqing_subsidy.report.record import Recorder
from tests.language.tables_drawn import drawn
from tests.language.town import FILE, WAN, WHOLE, clause, kiln, run, town, town_text
from tests.support import frames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anqing_subsidy.engine import Assessment
    from anqing_subsidy.policy import Policy

SOME: Final = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
FEW: Final = settings(SOME, max_examples=5)
fen = st.integers(0, 10**11)
seeds = st.integers(0, 10**6)


@st.composite
def percentages(draw: st.DrawFn, most: int = 5) -> list[Fraction]:
    """Two shares or more that add up to 100 %, in hundredths of a percent."""
    cuts = sorted(draw(st.lists(st.integers(1, 9999), min_size=1, max_size=most - 1, unique=True)))
    return [Fraction(after - before, 10000) for before, after in zip([0, *cuts], [*cuts, 10000], strict=True)]


def written(share: Fraction) -> str:
    hundredths = int(share * 10000)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def in_yuan(fen_: int) -> str:
    return f"{fen_ // 100}.{fen_ % 100:02d}元"


def amounts(found: Assessment) -> list[int]:
    """What each kiln is paid, in the order of their numbers."""
    paid = dict.fromkeys(found.lines["code"].to_list(), 0)
    for code, amount in found.lines.select("code", "amount").iter_rows():
        paid[code] += amount
    return [paid[code] for code in sorted(paid, key=lambda code: int(code[1:]))]


# ---- parts of a whole ---------------------------------------------------------------------------------------------------
@given(fen, percentages())
@SOME
def test_instalments_add_up_to_the_whole_and_each_is_less_than_a_fen_from_its_share(
    amount: int, shares: list[Fraction]
) -> None:
    listed = ", ".join(map(written, shares))
    policy = town(clause("{pay: sales}", f"instalments: {{year: support_year, shares: [{listed}]}}"))
    kilns = [kiln(at, sales=amount, first_fired=date(2022 - at, 6, 1)) for at in range(len(shares) + 1)]
    *parts, after = amounts(run(policy, *kilns))
    assert sum(parts) == amount
    assert after == 0
    assert all(abs(part - amount * share) <= 1 for part, share in zip(parts, shares, strict=True))


@given(st.lists(fen, min_size=1, max_size=4), percentages(3))
@SOME
def test_the_shares_of_funds_add_up_to_each_amount_and_are_less_than_a_fen_off(
    sums: list[int], shares: list[Fraction]
) -> None:
    funds = ("clay", "fire", "town")[: len(shares)]
    listed = ", ".join(f"{fund}: {written(share)}" for fund, share in zip(funds, shares, strict=True))
    policy = town(clause("{pay: sales}", f"fund: {{shares: {{{listed}}}}}"))
    found = run(policy, *(kiln(at, sales=amount) for at, amount in enumerate(sums)))
    for line in found.lines.iter_rows(named=True):
        parts = [line[f"fund:{fund}"] for fund in funds]
        assert sum(parts) == line["amount"]
        assert all(abs(part - line["amount"] * share) < 1 for part, share in zip(parts, shares, strict=True))


@given(st.lists(fen, min_size=1, max_size=6), st.integers(1, 10**9))
@SOME
def test_a_budget_is_spent_exactly_where_more_is_due_and_touches_nothing_else(sums: list[int], budget: int) -> None:
    text = in_yuan(budget)
    kilns = [kiln(at, sales=amount) for at, amount in enumerate(sums)]
    there = amounts(run(town(clause("{pay: sales}", f"budget: {text}")), *kilns))
    if sum(sums) <= budget:
        assert there == sums
        return
    assert sum(there) == budget
    for paid, claim in zip(there, sums, strict=True):
        assert paid <= claim
        assert abs(paid - Fraction(claim * budget, sum(sums))) < 1


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.integers(1, 10**8), st.integers(0, 10**8))
@SOME
def test_a_pool_is_shared_exactly_and_under_a_cap_never_more(points: list[int], pool: int, cap: int) -> None:
    award = f"{{pool: {in_yuan(pool)}, shared_by: score, open_lines: leave_out}}"
    kilns = [kiln(at, score=score) for at, score in enumerate(points)]
    free = amounts(run(town(clause(award)), *kilns))
    assert sum(free) == (pool if any(points) else 0)
    for share, score in zip(free, points, strict=True):
        assert abs(share - Fraction(pool * score, max(sum(points), 1))) < 1
        assert score or not share
    cut = amounts(run(town(clause(award, f"cap: {in_yuan(cap)}")), *kilns))
    assert cut == [min(share, cap) for share in free]


# ---- what a shape comes to ----------------------------------------------------------------------------------------------
@given(fen, fen, fen, st.integers(1, 10000))
@SOME
def test_a_rate_between_two_levels_is_the_share_of_what_lies_between(base: int, one: int, other: int, bp: int) -> None:
    above, up_to = sorted((one, other + 10**11 + 1))
    award = (
        f"{{rate: {written(Fraction(bp, 10000))}, of: sales, only_above: {in_yuan(above)}, up_to: {in_yuan(up_to)}}}"
    )
    inside = max(min(base, up_to) - above, 0)
    assert amounts(run(town(clause(award)), kiln(1, sales=base))) == [round_ratio(inside * bp, 10000, "half_up_fen")]


@given(fen, st.integers(1, 10**9), fen)
@SOME
def test_only_full_steps_count(base: int, step: int, above: int) -> None:
    award = f"{{pay: 0.07元, per_full: {in_yuan(step)}, of: sales, only_above: {in_yuan(above)}}}"
    assert amounts(run(town(clause(award)), kiln(1, sales=base))) == [7 * (max(base - above, 0) // step)]


@given(fen, fen, st.integers(0, 10**12))
@SOME
def test_in_proportion_is_never_more_than_in_full_and_is_rounded_once(amount: int, done: int, planned: int) -> None:
    (paid,) = amounts(
        run(town(clause("{pay: sales, prorate_by: done_part}")), kiln(1, sales=amount, done=done, planned=planned))
    )
    part = min(Fraction(done, planned), Fraction(1)) if planned else Fraction(0)
    exact = amount * part
    assert paid == round_ratio(exact.numerator, exact.denominator, "half_up_fen")


RISING: Final = {
    "a rate": "{rate: 3‰, of: sales, only_above: 50万元}",
    "steps": "{pay: 3元, per_full: 7万元, of: sales}",
    "marginal bands": "{sum_of: [{rate: 1%, of: sales, up_to: 100万元}, {rate: 2%, of: sales, only_above: 100万元, up_to: 300万元}, {rate: 3%, of: sales, only_above: 300万元}]}",
    "rising bands": "{highest_of: [{pay: 1万元, when: [100万元 <= sales < 300万元]}, {pay: 2万元, when: [sales >= 300万元]}, {pay: 0元}]}",
    "modifiers": "{rate: 1%, of: sales, multiply_by: 150%, deduct: 1万元, cap: 5万元}",
    "tiers": "{first_past: sales, tiers: {100万元: 1万元, 300万元: 2万元}}",
    "tiers that add up": "{first_past: sales, jump: cumulative, tiers: {100万元: 2万元, 300万元: 1万元}}",
}  # fmt: skip


@pytest.mark.parametrize("award", RISING.values(), ids=RISING)
@given(st.lists(st.integers(0, 500 * WAN) | st.sampled_from([100 * WAN, 300 * WAN]), min_size=6, max_size=6))
@FEW
def test_more_sales_never_pay_less(award: str, sales: list[int]) -> None:
    kilns = [kiln(at, sales=amount, first_fired=date(2022, 1, 1)) for at, amount in enumerate(sorted(sales))]
    paid = amounts(run(town(clause(award)), *kilns))
    assert paid == sorted(paid)


# ---- ranks --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ties", ["open", "share"])
@given(st.lists(st.integers(0, 4), min_size=1, max_size=8), st.integers(1, 5), st.randoms(use_true_random=False))
@SOME
def test_the_first_so_many_are_paid_and_more_only_where_a_tie_is_shared(
    ties: str, scores: list[int], places: int, rng: random.Random
) -> None:
    facts = f"    standing: {{zh: 名次二, en: standing, rank_by: [score], ties: {ties}}}\n"
    policy = town(clause("{pay: 1元}", f"when: [standing <= {places}]"), facts=facts)
    kilns = [kiln(at, score=score) for at, score in enumerate(scores)]
    paid = amounts(run(policy, *kilns))
    assert amounts(run(policy, *rng.sample(kilns, len(kilns)))) == paid
    ahead = [sum(other > score for other in scores) for score in scores]
    level = [scores.count(score) for score in scores]
    if ties == "share":
        assert paid == [100 * (before < places) for before in ahead]
    else:
        # of equal ones all are surely within, or none is paid
        assert paid == [100 * (before + equal <= places) for before, equal in zip(ahead, level, strict=True)]
        assert sum(paid) <= 100 * places


# ---- the whole policy ---------------------------------------------------------------------------------------------------
def shown(found: Assessment) -> dict[tuple[str, str, str | None], tuple[str, int, int | None]]:
    rows = found.lines.select("code", "clause", "object", "status", "amount", "potential").rows()
    return {(code, clause_, thing): (status, amount, most) for code, clause_, thing, status, amount, most in rows}


TOGETHER: Final = ("k_pool", "k_crowd", "k_top", "k_thrift", "k_done")
"""Clauses that look at all kilns."""


def alone() -> Policy:
    """The policy without what looks at all kilns: no place, pool or budget, no work that only one may bring."""
    blocks = WHOLE[WHOLE.index("\nclauses:\n") + len("\nclauses:\n") : WHOLE.index("\ngroups:\n")].split("\n- id: ")
    kept = [block.removeprefix("- id: ") for block in blocks]
    text = "".join(f"- id: {block.strip()}\n" for block in kept if block.split("\n", 1)[0].strip() not in TOGETHER)
    groups = "- {id: trade, members: [k_steps, k_more], pays: sum, cap: taxes}\n- {id: sales, members: [k_bands, k_grid], pays: highest}\n"
    return town(text, groups=groups, one_claimant=" {}")


@given(seeds)
@FEW
def test_two_halves_of_the_applicants_give_what_the_whole_gives(seed: int) -> None:
    rules = alone()
    rows = drawn(random.Random(seed), rules, WHOLE, 24)
    codes = [row["kiln_no"] for row in rows["kilns"]]
    halves = [set(codes[:11]), set(codes[11:])]
    # a list that is another authority's, and what was paid for a work to whomever, are those of all
    common = ("register",)
    rows["old_awards"] = [row for row in rows["old_awards"] if row["item"] != "k_medal"]
    parts: dict[Any, Any] = {}
    for half in halves:
        mine = {
            table: found if table in common else [row for row in found if row["kiln_no"] in half]
            for table, found in rows.items()
        }
        parts |= shown(assess(rules, frames(rules, mine)))
    assert sum(bool(amount) for _, amount, _ in parts.values()) > 20
    assert parts == shown(assess(rules, frames(rules, rows)))


@given(seeds, st.randoms(use_true_random=False))
@settings(FEW, max_examples=3)
def test_the_order_of_the_rows_changes_nothing_and_a_second_run_is_the_same_to_the_byte(
    seed: int, rng: random.Random
) -> None:
    rules = load_policy(FILE)
    rows = drawn(random.Random(seed), rules, WHOLE, 24)
    first, again = (assess(rules, frames(rules, rows)) for _ in range(2))
    said = [json.dumps(Recorder(found, "zh").whole(), ensure_ascii=False) for found in (first, again)]
    assert said[0] == said[1]
    turned = {table: rng.sample(found, len(found)) for table, found in rows.items()}
    assert shown(assess(rules, frames(rules, turned))) == shown(first)


@given(seeds)
@FEW
def test_no_budget_is_exceeded_and_every_line_is_what_its_funds_bear(seed: int) -> None:
    rules = load_policy(FILE)
    rows = drawn(random.Random(seed), rules, WHOLE, 40)
    rows["decisions"] = []
    found = assess(rules, frames(rules, rows)).lines
    paid = dict(found.select("clause", "amount").group_by("clause").sum().rows())
    assert paid["k_done"] <= 15 * WAN
    assert paid["k_bands"] + paid["k_grid"] <= 30 * WAN
    assert found["fund:fire"].sum() <= 20 * WAN
    assert paid["k_pool"] <= 10 * WAN
    assert paid["k_crowd"] <= WAN
    for line in found.iter_rows(named=True):
        parts = [line[f"fund:{fund}"] for fund in rules.funds]
        assert min(parts) >= 0
        assert sum(parts) == line["amount"]


# ---- bands --------------------------------------------------------------------------------------------------------------
def remarks(conditions: Sequence[str]) -> set[str]:
    rows = ", ".join(f"{{pay: {at}元, when: [{line}]}}" for at, line in enumerate(conditions, 1))
    text = town_text(clause(f"{{highest_of: [{rows}]}}"))
    return {remark.code for remark in lint(source_of(text.encode(), "kilns.yaml")) if remark.code.startswith("BAND")}


@given(st.lists(st.integers(1, 400), min_size=3, max_size=5, unique=True).map(sorted), st.data())
@settings(SOME, max_examples=6)
def test_bands_that_overlap_or_leave_a_hole_are_always_found_and_bands_that_meet_never(
    cuts: list[int], data: st.DataObject
) -> None:
    ends = list(pairwise(cuts))
    meeting = [f"{low}万元 <= sales < {high}万元" for low, high in ends]
    assert remarks(meeting) == set()
    at = data.draw(st.integers(1, len(ends) - 1))
    low, high = ends[at]
    changed = {
        "BAND_OVERLAP": [f"{low - 1}.5万元 <= sales < {high}万元"],
        "BAND_GAP": [f"{low}.5万元 <= sales < {high}万元", f"{low}万元 < sales < {high}万元"],
    }
    for code, lines in changed.items():
        for line in lines:
            assert remarks([*meeting[:at], line, *meeting[at + 1 :]]) == {code}
    both = [*meeting[: at - 1], meeting[at - 1].replace("<", "<=").replace("<==", "<="), *meeting[at:]]
    assert remarks(both) == {"BAND_OVERLAP"}
