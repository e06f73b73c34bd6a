"""Last year's results act by themselves this year: from the ledger alone, without sheets of awards or of earlier years."""

from __future__ import annotations

import pytest

from tests.ledger.books import Book, amounts, codes, policy_of
from tests.ledger.firms import (
    FOUNDER,
    MAKER,
    OTHER_SCHOOL,
    SCHOOL,
    WAN,
    both,
    firm,
    founded,
    past,
    platforms,
    titles,
    trained,
    turnover,
)


def paid(thing: dict[str, object]) -> dict[str, list[dict[str, object]]]:
    return {"awards_paid": [thing]}


@pytest.fixture
def known(book: Book) -> Book:
    """A ledger that knows the turnovers of the climbing firm before 2018."""
    book.load(past((2016, 500), (2017, 1500)), policy_of(2018))
    return book


def test_a_tier_once_paid_is_not_paid_again_in_a_later_year(known: Book) -> None:
    assert amounts(known.pay(turnover(2500), policy_of(2018))) == {"c2_gmv": 2 * WAN}
    assert amounts(known.pay(turnover(2600), policy_of(2019))) == {}
    assert amounts(known.pay(turnover(9000), policy_of(2020))) == {"c2_gmv": 5 * WAN}


def test_a_firm_that_falls_and_passes_the_same_tier_again_gets_nothing(known: Book) -> None:
    known.pay(turnover(6000), policy_of(2018))
    assert amounts(known.pay(turnover(1000), policy_of(2019))) == {}
    again = known.run(turnover(6000), policy_of(2020))
    assert amounts(again) == {}
    assert again.lines["reason"].to_list() == ["NOT_FIRST_TIME"]


def test_the_figures_of_the_run_are_those_of_an_earlier_year_in_the_next(known: Book) -> None:
    known.pay(turnover(1900), policy_of(2018))
    later = known.run(turnover(2100), policy_of(2019))
    assert amounts(later) == {"c2_gmv": 2 * WAN}
    assert codes(later) == []


@pytest.mark.parametrize(("reading", "amount"), [("full", 5 * WAN), ("difference", 3 * WAN)])
def test_an_upgrade_is_paid_in_full_or_less_what_the_ledger_has(known: Book, reading: str, amount: int) -> None:
    known.pay(turnover(2500), policy_of(2018))
    assert amounts(known.run(turnover(5500), policy_of(2019, tier_upgrade=reading))) == {"c2_gmv": amount}


def test_first_by_the_awards_asks_for_no_figures(book: Book) -> None:
    book.load(
        paid({"uscc": firm()["uscc"], "year": 2017, "clause": "c2_gmv", "tier": 1, "amount_yuan": 2 * WAN}),
        policy_of(2018),
    )
    by_award = policy_of(2018, first_basis="award")
    assert amounts(book.run(turnover(2500), by_award)) == {}
    assert amounts(book.run(turnover(5500), by_award)) == {"c2_gmv": 5 * WAN}


@pytest.mark.parametrize(("scope", "second"), [("sentence", 0), ("route", 2 * WAN)])
def test_once_covers_the_sentence_or_the_route(book: Book, scope: str, second: int) -> None:
    readings = {"first_basis": "award", "c2_one_off_scope": scope}
    book.pay(turnover(2500), policy_of(2018, **readings))
    invoiced = {"applicants": [firm(ecom_invoiced_sales_yuan=300 * WAN)]}
    assert sum(amounts(book.run(invoiced, policy_of(2019, **readings))).values()) == second


@pytest.mark.parametrize(("scope", "second"), [("per_year", 20 * WAN), ("lifetime", 5 * WAN)])
def test_the_cap_of_a_year_or_of_a_life(book: Book, scope: str, second: int) -> None:
    def settler(wan: int) -> dict[str, list[dict[str, object]]]:
        return {"applicants": [firm(is_introduced=True, invoiced_sales_yuan=wan * WAN)]}

    assert amounts(book.pay(settler(1500), policy_of(2018, c1_cap_scope=scope))) == {"c1": 15 * WAN}
    assert amounts(book.run(settler(4000), policy_of(2019, c1_cap_scope=scope))) == {"c1": second}


