"""`policy test`: the cases beside a policy, what differs, and what is wrong with a file of cases."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Program, Said

ROOT: Final = Path(__file__).parent.parent.parent
TEA: Final = ROOT / "tests" / "second_policy" / "policy.yaml"
BUSHES: Final = "{case: bushes, given: {farms: {wants_bushes: true, declared_bushes: 100}}, expect: %s}"


@pytest.fixture
def tea(program: Program) -> Program:
    """The program beside the fictional policy, without its cases."""
    shutil.copy(TEA, program.folder / "tea.yaml")
    return program


def cases(program: Program, *lines: str, head: str = "") -> Said:
    """Run the policy on some cases, one a line; the first of them stands on line 2 (below a head, further down)."""
    text = "\n".join([*([head] if head else []), "cases:", *(f"- {line}" for line in lines)])
    (program.folder / "tea.cases.yaml").write_text(text + "\n", encoding="utf-8")
    return program("policy", "test", "tea.yaml", "--lang", "en")


@pytest.mark.parametrize("policy", [None, str(TEA)], ids=["the policy that ships", "the fictional policy"])
def test_the_cases_beside_a_policy_pass(program: Program, policy: str | None) -> None:
    said = program("policy", "test", *([policy] if policy else []))
    assert said.status == 0, said.out
    assert said.out.splitlines()[-1] == "8 例通过，0 例不符（1 个文件）"
    assert said.out.count("通过  ") == 8


def test_a_case_that_differs_says_what_was_expected_what_came_out_and_why(tea: Program) -> None:
    said = cases(tea, BUSHES % "{t_bushes: 299元}", BUSHES.replace("bushes,", "again,") % "{t_bushes: 300元}")
    assert said.status == 1
    assert said.out.splitlines() == [
        "FAIL  bushes  (tea.cases.yaml:2)",
        "      2: 1 t_bushes 一 Bushes on steep plots amount: expected 299.00, got 300.00",
        said.out.splitlines()[2],
        "pass  again",
        "1 passed, 1 failed, in 1 file(s)",
    ]
    assert "300.00" in said.out.splitlines()[2]


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("{t_bushes: 300元, total: 301元}", "total: expected 301.00, got 300.00"),
        ("{}", "amount: expected 0.00, got 300.00"),
        ("{t_bushes: {amount: 300元, status: pending}}", "status: expected pending, got eligible"),
        ("{t_bushes: {amount: 300元, reason: CAPPED}}", "reason: expected CAPPED, got GRANTED"),
        ("{t_bushes: {amount: 300元, object: 东坡}}", "[东坡] amount: expected 300.00, got 0.00 (not claimed)"),
        ("{t_bushes: 300元, t_kit: 80元}", "amount: expected 80.00, got 0.00 (not claimed)"),
        ("{t_bushes: {amount: 300元, funds: {green: 300元}}}", "from fund green: expected 300.00, got 0.00"),
        ("{t_bushes: {amount: 300元, funds: {green: 1元}}}", "from fund leaf: expected 0.00, got 300.00"),
        ("{t_bushes: 300元, t_kit: ineligible}", "status: expected ineligible, got not_claimed"),
    ],
)
def test_each_thing_that_a_case_can_expect_is_compared(tea: Program, expect: str, told: str) -> None:
    said = cases(tea, BUSHES % expect)
    assert said.status == 1
    assert told in said.out


def test_a_row_names_its_applicant_by_code_or_by_name(tea: Program) -> None:
    farms = "farms: [{farm_name: 甲, wants_bushes: true}, {farm_no: F2, farm_name: 乙, wants_bushes: true}]"
    plots = "plots: [{farm_no: 甲, plot: a, slope: steep, surveyed: true, bushes: 100}, {farm_no: F2, plot: b, slope: steep, surveyed: true, bushes: 200}]"
    said = cases(
        tea,
        f"{{case: by name, given: {{{farms}, {plots}}}, expect: {{甲: {{t_bushes: 300元}}, 乙: {{t_bushes: 600元}}}}}}",
    )
    assert said.status == 0, said.out


@pytest.mark.parametrize(
    "expect",
    [
        "{t_bushes: 300元, t_kit: not_claimed, total: 300元}",
        "{'1': {t_bushes: 300元}}",
        "{t_bushes: {funds: {leaf: 300元}}}",
    ],
)
def test_what_comes_out_as_expected_passes(tea: Program, expect: str) -> None:
    assert cases(tea, BUSHES % expect).status == 0


def test_a_pending_line_is_compared_with_what_it_could_become(tea: Program) -> None:
    given = "{case: open, given: {farms: {wants_bushes: true}, plots: {slope: steep, surveyed: true}}, expect: %s}"
    assert cases(tea, given % "{t_bushes: {amount: 0, status: pending, potential: 1元}}").status == 1
    assert cases(tea, given % "{t_bushes: {amount: 0, status: pending, potential: unbounded}}").status == 0


def test_a_value_that_cannot_be_read_fails_the_case_although_nothing_is_expected(tea: Program) -> None:
    said = cases(tea, "{case: typo, given: {farms: {leaf_kg: 5OO}}, expect: {}}")
    assert said.status == 1
    assert "2: finding: expected none, got INVALID_VALUE" in said.out


def test_a_finding_that_is_expected_must_come(tea: Program) -> None:
    said = cases(tea, "{case: sound, given: {farms: {leaf_kg: 1}}, findings: INVALID_VALUE, expect: {}}")
    assert said.status == 1
    assert "finding: expected INVALID_VALUE, got none" in said.out


@pytest.mark.parametrize(
    ("case", "line", "told"),
    [
        ("{case: a, given: {farm: {}}, expect: {}}", 2, "there is no table `farm`; did you mean `farms`?"),
        ("{case: a, given: {farms: {leaf_kgs: 1}}, expect: {}}", 2, "`farms` has no column `leaf_kgs`; did you mean"),
        ("{case: a, given: {farms: {leaf_kg: [1]}}, expect: {}}", 2, "`leaf_kg` must be one value"),
        ("{case: a, set: {reech: ge}, expect: {}}", 2, "there is no reading `reech`; did you mean `reach`?"),
        ("{case: a, set: {reach: gte}, expect: {}}", 2, "reading `reach` has no option `gte`; did you mean"),
        ("{case: a, expect: {t_bush: 1元}}", 2, "there is no clause `t_bush`; did you mean `t_bushes`?"),
        ("{case: a, expect: {t_bushes: 1}}", 2, "a sum is written as 5万元"),
        ("{case: a, expect: {t_bushes: eligible}}", 2, "give the amount"),
        ("{case: a, expect: {t_bushes: {status: elligible}}}", 2, "did you mean `eligible`?"),
        ("{case: a, expect: {t_bushes: {reason: CAPED}}}", 2, "did you mean `CAPPED`?"),
        ("{case: a, expect: {t_bushes: {sum: 1元}}}", 2, "unknown key `sum`"),
        ("{case: a, expect: {t_medal: [{amount: 0}, {amount: 0}]}}", 2, "each needs an `object` of its own"),
        ("{case: a, expect: {t_bushes: {funds: {laef: 1元}}}}", 2, "there is no fund `laef`; did you mean `leaf`?"),
        ("{case: a, expect: {t_bushes: {funds: 1元}}}", 2, "`funds` is `{fund: amount}`"),
        ("{case: a, expect: {t_medal: []}}", 2, "write 0 for nothing"),
        ("{case: a, given: {farms: {farm_no: *x}}, expect: {t_bushes: 0}}", 2, "anchors and aliases (x) are refused"),
        (
            "{case: a, given: {farms: [{farm_name: *x}, {}]}, expect: {甲: {}}}",
            2,
            "anchors and aliases (x) are refused",
        ),
        ("{case: a, expect: [t_bushes]}", 2, "`expect` is `{clause: amount}`"),
        ("{case: a}", 2, "`cases.1.expect` is missing"),
        ("{case: a, given: {farms: [{}, {}]}, expect: {t_bushes: 0}}", 2, "name the applicant first"),
        ("{case: a, given: {farms: [{}, {}], plots: {slope: steep}}, expect: {}}", 2, "whose is this row of `plots`?"),
        (
            "{case: a, given: {farms: [{farm_name: 甲}, {farm_name: 甲}]}, expect: {甲: {}}}",
            2,
            "more than one applicant is called `甲`",
        ),
        ("{case: a, given: {farms: {repeat: 0}}, expect: {}}", 2, "`repeat` is a whole number from 1"),
    ],
)
def test_a_fault_of_a_file_of_cases_is_told_with_its_line(tea: Program, case: str, line: int, told: str) -> None:
    said = cases(tea, case)
    assert said.status == 3
    assert f"tea.cases.yaml:{line}: " in said.err
    assert told in said.err
    assert said.out == ""


def test_all_faults_are_told_at_once(tea: Program) -> None:
    said = cases(tea, "{case: a, expect: {t_bush: 0}}", "{case: b, set: {reech: ge}, expect: {}}", head="default: {}")
    assert [line.split(":")[1] for line in said.err.splitlines()[1:]] == ["1", "3", "4"]


def test_defaults_hold_unless_a_row_says_otherwise(tea: Program) -> None:
    head = "defaults: {farms: {wants_bushes: true, declared_bushes: 100}}"
    both = "{case: a, given: {farms: {declared_bushes: 99}}, expect: {t_bushes: ineligible}}"
    assert cases(tea, both, "{case: b, given: {farms: {}}, expect: {t_bushes: 300元}}", head=head).status == 0
    assert (
        cases(tea, "{case: c, given: {farms: {wants_bushes: }}, expect: {t_bushes: not_claimed}}", head=head).status
        == 0
    )


def test_a_file_of_cases_may_be_named_and_cases_picked_by_a_word(tea: Program) -> None:
    shutil.copy(TEA.with_name("policy.cases.yaml"), tea.folder / "other.yaml")
    said = tea("policy", "test", "tea.yaml", "--cases", "other.yaml", "-k", "MEDAL", "--lang", "en")
    assert (said.status, said.out.splitlines()[-1]) == (0, "1 passed, 0 failed, in 1 file(s)")
    assert tea("policy", "test", "tea.yaml", "--cases", "other.yaml", "-k", "silver").status == 2


def test_a_folder_of_cases_is_read_too(tea: Program) -> None:
    (tea.folder / "tea.cases").mkdir()
    shutil.copy(TEA.with_name("policy.cases.yaml"), tea.folder / "tea.cases" / "all.yaml")
    said = cases(tea, BUSHES % "{t_bushes: 300元}")
    assert said.out.splitlines()[-1] == "9 passed, 0 failed, in 2 file(s)"


def test_results_for_scripts_are_json(tea: Program) -> None:
    cases(tea, BUSHES % "{t_bushes: 1元}")
    said = tea("policy", "test", "tea.yaml", "--format", "json", "-q")
    result = json.loads(said.out)
    assert (said.status, result["passed"], result["failed"]) == (1, 0, 1)
    (difference,) = result["cases"][0]["differences"]
    assert (difference["clause"], difference["expected"], difference["got"]) == ("t_bushes", "1.00", "300.00")


def test_quiet_shows_failures_only(tea: Program) -> None:
    cases(tea, BUSHES % "{t_bushes: 300元}")
    assert tea("policy", "test", "tea.yaml", "-q").out == ""


def test_a_policy_without_cases_is_told_where_to_write_them(tea: Program) -> None:
    said = tea("policy", "test", "tea.yaml", "--lang", "en")
    assert said.status == 3
    assert "write tea.cases.yaml or a folder tea.cases" in said.err
