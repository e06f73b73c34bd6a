"""Clauses beside each other, in words: each group once, and under a clause in a line what it is in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from anqing_subsidy.policy.articles import clauses_named, clauses_of
from anqing_subsidy.report.edition.awards import cap_words
from anqing_subsidy.report.edition.phrases import Line, Phrases

if TYPE_CHECKING:
    from anqing_subsidy.policy.clauses import Budget, Clause, Group


def group_title(group: Group, words: Phrases) -> str:
    """The clauses of a group, also those of groups in it: 第一条至第五条、第七条."""
    return member_name(group.id, words)


def member_name(name: str, words: Phrases) -> str:
    """A member of a group: a clause, or another group by its clauses."""
    return clauses_named(clauses_of(name, words.policy), words.policy).say(words.lang)


def group_lines(group: Group, words: Phrases) -> list[Line]:
    """Whether the highest is paid or all, what limits them together, and the groups in it of which one counts."""
    told = _pays(group, words)
    if group.cap:
        told += words.say("，合计", ", together ") + cap_words(group.cap, words)
    found = [Line(0, told)]
    for inner in words.policy.groups if group.pays == "sum" else ():
        if inner.id in group.members and inner.pays == "highest":
            names = group_title(inner, words)
            said = words.say(f"其中{names}只计最高的一笔", f"of {names} the highest alone counts")
            found.append(Line(0, said))
    return found if group.budget is None else [*found, Line(0, budget_words(group.budget, words))]


def group_words(group: Group, words: Phrases) -> str:
    """A group in one line."""
    lines = words.say("；", "; ").join(line.text for line in group_lines(group, words))
    return f"{group_title(group, words)}{words.say('：', ': ')}{lines}"


def beside(clause: Clause, words: Phrases) -> Iterator[str]:
    """The groups that a clause is in, also through other groups, each by the clauses that it is in it with."""
    inside = clause.id
    for group in words.policy.groups:
        if inside not in group.members:
            continue
        rest = [id_ for name in group.members if name != inside for id_ in clauses_of(name, words.policy)]
        names = clauses_named(rest, words.policy).say(words.lang)
        limits = [words.say("合计", "together ") + cap_words(group.cap, words)] if group.cap else []
        if group.budget is not None:
            total = words.money(group.budget.sum)
            limits.append(words.say(f"全部申报主体合计{total}以内", f"{total} for all applicants"))
        if group.pays == "highest" or not limits:
            limits.insert(0, _pays(group, words))
        yield words.say("与", "with ") + names + words.say("：", ": ") + words.say("，", ", ").join(limits)
        inside = group.id


def _pays(group: Group, words: Phrases) -> str:
    if group.pays == "highest":
        return words.say("只付最高的", "the highest is paid")
    return words.say("可以同时享受", "all are paid")


def budget_words(budget: Budget, words: Phrases) -> str:
    """What there is in all, and what happens beyond it."""
    open_lines = {
        "leave_out": words.say("未定的不留额度", "nothing is kept back for open lines"),
        "keep_back": words.say("为未定的留出额度", "a part is kept back for open lines"),
    }[budget.open_lines]
    total = words.money(budget.sum)
    if budget.first:
        first = words.listed(member_name(name, words) for name in budget.first)
        return words.say(
            f"总额{total}，先付{first}，其余在剩下的数内，不足时按比例核减（{open_lines}）",
            f"{total} in all; {first} first, the others within what is left, cut in proportion where it falls short ({open_lines})",
        )
    return words.say(
        f"总额{total}，超出时按比例核减（{open_lines}）", f"{total} in all, beyond it cut in proportion ({open_lines})"
    )
