"""A column must be fit for the part that it plays; what stands in for a sheet holds what its columns can hold."""

from __future__ import annotations

from typing import Final

import pytest

from anqing_subsidy.finding import PolicyError
from anqing_subsidy.policy import parse_policy
from tests.language.town import WHOLE

STANDS: Final = "declared_rows:\n  works: [{work_no: hamlet, cost: rent, grade: fine}]\n\none_claimant:"

CASES: Final = {
    "an applicant known by a count": ("code: kiln_no, name", "code: pots, name", "`code` cannot be column `pots` (count); it takes uscc, text"),
    "a county that is money": ("county: hamlet", "county: sales", "`county` cannot be column `sales` (money)"),
    "a year that is money": ("{table: years, year: year, since", "{table: years, year: sales, since", "`year` cannot be column `sales` (money); it takes year"),
    "years that count from a sum": ("since: first_fired", "since: sales", "`since` cannot use `sales` (money); it takes date"),
    "years of the applicants themselves": ("history: {table: years", "history: {table: kilns", "`kilns` is no table below `kilns`"),
    "a stand-in of another kind": ("since: first_fired}", "since: first_fired, declared: {sales: pots}}", "`declared sales` cannot use `pots` (count); it takes money"),
    "a sum paid that is a word": ("level: grade, amount: sum}", "level: grade, amount: item}", "`amount` cannot be column `item` (text); it takes money"),
    "units that are money": ("units: units, amount: sum, same_matter", "units: sum, amount: sum, same_matter", "`units` cannot be column `sum` (money); it takes count"),
    "a matter that is no yes or no": ("same_matter: same,", "same_matter: item,", "`same_matter` cannot be column `item` (text); it takes yesno"),
    "the earliest by nothing": ("works: {key: work_no, claimant: kiln_no}", "works: {key: work_no, claimant: kiln_no, settle: earliest}", "needs `earliest`"),
    "the earliest by a sum": ("works: {key: work_no, claimant: kiln_no}", "works: {key: work_no, claimant: kiln_no, settle: earliest, earliest: cost}", "`earliest` cannot be column `cost` (money); it takes date"),
    "an object that is a sum": ("    object: work_no\n", "    object: cost\n", "`object` cannot be column `cost` (money)"),
    "rows that name no parent": ("      kiln_no: {header: 窑号, en: kiln number, type: text, required: true}\n      work_no", "      work_no", "has no column `kiln_no`, the key of its parent `kilns`"),
    "rows that name their parent by a number": ("      kiln_no: {header: 窑号, en: kiln number, type: text, required: true}\n      work_no", "      kiln_no: {header: 窑号, en: kiln number, type: count, required: true}\n      work_no", "is count, and text in its parent"),
    "last year of another kind": ("last_year: sales, else: sales_before", "last_year: sales, else: pots", "`else` cannot use `pots` (count); it takes money"),
    "a fact named as a column": ("    more_pots: {zh", "    pots: {zh", "fact `pots` has the name of a column of `kilns`"),
    "a day and a year": ("founding_year <= 2000", "first_fired <= policy_year", "a day takes `policy_year_start` or `policy_year_end`"),
    "a year and a day": ("founding_year <= 2000", "founding_year <= policy_year_end", "are of different kinds"),
    "a count and the year": ("when: [founding_year <= 2000]", "when: [pots <= policy_year]", "are of different kinds"),
    "a constant as a part": ("add: [wages, known_rent, 100元]", "add: [wages, rent, policy_year]", "`policy_year` is a constant"),
    "a row in place of applicants": ("one_claimant:", "declared_rows:\n  kilns: [{pots: 1}]\n\none_claimant:", "`declared_rows` is for tables below `kilns`"),
    "a stand-in column of another kind": ("one_claimant:", STANDS.replace("cost: rent", "cost: pots"), "`cost` cannot use `pots` (count); it takes money"),
    "a stand-in of other words": ("one_claimant:", STANDS.replace("grade: fine", "grade: kind"), "`kind` has other words than column `grade`"),
    "a stand-in word that is none": ("one_claimant:", STANDS.replace("grade: fine", "grade: fien"), "has no value `fien`; did you mean `fine`?"),
    "a stand-in sum without its unit": ("one_claimant:", STANDS.replace("cost: rent", "cost: 5000"), "column `cost` (money) cannot hold 5000: name a column of the applicant, or write a value as 5000元"),
    "a stand-in fact": ("one_claimant:", STANDS.replace("cost: rent", "cost: outlay"), "cannot hold 'outlay'"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), CASES.values(), ids=CASES.keys())
def test_a_column_that_cannot_be_meant_is_refused(old: str, new: str, said: str) -> None:
    assert WHOLE.count(old) >= 1
    with pytest.raises(PolicyError) as refused:
        parse_policy(WHOLE.replace(old, new, 1).encode(), "kilns.yaml", {})
    assert said in "\n".join(fault.message.en for fault in refused.value.faults)


@pytest.mark.parametrize("cost", ["rent", "5000元", "0"])
@pytest.mark.parametrize("grade", ["fine", "精品"])
def test_what_a_cell_could_say_stands_in(cost: str, grade: str) -> None:
    text = WHOLE.replace("one_claimant:", STANDS.replace("cost: rent", f"cost: {cost}").replace("fine", grade), 1)
    (rule,) = parse_policy(text.encode(), "kilns.yaml", {}).declared_rows
    assert rule.values["grade"] == "fine"
    if cost != "rent":
        assert rule.values["cost"] == (500_000 if cost == "5000元" else 0)
