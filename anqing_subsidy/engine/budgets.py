"""Budgets: where more is due than there is, every line is cut in proportion, to the fen.

The budgets of clauses come first, then those of groups, then those of funds. An amount decided by hand is paid as it
was decided, before the others share what is left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

import polars as pl

from anqing_subsidy.engine.budget_words import Cut, cut_short, decided_beyond, may_exceed
from anqing_subsidy.engine.funds import by_fund
from anqing_subsidy.engine.reasons import RANK
from anqing_subsidy.engine.shares import divided
from anqing_subsidy.finding import Finding
from anqing_subsidy.policy.articles import clauses_of
from anqing_subsidy.policy.clauses import Budget, Clause
from anqing_subsidy.policy.model import Policy

_OPEN: Final = ("pending", "held", "eligible_with_held", "invalid")


@dataclass(frozen=True, slots=True)
class Taken:
    """What clauses take of a budget: what they are paid, and what is kept back for their open lines."""

    paid: int
    kept: int


def has_budgets(policy: Policy) -> bool:
    """Whether the policy sets any budget."""
    budgets = (*(clause.budget for clause in policy.clauses.values()), *(group.budget for group in policy.groups))
    return bool(policy.budgets) or any(budget is not None for budget in budgets)


def within_budgets(lines: pl.DataFrame, policy: Policy) -> tuple[pl.DataFrame, list[Cut], list[Finding]]:
    """The lines within every budget, what was cut, and what is to be said of it."""
    cuts: list[Cut] = []
    funds = [f"fund:{fund}" for fund in policy.funds]
    lines = lines.with_columns(pl.col(fund).alias(f"uncut:{fund}") for fund in funds)
    findings: list[Finding] = []
    wanted: list[tuple[Literal["clause", "group", "fund"], str, Budget]] = [
        ("clause", clause.id, clause.budget) for clause in policy.clauses.values() if clause.budget is not None
    ]
    wanted += [("group", group.id, group.budget) for group in policy.groups if group.budget is not None]
    wanted += [("fund", fund, budget) for fund, budget in policy.budgets.items()]
    for kind, id_, budget in wanted:
        ahead = Taken(0, 0)
        for stage in _stages(kind, id_, budget, policy):
            lines, cut, taken = _within(lines, kind, id_, budget, policy, len(cuts), stage, ahead)
            ahead = Taken(ahead.paid + taken.paid, ahead.kept + taken.kept)
            if cut is not None:
                cuts.append(cut)
                findings.extend(cut_short(cut, policy))
        paid = lines.filter(_inside(kind, id_, policy)).select("fixed", amount=_source(kind, id_))
        decided, spent = int(paid.filter("fixed")["amount"].sum()), int(paid["amount"].sum())
        if decided > budget.sum:
            findings.append(decided_beyond(kind, id_, decided, budget, policy))
        waiting = _open_part(lines, kind, id_, policy)["more"]
        if waiting.len() and (waiting.null_count() or spent + int(waiting.sum()) > budget.sum):
            findings.append(may_exceed(kind, id_, waiting.len(), budget, policy))
    lines = lines.with_columns((pl.col(f"uncut:{fund}") - pl.col(fund)).alias(f"cut:{fund}") for fund in funds)
    return lines, cuts, findings


def cut_columns(cuts: list[Cut], policy: Policy) -> tuple[str, ...]:
    """The columns of what budgets took from the part of each fund, where they took anything."""
    return tuple(f"cut:fund:{fund}" for fund in policy.funds) if cuts else ()


def _source(kind: str, id_: str) -> str:
    """The column of what lines take of a budget."""
    return f"fund:{id_}" if kind == "fund" else "amount"


def _inside(kind: str, id_: str, policy: Policy) -> pl.Expr:
    if kind == "fund":
        return pl.col(f"fund:{id_}") > 0
    clauses = [id_] if kind == "clause" else clauses_of(id_, policy)
    return pl.col("clause").is_in(clauses) & (pl.col("amount") > 0)


def _open_part(lines: pl.DataFrame, kind: str, id_: str, policy: Policy) -> pl.DataFrame:
    """The open lines that could still come out of a budget, with the most that each could take of it."""
    if kind == "fund":
        homes = [clause.id for clause in policy.clauses.values() if id_ in clause.fund.funds]
        inside, now = pl.col("clause").is_in(homes), pl.col(f"fund:{id_}")
        for clause in policy.clauses.values():
            if clause.fund.choice is not None:
                # where it is known which funds pay a line, the others keep nothing for it
                ways = [at for at, way in enumerate(clause.fund.shares) if id_ in way]
                inside &= (pl.col("clause") != clause.id) | pl.col("way").is_in(ways).fill_null(value=True)
    else:
        inside = pl.col("clause").is_in([id_] if kind == "clause" else clauses_of(id_, policy))
        now = pl.col("amount")
    # what nothing bounds in the figures a plain cap of the clause bounds all the same
    limits = {clause.id: cap for clause in policy.clauses.values() if (cap := _plain_cap(clause)) is not None}
    limit = pl.col("clause").replace_strict(limits, default=None, return_dtype=pl.Int64)
    # of a line that cannot be read nobody knows what it comes to
    most = pl.coalesce(pl.when(pl.col("status") != "invalid").then("hi"), limit)
    if kind == "fund":
        most = _borne(most, id_, policy)
    more = pl.when(most.is_not_null()).then((most - now).clip(0))
    found = lines.filter(inside & pl.col("status").is_in(_OPEN)).select("clause", more=more)
    return found.filter(pl.col("more").is_null() | (pl.col("more") > 0))


def _borne(most: pl.Expr, fund: str, policy: Policy) -> pl.Expr:
    """The most that a fund bears of lines: of those that it shares its part, rounded up; the largest where that is open."""
    num, den = pl.lit(1, dtype=pl.Int128), pl.lit(1, dtype=pl.Int128)
    for clause in policy.clauses.values():
        if clause.fund.shares:
            parts = [way.get(fund, Fraction(0)) for way in clause.fund.shares]
            mine = pl.col("clause") == clause.id
            for own, part in (
                (mine, max(parts)),
                *((mine & (pl.col("way") == at), one) for at, one in enumerate(parts)),
            ):
                num = pl.when(own).then(pl.lit(part.numerator, dtype=pl.Int128)).otherwise(num)
                den = pl.when(own).then(pl.lit(part.denominator, dtype=pl.Int128)).otherwise(den)
    return ((most.cast(pl.Int128) * num + den - pl.lit(1, dtype=pl.Int128)) // den).cast(pl.Int64)


def _plain_cap(clause: Clause) -> int | None:
    """The least cap of a line that is a plain sum; that of the award too, where a line is one row. Of it one instalment."""
    caps = (*clause.cap, *(clause.award.cap if clause.rows == "one" else ()))
    least = min((cap for cap in caps if isinstance(cap, int)), default=None)
    if least is None or clause.instalments is None:
        return least
    return math.ceil(least * max(clause.instalments.shares))


def _stages(kind: str, id_: str, budget: Budget, policy: Policy) -> list[tuple[str, ...]]:
    """The clauses that share a budget: those of each that is paid before the others, then the others."""
    first = [tuple(clauses_of(name, policy)) for name in budget.first]
    ahead = {clause for stage in first for clause in stage}
    every = policy.clauses if kind == "fund" else [id_] if kind == "clause" else clauses_of(id_, policy)
    return [*first, tuple(clause for clause in every if clause not in ahead)]


def _within(
    lines: pl.DataFrame,
    kind: Literal["clause", "group", "fund"],
    id_: str,
    budget: Budget,
    policy: Policy,
    at: int,
    stage: tuple[str, ...],
    ahead: Taken,
) -> tuple[pl.DataFrame, Cut | None, Taken]:
    """The lines of some clauses within what a budget leaves them, what was cut, and what they take of it.

    `ahead` is what clauses before them took. Amounts decided by hand come out of a budget before all others.
    """
    source = _source(kind, id_)
    inside = lines.with_row_index("at").filter(_inside(kind, id_, policy))
    fixed = int(inside.filter("fixed")[source].sum())
    own = inside.filter(pl.col("clause").is_in(stage))
    shared = own.filter(~pl.col("fixed"))
    free = int(shared[source].sum())
    whole = max(budget.sum - fixed, 0) - ahead.paid - ahead.kept
    kept = 0
    if budget.open_lines == "keep_back":
        waiting = _open_part(lines, kind, id_, policy).filter(pl.col("clause").is_in(stage))["more"]
        # nobody knows what an unbounded line may take: it may be all of it
        kept = budget.sum if waiting.null_count() else int(waiting.sum())
    if (fixed <= budget.sum and free + kept <= whole) or not own.height:
        return lines, None, Taken(free, min(kept, whole - free))
    # what is kept back is kept in proportion too, as if the open lines were due
    left = min(whole * free // (free + kept) if kept else whole, free)
    due, back, of = fixed + ahead.paid + free, whole - left, stage if budget.first else ()
    cut = Cut(kind, id_, budget.sum, due, fixed, ahead.kept + back, at, ahead.paid, of)
    taken = Taken(left, back)
    if not shared.height:
        return lines.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in cut.columns), cut, taken
    after = shared.select("at", after=divided(shared, left, source))
    lines = lines.with_row_index("at").join(after, on="at", how="left", maintain_order="left").drop("at")
    is_cut = pl.col("after").is_not_null() & (pl.col("after") < pl.col(source))
    off = pl.when(is_cut).then(pl.col(source) - pl.col("after")).otherwise(0)
    lines = lines.with_columns(off=off)
    was_cut = pl.col("off") > 0
    lines = lines.with_columns(
        pl.when(was_cut).then("amount").alias(cut.before),
        pl.when(was_cut).then(source).alias(cut.part),
        pl.when(was_cut).then(pl.col("amount") - pl.col("off")).alias(cut.after),
        amount=pl.col("amount") - pl.col("off"),
        hi=pl.when(pl.col("hi").is_not_null()).then((pl.col("hi") - pl.col("off")).clip(0)),
        reason=pl.when(was_cut).then(pl.min_horizontal("reason", pl.lit(RANK["CAPPED"]))).otherwise(pl.col("reason")),
    )
    if kind == "fund":
        lines = lines.with_columns(pl.when(pl.col("after").is_null()).then(source).otherwise("after").alias(source))
    else:
        lines = _parts_after(lines, policy)
    return lines.drop("off", "after"), cut, taken


def _parts_after(lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The parts of funds of lines that were cut as a whole."""
    return by_fund(lines.drop("fund", *(f"fund:{fund}" for fund in policy.funds)), policy)
