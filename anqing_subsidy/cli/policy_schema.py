"""`policy schema`: JSON Schema of policy files, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.options import Language, Quiet
from anqing_subsidy.cli.work import language
from anqing_subsidy.finding import Text, UsageError


def schema(
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.json",
            help=say("写出的文件（默认打印）。", "The file to write (default: print it)."),
        ),
    ] = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Print or write the JSON Schema of policy files."""
    language(lang)
    from anqing_subsidy.policy.json_schema import json_schema

    text = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    if output is None or str(output) == "-":
        typer.echo(text, nl=False)
        return
    from anqing_subsidy.cli.outputs import check_target, write_whole

    if output.suffix.lower() != ".json":
        raise UsageError(
            Text(f"JSON Schema 写成 .json，请改文件名 {output}", f"a schema is written as .json; rename {output}")
        )
    check_target(output, [])
    write_whole(output, lambda place: _write(place, text))
    if not quiet:
        typer.echo(say(f"JSON Schema 已写入 {output}", f"schema written to {output}"), err=True)


def _write(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8")
