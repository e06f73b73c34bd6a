"""Rows where they stand, and which row a name is looked up in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.language.reference.facts import OPERATIONS
from tests.language.reference.values import Num, Row, Tree, Value, cell_value, exactly, quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass
class Place:
    """A row where it stands: its table, its cells, the row above and the rows below."""

    world: World
    table: str
    cells: Row
    above: Place | None = None
    below: dict[str, list[Place]] = field(default_factory=dict)
    known: dict[str, Value] = field(default_factory=dict)
    forced: dict[str, Value] = field(default_factory=dict)
    """Facts that are assumed to be something else."""

    def home(self, name: str) -> tuple[Place, str]:
        """The row that has a fact of this name: this one, else one above."""
        table, _, own = name.rpartition(".")
        here: Place | None = self
        while here is not None:
            if table in ("", here.table) and here.world.has(here.table, own):
                return here, own
            here = here.above
        raise KeyError(f"{name} from {self.table}")

    def value(self, name: str) -> Value:
        """The value of a fact as seen from this row."""
        here, own = self.home(name)
        if own in here.forced:
            return here.forced[own]
        if own not in here.known:
            here.known[own] = here.world.work_out(here, own)
        return here.known[own]

    def number(self, name: str) -> Num:
        """A fact that is a number, or a number as the document writes it."""
        plain = quantity(name)
        if plain is not None:
            return exactly(plain)
        value = self.value(name)
        assert isinstance(value, Num), name
        return value

    def day(self, name: str) -> datetime.date | None:
        if name in ("policy_year_start", "policy_year_end"):
            return self.world.first_day if name.endswith("start") else self.world.last_day
        value = self.value(name)
        assert value is None or isinstance(value, datetime.date)
        return value


class World:
    """A policy's tree and the rows of a run."""

    def __init__(self, tree: Tree, rows: Mapping[str, Sequence[Row]]) -> None:
        self.tree = tree
        self.year = int(tree["year"])
        self.first_day = datetime.date(self.year, 1, 1)
        self.last_day = datetime.date(self.year, 12, 31)
        self.rounding = tree.get("rounding", "half_up_fen")
        self.main: str = tree["applicant"]["table"]
        self.places: dict[str, list[Place]] = {}
        waiting = list(tree["tables"])
        while waiting:
            table = waiting.pop(0)
            above = tree["tables"][table].get("parent")
            if above and above not in self.places:
                waiting.append(table)
                continue
            self.places[table] = [Place(self, table, row) for row in rows.get(table, ())]
            if above:
                self._hang(table, above)

    def _hang(self, table: str, above: str) -> None:
        key = self.tree["tables"][above]["key"]
        parents = {tuple(place.cells[column] for column in key): place for place in self.places[above]}
        for place in self.places[table]:
            place.above = parents[tuple(place.cells[column] for column in key)]
            place.above.below.setdefault(table, []).append(place)

    def has(self, table: str, name: str) -> bool:
        return name in self.tree["tables"][table]["columns"] or name in self.tree.get("facts", {}).get(table, {})

    def kind(self, table: str, column: str) -> str:
        return str(self.tree["tables"][table]["columns"][column]["type"])

    def work_out(self, place: Place, name: str) -> Value:
        facts = self.tree.get("facts", {}).get(place.table, {})
        if name not in facts:
            return cell_value(place.cells.get(name), self.kind(place.table, name))
        doc = facts[name]
        operation = next(key for key in OPERATIONS if key in doc)
        return OPERATIONS[operation](place, doc)
