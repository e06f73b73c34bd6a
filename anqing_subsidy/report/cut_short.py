"""What joint caps and budgets cut from lines: which, by which factor, what the line came to, what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.money import plain
from anqing_subsidy.policy.articles import articles_of, clauses_of
from anqing_subsidy.report.texts import Words, choose, column, grouped, mapped, put
from anqing_subsidy.report.words import share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from anqing_subsidy.engine.budget_words import Cut
    from anqing_subsidy.report.view import View
    from anqing_subsidy.report.words import Wording


@dataclass(frozen=True, slots=True)
class Piece:
    """What one cap or budget cut from lines: where it did, what is said of it, and what is left of each line."""

    where: pl.Series
    says: Words
    left: pl.Series


class CutShort:
    """Says what was cut from lines after their own award was worked out."""

    def __init__(self, words: Wording, cuts: Sequence[Cut]) -> None:
        self.words = words
        self.say = words.say
        self.policy = words.policy
        self.cuts = cuts

    def name(self, cut: Cut) -> str:
        """What people call a budget."""
        return (
            self.say("本条预算", "the budget of the clause") if cut.kind == "clause" else self.named(cut.kind, cut.id)
        )

    def named(self, kind: str, id_: str) -> str:
        """What people call the budget of a clause, a group or a fund where no line stands beside it."""
        if kind == "clause":
            clause = self.policy.clauses[id_]
            return f"{clause.article} {clause.title.say(self.words.lang)}"
        of = self.policy.funds[id_].say(self.words.lang) if kind == "fund" else self._articles(id_)
        return self.say(f"{of}预算", f"the budget of {of}")

    def title(self, cut: Cut) -> str:
        """The same of the part of a budget that a cut is about."""
        if cut.kind == "clause" or not cut.of:
            return self.named(cut.kind, cut.id)
        # clauses that are paid one after another are cut one after another
        articles = articles_of(cut.of, self.policy).say(self.words.lang)
        return self.say(f"{self.name(cut)}（{articles}）", f"{self.name(cut)} ({articles})")

    def _articles(self, group: str) -> str:
        """The articles of a group."""
        return articles_of(clauses_of(group, self.policy), self.policy).say(self.words.lang)

    # ---- in formulas ----------------------------------------------------------------------------

    def joint(self, view: View, came_to: pl.Series) -> Piece | None:
        """The step of a formula that a joint cap adds."""
        cut = view.of("joint_cut")
        if not (cut != 0).any():
            return None
        left = (came_to - cut).clip(0)
        part = put(self.say(" → 合计上限 ", " → of the joint cap "), grouped(view.of("joint_cap")))
        return Piece(cut != 0, put(part, self.say(" 之内 ", " is left "), grouped(left)), left)

    def budgets(self, view: View) -> list[Piece]:
        """The steps of a formula that budgets add."""
        found = []
        for cut in self.cuts:
            after = view.of(cut.after)
            where = after.is_not_null()
            if where.any():
                said = put(self.say(" → 按预算压减至 ", " → cut by the budget to "), grouped(after))
                why = put(f"{self.name(cut)}{self.say('：', ': ')}", self._factor(cut, view))
                found.append(Piece(where, put(said, self.say("（", " ("), why, self.say("）", ")")), after))
        return found

    def _factor(self, cut: Cut, view: View) -> Words:
        """The quotient by which a budget cuts; of a line that several funds bear, the part that this one bears."""
        part = view.of(cut.part)
        head, end = (
            self.say("，只有其中 ", ", of it only "),
            self.say(" 元受此预算压减", " yuan are cut by this budget"),
        )
        return put(cut.factor.say(self.words.lang), choose(part < view.of(cut.before), put(head, grouped(part), end)))

    # ---- in sentences ---------------------------------------------------------------------------

    def sentence(self, view: View, formula: pl.Series) -> pl.Series:
        """What was cut, in words: with the sum before and after; where no formula says it with the factor too."""
        text, yuan = column("", view.height), self.say(" 元", " yuan")
        cut = view.of("joint_cut")
        if (cut != 0).any():
            of = mapped(view.of("joint_of"), lambda group: self._articles(group) if group else "")
            before, left = self._around_joint(view)
            said = put(
                *(
                    self.say("，", "; "),
                    of,
                    self.say("合计上限 ", " together have a cap of "),
                    grouped(view.of("joint_cap")),
                    yuan,
                ),
                *(
                    self.say("，本条由 ", ", this line is cut from "),
                    grouped(before),
                    self.say(" 元减至 ", " to "),
                    grouped(left),
                    yuan,
                ),
            )
            text = column(put(text, choose(cut != 0, said)), view.height)
        for budget in self.cuts:
            after = view.of(budget.after)
            if not after.is_not_null().any():
                continue
            why = put(self.say("（", " ("), self._factor(budget, view), self.say("）", ")"))
            said = put(
                *(
                    self.say(f"，按{self.name(budget)}由 ", f"; {self.name(budget)} cuts it from "),
                    grouped(view.of(budget.before)),
                ),
                *(self.say(" 元压减至 ", " to "), grouped(after), yuan, choose(formula == "", why)),
            )
            text = column(put(text, choose(after.is_not_null(), said)), view.height)
        counts = view.of("status").is_in(["eligible", "eligible_with_held"]) & ~view.of("fixed").fill_null(value=False)
        return choose(counts, text)

    def _around_joint(self, view: View) -> tuple[pl.Series, pl.Series]:
        """What lines came to before the cap of a group, and after it."""
        after = view.of("amount") + view.of("netted")
        for budget in reversed(self.cuts):
            before = view.of(budget.before)
            after = before.zip_with(before.is_not_null(), after)
        return after + view.of("joint_cut"), after

    # ---- for scripts ----------------------------------------------------------------------------

    def recorded(self, line: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The same for scripts: by what, of what, its sum, what the line came to before and after, the exact factor."""
        found: list[dict[str, Any]] = []
        if line["joint_cut"]:
            befores = [line[cut.before] for cut in self.cuts if line[cut.before] is not None]
            left = befores[0] if befores else line["amount"] + line["netted"]
            if not line["fixed"]:
                found.append(
                    {
                        "by": "joint_cap",
                        "of": line["joint_of"],
                        "limit": plain(line["joint_cap"]),
                        "before": plain(left + line["joint_cut"]),
                        "after": plain(left),
                        "factor": None,
                    }
                )
        return found + [
            {
                "by": f"{cut.kind}_budget",
                "of": cut.id,
                "limit": plain(cut.budget),
                "before": plain(line[cut.before]),
                "after": plain(line[cut.after]),
                "factor": {**factor(cut), "part": plain(line[cut.part])},
            }
            for cut in self.cuts
            if line[cut.after] is not None
        ]


def factor(cut: Cut) -> dict[str, Any]:
    """By how much a budget cuts what is due of it: an exact quotient, and a percentage cut after four decimals."""
    return {
        "numerator": plain(cut.left),
        "denominator": plain(cut.shared),
        "percent": share(cut.left, cut.shared),
    }


def budgets_cut(cuts: Sequence[Cut]) -> list[dict[str, Any]]:
    """The budgets that did not suffice: what there is, was due, was decided by hand, is kept back, and the factor."""
    return [
        {
            "by": f"{cut.kind}_budget",
            "of": cut.id,
            "limit": plain(cut.budget),
            "due": plain(cut.due),
            "decided": plain(cut.fixed),
            "kept_back": plain(cut.kept),
            "factor": factor(cut),
            # clauses that are paid one after another are cut one after another
            **({"paid_first": plain(cut.ahead), "clauses": list(cut.of)} if cut.of else {}),
        }
        for cut in cuts
    ]
