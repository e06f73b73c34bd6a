"""`template`: an empty application workbook made from the policy."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.options import Language, PolicyFile, Quiet, Settings
from anqing_subsidy.cli.work import language, settings_of
from anqing_subsidy.finding import Text, UsageError


def template(
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE.xlsx", help=say("写出的工作簿。", "The workbook to write.")),
    ],
    simple: Annotated[
        bool,
        typer.Option(
            "--simple",
            help=say("只有一张表的简表，合计数代替明细。", "One sheet: totals stand in for the sheets of details."),
        ),
    ] = False,  # a flag
    clauses: Annotated[
        list[str] | None,
        typer.Option(
            "--clause",
            metavar="ID",
            help=say("只含该条款所需的内容，可多次。", "Only what this clause needs; may be repeated."),
        ),
    ] = None,
    policy: PolicyFile = None,
    settings: Settings = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Write an empty application workbook."""
    spoken = language(lang)
    target = Path(output)
    if target.suffix.lower() != ".xlsx":
        raise UsageError(
            Text(
                f"模板只能写成 .xlsx，请改文件名 {target.name or output}",
                f"a template is written as .xlsx; rename {target.name or output}",
            )
        )
    from anqing_subsidy import load_policy
    from anqing_subsidy.cli.outputs import check_target, write_whole

    check_target(target, [str(policy)] if policy is not None else [])
    chosen = load_policy(policy, settings_of(settings))
    from anqing_subsidy.engine.clause_words import clauses_meant
    from anqing_subsidy.policy import default_policy_path
    from anqing_subsidy.policy.guide import load_guides
    from anqing_subsidy.report.form import application_form
    from anqing_subsidy.report.form_book import write_form

    asked = clauses_meant(chosen, clauses or ())
    guides = load_guides(chosen, (policy or default_policy_path()).parent)
    form = application_form(chosen, guides, spoken, simple=simple, clauses=asked)
    write_whole(target, partial(write_form, form, asked=asked))
    if not quiet:
        typer.echo(say(f"模板已写入 {target}", f"template written to {target}"), err=True)
