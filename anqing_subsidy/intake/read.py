"""Inputs to tables: every file opened, every sheet matched and converted, everything that was found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO

import polars as pl

from anqing_subsidy.finding import Finding, InputError, Text
from anqing_subsidy.intake.convert import convert
from anqing_subsidy.intake.form import is_guide
from anqing_subsidy.intake.inputs import Source, files, open_source, open_stdin
from anqing_subsidy.intake.match import match_sheet
from anqing_subsidy.tables import BAD, InputFile, Part, Tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anqing_subsidy.policy.model import Policy


class Intake:
    """Collects frames, parts and findings while the files go by."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.frames: dict[str, list[pl.DataFrame]] = {}
        self.parts: list[Part] = []
        self.inputs: list[InputFile] = []
        self.findings: list[Finding] = []
        self.seen: set[Path] = set()

    def read(self, source: Source) -> None:
        """Read every sheet of a file.

        Raises:
            InputError: the file cannot be read, or none of its sheets fits a table.
        """
        sheets, found = source.reader(source.shown, source.data)
        sheets = [sheet for sheet in sheets if not is_guide(sheet)]
        self.findings += found
        fitting = False
        for sheet in sheets:
            table, found = match_sheet(sheet, self.policy)
            self.findings += found
            if table is None:
                fitting = fitting or any(finding.severity == "error" for finding in found)
                continue
            fitting = True
            frame, part, found = convert(sheet, table, self.policy, len(self.parts))
            self.findings += found
            self.parts.append(part)
            self.frames.setdefault(table.id, []).append(frame)
        if not fitting:
            names = "、".join(table.sheet for table in self.policy.tables.values())
            raise InputError(
                Text(
                    f"无法读取 {source.shown}：没有一张工作表符合已知的表。工作表请命名为：{names}，第一行为表头",
                    f"cannot read {source.shown}: no sheet fits a table; name the sheets {names}, headers in row 1",
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


def read_tables(
    inputs: Sequence[Path | str],
    policy: Policy,
    *,
    input_format: str | None = None,
    stdin: BinaryIO | None = None,
) -> Tables:
    """Read files and folders into the tables of a policy.

    Args:
        inputs: workbooks, .csv and .parquet files, folders of them, `-` for standard input.
        policy: what the tables and columns are.
        input_format: what standard input holds, `csv` or `jsonl`.
        stdin: standard input, if it is not that of the process.

    Returns:
        A frame for each table of which a sheet was given; faults of cells, rows and sheets are findings in it.

    Raises:
        InputError: files are missing or cannot be read; the message names all of them and the way out.
    """
    intake = Intake(policy)
    faults: list[Text] = []
    for given in inputs:
        try:
            if str(given) == "-":
                intake.read(open_stdin(stdin or sys.stdin.buffer, input_format))
                continue
            named = list(files([given], intake.findings, intake.seen))
        except InputError as fault:
            faults.append(fault.message)
            continue
        for shown, path in named:
            try:
                intake.read(open_source(shown, path))
            except InputError as fault:
                faults.append(fault.message)
    if faults:
        raise InputError(Text("\n".join(fault.zh for fault in faults), "\n".join(fault.en for fault in faults)))
    return intake.tables()
