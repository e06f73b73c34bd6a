"""`missing`: the facts that are missing, by the money that hangs on them, so that officials ask in the right order."""

from __future__ import annotations

import json
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.options import (
    InputFormat,
    Inputs,
    Language,
    PasswordFile,
    PolicyFile,
    Quiet,
    ReadLedger,
    Settings,
)
from anqing_subsidy.cli.reading import assessed, given
from anqing_subsidy.cli.work import check_format, language, settings_of, status_of
from anqing_subsidy.finding import Lang

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment
    from anqing_subsidy.report.asks import Ask

FORMATS: Final = ("table", "json", "csv")
SUFFIXES: Final = (".xlsx", ".csv", ".json")


def missing(
    inputs: Inputs,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help=say("结果文件：.xlsx .csv .json。", "Result file: .xlsx .csv .json.")
        ),
    ] = None,
    policy: PolicyFile = None,
    settings: Settings = None,
    ledger: ReadLedger = None,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=say("打印的格式。", "What to print."))
    ] = "table",
    input_format: InputFormat = None,
    password_file: PasswordFile = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """List what is missing, the most money first."""
    spoken = language(lang)
    check_format(form, FORMATS)
    from anqing_subsidy.cli.outputs import check_target, printing, write_whole
    from anqing_subsidy.cli.progress import Progress

    asked = given(inputs, input_format, password_file, ledger)
    target = Path(output) if output is not None else None
    if target is not None:
        check_target(target, asked.files, SUFFIXES)
    with Progress(3, quiet=quiet) as progress:
        progress.stage(say("读取", "reading"))
        assessment = assessed(asked, policy, settings_of(settings), progress)
        progress.stage(say("排序", "ranking"))
        from anqing_subsidy.report import asks as report

        asks = report.Asks(assessment, spoken).ranked()
        if target is not None:
            write_whole(target, partial(_write, asks, assessment, spoken))
    if form != "table" or not quiet:
        with printing():
            if form == "table":
                width = shutil.get_terminal_size((140, 24)).columns
                sys.stdout.writelines(line + "\n" for line in report.text_lines(asks, assessment, spoken, width))
            else:
                sys.stdout.write(report.csv_text(asks) if form == "csv" else _json(asks, assessment))
    if target is not None and not quiet:
        typer.echo(say(f"已写入 {target}", f"written to {target}"), err=True)
    raise typer.Exit(status_of(assessment, strict=False))


def _json(asks: list[Ask], assessment: Assessment) -> str:
    from anqing_subsidy.report.asks import record

    return json.dumps(record(asks, assessment), ensure_ascii=False, indent=1) + "\n"


def _write(asks: list[Ask], assessment: Assessment, lang: Lang, path: Path) -> None:
    from anqing_subsidy.report import asks as report

    kind = path.suffix.lower()
    if kind == ".xlsx":
        report.write(asks, assessment, lang, path)
    elif kind == ".csv":
        path.write_text(report.csv_text(asks), encoding="utf-8-sig", newline="\n")
    else:
        path.write_text(_json(asks, assessment), encoding="utf-8", newline="\n")
