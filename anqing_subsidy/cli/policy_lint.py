"""`policy lint`: what is legal YAML and wrong policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.options import Language, PolicyFiles
from anqing_subsidy.cli.work import check_format, language, policy_files

if TYPE_CHECKING:
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.lint import Remark

FORMATS = ("table", "json")
SCHEMA: Final = "anqing-subsidy/lint/1"
_SEVERITY: Final = {"error": ("错误", "error"), "warning": ("警告", "warning"), "info": ("提示", "note")}


def lint(
    files: PolicyFiles = None,
    strict: Annotated[
        bool, typer.Option("--strict", help=say("有警告也以 1 退出。", "Exit 1 also where there is only a warning."))
    ] = False,  # a flag
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=say("打印的格式。", "What to print."))
    ] = "table",
    lang: Language = LANG,
) -> None:
    """Find what is legal YAML and wrong policy."""
    spoken = language(lang)
    check_format(form, FORMATS)
    from anqing_subsidy.policy.lint import lint as findings
    from anqing_subsidy.policy.load import default_policy_path, open_policy

    found: list[tuple[str, Remark]] = []
    for place in policy_files(files) or (None,):
        source = open_policy(place)
        folder = (Path(place) if place is not None else default_policy_path()).parent
        found += [(source.file, remark) for remark in findings(source, folder)]
    counts = {severity: sum(remark.severity == severity for _, remark in found) for severity in _SEVERITY}
    if form == "json":
        records = [_record(file, remark, spoken) for file, remark in found]
        whole = {"schema": SCHEMA, "counts": counts, "findings": records}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
    else:
        for file, remark in found:
            typer.echo(_line(file, remark, spoken))
        typer.echo(_summary(counts, spoken))
    raise typer.Exit(int(counts["error"] > 0 or (strict and counts["warning"] > 0)))


def _line(file: str, remark: Remark, lang: Lang) -> str:
    """A finding as editors and people read it: file, line, gravity, code, what is wrong, what to do."""
    severity = _SEVERITY[remark.severity][lang == "en"]
    told = f"{file}:{remark.line}: {severity} {remark.code}: {remark.message.say(lang)}"
    if remark.only_with:
        settings = ", ".join(remark.only_with)
        told += f"（仅当 {settings}）" if lang == "zh" else f" (only with {settings})"
    if remark.fix.zh:
        told += f"；{remark.fix.zh}" if lang == "zh" else f"; {remark.fix.en}"
    return told


def _record(file: str, remark: Remark, lang: Lang) -> dict[str, Any]:
    return {
        "file": file,
        "line": remark.line,
        "severity": remark.severity,
        "code": remark.code,
        "message": remark.message.say(lang),
        "fix": remark.fix.say(lang),
        "only_with": list(remark.only_with),
    }


def _summary(counts: dict[str, int], lang: Lang) -> str:
    if not any(counts.values()):
        return "没有发现问题" if lang == "zh" else "nothing found"
    if lang == "zh":
        return f"错误 {counts['error']} 处，警告 {counts['warning']} 处"
    return f"{counts['error']} error(s), {counts['warning']} warning(s)"
