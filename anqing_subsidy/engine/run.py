"""What every clause of a run looks at, and what a shape sees of the rows of a clause."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from anqing_subsidy.engine.between import JointCaps
from anqing_subsidy.engine.earlier import EarlierYears, Figures
from anqing_subsidy.engine.fact import Fact
from anqing_subsidy.engine.facts import FactStore, Scope
from anqing_subsidy.engine.paid import Paid
from anqing_subsidy.engine.shapes.modify import least_cap
from anqing_subsidy.engine.shapes.outcome import UnitsElsewhere
from anqing_subsidy.engine.support import OtherSupport
from anqing_subsidy.engine.verdict import Evaluator, Test
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.terms import Conditions, Ref


@dataclass(frozen=True)
class Run:
    """What every clause of a run looks at."""

    policy: Policy
    store: FactStore
    figures: Figures
    paid: Paid
    support: OtherSupport

    def joint_caps(self) -> JointCaps:
        """What caps each group that has a cap, for every row of the applicants."""
        scope = ClauseScope(self, self.store.scope(self.policy.main), None)
        caps = {group.id: least_cap(group.cap, scope) for group in self.policy.groups if group.cap}
        return {id_: (cap.lo, cap.hi) for id_, cap in caps.items()}

    def freed(self, codes: Collection[str]) -> Run:
        """The same where neither a second claimant nor support merely applied for holds lines of some applicants."""
        rows = dict(self.store.rows)
        for table, own in rows.items():
            if own.conflict is not None and own.rivals is not None:
                mine = self.store.owners(table).is_in(list(codes)).fill_null(value=False)
                rows[table] = replace(own, conflict=own.conflict & ~(own.rivals & mine))
        store = FactStore(self.policy, rows, codes)
        return replace(self, store=store, support=self.support.without_applied(codes))


class ClauseScope:
    """What a shape sees of the rows of a clause."""

    def __init__(self, run: Run, scope: Scope, elsewhere: UnitsElsewhere | None) -> None:
        self.scope = scope
        self.elsewhere = elsewhere
        self.rounding: str = run.policy.rounding
        self.earlier = EarlierYears(run.figures, run.paid, scope, run.policy.main)

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.scope.height

    def fact(self, ref: Ref) -> Fact:
        """A fact at the rows."""
        return self.scope.fact(ref)

    def tests(self, conditions: Conditions) -> tuple[Test, ...]:
        """Conditions at the rows."""
        return Evaluator(self.scope).tests(conditions)
