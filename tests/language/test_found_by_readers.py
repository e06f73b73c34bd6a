"""What readers with fresh eyes found: rows that two bring, sums below nothing, blanks of rows added up, units, diffs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anqing_subsidy.engine import assess
from anqing_subsidy.policy import Policy, parse_policy
from anqing_subsidy.report.detail import Describer
from anqing_subsidy.report.edition.compare import changes
from anqing_subsidy.report.edition.page import page_of
from tests.language.town import WHOLE, clause, kiln, lines, run, town
from tests.support import frames

EARLIEST = (
    WHOLE.replace("works: {key: work_no, claimant: kiln_no}", "works: {key: work_no, claimant: kiln_no, settle: earliest, earliest: made_on}", 1)
    .replace("      cost: {header: 成本", "      made_on: {header: 完工日, en: made on, type: date}\n      cost: {header: 成本", 1)
)  # fmt: skip


def earliest(*more: str) -> Policy:
    body = clause("{pay: 100元}", *more, table="works")
    head, tail = EARLIEST.index("clauses:\n"), EARLIEST.index("\ngroups:")
    text = EARLIEST[:head] + "clauses:\n" + body + EARLIEST[tail:]
    start = text.index("\ngroups:") + 1
    end = next(at for at in range(start + 8, len(text)) if text[at] == "\n" and text[at + 1].isalpha())
    return parse_policy((text[:start] + "groups: []" + text[end:]).encode(), "kilns.yaml", {})


@pytest.mark.parametrize(
    "more", [(), ("one_line_per: applicant", "rows: add_up"), ("one_line_per: object", "rows: highest")]
)
def test_a_work_of_two_kilns_is_paid_to_the_one_that_made_it_first(more: tuple[str, ...]) -> None:
    policy = earliest(*more)
    works = [
        {"kiln_no": "K1", "work_no": "W1", "made_on": date(2022, 5, 2), "cost": 1},
        {"kiln_no": "K2", "work_no": "W1", "made_on": date(2022, 5, 1), "cost": 1},
    ]
    found = assess(policy, frames(policy, {"kilns": [kiln(1), kiln(2)], "works": works}))
    paid = {line["code"]: (line["status"], line["amount"]) for line in found.lines.iter_rows(named=True)}
    assert paid == {"K1": ("ineligible", 0), "K2": ("eligible", 10_000)}
    assert set(found.lines["reason"]) == {"DUPLICATE_CLAIM", "GRANTED"}
    said = Describer(found, "zh").describe(found.lines).reason_text.to_list()
    assert "归更早申报的主体：W1 → K2（窑2）" in said


@pytest.mark.parametrize(("days", "status"), [((3, 3), "held"), ((None, 3), "held")])
def test_works_of_one_day_or_of_no_day_are_held(days: tuple[int | None, int | None], status: str) -> None:
    policy = earliest()
    works = [
        {"kiln_no": f"K{at}", "work_no": "W1", "made_on": day and date(2022, 5, day), "cost": 1}
        for at, day in enumerate(days, 1)
    ]
    found = assess(policy, frames(policy, {"kilns": [kiln(1), kiln(2)], "works": works}))
    assert set(found.lines["status"]) == {status}


LOSSES = "    losses: {zh: 盈亏合计, en: gains and losses, sum: works, of: margin}\n"


def margin_town(when: str) -> Policy:
    body = WHOLE.replace("facts:\n  kilns:\n", f"facts:\n  kilns:\n{LOSSES}", 1).replace(
        "    work_part: {zh", "    margin: {zh: 差额, en: margin, minus: [kilns.rent, cost]}\n    work_part: {zh", 1
    )
    head, tail = body.index("clauses:\n"), body.index("\ngroups:")
    made = body[:head] + "clauses:\n" + clause("{pay: 100元}", f"when: [{when}]") + body[tail:]
    start = made.index("\ngroups:") + 1
    end = next(at for at in range(start + 8, len(made)) if made[at] == "\n" and made[at + 1].isalpha())
    return parse_policy((made[:start] + "groups: []" + made[end:]).encode(), "kilns.yaml", {})


@pytest.mark.parametrize(
    ("costs", "status"), [((700, 900), "ineligible"), ((400, 600), "eligible"), ((400, 601), "ineligible")]
)
def test_a_sum_of_losses_is_below_nothing(costs: tuple[int, int], status: str) -> None:
    policy = margin_town("losses >= 0元")
    works = [{"kiln_no": "K1", "work_no": f"W{at}", "cost": cost} for at, cost in enumerate(costs)]
    found = assess(policy, frames(policy, {"kilns": [kiln(1, rent=500)], "works": works}))
    assert found.lines["status"].to_list() == [status]


def test_a_part_below_nothing_takes_nothing_off_the_others() -> None:
    award = "{sum_of: [{pay: 100元}, {pay: more_sales}]}"
    found = run(town(clause(award)), kiln(1, sales=100, sales_before=5_000))
    assert lines(found)["K1", "k_one", None][:2] == ("eligible", "100.00")


@pytest.mark.parametrize("award", ["{rate: 50%, of: cost}", "{pay: 100元, deduct: cost}", "{pay: 100元, cap: cost}"])
def test_a_blank_of_rows_that_are_added_up_is_named_with_its_row(award: str) -> None:
    policy = town(clause(award, "one_line_per: applicant", "rows: add_up", table="works"))
    works: list[dict[str, Any]] = [
        {"kiln_no": "K1", "work_no": "W1", "cost": None},
        {"kiln_no": "K1", "work_no": "W2", "cost": 5},
    ]
    found = run(policy, kiln(1), works=works)
    said = Describer(found, "zh").describe(found.lines).missing.to_list()
    assert "成本（作品第 " in said[0]


def test_an_area_is_told_in_the_unit_that_the_policy_gives_it() -> None:
    text = WHOLE.replace(
        "floor: {header: 作坊面积, en: workshop, type: area, unit: ㎡}",
        "floor: {header: 作坊面积, en: workshop, type: area, unit: 亩}",
        1,
    )
    text = text.replace("  when: [lease_days >= 0]\n", "  when: [floor >= 10]\n", 1)
    policy = parse_policy(text.encode(), "kilns.yaml", {})
    row = kiln(1, asks_floor=True, floor=90_000, leased_on=date(2022, 1, 1), left_on=date(2022, 12, 31), aid=0, taxes=0)
    found = assess(policy, frames(policy, {"kilns": [row]}))
    (said,) = Describer(found, "zh").describe(found.lines).reason_text.to_list()
    assert "9 亩" in said
    assert "10 亩" in said
    assert "㎡" not in said
    shown = page_of(policy, "zh", ["k_floor"])
    assert any("10亩" in line.text for entry in shown.clauses[0].entries for line in entry.lines)


EDITS = {
    "a word of a list": ("fine: [精品]", "fine: [精品, 佳品]"),
    "the key of a sheet": ("key: [kiln_no, work_no]", "key: [work_no]"),
    "the object of a sheet": ("    object: work_no\n", ""),
    "who may bring a row": ("works: {key: work_no, claimant: kiln_no}", "works: {key: work_no, claimant: kiln_no, where: [grade is fine]}"),
    "the day from which years count": ("since: first_fired", "since: leased_on"),
    "what a tie does": ("among: [asks_top], ties: open", "among: [asks_top], ties: share"),
    "a header": ("{header: 烧成数, en: pots, type: count, unit: 件}\n      pots_before", "{header: 出窑数, en: pots, type: count, unit: 件}\n      pots_before"),
    "what must be filled in": ("wages: {header: 工资, en: wages, type: money, unit: 元}", "wages: {header: 工资, en: wages, type: money, unit: 元, required: true}"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("old", "new"), EDITS.values(), ids=EDITS.keys())
def test_two_editions_that_differ_are_never_said_to_be_the_same(old: str, new: str, lang: Any) -> None:  # noqa: ANN401  # a language
    assert WHOLE.count(old) == 1
    before, after = (parse_policy(text.encode(), "kilns.yaml", {}) for text in (WHOLE, WHOLE.replace(old, new)))
    found = changes(before, after, lang)
    assert found
    for change in found:
        assert change.before != change.after
        assert "Ref(" not in f"{change.before}{change.after}"


@pytest.mark.parametrize("cap", ["cap: 10万元", None])
def test_what_is_kept_back_for_a_blank_is_no_more_than_the_cap(cap: str | None) -> None:
    award = "{rate: 50%, of: rent}" if cap else "{rate: 50%, of: rent, cap: 10万元}"
    more = ["budget: {sum: 100万元, open_lines: keep_back}", *([cap] if cap else [])]
    found = run(town(clause(award, *more)), kiln(1, rent=10_000_000), kiln(2, rent=None))
    # 50 % of 100000 yuan; 100000 of the million are kept for the other one
    assert lines(found)["K1", "k_one", None][:2] == ("eligible", "50000.00")
    assert lines(found)["K2", "k_one", None] == ("pending", "0.00", None)
