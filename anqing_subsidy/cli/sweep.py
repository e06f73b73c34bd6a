"""`sweep`: what all applicants come to while one parameter of the policy goes from one value to another."""

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
from anqing_subsidy.cli.reading import given, opened
from anqing_subsidy.cli.work import check_format, language, settings_of, status_of
from anqing_subsidy.finding import Lang

if TYPE_CHECKING:
    from anqing_subsidy.report.compare.swept import Curve

FORMATS: Final = ("table", "csv", "json")
SUFFIXES: Final = (".xlsx", ".csv", ".json")


def sweep(
    inputs: Inputs,
    path: Annotated[
        str,
        typer.Option(
            "--param",
            metavar="PATH",
            help=say(
                "政策文件中的一个数值，如 clauses.条款编号.award.rate。",
                "A value of the policy file: clauses.ID.award.rate.",
            ),
        ),
    ],
    first: Annotated[str, typer.Option("--from", metavar="A", help=say("起始值，如 1%。", "The first value: 1%."))],
    last: Annotated[str, typer.Option("--to", metavar="B", help=say("终止值，如 4%。", "The last value: 4%."))],
    step: Annotated[str, typer.Option("--step", metavar="S", help=say("步长，如 0.5%。", "The step: 0.5%."))],
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
    """Show the cost curve of one parameter."""
    spoken = language(lang)
    check_format(form, FORMATS)
    from anqing_subsidy.cli.outputs import check_target, printing, write_whole
    from anqing_subsidy.cli.progress import Progress
    from anqing_subsidy.policy.params import value_at, with_value
    from anqing_subsidy.policy.ranges import values_between

    asked = given(inputs, input_format, password_file, ledger)
    target = Path(output) if output is not None else None
    if target is not None:
        check_target(target, asked.files, SUFFIXES)
    values, chosen = values_between(first, last, step), settings_of(settings)
    with Progress(3, quiet=quiet) as progress:
        # a path or a value that cannot be is said before the files are read
        from anqing_subsidy.policy import open_policy

        begun = open_policy(policy)
        current = value_at(begun, path)
        policies = [(value, with_value(begun, path, value).under(chosen)) for value in values]
        progress.stage(say("读取", "reading"))
        found = opened(asked, policy, chosen, begun)
        under, tables = found.policy, found.tables
        progress.stage(say("计算", "assessing"))
        from anqing_subsidy import assess
        from anqing_subsidy.report.compare import swept

        base = assess(under, tables)
        points = tuple(swept.point_of(path, value, assess(other, tables)) for value, other in policies)
        files = tuple((source.path, source.sha256) for source in tables.inputs)
        curve = swept.Curve(path, current, swept.point_of(path, current, base), points, under, files)
        progress.stage(say("写出", "writing"))
        if target is not None:
            write_whole(target, partial(_write, curve, spoken))
    if form != "table" or not quiet:
        with printing():
            if form == "table":
                width = shutil.get_terminal_size((100, 24)).columns
                sys.stdout.writelines(line + "\n" for line in swept.text_lines(curve, spoken, width))
            else:
                sys.stdout.write(swept.csv_text(curve) if form == "csv" else _json(curve))
    if target is not None and not quiet:
        typer.echo(say(f"已写入 {target}", f"written to {target}"), err=True)
    raise typer.Exit(status_of(base, strict=False))


def _json(curve: Curve) -> str:
    from anqing_subsidy.report.compare import swept

    return json.dumps(swept.record(curve), ensure_ascii=False, indent=1) + "\n"


def _write(curve: Curve, lang: Lang, path: Path) -> None:
    from anqing_subsidy.report.compare import swept

    kind = path.suffix.lower()
    if kind == ".xlsx":
        swept.write(curve, lang, path)
    elif kind == ".csv":
        path.write_text(swept.csv_text(curve), encoding="utf-8-sig", newline="\n")
    else:
        path.write_text(_json(curve), encoding="utf-8", newline="\n")
