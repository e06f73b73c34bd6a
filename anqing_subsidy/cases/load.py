"""Files of cases -> `Case`: strict, every fault at once, each with its line and the nearest name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anqing_subsidy.cases.expect import Expectations
from anqing_subsidy.cases.fill import Filler
from anqing_subsidy.cases.form import REPEAT, Case, CaseDoc, CasesDoc, Cell, GivenRow
from anqing_subsidy.finding import InputError, PolicyError, Text, reason_of
from anqing_subsidy.policy.faults import HOLE, Faults, nearest, unknown
from anqing_subsidy.policy.reader import Entry, Reader
from anqing_subsidy.policy.yamltree import YamlMap, read_tree

if TYPE_CHECKING:
    from anqing_subsidy.policy.model import Policy

_MOST = 100_000
"""Rows that one row of a case may stand for."""


def beside(policy: Path) -> list[Path]:
    """The files of cases that lie beside a policy: `NAME.cases.yaml`, and all of the folder `NAME.cases`.

    Raises:
        InputError: there is none.
    """
    single = policy.with_name(f"{policy.stem}.cases.yaml")
    folder = policy.with_name(f"{policy.stem}.cases")
    found = [single] if single.is_file() else []
    if folder.is_dir():
        found += sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml"))
    if not found:
        raise InputError(
            Text(
                f"{policy} 旁边没有案例：写在 {single.name} 或文件夹 {folder.name} 里，或用 --cases 指明",
                f"no cases beside {policy}: write {single.name} or a folder {folder.name}, or name them with --cases",
            )
        )
    return found


def load_cases(policy: Policy, file: Path) -> list[Case]:
    """The cases of a file.

    Args:
        policy: whose tables, clauses and readings they speak of.
        file: the file.

    Raises:
        InputError: the file is missing.
        PolicyError: it has faults; all of them are listed with their lines.
    """
    try:
        data = file.read_bytes()
    except OSError as fault:
        reason = reason_of(fault)
        raise InputError(
            Text(f"读不到案例文件 {file}: {reason.zh}", f"cannot read the cases {file}: {reason.en}")
        ) from fault
    faults = Faults()
    tree = read_tree(data, faults)
    cases = _Cases(policy, str(file), faults).of(tree) if tree is not None else []
    if faults.found:
        raise PolicyError(str(file), faults.found, Text("案例文件", "file of cases"))
    return cases


class _Cases:
    """Reads one file; every fault goes to `faults`."""

    def __init__(self, policy: Policy, file: str, faults: Faults) -> None:
        self.policy = policy
        self.file = file
        self.faults = faults

    def of(self, tree: YamlMap) -> list[Case]:
        """All cases of a file."""
        doc = Reader(self.faults).entry(CasesDoc, tree)
        common = self._settings(doc.set, doc)
        for table, cells in doc.defaults.items():
            if self._known_table(table, doc.at("defaults", table)):
                self._cells(table, cells, doc.at("defaults", table), doc.tree["defaults"][table])
        return [self._case(case, doc, common) for case in doc.cases if not case.hole]

    def _case(self, doc: CaseDoc, file: CasesDoc, common: Mapping[str, str]) -> Case:
        rows: dict[str, list[GivenRow]] = {}
        for table, given in doc.given.items():
            if self._known_table(table, doc.at("given", table)):
                rows[table] = [row for at, entry in enumerate(given) for row in self._rows(doc, file, table, at, entry)]
        main = self.policy.main
        if main not in rows and HOLE not in doc.given:
            # who applies does not matter to a case about child rows: one applicant of whom nothing else is known
            rows[main] = [GivenRow(doc.line, dict(file.defaults.get(main, {})))]
        filled = Filler(self.policy, self.faults).filled(rows)
        expected = Expectations(self.policy, self.faults).of(doc.expect, doc.at("expect"), filled.get(main, ()))
        settings = {**common, **self._settings(doc.set, doc)}
        return Case(" ".join(doc.case.split()), self.file, doc.line, settings, filled, doc.findings, expected)

    def _rows(self, doc: CaseDoc, file: CasesDoc, table: str, at: int, entry: Mapping[str, Any]) -> Iterable[GivenRow]:
        """A row as often as it is repeated."""
        tree = doc.tree["given"][table]
        line = doc.at("given", table) if isinstance(tree, YamlMap) else doc.at("given", table, at)
        tree = tree if isinstance(tree, YamlMap) else tree[at]
        own = dict(entry)
        times = 1
        if REPEAT in own and REPEAT not in self.policy.tables[table].columns:
            times = own.pop(REPEAT)
            if type(times) is not int or not 1 <= times <= _MOST:
                self.faults.add(
                    tree.lines[REPEAT],
                    f"repeat 应为 1 到 {_MOST} 的整数",
                    f"`repeat` is a whole number from 1 to {_MOST}",
                )
                times = 1
        cells = {**file.defaults.get(table, {}), **self._cells(table, own, line, tree)}
        return [GivenRow(line, cells)] * times

    def _known_table(self, table: str, line: int) -> bool:
        if unknown(table, self.policy.tables):
            called = {id_: (known.sheet, known.en) for id_, known in self.policy.tables.items()}
            hint = nearest(table, self.policy.tables, called)
            self.faults.add(line, f"没有表 {table}{hint.zh}", f"there is no table `{table}`{hint.en}")
        return table in self.policy.tables

    def _cells(self, table: str, cells: Mapping[str, Any], line: int, tree: YamlMap) -> Mapping[str, Cell]:
        """The cells of a row, each of a known column and a single value."""
        columns = self.policy.tables[table].columns
        for name, value in cells.items():
            at = tree.lines.get(name, line)
            if unknown(name, columns):
                called = {id_: (known.header, *known.aliases) for id_, known in columns.items()}
                hint = nearest(name, columns, called)
                self.faults.add(at, f"表 {table} 没有列 {name}{hint.zh}", f"`{table}` has no column `{name}`{hint.en}")
            elif isinstance(value, list | dict):
                self.faults.add(at, f"{name} 应为一个值", f"`{name}` must be one value")
        return {name: value for name, value in cells.items() if name in columns and not isinstance(value, list | dict)}

    def _settings(self, given: Mapping[str, Any], doc: Entry) -> dict[str, str]:
        """The readings that are set; `true` and `false` are words here."""
        found: dict[str, str] = {}
        readings = self.policy.readings
        for name, typed in given.items():
            line = doc.at("set", name)
            value = str(typed).lower() if isinstance(typed, bool) else str(typed)
            if unknown(name, readings):
                hint = nearest(name, readings)
                self.faults.add(line, f"没有名为 {name} 的口径{hint.zh}", f"there is no reading `{name}`{hint.en}")
            elif name in readings and unknown(value, readings[name].options):
                hint = nearest(value, readings[name].options)
                self.faults.add(
                    line,
                    f"口径 {name} 没有选项 {value}{hint.zh}",
                    f"reading `{name}` has no option `{value}`{hint.en}",
                )
            elif name in readings:
                found[name] = value
        return found
