"""What must hold of every run, on random applicants: of the amounts, of the order of rows, of more and of less."""

from __future__ import annotations

import json
import operator
import random
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from anqing_subsidy.engine import assess
from anqing_subsidy.policy import load_policy
from anqing_subsidy.policy.derivations import WhenHolds
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import AnyOf, IsGiven, Ref
from anqing_subsidy.report.record import Recorder
from anqing_subsidy.tables import BAD as BAD_MARK
from anqing_subsidy.tables import Tables
from tests.oracle.common import BAD
from tests.oracle.generate import good_code, random_readings, random_tables, without_row_numbers
from tests.support import frames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.finding import Lang

Rows = dict[str, list[dict[str, Any]]]
Key = tuple[str, str, str | None]

CHOICES: Final = 8
"""How many policies the runs are drawn from: the default one and mixtures of readings."""
LIGHT: Final = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PAYING: Final = ("eligible", "eligible_with_held")

seeds = st.integers(0, 10**9)
choices = st.integers(0, CHOICES - 1)
sizes = st.integers(1, 120)


@cache
def policy_of(choice: int) -> Policy:
    return load_policy(settings=random_readings(random.Random(choice)) if choice else {})


def rows_of(seed: int, applicants: int) -> Rows:
    return random_tables(random.Random(seed), applicants)


def run(policy: Policy, rows: Rows) -> Assessment:
    return assess(policy, frames(policy, rows))


def by_line(result: Assessment) -> dict[Key, tuple[str, int]]:
    """Status and amount of each line."""
    shown = result.lines.select("code", "clause", "object", "status", "amount").rows()
    return {(code, clause, thing): (status, amount) for code, clause, thing, status, amount in shown}


def totals(result: Assessment) -> dict[str, tuple[int, ...]]:
    funds = [f"fund:{fund}" for fund in result.policy.funds]
    return {code: tuple(amounts) for code, *amounts in result.applicants.select("code", "total", *funds).rows()}


def amounts_of(result: Assessment, clause: str) -> dict[Key, int]:
    return {key: amount for key, (_, amount) in by_line(result).items() if key[1] == clause}


# ---- whatever comes in ---------------------------------------------------------------------------------------------------
@given(seeds, sizes, choices)
@LIGHT
def test_totals_are_the_sums_of_lines_and_of_funds(seed: int, applicants: int, choice: int) -> None:
    result = run(policy_of(choice), rows_of(seed, applicants))
    funds = [f"fund:{fund}" for fund in result.policy.funds]
    for line in result.lines.iter_rows(named=True):
        assert line["amount"] == sum(line[fund] for fund in funds)
        assert min(line[fund] for fund in funds) >= 0
    sums = dict(result.lines.group_by("code").agg(pl.col("amount").sum()).rows())
    for person in result.applicants.iter_rows(named=True):
        assert person["total"] == sum(person[fund] for fund in funds) == sums.get(person["code"], 0)
        assert person["potential"] is None or person["potential"] >= 0
    whole = Recorder(result, "en").totals()
    assert Decimal(whole["amount"]) * 100 == result.lines["amount"].sum()
    for part in ("by_fund", "by_clause", "by_county"):
        assert sum(map(Decimal, whole[part].values())) == Decimal(whole["amount"]), part
    assert sum(whole["by_status"].values()) == result.lines.height


@given(seeds, sizes, choices)
@LIGHT
def test_no_amount_is_negative_above_its_cap_or_paid_where_the_status_pays_nothing(
    seed: int, applicants: int, choice: int
) -> None:
    result = run(policy_of(choice), rows_of(seed, applicants))
    for line in result.lines.iter_rows(named=True):
        cap = next(iter(result.policy.clauses[line["clause"]].cap), None)
        assert cap is None or isinstance(cap, int)
        assert line["amount"] >= 0
        assert line["amount"] == 0 or line["status"] in PAYING
        assert cap is None or line["amount"] <= cap
        assert cap is None or line["potential"] is None or line["potential"] <= cap
        assert line["potential"] is None or line["potential"] >= line["amount"]
    assert result.lines.select("code", "clause", "object").is_unique().all()


@given(seeds, sizes, choices, st.sampled_from(["zh", "en"]))
@settings(LIGHT, max_examples=10)
def test_a_second_run_says_the_same_to_the_byte(seed: int, applicants: int, choice: int, lang: Lang) -> None:
    said = [
        json.dumps(Recorder(run(policy_of(choice), rows_of(seed, applicants)), lang).whole(), ensure_ascii=False)
        for _ in range(2)
    ]
    assert said[0] == said[1]


