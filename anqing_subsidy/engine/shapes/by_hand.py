"""`by_hand: limit`: an amount that a person decides, within a limit where the policy sets one."""

from __future__ import annotations

from collections.abc import Callable

from anqing_subsidy.engine.exact import flag, whole
from anqing_subsidy.engine.shapes.outcome import Outcome, ShapeScope
from anqing_subsidy.engine.shapes.value import value_of
from anqing_subsidy.engine.verdict import Test
from anqing_subsidy.policy.clauses import Award, ByHand


def outcome(shape: ByHand, scope: ShapeScope, _inner: Callable[[Award, ShapeScope], Outcome]) -> Outcome:
    """Nothing until somebody decides, up to the limit at the most."""
    height = scope.height
    undecided = flag(None, height)
    limit = None if shape.limit is None else value_of(shape.limit, scope)
    return Outcome(
        whole(0, height),
        whole(None, height) if limit is None else limit.hi,
        1,
        undecided if limit is None else undecided & limit.fits,
        flag(True, height),
        (Test(None, undecided, kind="by_hand"),),
        steps={"shape": "by_hand"},
    )
