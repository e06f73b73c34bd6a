"""Awards of years before the ledger: all rows or none, each fault with its place, never twice."""

from __future__ import annotations

from typing import Any

import pytest

from anqing_subsidy.finding import InputError, LedgerError
from anqing_subsidy.intake import read_tables
from anqing_subsidy.ledger.imported import import_into, importable
from anqing_subsidy.ledger.past import standing_rows
from anqing_subsidy.ledger.query import figures
from anqing_subsidy.ledger.store import reading, writing
from anqing_subsidy.ledger.take_back import Which, void
from anqing_subsidy.report.ledger_files import write_sheets
from tests.ledger.books import SIGNED, Book, amounts, policy_of
from tests.ledger.firms import (
    CLIMBER,
    FOUNDER,
    MAKER,
    SCHOOL,
    WAN,
    both,
    founded,
    past,
    platforms,
    titles,
    trained,
    turnover,
)
from tests.oracle.common import BAD

POLICY = policy_of()


def award(clause: str, amount: int, year: int = 2017, code: str = CLIMBER, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # cells
    return {"uscc": code, "year": year, "clause": clause, "amount_yuan": amount, **more}


def test_awards_and_figures_come_in_and_count(book: Book) -> None:
    rows = both({"awards_paid": [award("c2_gmv", 2 * WAN, tier=1)]}, past((2016, 100), (2017, 2500)))
    assert book.load(rows, POLICY).run == 1
    assert amounts(book.run(turnover(6000), policy_of(2018, tier_upgrade="difference"))) == {"c2_gmv": 3 * WAN}


def test_an_article_or_a_title_names_the_clause(book: Book) -> None:
    rows = [
        award("（三）8", WAN, object_id="P1"),
        award("毕业生返乡创业", 2 * WAN, 2016, FOUNDER),
        award("（一）2 第2款", WAN),
    ]
    book.load({"awards_paid": rows}, POLICY)
    # an article of several clauses stays what it is
    assert sorted(book.payments()["clause"]) == ["c10", "c8", "（一）2 第2款"]


def test_the_same_import_is_recorded_once(book: Book) -> None:
    rows = {"awards_paid": [award("c6", 10 * WAN)]}
    assert [book.load(rows, POLICY).before for _ in range(2)] == [False, True]
    assert book.payments().height == 1


def test_an_import_that_overlaps_is_refused_whole_and_names_the_entry(book: Book) -> None:
    book.load({"awards_paid": [award("c6", 10 * WAN)]}, POLICY)
    with pytest.raises(LedgerError, match="entry 1"):
        book.load({"awards_paid": [award("c6", 10 * WAN), award("c6", 10 * WAN, 2016)]}, POLICY)
    assert book.payments().height == 1


def test_an_import_that_was_voided_is_imported_anew(book: Book) -> None:
    book.load({"awards_paid": [award("c6", 10 * WAN)]}, POLICY)
    with writing(book.path) as ledger:
        void(ledger, Which(1), "录错", SIGNED)
    book.load({"awards_paid": [award("c6", 9 * WAN)]}, POLICY)
    assert book.payments().select("sequence", "amount", "voided").rows() == [(1, 10 * WAN, True), (2, 9 * WAN, False)]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([award("c66", WAN)], "there is no clause c66"),
        ([award("c6", WAN), award("c6", WAN)], "make them one row"),
        ([{**award("c6", WAN), "amount_yuan": None}], "blank or unreadable"),
        ([{**award("c6", WAN), "tier": BAD}], "cannot be read"),
        ([{**award("c6", WAN), "uscc": CLIMBER[:-1] + "Z"}], "cannot be read"),
        ([{**award("c6", WAN), "amount_yuan": -1}], "negative"),
        ([award("c8", WAN, object_id="P1"), award("c8", WAN, code=MAKER, object_id="P1")], "paid once only"),
        ([award("c10", WAN), award("c10", WAN, 2016)], "paid once only"),
    ],
)
def test_a_fault_in_any_row_keeps_all_out(book: Book, rows: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(LedgerError, match=says) as refused:
        book.load({"awards_paid": [award("c3", WAN), *rows]}, POLICY)
    assert "rows.xlsx 历年已兑现" in refused.value.message.zh
    assert book.payments().height == 0


def test_what_is_paid_once_and_in_the_ledger_is_not_imported_for_another(book: Book) -> None:
    book.pay(platforms("P1"), POLICY)
    with pytest.raises(LedgerError, match="entry 1"):
        book.load({"awards_paid": [award("c8", WAN, object_id="P1")]}, POLICY)


def test_two_figures_of_one_year_are_refused(book: Book) -> None:
    with pytest.raises(LedgerError, match="two different figures"):
        book.load(past((2017, 100), (2017, 200)), POLICY)


def test_figures_of_which_the_ledger_has_others_are_refused(book: Book) -> None:
    book.load(past((2016, 100), (2017, 200)), POLICY)
    with pytest.raises(LedgerError, match=r"online_gmv_yuan \(run 1\)"):
        book.load(past((2015, 50), (2017, 201)), POLICY)
    book.load(past((2015, 50), (2017, 200)), POLICY)
    with reading(book.path) as ledger:
        assert figures(ledger)["year"].to_list() == [2015, 2016, 2017]


def test_sheets_of_other_things_are_nothing_to_import(book: Book) -> None:
    with pytest.raises(InputError, match="历年已兑现"):
        book.load(platforms("P1"), POLICY)


def test_an_export_imported_into_a_new_ledger_acts_as_the_first(book: Book) -> None:
    book.load(past((2016, 500), (2017, 1500)), POLICY)
    first = both(
        turnover(2500),
        trained(SCHOOL, "T1", "T2"),
        platforms("P1"),
        titles(("B1", "provincial"), code=FOUNDER),
        founded("G1", "G2", code=CLIMBER),
    )
    first["applicants"] = [row for row in first["applicants"] if row["uscc"] != CLIMBER] + [
        {**first["applicants"][0], "online_sales_yuan": 100 * WAN}
    ]
    paid = book.pay(first, POLICY)
    assert set(amounts(paid)) == {"c2_gmv", "c7", "c8", "c9_base", "c10"}
    sheets = book.path.with_name("export.xlsx")
    with reading(book.path) as ledger:
        write_sheets(standing_rows(ledger, POLICY), figures(ledger), POLICY, sheets)
    second = Book(book.path.parent, "second.ledger")
    with writing(second.path) as ledger:
        import_into(ledger, importable(read_tables([sheets], POLICY), POLICY), SIGNED)
    later = both(
        turnover(6000),
        trained(SCHOOL, "T2", "T3", year=2019),
        platforms("P1", "P2", year=2019),
        titles(("B1", "national"), code=FOUNDER, year=2019),
    )
    for settings in ({}, {"tier_upgrade": "difference"}, {"c7_cap_scope": "lifetime", "first_basis": "award"}):
        policy = policy_of(2019, **settings)
        assert amounts(second.run(later, policy)) == amounts(book.run(later, policy)) != {}