@given(seeds, sizes, choices, st.randoms(use_true_random=False))
@LIGHT
def test_the_order_of_the_rows_changes_no_amount(seed: int, applicants: int, choice: int, rng: random.Random) -> None:
    rows = without_row_numbers(rows_of(seed, applicants))
    shuffled = {table: rng.sample(found, len(found)) for table, found in rows.items()}
    one, other = (run(policy_of(choice), each) for each in (rows, shuffled))
    assert by_line(one) == by_line(other)
    assert totals(one) == totals(other)


@given(seeds, sizes, choices, st.randoms(use_true_random=False))
@LIGHT
def test_rows_that_come_in_two_files_give_what_one_file_gives(
    seed: int, applicants: int, choice: int, rng: random.Random
) -> None:
    policy, rows = policy_of(choice), without_row_numbers(rows_of(seed, applicants))
    halves: tuple[Rows, Rows] = ({}, {})
    for table, found in rows.items():
        for row in found:
            halves[rng.random() < 0.5].setdefault(table, []).append(row)
    one, other = run(policy, rows), assess(policy, joined(policy, *halves))
    assert by_line(one) == by_line(other)
    assert totals(one) == totals(other)


def joined(policy: Policy, first: Rows, second: Rows) -> Tables:
    """Two files put together, each with its own parts."""
    halves = [frames(policy, rows) for rows in (first, second)]
    offset = len(halves[0].parts)
    put: dict[str, pl.DataFrame] = {}
    for at, half in enumerate(halves):
        for table, frame in half.frames.items():
            moved = frame.with_columns(pl.col("_part") + pl.lit(at * offset, dtype=pl.UInt32))
            put[table] = pl.concat([put[table], moved], how="diagonal") if table in put else moved
    for table, frame in put.items():
        marks = [pl.col(name).fill_null(value=False) for name in frame.columns if name.endswith(BAD_MARK)]
        put[table] = frame.with_columns(marks)
    return Tables(put, (*halves[0].parts, *halves[1].parts))


def test_a_run_without_any_line_stands_beside_an_award_paid_this_year() -> None:
    code = good_code(1)
    paid = {"uscc": code, "year": 2018, "clause": "c1", "amount_yuan": 100}
    result = run(policy_of(0), {"applicants": [{"uscc": code, "name": "甲"}], "awards_paid": [paid]})
    assert result.lines.height == 0
    assert totals(result) == {code: (0, 0, 0)}


# ---- more never pays less -------------------------------------------------------------------------------------------------
def raised(rows: Rows, column: str, more: int) -> Rows:
    """The same rows with a figure of every applicant raised."""
    found = []
    for row in rows["applicants"]:
        value = row.get(column)
        found.append({**row, column: value + more} if isinstance(value, int) else row)
    return {**rows, "applicants": found}


def assert_no_line_lower(clause: str, before: Assessment, after: Assessment) -> None:
    lower, higher = amounts_of(before, clause), amounts_of(after, clause)
    assert set(lower) == set(higher)
    assert {key: (amount, higher[key]) for key, amount in lower.items() if higher[key] < amount} == {}


@pytest.mark.parametrize(
    ("clause", "column"),
    [
        ("c1", "invoiced_sales_yuan"),
        ("c3", "online_sales_yuan"),
        ("c4", "cross_border_parcels"),
        ("c10", "year_parcels"),
    ],
)
@given(seeds, st.integers(1, 10**9))
@settings(LIGHT, max_examples=6)
def test_a_higher_figure_never_lowers_the_award(clause: str, column: str, seed: int, more: int) -> None:
    policy, rows = policy_of(0), rows_of(seed, 120)
    assert_no_line_lower(clause, run(policy, rows), run(policy, raised(rows, column, more)))


@given(seeds)
@settings(LIGHT, max_examples=6)
def test_another_member_never_lowers_the_award_of_an_association(seed: int) -> None:
    policy = policy_of(0)
    rows = rows_of(seed, 400)
    members = rows.get("association_members", [])
    assume(members)
    joining = [
        {"uscc": code, "member_uscc": good_code(900_000 + at), "entity_form": "company", "active": True}
        for at, code in enumerate(sorted({row["uscc"] for row in members}))
    ]
    more = raised({**rows, "association_members": [*members, *joining]}, "member_enterprises", 1)
    assert_no_line_lower("c6", run(policy, rows), run(policy, more))


@given(seeds)
@settings(LIGHT, max_examples=6)
def test_another_good_trainee_never_lowers_the_award_of_a_training_body(seed: int) -> None:
    policy, rows = policy_of(0), rows_of(seed, 250)
    trainees = rows.get("trainees", [])
    assume(trainees)
    pattern = {"training_end_on": None, "employer_local_ecom": True, "insurance_months": 6, "hrss_paid": False}
    joining = []
    for at, code in enumerate(sorted({row["uscc"] for row in trainees})):
        day = next((row["training_end_on"] for row in trainees if row.get("training_end_on") not in (None, BAD)), None)
        joining.append({**pattern, "uscc": code, "trainee_key": f"N{at}", "training_end_on": day, "hired_on": day})
    before, after = run(policy, rows), run(policy, {**rows, "trainees": [*trainees, *joining]})
    assert_no_line_lower("c7", before, after)


