"""The application form asks for whatever a clause reads, be it only through the cap of its group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anqing_subsidy.policy.needs import needs_of
from tests.language.town import clause, town

if TYPE_CHECKING:
    from anqing_subsidy.policy import Policy

PAY = "{pay: 100元}"
FACTS = "    levies: {zh: 税费, en: levies, add: [taxes, aid]}\n"


def asked(policy: Policy, id_: str = "k_one") -> set[str]:
    return {ref.id for ref in needs_of(policy, policy.clauses[id_]).columns}


@pytest.mark.parametrize(
    ("award", "more", "columns"),
    [
        ("{pay: 100元, deduct: aid}", (), {"aid"}),
        ("{pay: 100元, prorate_by: done_part}", (), {"done", "planned"}),
        ("{pay: 100元, multiply_by: {by: masters, 1: 2, else: 1}}", (), {"masters"}),
        ("{pay: 100元, cap: taxes}", (), {"taxes"}),
        ("{pay: 100元, cap: {rate: 50%, of: wages}}", (), {"wages"}),
        (PAY, ("cap: taxes",), {"taxes"}),
        (PAY, ("cap: {by: guild, true: 50元, false: 10元}",), {"guild"}),
        (PAY, ("when: [place <= 3]",), {"score", "sales", "asks_top"}),
        ("{pool: 100元, shared_by: score, open_lines: leave_out}", (), {"score"}),
        (PAY, ("instalments: {year: support_year, shares: [50%, 50%]}",), {"first_fired"}),
        (PAY, ("fund: {fund: clay, or: town, due_to: guild}",), {"guild"}),
        ("{rate: 1%, of: works_cost}", (), {"cost"}),
    ],
)
def test_a_clause_asks_for_what_its_award_and_modifiers_read(
    award: str, more: tuple[str, ...], columns: set[str]
) -> None:
    assert columns <= asked(town(clause(award, *more), facts=FACTS))


GROUPS = "- {id: inner, members: [k_one, k_two], pays: sum, cap: %s}\n- {id: outer, members: [inner, k_three], pays: highest, cap: {by: kind, folk: 5元, glazed: 6元, crude: 7元}}\n"


@pytest.mark.parametrize(("cap", "columns"), [("levies", {"taxes", "aid"}), ("works_cost", {"cost"})])
def test_the_members_of_a_group_ask_for_what_its_cap_reads(cap: str, columns: set[str]) -> None:
    three = clause(PAY) + clause(PAY, id_="k_two") + clause(PAY, id_="k_three")
    policy = town(three, facts=FACTS, groups=GROUPS % cap)
    assert columns | {"kind"} <= asked(policy, "k_one")
    assert columns <= asked(policy, "k_two")
    assert "kind" in asked(policy, "k_three")
    assert not columns & asked(policy, "k_three")
    if cap == "works_cost":
        assert "works" in needs_of(policy, policy.clauses["k_one"]).tables
