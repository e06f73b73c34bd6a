"""Every reading turned once: what each option would cost, and who would gain or lose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.finding import Lang, Text
from anqing_subsidy.money import grouped, plain
from anqing_subsidy.report.compare.words import clause_name, signed
from anqing_subsidy.report.explain.widths import wrapped
from anqing_subsidy.report.plain_table import table
from anqing_subsidy.report.sheets_layout import Chart, Column, Sheet, chosen, yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.engine.compared import Comparison
    from anqing_subsidy.policy.model import Policy, Reading

SCHEMA: Final = "anqing-subsidy/compare-readings/1"


@dataclass(frozen=True)
class Cost:
    """One option of a reading: what all applicants come to under it, who gains and loses, the sums by clause in fen.

    `moved` is what changes the fund, though no amount does.
    """

    reading: Reading
    option: str
    total: int
    change: int
    gain: int
    lose: int
    by_clause: tuple[tuple[str, str, int], ...]
    moved: int


@dataclass(frozen=True)
class Costs:
    """All options, the greatest change first, beside what the readings in force come to."""

    base: Assessment
    total: int
    options: tuple[Cost, ...]


def cost_of(option: tuple[str, str], comparison: Comparison, lang: Lang) -> Cost:
    """What a comparison says of one option; the assessments behind it need not be kept."""
    before, after = comparison.totals
    changed = comparison.by_clause.filter(pl.col("change") != 0)
    return Cost(
        comparison.before.policy.readings[option[0]],
        option[1],
        after,
        after - before,
        comparison.gaining.height,
        comparison.losing.height,
        tuple((key, clause_name(comparison, key, lang), change) for key, _, _, change in changed.rows()),
        int(comparison.by_fund["change"].abs().sum()) // 2 if after == before else 0,
    )


def costs_of(base: Assessment, options: Iterable[Cost]) -> Costs:
    """All options in the order of what they change."""
    ordered = sorted(options, key=lambda cost: (-abs(cost.change), -(cost.gain + cost.lose), -cost.moved))
    return Costs(base, int(base.applicants["total"].sum()), tuple(ordered))


def text_lines(costs: Costs, lang: Lang, width: int) -> Iterator[str]:
    """The table as lines of text; options that change nothing by name."""
    zh = lang == "zh"
    yield (
        f"现行口径合计 {grouped(costs.total)} 元"
        if zh
        else f"the readings in force come to {grouped(costs.total)} yuan"
    )
    yield ""
    heads = ("口径", "现行", "改为", "合计（元）", "增减（元）", "增", "减") if zh else ("reading", "in force", "turned to", "total", "change", "gain", "lose")  # fmt: skip
    matter = [cost for cost in costs.options if cost.change or cost.gain or cost.lose or cost.moved]
    rows = [(f"{cost.reading.title.say(lang)} ({cost.reading.id})", _says(cost.reading, cost.reading.value, lang), _says(cost.reading, cost.option, lang), grouped(cost.total), signed(cost.change), f"{cost.gain:,}", f"{cost.lose:,}") for cost in matter]  # fmt: skip
    if rows:
        yield from table(heads, rows, (3, 4, 5, 6), width)
    for cost in matter:
        if cost.moved:
            title = cost.reading.title.say(lang)
            yield (f"{title}：总额不变，{grouped(cost.moved)} 元换由另一项资金承担" if zh else f"{title}: no amount changes; {grouped(cost.moved)} yuan move to another fund")  # fmt: skip
    rest = [f"{cost.reading.id}={cost.option}" for cost in costs.options if cost not in matter]
    if rest:
        yield ""
        listing = ("不改变应付金额的：" if zh else "no amount changes with: ") + ("、" if zh else ", ").join(rest)
        yield from wrapped(listing, width)


def _says(reading: Reading, option: str, lang: Lang) -> str:
    return f"{reading.says[option].say(lang)} ({option})"


def record(costs: Costs) -> dict[str, Any]:
    """The table as JSON; money as text in yuan."""
    policy: Policy = costs.base.policy
    return {
        "schema": SCHEMA,
        "policy": {
            "id": policy.id, "sha256": policy.sha256, "year": policy.year,
            "readings": {reading.id: reading.value for reading in policy.readings.values()},
        },
        "inputs": [{"path": source.path, "sha256": source.sha256} for source in costs.base.tables.inputs],
        "applicants": costs.base.applicants.height,
        "total": plain(costs.total),
        "readings": [
            {
                "reading": cost.reading.id, "title": {"zh": cost.reading.title.zh, "en": cost.reading.title.en},
                "in_force": cost.reading.value, "option": cost.option, "total": plain(cost.total), "change": plain(cost.change),
                "gain": cost.gain, "lose": cost.lose, "moved_between_funds": plain(cost.moved),
                "by_clause": {key: plain(change) for key, _, change in cost.by_clause},
            }
            for cost in costs.options
        ],
    }  # fmt: skip


def write(costs: Costs, lang: Lang, path: Path) -> None:
    """A workbook: the table with a chart of the changes, and the changes by clause."""
    from anqing_subsidy.report.workbook import write_sheets

    zh = lang == "zh"
    options = pl.DataFrame(
        [
            (c.reading.title.say(lang), f"{c.reading.id}={c.option}", _says(c.reading, c.reading.value, lang), _says(c.reading, c.option, lang), c.total, c.change, c.gain, c.lose, c.moved)
            for c in costs.options
        ],
        schema=["title", "set", "now", "other", "total", "change", "gain", "lose", "moved"],
        orient="row",
    )  # fmt: skip
    columns = [
        Column("口径" if zh else "Reading", pl.col("title"), "long", 30),
        Column("设定" if zh else "Setting", pl.col("set"), "long", 30),
        Column("现行" if zh else "In force", pl.col("now"), "long", 26),
        Column("改为" if zh else "Turned to", pl.col("other"), "long", 26),
        Column(yuan("合计" if zh else "Total", lang), pl.col("total"), "money", 18),
        Column(yuan("增减" if zh else "Change", lang), pl.col("change"), "money", 18),
        Column("增加户数" if zh else "Gain", pl.col("gain"), "count", 9),
        Column("减少户数" if zh else "Lose", pl.col("lose"), "count", 9),
        Column(yuan("换资金" if zh else "Moved between funds", lang), pl.col("moved"), "money", 16),
    ]
    title = Text("各口径改变后的增减（元）", "Change by reading (yuan)").say(lang)
    chart = Chart(title, columns[1].header, columns[5].header)
    rows = [(f"{c.reading.id}={c.option}", name, change) for c in costs.options for _, name, change in c.by_clause]
    changes = pl.DataFrame(rows, schema={"set": pl.String, "clause": pl.String, "change": pl.Int64}, orient="row")
    each = [columns[1], Column("条款" if zh else "Clause", pl.col("clause"), "long", 44), columns[5]]
    write_sheets(
        [
            Sheet("各口径测算" if zh else "Readings", columns, chosen(options, columns), 2, chart=chart),
            Sheet("分条款" if zh else "By clause", each, chosen(changes, each), 1),
        ],
        path,
        costs.base.policy,
        lang,
    )
