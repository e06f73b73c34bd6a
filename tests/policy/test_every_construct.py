"""What cannot be meant by the constructs of the language is refused at its line, on the policy that uses all of them."""

from __future__ import annotations

import re
from typing import Final

import pytest

from anqing_subsidy.finding import PolicyError, PolicyFault
from anqing_subsidy.policy import parse_policy
from tests.language.town import WHOLE

Case = tuple[str, str, str, str]
"""What stood there, what stands there now, a mark where the fault is, words of the message."""

K_BUILD: Final = "instalments: {year: support_year, shares: [50%, 30%, 20%]}"
SHARES: Final = "fund: {shares: {clay: 60%, town: 40%}}"
POOL: Final = "award: {pool: 1万元, shared_by: masters, open_lines: hold_all}"
SPANS: Final = '{by: support_year, 1..2: 6000元, "3": 4000元, 4..6: 1000元, else: 0元}'
STEPS: Final = "award: {pay: 500元, per_full: 10万元, of: sales, only_above: 50万元}"
BAND: Final = "{rate: 2%, of: sales, only_above: 100万元, up_to: 300万元}"
PLACE: Final = "rank_by: [score, sales], among: [asks_top], ties: open}"
MEDAL: Final = "once_for: {same: [applicant, object, level], highest_first: [rare, fine, plain], within_years: 3}"
SHOW: Final = "award: {pay: {by: grade, plain: 100元, fine: 900元, rare: 2000元}, prorate_by: work_part}"
FIRE: Final = "budget: {sum: 20万元, open_lines: keep_back}}"
DONE: Final = "done_part: {zh: 完成比例, en: part done, ratio: [done, planned]}"
LISTED: Final = "listed_in: register, listed: glazed, unlisted: crude, else: kind}"
GUILD: Final = "once: 1}, deduct: 100元"
ROWS: Final = WHOLE[WHOLE.index("highest_of:\n      - {pay: 1万元") : WHOLE.index("    multiply_by: {by: own_kind")]

