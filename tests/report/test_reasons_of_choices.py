"""Reasons name the key that fits nothing, the figure of last year that is missing, the points that are not there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.edition.clauses import Entry, clause_entries
from anqing_subsidy.report.edition.phrases import Phrases
from tests.language.town import WAN, YUAN, clause, kiln, run, town

if TYPE_CHECKING:
    from anqing_subsidy.policy import Policy


def reason(policy: Policy, *kilns: dict[str, Any], lang: Any = "zh") -> str:  # noqa: ANN401  # a language
    found = run(policy, *kilns)
    return str(Describer(found, lang).describe(found.lines).reason_text[0])


@pytest.mark.parametrize(
    ("award", "english"),
    [
        ("{pay: {by: masters, 1: 100元, 2..3: 200元}}", "masters must be one of 1, 2–3, and is 7"),
        ("{rate: {by: masters, 1..2: 1%, 3: 2%}, of: sales}", "masters must be one of 1–2, 3, and is 7"),
        ("{pay: 100元, multiply_by: {by: masters, 1: 2, 9..: 3}}", "masters must be one of 1, 9 and above, and is 7"),
        ("{pay: {by: masters, 1: 100元}, per: pots}", "masters must be one of 1, and is 7"),
        ("{sum_of: [{pay: {by: masters, 1: 100元}}, {pay: 5元, when: [guild]}]}", "masters must be one of 1, and is 7"),
    ],
)
def test_a_choice_without_a_key_for_a_number_names_the_number_and_the_keys(award: str, english: str) -> None:
    one = kiln(1, masters=7, sales=WAN, pots=3, guild=False)
    assert english in reason(town(clause(award)), one, lang="en")
    assert "comes to 0" not in reason(town(clause(award)), one, lang="en")


def test_the_same_in_chinese_with_the_unit() -> None:
    said = reason(town(clause("{pay: {by: masters, 1: 100元, 2..3: 200元, 9..: 1元}}")), kiln(1, masters=7))
    assert said == "师傅须属于 1、2–3、9 及以上，实为 7 人"


def test_a_first_step_with_a_choice_as_its_factor_is_still_a_first_step() -> None:
    award = "{first_past: pots, past: ge, tiers: {'100': 1000元}, multiply_by: {by: masters, 1: 2}}"
    policy = town(clause(award, "once_for: {same: tier}"))
    found = run(policy, kiln(1, pots=90, masters=1, first_fired=date(2022, 1, 1)))
    near = Describer(found, "zh").describe(found.lines).near
    assert [miss.amount for miss in near.values()] == [2000 * YUAN]


GROWTH = "    up: {zh: 增幅, en: growth, growth: [pots, pots_before], missing: %s, zero: %s}\n"


@pytest.mark.parametrize(
    ("rule", "before", "now", "said"),
    [
        ("met", 0, 5, "增幅 —（上年烧成数为 0，政策规定视为达到） ≥ 25%"),
        ("met", 0, 0, "须增幅 ≥ 25%，实为 —（上年烧成数为 0，本年也无，不算增长）"),
        ("not_met", 0, 5, "须增幅 ≥ 25%，实为 —（上年烧成数为 0，政策规定视为未达到）"),
        ("not_met", None, 5, "须增幅 ≥ 25%，实为 —（上年烧成数空白，政策规定视为未达到）"),
        ("met", None, 5, "增幅 —（上年烧成数空白，政策规定视为达到） ≥ 25%"),
    ],
)
def test_growth_over_nothing_says_that_there_is_nothing_and_what_the_policy_says(
    rule: str, before: int | None, now: int, said: str
) -> None:
    policy = town(clause("{pay: 100元}", "when: [up >= 25%]"), facts=GROWTH % (rule, rule))
    assert said in reason(policy, kiln(1, pots=now, pots_before=before))
    assert "?" not in reason(policy, kiln(1, pots=now, pots_before=before))


def test_who_has_no_points_gets_nothing_of_a_pool_and_is_told_so() -> None:
    policy = town(clause("{pool: 100元, shared_by: score, open_lines: leave_out}"))
    found = run(policy, kiln(1, score=0), kiln(2, score=3))
    said = Describer(found, "zh").describe(found.lines)
    assert said.reason_text[0] == "评分为 0，须大于 0"
    assert found.lines["gross"].to_list() == [0, 100 * YUAN]
    assert found.lines["reason"][0] in ("BELOW_THRESHOLD", "AT_THRESHOLD")


def test_a_clause_by_hand_that_is_claimed_is_shown_with_who_claims_it() -> None:
    policy = town(
        clause("{by_hand: 5万元}")
        + clause("{by_hand: true}", id_="k_two").replace("  claimed: [kiln_no is given]\n", "")
    )
    claims = {id_: dict.fromkeys(entry.id for entry in entries) for id_, entries in _shown(policy).items()}
    assert "claimed" in claims["k_one"]
    words = {
        id_: next(e.lines[0].text for e in entries if e.id == "claimed") for id_, entries in _shown(policy).items()
    }
    assert words["k_two"] == "by the sheet of decisions alone"
    assert "kiln number" in words["k_one"]


def _shown(policy: Policy) -> dict[str, list[Entry]]:
    words = Phrases(policy, "en")
    return {id_: clause_entries(one, words) for id_, one in policy.clauses.items()}
