"""What would have to change for a line to pay more: figures, each by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from anqing_subsidy.money import SCALE, decimal_text, grouped
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.words import Wording, share

_CLOSE: Final = 10_000
"""In millionths of a threshold: a figure within 1 % of it is close."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure, what it is, what it would have to be (smallest units), and how far that is in millionths of it."""

    ref: Ref
    value: int
    needed: int
    den: int | None = None

    @property
    def distance(self) -> int:
        """How far it is, in millionths of what is needed."""
        return abs(self.needed - self.value) * 1_000_000 // max(abs(self.needed), 1)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What would have to change in one line, and what the line would then come to, in fen.

    `row` is the row of the sheet in which it would have to change, where a line is put together from several.
    """

    changes: tuple[Change, ...]
    amount: int
    row: int | None = None

    @property
    def distance(self) -> int:
        """The farthest of its changes."""
        return max(change.distance for change in self.changes)

    @property
    def is_close(self) -> bool:
        """Whether no figure is more than one part in a hundred away."""
        return self.distance <= _CLOSE


def near_text(miss: NearMiss | None, words: Wording) -> str:
    """What would have to change, in a sentence; empty where nothing near does."""
    if miss is None:
        return ""
    steps = words.say("，且", ", and ").join(_change_text(change, words) for change in miss.changes)
    amount = grouped(miss.amount)
    if miss.row is not None:
        steps = words.say(f"第 {miss.row} 行", f"row {miss.row}: ") + steps
    return words.say(f"{steps}，本项可得 {amount} 元", f"{steps}: the line would come to {amount} yuan")


def _change_text(change: Change, words: Wording) -> str:
    label = words.label(change.ref)
    if change.den is not None:
        now, then = share(change.value, change.den), share(change.needed, change.den)
        return words.say(f"{label}由 {now} 变为 {then}", f"{label} from {now} to {then}")
    kind = words.policy.type_of(change.ref)
    scale, unit = SCALE.get(kind, 1), words.unit(kind, change.ref)
    gap, then = (decimal_text(figure, scale) + unit for figure in (abs(change.needed - change.value), change.needed))
    if change.needed > change.value:
        return words.say(f"{label}再多 {gap}（达到 {then}）", f"{label} {gap} more (reaching {then})")
    return words.say(f"{label}减少 {gap}（不超过 {then}）", f"{label} {gap} less (at most {then})")


Way = tuple[Change, ...]
Ways = list[Way | None]
"""Of each line what must change for some tests to hold: nothing (empty), some figures, or (None) no figure helps."""


def distance(way: Way) -> int:
    """The farthest of some changes."""
    return max((change.distance for change in way), default=0)


def together(way: Way) -> Way:
    """One change a figure: that which goes farthest."""
    farthest: dict[Ref, Change] = {}
    for change in way:
        other = farthest.get(change.ref)
        if other is None or abs(change.needed - change.value) > abs(other.needed - other.value):
            farthest[change.ref] = change
    return tuple(farthest.values())
