"""Two assessments side by side: in a terminal, as JSON, as a workbook with a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.finding import Lang, Text
from anqing_subsidy.money import grouped, plain
from anqing_subsidy.report.compare.words import clause_name, fund_name, side_name, signed
from anqing_subsidy.report.plain_table import table
from anqing_subsidy.report.sheets_layout import Chart, Column, Sheet, chosen, yuan
from anqing_subsidy.report.sheets_results import CODE, COUNTY, NAME
from anqing_subsidy.report.words import STATUS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from anqing_subsidy.engine.compared import Comparison
    from anqing_subsidy.policy.model import Policy

SCHEMA: Final = "anqing-subsidy/compare/1"
_SHOWN: Final = 10
_BEFORE: Final = Text("原", "before")
_AFTER: Final = Text("新", "after")
_CHANGE: Final = Text("增减", "change")
_BLANK: Final = Text("（未填）", "(blank)")


def text_lines(comparison: Comparison, lang: Lang, width: int, *, everything: bool) -> Iterator[str]:
    """The comparison as lines of text; with `everything` all who gain and lose, else the first ten."""
    zh, people = lang == "zh", comparison.people
    one, other = comparison.before.policy, comparison.after.policy
    yield f"{_BEFORE.say(lang)}: {side_name(one, other, lang)}"
    yield f"{_AFTER.say(lang)}: {side_name(other, one, lang)}"
    before, after = comparison.totals
    gaining, losing = comparison.gaining, comparison.losing
    yield (
        f"合计 {grouped(before)} → {grouped(after)} 元（{signed(after - before)}）；{people.height:,} 户中 {gaining.height:,} 户增加，{losing.height:,} 户减少"
        if zh
        else f"total {grouped(before)} -> {grouped(after)} yuan ({signed(after - before)}); of {people.height:,} applicants {gaining.height:,} gain, {losing.height:,} lose"
    )
    heads = (_BEFORE.say(lang), _AFTER.say(lang), _CHANGE.say(lang))
    blocks: tuple[tuple[Text, pl.DataFrame, Callable[[str], str]], ...] = (
        (Text("条款", "clause"), comparison.by_clause, lambda key: clause_name(comparison, key, lang)),
        (Text("资金", "fund"), comparison.by_fund, lambda key: fund_name(comparison, key, lang)),
        (COUNTY, comparison.by_county, lambda key: key or _BLANK.say(lang)),
    )
    for label, frame, name in blocks:
        rows = [(name(key), *map(grouped, (a, b)), signed(c)) for key, a, b, c in frame.rows() if a or b]
        if rows:
            yield ""
            yield from table((label.say(lang), *heads), rows, (1, 2, 3), width)
    for label, some in ((Text("增加", "gain"), gaining), (Text("减少", "lose"), losing)):
        shown = some if everything else some.head(_SHOWN)
        if shown.height:
            yield ""
            rows = [
                (name or "", code or "", grouped(a), grouped(b), signed(c)) for code, name, _, a, b, c in shown.rows()
            ]
            yield from table((label.say(lang), CODE.say(lang), *heads), rows, (2, 3, 4), width)
        if some.height > shown.height:
            rest = some.height - shown.height
            yield f"…… 另有 {rest:,} 户（--all 全部列出）" if zh else f"... and {rest:,} more (--all lists them)"


def record(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON: money as text in yuan; only applicants and lines that differ."""
    before, after = comparison.totals
    people = comparison.people.filter(pl.col("change") != 0)
    keys = ("before", "after", "change")

    def sums(frame: pl.DataFrame) -> dict[str, dict[str, str]]:
        return {key: dict(zip(keys, map(plain, values), strict=True)) for key, *values in frame.rows()}

    return {
        "schema": SCHEMA,
        "before": _side(comparison.before.policy),
        "after": _side(comparison.after.policy),
        "inputs": [
            {"path": source.path, "sha256": source.sha256} for source in comparison.before.tables.inputs
        ],
        "totals": {
            **dict(zip(keys, map(plain, (before, after, after - before)), strict=True)),
            "applicants": comparison.people.height,
            "gain": comparison.gaining.height,
            "lose": comparison.losing.height,
        },
        "by_clause": sums(comparison.by_clause),
        "by_fund": sums(comparison.by_fund),
        "by_county": sums(comparison.by_county),
        "applicants": [
            {"uscc": code, "name": name, "county": county, **dict(zip(keys, map(plain, values), strict=True))}
            for code, name, county, *values in people.rows()
        ],
        "lines": [
            {
                "uscc": row["code"], "clause": row["clause"], "object_id": row["object"], "status_before": row["status"],
                "status_after": row["status_after"], **{key: plain(row[key]) for key in keys},
            }
            for row in comparison.lines.iter_rows(named=True)
        ],
    }  # fmt: skip


