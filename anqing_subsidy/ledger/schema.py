"""The tables of a ledger, and what the database itself refuses: a change, a deletion, a second payment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

APPLICATION: Final = 0x414E5142
"""The application id in the header of the file, by which a ledger is told from other databases."""
VERSION: Final = 1
TABLES: Final = ("run", "entry", "figure", "hold", "freed")

_RUN: Final = """
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('record', 'import', 'void', 'clawback')),
  digest TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  document TEXT NOT NULL,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  policy TEXT NOT NULL,
  policy_sha256 TEXT NOT NULL,
  year INTEGER,
  readings TEXT NOT NULL,
  inputs TEXT NOT NULL,
  seen_run INTEGER,
  seen_head TEXT,
  target INTEGER REFERENCES run (id),
  applicant TEXT,
  clause TEXT,
  entries INTEGER NOT NULL,
  figures INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  head TEXT NOT NULL,
  CHECK ((kind IN ('void', 'clawback')) = (target IS NOT NULL)),
  CHECK (target IS NULL OR reason <> '')
) STRICT"""

_ENTRY: Final = """
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL CHECK (kind IN ('paid', 'void', 'clawback')),
  code TEXT NOT NULL CHECK (code <> ''),
  name TEXT NOT NULL,
  year INTEGER NOT NULL,
  clause TEXT NOT NULL CHECK (clause <> ''),
  object TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  tier INTEGER,
  level TEXT,
  amount INTEGER NOT NULL,
  funds TEXT NOT NULL,
  parts TEXT NOT NULL,
  once TEXT NOT NULL,
  target INTEGER REFERENCES entry (id),
  frees INTEGER NOT NULL CHECK (frees IN (0, 1)),
  balance INTEGER NOT NULL CHECK (balance >= 0),
  hash TEXT NOT NULL,
  CHECK ((kind = 'paid') = (target IS NULL)),
  CHECK (CASE kind WHEN 'paid' THEN amount >= 0 ELSE amount <= 0 END)
) STRICT"""

_OTHERS: Final = (
    # what must not be paid twice: one payment a firm, clause, object, year and number
    "CREATE UNIQUE INDEX entry_paid ON entry (code, clause, object, year, sequence) WHERE kind = 'paid'",
    "CREATE UNIQUE INDEX entry_void ON entry (target) WHERE kind = 'void'",
    "CREATE INDEX entry_target ON entry (target) WHERE target IS NOT NULL",
    "CREATE INDEX run_target ON run (target) WHERE target IS NOT NULL",
    "CREATE INDEX entry_run ON entry (run)",
    """
CREATE TABLE figure (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id) DEFERRABLE INITIALLY DEFERRED,
  code TEXT NOT NULL,
  year INTEGER NOT NULL,
  metric TEXT NOT NULL,
  value INTEGER NOT NULL
) STRICT""",
    "CREATE UNIQUE INDEX figure_once ON figure (code, year, metric, run)",
    # what is paid once is held by one entry at a time: a turn ends when the entry is voided, or clawed back and freed
    """
CREATE TABLE hold (
  key TEXT NOT NULL,
  turn INTEGER NOT NULL,
  entry INTEGER NOT NULL REFERENCES entry (id),
  PRIMARY KEY (key, turn)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX hold_entry ON hold (entry)",
    """
CREATE TABLE freed (
  key TEXT NOT NULL,
  turn INTEGER NOT NULL,
  entry INTEGER NOT NULL REFERENCES entry (id),
  PRIMARY KEY (key, turn),
  FOREIGN KEY (key, turn) REFERENCES hold (key, turn)
) STRICT, WITHOUT ROWID""",
    """
CREATE TRIGGER hold_turn BEFORE INSERT ON hold
WHEN NEW.turn <> (SELECT count(*) FROM freed WHERE key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'paid once only: the award is held by another entry'); END""",
    """
CREATE TRIGGER entry_sequence BEFORE INSERT ON entry
WHEN NEW.kind = 'paid' AND NEW.sequence > 1 AND NOT EXISTS (
  SELECT 1 FROM entry WHERE code = NEW.code AND clause = NEW.clause AND object = NEW.object
  AND year = NEW.year AND sequence = NEW.sequence - 1 AND kind = 'paid')
BEGIN SELECT RAISE(ABORT, 'a supplement follows the entry before it'); END""",
    """
CREATE TRIGGER entry_counter BEFORE INSERT ON entry
WHEN NEW.target IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM entry WHERE id = NEW.target AND kind = 'paid' AND code = NEW.code AND clause = NEW.clause
  AND object = NEW.object AND year = NEW.year AND sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'a counter-entry is about the payment that it names'); END""",
    """
CREATE TRIGGER entry_balance BEFORE INSERT ON entry
WHEN NEW.target IS NOT NULL AND (
  (SELECT sum(amount) FROM entry WHERE id = NEW.target OR target = NEW.target) + NEW.amount < 0
  OR EXISTS (SELECT 1 FROM entry WHERE target = NEW.target AND kind = 'void'))
BEGIN SELECT RAISE(ABORT, 'more is taken back than was paid'); END""",
    *(
        f"""
CREATE TRIGGER {table}_{deed.lower()} BEFORE {deed} ON {table}
BEGIN SELECT RAISE(ABORT, 'a ledger is added to and never changed'); END"""
        for table in TABLES
        for deed in ("UPDATE", "DELETE")
    ),
)
STATEMENTS: Final = tuple(text.strip() for text in (_RUN, _ENTRY, *_OTHERS))


def create(database: sqlite3.Connection) -> None:
    """Lay out an empty ledger in an empty database, in one transaction."""
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    database.execute(f"PRAGMA user_version = {VERSION}")
    database.execute("BEGIN IMMEDIATE")
    for statement in STATEMENTS:
        database.execute(statement)
    database.execute("COMMIT")


def laid_out(database: sqlite3.Connection) -> bool:
    """Whether tables, indexes and triggers are those of a ledger, none missing, none added."""
    found = {text for (text,) in database.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}
    return found == set(STATEMENTS)
