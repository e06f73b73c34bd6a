"""`check`: everything that a run would find."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.options import InputFormat, Inputs, Language, PolicyFile, Quiet, Settings, Strict, Verbose
from anqing_subsidy.cli.work import assessed, check_format, check_inputs, language, settings_of, status_of

FORMATS = ("table", "json", "csv")


def check(
    inputs: Inputs,
    policy: PolicyFile = None,
    settings: Settings = None,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=say("打印的格式。", "What to print."))
    ] = "table",
    strict: Strict = False,
    input_format: InputFormat = None,
    lang: Language = LANG,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Find all that is wrong with the inputs."""
    spoken = language(lang)
    check_format(form, FORMATS)
    check_inputs(inputs, input_format)
    from anqing_subsidy.cli.progress import Progress

    with Progress(3, quiet=quiet) as progress:
        progress.stage(say("读取", "reading"))
        assessment = assessed(inputs, policy, settings_of(settings), input_format, progress)
        from anqing_subsidy.report.findings import Checked

        checked = Checked(assessment, notes=verbose)
    if not quiet:
        from anqing_subsidy.report import findings_show

        findings_show.show(checked, form, spoken, sys.stdout)
    raise typer.Exit(status_of(assessment, strict=strict))
