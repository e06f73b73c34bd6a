"""`policy test`: run the cases that lie beside a policy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.options import Language, PolicyFiles, Quiet
from anqing_subsidy.cli.work import check_format, language, policy_files
from anqing_subsidy.finding import Text, UsageError

if TYPE_CHECKING:
    from anqing_subsidy.cases.form import Case
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.model import Policy

FORMATS = ("table", "json")
SCHEMA: Final = "anqing-subsidy/cases/1"


def run_cases(
    files: PolicyFiles = None,
    cases: Annotated[
        list[Path] | None,
        typer.Option(
            "--cases",
            metavar="FILE",
            help=say("案例文件（默认为政策旁边的），可多次。", "Cases (default: beside the policy); may be repeated."),
        ),
    ] = None,
    word: Annotated[
        str | None,
        typer.Option(
            "-k", metavar="WORD", help=say("只运行名称含此词的案例。", "Only cases whose name has this word.")
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=say("打印的格式。", "What to print."))
    ] = "table",
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Run the cases of policies."""
    spoken = language(lang)
    check_format(form, FORMATS)
    policies = policy_files(files)
    if cases and len(policies) > 1:
        raise UsageError(
            Text("--cases 只与一个政策文件同用", "--cases goes with one policy file: say which policy they are about")
        )
    from anqing_subsidy.cases.load import beside, load_cases
    from anqing_subsidy.policy import default_policy_path, load_policy

    wanted: list[tuple[Path, Policy, list[Case]]] = []
    places = 0
    for file in policies or [default_policy_path()]:
        policy = load_policy(file)
        found = list(cases) if cases else beside(file)
        places += len(found)
        loaded = [case for place in found for case in load_cases(policy, place)]
        wanted.append((file, policy, [case for case in loaded if word is None or word.lower() in case.name.lower()]))
    if not any(chosen for _, _, chosen in wanted):
        raise UsageError(Text(f"没有名称含“{word}”的案例", f"no case has {word!r} in its name"))
    raise typer.Exit(_run(wanted, places, form, spoken, quiet=quiet))


def _run(wanted: list[tuple[Path, Policy, list[Case]]], places: int, form: str, lang: Lang, *, quiet: bool) -> int:
    """Run and print; 1 where a case fails."""
    from anqing_subsidy.cases.run import record, run_all
    from anqing_subsidy.cases.show import lines, summary
    from anqing_subsidy.policy import load_policy

    results = []
    records: list[dict[str, Any]] = []
    for file, policy, chosen in wanted:

        def under(settings: Mapping[str, str], file: Path = file) -> Policy:
            return load_policy(file, settings)

        for result in run_all(chosen, under, lang):
            results.append(result)
            if form == "json":
                records.append({"policy": policy.id, **record(result)})
            elif not (quiet and result.passed):
                for line in lines(result, policy, lang):
                    typer.echo(line)
    failed = sum(not result.passed for result in results)
    if form == "json":
        whole = {"schema": SCHEMA, "passed": len(results) - failed, "failed": failed, "cases": records}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
    elif not quiet or failed:
        typer.echo(summary(results, places, lang))
    return int(failed > 0)
