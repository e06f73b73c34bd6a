"""What a command is given to read: the policy, the sheets, and beside them the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from anqing_subsidy.cli.language import say
from anqing_subsidy.cli.options import STDIN_FORMATS
from anqing_subsidy.finding import InputError, Text, UsageError

if TYPE_CHECKING:
    from anqing_subsidy.cli.progress import Progress
    from anqing_subsidy.engine import Assessment
    from anqing_subsidy.finding import Finding
    from anqing_subsidy.ledger.past import Past
    from anqing_subsidy.policy import Policy, PolicySource
    from anqing_subsidy.policy.columns import Table
    from anqing_subsidy.tables import Tables

_CAUSES: Final = 5
"""Sheets that could not be read as applicants, of which a message says why."""


@dataclass(frozen=True)
class Given:
    """Files, folders or `-`; what standard input holds; passwords to try on workbooks; a ledger."""

    inputs: Sequence[str]
    input_format: str | None = None
    passwords: tuple[str, ...] = ()
    ledger: Path | None = None

    @property
    def files(self) -> list[str]:
        """Whatever no result may be written over."""
        return [*self.inputs, *([str(self.ledger)] if self.ledger is not None else [])]


@dataclass(frozen=True)
class Opened:
    """What was read. `sheets`: the inputs as tables of the policy; `tables`: with the ledger's rows, where there is one."""

    source: PolicySource
    policy: Policy
    sheets: Tables
    tables: Tables


def given(
    inputs: Sequence[str], input_format: str | None, password_file: Path | None, ledger: Path | None = None
) -> Given:
    """What a command is to read.

    Raises:
        UsageError: an input has no name, nobody says what standard input holds, or the ledger is an input too.
        InputError: there is no such ledger, or the file of passwords cannot be read.
    """
    from anqing_subsidy.cli.passwords import read_passwords

    check_inputs(inputs, input_format)
    passwords = read_passwords(password_file)
    if ledger is not None:
        _check_ledger(ledger, inputs)
    return Given(tuple(inputs), input_format, tuple(passwords), ledger)


def opened(
    given: Given, policy_file: Path | None, settings: Mapping[str, str], source: PolicySource | None = None
) -> Opened:
    """The policy file (or what was read of it before), the policy under the settings, what was given as its tables.

    Raises:
        InputError: a file is missing or cannot be read, or there is no sheet of applicants.
        LedgerError: somebody else holds the ledger.
    """
    from anqing_subsidy.intake import prepare
    from anqing_subsidy.policy import open_policy

    prepare(given.inputs)
    source = source or open_policy(policy_file)
    policy = source.under(settings)
    return Opened(source, policy, *_read(given, policy))


def tables_under(policy_file: Path, given: Given, before: Opened) -> tuple[Policy, Tables]:
    """Another policy and the same inputs under it; they are read again only where it reads sheets in another way.

    Raises:
        InputError: the policy is missing or has faults, or there is no sheet of applicants under it.
        UsageError: standard input would have to be read twice.
        LedgerError: somebody else holds the ledger.
    """
    from anqing_subsidy.policy import load_policy

    other = load_policy(policy_file)
    same = ("main", "payee", "yes", "no", "tables")
    if all(getattr(before.policy, name) == getattr(other, name) for name in same):
        with _past(given.ledger, other) as past:
            return other, _with(before.sheets, other, past())
    if "-" in given.inputs:
        raise UsageError(
            Text(
                "两份政策的表不同，标准输入不能读两次；请先存成文件",
                "the two policies read sheets differently, and stdin cannot be read twice; save it to a file first",
            )
        )
    return other, _read(given, other)[1]


def assessed(given: Given, policy_file: Path | None, settings: Mapping[str, str], progress: Progress) -> Assessment:
    """Load the policy, read the inputs, and the ledger where there is one, and assess them.

    Raises:
        InputError: a file is missing or cannot be read, or there is no sheet of applicants.
        LedgerError: somebody else holds the ledger.
    """
    from anqing_subsidy import assess

    found = opened(given, policy_file, settings)
    progress.stage(say("计算", "assessing"))
    return assess(found.policy, found.tables)


def _read(given: Given, policy: Policy) -> tuple[Tables, Tables]:
    """The inputs as tables, and with the ledger's rows."""
    from anqing_subsidy import read_tables

    with _past(given.ledger, policy) as past:
        sheets = read_tables(given.inputs, policy, input_format=given.input_format, passwords=given.passwords)
        if policy.main not in sheets.frames:
            raise _without_applicants(policy.tables[policy.main], sheets.findings)
        return sheets, _with(sheets, policy, past())


@contextmanager
def _past(ledger: Path | None, policy: Policy) -> Iterator[Callable[[], Past | None]]:
    """The ledger, verified and read beside what is done inside: most of that waits for the process that reads workbooks."""
    if ledger is None:
        yield lambda: None
        return
    from concurrent.futures import ThreadPoolExecutor

    from anqing_subsidy.cli.ledger.common import known_place
    from anqing_subsidy.ledger.past import past_of

    with ThreadPoolExecutor(1) as beside:
        yield beside.submit(past_of, known_place(ledger), policy).result


def _with(sheets: Tables, policy: Policy, past: Past | None) -> Tables:
    if past is None:
        return sheets
    from anqing_subsidy.ledger.feed import with_past

    return with_past(sheets, policy, past)


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
