"""The sheets of applicants and lines: summary, lines, and what is left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Finding, Lang, Text
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.files import Files
from anqing_subsidy.report.missing_cells import cells_waited_for
from anqing_subsidy.report.sheets_layout import (
    SEVERITY_TINT,
    STATUS_TINT,
    Column,
    Sheet,
    Tint,
    chosen,
    total,
    with_totals,
    yuan,
)
from anqing_subsidy.report.words import SEVERITY, STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.policy.model import Policy

TOTAL: Final = Text("合计", "Total")
CODE: Final = Text("统一社会信用代码", "Credit code")
NAME: Final = Text("名称", "Name")
COUNTY: Final = Text("县区", "County")
_OPEN: Final = Text("未定", "open")
_COUNTED: Final[Mapping[str, tuple[Text, tuple[str, ...]]]] = {
    "good": (Text("符合条数", "Eligible"), ("eligible", "eligible_with_held")),
    "pending": (Text("待补条数", "Pending"), ("pending",)),
    "held": (Text("暂扣条数", "Held"), ("held",)),
    "invalid": (Text("有误条数", "Invalid"), ("invalid",)),
    "off": (Text("不予支持条数", "Not paid"), ("ineligible", "excluded", "superseded")),
}
_TO_DO: Final = {"invalid": 0, "held": 1, "pending": 2, "eligible_with_held": 3}
"""The statuses that wait for somebody, and the order in which they stand."""


def fund_headers(policy: Policy, lang: Lang) -> dict[str, str]:
    """The header of each fund's amounts; two funds of one title keep apart."""
    titles = [title.say(lang) for title in policy.funds.values()]
    return {
        fund: yuan(title.say(lang) if titles.count(title.say(lang)) == 1 else f"{title.say(lang)} {fund}", lang)
        for fund, title in policy.funds.items()
    }


def summary(assessment: Assessment, lang: Lang) -> Sheet:
    """A row an applicant, and the totals."""
    lines = assessment.lines.group_by("applicant").agg(
        pl.col("status").is_in(which).sum().cast(pl.Int64).alias(name) for name, (_, which) in _COUNTED.items()
    )
    if assessment.cuts:
        lines = lines.join(cut_by_budgets(assessment), on="applicant", how="left", maintain_order="left")
    source = assessment.applicants.join(lines, left_on="row", right_on="applicant", how="left", maintain_order="left")
    columns = [
        Column(CODE.say(lang), pl.col("code"), "code", 21),
        Column(NAME.say(lang), pl.col("name"), "long", 38),
        Column(COUNTY.say(lang), pl.col("county"), "long", 12),
        Column(yuan("合计金额" if lang == "zh" else "Amount", lang), pl.col("total"), "money", 16),
        *(
            Column(header, pl.col(f"fund:{fund}"), "money", 20)
            for fund, header in fund_headers(assessment.policy, lang).items()
        ),
        Column(
            yuan("潜在金额" if lang == "zh" else "Potential", lang), pl.col("potential"), "money", 16, _OPEN.say(lang)
        ),
        *(Column(header.say(lang), pl.col(name).fill_null(0), "count", 9) for name, (header, _) in _COUNTED.items()),
    ]
    if assessment.cuts:
        header = yuan("预算压减" if lang == "zh" else "Cut by budgets", lang)
        columns.append(Column(header, pl.col("cut").fill_null(0), "money", 16))
    frame = chosen(source, columns)
    sums: dict[str, str | int] = {
        columns[0].header: TOTAL.say(lang),
        columns[1].header: f"{frame.height} 家" if lang == "zh" else f"{frame.height} applicants",
    }
    for column in columns:
        # what nothing bounds has no sum
        if column.kind in ("money", "count") and not frame[column.header].has_nulls():
            sums[column.header] = total(frame[column.header])
    return Sheet(Text("汇总", "Summary").say(lang), columns, with_totals(frame, [sums]), 2, totals=[TOTAL.say(lang)])


def lines(detail: pl.DataFrame, lang: Lang) -> Sheet:
    """A row a line, with everything that explains it."""
    zh = lang == "zh"
    columns = [
        Column(CODE.say(lang), pl.col("uscc"), "code", 20),
        Column(NAME.say(lang), pl.col("name"), "long", 18),
        Column(COUNTY.say(lang), pl.col("county"), "long", 8),
        Column("条款" if zh else "Article", pl.col("article"), "long", 9),
        Column("项目" if zh else "Award", pl.col("title"), "long", 15),
        Column("对象" if zh else "Object", pl.col("object_id"), "long", 9),
        Column("状态" if zh else "Status", pl.col("status_text"), "long", 9, tints=status_tints(lang)),
        Column(yuan("金额" if zh else "Amount", lang), pl.col("amount"), "money", 14),
        Column(yuan("潜在金额" if zh else "Potential", lang), pl.col("potential"), "money", 14),
        Column(yuan("计算额" if zh else "Gross", lang), pl.col("gross"), "money", 14),
        Column(yuan("上限" if zh else "Cap", lang), pl.col("cap"), "money", 13),
        Column(
            "资金" if zh else "Fund",
            # a line of nothing names the fund that would pay
            pl.when(pl.col("amount") > 0).then("fund_parts").otherwise(pl.col("fund_name")),
            "long",
            15,
        ),
        Column("理由" if zh else "Reason", pl.col("reason_text"), "long", 30),
        Column("计算过程" if zh else "Formula", pl.col("formula"), "long", 24),
        Column("缺少" if zh else "Missing", pl.col("missing"), "long", 14),
        Column("来源单元格" if zh else "Source cells", pl.col("sources"), "long", 14),
        Column("标记" if zh else "Flags", pl.col("flags"), "long", 9),
        Column("再差多少" if zh else "Nearest to more", pl.col("near"), "long", 16),
    ]
    return Sheet(Text("明细", "Lines").say(lang), columns, chosen(detail, columns), 2)


