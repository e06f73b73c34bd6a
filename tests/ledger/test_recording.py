"""What a ledger takes and what it refuses: nothing is paid twice, and a refusal records nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.finding import InputError, LedgerError, UsageError
from anqing_subsidy.ledger.result import read_result
from anqing_subsidy.ledger.unchanged import changed_since
from anqing_subsidy.policy import default_policy_path
from tests.ledger.books import Book, amounts, policy_of
from tests.ledger.firms import FOUNDER, MAKER, OTHER_SCHOOL, SCHOOL, WAN, both, founded, platforms, titles, trained
from tests.support import frames

ROWS = both(platforms("P1", "P2"), trained(SCHOOL, "T1", "T2"))


def test_the_same_result_recorded_twice_is_recorded_once_and_says_so(book: Book) -> None:
    paid = book.run(ROWS, policy_of())
    first, second = book.record(paid), book.record(paid)
    assert (first.run, first.before, second.run, second.before) == (1, False, 1, True)
    assert book.payments().height == 3


def test_another_result_that_pays_again_is_refused_and_names_the_entry(book: Book) -> None:
    book.pay(ROWS, policy_of())
    again = assess(policy_of(), frames(policy_of(), both(platforms("P1", "P2", wan=200), founded("G1"))))
    with pytest.raises(LedgerError) as refused:
        book.record(again)
    for words in ("第 1 笔（第 1 次登记", MAKER, "[P1] 2018 年第 1 笔 100,000.00 元", "宜商〔2019〕3号"):
        assert words in refused.value.message.zh
    # not even the enterprise that was never paid
    assert book.payments().height == 3


def test_a_result_that_did_not_look_at_what_the_ledger_has_of_its_firms_is_refused(book: Book) -> None:
    book.pay(platforms("P1"), policy_of())
    blind = assess(policy_of(2019), frames(policy_of(2019), platforms("P2", year=2019)))
    with pytest.raises(LedgerError, match="run --ledger"):
        book.record(blind)
    assert book.payments().height == 1


def test_firms_of_which_the_ledger_knows_nothing_are_recorded_without_it(book: Book) -> None:
    book.pay(platforms("P1"), policy_of())
    book.record(assess(policy_of(), frames(policy_of(), founded("G1"))))
    assert book.payments()["clause"].to_list() == ["c8", "c10"]


def test_of_two_supplements_computed_at_the_same_time_the_second_is_refused(book: Book) -> None:
    book.pay(trained(SCHOOL, "T1"), policy_of())
    one, two = (book.run(trained(SCHOOL, "T1", more), policy_of()) for more in ("T2", "T3"))
    book.record(one)
    with pytest.raises(LedgerError, match="number 2"):
        book.record(two)
    assert book.payments()["sequence"].to_list() == [1, 2]


def test_of_two_bodies_that_claim_a_trainee_in_two_results_the_second_is_refused(book: Book) -> None:
    one, two = (book.run(trained(body, "T1"), policy_of()) for body in (SCHOOL, OTHER_SCHOOL))
    book.record(one)
    with pytest.raises(LedgerError, match=SCHOOL):
        book.record(two)


def test_results_of_two_counties_computed_at_the_same_time_are_both_recorded(book: Book) -> None:
    one, two = book.run(platforms("P1"), policy_of()), book.run(founded("G1"), policy_of())
    book.record(one)
    assert book.record(two).run == 2


def test_the_database_itself_refuses_a_second_payment(book: Book) -> None:
    book.pay(ROWS, policy_of())
    database = sqlite3.connect(book.path)
    columns = [name for _, name, *_ in database.execute("PRAGMA table_info(entry)") if name != "id"]
    copied = "INSERT INTO entry ({0}) SELECT {1} FROM entry WHERE id = 1"
    listed = ", ".join(columns)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        database.execute(copied.format(listed, listed))
    with pytest.raises(sqlite3.IntegrityError, match="follows the entry before it"):
        database.execute(copied.format(listed, listed.replace("sequence", "sequence + 2")))
    with pytest.raises(sqlite3.IntegrityError, match="held by another entry"):
        database.execute("INSERT INTO hold SELECT key, turn + 1, entry FROM hold LIMIT 1")
    for statement in (
        "UPDATE entry SET amount = 1",
        "DELETE FROM entry",
        "UPDATE run SET who = ''",
        "DELETE FROM hold",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            database.execute(statement)
    database.close()


def test_an_older_state_of_the_ledger_is_a_warning(book: Book) -> None:
    old = book.path.with_name("old.ledger")
    book.pay(platforms("P1"), policy_of())
    shutil.copy(book.path, old)
    book.pay(founded("G1"), policy_of())
    later = book.run(trained(SCHOOL, "T1"), policy_of())
    (remark,) = Book(old.parent, old.name).record(later).remarks
    assert "旧备份" in remark.zh


def test_a_result_of_another_ledger_is_refused(book: Book, tmp_path: Path) -> None:
    book.pay(platforms("P1"), policy_of())
    other = Book(tmp_path, "other.ledger")
    other.pay(founded("G1"), policy_of())
    with pytest.raises(LedgerError, match="another ledger"):
        other.record(book.run(trained(SCHOOL, "T1"), policy_of()))


def test_what_a_line_is_paid_for_is_recorded(book: Book) -> None:
    book.pay(both(trained(SCHOOL, "T1", "T2"), titles(("B1", "provincial"), ("B1", "municipal"))), policy_of())
    rows = {row["clause"]: row for row in book.payments().iter_rows(named=True)}
    assert json.loads(rows["c7"]["parts"]) == [["T1", 100_000], ["T2", 100_000]]
    assert (rows["c9_base"]["object_id"], rows["c9_base"]["level"], rows["c9_base"]["amount"]) == (
        "B1",
        "provincial",
        10 * WAN,
    )
    assert json.loads(rows["c9_base"]["funds"]) == {"services": 10 * WAN}


# ---- results that are not what they say ----------------------------------------------------------------------------
def spoilt(book: Book, old: str, new: str) -> Path:
    """A result with a text replaced."""
    path = book.result(book.run(platforms("P1"), policy_of()))
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"amount":"100000.00","potential"', '"amount":"100000.01","potential"'),
        ('"total":"100000.00"', '"total":"10000.00"'),
        ('"by_fund":{"services":"100000.00"', '"by_fund":{"services":"1.00"'),
        ('"by_clause":{"c1":"0.00"', '"by_clause":{"c1":"7.00"'),
        ('"totals":{"amount":"100000.00"', '"totals":{"amount":"99999.99"'),
        ('"status":"eligible"', '"status":"pending"'),
        ('"totals":{"amount":"100000.00"', '"totals":{"amount":"lots"'),
    ],
)
def test_a_result_whose_sums_do_not_agree_with_its_lines_is_refused(book: Book, old: str, new: str) -> None:
    with pytest.raises(LedgerError, match="do not agree"):
        read_result(spoilt(book, old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("anqing-subsidy/result/1", "anqing-subsidy/result/9"),
        ('"entry":{', '"entri":{'),
        ('"findings":[', '"findings":{'),
        ('"year":2018', '"year":"soon"'),
        ('"figures":', '"figure":'),
    ],
)
def test_what_is_no_result_of_this_program_is_said_to_be_none(book: Book, old: str, new: str) -> None:
    with pytest.raises(InputError, match="no result"):
        read_result(spoilt(book, old, new))


def test_a_result_that_was_written_anew_on_one_line_is_read_all_the_same(book: Book) -> None:
    path = book.result(book.run(ROWS, policy_of()))
    plain = read_result(path)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=2), encoding="utf-8")
    assert read_result(path) == plain


def test_a_result_that_ends_in_the_middle_is_none(book: Book) -> None:
    path = book.result(book.run(ROWS, policy_of()))
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(InputError, match="no result"):
        read_result(path)


@pytest.mark.parametrize("name", ["r.csv", "r.parquet", "r.jsonl", "r"])
def test_other_kinds_of_results_are_not_recorded(name: str) -> None:
    with pytest.raises(UsageError, match=r"\.json or \.xlsx"):
        read_result(Path(name))


def test_a_result_whose_policy_or_input_changed_is_refused(book: Book, tmp_path: Path) -> None:
    claims = tmp_path / "claims.csv"
    claims.write_text("x", encoding="utf-8")
    path = book.result(book.run(platforms("P1"), policy_of()))
    text = path.read_text(encoding="utf-8")
    sha = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    path.write_text(
        text.replace('"inputs":[]', f'"inputs":[{{"path":"claims.csv","sha256":"{sha}"}}]'), encoding="utf-8"
    )
    result = read_result(path)
    policy = default_policy_path()
    assert changed_since(result, policy, policy) == (policy, [])
    claims.write_text("y", encoding="utf-8")
    with pytest.raises(LedgerError, match=r"claims\.csv was changed"):
        changed_since(result, policy, policy)
    claims.unlink()
    with pytest.raises(InputError, match=r"claims\.csv is not there"):
        changed_since(result, policy, policy)
    other = tmp_path / "policy.yaml"
    other.write_text(policy.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(LedgerError, match=r"policy\.yaml was changed"):
        changed_since(result, other, policy)


def test_figures_are_kept_of_applicants_that_are_paid_nothing(book: Book) -> None:
    rows = {
        "applicants": [
            {
                "uscc": FOUNDER,
                "name": "甲",
                "entity_form": "company",
                "quota_status": "below",
                "online_gmv_yuan": 7 * WAN,
            }
        ]
    }
    assert amounts(book.pay(rows, policy_of())) == {}
    database = sqlite3.connect(book.path)
    assert database.execute("SELECT code, year, value FROM figure").fetchall() == [(FOUNDER, 2018, 7 * WAN)]
    database.close()
