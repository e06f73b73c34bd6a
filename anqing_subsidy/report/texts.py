"""Columns of text: put together, chosen between and listed as whole columns, without work for each line.

A text is one for all lines (`str`) or one a line (a column without nulls; "" says nothing).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Final

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.money import SCALE, decimal_text

Words = str | pl.Series

_PLAIN_SCALES: Final = (1, SCALE["money"])
_FEW: Final = 200
"""Lines up to which the plan of a query costs more than it saves."""
_THOUSANDS: Final = 4
"""Groups of three digits that are written column by column; larger figures are few, and written one by one."""


def texts(said: Iterable[str]) -> pl.Series:
    """Texts as a column."""
    return pl.Series(list(said), dtype=pl.String)


def column(words: Words, height: int) -> pl.Series:
    """The text of each line."""
    return words if isinstance(words, pl.Series) else pl.Series([words], dtype=pl.String).new_from_index(0, height)


def put(*parts: Words) -> Words:
    """Texts one after the other."""
    if all(isinstance(part, str) for part in parts):
        return "".join(map(str, parts))
    columns = [part for part in parts if isinstance(part, pl.Series)]
    if columns[0].len() <= _FEW:
        written = column(parts[0], columns[0].len())
        for part in parts[1:]:
            written = written + part
        return written
    pieces = [pl.lit(part) if isinstance(part, str) else part for part in parts]
    return pl.select(pl.concat_str(pieces)).to_series()


def choose(wanted: pl.Series, yes: Words, no: Words = "") -> pl.Series:
    """One text where something is certainly so, else another."""
    return column(yes, wanted.len()).zip_with(sure(wanted), column(no, wanted.len()))


def listed(parts: Sequence[Words], between: str, height: int, most: int | None = None) -> pl.Series:
    """What there is to say of each line, nothing twice, and only so many parts."""
    if len(parts) < 2:
        return column(parts[0] if parts else "", height)
    columns = [column(part, height) for part in parts]
    if height <= _FEW:
        lines = zip(*(words.to_list() for words in columns), strict=True)
        return texts(between.join(list(dict.fromkeys(filter(None, line)))[:most]) for line in lines)
    frame = pl.DataFrame({str(at): words for at, words in enumerate(columns)})
    names = [pl.col(name) for name in frame.columns]
    frame = frame.select(
        pl.when(mine != "", *(mine != other for other in names[:at])).then(mine).alias(str(at))
        for at, mine in enumerate(names)
    )
    if most is not None and len(parts) > most:
        before = [pl.sum_horizontal(mine.is_not_null() for mine in names[:at]) for at in range(most, len(names))]
        frame = frame.with_columns(
            pl.when(count < most).then(mine) for mine, count in zip(names[most:], before, strict=True)
        )
    return frame.select(pl.concat_str(names, separator=between, ignore_nulls=True)).to_series()


def mapped(values: pl.Series, say: Callable[[Any], str]) -> pl.Series:
    """A text for each value; each is written once however often it occurs."""
    if values.len() <= _FEW:
        return texts(map(say, values.to_list()))
    distinct = values.unique()
    table = pl.DataFrame({"value": distinct, "text": texts(map(say, distinct.to_list()))})
    left = values.alias("value").to_frame()
    return left.join(table, on="value", how="left", nulls_equal=True, maintain_order="left")["text"]


def number(values: pl.Series, scale: int) -> pl.Series:
    """Figures in smallest units as `decimal_text` writes them; "" for a blank."""
    if values.null_count() == values.len():
        return column("", values.len())
    top = values.abs().max() if values.dtype == pl.Int64 and values.len() > _FEW and scale in _PLAIN_SCALES else None
    if not isinstance(top, int) or top // scale >= 1000**_THOUSANDS:
        return mapped(values, lambda value: "" if value is None else decimal_text(value, scale))
    size = values.abs()
    units = size // scale
    frame = {"units": units, "sign": values < 0}
    end: list[pl.Expr] = []
    if scale != 1:
        frame["cents"] = _padded(2).gather(size % scale)
        end = [pl.lit("."), pl.col("cents")]
    for group in range(1, _THOUSANDS):
        if top // scale >= 1000**group:
            frame[f"below{group}"] = _padded(3).gather(units // 1000 ** (group - 1) % 1000)
    groups = sum(1 for name in frame if name.startswith("below"))
    text: Any = pl
    for group in range(groups + 1):
        head = (pl.col("units") // 1000**group).cast(pl.String)
        tail = [part for at in range(group, 0, -1) for part in (pl.lit(","), pl.col(f"below{at}"))]
        written = pl.concat_str(head, *tail, *end)
        text = (
            text.when(pl.col("units") < 1000 ** (group + 1)).then(written) if group < groups else _last(text, written)
        )
    sign = pl.when("sign").then(pl.lit("-")).otherwise(pl.lit(""))
    text = pl.concat_str(sign, text) if values.min() < 0 else text  # type: ignore[operator]  # whole numbers
    return pl.DataFrame(frame).select(text.fill_null("")).to_series()


def _last(chain: Any, written: pl.Expr) -> pl.Expr:  # noqa: ANN401  # polars, or a chain of its `when`
    return written if chain is pl else chain.otherwise(written)


def grouped(fen: pl.Series) -> pl.Series:
    """Amounts as people read them, `200,000.00`."""
    return number(fen, SCALE["money"])


@cache
def _padded(digits: int) -> pl.Series:
    """`000`, `001`, … `999`."""
    return pl.Series([f"{at:0{digits}d}" for at in range(10**digits)], dtype=pl.String)


class Pieces:
    """A column that is made piece by piece, each of some lines; the rest says nothing."""

    def __init__(self, height: int) -> None:
        self.height = height
        self.at: list[pl.Series] = []
        self.said: list[pl.Series] = []

    def add(self, at: pl.Series, words: Words) -> None:
        """What is said of the lines at some positions."""
        if at.len():
            self.at.append(at)
            self.said.append(column(words, at.len()))

    def column(self) -> pl.Series:
        """The whole column."""
        said = pl.concat([*self.said, pl.Series([""], dtype=pl.String)])
        if not self.at:
            return said.new_from_index(0, self.height)
        order = pl.Series([said.len() - 1], dtype=pl.UInt32).new_from_index(0, self.height)
        at = pl.concat(self.at)
        return said[order.scatter(at, pl.int_range(at.len(), dtype=pl.UInt32, eager=True))]


def spread(at: pl.Series, words: Words, height: int) -> pl.Series:
    """Texts of the lines at some positions; nothing of the others."""
    pieces = Pieces(height)
    pieces.add(at, words)
    return pieces.column()
