"""The decision sheet (审核意见表): what is put before those who sign, on one page, before any writer is asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.money import grouped
from anqing_subsidy.report.explain.pages import page
from anqing_subsidy.report.explain.widths import width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anqing_subsidy.finding import Lang
    from anqing_subsidy.report.explain.model import Explanation, LineExplained

_OPINIONS: Final = (
    Text("经办人意见", "Officer"),
    Text("科室复核意见", "Section head"),
    Text("单位审批意见", "Approved by"),
)
_SIZES: Final = (10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6, 5.5, 5, 4.5)
"""Of letters in points; the first at which everything fits on a page is taken, the last one if none does."""
_PAGE: Final = (516, 735)
"""Points of an A4 page between its margins, with some room to spare."""
_LINE: Final = 1.42
"""A line of text by the size of its letters: Chinese fonts are tall."""
_MARGINS: Final = 11
_HEAD: Final = 30
_BOX: Final = 37
"""Points of the title and of a place to sign."""
WIDTHS: Final = (16, 11, 14, 59)
LABELS: Final = 16
"""Of the columns of lines and of the labels, in hundredths of the page."""


@dataclass(frozen=True)
class DecisionSheet:
    """The words of a decision sheet; `size` is that of its letters, in points, at which it fits on one page."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str, str, str], ...]
    heads: tuple[str, str, str, str]
    lines: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    totals: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    opinions: tuple[tuple[str, str], ...]
    size: float
    name: str


def sheet_of(explanation: Explanation, lang: Lang) -> DecisionSheet:
    """The decision sheet of an applicant."""
    it, zh = explanation, lang == "zh"

    def say(chinese: str, english: str) -> str:
        return chinese if zh else english

    lines = tuple(_line(line, lang) for line in it.lines)
    totals = [(say("应兑现金额合计", "Total due"), f"{grouped(it.total)} {say('元', 'yuan')}")]
    totals += [(label, f"{grouped(amount)} {say('元', 'yuan')}") for label, amount in it.by_fund if amount]
    if it.potential is None or it.potential:
        amount = say("未定", "not bounded") if it.potential is None else f"{grouped(it.potential)} {say('元', 'yuan')}"
        totals.append((say("待补待核后另有可能", "Possible once settled"), amount))
    colon = say("：", ": ")
    readings = say("；", "; ").join(f"{title}{colon}{says}" for title, says in it.readings)
    inputs = say("；", "; ").join(f"{path.rsplit('/', 1)[-1]} (SHA-256 {digest[:12]}…)" for path, digest in it.inputs)
    notes = [(say("适用口径", "Readings in force"), readings), (say("资金说明", "Funds"), it.fund_note)]
    notes.append((say("数据来源", "Inputs"), inputs))
    if it.findings:
        found = say("；", "; ").join(f"{place} {message}".strip() for _, place, message, _ in it.findings)
        notes.append((say("数据问题", "Found in the data"), found))
    facts = (
        (say("申报主体", "Applicant"), it.name, say("县区", "County"), it.county),
        (say("统一社会信用代码", "Credit code"), it.code, say("申报表位置", "Row"), it.cell),
    )
    signed = say(
        "签名：　　　　　　　　（盖章）　　　　年　　月　　日", "Signed:                    (seal)            Date:"
    )
    labelled = tuple((label, text) for label, text in notes if text)
    size = next((size for size in _SIZES if _height(size, lines, len(totals), labelled) <= _PAGE[1]), _SIZES[-1])
    return DecisionSheet(
        say("奖补申报审核意见表", "Decision sheet"),
        f"{it.policy}（{it.year} 年度；{it.source}）" if zh else f"{it.policy} ({it.year}; {it.source})",
        facts,
        (say("条款与项目", "Article"), say("审核结论", "Finding"), say("金额（元）", "Amount (yuan)"), say("依据与计算", "Basis")),
        lines,
        tuple(totals),
        labelled,
        tuple((opinion.say(lang), signed) for opinion in _OPINIONS),
        size,
        it.name,
    )  # fmt: skip


