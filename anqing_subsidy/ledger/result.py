"""A result file as a ledger takes it: read, and its sums added up again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from anqing_subsidy.finding import InputError, Text, UsageError, reason_of
from anqing_subsidy.ledger.drafts import Draft
from anqing_subsidy.ledger.sums import Sums
from anqing_subsidy.ledger.workbook import read_record
from anqing_subsidy.money import fen_of_yuan

KINDS: Final = (".json", ".xlsx")
_SCHEMA: Final = "anqing-subsidy/result/1"
_PAYING: Final = ("eligible", "eligible_with_held")


@dataclass(frozen=True, slots=True)
class Result:
    """What a result says: its policy, its inputs, its payments (amounts in fen).

    `figures`: code, year, column, value (in smallest units, or as the text of a JSON result). `seen`: run and head of the ledger that it was computed with; None without one. `people`: how many applicants.
    """

    path: Path
    policy: str
    policy_file: str
    policy_sha256: str
    year: int
    readings: Mapping[str, str]
    inputs: tuple[tuple[str, str], ...]
    seen: tuple[int, str] | None
    entries: tuple[Draft, ...]
    figures: tuple[tuple[str, int, str, str | int], ...]
    people: int


def read_result(path: Path) -> Result:
    """Read a result of `run`.

    Raises:
        UsageError: files of this kind do not say what a ledger needs.
        InputError: it is missing, or no result.
        LedgerError: it was changed, or its sums do not agree with its lines.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise UsageError(
            Text(
                f"只能登记 .json 和 .xlsx 结果，不能登记 {path.name}",
                f"a result is recorded as .json or .xlsx, not as {path.name}",
            )
        )
    if not path.is_file():
        raise InputError(Text(f"找不到结果文件 {path}", f"there is no result {path}; check the path"))
    try:
        if kind == ".xlsx":
            whole = read_record(path)
            head, people, totals = whole, iter(whole["applicants"]), whole["totals"]
            taken = _taken(path, head, people, lambda: totals)
            return replace(taken, figures=tuple(_figures_of_workbook(whole["figures"])))
        return _read_json(path)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as fault:
        raise InputError(
            Text(
                f"{path} 不是 run 写出的结果，或是旧版本写的；请重新 run（{fault!r}）",
                f"{path} is no result of `run`, or one of an older version; run again ({fault!r})",
            )
        ) from fault


def _read_json(path: Path) -> Result:
    """A JSON result, an applicant a line as it is written, so that a large one is never held whole."""
    try:
        with path.open("rb") as stream:
            first = stream.readline().rstrip()
            if not first.endswith(b'"applicants":['):
                whole = json.loads(first + stream.read())
                return _taken(path, whole, iter(whole["applicants"]), lambda: whole["totals"])
            rest: dict[str, Any] = {}

            def people() -> Iterator[dict[str, Any]]:
                for line in stream:
                    text = line.rstrip()
                    if text.endswith(b"}],"):
                        yield json.loads(text[:-2])
                        rest.update(json.loads(b"{" + stream.read()))
                        return
                    yield json.loads(text.rstrip(b","))
                raise ValueError("the result ends in the middle")

            return _taken(path, json.loads(first + b"]}"), people(), lambda: rest["totals"])
    except OSError as fault:
        reason = reason_of(fault)
        raise InputError(Text(f"读不了 {path}：{reason.zh}", f"cannot read {path}: {reason.en}")) from fault


def _taken(path: Path, head: Mapping[str, Any], people: Iterable[Mapping[str, Any]], totals: Any) -> Result:  # noqa: ANN401  # a call, after the last applicant
    if head["schema"] != _SCHEMA:
        raise ValueError(head["schema"])
    policy = head["policy"]
    year = int(policy["year"])
    entries: list[Draft] = []
    figures: list[tuple[str, int, str, str | int]] = []
    sums = Sums(path)
    count = 0
    for person in people:
        count += 1
        mine = [_entry(line, person, year, sums) for line in person["lines"] if line["amount"] != "0.00"]
        sums.person(person, mine)
        entries += mine
        if person["uscc"] is not None:
            figures += _figures(person["uscc"], person["figures"] if path.suffix.lower() == ".json" else {})
    sums.whole(totals())
    seen = head.get("ledger")
    return Result(
        path,
        policy["id"],
        policy["file"],
        policy["sha256"],
        year,
        dict(policy["readings"]),
        tuple((source["path"], source["sha256"]) for source in head["inputs"]),
        (int(seen["run"]), seen["head"]) if seen is not None else None,
        tuple(entries),
        tuple(figures),
        count,
    )


def _figures(code: str, figures: Mapping[str, Mapping[str, str]]) -> list[tuple[str, int, str, str | int]]:
    """The figures of an applicant in a JSON result, by year and column."""
    return [(code, int(year), name, value) for year, values in figures.items() for name, value in values.items()]


def _figures_of_workbook(text: str) -> list[tuple[str, int, str, str | int]]:
    """The figures of a workbook: CSV in smallest units, its header again every so many rows."""
    found: list[tuple[str, int, str, str | int]] = []
    names: list[str] = []
    for row in csv.reader(io.StringIO(text)):
        if row[:2] == ["code", "year"]:
            names = row[2:]
            continue
        code, year = row[0], int(row[1])
        found += [(code, year, name, int(value)) for name, value in zip(names, row[2:], strict=True) if value]
    return found


def _parts(entry: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """The objects inside a line: with what each adds in yuan in a JSON result, in fen in a workbook."""
    if "names" in entry:
        return tuple(zip(entry["names"], map(int, entry["adds"]), strict=True))
    return tuple((name, fen_of_yuan(adds)) for name, adds in entry["parts"])


def _entry(line: Mapping[str, Any], person: Mapping[str, Any], year: int, sums: Sums) -> Draft:
    entry = line["entry"]
    if entry is None or line.get("status", "eligible") not in _PAYING or not person["uscc"]:
        raise sums.refusal(Text(f"{person['uscc']} {line['clause']}", f"{person['uscc']} {line['clause']}"))
    return Draft(
        person["uscc"],
        person["name"] or "",
        year,
        line["clause"],
        line["object_id"] or "",
        int(entry["sequence"]),
        fen_of_yuan(line["amount"]),
        entry["tier"],
        entry["level"],
        {fund: fen_of_yuan(amount) for fund, amount in line["by_fund"].items() if amount != "0.00"},
        _parts(entry),
        tuple(entry["once"]),
    )
