"""A result file as a ledger takes it: read, its sums added up again, its policy and inputs looked at once more."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from anqing_subsidy.finding import InputError, LedgerError, Text, UsageError
from anqing_subsidy.ledger.drafts import Draft
from anqing_subsidy.ledger.workbook import read_record
from anqing_subsidy.money import QuantityError, fen_of_yuan, grouped

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
        reason = fault.strerror or str(fault)
        raise InputError(Text(f"读不了 {path}：{reason}", f"cannot read {path}: {reason}")) from fault


def _taken(path: Path, head: Mapping[str, Any], people: Iterable[Mapping[str, Any]], totals: Any) -> Result:  # noqa: ANN401  # a call, after the last applicant
    if head["schema"] != _SCHEMA:
        raise ValueError(head["schema"])
    policy = head["policy"]
    year = int(policy["year"])
    entries: list[Draft] = []
    figures: list[tuple[str, int, str, str | int]] = []
    sums = _Sums(path)
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


def _entry(line: Mapping[str, Any], person: Mapping[str, Any], year: int, sums: _Sums) -> Draft:
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


class _Sums:
    """The sums of a result, added up again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.amount = 0
        self.funds: dict[str, int] = {}
        self.clauses: dict[str, int] = {}

    def person(self, person: Mapping[str, Any], entries: list[Draft]) -> None:
        funds: dict[str, int] = {}
        for entry in entries:
            if entry.amount <= 0 or sum(entry.funds.values()) != entry.amount:
                raise self.refusal(Text(f"{entry.code} {entry.clause}", f"{entry.code} {entry.clause}"))
            self.clauses[entry.clause] = self.clauses.get(entry.clause, 0) + entry.amount
            for fund, amount in entry.funds.items():
                funds[fund] = funds.get(fund, 0) + amount
        self._equal(
            sum(entry.amount for entry in entries),
            person["total"],
            Text(f"{person['uscc']} 合计", f"{person['uscc']} total"),
        )
        self._funds(funds, person["by_fund"], f"{person['uscc']} ")
        self.amount += sum(funds.values())
        for fund, amount in funds.items():
            self.funds[fund] = self.funds.get(fund, 0) + amount

    def whole(self, totals: Mapping[str, Any]) -> None:
        self._equal(self.amount, totals["amount"], Text("总计", "total"))
        self._funds(self.funds, totals["by_fund"], "")
        for clause in {*totals["by_clause"], *self.clauses}:
            said = totals["by_clause"].get(clause, "0.00")
            self._equal(self.clauses.get(clause, 0), said, Text(f"条款 {clause} 合计", f"total of clause {clause}"))

    def _funds(self, sums: Mapping[str, int], said: Mapping[str, str], whose: str) -> None:
        for fund in {*sums, *said}:
            label = Text(f"{whose}资金 {fund}", f"{whose}fund {fund}")
            self._equal(sums.get(fund, 0), said.get(fund, "0.00"), label)

    def _equal(self, added: int, said: str, label: Text) -> None:
        try:
            is_same = fen_of_yuan(said) == added
        except QuantityError:
            is_same = False
        if not is_same:
            raise self.refusal(
                Text(
                    f"{label.zh} {said}，各行相加 {grouped(added)}",
                    f"{label.en} {said}, its lines add up to {grouped(added)}",
                )
            )

    def refusal(self, what: Text) -> LedgerError:
        return LedgerError(
            Text(
                f"{self.path} 的合计与各行不符（{what.zh}）：被改动过；未登记，请重新 run",
                f"the sums of {self.path} do not agree with its lines ({what.en}): it was changed;"
                " nothing was recorded, run again",
            )
        )


def changed_since(result: Result, policy_file: Path | None, default: Path) -> tuple[Path, list[Text]]:
    """The policy file of a result; and the inputs that nobody can look at again, because they came by standard input.

    Args:
        result: What was read.
        policy_file: Where the policy is now, if not where it was.
        default: The policy that ships with the program.

    Raises:
        InputError: the policy or an input is not there.
        LedgerError: one of them is not the file that the result was computed from.
    """
    tried = [policy_file] if policy_file is not None else [*_where(result, result.policy_file), default]
    policies = [path for path in tried if path.is_file()]
    if not policies:
        raise _missing(result.policy_file, Text("--policy 指明政策文件", "name the policy by --policy"))
    policy = next((path for path in policies if _sha256(path) == result.policy_sha256), None)
    if policy is None:
        raise _changed(str(policies[0]), result)
    unseen = []
    for name, sha256 in result.inputs:
        if name == "-":
            unseen.append(Text("标准输入无法复核", "what came by standard input cannot be looked at again"))
            continue
        found = [path for path in _where(result, name) if path.is_file()]
        if not found:
            raise _missing(name, Text("请在运行 run 的文件夹里登记", "record from the folder in which it was run"))
        if all(_sha256(path) != sha256 for path in found):
            raise _changed(name, result)
    return policy, unseen


def _where(result: Result, name: str) -> list[Path]:
    """Where a file may be that a run named: seen from here, or from the folder of the result."""
    return [Path(name), result.path.parent.joinpath(name)]


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise InputError(Text(f"读不了 {path}：{reason}", f"cannot read {path}: {reason}")) from fault


def _missing(name: str, way: Text) -> InputError:
    return InputError(
        Text(
            f"找不到 {name}，无法核对它在计算之后是否改动过；{way.zh}",
            f"{name} is not there, so nobody can tell whether it changed since the run; {way.en}",
        )
    )


def _changed(name: str, result: Result) -> LedgerError:
    return LedgerError(
        Text(
            f"{name} 在 {result.path.name} 算出之后改动过；未登记，请重新 run 后登记",
            f"{name} was changed since {result.path.name} was computed; nothing was recorded, run again",
        )
    )
