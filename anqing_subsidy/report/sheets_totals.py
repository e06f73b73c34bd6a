"""The sheets of sums: statistics with a chart, and the list by which each fund pays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.finding import Lang, Text
from anqing_subsidy.report.cut_short import CutShort
from anqing_subsidy.report.sheets_layout import Chart, Column, Sheet, chosen, total, with_totals, yuan
from anqing_subsidy.report.sheets_results import CODE, COUNTY, NAME, TOTAL, cut_by_budgets, status_tints
from anqing_subsidy.report.texts import grouped, put
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anqing_subsidy.engine.assessment import Assessment

_SUBTOTAL: Final = Text("小计", "Subtotal")


def statistics(assessment: Assessment, detail: pl.DataFrame, lang: Lang) -> Sheet:
    """Counts and amounts by clause, county, fund and status, side by side, and a chart by clause."""
    zh = lang == "zh"
    policy = assessment.policy
    rows, paid, amount = (
        pl.len().cast(pl.Int64),
        (pl.col("amount") > 0).sum().cast(pl.Int64),
        pl.col("amount").cast(pl.Int128).sum(),
    )
    sums = (rows.alias("lines"), paid.alias("paid"), amount.alias("amount"))
    order = pl.DataFrame(
        {
            "clause": list(policy.clauses),
            "article": [clause.article for clause in policy.clauses.values()],
            "title": [clause.title.say(lang) for clause in policy.clauses.values()],
        }
    )
    by_clause = (
        order.join(detail.group_by("clause").agg(sums), on="clause", how="left", maintain_order="left")
        .drop("clause")
        .with_columns(pl.col("lines", "paid", "amount").fill_null(0))
    )
    county = pl.col("county").fill_null("").replace("", "（未填）" if zh else "(blank)")
    by_county = (
        detail.group_by(county, maintain_order=True).agg(sums).sort("amount", descending=True, maintain_order=True)
    )
    funds = [
        (title.say(lang), int((detail[f"fund:{fund}"] > 0).sum()), total(detail[f"fund:{fund}"]))
        for fund, title in policy.funds.items()
    ]
    funds.append((TOTAL.say(lang), int((detail["amount"] > 0).sum()), total(detail["amount"])))
    by_fund = pl.DataFrame(funds, schema={"fund": pl.String, "paid": pl.Int64, "amount": pl.Int128}, orient="row")
    by_status = (
        detail.group_by(pl.col("status_text"), maintain_order=True)
        .agg(rows.alias("lines"), amount.alias("amount"))
        .sort("lines", descending=True, maintain_order=True)
    )
    blocks = {"clause": by_clause, "county": by_county, "fund": by_fund, "status": by_status}
    if assessment.cuts:
        blocks["budget"] = _budgets(assessment, lang)
    source = _beside(blocks)

    def name(block: str, column: str) -> pl.Expr:
        return pl.col(f"{block}.{column}")

    def counts(block: str, words: Text, keys: Sequence[str]) -> list[Column]:
        said = words.say(lang)
        found = []
        if "lines" in keys:
            found.append(Column(f"{said}条数" if zh else f"{said}: lines", name(block, "lines"), "count", 8))
        if "paid" in keys:
            found.append(Column(f"{said}获补条数" if zh else f"{said}: paid lines", name(block, "paid"), "count", 8))
        return [
            *found,
            Column(yuan(f"{said}金额" if zh else f"{said}: amount", lang), name(block, "amount"), "money", 17),
        ]

    columns = [
        Column("条款" if zh else "Article", name("clause", "article"), "long", 14),
        Column("项目" if zh else "Award", name("clause", "title"), "long", 30),
        *counts("clause", Text("条款", "Clause"), ("lines", "paid")),
        Column(COUNTY.say(lang), name("county", "county"), "long", 12),
        *counts("county", COUNTY, ("lines", "paid")),
        Column("资金" if zh else "Fund", name("fund", "fund"), "long", 26),
        *counts("fund", Text("资金", "Fund"), ("paid",)),
        Column("状态" if zh else "Status", name("status", "status_text"), "long", 14, tints=status_tints(lang)),
        *counts("status", Text("状态", "Status"), ("lines",)),
    ]
    if assessment.cuts:
        columns += [
            Column("预算" if zh else "Budget", name("budget", "name"), "long", 26),
            Column(yuan("预算额" if zh else "Budget", lang), name("budget", "limit"), "money", 17),
            Column(yuan("预算应付" if zh else "Budget: due", lang), name("budget", "due"), "money", 17),
            Column("压减比例" if zh else "Cut to", name("budget", "factor"), "long", 26),
        ]
    chart = Chart(Text("各条款金额（元）", "Amount by clause (yuan)").say(lang), columns[1].header, columns[4].header)
    return Sheet(Text("统计", "Statistics").say(lang), columns, chosen(source, columns), filtered=False, chart=chart)


def _budgets(assessment: Assessment, lang: Lang) -> pl.DataFrame:
    """The budgets that did not suffice: what there is, what was due, and the factor by which every line was cut."""
    short = CutShort(Wording(assessment.policy, lang), assessment.cuts)
    rows = [(short.title(cut), cut.budget, cut.due, cut.factor.say(lang)) for cut in assessment.cuts]
    schema = {"name": pl.String, "limit": pl.Int64, "due": pl.Int64, "factor": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _beside(blocks: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Frames side by side, each column under the name of its frame, the shorter ones filled up with blanks."""
    rows = max(block.height for block in blocks.values())
    return pl.concat(
        [
            pl.concat([block, block.clear(rows - block.height)]).select(pl.all().name.prefix(f"{name}."))
            for name, block in blocks.items()
        ],
        how="horizontal",
    )


