"""Some lines of one clause as columns: the row behind each, and the values there as lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from anqing_subsidy.engine.clause import Trace
    from anqing_subsidy.engine.facts import Scope


class Rows:
    """Some rows of a table; what is asked for comes as a list with an entry a row."""

    def __init__(self, scope: Scope, rows: pl.Series) -> None:
        self.scope = scope
        self.rows = rows
        self.height = rows.len()

    def values(self, column: pl.Series | None) -> list[Any]:
        """A column over the rows that the scope looks at; without one, nothing for each row."""
        return [None] * self.height if column is None else column[self.rows].to_list()

    def take(self, at: Sequence[int]) -> Rows:
        """Some of these rows, by their position."""
        return self if len(at) == self.height else Rows(self.scope, self.rows[pl.Series(at, dtype=pl.UInt32)])


class View(Rows):
    """Lines of one trace.

    `rows` holds for each line the row of the trace that stands for it (the first, where rows are put
    together), `index` where the line stands among `lines`.
    """

    def __init__(self, trace: Trace, lines: pl.DataFrame, rows: pl.Series, index: pl.Series) -> None:
        super().__init__(trace.scope, rows)
        self.trace = trace
        self.lines = lines
        self.index = index

    def line(self, name: str) -> list[Any]:
        """A column of the lines."""
        return self.lines[name][self.index].to_list()

    def take(self, at: Sequence[int]) -> View:
        """Some of these lines, by their position."""
        if len(at) == self.height:
            return self
        wanted = pl.Series(at, dtype=pl.UInt32)
        return View(self.trace, self.lines, self.rows[wanted], self.index[wanted])

    def by(self, *names: str) -> Iterator[tuple[tuple[Any, ...], list[int], View]]:
        """These lines by equal values of some columns: the values, the positions, the lines."""
        positions: dict[tuple[Any, ...], list[int]] = {}
        for at, key in enumerate(zip(*(self.line(name) for name in names), strict=True)):
            positions.setdefault(key, []).append(at)
        for key, at_ in positions.items():
            yield key, at_, self.take(at_)

    @property
    def adds_rows(self) -> bool:
        """Whether a line may be put together from several rows."""
        clause = self.trace.clause
        return clause.rows != "one" and self.trace.scope.table == clause.table

    def members(self) -> Members:
        """Every row of each line."""
        line_of_row = self.trace.line_of_row
        mine = pl.DataFrame({"line": line_of_row[self.rows], "at": range(self.height)})
        every = pl.DataFrame({"line": line_of_row, "row": pl.int_range(line_of_row.len(), dtype=pl.UInt32, eager=True)})
        found = mine.join(every, on="line", maintain_order="left_right")
        at = found["at"]
        return Members(View(self.trace, self.lines, found["row"], self.index[at]), at.to_list(), self.height)


class Members:
    """The rows of some lines, one after the other, and to which line each belongs."""

    def __init__(self, view: View, line_of: list[int], lines: int) -> None:
        self.view = view
        self.line_of = line_of
        self.counts = [0] * lines
        for at in line_of:
            self.counts[at] += 1

    def by_line(self, values: Sequence[Any]) -> list[list[Any]]:
        """What each row says, put together by line."""
        found: list[list[Any]] = [[] for _ in self.counts]
        for at, value in zip(self.line_of, values, strict=True):
            found[at].append(value)
        return found


def scatter(into: list[Any], at: Sequence[int], values: Sequence[Any]) -> None:
    """Put values where they belong."""
    for position, value in zip(at, values, strict=True):
        into[position] = value


def where(column: Sequence[Any], wanted: bool | None) -> list[int]:
    """The positions at which a truth value stands."""
    return [at for at, value in enumerate(column) if value is wanted]
