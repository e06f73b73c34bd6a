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
    from anqing_subsidy.policy import Policy, PolicySource
    from anqing_subsidy.policy.columns import Table
    from anqing_subsidy.tables import Tables

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


def policy_files(given: Sequence[Path] | None) -> list[Path]:
    """The policies that are meant; a file of cases stands for the policy that it lies beside, as in `*.yaml`."""
    ending = ".cases.yaml"
    meant = [
        file.with_name(file.name.removesuffix(ending) + ".yaml") if file.name.endswith(ending) else file
        for file in given or ()
    ]
    return list(dict.fromkeys(meant))


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


def opened(
    inputs: Sequence[str],
    policy_file: Path | None,
    settings: Mapping[str, str],
    input_format: str | None,
    passwords: Sequence[str],
    source: PolicySource | None = None,
) -> tuple[PolicySource, Policy, Tables]:
    """The policy file (or what was read of it before), the policy under the settings, the inputs as its tables.

    Raises:
        InputError: a file is missing or cannot be read, or there is no sheet of applicants.
    """
    from anqing_subsidy import read_tables
    from anqing_subsidy.intake import prepare
    from anqing_subsidy.policy import open_policy

    prepare(inputs)
    source = source or open_policy(policy_file)
    policy = source.under(settings)
    tables = read_tables(inputs, policy, input_format=input_format, passwords=tuple(passwords))
    if policy.main not in tables.frames:
        raise _without_applicants(policy.tables[policy.main], tables.findings)
    return source, policy, tables


def tables_under(
    policy_file: Path,
    inputs: Sequence[str],
    policy: Policy,
    tables: Tables,
    input_format: str | None,
    passwords: Sequence[str],
) -> tuple[Policy, Tables]:
    """Another policy and the same inputs under it; they are read again only where it reads sheets in another way.

    Raises:
        InputError: the policy is missing or has faults, or there is no sheet of applicants under it.
        UsageError: standard input would have to be read twice.
    """
    from anqing_subsidy import read_tables
    from anqing_subsidy.policy import load_policy

    other = load_policy(policy_file)
    same = ("main", "payee", "yes", "no", "tables")
    if all(getattr(policy, name) == getattr(other, name) for name in same):
        return other, tables
    if "-" in inputs:
        raise UsageError(
            Text(
                "两份政策的表不同，标准输入不能读两次；请先存成文件",
                "the two policies read sheets differently, and stdin cannot be read twice; save it to a file first",
            )
        )
    again = read_tables(inputs, other, input_format=input_format, passwords=tuple(passwords))
    if other.main not in again.frames:
        raise _without_applicants(other.tables[other.main], again.findings)
    return other, again


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
    from anqing_subsidy import assess

    _, policy, tables = opened(inputs, policy_file, settings, input_format, passwords)
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
