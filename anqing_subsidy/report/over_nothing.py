"""Ratios and growths over nothing: that the figure below is 0 or less, in words, so that somebody looks at its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.policy.derivations import Growth, RatioOf
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.texts import choose

if TYPE_CHECKING:
    import polars as pl

    from anqing_subsidy.report.view import Rows
    from anqing_subsidy.report.words import Wording


def below(how: object) -> Ref | None:
    """The fact by which a ratio or a growth is divided."""
    found = how.before if isinstance(how, Growth) else how.denominator if isinstance(how, RatioOf) else None
    return found if isinstance(found, Ref) else None


def mark(words: Wording) -> str:
    """What all these texts contain, and no other name of what is missing."""
    return words.say("无法计算", "cannot be worked out")


def said(words: Wording, how: object, ref: Ref) -> tuple[str, str]:
    """That a figure is 0, and that it is below 0: both given, so that neither is missing."""
    what = words.say("增幅", "the growth") if isinstance(how, Growth) else words.say("比例", "the ratio")
    label, tail = words.label(ref), words.say(f"，{what}无法计算", f", so {what} cannot be worked out")
    return (
        words.say(f"{label}为 0", f"{label} is 0") + tail,
        words.say(f"{label}为负数", f"{label} is below 0") + tail,
    )


def told(words: Wording, how: object, view: Rows) -> pl.Series | None:
    """The same where it is so, and the policy has no rule for it."""
    ref = below(how)
    if ref is None or ref.table not in {view.scope.table, *view.scope.rows.up}:
        return None
    fact = view.scope.fact(ref)
    figure = view.column(fact.lo)
    settled = sure(figure == view.column(fact.hi))
    ruled = isinstance(how, Growth) and how.zero != "pending"
    nothing, negative = said(words, how, ref)
    return choose(settled & (figure < 0), negative, choose(settled & (figure == 0), "" if ruled else nothing))
