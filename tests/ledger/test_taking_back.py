"""Voids and clawbacks: counter-entries that balance, and what may be paid again after them."""

from __future__ import annotations

import pytest

from anqing_subsidy.finding import LedgerError, UsageError
from anqing_subsidy.ledger.record import Recorded
from anqing_subsidy.ledger.store import reading, writing
from anqing_subsidy.ledger.take_back import Which, clawback, void
from anqing_subsidy.report.detail import detail_frame
from tests.ledger.books import SIGNED, Book, amounts, codes, policy_of
from tests.ledger.firms import MAKER, OTHER_SCHOOL, SCHOOL, WAN, both, founded, past, platforms, trained, turnover


def voided(book: Book, run: int, reason: str = "录错", **which: str) -> Recorded:
    with writing(book.path) as ledger:
        return void(ledger, Which(run, **which), reason, SIGNED)


def recovered(book: Book, run: int, amount: int | None = None, *, frees: bool = False, **which: str) -> Recorded:
    with writing(book.path) as ledger:
        return clawback(ledger, Which(run, **which), "骗补", SIGNED, amount=amount, frees=frees)


def test_what_is_voided_counts_no_more_and_may_be_paid_again(book: Book) -> None:
    rows = both(platforms("P1"), trained(SCHOOL, "T1"))
    book.pay(rows, policy_of())
    assert amounts(book.run(rows, policy_of())) == {}
    assert voided(book, 1) == Recorded(2, before=False)
    assert amounts(book.pay(rows, policy_of())) == {"c8": 10 * WAN, "c7": WAN // 10}
    assert sorted(book.payments().select("clause", "sequence", "voided").rows()) == [
        ("c7", 1, True),
        ("c7", 2, False),
        ("c8", 1, True),
        ("c8", 2, False),
    ]


def test_one_clause_of_one_applicant_is_voided_and_the_rest_stands(book: Book) -> None:
    book.pay(both(platforms("P1"), trained(SCHOOL, "T1")), policy_of())
    voided(book, 1, applicant=MAKER, clause="c8")
    assert dict(book.payments().select("clause", "voided").rows()) == {"c7": False, "c8": True}


def test_a_void_is_recorded_once(book: Book) -> None:
    book.pay(platforms("P1"), policy_of())
    voided(book, 1)
    assert voided(book, 1) == Recorded(2, before=True)


def test_the_figures_of_a_voided_run_count_no_more(book: Book) -> None:
    book.load(past((2016, 500), (2017, 1500)), policy_of())
    book.pay(turnover(6000), policy_of())
    voided(book, 2)
    assert book.run(turnover(6000), policy_of(2019)).lines["reason"].to_list() == ["MISSING_HISTORY"]
    book.pay(turnover(1900), policy_of())
    assert amounts(book.run(turnover(6000), policy_of(2019))) == {"c2_gmv": 5 * WAN}


def test_what_was_voided_cannot_be_recorded_again_from_the_same_result(book: Book) -> None:
    paid = book.run(platforms("P1"), policy_of())
    book.record(paid)
    voided(book, 1)
    with pytest.raises(LedgerError, match="voided by run 2"):
        book.record(paid)


def test_a_result_computed_before_a_void_is_refused(book: Book) -> None:
    book.pay(trained(SCHOOL, "T1"), policy_of())
    more = book.run(trained(SCHOOL, "T1", "T2"), policy_of())
    voided(book, 1)
    with pytest.raises(LedgerError):
        book.record(more)
    assert amounts(book.pay(trained(SCHOOL, "T1", "T2"), policy_of())) == {"c7": 2 * WAN // 10}


def test_a_void_of_the_first_of_two_payments_leaves_what_is_once_only_with_the_second(book: Book) -> None:
    book.pay(trained(SCHOOL, "T1"), policy_of())
    book.pay(trained(SCHOOL, "T1", "T2"), policy_of())
    voided(book, 1)
    # the second payment was for both trainees, so that no other body gets either
    assert amounts(book.run(trained(OTHER_SCHOOL, "T1", "T2"), policy_of(2019))) == {}
    with reading(book.path) as ledger:
        assert ledger.run == 3


def test_a_clawback_moves_the_money_and_leaves_the_award_used_up(book: Book) -> None:
    book.pay(founded("G1"), policy_of())
    recovered(book, 1, applicant=founded("G1")["applicants"][0]["uscc"])
    assert book.payments().select("recovered", "freed").rows() == [(2 * WAN, False)]
    assert amounts(book.run(founded("G1"), policy_of())) == {}
    assert amounts(book.run(founded("G1"), policy_of(2019))) == {}
    assert amounts(book.run(founded("G1", code=MAKER), policy_of(2019))) == {}


def test_a_clawback_that_frees_lets_the_award_be_paid_again(book: Book) -> None:
    book.pay(founded("G1"), policy_of())
    recovered(book, 1, frees=True, applicant=founded("G1")["applicants"][0]["uscc"])
    assert amounts(book.pay(founded("G1", code=MAKER), policy_of(2019))) == {"c10": 2 * WAN}
    assert amounts(book.run(founded("G1"), policy_of(2020))) == {}


def test_parts_are_recovered_up_to_what_was_paid_and_no_further(book: Book) -> None:
    book.pay(platforms("P1"), policy_of())
    recovered(book, 1, 4 * WAN, applicant=MAKER)
    with pytest.raises(LedgerError, match=r"60,000\.00 yuan that is left"):
        recovered(book, 1, 7 * WAN, applicant=MAKER)
    recovered(book, 1, applicant=MAKER)
    assert book.payments()["recovered"].to_list() == [10 * WAN]
    with pytest.raises(LedgerError, match="nothing is left"):
        recovered(book, 1, 1, applicant=MAKER)
    book.pay(platforms("P2", code=SCHOOL), policy_of())
    with pytest.raises(UsageError, match="--free"):
        recovered(book, 4, 1, frees=True, applicant=SCHOOL)


def test_a_void_after_a_partial_recovery_balances(book: Book) -> None:
    book.pay(platforms("P1"), policy_of())
    recovered(book, 1, 4 * WAN, applicant=MAKER)
    voided(book, 1)
    with reading(book.path) as ledger:
        assert ledger.database.execute("SELECT sum(amount) FROM entry").fetchone() == (0,)


def test_the_same_recovery_given_twice_is_recorded_once(book: Book) -> None:
    book.pay(platforms("P1"), policy_of())
    assert recovered(book, 1, 4 * WAN, applicant=MAKER) == Recorded(2, before=False)
    assert recovered(book, 1, 4 * WAN, applicant=MAKER) == Recorded(2, before=True)


def test_what_is_not_there_or_is_itself_a_taking_back_is_refused(book: Book) -> None:
    book.pay(both(platforms("P1"), trained(SCHOOL, "T1")), policy_of())
    with pytest.raises(UsageError, match="there is no run 7"):
        voided(book, 7)
    with pytest.raises(UsageError, match="nothing of what is meant"):
        voided(book, 1, clause="c6")
    book.pay(platforms("P2", "P3", code=OTHER_SCHOOL), policy_of())
    with pytest.raises(UsageError, match="say which"):
        recovered(book, 2, 1, applicant=OTHER_SCHOOL)
    voided(book, 1)
    with pytest.raises(LedgerError, match="itself a taking back"):
        voided(book, 3)


def test_a_rerun_names_the_entry_that_blocks_it(book: Book) -> None:
    book.pay(platforms("P1"), policy_of())
    later = book.run(platforms("P1", year=2019), policy_of(2019))
    assert codes(later) == []
    (reason,) = detail_frame(later, "zh")["reason_text"]
    assert "awards.ledger 第 1 次登记第 1 笔" in reason
    (reason,) = detail_frame(later, "en")["reason_text"]
    assert "ledger awards.ledger, run 1, entry 1" in reason
