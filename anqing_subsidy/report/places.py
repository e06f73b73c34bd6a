"""Where the figures of lines stand: file, sheet, row and column, found once for all lines of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from anqing_subsidy.finding import Place
from anqing_subsidy.policy.model import ChildCount, ChildSum, Ref
from anqing_subsidy.policy.reads import refs_in
from anqing_subsidy.report.view import View

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


class Places:
    """Finds the places behind the lines of an assessment."""

    def __init__(self, assessment: Assessment) -> None:
        self.policy = assessment.policy
        self.tables = assessment.tables
        self.store = assessment.store
        self._spots: dict[Ref, Spot] = {}
        self._origins: dict[str, Origin] = {}

    def spot(self, ref: Ref) -> Spot:
        """Where a fact is typed or counted."""
        if ref not in self._spots:
            derived = self.policy.facts.get(ref)
            if derived is None:
                self._spots[ref] = ref
            elif isinstance(derived.how, ChildCount | ChildSum):
                other, child = derived.how.otherwise, derived.how.child
                self._spots[ref] = child if other is None else Either(ref, self.spot(other), child)
            else:
                first = next(iter(refs_in(derived.how)), None)
                self._spots[ref] = self.spot(first) if first is not None else None
        return self._spots[ref]

    def of(self, view: View, ref: Ref) -> list[Place | None]:
        """The place of a fact for each line."""
        spot = self.spot(ref)
        keys, tables, numbers = self._keys(view, [spot])
        found: list[Place | None] = []
        for key, rows in zip(keys, numbers, strict=True):
            end = _settled(spot, key)
            if isinstance(end, Ref):
                part, column = self._column(end, key)
                found.append(self.tables.place(part, rows[tables.index(end.table)], column))
            else:
                found.append(self.sheet(end) if end is not None else None)
        return found

    def sheet(self, table: str) -> Place | None:
        """The file and sheet that the rows of a table come from; None where it has none."""
        frame = self.store.rows[table].frame
        if not frame.height:
            return None
        source = self.tables.parts[int(frame["_part"][0])]
        return Place(source.file, source.sheet)

    def listed(self, view: View, refs: Sequence[Ref]) -> list[str]:
        """The cells behind each line in one text: a sheet is named once, its cells behind it."""
        spots = [self.spot(ref) for ref in refs]
        keys, tables, numbers = self._keys(view, spots)
        patterns: dict[int, str] = {}
        found = []
        for key, rows in zip(keys, numbers, strict=True):
            pattern = patterns.get(id(key))
            if pattern is None:
                pattern = patterns[id(key)] = self._pattern(spots, key, tables)
            found.append(pattern.format(*rows))
        return found

    def _pattern(self, spots: Sequence[Spot], key: Key, tables: list[str]) -> str:
        """The text of lines that differ in their rows alone; `{0}` is the row in the first of the tables."""
        cells: dict[str, dict[str, None]] = {}
        for spot in spots:
            end = _settled(spot, key)
            if isinstance(end, Ref):
                part, column = self._column(end, key)
                source = self.tables.parts[part]
                cell = f"{source.letters.get(column) or ''}{{{tables.index(end.table)}}}"
                cells.setdefault(_sheet_text(source.file, source.sheet), {})[cell] = None
            elif end is not None and (place := self.sheet(end)) is not None:
                cells.setdefault(_sheet_text(place.file, place.sheet), {})
        return "; ".join(f"{sheet} {', '.join(named)}".strip() for sheet, named in cells.items())

    def _keys(self, view: View, spots: Sequence[Spot]) -> tuple[list[Key], list[str], list[tuple[int, ...]]]:
        """For each line its key, and its rows in the tables (named beside); equal keys are one object."""
        ends = list(_ends(spots))
        tables = list(dict.fromkeys(end.table for end in ends if isinstance(end, Ref)))
        choices = list(dict.fromkeys(end.counted for end in ends if isinstance(end, Either)))
        origins = [self._origin(table) for table in tables]
        ups = [view.trace.scope.up(table)[view.rows] for table in tables]
        columns: list[list[Any]] = [view.values(view.trace.scope.fact(ref).declared) for ref in choices]
        for origin, up in zip(origins, ups, strict=True):
            columns.append(list(zip(origin.parts[up].to_list(), origin.rules[up].to_list(), strict=True)))
        named: list[str | Ref] = [*choices, *tables]
        numbers = [origin.rows[up].to_list() for origin, up in zip(origins, ups, strict=True)]
        rows: list[tuple[int, ...]] = list(zip(*numbers, strict=True)) if numbers else [()] * view.height
        if not columns:
            return [{}] * view.height, tables, rows
        values = list(zip(*columns, strict=True))
        keys: dict[tuple[Any, ...], Key] = {value: dict(zip(named, value, strict=True)) for value in set(values)}
        return [keys[value] for value in values], tables, rows

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
                            fits = fits & (frame[name] == given).fill_null(value=False)
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
    """File and sheet, with their braces doubled for `format`."""
    return " ".join(part for part in (file, sheet) if part).replace("{", "{{").replace("}", "}}")
