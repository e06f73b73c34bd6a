"""Rows of other sheets that a sentence rests on: each in words, with the row where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.report.files import Files
from anqing_subsidy.report.texts import Words, choose, column, mapped, put, spread
from anqing_subsidy.report.words import Wording

if TYPE_CHECKING:
    from anqing_subsidy.tables import Tables

_MOST: Final = 3
"""Rows that are named in one sentence."""


def place_of(found: pl.DataFrame, tables: Tables, words: Wording) -> Words:
    """File, sheet and row of each entry."""
    files = Files(tables)
    names = {at: " ".join(filter(None, (files.name(part.file), part.sheet))) for at, part in enumerate(tables.parts)}
    sheet = mapped(found["part"], lambda part: names[part])
    return put(sheet, words.say(" 第 ", " row "), found["row"].cast(pl.String), words.say(" 行", ""))


def first_few(found: pl.DataFrame, said: Words, words: Wording, height: int) -> pl.Series:
    """The entries of each line (`line`), the first few by name, the others counted."""
    if not found.height:
        return column("", height)
    each = found.select("line", said=column(said, found.height)).group_by("line", maintain_order=True)
    lines = each.agg(pl.col("said").head(_MOST).str.join(words.semicolon), more=pl.len().cast(pl.Int64) - _MOST)
    rest = put(words.say("；另有 ", "; and "), lines["more"].cast(pl.String), words.say(" 笔", " more"))
    return spread(lines["line"], put(lines["said"], choose(lines["more"] > 0, rest)), height)
