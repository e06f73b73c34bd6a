"""Which fund bears how much of a line: the whole line, only what a fact added to it, or funds that share the cost."""

from __future__ import annotations

from math import lcm

import polars as pl

from anqing_subsidy.engine.exact import flag
from anqing_subsidy.engine.facts import Scope
from anqing_subsidy.engine.run import ClauseScope, Run
from anqing_subsidy.engine.shapes.value import value_of
from anqing_subsidy.finding import Finding, Text
from anqing_subsidy.money import grouped
from anqing_subsidy.policy.clauses import FundRule
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.tables import Tables


def way_of(rule: FundRule, scope: Scope, run: Run) -> pl.Series:
    """Which of the ways to share a line a fact of the applicant chooses, by number; blank where nobody knows."""
    if rule.choice is None:
        return pl.Series([0], dtype=pl.Int64).new_from_index(0, scope.height)
    chosen = value_of(rule.choice, ClauseScope(run, scope, None))
    unknown = pl.Series([None], dtype=pl.Int64).new_from_index(0, scope.height)
    return chosen.lo.cast(pl.Int64).zip_with(chosen.fits.fill_null(value=False), unknown)


def fund_open(rule: FundRule, scope: Scope, run: Run) -> pl.Series:
    """Where a blank leaves open which fund pays."""
    if rule.due_to is not None:
        return scope.fact(rule.due_to).lo.is_null()
    return flag(False, scope.height) if rule.choice is None else way_of(rule, scope, run).is_null()


def with_ways(lines: pl.DataFrame, policy: Policy, run: Run) -> pl.DataFrame:
    """The lines with the number of the way in which funds share each, blank where a blank leaves it open."""
    way = pl.lit(0, dtype=pl.Int64)
    for clause in policy.clauses.values():
        if clause.fund.choice is not None:
            chosen = way_of(clause.fund, run.store.scope(policy.main), run)
            way = pl.when(pl.col("clause") == clause.id).then(pl.lit(chosen).gather("applicant")).otherwise(way)
    return lines.with_columns(way=way)


def fund_unknown(lines: pl.DataFrame, policy: Policy, run: Run, tables: Tables) -> list[Finding]:
    """Sums decided by hand of lines of which a blank leaves open who pays: they are put to the first fund of the clause."""
    found: list[Finding] = []
    main = run.store.rows[policy.main].frame
    for clause in policy.clauses.values():
        if clause.fund.choice is None:
            continue
        ref = clause.fund.choice.by
        fact, fund = policy.label(ref), policy.funds[clause.fund.fund]
        open_ = lines.filter(
            (pl.col("clause") == clause.id) & pl.col("fixed") & (pl.col("amount") > 0) & pl.col("way").is_null()
        )
        column = ref.id if policy.column(ref) is not None else None
        for at, amount in open_.select("applicant", "amount").iter_rows():
            found.append(
                Finding(
                    "error",
                    "FUND_UNKNOWN",
                    Text(
                        f"{clause.article} 人工核定 {grouped(amount)} 元，“{fact.zh}”空白，不知由哪项资金付，暂列{fund.zh}",
                        f"{clause.article}: {grouped(amount)} yuan were decided by hand, and `{fact.en}` is blank: which fund pays is not known; put to {fund.en}",
                    ),
                    tables.place(int(main["_part"][at]), int(main["_row"][at]), column),
                    None,
                    Text(f"补上“{fact.zh}”后重算", f"fill in `{fact.en}` and run again"),
                )
            )
    return found