# ---- a blank is no zero -----------------------------------------------------------------------------------------------------
def given_or_blank(policy: Policy) -> set[Ref]:
    """Facts of which the policy itself says what a blank means (`is given`, `is blank`)."""

    def looked_at(node: Any) -> Iterator[Ref]:  # noqa: ANN401  # any part of a policy
        if isinstance(node, IsGiven):
            yield node.ref
        elif isinstance(node, AnyOf):
            for branch in node.branches:
                for condition in branch:
                    yield from looked_at(condition)
        elif isinstance(node, WhenHolds):
            for condition in node.when:
                yield from looked_at(condition)
        elif hasattr(node, "rows"):
            for row in node.rows:
                for condition in row.when:
                    yield from looked_at(condition)

    found: set[Ref] = set()
    for fact in policy.facts.values():
        found.update(looked_at(fact.how))
    for clause in policy.clauses.values():
        for condition in (*clause.claimed, *clause.when):
            found.update(looked_at(condition))
        for award in (clause.award, clause.declared_award):
            if award is not None:
                found.update(looked_at(award.shape))
    return found


def facts_to_blank(policy: Policy) -> list[Ref]:
    """Columns whose blank must leave open what they decide: not keys, objects or those with a meaning of their own."""
    known = given_or_blank(policy)
    stating = {"awards_paid", "other_support", "decisions", "quota_list"}
    return [
        Ref(table.id, column.id)
        for table in policy.tables.values()
        if table.id not in stating
        for column in table.columns.values()
        if not column.required
        and column.id not in table.key
        and column.id != table.object
        and Ref(table.id, column.id) not in known
    ]


BLANKED: Final = facts_to_blank(policy_of(0))


def test_the_facts_that_are_blanked_are_those_that_decide_something() -> None:
    names = {ref.id for ref in BLANKED}
    assert {
        "is_cross_border",
        "established_on",
        "entity_form",
        "invoiced_sales_yuan",
        "area_m2",
        "software_yuan",
    } <= names
    assert not names & {"move_out", "hired_on", "in_park", "trainees_park", "object_id", "uscc"}
    assert len(BLANKED) > 60


@given(seeds, choices, st.sampled_from(BLANKED), st.randoms(use_true_random=False))
@settings(LIGHT, max_examples=20)
def test_a_blank_never_leaves_a_line_eligible_with_another_amount(
    seed: int, choice: int, ref: Ref, rng: random.Random
) -> None:
    policy, rows = policy_of(choice), rows_of(seed, 120)
    assume(ref.table in rows)
    blanked = [
        {name: value for name, value in row.items() if name != ref.id or rng.random() < 0.5} for row in rows[ref.table]
    ]
    before, after = (by_line(run(policy, each)) for each in (rows, {**rows, ref.table: blanked}))
    for key, (status, amount) in before.items():
        now, left = after.get(key, ("", 0))
        if status == now == "eligible" and amount > 0 and left > 0:
            assert left == amount, (key, ref)


# ---- what is said is true -----------------------------------------------------------------------------------------------------
OPERATORS: Final = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


def said_wrongly(result: Assessment) -> list[dict[str, Any]]:
    """Conditions whose own numbers say the opposite of what is said of them."""
    wrong = []
    for applicant in Recorder(result, "en").applicants():
        for line in applicant["lines"]:
            for condition in line["conditions"]:
                value, threshold = condition["value"], condition["threshold"]
                if value is None or threshold is None or condition["op"] not in OPERATORS or condition["met"] is None:
                    continue
                try:
                    numbers = Decimal(value), Decimal(threshold)
                except InvalidOperation:
                    continue
                if OPERATORS[condition["op"]](*numbers) != condition["met"]:
                    wrong.append({"clause": line["clause"], **condition})
    return wrong


@given(seeds, sizes)
@LIGHT
def test_every_condition_is_met_exactly_where_its_own_numbers_say_so(seed: int, applicants: int) -> None:
    assert said_wrongly(run(policy_of(0), rows_of(seed, applicants))) == []


def test_every_condition_is_met_where_its_numbers_say_so_under_the_other_reading_of_past() -> None:
    policy = load_policy(settings={"breakthrough_op": "ge"})
    assert said_wrongly(run(policy, rows_of(1, 400))) == []
