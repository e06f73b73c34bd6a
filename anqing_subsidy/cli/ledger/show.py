"""`ledger show`: one run of the ledger."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.ledger.common import LedgerFile, Run, known_place, printing
from anqing_subsidy.cli.options import Language
from anqing_subsidy.cli.work import check_format, language

FORMATS = ("table", "json")


def show(
    run: Run,
    ledger: LedgerFile,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=say("打印的格式。", "What to print."))
    ] = "table",
    lang: Language = LANG,
) -> None:
    """Show one run: who recorded what and when, from which files, and its entries."""
    spoken = language(lang)
    check_format(form, FORMATS)
    import polars as pl

    from anqing_subsidy.ledger.query import counters, figures, payments, run_of
    from anqing_subsidy.ledger.store import reading
    from anqing_subsidy.report import ledger_files, ledger_show

    with reading(known_place(ledger)) as book:
        about = run_of(book, run)
        paid = payments(book).filter(pl.col("run") == run)
        back = counters(book, run)
        known = figures(book, run)
    with printing():
        if form == "json":
            sys.stdout.write(ledger_files.run_text(about, paid, back, known))
        else:
            ledger_show.show_run(about, paid, back, known.height, spoken, sys.stdout)
