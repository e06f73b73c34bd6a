"""A workbook gives a ledger what the JSON result of the same run does."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from anqing_subsidy import assess, load_policy, read_tables
from anqing_subsidy.finding import InputError, LedgerError
from anqing_subsidy.ledger.record import recorded_as
from anqing_subsidy.ledger.result import read_result
from anqing_subsidy.ledger.workbook import PART
from anqing_subsidy.report.data import json_pieces
from anqing_subsidy.report.detail import detail_frame
from anqing_subsidy.report.workbook import write_workbook
from tests.ledger.books import policy_of
from tests.ledger.firms import SCHOOL, WAN, both, firm, trained, turnover
from tests.support import frames

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples"


def both_ways(name: str, folder: Path) -> tuple[Path, Path]:
    """A workbook and a JSON result of one run."""
    policy = load_policy()
    result = assess(policy, read_tables([EXAMPLES / name], policy))
    book, text = folder / "result.xlsx", folder / "result.json"
    write_workbook(result, detail_frame(result, "zh"), book, "zh", version="1")
    text.write_text("".join(json_pieces(result, "en")), encoding="utf-8")
    return book, text


@pytest.mark.parametrize("name", ["simple.xlsx", "detailed.xlsx", "counties", "years/claims-2018.xlsx"])
def test_a_workbook_and_a_json_result_are_recorded_as_the_same(name: str, tmp_path: Path) -> None:
    book, text = (read_result(path) for path in both_ways(name, tmp_path))
    assert book.entries == text.entries
    assert book.entries
    policy = load_policy()
    assert recorded_as(book, policy) == recorded_as(text, policy)
    assert replace(book, path=text.path, figures=()) == replace(text, figures=())


def test_what_a_decision_pays_without_a_claim_is_recorded(tmp_path: Path) -> None:
    policy = policy_of()
    decision = {
        "uscc": SCHOOL,
        "clause": "c6",
        "decision": "set",
        "amount_yuan": WAN,
        "reason": "会议纪要",
        "decided_by": "李四",
    }
    rows = both(trained(SCHOOL, "T1"), turnover(2500, prior_max_online_gmv_yuan=0), {"decisions": [decision]})
    result = assess(policy, frames(policy, rows))
    path = tmp_path / "result.xlsx"
    write_workbook(result, detail_frame(result, "zh"), path, "zh", version="1")
    assert sorted(entry.clause for entry in read_result(path).entries) == ["c2_gmv", "c6", "c7"]


def rewritten(book: Path, part: str, old: bytes, new: bytes) -> None:
    """Change a part of a workbook and leave all others as they are."""
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet2.xml", b"150000", b"160000"),
        (PART, b"<record>", b"<!DOCTYPE record [<!ENTITY a 'b'>]><record>"),
        (PART, b'"amount":"150000.00"', b'"amount":"150000.01"'),
        (PART, b"<record>", b"<record>x"),
        (PART, b'"sheets":"', b'"sheets":"0'),
    ],
)
def test_a_workbook_that_was_changed_is_refused(tmp_path: Path, part: str, old: bytes, new: bytes) -> None:
    book, _ = both_ways("simple.xlsx", tmp_path)
    rewritten(book, part, old, new)
    with pytest.raises(LedgerError):
        read_result(book)


def test_an_application_or_a_damaged_workbook_is_no_result(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="not as `run` wrote it"):
        read_result(EXAMPLES / "simple.xlsx")
    book, _ = both_ways("simple.xlsx", tmp_path)
    book.write_bytes(book.read_bytes()[:5000])
    with pytest.raises(InputError):
        read_result(book)


def test_the_part_holds_the_lines_that_pay_and_nothing_in_words(tmp_path: Path) -> None:
    book, text = both_ways("simple.xlsx", tmp_path)
    with zipfile.ZipFile(book) as archive:
        held = archive.read(PART).decode()
    whole = json.loads(text.read_text(encoding="utf-8"))
    paid = sum(line["amount"] != "0.00" for person in whole["applicants"] for line in person["lines"])
    assert held.count('"clause":') == paid
    assert "reason_text" not in held
    assert firm()["uscc"] not in held
