"""Why lines are what they are, each in one sentence: conditions with their figures, the shortfall, what is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import polars as pl

from anqing_subsidy.engine.amounts import whole_multiples
from anqing_subsidy.engine.exact import sure
from anqing_subsidy.money import LARGEST
from anqing_subsidy.money import grouped as one
from anqing_subsidy.report import over_nothing
from anqing_subsidy.report.by_hand import decided_words
from anqing_subsidy.report.carried import Carried
from anqing_subsidy.report.conditions import leaves
from anqing_subsidy.report.conflicts import Conflicts
from anqing_subsidy.report.cut_short import CutShort
from anqing_subsidy.report.missing import Missing
from anqing_subsidy.report.open_entries import OpenEntries
from anqing_subsidy.report.others import Others
from anqing_subsidy.report.outdone import Outdone
from anqing_subsidy.report.paid_before import PaidBefore
from anqing_subsidy.report.past import PastYears
from anqing_subsidy.report.places import Places
from anqing_subsidy.report.refusals import MOST_TESTS, Refusals
from anqing_subsidy.report.rivals import Rivals
from anqing_subsidy.report.supported import Supported
from anqing_subsidy.report.texts import Words, choose, column, listed, put, spread
from anqing_subsidy.report.texts import grouped as sums
from anqing_subsidy.report.unreadable import Unreadable
from anqing_subsidy.report.view import View
from anqing_subsidy.report.words import OPS, Wording

if TYPE_CHECKING:
    from anqing_subsidy.engine.assessment import Assessment


_OPEN: Final = ("held", "pending", "eligible_with_held")


class Sentences:
    """Writes the reasons of lines."""

    def __init__(self, assessment: Assessment, words: Wording, places: Places) -> None:
        self.assessment = assessment
        self.policy = assessment.policy
        self.words = words
        self.say = words.say
        self.past = PastYears(words, assessment)
        self.unreadable = Unreadable(words, places)
        self.paid = PaidBefore(words, assessment)
        self.supported = Supported(words, assessment)
        entries = OpenEntries(words, assessment, self.supported)
        self.missing = Missing(words, places, self.past, entries, Others(words, assessment))
        self.rivals = Rivals(words, assessment)
        self.conflicts = Conflicts(words, assessment)
        self.refusals = Refusals(words, self.past, self.paid)
        self.carried = Carried(words, self.past)
        self.short = CutShort(words, assessment.cuts)
        self.contradiction = words.say("资料相互矛盾，核实前暂扣", "rows contradict each other; held until settled")
        refused = self.refusals.failing
        self._by_reason: dict[str, Callable[[View], Words]] = {
            "GRANTED": self._granted,
            "BELOW_THRESHOLD": refused,
            "AT_THRESHOLD": refused,
            "WRONG_KIND": refused,
            "NOT_FIRST_TIME": self.refusals.not_first,
            "ALREADY_PAID": self._already_paid,
            "OTHER_SUPPORT": self._other_support,
            "SUPERSEDED": Outdone(words, assessment).of,
            "BAD_CODE": lambda _: self.say(
                "统一社会信用代码缺失或有误，先更正代码", "the credit code is missing or wrong; correct it first"
            ),
            "INVALID_FACT": self._unreadable,
            "DUPLICATE_CLAIM": self._disputed,
        }

    def of(self, view: View, reason: str, missing: pl.Series, formula: pl.Series) -> Words:
        """The sentences of lines that have one reason; `missing` is what each of them lacks, `formula` stands beside it."""
        cut = self.short.sentence(view, formula)
        if reason == "DECIDED":
            return put(decided_words(self.words, view.lines[view.index]), cut)
        write = self._by_reason.get(reason)
        if reason == "CAPPED":
            said = self._capped(view, cut)
        else:
            said = write(view) if write is not None else self._lacking(view, missing)
        if reason == "INVALID_FACT":
            lacks = put(self.say("；缺少：", "; missing: "), missing)
            said = put(said, choose(missing != "", lacks))
        if reason != "CAPPED":
            said = put(said, cut)
        said = put(said, self._taken_off(view))
        decided = sure(view.of("decided"))
        if not decided.any():
            return said
        note = put(self.say("（人工核定：", " (decided: "), view.of("note").fill_null(""), self.say("）", ")"))
        return put(said, choose(decided, note))

    # ---- paid -----------------------------------------------------------------------------------

    def _granted(self, view: View) -> Words:
        return self._because(put(self.say("符合条件", "conditions met"), self._in_whole(view)), view)

    def _in_whole(self, view: View) -> Words:
        """That what is beyond whole multiples of a sum is dropped, where anything is."""
        of = view.trace.clause.whole
        if of == 1:
            return ""
        due, cap = view.of("gross"), view.of("cap")
        due = cap.zip_with(sure(cap < due), due)
        said = self.say(
            f"，舍去不足 {one(of)} 元的部分", f"; what is beyond whole multiples of {one(of)} yuan is dropped"
        )
        return choose(sure(whole_multiples(due, of) != due), said)

    def _capped(self, view: View, cut: pl.Series) -> Words:
        cap = view.of("cap")
        capped = put(self.say("，按上限 ", "; capped at "), sums(cap), self.say(" 元", ""))
        head = put(
            *(self.say("符合条件", "conditions met"), choose(view.of("gross") > cap, capped)),
            *(self._in_whole(view), cut),
        )
        return self._because(head, view)

    def _because(self, head: Words, view: View) -> Words:
        """What is paid, and the figures that carry it; of many rows, how many qualify."""
        held = self.carried.by(view)
        return put(head, choose(held != "", put(self.say("：", ": "), held)))

    def _taken_off(self, view: View) -> Words:
        """The awards of earlier years that come off a line that pays, or off the cap that cuts it."""
        off = (view.of("less") != 0) | (view.of("gross") > view.of("cap"))
        pays = view.of("status").is_in(["eligible", "eligible_with_held"])
        awards = self._where(view, off & pays, self.paid.taken_off)
        return choose(awards != "", put(self.say("；已减去以前兑现的：", "; less what was paid before: "), awards))

    # ---- refused for what is paid elsewhere -----------------------------------------------------

    def _already_paid(self, view: View) -> Words:
        due, over = view.of("netted"), view.of("over")
        now, paid = due != 0, sums(due + over)
        if self.words.lang == "zh":
            whole = put("应兑现 ", sums(due), " 元，本年度已兑现 ", paid, " 元，")
            this_year = put(whole, choose(over > 0, put("多付 ", sums(over), " 元"), "无余额"))
        else:
            left = choose(over > 0, put(sums(over), " too much"), "nothing is left")
            this_year = put(sums(due), " is due and ", paid, " paid this year already; ", left)
        head = choose(now, this_year, self.say("以前已兑现，不再兑现", "paid before; not paid again"))
        awards = choose(now, self._where(view, now, self.paid.this_year), self._where(view, ~now, self.paid.earlier))
        return put(head, choose(awards != "", put(self.say("：", ": "), awards)))

    @staticmethod
    def _where(view: View, wanted: pl.Series, write: Callable[[View], pl.Series]) -> pl.Series:
        """What is said of some of the lines."""
        at = sure(wanted).arg_true()
        return spread(at, write(view.take(at)), view.height) if at.len() else column("", view.height)

    def _other_support(self, view: View) -> Words:
        applied = self.say(
            "同一事项已申报其他财政支持，尚未批复", "other support for the same matter is applied for and undecided"
        )
        received = self.say("同一事项已获其他财政支持，不重复享受", "the same matter has other public support already")
        partly = self.say(
            "部分已申报其他财政支持，尚未批复，批复前不付该部分",
            "for a part other support is applied for and undecided; that part waits",
        )
        status, colon = view.of("status"), self.say("：", ": ")
        waits = status.is_in(_OPEN)
        asked = self._where(view, waits, lambda some: self.supported.of(some, applied=True))
        given = self._where(view, ~waits, lambda some: self.supported.of(some, applied=False))
        potential = view.of("potential")
        most = put(self.say("；未获批复的，最多 ", "; up to "), sums(potential), self.say(" 元", " if it is refused"))
        undecided = put(
            *(choose(status == "eligible_with_held", partly, applied), choose(asked != "", put(colon, asked))),
            choose(potential.is_not_null(), most),
        )
        return choose(waits, undecided, put(received, choose(given != "", put(colon, given))))

    # ---- open -----------------------------------------------------------------------------------

    def _unreadable(self, view: View) -> Words:
        unnamed: Words = self.say("明细中有无法识别的数据（见待处理）", "details cannot be read (see the findings)")
        cells = pl.Series(self.unreadable.of(view), dtype=pl.String)
        if (beyond := view.trace.outcome.beyond) is not None:
            most = one(LARGEST)
            far = self.say(
                f"算出的金额超过 {most} 元，不可信：核对所用的数字",
                f"what it comes to is above {most} yuan and cannot be true: check the figures",
            )
            members = view.members() if view.adds_rows else None
            too_large = view.column(beyond) if members is None else members.sums(members.view.column(beyond)) > 0
            unnamed = choose(too_large, far, unnamed)
        return choose(cells != "", put(self.say("数据无法识别：", "cannot be read: "), cells), unnamed)

    def _disputed(self, view: View) -> Words:
        rivals, potential = pl.Series(self.rivals.of(view), dtype=pl.String), view.of("potential")
        most = put(self.say("；解除后最多 ", "; up to "), sums(potential), self.say(" 元", " once released"))
        tail = choose(potential.is_not_null(), most)
        hangs = self._where(view, view.of("status") == "pending", self._undecided)
        because = choose(hangs != "", put(self.say("；因此未定：", "; undecided therefore: "), hangs))
        claimed = put(self.say("另有主体同时申报：", "also claimed by another: "), rivals, because, tail)
        settled = put(self.say("；核实后最多 ", "; up to "), sums(potential), self.say(" 元", " once settled"))
        which = self._where(view, rivals == "", lambda some: pl.Series(self.conflicts.of(some), dtype=pl.String))
        which = choose(which != "", put(self.say("：", ": "), which))
        contradict = put(self.contradiction, which, choose(potential.is_not_null(), settled))
        differ = self.say("对本条的核定互相矛盾，只留一条", "the decisions on this line differ; keep one of them")
        torn = put(differ, choose(potential.is_not_null(), settled))
        earlier = put(self.say("归更早申报的主体：", "kept by an earlier claimant: "), rivals)
        said = choose(view.of("torn"), torn, choose(rivals != "", claimed, contradict))
        return choose(view.of("status") == "ineligible", earlier, said)

    def _undecided(self, view: View) -> pl.Series:
        """The figures of each line that are not certain, with the levels between which it hangs."""
        tests = (*view.trace.tests, *view.trace.outcome.tests)
        asked = self.say("，须 ", ", and must be ")
        parts = [
            choose(
                leaf.met.is_null(), put(f"{leaf.label} ", leaf.shown, f"{asked}{OPS[leaf.op]} ", leaf.threshold_shown)
            )
            for leaf in leaves(self.words, tests, view)
            if leaf.test.is_threshold and leaf.met.null_count()
        ]
        return listed(parts, self.words.semicolon, view.height, MOST_TESTS)

    def _lacking(self, view: View, missing: pl.Series) -> Words:
        # a figure that nothing can be divided by is there: it is to be checked, not to be filled in
        doubtful = missing.str.contains(over_nothing.mark(self.words), literal=True)
        lacks = put(choose(doubtful, self.say("资料不全：", "incomplete: "), self.say("缺少：", "missing: ")), missing)
        return put(choose(missing != "", lacks, self.say("资料不全", "incomplete")), self._possible(view, doubtful))

    def _possible(self, view: View, doubtful: pl.Series) -> Words:
        potential = view.of("potential")
        head = choose(doubtful, self.say("；核实补齐后最多 ", "; up to "), self.say("；补齐后最多 ", "; up to "))
        most = put(head, sums(potential), self.say(" 元", " once known"))
        no_more = self.say("；已到上限，补齐后不再增加", "; it is at its most already")
        most = choose((potential == view.of("amount")) & (potential > 0), no_more, most)
        return choose(potential.is_not_null(), most, self.say("；补齐前无法估算", "; not bounded until it is known"))
