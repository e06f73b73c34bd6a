"""`policy lint`: a rank among rows that the clause which goes by it would not pay."""

from __future__ import annotations

import pytest

from anqing_subsidy.policy.lint import lint
from anqing_subsidy.policy.load import source_of
from tests.language.town import clause, town_text

PLACE = "    best: {{zh: 名次, en: place, rank_by: [sales], among: [{}]}}\n    strong: {{zh: 强, en: strong, when: [sales >= 5万元, score >= 1]}}\n"


def wider(among: str, *when: str) -> list[str]:
    """What lint says of ranks where a clause asks for a place and more."""
    award = clause("{pay: 100元}", f"when: [{', '.join(('best <= 3', *when))}]")
    facts = PLACE.format(among)
    text = town_text(award + clause("{pay: 1元}", "when: [strong]", id_="k_two"), facts=facts)
    return [remark.message.en for remark in lint(source_of(text.encode(), "kilns.yaml")) if remark.code == "RANK_WIDER"]


@pytest.mark.parametrize(
    ("among", "when"),
    [
        ("kiln_no is given, score >= 1", ("score >= 1",)),
        ("kiln_no is given, strong", ("sales >= 5万元", "score >= 1")),
        ("score >= 1, kiln_no is given, sales >= 1元", ("score >= 1",)),
    ],
    ids=["what the clause asks", "a fact that stands for it", "more than it asks"],
)
def test_a_rank_that_asks_what_its_clause_asks_is_right(among: str, when: tuple[str, ...]) -> None:
    assert wider(among, *when) == []


def test_what_the_rank_does_not_ask_is_named() -> None:
    (said,) = wider("kiln_no is given, score >= 2", "score >= 1", "sales >= 5万元")
    assert said.startswith("clause `k_one` also asks `score >= 1, sales >= 5万元`, and the rank `best` does not")


def test_whoever_claims_is_asked_too() -> None:
    (said,) = wider("score >= 1", "score >= 1")
    assert "`kiln_no is given`" in said
