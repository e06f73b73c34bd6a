"""Several clauses by their articles, shortly: 第一条至第五条、第七条; a few by article and title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.clauses import Clause
from anqing_subsidy.policy.model import Policy

_DIGITS: Final = "零一二三四五六七八九"
_NUMBER: Final = re.compile(r"^(.*?)(\d+|[零〇一二三四五六七八九十百]+)(\D*?)$")
_FEW: Final = 2
_RUN: Final = 3
"""Articles in a row from which a run is told by its ends."""


def clauses_of(member: str, policy: Policy) -> list[str]:
    """The clauses behind a member of a group, in the order that wins ties."""
    group = next((group for group in policy.groups if group.id == member), None)
    return [member] if group is None else [clause for inner in group.members for clause in clauses_of(inner, policy)]


def articles_of(clauses: Iterable[str], policy: Policy) -> Text:
    """The articles of clauses, each once, in the order of the document; runs of them by their ends."""
    wanted = {policy.clauses[id_].article for id_ in clauses}
    runs: list[list[str]] = []
    before: str | None = None
    for article in dict.fromkeys(clause.article for clause in policy.clauses.values()):
        if article in wanted:
            if runs and runs[-1][-1] == before and _follows(before, article):
                runs[-1].append(article)
            else:
                runs.append([article])
        before = article
    return _told(runs)


def clauses_named(clauses: Iterable[str], policy: Policy) -> Text:
    """Clauses as a document names them: a few with their titles, many by their articles.

    An article of which only some clauses are meant is told with their titles.
    """
    meant = [clause for clause in policy.clauses.values() if clause.id in set(clauses)]
    names = [_name(clause) for clause in meant]
    if len(meant) > _FEW and len({clause.article for clause in meant}) > 1:
        parted = {clause.article for clause in policy.clauses.values() if clause not in meant}
        whole = [clause.id for clause in meant if clause.article not in parted]
        names = [_name(clause) for clause in meant if clause.article in parted]
        names = [articles_of(whole, policy), *names] if whole else names
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _name(clause: Clause) -> Text:
    return Text(f"{clause.article} {clause.title.zh}", f"{clause.article} {clause.title.en}")


def _told(runs: list[list[str]]) -> Text:
    zh, en = [], []
    for run in runs:
        is_long = len(run) >= _RUN
        zh += [f"{run[0]}至{run[-1]}"] if is_long else run
        en += [f"{run[0]} to {run[-1]}"] if is_long else run
    return Text("、".join(zh), ", ".join(en))


def _follows(before: str, article: str) -> bool:
    """Whether an article bears the number after that of another, and is the same beside it."""
    first, second = _NUMBER.match(before), _NUMBER.match(article)
    if first is None or second is None or (first[1], first[3]) != (second[1], second[3]):
        return False
    return _number(first[2]) + 1 == _number(second[2])


def _number(text: str) -> int:
    """A number in digits or in Chinese: 12, 十二, 一百零三."""
    if text.isdigit() and text.isascii():
        return int(text)
    total, digit = 0, 0
    for sign in text.replace("〇", "零"):
        if sign in "十百":
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = _DIGITS.index(sign)
    return total + digit
