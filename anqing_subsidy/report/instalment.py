"""The part of an award that falls due in the year of the policy: in formulas, and for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anqing_subsidy.money import percent
from anqing_subsidy.report.texts import choose, grouped, mapped, number, put

if TYPE_CHECKING:
    import polars as pl

    from anqing_subsidy.report.view import View
    from anqing_subsidy.report.words import Wording


def instalment_step(words: Wording, line: pl.Series, comes_to: pl.Series, view: View) -> tuple[pl.Series, pl.Series]:
    """The step of a formula that the share of the year of support adds, and what it comes to."""
    rule, say = view.trace.clause.instalments, words.say
    if rule is None:
        return line, comes_to
    due, year = view.of("instalment"), view.column(view.trace.scope.fact(rule.year).lo)
    of_year = mapped(year, lambda n: percent(rule.shares[n - 1]) if n and 0 < n <= len(rule.shares) else "")
    when, count = words.policy.year, len(rule.shares)
    of = say(f" 期（{when} 年，共 {count} 期，全额的 ", f" of {count} ({when}: ")
    part = put(say(" → 第 ", " → instalment "), number(year, 1), of, of_year)
    # what the years up to this one come to, less what those before it did: of the first there is nothing before
    earlier = choose(year > 1, say("，前期已计", ", earlier ones taken off"))
    part = put(part, say("", " of it"), earlier, say("）", ") "), grouped(due))
    known = due.is_not_null() & (of_year != "")
    return choose(known, put(line, part), line), due.zip_with(known, comes_to)


def instalments_of(view: View) -> list[dict[str, Any] | None]:
    """Which instalment each line is, of how many, and its share; nothing where an award is paid at once."""
    rule = view.trace.clause.instalments
    if rule is None or view.trace.scope.table != view.trace.clause.table:
        return [None] * view.height
    count = len(rule.shares)
    return [
        {"number": year, "of": count, "share": percent(rule.shares[year - 1])}
        if year is not None and 0 < year <= count
        else None
        for year in view.values(view.trace.scope.fact(rule.year).lo)
    ]
