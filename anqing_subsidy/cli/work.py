"""What several commands do with their words: refuse what cannot be meant, read, assess, say how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from anqing_subsidy.cli.language import say
from anqing_subsidy.cli.options import STDIN_FORMATS
from anqing_subsidy.finding import InputError, Lang, Text, UsageError

if TYPE_CHECKING:
    from anqing_subsidy.cli.progress import Progress
    from anqing_subsidy.engine import Assessment
    from anqing_subsidy.finding import Finding
    from anqing_subsidy.policy.columns import Table

_CAUSES: Final = 5
"""Sheets that could not be read as applicants, of which a message says why."""


def language(lang: str) -> Lang:
    """The language asked for.

    Raises:
        UsageError: it is not spoken.
    """
    if lang not in ("zh", "en"):
        raise UsageError(Text(f"--lang 只有 zh 和 en，没有 {lang}", f"--lang is zh or en, not {lang}"))
    return "en" if lang == "en" else "zh"


def check_format(form: str, formats: Sequence[str]) -> None:
    """Refuse a format that a command does not print."""
    if form not in formats:
        raise UsageError(
            Text(
                f"--format 没有 {form}，可用: {', '.join(formats)}",
                f"--format has no {form}; use one of {', '.join(formats)}",
            )
        )


def check_inputs(inputs: Sequence[str], input_format: str | None) -> None:
    """Refuse an input without a name, and standard input of which nobody says what it holds."""
    if "" in inputs:
        raise UsageError(Text("输入文件名为空", "an input without a name"))
    if input_format not in (None, *STDIN_FORMATS):
        raise UsageError(
            Text(
                f"--input-format 只有 csv 和 jsonl，没有 {input_format}",
                f"--input-format is csv or jsonl, not {input_format}",
            )
        )
    if "-" in inputs and input_format is None:
        raise UsageError(
            Text(
                "读取标准输入须说明格式：--input-format csv 或 jsonl",
                "say what stdin holds: --input-format csv or jsonl",
            )
        )


def settings_of(given: Sequence[str] | None) -> dict[str, str]:
    """`reading=value` words as a mapping."""
    found: dict[str, str] = {}
    for entry in given or []:
        name, equals, value = entry.partition("=")
        if not equals:
            raise UsageError(Text(f"--set {entry}: 应写成 口径=选项", f"--set {entry}: write it as reading=value"))
        if found.get(name.strip(), value.strip()) != value.strip():
            raise UsageError(
                Text(f"--set {name.strip()} 给出两个不同的选项", f"--set gives {name.strip()} two different options")
            )
        found[name.strip()] = value.strip()
    return found


def assessed(
    inputs: Sequence[str],
    policy_file: Path | None,
    settings: Mapping[str, str],
    input_format: str | None,
    passwords: Sequence[str],
    progress: Progress,
    ledger: Path | None = None,
) -> Assessment:
    """Load the policy, read the inputs, and the ledger where there is one, and assess them.

    Raises:
        InputError: a file is missing or cannot be read, or there is no sheet of applicants.
        LedgerError: somebody else holds the ledger.
    """
    if ledger is not None:
        _check_ledger(ledger, inputs)
    from anqing_subsidy import assess, load_policy, read_tables
    from anqing_subsidy.intake import prepare

    prepare(inputs)
    policy = load_policy(policy_file, settings)
    tables = read_tables(inputs, policy, input_format=input_format, passwords=tuple(passwords))
    if policy.main not in tables.frames:
        raise _without_applicants(policy.tables[policy.main], tables.findings)
    if ledger is not None:
        from anqing_subsidy.cli.ledger.common import known_place
        from anqing_subsidy.ledger.feed import with_ledger
        from anqing_subsidy.ledger.store import reading

        with reading(known_place(ledger)) as book:
            tables = with_ledger(tables, policy, book)
    progress.stage(say("计算", "assessing"))
    return assess(policy, tables)


def _check_ledger(ledger: Path, inputs: Sequence[str]) -> None:
    """Refuse a ledger that is not there, before long work; `run` never makes one."""
    from anqing_subsidy.ledger.store import look

    look(ledger)
    for name in inputs:
        if name != "-" and Path(name).exists() and ledger.samefile(name):
            raise UsageError(Text(f"{ledger} 既是账本又是输入", f"{ledger} is given as the ledger and as an input"))


def _without_applicants(table: Table, findings: Sequence[Finding]) -> InputError:
    """There is no sheet of applicants, and why the sheets that there are could not be one."""
    causes = [found for found in findings if found.severity == "error" or found.code == "UNKNOWN_SHEET"][:_CAUSES]
    return InputError(
        Text(
            "\n  ".join(
                [
                    f"没有读到“{table.sheet}”表：表名或文件名写“{table.sheet}”，或补齐必填列",
                    *(f"{found.place}：{found.message.zh}；{found.fix.zh}" for found in causes),
                ]
            ),
            "\n  ".join(
                [
                    f"no sheet of {table.en} was found: name the sheet or file {table.sheet}, or add its required columns",
                    *(f"{found.place}: {found.message.en}; {found.fix.en}" for found in causes),
                ]
            ),
        )
    )


def status_of(assessment: Assessment, *, strict: bool) -> int:
    """1 where something is wrong with the data (or with `strict` missing), else 0."""
    lines = assessment.lines
    wrong = any(found.severity == "error" for found in assessment.findings)
    statuses = set(lines["status"].unique())
    held = "held" in statuses and bool(((lines["status"] == "held") & (lines["reason"] == "DUPLICATE_CLAIM")).any())
    return int(wrong or held or "invalid" in statuses or (strict and "pending" in statuses))
