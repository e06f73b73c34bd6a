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
    """File, sheet and row of each entry; of what a ledger says its run and the number of the entry."""
    files = Files(tables)
    fronts: dict[int, str] = {}
    ends: dict[int, str] = {}
    for at, part in enumerate(tables.parts):
        if part.run is None:
            name = " ".join(filter(None, (files.name(part.file), part.sheet)))
            fronts[at], ends[at] = name + words.say(" 第 ", " row "), words.say(" 行", "")
        else:
            name = files.name(part.file)
            fronts[at] = words.say(f"账本 {name} 第 {part.run} 次登记第 ", f"ledger {name}, run {part.run}, entry ")
            ends[at] = words.say(" 笔", "")
    front, end = mapped(found["part"], fronts.__getitem__), mapped(found["part"], ends.__getitem__)
    return put(front, found["row"].cast(pl.String), end)


def first_few(found: pl.DataFrame, said: Words, words: Wording, height: int) -> pl.Series:
    """The entries of each line (`line`), the first few by name, the others counted."""
    if not found.height:
        return column("", height)
    each = found.select("line", said=column(said, found.height)).group_by("line", maintain_order=True)
    lines = each.agg(pl.col("said").head(_MOST).str.join(words.semicolon), more=pl.len().cast(pl.Int64) - _MOST)
    rest = put(words.say("；另有 ", "; and "), lines["more"].cast(pl.String), words.say(" 笔", " more"))
    return spread(lines["line"], put(lines["said"], choose(lines["more"] > 0, rest)), height)


def cells_of(found: pl.DataFrame, tables: Tables, words: Wording, name: str, height: int) -> pl.Series:
    """The cell of each entry of each line (`line`) in one column of its sheet; of a ledger its run and number."""
    if not found.height:
        return column("", height)
    files = Files(tables)
    heads = {
        at: f"{' '.join(filter(None, (files.name(part.file), part.sheet)))} {letter}"
        for at, part in enumerate(tables.parts)
        if part.run is None and (letter := part.letters.get(name))
    }
    cell = put(mapped(found["part"], lambda part: heads.get(part, "")), found["row"].cast(pl.String))
    said = choose(found["part"].is_in(list(heads)), cell, place_of(found, tables, words))
    each = found.select("line", said=said).group_by("line", maintain_order=True)
    lines = each.agg(pl.col("said").head(_MOST).str.join("; "), more=pl.len() > _MOST)
    return spread(lines["line"], put(lines["said"], choose(lines["more"], "…")), height)
