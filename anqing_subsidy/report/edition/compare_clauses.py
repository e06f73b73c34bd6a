"""Clauses of two editions side by side, each by its parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from anqing_subsidy.report.edition.awards import award_lines, cap_words
from anqing_subsidy.report.edition.changes import Change, Sides, compared, conditions, pairs, plain, renamed
from anqing_subsidy.report.edition.clauses import clause_entries, clause_name, fund_words
from anqing_subsidy.report.edition.compare_awards import award_changes
from anqing_subsidy.report.edition.groups import budget_words
from anqing_subsidy.report.edition.phrases import Line, block, deeper
from anqing_subsidy.report.edition.rest import told

if TYPE_CHECKING:
    from anqing_subsidy.policy.clauses import Award, Clause
    from anqing_subsidy.report.edition.phrases import Phrases

_COMPARED = ("where", "claimed", "when", "award", "declared_award", "cap", "cap_scope", "budget", "fund")
"""The parts of a clause that are compared by their own means; all others in the words in which they are shown."""
_UNSAID = ("id", "line", "readings", "article", "title", "table", "every")


def clause_changes(sides: Sides) -> Iterator[Change]:
    """Clauses that are new, gone, under another name, or changed."""
    found = pairs(sides.old, sides.new)
    names = {old.id: new.id for old, new in found if old is not None and new is not None}
    for old, new in found:
        if old is None and new is not None:
            yield Change("new_clause", new.id, "", None, _whole(new, sides.after))
        elif new is None and old is not None:
            yield Change("removed_clause", old.id, "", clause_name(old, sides.before), None)
        elif old is not None and new is not None:
            if old.id != new.id:
                yield Change("renamed_clause", new.id, "", old.id, new.id)
            yield from _clause(renamed(old, new, names), new, sides)


def _whole(clause: Clause, words: Phrases) -> str:
    """A new clause: its name, and below it conditions and award."""
    found = [Line(0, clause_name(clause, words))]
    for entry in clause_entries(clause, words):
        if entry.id in ("claimed", "when", "award", "cap"):
            first, *rest = entry.lines
            found += [Line(1, f"{entry.label}{words.say('：', ': ')}{first.text}"), *deeper(rest, 2)]
    return block(found, words)


def _clause(old: Clause, new: Clause, sides: Sides) -> Iterator[Change]:
    say, id_ = sides.say, new.id
    yield from compared("title", id_, say("条次", "article"), (old.article, old.article), (new.article, new.article))
    titles = old.title.say(sides.lang), new.title.say(sides.lang)
    yield from compared("title", id_, say("标题", "title"), (old.title, titles[0]), (new.title, titles[1]))
    for key, where in (
        ("where", say("范围", "of these")),
        ("claimed", say("申报", "claimed")),
        ("own_when", say("条件", "conditions")),
    ):
        yield from conditions(getattr(old, key), getattr(new, key), sides, id_, where, (old.table, new.table))
    yield from award_changes(old.award, new.award, sides, new, say("奖补", "award"))
    if old.declared_award is not None or new.declared_award is not None:
        yield from compared(
            "award", id_, say("无明细时", "without details"),
            (old.declared_award, _lines(old.declared_award, sides.before)), (new.declared_award, _lines(new.declared_award, sides.after)),
        )  # fmt: skip
    yield from _cap(old, new, sides)
    budgets = [
        budget_words(part.budget, words) if part.budget else None
        for part, words in ((old, sides.before), (new, sides.after))
    ]
    yield from compared("budget", id_, say("预算", "budget"), (old.budget, budgets[0]), (new.budget, budgets[1]))
    # the fund of all clauses is compared once, with the rules for all
    if (old.fund, new.fund) != (sides.old.every_fund, sides.new.every_fund):
        yield from compared(
            "fund",
            id_,
            say("资金", "fund"),
            (old.fund, fund_words(old.fund, sides.before)),
            (new.fund, fund_words(new.fund, sides.after)),
        )
    yield from _others(old, new, sides)


def _lines(award: Award | None, words: Phrases) -> str | None:
    if award is None:
        return None
    return block(award_lines(award, words, words.policy.main), words)


def _cap(old: Clause, new: Clause, sides: Sides) -> Iterator[Change]:
    told = []
    for clause, words in ((old, sides.before), (new, sides.after)):
        scope = words.say("（累计）", " for life") if clause.cap_scope == "lifetime" else ""
        told.append(cap_words(clause.cap, words) + scope if clause.cap else None)
    yield from compared(
        "cap",
        new.id,
        sides.say("上限", "cap"),
        ((old.cap, old.cap_scope), told[0]),
        ((new.cap, new.cap_scope), told[1]),
    )


def _others(old: Clause, new: Clause, sides: Sides) -> Iterator[Change]:
    """All other parts of a clause, in the words in which they are shown."""
    shown = [
        {entry.id: (entry.label, block(entry.lines, words)) for entry in clause_entries(part, words)}
        for part, words in ((old, sides.before), (replace(new), sides.after))
    ]
    for id_, names in (
        ("once", ("once",)),
        ("less_paid", ("less_paid",)),
        ("instalments", ("instalments",)),
        ("whole", ("whole",)),
        ("each", ("rows", "most_rows", "line_per", "table")),
    ):
        before, after = (tuple(getattr(part, name) for name in names) for part in (old, new))
        label = next((side[id_][0] for side in shown if id_ in side), id_)
        texts = [side[id_][1] if id_ in side else None for side in shown]
        if plain(before) != plain(after) or (id_ == "once" and texts[0] != texts[1] and _tiers(old) != _tiers(new)):
            yield Change("once" if id_ == "once" else "rule", new.id, label, texts[0], texts[1])
    known = {*_COMPARED, *_UNSAID, "once", "less_paid", "instalments", "whole", "rows", "most_rows", "line_per"}
    for entry in fields(new):
        before, after = getattr(old, entry.name), getattr(new, entry.name)
        if entry.name not in known and plain(before) != plain(after):
            yield Change("rule", new.id, entry.name, told(before, sides.before), told(after, sides.after))


def _tiers(clause: Clause) -> Any:  # noqa: ANN401  # the names of clauses
    return getattr(clause.award.shape, "once_with", ())
