"""Whatever years and runs follow each other: of what is paid once only, the ledger pays one at most, and it stays sound."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anqing_subsidy.engine import assess
from anqing_subsidy.finding import SubsidyError
from anqing_subsidy.ledger.store import writing
from anqing_subsidy.ledger.take_back import Which, clawback, void
from tests.ledger.books import SIGNED, Book, policy_of
from tests.ledger.firms import FOUNDER, MAKER, OTHER_SCHOOL, SCHOOL, both, founded, platforms, titles, trained, turnover
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment

YEARS: Final = (2018, 2019, 2020)
READINGS: Final[tuple[dict[str, str], ...]] = (
    {"first_basis": "award"},
    {"first_basis": "award", "tier_upgrade": "difference", "c7_cap_scope": "lifetime"},
    {"first_basis": "award", "tier_jump": "cumulative", "c9_same_year": "sum"},
)
Rows = dict[str, list[dict[str, Any]]]


@st.composite
def claims(draw: st.DrawFn, year: int) -> Rows:
    """What two or three firms claim in a year, from a few trainees, platforms, titles and graduates that they share."""
    trainees = st.sets(st.sampled_from(["T1", "T2", "T3"]), min_size=1)
    bodies = sorted(draw(st.sets(st.sampled_from([SCHOOL, OTHER_SCHOOL]))))
    some = [trained(body, *sorted(draw(trainees)), year=year) for body in bodies]
    if draw(st.booleans()):
        wan = draw(st.sampled_from([100, 5000]))
        holder = draw(st.sampled_from([MAKER, FOUNDER]))
        some.append(
            platforms(
                *sorted(draw(st.sets(st.sampled_from(["P1", "P2"]), min_size=1))), code=holder, year=year, wan=wan
            )
        )
    elif draw(st.booleans()):
        holder = draw(st.sampled_from([MAKER, FOUNDER]))
        some.append(founded(*sorted(draw(st.sets(st.sampled_from(["G1", "G2"]), min_size=1))), code=holder))
    else:
        levels = draw(st.sets(st.sampled_from(["national", "provincial", "municipal"]), min_size=1))
        some.append(titles(*(("B1", level) for level in sorted(levels)), year=year))
    some.append(turnover(draw(st.sampled_from([1000, 2500, 6000, 12000])), prior_max_online_gmv_yuan=0))
    return both(*some)


Claim = tuple[int, dict[str, str], Rows, bool]
Step = tuple[str, list[Claim]] | tuple[str, int]


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    """Up to three results computed from one state of the ledger, or without it, and all recorded; voids; clawbacks."""
    found: list[Step] = []
    for _ in range(draw(st.integers(2, 4))):
        deed = draw(st.sampled_from(["pay", "pay", "pay", "void", "clawback", "free"]))
        if deed != "pay":
            found.append((deed, draw(st.integers(1, 4))))
            continue
        some: list[Claim] = []
        for _ in range(draw(st.integers(1, 3))):
            year = draw(st.sampled_from(YEARS))
            some.append((year, draw(st.sampled_from(READINGS)), draw(claims(year)), draw(st.booleans())))
        found.append((deed, some))
    return found


@given(steps())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_paid_once_only_is_paid_once_at_most(todo: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = Book(Path(folder))
        for deed, what in todo:
            if isinstance(what, int):
                with contextlib.suppress(SubsidyError), writing(book.path) as ledger:
                    if deed == "void":
                        void(ledger, Which(what), "录错", SIGNED)
                    else:
                        clawback(ledger, Which(what), "骗补", SIGNED, frees=deed == "free")
                continue
            for assessment in [computed(book, claim) for claim in what]:
                with contextlib.suppress(SubsidyError):
                    book.record(assessment)
        check(book)


def computed(book: Book, claim: Claim) -> Assessment:
    """A result from the ledger as it is now, or without it."""
    year, readings, rows, with_ledger = claim
    policy = policy_of(year, **readings)
    return book.run(rows, policy) if with_ledger else assess(policy, frames(policy, rows))


def check(book: Book) -> None:
    """Look at the payments themselves, not at what the ledger says is held."""
    payers: dict[tuple[object, ...], set[tuple[str, int]]] = defaultdict(set)
    for row in book.payments().iter_rows(named=True):
        if row["voided"] or row["freed"]:
            continue
        code, clause, thing = row["uscc"], row["clause"], row["object_id"]
        award = code, row["year"]
        inside = [name for name, _ in json.loads(row["parts"])]
        if clause == "c2_gmv":
            payers[clause, code, row["tier"]].add(award)
        elif clause == "c8":
            payers[clause, thing].add(award)
        elif clause == "c9_base":
            payers[clause, code, thing, row["level"]].add(award)
        elif clause == "c10":
            payers[clause, code].add(award)
        for name in inside:
            payers[clause, "inside", name].add(award)
    assert {award: paid for award, paid in payers.items() if len(paid) > 1} == {}


def test_the_property_is_about_payments_that_happen(tmp_path: Path) -> None:
    book = Book(tmp_path)
    rows = both(trained(SCHOOL, "T1"), platforms("P1"), turnover(2500, prior_max_online_gmv_yuan=0))
    book.pay(rows, policy_of())
    assert sorted(book.payments()["clause"]) == ["c2_gmv", "c7", "c8"]
    check(book)
