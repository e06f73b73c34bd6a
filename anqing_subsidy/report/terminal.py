"""The breakdown in a terminal: a panel an applicant, the findings, a summary; plain text when piped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TextIO

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.finding import Finding, Lang
from anqing_subsidy.money import grouped
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.files import Files
from anqing_subsidy.report.fund_parts import fund_parts
from anqing_subsidy.report.words import SEVERITY, STATUS

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

PROBLEMS = ("pending", "held", "invalid", "eligible_with_held")
MANY = 50
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


class Breakdown:
    """What is shown of an assessment, in one language."""

    def __init__(self, assessment: Assessment, lang: Lang, *, everything: bool, remarks: bool = False) -> None:
        self.assessment = assessment
        self.policy = assessment.policy
        self.files = Files(assessment.tables)
        self.lang: Lang = lang
        self.zh = lang == "zh"
        self.remarks = remarks
        self.everything = everything or assessment.applicants.height <= MANY
        self.lines: dict[int, list[tuple[dict[str, Any], str]]] = {}
        shown = assessment.lines
        if not self.everything:
            troubled = shown.filter(pl.col("status").is_in(PROBLEMS))["applicant"].unique()
            shown = shown.filter(pl.col("applicant").is_in(troubled.implode()))
        describer = Describer(assessment, lang)
        said = describer.describe(shown)
        funds = fund_parts(describer.words, shown, alone=False)
        notes = map(self._note, *(part.to_list() for part in (said.formula, said.reason_text, funds, said.marks)))
        for line, note in zip(shown.iter_rows(named=True), notes, strict=True):
            self.lines.setdefault(line["applicant"], []).append((line, note))

    def people(self) -> Iterable[dict[str, Any]]:
        """The applicants to show: all of them, or beyond many only those with a problem."""
        for person in self.assessment.applicants.iter_rows(named=True):
            if self.everything or person["row"] in self.lines:
                yield person

    def say(self, zh: str, en: str) -> str:
        """One of two wordings."""
        return zh if self.zh else en

    def title(self, line: Mapping[str, Any]) -> str:
        """Article, title and object of a line."""
        rule = self.policy.clauses.get(line["clause"])
        words = f"{rule.article} {rule.title.say(self.lang)}" if rule else line["clause"]
        return f"{words} [{line['object']}]" if line["object"] else words

    def _note(self, formula: str, reason: str, funds: str, marks: str) -> str:
        """Formula, reason, funds that share it and flags of a line in one text."""
        shared = self.say(f"【{funds}】", f"[{funds}]") if funds else ""
        noted = self.say(f"（{marks}）", f"({marks})") if marks else ""
        return "  ".join(part for part in (formula, reason, shared, noted) if part)

    def totals_of(self, person: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Total, by fund, and what is still possible: label and figure."""
        rows = [(self.say("合计", "total"), grouped(person["total"]))]
        funds = [(title.say(self.lang), person[f"fund:{fund}"]) for fund, title in self.policy.funds.items()]
        rows.extend((f"  {title}", grouped(amount)) for title, amount in funds if amount)
        if person["potential"] is None:
            rows.append((self.say("另有可能", "possible besides"), self.say("未定", "not bounded")))
        elif person["potential"]:
            rows.append((self.say("另有可能", "possible besides"), grouped(person["potential"])))
        return rows

    def head_of(self, person: Mapping[str, Any]) -> str:
        """Name, code, county."""
        return "  ".join(str(part) for part in (person["name"], person["code"], person["county"]) if part)

    def findings(self) -> list[tuple[Finding, int]]:
        """Findings by gravity, remarks where they are wanted; the same fault again is counted, not repeated."""
        seen: dict[tuple[object, ...], tuple[Finding, int]] = {}
        rank = {"error": 0, "warning": 1, "info": 2}
        for found in sorted(self.assessment.findings, key=lambda found: rank[found.severity]):
            if found.severity == "info" and not self.remarks:
                continue
            # a remark counts the cells of its own sheet, so that those of two sheets are two
            key = (found.code, found.message.say(self.lang), found.place if found.severity == "info" else None)
            first, number = seen.get(key, (found, 0))
            seen[key] = (first, number + 1)
        return list(seen.values())

    def summary(self) -> list[tuple[str, str]]:
        """Label and figure of each row of the summary."""
        people, lines = self.assessment.applicants, self.assessment.lines
        rows = [
            (self.say("申报主体", "applicants"), f"{people.height:,}"),
            (self.say("合计金额（元）", "amount (yuan)"), grouped(int(people["total"].sum()))),
        ]
        rows.extend(
            (f"  {title.say(self.lang)}", grouped(int(people[f"fund:{fund}"].sum())))
            for fund, title in self.policy.funds.items()
        )
        counts = dict(lines.group_by("status").agg(pl.len()).rows())
        rows.extend(
            (
                f"  {text.say(self.lang)}",
                f"{counts[status]:,} {self.say('条', 'line' if counts[status] == 1 else 'lines')}",
            )
            for status, text in STATUS.items()
            if status in counts
        )
        seen = self.assessment.tables.ledger
        if seen is not None:
            upto = self.say(f"第 {seen.run} 次登记，{seen.entries:,} 笔", f"run {seen.run}, {seen.entries:,} entries")
            rows.append((self.say(f"账本 {seen.file}", f"ledger {seen.file}"), upto))
        severities: Counter[str] = Counter(found.severity for found in self.assessment.findings)
        rows.extend(
            (f"  {text.say(self.lang)}", f"{severities[severity]:,} {self._noun(severity, severities[severity])}")
            for severity, text in SEVERITY.items()
            if severities[severity]
        )
        return rows

    def _noun(self, severity: str, number: int) -> str:
        noun = "finding" if number == 1 else "findings"
        if severity == "info" and not self.remarks:
            return self.say("处（-v 列出）", f"{noun} (listed with -v)")
        return self.say("处", noun)

    def readings(self) -> list[str]:
        """The readings that are not at their default."""
        changed = [reading for reading in self.policy.readings.values() if reading.value != reading.default]
        return [
            f"{reading.id}={reading.value}  {reading.title.say(self.lang)}{self.say('：', ': ')}{reading.says[reading.value].say(self.lang)}"
            for reading in changed
        ]


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
