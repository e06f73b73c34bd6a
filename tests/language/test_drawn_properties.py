"""What must hold of every policy, on random ones: of the order of rows, of more and of fewer applicants, of blanks, of sums."""

from __future__ import annotations

import copy
import random
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.money import plain
from anqing_subsidy.report.detail import Describer
from tests.language.drawn.rows import Drawer
from tests.language.drawn.words import BASE
from tests.language.reference.compare import SHEETS, Drawn, drawn, shown
from tests.language.reference.values import quantity
from tests.support import frames

if TYPE_CHECKING:
    from anqing_subsidy.engine import Assessment
    from tests.language.drawn.rows import Rows

SEEDS: Final = range(3, 60 * SHEETS, SHEETS)
_BETWEEN: Final = ("rank_by", "pool", "budget")
"""What makes the lines of one applicant depend on those of another."""
_FEN: Final = re.compile(r"\d[\d,]*\.\d\d")


@cache
def result_of(seed: int) -> Assessment:
    return drawn(seed).assessed()


def lines_of(one: Drawn, rows: Rows) -> list[tuple[str, ...]]:
    policy = one.policy()
    return shown(assess(policy, frames(policy, rows)))


def _stands_alone(one: Drawn) -> bool:
    text = str([one.tree[part] for part in ("facts", "clauses", "funds")] + one.tree.get("groups", []))
    return not any(f"'{word}'" in text for word in _BETWEEN)


def _only(rows: Rows, codes: set[str]) -> Rows:
    return {table: [row for row in found if row["code"] in codes] for table, found in rows.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_changes_no_line(seed: int) -> None:
    one = drawn(seed)
    rng = random.Random(seed)
    mixed = {table: rng.sample(rows, len(rows)) for table, rows in one.rows.items()}
    assert lines_of(one, mixed) == shown(result_of(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_file_split_in_two_gives_the_same_lines(seed: int) -> None:
    one = drawn(seed)
    codes = [firm["code"] for firm in one.rows["firms"]]
    if len(codes) < 2 or not _stands_alone(one):
        return
    first = set(codes[: len(codes) // 2])
    parts = [lines_of(one, _only(one.rows, group)) for group in (first, set(codes) - first)]
    assert sorted([*parts[0], *parts[1]]) == shown(result_of(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_another_applicant_changes_no_line_of_the_others(seed: int) -> None:
    one = drawn(seed)
    if not _stands_alone(one):
        return
    firm = dict(Drawer(random.Random(seed), one.tree).tables()["firms"][0], code="X", name="企业X")
    more = lines_of(one, {**one.rows, "firms": [firm, *one.rows["firms"]]})
    assert [line for line in more if line[0] != "X"] == shown(result_of(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_are_the_sums_of_lines_and_of_funds(seed: int) -> None:
    result = result_of(seed)
    funds = [f"fund:{fund}" for fund in result.policy.funds]
    for person in result.applicants.iter_rows(named=True):
        own = [line for line in result.lines.iter_rows(named=True) if line["code"] == person["code"]]
        assert person["total"] == sum(line["amount"] for line in own) == sum(person[fund] for fund in funds)
        for fund in funds:
            assert person[fund] == sum(line[fund] for line in own)
    for line in result.lines.iter_rows(named=True):
        assert line["amount"] == sum(line[fund] for fund in funds)
        assert min(line[fund] for fund in funds) >= 0
        assert (line["amount"] > 0) <= (line["status"] in ("eligible", "eligible_with_held"))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_line_is_above_its_cap_and_no_sum_above_its_budget(seed: int) -> None:
    one, result = drawn(seed), result_of(seed)
    paid = [(line["clause"], line["amount"], line["code"]) for line in result.lines.iter_rows(named=True)]
    for clause in one.tree["clauses"]:
        own = [amount for name, amount, _ in paid if name == clause["id"]]
        plain_caps = [cap for cap in _list(clause.get("cap")) if isinstance(cap, str) and quantity(cap) is not None]
        for cap in plain_caps:
            assert max(own, default=0) <= (quantity(cap) or 0)
        if "budget" in clause:
            assert sum(own) <= _sum(clause["budget"])
    for fund, doc in one.tree["funds"].items():
        if "budget" in doc:
            assert result.applicants[f"fund:{fund}"].sum() <= _sum(doc["budget"])


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_blank_leaves_settled_stays_when_it_is_filled_in(seed: int) -> None:
    one = drawn(seed)
    # what asks whether a cell is blank changes its answer
    if not _stands_alone(one) or "groups" in one.tree or re.search("is (given|blank)", str(one.tree)):
        return
    before = list(result_of(seed).lines.iter_rows(named=True))
    for attempt in range(2):
        filled = assess(one.policy(), frames(one.policy(), _filled(one, random.Random(seed + attempt))))
        after = {(line["code"], line["clause"], line["object"]): line for line in filled.lines.iter_rows(named=True)}
        for line in before:
            now = after.get((line["code"], line["clause"], line["object"]))
            if now is None:
                continue
            if line["status"] in ("eligible", "ineligible"):
                # a row that could not have added anything may turn out to hold and to come to nothing
                assert now["amount"] == line["amount"]
                assert now["status"] == line["status"] or not line["amount"]
            elif line["potential"] is not None:
                assert now["amount"] <= line["amount"] + line["potential"], line
            if line["status"] == "eligible_with_held":
                assert now["amount"] >= line["amount"]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_line_can_be_told_and_its_formula_comes_out_at_its_amount(seed: int) -> None:
    result = result_of(seed)
    for language in ("zh", "en"):
        told = Describer(result, language).describe(result.lines)
        assert len(told.reason_text) == result.lines.height
        for line, formula in zip(result.lines.iter_rows(named=True), told.formula, strict=True):
            if formula and line["amount"]:
                assert plain(line["amount"]) in [text.replace(",", "") for text in _FEN.findall(formula)[-4:]], formula


def _filled(one: Drawn, rng: random.Random) -> Rows:
    """The rows with every blank filled in at random; no row is added."""
    drawer = Drawer(rng, one.tree)
    drawer.blanks = 0.0
    rows: Rows = copy.deepcopy(one.rows)
    for table, found in rows.items():
        for row in found:
            for name, doc in BASE["tables"][table]["columns"].items():
                if row.get(name) is None:
                    row[name] = drawer._cell(doc["type"], doc.get("values", ""), row)
    return rows


def _list(caps: Any) -> list[Any]:  # noqa: ANN401  # a cap, several, or none
    return caps if isinstance(caps, list) else [] if caps is None else [caps]


def _sum(budget: Any) -> int:  # noqa: ANN401  # a sum, or a mapping with one
    text = budget if isinstance(budget, str) else budget["sum"]
    return int(quantity(text) or 0)
