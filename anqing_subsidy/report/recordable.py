"""What a ledger takes from a result workbook: its lines that pay, the figures and the sums, column by column.

The JSON result says the same of each applicant among all else; here nothing is put into words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from anqing_subsidy.ledger.entries import figures, paying

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.finding import Lang

_AT_A_TIME: Final = 5_000
_ENTRY: Final = ("sequence", "tier", "level", "names", "adds", "once")


def yuan(fen: pl.Expr) -> pl.Expr:
    """Fen as texts of yuan with two decimals, as `money.plain` writes them; not for negative ones."""
    return pl.concat_str((fen // 100).cast(pl.String), pl.lit("."), (fen % 100).cast(pl.String).str.zfill(2))


def record_pieces(assessment: Assessment, lang: Lang) -> Iterator[str]:
    """The end of a JSON object, after its opening brace: head, applicants with lines that pay, totals, figures.

    The figures are CSV in smallest units, its header again every so many rows.
    """
    from anqing_subsidy.report.record import Recorder

    recorder = Recorder(assessment, lang)
    yield _compact(recorder.head())[1:-1] + ',"applicants":['
    between = "\n"
    for some in _people(assessment).iter_slices(_AT_A_TIME):
        yield between + ",\n".join(some.write_ndjson().splitlines())
        between = ",\n"
    yield f'],\n"totals":{_compact(recorder.totals())},\n"figures":"'
    for some in figures(assessment).iter_slices(_AT_A_TIME * 10):
        yield json.dumps(some.write_csv(), ensure_ascii=False)[1:-1]
    yield '"}'


def _compact(value: Any) -> str:  # noqa: ANN401  # any JSON value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _people(assessment: Assessment) -> pl.DataFrame:
    """A row an applicant: code, name, sums, and as a list its lines that pay."""
    funds = list(assessment.policy.funds)
    sums = pl.struct(yuan(pl.col(f"fund:{fund}")).alias(fund) for fund in funds)
    paid = assessment.lines.filter(pl.col("amount") > 0).join(
        paying(assessment).select("applicant", "clause", "object", entry=pl.struct(_ENTRY)),
        on=["applicant", "clause", "object"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    line = pl.struct(
        "clause",
        pl.col("object").alias("object_id"),
        yuan(pl.col("amount")).alias("amount"),
        sums.alias("by_fund"),
        "entry",
    )
    lines = paid.group_by("applicant", maintain_order=True).agg(line.alias("lines"))
    people = assessment.applicants.join(lines, left_on="row", right_on="applicant", how="left", maintain_order="left")
    return people.select(
        pl.col("code").alias("uscc"),
        "name",
        yuan(pl.col("total")).alias("total"),
        sums.alias("by_fund"),
        pl.col("lines").fill_null([]),
    )
