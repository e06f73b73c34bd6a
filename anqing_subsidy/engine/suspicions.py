"""All that a check finds beyond a run: nothing here changes an amount, a person should look at it."""

from __future__ import annotations

from anqing_subsidy.engine.assessment import Assessment
from anqing_subsidy.engine.crosschecks import cross_checks
from anqing_subsidy.engine.related import relations
from anqing_subsidy.engine.scale import scale_suspects
from anqing_subsidy.finding import Finding


def suspicions(assessment: Assessment) -> list[Finding]:
    """The policy's own checks, units by comparison, applicants with each other."""
    policy, tables, store = assessment.policy, assessment.tables, assessment.store
    return [
        *cross_checks(policy, tables, store),
        *scale_suspects(policy, tables, store),
        *relations(policy, tables, store),
    ]
