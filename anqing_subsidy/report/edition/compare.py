"""Two editions side by side: clauses, then what holds for all of them, funds, readings, facts, sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.figures import written
from anqing_subsidy.policy.terms import Ref
from anqing_subsidy.report.edition.called import with_names
from anqing_subsidy.report.edition.changes import Change, Sides, compared, plain
from anqing_subsidy.report.edition.compare_clauses import clause_changes
from anqing_subsidy.report.edition.facts import how_words
from anqing_subsidy.report.edition.groups import budget_words, group_words
from anqing_subsidy.report.edition.page import rule_entries
from anqing_subsidy.report.edition.rest import column_words, table_words, told

if TYPE_CHECKING:
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.clauses import Group
    from anqing_subsidy.policy.derivations import DerivedFact
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.report.edition.phrases import Phrases


def changes(old: Policy, new: Policy, lang: Lang) -> list[Change]:
    """All that changed, clause by clause in the order of the new edition, then what holds for all."""
    sides = Sides(old, new, lang)
    found = [
        *_edition(sides),
        *clause_changes(sides),
        *_groups(sides),
        *_rules(sides),
        *_funds(sides),
        *_readings(sides),
        *_facts(sides),
        *_sheets(sides),
    ]
    return list(with_names(found, sides))


def _edition(sides: Sides) -> Iterator[Change]:
    old, new, say = sides.old, sides.new, sides.say
    yield from compared("edition", None, say("年度", "year"), (old.year, str(old.year)), (new.year, str(new.year)))
    for where, before, after in (
        (say("名称", "title"), old.title, new.title),
        (say("来源", "source"), old.source, new.source),
    ):
        yield from compared("edition", None, where, (before, before.say(sides.lang)), (after, after.say(sides.lang)))
    days = [_days(policy, sides.lang) for policy in (old, new)]
    yield from compared("edition", None, say("有效期", "in force"), (old.effective, days[0]), (new.effective, days[1]))


def _days(policy: Policy, lang: Lang) -> str:
    return " – ".join(written(day, "date").say(lang) if day is not None else "" for day in policy.effective or ())


def _groups(sides: Sides) -> Iterator[Change]:
    def said(group: Group, words: Phrases) -> str:
        return group_words(group, words)

    old, new = ({group.id: group for group in policy.groups} for policy in (sides.old, sides.new))
    yield from _by_id("group", old, new, sides, said)


def _by_id(
    kind: str, old: Mapping[str, Any], new: Mapping[str, Any], sides: Sides, said: Callable[[Any, Phrases], str]
) -> Iterator[Change]:
    """Parts that have names: new, gone, changed."""
    for id_ in dict.fromkeys((*new, *old)):
        before, after = old.get(id_), new.get(id_)
        if plain(before) != plain(after):
            words = [
                None if part is None else said(part, phrases)
                for part, phrases in ((before, sides.before), (after, sides.after))
            ]
            if words[0] == words[1]:
                # the words tell nothing of what is different: its parts do
                yield from _parts(kind, id_, before, after, sides)
            else:
                # a group is told by its articles
                yield Change(kind, None, "" if kind == "group" else id_, words[0], words[1])


def _rules(sides: Sides) -> Iterator[Change]:
    """Rounding and the rules about earlier years, awards paid, other support, decisions and claimants."""
    shown = [
        {id_: (label, lines) for id_, label, lines in rule_entries(words)} for words in (sides.before, sides.after)
    ]
    for name in (
        "rounding",
        "history",
        "support",
        "claimants",
        "declared_rows",
        "checks",
        "paid",
        "decisions",
        "every_clause",
        "every_fund",
    ):
        old, new = getattr(sides.old, name), getattr(sides.new, name)
        if plain(old) == plain(new):
            continue
        label = next((side[name][0] for side in shown if name in side), name)
        lines = [[line.text for line in side[name][1]] if name in side else [] for side in shown]
        texts = ["\n".join(text for text in own if text not in other) for own, other in (lines, lines[::-1])]
        if texts[0] != texts[1]:
            yield Change("rule", None, label, texts[0] or None, texts[1] or None)
        else:  # the words tell no columns: which one it is now
            yield from _parts("rule", name, old, new, sides)
    for name, label in (("notes", sides.say("说明", "notes")), ("fund_note", sides.say("资金的注意", "note on funds"))):
        old, new = getattr(sides.old, name), getattr(sides.new, name)
        yield from compared("rule", None, label, (old, told(old, sides.before)), (new, told(new, sides.after)))


def _parts(kind: str, name: str, old: Any, new: Any, sides: Sides) -> Iterator[Change]:  # noqa: ANN401  # a rule
    """The parts of a rule that differ: the columns and other names that it goes by."""
    if not (is_dataclass(old) and is_dataclass(new) and type(old) is type(new)) or isinstance(old, Ref | Text):
        before, after = (
            None if part is None else told(part, words) for part, words in ((old, sides.before), (new, sides.after))
        )
        yield Change(kind, None, name, before, after)
        return
    for entry in fields(new):
        before, after = getattr(old, entry.name), getattr(new, entry.name)
        if plain(before) != plain(after):
            yield from _parts(kind, f"{name}.{entry.name}", before, after, sides)


def _funds(sides: Sides) -> Iterator[Change]:
    def title(text: Text, words: Phrases) -> str:
        return text.say(words.lang)

    yield from _by_id("fund", sides.old.funds, sides.new.funds, sides, title)
    yield from _by_id("budget", sides.old.budgets, sides.new.budgets, sides, budget_words)


def _readings(sides: Sides) -> Iterator[Change]:
    """Questions that are new or settled, and those to which another answer is in force."""
    old, new = sides.old.readings, sides.new.readings

    def said(name: str, policy: Policy) -> str | None:
        reading = policy.readings.get(name)
        if reading is None:
            return None
        title, colon = reading.title.say(sides.lang), sides.say("：", ": ")
        in_force = reading.says[reading.value].say(sides.lang)
        rest = [reading.says[option].say(sides.lang) for option in reading.options if option != reading.value]
        others = sides.say("；", "; ").join(rest)
        return f"{title}{colon}{in_force}" + sides.say(f"（不取：{others}）", f" (and not: {others})")

    for name in dict.fromkeys((*new, *old)):
        if plain(old.get(name)) != plain(new.get(name)):
            before, after = said(name, sides.old), said(name, sides.new)
            if before == after:  # an option under another name
                before, after = (", ".join(side[name].options) for side in (old, new))
            yield Change("reading", None, name, before, after)


def _facts(sides: Sides) -> Iterator[Change]:
    def said(fact: DerivedFact, words: Phrases) -> str:
        return how_words(fact.how, fact, words)

    old, new = (
        {f"{ref.table}.{ref.id}": fact for ref, fact in policy.facts.items()} for policy in (sides.old, sides.new)
    )
    yield from _by_id("fact", old, new, sides, said)


def _sheets(sides: Sides) -> Iterator[Change]:
    """Sheets and columns that are new or gone, or of which something else is asked."""
    tables = sides.old.tables, sides.new.tables
    for id_ in dict.fromkeys((*tables[1], *tables[0])):
        old, new = (side.get(id_) for side in tables)
        if old is None or new is None:
            yield Change(
                "sheet", None, id_, sides.before.sheet(id_) if old else None, sides.after.sheet(id_) if new else None
            )
            continue
        bare = [{id_: replace(table, doc="", columns={})} for table in (old, new)]
        yield from _by_id("sheet", bare[0], bare[1], sides, table_words)
        kept = [
            {f"{id_}.{name}": replace(column, doc="") for name, column in table.columns.items()} for table in (old, new)
        ]
        yield from _by_id("sheet", kept[0], kept[1], sides, column_words)