def _side(policy: Policy) -> dict[str, Any]:
    readings = {reading.id: reading.value for reading in policy.readings.values()}
    return {"id": policy.id, "file": policy.file, "sha256": policy.sha256, "year": policy.year, "readings": readings}


def sheets(comparison: Comparison, lang: Lang) -> list[Sheet]:
    """The sheets of a workbook: sums by clause with a chart, by fund and county, applicants, lines."""
    zh = lang == "zh"
    money = [
        Column(yuan(label.say(lang).capitalize(), lang), pl.col(name), "money", 18)
        for label, name in ((_BEFORE, "before"), (_AFTER, "after"), (_CHANGE, "change"))
    ]
    clauses = comparison.by_clause.filter((pl.col("before") != 0) | (pl.col("after") != 0))
    clauses = clauses.with_columns(name=pl.col("key").map_elements(lambda key: clause_name(comparison, key, lang), pl.String))  # fmt: skip
    by_clause = [Column("条款" if zh else "Clause", pl.col("name"), "long", 44), *money]
    chart = Chart(
        Text("各条款金额（元）", "Amount by clause (yuan)").say(lang), by_clause[0].header, money[0].header, (money[1].header,)
    )  # fmt: skip
    rest = pl.concat(
        [
            comparison.by_fund.with_columns(name=pl.col("key").map_elements(lambda key: fund_name(comparison, key, lang), pl.String)),
            comparison.by_county.with_columns(name=pl.col("key").replace("", _BLANK.say(lang))),
        ]
    )  # fmt: skip
    kinds = ["资金" if zh else "Fund"] * comparison.by_fund.height + [COUNTY.say(lang)] * comparison.by_county.height
    before, after = comparison.totals
    whole = pl.DataFrame({"key": [""], "before": [before], "after": [after], "change": [after - before], "name": [""]})
    rest = pl.concat([whole, rest]).with_columns(kind=pl.Series(["合计" if zh else "Total", *kinds]))
    sums = [Column("分项" if zh else "By", pl.col("kind"), "long", 10), Column("名称" if zh else "Name", pl.col("name"), "long", 44), *money]  # fmt: skip
    people = comparison.people.filter(pl.col("change") != 0).sort("change", descending=True, maintain_order=True)
    who = [
        Column(CODE.say(lang), pl.col("code"), "code", 21),
        Column(NAME.say(lang), pl.col("name"), "long", 38),
        Column(COUNTY.say(lang), pl.col("county"), "long", 12),
        *money,
    ]
    names = {status: text.say(lang) for status, text in STATUS.items()}
    known = list(dict.fromkeys(comparison.lines["clause"]))
    lines = comparison.lines.with_columns(
        clause=pl.col("clause").replace_strict({key: clause_name(comparison, key, lang) for key in known} or {"": ""}, default=""),
        status=pl.col("status").replace_strict(names, default="—"),
        status_after=pl.col("status_after").replace_strict(names, default="—"),
    )  # fmt: skip
    each = [
        *who[:2],
        Column("条款" if zh else "Clause", pl.col("clause"), "long", 34),
        Column("对象" if zh else "Object", pl.col("object"), "long", 14),
        Column("原状态" if zh else "Status before", pl.col("status"), "long", 14),
        Column("新状态" if zh else "Status after", pl.col("status_after"), "long", 14),
        *money,
    ]
    return [
        Sheet("条款对比" if zh else "By clause", by_clause, chosen(clauses, by_clause), 1, chart=chart),
        Sheet("合计与分项" if zh else "Totals", sums, chosen(rest, sums), 2),
        Sheet("增减主体" if zh else "Applicants", who, chosen(people, who), 2),
        Sheet("增减明细" if zh else "Lines", each, chosen(lines, each), 2),
    ]


def write(comparison: Comparison, lang: Lang, path: Path) -> None:
    """The workbook."""
    from anqing_subsidy.report.workbook import ROWS, write_sheets

    pages = [page for sheet in sheets(comparison, lang) for page in sheet.pages(ROWS)]
    write_sheets(pages, path, comparison.after.policy, lang)
