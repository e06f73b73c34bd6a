"""Some lines of one clause as columns: the row behind each, and the values there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from anqing_subsidy.engine.exact import sure

if TYPE_CHECKING:
    from anqing_subsidy.engine.clause import Trace
    from anqing_subsidy.engine.facts import Scope
    from anqing_subsidy.engine.shapes import Outcome
    from anqing_subsidy.policy.clauses import Award


class Rows:
    """Some rows of a table; what is asked for comes with an entry a row."""

    def __init__(self, scope: Scope, rows: pl.Series) -> None:
        self.scope = scope
        self.rows = rows
        self.height = rows.len()

    def column(self, column: pl.Series) -> pl.Series:
        """A column over the rows that the scope looks at."""
        return column[self.rows]

    def values(self, column: pl.Series | None) -> list[Any]:
        """The same as a list; without a column, nothing for each row."""
        return [None] * self.height if column is None else self.column(column).to_list()

    def take(self, at: Sequence[int] | pl.Series) -> Rows:
        """Some of these rows, by their position."""
        return self if len(at) == self.height else Rows(self.scope, self.rows[positions(at)])


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

    def of(self, name: str) -> pl.Series:
        """A column of the lines."""
        return self.lines[name][self.index]

    def line(self, name: str) -> list[Any]:
        """The same as a list."""
        return self.of(name).to_list()

    def take(self, at: Sequence[int] | pl.Series) -> View:
        """Some of these lines, by their position."""
        if len(at) == self.height:
            return self
        wanted = positions(at)
        return View(self.trace, self.lines, self.rows[wanted], self.index[wanted])

    def by(self, name: str) -> Iterator[tuple[Any, pl.Series, View]]:
        """These lines by equal values of a column: the value, the positions, the lines."""
        values = self.of(name)
        for value in values.unique(maintain_order=True).to_list():
            at = values.eq_missing(value).arg_true()
            yield value, at, self.take(at)

    @property
    def adds_rows(self) -> bool:
        """Whether a line may be put together from several rows."""
        clause = self.trace.clause
        return clause.rows != "one" and self.trace.scope.table == clause.table

    def members(self) -> Members:
        """Every row of each line."""
        line_of_row = self.trace.line_of_row
        mine = pl.DataFrame({"line": self.column(line_of_row), "at": pl.int_range(self.height, eager=True)})
        every = pl.DataFrame({"line": line_of_row, "row": pl.int_range(line_of_row.len(), dtype=pl.UInt32, eager=True)})
        found = mine.join(every, on="line", maintain_order="left_right")
        at = found["at"]
        return Members(View(self.trace, self.lines, found["row"], self.index[at]), at, self.height)


class Members:
    """The rows of some lines, one after the other, and to which line each belongs."""

    def __init__(self, view: View, line_of: pl.Series, lines: int) -> None:
        self.view = view
        self.line_of = line_of
        self.lines = lines

    @property
    def counts(self) -> pl.Series:
        """How many rows each line has."""
        return self.sums(pl.Series([1], dtype=pl.Int64).new_from_index(0, self.line_of.len()))

    def sums(self, values: pl.Series) -> pl.Series:
        """What the rows of each line add up to."""
        rows = pl.DataFrame({"line": self.line_of, "value": values})
        each = pl.DataFrame({"line": pl.int_range(self.lines, eager=True)})
        sums = rows.group_by("line").agg(pl.col("value").cast(pl.Int64).sum())
        return each.join(sums, on="line", how="left", maintain_order="left")["value"].fill_null(0)

    def by_line(self, values: Sequence[Any]) -> list[list[Any]]:
        """What each row says, put together by line."""
        found: list[list[Any]] = [[] for _ in range(self.lines)]
        for at, value in zip(self.line_of.to_list(), values, strict=True):
            found[at].append(value)
        return found


def award_of(view: View) -> Award | None:
    """The award of some lines: that of the clause, or the declared one that stands in for it."""
    trace = view.trace
    return trace.clause.award if trace.scope.table == trace.clause.table else trace.clause.declared_award


def positions(at: Sequence[int] | pl.Series) -> pl.Series:
    """Positions as a column."""
    return at if isinstance(at, pl.Series) else pl.Series(at, dtype=pl.UInt32)


def scatter(into: list[Any], at: Sequence[int], values: Sequence[Any]) -> None:
    """Put values where they belong."""
    for position, value in zip(at, values, strict=True):
        into[position] = value


def where(column: Sequence[Any], wanted: bool | None) -> list[int]:
    """The positions at which a truth value stands."""
    return [at for at, value in enumerate(column) if value is wanted]


def best_way(ways: Sequence[Outcome], view: Rows) -> pl.Series:
    """Of a choice of awards the way that certainly pays most, counted from 1; 0 where none certainly holds."""
    taken = pl.Series([0], dtype=pl.Int64).new_from_index(0, view.height)
    best = taken - 1
    for number, way in enumerate(ways, start=1):
        amount = view.column(way.lo)
        better = sure(view.column(way.verdict)) & sure(amount > best)
        best, taken = amount.zip_with(better, best), (taken * 0 + number).zip_with(better, taken)
    return taken
