"""Spreadsheets to typed tables: `read_tables` is the way in. Polars and the readers are imported when it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.tables import Tables

__all__ = ["prepare", "read_tables"]


def read_tables(
    inputs: Sequence[Path | str],
    policy: Policy,
    *,
    input_format: str | None = None,
    stdin: BinaryIO | None = None,
    passwords: Sequence[str] = (),
) -> Tables:
    """Read files and folders into the tables of a policy; see `anqing_subsidy.intake.read.read_tables`."""
    from anqing_subsidy.intake import read

    return read.read_tables(inputs, policy, input_format=input_format, stdin=stdin, passwords=passwords)


def prepare(inputs: Iterable[Path | str]) -> None:
    """Start the process that reads workbooks beside what is done next, if there are any; `read_tables` then uses it."""
    from anqing_subsidy.intake import process

    process.prepare(inputs)
