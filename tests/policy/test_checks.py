"""Checks of a policy: another policy declares its own, and what cannot be meant is refused with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.engine.suspicions import suspicions
from anqing_subsidy.finding import PolicyError
from anqing_subsidy.policy import Policy, parse_policy
from tests.support import frames

SOUND: Final = (Path(__file__).parent.parent / "second_policy" / "policy.yaml").read_text(encoding="utf-8")
RACKS: Final = "{id: racks, when: [racks > declared_bushes], zh: 架多于苗, en: more racks than bushes}"


def with_checks(*checks: str, column: str = "") -> str:
    listed = "".join(f"- {check}\n" for check in checks)
    text = SOUND.replace("\ntables:\n", f"\nchecks:\n{listed}\ntables:\n")
    return text.replace(
        "valley: {header: 山谷, en: valley, type: text", f"valley: {{header: 山谷, en: valley, type: text{column}"
    )


def loaded(text: str) -> Policy:
    return parse_policy(text.encode(), "tea.yaml", {})


@pytest.mark.parametrize(("racks", "codes"), [(10, []), (11, ["RACKS"])])
def test_another_policy_has_its_own_checks(racks: int, codes: list[str]) -> None:
    policy = loaded(with_checks(RACKS))
    farm = {"farm_no": "F1", "farm_name": "甲", "racks": racks, "declared_bushes": 10}
    found = suspicions(assess(policy, frames(policy, {"farms": [farm]})))
    assert [finding.code for finding in found if finding.code == "RACKS"] == codes


def test_a_check_says_how_grave_it_is_and_what_to_do() -> None:
    policy = loaded(with_checks(RACKS.replace("}", ", severity: error, fix: {zh: 拆架, en: take racks down}}")))
    (check,) = policy.checks
    assert (check.severity, check.fix.en, check.table) == ("error", "take racks down", "farms")
    assert loaded(with_checks(RACKS)).checks[0].severity == "warning"


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (RACKS.replace("racks >", "rakcs >"), "did you mean"),
        (RACKS.replace("when: [racks > declared_bushes]", "when: []"), "has no condition"),
        (RACKS.replace("when: [racks > declared_bushes]", "when: [racks > valley]"), "of different kinds"),
        (RACKS.replace("id: racks", "id: Racks!"), "lower-case letters"),
        (RACKS.replace("when:", "wehn:"), "did you mean `when`?"),
        (RACKS.replace("}", ", each: barns}"), "there is no table `barns`"),
        (RACKS.replace("}", ", severity: grave}"), "must be one of"),
    ],
)
def test_a_check_that_cannot_be_meant_is_refused_at_its_line(check: str, words: str) -> None:
    text = with_checks(check)
    with pytest.raises(PolicyError) as caught:
        loaded(text)
    line = text[: text.index(check)].count("\n") + 1
    assert any(fault.line == line and words in fault.message.en for fault in caught.value.faults), caught.value.faults


def test_an_id_used_twice_and_a_name_that_is_no_column_are_refused() -> None:
    for text, words in (
        (with_checks(RACKS, RACKS), "`racks` again"),
        (with_checks(RACKS, column=", named_by: nam"), "no column `nam`"),
    ):
        with pytest.raises(PolicyError) as caught:
            loaded(text)
        assert words in caught.value.message.en
