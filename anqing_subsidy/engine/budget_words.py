"""Budgets that did not suffice, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from anqing_subsidy.finding import Finding, Place, Text
from anqing_subsidy.money import grouped, percent_cut
from anqing_subsidy.policy.articles import articles_of, clauses_of
from anqing_subsidy.policy.clauses import Budget
from anqing_subsidy.policy.model import Policy


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


def _name(kind: str, id_: str, policy: Policy) -> Text:
    if kind == "fund":
        return policy.funds[id_]
    if kind == "group":
        return articles_of(clauses_of(id_, policy), policy)
    clause = policy.clauses[id_]
    return Text(f"{clause.article} {clause.title.zh}", f"{clause.article} {clause.title.en}")


def cut_short(cut: Cut, policy: Policy) -> list[Finding]:
    """What a budget cut, by which factor."""
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
    return found if cut.shared or cut.fixed > cut.budget else []


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


def decided_beyond(kind: str, id_: str, decided: int, budget: Budget, policy: Policy) -> Finding:
    """Amounts decided by hand that come to more than a budget: they are paid all the same."""
    name = _name(kind, id_, policy)
    return Finding(
        "error",
        "DECIDED_OVER_BUDGET",
        Text(
            f"{name.zh}：人工核定金额合计 {grouped(decided)} 元，已超预算 {grouped(budget.sum)} 元",
            f"{name.en}: {grouped(decided)} yuan were decided by hand, above the budget of {grouped(budget.sum)} yuan",
        ),
        Place(policy.file),
        None,
        Text("核对核定金额和预算", "check the decided amounts and the budget"),
    )


def _keeping(budget: Budget) -> Text:
    """What to do about lines that are open."""
    if budget.open_lines == "keep_back":
        return Text("已为未定的条目留存，补齐后重算", "money is kept back for them: settle them, and run again")
    return Text(
        "先补齐再拨付，或在 budget 写 open_lines: keep_back 预留",
        "settle them before paying, or keep money back with `open_lines: keep_back`",
    )


def may_exceed(kind: str, id_: str, waiting: int, budget: Budget, policy: Policy) -> Finding:
    """A budget that open lines may exceed once they are settled."""
    name = _name(kind, id_, policy)
    return Finding(
        "warning",
        "BUDGET_OPEN_LINES",
        Text(
            f"{name.zh}：还有 {waiting} 条未定，补齐后可能超出预算 {grouped(budget.sum)} 元",
            f"{name.en}: {waiting} lines are open and may exceed the budget of {grouped(budget.sum)} yuan once settled",
        ),
        Place(policy.file),
        None,
        _keeping(budget),
    )
