"""A sum that is left to a person, within the limit that the policy sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.policy import parse_policy
from tests.oracle.generate import good_code
from tests.support import frames

POLICY = Path(__file__).parents[2] / "examples" / "policies" / "honghe-2021.yaml"


@pytest.mark.parametrize(
    ("limit", "decided", "paid"),
    [("true", 3_000_000, 3_000_000), ("3万元", 3_000_000, 3_000_000), ("3万元", 3_000_001, 0)],
)
def test_a_decision_is_paid_up_to_the_limit_and_refused_above_it(limit: str, decided: int, paid: int) -> None:
    text = POLICY.read_text(encoding="utf-8").replace("{by_hand: true}", f"{{by_hand: {limit}}}")
    policy = parse_policy(text.encode(), "honghe.yaml", {})
    code = good_code(1)
    rows: dict[str, list[dict[str, object]]] = {
        "firms": [{"uscc": code, "name": "甲"}],
        "decisions": [{"uscc": code, "clause": "h3", "decision": "set", "amount_yuan": decided, "reason": "新设", "decided_by": "局"}],
    }  # fmt: skip
    result = assess(policy, frames(policy, rows))
    assert result.applicants["total"].sum() == paid
    assert ("DECISION_ABOVE_LIMIT" in {finding.code for finding in result.findings}) == (paid == 0)
