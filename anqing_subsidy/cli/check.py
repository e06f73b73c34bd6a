"""`check`: everything that a run would find and more to look at; copies of the workbooks with the cells marked."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

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
    Strict,
    Verbose,
)
from anqing_subsidy.cli.reading import assessed, given
from anqing_subsidy.cli.work import check_format, language, settings_of, status_of
from anqing_subsidy.finding import Text

FORMATS = ("table", "json", "csv")


def check(
    inputs: Inputs,
    annotate: Annotated[
        Path | None,
        typer.Option(
            "--annotate",
            metavar="DIR",
            help=say(
                "在此文件夹写出每个工作簿的副本，问题单元格着色并加批注。",
                "Write a copy of each workbook into this folder, the bad cells filled and commented.",
            ),
        ),
    ] = None,
    policy: PolicyFile = None,
    settings: Settings = None,
    ledger: ReadLedger = None,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=say("打印的格式。", "What to print."))
    ] = "table",
    strict: Strict = False,
    input_format: InputFormat = None,
    password_file: PasswordFile = None,
    lang: Language = LANG,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Find all that is wrong with the inputs."""
    spoken = language(lang)
    check_format(form, FORMATS)
    if annotate is not None:
        from anqing_subsidy.cli.annotating import check_folder

        check_folder(annotate, inputs)
    from anqing_subsidy.cli.progress import Progress

    asked = given(inputs, input_format, password_file, ledger)
    written: list[Path] = []
    without: list[Text] = []
    with Progress(3 + (annotate is not None), quiet=quiet) as progress:
        progress.stage(say("读取", "reading"))
        assessment = assessed(asked, policy, settings_of(settings), progress)
        progress.stage(say("比对", "comparing"))
        from anqing_subsidy.engine.suspicions import suspicions
        from anqing_subsidy.report.findings import Checked

        assessment = replace(assessment, findings=(*assessment.findings, *suspicions(assessment)))
        checked = Checked(assessment, notes=verbose)
        if annotate is not None:
            progress.stage(say("标注", "annotating"))
            from anqing_subsidy.cli.annotating import write_copies

            written, without = write_copies(checked, annotate, spoken)
    if not quiet:
        from anqing_subsidy.report import findings_show

        findings_show.show(checked, form, spoken, sys.stdout)
        for place in written:
            typer.echo(say(f"标注副本已写入 {place}", f"annotated copy written to {place}"), err=True)
    for word in without:
        typer.echo(word.say(spoken), err=True)
    raise typer.Exit(status_of(assessment, strict=strict))
