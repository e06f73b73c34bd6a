"""What of an amount falls due in the year of support."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from anqing_subsidy.engine.exact import rounded, sure, times, whole
from anqing_subsidy.policy.clauses import Instalments


def due_in(rule: Instalments, amount: pl.Series, year: pl.Series, mode: str) -> pl.Series:
    """All up to the year less all before it, so that the years add up to the whole."""
    due = whole(None, amount.len())
    due_before, share = whole(0, amount.len()), Fraction(0)
    for number, part in enumerate(rule.shares, start=1):
        share += part
        up_to = rounded(times(amount, share.numerator), share.denominator, mode)
        due = (up_to - due_before).zip_with(sure(year == number), due)
        due_before = up_to
    # in an unknown year no more than the whole can fall due
    return due.zip_with(year.is_not_null(), amount)
