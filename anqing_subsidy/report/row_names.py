"""Names of facts with the rows that they are said of."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Final

from anqing_subsidy.report.words import Wording

_FEW: Final = 3
_MOST_NAMES: Final = 6


def in_rows(
    words: Wording,
    names: Sequence[Sequence[str]],
    numbers: Sequence[int],
    sheet: str,
    own: Container[str] | None = None,
) -> Iterator[str]:
    """Each name that is said of rows of a sheet, with these rows: by number where they are few, else how many.

    Names that are not the sheet's `own` stand in another one, and have no row here.
    """
    said_of: dict[str, list[int]] = {}
    for row, number in zip(names, numbers, strict=True):
        for name in row:
            said_of.setdefault(name, []).append(number)
    for name, which in sorted(said_of.items(), key=lambda entry: -len(entry[1]))[:_MOST_NAMES]:
        if own is not None and name not in own:
            yield name
        elif len(which) <= _FEW:
            listed = ", ".join(map(str, which))
            yield words.say(f"{name}（{sheet}第 {listed} 行）", f"{name} ({sheet} row {listed})")
        else:
            yield words.say(f"{name}（{sheet} {len(which)} 行）", f"{name} ({len(which)} rows of {sheet})")
