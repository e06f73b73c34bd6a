"""`run`: read, assess, print the breakdown, write the result."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.finding import InputError, Lang, Text, UsageError

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment

FORMATS = ("table", "json", "jsonl", "csv")
STDIN_FORMATS = ("csv", "jsonl")


def run(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help=say(
                "申报表：.xlsx .xls .et .ods .csv .parquet 或文件夹；- 为标准输入。",
                "Spreadsheets: .xlsx .xls .et .ods .csv .parquet, or folders; - is stdin.",
            ),
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="RESULT",
            help=say("结果文件：.xlsx .json .jsonl .csv .parquet。", "Result file: .xlsx .json .jsonl .csv .parquet."),
        ),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy",
            metavar="FILE",
            help=say("政策文件（默认为随程序附带的）。", "Policy file (default: the one that ships with the program)."),
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="READING=VALUE", help=say("改变一项口径，可多次。", "Change a reading; may be repeated.")
        ),
    ] = None,
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
    strict: Annotated[
        bool, typer.Option("--strict", help=say("有待补资料的也以 1 退出。", "Exit 1 also when a line is pending."))
    ] = False,  # a flag
    split_by: Annotated[
        str | None,
        typer.Option("--split-by", metavar="county", help=say("每个县区一个结果文件。", "One result file a county.")),
    ] = None,
    input_format: Annotated[
        str | None, typer.Option("--input-format", metavar="csv|jsonl", help=say("标准输入的格式。", "What stdin is."))
    ] = None,
    password_file: Annotated[
        Path | None,
        typer.Option(
            "--password-file",
            metavar="FILE",
            help=say(
                "写有工作簿密码的文本文件，每行一个。", "A text file with the passwords of workbooks, one a line."
            ),
        ),
    ] = None,
    lang: Annotated[
        str, typer.Option("--lang", metavar="zh|en", help=say("输出语言。", "Language of the output."))
    ] = LANG,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help=say("不打印明细。", "Print nothing but errors."))
    ] = False,  # a flag
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help=say("列出全部发现，包括提示。", "List all findings, notes included.")),
    ] = False,  # a flag
) -> None:
    """Compute the awards of all applicants."""
    spoken = _checked(form, split_by, output, lang)
    _check_inputs(inputs, input_format)
    from anqing_subsidy.cli.outputs import check_target
    from anqing_subsidy.cli.passwords import read_passwords
    from anqing_subsidy.cli.progress import Progress

    target = Path(output) if output not in (None, "-") else None
    if target is not None:
        check_target(target, inputs)
    passwords = read_passwords(password_file)
    written: list[Path] = []
    with Progress(4, quiet=quiet) as progress:
        progress.stage(say("读取", "reading"))
        assessment = _assessed(inputs, policy, reading_settings(settings), input_format, passwords, progress)
        if applicant is not None:
            assessment = _one(assessment, applicant)
        if target is not None:
            progress.stage(say("写出", "writing"))
            written = _write(assessment, target, spoken, split_by)
    if not quiet:
        _print(
            assessment,
            "json" if output == "-" and form == "table" else form,
            spoken,
            everything=everything or applicant is not None,
            verbose=verbose,
        )
    for place in written if not quiet else []:
        typer.echo(say(f"结果已写入 {place}", f"result written to {place}"), err=True)
    raise typer.Exit(_status(assessment, strict=strict))


def _checked(form: str, split_by: str | None, output: str | None, lang: str) -> Lang:
    if lang not in ("zh", "en"):
        raise UsageError(Text(f"--lang 只有 zh 和 en，没有 {lang}", f"--lang is zh or en, not {lang}"))
    if form not in FORMATS:
        raise UsageError(
            Text(
                f"--format 没有 {form}，可用: {', '.join(FORMATS)}",
                f"--format has no {form}; use one of {', '.join(FORMATS)}",
            )
        )
    if split_by not in (None, "county"):
        raise UsageError(Text(f"--split-by 只能是 county，没有 {split_by}", f"--split-by is county, not {split_by}"))
    if split_by is not None and output in (None, "-"):
        raise UsageError(Text("--split-by 需要 -o 指明结果文件", "--split-by needs -o to name the result files"))
    return "en" if lang == "en" else "zh"


def _check_inputs(inputs: list[str], input_format: str | None) -> None:
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


def reading_settings(given: list[str] | None) -> dict[str, str]:
    """The readings of `--set reading=value`, by id."""
    found = {}
    for entry in given or []:
        name, equals, value = entry.partition("=")
        if not equals:
            raise UsageError(Text(f"--set {entry}: 应写成 口径=选项", f"--set {entry}: write it as reading=value"))
        found[name.strip()] = value.strip()
    return found


def _assessed(
    inputs: list[str],
    policy_file: Path | None,
    settings: dict[str, str],
    input_format: str | None,
    passwords: tuple[str, ...],
    progress: Progress,
) -> Assessment:
    from anqing_subsidy import assess, load_policy, read_tables
    from anqing_subsidy.intake import prepare

    prepare(inputs)
    policy = load_policy(policy_file, settings)
    tables = read_tables(inputs, policy, input_format=input_format, passwords=passwords)
    if policy.main not in tables.frames:
        sheet = policy.tables[policy.main]
        raise InputError(
            Text(
                f"没有读到“{sheet.sheet}”表：表名或文件名写“{sheet.sheet}”，或补齐必填列",
                f"no sheet of {sheet.en} was found: name the sheet or file {sheet.sheet}, or add its required columns",
            )
        )
    progress.stage(say("计算", "assessing"))
    return assess(policy, tables)


def _one(assessment: Assessment, wanted: str) -> Assessment:
    """The applicant with this code or name; several, or none, are wrong use."""
    import difflib

    import polars as pl

    from anqing_subsidy.engine.subset import subset

    people = assessment.applicants
    found = people.filter((pl.col("code") == wanted.upper()) | (pl.col("name") == wanted))
    if not found.height:
        found = people.filter(pl.col("name").str.contains(wanted, literal=True).fill_null(value=False))
    if found.height == 1:
        return subset(assessment, found["row"])
    if found.height:
        listing = "; ".join(f"{name} {code}" for name, code in found.select("name", "code").head(10).rows())
        raise UsageError(
            Text(
                f"“{wanted}”对应 {found.height} 户，请用代码: {listing}",
                f"{wanted!r} matches {found.height} applicants; use a code: {listing}",
            )
        )
    names = [str(name) for name in people["name"].drop_nulls()]
    close = difflib.get_close_matches(wanted, [*names, *map(str, people["code"].drop_nulls())], n=3)
    hint = Text(f"，是否为 {'、'.join(close)}？", f"; did you mean {', '.join(close)}?") if close else Text("", "")
    raise UsageError(Text(f"没有申报主体“{wanted}”{hint.zh}", f"there is no applicant {wanted!r}{hint.en}"))


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
    if form == "table":
        from anqing_subsidy.report.terminal import show

        show(assessment, lang, sys.stdout, everything=everything or verbose)
        return
    from anqing_subsidy.report import data

    pieces = {"json": data.json_pieces, "jsonl": data.jsonl_pieces, "csv": data.csv_pieces}[form]
    data.write_pieces(pieces(assessment, lang), sys.stdout)


def _status(assessment: Assessment, *, strict: bool) -> int:
    """1 where something is wrong with the data (or with `strict` missing), else 0."""
    lines = assessment.lines
    wrong = any(found.severity == "error" for found in assessment.findings)
    statuses = set(lines["status"].unique())
    held = "held" in statuses and bool(((lines["status"] == "held") & (lines["reason"] == "DUPLICATE_CLAIM")).any())
    return int(wrong or held or "invalid" in statuses or (strict and "pending" in statuses))


if TYPE_CHECKING:
    from anqing_subsidy.cli.progress import Progress
