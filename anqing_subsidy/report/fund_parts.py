"""The funds that bear a line, and how much of it each bears where several do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.report.texts import choose, grouped, listed, put

if TYPE_CHECKING:
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.report.texts import Words
    from anqing_subsidy.report.words import Wording


def may_be_several(policy: Policy) -> bool:
    """Whether a line of the policy may be borne by several funds."""
    return any(clause.fund.is_split for clause in policy.clauses.values())


def unpaid_funds(policy: Policy, lang: Lang) -> dict[str, str]:
    """The funds that would pay a line of which several may, by `way_key`: in words, as the policy says it.

    Where a fact of the applicant chooses them and is blank that fact is named.
    """
    several = [clause for clause in policy.clauses.values() if clause.fund.is_split or clause.fund.choice is not None]
    if not several:
        return {}
    from anqing_subsidy.report.edition.clauses import fund_words, way_words
    from anqing_subsidy.report.edition.phrases import Phrases

    words = Phrases(policy, lang)
    found: dict[str, str] = {}
    for clause in several:
        choice = clause.fund.choice
        if choice is None:
            found[way_key(clause.id, 0)] = fund_words(clause.fund, words)
            continue
        label = words.label(choice.by)
        found[way_key(clause.id, None)] = words.say(f"按{label}确定", f"by {label}")
        for way, shares in enumerate(clause.fund.shares):
            found[way_key(clause.id, way)] = way_words(shares, words)
    return found


def way_key(clause: str, way: int | None) -> str:
    """A clause and the number of the way in which funds share a line of it; None where a blank leaves it open."""
    return f"{clause}:{'' if way is None else way}"


def way_keys() -> pl.Expr:
    """The same of each line."""
    return pl.concat_str("clause", pl.lit(":"), pl.col("way").cast(pl.String).fill_null(""))


def fund_parts(words: Wording, lines: pl.DataFrame, *, alone: bool = True) -> pl.Series:
    """The fund that pays each line, of several each with its part; with `alone` false only where several pay."""
    policy = words.policy
    parts = [lines[f"fund:{fund}"] for fund in policy.funds]
    paying = pl.DataFrame([(part > 0).cast(pl.Int64) for part in parts]).sum_horizontal()
    said: list[Words] = []
    for title, part in zip(policy.funds.values(), parts, strict=True):
        name = title.say(words.lang)
        whole = choose(paying > 1, put(f"{name} ", grouped(part)), name if alone else "")
        said.append(choose(part > 0, whole))
    return listed(said, words.semicolon, lines.height)
