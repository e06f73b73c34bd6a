"""Two awards side by side: where the shape is the same by tiers, rows and figures, else the whole in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from anqing_subsidy.policy.clauses import FirstPast, HighestOf, Pay, PerStep, Rate, SumOf
from anqing_subsidy.report.edition.awards import award_lines, cap_words, row_lines
from anqing_subsidy.report.edition.changes import Change, Sides, compared, conditions, plain
from anqing_subsidy.report.edition.phrases import block

if TYPE_CHECKING:
    from anqing_subsidy.policy.clauses import Award, Clause, Row
    from anqing_subsidy.report.edition.phrases import Phrases


def award_changes(old: Award, new: Award, sides: Sides, clause: Clause, where: str) -> Iterator[Change]:
    """An award: where the shape is the same, what changed in it; else the whole."""
    if plain(_bare(old)) == plain(_bare(new)):
        return
    say, id_ = sides.say, clause.id
    shapes = old.shape, new.shape
    if type(shapes[0]) is not type(shapes[1]):
        yield Change("award", id_, where, _told(old, sides.before, clause), _told(new, sides.after, clause))
        return
    if isinstance(shapes[0], FirstPast) and isinstance(shapes[1], FirstPast):
        yield from _first_past(shapes[0], shapes[1], sides, clause, where)
    elif isinstance(shapes[0], HighestOf | SumOf) and isinstance(shapes[1], HighestOf | SumOf):
        yield from _rows(shapes[0].rows, shapes[1].rows, sides, clause, where)
    else:
        yield from _figures(replace(old, **_PLAIN), replace(new, **_PLAIN), sides, clause, where)
    yield from compared(
        "rate", id_, say("倍数", "factor"),
        (old.multiply_by, sides.before.amount(old.multiply_by, "factor")), (new.multiply_by, sides.after.amount(new.multiply_by, "factor")),
    )  # fmt: skip
    caps = [
        cap_words(award.cap, words) if award.cap else None for award, words in ((old, sides.before), (new, sides.after))
    ]
    yield from compared("cap", id_, say("上限", "cap"), (old.cap, caps[0]), (new.cap, caps[1]))
    both = (old, sides.before), (new, sides.after)
    ratios = [None if one.prorate_by is None else words.label(one.prorate_by) for one, words in both]
    yield from compared(
        "award", id_, say("按比例兑现", "in proportion"), (old.prorate_by, ratios[0]), (new.prorate_by, ratios[1])
    )
    taken = [None if one.deduct is None else words.amount(one.deduct) for one, words in both]
    yield from compared("award", id_, say("减去", "less"), (old.deduct, taken[0]), (new.deduct, taken[1]))


_PLAIN: Mapping[str, Any] = {"multiply_by": 1, "prorate_by": None, "deduct": None, "cap": ()}


def _bare(award: Award) -> Award:
    """An award without the names of clauses that share its tiers: those are told under once."""
    if isinstance(award.shape, FirstPast):
        return replace(award, shape=replace(award.shape, once_with=()))
    return award


def _told(award: Award, words: Phrases, clause: Clause) -> str:
    return block(award_lines(award, words, clause.table), words)


def _figures(old: Award, new: Award, sides: Sides, clause: Clause, where: str) -> Iterator[Change]:
    """A shape with figures of its own: told by the figure where that alone changed."""
    kind = "award"
    one, other = old.shape, new.shape
    if (
        isinstance(one, Pay | PerStep)
        and isinstance(other, Pay | PerStep)
        and plain(replace(one, amount=0)) == plain(replace(other, amount=0))
    ):
        kind = "amount"
    if (
        isinstance(one, Rate)
        and isinstance(other, Rate)
        and plain(replace(one, rate=0)) == plain(replace(other, rate=0))
    ):
        kind = "rate"
    if plain(one) != plain(other):
        yield Change(kind, clause.id, where, _told(old, sides.before, clause), _told(new, sides.after, clause))


def _first_past(old: FirstPast, new: FirstPast, sides: Sides, clause: Clause, where: str) -> Iterator[Change]:
    """Tiers: those of one threshold are compared, then those that are left in their order, then new and gone ones."""
    if plain(old.metric) != plain(new.metric):
        yield Change("award", clause.id, where, sides.before.label(old.metric), sides.after.label(new.metric))

    def said(tier: tuple[int, int], shape: FirstPast, words: Phrases) -> str:
        level = words.value(tier[0], words.policy.type_of(shape.metric), shape.metric)
        return f"{level}{words.say('：', ': ')}{words.money(tier[1])}"

    left, right = dict(old.tiers), dict(new.tiers)
    for level in [level for level in left if level in right]:
        before, after = (level, left.pop(level)), (level, right.pop(level))
        yield from compared(
            "tier", clause.id, where, (before, said(before, old, sides.before)), (after, said(after, new, sides.after))
        )
    moved = len(left) == len(right)
    for before, after in zip(sorted(left.items()), sorted(right.items()), strict=False) if moved else ():
        yield Change("tier", clause.id, where, said(before, old, sides.before), said(after, new, sides.after))
    if not moved:
        for tier in sorted(left.items()):
            yield Change("tier", clause.id, where, said(tier, old, sides.before), None)
        for tier in sorted(right.items()):
            yield Change("tier", clause.id, where, None, said(tier, new, sides.after))
    past = {"gt": sides.say("须超过", "above it"), "ge": sides.say("达到即可", "at it or above")}
    yield from compared(
        "threshold", clause.id, sides.say("是否含本数", "past or at"), (old.op, past[old.op]), (new.op, past[new.op])
    )
    jump = {
        "highest": sides.say("只按最高一档", "the highest tier"),
        "cumulative": sides.say("各档累加", "all tiers add up"),
    }
    yield from compared(
        "tier", clause.id, sides.say("跨档", "several tiers"), (old.jump, jump[old.jump]), (new.jump, jump[new.jump])
    )


def _rows(old: tuple[Row, ...], new: tuple[Row, ...], sides: Sides, clause: Clause, where: str) -> Iterator[Change]:
    """Rows of a choice: the same ones aside, those of the same conditions are compared, else in their order."""
    said = {plain(row) for row in old} & {plain(row) for row in new}
    left = [(at, row) for at, row in enumerate(old, start=1) if plain(row) not in said]
    right = [(at, row) for at, row in enumerate(new, start=1) if plain(row) not in said]
    same: list[tuple[Row, int, Row]] = []
    for key in (_conditions_of, _award_of):
        for entry in list(left):
            partner = next((other for other in right if key(entry[1]) == key(other[1])), None)
            if partner is not None:
                left.remove(entry)
                right.remove(partner)
                same.append((entry[1], *partner))
    if len(left) == len(right):
        same += [(before, at, after) for (_, before), (at, after) in zip(left, right, strict=True)]
        left, right = [], []

    def place_of(at: int) -> str:
        return sides.say(f"{where}第 {at} 行", f"{where}, row {at}")

    for before, at, after in sorted(same, key=lambda found: found[1]):
        place = place_of(at)
        yield from award_changes(before.award, after.award, sides, clause, place)
        yield from conditions(before.when, after.when, sides, clause.id, place, (clause.table, clause.table))
    for at, row in left:
        yield Change("row", clause.id, place_of(at), _row(row, sides.before, clause), None)
    for at, row in right:
        yield Change("row", clause.id, place_of(at), None, _row(row, sides.after, clause))


def _conditions_of(row: Row) -> Any:  # noqa: ANN401  # what a row asks for
    return plain(row.when)


def _award_of(row: Row) -> Any:  # noqa: ANN401  # what a row pays
    return plain(row.award)


def _row(row: Row, words: Phrases, clause: Clause) -> str:
    return block(row_lines(row, words, clause.table), words)
