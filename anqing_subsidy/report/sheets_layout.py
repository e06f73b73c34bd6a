"""What a sheet of the result workbook is, before any writer is asked: columns, rows, marks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anqing_subsidy.finding import Lang

Kind = Literal["text", "long", "code", "money", "count"]
"""text: a word or two; long: sentences, wrapped; code: digits that stay text; money: fen; count: whole numbers."""

Tint = Literal["good", "part", "wait", "stop", "bad", "off"]

STATUS_TINT: Final[Mapping[str, Tint]] = {
    "eligible": "good",
    "eligible_with_held": "part",
    "pending": "wait",
    "held": "stop",
    "invalid": "bad",
}
SEVERITY_TINT: Final[Mapping[str, Tint]] = {"error": "bad", "warning": "wait", "info": "off"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, its values, how they are written, how wide, what stands for a missing amount."""

    header: str
    values: pl.Expr
    kind: Kind = "text"
    width: float = 12
    blank: str = ""
    tints: Mapping[str, Tint] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chart:
    """Amounts of one column (and of `further` ones beside it) by the words of another; it stands below the rows."""

    title: str
    names: str
    values: str
    further: tuple[str, ...] = ()
    kind: Literal["column", "bar", "line"] = "column"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the frame's columns are the headers, money is fen; a row that begins with one of `totals` is a total."""

    name: str
    columns: Sequence[Column]
    frame: pl.DataFrame
    frozen: int = 0
    filtered: bool = True
    totals: Sequence[str] = ()
    chart: Chart | None = None

    def pages(self, row_limit: int) -> list[Sheet]:
        """The sheet, and further ones of its name and a number for what passes the limit of rows."""
        rows = max(row_limit - 1, 1)
        count = max(-(-self.frame.height // rows), 1)
        return [
            replace(self, name=f"{self.name}{page + 1 if page else ''}", frame=self.frame.slice(page * rows, rows))
            for page in range(count)
        ]


def chosen(source: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """The columns of a sheet, worked out from a frame."""
    return source.select(column.values.alias(column.header) for column in columns)


def total(values: pl.Series) -> int:
    """A sum of fen that cannot wrap."""
    return int(values.cast(pl.Int128).sum())


def with_totals(frame: pl.DataFrame, rows: Sequence[Mapping[str, str | int]]) -> pl.DataFrame:
    """The frame and rows below it; a sum that Int64 cannot hold widens its column."""
    if not rows:
        return frame
    wide = pl.Schema((name, pl.Int128() if dtype.is_integer() else dtype) for name, dtype in frame.schema.items())
    below = pl.DataFrame([{name: row.get(name) for name in wide} for row in rows], schema=wide)
    return pl.concat([frame.cast(wide), below])


def yuan(text: str, lang: Lang) -> str:
    """A header with the unit of its amounts."""
    return f"{text}(元)" if lang == "zh" else f"{text} (yuan)"
