"""An explanation as data: texts for people, amounts in fen; every output writes the same one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FactShown:
    """A fact that a line reads: what people call it, its value with its unit, its cell (empty: worked out), from what.

    `rows` are the rows of another sheet that it was counted over and that do not count, each with why.
    """

    id: str
    label: str
    value: str
    cell: str
    behind: str = ""
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A condition: in words with value and threshold, whether it holds (None: unknown), by how much it is missed.

    `close`: the value lies within one part in a hundred of it. A choice has `ways`, each with conditions of its own.
    """

    text: str
    met: bool | None
    short: str = ""
    close: bool = False
    ways: tuple[tuple[Check, ...], ...] = ()

    def flat(self, way: int | None = None) -> Iterator[tuple[Check, int | None]]:
        """The conditions in it one after the other, each with the outermost way that it belongs to."""
        if not self.ways:
            yield self, way
        for number, checks in enumerate(self.ways, start=1):
            for check in checks:
                yield from check.flat(number if way is None else way)


@dataclass(frozen=True, slots=True)
class Other:
    """Another option of a reading, and what the line and the applicant would come to under it, in fen.

    `status` is that of the line there, `called` the word for it; empty where there is no line.
    """

    option: str
    says: str
    amount: int
    total: int
    status: str
    called: str


@dataclass(frozen=True, slots=True)
class Turned:
    """A reading that is behind a line: the option in force and what the others would give."""

    id: str
    title: str
    option: str
    says: str
    others: tuple[Other, ...]

    def matters(self, amount: int, status: str) -> bool:
        """Whether another option would pay another amount, or leave the line in another state."""
        return any((other.amount, other.status) != (amount, status) for other in self.others)


@dataclass(frozen=True, slots=True)
class RowShown:
    """One of the rows that a line is put together from: which it is, what it adds, or why it adds nothing."""

    name: str
    says: str
    counts: bool


@dataclass(frozen=True)
class LineExplained:
    """One line: what the JSON result says of it (`record`), and what it rests on."""

    record: dict[str, Any]
    amount: int
    article: str
    title: str
    status: str
    fund: str
    facts: tuple[FactShown, ...]
    checks: tuple[Check, ...]
    steps: tuple[tuple[str, int], ...]
    turned: tuple[Turned, ...]
    blocked_by: tuple[str, ...]
    rows: tuple[RowShown, ...]
    near: str
    near_is_close: bool
    sources: str
    marks: str
    todo: str

    def says(self, key: str) -> str:
        """A text of the record; empty where it says nothing."""
        return str(self.record.get(key) or "")


@dataclass(frozen=True)
class Explanation:
    """One applicant: who it is, its lines, its totals in fen by label, the findings about its cells."""

    person: dict[str, Any]
    name: str
    code: str
    county: str
    cell: str
    total: int
    potential: int | None
    by_fund: tuple[tuple[str, int], ...]
    lines: tuple[LineExplained, ...]
    findings: tuple[tuple[str, str, str, str], ...]
    policy: str
    source: str
    year: int
    readings: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str], ...]
    fund_note: str
