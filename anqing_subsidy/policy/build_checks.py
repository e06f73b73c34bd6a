"""Checks of a policy: conditions that describe what cannot be, and what to say where they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.rules import Check
from anqing_subsidy.policy.terms import refs_in

if TYPE_CHECKING:
    from anqing_subsidy.policy.conditions import ConditionParser
    from anqing_subsidy.policy.faults import Faults
    from anqing_subsidy.policy.names import Names
    from anqing_subsidy.policy.schema import PolicyDoc

_FIX: Final = Text("核对后改正其中一处", "correct one of them")


def ratio_of(pair: Sequence[int] | None, line: int, faults: Faults) -> tuple[int, int] | None:
    """A range of ratios, from the smaller to the larger."""
    if pair is None:
        return None
    low, high = pair
    if low < 2:
        faults.add(line, f"比值 {low} 太小: 从 2 起", f"the ratio {low} is too small: 2 or more")
    if low > high:
        faults.add(line, f"比值范围 {low} 到 {high} 次序颠倒", f"the ratios {low} to {high} are the wrong way round")
    return low, high


def build_checks(doc: PolicyDoc, names: Names, parser: ConditionParser) -> Iterator[Check]:
    """The checks of a document; one that names no fact, or an id used twice, is a fault."""
    seen: set[str] = set()
    for entry in doc.checks:
        if entry.id in seen:
            names.faults.add(entry.line, f"检查 {entry.id} 重复", f"check `{entry.id}` again")
        seen.add(entry.id)
        table = entry.each or doc.applicant.table
        if names.table(table, entry.line) not in names.tables:
            continue
        when = parser.parse(entry.when, table, entry.line)
        if not any(True for _ in refs_in(when)):
            names.faults.add(
                entry.line, f"检查 {entry.id} 没有条件", f"check `{entry.id}` has no condition under `when`"
            )
        yield Check(entry.id, table, when, entry.text, entry.fix.text if entry.fix else _FIX, entry.severity)
