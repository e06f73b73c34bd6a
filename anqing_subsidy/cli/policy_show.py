"""`policy show`: the policy as an official checks it against the document."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.options import Language, OnePolicyFile, Quiet, Settings
from anqing_subsidy.cli.work import check_format, language, settings_of
from anqing_subsidy.finding import OutputError, Text, UsageError

if TYPE_CHECKING:
    from anqing_subsidy.report.edition.page import Page

FORMATS = ("table", "json", "md", "html")
_SUFFIXES: Final = {".txt": "table", ".json": "json", ".md": "md", ".html": "html"}
_PIPED: Final = 80
_WIDEST: Final = 160


def show(
    file: OnePolicyFile = None,
    clauses: Annotated[
        list[str] | None,
        typer.Option("--clause", metavar="ID", help=say("只看这一条，可多次。", "This clause only; may be repeated.")),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help=say("格式（默认 table，或按 -o 的后缀）。", "Format (default: table, or by the suffix of -o)."),
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=say("写到文件：.txt .json .md .html。", "Write to a file: .txt .json .md .html."),
        ),
    ] = None,
    settings: Settings = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Show a policy in words."""
    spoken = language(lang)
    target = output if output is not None and str(output) != "-" else None
    chosen = form or ("table" if target is None else _SUFFIXES.get(target.suffix.lower(), ""))
    if not chosen:
        raise UsageError(
            Text(
                f"不认识的后缀 {target}：用 .txt .json .md .html，或写明 --format",
                f"unknown suffix of {target}: use .txt .json .md .html, or say --format",
            )
        )
    check_format(chosen, FORMATS)
    if target is not None:
        _check(target, file)
    from anqing_subsidy.policy import load_policy
    from anqing_subsidy.report.edition.page import page_of

    page = page_of(load_policy(file, settings_of(settings)), spoken, tuple(dict.fromkeys(clauses or ())))
    if target is None:
        width = shutil.get_terminal_size((_PIPED, 24)).columns
        typer.echo(_text(page, chosen, min(width, _WIDEST)), nl=False)
        sys.stdout.flush()
        return
    from anqing_subsidy.cli.outputs import write_whole

    text = _text(page, chosen, _PIPED)
    write_whole(target, lambda place: _write(place, text))
    if not quiet:
        typer.echo(say(f"已写入 {target}", f"written to {target}"), err=True)


def _check(target: Path, file: Path | None) -> None:
    """Refuse an output that is the policy itself, or that lies in no folder."""
    if file is not None and target.exists() and file.exists() and target.samefile(file):
        raise UsageError(
            Text(f"{target} 就是政策文件，换一个文件名", f"{target} is the policy itself; choose another name")
        )
    if not target.parent.is_dir():
        raise OutputError(
            Text(f"没有文件夹 {target.parent}，先建立它", f"there is no folder {target.parent}; make it first")
        )


def _text(page: Page, form: str, width: int) -> str:
    from anqing_subsidy.report.edition.page import record
    from anqing_subsidy.report.edition.render import html, markdown, text_lines

    if form == "json":
        return json.dumps(record(page), ensure_ascii=False, indent=1) + "\n"
    lines = text_lines(page, width) if form == "table" else markdown(page) if form == "md" else html(page)
    return "".join(f"{line}\n" for line in lines)


def _write(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8")