def to_do(assessment: Assessment, detail: pl.DataFrame, lang: Lang) -> Sheet:
    """Errors found, then lines that wait for somebody, then warnings and notes, each with what to do."""
    zh = lang == "zh"
    people = pl.col("uscc"), pl.col("name"), pl.col("county")
    cells = cells_waited_for(Describer(assessment, lang))
    waiting = detail.with_columns(cells=pl.when(cells != "").then(cells).otherwise("sources")).select(
        pl.col("status").replace_strict(_TO_DO, default=None, return_dtype=pl.Int64).alias("rank"),
        pl.col("status_text").alias("kind"), pl.col("reason").alias("code"), *people,
        (pl.col("article") + " " + pl.col("title")).alias("clause"), pl.col("object_id").alias("value"), "potential",
        pl.col("cells").alias("cell"), pl.col("reason_text").alias("message"), "todo",
    ).drop_nulls("rank").sort("rank", maintain_order=True).drop("rank")  # fmt: skip
    found = {
        severity: [finding for finding in assessment.findings if finding.severity == severity] for severity in SEVERITY
    }
    files = Files(assessment.tables)
    below = _findings([*found["warning"], *found["info"]], files, lang)
    parts = [_findings(found["error"], files, lang), waiting, below]
    columns = [
        Column(
            "类别" if zh else "Kind",
            pl.col("kind"),
            "long",
            15,
            tints={**status_tints(lang), **{SEVERITY[key].say(lang): tint for key, tint in SEVERITY_TINT.items()}},
        ),
        Column("代码" if zh else "Code", pl.col("code"), "long", 22),
        Column(CODE.say(lang), pl.col("uscc"), "code", 21),
        Column(NAME.say(lang), pl.col("name"), "long", 22),
        Column(COUNTY.say(lang), pl.col("county"), "long", 9),
        Column("条款" if zh else "Clause", pl.col("clause"), "long", 20),
        Column(yuan("潜在金额" if zh else "Potential", lang), pl.col("potential"), "money", 15),
        Column("文件" if zh else "File", pl.col("file"), "long", 16),
        Column("工作表" if zh else "Sheet", pl.col("sheet"), "long", 12),
        Column("单元格" if zh else "Cell", pl.col("cell"), "long", 16),
        Column("值或对象" if zh else "Value or object", pl.col("value"), "long", 18),
        Column("说明" if zh else "Message", pl.col("message"), "long", 42),
        Column("怎么办" if zh else "What to do", pl.col("todo"), "long", 34),
    ]
    source = pl.concat([*parts, _findings([], files, lang)], how="diagonal_relaxed")
    return Sheet(Text("待处理", "To do").say(lang), columns, chosen(source, columns), 1)


def cut_by_budgets(assessment: Assessment) -> pl.DataFrame:
    """What budgets took from each applicant: in all (`cut`), and of the part of each fund."""
    funds = [f"cut:fund:{fund}" for fund in assessment.policy.funds]
    sums = assessment.lines.group_by("applicant", maintain_order=True).agg(pl.col(*funds).sum())
    return sums.with_columns(cut=pl.sum_horizontal(funds))


def status_tints(lang: Lang) -> dict[str, Tint]:
    """The colour of each status by its words."""
    return {text.say(lang): STATUS_TINT.get(status, "off") for status, text in STATUS.items()}


_FINDING: Final = ("kind", "code", "file", "sheet", "cell", "value", "message", "todo")


def _findings(findings: list[Finding], files: Files, lang: Lang) -> pl.DataFrame:
    rows = [_cells(finding, files, lang) for finding in findings]
    return pl.DataFrame(rows, schema=dict.fromkeys(_FINDING, pl.String), orient="row")


def _cells(finding: Finding, files: Files, lang: Lang) -> tuple[str | None, ...]:
    place = finding.place
    where: tuple[str | None, str | None, str] = (None, None, "")
    if place is not None:
        where = files.name(place.file), place.sheet, f"{place.column or ''}{place.row or ''}"
    return (
        SEVERITY[finding.severity].say(lang),
        finding.code,
        *where,
        finding.value,
        files.shorten(finding.message.say(lang)),
        finding.fix.say(lang),
    )
