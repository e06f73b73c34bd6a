"""The cost curve of one parameter: bars in a terminal, CSV, JSON, a workbook with a chart."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.finding import Lang
from anqing_subsidy.money import grouped, plain
from anqing_subsidy.report.compare.words import signed
from anqing_subsidy.report.explain.widths import width_of
from anqing_subsidy.report.plain_table import bar, table
from anqing_subsidy.report.sheets_layout import Chart, Column, Sheet, chosen, yuan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.policy.model import Policy

SCHEMA: Final = "anqing-subsidy/sweep/1"
_LEAST_BAR: Final = 10
_MOST_BAR: Final = 60
UNWRAPPED: Final = 10_000
"""A width that folds nothing: room for the bars is left already."""


@dataclass(frozen=True)
class Point:
    """A value of the parameter, and what it comes to in fen: in all, in its own clause (if it is of one), by fund.

    `paid` and `lines` say how many applicants and lines get something.
    """

    value: str
    total: int
    own: int | None
    by_fund: tuple[int, ...]
    paid: int
    lines: int


@dataclass(frozen=True)
class Curve:
    """The points of one parameter, beside the value that the file has."""

    path: str
    current: str
    base: Point
    points: tuple[Point, ...]
    policy: Policy
    inputs: tuple[tuple[str, str], ...]


def point_of(path: str, value: str, assessment: Assessment) -> Point:
    """What one value of a parameter comes to; the assessment behind it need not be kept."""
    people, lines = assessment.applicants, assessment.lines
    funds = tuple(int(people[f"fund:{fund}"].sum()) for fund in assessment.policy.funds)
    total, paid = int(people["total"].sum()), int((people["total"] > 0).sum())
    clause = next((part for part in path.split(".") if part in assessment.policy.clauses), None)
    own = None if clause is None else int(lines.filter(pl.col("clause") == clause)["amount"].sum())
    return Point(value, total, own, funds, paid, int((lines["amount"] > 0).sum()))


def text_lines(curve: Curve, lang: Lang, width: int) -> Iterator[str]:
    """The curve as a table with bars."""
    zh = lang == "zh"
    yield f"{curve.path} = {curve.current}{'（现行）' if zh else ' (in force)'}: {grouped(curve.base.total)}{' 元' if zh else ' yuan'}"
    yield ""
    own = curve.base.own is not None
    heads = ["取值", "合计（元）", "比现行", "户数", "条数"] if zh else ["value", "total", "change", "paid", "lines"]
    if own:
        heads.insert(1, "本条（元）" if zh else "clause")
    rows = []
    for point in curve.points:
        change = signed(point.total - curve.base.total)
        row = [_marked(point, curve), grouped(point.total), change, f"{point.paid:,}", f"{point.lines:,}"]
        if point.own is not None:
            row.insert(1, grouped(point.own))
        rows.append(row)
    right = range(len(heads))
    bare = list(table([*heads, ""], [[*row, ""] for row in rows], right, width))
    room = min(max(width - max(map(width_of, bare)) - len(heads), _LEAST_BAR), _MOST_BAR)
    # the bars are those of the clause itself: beside everything else a change would hardly be seen
    lengths = [point.total if point.own is None else point.own for point in curve.points]
    drawn = [[*row, bar(length, max(lengths), room)] for row, length in zip(rows, lengths, strict=True)]
    yield from table([*heads, ""], drawn, right, UNWRAPPED)


def _marked(point: Point, curve: Curve) -> str:
    return f"* {point.value}" if point.value == curve.current else point.value


def frame_of(curve: Curve) -> pl.DataFrame:
    """The points as a frame; amounts in fen."""
    funds = {
        f"fund:{fund}": [point.by_fund[at] for point in curve.points] for at, fund in enumerate(curve.policy.funds)
    }
    return pl.DataFrame(
        {
            "value": [point.value for point in curve.points],
            "total": [point.total for point in curve.points],
            "change": [point.total - curve.base.total for point in curve.points],
            "own": pl.Series([point.own for point in curve.points], dtype=pl.Int64),
            **funds,
            "applicants_paid": [point.paid for point in curve.points],
            "lines_paid": [point.lines for point in curve.points],
        }
    )


def csv_text(curve: Curve) -> str:
    """The points as CSV, a value a row; amounts in yuan."""
    funds = list(curve.policy.funds)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["param", "value", "total", "change", *funds, "applicants_paid", "lines_paid"])
    for point in curve.points:
        change = point.total - curve.base.total
        rows.writerow([curve.path, point.value, plain(point.total), plain(change), *map(plain, point.by_fund), point.paid, point.lines])  # fmt: skip
    return text.getvalue()


def record(curve: Curve) -> dict[str, Any]:
    """The curve as JSON; money as text in yuan."""
    policy = curve.policy
    readings = {reading.id: reading.value for reading in policy.readings.values()}
    return {
        "schema": SCHEMA,
        "policy": {"id": policy.id, "sha256": policy.sha256, "year": policy.year, "readings": readings},
        "inputs": [{"path": path, "sha256": digest} for path, digest in curve.inputs],
        "param": curve.path,
        "current": _point(curve.base, policy.funds),
        "points": [_point(point, policy.funds) for point in curve.points],
    }


def _point(point: Point, funds: Sequence[str] | Any) -> dict[str, Any]:  # noqa: ANN401  # the keys of a mapping
    by_fund = {fund: plain(amount) for fund, amount in zip(funds, point.by_fund, strict=True)}
    return {"value": point.value, "total": plain(point.total), "clause_total": None if point.own is None else plain(point.own), "by_fund": by_fund, "applicants_paid": point.paid, "lines_paid": point.lines}  # fmt: skip


def write(curve: Curve, lang: Lang, path: Path) -> None:
    """A workbook: the points and the curve."""
    from anqing_subsidy.report.sheets_results import fund_headers
    from anqing_subsidy.report.workbook import write_sheets

    zh = lang == "zh"
    columns = [
        Column(curve.path, pl.col("value"), "long", 34),
        Column(yuan("合计" if zh else "Total", lang), pl.col("total"), "money", 18),
        Column(yuan("比现行" if zh else "Change", lang), pl.col("change"), "money", 18),
        *(
            [Column(yuan("本条" if zh else "Clause", lang), pl.col("own"), "money", 18)]
            if curve.base.own is not None
            else []
        ),
        *(
            Column(header, pl.col(f"fund:{fund}"), "money", 22)
            for fund, header in fund_headers(curve.policy, lang).items()
        ),
        Column("获补户数" if zh else "Applicants paid", pl.col("applicants_paid"), "count", 12),
        Column("获补条数" if zh else "Lines paid", pl.col("lines_paid"), "count", 12),
    ]
    title = f"{curve.path}：合计（元）" if zh else f"{curve.path}: total (yuan)"
    chart = Chart(title, columns[0].header, columns[1].header, kind="line")
    sheet = Sheet("取值测算" if zh else "Sweep", columns, chosen(frame_of(curve), columns), 1, chart=chart)
    write_sheets([sheet], path, curve.policy, lang)
