"""A clause in words: who claims it, on which conditions, what it pays, caps, once, fund, groups, readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anqing_subsidy.policy.clauses import ByHand, FirstPast
from anqing_subsidy.policy.derivations import SameAs
from anqing_subsidy.policy.reads import parts_read, refs_behind
from anqing_subsidy.policy.terms import Never, refs_in
from anqing_subsidy.report.edition.awards import award_lines, cap_words
from anqing_subsidy.report.edition.facts import definition
from anqing_subsidy.report.edition.groups import beside, budget_words
from anqing_subsidy.report.edition.phrases import Line, Phrases

if TYPE_CHECKING:
    from anqing_subsidy.policy.clauses import Award, Clause, FundRule, Keyed, Once, Shares


@dataclass(frozen=True, slots=True)
class Entry:
    """One heading of a description and what stands under it; `id` names it for scripts."""

    id: str
    label: str
    lines: tuple[Line, ...]


def clause_entries(clause: Clause, words: Phrases) -> list[Entry]:
    """All that a clause says, in the order in which the document says it."""
    return [Entry(id_, label, tuple(lines)) for id_, label, lines in _entries(clause, words) if lines]


def _entries(clause: Clause, words: Phrases) -> Iterator[tuple[str, str, list[Line]]]:
    say, table, policy = words.say, clause.table, words.policy
    if table != policy.main:
        yield "each", say("对象", "for each"), [Line(0, _each(clause, words))]
    yield "where", say("范围", "of these"), words.lines(clause.where, table)
    claimed = words.lines(clause.claimed, table)
    if isinstance(clause.award.shape, ByHand) and any(isinstance(one, Never) for one in clause.claimed):
        claimed = [Line(0, say("由人工核定表提出", "by the sheet of decisions alone"))]
    yield "claimed", say("申报", "claimed"), claimed
    yield "when", say("条件", "conditions"), words.lines(clause.own_when, table)
    yield "award", say("奖补", "award"), award_lines(clause.award, words, table)
    if clause.declared_award is not None:
        lines = award_lines(clause.declared_award, words, policy.main)
        yield "declared", say("无明细时", "without details"), lines
    if clause.cap:
        scope = say("（累计）", " for life") if clause.cap_scope == "lifetime" else say("（每年）", " a year")
        yield "cap", say("上限", "cap"), [Line(0, cap_words(clause.cap, words) + scope)]
    if clause.whole != 1:
        sum_ = words.money(clause.whole)
        told = say(f"舍去不足{sum_}的部分", f"whole multiples of {sum_}, what is beyond is dropped")
        yield "whole", say("取整", "rounded down"), [Line(0, told)]
    yield "once", say("一次性", "once"), [Line(0, text) for text in _once(clause, words)]
    if clause.less_paid:
        titles = words.listed(clause_name(policy.clauses[id_], words) for id_ in clause.less_paid)
        told = say(f"扣除以前已兑现的：{titles}", f"less what was paid before under {titles}")
        yield "less_paid", say("扣除", "less"), [Line(0, told)]
    if clause.instalments is not None:
        rule = clause.instalments
        shares = words.listed(
            say(f"第{year}年 {words.amount(share)}", f"year {year}: {words.amount(share)}")
            for year, share in enumerate(rule.shares, start=1)
        )
        yield "instalments", say("分期", "instalments"), [Line(0, f"{words.label(rule.year)}{say('：', ': ')}{shares}")]
    if clause.budget is not None:
        yield "budget", say("预算", "budget"), [Line(0, budget_words(clause.budget, words))]
    # that of all clauses is told once, with the rules for all
    fund = [] if clause.fund == policy.every_fund else [Line(0, fund_words(clause.fund, words))]
    yield "fund", say("资金", "fund"), fund
    yield "groups", say("与其他条", "beside others"), [Line(0, text) for text in beside(clause, words)]
    yield "facts", say("其中", "where"), [Line(0, text) for text in _facts(clause, words)]
    yield (
        "readings",
        say("口径", "readings"),
        [Line(0, reading_words(name, words)) for name in _own_readings(clause, words)],
    )


def clause_name(clause: Clause, words: Phrases) -> str:
    """A clause as a document names it."""
    return f"{clause.article} {clause.title.say(words.lang)}"


def _own_readings(clause: Clause, words: Phrases) -> list[str]:
    """The readings behind a clause, but those behind every clause: they are told once, with the rules for all."""
    every = list(words.policy.clauses.values())
    common = set(every[0].readings).intersection(*(other.readings for other in every)) if len(every) > 1 else set()
    return [name for name in clause.readings if name not in common]


def _each(clause: Clause, words: Phrases) -> str:
    sheet, say = words.sheet(clause.table), words.say
    told = say(f"{sheet}表的每一行", f"row of {sheet}")
    most = clause.most_rows
    sums = say("，各行相加", ", the rows are added up")
    add = {
        "add_up": say(f"，最高的 {most} 行相加", f", the {most} highest rows are added up") if most else sums,
        "highest": say("，取最高的一行", ", the highest row counts"),
        "one": "",
    }[clause.rows]
    per = {
        "row": "",
        "applicant": say("；每个申报主体合为一笔", "; one line an applicant"),
        "object": say("；每个对象合为一笔", "; one line an object"),
    }[clause.line_per]
    return told + per + add


def _once(clause: Clause, words: Phrases) -> Iterator[str]:
    for crossing in _crossings(clause.award):
        if crossing.once_with:
            others = [words.policy.clauses[name] for name in crossing.once_with if name != clause.id]
            names = words.listed(clause_name(other, words) for other in others)
            told = words.say("同一档次只奖一次", "each tier once")
            yield told + (words.say(f"，与{names}合并计算", f", counted together with {names}") if names else "")
            break
    for rule in clause.once:
        others = [words.policy.clauses[name] for name in rule.clauses if name != clause.id]
        names = words.listed(clause_name(other, words) for other in others)
        together = words.say(f"，与{names}合并计算", f", counted together with {names}") if names else ""
        yield _one_rule(rule, words) + together


def _one_rule(rule: Once, words: Phrases) -> str:
    names = {
        "applicant": words.say("申报主体", "applicant"),
        "object": words.say("对象", "object"),
        "level": words.say("级别", "level"),
    }
    told = words.say("、", " and ").join(names[part] for part in rule.same)
    told = words.say(f"同一{told}只奖一次", f"once for the same {told}")
    if rule.ranks and rule.level is not None:
        levels = sorted(rule.ranks, key=lambda word: -rule.ranks[word])
        shown = [words.value(word, words.policy.type_of(rule.level), rule.level) for word in levels]
        told += words.say(
            f"，已得高的不再奖低的（{' > '.join(shown)}）", f", no lower one after a higher ({' > '.join(shown)})"
        )
    if rule.years is not None:
        told += words.say(f"（{rule.years}年内）", f" within {rule.years} years")
    return told


def _crossings(award: Award) -> Iterator[FirstPast]:
    if isinstance(award.shape, FirstPast):
        yield award.shape
    for row in getattr(award.shape, "rows", ()):
        yield from _crossings(row.award)


def fund_words(rule: FundRule, words: Phrases) -> str:
    """Which fund pays."""
    titles = {id_: title.say(words.lang) for id_, title in words.policy.funds.items()}
    if rule.choice is not None:
        choice = rule.choice
        said = [(words.key(choice, key), rule.shares[way]) for key, way in _ways(choice)]
        told = words.say("；", "; ").join(f"{key}{words.say('：', ': ')}{way_words(way, words)}" for key, way in said)
        return words.say(f"按{words.label(choice.by)}，{told}", f"by {words.label(choice.by)}: {told}")
    if rule.shares:
        return way_words(rule.shares[0], words)
    if rule.due_to is None or rule.other is None:
        return titles[rule.fund]
    label = words.statement(rule.due_to)
    part = {
        "whole_line": words.say("整笔由", "the whole line by"),
        "increment": words.say("增加的部分由", "the increment by"),
    }[rule.part]
    return words.say(
        f"{titles[rule.fund]}；{label}的，{part}{titles[rule.other]}",
        f"{titles[rule.fund]}; where {label}: {part} {titles[rule.other]}",
    )


def _ways(choice: Keyed) -> Iterator[tuple[str | None, int]]:
    """The keys of a choice of funds, None for all others, each with the number of the way."""
    for key, way in (*choice.cases.items(), (None, choice.otherwise)):
        if isinstance(way, int):
            yield key, way


def way_words(shares: Shares, words: Phrases) -> str:
    """The funds that share a line, each with its share; one that bears it all by its name."""
    titles = {id_: title.say(words.lang) for id_, title in words.policy.funds.items()}
    if len(shares) == 1:
        return titles[next(iter(shares))]
    return words.listed(f"{titles[fund]} {words.amount(share)}" for fund, share in shares.items())


def _facts(clause: Clause, words: Phrases) -> Iterator[str]:
    """The derived facts behind a clause, each with its definition; those that a reading picks stand for themselves."""
    policy = words.policy
    refs = refs_behind((*parts_read(clause), clause.once), policy.facts)
    named = set(refs_in(parts_read(clause)))
    for ref in refs:
        fact = policy.facts.get(ref)
        if fact is not None and (ref in named or not isinstance(fact.how, SameAs)):
            yield definition(fact, words)


def reading_words(name: str, words: Phrases) -> str:
    """A question that the document leaves open and the answer in force."""
    reading = words.policy.readings[name]
    title, option = reading.title.say(words.lang), reading.says[reading.value].say(words.lang)
    return words.say(f"{title}：{option}", f"{title}: {option}") + f" [{name}={reading.value}]"
