"""What a payment uses up, as keys: one text for one thing, whatever signs its name has."""

from __future__ import annotations

import json
from typing import Any, Final

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from anqing_subsidy.ledger.once import keys_of
from tests.ledger.books import policy_of

NAMES: Final = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6) | st.text(
    '"\\\n\t\x01a', min_size=1
)
ROWS: Final[dict[str, Any]] = {
    "code": pl.String,
    "tier": pl.Int64,
    "things": pl.List(pl.String),
    "levels": pl.List(pl.String),
}


def keys(clause: str, *rows: tuple[str, int | None, list[str], list[str]]) -> list[list[list[str]]]:
    """The keys of some payments, read as JSON."""
    found = keys_of(policy_of().clauses[clause], pl.DataFrame(list(rows), schema=ROWS, orient="row"))
    return [[json.loads(key) for key in mine] for mine in found.to_list()]


@settings(deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=4))
def test_a_name_of_any_signs_is_read_back_from_its_key(names: list[str]) -> None:
    (found,) = keys("c7", ("X", None, names, []))
    assert found == [["c7", "object", name] for name in dict.fromkeys(names)]


def test_a_tier_is_the_key_of_whoever_reached_it_and_nothing_without_one() -> None:
    assert keys("c2_gmv", ("X", 3, [], []), ("Y", None, [], [])) == [[["c2_gmv", "tier", "X", "3"]], []]


def test_a_level_is_the_key_of_its_object_or_of_the_applicant_where_there_is_none() -> None:
    found = keys(
        "c9_base", ("X", None, ["A", "B"], ["state"]), ("Y", None, [], ["state", "city"]), ("Z", None, ["A"], [])
    )
    assert found == [
        [["c9_base", "level", "X", "A", "state"], ["c9_base", "level", "X", "B", "state"]],
        [["c9_base", "level", "Y", "Y", "state"], ["c9_base", "level", "Y", "Y", "city"]],
        [],
    ]


def test_a_key_is_written_as_the_ledgers_that_there_are_have_it() -> None:
    rows = pl.DataFrame([("X", None, ['甲"\\'], [])], schema=ROWS, orient="row")
    assert keys_of(policy_of().clauses["c7"], rows).to_list() == [[r'["c7","object","甲\"\\"]']]
