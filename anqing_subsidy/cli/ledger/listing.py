"""`ledger list`: the payments, by applicant, year, clause."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.ledger.common import Applicant, ClauseId, LedgerFile, known_place, printing
from anqing_subsidy.cli.options import Language, Quiet
from anqing_subsidy.cli.work import check_format, language
from anqing_subsidy.finding import Text, UsageError

FORMATS = ("table", "json", "csv")
SUFFIXES = (".json", ".csv", ".xlsx")


def listing(
    ledger: LedgerFile,
    applicant: Applicant = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="YEAR", help=say("只限这一年度。", "This year only."))
    ] = None,
    clause: ClauseId = None,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=say("打印的格式。", "What to print."))
    ] = "table",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help=say("写成 .xlsx .json .csv。", "Write .xlsx, .json or .csv.")
        ),
    ] = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """List the payments of a ledger."""
    spoken = language(lang)
    check_format(form, FORMATS)
    if output is not None and output.suffix.lower() not in SUFFIXES:
        raise UsageError(
            Text(
                f"不认识的格式 {output.suffix or output.name}，可用: {' '.join(SUFFIXES)}",
                f"unknown kind of file {output.suffix or output.name}; use {' '.join(SUFFIXES)}",
            )
        )
    from anqing_subsidy.ledger.query import payments
    from anqing_subsidy.ledger.store import reading
    from anqing_subsidy.report import ledger_files, ledger_show

    with reading(known_place(ledger)) as book:
        found = payments(book, applicant=applicant, year=year, clause=clause)
    if output is not None:
        from anqing_subsidy.ledger.files import appear

        kind = output.suffix.lower()
        appear(output, lambda beside: ledger_files.write_payments(found, beside, kind, spoken), replace=True)
        if not quiet:
            typer.echo(say(f"已写入 {output}", f"written to {output}"), err=True)
        return
    with printing():
        if form == "table":
            ledger_show.show_payments(found, spoken, sys.stdout)
        else:
            sys.stdout.write(ledger_files.text_of(found, form))
