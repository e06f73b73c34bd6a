"""What each shape of an award pays, in words: one function a shape; and what changes any of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from anqing_subsidy.policy.clauses import (
    Award,
    ByHand,
    FirstPast,
    HighestOf,
    Keyed,
    Pay,
    PerStep,
    Pool,
    Rate,
    Row,
    Share,
    SumOf,
)
from anqing_subsidy.report.edition.phrases import Line, Phrases, deeper

if TYPE_CHECKING:
    from anqing_subsidy.policy.clauses import Cap, Value
    from anqing_subsidy.policy.terms import Ref


def award_lines(award: Award, words: Phrases, table: str) -> list[Line]:
    """An award and what changes it."""
    found = shape_lines(award.shape, words, table)
    # one row with modifiers of its own: these come after them
    again = (
        words.say("再", "then ") if isinstance(award.shape, HighestOf | SumOf) and len(award.shape.rows) == 1 else ""
    )
    if award.multiply_by != 1:
        factor = words.amount(award.multiply_by, "factor")
        by = "倍数，" if isinstance(award.multiply_by, Keyed) else "："
        found.append(Line(0, words.say(f"再乘以{by}{factor}", f"{again}multiplied: {factor}")))
    if award.prorate_by is not None:
        label = words.label(award.prorate_by)
        told = words.say(f"{again}按{label}兑现，至多100%", f"{again}in proportion to {label}, at most 100%")
        found.append(Line(0, told))
    if award.deduct is not None:
        amount = _behind(award.deduct, words)
        found.append(Line(0, words.say(f"{again}减去{amount}", f"{again}less {amount}")))
    if award.cap:
        found.append(Line(0, again + cap_words(award.cap, words)))
    return found


def _behind(value: Value, words: Phrases, kind: str = "money") -> str:
    """A value behind a verb: a choice stands in brackets."""
    told = words.amount(value, kind)
    return words.say(f"（{told}）", f"({told})") if isinstance(value, Keyed) else told


def cap_words(caps: Sequence[Cap], words: Phrases) -> str:
    """The most that is paid; of several caps the least."""
    told = words.listed(_one_cap(cap, words) for cap in caps)
    if len(caps) > 1:
        told = words.say(f"{told}中最低的", f"the least of {told}")
    return words.say(f"最高{told}", f"at most {told}")


def _one_cap(cap: Cap, words: Phrases) -> str:
    if not isinstance(cap, Share):
        return _behind(cap, words)
    rate, base = _behind(cap.rate, words, "ratio"), words.label(cap.of)
    return words.say(f"{base}的{rate}", f"{rate} of {base}")


@singledispatch
def shape_lines(shape: Any, words: Phrases, table: str) -> list[Line]:  # noqa: ANN401  # any shape
    """What a shape pays, line by line."""
    raise TypeError(f"no words for {type(shape).__name__} ({table}, {words.lang})")


@shape_lines.register(Pay)
def _(shape: Pay, words: Phrases, table: str) -> list[Line]:
    amount = words.amount(shape.amount)
    if not shape.per:
        return [Line(0, amount)]
    if len(shape.per) == 1:
        label, unit = words.label(shape.per[0], table), _unit(shape.per[0], words)
        between = "，" if isinstance(shape.amount, Keyed) else " "
        kind = words.policy.type_of(shape.per[0])
        part = _part(label, shape, [words.value(end, kind, shape.per[0]) for end in _ends(shape)], words)
        return [Line(0, words.say(f"{part}每{unit}{between}{amount}", f"{amount} for each unit of {part}"))]
    product = " × ".join(words.label(ref, table) for ref in shape.per)
    return [Line(0, f"{_behind(shape.amount, words)} × {product}")]


def _ends(shape: Pay | Rate) -> tuple[int, int]:
    """Where the part of a figure that counts begins and ends."""
    return shape.only_above, shape.up_to or 0


def _part(label: str, shape: Pay | Rate, ends: Sequence[str], words: Phrases) -> str:
    """The part of a figure above a level, up to another; `ends` are those two in words."""
    above, most = ends
    if shape.only_above:
        label = words.say(f"{label}超过{above}的部分", f"the part of {label} above {above}")
    return label if shape.up_to is None else label + words.say(f"（计至{most}）", f" (up to {most})")


def _unit(ref: Ref, words: Phrases) -> str:
    """One unit of a fact: 个, 件, ㎡, 1美元."""
    of_kind = {"usd": "1美元", "money": "1元"}
    return of_kind.get(words.policy.type_of(ref)) or words.unit(ref) or "个"


@shape_lines.register(PerStep)
def _(shape: PerStep, words: Phrases, table: str) -> list[Line]:
    kind = words.policy.type_of(shape.of)
    step, base = words.value(shape.step, kind, shape.of), words.label(shape.of, table)
    above = words.value(shape.only_above, kind, shape.of)
    over = words.say(f"超过{above}的部分", f" above {above}") if shape.only_above else ""
    amount = words.amount(shape.amount)
    return [
        Line(
            0,
            words.say(
                f"{base}{over}每满{step}给{_behind(shape.amount, words)}",
                f"{amount} for each full {step} of {base}{over}",
            ),
        )
    ]


@shape_lines.register(Rate)
def _(shape: Rate, words: Phrases, table: str) -> list[Line]:
    base, rate = words.label(shape.of, table), words.amount(shape.rate, "ratio")
    base = _part(base, shape, [words.money(end) for end in _ends(shape)], words)
    if isinstance(shape.rate, Keyed):
        return [Line(0, words.say(f"{base}的一定比例，{rate}", f"a share of {base}: {rate}"))]
    return [Line(0, words.say(f"{base}的{rate}", f"{rate} of {base}"))]


def _rows(rows: Sequence[Row], words: Phrases, table: str) -> list[Line]:
    found: list[Line] = []
    for number, row in enumerate(rows, start=1):
        first, *rest = row_lines(row, words, table)
        found += [Line(1, f"({number}) {first.text}"), *deeper(rest, 2)]
    return found


def row_lines(row: Row, words: Phrases, table: str) -> list[Line]:
    """A row in a line with its conditions behind it; what is longer in lines, below its conditions."""
    lines, when = award_lines(row.award, words, table), words.sentence(row.when, table)
    if all(line.depth == 0 and "；" not in line.text and ";" not in line.text for line in lines):
        head = words.say("，", ", ").join(line.text for line in lines)
        return [Line(0, head + (words.say(f"：{when}", f": {when}") if when else ""))]
    return [Line(0, words.say(f"{when}的：", f"where {when}:")), *lines] if when else lines


@shape_lines.register(HighestOf)
def _(shape: HighestOf, words: Phrases, table: str) -> list[Line]:
    if len(shape.rows) == 1:
        return row_lines(shape.rows[0], words, table)
    return [
        Line(0, words.say("符合下列多项的，只付最高的一项：", "the highest of these that apply:")),
        *_rows(shape.rows, words, table),
    ]


@shape_lines.register(SumOf)
def _(shape: SumOf, words: Phrases, table: str) -> list[Line]:
    if len(shape.rows) == 1:
        return row_lines(shape.rows[0], words, table)
    return [
        Line(0, words.say("下列各项符合的相加：", "the sum of these that apply:")),
        *_rows(shape.rows, words, table),
    ]


@shape_lines.register(FirstPast)
def _(shape: FirstPast, words: Phrases, table: str) -> list[Line]:
    kind = words.policy.type_of(shape.metric)
    past = words.say("超过" if shape.op == "gt" else "达到", "above" if shape.op == "gt" else "at least")
    label = words.label(shape.metric, table)
    if len(shape.tiers) == 1:
        (level, paid), *_ = shape.tiers
        threshold, amount = words.value(level, kind, shape.metric), words.money(paid)
        told = words.say(
            f"{label}首次{past}{threshold}给{amount}",
            f"{amount} where {label} is {past} {threshold} for the first time",
        )
        return [Line(0, told)]
    passed = "突破" if shape.op == "gt" else "达到"
    found = [Line(0, words.say(f"{label}首次{passed}下列档次：", f"{label} for the first time:"))]
    for level, paid in shape.tiers:
        amount, threshold = words.money(paid), words.value(level, kind, shape.metric)
        found.append(Line(1, words.say(f"{past}{threshold}：{amount}", f"{past} {threshold}: {amount}")))
    jump = {
        "highest": words.say("一年跨几档的，只按最高的一档", "of several tiers passed in one year the highest"),
        "cumulative": words.say("一年跨几档的，各档累加", "several tiers passed in one year add up"),
    }
    return [*found, Line(0, jump[shape.jump])]


@shape_lines.register(ByHand)
def _(shape: ByHand, words: Phrases, table: str) -> list[Line]:  # noqa: ARG001  # one signature for all
    told = words.say("金额由人工核定", "an amount decided by hand")
    if shape.limit is not None:
        amount = words.amount(shape.limit)
        told += words.say(f"，最高{amount}", f", at most {amount}")
    return [Line(0, told)]


@shape_lines.register(Pool)
def _(shape: Pool, words: Phrases, table: str) -> list[Line]:
    points, total = words.label(shape.points, table), words.money(shape.sum)
    waits = {
        "hold_all": words.say("有一户未定则全部等待", "all wait while one is open"),
        "leave_out": words.say("未定的不参与", "open ones are left out"),
    }
    told = words.say(
        f"总额{total}，按{points}在全部符合者之间分配（{waits[shape.open_lines]}）",
        f"a share of {total} by {points}, among all who qualify ({waits[shape.open_lines]})",
    )
    return [Line(0, told)]