def _height(
    size: float, lines: Sequence[tuple[str, str, str, tuple[str, ...]]], totals: int, notes: Sequence[tuple[str, str]]
) -> float:
    """The points that a sheet takes at a size of letters."""

    def rows(text: str, percent: int) -> int:
        room = _PAGE[0] * percent / 100 - _MARGINS
        return max(math.ceil(width_of(text) * size / 2 / room), 1)

    each = [
        max(rows(what, WIDTHS[0]), rows(status, WIDTHS[1]), sum(rows(text, WIDTHS[3]) for text in basis))
        for what, status, _, basis in lines
    ]
    each += [max(rows(text, 100 - LABELS), rows(label, LABELS)) for label, text in notes]
    # beside them: what stands below the title, the applicant in two rows of two lines, the header, the totals
    return (sum(each) + 1 + 4 + 2 + totals) * size * _LINE + _HEAD + _BOX * len(_OPINIONS)


def _line(line: LineExplained, lang: Lang) -> tuple[str, str, str, tuple[str, ...]]:
    thing = f" [{line.record['object_id']}]" if line.record["object_id"] else ""
    zh = lang == "zh"
    cells = f"{'依据' if zh else 'cells'}{'：' if zh else ': '}{line.sources}" if line.sources else ""
    fund = f"{'资金' if zh else 'fund'}{'：' if zh else ': '}{line.fund}" if line.amount and line.fund else ""
    near = ""
    if line.near_is_close:
        near = f"距门槛 1% 以内：{line.near}" if zh else f"within 1 % of a threshold: {line.near}"
    basis = (line.says("formula"), line.says("reason_text"), near, cells, fund)
    return f"{line.article} {line.title}{thing}", line.status, grouped(line.amount), tuple(filter(None, basis))


def sheet_html(explanation: Explanation, lang: Lang) -> str:
    """The decision sheet as a web page: A4, one page, black on white."""
    it = sheet_of(explanation, lang)
    style = f"""
@page{{size:A4 portrait;margin:12mm 14mm}}
body{{font:{it.size}pt/1.35 "Noto Serif CJK SC","Source Han Serif SC",SimSun,"Songti SC",serif;color:#000;margin:0 auto;max-width:182mm}}
h1{{font-size:16pt;text-align:center;margin:0 0 1mm;letter-spacing:.1em}}p{{text-align:center;margin:0 0 2mm}}
table{{border-collapse:collapse;width:100%;table-layout:fixed;margin-bottom:-1px}}td,th{{border:1px solid #000;padding:.9mm 1.4mm;vertical-align:middle;overflow-wrap:anywhere}}
th{{font-weight:600;background:#f2f2f2}}td.n{{text-align:right;white-space:nowrap}}td.c{{text-align:center}}.o td{{height:13mm;vertical-align:bottom;text-align:right}}
@media screen{{body{{margin:10mm auto;padding:0 4mm}}}}
"""
    rows = [f"<h1>{escape(it.title)}</h1><p>{escape(it.subtitle)}</p>"]
    people = "".join(
        f"<tr><th>{escape(a)}</th><td>{escape(b)}</td><th>{escape(c)}</th><td>{escape(d)}</td></tr>" for a, b, c, d in it.facts
    )  # fmt: skip
    rows.append(f'<table><col style="width:16%"><col style="width:42%"><col style="width:12%"><col>{people}</table>')
    columns = "".join(f'<col style="width:{width}%">' for width in WIDTHS)
    head = "".join(f"<th>{escape(text)}</th>" for text in it.heads)
    body = "".join(
        f'<tr><td>{escape(what)}</td><td class="c">{escape(status)}</td><td class="n">{escape(amount)}</td><td>{"<br>".join(map(escape, basis))}</td></tr>'
        for what, status, amount, basis in it.lines
    )
    rows.append(f"<table>{columns}<tr>{head}</tr>{body}</table>")
    sums = "".join(f'<tr><th>{escape(label)}</th><td class="n">{escape(text)}</td></tr>' for label, text in it.totals)
    rows.append(f'<table><col style="width:70%"><col>{sums}</table>')
    notes = "".join(f"<tr><th>{escape(label)}</th><td>{escape(text)}</td></tr>" for label, text in it.notes)
    rows.append(f'<table><col style="width:16%"><col>{notes}</table>')
    signed = "".join(f"<tr><th>{escape(label)}</th><td>{escape(text)}</td></tr>" for label, text in it.opinions)
    rows.append(f'<table class="o"><col style="width:16%"><col>{signed}</table>')
    return page(f"{it.title} {it.name}", lang, style, "\n".join(rows))
