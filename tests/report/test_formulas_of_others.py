"""The formulas of every policy at hand are worked out by their text alone, and come out at what their lines say."""

from __future__ import annotations

import random
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.policy import load_policy
from anqing_subsidy.report.detail import Describer
from tests.language.tables_drawn import drawn
from tests.language.town import clause, kiln, run, town
from tests.report.arithmetic import comes_to
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment

ROOT: Final = Path(__file__).resolve().parents[2]
PAID: Final = ("eligible", "eligible_with_held", "ineligible")
OPEN: Final = ("pending", "held")
APPLICANTS: Final = 60
FILES: Final = {
    "tests/language/kilns.yaml": 5,
    "tests/report/every_shape.yaml": 3,
    "tests/second_policy/policy.yaml": 2,
    **{
        f"examples/policies/{path.name}": 2
        for path in sorted((ROOT / "examples" / "policies").glob("*.yaml"))
        if not path.name.endswith(".cases.yaml")
    },
}
"""The policies, each with how many draws of rows."""
SELDOM: Final = {
    "kilns": {"k_top", "k_plea", "k_wish"},  # a place among the first three, or a decision by hand
    "every_shape": {"hand"},
    "anqing-2019": {"c5_new", "c5_existing", "c2_gmv", "c2_above"},
    "honghe-2021": {"h3"},
    "haibin-2014": {"b5_major"},
}
"""Clauses of which a draw may hold no line with a formula."""


def formulas(found: Assessment, lang: str = "zh") -> list[str]:
    return [str(text) for text in Describer(found, "en" if lang == "en" else "zh").describe(found.lines).formula]


def wanted(line: dict[str, Any]) -> tuple[int | None, ...]:
    """What the formula of a line may come to, by its status."""
    if line["status"] in PAID:
        return (line["amount"],)
    return (line["potential"],) if line["status"] in OPEN else (line["amount"], line["potential"])


@pytest.mark.parametrize("file", FILES)
def test_every_formula_is_worked_out_by_its_text_and_comes_to_what_its_line_says(file: str) -> None:
    path = ROOT / file
    policy, text = load_policy(path), path.read_text(encoding="utf-8")
    tried: set[str] = set()
    for seed in range(FILES[file]):
        found = assess(policy, frames(policy, drawn(random.Random(seed), policy, text, APPLICANTS)))
        for line, formula, english in zip(
            found.lines.iter_rows(named=True), formulas(found), formulas(found, "en"), strict=True
        ):
            place = (seed, line["code"], line["clause"], line["object"], line["status"], formula)
            if not formula:
                assert not line["amount"], place
                continue
            comes = comes_to(
                formula,
                policy.rounding,
                tuple(share for way in policy.clauses[line["clause"]].fund.shares for share in way.values()),
            )
            assert line["status"] == "superseded" or comes in wanted(line), place
            numbers = r"[\d,]+\.\d\d"
            assert re.findall(numbers, formula) == re.findall(numbers, english), (place, english)
            tried.add(line["clause"])
    assert set(policy.clauses) - tried <= SELDOM.get(path.stem, set())


ONE: Final = {
    "a row that was cut is multiplied as it was cut": (
        "{highest_of: [{pay: sales, cap: 300元}], multiply_by: 150%}", {"sales": 50_000},
        "(500.00 → 上限 300.00) × 150% = 450.00",
    ),
    "a row in proportion is rounded before it is added": (
        # 1 / 3 of 5 yuan is 1.67, twice is 3.34; two thirds of 5 yuan would be 3.33
        "{sum_of: [{pay: 5元, prorate_by: done_part}, {pay: 5元, prorate_by: done_part}]}", {"done": 100, "planned": 300},
        "(5.00 × 1/3（完成比例） = 1.67) + (5.00 × 1/3（完成比例） = 1.67) = 3.34",
    ),
    "what is in proportion is rounded before something is taken off": (
        "{pay: 5元, prorate_by: done_part, deduct: 1元}", {"done": 100, "planned": 300},
        "5.00 × 1/3（完成比例） = 1.67 − 1.00 = 0.67",
    ),
    "tiers that ask for more than their threshold keep their numbers": (
        "{first_past: pots, past: ge, jump: cumulative, tiers: {'1': 1元, '2': {pay: 2元, when: [guild]}, '3': {pay: 4元, when: [guild]}}}",
        {"pots": 3, "guild": True}, "第 1 档 1.00 + 第 2 档 2.00 + 第 3 档 4.00 = 7.00",
    ),
    "of a base below nothing no step is full": (
        "{pay: 5元, per_full: \"10\", of: more_pots}", {"pots": 5, "pots_before": 25}, "0（-20 ÷ 10，取整） × 5.00",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("award", "facts", "said"), [pytest.param(*case, id=name) for name, case in ONE.items()])
def test_a_formula_says_every_step(award: str, facts: dict[str, Any], said: str) -> None:
    found = run(town(clause(award)), kiln(1, first_fired=date(2022, 1, 1), **facts))
    (formula,), (amount,) = formulas(found), found.lines["amount"]
    assert formula.startswith(said)
    assert comes_to(formula) == amount
