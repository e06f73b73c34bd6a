"""`explain`: how each amount of one applicant came about, or what is missing for it; a decision sheet for the file."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.options import (
    Applicant,
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
    import polars as pl

    from anqing_subsidy.engine import Assessment
    from anqing_subsidy.policy import Policy, PolicySource
    from anqing_subsidy.report.explain.explainer import Explainer
    from anqing_subsidy.report.explain.model import Explanation
    from anqing_subsidy.tables import Tables

FORMATS: Final = ("table", "json", "md", "html")
SUFFIXES: Final = (".docx", ".html", ".md", ".json")


def explain(
    inputs: Inputs,
    applicant: Applicant,
    clauses: Annotated[
        list[str] | None,
        typer.Option(
            "--clause",
            metavar="ID",
            help=say(
                "只说明该条款：编号、条次或名称，可多次。", "Only this clause: id, article or title; may be repeated."
            ),
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=say(
                "审核意见表 .docx .html，或全文 .md .json。", "A decision sheet .docx .html, or all of it .md .json."
            ),
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=say("打印的格式。", "What to print."))
    ] = "table",
    policy: PolicyFile = None,
    settings: Settings = None,
    ledger: ReadLedger = None,
    input_format: InputFormat = None,
    password_file: PasswordFile = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Explain the lines of one applicant."""
    spoken = language(lang)
    check_format(form, FORMATS)
    from anqing_subsidy.cli.outputs import check_target, write_whole
    from anqing_subsidy.cli.progress import Progress

    asked = given(inputs, input_format, password_file, ledger)
    target = Path(output) if output is not None else None
    if target is not None:
        check_target(target, asked.files, SUFFIXES)
    chosen = settings_of(settings)
    with Progress(2, quiet=quiet) as progress:
        from anqing_subsidy.policy import open_policy

        source = open_policy(policy)
        from anqing_subsidy.engine.clause_words import clauses_meant

        # a clause that there is not is said before the files are read
        wanted = frozenset(clauses_meant(source.under(chosen), clauses)) if clauses else None
        progress.stage(say("读取", "reading"))
        found = opened(asked, policy, chosen, source)
        under, tables = found.policy, found.tables
        progress.stage(say("计算", "assessing"))
        from anqing_subsidy.cli.who import rows_of

        rows = rows_of(under, tables, applicant)
        assessment, explainer = _explainer(source, chosen, under, tables, rows, spoken)
        explanation = explainer.explanation(wanted)
    if target is not None:
        write_whole(target, partial(_write, explainer, explanation, spoken))
        if not quiet:
            typer.echo(say(f"已写入 {target}", f"written to {target}"), err=True)
    if form != "table" or (not quiet and target is None):
        _print(explainer, explanation, form, spoken)
    raise typer.Exit(status_of(assessment, strict=False))


def _explainer(
    source: PolicySource, chosen: dict[str, str], policy: Policy, tables: Tables, rows: pl.Series, lang: Lang
) -> tuple[Assessment, Explainer]:
    """The applicant of some rows assessed with those tied to it, and under each other reading behind its lines."""
    from anqing_subsidy import assess
    from anqing_subsidy.engine.focus import focused
    from anqing_subsidy.engine.subset import one_of
    from anqing_subsidy.engine.turned import other_options, turned
    from anqing_subsidy.report.explain.explainer import Explainer

    some = focused(policy, tables, rows)
    assessment = one_of(assess(policy, some), tables.frames[policy.main][rows])
    clauses = assessment.lines["clause"].unique().to_list()
    readings = {name for clause in clauses if clause in policy.clauses for name in policy.clauses[clause].readings}
    under = dict(turned(source, chosen, some, other_options(policy, readings)))
    return assessment, Explainer(assessment, lang, under)


def _write(explainer: Explainer, explanation: Explanation, lang: Lang, path: Path) -> None:
    kind = path.suffix.lower()
    if kind == ".docx":
        from anqing_subsidy.report.explain.docx import write_sheet

        write_sheet(explanation, lang, path)
        return
    from anqing_subsidy.report.explain.pages import markdown
    from anqing_subsidy.report.explain.sheet import sheet_html

    text = {
        ".html": lambda: sheet_html(explanation, lang),
        ".md": lambda: markdown(explanation, lang),
        ".json": lambda: _json(explainer, explanation),
    }[kind]()
    path.write_text(text, encoding="utf-8", newline="\n")


def _json(explainer: Explainer, explanation: Explanation) -> str:
    import json

    from anqing_subsidy.report.explain.record import record_of

    return json.dumps(record_of(explanation, explainer.recorder.head()), ensure_ascii=False, indent=1) + "\n"


def _print(explainer: Explainer, explanation: Explanation, form: str, lang: Lang) -> None:
    from anqing_subsidy.cli.outputs import printing

    with printing():
        if form == "table":
            from anqing_subsidy.report.explain.tree import show

            show(explanation, lang, sys.stdout)
        elif form == "json":
            sys.stdout.write(_json(explainer, explanation))
        else:
            from anqing_subsidy.report.explain import pages

            write = pages.markdown if form == "md" else pages.html
            sys.stdout.write(write(explanation, lang))
