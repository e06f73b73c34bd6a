"""Inputs to tables: every file opened, every sheet matched and converted, everything that was found."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import polars as pl

from anqing_subsidy.finding import Finding, InputError, Text, listing
from anqing_subsidy.intake.convert import convert
from anqing_subsidy.intake.form import is_guide
from anqing_subsidy.intake.heading import Names, find_header
from anqing_subsidy.intake.inputs import Source, files, open_source, open_stdin
from anqing_subsidy.intake.layout import lay_out
from anqing_subsidy.intake.match import match_sheet
from anqing_subsidy.intake.process import Books
from anqing_subsidy.intake.totals import check_totals
from anqing_subsidy.tables import BAD, InputFile, Part, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anqing_subsidy.policy.model import Policy


class Intake:
    """Collects frames, parts and findings while the files go by."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.names = Names(policy)
        self.frames: dict[str, list[pl.DataFrame]] = {}
        self.parts: list[Part] = []
        self.inputs: list[InputFile] = []
        self.findings: list[Finding] = []

    def read(self, source: Source) -> None:
        """Read every sheet of a file.

        Raises:
            InputError: the file cannot be read, or none of its sheets fits a table.
        """
        sheets, found = source.read()
        sheets = [sheet for sheet in sheets if not is_guide(sheet)]
        self.findings += found
        fitting = False
        for sheet in sheets:
            headed, found = find_header(sheet, self.names)
            self.findings += found
            table = None
            if headed is not None:
                table, found = match_sheet(headed, self.policy)
                self.findings += found
            if headed is None or table is None:
                fitting = fitting or any(finding.severity == "error" for finding in found)
                continue
            fitting = True
            layout = lay_out(headed, table, self.names)
            frame, part, found = convert(layout.sheet, table, self.policy, len(self.parts))
            self.findings += [*layout.findings, *found, *check_totals(layout, table, frame)]
            self.parts.append(part)
            self.frames.setdefault(table.id, []).append(frame)
        if not fitting:
            names = listing(table.sheet for table in self.policy.tables.values())
            raise InputError(
                Text(
                    f"无法读取 {source.shown}：没有一张工作表是政策 {self.policy.id} 的表。按另一份政策计算，用 --policy 给出它；"
                    f"就是这份政策，工作表请命名为：{names.zh}，各列写明表头",
                    f"cannot read {source.shown}: no sheet fits a table of the policy {self.policy.id}; give another policy with"
                    f" --policy, or name the sheets {names.en}, with a header over each column",
                )
            )
        self.inputs.append(InputFile(source.shown, source.sha256))

    def tables(self) -> Tables:
        """Everything that was read, the parts of each table put together in the order of the inputs."""
        frames = {table: _together(self.frames[table]) for table in self.policy.tables if table in self.frames}
        return Tables(frames, tuple(self.parts), tuple(self.inputs), tuple(self.findings))


def _together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    if len(frames) == 1:
        return frames[0]
    whole = pl.concat(frames, how="diagonal")
    return whole.with_columns(pl.col(name).fill_null(value=False) for name in whole.columns if name.endswith(BAD))


@dataclass
class Step:
    """An input on its way: what the look at the folder found, then a source that is being read, or why there is none."""

    findings: list[Finding] = field(default_factory=list)
    source: Source | None = None
    fault: Text | None = None


def _steps(
    inputs: Sequence[Path | str], books: Books, names: Names, input_format: str | None, stdin: BinaryIO | None
) -> Iterator[Step]:
    seen: set[Path] = set()
    for given in inputs:
        found: list[Finding] = []
        try:
            if str(given) == "-":
                yield Step(source=open_stdin(stdin or sys.stdin.buffer, input_format, names))
                continue
            named = list(files([given], found, seen))
        except InputError as fault:
            yield Step(found, fault=fault.message)
            continue
        yield Step(found)
        for shown, path in named:
            try:
                yield Step(source=open_source(shown, path, books, names))
            except InputError as fault:
                yield Step(fault=fault.message)


def _ahead(steps: Iterator[Step]) -> Iterator[Step]:
    """The same steps, each when the next one has begun: one file is read while the one before is converted."""
    before: Step | None = None
    for step in steps:
        if before is not None:
            yield before
        before = step
    if before is not None:
        yield before


def read_tables(
    inputs: Sequence[Path | str],
    policy: Policy,
    *,
    input_format: str | None = None,
    stdin: BinaryIO | None = None,
    passwords: Sequence[str] = (),
) -> Tables:
    """Read files and folders into the tables of a policy.

    Workbooks are read in a process of their own (see `anqing_subsidy.intake.process`), one for all of them.

    Args:
        inputs: workbooks, .csv and .parquet files, folders of them, `-` for standard input.
        policy: what the tables and columns are.
        input_format: what standard input holds, `csv` or `jsonl`.
        stdin: standard input, if it is not that of the process.
        passwords: tried on workbooks that have one.

    Returns:
        A frame for each table of which a sheet was given; faults of cells, rows and sheets are findings in it.

    Raises:
        InputError: files are missing or cannot be read; the message names all of them and the way out.
    """
    intake = Intake(policy)
    faults: list[Text] = []
    with Books(passwords) as books:
        for step in _ahead(_steps(inputs, books, intake.names, input_format, stdin)):
            intake.findings += step.findings
            if step.fault is not None:
                faults.append(step.fault)
            if step.source is not None:
                try:
                    intake.read(step.source)
                except InputError as fault:
                    faults.append(fault.message)
    if faults:
        raise InputError(Text("\n".join(fault.zh for fault in faults), "\n".join(fault.en for fault in faults)))
    return intake.tables()
