"""Result files for scripts: JSON, JSONL, CSV and Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.finding import Lang
from anqing_subsidy.money import plain
from anqing_subsidy.report.detail import detail_frame
from anqing_subsidy.report.fund_parts import may_be_several
from anqing_subsidy.report.record import Recorder

_MONEY = ("amount", "potential", "gross", "cap")
_COLUMNS = ("uscc", "name", "county", "clause", "object_id", "status", *_MONEY, "fund", "reason", "flags", "formula")
_PART = "by_fund."
ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def _compact(value: Any) -> str:  # noqa: ANN401  # any JSON value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_pieces(assessment: Assessment, lang: Lang) -> Iterator[str]:
    """The JSON result in pieces, an applicant a line, so that a large one is never held whole."""
    recorder = Recorder(assessment, lang)
    head = _compact(recorder.head())
    yield head[:-1] + ',"applicants":['
    for number, applicant in enumerate(recorder.applicants()):
        yield (",\n" if number else "\n") + _compact(applicant)
    yield f'],\n"totals":{_compact(recorder.totals())},\n"findings":{_compact(recorder.findings())}}}\n'


def jsonl_pieces(assessment: Assessment, lang: Lang) -> Iterator[str]:
    """One applicant a line."""
    for applicant in Recorder(assessment, lang).applicants():
        yield _compact(applicant) + "\n"


def lines_frame(assessment: Assessment, lang: Lang) -> pl.DataFrame:
    """One line of an award a row, with the columns of the contract; amounts in fen."""
    policy = assessment.policy
    funds = [pl.col(f"fund:{fund}").alias(f"{_PART}{fund}") for fund in policy.funds if may_be_several(policy)]
    return detail_frame(assessment, lang).with_columns(flags="flag_codes").select(*_COLUMNS, *funds)


def _amounts(frame: pl.DataFrame) -> list[str]:
    """The columns of amounts: those of the contract, then what each fund bears where several may bear a line."""
    return [name for name in frame.columns if name in _MONEY or name.startswith(_PART)]


def _yuan(frame: pl.DataFrame) -> pl.DataFrame:
    """Amounts as texts of yuan with two decimals."""
    return frame.with_columns(
        pl.Series(name, [None if fen is None else plain(fen) for fen in frame[name].to_list()], dtype=pl.String)
        for name in _amounts(frame)
    )


def csv_pieces(assessment: Assessment, lang: Lang) -> Iterator[str]:
    """CSV; a text that a spreadsheet would run as a formula gets a leading apostrophe."""
    frame = _yuan(lines_frame(assessment, lang))
    amounts = _amounts(frame)
    texts = [name for name in frame.columns if name not in amounts]
    active = pl.any_horizontal
    guarded = frame.with_columns(
        pl.when(active(pl.col(name).str.starts_with(mark) for mark in ACTIVE))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    )
    yield guarded.write_csv()


def write_parquet(assessment: Assessment, path: Path, lang: Lang) -> None:
    """Parquet with amounts as decimal(18,2)."""
    frame = _yuan(lines_frame(assessment, lang))
    frame.with_columns(pl.col(name).cast(pl.Decimal(18, 2)) for name in _amounts(frame)).write_parquet(path)


def write_pieces(pieces: Iterable[str], stream: TextIO) -> None:
    """Write the pieces of a result to a stream."""
    stream.writelines(pieces)
