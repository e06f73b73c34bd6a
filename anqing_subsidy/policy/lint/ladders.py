"""Choices by places and levels whose sums run against them, and facts of one figure taken twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.clauses import Keyed, Pay
from anqing_subsidy.policy.derivations import (
    Derivation,
    FirstGiven,
    Growth,
    LeastOf,
    Minus,
    MostOf,
    Part,
    PlaceOf,
    RatioOf,
)
from anqing_subsidy.policy.figures import money
from anqing_subsidy.policy.lint.remark import Remark, Subject, with_docs
from anqing_subsidy.policy.terms import Ref

_COMPARE = Text("按文件核对名次、级别和金额", "compare places, levels and sums with the document")


def check_places(subject: Subject) -> Iterator[Remark]:
    """Sums by place of which a better place pays less."""
    for clause, doc in subject.clauses():
        for part, entry in with_docs(clause.award, doc.award):
            choice = part.shape.amount if isinstance(part.shape, Pay) else None
            if not isinstance(choice, Keyed):
                continue
            fact = subject.policy.facts.get(choice.by)
            if fact is None or not isinstance(fact.how, PlaceOf):
                continue
            ladder = sorted((span[0], key) for key, span in choice.spans.items())
            for (_, better), (_, worse) in pairwise(ladder):
                one, other = choice.cases[better], choice.cases[worse]
                if isinstance(one, int) and isinstance(other, int) and one < other:
                    yield Remark(
                        entry.at("pay", worse),
                        "warning",
                        "TIER_ORDER",
                        Text(
                            f"名次 {worse} 给 {money(other).zh}，多于更靠前的名次 {better}（{money(one).zh}）",
                            f"place {worse} pays {money(other).en}, more than the better place {better} ({money(one).en})",
                        ),
                        _COMPARE,
                    )


def check_unit_prices(subject: Subject) -> Iterator[Remark]:
    """A price of a unit by the number of units, that falls so far that more of them come to less."""
    for clause, doc in subject.clauses():
        for part, entry in with_docs(clause.award, doc.award):
            shape = part.shape
            choice = shape.amount if isinstance(shape, Pay) else None
            if not isinstance(choice, Keyed) or not isinstance(shape, Pay) or shape.per != (choice.by,):
                continue
            ladder = sorted((span, key) for key, span in choice.spans.items())
            for ((_, end), lower), ((start, _), higher) in pairwise(ladder):
                one, other = choice.cases[lower], choice.cases[higher]
                if isinstance(one, int) and isinstance(other, int) and end is not None and start * other < end * one:
                    most, least = money(end * one), money(start * other)
                    yield Remark(
                        entry.at("pay", higher),
                        "warning",
                        "TIER_ORDER",
                        Text(
                            f"{start} 个单位共 {least.zh}，少于 {end} 个单位的 {most.zh}",
                            f"{start} units come to {least.en}, less than {end} units do ({most.en})",
                        ),
                        Text(
                            "分段计价的写 sum_of 和 only_above；否则按文件核对单价",
                            "write `sum_of` with `only_above` where each band has its price, else compare the prices",
                        ),
                    )


def check_levels(subject: Subject) -> Iterator[Remark]:
    """`highest_first` against the sums: a level that counts as higher and pays less would block the better one."""
    for clause, doc in subject.clauses():
        choice = clause.award.shape.amount if isinstance(clause.award.shape, Pay) else None
        for rule, entry in zip(clause.once, [one for one in doc.once_for if one.same != ("tier",)], strict=True):
            if not isinstance(choice, Keyed) or rule.level != choice.by:
                continue
            levels = sorted(rule.ranks, key=lambda level: -rule.ranks[level])
            for higher, lower in pairwise(level for level in levels if level in choice.cases):
                one, other = choice.cases[higher], choice.cases[lower]
                if isinstance(one, int) and isinstance(other, int) and one < other:
                    yield Remark(
                        entry.at("highest_first"),
                        "error",
                        "TIER_ORDER",
                        Text(
                            f"highest_first 把 {higher}（{money(one).zh}）排在 {lower}（{money(other).zh}）之前：得过前者的不再得后者",
                            f"`highest_first` puts `{higher}` ({money(one).en}) before `{lower}` ({money(other).en}): who had the first gets no second",
                        ),
                        _COMPARE,
                    )


def check_operands(subject: Subject) -> Iterator[Remark]:
    """A figure beside itself, and a ratio over nothing: facts that are always the same, or never known."""
    for ref, fact in subject.policy.facts.items():
        doc, parts = subject.doc.facts[ref.table][ref.id], _operands(fact.how)
        beside = parts[:1] if isinstance(fact.how, Minus) else parts
        named = next((part for at, part in enumerate(parts) if part in beside[:at]), None)
        if isinstance(named, Ref):
            yield Remark(
                doc.line,
                "error",
                "SAME_TWICE",
                Text(f"“{fact.title.zh}”里 {named.id} 写了两次", f"`{ref.id}` takes `{named.id}` twice"),
                Text("改成要用的另一项", "name the other one that is meant"),
            )
        if isinstance(fact.how, RatioOf) and isinstance(fact.how.denominator, int) and not fact.how.denominator:
            yield Remark(
                doc.line,
                "error",
                "NO_RATIO",
                Text(f"“{fact.title.zh}”除以 0，永远算不出", f"`{ref.id}` is over 0: nobody ever knows it"),
                Text("写明除以什么", "name what it is over"),
            )


def _operands(how: Derivation) -> tuple[Part, ...]:
    """The operands of a fact of which none is meant to stand there twice."""
    if isinstance(how, RatioOf):
        return how.numerator, how.denominator
    if isinstance(how, Growth):
        return how.now, how.before
    return how.parts if isinstance(how, Minus | LeastOf | MostOf | FirstGiven) else ()
