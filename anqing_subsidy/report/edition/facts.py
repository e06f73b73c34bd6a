"""How each kind of derived fact is worked out, in words: one function a kind."""

from __future__ import annotations

from datetime import date
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from anqing_subsidy.policy.derivations import (
    Added,
    Anniversary,
    ChildCount,
    ChildMax,
    ChildSum,
    DerivedFact,
    FirstGiven,
    FullMonths,
    Growth,
    InYuan,
    LastYear,
    LeastOf,
    ListedIn,
    Minus,
    MostOf,
    NthYear,
    PlaceOf,
    RatioOf,
    SameAs,
    Times,
    WhenHolds,
    YearOf,
)
from anqing_subsidy.policy.figures import plain_number, written
from anqing_subsidy.policy.terms import Ref

if TYPE_CHECKING:
    from anqing_subsidy.report.edition.phrases import Phrases


def definition(fact: DerivedFact, words: Phrases) -> str:
    """A derived fact and how it is worked out: 入驻面积率：甲除以乙."""
    return f"{words.label(fact.ref)}{words.say('：', ': ')}{how_words(fact.how, fact, words)}"


@singledispatch
def how_words(how: Any, fact: DerivedFact, words: Phrases) -> str:  # noqa: ANN401  # a derivation
    """How a fact is worked out."""
    raise TypeError(f"no words for {type(how).__name__} ({fact.ref.id}, {words.lang})")


def _children(how: ChildCount | ChildSum | ChildMax, words: Phrases, zh: str, en: str) -> str:
    """Child rows, those of them that count, and the figure that stands in where there are none."""
    sheet, where = words.sheet(how.child), words.sentence(how.where, how.child)
    told = words.say(
        f"{sheet}中{f'“{where}”的' if where else ''}{zh}", f"{en} of {sheet}{f' where {where}' if where else ''}"
    )
    if how.otherwise is not None:
        label = words.label(how.otherwise)
        told += words.say(f"；没有该表时为“{label}”", f"; without that sheet: {label}")
    return told


@how_words.register(ChildCount)
def _(how: ChildCount, fact: DerivedFact, words: Phrases) -> str:  # noqa: ARG001  # one signature for all
    return _children(how, words, "行数", "the number of rows")


@how_words.register(ChildSum)
def _(how: ChildSum, fact: DerivedFact, words: Phrases) -> str:  # noqa: ARG001  # one signature for all
    label = words.label(how.of)
    return _children(how, words, f"各行{label}之和", f"the sum of {label}")


@how_words.register(ChildMax)
def _(how: ChildMax, fact: DerivedFact, words: Phrases) -> str:  # noqa: ARG001  # one signature for all
    label = words.label(how.of)
    return _children(how, words, f"各行{label}的最大值", f"the largest {label}")


def _part(part: Ref | int | date, fact: DerivedFact, words: Phrases) -> str:
    return words.label(part) if isinstance(part, Ref) else words.value(part, fact.type, fact.ref)


@how_words.register(Added)
def _(how: Added, fact: DerivedFact, words: Phrases) -> str:
    return words.say("加", " plus ").join(_part(part, fact, words) for part in how.parts)


@how_words.register(Minus)
def _(how: Minus, fact: DerivedFact, words: Phrases) -> str:
    return words.say("减", " less ").join(_part(part, fact, words) for part in how.parts)


@how_words.register(LeastOf)
def _(how: LeastOf, fact: DerivedFact, words: Phrases) -> str:
    parts = words.listed(_part(part, fact, words) for part in how.parts)
    return words.say(f"{parts}中最小的", f"the least of {parts}")


@how_words.register(MostOf)
def _(how: MostOf, fact: DerivedFact, words: Phrases) -> str:
    parts = words.listed(_part(part, fact, words) for part in how.parts)
    return words.say(f"{parts}中最大的", f"the greatest of {parts}")


@how_words.register(FirstGiven)
def _(how: FirstGiven, fact: DerivedFact, words: Phrases) -> str:
    return words.say("，空着的按", ", where it is blank ").join(_part(part, fact, words) for part in how.parts)


@how_words.register(Times)
def _(how: Times, fact: DerivedFact, words: Phrases) -> str:
    kinds = {part: words.policy.type_of(part) for part in how.parts if isinstance(part, Ref)}
    measured = any(kind != "count" for kind in kinds.values())
    parts = [
        words.label(part) if isinstance(part, Ref) else words.value(part, "count" if measured else fact.type, fact.ref)
        for part in how.parts
    ]
    return words.say("乘以", " times ").join(parts)


@how_words.register(RatioOf)
def _(how: RatioOf, fact: DerivedFact, words: Phrases) -> str:
    # a number stands in the unit of what it is divided by or into, not in that of a ratio
    pair = how.numerator, how.denominator
    beside = next((part for part in pair if isinstance(part, Ref)), fact.ref)
    kind = words.policy.type_of(beside)
    above, below = (words.label(part) if isinstance(part, Ref) else words.value(part, kind, beside) for part in pair)
    return words.say(f"{above}除以{below}", f"{above} over {below}")


