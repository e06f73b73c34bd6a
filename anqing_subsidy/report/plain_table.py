"""Tables of plain text: columns lined up where Chinese characters take two places, amounts to the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from anqing_subsidy.report.explain.widths import padded, width_of, wrapped

_GAP: Final = "  "
_NARROWEST: Final = 12


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int], width: int) -> Iterator[str]:
    """The lines of a table of so many columns; `right` are the columns whose texts stand to the right.

    Where it is wider, the widest column to the left is folded.
    """
    widths = [max(width_of(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    folding = [at for at in range(len(heads)) if at not in right]
    while folding and sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        widest = max(folding, key=lambda at: widths[at])
        over = sum(widths) + len(_GAP) * (len(widths) - 1) - width
        if widths[widest] <= _NARROWEST:
            break
        others = [widths[at] for at in folding if at != widest]
        widths[widest] = max(_NARROWEST, widths[widest] - over, min(max(others, default=0), widths[widest] - 1))
    yield from _row(heads, widths, right)
    yield _GAP.join("─" * size for size in widths)
    for row in rows:
        yield from _row(row, widths, right)


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> Iterator[str]:
    folded = [list(wrapped(cell, size)) or [""] for cell, size in zip(cells, widths, strict=True)]
    for line in range(max(map(len, folded))):
        parts = []
        for at, size in enumerate(widths):
            text = folded[at][line] if line < len(folded[at]) else ""
            parts.append(" " * max(size - width_of(text), 0) + text if at in right else padded(text, size))
        yield _GAP.join(parts).rstrip()


def bar(part: int, whole: int, width: int) -> str:
    """A bar for a part of a whole, so many places long at most; nothing for nothing."""
    if whole <= 0 or part <= 0:
        return ""
    return "█" * max(part * width // whole, 1)
