"""A whole edition in words: head, clauses by article, what holds for all of them, funds, readings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from anqing_subsidy.engine.clause_words import clauses_meant
from anqing_subsidy.policy.figures import written
from anqing_subsidy.report.edition.clauses import Entry, clause_entries, fund_words
from anqing_subsidy.report.edition.groups import budget_words, group_lines, group_title
from anqing_subsidy.report.edition.phrases import Line, Phrases, deeper
from anqing_subsidy.report.edition.rest import history_words, rest_lines

if TYPE_CHECKING:
    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.clauses import Clause
    from anqing_subsidy.policy.model import Policy

SCHEMA: Final = "anqing-subsidy/policy/1"


@dataclass(frozen=True, slots=True)
class Section:
    """A clause, or what holds for several: its article (if it has one), title and entries."""

    id: str
    article: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An edition in one language."""

    policy: Policy
    lang: Lang
    title: str
    head: tuple[str, ...]
    clauses: tuple[Section, ...]
    rest: tuple[Section, ...]


def page_of(policy: Policy, lang: Lang, clauses: Sequence[str] = ()) -> Page:
    """The edition, or some clauses of it alone, by their ids, articles or titles.

    Raises:
        UsageError: there is no such clause.
    """
    chosen = clauses_meant(policy, clauses) if clauses else list(policy.clauses)
    words = Phrases(policy, lang)
    wanted = [clause for clause in policy.clauses.values() if clause.id in chosen]
    sections = tuple(_clause(clause, words) for clause in wanted)
    rest = _rest(words) if not clauses else (_rules(words, ("every_clause", "every_fund")),)
    told = tuple(section for section in rest if section.entries)
    return Page(policy, lang, policy.title.say(lang), tuple(_head(words)), sections, told)


def _head(words: Phrases) -> Iterator[str]:
    policy, say = words.policy, words.say
    yield policy.source.say(words.lang)
    yield say(f"年度 {policy.year}", f"year {policy.year}") + f"  [{policy.id}]"
    if policy.effective is not None:
        first, last = (written(day, "date").say(words.lang) if day is not None else "" for day in policy.effective)
        yield say(
            f"有效期 {first} 起" + (f"至 {last}" if last else ""),
            f"in force from {first}" + (f" to {last}" if last else ""),
        )


def _clause(clause: Clause, words: Phrases) -> Section:
    return Section(clause.id, clause.article, clause.title.say(words.lang), tuple(clause_entries(clause, words)))


def _rest(words: Phrases) -> Iterator[Section]:
    policy, say = words.policy, words.say
    groups = tuple(
        Entry(
            group.id,
            "",
            (Line(0, group_title(group, words) + say("：", ":")), *deeper(group_lines(group, words))),
        )
        for group in policy.groups
    )
    yield Section("groups", "", say("并列与合计", "Groups of clauses"), groups)
    yield _rules(words)
    funds = []
    for id_, title in policy.funds.items():
        told = [Line(0, title.say(words.lang))]
        if id_ in policy.budgets:
            told.append(Line(0, budget_words(policy.budgets[id_], words)))
        funds.append(Entry(id_, id_, tuple(told)))
    if policy.fund_note.zh:
        funds.append(Entry("note", say("注意", "note"), (Line(0, policy.fund_note.say(words.lang)),)))
    yield Section("funds", "", say("资金", "Funds"), tuple(funds))
    readings = []
    for reading in policy.readings.values():
        lines = [Line(0, reading.title.say(words.lang))]
        for option in reading.options:
            mark = say("✓ ", "✓ ") if option == reading.value else "· "
            lines.append(Line(1, f"{mark}{option}: {reading.says[option].say(words.lang)}"))
        readings.append(Entry(reading.id, reading.id, tuple(lines)))
    yield Section(
        "readings",
        "",
        say("文件没有写明之处（✓ 为所用口径）", "What the document leaves open (✓ in force)"),
        tuple(readings),
    )
    notes = tuple(Line(0, note.say(words.lang)) for note in policy.notes)
    yield Section("notes", "", say("说明", "Notes"), (Entry("notes", "", notes),) if notes else ())


def _rules(words: Phrases, only: Sequence[str] = ()) -> Section:
    """What holds for every clause, all of it or some."""
    rules = (
        Entry(id_, label, tuple(lines))
        for id_, label, lines in rule_entries(words)
        if lines and (not only or id_ in only)
    )
    return Section("rules", "", words.say("通用规定", "For every clause"), tuple(rules))


def rule_entries(words: Phrases) -> Iterator[tuple[str, str, list[Line]]]:
    """What holds for every clause, each rule with its id and label."""
    policy, say = words.policy, words.say
    rounding = (
        say("四舍五入到分", "rounded half up to the fen")
        if policy.rounding == "half_up_fen"
        else say("不足一分的舍去", "parts of a fen are dropped")
    )
    yield "every_clause", say("条件", "conditions"), words.lines(policy.every_clause, policy.main)
    if policy.every_fund is not None:
        told = fund_words(policy.every_fund, words)
        yield (
            "every_fund",
            say("资金", "fund"),
            [Line(0, say(f"没有另写的：{told}", f"unless a clause says otherwise: {told}"))],
        )
    yield "rounding", say("取整", "rounding"), [Line(0, rounding)]
    if policy.history is not None:
        yield "history", say("首次", "first time"), [Line(0, text) for text in history_words(policy.history, words)]
    if policy.support is not None:
        where = words.sentence(policy.support.where, policy.support.table)
        effect = {
            "exclude": say("同一事项不再享受", "nothing is paid for the same matter"),
            "top_up": say("同一事项只补差额", "only the difference is paid for the same matter"),
        }[policy.support.effect]
        sheet = words.sheet(policy.support.table)
        yield (
            "support",
            say("其他支持", "other support"),
            [Line(0, say(f"{sheet}中{where}的：{effect}", f"{sheet} where {where}: {effect}"))],
        )
    yield from rest_lines(words)


def record(page: Page) -> dict[str, Any]:
    """The edition for scripts."""
    policy = page.policy
    return {
        "schema": SCHEMA,
        "policy": {
            "id": policy.id,
            "sha256": policy.sha256,
            "year": policy.year,
            "readings": {reading.id: reading.value for reading in policy.readings.values()},
        },
        "title": page.title,
        "head": list(page.head),
        "clauses": [_section(section) for section in page.clauses],
        "sections": [_section(section) for section in page.rest],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "article": section.article,
        "title": section.title,
        "entries": [
            {
                "id": entry.id,
                "label": entry.label,
                "lines": [{"depth": line.depth, "text": line.text} for line in entry.lines],
            }
            for entry in section.entries
        ],
    }
