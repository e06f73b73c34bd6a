"""Awards that are legal and wrong: tiers out of order, rows that never decide, gaps and overlaps of bands, caps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.clauses import Award, Clause, FirstPast, HighestOf, Pay, Rate, Row, SumOf
from anqing_subsidy.policy.figures import money
from anqing_subsidy.policy.lint.bands import check_bands
from anqing_subsidy.policy.lint.bounds import bounds_of, cap_most
from anqing_subsidy.policy.lint.conditions import contradiction
from anqing_subsidy.policy.lint.marginal import check_marginal
from anqing_subsidy.policy.lint.region import Region
from anqing_subsidy.policy.lint.remark import Remark, Subject, line_of, with_docs
from anqing_subsidy.policy.schema import AwardDoc, ClauseDoc


def check_awards(subject: Subject) -> Iterator[Remark]:
    """The awards of all clauses, and those that stand in for a sheet of details."""
    for clause, doc in subject.clauses():
        region = Region(subject.policy, (*clause.where, *clause.claimed, *clause.when))
        yield from _award(clause.award, doc.award, region)
        if clause.declared_award is not None and doc.declared is not None:
            yield from _award(clause.declared_award, doc.declared, Region(subject.policy))
        yield from _cap(clause, doc, region)


def _award(award: Award, doc: AwardDoc, region: Region) -> Iterator[Remark]:
    for part, entry in with_docs(award, doc):
        shape = part.shape
        if isinstance(shape, FirstPast):
            yield from _tiers(shape, entry)
            yield from _impossible_tiers(shape, entry, region)
        elif isinstance(shape, HighestOf | SumOf):
            yield from _impossible_rows(shape, entry, region)
            if isinstance(shape, HighestOf):
                yield from _useless_rows(shape, entry, region)
            else:
                yield from check_marginal(shape, partial(_row_line, entry), region)
            yield from check_bands(shape, partial(_row_line, entry), region)


def _row_line(doc: AwardDoc, at: int) -> int:
    rows = doc.highest_of or doc.sum_of
    if rows is not None and at < len(rows):
        return rows[at].line
    tiers = list(doc.tiers or ())
    return doc.at("tiers", tiers[at]) if at < len(tiers) else doc.line


def _text_line(doc: AwardDoc | None, line: int, text: str) -> int:
    return line_of(doc, "when", text) if doc is not None and doc.when is not None else line


def _tiers(shape: FirstPast, doc: AwardDoc) -> Iterator[Remark]:
    """Thresholds that rise while the sums do not; where all tiers passed are added up, each sum is one of its own."""
    if shape.jump == "cumulative":
        return
    keys = list(doc.tiers or ())
    for (_, lower), (_, sum_), key in zip(shape.tiers, shape.tiers[1:], keys[1:], strict=False):
        if sum_ > lower:
            continue
        paid, before = money(sum_), money(lower)
        yield Remark(
            doc.at("tiers", key),
            "error" if sum_ < lower else "warning",
            "TIER_ORDER",
            Text(
                f"档次 {key} 给 {paid.zh}，不高于前一档的 {before.zh}",
                f"tier {key} pays {paid.en}, no more than the tier before it ({before.en})",
            ),
            Text("按文件核对各档金额和次序", "compare sums and order with the document"),
        )


def _impossible_tiers(shape: FirstPast, doc: AwardDoc, region: Region) -> Iterator[Remark]:
    """Tiers that the conditions of the clause leave out: never passed, or never the highest that is."""
    if region.impossible is not None or region.off:
        return
    for at, (tier, key) in enumerate(zip(shape.tiers, doc.tiers or (), strict=False)):
        conflict = region.past(replace(shape, tiers=(tier,))).conflict
        higher = replace(shape, tiers=shape.tiers[at + 1 : at + 2])
        if conflict is not None:
            why = Text(
                f"“{conflict[0]}”与“{conflict[1]}”矛盾", f"`{conflict[0]}` and `{conflict[1]}` exclude each other"
            )
        elif shape.jump == "highest" and higher.tiers and region.past_too(higher):
            why = Text("条款的条件已超过下一档", "the conditions of the clause ask for the next tier")
        else:
            continue
        yield Remark(
            doc.at("tiers", key),
            "warning",
            "UNREACHABLE_TIER",
            Text(f"档次 {key} 永远不会付：{why.zh}", f"tier {key} is never paid: {why.en}"),
            Text("改正条件，或删去这一档", "correct the conditions, or drop the tier"),
        )


def _impossible_rows(shape: HighestOf | SumOf, doc: AwardDoc, region: Region) -> Iterator[Remark]:
    for at, row in enumerate(shape.rows):
        joined = _row_region(row, region)
        conflict = joined.impossible
        if conflict is not None and region.impossible is None and not joined.off:
            line = _row_line(doc, at)
            rows = doc.highest_of or doc.sum_of or ()
            entry = rows[at] if at < len(rows) else None
            found = contradiction(conflict, partial(_text_line, entry, line))
            yield replace(
                found,
                code="UNREACHABLE_ROW",
                message=Text(
                    f"第 {at + 1} 行永远不会付：“{conflict[0]}”与“{conflict[1]}”矛盾",
                    f"row {at + 1} is never paid: `{conflict[0]}` and `{conflict[1]}` exclude each other",
                ),
            )


def _useless_rows(shape: HighestOf, doc: AwardDoc, region: Region) -> Iterator[Remark]:
    """Rows beside which another one always applies and pays as much."""
    regions = [_row_region(row, region) for row in shape.rows]
    for at, row in enumerate(shape.rows):
        if regions[at].impossible is not None:
            continue
        for other, rival in enumerate(shape.rows):
            if other == at or not _covers(regions[at], rival) or not _at_most(row.award, rival.award, regions[at]):
                continue
            alike = _covers(regions[other], row) and _at_most(rival.award, row.award, regions[other])
            if alike and other > at:
                continue  # of two that are the same the later one is told
            yield Remark(
                _row_line(doc, at),
                "error",
                "UNREACHABLE_ROW",
                Text(
                    f"第 {at + 1} 行从不起作用：符合它的也符合第 {other + 1} 行，而那一行给的不比它少",
                    f"row {at + 1} never decides: row {other + 1} applies wherever it does and pays no less",
                ),
                Text(
                    "核对两行的条件和金额，或删去这一行",
                    "compare conditions and sums of the two rows, or drop this one",
                ),
            )
            break


def _row_region(row: Row, region: Region) -> Region:
    joined = region.and_(row.when)
    shape = row.award.shape
    return joined.past(shape) if isinstance(shape, FirstPast) and len(shape.tiers) == 1 else joined


def _covers(region: Region, rival: Row) -> bool:
    """Whether a row applies wherever some conditions hold."""
    shape = rival.award.shape
    past = region.past_too(shape) if isinstance(shape, FirstPast) else True
    return past and region.implies_all(rival.when)


def _at_most(award: Award, rival: Award, region: Region) -> bool:
    """Whether an award certainly pays no more than another under the same conditions."""
    own, other = award.shape, rival.shape
    if award.multiply_by == rival.multiply_by and (award.cap, award.deduct) == (rival.cap, rival.deduct):
        if own == other:
            return True
        if isinstance(own, Pay) and isinstance(other, Pay) and own.per == other.per:
            return isinstance(own.amount, int) and isinstance(other.amount, int) and own.amount <= other.amount
        if isinstance(own, Rate) and isinstance(other, Rate):
            rates = own.rate, other.rate
            alike = replace(own, rate=Fraction(0)) == replace(other, rate=Fraction(0))
            return alike and isinstance(rates[0], Fraction) and isinstance(rates[1], Fraction) and rates[0] <= rates[1]
    mine, its = bounds_of(award, region), bounds_of(rival, region)
    return mine.most is not None and mine.most <= its.least


def _cap(clause: Clause, doc: ClauseDoc, region: Region) -> Iterator[Remark]:
    """A cap below the least that the clause can come to: it would pay the cap and never what is written."""
    if region.impossible is not None:
        return
    top = cap_most(clause.cap, region)
    least = bounds_of(clause.award, region).least
    if top is not None and top < least:
        cap, sum_ = money(int(top)), money(int(least))
        yield Remark(
            doc.at("cap"),
            "warning",
            "CAP_BELOW_AWARD",
            Text(
                f"上限 {cap.zh} 低于该条最少的奖补 {sum_.zh}，每笔都会被限为上限",
                f"the cap {cap.en} is below the least that the clause pays ({sum_.en}): every line is cut to it",
            ),
            Text("按文件核对上限和金额", "compare cap and sums with the document"),
        )
    for part, entry in with_docs(clause.award, doc.award):
        inner = replace(part, cap=())
        top, least = cap_most(part.cap, region), bounds_of(inner, region).least
        if top is not None and top < least:
            yield Remark(
                entry.at("cap"),
                "warning",
                "CAP_BELOW_AWARD",
                Text(
                    f"上限 {money(int(top)).zh} 低于最少的奖补 {money(int(least)).zh}，每笔都会被限为上限",
                    f"the cap {money(int(top)).en} is below the least that is paid ({money(int(least)).en})",
                ),
                Text("按文件核对上限和金额", "compare cap and sums with the document"),
            )
