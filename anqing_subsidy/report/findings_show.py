"""The findings of a check as a table in a terminal, plain text when piped, JSON or CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, TextIO

from anqing_subsidy.finding import Finding, Lang, Place, listing
from anqing_subsidy.report.data import ACTIVE
from anqing_subsidy.report.findings import CELLS_SHOWN, Checked, Group
from anqing_subsidy.report.record import Recorder, finding
from anqing_subsidy.report.words import SEVERITY

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA: Final = "anqing-subsidy/findings/1"
_COLOURS: Final = {"error": "red", "warning": "yellow", "info": "dim"}
_NAMES_SHOWN: Final = 10
_COLUMNS: Final = (
    "severity", "code", "file", "sheet", "cell", "row", "column", "value", "message", "fix", "uscc", "name", "also",
)  # fmt: skip


def show(checked: Checked, form: str, lang: Lang, stream: TextIO) -> None:
    """Print the findings in a format: `table`, `json` or `csv`."""
    if form == "json":
        stream.writelines(json_pieces(checked, lang))
    elif form == "csv":
        write_csv(checked, lang, stream)
    elif stream.isatty():
        from rich.console import Console

        render(checked, lang, Console(file=stream, highlight=False))
    else:
        stream.writelines(line + "\n" for line in plain_lines(checked, lang))


# ---- for scripts ------------------------------------------------------------------------------


def _owned(checked: Checked) -> Iterator[tuple[Finding, tuple[str | None, str | None] | None]]:
    return zip(checked.findings, checked.owners(checked.findings), strict=True)


def json_pieces(checked: Checked, lang: Lang) -> Iterator[str]:
    """The findings as JSON, one a line, notes included: as in the result, with counts and the applicant."""
    counts = {severity: checked.counts[severity] for severity in SEVERITY}
    head: dict[str, Any] = {
        **Recorder(checked.assessment, lang).head(),
        "schema": SCHEMA,
        "counts": {
            **counts,
            "files": checked.files(),
            "applicants": checked.assessment.applicants.height,
            "applicants_affected": len(checked.people()),
        },
    }
    yield _compact(head)[:-1] + ',"findings":['
    for at, (found, owner) in enumerate(_owned(checked)):
        who = {"applicant": {"uscc": owner[0], "name": owner[1]}} if owner else {}
        yield (",\n" if at else "\n") + _compact({**finding(found, lang), **who})
    yield "]}\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_csv(checked: Checked, lang: Lang, stream: TextIO) -> None:
    """A finding a row; a text that a spreadsheet would run as a formula gets a leading apostrophe."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for found, owner in _owned(checked):
        place = found.place or Place("")
        row = (
            found.severity, found.code, place.file, place.sheet, cell(place), place.row, place.column, found.value,
            found.message.say(lang), found.fix.say(lang), *(owner or (None, None)), "; ".join(map(str, found.others)),
        )  # fmt: skip
        writer.writerow([f"'{text}" if isinstance(text, str) and text.startswith(ACTIVE) else text for text in row])


# ---- for people -------------------------------------------------------------------------------


def cell(place: Place | None) -> str:
    """The cell of a place, or what there is of it: I5, row 5 or nothing."""
    if place is None or place.row is None:
        return place.column or "" if place else ""
    return f"{place.column or ''}{place.row}"


def summary(checked: Checked, lang: Lang) -> list[str]:
    """How many errors and warnings in how many files, and whom they touch."""
    zh = lang == "zh"
    errors, warnings, notes = (checked.counts[severity] for severity in SEVERITY)
    hint = ""
    if notes and not checked.notes:
        hint = f"；另有提示 {notes} 处，加 -v 列出" if zh else f"; and {notes} notes, listed with -v"
    read = len(checked.assessment.tables.inputs)
    if not errors and not warnings:
        people = checked.assessment.applicants.height
        said = (
            f"没有发现问题：{read} 个文件，{people} 户"
            if zh
            else f"nothing found: {read} file(s), {people} applicant(s)"
        )
        return [said + hint, *_waiting(checked, lang)]
    lines = [
        f"错误 {errors} 处，警告 {warnings} 处，涉及 {read} 个文件中的 {checked.files()} 个{hint}"
        if zh
        else f"{errors} errors, {warnings} warnings, in {checked.files()} of {read} files{hint}"
    ]
    people_hit = checked.people()
    if people_hit:
        names = [name or code or "?" for code, name in people_hit[:_NAMES_SHOWN]]
        more = len(people_hit) - len(names)
        if zh:
            lines.append(f"涉及{len(people_hit)}户：{'、'.join(names)}" + (f"，另有{more}户" if more else ""))
        else:
            lines.append(f"{len(people_hit)} applicants: {', '.join(names)}" + (f" and {more} more" if more else ""))
    return [*lines, *_waiting(checked, lang)]


