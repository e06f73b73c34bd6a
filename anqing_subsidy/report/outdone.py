"""Lines of which another of their group is paid instead: which one, and the two amounts that were compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anqing_subsidy.policy.articles import clauses_of
from anqing_subsidy.report.formula import Formulas
from anqing_subsidy.report.texts import Words, choose, column, grouped, put

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment
    from anqing_subsidy.report.view import View
    from anqing_subsidy.report.words import Wording


class Outdone:
    """Says of lines that are not the highest of their group which one is."""

    def __init__(self, words: Wording, assessment: Assessment) -> None:
        self.words = words
        self.say = words.say
        self.policy = words.policy
        self.formulas = Formulas(words, assessment.cuts)
        self.cuts = assessment.cuts
        self.lines = assessment.lines

    def of(self, view: View) -> Words:
        """The member of the group that is paid instead, and what both came to before joint caps and budgets cut them."""
        rivals = self._rivals(view.trace.clause.id)
        best = self._best(rivals, view.trace.clause.id)
        mine = view.of("applicant").to_frame().join(best, on="applicant", how="left", maintain_order="left")
        own, theirs = self.formulas.comes_to(view), mine["compared"]
        head = put(
            self.say("与", "only the highest of this and "),
            mine["named"].fill_null(""),
            self.say("只付其中较高的一项：", " is paid: "),
        )
        cut = choose(mine["cut"], self.say("（压减前）", " (before it is cut)"))
        told = put(self.say("后者 ", "that one comes to "), grouped(theirs), self.say(" 元", " yuan"), cut)
        ours = put(self.say("本条 ", "this one comes to "), grouped(own), self.say(" 元，", " yuan, "))
        # what was decided by hand was not compared
        compared = column(put(head, choose(own <= theirs, ours), told), view.height)
        compared = choose(
            own == theirs, put(compared, self.say("，相等，付排在前面的", "; the first of the two is paid")), compared
        )
        first = self.say("同组只付一项，另一项排在前面", "only one line of the group is paid, and another comes first")
        return choose(theirs.is_not_null(), compared, first)

    def _rivals(self, clause: str) -> list[tuple[str, ...]]:
        """The other members of the groups of which one member is paid, each by its clauses."""
        found: dict[tuple[str, ...], None] = {}
        for group in self.policy.groups:
            members = [tuple(clauses_of(member, self.policy)) for member in group.members]
            if group.pays == "highest" and any(clause in member for member in members):
                found |= dict.fromkeys(member for member in members if clause not in member)
        return list(found)

    def _best(self, rivals: list[tuple[str, ...]], clause: str) -> pl.DataFrame:
        """Of each applicant the rival that came to most, what it came to, and whether less of it is paid."""
        around = [group.id for group in self.policy.groups if clause in clauses_of(group.id, self.policy)]
        paid = pl.col("amount") + pl.col("netted")
        # a cap of a group that holds both cut what was compared; that of a group inside was in it
        joint = pl.when(pl.col("joint_of").is_in(around)).then("joint_cut").otherwise(0)
        before = pl.coalesce(*(pl.col(cut.before) for cut in self.cuts), paid) + joint
        compared = pl.when("fixed").then("computed").otherwise(before)
        of = {id_: at for at, member in enumerate(rivals) for id_ in member}
        # one of which all is paid already this year is the higher one all the same
        mine = self.lines.filter(pl.col("clause").is_in(list(of)), pl.col("status") != "superseded")
        called = {id_: self.policy.clauses[id_].title.say(self.words.lang) for id_ in of}
        titles = {id_: self.say(f"“{title}”", f"`{title}`") for id_, title in called.items()}
        title = pl.col("clause").replace_strict(titles, return_dtype=pl.String)
        sums = mine.group_by("applicant", rival=pl.col("clause").replace_strict(of, return_dtype=pl.Int64)).agg(
            compared=compared.sum(),
            cut=((compared > paid) & ~pl.col("fixed")).any(),
            named=title.filter(compared > 0).unique(maintain_order=True).str.join(self.words.comma),
        )
        ranked = sums.filter(pl.col("compared") > 0).sort("compared", "rival", descending=[True, False])
        return ranked.unique("applicant", keep="first", maintain_order=True)
