"""What random policies are made of: facts with their kinds, and quantities that are easily stepped on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    import random

Tree = dict[str, Any]

BASE: Final = yaml.load((Path(__file__).parent / "base.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
QUANTITIES: Final = {
    "money": (
        "1元",
        "0.01元",
        "33.33元",
        "100元",
        "999.99元",
        "1000元",
        "5000元",
        "1万元",
        "2.5万元",
        "10万元",
        "100万元",
    ),
    "usd": ("1美元", "100美元", "333.33美元", "1000美元", "1万美元"),
    "count": ("0", "1", "2", "3", "5", "12", "100"),
    "area": ("0", "0.5", "10", "33.3333", "100", "500"),
    "ratio": ("0.5%", "1%", "5‰", "10%", "25%", "33.33%", "50%", "60%", "100%", "150%"),
    "year": ("2019", "2021", "2022", "2023", "2024"),
}
DAYS: Final = ("2020-02-29", "2022-12-31", "2023-01-01", "2023-06-30", "2023-12-31", "2019-03-31")
NUMBERS: Final = ("money", "usd", "count", "area", "ratio", "year")
ABOVE: Final = {
    "guests": ("guests", "fairs", "firms"),
    "fairs": ("fairs", "firms"),
    "firms": ("firms",),
    "history": ("history", "firms"),
}
"""The tables whose facts a row sees."""
BELOW: Final = {"firms": ("fairs", "history"), "fairs": ("guests",)}
ENUMS: Final = {name: tuple(options) for name, options in BASE["enums"].items()}


@dataclass(frozen=True)
class Fact:
    """A column or a derived fact."""

    name: str
    table: str
    kind: str
    values: str = ""
    """The list of an enum."""
    derived: bool = False
    negative: bool = False
    spread: bool = False
    """Whether it may lie between two ends, because rows below may or may not count."""
    place: bool = False
    growth: bool = False


@dataclass
class Draft:
    """A policy in the making."""

    rng: random.Random
    facts: list[Fact] = field(default_factory=list)
    docs: dict[str, dict[str, Tree]] = field(default_factory=dict)

    def chance(self, part: float) -> bool:
        return self.rng.random() < part

    def seen_from(self, table: str, *kinds: str) -> list[Fact]:
        """The facts of some kinds that a row of a table sees."""
        return [fact for fact in self.facts if fact.table in ABOVE[table] and (not kinds or fact.kind in kinds)]

    def pick(self, table: str, *kinds: str) -> Fact | None:
        """One of them; derived facts and those of the row itself are liked more."""
        facts = self.seen_from(table, *kinds)
        if not facts:
            return None
        weights = [1 + 3 * fact.derived + 2 * (fact.table == table) for fact in facts]
        return self.rng.choices(facts, weights)[0]

    def quantity(self, kind: str) -> str:
        return self.rng.choice(QUANTITIES[kind])

    def name(self, fact: Fact, table: str) -> str:
        """How a row of a table names a fact: with its table where the name stands twice."""
        twice = sum(other.name == fact.name and other.table in ABOVE[table] for other in self.facts) > 1
        return f"{fact.table}.{fact.name}" if twice and fact.table != table else fact.name


def columns() -> list[Fact]:
    """The columns of the sheets that say something."""
    return [
        Fact(name, table, doc["type"], doc.get("values", ""))
        for table, sheet in BASE["tables"].items()
        for name, doc in sheet["columns"].items()
        if doc["type"] != "text" and not (table == "history" and name == "year")
    ]