def _waiting(checked: Checked, lang: Lang) -> list[str]:
    """A missing fact is no fault of the file; that lines wait for some is said all the same."""
    pending = int((checked.assessment.lines["status"] == "pending").sum())
    if not pending:
        return []
    return [
        f"另有 {pending} 条因缺资料而待补，用 run 查看缺什么、涉及多少金额"
        if lang == "zh"
        else f"{pending} lines wait for missing facts: run says which, and how much hangs on them"
    ]


def _cells(group: Group, lang: Lang) -> str:
    shown = [text for found in group.findings[:CELLS_SHOWN] if (text := cell(found.place))]
    if group.first.place and group.first.place.row and not group.first.place.column:
        shown = [f"第 {text} 行" if lang == "zh" else f"row {text}" for text in shown]
    more = len(group.findings) > CELLS_SHOWN
    total = f" 等，共 {len(group.findings)} 格" if lang == "zh" else f" ... {len(group.findings)} cells"
    return " ".join(shown) + (total if more else "")


def _values(group: Group, lang: Lang) -> str:
    """The values of a group, each once; none where the message gives the only one."""
    values = list(dict.fromkeys(found.value for found in group.findings[:CELLS_SHOWN] if found.value is not None))
    return listing(values).say(lang)


def _heading(group: Group, lang: Lang) -> str:
    file, sheet = group.sheet
    where = " · ".join(part for part in (file, sheet) if part)
    return where or ("整批" if lang == "zh" else "the whole input")


def _sections(checked: Checked) -> Iterable[tuple[tuple[str, tuple[str, str | None]], list[Group]]]:
    groups = checked.groups()
    for key, members in groupby(groups, key=lambda group: (group.first.severity, group.sheet)):
        yield key, list(members)


def plain_lines(checked: Checked, lang: Lang) -> Iterator[str]:
    """The findings without colours or frames: a heading a sheet, then cell, value, what is wrong, what to do."""
    for (severity, _), groups in _sections(checked):
        yield f"{SEVERITY[severity].say(lang)}  {_heading(groups[0], lang)}"
        for group in groups:
            where, values = _cells(group, lang), _values(group, lang)
            if where or values:
                yield "  " + "  ".join(part for part in (where, values) if part)
            yield f"      {group.message.say(lang)} [{group.first.code}]"
            if fix := group.first.fix.say(lang):
                yield f"      → {fix}"
        yield ""
    yield from summary(checked, lang)


def render(checked: Checked, lang: Lang, console: Console) -> None:
    """Print the findings to a rich console: a table a sheet, all with the same columns."""
    from rich.table import Table
    from rich.text import Text

    heads = ("单元格", "值", "问题", "怎么办") if lang == "zh" else ("cell", "value", "what is wrong", "what to do")
    cells, values = max(10, console.width // 9), max(12, console.width // 7)
    for (severity, _), groups in _sections(checked):
        title = Text(f"{SEVERITY[severity].say(lang)}  ", style=f"bold {_COLOURS[severity]}")
        title.append(_heading(groups[0], lang), style="bold")
        console.print(title)
        table = Table(expand=True, border_style="dim", header_style="dim", show_lines=False, pad_edge=False)
        table.add_column(heads[0], width=cells, overflow="fold")
        table.add_column(heads[1], width=values, overflow="fold")
        table.add_column(heads[2], ratio=3, overflow="fold")
        table.add_column(heads[3], ratio=2, overflow="fold")
        for group in groups:
            table.add_row(
                Text(_cells(group, lang), style=_COLOURS[severity]),
                Text(_values(group, lang)),
                Text(group.message.say(lang)),
                Text(group.first.fix.say(lang), style="dim"),
            )
        console.print(table)
    clean = not checked.counts["error"] and not checked.counts["warning"]
    for line in summary(checked, lang):
        console.print(Text(line, style="bold green" if clean else "bold"))
