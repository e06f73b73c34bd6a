"""`compare`: two policies, two readings, or every reading once, on the same applicants."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from anqing_subsidy.cli.language import LANG, say
from anqing_subsidy.cli.options import InputFormat, Inputs, Language, PasswordFile, PolicyFile, Quiet, ReadLedger
from anqing_subsidy.cli.reading import given, opened, tables_under
from anqing_subsidy.cli.work import check_format, language, settings_of, status_of
from anqing_subsidy.finding import Lang, Text, UsageError

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment
    from anqing_subsidy.policy import PolicySource

FORMATS: Final = ("table", "json")
SUFFIXES: Final = (".xlsx", ".json")


def compare(
    inputs: Inputs,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="READING=VALUE",
            help=say(
                "与改变这项口径相比，可多次（一起改）。", "Against this reading turned; several are turned together."
            ),
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="POLICY", help=say("与另一政策文件相比。", "Against another policy file.")),
    ] = None,
    readings: Annotated[
        bool,
        typer.Option(
            "--readings", help=say("逐项改变每个口径，各算一次。", "Every reading of the policy turned once.")
        ),
    ] = False,  # a flag
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help=say("结果文件：.xlsx .json。", "Result file: .xlsx .json.")
        ),
    ] = None,
    policy: PolicyFile = None,
    ledger: ReadLedger = None,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=say("打印的格式。", "What to print."))
    ] = "table",
    everything: Annotated[
        bool, typer.Option("--all", help=say("列出全部增减的主体。", "List all who gain or lose."))
    ] = False,  # a flag
    input_format: InputFormat = None,
    password_file: PasswordFile = None,
    lang: Language = LANG,
    quiet: Quiet = False,
) -> None:
    """Compare two ways to assess the same applicants."""
    spoken = language(lang)
    check_format(form, FORMATS)
    if bool(settings) + (against is not None) + readings != 1:
        raise UsageError(
            Text(
                "请选一种：--set 口径=选项、--against 政策文件、--readings",
                "give one of --set reading=value, --against POLICY, --readings",
            )
        )
    from anqing_subsidy.cli.outputs import check_target, printing, write_whole
    from anqing_subsidy.cli.progress import Progress

    asked = given(inputs, input_format, password_file, ledger)
    target = Path(output) if output is not None else None
    if target is not None:
        check_target(target, asked.files, SUFFIXES)
    changed = settings_of(settings)
    with Progress(3, quiet=quiet) as progress:
        from anqing_subsidy.policy import open_policy

        source = open_policy(policy)
        # a reading that there is not is said before the files are read
        turned = source.under(changed)
        progress.stage(say("读取", "reading"))
        found = opened(asked, policy, {}, source)
        under, tables = found.policy, found.tables
        from anqing_subsidy import assess

        other = None
        if against is not None:
            other = tables_under(against, asked, found)
        elif changed:
            other = turned, tables
        progress.stage(say("计算", "assessing"))
        base = assess(under, tables)
        if other is not None:
            said = _two(base, assess(*other), spoken, everything=everything)
        else:
            said = _readings(source, base, spoken)
        progress.stage(say("写出", "writing"))
        if target is not None:
            write_whole(target, said.to)
    if form == "json" or not quiet:
        with printing():
            if form == "json":
                sys.stdout.write(said.json())
            else:
                width = shutil.get_terminal_size((120, 24)).columns
                sys.stdout.writelines(line + "\n" for line in said.lines(width))
    if target is not None and not quiet:
        typer.echo(say(f"已写入 {target}", f"written to {target}"), err=True)
    raise typer.Exit(status_of(base, strict=False))


@dataclass(frozen=True)
class Said:
    """What a comparison says, in each of its forms."""

    lines: Callable[[int], Iterable[str]]
    record: Callable[[], dict[str, Any]]
    write: Callable[[Path], None]

    def to(self, path: Path) -> None:
        """Write the file that a suffix asks for."""
        if path.suffix.lower() == ".xlsx":
            self.write(path)
        else:
            path.write_text(self.json(), encoding="utf-8", newline="\n")

    def json(self) -> str:
        """The text of the JSON."""
        import json

        return json.dumps(self.record(), ensure_ascii=False, indent=1) + "\n"


def _two(before: Assessment, after: Assessment, lang: Lang, *, everything: bool) -> Said:
    """Two assessments side by side."""
    from anqing_subsidy.engine.compared import compared
    from anqing_subsidy.report.compare import two

    comparison = compared(before, after)
    return Said(
        lambda width: two.text_lines(comparison, lang, width, everything=everything),
        lambda: two.record(comparison),
        lambda path: two.write(comparison, lang, path),
    )


def _readings(source: PolicySource, base: Assessment, lang: Lang) -> Said:
    """Every option that is not in force, each beside the readings in force."""
    from anqing_subsidy.engine.compared import compared
    from anqing_subsidy.engine.turned import other_options, turned
    from anqing_subsidy.report.compare import readings

    options = other_options(base.policy, base.policy.readings)
    each = turned(source, {}, base.tables, options)
    costs = readings.costs_of(base, [readings.cost_of(option, compared(base, under), lang) for option, under in each])
    return Said(
        lambda width: readings.text_lines(costs, lang, width),
        lambda: readings.record(costs),
        lambda path: readings.write(costs, lang, path),
    )
