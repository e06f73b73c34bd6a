"""`run`: read, assess, print the breakdown, write the result."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from anqing_subsidy.finding import Lang, Text, UsageError

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment

FORMATS = ("table", "json", "jsonl", "csv")


def run(
    inputs: Inputs,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="RESULT",
            help=say("结果文件：.xlsx .json .jsonl .csv .parquet。", "Result file: .xlsx .json .jsonl .csv .parquet."),
        ),
    ] = None,
    policy: PolicyFile = None,
    settings: Settings = None,
    ledger: ReadLedger = None,
    applicant: Annotated[
        str | None,
        typer.Option(
            "--applicant",
            metavar="CODE_OR_NAME",
            help=say("只显示这一户（仍按全部申报计算）。", "Show this applicant only (all are assessed)."),
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=say("打印的格式。", "What to print."))
    ] = "table",
    everything: Annotated[
        bool, typer.Option("--all", help=say("超过 50 户时也全部打印。", "Print all applicants, also beyond 50."))
    ] = False,  # a flag
    strict: Strict = False,
    split_by: Annotated[
        str | None,
        typer.Option("--split-by", metavar="county", help=say("每个县区一个结果文件。", "One result file a county.")),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="FACT=VALUE",
            help=say(
                "试算：若该户的这个数改成别的值，可多次（需 --applicant）。",
                "Try another value of a fact of one applicant; may be repeated (needs --applicant).",
            ),
        ),
    ] = None,
    input_format: InputFormat = None,
    password_file: PasswordFile = None,
    lang: Language = LANG,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compute the awards of all applicants."""
    spoken = _checked(form, split_by, output, lang)
    from anqing_subsidy.cli.outputs import check_target
    from anqing_subsidy.cli.progress import Progress

    asked = given(inputs, input_format, password_file, ledger)
    target = Path(output) if output not in (None, "-") else None
    if target is not None:
        check_target(target, asked.files)
    if what_if:
        from anqing_subsidy.cli.supposing import check_supposing, suppose

        who = check_supposing(applicant, form, writes=output is not None or split_by is not None)
        with Progress(2, quiet=quiet) as progress:
            progress.stage(say("读取", "reading"))
            words = settings_of(settings)
            before = suppose(asked, policy, words, progress, who, what_if, form, spoken)
        raise typer.Exit(status_of(before, strict=strict))
    written: list[Path] = []
    with Progress(4, quiet=quiet) as progress:
        progress.stage(say("读取", "reading"))
        assessment = assessed(asked, policy, settings_of(settings), progress)
        if applicant is not None:
            assessment = _one(assessment, applicant)
        if target is not None:
            progress.stage(say("写出", "writing"))
            written = _write(assessment, target, spoken, split_by)
    if output == "-" or not quiet or form != "table":
        _print(
            assessment,
            "json" if output == "-" and form == "table" else form,
            spoken,
            everything=everything or applicant is not None,
            verbose=verbose,
        )
    for place in written if not quiet else []:
        typer.echo(say(f"结果已写入 {place}", f"result written to {place}"), err=True)
    raise typer.Exit(status_of(assessment, strict=strict))


def _checked(form: str, split_by: str | None, output: str | None, lang: str) -> Lang:
    spoken = language(lang)
    check_format(form, FORMATS)
    if split_by not in (None, "county"):
        raise UsageError(Text(f"--split-by 只能是 county，没有 {split_by}", f"--split-by is county, not {split_by}"))
    if split_by is not None and output in (None, "-"):
        raise UsageError(Text("--split-by 需要 -o 指明结果文件", "--split-by needs -o to name the result files"))
    return spoken


def _one(assessment: Assessment, wanted: str) -> Assessment:
    """The applicant with this code or name; several, or none, are wrong use."""
    from anqing_subsidy.cli.who import found_among
    from anqing_subsidy.engine.subset import subset

    people = assessment.applicants
    return subset(assessment, people[found_among(people.select("code", "name"), wanted)]["row"], strays=False)


def _write(assessment: Assessment, target: Path, lang: Lang, split_by: str | None) -> list[Path]:
    """Write the result; with `split_by` one file a county. The files written are returned."""
    from anqing_subsidy.cli.outputs import write_whole

    if split_by is None:
        write_whole(target, partial(_write_one, assessment, lang=lang))
        return [target]
    import polars as pl

    from anqing_subsidy.engine.subset import subset

    written = []
    counties = assessment.applicants["county"].unique(maintain_order=True).to_list()
    for county in counties:
        rows = assessment.applicants.filter(pl.col("county").eq_missing(pl.lit(county)))["row"]
        part = subset(assessment, rows)
        name = "".join("_" if mark in '\\/:*?"<>|' else mark for mark in county or say("未填县区", "no-county"))
        place = target.with_name(f"{target.stem}-{name}{target.suffix}")
        write_whole(place, partial(_write_one, part, lang=lang))
        written.append(place)
    return written


def _write_one(assessment: Assessment, path: Path, lang: Lang) -> None:
    kind = path.suffix.lower()
    if kind == ".xlsx":
        from anqing_subsidy import __version__
        from anqing_subsidy.report.detail import detail_frame
        from anqing_subsidy.report.workbook import write_workbook

        write_workbook(assessment, detail_frame(assessment, lang), path, lang, version=__version__)
        return
    from anqing_subsidy.report import data

    if kind == ".parquet":
        data.write_parquet(assessment, path, lang)
        return
    pieces = {".json": data.json_pieces, ".jsonl": data.jsonl_pieces, ".csv": data.csv_pieces}[kind]
    with path.open("w", encoding="utf-8-sig" if kind == ".csv" else "utf-8", newline="") as stream:
        data.write_pieces(pieces(assessment, lang), stream)


def _print(assessment: Assessment, form: str, lang: Lang, *, everything: bool, verbose: bool) -> None:
    """Print the result."""
    from anqing_subsidy.cli.outputs import printing

    with printing():
        _print_as(assessment, form, lang, everything=everything, verbose=verbose)


def _print_as(assessment: Assessment, form: str, lang: Lang, *, everything: bool, verbose: bool) -> None:
    if form == "table":
        from anqing_subsidy.report.terminal import show

        show(assessment, lang, sys.stdout, everything=everything or verbose, remarks=verbose)
        return
    from anqing_subsidy.report import data

    pieces = {"json": data.json_pieces, "jsonl": data.jsonl_pieces, "csv": data.csv_pieces}[form]
    data.write_pieces(pieces(assessment, lang), sys.stdout)