def payments(assessment: Assessment, lang: Lang) -> Sheet:
    """Whom each fund pays how much to which account; a subtotal a fund, and the grand total."""
    zh = lang == "zh"
    policy, payee = assessment.policy, assessment.policy.payee
    people = assessment.store.rows[policy.main].frame
    at = assessment.applicants["row"]

    def typed(column: str | None, name: str) -> pl.Series:
        return (
            (
                people[column].gather(at)
                if column is not None
                else pl.Series([None], dtype=pl.String).new_from_index(0, at.len())
            )
            .cast(pl.String)
            .alias(name)
        )

    source = assessment.applicants.with_columns(typed(payee.bank_name, "bank"), typed(payee.bank_account, "account"))
    if assessment.cuts:
        source = source.join(cut_by_budgets(assessment), left_on="row", right_on="applicant", how="left", maintain_order="left")  # fmt: skip
    # where the policy asks for no accounts, none is missing
    missing = (pl.col("account").fill_null("").str.strip_chars() == "") & (payee.bank_account is not None)
    no_account = pl.when(missing).then(pl.lit("缺账号" if zh else "no account"))
    remark = pl.concat_str(no_account, pl.col("short"), separator="；" if zh else "; ", ignore_nulls=True)
    money = yuan("金额" if zh else "Amount", lang)
    columns = [
        Column("资金" if zh else "Fund", pl.col("fund"), "long", 46),
        Column("序号" if zh else "No.", pl.col("number"), "count", 6),
        Column(NAME.say(lang), pl.col("name"), "long", 32),
        Column(CODE.say(lang), pl.col("code"), "code", 21),
        Column(COUNTY.say(lang), pl.col("county"), "long", 10),
        Column("开户银行" if zh else "Bank", pl.col("bank"), "long", 40),
        Column("银行账号" if zh else "Account", pl.col("account"), "code", 26),
        Column(money, pl.col("due"), "money", 18),
        Column(
            "备注" if zh else "Remark", remark, "long" if assessment.cuts else "text", 26 if assessment.cuts else 10
        ),
    ]
    blocks = []
    for fund, title in policy.funds.items():
        due = source.filter(pl.col(f"fund:{fund}") > 0).with_columns(
            fund=pl.lit(title.say(lang)), due=pl.col(f"fund:{fund}"), number=pl.int_range(1, pl.len() + 1)
        )
        due = due.with_columns(short=_cut_short(due, f"cut:fund:{fund}", lang))
        blocks.append(
            with_totals(chosen(due, columns), [_sum_row(columns, money, _SUBTOTAL.say(lang), due["due"], lang)])
        )
    everything = (
        pl.concat([block[money].head(block.height - 1) for block in blocks]) if blocks else pl.Series(dtype=pl.Int64)
    )
    listed = (
        pl.concat(blocks)
        if blocks
        else chosen(
            source.clear().with_columns(fund=pl.lit(""), due=0, number=0, short=pl.lit(None, dtype=pl.String)), columns
        )
    )
    frame = with_totals(listed, [_sum_row(columns, money, TOTAL.say(lang), everything, lang)])
    return Sheet(
        Text("拨付清单", "Payment list").say(lang), columns, frame, 0, totals=[_SUBTOTAL.say(lang), TOTAL.say(lang)]
    )


def _cut_short(due: pl.DataFrame, column: str, lang: Lang) -> pl.Series:
    """What budgets took from each payment; blank where nothing."""
    if column not in due.columns:
        return pl.Series([None], dtype=pl.String).new_from_index(0, due.height)
    said = put("预算压减 " if lang == "zh" else "cut by budgets: ", grouped(due[column].fill_null(0)))
    words = pl.DataFrame({"cut": due[column].fill_null(0), "said": said})
    return words.select(pl.when(pl.col("cut") > 0).then("said")).to_series()


def _sum_row(columns: Sequence[Column], money: str, label: str, amounts: pl.Series, lang: Lang) -> dict[str, str | int]:
    payees = f"{amounts.len()} 笔" if lang == "zh" else f"{amounts.len()} payments"
    return {columns[0].header: label, columns[2].header: payees, money: total(amounts)}
