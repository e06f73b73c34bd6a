"""Where the figures of lines stand: file, sheet, row and column, found once for all lines of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.finding import Place
from anqing_subsidy.policy.derivations import OverChildren
from anqing_subsidy.policy.terms import Ref, refs_in
from anqing_subsidy.report.files import Files
from anqing_subsidy.report.texts import Pieces, Words, put
from anqing_subsidy.report.view import Rows, scatter

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment


@dataclass(frozen=True)
class Either:
    """A figure counted over the rows of a sheet, or the declared one that stands in for them."""

    counted: Ref
    declared: Spot
    sheet: str


Spot = Ref | Either | str | None
"""Where a fact stands: in a typed column, in one of two places, in a whole sheet (by its table), nowhere."""


@dataclass(frozen=True)
class Origin:
    """Of each row of a table: its part, its number there, and the declared rules (as bits) that made it."""

    parts: pl.Series
    rows: pl.Series
    rules: pl.Series


Key = dict[str | Ref, tuple[int, int] | bool]
"""What tells lines apart whose figures stand in other columns: part and rules by table, declared or not by fact."""


@dataclass(frozen=True)
class Kind:
    """Lines whose figures stand in the same columns: their positions, and their row in each table."""

    key: Key
    at: pl.Series
    rows: dict[str, pl.Series]


class Places:
    """Finds the places behind the lines of an assessment."""

    def __init__(self, assessment: Assessment) -> None:
        self.policy = assessment.policy
        self.tables = assessment.tables
        self.store = assessment.store
        self.files = Files(assessment.tables)
        self._spots: dict[Ref, Spot] = {}
        self._origins: dict[str, Origin] = {}

    def spot(self, ref: Ref) -> Spot:
        """Where a fact is typed or counted."""
        if ref not in self._spots:
            derived = self.policy.facts.get(ref)
            if derived is None:
                self._spots[ref] = ref
            elif isinstance(derived.how, OverChildren):
                other, child = derived.how.otherwise, derived.how.child
                self._spots[ref] = child if other is None else Either(ref, self.spot(other), child)
            else:
                first = next(iter(refs_in(derived.how)), None)
                self._spots[ref] = self.spot(first) if first is not None else None
        return self._spots[ref]

    def _behind(self, ref: Ref) -> Iterator[Spot]:
        """Every place that a fact is worked out from."""
        derived = self.policy.facts.get(ref)
        if derived is None or isinstance(derived.how, OverChildren):
            yield self.spot(ref)
            return
        for inner in refs_in(derived.how):
            yield from self._behind(inner)

    def of(self, view: Rows, ref: Ref) -> list[Place | None]:
        """The place of a fact for each line."""
        spot = self.spot(ref)
        found: list[Place | None] = [None] * view.height
        for origin in self._kinds(view, [spot]):
            end = _settled(spot, origin.key)
            if isinstance(end, Ref):
                part, column = self._column(end, origin.key)
                rows = origin.rows[end.table].to_list()
                scatter(found, origin.at.to_list(), [self.tables.place(part, row, column) for row in rows])
            elif end is not None:
                scatter(found, origin.at.to_list(), [self.sheet(end)] * origin.at.len())
        return found

    def sheet(self, table: str) -> Place | None:
        """The file and sheet that the rows of a table come from; None where it has none."""
        frame = self.store.rows[table].frame
        if not frame.height:
            return None
        source = self.tables.parts[int(frame["_part"][0])]
        return Place(source.file, source.sheet)

    def rows(self, view: Rows) -> tuple[pl.Series, pl.Series]:
        """The part that each row itself comes from, and its number there."""
        origin, up = self._origin(view.scope.table), view.column(view.scope.up(view.scope.table))
        return origin.parts[up], origin.rows[up]

    def sheet_of(self, part: int) -> str:
        """File and sheet of a part."""
        source = self.tables.parts[part]
        return _sheet_text(self.files.name(source.file), source.sheet)

    def listed(self, view: Rows, refs: Sequence[Ref], *, above: bool = False) -> pl.Series:
        """The cells behind each line in one text: a sheet is named once, its cells behind it.

        `above`: without the cells of the rows themselves.
        """
        seen = {view.scope.table, *view.scope.rows.up} - ({view.scope.table} if above else set())
        spots = [
            spot
            for spot in dict.fromkeys(spot for ref in refs for spot in self._behind(ref))
            if not isinstance(spot, Ref) or spot.table in seen
        ]
        texts = Pieces(view.height)
        for origin in self._kinds(view, spots):
            texts.add(origin.at, self._cells(spots, origin))
        return texts.column()

    def _cells(self, spots: Sequence[Spot], origin: Kind) -> Words:
        """The text of lines that differ in their rows alone."""
        cells: dict[str, dict[tuple[str, str], None]] = {}
        for spot in spots:
            end = _settled(spot, origin.key)
            if isinstance(end, Ref):
                part, column = self._column(end, origin.key)
                source = self.tables.parts[part]
                cell = source.letters.get(column) or "", end.table
                cells.setdefault(_sheet_text(self.files.name(source.file), source.sheet), {})[cell] = None
            elif end is not None and (place := self.sheet(end)) is not None:
                cells.setdefault(_sheet_text(self.files.name(place.file), place.sheet), {})
        parts: list[Words] = []
        for sheet, every in cells.items():
            # a figure that no column holds (a declared row has fixed ones) is its row, where that is not named anyway
            rows = {table for letters, table in every if letters}
            named = [(letters, table) for letters, table in every if letters or table not in rows]
            parts.append("; " if parts else "")
            parts.append(f"{sheet} " if named and sheet else sheet)
            for number, (letters, table) in enumerate(named):
                parts += [f", {letters}" if number else letters, origin.rows[table].cast(pl.String)]
        return put(*parts)

    def _kinds(self, view: Rows, spots: Sequence[Spot]) -> Iterator[Kind]:
        """The lines by what tells them apart: parts and rules of their tables, declared or not."""
        ends = list(_ends(spots))
        tables = list(dict.fromkeys(end.table for end in ends if isinstance(end, Ref)))
        choices = list(dict.fromkeys(end.counted for end in ends if isinstance(end, Either)))
        origins = {table: self._origin(table) for table in tables}
        ups = {table: view.column(view.scope.up(table)) for table in tables}
        columns: dict[str, pl.Series] = {}
        for number, ref in enumerate(choices):
            mark = view.scope.fact(ref).declared
            if mark is not None:
                columns[f"choice{number}"] = view.column(mark)
        for number, table in enumerate(tables):
            columns[f"part{number}"] = origins[table].parts[ups[table]]
            columns[f"rules{number}"] = origins[table].rules[ups[table]]
        frame = pl.DataFrame(columns)
        kinds = frame.unique(maintain_order=True) if columns else pl.DataFrame([{}])
        kind = pl.Series([0], dtype=pl.UInt32).new_from_index(0, view.height)
        if kinds.height > 1:
            kind = frame.join(kinds.with_row_index("kind"), on=frame.columns, how="left", nulls_equal=True, maintain_order="left")["kind"]  # fmt: skip
        for number, values in enumerate(kinds.iter_rows(named=True)):
            at = (kind == number).arg_true()
            key: Key = {ref: bool(values.get(f"choice{at}")) for at, ref in enumerate(choices)}
            key |= {table: (values[f"part{at}"], values[f"rules{at}"]) for at, table in enumerate(tables)}
            yield Kind(key, at, {table: origins[table].rows[ups[table].gather(at)] for table in tables})

    def _origin(self, table: str) -> Origin:
        """Where the rows of a table come from."""
        if table not in self._origins:
            rows = self.store.rows[table]
            frame = rows.frame
            bits = pl.Series([0], dtype=pl.Int64).new_from_index(0, frame.height)
            if rows.declared is not None:
                for bit, rule in enumerate(self.policy.declared_rows):
                    if rule.table != table:
                        continue
                    fits = rows.declared
                    for name, given in rule.values.items():
                        if isinstance(given, str):
                            fits = fits & sure(frame[name] == given)
                    bits = bits + fits.cast(pl.Int64) * (1 << bit)
            self._origins[table] = Origin(frame["_part"], frame["_row"], bits)
        return self._origins[table]

    def _column(self, ref: Ref, key: Key) -> tuple[int, str]:
        """The part and the column of a figure: its own, or the declared one that a row was made of."""
        origin = key[ref.table]
        part, rules = origin if isinstance(origin, tuple) else (0, 0)
        for bit, rule in enumerate(self.policy.declared_rows):
            value = rule.values.get(ref.id)
            if rules >> bit & 1 and isinstance(value, Ref):
                return part, value.id
        return part, ref.id


def _settled(spot: Spot, key: Key) -> Ref | str | None:
    """Which of two places it is."""
    while isinstance(spot, Either):
        spot = spot.declared if key[spot.counted] else spot.sheet
    return spot


def _ends(spots: Sequence[Spot]) -> Iterator[Ref | Either]:
    for spot in spots:
        if isinstance(spot, Either):
            yield spot
            yield from _ends([spot.declared])
        elif isinstance(spot, Ref):
            yield spot


def _sheet_text(file: str, sheet: str | None) -> str:
    return " ".join(part for part in (file, sheet) if part)