CASES: Final[dict[str, Case]] = {
    # ---- sums, steps, rates
    "steps of nothing": (STEPS, STEPS.replace("10万元", "0元"), "per_full: 0元", "`per_full` cannot be 0"),
    "steps of what": (STEPS, STEPS.replace(" of: sales,", ""), "per_full: 10万元, only", "`per_full` needs `of`"),
    "steps beside units": (STEPS, STEPS.replace("of: sales", "of: sales, per: [pots]"), "per: [pots]", "does not go with `per`"),
    "steps in another unit": (STEPS, STEPS.replace("10万元", "10"), "per_full: 10,", "'10' is not an amount of money: end it with 元, as in 10元"),
    "steps of dollars in yuan": ("per_full: 10万美元", "per_full: 10万元", "per_full: 10万元, of: export", "is not an amount in US dollars, as 100万美元 is"),
    "steps of a class": (STEPS, STEPS.replace("of: sales", "of: kind"), "of: kind", "`per_full of` cannot use `kind` (enum)"),
    "a level without steps": ("award: {pay: 1元, per: better}", "award: {pay: 1元, only_above: 5}", "only_above: 5}", "`only_above` goes with `rate`, `per_full`, or `per` of one fact"),
    "a level of a product": ("award: {pay: 1元, per: better}", "award: {pay: 1元, per: [better, pots], only_above: 5}", "only_above: 5}", "`only_above` goes with `rate`, `per_full`, or `per` of one fact"),
    "units of no level": ("award: {pay: 1元, per: better}", "award: {pay: 1元, per: better, only_above: 5元}", "only_above: 5元}", "5元"),
    "units up to less": ("award: {pay: 1元, per: better}", "award: {pay: 1元, per: better, only_above: 5, up_to: 5}", "only_above: 5, up_to", "`up_to` must be above `only_above`"),
    "a base without a rate": ("award: {pay: 1元, per: better}", "award: {pay: 1元, per: better, of: sales}", "of: sales}", "`of` goes with `per_full` or `rate`"),
    "an end of steps": (STEPS, STEPS.replace("only_above", "up_to"), "up_to: 50万元", "`up_to` does not go with `per_full`: write a `cap`"),
    "an end below the beginning": (BAND, BAND.replace("300万元", "99万元"), "up_to: 99万元", "`up_to` must be above `only_above`"),
    "an end at the beginning": (BAND, BAND.replace("up_to: 300万元", "up_to: 100万元"), "only_above: 100万元, up_to: 100万元", "`up_to` must be above `only_above`"),
    "a rate of pieces": (BAND, BAND.replace("of: sales", "of: pots"), "of: pots, only", "`rate of` cannot use `pots` (count); it takes money"),
    "a rate that is a fact": (BAND, BAND.replace("2%", "done_part"), "rate: done_part", "`done_part` is a fact and no rate: write one such as 2%, or `prorate_by: done_part`"),
    "a rate that is a number": (BAND, BAND.replace("2%", "2"), "rate: 2,", "is not a rate: write it as 1% or 5‰"),
    "units that are money": ("per: better}", "per: sales}", "per: sales", "`per` cannot use `sales` (money); it takes count, area, number, usd"),
    "a key that is none": (STEPS, STEPS.replace("per_full", "per_ful"), "per_ful:", "did you mean `per_full`?"),
    "rows of nothing": (ROWS, "highest_of: []\n", "highest_of: []", "`highest_of` holds no row"),
    "units of nothing": ("award: {pay: 1元, per: better}", "award: {pay: 1元, per: []}", "per: []", "too few entries: at least 1"),
    # ---- choices
    "spans that overlap": (SPANS, SPANS.replace("4..6", "3..6"), "3..6", "the keys `3` and `3..6` of `support_year` overlap"),
    "spans that overlap without an end": (SPANS, SPANS.replace('"3"', "2.."), "2..:", "the keys `1..2` and `2..` of `support_year` overlap"),
    "a span that is the wrong way round": (SPANS, SPANS.replace("4..6", "6..4"), "6..4", "`6..4` is the wrong way round"),
    "a key that is no number": (SPANS, SPANS.replace("4..6", "four"), "four:", "the key `four` of `support_year` must be a number or a span: 3, 1..3 or 4.."),
    "a span of a class": ("{by: own_kind, glazed: 150%, folk: 1, crude: 50%}", "{by: own_kind, glazed: 150%, 1..2: 1, else: 1}", "1..2: 1, else", "`own_kind` has no value `1..2`"),
    "a value of which nothing is said": ("{by: own_kind, glazed: 150%, folk: 1, crude: 50%}", "{by: own_kind, glazed: 150%, folk: 1}", "folk: 1}", "nothing is said for `crude` of `own_kind`"),
    "a choice by nothing": (SPANS, SPANS.replace("by: support_year, ", ""), "{1..2", "a choice needs `by`: the fact that decides"),
    "a choice by a sum": (SPANS, SPANS.replace("by: support_year", "by: sales"), "by: sales", "`by` cannot use `sales` (money)"),
    "a choice by a ratio": (SPANS, SPANS.replace("by: support_year", "by: done_part"), "{by: done_part", "`by` cannot use `done_part` (ratio)"),
    "an unknown fact that decides": (SPANS, SPANS.replace("support_year", "support_yaer"), "support_yaer", "did you mean `support_year`?"),
    "a list in place of a value": ("award: {pay: 2000元}", "award: {pay: [2000元]}", "pay: [2000元]", "must be one value, or `{by: fact, option: value}`"),
    "a factor that is a sum": ("multiply_by: {by: guild, true: 120%, false: 1}", "multiply_by: {by: guild, true: 2元, false: 1}", "true: 2元", "'2元' is not a factor: write it as 2, 1.5 or 150%"),
    "an unknown option of a reading within a choice": (GUILD, "twice: 1}, deduct: 100元", "twice: 1", "has no option `twice`"),
    # ---- modifiers
    "in proportion to a sum": (SHOW, SHOW.replace("work_part", "cost"), "prorate_by: cost", "`prorate_by` cannot use `cost` (money); it takes ratio"),
    "a count that is taken off": ("deduct: aid, cap: [3万元", "deduct: pots, cap: [3万元", "deduct: pots", "`money` cannot use `pots` (count)"),
    "a cap that is a share of nothing": ("cap: {rate: 50%, of: wages}", "cap: {rate: 50%}", "cap: {rate: 50%}", "a cap is a sum, a fact, `{by: …}`, or `{rate: 50%, of: fact}`"),
    "a cap that is a share of pieces": ("cap: {rate: 50%, of: wages}", "cap: {rate: 50%, of: pots}", "{rate: 50%, of: pots}", "`cap of` cannot use `pots` (count); it takes money"),
    "a cap that is a rate": ("cap: {rate: 50%, of: wages}", "cap: 50%", "cap: 50%", "'50%' is not an amount of money"),
    "a factor on the share of a pool": (POOL, POOL.replace("hold_all", "hold_all, multiply_by: 2"), "multiply_by: 2}", "`multiply_by` does not go with `pool`"),
    "conditions within an award": ("award: {pay: 2000元}", "award: {pay: 2000元, when: [guild]}", "when: [guild]}\n  fund: town", "`when` does not go with `pay`: conditions of the whole stand at the clause"),
    # ---- tiers
    "tiers of another unit": ("tiers: {\"100\": 1000元,", "tiers: {100元: 1000元,", "tiers: {100元", "tier '100元':"),
    "a tier of no sum": ("{pay: 2万元, when: [guild]}, 400万元", "{when: [guild]}, 400万元", "200万元: {when", "a tier is a sum, or `{pay: 5万元, when: [conditions]}`"),
    "tiers that stand there twice": ("400万元: 4万元}", "2000000元: 4万元}", "2000000元", "tiers must ascend, each once"),
    "a jump that is none": ("jump: cumulative", "jump: all", "jump: all", "must be one of"),
    # ---- pools, hands
    "a pool that does not say what open lines do": (POOL, "award: {pool: 1万元, shared_by: masters}", "shared_by: masters}", "`pool` needs `shared_by` (the points) and `open_lines`"),
    "a pool that does not say who shares": (POOL, "award: {pool: 1万元, open_lines: hold_all}", "pool: 1万元, open", "`pool` needs `shared_by`"),
    "a pool that holds nobody": (POOL, POOL.replace("hold_all", "hold"), "open_lines: hold}", "must be one of hold_all, leave_out"),
    "a pool shared by a class": (POOL, POOL.replace("masters", "kind"), "shared_by: kind", "`shared_by` cannot use `kind` (enum)"),
    "a pool of nothing": (POOL, POOL.replace("1万元", "0元"), "pool: 0元", "must be above 0"),
    "a pool as a row": ("- {pay: 500元}\n", "- {pool: 5元, shared_by: score, open_lines: hold_all}\n", "- {pool: 5元", "`pool` cannot be a row of a choice: make it a clause of its own"),
    "a sum by hand as a row": ("- {pay: 500元}\n", "- {by_hand: 5元}\n", "- {by_hand: 5元}", "`by_hand` cannot be a row of a choice: make it a clause of its own"),
    "a sum by hand that is a count": ("award: {by_hand: taxes}", "award: {by_hand: pots}", "by_hand: pots", "`money` cannot use `pots` (count)"),
    # ---- places
    "a place as a number of units": ("award: {pay: 1元, per: better}", "award: {pay: 1元, per: thrift}", "per: thrift", "a place is no quantity; use it in conditions or after `by`"),
    # ---- instalments
    "instalments that are not the whole": (K_BUILD, K_BUILD.replace("20%", "19%"), "19%", "the shares of the years must add up to 100%"),
    "instalments above the whole": (K_BUILD, K_BUILD.replace("20%", "21%"), "21%", "the shares of the years must add up to 100%"),
    "one instalment": (K_BUILD, K_BUILD.replace("[50%, 30%, 20%]", "[100%]"), "[100%]", "too few entries"),
    "an instalment that is no share": (K_BUILD, K_BUILD.replace("20%", "0.2"), "0.2]", "is not a rate"),
    "instalments by a sum": (K_BUILD, K_BUILD.replace("support_year", "wages"), "year: wages", "`instalments` cannot use `wages` (money); it takes count"),
    "instalments of a sum by hand": ("award: {pool: 1万元, shared_by: masters, open_lines: hold_all}", "award: {by_hand: 5万元}\n  instalments: {year: support_year, shares: [60%, 40%]}", "[60%, 40%]", "a sum by hand is what is paid this year, and is not paid over years"),
    "instalments beside rows": ("  rows: highest\n", f"  rows: highest\n  {K_BUILD}\n", "  rows: highest", "instalments, pools and sums by hand have a line a row and go without `rows`"),
    "instalments beside a cap for life": (K_BUILD, f"{K_BUILD}\n  cap: 5元\n  cap_scope: lifetime", "instalments:", "its earlier parts would block or cut the later ones"),
    "instalments that block the next": (K_BUILD, f"{K_BUILD}\n  once_for: {{same: applicant}}", "instalments:", "its earlier parts would block or cut the later ones"),
    # ---- funds
    "shares below the whole": (SHARES, SHARES.replace("40%", "39%"), "39%", "the shares of the funds must add up to 100%"),
    "shares above the whole": (SHARES, SHARES.replace("40%", "41%"), "41%", "the shares of the funds must add up to 100%"),
    "a share of an unknown fund": (SHARES, SHARES.replace("clay", "claay"), "claay", "there is no fund `claay`; did you mean `clay`?"),
    "one fund with a share": (SHARES, "fund: {shares: {clay: 100%}}", "clay: 100%", "too few entries"),
    "shares beside a fund": (SHARES, SHARES.replace("{shares", "{fund: clay, shares"), "{fund: clay, shares", "`shares` stands alone"),
    "a fund that moves to nowhere": ("fund: {fund: clay, or: fire, due_to: guild}", "fund: {fund: clay, due_to: guild}", "fund: {fund: clay, due_to", "a fund is one fund"),
    # ---- once
    "a year within which nothing blocks": (MEDAL, MEDAL.replace("within_years: 3", "within_years: 0"), "within_years: 0", "at least 1"),
    "years within which that are no number": (MEDAL, MEDAL.replace("within_years: 3", "within_years: three"), "within_years: three", "must be a whole number"),
    "an order that leaves a level out": (MEDAL, MEDAL.replace(", plain]", "]"), "highest_first: [rare, fine]", "`highest_first` must list exactly plain, fine, rare"),
    "an order of levels beside no level": (MEDAL, MEDAL.replace("[applicant, object, level]", "object"), "same: object, highest_first", "`highest_first` goes with `same: [… level]`"),
    "a tier within some years": ("tiers: {100万元: 1万元, 200万元: {pay: 2万元, when: [guild]}, 400万元: 4万元}\n  once_for: {same: tier}", "tiers: {100万元: 1万元, 200万元: {pay: 2万元, when: [guild]}, 400万元: 4万元}\n  once_for: {same: tier, within_years: 2}", "within_years: 2}\n  fund: clay", "`same: tier`"),
    "a tier beside an applicant": ("400万元: 4万元}\n  once_for: {same: tier}", "400万元: 4万元}\n  once_for: {same: [applicant, tier]}", "[applicant, tier]", "`same: tier`"),
    "once for nothing": (MEDAL, MEDAL.replace("[applicant, object, level]", "[]"), "same: []", "too few entries: at least 1"),
    "an unknown thing that is the same": (MEDAL, MEDAL.replace("[applicant, object, level]", "[applicant, objekt, level]"), "objekt", "must be one of"),
    # ---- facts
    "two facts that are made of each other": ("counted: {zh: 计补投入, en: outlay that counts, least: [outlay, 50万元]}\n", "counted: {zh: 计补投入, en: outlay that counts, least: [outlay, 50万元, taxed]}\n    taxed: {zh: 税, en: taxed, most: [counted, taxes]}\n", "taxed: {zh", "fact `taxed` depends on itself: make it of other facts"),
    "a place by a class": (PLACE, PLACE.replace("score", "kind"), "[kind, sales]", "`rank_by` cannot use `kind` (enum)"),
    "a place by what is not there": (PLACE, PLACE.replace("score", "skore"), "[skore, sales]", "did you mean `score`?"),
    "a place by nothing": (PLACE, PLACE.replace("[score, sales]", "[]"), "rank_by: []", "too few entries"),
    "a place among what is not there": (PLACE, PLACE.replace("asks_top]", "asks_topp]"), "asks_topp", "did you mean `asks_top`?"),
    "ties that are neither": (PLACE, PLACE.replace("ties: open", "ties: first"), "ties: first", "must be one of share, open"),
    "ties without a place": (DONE, DONE.replace("planned]", "planned], ties: open"), "planned], ties", "fact `done_part`: `ties` does not go with `ratio`"),
    "a place by a figure of its own": (PLACE, PLACE.replace("score, sales", "score, place"), "score, place", "fact `place` depends on itself"),
    "a ratio of different kinds": (DONE, DONE.replace("[done, planned]", "[done, pots]"), "[done, pots]", "`ratio` cannot use `pots` (count); it takes money"),
    "a ratio of three": (DONE, DONE.replace("[done, planned]", "[done, planned, wages]"), "[done, planned, wages]", "too many entries"),
    "growth that does what without an earlier figure": ("missing: not_met, zero: not_met", "missing: no_met, zero: not_met", "no_met,", "must be one of"),
    "a sum of different kinds": ("add: [wages, known_rent, 100元]", "add: [wages, pots, 100元]", "[wages, pots", "`add` cannot use `pots` (count); it takes money"),
    "a number of another kind": ("add: [wages, known_rent, 100元]", "add: [wages, rent, 100]", "rent, 100]", "end it with 元, as in 100元"),
    "a sum of numbers alone": ("add: [wages, known_rent, 100元]", "add: [3元, 100元]", "[3元, 100元]", "`add` holds no fact: name those that are meant"),
    "dollars of yuan": ("in_yuan: export", "in_yuan: sales", "in_yuan: sales", "`in_yuan` cannot use `sales` (money); it takes usd"),
    "dollars without a rate": ("exchange: {usd: 6.5元}\n", "", "in_yuan: export", "`in_yuan` needs a rate"),
    "a rate of dollars without 元": ("exchange: {usd: 6.5元}", "exchange: {usd: \"6.5\"}", "exchange:", "the rate '6.5' is none: write what a dollar is worth, as 6.6174元"),
    "a rate of dollars of nothing": ("exchange: {usd: 6.5元}", "exchange: {usd: 0元}", "exchange:", "the rate '0元' is none"),
    "months of a sum": ("full_months: [leased_on, left_on]", "full_months: [leased_on, sales]", "[leased_on, sales]", "`full_months` cannot use `sales` (money); it takes date"),
    "months of one day": ("full_months: [leased_on, left_on]", "full_months: [leased_on]", "full_months: [leased_on]", "too few entries"),
    "the year of support of a year": ("nth_year: first_fired", "nth_year: founding_year", "nth_year: founding_year", "`nth_year` cannot use `founding_year` (year); it takes date"),
    "an anniversary of no years": ("anniversary: first_fired, years: 3", "anniversary: first_fired", "anniversary: first_fired", "`anniversary` needs `years`"),
    "last year of what the sheet of years does not hold": ("last_year: sales, else", "last_year: wages, else", "last_year: wages", "table `years` has no column `wages`"),
    "last year of a row": ("work_part: {zh: 成本占工资比例, en: cost in proportion to wages, ratio: [cost, kilns.wages]}", "work_part: {zh: 成本占工资比例, en: cost in proportion to wages, ratio: [cost, kilns.wages]}\n    older: {zh: 上年, en: older, last_year: sales}", "older: {", "`last_year` is a fact of the applicant: move it to `kilns`"),
    "a list that says nothing of others": (LISTED, "listed_in: register, listed: glazed, else: kind}", "listed: glazed, else", "`listed_in` needs `listed`, `unlisted` and `else`"),
    "a list of an unknown value": (LISTED, LISTED.replace("listed: glazed", "listed: glazd"), "listed: glazd", "`kind` has no value `glazd`; did you mean `glazed`?"),
    "a greatest of nothing": ("max: works, of: cost}", "max: works}", "max: works}", "`max` needs `of`: the column to look at"),
    "a count of no rows below": ("count: works, where: [grade is fine or rare]", "count: register, where: [kiln_no is given]", "count: register", "rows of `register` do not belong to `kilns`"),
    # ---- clauses, groups, budgets
    "a budget of nothing": ("budget: 15万元", "budget: 0元", "budget: 0元", "must be above 0"),
    "a budget without 元": ("budget: 15万元", "budget: 15万", "budget: 15万", "end it with 元, as in 15万元"),
    "a budget below nothing": ("budget: 15万元", "budget: -5元", "budget: -5元", "is negative: write 0 or more"),
    "a budget of a fund of nothing": (FIRE, FIRE.replace("20万元", "0元"), "sum: 0元", "must be above 0"),
    "a budget that keeps what": (FIRE, FIRE.replace("keep_back", "keep"), "open_lines: keep}", "must be one of leave_out, keep_back"),
    "a cap for life without a cap": ("  cap: 8万元\n  cap_scope: lifetime", "  cap_scope: lifetime", "cap_scope: lifetime", "`cap_scope` needs `cap`"),
    "a joint cap of a row": ("pays: sum, cap: taxes", "pays: sum, cap: cost", "cap: cost}", "no fact or amount: 'cost'"),
    "a member that stands in two groups": ("members: [k_bands, k_grid]", "members: [k_bands, k_more]", "members: [k_bands, k_more]", "`k_more` stands in groups twice: drop one"),
    "a group that contains itself": ("members: [k_bands, k_grid]", "members: [k_bands, sales]", "members: [k_bands, sales]", "group `sales` contains itself: take it out of the members"),
    "declared figures beside no rows": ("award: {pay: 1元, per: better}", "award: {pay: 1元, per: better}\n  declared: {pay: 1元}", "declared: {pay: 1元}", "`declared` goes with `each`"),
    "a support of which the effect is unknown": ("effect: top_up", "effect: topup", "effect: topup", "must be one of exclude, top_up"),
    "rows of a parent": ("  each: works\n  where", "  each: kilnz\n  where", "each: kilnz", "there is no table `kilnz`; did you mean `kilns`?"),
}  # fmt: skip


def edited(old: str, new: str) -> str:
    assert WHOLE.count(old) == 1, old
    return WHOLE.replace(old, new)


def faults_of(text: str) -> tuple[PolicyFault, ...]:
    with pytest.raises(PolicyError) as caught:
        parse_policy(text.encode(), "kilns.yaml", {})
    assert all(line.startswith("  kilns.yaml:") for line in str(caught.value).splitlines()[1:])
    return caught.value.faults


@pytest.mark.parametrize(
    ("old", "new", "mark", "words"), [pytest.param(*case, id=name) for name, case in CASES.items()]
)
def test_a_fault_is_refused_at_its_line_with_what_to_write(old: str, new: str, mark: str, words: str) -> None:
    text = edited(old, new)
    assert text.count(mark) == 1, mark
    line = text[: text.index(mark)].count("\n") + 1
    found = faults_of(text)
    assert {fault.line for fault in found if words in fault.message.en} == {line}, found
    for fault in found:
        assert re.search("[一-鿿]", fault.message.zh)
