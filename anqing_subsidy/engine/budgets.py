"""Budgets: where more is due than there is, every line is cut in proportion, to the fen.

The budgets of clauses come first, then those of groups, then those of funds. An amount decided by hand is paid as it
was decided, before the others share what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

import polars as pl

from anqing_subsidy.engine.funds import by_fund
from anqing_subsidy.engine.reasons import RANK
from anqing_subsidy.engine.shares import divided
from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.money import grouped, percent_cut
from anqing_subsidy.policy.articles import articles_of, clauses_of
from anqing_subsidy.policy.clauses import Budget, Clause
from anqing_subsidy.policy.model import Policy

_OPEN: Final = ("pending", "held", "eligible_with_held", "invalid")


@dataclass(frozen=True, slots=True)
class Cut:
    """A budget that did not suffice: of what, how much there is, was due, was decided by hand, is kept back.

    Where some clauses are paid before the others, those are one cut and each that is paid `ahead` of them another: `of`
    are the clauses, `ahead` what went to those before them. Of each line that it cut `before` is a column of what the line came to, `part` of what of it the budget bears (of a
    fund that shares the line less than all), `after` of what is left of the line; blank for all other lines.
    """

    kind: Literal["clause", "group", "fund"]
    id: str
    budget: int
    due: int
    fixed: int
    kept: int
    at: int
    ahead: int = 0
    of: tuple[str, ...] = ()

    @property
    def before(self) -> str:
        """The column of what each line came to."""
        return f"before:{self.at}"

    @property
    def part(self) -> str:
        """The column of what of it the budget bears."""
        return f"part:{self.at}"

    @property
    def after(self) -> str:
        """The column of what is left of each line."""
        return f"after:{self.at}"

    @property
    def columns(self) -> tuple[str, str, str]:
        """The columns of lines that say what it did."""
        return self.before, self.part, self.after

    @property
    def left(self) -> int:
        """What the lines that were not decided by hand share."""
        return max(self.budget - self.fixed, 0) - self.ahead - self.kept

    @property
    def shared(self) -> int:
        """What is due to those lines."""
        return self.due - self.fixed - self.ahead

    @property
    def factor(self) -> Text:
        """By how much the lines are cut: the quotient, and the percentage that it is (about)."""
        quotient = f"{grouped(self.left)} ÷ {grouped(self.shared)}"
        if not self.shared:
            return Text(quotient, quotient)
        exact = Fraction(self.left, self.shared) * 10**6
        share = percent_cut(self.left, self.shared)
        about = ("，", ", ") if exact.denominator == 1 else ("，约 ", ", about ")
        return Text(f"{quotient}{about[0]}{share}", f"{quotient}{about[1]}{share}")


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
        ahead = 0
        stages = _stages(kind, id_, budget, policy)
        for stage in stages:
            lines, cut, taken = _within(lines, kind, id_, budget, policy, len(cuts), stage, ahead)
            ahead += taken
            if cut is not None:
                cuts.append(cut)
                findings.extend(_said(cut, policy, is_last=stage is stages[-1]))
        findings.extend(_open_lines(lines, kind, id_, budget, policy))
    lines = lines.with_columns((pl.col(f"uncut:{fund}") - pl.col(fund)).alias(f"cut:{fund}") for fund in funds)
    return lines, cuts, findings


def cut_columns(cuts: list[Cut], policy: Policy) -> tuple[str, ...]:
    """The columns of what budgets took from the part of each fund, where they took anything."""
    return tuple(f"cut:fund:{fund}" for fund in policy.funds) if cuts else ()


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
    more = pl.when(most.is_not_null()).then((most - now).clip(0))
    found = lines.filter(inside & pl.col("status").is_in(_OPEN)).select("clause", more=more)
    return found.filter(pl.col("more").is_null() | (pl.col("more") > 0))


def _plain_cap(clause: Clause) -> int | None:
    """The least cap of a line that is a plain sum; that of the award too, where a line is one row."""
    caps = (*clause.cap, *(clause.award.cap if clause.rows == "one" else ()))
    return min((cap for cap in caps if isinstance(cap, int)), default=None)


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
    ahead: int,
) -> tuple[pl.DataFrame, Cut | None, int]:
    """The lines of some clauses within what a budget leaves them, what was cut, and what they take of it.

    `ahead` is what clauses before them took. Amounts decided by hand come out of a budget before all others.
    """
    source = f"fund:{id_}" if kind == "fund" else "amount"
    inside = lines.with_row_index("at").filter(_inside(kind, id_, policy))
    fixed = int(inside.filter("fixed")[source].sum())
    own = inside.filter(pl.col("clause").is_in(stage))
    shared = own.filter(~pl.col("fixed"))
    free = int(shared[source].sum())
    left = max(budget.sum - fixed, 0) - ahead
    kept = 0
    if budget.open_lines == "keep_back":
        waiting = _open_part(lines, kind, id_, policy).filter(pl.col("clause").is_in(stage))["more"]
        # nobody knows what an unbounded line may take: it may be all of it
        kept = budget.sum if waiting.null_count() else int(waiting.sum())
    if fixed + ahead + free + kept <= budget.sum or not own.height:
        return lines, None, min(free + kept, left)
    taken = left
    # what is kept back is kept in proportion too, as if the open lines were due
    if kept:
        left = left * free // (free + kept)
    left = min(left, free)
    cut = Cut(
        kind, id_, budget.sum, fixed + ahead + free, fixed, taken - left, at, ahead, stage if budget.first else ()
    )
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


def _name(kind: str, id_: str, policy: Policy) -> Text:
    if kind == "fund":
        return policy.funds[id_]
    if kind == "group":
        return articles_of(clauses_of(id_, policy), policy)
    clause = policy.clauses[id_]
    return Text(f"{clause.article} {clause.title.zh}", f"{clause.article} {clause.title.en}")


def _said(cut: Cut, policy: Policy, *, is_last: bool) -> list[Finding]:
    name = _name(cut.kind, cut.id, policy)
    if cut.of:
        articles = articles_of(cut.of, policy)
        if articles != name:
            name = Text(f"{name.zh}（{articles.zh}）", f"{name.en} ({articles.en})")
    factor, first = cut.factor, _first(cut)
    found = [
        Finding(
            "warning",
            "OVER_BUDGET",
            Text(
                f"{name.zh}：应付 {grouped(cut.due)} 元，预算 {grouped(cut.budget)} 元{first.zh}，按比例压减（{factor.zh}）",
                f"{name.en}: {grouped(cut.due)} yuan due, budget {grouped(cut.budget)} yuan{first.en}; cut in proportion ({factor.en})",
            ),
            Place(policy.file),
            None,
            Text(
                "预算若有追加，改政策文件中的 budget 后重算", "if the budget is raised, change `budget` and run again"
            ),
        )
    ]
    over = cut.fixed > cut.budget and is_last
    if over:
        found.append(
            Finding(
                "error",
                "DECIDED_OVER_BUDGET",
                Text(
                    f"{name.zh}：人工核定金额合计 {grouped(cut.fixed)} 元，已超预算 {grouped(cut.budget)} 元",
                    f"{name.en}: {grouped(cut.fixed)} yuan were decided by hand, above the budget of {grouped(cut.budget)} yuan",
                ),
                Place(policy.file),
                None,
                Text("核对核定金额和预算", "check the decided amounts and the budget"),
            )
        )
    return found if cut.shared or over else []


def _first(cut: Cut) -> Text:
    """What is not there to be shared: decided by hand, kept back."""
    zh, en = [], []
    if cut.fixed:
        zh.append(f"，其中人工核定 {grouped(cut.fixed)} 元先付")
        en.append(f", of which {grouped(cut.fixed)} decided by hand is paid first")
    if cut.ahead:
        zh.append(f"，先付的条款已用 {grouped(cut.ahead)} 元")
        en.append(f", {grouped(cut.ahead)} of it went to clauses that are paid first")
    if cut.kept:
        zh.append(f"，为未定各条留存 {grouped(cut.kept)} 元")
        en.append(f", {grouped(cut.kept)} kept back for open lines")
    return Text("".join(zh), "".join(en))


def _keeping(budget: Budget) -> Text:
    """What to do about lines that are open."""
    if budget.open_lines == "keep_back":
        return Text("已为未定的条目留存，补齐后重算", "money is kept back for them: settle them, and run again")
    return Text(
        "先补齐再拨付，或在 budget 写 open_lines: keep_back 预留",
        "settle them before paying, or keep money back with `open_lines: keep_back`",
    )


def _open_lines(lines: pl.DataFrame, kind: str, id_: str, budget: Budget, policy: Policy) -> list[Finding]:
    """A budget that open lines may exceed once they are settled."""
    waiting = _open_part(lines, kind, id_, policy)["more"]
    spent = int(lines.filter(_inside(kind, id_, policy))[f"fund:{id_}" if kind == "fund" else "amount"].sum())
    if not waiting.len() or (not waiting.null_count() and spent + int(waiting.sum()) <= budget.sum):
        return []
    name = _name(kind, id_, policy)
    return [
        Finding(
            "warning",
            "BUDGET_OPEN_LINES",
            Text(
                f"{name.zh}：还有 {waiting.len()} 条未定，补齐后可能超出预算 {grouped(budget.sum)} 元",
                f"{name.en}: {waiting.len()} lines are open and may exceed the budget of {grouped(budget.sum)} yuan once settled",
            ),
            Place(policy.file),
            None,
            _keeping(budget),
        )
    ]
