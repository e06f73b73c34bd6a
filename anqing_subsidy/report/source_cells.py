"""The cells that each line rests on: its own, the rows that it is put together from, the awards already paid behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.report.missing import refs_read
from anqing_subsidy.report.texts import Words, choose, column, listed, mapped, put, spread

if TYPE_CHECKING:
    from anqing_subsidy.report.paid_before import PaidBefore
    from anqing_subsidy.report.places import Places
    from anqing_subsidy.report.view import View
    from anqing_subsidy.report.words import Wording

_MOST: Final = 6
"""Rows of one line that are named one by one where they do not follow each other."""


class SourceCells:
    """Finds the cells behind lines."""

    def __init__(self, words: Wording, places: Places, paid: PaidBefore) -> None:
        self.words = words
        self.places = places
        self.paid = paid

    def of(self, view: View) -> pl.Series:
        """The cells of each line; of one put together from rows which rows those are, beside the cells above them."""
        parts = [self._single(view)] if not view.adds_rows else self._put_together(view)
        return listed([*parts, self.paid.cells(view)], "; ", view.height)

    def _single(self, view: View) -> pl.Series:
        cells = self.places.listed(view, refs_read(view.trace))
        return choose(cells != "", cells, self.places.files.place(self.places.sheet(view.trace.scope.table)))

    def _put_together(self, view: View) -> list[Words]:
        alone = view.members().counts == 1
        one, many = alone.arg_true(), (~alone).arg_true()
        parts: list[Words] = [spread(one, self._single(view.take(one)), view.height)] if one.len() else []
        if many.len():
            some = view.take(many)
            above = self.places.listed(some, refs_read(view.trace), above=True)
            parts += [spread(many, told, view.height) for told in (above, self._rows(some))]
        return parts

    def _rows(self, view: View) -> pl.Series:
        """The sheet and the rows that each line is put together from."""
        members = view.members()
        parts, rows = self.places.rows(members.view)
        found = pl.DataFrame({"line": members.line_of.cast(pl.UInt32), "part": parts, "row": rows})
        each = found.unique().sort("line", "part", "row").group_by("line", "part", maintain_order=True).agg(
            first=pl.col("row").first().cast(pl.String), last=pl.col("row").last().cast(pl.String), rows=pl.len(),
            runs=pl.col("row").last() - pl.col("row").first() + 1 == pl.len(),
            named=pl.col("row").cast(pl.String).head(_MOST).str.join(self.words.comma),
        )  # fmt: skip
        say, span = self.words.say, put(each["first"], "–", each["last"])
        text = choose(
            each["rows"] > _MOST, put(span, say(" 行中的 ", ": "), each["rows"].cast(pl.String)), each["named"]
        )
        text = choose(each["runs"] & (each["rows"] > 1), span, text)
        sheet = mapped(each["part"], self.places.sheet_of)
        row = choose(each["rows"] == 1, say(" 第 ", " row "), say(" 第 ", " rows "))
        said = column(put(sheet, row, text, say(" 行", "")), each.height)
        lines = each.select("line", said=said).group_by("line", maintain_order=True).agg(pl.col("said").str.join("; "))
        return spread(lines["line"], lines["said"], view.height)
