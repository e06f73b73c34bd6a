"""A ledger that was tampered with is not used: every change of what it holds, or of what it refuses, is seen."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from anqing_subsidy.finding import InputError
from anqing_subsidy.ledger.store import reading, writing
from anqing_subsidy.ledger.take_back import Which, clawback, void
from tests.ledger.books import SIGNED, Book, policy_of
from tests.ledger.firms import MAKER, SCHOOL, both, past, platforms, titles, trained, turnover


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A ledger with a bit of everything."""
    book = Book(tmp_path_factory.mktemp("sound"))
    book.load(past((2017, 500)), policy_of())
    book.pay(both(platforms("P1", "P2"), trained(SCHOOL, "T1", "T2"), titles(("B1", "provincial"))), policy_of())
    book.pay(turnover(2500), policy_of())
    with writing(book.path) as ledger:
        void(ledger, Which(2, MAKER, "c8", "P1"), "录错", SIGNED)
    with writing(book.path) as ledger:
        clawback(ledger, Which(2, SCHOOL), "骗补", SIGNED, amount=100)
    return book.path.read_bytes()


def changed(sound: bytes, folder: Path, *statements: str) -> Path:
    """The ledger with something done to it by somebody who first takes away what forbids it."""
    path = folder / "awards.ledger"
    path.write_bytes(sound)
    database = sqlite3.connect(path)
    triggers = dict(database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
    for name in triggers:
        database.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        database.execute(statement)
    for text in triggers.values():
        database.execute(text)
    database.commit()
    database.close()
    return path


def test_a_sound_ledger_is_used(sound: bytes, tmp_path: Path) -> None:
    with reading(changed(sound, tmp_path)) as ledger:
        assert ledger.run == 5


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET amount = amount + 1 WHERE id = 1",
        "UPDATE entry SET code = 'X' WHERE id = 2",
        "UPDATE entry SET parts = '[]' WHERE clause = 'c7'",
        "UPDATE entry SET frees = 1 WHERE kind = 'clawback'",
        "UPDATE entry SET hash = hex(zeroblob(32)) WHERE id = 1",
        "UPDATE run SET who = '李四' WHERE id = 2",
        "UPDATE run SET document = '' WHERE id = 2",
        "UPDATE run SET head = hex(zeroblob(32)) WHERE id = 5",
        "UPDATE figure SET value = value + 1",
        "DELETE FROM figure WHERE id = 1",
        "DELETE FROM entry WHERE kind = 'void'",
        "DELETE FROM entry WHERE id = (SELECT max(id) FROM entry)",
        "DELETE FROM run WHERE id = 5",
        "DELETE FROM hold",
        "DELETE FROM freed",
        "UPDATE hold SET entry = 1",
        "INSERT INTO figure SELECT id + 100, run, code, 2015, metric, value FROM figure LIMIT 1",
        'INSERT INTO hold VALUES (\'["c10","applicant","X"]\', 0, 1)',
        "PRAGMA user_version = 9",
        "PRAGMA application_id = 0",
        "DROP INDEX entry_paid",
        "CREATE TABLE extra (x)",
    ],
)
def test_whatever_is_changed_is_seen(sound: bytes, tmp_path: Path, statement: str) -> None:
    path = changed(sound, tmp_path, statement)
    with pytest.raises(InputError) as refused, reading(path):
        pass
    assert "awards.ledger" in refused.value.message.zh


@pytest.mark.parametrize("trigger", ["entry_update", "entry_delete", "hold_turn", "entry_balance"])
def test_a_ledger_that_no_longer_refuses_is_seen(sound: bytes, tmp_path: Path, trigger: str) -> None:
    path = tmp_path / "awards.ledger"
    path.write_bytes(sound)
    database = sqlite3.connect(path)
    database.execute(f"DROP TRIGGER {trigger}")
    database.close()
    with pytest.raises(InputError, match="triggers were changed"), reading(path):
        pass


def test_any_byte_that_is_damaged_is_seen_or_does_not_matter(sound: bytes, tmp_path: Path) -> None:
    path = tmp_path / "awards.ledger"
    path.write_bytes(sound)
    with reading(path) as ledger:
        whole = list(ledger.database.iterdump())
    for at in range(100, len(sound), len(sound) // 60):
        path.write_bytes(sound[:at] + bytes([sound[at] ^ 0xFF]) + sound[at + 1 :])
        try:
            with reading(path) as ledger:
                assert list(ledger.database.iterdump()) == whole
        except InputError:
            continue


@pytest.mark.parametrize("content", [b"", b"hello, world" * 100, b"SQLite format 3\0" + b"\0" * 2000])
def test_what_is_no_ledger_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "awards.ledger"
    path.write_bytes(content)
    with pytest.raises(InputError), reading(path):
        pass
    assert path.read_bytes() == content


def test_another_database_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE run (id)")
    database.close()
    with pytest.raises(InputError, match="no ledger of this program"), reading(path):
        pass


def test_a_ledger_that_lost_its_end_is_seen(sound: bytes, tmp_path: Path) -> None:
    path = tmp_path / "awards.ledger"
    path.write_bytes(sound[: len(sound) - 4096])
    with pytest.raises(InputError), reading(path):
        pass
