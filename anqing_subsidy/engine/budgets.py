"""Budgets: where more is due than there is, every line is cut in proportion, to the fen.

The budgets of clauses come first, then those of groups, then those of funds. An amount decided by hand is paid as it
was decided, before the others share what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from anqing_subsidy.engine.between import clauses_of
from anqing_subsidy.engine.funds import by_fund
from anqing_subsidy.engine.reasons import RANK
from anqing_subsidy.engine.shares import divided
from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.money import grouped
from anqing_subsidy.policy.clauses import Budget
from anqing_subsidy.policy.model import Policy

_OPEN: Final = ("pending", "held", "eligible_with_held")


@dataclass(frozen=True, slots=True)
class Cut:
    """A budget that did not suffice: of what, how much there is, was due, was decided by hand, is kept back.

    The column `after` holds what is left of each line that it cut.
    """

    kind: Literal["clause", "group", "fund"]
    id: str
    budget: int
    due: int
    fixed: int
    kept: int
    after: str

    @property
    def left(self) -> int:
        """What the lines that were not decided by hand share."""
        return max(self.budget - self.fixed, 0) - self.kept

    @property
    def shared(self) -> int:
        """What is due to those lines."""
        return self.due - self.fixed


def has_budgets(policy: Policy) -> bool:
    """Whether the policy sets any budget."""
    budgets = (*(clause.budget for clause in policy.clauses.values()), *(group.budget for group in policy.groups))
    return bool(policy.budgets) or any(budget is not None for budget in budgets)


def within_budgets(lines: pl.DataFrame, policy: Policy) -> tuple[pl.DataFrame, list[Cut], list[Finding]]:
    """The lines within every budget, what was cut, and what is to be said of it."""
    cuts: list[Cut] = []
    findings: list[Finding] = []
    wanted: list[tuple[Literal["clause", "group", "fund"], str, Budget]] = [
        ("clause", clause.id, clause.budget) for clause in policy.clauses.values() if clause.budget is not None
    ]
    wanted += [("group", group.id, group.budget) for group in policy.groups if group.budget is not None]
    wanted += [("fund", fund, budget) for fund, budget in policy.budgets.items()]
    for kind, id_, budget in wanted:
        lines, cut = _within(lines, kind, id_, budget, policy, f"after:{len(cuts)}")
        if cut is not None:
            cuts.append(cut)
            findings.extend(_said(cut, policy))
        findings.extend(_open_lines(lines, kind, id_, budget, policy))
    return lines, cuts, findings


def _inside(kind: str, id_: str, policy: Policy) -> pl.Expr:
    if kind == "fund":
        return pl.col(f"fund:{id_}") > 0
    clauses = [id_] if kind == "clause" else clauses_of(id_, policy)
    return pl.col("clause").is_in(clauses) & (pl.col("amount") > 0)


def _open_part(lines: pl.DataFrame, kind: str, id_: str, policy: Policy) -> pl.DataFrame:
    """The open lines that could still come out of a budget, with the most that each could take of it."""
    if kind == "fund":
        homes = [
            clause.id
            for clause in policy.clauses.values()
            if id_ in {clause.fund.fund, clause.fund.other, *clause.fund.shares}
        ]
        inside, now = pl.col("clause").is_in(homes), pl.col(f"fund:{id_}")
    else:
        inside = pl.col("clause").is_in([id_] if kind == "clause" else clauses_of(id_, policy))
        now = pl.col("amount")
    more = pl.when(pl.col("hi").is_not_null()).then((pl.col("hi") - now).clip(0))
    found = lines.filter(inside & pl.col("status").is_in(_OPEN)).select(more=more)
    return found.filter(pl.col("more").is_null() | (pl.col("more") > 0))


def _within(
    lines: pl.DataFrame, kind: Literal["clause", "group", "fund"], id_: str, budget: Budget, policy: Policy, column: str
) -> tuple[pl.DataFrame, Cut | None]:
    source = f"fund:{id_}" if kind == "fund" else "amount"
    own = lines.with_row_index("at").filter(_inside(kind, id_, policy))
    due = int(own[source].sum())
    kept = 0
    if budget.open_lines == "keep_back":
        waiting = _open_part(lines, kind, id_, policy)["more"]
        # nobody knows what an unbounded line may take: it may be all of it
        kept = budget.sum if waiting.null_count() else int(waiting.sum())
    if due + kept <= budget.sum or not own.height:
        return lines, None
    fixed = int(own.filter("fixed")[source].sum())
    shared = own.filter(~pl.col("fixed"))
    # what is kept back is kept in proportion too, as if the open lines were due
    left = max(budget.sum - fixed, 0)
    free = int(shared[source].sum())
    if kept:
        left = left * free // (free + kept)
    left = min(left, free)
    cut = Cut(kind, id_, budget.sum, due, fixed, max(budget.sum - fixed, 0) - left, column)
    if not shared.height:
        return lines.with_columns(pl.lit(None, dtype=pl.Int64).alias(column)), cut
    after = shared.select("at", after=divided(shared, left, source))
    lines = lines.with_row_index("at").join(after, on="at", how="left", maintain_order="left").drop("at")
    is_cut = pl.col("after").is_not_null() & (pl.col("after") < pl.col(source))
    off = pl.when(is_cut).then(pl.col(source) - pl.col("after")).otherwise(0)
    lines = lines.with_columns(off=off)
    lines = lines.with_columns(
        pl.when(pl.col("off") > 0).then(pl.col("amount") - pl.col("off")).alias(column),
        amount=pl.col("amount") - pl.col("off"),
        hi=pl.when(pl.col("hi").is_not_null()).then((pl.col("hi") - pl.col("off")).clip(0)),
        reason=pl.when(pl.col("off") > 0).then(RANK["CAPPED"]).otherwise(pl.col("reason")),
    )
    if kind == "fund":
        lines = lines.with_columns(pl.when(pl.col("after").is_null()).then(source).otherwise("after").alias(source))
    else:
        lines = _parts_after(lines, policy)
    return lines.drop("off", "after"), cut


def _parts_after(lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The parts of funds of lines that were cut as a whole."""
    return by_fund(lines.drop("fund", *(f"fund:{fund}" for fund in policy.funds)), policy)


def _name(kind: str, id_: str, policy: Policy) -> Text:
    if kind == "fund":
        return policy.funds[id_]
    if kind == "group":
        articles = "、".join(policy.clauses[clause].article for clause in clauses_of(id_, policy))
        return Text(articles, articles)
    clause = policy.clauses[id_]
    return Text(f"{clause.article} {clause.title.zh}", f"{clause.article} {clause.title.en}")


def _said(cut: Cut, policy: Policy) -> list[Finding]:
    name, share = _name(cut.kind, cut.id, policy), cut.due - cut.fixed
    found = [
        Finding(
            "warning",
            "OVER_BUDGET",
            Text(
                f"{name.zh}：应付 {grouped(cut.due)} 元，预算 {grouped(cut.budget)} 元，按比例压减",
                f"{name.en}: {grouped(cut.due)} yuan due, budget {grouped(cut.budget)} yuan; cut in proportion",
            ),
            Place(policy.file),
            None,
            Text(
                "预算若有追加，改政策文件中的 budget 后重算", "if the budget is raised, change `budget` and run again"
            ),
        )
    ]
    if cut.fixed > cut.budget:
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
    return found if share or cut.fixed > cut.budget else []


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
            Text(
                "先补齐再拨付，或在 budget 写 open_lines: keep_back 预留",
                "settle them before paying, or keep money back with `open_lines: keep_back`",
            ),
        )
    ]