@how_words.register(Growth)
def _(how: Growth, fact: DerivedFact, words: Phrases) -> str:  # noqa: ARG001  # one signature for all
    now, before = words.label(how.now), words.label(how.before)
    ways = {
        "pending": words.say("待补", "open"),
        "met": words.say("视为达到", "taken as met"),
        "not_met": words.say("视为未达到", "taken as not met"),
    }
    return words.say(
        f"{now}比{before}的增长率（{before}空缺时{ways[how.missing]}，为0时{ways[how.zero]}）",
        f"the increase of {now} over {before}, as a share of it ({ways[how.missing]} where it is missing, {ways[how.zero]} where it is 0)",
    )


@how_words.register(LastYear)
def _(how: LastYear, fact: DerivedFact, words: Phrases) -> str:  # noqa: ARG001  # one signature for all
    history = words.policy.history
    label = words.label(Ref(history.table, how.metric)) if history is not None else how.metric
    told = words.say(f"上一年的{label}", f"{label} of the year before")
    if how.otherwise is not None:
        told += words.say(
            f"；没有历年表时为“{words.label(how.otherwise)}”",
            f"; without a sheet of years: {words.label(how.otherwise)}",
        )
    return told


@how_words.register(NthYear)
def _(how: NthYear, fact: DerivedFact, words: Phrases) -> str:  # noqa: ARG001  # one signature for all
    label = words.label(how.ref)
    return words.say(f"自{label}起的第几年（当年为第1年）", f"which year it is from {label} (1 in the same year)")


@how_words.register(FullMonths)
def _(how: FullMonths, fact: DerivedFact, words: Phrases) -> str:
    start, end = (
        words.label(day) if isinstance(day, Ref) else written(day, fact.type).say(words.lang)
        for day in (how.start, how.end)
    )
    return words.say(f"从{start}到{end}的整月数", f"full months from {start} to {end}")


@how_words.register(InYuan)
def _(how: InYuan, fact: DerivedFact, words: Phrases) -> str:  # noqa: ARG001  # one signature for all
    label, rate = words.label(how.ref), plain_number(how.rate)
    return words.say(f"{label}按1美元合{rate}元折算", f"{label} at {rate} yuan a US dollar")


@how_words.register(PlaceOf)
def _(how: PlaceOf, fact: DerivedFact, words: Phrases) -> str:  # noqa: ARG001  # one signature for all
    by, among = words.listed(words.label(ref) for ref in how.by), words.sentence(how.among)
    among_zh, among_en = (
        (f"“{among}”的各行中" if among else "全部各行中"),
        (f" among rows where {among}" if among else ""),
    )
    ties = words.say(
        "，并列的同名次" if how.ties == "share" else "，并列而影响结果的待定",
        ", equal ones share a place" if how.ties == "share" else ", a tie that decides is left open",
    )
    order = words.say("从高到低" if how.first == "highest" else "从低到高", f"{how.first} first")
    return words.say(f"{among_zh}按{by}{order}的名次{ties}", f"the place by {by}, {order}{among_en}{ties}")


@how_words.register(YearOf)
def _(how: YearOf, fact: DerivedFact, words: Phrases) -> str:  # noqa: ARG001  # one signature for all
    label = words.label(how.ref)
    return words.say(f"{label}所在年份", f"the year of {label}")


@how_words.register(Anniversary)
def _(how: Anniversary, fact: DerivedFact, words: Phrases) -> str:  # noqa: ARG001  # one signature for all
    label = words.label(how.ref)
    return words.say(f"{label}后满{how.years}年之日", f"the day {how.years} years after {label}")


@how_words.register(WhenHolds)
def _(how: WhenHolds, fact: DerivedFact, words: Phrases) -> str:
    return words.sentence(how.when, fact.ref.table) or words.say("一律", "always")


@how_words.register(SameAs)
def _(how: SameAs, fact: DerivedFact, words: Phrases) -> str:  # noqa: ARG001  # one signature for all
    return words.say(f"即{words.label(how.ref)}", f"the same as {words.label(how.ref)}")


@how_words.register(ListedIn)
def _(how: ListedIn, fact: DerivedFact, words: Phrases) -> str:
    listed, unlisted = (words.value(word, fact.type, fact.ref) for word in (how.listed, how.unlisted))
    sheet, other = words.sheet(how.table), words.label(how.otherwise)
    return words.say(
        f"列入{sheet}的为{listed}，其余为{unlisted}；没有该表时为“{other}”",
        f"{listed} for those in {sheet}, {unlisted} for the rest; without that sheet: {other}",
    )
