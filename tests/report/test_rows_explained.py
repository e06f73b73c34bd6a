"""A line that is put together from rows: the applicant's conditions once, and what each row met."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.report.explain.explainer import Explainer
from anqing_subsidy.report.explain.tree import UNWRAPPED, Tree, drawn
from tests.language.town import YUAN, clause, kiln, run, town

if TYPE_CHECKING:
    from anqing_subsidy.report.explain.model import LineExplained

SUM: Final = clause(
    "{pay: cost}",
    "when: [kilns.guild, kilns.masters >= 2, grade is fine or rare, cost >= 3元]",
    "one_line_per: applicant",
    "rows: add_up",
    table="works",
)


@cache
def explained(lang: Any, *, guild: bool = True) -> tuple[LineExplained, str]:  # noqa: ANN401  # a language
    works = [
        {"kiln_no": "K1", "work_no": f"W{at}", "cost": cost * YUAN, "grade": grade}
        for at, (cost, grade) in enumerate([(5, "fine"), (2, "rare"), (7, "plain"), (8, "rare")])
    ]
    found = Explainer(run(town(SUM), kiln(1, guild=guild, masters=2), works=works), lang, {}).explanation()
    text = "\n".join(text for _, text, _ in drawn(Tree(found, lang).roots(), UNWRAPPED))
    return found.lines[0], text


def test_the_conditions_of_the_applicant_are_shown_once() -> None:
    line, text = explained("zh")
    assert [(check.text, check.met) for check in line.checks] == [("入会 是", True), ("师傅 2 人 ≥ 2 人", True)]
    assert text.count("√ 入会 是") == 1


def test_one_that_fails_is_marked() -> None:
    line, text = explained("en", guild=False)
    assert line.checks[0].met is False
    assert "× in the guild" in text


def test_each_row_that_counts_says_what_of_its_own_it_met() -> None:
    line, _ = explained("zh")
    says = [row.says for row in line.rows]
    assert says[0] == "计 5.00 元；等级 精品；成本 5.00 元 ≥ 3.00 元"
    assert "未达 3.00 元" in says[1]
    assert "等级须属于" in says[2]
    assert not any("师傅" in text for text in says)


def test_the_same_in_english() -> None:
    assert explained("en")[0].rows[3].says == "8.00 yuan; grade rare; cost 8.00 yuan ≥ 3.00 yuan"
