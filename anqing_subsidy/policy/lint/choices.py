"""Choices by a fact: values that nobody reaches, numbers for which nothing stands, choices that choose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from anqing_subsidy.finding import Text
from anqing_subsidy.money import percent
from anqing_subsidy.policy.clauses import ByHand, Cap, Clause, Keyed, Share, Value
from anqing_subsidy.policy.derivations import LeastOf, NthYear, PlaceOf
from anqing_subsidy.policy.figures import written
from anqing_subsidy.policy.lint.bounds import reachable
from anqing_subsidy.policy.lint.interval import EVERYTHING, Interval
from anqing_subsidy.policy.lint.region import Region
from anqing_subsidy.policy.lint.remark import Remark, Subject, with_docs
from anqing_subsidy.policy.model import Policy
from anqing_subsidy.policy.reader import Entry
from anqing_subsidy.policy.schema import ClauseDoc
from anqing_subsidy.policy.terms import Ref


class _Choice(NamedTuple):
    """A choice, and the key under which it stands; `says` are its values as they compare."""

    choice: Keyed
    entry: Entry
    key: str
    says: tuple[Any, ...]

    @property
    def by_reading(self) -> bool:
        """Whether a reading has a say in it: under another option its values may differ."""
        return bool(getattr(self.entry.tree.get(self.key), "readings", ()))


def check_choices(subject: Subject) -> Iterator[Remark]:
    """The choices of all clauses: sums, rates, factors, deductions, caps, funds."""
    policy = subject.policy
    for clause, doc in subject.clauses():
        region = Region(policy, (*clause.where, *clause.claimed, *clause.when))
        for one in _choices(subject, clause, doc):
            yield from _chooses_nothing(one, policy)
            yield from _useless_else(one, policy)
            yield from _no_top(one, region)
            yield from _no_bottom(one, region)
            yield from _span_gaps(one)
        yield from _high_rates(clause, doc)
        yield from _dead_values(clause, doc, region)


def _choices(subject: Subject, clause: Clause, doc: ClauseDoc) -> Iterator[_Choice]:
    for part, entry in with_docs(clause.award, doc.award):
        shape = part.shape
        values: list[tuple[str, Cap | None]] = [
            ("pay", getattr(shape, "amount", None)),
            ("rate", getattr(shape, "rate", None)),
            ("by_hand", shape.limit if isinstance(shape, ByHand) else None),
            ("multiply_by", part.multiply_by),
            ("deduct", part.deduct),
            *(("cap", cap) for cap in part.cap),
        ]
        for key, value in values:
            yield from _within(value, entry, key)
    for cap in clause.cap:
        yield from _within(cap, doc, "cap")
    choice = clause.fund.choice
    if choice is not None:
        every = subject.doc.every_clause
        owner: Entry = doc if "fund" in doc.tree or every is None else every
        ways = [value for value in (*choice.cases.values(), choice.otherwise) if isinstance(value, int)]
        yield _Choice(choice, owner, "fund", tuple(dict(clause.fund.shares[way]) for way in ways))


def _within(value: Cap | None, entry: Entry, key: str) -> Iterator[_Choice]:
    """The choices in a value, one within the other."""
    if isinstance(value, Share):
        value = value.rate
    if isinstance(value, Keyed):
        inner: list[Value] = [*value.cases.values(), *([] if value.otherwise is None else [value.otherwise])]
        yield _Choice(value, entry, key, tuple(inner))
        for one in inner:
            yield from _within(one, entry, key)


def _chooses_nothing(one: _Choice, policy: Policy) -> Iterator[Remark]:
    """The same value whatever the fact says."""
    if one.by_reading or len(one.says) < 2 or any(value != one.says[0] for value in one.says):
        return
    if one.choice.spans and one.choice.otherwise is None:
        return  # it says for which numbers there is anything at all
    label = policy.label(one.choice.by)
    yield Remark(
        one.entry.at(one.key),
        "warning",
        "SAME_VALUE",
        Text(f"按“{label.zh}”选的每个取值都相同", f"the choice by `{one.choice.by.id}` gives the same for every value"),
        Text("按文件核对各取值，或直接写这个值", "compare the values with the document, or write the value alone"),
    )


def _useless_else(one: _Choice, policy: Policy) -> Iterator[Remark]:
    """`else` beside every value that the fact can have."""
    choice = one.choice
    if choice.otherwise is None or choice.spans:
        return
    column = policy.column(choice.by)
    if column is not None and column.open_values:
        return
    options = ("true", "false") if policy.type_of(choice.by) == "yesno" else tuple(policy.words(choice.by))
    if options and set(options) <= set(choice.cases):
        yield Remark(
            one.entry.at(one.key, "else"),
            "warning",
            "USELESS_ELSE",
            Text(
                f"“{policy.label(choice.by).zh}”的取值都已写明，else 用不到（空着的仍待补）",
                f"every value of `{choice.by.id}` has its key: `else` is never used (a blank stays open)",
            ),
            Text("删去 else，或删去由它代替的取值", "drop `else`, or the keys that it stands for"),
        )


def _no_top(one: _Choice, region: Region) -> Iterator[Remark]:
    """Numbers whose last key has an end although the number has none: whoever reaches further gets nothing."""
    choice, policy = one.choice, region.policy
    if not choice.spans or choice.otherwise is not None or policy.type_of(choice.by) != "count":
        return
    ends = [end for _, end in choice.spans.values()]
    known = [end for end in ends if end is not None]
    span = region.intervals.get(region.canonical(choice.by), EVERYTHING)
    # of a place or a year of support it is meant, unless conditions let more of them in
    if len(known) < len(ends) or (span.high is None and _ends_by_itself(choice.by, policy)):
        return
    if not (Interval(low=max(known) + 1) & span).empty:
        label, last = policy.label(choice.by), next(key for key, (_, end) in choice.spans.items() if end == max(known))
        beyond = written(max(known) + 1, "count")
        yield Remark(
            one.entry.at(one.key, last),
            "warning",
            "NO_TOP",
            Text(
                f"“{label.zh}”为 {beyond.zh} 及以上的没有取值，不付",
                f"nothing is paid where `{choice.by.id}` is {beyond.en} or more",
            ),
            Text(
                f"最后一档不封顶的写 {choice.spans[last][0]}..，另有取值的写 else:，确实不付的写 else: 0元（上限、倍数同理）",
                f"write `{choice.spans[last][0]}..` where the last key has no end, `else:` where others have a value, `else: 0元` where they get nothing",
            ),
        )


def _no_bottom(one: _Choice, region: Region) -> Iterator[Remark]:
    """Numbers below the first key that the conditions, or the counting of places and years, let in."""
    choice, policy = one.choice, region.policy
    if not choice.spans or choice.otherwise is not None or policy.type_of(choice.by) != "count":
        return
    lowest = min(start for start, _ in choice.spans.values())
    span = region.intervals.get(region.canonical(choice.by), EVERYTHING)
    fact = policy.facts.get(choice.by)
    first = 1 if fact is not None and isinstance(fact.how, PlaceOf | NthYear) else None
    asked = int(span.low) if span.low is not None and span.low >= 1 else first
    if asked is not None and asked < lowest and not (Interval(asked, lowest - 1) & span).empty:
        key = next(key for key, (start, _) in choice.spans.items() if start == lowest)
        label, missing = policy.label(choice.by), str(asked) if asked == lowest - 1 else f"{asked}..{lowest - 1}"
        yield Remark(
            one.entry.at(one.key, key),
            "warning",
            "BAND_GAP",
            Text(f"“{label.zh}”为 {missing} 的没有取值，不付", f"nothing is paid where `{choice.by.id}` is {missing}"),
            Text("补上取值，或写 else:", "add a value, or `else:`"),
        )


def _high_rates(clause: Clause, doc: ClauseDoc) -> Iterator[Remark]:
    """A share of more than all: a slip of ‰ and %, or of a comma."""
    for part, entry in with_docs(clause.award, doc.award):
        rate = getattr(part.shape, "rate", None)
        rates = list(rate.cases.values()) if isinstance(rate, Keyed) else [rate]
        for one in rates:
            if isinstance(one, Fraction) and one > 1:
                yield Remark(
                    entry.at("rate"),
                    "warning",
                    "HIGH_RATE",
                    Text(f"比例 {percent(one)} 高于 100%", f"the rate {percent(one)} is above 100%"),
                    Text(
                        "按文件核对 % 与 ‰；本意加倍的写 multiply_by",
                        "compare % and ‰ with the document; `multiply_by` where it is meant",
                    ),
                )


def _ends_by_itself(ref: Ref, policy: Policy) -> bool:
    """Whether a number is a place, a year of support, or cut at a number: what lies beyond is meant to get nothing."""
    fact = policy.facts.get(ref)
    how = fact.how if fact is not None else None
    return isinstance(how, PlaceOf | NthYear) or (
        isinstance(how, LeastOf) and any(isinstance(part, int) for part in how.parts)
    )


def _span_gaps(one: _Choice) -> Iterator[Remark]:
    if one.choice.otherwise is not None:
        return
    spans = sorted((span, name) for name, span in one.choice.spans.items())
    for ((_, end), _), ((start, _), name) in pairwise(spans):
        if end is not None and start > end + 1:
            missing = written(end + 1, "count").zh if start == end + 2 else f"{end + 1}..{start - 1}"
            yield Remark(
                one.entry.at(one.key, name),
                "warning",
                "BAND_GAP",
                Text(f"{missing} 没有取值，不付", f"nothing is paid for {missing}"),
                Text("补上取值，或写 else:", "add a value, or `else:`"),
            )


def _dead_values(clause: Clause, doc: ClauseDoc, region: Region) -> Iterator[Remark]:
    """Values of a choice that the conditions of the clause exclude."""
    for part, entry in with_docs(clause.award, doc.award):
        for key, value in (
            ("pay", getattr(part.shape, "amount", None)),
            ("rate", getattr(part.shape, "rate", None)),
            ("multiply_by", part.multiply_by),
        ):
            if not isinstance(value, Keyed):
                continue
            alive = reachable(value, region)
            for case in value.cases:
                if case not in alive and value.cases[case] != 0:
                    yield _dead_case(entry.at(key, case), case)


def _dead_case(line: int, case: str) -> Remark:
    return Remark(
        line,
        "warning",
        "UNREACHABLE_VALUE",
        Text(
            f"取值 {case} 永远用不到：条款的条件已排除它",
            f"the value `{case}` is never used: the conditions exclude it",
        ),
        Text(
            "改正条件；条件无误的，给它写 0元（比例写 0%），或用 else 代替它",
            "correct the conditions; where they are right, let it be 0元 (a rate 0%), or write `else` in its place",
        ),
    )
