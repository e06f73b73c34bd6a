"""`policy diff`: what changed between two editions of a policy."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.options import Language, Quiet
from anqing_subsidy.cli.work import check_format, language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.report.edition.changes import Change

FORMATS = ("table", "json")
SCHEMA: Final = "anqing-subsidy/diff/1"
_PIPED: Final = 100


def diff(
    old: Annotated[Path, typer.Argument(metavar="A", help=say("旧版。", "The old edition."))],
    new: Annotated[Path, typer.Argument(metavar="B", help=say("新版。", "The new edition."))],
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=say("打印的格式。", "What to print."))
    ] = "table",
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Compare two editions."""
    spoken = language(lang)
    check_format(form, FORMATS)
    from anqing_subsidy.policy import load_policy
    from anqing_subsidy.report.edition.compare import changes

    editions = load_policy(old), load_policy(new)
    found = changes(*editions, spoken)
    if form == "json":
        typer.echo(json.dumps(_record(*editions, found, spoken), ensure_ascii=False, indent=1))
    elif not quiet:
        width = shutil.get_terminal_size((_PIPED, 24)).columns
        for line in _lines(*editions, found, spoken, width):
            typer.echo(line)
    raise typer.Exit(int(bool(found)))


def _where(change: Change, old: Policy, new: Policy, lang: Lang) -> str:
    """The clause of a change by article and title; else what holds for all."""
    clause = new.clauses.get(change.clause or "") or old.clauses.get(change.clause or "")
    if clause is None:
        return "通用" if lang == "zh" else "for all clauses"
    return f"{clause.article} {clause.title.say(lang)} [{clause.id}]"


def _lines(old: Policy, new: Policy, found: list[Change], lang: Lang, width: int) -> Iterator[str]:
    """Changes below the clause that they are about, the old words marked - and the new ones +."""
    from anqing_subsidy.report.edition.changes import KINDS

    zh = lang == "zh"
    if not found:
        yield "两版政策内容相同" if zh else "the two editions say the same"
        return
    heading = None
    for change in found:
        place = _where(change, old, new, lang)
        if place != heading:
            yield from ([""] if heading is not None else [])
            yield place
            heading = place
        kind = KINDS[change.kind].say(lang)
        about = change.called or change.where
        yield f"  {kind}" if about in ("", kind) else f"  {kind} · {about}"
        for mark, text in (("-", change.before), ("+", change.after)):
            for at, piece in enumerate(_pieces(text, width - 6)) if text is not None else ():
                yield f"    {mark if not at else ' '} {piece}"
    yield ""
    yield f"共 {len(found)} 处变化" if zh else f"{len(found)} change(s)"


def _pieces(text: str, width: int) -> Iterator[str]:
    """A text in lines of a width; each line of it as deep as it stands."""
    from anqing_subsidy.report.edition.render import wrap

    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        yield from (" " * indent + piece for piece in wrap(line[indent:], width - indent))


def _record(old: Policy, new: Policy, found: list[Change], lang: Lang) -> dict[str, Any]:
    def head(policy: Policy) -> dict[str, Any]:
        return {"id": policy.id, "file": policy.file, "sha256": policy.sha256, "year": policy.year}

    def article(change: Change) -> str | None:
        clause = new.clauses.get(change.clause or "") or old.clauses.get(change.clause or "")
        return clause.article if clause is not None else None

    return {
        "schema": SCHEMA,
        "old": head(old),
        "new": head(new),
        "lang": lang,
        "changes": [
            {
                "kind": change.kind,
                "clause": change.clause,
                "article": article(change),
                "where": change.where,
                "before": change.before,
                "after": change.after,
            }
            for change in found
        ],
    }