def by_fund(lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The fund of each line (the other one where the fact that moves it holds) and the amount by fund."""
    home, other, increment = {}, {}, []
    for clause in policy.clauses.values():
        home[clause.id] = clause.fund.fund
        other[clause.id] = clause.fund.other or clause.fund.fund
        if clause.fund.part == "increment":
            increment.append(clause.id)
    first = next(iter(policy.funds))
    lines = lines.with_columns(
        home=pl.col("clause").replace_strict(home, default=first, return_dtype=pl.String),
        other=pl.col("clause").replace_strict(other, default=first, return_dtype=pl.String),
        split=pl.col("clause").is_in(increment) & pl.col("moved"),
    )
    stays = pl.when(pl.col("split")).then(pl.min_horizontal("base", "amount")).otherwise(0)
    # where nothing was added, nothing moves
    whole_stays = pl.col("split") & (pl.col("amount") > 0) & (stays == pl.col("amount"))
    lines = lines.with_columns(fund=pl.when(pl.col("moved") & ~whole_stays).then("other").otherwise("home"))
    parts = {}
    for fund in policy.funds:
        moved = pl.when(pl.col("fund") == fund).then(pl.col("amount") - stays).otherwise(0)
        parts[f"fund:{fund}"] = moved + pl.when(pl.col("split") & (pl.col("home") == fund)).then(stays).otherwise(0)
    return _shared(lines.with_columns(**parts).drop("home", "other", "split"), policy)


def _shared(lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Lines whose cost funds share: each its share, the fen left over to the largest remainders, of equal ones the first."""
    ways = ((clause.id, at, way) for clause in policy.clauses.values() for at, way in enumerate(clause.fund.shares))
    for id_, at, shares in ways:
        own = (pl.col("clause") == id_) & (pl.col("way").fill_null(0) == at)
        den = lcm(*(share.denominator for share in shares.values()))
        exact = [pl.col("amount").cast(pl.Int128) * int(share * den) for share in shares.values()]
        parts = {fund: pl.lit(0, dtype=pl.Int64) for fund in policy.funds}
        parts |= zip(shares, _whole_fen(exact, pl.lit(den, dtype=pl.Int128)), strict=True)
        lines = lines.with_columns(
            pl.when(own).then(part).otherwise(pl.col(f"fund:{fund}")).alias(f"fund:{fund}")
            for fund, part in parts.items()
        ).with_columns(fund=pl.when(own).then(pl.lit(next(iter(shares)))).otherwise("fund"))
    # nobody knows who would pay a line of nothing while the fact that chooses is blank
    nobody = pl.col("way").is_null() & (pl.col("amount") == 0)
    return lines.with_columns(fund=pl.when(nobody).then(None).otherwise("fund"))


def _whole_fen(exact: list[pl.Expr], den: pl.Expr) -> list[pl.Expr]:
    """Parts of a sum over a denominator in whole fen, the fen left over to the largest remainders, of equal ones the first."""
    rest = [part % den for part in exact]
    over = pl.col("amount") - pl.sum_horizontal(part // den for part in exact)
    whole = []
    for at, part in enumerate(exact):
        ahead = [(other > rest[at]) if at <= i else (other >= rest[at]) for i, other in enumerate(rest) if i != at]
        before = pl.sum_horizontal(pl.lit(0), *(one.cast(pl.Int64) for one in ahead))
        whole.append((part // den + (before < over).cast(pl.Int64)).cast(pl.Int64))
    return whole


def after_netting(lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The parts of lines whose funds were worked out before what was paid this year came off them.

    Funds that share a line bear it in proportion to their parts; of a line that a fact moved in part, the part that
    was moved bears it first.
    """
    shared = [clause.id for clause in policy.clauses.values() if clause.fund.shares]
    homes = {clause.id: clause.fund.fund for clause in policy.clauses.values()}
    columns = [f"fund:{fund}" for fund in policy.funds]
    lines = lines.with_columns(
        whole=pl.sum_horizontal(columns),
        home=pl.col("clause").replace_strict(homes, default=next(iter(policy.funds)), return_dtype=pl.String),
    )
    changed = pl.col("whole") != pl.col("amount")
    if not lines.select(changed.any()).item():
        return lines.drop("whole", "home")
    stays = pl.min_horizontal(
        pl.coalesce([pl.when(pl.col("home") == fund).then(f"fund:{fund}") for fund in policy.funds]), "amount"
    )
    exact = [pl.col("amount").cast(pl.Int128) * pl.col(column).cast(pl.Int128) for column in columns]
    in_proportion = _whole_fen(exact, pl.col("whole").clip(1).cast(pl.Int128))
    parts = []
    for fund, column, own in zip(policy.funds, columns, in_proportion, strict=True):
        moved = (
            pl.when(pl.col("home") == fund)
            .then(stays)
            .when(pl.col(column) > 0)
            .then(pl.col("amount") - stays)
            .otherwise(0)
        )
        part = pl.when(pl.col("clause").is_in(shared)).then(own).otherwise(moved)
        parts.append(pl.when(changed).then(part).otherwise(pl.col(column)).alias(column))
    return lines.with_columns(parts).drop("whole", "home")
