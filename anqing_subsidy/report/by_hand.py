"""What was decided by hand, in words and in the formula: the decision, what was computed beside it, what it leaves to pay."""

from __future__ import annotations

import polars as pl

from anqing_subsidy.engine.exact import sure
from anqing_subsidy.report.texts import Words, choose, column, grouped, put
from anqing_subsidy.report.words import Wording


def decided_words(words: Wording, lines: pl.DataFrame) -> pl.Series:
    """Lines that a decision settled, each in a sentence with its reason and who decided."""
    say, note = words.say, lines["note"].fill_null("")
    reckoned, fixed = grouped(lines["computed"]), sure(lines["fixed"])
    netted = lines["netted"]
    due = grouped(lines["amount"] + netted)
    computed = put(say("（计算 ", " (computed "), reckoned, say(" 元）", ")"))
    refused = put(say("人工核定不予支持", "refused by hand"), computed)
    amount = put(say("人工核定 ", "decided by hand "), due, say(" 元", ""), computed)
    set_to = choose(lines["amount"] + netted > 0, amount, refused)
    released = put(say("人工核定解除暂扣，应付 ", "released by hand, due "), due, say(" 元", ""), computed)
    beaten = say(
        "人工核定以另一主体所报的行为准，本主体不付", "by decision another applicant's row counts; nothing is due"
    )
    text = choose(fixed, set_to, choose(lines["status"] == "ineligible", beaten, released))
    paid = put(say("，本年度已兑现 ", "; "), grouped(netted + lines["over"]), say(" 元", " paid this year already"))
    return column(put(text, choose(netted != 0, paid), choose(note != "", put(say("：", ": "), note))), lines.height)


def decided_formula(words: Wording, lines: pl.DataFrame) -> Words:
    """The sum decided, and what is left of it after what was paid this year."""
    amount, netted, over = lines["amount"], lines["netted"], lines["over"]
    taken = put(words.say(" − 本年度已兑现 ", " − paid this year "), grouped(netted + over))
    left = put(taken, choose(over > 0, " → ", " = "), grouped(amount))
    return put(words.say("人工核定 ", "decided by hand "), grouped(amount + netted), choose(netted != 0, left))
