"""`ledger export`: everything in the ledger for people and other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.ledger.common import LedgerFile, known_place
from anqing_subsidy.cli.options import Language, PolicyFile, Quiet
from anqing_subsidy.cli.work import language
from anqing_subsidy.finding import Text, UsageError

SUFFIXES = (".xlsx", ".json", ".csv")


def export(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help=say(
                ".xlsx：可再读入的历年已兑现、历年数据；.json：全部；.csv：各笔款项。",
                ".xlsx: sheets that can be read again; .json: everything; .csv: the payments.",
            ),
        ),
    ],
    ledger: LedgerFile,
    policy: PolicyFile = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Export a ledger."""
    language(lang)
    kind = file.suffix.lower()
    if kind not in SUFFIXES:
        raise UsageError(
            Text(
                f"不认识的格式 {file.suffix or file.name}，可用: {' '.join(SUFFIXES)}",
                f"unknown kind of file {file.suffix or file.name}; use {' '.join(SUFFIXES)}",
            )
        )
    from anqing_subsidy import load_policy
    from anqing_subsidy.ledger.files import appear
    from anqing_subsidy.ledger.past import standing_rows
    from anqing_subsidy.ledger.query import counters, figures, payments, runs
    from anqing_subsidy.ledger.store import reading
    from anqing_subsidy.report import ledger_files

    rules = load_policy(policy)
    with reading(known_place(ledger)) as book:
        if file.exists() and file.samefile(ledger):
            raise UsageError(Text(f"{file} 就是账本本身", f"{file} is the ledger itself"))
        if kind == ".csv":
            paid = payments(book)
            appear(file, lambda beside: ledger_files.write_payments(paid, beside, kind, "zh"), replace=True)
        elif kind == ".json":
            text = ledger_files.whole_text(
                [(run, counters(book, run["id"])) for run in runs(book)], payments(book), figures(book)
            )
            appear(file, lambda beside: ledger_files.write_text(text, beside), replace=True)
        else:
            rows, known = standing_rows(book, rules), figures(book)
            appear(file, lambda beside: ledger_files.write_sheets(rows, known, rules, beside), replace=True)
    if not quiet:
        typer.echo(say(f"已导出到 {file}", f"exported to {file}"), err=True)
