"""The example row and the instructions of a form: plausible where the policy gives no words of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anqing_subsidy.policy.guide import Guides
from anqing_subsidy.report.form import application_form
from anqing_subsidy.report.form_guide import clause_row
from tests.language.town import clause, town

if TYPE_CHECKING:
    from anqing_subsidy.report.form import ApplicationForm


def form(*clauses: str) -> ApplicationForm:
    return application_form(town("".join(clauses)), Guides(), "zh")


def example(form: ApplicationForm, column: str) -> object:
    """The example of a column of the first sheet."""
    return next(field.example for field in form.sheets[0].fields if field.column.id == column)


@pytest.mark.parametrize(
    ("when", "shown"),
    [("[not guild]", "否"), ("[guild]", "是"), ("[any: [guild, not guild]]", "是"), ("[pots >= 1]", "是")],
)
def test_what_clauses_only_ever_deny_is_denied_in_the_example(when: str, shown: str) -> None:
    text = clause("{pay: 1元}", f"when: {when}")
    assert example(form(text, clause("{pay: 1元}", "when: [pots >= 1]", id_="k_two")), "guild") == shown


def test_a_clause_names_the_sheet_of_awards_paid_where_it_looks_back() -> None:
    made = form(clause("{pay: 1元}"), clause("{pay: 2元}", "once_for: {same: applicant}", id_="k_two"))
    sheets = [clause_row(made, one)[1] for one in made.clauses]
    assert ["旧奖" in one for one in sheets] == [False, True]
