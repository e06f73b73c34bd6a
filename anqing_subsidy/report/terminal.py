"""The breakdown in a terminal: a panel an applicant, the findings, a summary; plain text when piped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TextIO

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.finding import Finding, Lang
from anqing_subsidy.money import grouped
from anqing_subsidy.report.breakdown import PROBLEMS, Breakdown
from anqing_subsidy.report.words import SEVERITY, STATUS

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_COLOURS = {
    "eligible": "green",
    "eligible_with_held": "yellow",
    "ineligible": "dim",
    "pending": "yellow",
    "held": "magenta",
    "excluded": "dim",
    "superseded": "dim",
    "invalid": "red",
}
_SEVERITY_COLOURS = {"error": "red", "warning": "yellow", "info": "dim"}
_FINDINGS_SHOWN = 20


def show(assessment: Assessment, lang: Lang, stream: TextIO, *, everything: bool, remarks: bool = False) -> None:
    """Print the breakdown: panels to a terminal, plain text elsewhere; `remarks`: also what needs no action."""
    breakdown = Breakdown(assessment, lang, everything=everything, remarks=remarks)
    if stream.isatty():
        from rich.console import Console

        render(breakdown, Console(file=stream, highlight=False))
    else:
        stream.writelines(text + "\n" for text in plain_lines(breakdown))


def plain_lines(breakdown: Breakdown) -> Iterable[str]:
    """The breakdown without colours or frames."""
    for person in breakdown.people():
        yield breakdown.head_of(person)
        for line, note in breakdown.lines.get(person["row"], []):
            yield f"  {line['clause']:<14}{STATUS[line['status']].say(breakdown.lang)}  {grouped(line['amount'])}  {breakdown.title(line)}"
            if note:
                yield f"      {note}"
        if not breakdown.lines.get(person["row"]):
            yield "  " + breakdown.say("未申请任何条款", "claims no clause")
        yield "  " + "   ".join(f"{label.strip()} {figure}" for label, figure in breakdown.totals_of(person))
        yield ""
    shown = breakdown.findings()
    for found, number in shown if breakdown.everything else shown[:_FINDINGS_SHOWN]:
        yield _finding_text(breakdown, found, number)
    if len(shown) > _FINDINGS_SHOWN and not breakdown.everything:
        yield breakdown.say(
            f"…… 另有 {len(shown) - _FINDINGS_SHOWN} 类，见结果文件或用 --all",
            f"... {len(shown) - _FINDINGS_SHOWN} more kinds: see the result file or use --all",
        )
    for label, figure in breakdown.summary():
        yield f"{label}: {figure}"
    for reading in breakdown.readings():
        yield f"{breakdown.say('口径', 'reading')} {reading}"


def _finding_text(breakdown: Breakdown, found: Finding, number: int) -> str:
    times = f" ×{number}" if number > 1 else ""
    where = f" {found.place}" if found.place else ""
    fix = found.fix.say(breakdown.lang)
    return (
        f"[{SEVERITY[found.severity].say(breakdown.lang)}] {found.code}{times}{where}: {found.message.say(breakdown.lang)}"
        + (f" → {fix}" if fix else "")
    )


def render(breakdown: Breakdown, console: Console) -> None:
    """Print the breakdown to a rich console."""
    render_people(breakdown, console)
    _rich_findings(breakdown, console)
    console.print(_summary(breakdown))


def render_people(breakdown: Breakdown, console: Console) -> None:
    """Print the panel of each applicant that is shown."""
    for person in breakdown.people():
        console.print(_panel(breakdown, person))


def _panel(breakdown: Breakdown, person: Mapping[str, Any]) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding
    from rich.panel import Panel
    from rich.text import Text

    parts: list[RenderableType] = []
    lines = breakdown.lines.get(person["row"], [])
    for line, note in lines:
        status = line["status"]
        colour = _COLOURS[status]
        amount = Text(grouped(line["amount"]), style="bold" if line["amount"] else "dim")
        heading = Text(breakdown.title(line), style="dim" if status == "ineligible" else "")
        parts.append(_row(heading, Text(STATUS[status].say(breakdown.lang), style=colour), amount))
        if note:
            parts.append(Padding(Text(note, style=colour if status in PROBLEMS else "dim"), (0, 0, 0, 2)))
    if not lines:
        parts.append(Text(breakdown.say("未申请任何条款", "claims no clause"), style="dim"))
    parts.append(Text(""))
    for label, figure in breakdown.totals_of(person):
        style = "bold" if label == breakdown.say("合计", "total") else "dim"
        parts.append(_row(Text(label, style=style), None, Text(figure, style=style)))
    troubled = any(line["status"] in PROBLEMS for line, _ in lines)
    title = Text(breakdown.head_of(person))
    return Panel(Group(*parts), title=title, title_align="left", border_style="yellow" if troubled else "blue")


def _row(heading: Text, middle: Text | None, figure: Text) -> RenderableType:
    """Heading at the left, status (if there is one) and amount in columns at the right."""
    from rich.table import Table

    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(ratio=1, overflow="fold")
    if middle is not None:
        table.add_column(width=18, overflow="fold")
    table.add_column(width=16, justify="right")
    table.add_row(*(cell for cell in (heading, middle, figure) if cell is not None))
    return table


def _rich_findings(breakdown: Breakdown, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    shown = breakdown.findings()
    if not shown:
        return
    table = Table(title=breakdown.say("发现的问题", "Findings"), title_justify="left", expand=True)
    table.add_column(breakdown.say("级别", "severity"), no_wrap=True)
    table.add_column(breakdown.say("位置", "place"), ratio=2, overflow="fold")
    table.add_column(breakdown.say("问题", "what is wrong"), ratio=4, overflow="fold")
    table.add_column(breakdown.say("怎么办", "what to do"), ratio=3, overflow="fold")
    for found, number in shown if breakdown.everything else shown[:_FINDINGS_SHOWN]:
        severity = Text(SEVERITY[found.severity].say(breakdown.lang), style=_SEVERITY_COLOURS[found.severity])
        times = f" ×{number}" if number > 1 else ""
        table.add_row(
            severity,
            Text(breakdown.files.place(found.place)),
            Text(breakdown.files.shorten(found.message.say(breakdown.lang)) + times),
            Text(found.fix.say(breakdown.lang)),
        )
    console.print(table)
    if len(shown) > _FINDINGS_SHOWN and not breakdown.everything:
        more = len(shown) - _FINDINGS_SHOWN
        console.print(
            breakdown.say(
                f"另有 {more} 类，见结果文件或用 --all", f"{more} more kinds: see the result file or use --all"
            )
        )


def _summary(breakdown: Breakdown) -> RenderableType:
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for label, figure in breakdown.summary():
        table.add_row(Text(label), Text(figure, style="bold"))
    for reading in breakdown.readings():
        table.add_row(Text(f"{breakdown.say('口径', 'reading')} {reading}", style="yellow"), "")
    return Panel(table, title=breakdown.say("汇总", "Summary"), title_align="left", expand=False)
