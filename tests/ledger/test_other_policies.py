"""A ledger knows no city: with another policy's tables, columns and clauses it does the same; and random runs agree."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.finding import InputError, LedgerError
from anqing_subsidy.policy import load_policy
from anqing_subsidy.policy.load import parse_policy
from tests.ledger.books import Book, amounts, policy_of
from tests.oracle.generate import random_tables
from tests.second_policy.test_second_policy import EXPECTED, POLICY, lines, typed
from tests.support import frames

PAST = ("past_grants", "seasons")


def test_the_fictional_town_comes_to_the_same_with_its_past_in_a_ledger(book: Book) -> None:
    policy, rows = load_policy(POLICY), typed()
    book.load({table: rows[table] for table in PAST}, policy)
    now = {table: some for table, some in rows.items() if table not in PAST}
    found = book.run(now, policy)
    assert lines(found) == EXPECTED
    book.record(found)
    assert amounts(book.run(now, policy)) == {}


def test_the_fictional_town_pays_tiers_medals_and_stoves_once(book: Book) -> None:
    text = POLICY.read_text(encoding="utf-8")
    policy, rows = load_policy(POLICY), typed()
    book.load({table: rows[table] for table in PAST}, policy)
    now = {table: some for table, some in rows.items() if table not in PAST}
    book.pay(now, policy)
    year = f"\nyear: {policy.year}\n"
    assert year in text
    later = parse_policy(text.replace(year, f"\nyear: {policy.year + 1}\n").encode(), "policy.yaml", {})
    paid = amounts(book.run(now, later))
    assert not {"t_first", "t_medal", "t_stove"} & set(paid)
    assert {"t_sales", "t_kit", "t_bushes"} <= set(paid)


@pytest.mark.parametrize("seed", range(900, 912))
def test_random_applicants_with_their_past_in_a_ledger_come_to_the_same(seed: int, tmp_path: Path) -> None:
    policy = policy_of()
    tables = random_tables(random.Random(seed), 60)
    for row in tables["applicants"]:  # a declared figure stands beside what a ledger has, and gives way to a sheet
        for name in [name for name in row if name.startswith("prior_max")]:
            row[name] = None
    past = {name: tables.pop(name) for name in ("awards_paid", "history") if name in tables}
    whole: dict[str, list[dict[str, object]]] = {"awards_paid": [], "history": []}
    book = Book(tmp_path)
    for name, rows in past.items():
        for row in rows:
            try:  # what cannot be imported stays out of both
                book.load({name: [row]}, policy)
            except (LedgerError, InputError):
                continue
            whole[name].append(row)
    assert whole["awards_paid"]
    assert whole["history"]
    shown = ("code", "clause", "object", "status", "amount", "potential", "reason")
    plain = assess(policy, frames(policy, {**tables, **whole}))
    fed = book.run(tables, policy)
    assert fed.lines.select(shown).equals(plain.lines.select(shown))