@pytest.mark.parametrize(("scope", "second"), [("per_year", 200), ("lifetime", 100)])
def test_the_cap_of_training_of_a_year_or_of_a_life(book: Book, scope: str, second: int) -> None:
    first = trained(SCHOOL, *(f"A{number:03d}" for number in range(200)))
    then = trained(SCHOOL, *(f"B{number:03d}" for number in range(200)))
    assert amounts(book.pay(first, policy_of(2018, c7_cap_scope=scope))) == {"c7": 20 * WAN}
    assert amounts(book.run(then, policy_of(2019, c7_cap_scope=scope))) == {"c7": second * WAN // 10}


def test_a_trainee_who_comes_back_at_another_body_is_not_paid_again(book: Book) -> None:
    book.pay(trained(SCHOOL, "T1", "T2"), policy_of(2018))
    later = book.run(trained(OTHER_SCHOOL, "T2", "T3"), policy_of(2019))
    assert amounts(later) == {"c7": WAN // 10}


def test_trainees_behind_a_cap_count_as_paid(book: Book) -> None:
    many = [f"T{number:03d}" for number in range(320)]
    assert amounts(book.pay(trained(SCHOOL, *many), policy_of(2018))) == {"c7": 30 * WAN}
    assert amounts(book.run(trained(OTHER_SCHOOL, many[-1]), policy_of(2019))) == {}


def test_a_platform_is_paid_once_whoever_holds_it(book: Book) -> None:
    book.pay(platforms("P1"), policy_of(2018))
    assert amounts(book.run(platforms("P1", "P2", code=FOUNDER, year=2019), policy_of(2019))) == {"c8": 10 * WAN}


def test_an_honour_is_paid_at_each_level_once_and_not_below(book: Book) -> None:
    assert amounts(book.pay(titles(("B1", "provincial")), policy_of(2018))) == {"c9_base": 10 * WAN}
    later = policy_of(2019)
    assert amounts(book.run(titles(("B1", "municipal"), year=2019), later)) == {}
    assert amounts(book.run(titles(("B1", "national"), year=2019), later)) == {"c9_base": 30 * WAN}
    assert amounts(book.run(titles(("B2", "municipal"), year=2019), later)) == {"c9_base": 5 * WAN}


def test_an_enterprise_and_its_graduates_are_paid_once(book: Book) -> None:
    assert amounts(book.pay(founded("G1", "G2"), policy_of(2018))) == {"c10": 2 * WAN}
    assert amounts(book.run(founded("G3"), policy_of(2019))) == {}
    assert amounts(book.run(founded("G1", code=MAKER), policy_of(2019))) == {}
    assert amounts(book.run(founded("G4", code=MAKER), policy_of(2019))) == {"c10": 2 * WAN}


def test_the_same_year_pays_what_is_due_less_what_was_paid(book: Book) -> None:
    book.pay(trained(SCHOOL, "T1"), policy_of(2018))
    more = trained(SCHOOL, "T1", "T2", "T3")
    assert amounts(book.pay(more, policy_of(2018))) == {"c7": 2 * WAN // 10}
    assert amounts(book.pay(more, policy_of(2018))) == {}
    assert book.payments().select("clause", "sequence", "amount").rows() == [
        ("c7", 1, WAN // 10),
        ("c7", 2, 2 * WAN // 10),
    ]
    assert amounts(book.run(trained(OTHER_SCHOOL, "T1", "T2", "T3"), policy_of(2019))) == {}


def test_a_declared_figure_of_earlier_years_stands_beside_what_the_ledger_knows(book: Book) -> None:
    declared = {"prior_max_online_gmv_yuan": 900 * WAN}
    assert amounts(book.pay(turnover(2500, **declared), policy_of(2018))) == {"c2_gmv": 2 * WAN}
    # the ledger has 2018, the declaration the years before it: nothing is missing
    assert amounts(book.run(turnover(5500, **declared), policy_of(2019))) == {"c2_gmv": 5 * WAN}


def test_a_declared_figure_below_what_the_ledger_has_does_not_count(book: Book) -> None:
    book.pay(turnover(5500, prior_max_online_gmv_yuan=900 * WAN), policy_of(2018))
    later = book.run(turnover(6000, prior_max_online_gmv_yuan=900 * WAN), policy_of(2019, first_basis="fact"))
    assert amounts(later) == {}
    assert codes(later) == ["DECLARED_DIFFERS"]


def test_firms_of_the_ledger_that_do_not_claim_this_year_are_not_mentioned(book: Book) -> None:
    book.pay(both(turnover(2500, prior_max_online_gmv_yuan=0), platforms("P1")), policy_of(2018))
    assert codes(book.run(trained(SCHOOL, "T1"), policy_of(2019))) == []


def test_a_sheet_that_contradicts_an_award_of_the_ledger_is_an_error_and_the_ledger_counts(known: Book) -> None:
    known.pay(turnover(2500), policy_of(2018))
    sheet = paid({"uscc": firm()["uscc"], "year": 2018, "clause": "c2_gmv", "tier": 2, "amount_yuan": 5 * WAN})
    later = known.run(both(turnover(5500), sheet), policy_of(2019))
    assert codes(later) == ["LEDGER_CONTRADICTED"]
    assert amounts(later) == {"c2_gmv": 5 * WAN}
    (found,) = later.findings
    assert found.severity == "error"
    assert str(found.others[0]).endswith("awards.ledger run 2 #1")


def test_a_sheet_that_says_the_same_is_counted_once(known: Book) -> None:
    known.pay(turnover(2500), policy_of(2018))
    sheet = paid({"uscc": firm()["uscc"], "year": 2018, "clause": "（一）2 第2款", "amount_yuan": 2 * WAN})
    later = known.run(both(turnover(5500), sheet), policy_of(2019, tier_upgrade="difference"))
    assert (amounts(later), codes(later)) == ({"c2_gmv": 3 * WAN}, [])


def test_an_award_of_a_sheet_that_the_ledger_does_not_know_counts_with_a_warning(known: Book) -> None:
    known.pay(turnover(2500), policy_of(2018))
    sheet = paid({"uscc": firm()["uscc"], "year": 2015, "clause": "c2_gmv", "tier": 3, "amount_yuan": 10 * WAN})
    later = known.run(both(turnover(5500), sheet), policy_of(2019))
    assert (amounts(later), codes(later)) == ({}, ["NOT_IN_LEDGER"])


def test_a_sheet_that_contradicts_a_figure_of_the_ledger_is_an_error_and_the_ledger_counts(known: Book) -> None:
    later = known.run(both(turnover(2500), past((2017, 2100))), policy_of(2018))
    assert codes(later) == ["LEDGER_CONTRADICTED"]
    assert amounts(later) == {"c2_gmv": 2 * WAN}


def test_a_figure_that_only_the_sheet_has_stands_beside_those_of_the_ledger(known: Book) -> None:
    sheet = both(turnover(2500), past((2016, 500), (2018, 2100)))
    later = known.run(sheet, policy_of(2019))
    assert (amounts(later), codes(later)) == ({}, [])
