"""`run --what-if`: one applicant before and after a cell is changed."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Final

from anqing_subsidy.cli.language import say
from anqing_subsidy.cli.reading import opened
from anqing_subsidy.finding import Lang, Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anqing_subsidy.cli.progress import Progress
    from anqing_subsidy.cli.reading import Given
    from anqing_subsidy.engine import Assessment

FORMATS: Final = ("table", "json")


def check_supposing(applicant: str | None, form: str, *, writes: bool) -> str:
    """Refuse a trial that nobody is named for, or that would be written where a result is expected; the applicant is returned."""
    if applicant is None:
        raise UsageError(
            Text("--what-if 需要 --applicant 指明一户", "--what-if needs --applicant: it tries one applicant")
        )
    if writes:
        raise UsageError(
            Text(
                "试算不是结果，不写成结果文件；用 --format json 打印",
                "what is supposed is no result and is not written as one; print it with --format json",
            )
        )
    if form not in FORMATS:
        raise UsageError(Text("--what-if 的 --format 为 table 或 json", "with --what-if, --format is table or json"))
    return applicant


def suppose(
    given: Given,
    policy_file: Path | None,
    settings: Mapping[str, str],
    progress: Progress,
    applicant: str,
    typed: Sequence[str],
    form: str,
    lang: Lang,
) -> Assessment:
    """Print the applicant before and after; what it is before is returned."""
    from anqing_subsidy import assess
    from anqing_subsidy.cli.outputs import printing
    from anqing_subsidy.cli.who import rows_of
    from anqing_subsidy.engine.focus import focused
    from anqing_subsidy.engine.subset import one_of
    from anqing_subsidy.engine.supposed import cell_of, supposed
    from anqing_subsidy.intake.assignments import parse_assignments
    from anqing_subsidy.report.what_if import WhatIf

    found = opened(given, policy_file, settings)
    policy, tables = found.policy, found.tables
    progress.stage(say("计算", "assessing"))
    wanted = parse_assignments(policy, typed)
    rows = rows_of(policy, tables, applicant)
    cells = [cell_of(policy, tables, rows, one.table, one.object, one.column, one.value) for one in wanted]
    changed = supposed(tables, cells)
    people = tables.frames[policy.main][rows]
    before, after = (one_of(assess(policy, focused(policy, some, rows)), people) for some in (tables, changed))
    what_if = WhatIf(before, after, cells, lang)
    with printing():
        if form == "json":
            import json

            sys.stdout.write(json.dumps(what_if.record(), ensure_ascii=False, indent=1) + "\n")
        else:
            width = shutil.get_terminal_size((120, 24)).columns
            sys.stdout.writelines(line + "\n" for line in what_if.text_lines(width))
    return before
