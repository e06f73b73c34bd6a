"""Names of facts with the rows that they are said of."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

from anqing_subsidy.report.words import Wording

FEW: Final = 3
"""So many rows are named by their numbers."""
_MOST_NAMES: Final = 6


@dataclass(frozen=True, slots=True)
class InRows:
    """A fact by its name, by its name with the rows that it is said of, and where those stand among the rows."""

    name: str
    said: str
    at: tuple[int, ...]


def in_rows(
    words: Wording,
    names: Sequence[Sequence[str]],
    numbers: Sequence[int],
    sheet: str,
    own: Container[str] | None = None,
) -> list[InRows]:
    """Each name that is said of rows of a sheet, with these rows: by number where they are few, else how many.

    Names that are not the sheet's `own` stand in another one, and have no row here.
    """
    said_of: dict[str, list[int]] = {}
    for at, row in enumerate(names):
        for name in row:
            said_of.setdefault(name, []).append(at)
    most = sorted(said_of.items(), key=lambda entry: -len(entry[1]))[:_MOST_NAMES]
    return [
        InRows(
            name, _said(words, name, [numbers[at] for at in which], sheet, own=own is None or name in own), tuple(which)
        )
        for name, which in most
    ]


def _said(words: Wording, name: str, numbers: Sequence[int], sheet: str, *, own: bool) -> str:
    if not own:
        return name
    if len(numbers) <= FEW:
        listed = ", ".join(map(str, numbers))
        return words.say(f"{name}（{sheet}第 {listed} 行）", f"{name} ({sheet} row {listed})")
    return words.say(f"{name}（{sheet} {len(numbers)} 行）", f"{name} ({len(numbers)} rows of {sheet})")
