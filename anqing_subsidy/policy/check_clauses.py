"""Keys of a clause that would say nothing where they stand: each is refused, so that nobody takes it for a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anqing_subsidy.policy.faults import HOLE

if TYPE_CHECKING:
    from anqing_subsidy.policy.faults import Faults
    from anqing_subsidy.policy.schema import ClauseDoc, OnceDoc


def check_clause(doc: ClauseDoc, faults: Faults) -> None:
    """A fault for each key without what it is about."""
    if doc.declared is not None and doc.each is None:
        faults.add(
            doc.at("declared"),
            "declared 与 each 同用: 没有明细行时按申报表计",
            "`declared` goes with `each`: it stands where an applicant has no row of that table",
        )
    if doc.where is not None and doc.each is None:
        faults.add(
            doc.at("where"),
            "where 选的是下级表的行，与 each 同用；谁申报写在 claimed，达到什么条件写在 when",
            "`where` picks rows of a child table and goes with `each`; who asks is `claimed`, what must be satisfied `when`",
        )
    if doc.round_down_to is not None and not doc.award.hole and doc.award.by_hand is not None:
        faults.add(
            doc.at("round_down_to"),
            "人工核定的金额不取整: 删去 round_down_to",
            "a sum decided by hand is paid as decided: drop `round_down_to`",
        )
    if doc.cap_scope == "lifetime" and "cap" not in doc.tree:
        faults.add(
            doc.at("cap_scope"),
            "cap_scope 需要 cap: 写明条款的上限（award 里的上限不算）",
            "`cap_scope` needs `cap`: that of the clause, not of its award",
        )
    for rule in doc.once_for:
        _check_once(rule, faults)


def _check_once(rule: OnceDoc, faults: Faults) -> None:
    if "tier" in rule.same and (len(rule.same) > 1 or rule.within_years is not None):
        faults.add(
            rule.at("same") if len(rule.same) > 1 else rule.at("within_years"),
            "same: tier 单独写，终身有效: 另一种限制另写一条 {same: …}",
            "`same: tier` stands alone and holds for life: write another rule `{same: …}` beside it",
        )
    if rule.highest_first and not {"level", HOLE} & set(rule.same):
        faults.add(
            rule.at("highest_first"),
            "highest_first 与 same: [… level] 同用",
            "`highest_first` goes with `same: [… level]`",
        )
